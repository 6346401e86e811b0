#include <algorithm>

#include "bind/schema_binder.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {


bool is_named(const TablePiece& piece) {
  return piece.kind == PieceKind::check || piece.kind == PieceKind::primary_key || piece.kind == PieceKind::unique || piece.kind == PieceKind::foreign_key;
}

/// The list that holds the constraint of that name, and its place; nullptr when none does.
std::pair<std::vector<TablePiece>*, std::size_t> find_piece(TableText& text, std::string_view table, std::string_view name) {
  const auto in = [&](std::vector<TablePiece>& list) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (is_named(list[i]) && piece_name(list[i], table) == name) return i;
    }
    return std::nullopt;
  };
  if (const auto place = in(text.constraints)) return {&text.constraints, *place};
  for (TableColumn& column : text.columns) {
    if (const auto place = in(column.pieces)) return {&column.pieces, *place};
  }
  return {nullptr, 0};
}

std::vector<std::string> sorted_names(std::vector<std::string> names) {
  for (std::string& name : names) name = plan::fold(name);
  std::ranges::sort(names);
  return names;
}

}  // namespace

const plan::Table* SchemaBinder::table_of_key(const RelationName& name) const {
  if (!(name.schema.empty() || name.schema == "public")) return nullptr;
  for (const auto& [key, table] : context_.schema->tables) {
    auto text = table.view ? std::nullopt : read_table_text(table.sql);
    if (!text) continue;
    const auto [list, place] = find_piece(*text, table.name, name.name);
    if (list && ((*list)[place].kind == PieceKind::primary_key || (*list)[place].kind == PieceKind::unique)) return &table;
  }
  return nullptr;
}

void SchemaBinder::check_reference(TableEdit& edit, const std::string& name, const std::vector<std::string>& own, const std::string& target,
                                   const std::vector<std::string>& target_columns) {
  std::string filled, same;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const std::string column = quoted(edit.before.sqlite_name) + "." + quoted(own[i]);
    filled += column + " IS NOT NULL AND ";
    same += (same.empty() ? "" : " AND ") + std::string{"crossfade_target."} + quoted(target_columns[i]) + " = " + column;
  }
  model::Error error{"23503"_state, "insert or update on table \"" + edit.after.name + "\" violates foreign key constraint \"" + name + "\""};
  error.constraint = name;
  edit.checks.push_back({filled + "NOT EXISTS (SELECT 1 FROM " + (edit.before.temporary ? "temp." : "main.") + quoted(target) + " AS crossfade_target WHERE " + same + ")", std::move(error)});
}

