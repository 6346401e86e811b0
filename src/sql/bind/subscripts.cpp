#include <algorithm>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::size_t kMostDimensions = 6;
/// SQLite takes at most 127 arguments.
constexpr std::size_t kStepsOfCall = 100;

/// a['b'][1] as its base and its subscripts, the first one first.
std::vector<Subscript> take_chain(Expression& base) {
  std::vector<Subscript> chain;
  for (auto* node = std::get_if<Subscript>(&base.node); node && (chain.empty() || !node->closed); node = std::get_if<Subscript>(&base.node)) {
    Subscript part = std::move(*node);
    Expression inner = std::move(*part.base);
    chain.push_back(std::move(part));
    base = std::move(inner);
  }
  std::ranges::reverse(chain);
  return chain;
}

std::unexpected<model::Error> no_subscripts(model::Type type, Position position) {
  return refuse("42804"_state, "cannot subscript type " + std::string{type_name(type.oid)} + " because it does not support subscripting", position);
}

std::unexpected<model::Error> no_field(const TargetStep& step, const TargetColumn& name, model::Type type) {
  if (step.field->empty()) return refuse("0A000"_state, "row expansion via \"*\" is not supported here", name.position);
  return refuse("42804"_state, "cannot assign to field \"" + *step.field + "\" of column \"" + name.text + "\" because its type " + model::format_type({type.oid}) +
                                   " is not a composite type", name.position);
}

bool is_slice(const TargetColumn& name) {
  const auto field = std::ranges::find_if(name.steps, [](const TargetStep& step) { return step.field.has_value(); });
  return std::any_of(name.steps.begin(), field, [](const TargetStep& step) { return step.subscript.slice; });
}

Expression made(Node node, model::Type type, Position position) { return {std::move(node), position, type, plan::runtime_form(type)}; }

}  // namespace

/// An array's subscripts as whole numbers.
Result<Binder::Bounds> Binder::bind_bounds(std::vector<Subscript>& chain, Scope& scope, Clause clause) {
  Bounds out{.slice = std::ranges::any_of(chain, &Subscript::slice)};
  for (Subscript& part : chain) {
    out.shape += part.lower && part.upper ? 'b' : part.lower ? 'l' : part.upper ? (part.slice ? 'u' : 'i') : 'n';
    for (Box<Expression>* bound : {&part.lower, &part.upper}) {
      if (!*bound) continue;
      CROSSFADE_CHECK(bind(**bound, scope, clause));
      const model::Oid own = (*bound)->type.oid;
      if (!implicitly_castable(own, oid::int4) && !find_cast(own, oid::int4, CastContext::assignment)) {
        return refuse("42804"_state, "array subscript must have type integer", (*bound)->position);
      }
      CROSSFADE_CHECK(coerce(**bound, {oid::int4}, CastContext::assignment));
      to_runtime(**bound);
      out.values.push_back(std::move(**bound));
    }
  }
  if (chain.size() > kMostDimensions) {
    return refuse("54000"_state, "number of array dimensions (" + std::to_string(chain.size()) + ") exceeds the maximum allowed (" + std::to_string(kMostDimensions) + ")", kNowhere);
  }
  return out;
}

/// The subscripts of a jsonb: whole numbers or texts.
Result<Expressions> Binder::bind_keys(std::vector<Subscript>& chain, Position position, Scope& scope, Clause clause) {
  Expressions out;
  for (Subscript& part : chain) {
    if (part.slice) {
      const Box<Expression>& at = part.upper ? part.upper : part.lower;
      return refuse("42804"_state, "jsonb subscript does not support slices", at ? at->position : position);
    }
    Expression key = std::move(*part.upper);
    CROSSFADE_CHECK(bind(key, scope, clause));
    const model::Oid own = key.type.oid;
    const bool text = implicitly_castable(own, oid::text), number = own != oid::unknown && implicitly_castable(own, oid::int4);
    if (text == number) {
      return refuse("42804"_state, "subscript type " + std::string{type_name(own)} + " is not supported", key.position,
                    text ? "jsonb subscript must be coercible to only one type, integer or text." : "jsonb subscript must be coercible to either integer or text.");
    }
    CROSSFADE_CHECK(coerce(key, {text ? oid::text : oid::int4}, CastContext::implicit));
    to_runtime(key);
    out.push_back(std::move(key));
  }
  return out;
}

