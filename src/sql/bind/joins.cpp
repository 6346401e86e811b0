#include <algorithm>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

const Visible* find_visible(const std::vector<Visible>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &Visible::name);
  return found == columns.end() ? nullptr : &*found;
}

Result<const Visible*> using_column(const std::vector<Visible>& columns, const Name& name, std::string_view side) {
  if (std::ranges::count(columns, name.text, &Visible::name) > 1) {
    return refuse("42702"_state, "common column name \"" + name.text + "\" appears more than once in " + std::string{side} + " table", name.position);
  }
  if (const Visible* found = find_visible(columns, name.text)) return found;
  return refuse("42703"_state, "column \"" + name.text + "\" specified in USING clause does not exist in " + std::string{side} + " table", name.position);
}

/// SQLite (3.40) drops rows of the left side where a column that is a whole condition of an outer join's ON turns out to be a constant of a
/// query that it has merged: `(SELECT 0 AS o FROM (SELECT count(*) …)) w LEFT JOIN t ON w.o`. A comparison of it keeps them.
void compare_bare_columns(Expression& on) {
  if (auto* all = std::get_if<Logical>(&on.node)) {
    for (Expression& each : all->arguments) compare_bare_columns(each);
    return;
  }
  if (!std::holds_alternative<ColumnReference>(on.node)) return;
  Expression column = std::move(on);
  on = {Template{"$1 <> 0", {column}}, column.position, column.type, plan::runtime_form(column.type)};
}

}  // namespace

Result<std::vector<Visible>> Binder::bind_join(Join& join, Position position, Scope& scope) {
  const Alias named = std::exchange(join.alias, {});
  if (!named.name.empty()) {  // only the alias reaches its columns
    const auto inside = static_cast<std::ptrdiff_t>(scope.relations.size());
    CROSSFADE_TRY(std::vector<Visible> columns, bind_join(join, position, scope));
    scope.relations.erase(scope.relations.begin() + inside, scope.relations.end());
    Relation relation{named.name, {}, {}, std::move(columns), nullptr};
    CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), named, position));
    return added->columns;
  }
  if (!join.using_alias.empty()) return unsupported("an alias of USING", position);
  const std::size_t first = scope.relations.size();
  CROSSFADE_TRY(std::vector<Visible> left, bind_item(*join.left, scope));
  const auto before = static_cast<std::ptrdiff_t>(scope.visible.size());
  const auto* derived = std::get_if<SubqueryReference>(&join.right->node);
  // What may name the left side.
  const bool function = std::holds_alternative<FunctionReference>(join.right->node) || (derived && derived->lateral);
  if (function) std::ranges::copy(left, std::back_inserter(scope.visible));
  auto bound = bind_item(*join.right, scope);
  scope.visible.erase(scope.visible.begin() + before, scope.visible.end());
  CROSSFADE_TRY(std::vector<Visible> right, std::move(bound));
  if (join.kind != Join::Kind::inner && join.kind != Join::Kind::cross) scope.outer_join = true;
  if (join.natural) {
    for (const Visible& column : left) {
      if (find_visible(right, column.name)) join.using_columns.push_back({column.name, position});
    }
    join.natural = false;
    if (join.using_columns.empty() && join.kind == Join::Kind::inner) join.kind = Join::Kind::cross;
  }
  if (!join.using_columns.empty()) return join_using(join, std::move(left), std::move(right), position);
  std::ranges::copy(right, std::back_inserter(left));
  if (!join.on) return left;
  Scope inside{.outer = scope.outer};
  inside.relations.assign(scope.relations.begin() + static_cast<std::ptrdiff_t>(first), scope.relations.end());
  inside.visible = left;
  inside.beside = &scope;
  CROSSFADE_CHECK(bind(*join.on, inside, Clause::join));
  CROSSFADE_CHECK(require_boolean(*join.on, "JOIN/ON"));
  if (join.kind != Join::Kind::inner && join.kind != Join::Kind::cross) {
    to_runtime(*join.on);
    compare_bare_columns(*join.on);
  }
  return left;
}

/// USING (a, b) is printed as ON l.a = r.a AND …; the merged columns come first, once.
Result<std::vector<Visible>> Binder::join_using(Join& join, std::vector<Visible> left, std::vector<Visible> right, Position position) {
  std::vector<Visible> merged;
  Logical all{Logical::Kind::and_, {}};
  for (const Name& name : join.using_columns) {
    CROSSFADE_TRY(const Visible* a, using_column(left, name, "left"));
    CROSSFADE_TRY(const Visible* b, using_column(right, name, "right"));
    Expression test{Literal{}, position};
    auto compared = compare(test, "=", a->expression, b->expression);
    if (!compared) {
      return refuse("42804"_state, "JOIN/USING types " + std::string{type_name(a->expression.type.oid)} + " and " +
                                       std::string{type_name(b->expression.type.oid)} + " cannot be matched", position);
    }
    all.arguments.push_back(std::move(test));
    Expression value = join.kind == Join::Kind::right ? b->expression : a->expression;
    if (join.kind == Join::Kind::full || a->expression.type.oid != b->expression.type.oid) {
      Expression parts[] = {a->expression, b->expression};
      Expression* const both[] = {&parts[0], &parts[1]};
      CROSSFADE_TRY(const model::Type type, common_type(both, "JOIN/USING"));
      for (Expression* part : both) {
        CROSSFADE_CHECK(coerce(*part, type, CastContext::implicit));
        to_runtime(*part);
      }
      value = {RawCall{"coalesce", {parts[0], parts[1]}}, kNowhere, type, plan::runtime_form(type)};
      if (join.kind != Join::Kind::full) value = join.kind == Join::Kind::right ? parts[1] : parts[0];
    }
    merged.push_back({name.text, std::move(value)});
  }
  const auto named = [&](const Visible& column) { return std::ranges::any_of(join.using_columns, [&](const Name& name) { return name.text == column.name; }); };
  std::erase_if(left, named);
  std::erase_if(right, named);
  std::ranges::move(left, std::back_inserter(merged));
  std::ranges::move(right, std::back_inserter(merged));
  join.using_columns.clear();
  const model::Type boolean{oid::boolean};
  Expression on = all.arguments.size() == 1 ? all.arguments.front() : Expression{std::move(all), position, boolean, plan::runtime_form(boolean)};
  join.on = std::move(on);
  return merged;
}

}  // namespace crossfade::sql
