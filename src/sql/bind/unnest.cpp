#include <algorithm>

#include "bind/binder.hpp"
#include "bind/functions.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// Columns of the target's table-valued function.
constexpr const char* kValue = "crossfade_value";
constexpr const char* kPlace = "crossfade_place";

bool calls_unnest(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  return call && call->name == "unnest" && (call->schema.empty() || call->schema == "pg_catalog");
}

bool gives_rows(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  if (!call || !(call->schema.empty() || call->schema == "pg_catalog")) return false;
  return call->name == "unnest" || std::ranges::find(set_rules(), call->name, &SetRule::name) != set_rules().end();
}

/// The call that gives rows in an expression, itself included; nullptr for none.
Expression* row_giver(Expression& expression) {
  if (gives_rows(expression)) return &expression;
  Expression* found = nullptr;
  for_each_child(expression, [&](Expression& child) { if (!found) found = row_giver(child); }, [](Query&) {});
  return found;
}

bool holds_unnest(const Expression& expression) {
  if (gives_rows(expression)) return true;
  bool found = false;
  for_each_child(expression, [&](const Expression& child) { found = found || holds_unnest(child); }, [](const Query&) {});
  return found;
}

}  // namespace

bool Binder::is_unnest(const Expression& expression) { return calls_unnest(expression); }

/// unnest(array) [WITH ORDINALITY] [AS x(value, place)]. Its argument may name what stands before it in FROM, as in PostgreSQL.
Result<std::vector<Visible>> Binder::bind_unnest(FunctionReference& reference, Position position, Scope& scope) {
  FunctionCall call = std::move(std::get<FunctionCall>(reference.call.node));
  if (call.arguments.size() != 1) return unsupported("unnest of several arrays", position);
  if (!reference.columns.empty()) {
    return refuse("42601"_state, "a column definition list is only allowed for functions returning \"record\"", position);
  }
  Expression array = std::move(call.arguments.front());
  CROSSFADE_CHECK(bind(array, scope, Clause::from));
  if (array.type.oid == oid::unknown) {
    return refuse("42725"_state, "function unnest(unknown) is not unique", position,
                  "Could not choose a best candidate function. You might need to add explicit type casts.");
  }
  const auto element = model::element_of(array.type);
  if (!element) {
    return refuse("42883"_state, "function unnest(" + std::string{type_name(array.type.oid)} + ") does not exist", position,
                  "No function matches the given name and argument types. You might need to add explicit type casts.");
  }
  to_runtime(array);
  const Alias given = std::move(reference.alias);
  const std::string alias = given.name.empty() ? "unnest" : given.name;
  Relation relation{alias, {}, unique_printed(alias), {}, nullptr};
  const auto add = [&](std::string name, const char* printed, model::Type type) {
    Expression column{ColumnReference{{}, alias, name, relation.printed, printed, nullptr}, kNowhere, type, plan::runtime_form(type)};
    relation.columns.push_back({std::move(name), std::move(column)});
  };
  add(alias, kValue, {element->oid});
  if (std::exchange(reference.ordinality, false)) add("ordinality", kPlace, {oid::int8});
  Expression type = text_argument(model::format_type(array.type));
  RawCall unnest{"crossfade_unnest", {std::move(array), std::move(type), constant(std::int64_t{0}, {oid::int4})}};
  reference.call = {std::move(unnest), position};
  reference.alias = {relation.printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

Result<bool> Binder::unnest_targets(Select& select) {
  const auto count = std::ranges::count_if(select.targets, [](const ResultColumn& each) { return holds_unnest(each.expression); });
  if (count == 0) return false;
  const auto found = std::ranges::find_if(select.targets, [](const ResultColumn& each) { return holds_unnest(each.expression); });
  const Position position = select.targets.front().expression.position;
  const bool plain = count == 1 && found != select.targets.end() && select.group_by.empty() && !select.having &&
                     select.distinct != Select::Distinct::on && select.windows.empty();
  if (!plain) return unsupported("a set-returning function in this place", position, "FROM …, unnest(…) AS x works.");
  if (found->alias.empty()) found->alias = result_name(found->expression);
  const std::string alias = unique_printed("unnest_of");
  Expression& giver = *row_giver(found->expression);
  const auto& call = std::get<FunctionCall>(giver.node);
  const auto rule = std::ranges::find(set_rules(), call.name, &SetRule::name);
  if (rule != set_rules().end() && rule->second.type != 0) return unsupported("a function that gives rows of several columns in this place", position, "FROM … works.");
  const std::string column = rule != set_rules().end() && !rule->first.name.empty() ? std::string{rule->first.name} : alias;
  FunctionReference function{.call = std::move(giver), .alias = {alias, {}}};
  const Position place = function.call.position;
  giver = {ColumnReference{{}, alias, column}, place};
  select.from.push_back({std::move(function), place});
  return true;
}

}  // namespace crossfade::sql
