#include "tombstone.hpp"

#include "sqlite_state.hpp"
#include "walk.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::string_view kTombstoneTable =
    "CREATE TABLE crossfade_tombstone (one INTEGER PRIMARY KEY CHECK (one = 1), target TEXT NOT NULL, dbname TEXT NOT NULL, "
    "system TEXT NOT NULL, finished INTEGER NOT NULL)";

/// Ours, on any table: a table may have been renamed or made since.
constexpr std::string_view kOurTriggers =
    "SELECT quote_ident(t.tgname) || ' ON ' || t.tgrelid::regclass::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'crossfade' AND NOT t.tgisinternal ORDER BY 1";

std::string text_of(const model::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : std::string();
}

std::string text_of(const model::StorageValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : std::string();
}

}  // namespace

model::Result<std::optional<Tombstone>> read_tombstone(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto there, file.query("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'crossfade_tombstone'"));
  if (there.empty()) return std::nullopt;
  CROSSFADE_TRY(const auto rows, file.query("SELECT target, dbname, system, finished FROM crossfade_tombstone"));
  if (rows.empty()) return std::nullopt;
  const auto* finished = std::get_if<std::int64_t>(&rows[0][3]);
  return Tombstone{text_of(rows[0][0]), text_of(rows[0][1]), text_of(rows[0][2]), finished ? *finished : 0};
}

model::Result<void> bury_file(sqlite::Connection& file, const plan::Schema& schema, const Tombstone& tombstone) {
  CROSSFADE_CHECK(remove_journal(file));  // and every trigger of ours with it
  CROSSFADE_CHECK(raise_file_guard(file, schema));
  CROSSFADE_CHECK(file.execute("DROP TABLE IF EXISTS main.crossfade_plan; DROP TABLE IF EXISTS main.crossfade_quarantine; DROP TABLE IF EXISTS main.crossfade_canary; "
                               "DROP TABLE IF EXISTS main.crossfade_tombstone"));
  CROSSFADE_CHECK(file.execute(kTombstoneTable));
  CROSSFADE_TRY(sqlite::Statement statement, file.prepare("INSERT INTO crossfade_tombstone (one, target, dbname, system, finished) "
                                                          "VALUES (1, ?1, ?2, ?3, ?4)"));
  const std::vector<model::StorageValue> values{tombstone.target, tombstone.database, tombstone.system, tombstone.finished_micros};
  CROSSFADE_CHECK(statement.bind_all(values));
  return statement.run();
}

model::Result<Tombstone> tombstone_for(postgres::Connection& target, const std::string& shown) {
  Tombstone tombstone{.target = shown, .database = {}, .system = {}};
  CROSSFADE_TRY(const model::Value database, target.value("SELECT current_database()::text"));
  tombstone.database = text_of(database);
  CROSSFADE_TRY(const model::Value may, target.value("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')"));
  if (const auto* yes = std::get_if<bool>(&may); yes && *yes) {
    CROSSFADE_TRY(const model::Value system, target.value("SELECT system_identifier::text FROM pg_control_system()"));
    tombstone.system = text_of(system);
  }
  return tombstone;
}

model::Result<void> check_tombstone(const Tombstone& tombstone, postgres::Connection& target) {
  CROSSFADE_TRY(const Tombstone here, tombstone_for(target, {}));
  const bool other_system = !here.system.empty() && !tombstone.system.empty() && here.system != tombstone.system;
  if (here.database == tombstone.database && !other_system) return {};
  return model::fail("55000"_state, "this file was finished, and its data went to another PostgreSQL database",
                     "It went to database \"" + tombstone.database + "\" (" + tombstone.target + "); this is \"" + here.database +
                         (other_system ? "\" of another cluster." : "\"."),
                     "Serve with that one, or without --sqlite.");
}

model::Result<void> remove_target_objects(postgres::Connection& target) {
  CROSSFADE_TRY(const model::ResultSet triggers, target.query(kOurTriggers));
  for (const model::Row& row : triggers.rows) CROSSFADE_CHECK(target.execute("DROP TRIGGER " + text_of(row[0])));
  // RESTRICT first would name what is not ours; what depends on our functions from outside is only our triggers, which are gone.
  return target.execute("SET LOCAL client_min_messages = warning; DROP SCHEMA IF EXISTS crossfade CASCADE");
}

}  // namespace crossfade::migrate
