#include <algorithm>
#include <array>
#include <utility>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// Functions of FROM whose columns a column definition list names, or (populate) the row type of their first argument.
struct RecordFunction { std::string_view name; model::Oid takes; bool set, populates; };
constexpr std::array kRecordFunctions{
    RecordFunction{"json_to_record", oid::json, false, false},       RecordFunction{"jsonb_to_record", oid::jsonb, false, false},
    RecordFunction{"json_to_recordset", oid::json, true, false},     RecordFunction{"jsonb_to_recordset", oid::jsonb, true, false},
    RecordFunction{"json_populate_record", oid::json, false, true},  RecordFunction{"jsonb_populate_record", oid::jsonb, false, true},
    RecordFunction{"json_populate_recordset", oid::json, true, true}, RecordFunction{"jsonb_populate_recordset", oid::jsonb, true, true},
};
constexpr std::size_t kMostColumns = 60;  // a call of SQLite's takes 127 arguments, two for each

const RecordFunction* function_of(const Expression& unbound) {
  const auto* call = std::get_if<FunctionCall>(&unbound.node);
  if (!call || !(call->schema.empty() || call->schema == "pg_catalog")) return nullptr;
  const auto found = std::ranges::find(kRecordFunctions, call->name, &RecordFunction::name);
  return found == kRecordFunctions.end() ? nullptr : &*found;
}

/// Types whose values JSON's texts are read as when the function runs.
bool readable(model::Type type) {
  const auto element = model::element_of(type);
  const model::Oid of = element ? element->oid : type.oid;
  return !is_object(of) && !model::is_enumeration(of) && category_of(of) != model::Category::pseudo && of != oid::unknown;
}

}  // namespace

bool Binder::gives_record(const Expression& unbound) { return function_of(unbound) != nullptr; }

/// AS x(a integer, b text): the columns of a function that returns "record". Errors: 42701, 42704, 42P16; 0A000 for types of the user's.
Result<std::vector<std::pair<std::string, model::Type>>> Binder::defined_columns(FunctionReference& reference) {
  std::vector<std::pair<std::string, model::Type>> columns;
  for (ColumnDefinitionItem& item : reference.columns) {
    if (std::ranges::any_of(columns, [&](const auto& each) { return each.first == item.name; })) {
      return refuse("42701"_state, "column name \"" + item.name + "\" specified more than once", kNowhere);
    }
    CROSSFADE_TRY(const plan::NamedType* named, resolve_type(item.type, *context_.schema));
    if (!item.type.resolved) return refuse("42704"_state, "type \"" + item.type.name + (item.type.array_dimensions > 0 ? "[]" : "") + "\" does not exist", item.type.position);
    if (category_of(item.type.resolved->oid) == model::Category::pseudo) {
      return refuse("42P16"_state, "column \"" + item.name + "\" has pseudo-type " + std::string{type_name(item.type.resolved->oid)}, kNowhere);
    }
    if (named || !readable(*item.type.resolved)) return unsupported("a record's column of type " + item.type.name, item.type.position, "A text that is cast works.");
    columns.emplace_back(item.name, *item.type.resolved);
  }
  return columns;
}

/// NULL::t, the one row of a table's type that can be said here.
Result<std::vector<std::pair<std::string, model::Type>>> Binder::row_type_columns(const Expression& base) {
  const auto* cast = std::get_if<Cast>(&base.node);
  const auto* none = cast ? std::get_if<Literal>(&cast->argument->node) : nullptr;
  if (!none || none->kind != Literal::Kind::null || cast->type.array_dimensions > 0 || cast->type.resolved) {
    return unsupported("a row as an argument", base.position, "NULL::table works, and json_to_record with a column definition list.");
  }
  RelationName name{.schema = cast->type.schema, .name = cast->type.name, .position = cast->type.position};
  const plan::Table* table = context_.schema->find(name.schema, name.name);
  if (!table) return refuse("42704"_state, "type \"" + name.name + "\" does not exist", name.position);
  CROSSFADE_CHECK(find_table(name));
  std::vector<std::pair<std::string, model::Type>> columns;
  for (const plan::Column& column : table->columns) {
    if (!column.domain.empty() || !readable(column.type)) return unsupported("a row with a column of type " + std::string{type_name(column.type.oid)}, base.position);
    columns.emplace_back(column.name, column.type);
  }
  return columns;
}

/// json_to_record(j) AS x(a integer): crossfade_rows(crossfade_json_records('json_to_record', j, 'a', 'integer')), all columns read at once.
Result<std::vector<Visible>> Binder::bind_record_function(FunctionReference& reference, Position position, Scope& scope) {
  const RecordFunction function = *function_of(reference.call);
  FunctionCall call = std::move(std::get<FunctionCall>(reference.call.node));
  const std::size_t wanted = function.populates ? 2 : 1;
  if (call.variadic || call.star || call.distinct || call.over || call.filter) return unsupported("function " + call.name, position);
  if (call.arguments.size() != wanted) {
    CROSSFADE_CHECK(bind_all(call.arguments, scope, Clause::from));
    if (function.populates && call.arguments.size() == 3) return unsupported("function " + call.name + " with three arguments", position);
    return no_function(call, position);
  }
  std::vector<std::pair<std::string, model::Type>> columns;
  if (function.populates) {
    CROSSFADE_TRY(columns, row_type_columns(call.arguments.front()));
    if (!reference.columns.empty()) return refuse("42601"_state, "a column definition list is redundant for a function returning a named composite type", position);
  } else if (reference.columns.empty()) {
    return refuse("42601"_state, "a column definition list is required for functions returning \"record\"", position);
  } else {
    CROSSFADE_TRY(columns, defined_columns(reference));
  }
  if (columns.size() > kMostColumns) return unsupported("a record of more than 60 columns", position);
  Expression json = std::move(call.arguments.back());
  CROSSFADE_CHECK(bind(json, scope, Clause::from));
  if (json.type.oid != oid::unknown && json.type.oid != function.takes) {
    call.arguments.assign(1, std::move(json));
    return no_function(call, position);
  }
  CROSSFADE_CHECK(coerce(json, {function.takes}, CastContext::implicit));
  to_runtime(json);
  RawCall records{function.set ? "crossfade_json_recordset" : "crossfade_json_record", {text_argument(std::string{function.name}), std::move(json)}};
  const Alias given = std::move(reference.alias);
  const std::string alias = given.name.empty() ? std::string{function.name} : given.name;
  Relation relation{alias, {}, unique_printed(alias), {}, nullptr};
  for (const auto& [name, type] : columns) {
    relation.columns.push_back({name, packed_field(relation, name, "c" + std::to_string(relation.columns.size() + 1), type, plan::runtime_form(type))});
    records.arguments.push_back(text_argument(name));
    records.arguments.push_back(text_argument(run_time_name(type)));
  }
  if (std::exchange(reference.ordinality, false)) {
    if (!function.populates) return refuse("42601"_state, "WITH ORDINALITY cannot be used with a column definition list", position);
    relation.columns.push_back({"ordinality", packed_field(relation, "ordinality", "crossfade_place", {oid::int8}, plan::runtime_form({oid::int8}))});
  }
  const model::Type bytes{oid::bytea};
  reference.call = packed_table({std::move(records), position, bytes, plan::runtime_form(bytes)}, position);
  reference.columns.clear();
  reference.alias = {relation.printed, {}};
  reference.lateral = false;
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, position));
  return added->columns;
}

}  // namespace crossfade::sql
