#include <algorithm>

#include "bind/schema_binder.hpp"
#include "bind/walk.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "rules/rules.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// A whole number or numeric by its digits, which a double reads as the cast would.
void say_number(Expression& expression) {
  const auto* known = std::get_if<Constant>(&expression.node);
  if (!known || !(is_integer(expression.type.oid) || expression.type.oid == oid::numeric)) return;
  const auto* whole = std::get_if<std::int64_t>(&known->value);
  const auto* digits = std::get_if<std::string>(&known->value);
  if (whole || digits) expression = {Literal{Literal::Kind::string, whole ? std::to_string(*whole) : *digits}, expression.position};
}

/// What PostgreSQL looks at before it asks what the expression is.
Result<void> check_parts(const Expression& expression) {
  if (std::holds_alternative<ColumnReference>(expression.node)) {
    return refuse("0A000"_state, "cannot use column reference in DEFAULT expression", expression.position);
  }
  if (std::holds_alternative<Subquery>(expression.node)) return refuse("0A000"_state, "cannot use subquery in DEFAULT expression", expression.position);
  Result<void> good;
  for_each_child(expression, [&](const Expression& child) { if (good) good = check_parts(child); }, [](const Query&) {});
  return good;
}

/// A number that the column's modifier changes is shown as it was written.
bool fitted_number(const Expression& unbound, const Expression& bound) {
  const auto* written = std::get_if<Literal>(&unbound.node);
  const auto* known = std::get_if<Constant>(&bound.node);
  const auto* digits = known ? std::get_if<std::string>(&known->value) : nullptr;
  return written && digits && bound.type.oid == oid::numeric && written->kind == Literal::Kind::numeric && *digits != written->text;
}

}  // namespace

Result<void> SchemaBinder::bind_default(Constraint& constraint, const plan::Table& table, const plan::Column& column) {
  Expression& expression = *constraint.expression;
  if (std::holds_alternative<RawText>(expression.node)) return {};  // of LIKE
  if (const auto sequence = default_sequence(expression)) {
    if (!context_.schema->sequences.contains(*sequence)) return refuse("42P01"_state, "relation \"" + *sequence + "\" does not exist", expression.position);
    expression.node = Constant{model::Null{}};  // the statement says the next value itself
    return {};
  }
  if (auto text = rules::persisted_default(expression, column.form)) {
    expression.node = RawText{std::move(*text)};
    return {};
  }
  CROSSFADE_CHECK(check_parts(expression));
  const Expression written = expression;
  {  // errors are those of the statements that will compute it
    Binder binder{context_, {}, 0};
    Scope none;
    Expression value = written;
    CROSSFADE_CHECK(binder.bind(value, none, Clause::persisted));
    const model::Oid own = value.type.oid;
    if (own != oid::unknown && own != column.type.oid && !find_cast(own, column.type.oid, CastContext::assignment)) {
      return refuse("42804"_state, "column \"" + column.name + "\" is of type " + std::string{type_name(column.type.oid)} + " but default expression is of type " +
                                       std::string{type_name(own)}, kNowhere, "You will need to rewrite or cast the expression.");
    }
  }
  Binder binder{context_, {}, 0};
  Scope none;
  CROSSFADE_CHECK(binder.bind(expression, none, Clause::persisted));
  if (is_float(column.type.oid)) say_number(expression);
  // The modifier is looked at when it is assigned, where a constant is fitted. char(n) gets its spaces there.
  const bool padded = column.type.oid == oid::bpchar;
  const model::Type read_as = column.type.oid == oid::interval ? column.type : model::Type{padded ? oid::text : column.type.oid};
  if (!padded || expression.type.oid != oid::bpchar) CROSSFADE_CHECK(binder.coerce(expression, read_as, CastContext::assignment));
  plan::Table plain = table;  // not as the rowid, whose NULLs are checked when a row is written
  plain.without_rowid = true;
  CROSSFADE_CHECK(binder.assign(expression, column, plain));
  if (std::holds_alternative<Constant>(expression.node) && !fitted_number(written, expression)) return {};
  if (const auto text = default_expression(written)) {
    expression.node = RawText{kept_default(*text)};
    return {};
  }
  return unsupported("this DEFAULT for column \"" + column.name + "\"", expression.position,
                     "Constants, moments, arithmetic, || and the common functions of texts work.");
}

/// Of a column that a foreign key SETs to its DEFAULT, which SQLite does: it must be one that SQLite computes.
Result<void> SchemaBinder::check_reset(const ColumnDefinition& definition, const plan::Column& column) {
  const auto said = std::ranges::find(definition.constraints, Constraint::Kind::default_, &Constraint::kind);
  const auto* raw = said == definition.constraints.end() ? nullptr : std::get_if<RawText>(&said->expression->node);
  if (column.sequence.empty() && !(raw && kept_default_of(raw->text))) return {};
  return reset_by_key(column.name);
}

std::unexpected<model::Error> reset_by_key(const std::string& column) {
  return unsupported("a foreign key with SET DEFAULT on column \"" + column + "\" with a computed DEFAULT", kNowhere, "A constant works.");
}

}  // namespace crossfade::sql