/// a[1], a[2:3], a[1][2]: one subscript a dimension, all slices when one is. d['a'][0] of a jsonb: a step each.
Result<void> Binder::bind_subscript(Expression& expression, Scope& scope, Clause clause) {
  Expression base = std::move(expression);
  const Position position = base.position;
  std::vector<Subscript> chain = take_chain(base);
  CROSSFADE_CHECK(bind(base, scope, clause));
  if (base.type.oid == oid::jsonb) {
    CROSSFADE_TRY(Expressions keys, bind_keys(chain, base.position, scope, clause));
    to_runtime(base);
    for (std::size_t at = 0; at < keys.size(); at += kStepsOfCall) {
      RawCall call{"crossfade_jsonb_item", {std::move(base)}};
      const std::size_t end = std::min(at + kStepsOfCall, keys.size());
      std::move(keys.begin() + static_cast<std::ptrdiff_t>(at), keys.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(call.arguments));
      base = made(std::move(call), {oid::jsonb}, position);
    }
    expression = std::move(base);
    return {};
  }
  if (base.type.oid == oid::name) {  // name[0] is its first byte
    CROSSFADE_TRY(Bounds bounds, bind_bounds(chain, scope, clause));
    if (bounds.slice) return refuse("0A000"_state, "slices of fixed-length arrays not implemented", kNowhere);
    to_runtime(base);
    Template text{"CASE WHEN $2 BETWEEN 0 AND length($1) - 1 THEN substr($1, $2 + 1, 1) WHEN $2 BETWEEN 0 AND 63 THEN '' END", {std::move(base), std::move(bounds.values.front())}};
    if (bounds.values.size() > 1) text = {"NULL", {}};  // it has one dimension
    expression = made(std::move(text), {oid::char_}, position);
    return {};
  }
  const auto element = model::element_of(base.type);
  if (!element) return no_subscripts(base.type, base.position);
  CROSSFADE_TRY(Bounds bounds, bind_bounds(chain, scope, clause));
  to_runtime(base);
  const model::Type array = model::is_vector(base.type.oid) ? *model::array_of(*element) : base.type;
  RawCall call{bounds.slice ? "crossfade_array_slice" : "crossfade_array_item", {text_argument(run_time_name(array)), std::move(base)}};
  if (bounds.slice) call.arguments.push_back(text_argument(bounds.shape));
  std::ranges::move(bounds.values, std::back_inserter(call.arguments));
  expression = made(std::move(call), bounds.slice ? array : *element, position);
  return {};
}

/// What a value for that part of a column is coerced to. The modifier is looked at when the whole is assigned; the fields of an interval say
/// what its number is.
model::Type Binder::part_type(const TargetColumn& name, const plan::Column& column) {
  const auto element = model::element_of(column.type);
  if (!element || is_slice(name)) return {column.type.oid};
  return element->oid == oid::interval ? *element : model::Type{element->oid};
}

/// What `column` holds when `value`, bound, is put at the steps of `name` into `base`, which it held before.
Result<Expression> Binder::with_part(Expression base, TargetColumn& name, Expression value, const plan::Column& column, Scope& scope, Clause clause) {
  const model::Type wanted = part_type(name, column), whole{column.type.oid};
  std::vector<Subscript> chain;
  const TargetStep* field = nullptr;
  for (TargetStep& step : name.steps) {
    if (step.field) field = &step;
    if (field) break;
    chain.push_back(std::move(step.subscript));
  }
  const Position position = name.position;
  if (chain.empty()) return no_field(*field, name, column.type);
  const bool json = column.type.oid == oid::jsonb;
  if (column.type.oid == oid::name) return unsupported("assigning to a letter of a name", position);
  const auto element = model::element_of(column.type);
  if (!json && !element) return no_subscripts(column.type, position);
  Bounds bounds;
  if (json) {
    CROSSFADE_TRY(bounds.values, bind_keys(chain, position, scope, clause));
    if (bounds.values.size() > kStepsOfCall) return unsupported("assigning to a value more than " + std::to_string(kStepsOfCall) + " subscripts deep", position);
  } else {
    CROSSFADE_TRY(bounds, bind_bounds(chain, scope, clause));
  }
  if (field) return no_field(*field, name, wanted);
  const model::Oid from = value.type.oid;
  if (from != oid::unknown && from != wanted.oid && !find_cast(from, wanted.oid, CastContext::assignment)) {
    return refuse("42804"_state, "subscripted assignment to \"" + name.text + "\" requires type " + std::string{type_name(wanted.oid)} + " but expression is of type " +
                                     std::string{type_name(from)}, position, "You will need to rewrite or cast the expression.");
  }
  CROSSFADE_CHECK(coerce(value, wanted, CastContext::assignment));
  to_runtime(value);
  to_runtime(base);
  RawCall call{json ? "crossfade_jsonb_put" : bounds.slice ? "crossfade_array_put_slice" : "crossfade_array_put", {}};
  if (!json) call.arguments.push_back(text_argument(run_time_name(whole)));
  call.arguments.push_back(std::move(base));
  call.arguments.push_back(std::move(value));
  if (bounds.slice) call.arguments.push_back(text_argument(bounds.shape));
  std::ranges::move(bounds.values, std::back_inserter(call.arguments));
  return made(std::move(call), whole, position);
}

/// Values for parts of a column come together in its first one; `before`: what the columns hold without them.
Result<void> Binder::join_parts(std::vector<TargetColumn>& names, Columns& columns, std::vector<ResultColumn>& targets, const std::function<Expression(const plan::Column&)>& before,
                                Scope& scope, Clause clause) {
  for (std::size_t i = 0; i < columns.size();) {
    if (names[i].steps.empty()) {
      ++i;
      continue;
    }
    const auto first = static_cast<std::size_t>(std::ranges::find(columns, columns[i]) - columns.begin());
    Expression base = first == i ? before(*columns[i]) : std::move(targets[first].expression);
    CROSSFADE_TRY(Expression whole, with_part(std::move(base), names[i], std::move(targets[i].expression), *columns[i], scope, clause));
    targets[first].expression = std::move(whole);
    names[i].steps.clear();
    if (first == i) {
      ++i;
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(i);
    names.erase(names.begin() + at);
    columns.erase(columns.begin() + at);
    targets.erase(targets.begin() + at);
  }
  return {};
}

std::unexpected<model::Error> default_of_part(const TargetColumn& name) {
  const bool subscript = !name.steps.front().field;
  return refuse("0A000"_state, subscript ? "cannot set an array element to DEFAULT" : "cannot set a subfield to DEFAULT", name.position);
}

}  // namespace crossfade::sql
