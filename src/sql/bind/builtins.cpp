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
    std::from_chars(types.data() + (made.variadic ? 1 : 0), types.data() + comma, type);
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

constexpr model::Oid kAnyNotArray = 2776, kAnyCompatibleNotArray = 5079;

struct Meant { OverloadChoice::Outcome outcome; BuiltinSignature signature; };

bool is_pseudo(model::Oid type) {
  return type == pseudo::any || type == pseudo::any_element || type == pseudo::any_compatible || type == pseudo::any_enum || type == pseudo::any_array ||
         type == pseudo::any_compatible_array || type == kAnyNotArray || type == kAnyCompatibleNotArray;
}

/// Whether arguments of these types can be of one polymorphic signature: each family's say one type, or (anycompatible) kin of one.
bool consistent(const ArgumentTypes& takes, const ArgumentTypes& given) {
  model::Oid same = oid::unknown, kin = oid::unknown;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const model::Oid wanted = takes[i];
    if (given[i] == oid::unknown || !is_pseudo(wanted) || wanted == pseudo::any || wanted == pseudo::any_enum) continue;
    const bool array = wanted == pseudo::any_array || wanted == pseudo::any_compatible_array;
    const bool exact = wanted == pseudo::any_element || wanted == pseudo::any_array || wanted == kAnyNotArray;
    const model::Oid own = array ? model::element_of({given[i]}).value_or(model::Type{}).oid : given[i];
    model::Oid& known = exact ? same : kin;
    if (known != oid::unknown && (exact ? known != own : category_of(known) != category_of(own))) return false;
    known = own;
  }
  return true;
}

Meant meant(std::string_view name, const Expressions& arguments) {
  ArgumentTypes given;
  for (const Expression& argument : arguments) given.push_back(argument.type.oid);
  std::vector<ArgumentTypes> candidates;
  std::vector<BuiltinSignature> fitting;
  for (BuiltinSignature each : builtins(name)) {
    if (each.variadic && given.size() >= each.takes.size()) each.takes.resize(given.size(), each.takes.back());
    if (each.takes.size() != given.size() || !consistent(each.takes, given)) continue;
    const auto stands_plainly = [&](const BuiltinSignature& other) { return !other.variadic && other.takes == each.takes; };
    if (each.variadic && std::ranges::any_of(builtins(name), stands_plainly)) continue;
    candidates.push_back(each.takes);
    fitting.push_back(std::move(each));
  }
  const OverloadChoice choice = choose_overload(candidates, given);
  return {choice.outcome, choice.outcome == OverloadChoice::Outcome::found ? fitting[choice.index] : BuiltinSignature{}};
}

/// A type of PostgreSQL that is not to be had here: bit, money, int4range …
bool is_foreign(model::Oid type) { return !is_pseudo(type) && !model::find_type(type); }

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

/// Of an untyped literal PostgreSQL also thinks of the overloads that no table here has. Errors: 0A000 where it means one of those, 42725.
Result<void> Binder::check_untyped(const FunctionCall& call, Position position) {
  const auto untyped = [](const Expression& argument) { return argument.type.oid == oid::unknown; };
  if (std::ranges::none_of(call.arguments, untyped)) return {};
  const auto [outcome, signature] = meant(call.name, call.arguments);
  if (outcome == OverloadChoice::Outcome::found && std::ranges::any_of(signature.takes, is_foreign)) return unsupported("function " + call.name, position);
  if (outcome != OverloadChoice::Outcome::ambiguous) return {};
  return refuse("42725"_state, "function " + call.name + " is not unique", position, "Could not choose a best candidate function. You might need to add explicit type casts.");
}

/// x cut to a length, scale or precision that is a constant: numeric(x, modifier), time(x, digits), bpchar(x, length, true).
Result<void> Binder::bind_length_call(Expression& expression, model::Oid type) {
  FunctionCall& call = std::get<FunctionCall>(expression.node);
  const auto* is_explicit = call.arguments.size() > 2 ? std::get_if<Constant>(&call.arguments[2].node) : nullptr;
  const auto* flag = is_explicit ? std::get_if<std::int64_t>(&is_explicit->value) : nullptr;
  const auto* known = std::get_if<Constant>(&call.arguments[1].node);
  const auto* given = known ? std::get_if<std::int64_t>(&known->value) : nullptr;
  const bool clock = type == oid::time || type == oid::timetz, moment = type == oid::timestamp || type == oid::timestamptz;
  if (std::ranges::any_of(call.arguments, is_null_constant)) {
    expression = constant(model::Null{}, {type}, expression.position);
    return {};
  }
  if (given && ((clock && (*given < 0 || *given > 6)) || (moment && *given == -1) || (type == oid::numeric && *given < 4) || (is_textual(type) && *given < 4))) {
    Expression as_it_is = std::move(call.arguments.front());
    expression = std::move(as_it_is);
    return {};
  }
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
    const auto makes_foreign = [](const BuiltinSignature& each) { return each.stands_for.starts_with("cast:") && is_foreign(type_after(each.stands_for, "cast:")); };
    if (std::ranges::any_of(builtins(call.name), makes_foreign)) return unsupported("function " + call.name, expression.position);
    return refuse("42725"_state, "function " + call.name + " is not unique", expression.position,
                  "Could not choose a best candidate function. You might need to add explicit type casts.");
  }
  const auto exact = [](model::Oid type) { return type == pseudo::any_element || type == pseudo::any_array || type == kAnyNotArray; };
  bool polymorphic = false, typed = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    polymorphic = polymorphic || exact(signature.takes[i]);
    typed = typed || (exact(signature.takes[i]) && call.arguments[i].type.oid != oid::unknown);
  }
  if (polymorphic && !typed) return refuse("42804"_state, "could not determine polymorphic type because input has type unknown", kNowhere);
  const std::string_view meaning = signature.stands_for;
  if (meaning.empty()) return unsupported("function " + call.name, expression.position);
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const model::Oid wanted = signature.takes[i];
    if (is_foreign(wanted)) return unsupported("function " + call.name, expression.position);
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
  if (meaning.starts_with("cast:") && !model::find_type(type_after(meaning, "cast:"))) return unsupported("function " + call.name, expression.position);
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
