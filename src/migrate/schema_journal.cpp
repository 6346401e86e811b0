#include "schema_journal.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/sql/kept_default.hpp"
#include "follow_plan.hpp"
#include "sqlite_journal.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

using Verb = sql::TypeChange::Verb;
/// Name and text of a trigger.
using Triggers = std::set<std::pair<std::string, std::string>>;

model::Result<void> set_names(sqlite::Connection& file, std::string_view sql, const std::vector<model::StorageValue>& values) {
  CROSSFADE_TRY(sqlite::Statement statement, file.prepare(sql));
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

/// Entries of this transaction name the table as it was called then.
model::Result<void> rename_entries(sqlite::Connection& file, const plan::Plan& before, const sql::Translated& statement) {
  for (const sql::TypeChange& change : statement.type_changes) {
    if (change.verb != Verb::rename_table) continue;
    const plan::PlannedTable* known = before.find(change.declared.table);
    const std::string from = known ? known->source : change.declared.table;
    CROSSFADE_CHECK(set_names(file, "UPDATE main.crossfade_journal SET t = ?2 WHERE t = ?1", {from, change.new_name}));
  }
  return {};
}

/// Entries of tables that are gone name nothing. They stay: the newest is never taken out.
model::Result<void> forget_entries(sqlite::Connection& file, const std::vector<const plan::Table*>& tables) {
  std::string names;
  for (const plan::Table* table : tables) names += (names.empty() ? "" : ", ") + quote_sqlite_literal(table->sqlite_name);
  return file.execute("UPDATE main.crossfade_journal SET t = NULL WHERE t IS NOT NULL AND t NOT IN (" + names + ")");
}

/// As many key columns as the longest key has.
model::Result<void> widen_journal(sqlite::Connection& file, std::size_t keys) {
  CROSSFADE_TRY(const auto count, file.value("SELECT count(*) FROM pragma_table_info('crossfade_journal') WHERE name GLOB 'k[0-9]*'"));
  for (auto have = static_cast<std::size_t>(std::get<std::int64_t>(count)); have < keys; ++have)
    CROSSFADE_CHECK(file.execute("ALTER TABLE main.crossfade_journal ADD COLUMN k" + std::to_string(have + 1)));
  return {};
}

/// Our journal's triggers, by their table in lower case.
model::Result<std::map<std::string, Triggers>> standing_triggers(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto rows, file.query("SELECT tbl_name, name, sql FROM main.sqlite_schema WHERE type = 'trigger' AND substr(name, 1, 10) = 'crossfade_' "
                                            "AND substr(sql, -18) <> '(crossfade)''); END'"));
  std::map<std::string, Triggers> out;
  for (const sqlite::StorageRow& row : rows) out[plan::fold(std::get<std::string>(row[0]))].emplace(std::get<std::string>(row[1]), std::get<std::string>(row[2]));
  return out;
}

/// Did the statement write the table's rows anew, with other values?
bool rewrote(const sql::Translated& statement, const plan::Table& table) {
  if (!statement.rebuild || statement.rebuild->create.empty() || plan::fold(statement.rebuild->table) != plan::fold(table.sqlite_name)) return false;
  return std::ranges::any_of(statement.type_changes, [](const sql::TypeChange& change) { return change.verb == Verb::declare; });
}

/// Did it give the rows that are there a moment that PostgreSQL reads from its own clock (DEFAULT 'now', 'today')?
bool may_read_clock(const sql::Translated& statement, const plan::Table& table) {
  constexpr std::array kMoments{model::oid::date, model::oid::time, model::oid::timetz, model::oid::timestamp, model::oid::timestamptz};
  if (statement.kind == sql::Kind::create_table) return false;
  return std::ranges::any_of(statement.type_changes, [&](const sql::TypeChange& change) {
    const plan::Column* column = change.verb == Verb::declare && change.declared.table == table.name ? table.find_column(change.declared.column) : nullptr;
    return column != nullptr && column->default_sql &&
           (std::ranges::find(kMoments, model::element_of(column->type).value_or(column->type).oid) != kMoments.end() || sql::kept_default_of(*column->default_sql));
  });
}

model::Result<void> renew_table(sqlite::Connection& file, const plan::Table& table, const Triggers& standing, const sql::Translated& statement) {
  Triggers wanted;
  if (!table.key().empty()) {
    CROSSFADE_TRY(const std::vector<SqliteTrigger> triggers, journal_triggers(table));
    for (const SqliteTrigger& trigger : triggers) wanted.emplace(trigger.name, trigger.sql);
  }
  if (wanted != standing) {
    for (const auto& [name, sql] : standing) CROSSFADE_CHECK(file.execute("DROP TRIGGER main." + quote_sqlite(name)));
    if (!wanted.empty()) CROSSFADE_CHECK(install_triggers(file, table));
  }
  const bool anew = standing.empty() || (statement.rebuild && wanted != standing && plan::fold(statement.rebuild->table) == plan::fold(table.sqlite_name));
  if (wanted.empty() || !(anew || writes_rows(statement, table))) return {};
  return file.execute(note_all_sql(table));
}

}  // namespace

bool writes_rows(const sql::Translated& statement, const plan::Table& table) { return rewrote(statement, table) || may_read_clock(statement, table); }

model::Result<void> follow_schema_change(sqlite::Connection& file, const sql::Translated& statement) {
  CROSSFADE_TRY(std::optional<plan::Plan> before, stored_plan(file));
  if (!before) return model::fail("55000"_state, "the file has no stored plan");
  CROSSFADE_TRY(plan::Plan plan, without_gone(file, follow_changes(*before, statement.type_changes, NewColumns::added)));
  CROSSFADE_TRY(const plan::Schema schema, sqlite::read_schema(file, &plan));
  plan = with_new(std::move(plan), schema);
  CROSSFADE_CHECK(store_plan(file, plan));
  CROSSFADE_CHECK(rename_entries(file, *before, statement));
  const std::vector<const plan::Table*> tables = mirrored_tables(schema);
  CROSSFADE_CHECK(forget_entries(file, tables));
  CROSSFADE_CHECK(widen_journal(file, journal_keys(schema)));
  CROSSFADE_TRY(const auto standing, standing_triggers(file));
  for (const plan::Table* table : tables) {
    const auto own = standing.find(plan::fold(table->sqlite_name));
    CROSSFADE_CHECK(renew_table(file, *table, own == standing.end() ? Triggers{} : own->second, statement));
  }
  return {};
}

}  // namespace crossfade::migrate
