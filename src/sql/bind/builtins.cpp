#include "bind/builtins.hpp"

#include <charconv>
#include <unordered_map>

#include "bind/array_functions.hpp"
#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using Signatures = std::unordered_map<std::string_view, std::vector<BuiltinSignature>>;

/// "(23,23)=+"
BuiltinSignature read_signature(std::string_view item) {
  BuiltinSignature made;
  const std::size_t end = item.find(')');
  made.stands_for = item.substr(end + 1);
  for (std::string_view types = item.substr(1, end - 1); !types.empty();) {
    const std::size_t comma = std::min(types.find(','), types.size());
    model::Oid type = pseudo::any;
    if (types.front() == '*') made.variadic = true;
    else std::from_chars(types.data(), types.data() + comma, type);
    made.takes.push_back(type);
    types.remove_prefix(std::min(comma + 1, types.size()));
  }
  return made;
}

Signatures read_signatures() {
  Signatures all;
  std::vector<BuiltinSignature>* own = nullptr;
  for (std::string_view rest = builtin_signatures(); !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view item = rest.substr(0, end);
    if (item.starts_with('(')) own->push_back(read_signature(item));
    else if (!item.empty()) own = &all[item];
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

}  // namespace

std::span<const BuiltinSignature> builtins(std::string_view name) {
  static const Signatures all = read_signatures();
  const auto found = all.find(name);
  return found == all.end() ? std::span<const BuiltinSignature>{} : std::span<const BuiltinSignature>{found->second};
}

bool is_known_function(std::string_view name) { return !builtins(name).empty(); }

namespace {

struct Meant { OverloadChoice::Outcome outcome; BuiltinSignature signature; };

Meant meant(std::string_view name, const Expressions& arguments) {
  ArgumentTypes given;
  for (const Expression& argument : arguments) given.push_back(argument.type.oid);
  std::vector<ArgumentTypes> candidates;
  const auto all = builtins(name);
  for (const BuiltinSignature& each : all) {
    candidates.push_back(each.takes);
    if (each.variadic && given.size() >= each.takes.size()) candidates.back().resize(given.size(), pseudo::any);
  }
  const OverloadChoice choice = choose_overload(candidates, given);
  return {choice.outcome, choice.outcome == OverloadChoice::Outcome::found ? all[choice.index] : BuiltinSignature{}};
}

bool is_pseudo(model::Oid type) { return category_of(type) == model::Category::unknown || category_of(type) == model::Category::pseudo; }

model::Oid type_after(std::string_view text, std::string_view word) {
  model::Oid type = 0;
  std::from_chars(text.data() + word.size(), text.data() + text.size(), type);
  return type;
}

/// A constant modifier of a length function, as format_type takes it. nullopt: it is none, or not one that a type's name can say.
std::optional<std::int32_t> constant_modifier(const Expression& expression, model::Oid type) {
  const auto* known = std::get_if<Constant>(&expression.node);
  const auto* value = known ? std::get_if<std::int64_t>(&known->value) : nullptr;
  if (!value) return std::nullopt;
  const bool whole = type == oid::numeric || type == oid::bpchar || type == oid::varchar;
  const std::int64_t least = type == oid::numeric ? (1 << 16) + 4 : whole ? 5 : 0;
  const std::int64_t most = type == oid::numeric ? (1000LL << 16) + 4 + 1000 : whole ? (10 << 20) + 4 : 6;
  return *value >= least && *value <= most ? std::optional{static_cast<std::int32_t>(*value)} : std::nullopt;
}

}  // namespace

/// x cut to a length, scale or precision that is a constant: numeric(x, modifier), time(x, digits), bpchar(x, length, true).
Result<void> Binder::bind_length_call(Expression& expression, model::Oid type) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const auto* is_explicit = call.arguments.size() > 2 ? std::get_if<Constant>(&call.arguments[2].node) : nullptr;
  const auto* flag = is_explicit ? std::get_if<std::int64_t>(&is_explicit->value) : nullptr;
  const auto modifier = constant_modifier(call.arguments[1], type);
  if (!modifier || type == oid::interval || (call.arguments.size() > 2 && (!flag || *flag == 0))) return unsupported("function " + call.name, expression.position);
  Expression cut = std::move(call.arguments.front());
  CROSSFADE_CHECK(coerce(cut, {type, *modifier}, CastContext::explicit_));
  to_runtime(cut);
  cut.type.modifier = type == oid::bpchar ? cut.type.modifier : -1;
  expression = std::move(cut);
  return {};
}

