#include <algorithm>

#include "bind/binder.hpp"
#include "bind/functions.hpp"
#include "bind/query_rewrites.hpp"
#include "bind/walk.hpp"
#include "crossfade/sql/catalog.hpp"

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

bool unnests_one(const Expression& expression) {
  const auto& call = std::get<FunctionCall>(expression.node);
  return call.name == "unnest" && call.arguments.size() == 1;
}

bool gives_rows(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  if (!call || !(call->schema.empty() || call->schema == "pg_catalog")) return false;
  return call->name == "unnest" || call->name == "generate_subscripts" || std::ranges::find(set_rules(), call->name, &SetRule::name) != set_rules().end();
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
Result<std::vector<Visible>> Binder::bind_unnest(FunctionReference& reference, Position position, Scope& scope, model::Oid place) {
  FunctionCall call = std::move(std::get<FunctionCall>(reference.call.node));
  const bool subscripts = call.name == "generate_subscripts";
  Expressions counts;  // the dimension, and whether backwards
  if (subscripts && (call.arguments.size() == 2 || call.arguments.size() == 3)) {
    counts.assign(std::make_move_iterator(call.arguments.begin() + 1), std::make_move_iterator(call.arguments.end()));
    call.arguments.resize(1);
    CROSSFADE_CHECK(bind_all(counts, scope, Clause::from));
  }
  if (call.arguments.size() != 1) return unsupported("unnest of several arrays", position);
  if (!reference.columns.empty()) {
    return refuse("42601"_state, "a column definition list is only allowed for functions returning \"record\"", position);
  }
  Expression array = std::move(call.arguments.front());
  CROSSFADE_CHECK(bind(array, scope, Clause::from));
  if (subscripts && array.type.oid == oid::unknown) return refuse("42804"_state, "could not determine polymorphic type because input has type unknown", kNowhere);
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
  relation.scalar = true;
  const bool vector = array.type.oid == kInt2Vector || array.type.oid == kOidVector;
  if (subscripts && !vector) return bind_subscripts(reference, std::move(array), std::move(counts), std::move(relation), scope, given);
  if (subscripts) add(alias, kPlace, {oid::int4});
  else add(alias, kValue, {element->oid});
  if (std::exchange(reference.ordinality, false)) add("ordinality", kPlace, {place});
  if (subscripts) {  // they count from 0
    Expression& counted = relation.columns.front().expression;
    Template from_zero{"$1 - 1", {counted}};
    counted = {std::move(from_zero), kNowhere, counted.type, counted.form};
  }
  Expression type = text_argument(run_time_name(array.type));
  RawCall unnest{"crossfade_unnest", {std::move(array), std::move(type), constant(std::int64_t{0}, {oid::int4})}};
  reference.call = {std::move(unnest), position};
  reference.alias = {relation.printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

/// generate_subscripts(a, d[, back]): from the lower bound of the dimension to the upper, or back.
Result<std::vector<Visible>> Binder::bind_subscripts(FunctionReference& reference, Expression array, Expressions counts, Relation relation, Scope& scope, const Alias& given) {
  const Position position = reference.call.position;
  CROSSFADE_CHECK(coerce(counts[0], {oid::int4}, CastContext::implicit));
  to_runtime(counts[0]);
  Template series{"crossfade_series(crossfade_array_lower($1, $2), crossfade_array_upper($1, $2))", {std::move(array), std::move(counts[0])}};
  if (counts.size() == 2) {
    CROSSFADE_CHECK(coerce(counts[1], {oid::boolean}, CastContext::implicit));
    to_runtime(counts[1]);
    series.text = "CASE WHEN $3 THEN crossfade_series(crossfade_array_upper($1, $2), crossfade_array_lower($1, $2), -1) WHEN NOT $3 THEN " + series.text + " END";
    series.arguments.push_back(std::move(counts[1]));
  }
  const auto add = [&](std::string name, std::string printed, model::Oid type) {
    Expression value = packed_field(relation, name, std::move(printed), {type}, plan::runtime_form({type}));
    relation.columns.push_back({std::move(name), std::move(value)});
  };
  add(relation.alias, "c1", oid::int4);
  if (std::exchange(reference.ordinality, false)) add("ordinality", kPlace, oid::int8);
  reference.call = packed_table({std::move(series), position}, position);
  reference.alias = {relation.printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

namespace {

const ColumnReference* unnested_column(const Expression& expression) {
  const auto& arguments = std::get<FunctionCall>(expression.node).arguments;
  return arguments.empty() ? nullptr : std::get_if<ColumnReference>(&arguments.front().node);
}

}  // namespace

namespace {

/// "CASE" or "COALESCE" around the function of rows: of their arguments not all are computed. Source: PostgreSQL 15, check_srf_call_placement.
std::string_view chooser_around_rows(const Expression& expression) {
  if (!holds_unnest(expression) || gives_rows(expression)) return {};
  if (std::holds_alternative<Case>(expression.node)) return "CASE";
  const auto* chosen = std::get_if<Choice>(&expression.node);
  if (chosen != nullptr && chosen->kind == Choice::Kind::coalesce) return "COALESCE";
  std::string_view found;
  for_each_child(expression, [&](const Expression& child) { if (found.empty()) found = chooser_around_rows(child); }, [](const Query&) {});
  return found;
}

}  // namespace

namespace {

bool reads_aggregates(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  if (call && call->over.get() == nullptr && aggregates(*call)) return true;
  bool found = false;
  for_each_child(expression, [&](const Expression& child) { found = found || reads_aggregates(child); }, [](const Query&) {});
  return found;
}

}  // namespace

/// One function of rows, in any place of a result: FROM …, LATERAL f(…).
Result<std::size_t> Binder::rows_target(Select& select) {
  ResultColumn& target = *std::ranges::find_if(select.targets, [](const ResultColumn& each) { return holds_unnest(each.expression); });
  const Position position = target.expression.position;
  if (const std::string_view chooser = chooser_around_rows(target.expression); !chooser.empty()) {
    return refuse("0A000"_state, "set-returning functions are not allowed in " + std::string{chooser}, row_giver(target.expression)->position,
                  "You might be able to move the set-returning function into a LATERAL FROM item.");
  }
  const bool plain = select.group_by.empty() && !select.having && select.distinct != Select::Distinct::on && select.windows.empty();
  if (!plain) return unsupported("a set-returning function in this place", position, "FROM …, unnest(…) AS x works.");
  if (target.alias.empty()) target.alias = result_name(target.expression);
  const std::string alias = unique_printed("unnest_of");
  Expression& giver = *row_giver(target.expression);
  const auto& call = std::get<FunctionCall>(giver.node);
  if (call.over) {
    return refuse("42809"_state, "OVER specified, but " + call.name + " is not a window function nor an aggregate function", giver.position);
  }
  const auto rule = std::ranges::find(set_rules(), call.name, &SetRule::name);
  if (rule != set_rules().end() && rule->second.type != 0) return unsupported("a function that gives rows of several columns in this place", position, "FROM … works.");
  const std::string column = rule != set_rules().end() && !rule->first.name.empty() ? std::string{rule->first.name} : alias;
  FunctionReference function{.call = std::move(giver), .alias = {alias, {}}};
  const Position place = function.call.position;
  giver = {ColumnReference{{}, alias, column}, place};
  select.from.push_back({std::move(function), place});
  return 1;
}

/// SELECT f(x) alone, where the catalog's f gives rows of one column, is SELECT f FROM f(x).
void Binder::read_from_catalog_function(Select& select) {
  if (!select.from.empty() || select.targets.size() != 1) return;
  ResultColumn& target = select.targets.front();
  const auto* call = std::get_if<FunctionCall>(&target.expression.node);
  if (!call || !(call->schema.empty() || call->schema == "pg_catalog") || call->over.get() != nullptr) return;
  const CatalogRelation* catalog = find_catalog_function(call->name);
  if (!catalog || catalog->table.columns.size() != 1) return;
  const std::string name = call->name;
  const Position position = target.expression.position;
  if (target.alias.empty()) target.alias = name;
  select.from.push_back({FunctionReference{.call = std::move(target.expression), .alias = {name, {name}}}, position});
  target.expression = {ColumnReference{{}, name, name}, position};
}

/// unnest(a), unnest(b) of one SELECT list stand beside each other as those of FROM unnest(a, b) do.
std::size_t Binder::unnest_beside(Select& select) {
  const std::string alias = unique_printed("unnest_of");
  FunctionCall all{.name = "unnest"};
  FunctionReference function{.alias = {alias, {}}};
  Position position = kNowhere;
  for (ResultColumn& target : select.targets) {
    if (!calls_unnest(target.expression)) continue;
    position = target.expression.position;
    if (target.alias.empty()) target.alias = "unnest";
    const std::string column = alias + "_" + std::to_string(all.arguments.size() + 1);
    all.arguments.push_back(std::move(std::get<FunctionCall>(target.expression.node).arguments.front()));
    function.alias.columns.push_back(column);
    target.expression = {ColumnReference{{}, alias, column}, position};
  }
  const std::size_t count = all.arguments.size();
  function.call = {std::move(all), position};
  select.from.push_back({std::move(function), position});
  return count;
}

/// Several of them stand beside each other, row by row, where they go through one column: unnest(a), generate_subscripts(a, 1).
Result<std::size_t> Binder::unnest_targets(Select& select) {
  const auto holds = [](const ResultColumn& each) { return holds_unnest(each.expression); };
  const auto is = [](const ResultColumn& each) { return calls_unnest(each.expression); };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(select.targets, holds));
  if (count == 0) return 0;
  const Position position = select.targets.front().expression.position;
  if (std::ranges::any_of(select.targets, [&](ResultColumn& each) { return holds(each) && reads_aggregates(*row_giver(each.expression)); })) {
    return unsupported("a set-returning function of an aggregate", position, "SELECT unnest(x.a) FROM (SELECT array_agg(…) AS a FROM …) AS x works.");
  }
  if (count == 1 && std::ranges::none_of(select.targets, is)) return rows_target(select);
  const auto calls = static_cast<std::size_t>(std::ranges::count_if(select.targets, is));
  const auto unnests = [&](ResultColumn& each) { return holds(each) && calls_unnest(*row_giver(each.expression)); };  // in any place of it
  bool plain = std::ranges::count_if(select.targets, unnests) == static_cast<std::ptrdiff_t>(count) && select.group_by.empty() && !select.having &&
               select.distinct != Select::Distinct::on && select.windows.empty();
  const ColumnReference* column = nullptr;
  for (ResultColumn& target : select.targets) {
    if (!plain || !holds(target) || count == 1) continue;
    const ColumnReference* own = unnested_column(*row_giver(target.expression));
    plain = own && (!column || (own->table == column->table && own->name == column->name)) && chooser_around_rows(target.expression).empty();
    column = own;
  }
  if (!plain) {
    const bool beside = count > 1 && calls == count && std::ranges::all_of(select.targets, [&](const ResultColumn& each) { return !is(each) || unnests_one(each.expression); });
    const bool alone = select.group_by.empty() && !select.having && select.distinct != Select::Distinct::on && select.windows.empty();
    if (!beside || !alone) return unsupported("unnest in this place", position, "FROM …, unnest(…) AS x works.");
    return unnest_beside(select);
  }
  std::string first;
  for (ResultColumn& target : select.targets) {
    if (!holds(target)) continue;
    Expression& giver = *row_giver(target.expression);
    if (std::get<FunctionCall>(giver.node).over) {
      return refuse("42809"_state, "OVER specified, but unnest is not a window function nor an aggregate function", giver.position);
    }
    if (target.alias.empty()) target.alias = is(target) ? std::get<FunctionCall>(giver.node).name : result_name(target.expression);
    const std::string alias = unique_printed("unnest_of");
    FunctionReference function{.call = std::move(giver), .alias = {alias, {alias}}, .ordinality = count > 1};
    if (count > 1) function.alias.columns.push_back(alias + "_place");
    const Position place = function.call.position;
    giver = {ColumnReference{{}, alias, alias}, place};
    if (holds(target)) return unsupported("several set-returning functions in one expression", place, "FROM …, unnest(…) AS x works.");
    select.from.push_back({std::move(function), place});
    if (!first.empty()) {
      Operation beside{{}, "=", Expression{ColumnReference{{}, first, first + "_place"}}, Expression{ColumnReference{{}, alias, alias + "_place"}}};
      Logical both{Logical::Kind::and_, {Expression{std::move(beside)}}};
      if (select.where) both.arguments.push_back(std::move(*select.where));
      select.where = Expression{std::move(both)};
    }
    first = alias;
  }
  return count > 1 ? 2 * count : 1;
}

bool Binder::unnests_several(const Expression& expression) {
  return calls_unnest(expression) && std::get<FunctionCall>(expression.node).name == "unnest" && std::get<FunctionCall>(expression.node).arguments.size() > 1;
}

/// unnest(a, b): a drives, with NULLs up to the longest one's length; b is read by the place of its elements, however many dimensions they have.
/// The catalogs' vectors are of one length.
Result<std::vector<Visible>> Binder::bind_unnest_several(FunctionReference& reference, Position position, Scope& scope) {
  FunctionCall call = std::move(std::get<FunctionCall>(reference.call.node));
  const Alias given = std::move(reference.alias);
  const std::string alias = given.name.empty() ? "unnest" : given.name, printed = unique_printed(alias);
  Relation relation{alias, {}, printed, {}, nullptr};
  const auto own_column = [&](const char* name, model::Type type) {
    return Expression{ColumnReference{{}, alias, name, printed, name, nullptr}, kNowhere, type, plan::runtime_form(type)};
  };
  const Expression place = own_column(kPlace, {oid::int8});
  Template same{"CASE WHEN 1", {}};
  Template longest{"max(0", {}};
  bool vectors = false;
  for (Expression& array : call.arguments) {
    CROSSFADE_CHECK(bind(array, scope, Clause::from));
    const auto element = model::element_of(array.type);
    if (!element) return unsupported("unnest of several arrays of unknown types", position);
    to_runtime(array);
    const std::string type = run_time_name(array.type), number = "$" + std::to_string(same.arguments.size() + 1);
    if (relation.columns.empty()) {
      relation.columns.push_back({"unnest", own_column(kValue, {element->oid})});
    } else {
      const bool vector = array.type.oid == kInt2Vector || array.type.oid == kOidVector;
      Template subscript{vector ? "$1 - 1" : "$1", {place}};
      RawCall flat{"crossfade_array_padded", {text_argument(type), array, constant(std::int64_t{0}, {oid::int4})}};
      Expression elements = vector ? array : Expression{std::move(flat), kNowhere, array.type, array.form};
      RawCall item{"crossfade_array_item", {text_argument(type), std::move(elements), Expression{std::move(subscript), kNowhere, {oid::int4}, plan::runtime_form({oid::int4})}}};
      relation.columns.push_back({"unnest", {std::move(item), kNowhere, {element->oid}, plan::runtime_form({element->oid})}});
      same.text += " AND crossfade_array_cardinality(" + number + ") IS crossfade_array_cardinality($1)";
    }
    vectors = vectors || array.type.oid == kInt2Vector || array.type.oid == kOidVector;
    longest.text += ", coalesce(crossfade_array_cardinality(" + number + "), 0)";
    longest.arguments.push_back(array);
    same.arguments.push_back(array);
  }
  if (reference.ordinality) relation.columns.push_back({"ordinality", place});
  reference.ordinality = false;
  same.text += " THEN $1 ELSE crossfade_fail('0A000', 'unnest of arrays of different lengths is not supported on SQLite') END";
  Expression type = text_argument(run_time_name(call.arguments.front().type));
  longest.text += ")";
  RawCall padded{"crossfade_array_padded", {type, call.arguments.front(), Expression{std::move(longest), kNowhere, {oid::int4}, plan::runtime_form({oid::int4})}}};
  Expression checked{RawText{}, position, call.arguments.front().type, plan::runtime_form(call.arguments.front().type)};
  if (vectors) checked.node = std::move(same);
  else checked.node = std::move(padded);
  reference.call = {RawCall{"crossfade_unnest", {std::move(checked), std::move(type), constant(std::int64_t{0}, {oid::int4})}}, position};
  reference.alias = {printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

}  // namespace crossfade::sql
