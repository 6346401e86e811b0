#include "bind/binder.hpp"

#include <cmath>

#include "crossfade/model/numeric.hpp"
#include "crossfade/model/object_type.hpp"
#include "crossfade/model/text_format.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

bool is_null_constant(const Expression& expression) {
  const auto* constant = std::get_if<Constant>(&expression.node);
  return constant && std::holds_alternative<model::Null>(constant->value);
}

namespace {

/// Forms that hold every value of their type, so that an expression may be written in them without loss.
bool holds_all(const plan::StoredForm& form) {
  switch (form.form) {
    case plan::Form::timestamp_iso:
    case plan::Form::time_iso: return form.fraction < 0 || form.fraction == 6;
    case plan::Form::date_iso:
    case plan::Form::epoch_micros:
    case plan::Form::boolean_integer:
    case plan::Form::boolean_text:
    case plan::Form::uuid_text:
    case plan::Form::uuid_blob:
    case plan::Form::uuid_hex: return true;
    default: return false;
  }
}

constexpr std::int32_t kLengthHeader = 4;  // in the modifier of varchar(n) and character(n)

void wrap(Expression& expression, std::string name, std::vector<std::string> texts) {
  RawCall call{std::move(name), {}};
  for (std::string& text : texts) call.arguments.push_back(text_argument(std::move(text)));
  call.arguments.push_back(std::move(expression));
  expression.node = std::move(call);
}

/// A column of REAL affinity would make 0.0 of -0.0.
bool may_be_minus_zero(const Expression& expression) {
  const auto* known = std::get_if<Constant>(&expression.node);
  if (!known) return true;
  const auto* real = std::get_if<double>(&known->value);
  return real && *real == 0 && std::signbit(*real);
}

/// A numeric(p,s) column takes no NaN: its CHECK compares it as a REAL.
bool may_be_nan(const Expression& expression) {
  const auto* known = std::get_if<Constant>(&expression.node);
  const auto* digits = known ? std::get_if<std::string>(&known->value) : nullptr;
  return expression.type.oid == oid::numeric && (!known || (digits && *digits == "NaN"));
}

/// Number constants are cast here, so that what is compared with a column stays a constant.
bool fold_number(Expression& expression, model::Oid to) {
  auto* constant = std::get_if<Constant>(&expression.node);
  if (!constant) return false;
  if (const auto* whole = std::get_if<std::int64_t>(&constant->value); whole && is_integer(expression.type.oid)) {
    if (to == oid::float8) return constant->value = static_cast<double>(*whole), true;
    if (to == oid::numeric) return constant->value = std::to_string(*whole), true;
    if ((to == oid::oid || is_object(to)) && *whole >= 0 && *whole <= std::numeric_limits<std::int32_t>::max()) return true;
  }
  if (const auto* digits = std::get_if<std::string>(&constant->value); digits && expression.type.oid == oid::numeric) {
    const double real = model::to_double({*digits});
    const bool vanishes = real == 0 && digits->find_first_of("123456789") != std::string::npos;
    if (to == oid::float8 && std::isfinite(real) && !vanishes) return constant->value = real, true;
  }
  return false;
}

/// A constant as the column's type by way of its text, where that is what the assignment cast does. What does not fit is left to
/// the run time, which has PostgreSQL's message for it.
bool fold_assignment(Expression& expression, model::Type to) {
  const auto* constant = std::get_if<Constant>(&expression.node);
  const model::Oid from = expression.type.oid;
  const bool by_text = from == to.oid || (is_integer(from) && (is_number(to.oid))) || (from == oid::numeric && to.oid == oid::float8) ||
                       (is_textual(from) && is_textual(to.oid));
  if (!constant || !by_text || from == oid::bpchar) return false;
  const auto value = plan::decode(constant->value, expression.form, expression.type);
  if (!value || model::is_null(*value)) return false;
  const auto* number = std::get_if<model::Numeric>(&*value);
  if (number && number->text == "NaN") return false;
  const auto fitted = model::parse_text(model::to_text(*value, expression.type), to);
  const auto stored = fitted ? plan::encode(*fitted, plan::runtime_form(to), to) : std::unexpected(fitted.error());
  if (!stored) return false;
  Expression folded = sql::constant(*stored, to, expression.position);
  expression = std::move(folded);
  return true;
}

}  // namespace

/// "character" alone would be character(1).
std::string run_time_name(model::Type type) {
  if (model::enumeration_of(type)) return model::element_of(type) ? "text[]" : "text";
  return type.oid == oid::bpchar && type.modifier == -1 ? "bpchar" : model::format_type(type);
}