/// What the rows that are there must meet. `own_column`: of a column's own constraint.
Result<void> SchemaBinder::check_constraint(TableEdit& edit, const Constraint& constraint, const std::string& own_column) {
  std::vector<std::string> names = own_column.empty() ? constraint.columns : std::vector{own_column};
  for (std::string& name : names) name = edit.after.find_column(name)->sqlite_name;
  if (constraint.kind == Constraint::Kind::check) {
    CROSSFADE_TRY(const std::string text, print(*constraint.expression, context_.target));
    if (constraint.name.starts_with(kDomainCheck)) {
      const std::string_view rest = std::string_view{constraint.name}.substr(kDomainCheck.size());
      const std::string domain{rest.substr(0, rest.find(' '))}, check{rest.substr(domain.size() + 1)};
      model::Error error{"23502"_state, "domain " + domain + " does not allow null values"};
      if (!check.empty()) error = {"23514"_state, "value for domain " + domain + " violates check constraint \"" + check + "\""};
      error.constraint = check;
      edit.checks.push_back({"NOT (" + text + ")", std::move(error)});
      return {};
    }
    model::Error error{"23514"_state, "check constraint \"" + constraint.name + "\" of relation \"" + edit.after.name + "\" is violated by some row"};
    error.constraint = constraint.name;
    edit.checks.push_back({"NOT (" + text + ")", std::move(error)});
  } else if (constraint.kind == Constraint::Kind::foreign_key && !constraint.not_valid) {
    check_reference(edit, constraint.name, names, constraint.target.printed, constraint.target_columns);
  } else if (constraint.kind == Constraint::Kind::unique || constraint.kind == Constraint::Kind::primary_key) {
    std::string filled, list;
    for (const std::string& name : names) {
      filled += (filled.empty() ? "" : " AND ") + quoted(name) + " IS NOT NULL";
      list += (list.empty() ? "" : ", ") + quoted(name);
    }
    model::Error error{"23505"_state, "could not create unique index \"" + constraint.name + "\""};
    error.constraint = constraint.name;
    edit.checks.push_back({filled + " GROUP BY " + list + " HAVING count(*) > 1", std::move(error)});
  }
  return {};
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, AddConstraint& add) {
  Constraint& constraint = add.constraint;
  const bool primary = constraint.kind == Constraint::Kind::primary_key;
  if (primary && !edit.after.key().empty()) return refuse("42P16"_state, "multiple primary keys for table \"" + edit.after.name + "\" are not allowed", kNowhere);
  if (!constraint.name.empty() && constraints_.contains(constraint.name)) {
    if (constraint.kind == Constraint::Kind::unique || constraint.kind == Constraint::Kind::primary_key) {
      return refuse("42P07"_state, "relation \"" + constraint.name + "\" already exists", kNowhere);
    }
    return refuse("42710"_state, "constraint \"" + constraint.name + "\" for relation \"" + edit.after.name + "\" already exists", kNowhere);
  }
  CROSSFADE_CHECK(bind_constraint(constraint, edit.after, nullptr));
  for (const std::string& name : resets(constraint) ? constraint.columns : std::vector<std::string>{}) {
    const plan::Column& column = *edit.after.find_column(name);
    if (!column.sequence.empty() || (column.default_sql && kept_default_of(*column.default_sql))) return reset_by_key(name);
  }
  CROSSFADE_CHECK(check_constraint(edit, constraint, {}));
  int place = 0;
  for (const std::string& name : primary ? constraint.columns : std::vector<std::string>{}) {
    plan::Column& column = *std::ranges::find(edit.after.columns, name, &plan::Column::name);
    TableColumn& written = *edit.text.find(column.sqlite_name);
    if (!column.not_null) {
      written.pieces.push_back({PieceKind::not_null, {}, "NOT NULL", {}, {}});
      check_nulls(edit, column);
    }
    if (constraint.columns.size() == 1 && plan::fold(written.type) == "integer") written.type = "INT";  // else it were the rowid
    column.not_null = true;
    column.primary_key = ++place;
  }
  for (std::string& name : constraint.columns) name = edit.after.find_column(name)->sqlite_name;
  const bool not_valid = std::exchange(constraint.not_valid, false);
  if (not_valid && constraint.kind != Constraint::Kind::foreign_key) return unsupported("NOT VALID", edit.position);
  CROSSFADE_TRY(const std::string text, print(constraint, context_.target));
  add_definition(edit.text, text);
  edit.rewritten = true;
  return {};
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, DropConstraint& drop) {
  const auto [list, place] = find_piece(edit.text, edit.before.name, drop.name);
  if (!list) {
    if (!drop.if_exists) return refuse("42704"_state, "constraint \"" + drop.name + "\" of relation \"" + edit.after.name + "\" does not exist", kNowhere);
    note("00000"_state, "constraint \"" + drop.name + "\" of relation \"" + edit.after.name + "\" does not exist, skipping");
    return {};
  }
  const TablePiece piece = (*list)[place];
  if (piece.kind == PieceKind::primary_key || piece.kind == PieceKind::unique) {
    const auto own = sorted_names(piece.columns);
    const auto uses = [&](const plan::ForeignKey& key) {
      return key.target_table == edit.before.name && (key.target_columns.empty() ? piece.kind == PieceKind::primary_key : sorted_names(key.target_columns) == own);
    };
    const std::string what = "cannot drop constraint " + drop.name + " on table " + edit.before.name + " because other objects depend on it";
    CROSSFADE_CHECK(drop_references_to(edit, uses, drop.cascade, {"2BP01"_state, what}, "index " + drop.name));
  }
  if (const auto view = piece.kind == PieceKind::primary_key ? view_over(edit.before, "group") : std::nullopt) {  // its GROUP BY may name the key alone
    return unsupported("DROP CONSTRAINT of the primary key of a table that view \"" + *view + "\" groups", edit.position, "DROP VIEW before it.");
  }
  const auto [rest, own_place] = find_piece(edit.text, edit.before.name, drop.name);  // a reference of the table's own may have gone from before it
  rest->erase(rest->begin() + static_cast<std::ptrdiff_t>(own_place));
  if (piece.kind == PieceKind::primary_key) {
    if (edit.before.without_rowid) return unsupported("a WITHOUT ROWID table without a primary key", edit.position);
    for (plan::Column& column : edit.after.columns) {
      if (column.primary_key == 0) continue;
      if (column.serial) CROSSFADE_CHECK(counter_to_sequence(edit, column));
      column.primary_key = 0;
      TableColumn& written = *edit.text.find(column.sqlite_name);
      if (!written.find(PieceKind::not_null)) written.pieces.push_back({PieceKind::not_null, {}, "NOT NULL", {}, {}});
    }
  }
  edit.rewritten = true;
  return {};
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, ValidateConstraint& validate) {
  const auto [list, place] = find_piece(edit.text, edit.before.name, validate.name);
  if (!list) return refuse("42704"_state, "constraint \"" + validate.name + "\" of relation \"" + edit.after.name + "\" does not exist", kNowhere);
  if ((*list)[place].kind != PieceKind::foreign_key) return {};  // only a foreign key may be NOT VALID
  const auto key = std::ranges::find(edit.before.foreign_keys, validate.name, &plan::ForeignKey::name);
  if (key == edit.before.foreign_keys.end()) return {};
  const plan::Table* target = context_.schema->find(key->target_table);
  if (!target) return {};
  std::vector<std::string> own, others;
  for (const std::string& name : key->columns) own.push_back(edit.before.find_column(name)->sqlite_name);
  for (const std::string& name : key->target_columns) others.push_back(target->find_column(name)->sqlite_name);
  if (others.empty()) for (const plan::Column* part : target->key()) others.push_back(part->sqlite_name);
  check_reference(edit, validate.name, own, target->sqlite_name, others);
  return {};
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, RenameConstraint& rename) {
  const auto [list, place] = find_piece(edit.text, edit.before.name, rename.name);
  if (!list) return refuse("42704"_state, "constraint \"" + rename.name + "\" for table \"" + edit.after.name + "\" does not exist", kNowhere);
  if (constraints_.contains(rename.new_name)) return refuse("42710"_state, "constraint \"" + rename.new_name + "\" for relation \"" + edit.after.name + "\" already exists", kNowhere);
  (*list)[place].name = rename.new_name;
  edit.rewritten = true;
  return {};
}

}  // namespace crossfade::sql
