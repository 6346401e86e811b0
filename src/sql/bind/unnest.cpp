#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// Columns of the target's table-valued function.
constexpr const char* kValue = "crossfade_value";
constexpr const char* kPlace = "crossfade_place";
constexpr model::Oid kInt2Vector = 22, kOidVector = 30;

bool calls_unnest(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  return call && (call->name == "unnest" || call->name == "generate_subscripts") && (call->schema.empty() || call->schema == "pg_catalog");
}

bool holds_unnest(const Expression& expression) {
  if (calls_unnest(expression)) return true;
  bool found = false;
  for_each_child(expression, [&](const Expression& child) { found = found || holds_unnest(child); }, [](const Query&) {});
  return found;
}

}  // namespace

bool Binder::is_unnest(const Expression& expression) { return calls_unnest(expression); }

/// unnest(array) [WITH ORDINALITY] [AS x(value, place)]. Its argument may name what stands before it in FROM, as in PostgreSQL.
Result<std::vector<Visible>> Binder::bind_unnest(FunctionReference& reference, Position position, Scope& scope) {
  FunctionCall call = std::move(std::get<FunctionCall>(reference.call.node));
  const bool subscripts = call.name == "generate_subscripts";
  if (subscripts) {
    const auto* dimension = call.arguments.size() == 2 ? std::get_if<Literal>(&call.arguments[1].node) : nullptr;
    if (!dimension || dimension->text != "1") return unsupported("generate_subscripts of another dimension than 1", position);
    call.arguments.pop_back();
  }
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
  const std::string alias = given.name.empty() ? call.name : given.name;
  Relation relation{alias, {}, unique_printed(alias), {}, nullptr};
  const auto add = [&](std::string name, const char* printed, model::Type type) {
    Expression column{ColumnReference{{}, alias, name, relation.printed, printed, nullptr}, kNowhere, type, plan::runtime_form(type)};
    relation.columns.push_back({std::move(name), std::move(column)});
  };
  if (subscripts) add(alias, kPlace, {oid::int4});
  else add(alias, kValue, {element->oid});
  if (std::exchange(reference.ordinality, false)) add("ordinality", kPlace, {oid::int8});
  const bool vector = array.type.oid == kInt2Vector || array.type.oid == kOidVector;
  if (subscripts && vector) {  // they count from 0
    Expression& place = relation.columns.front().expression;
    Template from_zero{"$1 - 1", {place}};
    place = {std::move(from_zero), kNowhere, place.type, place.form};
  }
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
  const auto found = std::ranges::find_if(select.targets, [](const ResultColumn& each) { return calls_unnest(each.expression); });
  const Position position = select.targets.front().expression.position;
  const bool plain = count == 1 && found != select.targets.end() && select.group_by.empty() && !select.having &&
                     select.distinct != Select::Distinct::on && select.windows.empty();
  if (!plain) return unsupported("unnest in this place", position, "FROM …, unnest(…) AS x works.");
  if (found->alias.empty()) found->alias = std::get<FunctionCall>(found->expression.node).name;
  const std::string alias = unique_printed("unnest_of");
  FunctionReference function{.call = std::move(found->expression), .alias = {alias, {}}};
  const Position place = function.call.position;
  found->expression = {ColumnReference{{}, alias, alias}, place};
  select.from.push_back({std::move(function), place});
  return true;
}

}  // namespace crossfade::sql
