#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"
#include "crossfade/model/numeric.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// The wider of two types in a list that goes from narrow to wide; nothing when one is not in it.
template <std::size_t N>
std::optional<model::Oid> wider(const std::array<model::Oid, N>& order, model::Oid left, model::Oid right) {
  const auto place = [&](model::Oid type) { return std::ranges::find(order, type); };
  if (place(left) == order.end() || place(right) == order.end()) return std::nullopt;
  return *std::max(place(left), place(right));
}
constexpr std::array kNumbers{oid::int2, oid::int4, oid::int8, oid::numeric, oid::float4, oid::float8};
constexpr std::array kTimes{oid::date, oid::timestamp, oid::timestamptz};
constexpr std::array kClocks{oid::time, oid::timetz};

/// json, jsonb, jsonpath, or an array of one.
bool holds_json(model::Type type) {
  const model::Oid held = model::element_of(type).value_or(type).oid;
  return held == oid::json || held == oid::jsonb || held == oid::jsonpath;
}
bool has_no_equality(model::Oid type) { return type == oid::json || type == oid::jsonpath; }

std::string collation_of(const Expression& expression) {
  const auto* reference = std::get_if<ColumnReference>(&expression.node);
  return reference && reference->column ? reference->column->collation : "BINARY";
}

}  // namespace

bool collates_inside(const Expression& expression) {
  const auto* text = std::get_if<Template>(&expression.node);
  bool found = std::holds_alternative<Collate>(expression.node) || (text && text->text.contains("COLLATE"));
  for_each_child(expression, [&](const Expression& child) { found = found || collates_inside(child); }, [](const Query&) {});
  return found;
}

std::optional<std::string> Binder::order_collation(const plan::StoredForm& form, model::Type type) const {
  const plan::NamedType* named = model::is_enumeration(type.oid) ? context_.schema->find_named_type(type.oid) : nullptr;
  const bool labels = model::element_of(type) && model::enumeration_of(type);  // told apart as texts are; they have no order here
  if (!named) return plan::collation(form, labels ? *model::array_of({oid::text}) : type);
  // The name says the labels, so that it is another one when they change; SQLite's names are the same in any case, hence the digits.
  std::string name = "crossfade_enum_";
  for (const char c : named->label_list()) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    name += {kDigits[static_cast<unsigned char>(c) >> 4U], kDigits[static_cast<unsigned char>(c) & 15U]};
  }
  return name;
}

/// The collation under which SQLite compares values of the type and form as PostgreSQL does; empty: its own is right.
std::string Binder::needed_collation(model::Type type, std::span<Expression* const> operands, Need need) const {
  if (type.oid == oid::bpchar) return "RTRIM";
  if (model::is_enumeration(type.oid) && need == Need::equality) return {};
  if (const auto name = order_collation(operands.front()->form, type)) return *name;
  if (std::ranges::any_of(operands, [](const Expression* operand) { return collates_inside(*operand); })) return "BINARY";
  const bool other = std::ranges::any_of(operands, [](const Expression* operand) { return collation_of(*operand) != "BINARY"; });
  return is_textual(type.oid) && other ? "BINARY" : "";
}

namespace {

void collate(Expression& expression, std::string collation) {
  if (collation.empty()) return;
  Expression inner = std::move(expression);
  expression = {Collate{inner, {}, {}, std::move(collation)}, inner.position, inner.type, inner.form};
}

}  // namespace

