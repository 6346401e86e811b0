#include "sqlite_journal.hpp"

#include <algorithm>
#include <array>

#include "crossfade/plan/plan.hpp"
#include "rebind_columns.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::array<std::string_view, 3> kBuiltInCollations{"BINARY", "NOCASE", "RTRIM"};

bool same_name(std::string_view a, std::string_view b) { return plan::fold(a) == plan::fold(b); }

const plan::Column* find_sqlite_column(const plan::Table& table, std::string_view name) {
  const auto found = std::ranges::find_if(table.columns, [&](const plan::Column& c) { return same_name(c.sqlite_name, name); });
  return found == table.columns.end() ? nullptr : &*found;
}

/// NEW."id", NEW."n" … of the key.
std::string key_values(const plan::Table& table, std::string_view row) {
  std::string out;
  for (const plan::Column* column : table.key()) {
    if (!out.empty()) out += ", ";
    out += row;
    if (!row.empty()) out += '.';
    out += quote_sqlite(column->sqlite_name);
  }
  return out;
}

std::string journal_columns(const plan::Table& table) {
  std::string out = "t";
  for (std::size_t i = 1; i <= table.key().size(); ++i) out += ", k" + std::to_string(i);
  return out + ", nonce";
}

std::string note(const plan::Table& table, std::string_view row) {
  return "INSERT INTO crossfade_journal (" + journal_columns(table) + ") VALUES (" + quote_sqlite_literal(table.sqlite_name) +
         ", " + key_values(table, row) + ", random());";
}

/// The old key, when the change gave the row another one; bytewise, whatever the column's collation is.
std::string note_old_key(const plan::Table& table) {
  std::string changed;
  for (const plan::Column* column : table.key()) {
    const std::string name = quote_sqlite(column->sqlite_name);
    if (!changed.empty()) changed += " OR ";
    changed += "OLD." + name + " IS NOT NEW." + name + " COLLATE BINARY";
  }
  return "INSERT INTO crossfade_journal (" + journal_columns(table) + ") SELECT " + quote_sqlite_literal(table.sqlite_name) +
         ", " + key_values(table, "OLD") + ", random() WHERE " + changed + ";";
}

/// NEW's NULL is replaced by the default where REPLACE would do so: in a NOT NULL column.
std::string new_value(const plan::Column& column) {
  const std::string value = "NEW." + quote_sqlite(column.sqlite_name);
  if (!column.not_null || !column.default_sql) return value;
  return "coalesce(" + value + ", (" + *column.default_sql + "))";
}

/// The columns that an UPDATE must set before it can displace on this index; empty: any column may.
std::string update_columns(const plan::Table& table, const plan::Index& index) {
  if (index.predicate) return {};
  std::string out;
  for (const plan::IndexPart& part : index.parts) {
    const plan::Column* column = table.find_column(part.column);
    if (!column || column->generated) return {};
    out += (out.empty() ? " OF " : ", ") + quote_sqlite(column->sqlite_name);
  }
  return out;
}

/// The row itself, found again on its own index by an UPDATE, is noted by the AFTER trigger if anything changes.
std::string other_row(const plan::Table& table) {
  std::string same;
  for (const plan::Column* column : table.key()) {
    const std::string name = quote_sqlite(column->sqlite_name);
    if (!same.empty()) same += " AND ";
    same += name + " IS OLD." + name + " COLLATE BINARY";
  }
  return " AND NOT (" + same + ")";
}

model::Result<void> check_collations(const plan::Table& table, const plan::Index& index) {
  for (const plan::IndexPart& part : index.parts) {
    const bool known = std::ranges::any_of(kBuiltInCollations, [&](std::string_view name) { return same_name(name, part.collation); });
    if (known) continue;
    return model::fail("0A000"_state, "table \"" + table.name + "\" cannot be mirrored: unique index \"" + index.name +
                                          "\" uses collation \"" + part.collation + "\"",
                       "The journal's triggers run inside every program that writes the file; only SQLite's own collations are there.");
  }
  return {};
}

/// SQLite's own name of the rowid that no column hides; empty when all three are columns, or when the table has none.
std::string_view hidden_rowid(const plan::Table& table) {
  if (table.without_rowid || table.rowid_alias()) return {};
  for (const std::string_view name : {"_rowid_", "rowid", "oid"}) {
    if (!find_sqlite_column(table, name)) return name;
  }
  return {};
}

SqliteTrigger trigger(const plan::Table& table, const std::string& suffix, std::string_view event, const std::string& body) {
  std::string name = "crossfade_" + table.sqlite_name + "_" + suffix;
  std::string sql = "CREATE TRIGGER " + quote_sqlite(name) + " " + std::string(event) + " ON " + quote_sqlite(table.sqlite_name) +
                    " BEGIN " + body + " END";
  return {std::move(name), table.sqlite_name, std::move(sql)};
}

}  // namespace

