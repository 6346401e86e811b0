#include <algorithm>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::size_t kMostFields = 60;  // a type and a value each are arguments

/// A row that an outer join has made of nothing is NULL, which a row of NULLs is not.
bool may_be_no_row(const Scope& scope) {
  for (const Scope* at = &scope; at; at = at->outer) if (at->outer_join) return true;
  return false;
}

}  // namespace

/// t or t.*, where t is a relation and no column: ROW(t.a, t.b …), unbound. Else it stays.
void Binder::spell_row(Expression& expression, const Scope& scope) {
  const auto* name = std::get_if<ColumnReference>(&expression.node);
  const auto* star = std::get_if<Star>(&expression.node);
  if ((!name || !name->table.empty()) && (!star || star->table.empty())) return;
  if (name && find_column(scope, *name, expression.position)) return;
  const Star whole = name ? Star{{}, name->name} : *star;
  const auto columns = expand_star(scope, whole, expression.position);
  if (!columns) return;
  RowConstructor row{.fields = {}, .explicit_row = true, .whole = true};
  for (const Visible& column : *columns) {
    row.fields.push_back({ColumnReference{whole.schema, whole.table, column.name, {}, {}, nullptr}, expression.position});
  }
  if (!row.fields.empty()) expression.node = std::move(row);
}

/// ROW(t.*, 1): t's columns and 1.
void Binder::spread_fields(RowConstructor& row, const Scope& scope) {
  Expressions fields;
  for (Expression& field : row.fields) {
    Expression spelled = field;
    if (std::holds_alternative<Star>(field.node)) spell_row(spelled, scope);
    if (auto* columns = std::holds_alternative<Star>(field.node) ? std::get_if<RowConstructor>(&spelled.node) : nullptr) std::ranges::move(columns->fields, std::back_inserter(fields));
    else fields.push_back(std::move(field));
  }
  row.fields = std::move(fields);
}

/// (t).*, where t is a relation and no column: t.*
void Binder::spread_row(Expression& expression, const Scope& scope) {
  const auto* selection = std::get_if<FieldSelection>(&expression.node);
  const auto* name = selection && selection->field.empty() ? std::get_if<ColumnReference>(&selection->base.get()->node) : nullptr;
  if (!name || !name->table.empty() || find_column(scope, *name, expression.position)) return;
  Star all{{}, name->name};
  if (expand_star(scope, all, expression.position)) expression.node = std::move(all);
}

/// A bound row of several values as one value of type record. Errors: 0A000 for what has no such value here.
Result<void> Binder::as_record(Expression& expression, const Scope& scope) {
  auto& row = std::get<RowConstructor>(expression.node);
  const Position position = expression.position;
  if (row.whole && may_be_no_row(scope)) return unsupported("a whole row beside an outer join", position, "Its columns work.");
  if (row.fields.size() > kMostFields) return unsupported("a row of so many values", position);
  RawCall call{"crossfade_record", {}};
  for (Expression& field : row.fields) {
    if (std::holds_alternative<RowConstructor>(field.node)) CROSSFADE_CHECK(as_record(field, scope));
    CROSSFADE_CHECK(settle(field));
    const model::Type type = field.type;
    const model::Oid element = model::element_of(type).value_or(type).oid;
    if (is_object(element) || model::is_enumeration(element) || !model::find_type(type.oid)) {
      return unsupported("a row with a column of type " + std::string{type_name(type.oid)}, position, "A text that is cast works.");
    }
    to_runtime(field);
    call.arguments.push_back(text_argument(run_time_name(type)));
    call.arguments.push_back(std::move(field));
  }
  volatile_ = true;  // its text is as the session writes it: not compared by fields
  const model::Type record{oid::record};
  expression = {std::move(call), position, record, plan::runtime_form(record)};
  return {};
}

}  // namespace crossfade::sql