Result<model::Type> Binder::comparison_type(const Expression& left, const Expression& right, std::string_view name, Position position) {
  const model::Oid a = left.type.oid, b = right.type.oid;
  const auto none = [&]() -> Result<model::Type> {
    return refuse("42883"_state, "operator does not exist: " + std::string{type_name(a)} + " " + std::string{name} + " " + std::string{type_name(b)},
                  position, "No operator matches the given name and argument types. You might need to add explicit type casts.");
  };
  if (a == oid::unknown && b == oid::unknown) return model::Type{oid::text};
  if (a == oid::unknown || b == oid::unknown || a == b) {
    const model::Oid known = a == oid::unknown ? b : a;
    if (holds_json({known}) && model::element_of({known})) return unsupported("comparison of an array of json, jsonb or jsonpath", position);
    if (has_no_equality(known) || known == oid::void_ || known == oid::record) return none();
    if (known == oid::xid && name != "=" && name != "<>") return none();
    return model::Type{known == oid::varchar ? oid::text : known};
  }
  if (a == oid::xid && (b == oid::int4 || b == oid::int2) && (name == "=" || name == "<>")) return model::Type{oid::xid};
  if (const auto number = wider(kNumbers, a, b)) return model::Type{*number == oid::float4 ? oid::float8 : *number};
  if (const auto time = wider(kTimes, a, b)) return model::Type{*time};
  if (const auto clock = wider(kClocks, a, b)) return model::Type{*clock};
  const bool span = (a == oid::time && b == oid::interval) || (a == oid::interval && b == oid::time);
  if (span) return model::Type{oid::interval};
  const bool character = (a == oid::bpchar && b == oid::varchar) || (a == oid::varchar && b == oid::bpchar);
  if (character) return model::Type{oid::bpchar};
  if (is_textual(a) && is_textual(b)) return model::Type{oid::text};
  const bool letter = (a == oid::char_ && is_textual(b)) || (b == oid::char_ && is_textual(a));
  if (letter) return model::Type{oid::text};
  const auto numbered = [](model::Oid type) { return type == oid::oid || is_object(type); };
  if (numbered(a) && numbered(b)) return model::Type{oid::oid};
  const bool oids = (numbered(a) && is_integer(b)) || (numbered(b) && is_integer(a));
  return oids ? Result<model::Type>{model::Type{oid::oid}} : none();
}

Result<model::Type> Binder::comparison_type_of(std::span<Expression* const> operands, std::string_view name, Position position) {
  Expression so_far{Literal{}, position};
  for (const Expression* operand : operands) {
    if (operand->type.oid == oid::unknown) continue;
    CROSSFADE_TRY(so_far.type, comparison_type(so_far, *operand, name, position));
  }
  return so_far.type.oid == oid::unknown ? model::Type{oid::text} : so_far.type;
}

Result<void> Binder::align(std::span<Expression* const> operands, model::Type type, Need need) {
  if (need == Need::order && model::element_of(type) && model::enumeration_of(type)) return unsupported("the order of arrays of an enum", operands.front()->position);
  for (Expression* operand : operands) {
    if (type.oid == oid::xid && is_integer(operand->type.oid)) to_runtime(*operand);  // its own operator; a cast there is none
    else CROSSFADE_CHECK(coerce(*operand, {type.oid}, CastContext::assignment));
  }
  if (persisted_ && type.oid == oid::numeric) return align_as_reals(operands);
  const plan::StoredForm runtime = plan::runtime_form(type);
  const auto keeps = [&](const plan::StoredForm& form) {
    const plan::FormTraits traits = plan::traits(form, type);
    return need == Need::order ? traits.keeps_order : traits.keeps_equality;
  };
  const auto stored = std::ranges::find_if(operands, [&](const Expression* operand) {
    return operand->form != runtime && !std::holds_alternative<Constant>(operand->node);
  });
  bool aligned = false;
  if (stored != operands.end() && keeps((*stored)->form)) {
    const plan::StoredForm form = (*stored)->form;
    std::vector<Expression> before;
    for (const Expression* operand : operands) before.push_back(*operand);
    aligned = std::ranges::all_of(operands, [&](Expression* operand) { return to_form(*operand, form); });
    for (std::size_t i = 0; !aligned && i < operands.size(); ++i) *operands[i] = std::move(before[i]);
  }
  if (!aligned) {
    for (Expression* operand : operands) to_runtime(*operand);
  }
  collate(*operands.front(), needed_collation(type, operands, need));
  return {};
}

/// In persisted SQL our collation is not to be had. Decimals of at most 15 digits keep their order as doubles.
Result<void> Binder::align_as_reals(std::span<Expression* const> operands) {
  constexpr std::int32_t kDigits = 15;
  for (Expression* operand : operands) {
    if (auto* known = std::get_if<Constant>(&operand->node)) {
      const auto* digits = std::get_if<std::string>(&known->value);
      if (!digits) continue;
      if (digits->size() > kDigits) return unsupported("a numeric of so many digits in a persisted expression", operand->position);
      known->value = model::to_double({*digits});
      continue;
    }
    const auto* reference = std::get_if<ColumnReference>(&operand->node);
    const model::Type declared = reference && reference->column ? reference->column->type : model::Type{};
    if (declared.oid != oid::numeric || declared.modifier < 0 || ((declared.modifier - 4) >> 16) > kDigits) {
      return unsupported("comparison of a numeric in a persisted expression", operand->position, "numeric(p,s) with at most 15 digits works.");
    }
    Expression column = std::move(*operand);
    *operand = {NativeCast{column, "REAL"}, column.position, column.type, column.form};
  }
  return {};
}

