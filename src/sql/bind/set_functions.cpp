#include <algorithm>
#include <array>

#include "bind/binder.hpp"
#include "bind/overloads.hpp"
#include "bind/query_rewrites.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

using namespace model::oid;

constexpr std::array kSetRules{
    SetRule{"generate_series", {int4, int4}, {"", int4}, "crossfade_series($1, $2)"},
    SetRule{"generate_series", {int4, int4, int4}, {"", int4}, "crossfade_series($1, $2, $3)"},
    SetRule{"generate_series", {int8, int8}, {"", int8}, "crossfade_series($1, $2)"},
    SetRule{"generate_series", {int8, int8, int8}, {"", int8}, "crossfade_series($1, $2, $3)"},
    SetRule{"generate_series", {numeric, numeric}, {"", numeric}, "crossfade_series_numeric($1, $2)"},
    SetRule{"generate_series", {numeric, numeric, numeric}, {"", numeric}, "crossfade_series_numeric($1, $2, $3)"},
    SetRule{"generate_series", {timestamp, timestamp, interval}, {"", timestamp}, "crossfade_series_timestamp($1, $2, $3)"},
    SetRule{"generate_series", {timestamptz, timestamptz, interval}, {"", timestamptz}, "crossfade_series_timestamptz($1, $2, $3)"},
    SetRule{"string_to_table", {text, text}, {"", text}, "crossfade_string_to_table($1, $2)"},
    SetRule{"string_to_table", {text, text, text}, {"", text}, "crossfade_string_to_table($1, $2, $3)"},
    SetRule{"regexp_split_to_table", {text, text}, {"", text}, "crossfade_regexp_split_to_table($1, $2)"},
    SetRule{"regexp_split_to_table", {text, text, text}, {"", text}, "crossfade_regexp_split_to_table($1, $2, $3)"},
    SetRule{"regexp_matches", {text, text}, {"", kTexts}, "crossfade_regexp_matches($1, $2)"},
    SetRule{"regexp_matches", {text, text, text}, {"", kTexts}, "crossfade_regexp_matches($1, $2, $3)"},
    SetRule{"json_array_elements", {json}, {"value", json}, "crossfade_json_elements($1)"},
    SetRule{"jsonb_array_elements", {jsonb}, {"value", jsonb}, "crossfade_json_elements($1)"},
    SetRule{"json_array_elements_text", {json}, {"value", text}, "crossfade_json_elements_text($1)"},
    SetRule{"jsonb_array_elements_text", {jsonb}, {"value", text}, "crossfade_json_elements_text($1)"},
    SetRule{"json_object_keys", {json}, {"", text}, "crossfade_json_object_keys($1)"},
    SetRule{"jsonb_object_keys", {jsonb}, {"", text}, "crossfade_json_object_keys($1)"},
    SetRule{"jsonb_path_query", {jsonb, jsonpath}, {"", jsonb}, "crossfade_path_query($1, $2, '{}', 0, 0)"},
    SetRule{"jsonb_path_query", {jsonb, jsonpath, jsonb}, {"", jsonb}, "crossfade_path_query($1, $2, $3, 0, 0)"},
    SetRule{"jsonb_path_query", {jsonb, jsonpath, jsonb, boolean}, {"", jsonb}, "crossfade_path_query($1, $2, $3, $4, 0)"},
    SetRule{"jsonb_path_query_tz", {jsonb, jsonpath}, {"", jsonb}, "crossfade_path_query($1, $2, '{}', 0, 1)"},
    SetRule{"jsonb_path_query_tz", {jsonb, jsonpath, jsonb}, {"", jsonb}, "crossfade_path_query($1, $2, $3, 0, 1)"},
    SetRule{"jsonb_path_query_tz", {jsonb, jsonpath, jsonb, boolean}, {"", jsonb}, "crossfade_path_query($1, $2, $3, $4, 1)"},
    SetRule{"json_each", {json}, {"key", text}, "crossfade_json_each($1)", {"value", json}},
    SetRule{"jsonb_each", {jsonb}, {"key", text}, "crossfade_json_each($1)", {"value", jsonb}},
    SetRule{"json_each_text", {json}, {"key", text}, "crossfade_json_each_text($1)", {"value", text}},
    SetRule{"jsonb_each_text", {jsonb}, {"key", text}, "crossfade_json_each_text($1)", {"value", text}},
};

}  // namespace

