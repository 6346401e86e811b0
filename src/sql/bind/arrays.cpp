#include <algorithm>

#include "bind/array_functions.hpp"
#include "bind/binder.hpp"
#include "bind/overloads.hpp"
#include "crossfade/model/array.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::string_view kElement = "crossfade_value";  // the column of crossfade_unnest
/// SQLite takes at most 127 arguments.
constexpr std::size_t kElementsOfCall = 100;

bool is_array(model::Type type) { return model::element_of(type).has_value(); }
bool takes_array(model::Oid type) { return type == pseudo::any_array || type == pseudo::any_compatible_array; }
bool takes_element(model::Oid type) { return type == pseudo::any_element || type == pseudo::any_compatible; }

void yields(Expression& expression, Node node, model::Type type) {
  expression.node = std::move(node);
  expression.type = type;
  expression.form = plan::runtime_form(type);
}

std::string with_type(std::string_view text, model::Type array) {
  std::string out{text};
  const std::size_t at = out.find("$A");
  if (at != std::string::npos) out.replace(at, 2, run_time_name(array));
  return out;
}

/// A constant array of constant elements; nullopt when one is not, or is an array itself.
std::optional<Expression> folded(const Expressions& elements, model::Type array, model::Type element, Position position) {
  std::vector<model::Value> values;
  for (const Expression& each : elements) {
    const auto* constant = std::get_if<Constant>(&each.node);
    auto value = constant && !is_array(each.type) ? plan::decode(constant->value, each.form, element) : std::unexpected(model::Error{});
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  auto stored = plan::encode(model::array_of_values(std::move(values)), plan::runtime_form(array), array);
  if (!stored) return std::nullopt;
  return constant(std::move(*stored), array, position);
}

/// The text of a call whose arguments come in parts, joined by crossfade_array_cat.
Expression array_call(std::string_view function, Expressions elements, model::Type array, Position position) {
  std::optional<Expression> whole;
  for (std::size_t at = 0; at < elements.size() || !whole; at += kElementsOfCall) {
    RawCall call{std::string{function}, {text_argument(run_time_name(array))}};
    const std::size_t end = std::min(at + kElementsOfCall, elements.size());
    for (std::size_t i = at; i < end; ++i) call.arguments.push_back(std::move(elements[i]));
    Expression part{std::move(call), position, array, plan::runtime_form(array)};
    if (!whole) {
      whole = std::move(part);
      continue;
    }
    RawCall both{"crossfade_array_cat", {text_argument(run_time_name(array)), std::move(*whole), std::move(part)}};
    whole = Expression{std::move(both), position, array, plan::runtime_form(array)};
  }
  return std::move(*whole);
}

}  // namespace

/// ARRAY[a, b], and ARRAY[ARRAY[…], …]; `wanted`: the type of a cast around it, which its elements take at once.
Result<void> Binder::bind_array(Expression& expression, Scope& scope, Clause clause, std::optional<model::Type> wanted) {
  ArrayConstructor node = std::move(std::get<ArrayConstructor>(expression.node));
  if (node.elements.empty() && !wanted) {
    return refuse("42P18"_state, "cannot determine type of empty array", expression.position,
                  "Explicitly cast to the desired type, for example ARRAY[]::integer[].");
  }
  std::vector<Expression*> all;
  bool nested = false;
  for (Expression& element : node.elements) {
    const bool inner = std::holds_alternative<ArrayConstructor>(element.node);
    CROSSFADE_CHECK(inner ? bind_array(element, scope, clause, wanted) : bind(element, scope, clause));
    nested = nested || is_array(element.type);
    all.push_back(&element);
  }
  model::Type array;
  if (wanted) {
    array = *wanted;
  } else {
    CROSSFADE_TRY(const model::Type common, common_type(all, "ARRAY"));
    const auto over = nested ? std::optional{common} : model::array_of(common);
    if (!over && common.oid == oid::record) return unsupported("an array of rows", expression.position);
    if (!over) return refuse("42704"_state, "could not find array type for data type " + model::format_type(common), expression.position);
    array = *over;
  }
  if (model::is_vector(array.oid)) return unsupported("an array of " + model::format_type(array), expression.position);  // or one made one of
  const model::Type element = nested ? array : *model::element_of(array);
  for (Expression* each : all) {
    CROSSFADE_CHECK(coerce(*each, element, wanted ? CastContext::explicit_ : CastContext::implicit));
    to_runtime(*each);
  }
  if (auto constant = folded(node.elements, array, element, expression.position)) {
    expression = std::move(*constant);
    return {};
  }
  if (nested && node.elements.size() > kElementsOfCall) return unsupported("ARRAY[…] of so many arrays", expression.position);
  expression = array_call(nested ? "crossfade_array_stack" : "crossfade_array_make", std::move(node.elements), array, expression.position);
  return {};
}

