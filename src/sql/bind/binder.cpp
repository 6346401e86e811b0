#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "row_order.hpp"
#include "rules/rules.hpp"

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

bool upserts(const Statement& statement) {
  const auto* insert = std::get_if<Insert>(&statement.node);
  return insert && insert->on_conflict && insert->on_conflict->update;
}

}  // namespace

Binder::Binder(const Context& context, std::span<const model::Oid> declared, std::uint32_t highest_parameter)
    : context_(context), parameters_(std::max<std::size_t>(highest_parameter, declared.size())), parameter_positions_(parameters_.size(), kNowhere) {
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (declared[i] != 0) parameters_[i] = {declared[i]};
  }
}

namespace {

bool is_made_of_rows(const Expression& expression) {
  bool alone = !std::holds_alternative<FunctionCall>(expression.node);  // an aggregate, or a window function
  for_each_child(expression, [&](const Expression& child) { alone = alone && is_made_of_rows(child); }, [](const Query&) {});
  return alone;
}

}  // namespace

/// The name of the table whose row numbers the query gives from now on; empty: its rows are not those of one table.
std::string Binder::append_row_key(Query& query, Output& output) const {
  auto* select = std::get_if<Select>(&query.body);
  if (!select || select->from.size() != 1 || select->distinct != Select::Distinct::none || !select->group_by.empty() || select->having) return {};
  const auto* reference = std::get_if<TableReference>(&select->from.front().node);
  const plan::Table* table = reference ? reference->relation.table : nullptr;
  if (!table || !rules::has_row_number(*table)) return {};
  const auto plain = [](const ResultColumn& target) { return is_made_of_rows(target.expression); };
  const auto plain_order = [](const OrderItem& item) { return is_made_of_rows(item.expression); };
  if (!std::ranges::all_of(select->targets, plain) || !std::ranges::all_of(query.order_by, plain_order)) return {};
  Expression number = rules::row_number(reference->alias.name);
  output.push_back({.name = {}, .type = number.type, .form = number.form, .collation = {}, .printed = {}});
  select->targets.push_back({std::move(number), {}});
  return table->name;
}

namespace {

/// Whether a foreign key of one of these tables, or to one of them, waits for COMMIT.
bool waits_for_commit(const plan::Schema& schema, const std::set<std::string, std::less<>>& names) {
  const auto concerns = [&](const auto& entry) {
    const plan::Table& table = entry.second;
    return std::ranges::any_of(table.foreign_keys, [&](const plan::ForeignKey& key) {
      return key.initially_deferred && (names.contains(table.name) || names.contains(key.target_table));
    });
  };
  return std::ranges::any_of(schema.tables, concerns) || std::ranges::any_of(schema.temporary, concerns);
}

}  // namespace

Result<Translated> Binder::statement(Statement& statement, Kind kind) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!model::find_type(parameters_[i].oid)) {
      constexpr model::Oid kFirstUnassigned = 10'000;
      if (parameters_[i].oid >= kFirstUnassigned) return refuse("XX000"_state, "cache lookup failed for type " + std::to_string(parameters_[i].oid), kNowhere);
      return unsupported("parameter $" + std::to_string(i + 1) + " of type " + std::to_string(parameters_[i].oid), kNowhere);
    }
  }
  Translated result{.kind = kind};
  Result<Output> output = Output{};
  if (auto* query = std::get_if<Query>(&statement.node)) {
    const RowOrder order = row_order(*query, *context_.schema);
    CROSSFADE_TRY(QueryShape shape, bind_query(*query, nullptr, Place::top));
    result.ordered = shape.ordered;
    result.ordered_totally = shape.ordered_totally;
    result.order_columns = std::move(shape.order_columns);
    result.order_open = order.open;
    result.cut = order.cut && !shape.ordered_totally;
    result.limit = order.limit;
    result.limit_parameter = order.limit_parameter;
    result.open_columns = std::move(open_columns_);
    result.adds_reals = adds_reals_;
    output = std::move(shape.output);
    for (std::size_t i = 0; i < output->size(); ++i) {
      if (std::holds_alternative<Values>(query->body)) continue;
      const auto element = model::element_of((*output)[i].type);
      if (element && is_object(element->oid)) name_items(*query, i);
      if (!is_object((*output)[i].type.oid)) continue;
      CROSSFADE_CHECK(form_output(*query, i, plan::runtime_form({model::oid::text})));
      (*output)[i].form = plan::runtime_form({model::oid::text});
    }
    if (context_.row_key) result.keyed_table = append_row_key(*query, *output);
  } else if (auto* insert = std::get_if<Insert>(&statement.node)) {
    output = bind_insert(*insert);
    result.upserts = upserts(statement);
  } else if (auto* update = std::get_if<Update>(&statement.node)) {
    output = bind_update(*update);
  } else if (auto* removal = std::get_if<Delete>(&statement.node)) {
    output = bind_delete(*removal);
  }
  if (!output) return std::unexpected(output.error());
  CROSSFADE_CHECK(check_parameters(result));
  CROSSFADE_CHECK(check_steps(statement));
  number_parameters(statement, result.slots, result.step_rows);
  for (auto& [step, serial_sequence, serial_table] : steps_) {
    ChangeStep made{.upserts = upserts(step), .serial_sequence = serial_sequence, .serial_table = serial_table};
    number_parameters(step, made.slots, made.rows);
    CROSSFADE_TRY(std::vector<std::string> texts, print(step, context_.target));
    made.text = std::move(texts.front());
    result.steps.push_back(std::move(made));
  }
  CROSSFADE_TRY(result.constants, fixed_parts(statement));
  result.columns = output_columns(*output);
  result.rows_without_columns = output->empty() && std::holds_alternative<Query>(statement.node);
  result.tables.assign(tables_.begin(), tables_.end());
  result.notices = notices_;
  result.writes = locks_ || !steps_.empty() || !std::holds_alternative<Query>(statement.node);
  result.checked_late = result.writes && waits_for_commit(*context_.schema, tables_);
  result.temporary = temporary_;
  result.serial_sequence = serial_sequence_;
  result.serial_table = serial_table_;
  result.writes_temporary = changes_temporary(statement);
  result.volatile_functions = volatile_ || of_session_;
  return result;
}

}  // namespace crossfade::sql
