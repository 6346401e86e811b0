#include <algorithm>
#include <array>

#include "bind/schema_binder.hpp"
#include "bind/walk.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

namespace oid = model::oid;

namespace {

/// What functions a kept DEFAULT may call, by the types that PostgreSQL 15's take: its text says the casts to them.
struct DefaultFunction { std::string_view name; std::array<model::Oid, 3> takes; };
constexpr std::array kFunctions{
    DefaultFunction{"now", {}}, DefaultFunction{"clock_timestamp", {}}, DefaultFunction{"statement_timestamp", {}}, DefaultFunction{"transaction_timestamp", {}},
    DefaultFunction{"gen_random_uuid", {}}, DefaultFunction{"random", {}}, DefaultFunction{"current_database", {}},
    DefaultFunction{"upper", {oid::text}}, DefaultFunction{"lower", {oid::text}}, DefaultFunction{"length", {oid::text}}, DefaultFunction{"md5", {oid::text}},
    DefaultFunction{"to_char", {oid::timestamptz, oid::text}}, DefaultFunction{"date_trunc", {oid::text, oid::timestamptz}},
    DefaultFunction{"timezone", {oid::text, oid::timestamptz}}, DefaultFunction{"date_part", {oid::text, oid::timestamptz}},
    DefaultFunction{"replace", {oid::text, oid::text, oid::text}}, DefaultFunction{"substr", {oid::text, oid::int4, oid::int4}},
    DefaultFunction{"left", {oid::text, oid::int4}}, DefaultFunction{"right", {oid::text, oid::int4}}, DefaultFunction{"repeat", {oid::text, oid::int4}},
    DefaultFunction{"lpad", {oid::text, oid::int4, oid::text}}, DefaultFunction{"floor", {oid::float8}}, DefaultFunction{"round", {oid::float8}},
    DefaultFunction{"jsonb_build_object", {}}, DefaultFunction{"jsonb_build_array", {}}, DefaultFunction{"json_build_object", {}}, DefaultFunction{"json_build_array", {}},
};

struct ValueWord { ValueFunction::Kind kind; std::string_view shown; };
constexpr std::array kValueWords{
    ValueWord{ValueFunction::Kind::current_date, "CURRENT_DATE"},       ValueWord{ValueFunction::Kind::current_timestamp, "CURRENT_TIMESTAMP"},
    ValueWord{ValueFunction::Kind::localtime, "LOCALTIME"},             ValueWord{ValueFunction::Kind::localtimestamp, "LOCALTIMESTAMP"},
    ValueWord{ValueFunction::Kind::current_user, "CURRENT_USER"},       ValueWord{ValueFunction::Kind::session_user, "SESSION_USER"},
    ValueWord{ValueFunction::Kind::user, "USER"},                       ValueWord{ValueFunction::Kind::current_role, "CURRENT_ROLE"},
    ValueWord{ValueFunction::Kind::current_catalog, "CURRENT_CATALOG"}, ValueWord{ValueFunction::Kind::current_schema, "CURRENT_SCHEMA"},
};

bool all_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

/// A number as a constant of PostgreSQL's tree is shown. nullopt: another spelling may be the canonical one.
std::optional<std::string> number_text(const Literal& literal, bool negative) {
  std::string digits = literal.text;
  if (digits.starts_with('-') && !negative) return number_text({literal.kind, digits.substr(1)}, true);
  if (literal.kind == Literal::Kind::integer) {
    if (!all_digits(digits) || digits.size() > 9) return std::nullopt;
    while (digits.size() > 1 && digits.front() == '0') digits.erase(0, 1);
    return negative ? "'-" + digits + "'::integer" : digits;
  }
  const std::size_t dot = digits.find('.');
  if (literal.kind != Literal::Kind::numeric || dot == std::string::npos) return std::nullopt;
  const std::string_view whole = std::string_view{digits}.substr(0, dot), rest = std::string_view{digits}.substr(dot + 1);
  if (!all_digits(whole) || !all_digits(rest) || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  return negative ? "'-" + digits + "'::numeric" : digits;
}

std::string cast_to(const std::string& text, model::Type type) { return "(" + text + ")::" + model::format_type(type); }

bool is_string(const Expression& expression) {
  const auto* literal = std::get_if<Literal>(&expression.node);
  return literal && literal->kind == Literal::Kind::string;
}

}  // namespace

/// The type that the expression has by itself; unknown where it is not yet one.
model::Oid SchemaBinder::default_type(Expression expression) const {
  Binder binder{context_, {}, 0};
  Scope none;
  return binder.bind(expression, none, Clause::values) ? expression.type.oid : oid::unknown;
}

/// An operand or argument as `wanted`, with the cast that PostgreSQL's text shows. nullopt: it has none of which that is known.
std::optional<std::string> SchemaBinder::default_argument(const Expression& expression, model::Oid wanted) const {
  if (is_string(expression)) {
    if (wanted != oid::text) return std::nullopt;
    return quote_text(std::get<Literal>(expression.node).text) + "::text";
  }
  auto text = default_expression(expression);
  const model::Oid own = default_type(expression);
  if (!text || own == oid::unknown) return std::nullopt;
  if (own == wanted) return text;
  if (!find_cast(own, wanted, CastContext::implicit)) return std::nullopt;
  return cast_to(*text, {wanted});
}

std::optional<std::string> SchemaBinder::default_operation(const Operation& node) const {
  if (!node.left) {
    const auto* literal = node.name == "-" ? std::get_if<Literal>(&node.right->node) : nullptr;
    return literal ? number_text(*literal, true) : std::nullopt;
  }
  constexpr std::array<std::string_view, 5> kKnown{"+", "-", "*", "/", "||"};
  if (std::ranges::find(kKnown, node.name) == kKnown.end() || !(node.schema.empty() || node.schema == "pg_catalog")) return std::nullopt;
  model::Oid left = default_type(*node.left), right = default_type(*node.right);
  if (node.name == "||") {
    const bool texts = (left == oid::text || is_string(*node.left)) && (right == oid::text || is_string(*node.right));
    if (!texts) return std::nullopt;
    left = right = oid::text;
  } else {
    const auto moment = [](model::Oid type) { return type == oid::timestamptz || type == oid::timestamp || type == oid::date; };
    const bool shifted = moment(left) && right == oid::interval && node.name != "*" && node.name != "/";
    const bool days = left == oid::date && right == oid::int4 && (node.name == "+" || node.name == "-");
    const bool numbers = (left == oid::int4 || left == oid::int8) && (right == oid::int4 || right == oid::int8);
    if (left == oid::numeric && (right == oid::int4 || right == oid::int8)) right = oid::numeric;
    if (right == oid::numeric && (left == oid::int4 || left == oid::int8)) left = oid::numeric;
    if (left == oid::float8 && (right == oid::int4 || right == oid::int8 || right == oid::numeric)) right = oid::float8;
    if (right == oid::float8 && (left == oid::int4 || left == oid::int8 || left == oid::numeric)) left = oid::float8;
    const bool same = left == right && (left == oid::numeric || left == oid::float8);
    if (!shifted && !days && !numbers && !same) return std::nullopt;
  }
  const auto before = default_argument(*node.left, left), after = default_argument(*node.right, right);
  if (!before || !after) return std::nullopt;
  return "(" + *before + " " + node.name + " " + *after + ")";
}

std::optional<std::string> SchemaBinder::default_call(const FunctionCall& call) const {
  const bool plain = !call.star && !call.distinct && !call.variadic && !call.within_group && call.order_by.empty() && !call.filter && !call.over;
  if (!plain || !(call.schema.empty() || call.schema == "pg_catalog")) return std::nullopt;
  if (call.name == "extract" && call.sql_syntax && call.arguments.size() == 2 && is_string(call.arguments[0])) {
    const std::string& field = std::get<Literal>(call.arguments[0].node).text;
    const auto of = default_type(call.arguments[1]) == oid::timestamptz ? default_expression(call.arguments[1]) : std::nullopt;
    if (!of || !std::ranges::all_of(field, [](char c) { return c >= 'a' && c <= 'z'; })) return std::nullopt;
    return "EXTRACT(" + field + " FROM " + *of + ")";
  }
  const auto known = std::ranges::find(kFunctions, call.name, &DefaultFunction::name);
  if (known == kFunctions.end() || call.arguments.size() > known->takes.size() || (call.sql_syntax && call.name != "timezone")) return std::nullopt;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < known->takes.size(); ++i) {
    if (known->takes[i] == model::Oid{}) break;
    if (i == call.arguments.size()) {
      const bool fewer = (call.name == "substr" || call.name == "lpad") && i == 2;
      if (!fewer) return std::nullopt;
      break;
    }
    const model::Oid own = default_type(call.arguments[i]);
    if (own == oid::timestamp && known->takes[i] == oid::timestamptz) return std::nullopt;  // PostgreSQL has another function for it
    const bool exact = own == oid::numeric && known->takes[i] == oid::float8;             // floor() and round() of numeric are others, too
    const auto text = default_argument(call.arguments[i], exact ? own : known->takes[i]);
    if (!text) return std::nullopt;
    arguments.push_back(*text);
  }
  if (arguments.size() != call.arguments.size()) return std::nullopt;
  if (call.sql_syntax) return "(" + arguments[1] + " AT TIME ZONE " + arguments[0] + ")";
  std::string text = call.name + "(";
  for (const std::string& argument : arguments) text += (text.back() == '(' ? "" : ", ") + argument;
  return text + ")";
}

