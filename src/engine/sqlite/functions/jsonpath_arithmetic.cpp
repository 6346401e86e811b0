#include "crossfade/model/numeric.hpp"
#include "jsonpath.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
using model::NumericOperator;

namespace {

NumericOperator operator_of(model::PathKind kind) {
  using Kind = model::PathKind;
  return kind == Kind::add ? NumericOperator::add : kind == Kind::subtract ? NumericOperator::subtract : kind == Kind::multiply ? NumericOperator::multiply
         : kind == Kind::divide ? NumericOperator::divide : NumericOperator::modulo;
}

bool is_number(const PathValues& values) { return values.size() == 1 && is_scalar(values.front(), JsonNode::Kind::number); }

}  // namespace

/// Both operands' arrays are taken apart in lax mode, also those of + and -.
PathRun::Outcome PathRun::binary(Path path, PathValue at, PathValues* found) {
  const model::PathItem& item = path.front();
  PathValues left, right;
  if (const Outcome outcome = operand(item.arguments[0], at, &left, Unwrap::yes); outcome == Outcome::failed) return outcome;
  if (const Outcome outcome = operand(item.arguments[1], at, &right, Unwrap::yes); outcome == Outcome::failed) return outcome;
  for (const auto& [values, side] : {std::pair{&left, "left"}, std::pair{&right, "right"}}) {
    if (is_number(*values)) continue;
    return fail("22038"_state, std::string{side} + " operand of jsonpath operator " + std::string{model::path_word(item.kind)} + " is not a single numeric value");
  }
  auto result = model::calculate(operator_of(item.kind), {left.front().node->text}, {right.front().node->text});
  if (!result && throws_) throw PathEnded{std::move(result).error()};
  if (!result) return Outcome::failed;
  const Path rest = path.subspan(1);
  if (rest.empty() && !found) return Outcome::ok;
  return next(rest, number(std::move(result->text)), found);
}

PathRun::Outcome PathRun::unary(Path path, PathValue at, PathValues* found) {
  const model::PathItem& item = path.front();
  const Path rest = path.subspan(1);
  PathValues values;
  if (const Outcome outcome = operand(item.arguments[0], at, &values, Unwrap::yes); outcome == Outcome::failed) return outcome;
  Outcome result = Outcome::none;
  for (PathValue value : values) {
    const bool numeric = is_scalar(value, JsonNode::Kind::number);
    if (numeric && !found && rest.empty()) return Outcome::ok;
    if (!numeric && !found && rest.empty()) continue;
    if (!numeric) return fail("2203B"_state, "operand of unary jsonpath operator " + std::string{model::path_word(item.kind)} + " is not a numeric value");
    if (item.kind == Kind::minus) value = number(model::negate({value.node->text}).text);
    const Outcome outcome = next(rest, value, found);
    if (outcome == Outcome::failed) return outcome;
    if (outcome == Outcome::ok && !found) return outcome;
    if (outcome == Outcome::ok) result = outcome;
  }
  return result;
}

}  // namespace crossfade::sqlite::functions