Result<void> Binder::has_comparison(const Expression& expression, Need need) {
  if (expression.type.oid == oid::record) return unsupported("comparison of a row as a value", expression.position, "Its columns work.");
  if (has_no_equality(expression.type.oid)) {
    return refuse("42883"_state, std::string{"could not identify an "} + (need == Need::order ? "ordering" : "equality") + " operator for type " + std::string{type_name(expression.type.oid)},
                  expression.position);
  }
  if (need == Need::order && model::element_of(expression.type) && model::enumeration_of(expression.type)) return unsupported("the order of arrays of an enum", expression.position);
  if (model::element_of(expression.type) && holds_json(expression.type)) return unsupported("comparison of an array of json, jsonb or jsonpath", expression.position);
  return {};
}

Result<void> Binder::sortable(const Expression& expression, std::string_view aggregate) {
  CROSSFADE_CHECK(has_comparison(expression, Need::order));
  if (model::element_of(expression.type) && order_kind(expression.type.oid) == '-') return unsupported("ORDER BY an array in " + std::string{aggregate}, expression.position);
  if (model::is_enumeration(expression.type.oid)) return unsupported("ORDER BY an enum in " + std::string{aggregate}, expression.position);
  return {};
}

Result<void> Binder::comparable(Expression& expression, Need need) {
  CROSSFADE_CHECK(settle(expression));
  CROSSFADE_CHECK(has_comparison(expression, need));
  Expression* const operands[] = {&expression};
  const plan::FormTraits traits = plan::traits(expression.form, expression.type);
  if (!(need == Need::order ? traits.keeps_order : traits.keeps_equality)) to_runtime(expression);
  collate(expression, needed_collation(expression.type, operands, need));
  return {};
}

Result<void> Binder::compare(Expression& expression, std::string_view name, Expression left, Expression right) {
  if (auto* row = std::get_if<RowConstructor>(&left.node)) {
    auto* other = std::get_if<RowConstructor>(&right.node);
    if (!other) return unsupported("comparison of a row with something else", expression.position);
    return compare_rows(expression, name, std::move(*row), std::move(*other));
  }
  // What is compared with a name is cut as one.
  if (left.type.oid == oid::name && right.type.oid == oid::unknown) CROSSFADE_CHECK(coerce(right, {oid::name}, CastContext::implicit));
  if (right.type.oid == oid::name && left.type.oid == oid::unknown) CROSSFADE_CHECK(coerce(left, {oid::name}, CastContext::implicit));
  CROSSFADE_TRY(const model::Type type, comparison_type(left, right, name, expression.position));
  Expression* const operands[] = {&left, &right};
  for (Expression* operand : operands) {  // a day that no timestamp reaches is before or behind all of them
    const bool widens = (operand->type.oid == oid::date && (type.oid == oid::timestamp || type.oid == oid::timestamptz)) || (operand->type.oid == oid::timestamp && type.oid == oid::timestamptz);
    if (!widens) continue;
    CROSSFADE_CHECK(coerce(*operand, {type.oid}, CastContext::implicit));
    if (auto* cast = std::get_if<RawCall>(&operand->node); cast && cast->name == "crossfade_cast") cast->name = "crossfade_cast_bounded";
  }
  CROSSFADE_CHECK(align(operands, type, name == "=" || name == "<>" ? Need::equality : Need::order));
  expression.node = Operation{{}, std::string{name}, std::move(left), std::move(right)};
  expression.type = {oid::boolean};
  expression.form = plan::runtime_form(expression.type);
  return {};
}

Result<void> Binder::compare_rows(Expression& expression, std::string_view name, RowConstructor left, RowConstructor right) {
  if (left.fields.size() != right.fields.size()) {
    return refuse("42601"_state, "unequal number of entries in row expressions", expression.position);
  }
  for (std::size_t i = 0; i < left.fields.size(); ++i) {
    CROSSFADE_TRY(const model::Type type, comparison_type(left.fields[i], right.fields[i], name, expression.position));
    Expression* const operands[] = {&left.fields[i], &right.fields[i]};
    CROSSFADE_CHECK(align(operands, type, name == "=" || name == "<>" ? Need::equality : Need::order));
  }
  const model::Type boolean{oid::boolean};
  const Position position = expression.position;
  Expression a{std::move(left), position, {oid::record}, {}}, b{std::move(right), position, {oid::record}, {}};
  expression = {Operation{{}, std::string{name}, std::move(a), std::move(b)}, position, boolean, plan::runtime_form(boolean)};
  return {};
}

}  // namespace crossfade::sql
