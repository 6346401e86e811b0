#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "bind/binder.hpp"
#include "bind/operators.hpp"
#include "bind/overloads.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::array<std::string_view, 7> kComparisons{"=", "<>", "!=", "<", "<=", ">", ">="};

/// Both operands numbers, or one and an untyped literal: PostgreSQL computes in the wider type.
std::optional<model::Oid> promoted(model::Oid left, model::Oid right) {
  constexpr std::array kOrder{oid::int2, oid::int4, oid::int8, oid::numeric, oid::float8};
  const auto real = [](model::Oid type) { return type == oid::float4 || type == oid::unknown; };
  if (real(left) && real(right) && left != right) return oid::float4;
  if (left == oid::float4 && right == oid::float4) return oid::float4;
  if (left == oid::float4) left = oid::float8;
  if (right == oid::float4) right = oid::float8;
  if (left == oid::unknown) left = right;
  if (right == oid::unknown) right = left;
  const auto* a = std::ranges::find(kOrder, left);
  const auto* b = std::ranges::find(kOrder, right);
  if (a == kOrder.end() || b == kOrder.end()) return std::nullopt;
  return *std::max(a, b);
}

std::string operand_names(const Operation& node) {
  const std::string right{type_name(node.right->type.oid)};
  return node.left ? std::string{type_name(node.left->type.oid)} + " " + node.name + " " + right : node.name + " " + right;
}

struct Chosen { OverloadChoice::Outcome outcome; const OperatorRule* rule = nullptr; };

Chosen choose(std::string_view name, const ArgumentTypes& given) {
  std::vector<const OperatorRule*> rules;
  std::vector<ArgumentTypes> candidates;
  for (const OperatorRule& rule : operator_rules()) {
    if (rule.name != name || (rule.left == 0) != (given.size() == 1)) continue;
    rules.push_back(&rule);
    candidates.push_back(rule.left ? ArgumentTypes{rule.left, rule.right} : ArgumentTypes{rule.right});
  }
  // One operand without a type is first taken to be of the other's.
  ArgumentTypes alike = given;
  for (model::Oid& type : alike) {
    if (type == oid::unknown) type = alike.size() == 2 ? (alike[0] == oid::unknown ? alike[1] : alike[0]) : type;
  }
  const auto same = std::ranges::find(candidates, alike);
  if (same != candidates.end()) return {OverloadChoice::Outcome::found, rules[static_cast<std::size_t>(same - candidates.begin())]};
  const OverloadChoice choice = choose_overload(candidates, given);
  return {choice.outcome, choice.outcome == OverloadChoice::Outcome::found ? rules[choice.index] : nullptr};
}

/// A divisor that is a constant other than 0 and -1 needs neither check: SQLite's own operator gives the same.
bool plain_division(const OperatorRule& rule, const Expression& divisor) {
  const auto* constant = std::get_if<Constant>(&divisor.node);
  const auto* value = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
  return (rule.name == "/" || rule.name == "%") && is_integer(rule.right) && value && *value != 0 && *value != -1;
}

/// column ± constant compared with a constant, all of them integers: `x + c < k` is `x < k - c` where the sum stays in range, which an integer
/// beyond the one limit that matters shows. Beyond it the sum itself is computed, for its error.
/// A value of another storage class, which only another program can have written, counts as SQLite counts it (docs/refused.md).
struct ShiftedComparison { Expression column; std::string name; std::int64_t bound, limit; bool upward; };

std::optional<std::int64_t> whole_number(const Expression& expression) {
  const auto* known = std::get_if<Constant>(&expression.node);
  const auto* value = known ? std::get_if<std::int64_t>(&known->value) : nullptr;
  const bool fits = value && *value >= std::numeric_limits<std::int32_t>::min() && *value <= std::numeric_limits<std::int32_t>::max();
  return fits ? std::optional{*value} : std::nullopt;
}

