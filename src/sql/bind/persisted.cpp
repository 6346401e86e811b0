#include <algorithm>
#include <array>

#include "bind/binder.hpp"

namespace crossfade::sql {

namespace oid = model::oid;

namespace {

/// A numeric of a persisted expression as a whole number of its last decimals: 1.50 is 150 of scale 2.
struct Scaled { Expression whole; int scale = 0; };

constexpr int kMostDigits = 18;
/// SQLite's own way to end a statement: the absolute value of the least integer.
constexpr const char* kOverflow = "abs(-9223372036854775808)";
constexpr const char* kScaledMark = "substr('-', 1, $1 < 0) || ";

Expression whole_number(std::string text, Expressions arguments, Position position) {
  return {Template{std::move(text), std::move(arguments)}, position, {oid::int8}, plan::runtime_form({oid::int8})};
}

std::string power_of_ten(int digits) { return "1" + std::string(static_cast<std::size_t>(digits), '0'); }

/// The text of `number` last decimals, as PostgreSQL writes a numeric of that scale.
Expression scaled_text(Scaled value, model::Type type, Position position) {
  std::string text = "CAST($1 AS TEXT)";
  if (value.scale > 0) {
    const std::string unit = power_of_ten(value.scale), zeros(static_cast<std::size_t>(value.scale), '0');
    text = std::string{kScaledMark} + "(abs($1) / " + unit + ") || '.' || substr('" + zeros + "' || (abs($1) % " + unit + "), -" + std::to_string(value.scale) + ")";
  }
  return {Template{std::move(text), {std::move(value.whole), constant(std::int64_t{value.scale}, {oid::int4})}}, position, type, plan::runtime_form(type)};
}

std::optional<Scaled> scaled(const Expression& value) {
  const Position position = value.position;
  if (is_integer(value.type.oid)) return Scaled{value, 0};
  if (const auto* known = std::get_if<Constant>(&value.node)) {
    const auto* digits = std::get_if<std::string>(&known->value);
    if (!digits || digits->size() > kMostDigits || digits->find_first_not_of("-0123456789.") != std::string::npos) return std::nullopt;
    const std::size_t dot = digits->find('.');
    std::string whole = *digits;
    if (dot != std::string::npos) whole.erase(dot, 1);
    return Scaled{constant(static_cast<std::int64_t>(std::stoll(whole)), {oid::int8}, position), dot == std::string::npos ? 0 : static_cast<int>(digits->size() - dot - 1)};
  }
  if (const auto* column = std::get_if<ColumnReference>(&value.node); column && column->column) {
    const model::Type type = column->column->type;
    const int precision = (type.modifier - 4) >> 16, scale = (type.modifier - 4) & 0xffff;
    if (type.oid != oid::numeric || type.modifier < 0 || precision > kMostDigits || scale > precision) return std::nullopt;
    return Scaled{whole_number(scale == 0 ? "CAST($1 AS INTEGER)" : "CAST(replace($1, '.', '') AS INTEGER)", {value}, position), scale};
  }
  const auto* made = std::get_if<Template>(&value.node);
  const bool ours = made && value.type.oid == oid::numeric && made->arguments.size() == 2 && (made->text.starts_with(kScaledMark) || made->text == "CAST($1 AS TEXT)");
  if (!ours) return std::nullopt;
  const auto& scale = std::get<Constant>(made->arguments[1].node);
  return Scaled{made->arguments[0], static_cast<int>(std::get<std::int64_t>(scale.value))};
}

/// LIKE's pattern as GLOB says it, which tells capitals apart as PostgreSQL's LIKE does. nullopt: it ends in an escape, an error there.
std::optional<std::string> glob_of(std::string_view pattern, std::string_view escape) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool escaped = !escape.empty() && pattern.substr(i).starts_with(escape);
    if (escaped && (i += escape.size()) >= pattern.size()) return std::nullopt;
    const char c = pattern[i];
    if (!escaped && (c == '%' || c == '_')) out += c == '%' ? '*' : '?';
    else if (c == '*' || c == '?' || c == '[') ((out += '[') += c) += ']';
    else out += c;
  }
  return out;
}

Expression checked(std::string text, Expressions arguments, Position position) {
  return whole_number("CASE typeof(" + text + ") WHEN 'real' THEN " + kOverflow + " ELSE " + text + " END", std::move(arguments), position);
}

}  // namespace

