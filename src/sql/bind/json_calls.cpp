#include <algorithm>
#include <array>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

struct JsonCall { std::string_view name; model::Oid result; enum class Makes : std::uint8_t { value, object, array, all, all_pairs } makes; };
constexpr std::array kJsonCalls{
    JsonCall{"to_json", oid::json, JsonCall::Makes::value},           JsonCall{"to_jsonb", oid::jsonb, JsonCall::Makes::value},
    JsonCall{"row_to_json", oid::json, JsonCall::Makes::value},       JsonCall{"array_to_json", oid::json, JsonCall::Makes::value},
    JsonCall{"json_build_object", oid::json, JsonCall::Makes::object}, JsonCall{"jsonb_build_object", oid::jsonb, JsonCall::Makes::object},
    JsonCall{"json_build_array", oid::json, JsonCall::Makes::array},   JsonCall{"jsonb_build_array", oid::jsonb, JsonCall::Makes::array},
    JsonCall{"json_agg", oid::json, JsonCall::Makes::all},             JsonCall{"jsonb_agg", oid::jsonb, JsonCall::Makes::all},
    JsonCall{"json_object_agg", oid::json, JsonCall::Makes::all_pairs}, JsonCall{"jsonb_object_agg", oid::jsonb, JsonCall::Makes::all_pairs},
};

Expression json_text(Node node, Position position) { return {std::move(node), position, {oid::text}, plan::runtime_form({oid::text})}; }

/// The JSON text as a value of json, or in jsonb's normal form.
Expression made_json(Expression text, model::Oid type, Position position) {
  if (type == oid::jsonb) text = json_text(RawCall{"crossfade_normal_json", {Expression{text}}}, position);
  text.type = {type};
  text.form = plan::runtime_form(text.type);
  text.position = position;
  return text;
}

}  // namespace

namespace {

/// An object of keys and values by turns; of more than a call of SQLite's takes, which is 127, in pieces that are joined.
Expression json_members(std::string between, std::string colon, Expressions pairs, Position position) {
  constexpr std::size_t kMost = 120;
  const auto piece = [&](std::size_t from) {
    RawCall object{"crossfade_json_members", {text_argument(between), text_argument(colon)}};
    for (std::size_t i = from; i < std::min(from + kMost, pairs.size()); ++i) object.arguments.push_back(std::move(pairs[i]));
    return json_text(std::move(object), position);
  };
  if (pairs.size() <= kMost) return piece(0);
  RawCall joined{"crossfade_json_joined", {text_argument(between)}};
  for (std::size_t i = 0; i < pairs.size(); i += kMost) joined.arguments.push_back(piece(i));
  return json_text(std::move(joined), position);
}

}  // namespace

/// A bound value as a JSON text; SQL's NULL is json's. ROW(…) has f1, f2 …
Result<Expression> Binder::as_json(Expression value) {
  if (auto* row = std::get_if<RowConstructor>(&value.node)) {
    Expressions pairs;
    for (Expression& field : row->fields) {
      pairs.push_back(text_argument("f" + std::to_string(pairs.size() / 2 + 1)));
      CROSSFADE_TRY(Expression text, as_json(std::move(field)));
      pairs.push_back(std::move(text));
    }
    return json_members(",", ":", std::move(pairs), value.position);
  }
  CROSSFADE_CHECK(settle(value));
  CROSSFADE_CHECK(name_objects(value));
  pad(value, oid::text);
  if (!model::find_type(value.type.oid)) return unsupported("JSON of this value", value.position);
  const Position position = value.position;
  to_runtime(value);
  const std::string type = run_time_name({value.type.oid});
  return json_text(RawCall{"crossfade_to_json", {std::move(value), text_argument(type)}}, position);
}