std::optional<ShiftedComparison> shifted_comparison(const Expression& compared) {
  const auto* node = std::get_if<Operation>(&compared.node);
  const auto* sum = node && node->left ? std::get_if<Template>(&node->left->node) : nullptr;
  if (!sum || sum->arguments.size() != 2) return std::nullopt;
  const bool plus = sum->text == "crossfade_int4($1 + $2)";
  if (!plus && sum->text != "crossfade_int4($1 - $2)") return std::nullopt;
  const auto constant = whole_number(sum->arguments[1]), other = whole_number(*node->right);
  if (!constant || !other || *constant == 0 || !std::holds_alternative<ColumnReference>(sum->arguments[0].node)) return std::nullopt;
  const std::int64_t added = plus ? *constant : -*constant;
  const bool upward = added > 0;
  const std::int64_t limit = (upward ? std::numeric_limits<std::int32_t>::max() : std::numeric_limits<std::int32_t>::min()) - added;
  return ShiftedComparison{sum->arguments[0], node->name, *other - added, limit, upward};
}

/// `whole`: the comparison as it was. What is beyond the limit is true of the first test, or false, whatever the constant: that decides
/// whether it is looked at behind AND or behind OR.
Expression say_shifted(ShiftedComparison shifted, Expression whole) {
  const Expression original = whole;
  const auto compared = [&](std::string name, std::int64_t with) {
    Expression number{Constant{with}, kNowhere, {oid::int8}, plan::runtime_form({oid::int8})};
    return Expression{Operation{{}, std::move(name), Expression{shifted.column}, std::move(number)}, original.position, original.type, original.form};
  };
  const auto both = [&](Logical::Kind kind, Expression first, Expression second) {
    return Expression{Logical{kind, {std::move(first), std::move(second)}}, original.position, original.type, original.form};
  };
  const bool true_beyond = shifted.name == "<>" || (shifted.upward ? shifted.name.starts_with('>') : shifted.name.starts_with('<') && shifted.name != "<>");
  Expression first = compared(shifted.name, shifted.bound);
  if (true_beyond) return both(Logical::Kind::and_, std::move(first), both(Logical::Kind::or_, compared(shifted.upward ? "<=" : ">=", shifted.limit), std::move(whole)));
  return both(Logical::Kind::or_, std::move(first), both(Logical::Kind::and_, compared(shifted.upward ? ">" : "<", shifted.limit), std::move(whole)));
}

}  // namespace

Result<void> Binder::bind_operation(Expression& expression, Scope& scope, Clause clause) {
  Operation& node = std::get<Operation>(expression.node);
  if (!node.schema.empty() && node.schema != "pg_catalog") return unsupported("OPERATOR(" + node.schema + "…)", expression.position);
  if (node.left) CROSSFADE_CHECK(bind(*node.left, scope, clause));
  CROSSFADE_CHECK(bind(*node.right, scope, clause));
  return apply_bound_operation(expression, clause);
}

Result<void> Binder::apply_bound_operation(Expression& expression, Clause clause) {
  Operation& node = std::get<Operation>(expression.node);
  // By bytes, as every comparison of texts is here.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOfBytes{{{"~<~", "<"}, {"~<=~", "<="}, {"~>=~", ">="}, {"~>~", ">"}}};
  const auto textual = [](const Box<Expression>& operand) { return operand && (is_textual(operand->type.oid) || operand->type.oid == oid::unknown); };
  const auto* of_bytes = std::ranges::find(kOfBytes, node.name, [](const auto& each) { return each.first; });
  if (of_bytes != kOfBytes.end() && textual(node.left) && textual(node.right)) node.name = of_bytes->second;
  if (node.left && std::ranges::find(kComparisons, node.name) != kComparisons.end()) {
    const std::string name = node.name == "!=" ? "<>" : node.name;
    Expression left = std::move(*node.left), right = std::move(*node.right);
    CROSSFADE_CHECK(compare(expression, name, std::move(left), std::move(right)));
    if (clause != Clause::where && clause != Clause::join) return {};  // elsewhere GROUP BY knows the sum again
    if (auto shifted = shifted_comparison(expression)) expression = say_shifted(*std::move(shifted), std::move(expression));
    return {};
  }
  CROSSFADE_TRY(const bool folded, fold_minus(expression));
  if (folded) return {};
  if (persisted_) {
    CROSSFADE_TRY(const bool said, persisted_operation(expression));
    if (said) return {};
  }
  CROSSFADE_TRY(const bool over_arrays, apply_array_operator(expression));
  if (over_arrays) return {};
  if (const auto& bound = std::get<Operation>(expression.node); bound.left && bound.name == "||") return apply_concatenation(expression);
  return apply_operator(expression);
}

