#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

/// percentile_cont(f), percentile_disc(f) and mode() WITHIN GROUP (ORDER BY x): crossfade_percentile('cont', f, 'al-', crossfade_collect(x, x)).
Result<void> Binder::bind_ordered_set(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall call = std::move(std::get<FunctionCall>(expression.node));
  const Position position = expression.position;
  const bool cont = call.name == "percentile_cont", disc = call.name == "percentile_disc", mode = call.name == "mode";
  const bool hypothetical = call.name == "rank" || call.name == "dense_rank" || call.name == "percent_rank" || call.name == "cume_dist";
  if (hypothetical && !call.over) {
    CROSSFADE_CHECK(check_aggregate_place(call, position, clause));
    return bind_hypothetical(expression, std::move(call), scope);
  }
  if (!cont && !disc && !mode) return unsupported(call.name + " WITHIN GROUP", position);
  if (call.over) return refuse("0A000"_state, "OVER is not supported for ordered-set aggregate " + call.name, position);
  CROSSFADE_CHECK(check_aggregate_place(call, position, clause));
  if (call.order_by.size() != 1 || call.arguments.size() != (mode ? 0U : 1U)) return refuse("42883"_state, "function " + call.name + "() does not exist", position);
  OrderItem item = std::move(call.order_by.front());
  CROSSFADE_CHECK(bind(item.expression, scope, Clause::aggregate));
  CROSSFADE_CHECK(settle(item.expression));
  const auto none = [&](model::Type fractions) {
    return refuse("42883"_state, "function " + call.name + "(" + std::string{type_name(fractions.oid)} + ", " + std::string{type_name(item.expression.type.oid)} + ") does not exist", position,
                  "No function matches the given name and argument types. You might need to add explicit type casts.");
  };
  const auto as_real = [](model::Type given) { return given.oid == oid::float8 || given.oid == oid::unknown || implicitly_castable(given.oid, oid::float8); };
  if (cont && item.expression.type.oid != oid::interval && !as_real(item.expression.type)) return none({oid::float8});
  if (cont && item.expression.type.oid != oid::interval) CROSSFADE_CHECK(coerce(item.expression, {oid::float8}, CastContext::implicit));
  CROSSFADE_CHECK(sortable(item.expression, call.name));
  pad(item.expression, oid::bpchar);
  to_runtime(item.expression);
  const model::Type type{item.expression.type.oid};
  std::optional<model::Type> several;  // the result of an array of fractions
  Expression fraction = constant(0.0, {oid::float8});
  if (!mode) {
    fraction = std::move(call.arguments.front());
    CROSSFADE_CHECK(bind(fraction, scope, Clause::aggregate));
    if (cont && item.expression.type.oid == oid::interval && std::holds_alternative<Literal>(fraction.node) && fraction.type.oid == oid::unknown)
      return refuse("42725"_state, "function percentile_cont(unknown, interval) is not unique", position);
    const model::Type given = model::element_of(fraction.type).value_or(fraction.type);
    if (!as_real(given)) return none(fraction.type);
    several = model::element_of(fraction.type) ? model::array_of(type) : std::nullopt;
    if (model::element_of(fraction.type) && !several) return unsupported(call.name + " of several fractions", position);
    CROSSFADE_CHECK(coerce(fraction, several ? *model::array_of({oid::float8}) : model::Type{oid::float8}, CastContext::implicit));
    to_runtime(fraction);
  }
  FunctionCall collect{.name = "crossfade_collect"};
  if (call.filter) {
    CROSSFADE_CHECK(bind(*call.filter, scope, Clause::filter));
    CROSSFADE_CHECK(require_boolean(*call.filter, "FILTER"));
    collect.filter = std::move(call.filter);
  }
  const std::string spec = order_text({&item, 1});
  collect.arguments = {item.expression, item.expression};
  CROSSFADE_CHECK(note_aggregate(collect, scope, position));
  const model::Type bytes{oid::bytea};
  Expression rows{std::move(collect), position, bytes, plan::runtime_form(bytes)};
  const char* const kind = cont ? (type.oid == oid::interval ? "cont interval" : "cont") : disc ? "disc" : "mode";
  RawCall percentile{several ? "crossfade_percentiles" : "crossfade_percentile", {text_argument(kind), std::move(fraction), text_argument(spec), std::move(rows)}};
  if (several) percentile.arguments.push_back(text_argument(model::format_type(*several)));
  const model::Type result = several.value_or(type);
  expression = {std::move(percentile), position, result, plan::runtime_form(result)};
  return {};
}

/// rank(a, b) WITHIN GROUP (ORDER BY x, y) and its kin: crossfade_hypothetical('rank', 'al-dl-', crossfade_collect(NULL, x, y), a, b).
Result<void> Binder::bind_hypothetical(Expression& expression, FunctionCall call, Scope& scope) {
  const Position position = expression.position;
  if (call.arguments.size() != call.order_by.size()) return no_function(call, position);
  FunctionCall collect{.name = "crossfade_collect"};
  collect.arguments.push_back(constant(model::Null{}, {oid::text}));
  RawCall place{"crossfade_hypothetical", {text_argument(call.name)}};
  for (std::size_t i = 0; i < call.order_by.size(); ++i) {
    Expression& key = call.order_by[i].expression;
    Expression& own = call.arguments[i];
    const auto* asked = std::get_if<Collate>(&own.node);
    const auto* kept = std::get_if<Collate>(&key.node);
    if (asked && kept && asked->name != kept->name) {
      return refuse("42P21"_state, "collation mismatch between explicit collations \"" + asked->name + "\" and \"" + kept->name + "\"", key.position);
    }
    CROSSFADE_CHECK(bind(own, scope, Clause::aggregate));
    CROSSFADE_CHECK(bind(key, scope, Clause::aggregate));
    Expression* const both[] = {&own, &key};
    CROSSFADE_TRY(const model::Type type, common_type(both, "WITHIN GROUP"));
    for (Expression* each : both) {
      CROSSFADE_CHECK(coerce(*each, {type.oid}, CastContext::implicit));
      CROSSFADE_CHECK(sortable(*each, call.name));
      pad(*each, oid::bpchar);
      to_runtime(*each);
    }
    collect.arguments.push_back(key);
  }
  if (call.filter) {
    CROSSFADE_CHECK(bind(*call.filter, scope, Clause::filter));
    CROSSFADE_CHECK(require_boolean(*call.filter, "FILTER"));
    collect.filter = std::move(call.filter);
  }
  place.arguments.push_back(text_argument(order_text(call.order_by)));
  CROSSFADE_CHECK(note_aggregate(collect, scope, position));
  const model::Type bytes{oid::bytea}, result{call.name.ends_with("rank") && call.name != "percent_rank" ? oid::int8 : oid::float8};
  place.arguments.push_back({std::move(collect), position, bytes, plan::runtime_form(bytes)});
  for (Expression& own : call.arguments) place.arguments.push_back(std::move(own));
  expression = {std::move(place), position, result, plan::runtime_form(result)};
  return {};
}

}  // namespace crossfade::sql