/// + - * of whole numbers and of numeric(p,s), with an error where the result is out of range; LIKE by its operator's name. What SQLite
/// cannot say is left alone.
Result<bool> Binder::persisted_operation(Expression& expression) {
  const Operation& node = std::get<Operation>(expression.node);
  if (node.left && (node.name == "~~" || node.name == "!~~")) return persisted_match(expression);
  const bool arithmetic = node.left && (node.name == "+" || node.name == "-" || node.name == "*");
  if (!arithmetic) return false;
  Expression left = *node.left, right = *node.right;
  const auto number = [](const Expression& each) { return is_integer(each.type.oid) || each.type.oid == oid::numeric; };
  if (!number(left) || !number(right)) return false;
  const Position position = expression.position;
  const std::string plain = "$1 " + node.name + " $2";
  if (left.type.oid != oid::numeric && right.type.oid != oid::numeric) {
    const bool wide = left.type.oid == oid::int8 || right.type.oid == oid::int8;
    if (left.form != plan::runtime_form(left.type) || right.form != plan::runtime_form(right.type)) return false;
    const bool small = left.type.oid == oid::int2 && right.type.oid == oid::int2;
    const model::Type type{wide ? oid::int8 : small ? oid::int2 : oid::int4};
    const std::string range = small ? "-32768 AND 32767" : "-2147483648 AND 2147483647";
    Expression made = wide ? checked(plain, {left, right}, position)
                           : whole_number("CASE WHEN (" + plain + ") NOT BETWEEN " + range + " THEN " + kOverflow + " ELSE " + plain + " END", {left, right}, position);
    made.type = type;
    made.form = plan::runtime_form(type);
    expression = std::move(made);
    return true;
  }
  auto a = scaled(left), b = scaled(right);
  if (!a || !b) return false;
  Scaled result;
  if (node.name == "*") {
    result.scale = a->scale + b->scale;
  } else {
    result.scale = std::max(a->scale, b->scale);
    for (Scaled* part : {&*a, &*b}) {
      if (part->scale < result.scale) part->whole = whole_number("$1 * " + power_of_ten(result.scale - part->scale), {std::move(part->whole)}, position);
    }
  }
  if (result.scale > kMostDigits) return false;
  result.whole = checked(plain, {std::move(a->whole), std::move(b->whole)}, position);
  expression = scaled_text(std::move(result), {oid::numeric}, position);
  return true;
}

/// lower(x COLLATE "C"), upper() likewise.
Result<void> Binder::bind_persisted_case(Expression& expression, Scope& scope, Clause clause) {
  FunctionCall call = std::move(std::get<FunctionCall>(expression.node));
  Expression& argument = call.arguments.front();
  CROSSFADE_CHECK(bind(argument, scope, clause));
  CROSSFADE_CHECK(coerce(argument, {oid::text}, CastContext::implicit));
  to_runtime(argument);
  expression = {Template{call.name + "($1)", std::move(call.arguments)}, expression.position, {oid::text}, plan::runtime_form({oid::text})};
  return {};
}

/// text LIKE 'pattern' [ESCAPE 'c']. false: the pattern is not known yet, or none.
bool Binder::persisted_like(Expression& expression, RawCall& like) {
  const auto known = [](const Expression& each) {
    const auto* constant = std::get_if<Constant>(&each.node);
    return constant ? std::get_if<std::string>(&constant->value) : nullptr;
  };
  const std::string* pattern = known(like.arguments[1]);
  const std::string* escape = like.arguments.size() > 2 ? known(like.arguments[2]) : nullptr;
  if (!pattern || (like.arguments.size() > 2 && !escape)) return false;
  const bool several = escape && std::ranges::count_if(*escape, [](char c) { return (c & 0xc0) != 0x80; }) > 1;  // 22025 for each row there
  if (several) return false;
  const auto glob = glob_of(*pattern, escape ? std::string_view{*escape} : "\\");
  constexpr std::size_t kMostBytes = 40'000;  // SQLite takes no pattern beyond 50,000, and says so only of a row
  if (!glob || glob->size() > kMostBytes) return false;
  const Position position = expression.position;
  Expression text = std::move(like.arguments[0]);
  expression = {Template{"$1 GLOB $2", {std::move(text), constant(*glob, {oid::text})}}, position, {oid::boolean}, plan::runtime_form({oid::boolean})};
  return true;
}

Result<bool> Binder::persisted_match(Expression& expression) {
  const Operation& node = std::get<Operation>(expression.node);
  const bool negated = node.name == "!~~";
  RawCall like{"crossfade_like", {*node.left, *node.right}};
  for (Expression& argument : like.arguments) {
    if (!is_textual(argument.type.oid) && argument.type.oid != oid::unknown) return false;
    if (&argument == &like.arguments.front()) pad(argument, oid::text);
    CROSSFADE_CHECK(coerce(argument, {oid::text}, CastContext::implicit));
    to_runtime(argument);
  }
  if (!persisted_like(expression, like)) return false;
  if (negated) expression = {Not{expression}, expression.position, expression.type, expression.form};
  return true;
}

/// To numeric(p,s): rounded away from zero, an error beyond p digits. false: not a number that is known in that way.
bool Binder::persisted_assign(Expression& expression, const plan::Column& column) {
  if (column.type.oid != oid::numeric || column.type.modifier < 0) return false;
  auto value = scaled(expression);
  const int precision = (column.type.modifier - 4) >> 16, scale = (column.type.modifier - 4) & 0xffff;
  if (!value || precision > kMostDigits || scale > precision) return false;
  const Position position = expression.position;
  if (value->scale > scale) {
    const std::string unit = power_of_ten(value->scale - scale), half = "5" + std::string(static_cast<std::size_t>(value->scale - scale - 1), '0');
    value->whole = whole_number("($1 + CASE WHEN $1 < 0 THEN -" + half + " ELSE " + half + " END) / " + unit, {std::move(value->whole)}, position);
  } else if (value->scale < scale) {
    value->whole = checked("$1 * " + power_of_ten(scale - value->scale), {std::move(value->whole)}, position);
  }
  value->scale = scale;
  if (precision < kMostDigits) {
    value->whole = whole_number("CASE WHEN abs($1) >= " + power_of_ten(precision) + " THEN " + kOverflow + " ELSE $1 END", {std::move(value->whole)}, position);
  }
  expression = scaled_text(*std::move(value), column.type, position);
  return true;
}

}  // namespace crossfade::sql
