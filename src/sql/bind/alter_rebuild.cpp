#include <algorithm>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// PostgreSQL works through a statement's actions in passes: what is dropped first, then types, new columns, and the rest.
int pass_of(const AlterAction& action) {
  if (std::holds_alternative<DropColumn>(action) || std::holds_alternative<DropConstraint>(action)) return 0;
  const auto* column = std::get_if<AlterColumn>(&action);
  if (column && column->what == AlterColumn::What::type) return 1;
  return std::holds_alternative<AddColumn>(action) ? 2 : 3;
}

bool sqlite_can_add(const AddColumn& add) {
  using Kind = Constraint::Kind;
  bool constant = true, filled = false, not_null = add.column.serial;
  for (const Constraint& each : add.column.constraints) {
    if (each.kind == Kind::not_null) not_null = true;
    else if (each.kind == Kind::default_) constant = std::holds_alternative<Literal>(each.expression->node), filled = true;
    else if (each.kind != Kind::null) return false;
  }
  return constant && (filled || !not_null) && !add.column.serial;
}

bool sqlite_can_drop(const DropColumn& drop, const plan::Table& table) {
  const plan::Column* column = table.find_column(drop.column);
  if (!column || drop.cascade) return !column;
  const bool indexed = std::ranges::any_of(table.indexes, [&](const plan::Index& index) {
    return index.predicate || std::ranges::any_of(index.parts, [&](const plan::IndexPart& part) { return part.column == column->name || part.column.empty(); });
  });
  const bool refers = std::ranges::any_of(table.foreign_keys, [&](const plan::ForeignKey& key) {
    return std::ranges::find(key.columns, column->name) != key.columns.end();
  });
  const bool generated = std::ranges::any_of(table.columns, &plan::Column::generated);
  return column->primary_key == 0 && column->sequence.empty() && !indexed && !refers && !generated && table.checks.empty();
}

}  // namespace

bool SchemaBinder::sqlite_can(const AlterAction& action, const plan::Table& table) {
  if (const auto* add = std::get_if<AddColumn>(&action)) return sqlite_can_add(*add);
  if (const auto* drop = std::get_if<DropColumn>(&action)) return sqlite_can_drop(*drop, table);
  return std::holds_alternative<RenameColumn>(action) || std::holds_alternative<RenameTable>(action);
}

std::string SchemaBinder::quoted(std::string_view name) const { return quote_identifier(name, context_.target); }

std::optional<std::string> SchemaBinder::view_over(const plan::Table& table, std::string_view column) const {
  for (const auto* tables : {&context_.schema->tables, &context_.schema->temporary}) {
    for (const auto& [name, view] : *tables) {
      if (!view.view) continue;
      TableText words;
      add_definition(words, "x CHECK (" + view.sql + ")");
      const auto& mentioned = words.columns.front().pieces.front().words;
      const auto holds = [&](std::string_view word) { return std::ranges::find(mentioned, word) != mentioned.end(); };
      if (holds(plan::fold(table.sqlite_name)) && holds(plan::fold(std::string{column}))) return name;
    }
  }
  return std::nullopt;
}

Result<void> SchemaBinder::rebuild(AlterTable& alter, const plan::Table& table) {
  auto text = read_table_text(table.sql);
  if (!text || table.view || table.virtual_table) return unsupported("this form of ALTER TABLE", alter.relation.position);
  TableEdit edit{.before = table, .after = table, .text = std::move(*text), .position = alter.relation.position};
  for (const TablePiece& piece : edit.text.constraints) constraints_.insert(piece_name(piece, table.name));
  for (const TableColumn& column : edit.text.columns) {
    for (const TablePiece& piece : column.pieces) constraints_.insert(piece_name(piece, table.name));
  }
  for (int pass = 0; pass <= 3; ++pass) {
    for (AlterAction& action : alter.actions) {
      if (pass_of(action) != pass) continue;
      CROSSFADE_CHECK(std::visit([&](auto& one) { return edit_action(edit, one); }, action));
    }
  }
  return finish_rebuild(edit);
}

