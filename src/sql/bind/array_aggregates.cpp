#include <algorithm>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// crossfade_collect gathers the rows as they come; crossfade_array_collected sorts them and makes the array.
constexpr const char* kCollect = "crossfade_collect";
constexpr const char* kCollected = "crossfade_array_collected";
constexpr const char* kArraysCollected = "crossfade_arrays_collected";  // of arrays: one dimension more

Expression collected(const char* how, Expression rows, model::Type array, std::string spec, Position position) {
  RawCall call{how, {text_argument(run_time_name(array)), text_argument(std::move(spec)), std::move(rows)}};
  return {std::move(call), position, array, plan::runtime_form(array)};
}

std::unexpected<model::Error> no_array_of(model::Type type, Position position) {
  return refuse("42704"_state, "could not find array type for data type " + model::format_type(type), position);
}

}  // namespace

/// array_agg(x ORDER BY k): crossfade_array_collected('integer[]', 'al-', crossfade_collect(x, k)). DISTINCT: "u" before the order.
Result<void> Binder::bind_array_agg(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall call = std::move(std::get<FunctionCall>(expression.node));
  const Position position = expression.position;
  CROSSFADE_CHECK(check_aggregate_place(call, position, clause));
  CROSSFADE_CHECK(check_not_nested(call, position));
  if (call.arguments.size() != 1) return refuse("42883"_state, "function array_agg() does not exist", position);
  Expression& argument = call.arguments.front();
  DistinctOrder distinct{call, call.distinct};
  CROSSFADE_CHECK(settle(argument));
  const bool of_arrays = model::element_of(argument.type).has_value();
  const auto array = of_arrays ? std::optional{model::Type{argument.type.oid}} : model::array_of({argument.type.oid});
  if (!array) return no_array_of(argument.type, position);
  if (model::is_vector(array->oid)) return unsupported("an array of " + model::format_type(*array), position);
  pad(argument, oid::bpchar);
  to_runtime(argument);
  CROSSFADE_CHECK(bind_aggregate_order(call, scope, distinct));
  if (call.over && (call.distinct || !call.order_by.empty())) {
    return refuse("0A000"_state, call.distinct ? "DISTINCT is not implemented for window functions" : "aggregate ORDER BY is not implemented for window functions", position);
  }
  if (call.filter) {
    CROSSFADE_CHECK(bind(*call.filter, scope, Clause::filter));
    CROSSFADE_CHECK(require_boolean(*call.filter, "FILTER"));
  }
  std::string spec = order_text(call.order_by);
  if (call.distinct) {
    CROSSFADE_CHECK(has_comparison(argument, Need::equality));
    if (model::is_enumeration(argument.type.oid)) return unsupported("array_agg(DISTINCT …) of an enum", position, "Cast the value to text.");
    distinct.go_on_with_arguments(call);
    spec = "u" + order_text(call.order_by);
  }
  for (OrderItem& item : call.order_by) call.arguments.push_back(std::move(item.expression));
  call.order_by.clear();
  call.distinct = false;
  call.name = kCollect;
  if (call.over.get() != nullptr) {
    CROSSFADE_CHECK(bind_window(call, scope, clause));
  } else {
    CROSSFADE_CHECK(note_aggregate(call, scope, position));
  }
  Expression rows{std::move(call), position, {oid::bytea}, plan::runtime_form({oid::bytea})};
  expression = collected(of_arrays ? kArraysCollected : kCollected, std::move(rows), *array, std::move(spec), position);
  return {};
}

/// ARRAY(query): what it gives in the order in which it gives it; no rows are an empty array.
Result<void> Binder::bind_array_query(Expression& expression, Subquery node, const Output& output) {
  const Position position = expression.position;
  if (output.size() != 1) return refuse("42601"_state, "subquery must return only one column", position);
  const bool of_arrays = model::element_of(output.front().type).has_value();
  const auto array = of_arrays ? std::optional{model::Type{output.front().type.oid}} : model::array_of({output.front().type.oid});
  if (!array) return no_array_of(output.front().type, position);
  if (model::is_vector(array->oid)) return unsupported("an array of " + model::format_type(*array), position);
  Output named = output;
  name_output(*node.query, named);
  const std::string printed = unique_printed("array_of");
  const OutputItem& item = named.front();
  Expression value{ColumnReference{{}, printed, item.name, printed, item.printed, nullptr}, kNowhere, item.type, item.form};
  to_runtime(value);
  FunctionCall collect{.name = kCollect};
  collect.arguments.push_back(std::move(value));
  Expression rows{std::move(collect), kNowhere, {oid::bytea}, plan::runtime_form({oid::bytea})};
  RawCall whole{"coalesce", {collected(of_arrays ? kArraysCollected : kCollected, std::move(rows), *array, "", kNowhere), text_argument("{}")}};
  Select outer;
  outer.targets.push_back({{std::move(whole), kNowhere, *array, plan::runtime_form(*array)}, {}});
  Query inner = std::move(*node.query);
  outer.from.push_back({SubqueryReference{std::move(inner), {printed, {}}, false}, kNowhere});
  Query query;
  query.body = std::move(outer);
  node.kind = Subquery::Kind::scalar;
  node.query = std::move(query);
  expression.node = std::move(node);
  expression.type = {array->oid, output.front().type.modifier};
  expression.form = plan::runtime_form(*array);
  return {};
}

}  // namespace crossfade::sql
