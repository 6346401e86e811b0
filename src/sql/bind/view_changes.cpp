#include <algorithm>

#include "bind/binder.hpp"
#include "crossfade/sql/updatable_view.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

struct Words { std::string_view message, hint, column; };
/// By Binder::Change.
constexpr std::array<Words, 3> kWords{
    Words{"insert into view", "inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.", "insert into column"},
    Words{"update view", "updating the view, provide an INSTEAD OF UPDATE trigger or an unconditional ON UPDATE DO INSTEAD rule.", "update column"},
    Words{"delete from view", "deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.", ""},
};
constexpr int kDeepest = 32;  // views over views

Expression condition_of(const UpdatableView::Text& text, const std::vector<Visible>& columns, model::Type type, plan::StoredForm form) {
  Template made{text.text, {}};
  for (const std::string& name : text.columns) made.arguments.push_back(std::ranges::find(columns, name, &Visible::name)->expression);
  return {std::move(made), kNowhere, type, form};
}

}  // namespace

/// The columns of `relation`, a view or the table below it, as expressions over the table that is printed as `printed`.
Result<std::vector<Visible>> Binder::view_columns(const plan::Table& relation, Change change, ChangedView& out, int depth) {
  if (!relation.view) {
    out.table = &relation;
    tables_.insert(relation.name);
    return relation_of(relation, out.alias, out.printed)->columns;
  }
  const Words& words = kWords[static_cast<std::size_t>(change)];
  const auto refused = [&](const std::string& detail) {
    return refuse("55000"_state, "cannot " + std::string{words.message} + " \"" + relation.name + "\"", kNowhere, "To enable " + std::string{words.hint}, detail);
  };
  const auto read = updatable_view(relation, *context_.schema);
  if (!read && read.error().state == "55000"_state) return refused(read.error().detail);
  if (!read || depth > kDeepest) return unsupported("changing rows through view \"" + relation.name + "\"", kNowhere, "Change its table.");
  if (change != Change::remove && std::ranges::all_of(read->columns, [](const UpdatableView::Column& each) { return each.base.empty(); })) {
    return refused("Views that have no updatable columns are not automatically updatable.");
  }
  CROSSFADE_TRY(const std::vector<Visible> below, view_columns(*read->base, change, out, depth + 1));
  std::vector<Visible> columns;
  for (std::size_t i = 0; i < read->columns.size(); ++i) {
    const UpdatableView::Column& column = read->columns[i];
    const plan::Column& own = relation.columns[i];
    columns.push_back({column.name, column.base.empty() ? condition_of(column.computed, below, own.type, own.form) : std::ranges::find(below, column.base, &Visible::name)->expression});
  }
  const model::Type boolean{oid::boolean};
  if (!read->where) return columns;
  out.conditions.push_back(condition_of(*read->where, below, boolean, plan::runtime_form(boolean)));
  out.condition_views.push_back(relation.name);
  return columns;
}

/// What a statement that changes `view` changes. `printed`: how the table is printed there, by default a name that no view's text can hold.
Result<Binder::ChangedView> Binder::changed_view(const plan::Table& view, Change change, std::string alias, std::string printed) {
  ChangedView out{.view = &view, .alias = std::move(alias), .printed = std::move(printed)};
  CROSSFADE_TRY(std::vector<Visible> columns, view_columns(view, change, out, 0));
  out.relation = std::make_shared<const Relation>(Relation{out.alias, view.temporary ? "pg_temp" : "public", out.printed, std::move(columns), &view});
  return out;
}

/// A column that is written by the view's name for it, by its table's.
Result<void> Binder::name_below(const ChangedView& view, Change change, Name& name) {
  const auto column = std::ranges::find(view.relation->columns, name.text, &Visible::name);
  if (column == view.relation->columns.end()) {
    return refuse("42703"_state, "column \"" + name.text + "\" of relation \"" + view.view->name + "\" does not exist", name.position);
  }
  const auto* base = std::get_if<ColumnReference>(&column->expression.node);
  if (!base || !base->column) {
    return refuse("0A000"_state, "cannot " + std::string{kWords[static_cast<std::size_t>(change)].column} + " \"" + name.text + "\" of view \"" + view.view->name + "\"", kNowhere, {},
                  "View columns that are not columns of their base relation are not updatable.");
  }
  name.text = base->column->name;
  return {};
}

