#include "bind/binder.hpp"

#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// SELECT … FOR UPDATE writes nothing, but is refused in a READ ONLY transaction.
bool changes_temporary(const Statement& statement) {
  const auto temporary = [](const RelationName& name) { return name.table != nullptr && name.table->temporary; };
  if (const auto* insert = std::get_if<Insert>(&statement.node)) return temporary(insert->relation);
  if (const auto* update = std::get_if<Update>(&statement.node)) return temporary(update->relation.relation);
  if (const auto* removal = std::get_if<Delete>(&statement.node)) return temporary(removal->relation.relation);
  return false;
}

}  // namespace

Binder::Binder(const Context& context, std::span<const model::Oid> declared, std::uint16_t highest_parameter)
    : context_(context), parameters_(std::max<std::size_t>(highest_parameter, declared.size())), parameter_positions_(parameters_.size(), kNowhere) {
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (declared[i] != 0) parameters_[i] = {declared[i]};
  }
}

Result<Translated> Binder::statement(Statement& statement, Kind kind) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!model::find_type(parameters_[i].oid)) {
      return unsupported("parameter $" + std::to_string(i + 1) + " of type " + std::to_string(parameters_[i].oid), kNowhere);
    }
  }
  Translated result{.kind = kind};
  Result<Output> output = Output{};
  if (auto* query = std::get_if<Query>(&statement.node)) {
    CROSSFADE_TRY(QueryShape shape, bind_query(*query, nullptr, Place::top));
    result.ordered = shape.ordered;
    result.ordered_totally = shape.ordered_totally;
    output = std::move(shape.output);
  } else if (auto* insert = std::get_if<Insert>(&statement.node)) {
    output = bind_insert(*insert);
  } else if (auto* update = std::get_if<Update>(&statement.node)) {
    output = bind_update(*update);
  } else if (auto* removal = std::get_if<Delete>(&statement.node)) {
    output = bind_delete(*removal);
  }
  if (!output) return std::unexpected(output.error());
  CROSSFADE_CHECK(check_parameters(result));
  CROSSFADE_CHECK(check_steps(statement));
  number_parameters(statement, result.slots, result.step_rows);
  for (Statement& step : steps_) {
    ChangeStep made;
    number_parameters(step, made.slots, made.rows);
    CROSSFADE_TRY(std::vector<std::string> texts, print(step, context_.target));
    made.text = std::move(texts.front());
    result.steps.push_back(std::move(made));
  }
  result.columns = output_columns(*output);
  result.tables.assign(tables_.begin(), tables_.end());
  result.notices = notices_;
  result.writes = locks_ || !steps_.empty() || !std::holds_alternative<Query>(statement.node);
  result.temporary = temporary_;
  result.serial_sequence = serial_sequence_;
  result.writes_temporary = changes_temporary(statement);
  result.volatile_functions = volatile_;
  return result;
}

}  // namespace crossfade::sql