/// The type that a rule's polymorphic arguments have here; nullopt when it does not take them.
std::optional<model::Type> Binder::array_type_for(std::span<const model::Oid> takes, std::span<Expression* const> arguments) {
  if (takes.size() != arguments.size()) return std::nullopt;
  std::optional<model::Type> element;
  bool polymorphic = false;
  for (std::size_t i = 0; i < takes.size(); ++i) {
    const model::Type given = arguments[i]->type;
    const bool wants_array = takes_array(takes[i]);
    if (!wants_array && !takes_element(takes[i])) {
      if (!implicitly_castable(given.oid, takes[i])) return std::nullopt;
      continue;
    }
    polymorphic = true;
    if (given.oid == oid::unknown) continue;
    const auto own = wants_array ? model::element_of(given) : is_array(given) ? std::nullopt : std::optional{given};
    if (!own) return std::nullopt;
    const bool compatible = takes[i] == pseudo::any_compatible || takes[i] == pseudo::any_compatible_array;
    if (!element || element->oid == own->oid) element = own;
    else if (!compatible) return std::nullopt;
    else if (!is_preferred(element->oid) && implicitly_castable(element->oid, own->oid) && !implicitly_castable(own->oid, element->oid)) element = own;
    else if (!implicitly_castable(own->oid, element->oid)) return std::nullopt;
    element->modifier = -1;
  }
  if (!polymorphic) return model::Type{oid::text};
  const bool compatible = std::ranges::all_of(takes, [](model::Oid type) { return type != pseudo::any_array && type != pseudo::any_element; });
  if (!element && compatible) element = model::Type{oid::text};
  return element ? model::array_of(*element) : std::nullopt;
}

Result<void> Binder::apply_array_rule(Expression& expression, const ArrayRule& rule, Expressions arguments, model::Type array) {
  const auto element = model::element_of(array);
  const bool named = rule.result == oid::text && element && is_object(element->oid);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const model::Oid wanted = *(rule.takes.begin() + static_cast<std::ptrdiff_t>(i));
    const model::Type type = takes_array(wanted) ? array : takes_element(wanted) ? *element : model::Type{wanted};
    CROSSFADE_CHECK(coerce(arguments[i], {type.oid}, CastContext::implicit));
    if (named && takes_array(wanted)) CROSSFADE_CHECK(name_objects(arguments[i]));
    to_runtime(arguments[i]);
  }
  if (named) array = *model::array_of({oid::text});
  const model::Type result = takes_array(rule.result) ? array : takes_element(rule.result) ? *element : model::Type{rule.result};
  yields(expression, Template{with_type(rule.text, array), std::move(arguments)}, result);
  return {};
}

/// false: no function over arrays has this name and takes these arguments.
Result<bool> Binder::bind_array_call(Expression& expression) {
  auto& call = std::get<FunctionCall>(expression.node);
  std::vector<Expression*> given;
  for (Expression& argument : call.arguments) given.push_back(&argument);
  bool open = false;
  for (const ArrayRule& rule : array_function_rules()) {
    if (rule.name != call.name) continue;
    const auto array = array_type_for({rule.takes.begin(), rule.takes.end()}, given);
    if (array) {
      Expressions arguments = std::move(call.arguments);
      CROSSFADE_CHECK(apply_array_rule(expression, rule, std::move(arguments), *array));
      return true;
    }
    bool untyped = rule.takes.count == given.size();
    for (std::size_t i = 0; untyped && i < given.size(); ++i) {
      const model::Oid wanted = *(rule.takes.begin() + static_cast<std::ptrdiff_t>(i)), type = given[i]->type.oid;
      untyped = type == oid::unknown || (!takes_array(wanted) && !takes_element(wanted) && implicitly_castable(type, wanted));
    }
    open = open || untyped;
  }
  if (!open) return false;
  return refuse("42804"_state, "could not determine polymorphic type because input has type unknown", kNowhere);
}