namespace {

bool is_scalar(const Expression& bound) {
  return !std::holds_alternative<RowConstructor>(bound.node) && !model::element_of(bound.type) && bound.type.oid != oid::json && bound.type.oid != oid::jsonb;
}

/// Of a key that is none: when a row gets there.
Expression no_key(Position position) {
  return json_text(RawCall{"crossfade_fail", {text_argument("22023"), text_argument("key value must be scalar, not array, composite, or json")}}, position);
}

/// A table's row has the table's names, also where FROM t AS x(a, b) gives others.
void own_names(std::vector<Visible>& columns, const Scope& scope, std::string_view alias) {
  for (const Scope* at = &scope; at; at = at->outer) {
    const auto found = std::ranges::find(at->relations, alias, [](const RelationPointer& relation) -> std::string_view { return relation->alias; });
    if (found == at->relations.end()) continue;
    const plan::Table* table = (*found)->table;
    for (std::size_t i = 0; table && i < columns.size() && i < table->columns.size(); ++i) columns[i].name = table->columns[i].name;
    return;
  }
}

}  // namespace

/// t or t.*, where t is a relation: {"a":1,"b":"x"} of its columns; nullopt for any other expression.
Result<std::optional<Expression>> Binder::whole_row_json(const Expression& expression, const Scope& scope) {
  std::vector<Visible> columns;
  if (const auto* name = std::get_if<ColumnReference>(&expression.node); name && name->table.empty()) {
    if (find_column(scope, *name, expression.position)) return std::optional<Expression>{};
    auto all = expand_star(scope, Star{{}, name->name}, expression.position);
    if (!all) return std::optional<Expression>{};
    columns = std::move(*all);
    own_names(columns, scope, name->name);
  } else if (const auto* star = std::get_if<Star>(&expression.node); star && !star->table.empty()) {
    CROSSFADE_TRY(columns, expand_star(scope, *star, expression.position));
    own_names(columns, scope, star->table);
  } else {
    return std::optional<Expression>{};
  }
  Expressions pairs;
  for (Visible& column : columns) {
    pairs.push_back(text_argument(column.name));
    CROSSFADE_TRY(Expression value, as_json(std::move(column.expression)));
    pairs.push_back(std::move(value));
  }
  return std::optional{json_members(",", ":", std::move(pairs), expression.position)};
}

/// A scalar as a key: what JSON says of it, without its quotes.
Result<Expression> Binder::key_text(Expression argument) {
  const bool moment = argument.type.oid == oid::timestamp || argument.type.oid == oid::timestamptz;
  if (moment) {
    to_runtime(argument);
    const Position position = argument.position;
    CROSSFADE_TRY(Expression said, as_json(argument));
    return json_text(Template{"CASE WHEN $1 IS NOT NULL THEN trim($2, '\"') END", {std::move(argument), std::move(said)}}, position);
  }
  pad(argument, oid::text);
  CROSSFADE_CHECK(coerce(argument, {oid::text}, CastContext::explicit_));
  to_runtime(argument);
  return argument;
}