/// A function that no table has, by what PostgreSQL says that it is. false: PostgreSQL has none for these arguments. Errors: 0A000 for one that is
/// not to be had here, 42725.
Result<bool> Binder::bind_builtin(Expression& expression, Clause clause) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const auto [outcome, signature] = meant(call.name, call.arguments);
  if (outcome == OverloadChoice::Outcome::none) return false;
  if (outcome == OverloadChoice::Outcome::ambiguous) {
    return refuse("42725"_state, "function " + call.name + " is not unique", expression.position,
                  "Could not choose a best candidate function. You might need to add explicit type casts.");
  }
  const std::string_view meaning = signature.stands_for;
  if (meaning.empty()) return unsupported("function " + call.name, expression.position);
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const model::Oid wanted = signature.takes[i];
    if (!model::find_type(wanted) && !is_pseudo(wanted)) return unsupported("function " + call.name, expression.position);
    if (!is_pseudo(wanted) && wanted != call.arguments[i].type.oid) CROSSFADE_CHECK(coerce(call.arguments[i], {wanted}, CastContext::implicit));
  }
  if (meaning.starts_with('=')) {
    Operation node{{}, std::string{meaning.substr(1)}, {}, {}};
    if (call.arguments.size() == 2) node.left = std::move(call.arguments.front());
    node.right = std::move(call.arguments.back());
    expression.node = std::move(node);
    CROSSFADE_CHECK(apply_bound_operation(expression, clause));
    return true;
  }
  if (meaning.starts_with("as:")) {
    call.name = meaning.substr(3);
    CROSSFADE_CHECK(bind_plain_call(expression, clause));
    return true;
  }
  if (meaning.starts_with("cast:")) {
    Expression argument = std::move(call.arguments.front());
    CROSSFADE_CHECK(coerce(argument, {type_after(meaning, "cast:")}, CastContext::explicit_));
    expression = std::move(argument);
    return true;
  }
  if (meaning.starts_with("length:")) {
    CROSSFADE_CHECK(bind_length_call(expression, type_after(meaning, "length:")));
    return true;
  }
  Expression left = std::move(call.arguments.front()), right = std::move(call.arguments.back());
  CROSSFADE_TRY(const model::Type type, comparison_type(left, right, "<", expression.position));
  const Position position = expression.position;
  if (meaning == "compare") {
    if (volatile_) return unsupported("function " + call.name + " of this expression", position);
    Expression more{Literal{}, position}, less{Literal{}, position};
    CROSSFADE_CHECK(compare(more, ">", Expression{left}, Expression{right}));
    CROSSFADE_CHECK(compare(less, "<", std::move(left), std::move(right)));
    expression = {Template{"($1 - $2)", {std::move(more), std::move(less)}}, position, {oid::int4}, plan::runtime_form({oid::int4})};
    return true;
  }
  // SQLite's own of two is NULL where one is.
  Expression* const operands[] = {&left, &right};
  const model::Type kept{type.oid == oid::varchar ? oid::text : type.oid};
  CROSSFADE_CHECK(align(operands, kept, Need::order));
  const plan::StoredForm form = right.form;
  expression = {RawCall{meaning == "greatest" ? "max" : "min", {std::move(left), std::move(right)}}, position, kept, form};
  return true;
}

}  // namespace crossfade::sql