/// ARRAY[…] of values of one type.
std::optional<std::string> SchemaBinder::default_array(const ArrayConstructor& node) const {
  std::string text = "ARRAY[";
  model::Oid common{};
  for (const Expression& element : node.elements) {
    const model::Oid own = is_string(element) ? oid::text : default_type(element);
    const auto shown = default_argument(element, own);
    const bool first = &element == node.elements.data();
    if (!shown || (!first && own != common)) return std::nullopt;
    common = own;
    text += (first ? "" : ", ") + *shown;
  }
  return text + "]";
}

/// (x)[1], (x)[2:3], (x)['a'::text]
std::optional<std::string> SchemaBinder::default_subscript(const Subscript& node) const {
  const auto* inner = std::get_if<Subscript>(&node.base->node);
  const bool json = default_type(*node.base) == oid::jsonb;
  auto text = default_expression(*node.base);
  if (!text) return std::nullopt;
  std::string out = inner && !inner->closed ? *text : "(" + *text + ")";
  out += '[';
  for (const Box<Expression>* bound : {&node.lower, &node.upper}) {
    if (node.slice && bound == &node.upper) out += ':';
    if (!*bound) continue;
    const auto place = !json && is_string(**bound) ? model::parse_text(std::get<Literal>((*bound)->node).text, {oid::int4}) : std::unexpected(model::Error{});
    const model::Oid wanted = json && default_type(**bound) != oid::int4 ? oid::text : oid::int4;
    const auto shown = place ? number_text({Literal::Kind::integer, model::to_text(*place, {oid::int4})}, false) : default_argument(**bound, wanted);
    if (!shown) return std::nullopt;
    out += *shown;
  }
  return out + "]";
}