Result<bool> Binder::bind_json_call(Expression& expression, Scope& scope, Clause clause) {
  const auto* row = std::ranges::find(kJsonCalls, std::get<FunctionCall>(expression.node).name, &JsonCall::name);
  if (row == kJsonCalls.end()) return false;
  FunctionCall call = std::move(std::get<FunctionCall>(expression.node));
  const Position position = expression.position;
  const bool aggregate = row->makes == JsonCall::Makes::all || row->makes == JsonCall::Makes::all_pairs;
  const auto none_of = [&](std::string_view name, bool fits) { return call.name == name && call.arguments.size() <= 2 && !fits; };
  const auto wrong_count = [&] { return refuse("42883"_state, "function " + call.name + "() does not exist", position); };
  if (call.variadic) return unsupported("VARIADIC", position);
  if (!aggregate && (call.over || call.filter || call.distinct || !call.order_by.empty())) {
    return refuse("42809"_state, call.name + " is not an aggregate function", position);
  }
  if (aggregate) CROSSFADE_CHECK(check_aggregate_place(call, position, clause));
  Expressions values;
  bool whole_rows = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    Expression& argument = call.arguments[i];
    CROSSFADE_TRY(auto whole, whole_row_json(argument, scope));
    const bool key = (row->makes == JsonCall::Makes::object || row->makes == JsonCall::Makes::all_pairs) && i % 2 == 0;
    if (!whole) CROSSFADE_CHECK(bind(argument, scope, aggregate ? Clause::aggregate : clause));
    if (key && (whole || !is_scalar(argument))) {
      values.push_back(no_key(argument.position));
      continue;
    }
    if (whole) {
      whole_rows = true;
      values.push_back(*std::move(whole));
      continue;
    }
    if (key) {
      CROSSFADE_TRY(Expression text, key_text(std::move(argument)));
      values.push_back(std::move(text));
      continue;
    }
    whole_rows = whole_rows || std::holds_alternative<RowConstructor>(argument.node);
    if (row->makes == JsonCall::Makes::value && i == 0 && argument.type.oid == oid::unknown)
      return refuse("42804"_state, "could not determine polymorphic type because input has type unknown", kNowhere);
    if (!aggregate) CROSSFADE_CHECK(any_takes(argument));
    if (row->makes == JsonCall::Makes::value && i > 0) {  // its flag stays as it is
      values.push_back(argument);
      continue;
    }
    CROSSFADE_TRY(Expression value, as_json(argument));
    values.push_back(std::move(value));
  }
  const bool jsonb = row->result == oid::jsonb;
  switch (row->makes) {
    case JsonCall::Makes::value: {
      if (values.empty()) return wrong_count();
      const Expression& given = call.arguments.front();
      const bool unlike = none_of("row_to_json", whole_rows) || none_of("array_to_json", model::element_of(given.type).has_value());
      if (unlike) return no_function(call, position);
      if (values.size() == 2 && call.name == "array_to_json") {
        Expression& array = call.arguments.front();
        Expression& pretty = call.arguments[1];
        CROSSFADE_CHECK(coerce(pretty, {oid::boolean}, CastContext::implicit));
        to_runtime(pretty);
        CROSSFADE_CHECK(name_objects(array));
        to_runtime(array);
        const std::string type = run_time_name({array.type.oid});
        Template made{"CASE WHEN $2 AND $1 IS NOT NULL THEN crossfade_json_array_pretty($1, $3) WHEN $2 IS NOT NULL AND $1 IS NOT NULL THEN crossfade_to_json($1, $3) END",
                      {std::move(array), std::move(pretty), text_argument(type)}};
        expression = made_json(json_text(std::move(made), position), row->result, position);
        return true;
      }
      if (values.size() > 1) return unsupported(call.name + " with a second argument", position);
      Expression made = std::move(values.front());
      if (!whole_rows) {  // NULL stays NULL
        Template guarded{"CASE WHEN $1 IS NOT NULL THEN $2 END", {std::get<RawCall>(made.node).arguments.front(), made}};
        made = json_text(std::move(guarded), position);
      }
      expression = made_json(std::move(made), row->result, position);
      return true;
    }
    case JsonCall::Makes::object: {
      if (values.size() % 2 != 0) {
        return refuse("22023"_state, "argument list must have even number of elements", kNowhere,
                      "The arguments of " + call.name + "() must consist of alternating keys and values.");
      }
      expression = made_json(json_members(", ", " : ", std::move(values), position), row->result, position);
      return true;
    }
    case JsonCall::Makes::array:
      expression = made_json(json_text(RawCall{"crossfade_json_array", std::move(values)}, position), row->result, position);
      return true;
    case JsonCall::Makes::all:
    case JsonCall::Makes::all_pairs: break;
  }
  const bool pairs = row->makes == JsonCall::Makes::all_pairs;
  if (values.size() != (pairs ? 2U : 1U)) return wrong_count();
  const bool unique = call.distinct && !call.over;
  if (unique && (pairs || whole_rows)) return unsupported("DISTINCT in " + call.name, position);
  Expression item = std::move(values.front());
  if (pairs) item = json_text(RawCall{"crossfade_json_pair", {text_argument(jsonb ? ": " : " : "), std::move(item), std::move(values[1])}}, position);
  DistinctOrder distinct{call, unique};
  if (unique) {
    Expression& key = call.arguments.front();
    CROSSFADE_CHECK(settle(key));
    CROSSFADE_CHECK(has_comparison(key, Need::equality));
    CROSSFADE_CHECK(sortable(key, call.name));
    pad(key, oid::bpchar);
    to_runtime(key);
  }
  CROSSFADE_CHECK(bind_aggregate_order(call, scope, distinct));
  if (unique) {
    distinct.go_on_with_arguments(call);
    call.distinct = false;
  }
  if (call.filter) {
    CROSSFADE_CHECK(bind(*call.filter, scope, Clause::filter));
    CROSSFADE_CHECK(require_boolean(*call.filter, "FILTER"));
  }
  if (call.over && !call.order_by.empty()) return refuse("0A000"_state, "aggregate ORDER BY is not implemented for window functions", position);
  const bool composite = whole_rows || (!pairs && model::element_of(call.arguments.front().type));
  Expression separator = text_argument(", ");
  if (composite && !jsonb && !pairs) {  // an array or a row begins a line, a NULL does not
    separator = json_text(Template{"CASE $1 WHEN 'null' THEN ', ' ELSE $2 END", {Expression{item}, text_argument(", \n ")}}, position);
  }
  call.arguments.clear();
  call.arguments.push_back(std::move(item));
  call.arguments.push_back(std::move(separator));
  if (call.order_by.empty()) {
    call.name = "group_concat";
  } else {
    call.name = "crossfade_string_agg";
    call.arguments.push_back(text_argument((unique ? "u" : "") + order_text(call.order_by)));
    for (OrderItem& order : call.order_by) call.arguments.push_back(std::move(order.expression));
    call.order_by.clear();
  }
  if (call.over.get() != nullptr) {
    CROSSFADE_CHECK(bind_window(call, scope, clause));
  } else {
    CROSSFADE_CHECK(note_aggregate(call, scope, position));
  }
  const std::string text = pairs ? (jsonb ? "'{' || $1 || '}'" : "'{ ' || $1 || ' }'") : "'[' || $1 || ']'";
  expression = made_json(json_text(Template{text, {json_text(std::move(call), position)}}, position), row->result, position);
  return true;
}

Result<void> Binder::name_objects(Expression& expression) {
  const auto element = model::element_of(expression.type);
  if (is_object(element ? element->oid : expression.type.oid))
    return cast_known(expression, element ? *model::array_of({oid::text}) : model::Type{oid::text}, CastContext::explicit_);
  return {};
}

/// format(…) and others that take anything, by its output text: a boolean is "t" there.
Result<void> Binder::bind_text_call(Expression& expression, std::string name) {
  FunctionCall call = std::move(std::get<FunctionCall>(expression.node));
  for (Expression& argument : call.arguments) {
    if (name == "crossfade_format" && &argument != &call.arguments.front()) CROSSFADE_CHECK(any_takes(argument));
    if (argument.type.oid == oid::boolean) {
      to_runtime(argument);
      argument = json_text(Template{"CASE $1 WHEN 1 THEN 't' WHEN 0 THEN 'f' END", {Expression{argument}}}, argument.position);
    }
    pad(argument, oid::text);
    CROSSFADE_CHECK(coerce(argument, {oid::text}, CastContext::explicit_));
    to_runtime(argument);
  }
  expression = json_text(RawCall{std::move(name), std::move(call.arguments)}, expression.position);
  return {};
}

}  // namespace crossfade::sql