Result<void> Binder::check_label(std::string_view text, model::Type type, Position position) const {
  const plan::NamedType* named = context_.schema->find_named_type(type.oid);
  if (named && named->has_label(text)) return {};
  return refuse("22P02"_state, "invalid input value for enum " + std::string{type_name(type.oid)} + ": \"" + std::string{text} + "\"", position);
}

Result<void> Binder::wrap_label(Expression& expression, model::Type type) const {
  const model::Oid enumeration = *model::enumeration_of(type);
  const plan::NamedType* named = context_.schema->find_named_type(enumeration);
  if (!named) return refuse("XX000"_state, "cache lookup failed for type " + std::to_string(enumeration), kNowhere);
  RawCall call{model::element_of(type) ? "crossfade_enums_in" : "crossfade_enum_in",
               {std::move(expression), text_argument(std::string{type_name(enumeration)}), text_argument(named->label_list())}};
  expression = {std::move(call), expression.position, type, plan::runtime_form(type)};
  return {};
}

Expression constant(model::StorageValue value, model::Type type, Position position) {
  return {Constant{std::move(value)}, position, type, plan::runtime_form(type)};
}
Expression text_argument(std::string text) { return constant(std::move(text), {oid::text}); }

std::unexpected<model::Error> refuse(model::SqlState state, std::string message, Position position, std::string hint, std::string detail) {
  return model::fail(state, std::move(message), std::move(detail), std::move(hint), error_position(position));
}
std::unexpected<model::Error> unsupported(std::string what, Position position, std::string hint) {
  if (hint.empty()) hint = "It works in the stage \"postgres\".";
  return refuse("0A000"_state, what + " is not supported on SQLite", position, std::move(hint));
}

void Binder::to_runtime(Expression& expression) {
  const plan::StoredForm runtime = plan::runtime_form(expression.type);
  if (expression.type.oid == oid::unknown || expression.form == runtime) return;
  if (is_null_constant(expression) || std::holds_alternative<Parameter>(expression.node)) {
    expression.form = runtime;
    return;
  }
  wrap(expression, "crossfade_decode", {run_time_name(expression.type), plan::to_string(expression.form)});
  expression.form = runtime;
}

void Binder::pad(Expression& expression, model::Oid as) {
  if (expression.type.oid != oid::bpchar) return;
  if (expression.type.modifier != -1) {
    to_runtime(expression);
    const std::string length = std::to_string(expression.type.modifier - kLengthHeader);
    Template text{"substr($1 || printf('%" + length + "s', ''), 1, " + length + ")", {}};
    text.arguments.push_back(std::move(expression));
    expression.node = std::move(text);
  }
  expression.type = {as};
  expression.form = plan::runtime_form(expression.type);
}

bool Binder::to_form(Expression& expression, const plan::StoredForm& form) {
  if (expression.form == form) return true;
  if (is_object(expression.type.oid)) {
    if (form.form != plan::Form::text) return false;
    RawCall call{"crossfade_reg_out", {}};
    call.arguments.push_back(expression);
    call.arguments.push_back(text_argument(model::format_type(expression.type)));
    expression.node = std::move(call);
    expression.form = form;
    return true;
  }
  if (auto* constant = std::get_if<Constant>(&expression.node)) {
    const auto value = plan::decode(constant->value, expression.form, expression.type);
    auto stored = value ? plan::encode(*value, form, expression.type) : std::unexpected(value.error());
    if (!stored) return false;
    constant->value = std::move(*stored);
  } else {
    if (!holds_all(form)) return false;
    if (!std::holds_alternative<Parameter>(expression.node)) {
      to_runtime(expression);
      wrap(expression, "crossfade_encode", {run_time_name(expression.type), plan::to_string(form)});
    }
  }
  expression.form = form;
  return true;
}