/// A DEFAULT as pg_get_expr() of PostgreSQL 15 writes it. nullopt: it holds something of which that is not known. `expression`: unbound.
std::optional<std::string> SchemaBinder::default_expression(const Expression& expression) const {
  if (const auto* literal = std::get_if<Literal>(&expression.node)) {
    if (literal->kind == Literal::Kind::boolean) return literal->text;
    return number_text(*literal, false);
  }
  if (const auto* operation = std::get_if<Operation>(&expression.node)) return default_operation(*operation);
  if (const auto* call = std::get_if<FunctionCall>(&expression.node)) return default_call(*call);
  if (const auto* value = std::get_if<ValueFunction>(&expression.node)) {
    const auto word = std::ranges::find(kValueWords, value->kind, &ValueWord::kind);
    if (word == kValueWords.end()) return std::nullopt;
    return std::string{word->shown} + (value->precision ? "(" + std::to_string(*value->precision) + ")" : "");
  }
  if (const auto* array = std::get_if<ArrayConstructor>(&expression.node)) return default_array(*array);
  if (const auto* subscript = std::get_if<Subscript>(&expression.node)) return default_subscript(*subscript);
  const auto* cast = std::get_if<Cast>(&expression.node);
  if (!cast || !cast->type.resolved) return std::nullopt;
  const model::Type type = *cast->type.resolved;
  if (is_string(*cast->argument)) {
    const std::string& text = std::get<Literal>(cast->argument->node).text;
    if (type.modifier != -1) return std::nullopt;
    if (type.oid == oid::text) return quote_text(text) + "::text";
    const auto value = model::parse_text(text, type);  // as PostgreSQL reads it, and writes it again
    const auto element = model::element_of(type);
    const bool array = element && (element->oid == oid::int4 || element->oid == oid::text);
    if (!value || (type.oid != oid::interval && type.oid != oid::int4 && type.oid != oid::jsonb && !array)) return std::nullopt;
    const std::string canonical = model::to_text(*value, type);
    if (type.oid == oid::int4 && all_digits(canonical)) return canonical;
    return quote_text(canonical) + "::" + model::format_type(type);
  }
  const auto text = default_expression(*cast->argument);
  if (!text || model::is_enumeration(type.oid)) return std::nullopt;
  return default_type(*cast->argument) == type.oid && type.modifier == -1 ? text : cast_to(*text, type);
}

}  // namespace crossfade::sql