std::span<const SetRule> set_rules() { return kSetRules; }

/// The packed rows of a bound expression as an item of FROM.
Expression packed_table(Expression rows, Position position) {
  RawCall table{"crossfade_rows", {}};
  table.arguments.push_back(std::move(rows));
  return {std::move(table), position};
}

Expression packed_field(const Relation& relation, std::string name, std::string printed, model::Type type, plan::StoredForm form) {
  return {ColumnReference{{}, relation.alias, std::move(name), relation.printed, std::move(printed), nullptr}, kNowhere, type, std::move(form)};
}

/// Its arguments may name what stands before it in FROM. false: another function.
Result<bool> Binder::bind_set_function(FunctionReference& reference, Position position, Scope& scope, std::vector<Visible>& columns) {
  auto* call = std::get_if<FunctionCall>(&reference.call.node);
  if (!call || !(call->schema.empty() || call->schema == "pg_catalog")) return false;
  if (std::ranges::find(set_rules(), call->name, &SetRule::name) == set_rules().end()) return false;
  if (call->variadic || call->star || call->distinct || call->over || call->filter) return false;
  CROSSFADE_CHECK(bind_all(call->arguments, scope, Clause::from));
  ArgumentTypes given;
  for (const Expression& argument : call->arguments) {
    const model::Oid type = argument.type.oid;
    given.push_back(type == varchar || type == name || type == bpchar ? text : type == int2 ? int4 : type == date ? timestamptz : type);
  }
  std::vector<const SetRule*> rules;
  std::vector<ArgumentTypes> candidates;
  for (const SetRule& rule : set_rules()) {
    if (rule.name != call->name) continue;
    rules.push_back(&rule);
    candidates.emplace_back(rule.takes.begin(), rule.takes.end());
  }
  const OverloadChoice choice = choose_overload(candidates, given);
  if (choice.outcome != OverloadChoice::Outcome::found) {
    std::string types;
    for (const Expression& argument : call->arguments) types += (types.empty() ? "" : ", ") + std::string{type_name(argument.type.oid)};
    const bool ambiguous = choice.outcome == OverloadChoice::Outcome::ambiguous;
    return refuse(ambiguous ? "42725"_state : "42883"_state, "function " + call->name + "(" + types + ") " + (ambiguous ? "is not unique" : "does not exist"), position,
                  ambiguous ? "Could not choose a best candidate function. You might need to add explicit type casts."
                            : "No function matches the given name and argument types. You might need to add explicit type casts.");
  }
  if (!reference.columns.empty()) return refuse("42601"_state, "a column definition list is only allowed for functions returning \"record\"", position);
  const SetRule& rule = *rules[choice.index];
  Template packed{std::string{rule.text}, {}};
  for (std::size_t i = 0; i < call->arguments.size(); ++i) {
    CROSSFADE_CHECK(coerce(call->arguments[i], {*(rule.takes.begin() + static_cast<std::ptrdiff_t>(i))}, CastContext::assignment));
    to_runtime(call->arguments[i]);
    packed.arguments.push_back(std::move(call->arguments[i]));
  }
  const std::string function = call->name;
  const Alias given_alias = std::move(reference.alias);
  const std::string alias = given_alias.name.empty() ? function : given_alias.name;
  Relation relation{alias, {}, unique_printed(alias), {}, nullptr};
  relation.scalar = rule.second.type == 0;
  const auto add = [&](std::string column, std::string printed, model::Oid type) {
    Expression value = packed_field(relation, column, std::move(printed), {type}, plan::runtime_form({type}));
    relation.columns.push_back({std::move(column), std::move(value)});
  };
  add(rule.first.name.empty() ? alias : std::string{rule.first.name}, "c1", rule.first.type);
  if (rule.second.type != 0) add(std::string{rule.second.name}, "c2", rule.second.type);
  if (std::exchange(reference.ordinality, false)) add("ordinality", "crossfade_place", int8);
  reference.call = packed_table({std::move(packed), position}, position);
  reference.alias = {relation.printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given_alias, position));
  columns = added->columns;
  return true;
}

