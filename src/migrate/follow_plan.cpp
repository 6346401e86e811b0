#include "follow_plan.hpp"

#include <algorithm>

#include "sqlite_journal.hpp"

namespace crossfade::migrate {

namespace {

using Verb = sql::TypeChange::Verb;

plan::PlannedTable* planned(plan::Plan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.tables, name, &plan::PlannedTable::name);
  return found == plan.tables.end() ? nullptr : &*found;
}

void declare(plan::PlannedTable& table, const plan::Declared& declared, NewColumns fresh) {
  const auto found = std::ranges::find(table.columns, declared.column, &plan::PlannedColumn::name);
  if (!declared.named.empty()) {  // its declaration in the file knows more than a plan could say
    if (found != table.columns.end()) table.columns.erase(found);
    return;
  }
  plan::PlannedColumn column{.name = declared.column, .source = declared.column, .type = declared.type, .form = declared.form, .zone = {}, .note = "declared through Crossfade"};
  if (found == table.columns.end()) {
    if (fresh == NewColumns::added) table.columns.push_back(std::move(column));
    return;
  }
  column.source = found->source;
  *found = std::move(column);
}

void rename_column(plan::PlannedTable& table, const std::string& from, const std::string& to) {
  for (plan::PlannedColumn& column : table.columns) {
    if (column.name == from) column.name = column.source = to;
  }
}

void follow_change(plan::Plan& plan, const sql::TypeChange& change, NewColumns fresh) {
  plan::PlannedTable* const table = planned(plan, change.declared.table);
  if (change.temporary || table == nullptr) return;
  switch (change.verb) {
    case Verb::declare: return declare(*table, change.declared, fresh);
    case Verb::forget_table: std::erase_if(plan.tables, [&](const plan::PlannedTable& each) { return &each == table; }); return;
    case Verb::forget_column: std::erase_if(table->columns, [&](const plan::PlannedColumn& column) { return column.name == change.declared.column; }); return;
    case Verb::rename_table: table->name = table->source = change.new_name; return;
    case Verb::rename_column: return rename_column(*table, change.declared.column, change.new_name);
    case Verb::delete_rows_on_commit:
    case Verb::drop_on_commit: return;
  }
}

bool left_to_declaration(const plan::Column* column) { return model::enumeration_of(column->type).has_value() || !column->domain.empty(); }

plan::PlannedTable new_table(const plan::Table& table) {
  plan::PlannedTable out{.name = table.name, .source = table.sqlite_name, .columns = {}, .key = {}, .untranslated = {}};
  for (const plan::Column& column : table.columns) {
    if (left_to_declaration(&column)) continue;
    out.columns.push_back({.name = column.name, .source = column.sqlite_name, .type = column.type, .form = column.form, .zone = {}, .note = "declared through Crossfade"});
  }
  return out;
}

}  // namespace

plan::Plan follow_changes(plan::Plan plan, std::span<const sql::TypeChange> changes, NewColumns fresh) {
  for (const sql::TypeChange& change : changes) follow_change(plan, change, fresh);
  return plan;
}

model::Result<plan::Plan> without_gone(sqlite::Connection& file, plan::Plan plan) {
  for (plan::PlannedTable& table : plan.tables) {
    const std::vector<model::StorageValue> name{table.source};
    CROSSFADE_TRY(const auto rows, file.query("SELECT name FROM pragma_table_xinfo(?1, 'main')", name));
    std::erase_if(table.columns, [&](const plan::PlannedColumn& column) {
      return std::ranges::none_of(rows, [&](const sqlite::StorageRow& row) { return plan::fold(std::get<std::string>(row[0])) == plan::fold(column.source); });
    });
    if (rows.empty()) table.source.clear();
  }
  std::erase_if(plan.tables, [](const plan::PlannedTable& table) { return table.source.empty(); });
  return plan;
}

plan::Plan with_new(plan::Plan plan, const plan::Schema& schema) {
  for (const plan::Table* table : mirrored_tables(schema)) {
    const auto key = table->key();
    plan::PlannedTable* known = planned(plan, table->name);
    const bool left = std::ranges::any_of(key, left_to_declaration);
    if (known == nullptr && left) continue;
    if (known == nullptr) known = &plan.tables.emplace_back(new_table(*table));
    known->key.clear();
    if (left) continue;
    for (const plan::Column* column : key) known->key.push_back(column->name);
  }
  return plan;
}

}  // namespace crossfade::migrate
