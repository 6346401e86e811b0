#include "sqlite_state.hpp"

#include "sqlite_journal.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::string_view kStateTable =
    "CREATE TABLE IF NOT EXISTS crossfade_state (one INTEGER PRIMARY KEY CHECK (one = 1), stage TEXT NOT NULL, epoch INTEGER NOT NULL, "
    "since INTEGER NOT NULL, handing_over INTEGER NOT NULL, file_id TEXT NOT NULL)";

/// Every stage that the pair has stood in. `held`: microseconds for which clients were kept waiting.
constexpr std::string_view kHistoryTable =
    "CREATE TABLE IF NOT EXISTS crossfade_history (epoch INTEGER PRIMARY KEY, at INTEGER NOT NULL, stage_from TEXT NOT NULL, stage_to TEXT NOT NULL, held INTEGER)";

/// What a change of makes the mirror stop: tables and indexes of the file, and our journal's triggers. (Views and the application's own
/// triggers change no row without ours seeing it; the guard comes and goes with the stage.)
constexpr std::string_view kWatched =
    "SELECT type, name, tbl_name, coalesce(sql, '') AS sql FROM main.sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_' AND ("
    "(type IN ('table', 'index') AND (substr(name, 1, 10) <> 'crossfade_' OR name = 'crossfade_journal')) OR "
    "(type = 'trigger' AND substr(name, 1, 10) = 'crossfade_' AND substr(sql, -18) <> '(crossfade)''); END'))";

model::Result<bool> has_table(sqlite::Connection& connection, std::string_view name) {
  const std::vector<model::StorageValue> parameters{std::string(name)};
  CROSSFADE_TRY(const model::StorageValue found,
                connection.value("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?1", parameters));
  return !std::holds_alternative<model::Null>(found);
}

model::Result<void> drop_triggers(sqlite::Connection& connection, std::string_view condition) {
  CROSSFADE_TRY(const auto names,
                connection.query("SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND substr(name, 1, 10) = 'crossfade_'" +
                                 std::string(condition)));
  for (const sqlite::StorageRow& row : names) {
    CROSSFADE_CHECK(connection.execute("DROP TRIGGER main." + quote_sqlite(std::get<std::string>(row[0]))));
  }
  return {};
}

std::int64_t integer(const model::StorageValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number ? *number : 0;
}

/// The displaced rows must be found by seeking on the index: this runs with every write of every program.
model::Result<void> check_seeks(sqlite::Connection& connection, const plan::Table& table) {
  for (const plan::Index* index : displacing_indexes(table)) {
    const ValueText parameter = [&](const plan::Column& column) {
      return "?" + std::to_string(&column - table.columns.data() + 1);
    };
    CROSSFADE_TRY(sqlite::Statement steps, connection.prepare("EXPLAIN QUERY PLAN SELECT 1" + displaced_rows(table, *index, parameter)));
    bool seeks = false;
    while (true) {
      CROSSFADE_TRY(const bool more, steps.step());
      if (!more) break;
      const model::StorageValue detail = steps.column(3);
      const auto* text = std::get_if<std::string>(&detail);
      seeks |= text && text->starts_with("SEARCH");
    }
    if (seeks) continue;
    return model::fail("0A000"_state, "table \"" + table.name + "\" cannot be mirrored: SQLite does not use unique index \"" +
                                          index->name + "\" to look a row up",
                       "Every INSERT and UPDATE would read the whole table.");
  }
  return {};
}

/// Before the state is written, in its transaction. A stage that is written again is the same line; a switch that was called off came to none.
model::Result<void> note_stage(sqlite::Connection& connection, const StageState& at) {
  CROSSFADE_CHECK(connection.execute(kHistoryTable));
  CROSSFADE_TRY(sqlite::Statement statement,
                connection.prepare("INSERT OR IGNORE INTO crossfade_history (epoch, at, stage_from, stage_to) "
                                   "SELECT ?1, ?2, stage, ?3 FROM (SELECT coalesce((SELECT stage FROM crossfade_state), 'sqlite') AS stage) WHERE stage <> ?3"));
  const std::vector<model::StorageValue> values{at.epoch, at.since_micros, std::string(to_string(at.stage))};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

}  // namespace

model::Result<std::optional<FileState>> read_file_state(sqlite::Connection& connection) {
  CROSSFADE_TRY(const bool there, has_table(connection, "crossfade_state"));
  if (!there) return std::nullopt;
  CROSSFADE_TRY(const auto rows, connection.query("SELECT stage, epoch, since, handing_over, file_id FROM crossfade_state"));
  if (rows.empty()) return std::nullopt;
  const sqlite::StorageRow& row = rows.front();
  const auto* name = std::get_if<std::string>(&row[0]);
  const std::optional<Stage> stage = name ? parse_stage(*name) : std::nullopt;
  if (!stage) return model::fail("XX001"_state, "crossfade_state in the file names no stage that this program knows");
  const auto* id = std::get_if<std::string>(&row[4]);
  return FileState{{{*stage, integer(row[1]), integer(row[2])}, integer(row[3]) != 0}, id ? *id : std::string()};
}