/// -5 is a constant.
Result<bool> Binder::fold_minus(Expression& expression) {
  const Operation& node = std::get<Operation>(expression.node);
  const auto* known = std::get_if<Constant>(&node.right->node);
  if (node.left || node.name != "-" || !known) return false;
  const Expression& right = *node.right;
  const Position position = expression.position;
  if (const auto* whole = std::get_if<std::int64_t>(&known->value); whole && is_integer(right.type.oid) && *whole >= 0) {
    Expression negative = constant(-*whole, right.type, position);
    expression = std::move(negative);
    return true;
  }
  if (const auto* digits = std::get_if<std::string>(&known->value); digits && right.type.oid == oid::numeric) {
    const bool zero = digits->find_first_of("123456789") == std::string::npos;
    if (!zero && digits->front() >= '0' && digits->front() <= '9') {
      Expression negative = constant("-" + *digits, {right.type.oid}, position);
      expression = std::move(negative);
      return true;
    }
  }
  return false;
}

/// text || anything but arrays is text.
Result<void> Binder::apply_concatenation(Expression& expression) {
  Operation& node = std::get<Operation>(expression.node);
  const model::Oid left = node.left->type.oid, right = node.right->type.oid;
  const auto open = [](model::Oid type) { return is_textual(type) || type == oid::unknown; };
  if (left == oid::jsonb || right == oid::jsonb) {
    const bool both = (left == oid::jsonb || left == oid::unknown) && (right == oid::jsonb || right == oid::unknown);
    if (both) return apply_operator(expression);
  }
  const auto bytes = [](model::Oid type) { return type == oid::bytea || type == oid::unknown; };
  if ((left == oid::bytea || right == oid::bytea) && bytes(left) && bytes(right)) return apply_operator(expression);
  if (!open(left) && !open(right)) return apply_operator(expression);
  for (Expression* operand : {node.left.get(), node.right.get()}) CROSSFADE_CHECK(coerce(*operand, {oid::text}, CastContext::explicit_));
  return apply_operator(expression);
}

Result<void> Binder::apply_operator(Expression& expression) {
  Operation& node = std::get<Operation>(expression.node);
  ArgumentTypes given;
  if (node.left) given.push_back(node.left->type.oid);
  given.push_back(node.right->type.oid);
  for (model::Oid& type : given) {
    if (type == oid::varchar || type == oid::name || type == oid::bpchar) type = oid::text;
  }
  const bool shift = node.name == "<<" || node.name == ">>";
  if (node.left && !shift) {
    if (const auto common = promoted(given[0], given[1])) given = {*common, *common};
  }
  const Chosen chosen = choose(node.name, given);
  const bool untyped = std::ranges::all_of(given, [](model::Oid type) { return type == oid::unknown; }) && needs_a_type(node.name);
  if (untyped || chosen.outcome == OverloadChoice::Outcome::ambiguous) {
    return refuse("42725"_state, "operator is not unique: " + operand_names(node), expression.position,
                  "Could not choose a best candidate operator. You might need to add explicit type casts.");
  }
  if (!chosen.rule) {
    return refuse("42883"_state, "operator does not exist: " + operand_names(node), expression.position,
                  node.left ? "No operator matches the given name and argument types. You might need to add explicit type casts."
                            : "No operator matches the given name and argument type. You might need to add an explicit type cast.");
  }
  const OperatorRule& rule = *chosen.rule;
  if (rule.text.empty()) return unsupported("operator " + operand_names(node), expression.position);
  Template text{std::string{rule.text}, {}};
  if (node.left) {
    CROSSFADE_CHECK(coerce(*node.left, {rule.left}, CastContext::assignment));
    to_runtime(*node.left);
    text.arguments.push_back(std::move(*node.left));
  }
  CROSSFADE_CHECK(coerce(*node.right, {rule.right}, CastContext::assignment));
  to_runtime(*node.right);
  text.arguments.push_back(std::move(*node.right));
  // A day's length is the session's zone's.
  text.unstable = rule.result == oid::timestamptz;
  if (plain_division(rule, text.arguments.back())) text.text = "$1 " + std::string{rule.name} + " $2";
  expression.node = std::move(text);
  expression.type = {rule.result};
  expression.form = plan::runtime_form(expression.type);
  return {};
}

}  // namespace crossfade::sql