/// The rows as they will be: what the checks read, and what fills the new table.
Result<void> SchemaBinder::finish_rebuild(TableEdit& edit) {
  if (!edit.rewritten && edit.checks.empty()) return {};
  if (edit.text.columns.empty()) return unsupported("a table without columns", edit.position);
  const std::string place = edit.before.temporary ? "temp." : "main.", table = place + quoted(edit.before.sqlite_name);
  std::string names, filled, seen;
  for (const TableColumn& written : edit.text.columns) {
    const auto column = std::ranges::find_if(edit.after.columns, [&](const plan::Column& each) { return plan::fold(each.sqlite_name) == plan::fold(written.name); });
    const bool old = std::ranges::any_of(edit.before.columns, [&](const plan::Column& each) { return each.sqlite_name == column->sqlite_name; });
    const auto value = edit.values.find(column->name);
    const std::string own = quoted(column->sqlite_name);
    if (value == edit.values.end() && !old) continue;  // SQLite fills it
    const std::string text = value == edit.values.end() ? own : value->second;
    seen += (seen.empty() ? "" : ", ") + text + " AS " + own;
    if (column->generated) continue;
    names += (names.empty() ? "" : ", ") + own;
    filled += (filled.empty() ? "" : ", ") + text;
  }
  const bool rowid = !edit.before.without_rowid && std::ranges::none_of(edit.before.columns, [](const plan::Column& column) { return plan::fold(column.sqlite_name) == "rowid"; });
  TableRebuild& made = result_.rebuild.emplace();
  made.table = edit.before.sqlite_name;
  for (TableEdit::Check& check : edit.checks) {
    made.checks.push_back({"SELECT 1 FROM (SELECT " + seen + " FROM " + table + ") AS " + quoted(edit.before.sqlite_name) + " WHERE " + check.condition + " LIMIT 1",
                           std::move(check.error)});
    model::Error& error = made.checks.back().error;
    error.schema = "public";
    error.table = edit.before.name;
  }
  made.dropped_indexes = std::move(edit.dropped_indexes);
  if (!edit.rewritten) return {};
  const std::string fresh = place + std::string{TableRebuild::kNew};
  made.create = edit.text.print(fresh, false);
  made.fill = "INSERT INTO " + fresh + " (" + names + ") SELECT " + filled + " FROM " + table + (rowid ? " ORDER BY rowid" : "");
  return {};
}

Result<void> SchemaBinder::edit_action(TableEdit&, ChangeOwner& owner) {
  const bool own = owner.role == "current_user" || owner.role == "session_user" || owner.role == "current_role" || owner.role == context_.user;
  // A file has no owners: who may connect may do everything.
  return own ? Result<void>{} : refuse("42704"_state, "role \"" + owner.role + "\" does not exist", kNowhere);
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, AddColumn& add) {
  const plan::Table& table = edit.after;
  if (table.find_column(add.column.name)) {
    if (!add.if_not_exists) return refuse("42701"_state, "column \"" + add.column.name + "\" of relation \"" + table.name + "\" already exists", kNowhere);
    note("42701"_state, "column \"" + add.column.name + "\" of relation \"" + table.name + "\" already exists, skipping");
    return {};
  }
  ColumnDefinition& definition = add.column;
  CROSSFADE_TRY(plan::Column column, describe_column(definition, table.name));
  if (column.primary_key > 0 && !table.key().empty()) return refuse("42P16"_state, "multiple primary keys for table \"" + table.name + "\" are not allowed", kNowhere);
  edit.after.columns.push_back(column);
  CROSSFADE_CHECK(bind_column(definition, edit.after));
  plan::Column& added = edit.after.columns.back();
  CROSSFADE_TRY(const std::string text, print(definition, context_.target));
  add_definition(edit.text, text);
  edit.rewritten = true;
  if (const TablePiece* written = edit.text.columns.back().find(TablePiece::Kind::default_)) added.default_sql = written->text.substr(std::string_view{"DEFAULT "}.size());
  Binder binder{context_, {}, 0};
  if (!column.sequence.empty()) {
    CROSSFADE_TRY(edit.values[column.name], print(binder.next_value(column.sequence, column.type), context_.target));
  } else if (!column.generated && !column.serial) {
    CROSSFADE_TRY(const Expression value, binder.default_of(added, edit.after));
    CROSSFADE_TRY(edit.values[column.name], print(value, context_.target));
  }
  for (const Constraint& constraint : definition.constraints) CROSSFADE_CHECK(check_constraint(edit, constraint, column.name));
  if (column.not_null && !column.generated && !column.serial && column.sequence.empty()) check_nulls(edit, column);
  use_sequence(table.name, column);
  result_.type_changes.push_back({TypeChange::Verb::declare, declaration(table.name, column), {}});
  return {};
}