Result<void> Binder::coerce_unknown(Expression& expression, model::Type type) {
  if (const auto* parameter = std::get_if<Parameter>(&expression.node)) {
    model::Type& known = parameters_[parameter->number - 1U];
    if (known.oid == oid::unknown) known = {type.oid};
    expression.type = known;
    expression.form = plan::runtime_form(known);
    return cast_known(expression, type, CastContext::explicit_);
  }
  const auto& literal = std::get<Literal>(expression.node);
  if (literal.kind == Literal::Kind::null) {
    expression = constant(model::Null{}, type, expression.position);
    return {};
  }
  if (type.oid == oid::regclass) CROSSFADE_CHECK(may_be_relation(literal.text, expression.position));
  const bool numbered = type.oid == oid::regclass && (literal.text == "-" || (!literal.text.empty() && literal.text.find_first_not_of("0123456789") == std::string::npos));
  if (numbered) {  // a number where it is a literal; of a text it would be a name
    Template number{"crossfade_reg_in($1, 'regclass', 0)", {text_argument(literal.text)}};
    expression = {std::move(number), expression.position, type, plan::runtime_form(type)};
    return {};
  }
  if (is_object(type.oid) && !(type.oid == oid::regtype && model::parse_type(literal.text))) {
    expression = constant(literal.text, {oid::text}, expression.position);
    return cast_known(expression, type, CastContext::explicit_);
  }
  if (model::is_enumeration(type.oid)) CROSSFADE_CHECK(check_label(literal.text, type, expression.position));
  // The literal is one of the type without its modifier; varchar(2) then cuts it as a cast would.
  const model::TextStyle style{.zone = context_.zone, .date_order = context_.date_order, .interval_style = context_.interval_style};
  const bool array = model::element_of(type) && is_textual(model::element_of(type)->oid);
  const bool cut = is_textual(type.oid) || (array && !model::parse_text(literal.text, type, style));  // an array where nothing is too long is known here
  auto value = model::parse_text(literal.text, cut ? model::Type{type.oid} : type, style);
  if (!value) {
    value.error().position = error_position(expression.position);
    return std::unexpected(value.error());
  }
  if (const auto* labels = model::enumeration_of(type) ? std::get_if<model::Array>(&*value) : nullptr) {
    for (const model::Value& label : labels->elements) {
      if (!model::is_null(label)) CROSSFADE_CHECK(check_label(std::get<std::string>(label), *model::element_of(type), expression.position));
    }
  }
  auto stored = plan::encode(*value, plan::runtime_form(type), cut ? model::Type{type.oid} : type);
  if (!stored) {
    stored.error().position = error_position(expression.position);
    return std::unexpected(stored.error());
  }
  expression = constant(std::move(*stored), cut ? model::Type{type.oid} : type, expression.position);
  return cast_known(expression, type, CastContext::explicit_);
}

Result<void> Binder::cast_known(Expression& expression, model::Type type, CastContext context) {
  const model::Type from = expression.type;
  const bool modified = type.modifier != -1 && type.modifier != from.modifier;
  if (from.oid == type.oid && !modified) {
    const bool loses_length = from.oid == oid::bpchar && type.modifier == -1 && context != CastContext::assignment;
    if (loses_length) pad(expression, oid::bpchar);
    if (context == CastContext::explicit_ && type.modifier == -1 && expression.type.modifier != -1) {  // numeric(10,2)::numeric says no scale
      to_runtime(expression);
      expression.type.modifier = -1;
    }
    return {};
  }
  if (is_null_constant(expression) && (from.oid == type.oid || find_cast(from.oid, type.oid, context))) {
    expression = constant(model::Null{}, type, expression.position);
    return {};
  }
  if (from.oid == type.oid) {
    if (context == CastContext::implicit) return {};
    to_runtime(expression);
    auto* known = std::get_if<Constant>(&expression.node);
    if (auto* digits = known ? std::get_if<std::string>(&known->value) : nullptr; digits && type.oid == oid::numeric) {
      CROSSFADE_TRY(model::Numeric fitted, model::apply_modifier({*digits}, type.modifier));
      *digits = std::move(fitted.text);
      expression.type = type;
      return {};
    }
    wrap(expression, "crossfade_cast", {run_time_name({from.oid}), run_time_name(type)});
    expression.type = type;
    expression.form = plan::runtime_form(type);
    return {};
  }
  const CastRule* rule = find_cast(from.oid, type.oid, context);
  const auto either = [&](model::Oid a, model::Oid b) { return (from.oid == a && type.oid == b) || (from.oid == b && type.oid == a); };
  if (!rule && context == CastContext::explicit_ && either(oid::char_, oid::int4)) {
    return unsupported("a cast between \"char\" and integer", expression.position);
  }
  if (!rule) {
    return refuse("42846"_state, "cannot cast type " + std::string{type_name(from.oid)} + " to " + std::string{type_name(type.oid)},
                  expression.position);
  }
  if (rule->text.empty() && from.oid == oid::name && type.oid == oid::text) return {};
  if (model::enumeration_of(type)) {
    to_runtime(expression);
    const bool text = model::element_of(type) && !model::element_of(from);  // '{a,b}' of a text
    if (text) wrap(expression, "crossfade_cast", {run_time_name(from), run_time_name(type)});
    return wrap_label(expression, type);
  }
  const bool same = rule->text == "$1" && plan::runtime_form(from) == plan::runtime_form(type) && plan::holds(expression.form, {type.oid});
  if (!same) to_runtime(expression);
  if (fold_number(expression, type.oid) || same) {
    expression.type = {type.oid};
  } else if (!rule->text.empty()) {
    Template text{std::string{rule->text}, {}};
    text.arguments.push_back(expression);
    expression.node = std::move(text);
    expression.type = {type.oid};
  } else {
    // The fields of an interval say what a literal's bare number is, not that of a text that is cast.
    const model::Type whole = type.oid == oid::interval ? model::Type{type.oid} : type;
    wrap(expression, "crossfade_cast", {run_time_name(from), run_time_name(whole)});
    expression.type = whole;
  }
  if (!same) expression.form = plan::runtime_form(expression.type);
  return cast_known(expression, type, CastContext::explicit_);
}