model::Result<void> write_file_state(sqlite::Connection& connection, const SideState& side) {
  CROSSFADE_CHECK(connection.execute(kStateTable));
  if (!side.handing_over) CROSSFADE_CHECK(note_stage(connection, side.at));
  CROSSFADE_TRY(sqlite::Statement statement,
                connection.prepare("INSERT INTO crossfade_state (one, stage, epoch, since, handing_over, file_id) "
                                   "VALUES (1, ?1, ?2, ?3, ?4, '') ON CONFLICT (one) DO UPDATE SET stage = excluded.stage, "
                                   "epoch = excluded.epoch, since = excluded.since, handing_over = excluded.handing_over"));
  const std::vector<model::StorageValue> values{std::string(to_string(side.at.stage)), side.at.epoch, side.at.since_micros,
                                                static_cast<std::int64_t>(side.handing_over)};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

model::Result<void> install_triggers(sqlite::Connection& connection, const plan::Table& table) {
  CROSSFADE_TRY(const std::vector<SqliteTrigger> triggers, journal_triggers(table));
  CROSSFADE_CHECK(check_seeks(connection, table));
  for (const SqliteTrigger& trigger : triggers) CROSSFADE_CHECK(connection.execute(trigger.sql));
  return {};
}

model::Result<void> renew_baseline(sqlite::Connection& connection) {
  return connection.execute("DROP TABLE IF EXISTS main.crossfade_baseline; CREATE TABLE main.crossfade_baseline AS " + std::string(kWatched));
}

model::Result<void> install_journal(sqlite::Connection& connection, const plan::Schema& schema, const StageState& at) {
  CROSSFADE_CHECK(remove_journal(connection));
  CROSSFADE_CHECK(connection.execute(journal_table_sql(journal_keys(schema))));
  for (const plan::Table* table : mirrored_tables(schema)) CROSSFADE_CHECK(install_triggers(connection, *table));
  CROSSFADE_CHECK(connection.execute("CREATE TABLE IF NOT EXISTS crossfade_quarantine (t TEXT NOT NULL, row_key TEXT NOT NULL, "
                                     "column_name TEXT, reason TEXT NOT NULL)"));
  CROSSFADE_CHECK(connection.execute("INSERT INTO crossfade_journal (t, nonce) VALUES (NULL, random())"));
  CROSSFADE_CHECK(renew_baseline(connection));
  CROSSFADE_CHECK(write_file_state(connection, {at, false}));
  return connection.execute("UPDATE crossfade_state SET file_id = lower(hex(randomblob(16)))");
}

model::Result<void> remove_journal(sqlite::Connection& connection) {
  CROSSFADE_CHECK(drop_triggers(connection, ""));
  return connection.execute("DROP TABLE IF EXISTS main.crossfade_journal; DROP TABLE IF EXISTS main.crossfade_baseline; "
                            "DROP TABLE IF EXISTS main.crossfade_schema_change; DROP TABLE IF EXISTS main.crossfade_schema_back");
}

model::Result<void> raise_file_guard(sqlite::Connection& connection, const plan::Schema& schema) {
  CROSSFADE_CHECK(drop_file_guard(connection));
  for (const plan::Table* table : mirrored_tables(schema)) {
    for (const SqliteTrigger& trigger : guard_triggers(*table)) CROSSFADE_CHECK(connection.execute(trigger.sql));
  }
  return {};
}

model::Result<void> drop_file_guard(sqlite::Connection& connection) {
  return drop_triggers(connection, " AND substr(sql, -18) = '(crossfade)''); END'");
}

model::Result<void> record_forced(sqlite::Connection& connection, const Forced& forced) {
  CROSSFADE_CHECK(connection.execute("CREATE TABLE IF NOT EXISTS crossfade_forced (at INTEGER NOT NULL, stage_from TEXT NOT NULL, "
                                     "stage_to TEXT NOT NULL, epoch INTEGER NOT NULL, gates TEXT NOT NULL)"));
  CROSSFADE_TRY(sqlite::Statement statement,
                connection.prepare("INSERT INTO crossfade_forced (at, stage_from, stage_to, epoch, gates) VALUES (?1, ?2, ?3, ?4, ?5)"));
  const std::vector<model::StorageValue> values{forced.at_micros, std::string(to_string(forced.from)), std::string(to_string(forced.to)),
                                                forced.epoch, forced.gates};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

model::Result<std::vector<Forced>> read_forced(sqlite::Connection& connection) {
  std::vector<Forced> out;
  CROSSFADE_TRY(const bool there, has_table(connection, "crossfade_forced"));
  if (!there) return out;
  CROSSFADE_TRY(const auto rows, connection.query("SELECT at, stage_from, stage_to, epoch, gates FROM crossfade_forced ORDER BY at"));
  for (const sqlite::StorageRow& row : rows) {
    const auto text = [&row](std::size_t column) {
      const auto* found = std::get_if<std::string>(&row[column]);
      return found ? *found : std::string();
    };
    out.push_back({integer(row[0]), parse_stage(text(1)).value_or(Stage::sqlite), parse_stage(text(2)).value_or(Stage::sqlite), integer(row[3]), text(4)});
  }
  return out;
}

model::Result<void> note_held(sqlite::Connection& connection, std::int64_t epoch, std::chrono::microseconds held) {
  CROSSFADE_TRY(sqlite::Statement statement, connection.prepare("UPDATE crossfade_history SET held = ?2 WHERE epoch = ?1"));
  const std::vector<model::StorageValue> values{epoch, held.count()};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

model::Result<std::vector<StageChange>> read_history(sqlite::Connection& connection) {
  std::vector<StageChange> out;
  CROSSFADE_TRY(const bool there, has_table(connection, "crossfade_history"));
  if (!there) return out;
  CROSSFADE_TRY(const auto rows, connection.query("SELECT epoch, at, stage_from, stage_to, held FROM crossfade_history ORDER BY epoch"));
  for (const sqlite::StorageRow& row : rows) {
    const auto stage = [&row](std::size_t column) {
      const auto* name = std::get_if<std::string>(&row[column]);
      return (name ? parse_stage(*name) : std::nullopt).value_or(Stage::sqlite);
    };
    const auto* held = std::get_if<std::int64_t>(&row[4]);
    out.push_back({integer(row[1]), stage(2), stage(3), integer(row[0]), held ? std::optional(std::chrono::microseconds(*held)) : std::nullopt});
  }
  return out;
}

model::Result<std::vector<std::string>> changed_objects(sqlite::Connection& connection) {
  const std::string watched(kWatched);
  const std::string baseline = "SELECT type, name, tbl_name, sql FROM crossfade_baseline";
  CROSSFADE_TRY(const bool there, has_table(connection, "crossfade_baseline"));
  if (!there) return std::vector<std::string>{"the mirror's own tables"};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT DISTINCT type || ' ' || name FROM (SELECT * FROM (" + watched + " EXCEPT " + baseline +
                                                  ") UNION ALL SELECT * FROM (" + baseline + " EXCEPT " + watched + ")) ORDER BY 1"));
  std::vector<std::string> out;
  for (const sqlite::StorageRow& row : rows) out.push_back(std::get<std::string>(row[0]));
  return out;
}

model::Result<JournalEntry> newest_entry(sqlite::Connection& connection) {
  CROSSFADE_TRY(const auto rows, connection.query("SELECT seq, nonce FROM crossfade_journal ORDER BY seq DESC LIMIT 1"));
  if (rows.empty()) return model::fail("XX001"_state, "the journal in the file is empty: somebody deleted from crossfade_journal");
  return JournalEntry{integer(rows[0][0]), integer(rows[0][1])};
}

model::Result<std::optional<JournalEntry>> entry_at(sqlite::Connection& connection, std::int64_t seq) {
  const std::vector<model::StorageValue> parameters{seq};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT seq, nonce FROM crossfade_journal WHERE seq = ?1", parameters));
  if (rows.empty()) return std::nullopt;
  return JournalEntry{integer(rows[0][0]), integer(rows[0][1])};
}

model::Result<void> prune_journal(sqlite::Connection& connection, std::int64_t watermark) {
  CROSSFADE_TRY(sqlite::Statement statement,
                connection.prepare("DELETE FROM crossfade_journal WHERE seq < ?1"));
  CROSSFADE_CHECK(statement.bind(1, watermark));
  return statement.run();
}

model::Result<void> mark_dirty(sqlite::Connection& connection, const plan::Table& table, const sqlite::StorageRow& key) {
  std::string columns = "t", values = "?1";
  std::vector<model::StorageValue> parameters{table.sqlite_name};
  for (const model::StorageValue& part : key) {
    parameters.push_back(part);
    columns += ", k" + std::to_string(parameters.size() - 1);
    values += ", ?" + std::to_string(parameters.size());
  }
  CROSSFADE_TRY(sqlite::Statement statement, connection.prepare("INSERT INTO crossfade_journal (" + columns + ", nonce) VALUES (" +
                                                                values + ", random())"));
  CROSSFADE_CHECK(statement.bind_all(parameters));
  return statement.run();
}

}  // namespace crossfade::migrate