/// DEFAULT is the view's own, of which there is none.
Result<void> Binder::name_below(const ChangedView& view, Change change, std::vector<Assignment>& assignments) {
  std::map<std::string, bool> seen;  // true: parts of it
  for (Assignment& assignment : assignments) {
    const bool parts = std::ranges::any_of(assignment.columns, [](const TargetColumn& name) { return !name.steps.empty(); });
    if (!parts && std::holds_alternative<DefaultMarker>(assignment.value.node)) assignment.value.node = Literal{};
    for (TargetColumn& name : assignment.columns) {
      CROSSFADE_CHECK(name_below(view, change, name));
      const auto [known, added] = seen.try_emplace(name.text, !name.steps.empty());
      if (!added && (!known->second || name.steps.empty())) return refuse("42601"_state, "multiple assignments to same column \"" + name.text + "\"", kNowhere);
    }
  }
  return {};
}

/// The columns of INSERT, written or not, become the table's.
Result<void> Binder::name_below(const ChangedView& view, Insert& insert) {
  if (!insert.source) return {};
  if (insert.columns.empty()) {
    std::size_t width = view.relation->columns.size();
    if (const auto* values = std::get_if<Values>(&insert.source->body)) width = values->rows.front().size();
    else if (const auto* select = std::get_if<Select>(&insert.source->body); select && !has_star(*select)) width = select->targets.size();
    for (const Visible& column : view.relation->columns) {
      if (insert.columns.size() < width) insert.columns.push_back({{column.name, kNowhere}});
    }
  } else {
    std::map<std::string, bool> written;
    for (const TargetColumn& name : insert.columns) {
      const auto [known, added] = written.try_emplace(name.text, !name.steps.empty());
      if (!added && (!known->second || name.steps.empty())) return refuse("42701"_state, "column \"" + name.text + "\" specified more than once", name.position);
    }
  }
  std::map<std::string, bool> seen;
  for (TargetColumn& name : insert.columns) {
    CROSSFADE_CHECK(name_below(view, Change::insert, name));
    const auto [known, added] = seen.try_emplace(name.text, !name.steps.empty());
    if (!added && (!known->second || name.steps.empty())) return refuse("42601"_state, "multiple assignments to same column \"" + name.text + "\"", kNowhere);
  }
  return {};
}

Result<void> Binder::name_below(const ChangedView& view, OnConflict& conflict) {
  if (!conflict.constraint.empty()) {
    return refuse("42704"_state, "constraint \"" + conflict.constraint + "\" for table \"" + view.view->name + "\" does not exist", conflict.position);
  }
  const bool plain = !conflict.target_where && std::ranges::none_of(conflict.target, [](const IndexPart& part) { return part.expression.get() != nullptr; });
  if (!plain) return unsupported("ON CONFLICT over an expression of a view", conflict.position, "Change its table.");
  for (IndexPart& part : conflict.target) {
    const auto column = std::ranges::find(view.relation->columns, part.column.text, &Visible::name);
    if (column == view.relation->columns.end()) return refuse("42703"_state, "column \"" + part.column.text + "\" does not exist", part.column.position);
    const auto* base = std::get_if<ColumnReference>(&column->expression.node);
    if (!base || !base->column) return refuse("42P10"_state, "there is no unique or exclusion constraint matching the ON CONFLICT specification", conflict.position);
    part.column.text = base->column->name;
  }
  return name_below(view, Change::insert, conflict.assignments);  // PostgreSQL's word for it
}

/// Only the rows that the view shows are changed.
void Binder::only_shown(const ChangedView& view, Box<Expression>& where) {
  if (view.conditions.empty()) return;
  const model::Type boolean{oid::boolean};
  Logical all{Logical::Kind::and_, view.conditions};
  if (where) all.arguments.push_back(std::move(*where));
  where = all.arguments.size() == 1 ? std::move(all.arguments.front()) : Expression{std::move(all), kNowhere, boolean, plan::runtime_form(boolean)};
}

/// ON CONFLICT DO UPDATE of a row that the view, or one below it, does not show is 55000, whatever its WHERE says.
void Binder::check_shown(const ChangedView& view, Box<Expression>& where) {
  const model::Type boolean{oid::boolean}, text{oid::text};
  for (std::size_t i = view.conditions.size(); i-- > 0;) {  // the lowest is looked at first
    Expression otherwise = where ? std::move(*where) : constant(std::int64_t{1}, boolean);
    const Expression message = constant("conflicting row is not visible through view \"" + view.condition_views[i] + "\"", text);
    Template checked{"CASE WHEN $1 THEN $2 ELSE crossfade_fail('55000', $3) END", {view.conditions[i], std::move(otherwise), message}};
    where = Expression{std::move(checked), kNowhere, boolean, plan::runtime_form(boolean)};
  }
}

}  // namespace crossfade::sql