/// Any other function in FROM gives one row of one column: crossfade_rows((SELECT crossfade_collect(q.v) FROM (SELECT f(x) AS v) AS q)),
/// since an aggregate of nothing but what is outside would be counted as the outer query's.
Result<std::vector<Visible>> Binder::bind_scalar_function(FunctionReference& reference, Position position, Scope& scope) {
  const std::string name = result_name(reference.call);
  Expression value = std::move(reference.call);
  CROSSFADE_CHECK(bind(value, scope, Clause::from));
  if (!reference.columns.empty()) return refuse("42601"_state, "a column definition list is only allowed for functions returning \"record\"", position);
  if (std::holds_alternative<RowConstructor>(value.node)) return unsupported("a row as a value", position);
  CROSSFADE_CHECK(settle(value));
  to_runtime(value);
  const Alias given = std::move(reference.alias);
  const std::string alias = given.name.empty() ? name : given.name;
  Relation relation{alias, {}, unique_printed(alias), {}, nullptr};
  relation.scalar = true;
  relation.columns.push_back({alias, packed_field(relation, alias, "c1", value.type, value.form)});
  if (std::exchange(reference.ordinality, false)) relation.columns.push_back({"ordinality", constant(std::int64_t{1}, {int8})});
  const std::string inner = unique_printed("value_of");
  FunctionCall collect{.name = "crossfade_collect"};
  collect.arguments.push_back({ColumnReference{{}, inner, "v", inner, "v", nullptr}, kNowhere, value.type, value.form});
  Select one, gather;
  one.targets.push_back({std::move(value), "v"});
  Query source, query;
  source.body = std::move(one);
  gather.targets.push_back({{std::move(collect), kNowhere, {bytea}, plan::runtime_form({bytea})}, {}});
  gather.from.push_back({SubqueryReference{std::move(source), {inner, {}}, false}, kNowhere});
  query.body = std::move(gather);
  Subquery row{.kind = Subquery::Kind::scalar, .query = std::move(query)};
  reference.call = packed_table({std::move(row), position, {bytea}, plan::runtime_form({bytea})}, position);
  reference.alias = {relation.printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

/// LATERAL (query): SQLite's FROM takes a function of what stands before it, so the query's rows are packed by a subquery and read back:
/// crossfade_rows((SELECT crossfade_collect(q.a, q.b) FROM (query) AS q)).
Result<std::vector<Visible>> Binder::bind_lateral(FromItem& item, Scope& scope) {
  SubqueryReference reference = std::move(std::get<SubqueryReference>(item.node));
  const Position position = reference.query->position;
  values_as_selects(*reference.query);
  Scope before{.outer = scope.outer, .relations = scope.relations, .visible = scope.visible};
  CROSSFADE_TRY(const QueryShape shape, bind_query(*reference.query, &before, Place::subquery));
  constexpr std::size_t kMost = 64;
  if (shape.output.size() > kMost) return unsupported("a LATERAL subquery of more than 64 columns", position);
  const std::string inner = unique_printed("lateral_of");
  FunctionCall collect{.name = "crossfade_collect"};
  for (const OutputItem& column : shape.output) {
    collect.arguments.push_back({ColumnReference{{}, inner, column.name, inner, column.printed, nullptr}, kNowhere, column.type, column.form});
  }
  Select gather;
  gather.targets.push_back({{std::move(collect), kNowhere, {bytea}, plan::runtime_form({bytea})}, {}});
  Query query = std::move(*reference.query);
  gather.from.push_back({SubqueryReference{std::move(query), {inner, {}}, false}, kNowhere});
  Query outer;
  outer.body = std::move(gather);
  Subquery rows{.kind = Subquery::Kind::scalar, .query = std::move(outer)};
  const std::string alias = reference.alias.name, printed = unique_printed(alias.empty() ? "subquery" : alias);
  Relation relation{alias, {}, printed, {}, nullptr};
  for (std::size_t i = 0; i < shape.output.size(); ++i) {
    const OutputItem& column = shape.output[i];
    Expression value = packed_field(relation, column.name, "c" + std::to_string(i + 1), column.type, column.form);
    relation.columns.push_back({column.name, std::move(value)});
  }
  FunctionReference function{.call = packed_table({std::move(rows), position, {bytea}, plan::runtime_form({bytea})}, position), .alias = {printed, {}}};
  item.node = std::move(function);
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), reference.alias, position));
  return added->columns;
}

}  // namespace crossfade::sql