Result<void> SchemaBinder::check_column_dependents(TableEdit& edit, const plan::Column& column, bool cascade) {
  const std::string what = "column " + column.name + " of table " + edit.before.name;
  std::string dependent;
  if (const auto view = view_over(edit.before, column.sqlite_name)) dependent = "view " + *view + " depends on " + what;
  for (const TableColumn& other : edit.text.columns) {
    for (const TablePiece& piece : other.pieces) {
      const bool uses = piece.kind == TablePiece::Kind::generated && plan::fold(other.name) != plan::fold(column.sqlite_name) &&
                        std::ranges::find(piece.words, plan::fold(column.sqlite_name)) != piece.words.end();
      if (uses) dependent = "column " + other.name + " of table " + edit.before.name + " depends on " + what;
    }
  }
  if (!dependent.empty() && cascade) return unsupported("DROP COLUMN … CASCADE of a column that other objects use", edit.position);
  model::Error error{"2BP01"_state, "cannot drop " + what + " because other objects depend on it"};
  if (!dependent.empty()) {
    error.hint = "Use DROP ... CASCADE to drop the dependent objects too.";
    error.detail = dependent;
    return std::unexpected(std::move(error));
  }
  const auto uses = [&](const plan::ForeignKey& key) {
    const bool own = std::ranges::any_of(edit.before.foreign_keys, [&](const plan::ForeignKey& each) { return &each == &key; });
    return !own && key.target_table == edit.before.name &&
           (std::ranges::find(key.target_columns, column.name) != key.target_columns.end() || (key.target_columns.empty() && column.primary_key > 0));
  };
  return drop_references_to(edit, uses, cascade, std::move(error), what);
}

Result<void> SchemaBinder::edit_action(TableEdit& edit, DropColumn& drop) {
  const plan::Column* found = edit.after.find_column(drop.column);
  if (!found && drop.if_exists) {
    note("00000"_state, "column \"" + drop.column + "\" of relation \"" + edit.after.name + "\" does not exist, skipping");
    return {};
  }
  if (!found) return refuse("42703"_state, "column \"" + drop.column + "\" of relation \"" + edit.after.name + "\" does not exist", kNowhere);
  const plan::Column column = *found;
  CROSSFADE_CHECK(check_column_dependents(edit, column, drop.cascade));
  const std::string spelled = plan::fold(column.sqlite_name);
  const auto uses = [&](const TablePiece& piece) { return std::ranges::find(piece.words, spelled) != piece.words.end(); };
  std::erase_if(edit.text.columns, [&](const TableColumn& each) { return plan::fold(each.name) == spelled; });
  std::erase_if(edit.text.constraints, uses);
  for (TableColumn& other : edit.text.columns) {
    std::erase_if(other.pieces, [&](const TablePiece& piece) { return piece.kind == TablePiece::Kind::check && uses(piece); });
  }
  for (const plan::Index& index : edit.before.indexes) {
    if (index.origin != plan::Index::Origin::created) continue;
    TableText words;
    std::string text = index.predicate.value_or("");
    for (const plan::IndexPart& part : index.parts) text += " " + (part.column.empty() ? part.expression : "\"" + part.column + "\"");
    add_definition(words, "x CHECK (" + text + ")");
    if (uses(words.columns.front().pieces.front()) || std::ranges::find(index.parts, column.name, &plan::IndexPart::column) != index.parts.end()) {
      edit.dropped_indexes.push_back(index.name);
    }
  }
  edit.rewritten = true;
  std::erase_if(edit.after.columns, [&](const plan::Column& each) { return each.name == column.name; });
  result_.type_changes.push_back({TypeChange::Verb::forget_column, {.table = edit.before.name, .column = column.name}, {}});
  if (!column.sequence.empty()) forget_sequences(edit.before.name, column.name);
  return {};
}

}  // namespace crossfade::sql