Result<void> Binder::coerce(Expression& expression, model::Type type, CastContext context) {
  if (model::is_object_type(type.oid) || model::is_object_type(expression.type.oid)) of_session_ = true;
  if (expression.type.oid == oid::unknown) return coerce_unknown(expression, type);
  return cast_known(expression, type, context);
}

Result<void> Binder::settle(Expression& expression) {
  return expression.type.oid == oid::unknown ? coerce_unknown(expression, {oid::text}) : Result<void>{};
}

Result<void> Binder::assign(Expression& expression, const plan::Column& column, const plan::Table& table) {
  const model::Type from = expression.type;
  const bool castable = from.oid == oid::unknown || from.oid == column.type.oid || find_cast(from.oid, column.type.oid, CastContext::assignment);
  if (!castable) {
    return refuse("42804"_state, "column \"" + column.name + "\" is of type " + std::string{type_name(column.type.oid)} +
                                     " but expression is of type " + std::string{type_name(from.oid)},
                  expression.position, "You will need to rewrite or cast the expression.");
  }
  // The fields of an interval say what its number is; other modifiers are looked at when the value is assigned.
  const model::Type read_as = column.type.oid == oid::interval ? column.type : model::Type{column.type.oid};
  if (from.oid == oid::unknown) CROSSFADE_CHECK(coerce_unknown(expression, read_as));
  fold_assignment(expression, column.type);
  const bool modified = column.type.modifier != -1 && expression.type.modifier != column.type.modifier;
  const bool whole = expression.type.oid == column.type.oid && !modified;
  const bool parameter = std::holds_alternative<Parameter>(expression.node);
  const bool checked = (column.form.form == plan::Form::real && may_be_minus_zero(expression)) || (column.type.modifier != -1 && may_be_nan(expression));
  if (is_null_constant(expression)) {
    expression = constant(model::Null{}, column.type, expression.position);
    expression.form = column.form;
  } else if (whole && parameter && !checked) {
    expression.form = column.form;
  } else if (!whole || checked || !(expression.form == column.form || (std::holds_alternative<Constant>(expression.node) && to_form(expression, column.form)))) {
    to_runtime(expression);
    wrap(expression, "crossfade_assign", {run_time_name(expression.type), run_time_name(column.type), plan::to_string(column.form)});
    expression.type = column.type;
    expression.form = column.form;
  }
  const auto* known = std::get_if<Constant>(&expression.node);
  if (table.rowid_alias() == &column && (!known || std::holds_alternative<model::Null>(known->value))) {
    expression.node = RawCall{"crossfade_not_null", {Expression{expression}, text_argument(column.name), text_argument(table.name)}};
  }
  return {};
}

Result<model::Type> Binder::common_type(std::span<Expression* const> list, std::string_view construct) {
  std::optional<model::Type> common;
  bool unknowns = false;  // they have no modifier, so the whole has none
  for (const Expression* item : list) {
    const model::Type type = item->type;
    unknowns = unknowns || type.oid == oid::unknown;
    if (type.oid == oid::unknown) continue;
    if (!common) {
      common = type;
    } else if (common->oid == type.oid) {
      if (common->modifier != type.modifier) common->modifier = -1;
    } else if (category_of(common->oid) != category_of(type.oid)) {
      return refuse("42804"_state, std::string{construct} + " types " + std::string{type_name(common->oid)} + " and " +
                                       std::string{type_name(type.oid)} + " cannot be matched", item->position);
    } else if (!is_preferred(common->oid) && implicitly_castable(common->oid, type.oid) && !implicitly_castable(type.oid, common->oid)) {
      common = model::Type{type.oid};
    } else {
      common->modifier = -1;
    }
  }
  if (!common) return model::Type{oid::text};
  return unknowns ? model::Type{common->oid} : *common;
}

}  // namespace crossfade::sql