std::string quote_sqlite(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

std::string quote_sqlite_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

std::vector<const plan::Table*> mirrored_tables(const plan::Schema& schema) {
  std::vector<const plan::Table*> out;
  for (const auto& [name, table] : schema.tables) {
    if (!table.view && !table.virtual_table && !table.temporary) out.push_back(&table);
  }
  return out;
}

std::size_t journal_keys(const plan::Schema& schema) {
  std::size_t most = 1;
  for (const plan::Table* table : mirrored_tables(schema)) most = std::max(most, table->key().size());
  return most;
}

std::string journal_table_sql(std::size_t keys) {
  std::string out = "CREATE TABLE crossfade_journal (seq INTEGER PRIMARY KEY, t";
  for (std::size_t i = 1; i <= keys; ++i) out += ", k" + std::to_string(i);
  return out + ", nonce)";
}

std::string displaced_rows(const plan::Table& table, const plan::Index& index, const ValueText& value_of) {
  const ColumnText rebound = [&](std::string_view name) -> std::optional<std::string> {
    const plan::Column* column = find_sqlite_column(table, name);
    if (!column) return std::nullopt;
    return value_of(*column);
  };
  std::string where = index.predicate ? "(" + *index.predicate + ")" : "";
  for (const plan::IndexPart& part : index.parts) {
    if (!where.empty()) where += " AND ";
    const plan::Column* column = table.find_column(part.column);
    const std::string stored = column ? quote_sqlite(column->sqlite_name) : "(" + part.expression + ")";
    const std::string wanted = column ? value_of(*column) : "(" + rebind_columns(part.expression, rebound) + ")";
    where += stored + " = " + wanted + " COLLATE " + part.collation;
  }
  return " FROM " + quote_sqlite(table.sqlite_name) + " WHERE " + where;
}

std::vector<const plan::Index*> displacing_indexes(const plan::Table& table) {
  std::vector<const plan::Index*> out;
  for (const plan::Index& index : table.indexes) {
    if (!index.unique) continue;
    const bool bytewise = std::ranges::all_of(index.parts, [](const plan::IndexPart& p) { return same_name(p.collation, "BINARY"); });
    if (index.origin == plan::Index::Origin::primary_key && bytewise) continue;
    out.push_back(&index);
  }
  return out;
}

model::Result<std::vector<SqliteTrigger>> journal_triggers(const plan::Table& table) {
  if (table.key().empty()) {
    return model::fail("0A000"_state, "table \"" + table.name + "\" cannot be mirrored: it has no primary key",
                       "VACUUM renumbers the rows of such a table, so that none of its keys lasts.",
                       "Give the table a primary key.");
  }
  std::vector<SqliteTrigger> out;
  std::size_t number = 0;
  for (const plan::Index* index : displacing_indexes(table)) {
    CROSSFADE_CHECK(check_collations(table, *index));
    const std::string insert = "INSERT INTO crossfade_journal (" + journal_columns(table) + ") SELECT " +
                               quote_sqlite_literal(table.sqlite_name) + ", " + key_values(table, "") + ", random()" +
                               displaced_rows(table, *index, new_value);
    const std::string suffix = std::to_string(++number);
    out.push_back(trigger(table, "before_insert_" + suffix, "BEFORE INSERT", insert + ";"));
    out.push_back(trigger(table, "before_update_" + suffix, "BEFORE UPDATE" + update_columns(table, *index),
                          insert + other_row(table) + ";"));
  }
  if (const std::string rowid(hidden_rowid(table)); !rowid.empty()) {  // INSERT OR REPLACE INTO t (rowid, …)
    const std::string found = "INSERT INTO crossfade_journal (" + journal_columns(table) + ") SELECT " +
                              quote_sqlite_literal(table.sqlite_name) + ", " + key_values(table, "") + ", random() FROM " +
                              quote_sqlite(table.sqlite_name) + " WHERE " + rowid + " = NEW." + rowid;
    out.push_back(trigger(table, "before_insert_rowid", "BEFORE INSERT", found + ";"));
    out.push_back(trigger(table, "before_update_rowid", "BEFORE UPDATE", found + " AND " + rowid + " <> OLD." + rowid + ";"));
  }
  out.push_back(trigger(table, "insert", "AFTER INSERT", note(table, "NEW")));
  out.push_back(trigger(table, "delete", "AFTER DELETE", note(table, "OLD")));
  out.push_back(trigger(table, "update", "AFTER UPDATE", note(table, "NEW") + " " + note_old_key(table)));
  return out;
}

std::string note_all_sql(const plan::Table& table) {
  return "INSERT INTO main.crossfade_journal (" + journal_columns(table) + ") SELECT " + quote_sqlite_literal(table.sqlite_name) + ", " +
         key_values(table, "") + ", random() FROM main." + quote_sqlite(table.sqlite_name);
}

std::vector<SqliteTrigger> guard_triggers(const plan::Table& table) {
  const std::string body = "SELECT RAISE(ABORT, 'handed over to PostgreSQL: this file takes no writes (crossfade)');";
  std::vector<SqliteTrigger> out;
  for (const std::string_view event : {"insert", "update", "delete"}) {
    SqliteTrigger one = trigger(table, "guard_" + std::string(event), "BEFORE " + std::string(event), body);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace crossfade::migrate
