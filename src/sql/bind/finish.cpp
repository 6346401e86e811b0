#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// Calls `visit` for every expression of a statement, however deep.
template <class Visit>
class EveryExpression {
 public:
  explicit EveryExpression(Visit& visit) : visit_(visit) {}

  void expression(Expression& expression) {
    visit_(expression);
    for_each_child(expression, [this](Expression& child) { this->expression(child); }, [this](Query& query) { this->query(query); });
  }
  void query(Query& query) {
    for_each_in_query(query, [this](Expression& each) { expression(each); }, [this](Query& each) { this->query(each); },
                      [this](Statement& each) { statement(each); });
  }
  void statement(Statement& statement) {
    std::visit([this](auto& node) {
      using N = std::remove_cvref_t<decltype(node)>;
      if constexpr (std::is_same_v<N, Query>) query(node);
      if constexpr (std::is_same_v<N, Insert>) insert(node);
      if constexpr (std::is_same_v<N, Update>) change(node, node.from, node.assignments);
      if constexpr (std::is_same_v<N, Delete>) change(node, node.using_, {});
    }, statement.node);
  }

 private:
  void with(Box<With>& with) {
    if (with) for (CommonTable& table : with->tables) statement(*table.statement);
  }
  void insert(Insert& node) {
    with(node.with);
    if (node.source) query(*node.source);
    if (node.on_conflict) {
      for (Assignment& assignment : node.on_conflict->assignments) expression(assignment.value);
      if (node.on_conflict->where) expression(*node.on_conflict->where);
    }
    for (ResultColumn& column : node.returning) expression(column.expression);
  }
  template <class N>
  void change(N& node, std::vector<FromItem>& from, std::span<Assignment> assignments) {
    with(node.with);
    for (Assignment& assignment : assignments) expression(assignment.value);
    auto on_expression = [this](Expression& each) { expression(each); };
    auto on_query = [this](Query& each) { query(each); };
    for (FromItem& item : from) for_each_in_from(item, on_expression, on_query);
    if (node.where) expression(*node.where);
    for (ResultColumn& column : node.returning) expression(column.expression);
  }

  Visit& visit_;
};

}  // namespace

/// Each use of a parameter in one type and form gets the slot of that form. An object (regclass …) is bound as a text, its number or its
/// name, that the catalog reads when the statement runs.
void Binder::number_parameters(Statement& statement, std::vector<BindSlot>& slots, std::vector<std::size_t>& rows) {
  std::vector<Parameter*> packed;
  auto number = [&](Expression& expression) {
    auto* parameter = std::get_if<Parameter>(&expression.node);
    if (!parameter || parameter->slot != 0) return;
    if (parameter->step > 0) return packed.push_back(parameter);
    const model::Type type = parameters_[parameter->number - 1U], text{oid::text};
    const bool object = is_object(type.oid), label = model::enumeration_of(type).has_value();
    const auto index = static_cast<std::uint16_t>(parameter->number - 1);
    const BindSlot wanted = object ? BindSlot{index, text, plan::runtime_form(text)} : BindSlot{index, type, expression.form};
    const auto same = [&](const BindSlot& slot) { return slot.parameter == wanted.parameter && slot.form == wanted.form; };
    auto found = std::ranges::find_if(slots, same);
    if (found == slots.end()) found = slots.insert(found, wanted);
    parameter->slot = static_cast<std::uint16_t>(found - slots.begin() + 1);
    if (label) {
      const model::Oid enumeration = *model::enumeration_of(type);
      const plan::NamedType* named = context_.schema->find_named_type(enumeration);
      RawCall checked{model::element_of(type) ? "crossfade_enums_in" : "crossfade_enum_in",
                      {expression, text_argument(std::string{type_name(enumeration)}), text_argument(named ? named->label_list() : "")}};
      expression.node = std::move(checked);
    }
    if (!object) return;
    RawCall call{"crossfade_reg_in", {}};
    call.arguments.push_back(expression);
    call.arguments.push_back(text_argument(model::format_type(type)));
    call.arguments.push_back(constant(std::int64_t{0}, {oid::int4}));
    expression.node = std::move(call);
  };
  EveryExpression every{number};
  every.statement(statement);
  for (Parameter* parameter : packed) {
    const auto known = std::ranges::find(rows, parameter->step - 1U);
    parameter->slot = static_cast<std::uint16_t>(slots.size() + static_cast<std::size_t>(known - rows.begin()) + 1);
    if (known == rows.end()) rows.push_back(parameter->step - 1U);
  }
}

Result<void> Binder::check_parameters(Translated& result) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].oid != oid::unknown) continue;
    return refuse("42P18"_state, "could not determine data type of parameter $" + std::to_string(i + 1), parameter_positions_[i]);
  }
  result.parameters = parameters_;
  return {};
}

std::vector<OutputColumn> Binder::output_columns(const Output& output) const {
  std::vector<OutputColumn> columns;
  for (const OutputItem& item : output) {
    OutputColumn column{.name = item.name, .type = item.type, .form = item.form};
    for (const std::string& name : tables_) {
      const auto among = [&](const plan::Table* each) {
        return each && item.column >= each->columns.data() && item.column < each->columns.data() + each->columns.size();
      };
      const plan::Table* table = item.column ? context_.schema->find(name) : nullptr;
      if (table && table->temporary && !among(table)) table = context_.schema->find("public", name);
      if (!among(table)) continue;
      column.table_oid = table->oid;
      column.attribute = static_cast<std::int16_t>(item.column - table->columns.data() + 1);
      column.table = table->name;
      column.column = item.column->name;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace crossfade::sql
