#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr const char* kExpand = "_pg_expandarray";

std::string field_name(std::string_view column, std::string_view field) { return std::string{column} + kFieldMark + std::string{field}; }

bool expands(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  return call && call->schema == "information_schema" && call->name == kExpand;
}

/// The calls in an expression.
void find_calls(Expression& expression, std::vector<Expression*>& found) {
  if (expands(expression)) found.push_back(&expression);
  else for_each_child(expression, [&](Expression& child) { find_calls(child, found); }, [](Query&) {});
}

/// (f(a)).n by the column of the rows of f(a).
void name_fields(Expression& expression, const std::string& rows) {
  const auto* selection = std::get_if<FieldSelection>(&expression.node);
  if (selection && expands(*selection->base)) {
    expression.node = ColumnReference{{}, rows, selection->field};
    return;
  }
  for_each_child(expression, [&](Expression& child) { name_fields(child, rows); }, [](Query&) {});
}

const ColumnReference* only_column(const Expression& call) {
  const auto& arguments = std::get<FunctionCall>(call.node).arguments;
  return arguments.size() == 1 ? std::get_if<ColumnReference>(&arguments.front().node) : nullptr;
}

}  // namespace

bool Binder::expands_array(const Expression& expression) { return expands(expression); }

/// information_schema._pg_expandarray(array): its elements as x, their places from 1 as n.
Result<std::vector<Visible>> Binder::bind_expand_array(FunctionReference& reference, Position position, Scope& scope) {
  if (reference.ordinality) return unsupported("WITH ORDINALITY of _pg_expandarray", position);
  auto& call = std::get<FunctionCall>(reference.call.node);
  call.schema.clear();
  call.name = "unnest";
  reference.ordinality = true;
  if (reference.alias.name.empty()) reference.alias.name = kExpand;
  for (const std::string name : {"x", "n"}) {
    const std::size_t place = name == "x" ? 0 : 1;
    if (reference.alias.columns.size() == place) reference.alias.columns.push_back(name);
  }
  return bind_unnest(reference, position, scope, oid::int4);
}

/// SELECT (f(a)).n, f(a) AS k FROM t is SELECT u.n, u.x AS k.x, u.n AS k.n FROM t, f(a) AS u: the calls of a row go along together.
/// How many columns that makes visible.
Result<std::size_t> Binder::expand_array_targets(Select& select, Place place) {
  std::vector<Expression*> calls;
  for (ResultColumn& target : select.targets) find_calls(target.expression, calls);
  if (calls.empty()) return 0;
  const Position position = calls.front()->position;
  const ColumnReference* column = only_column(*calls.front());
  const bool together = std::ranges::all_of(calls, [&](const Expression* call) {
    const ColumnReference* own = only_column(*call);
    return calls.size() == 1 || (own && column && own->table == column->table && own->name == column->name);
  });
  const bool plain = select.group_by.empty() && !select.having && select.distinct != Select::Distinct::on && select.windows.empty();
  if (!together || !plain) return unsupported("_pg_expandarray in this place", position, "FROM information_schema._pg_expandarray(…) works.");
  const std::string rows = unique_printed("expand_of");
  FunctionReference function{.call = *calls.front(), .alias = {rows, {}}};
  std::vector<ResultColumn> targets;
  for (ResultColumn& target : select.targets) {
    if (!expands(target.expression)) {
      if (target.alias.empty() && !std::holds_alternative<Star>(target.expression.node)) target.alias = result_name(target.expression);
      name_fields(target.expression, rows);
      targets.push_back(std::move(target));
      continue;
    }
    if (place != Place::subquery) return unsupported("a row as a value", position);
    const std::string name = target.alias.empty() ? kExpand : target.alias;
    for (const char* field : {"x", "n"}) targets.push_back({{ColumnReference{{}, rows, field}, position}, field_name(name, field)});
  }
  select.targets = std::move(targets);
  calls.clear();
  for (ResultColumn& target : select.targets) find_calls(target.expression, calls);
  if (!calls.empty()) return unsupported("a row as a value", position);
  select.from.push_back({std::move(function), position});
  return 2;
}

/// (t.k).n, where k is a column of rows in a derived table.
Result<void> Binder::bind_field(Expression& expression, const Scope& scope) {
  const FieldSelection selection = std::move(std::get<FieldSelection>(expression.node));
  const auto* column = std::get_if<ColumnReference>(&selection.base.get()->node);
  if (column && column->table.empty() && !selection.field.empty() && !find_column(scope, *column, expression.position)) {
    const auto columns = expand_star(scope, Star{{}, column->name}, expression.position);  // (t).a
    const std::string relation = column->name;
    const bool row = columns && std::ranges::any_of(*columns, [&](const Visible& each) { return !each.name.contains(kFieldMark); });
    if (row && std::ranges::none_of(*columns, [&](const Visible& each) { return each.name == selection.field; })) {
      return refuse("42703"_state, "column \"" + selection.field + "\" not found in data type " + relation, expression.position);
    }
    if (row) {
      CROSSFADE_TRY(expression, find_column(scope, ColumnReference{{}, relation, selection.field, {}, {}, nullptr}, expression.position));
      return {};
    }
  }
  if (!column || !is_row_column(*column, scope)) return unsupported("selecting a field of a composite value", expression.position);
  ColumnReference field = *column;
  field.name = field_name(column->name, selection.field);
  auto found = find_column(scope, field, expression.position);
  if (!found) return refuse("42703"_state, "could not identify column \"" + selection.field + "\" in record data type", expression.position);
  expression = *std::move(found);
  return {};
}

bool Binder::is_row_column(const ColumnReference& column, const Scope& scope) {
  ColumnReference first = column;
  first.name = field_name(column.name, "x");
  return find_column(scope, first, kNowhere).has_value();
}

}  // namespace crossfade::sql