/// ||, @>, <@ and && where an operand is an array. false: neither is.
Result<bool> Binder::apply_array_operator(Expression& expression) {
  auto& node = std::get<Operation>(expression.node);
  if (!node.left || (!is_array(node.left->type) && !is_array(node.right->type))) return false;
  const auto json = [](const Expression& each) { return each.type.oid == oid::jsonb || each.type.oid == oid::json; };
  if (json(*node.left) || json(*node.right)) return false;  // the array is a path or a list of keys
  Expression* const operands[] = {node.left.get(), node.right.get()};
  for (const ArrayRule& rule : array_operator_rules()) {
    const auto array = rule.name == node.name ? array_type_for({rule.takes.begin(), rule.takes.end()}, operands) : std::nullopt;
    if (!array) continue;
    Expressions arguments{std::move(*node.left), std::move(*node.right)};
    CROSSFADE_CHECK(apply_array_rule(expression, rule, std::move(arguments), *array));
    return true;
  }
  return refuse("42883"_state, "operator does not exist: " + std::string{type_name(node.left->type.oid)} + " " + node.name + " " +
                                   std::string{type_name(node.right->type.oid)}, expression.position,
                "No operator matches the given name and argument types. You might need to add explicit type casts.");
}

namespace {

struct PatternRow { std::string_view operation, function; bool negated; };
constexpr std::array kPatterns{
    PatternRow{"~~", "crossfade_like", false}, PatternRow{"!~~", "crossfade_like", true},
    PatternRow{"~~*", "crossfade_ilike", false}, PatternRow{"!~~*", "crossfade_ilike", true},
};

}  // namespace

/// x OP ANY (array): membership is IN over the elements, so that an index of x is used; else each element is tested, with SQL's
/// three values: true when one is, unknown when none is and one is unknown.
Result<void> Binder::bind_any_of_array(Expression& expression, Quantified node) {
  Expression operand = std::move(*node.operand), array = std::move(*node.array);
  const std::string word = node.operation == "!=" ? "<>" : node.operation;
  if (array.type.oid == oid::unknown) {
    const bool open = operand.type.oid == oid::unknown || operand.type.oid == oid::varchar;
    const auto over = model::array_of({open ? oid::text : operand.type.oid});
    if (over) CROSSFADE_CHECK(coerce(array, {over->oid}, CastContext::implicit));
  }
  const auto element = model::element_of(array.type);
  if (!element) return refuse("42809"_state, "op ANY/ALL (array) requires array on right side", expression.position);
  to_runtime(array);
  const std::string from = " FROM crossfade_unnest($3, '" + run_time_name(array.type) + "', 1)";
  Expression item{RawText{std::string{kElement}}, kNowhere, {element->oid}, plan::runtime_form({element->oid})};
  const bool member = (!node.all && word == "=") || (node.all && word == "<>");
  Template text{node.all ? "$1 NOT IN (SELECT $2" + from + ")" : "$1 IN (SELECT $2" + from + ")", {}};
  if (member) {
    CROSSFADE_TRY(const model::Type type, comparison_type(operand, item, word, expression.position));
    Expression* const both[] = {&operand, &item};
    CROSSFADE_CHECK(align(both, type, Need::equality));
    text.arguments = {std::move(operand), std::move(item), std::move(array)};
  } else {
    Expression test{Literal{}, expression.position};
    CROSSFADE_CHECK(test_element(test, word, std::move(operand), std::move(item)));
    text.text = node.all ? "SELECT CASE WHEN min(c) = 0 THEN 0 WHEN count(c) < count(*) THEN NULL ELSE 1 END FROM (SELECT $1 AS c" + from + ")"
                         : "SELECT CASE WHEN max(c) = 1 THEN 1 WHEN count(c) < count(*) THEN NULL ELSE 0 END FROM (SELECT $1 AS c" + from + ")";
    text.arguments = {std::move(test), constant(model::Null{}, {oid::text}), std::move(array)};
  }
  yields(expression, std::move(text), {oid::boolean});
  return {};
}

Result<void> Binder::test_element(Expression& test, const std::string& word, Expression operand, Expression element) {
  constexpr std::array<std::string_view, 6> kComparisons{"=", "<>", "<", "<=", ">", ">="};
  if (std::ranges::find(kComparisons, word) != kComparisons.end()) return compare(test, word, std::move(operand), std::move(element));
  const auto* pattern = std::ranges::find(kPatterns, word, &PatternRow::operation);
  if (pattern == kPatterns.end()) return unsupported(word + " ANY (array)", test.position);
  for (Expression* side : {&operand, &element}) {
    if (side == &operand) pad(*side, oid::text);
    CROSSFADE_CHECK(coerce(*side, {oid::text}, CastContext::implicit));
    to_runtime(*side);
  }
  Template text{(pattern->negated ? "NOT " : "") + std::string{pattern->function} + "($1, $2)", {std::move(operand), std::move(element)}};
  yields(test, std::move(text), {oid::boolean});
  return {};
}

}  // namespace crossfade::sql
