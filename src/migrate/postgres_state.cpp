#include "postgres_state.hpp"

#include <algorithm>
#include <array>

#include "postgres_objects.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// Key columns that the journal has at least: a longer key than any before then needs no lock on what every writer writes.
constexpr std::size_t kSpareKeys = 4;

constexpr std::array<std::string_view, 4> kMirrorObjects{
    "CREATE SCHEMA IF NOT EXISTS crossfade",
    "CREATE TABLE IF NOT EXISTS crossfade.state (one boolean PRIMARY KEY DEFAULT true CHECK (one), stage text NOT NULL, "
    "epoch bigint NOT NULL, since bigint NOT NULL, handing_over boolean NOT NULL, filled boolean NOT NULL, file_id text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS crossfade.watermark (one boolean PRIMARY KEY DEFAULT true CHECK (one), file_id text NOT NULL, "
    "seq bigint NOT NULL, nonce bigint NOT NULL)",
    // whole: a TRUNCATE; every row of the table is to be looked at.
    "CREATE TABLE IF NOT EXISTS crossfade.journal (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text NOT NULL, "
    "whole boolean NOT NULL DEFAULT false)",
};

constexpr std::string_view kGuardFunction =
    "CREATE OR REPLACE FUNCTION crossfade.guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $crossfade$ "
    "BEGIN RAISE EXCEPTION 'table \"%\" takes no writes here: SQLite is the primary', TG_TABLE_NAME "
    "USING ERRCODE = '25006', HINT = 'Write through Crossfade; SHOW STAGE on its console tells the stage.'; END $crossfade$";

/// What the text of a key must not depend on is pinned; pg_temp last keeps a session's own tables out of the names (MIRROR 14).
constexpr std::string_view kPinned =
    " SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, MDY' SET timezone = 'UTC' SET intervalstyle = 'postgres'"
    " SET extra_float_digits = 1 SET bytea_output = 'hex' ";

struct TriggerState { std::string_view name, verb; };
struct WriterRule { Writers writers; std::array<TriggerState, 3> triggers; };
constexpr std::array kWriterRules{
    WriterRule{Writers::mirror, {{{"crossfade_guard", "ENABLE"}, {"crossfade_note", "DISABLE"}, {"crossfade_note_truncate", "DISABLE"}}}},
    WriterRule{Writers::clients,
               {{{"crossfade_guard", "DISABLE"}, {"crossfade_note", "ENABLE ALWAYS"}, {"crossfade_note_truncate", "ENABLE ALWAYS"}}}},
    WriterRule{Writers::nobody,
               {{{"crossfade_guard", "ENABLE ALWAYS"}, {"crossfade_note", "ENABLE ALWAYS"}, {"crossfade_note_truncate", "ENABLE ALWAYS"}}}},
};
static_assert(static_cast<std::size_t>(kWriterRules.back().writers) + 1 == kWriterRules.size());

postgres::Parameter text(std::string value) { return {std::move(value), {model::oid::text}}; }
postgres::Parameter integer(std::int64_t value) { return {value, {model::oid::int8}}; }
postgres::Parameter boolean(std::same_as<bool> auto value) { return {value, {model::oid::boolean}}; }

model::Result<bool> has_relation(postgres::Connection& connection, std::string name) {
  CROSSFADE_TRY(const model::Value found, connection.value("SELECT to_regclass($1) IS NOT NULL", std::array{text(std::move(name))}));
  const auto* there = std::get_if<bool>(&found);
  return there && *there;
}

std::string note(const plan::Table& table, std::string_view row) {
  std::string columns = "t", values = postgres::quote_literal(table.name);
  std::size_t number = 0;
  for (const plan::Column* column : table.key()) {
    columns += ", k" + std::to_string(++number);
    values += ", " + std::string(row) + "." + postgres::quote_identifier(column->name) + "::text";
  }
  return "INSERT INTO crossfade.journal (" + columns + ") VALUES (" + values + ");";
}

std::string note_function(const plan::Table& table) { return "crossfade." + postgres::quote_identifier(note_function_name(table)); }

}  // namespace

std::string note_function_name(const plan::Table& table) {
  constexpr std::size_t kMaxName = 63, kDigits = 16;
  std::string name = "note_" + table.name;
  if (name.size() <= kMaxName) return name;
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: PostgreSQL would cut two names to one
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::size_t length = kMaxName - kDigits - 1;
  while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80) --length;
  name = name.substr(0, length) + '_';
  for (std::size_t digit = kDigits; digit-- > 0;) name += "0123456789abcdef"[(hash >> (4 * digit)) & 15];
  return name;
}

model::Result<std::optional<TargetState>> read_target_state(postgres::Connection& connection, Lock lock) {
  CROSSFADE_TRY(const bool there, has_relation(connection, "crossfade.state"));
  if (!there) return std::nullopt;
  std::string sql = "SELECT stage, epoch, since, handing_over, filled, file_id FROM crossfade.state";
  if (lock == Lock::for_update) sql += " FOR UPDATE";
  CROSSFADE_TRY(const model::ResultSet result, connection.query(sql));
  if (result.rows.empty()) return std::nullopt;
  const model::Row& row = result.rows.front();
  const std::optional<Stage> stage = parse_stage(std::get<std::string>(row[0]));
  if (!stage) return model::fail("XX001"_state, "crossfade.state in PostgreSQL names no stage that this program knows");
  return TargetState{{{*stage, std::get<std::int64_t>(row[1]), std::get<std::int64_t>(row[2])}, std::get<bool>(row[3])},
                     std::get<bool>(row[4]) ? Fill::complete : Fill::incomplete,
                     std::get<std::string>(row[5])};
}

model::Result<void> create_target_state(postgres::Connection& connection, std::size_t journal_keys) {
  for (const std::string_view statement : kMirrorObjects) CROSSFADE_CHECK(connection.execute(statement));
  std::string columns = "ALTER TABLE crossfade.journal";
  for (std::size_t i = 1; i <= std::max(journal_keys, kSpareKeys); ++i) {
    columns += std::string(i == 1 ? "" : ",") + " ADD COLUMN IF NOT EXISTS k" + std::to_string(i) + " text";
  }
  return connection.execute(columns);
}

model::Result<void> write_target_state(postgres::Connection& connection, const TargetState& state) {
  const std::array parameters{text(std::string(to_string(state.side.at.stage))), integer(state.side.at.epoch),
                              integer(state.side.at.since_micros), boolean(state.side.handing_over),
                              boolean(state.fill == Fill::complete), text(state.file_id)};
  CROSSFADE_CHECK(connection.query("INSERT INTO crossfade.state (stage, epoch, since, handing_over, filled, file_id) "
                                   "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (one) DO UPDATE SET stage = $1, epoch = $2, "
                                   "since = $3, handing_over = $4, filled = $5, file_id = $6",
                                   parameters));
  return {};
}

model::Result<void> move_target_epoch(postgres::Connection& connection, std::int64_t expected, const SideState& next) {
  const std::array parameters{text(std::string(to_string(next.at.stage))), integer(next.at.epoch), integer(next.at.since_micros),
                              boolean(next.handing_over), integer(expected)};
  CROSSFADE_TRY(const model::ResultSet moved,
                connection.query("UPDATE crossfade.state SET stage = $1, epoch = $2, since = $3, handing_over = $4 "
                                 "WHERE epoch = $5 RETURNING epoch",
                                 parameters));
  if (moved.rows.size() == 1) return {};
  return model::fail("40001"_state, "PostgreSQL does not stand in epoch " + std::to_string(expected) + " any more",
                     "Another program moved this pair in the meantime.");
}

postgres::Request watermark_query(Lock lock) {
  return {std::string("SELECT file_id, seq, nonce FROM crossfade.watermark") + (lock == Lock::for_update ? " FOR UPDATE" : ""), {}};
}

std::optional<Watermark> watermark_of(const model::ResultSet& result) {
  if (result.rows.empty()) return std::nullopt;
  const model::Row& row = result.rows.front();
  return Watermark{std::get<std::string>(row[0]), {std::get<std::int64_t>(row[1]), std::get<std::int64_t>(row[2])}};
}

postgres::Request watermark_change(const Watermark& watermark) {
  return {"INSERT INTO crossfade.watermark (file_id, seq, nonce) VALUES ($1, $2, $3) ON CONFLICT (one) DO UPDATE SET file_id = $1, seq = $2, nonce = $3",
          {text(watermark.file_id), integer(watermark.at.seq), integer(watermark.at.nonce)}};
}

postgres::Request watermark_move(const Watermark& from, const JournalEntry& to) {
  return {"WITH moved AS (UPDATE crossfade.watermark SET seq = $4, nonce = $5 WHERE file_id = $1 AND seq = $2 AND nonce = $3 RETURNING 1) "
          "SELECT 1 / count(*) FROM moved",
          {text(from.file_id), integer(from.at.seq), integer(from.at.nonce), integer(to.seq), integer(to.nonce)}};
}

postgres::Request empty_quarantine() { return {"SELECT 1 / (NOT EXISTS (SELECT FROM crossfade.quarantine))::integer", {}}; }

model::Result<std::optional<Watermark>> read_watermark(postgres::Connection& connection, Lock lock) {
  CROSSFADE_TRY(const model::ResultSet result, connection.query(watermark_query(lock).sql));
  return watermark_of(result);
}

model::Result<void> write_watermark(postgres::Connection& connection, const Watermark& watermark) {
  const postgres::Request change = watermark_change(watermark);
  CROSSFADE_CHECK(connection.query(change.sql, change.parameters));
  return {};
}

std::string note_function_sql(const plan::Table& table) {
  std::string changed;
  for (const plan::Column* column : table.key()) {
    const std::string name = postgres::quote_identifier(column->name);
    if (!changed.empty()) changed += " OR ";
    changed += "OLD." + name + "::text IS DISTINCT FROM NEW." + name + "::text";
  }
  return "CREATE OR REPLACE FUNCTION " + note_function(table) + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER" +
         std::string(kPinned) + "AS $crossfade$ BEGIN IF TG_OP = 'TRUNCATE' THEN INSERT INTO crossfade.journal (t, whole) VALUES (" +
         postgres::quote_literal(table.name) + ", true); RETURN NULL; END IF; IF TG_OP <> 'DELETE' THEN " + note(table, "NEW") +
         " END IF; IF TG_OP = 'DELETE' THEN " + note(table, "OLD") + " ELSIF TG_OP = 'UPDATE' THEN IF " + changed + " THEN " +
         note(table, "OLD") + " END IF; END IF; RETURN NULL; END $crossfade$";
}

std::vector<std::string> trigger_sql(const plan::Table& table) {
  const std::string on = " ON " + qualified(table.name) + " ";
  const std::string run = "EXECUTE FUNCTION " + note_function(table) + "()";
  return {note_function_sql(table), "CREATE OR REPLACE TRIGGER crossfade_note AFTER INSERT OR UPDATE OR DELETE" + on + "FOR EACH ROW " + run,
          "CREATE OR REPLACE TRIGGER crossfade_note_truncate AFTER TRUNCATE" + on + "FOR EACH STATEMENT " + run,
          "CREATE OR REPLACE TRIGGER crossfade_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE" + on + "FOR EACH STATEMENT EXECUTE FUNCTION crossfade.guard()"};
}

std::string writers_sql(const plan::Table& table, Writers writers) {
  std::string sql = "ALTER TABLE " + qualified(table.name);
  const WriterRule& wanted = kWriterRules[static_cast<std::size_t>(writers)];
  for (const TriggerState& trigger : wanted.triggers)
    sql += (&trigger == wanted.triggers.data() ? " " : ", ") + std::string(trigger.verb) + " TRIGGER " + std::string(trigger.name);
  return sql;
}

model::Result<void> install_target_triggers(postgres::Connection& connection, const plan::Schema& schema) {
  CROSSFADE_CHECK(connection.execute(kGuardFunction));
  for (const plan::Table* table : mirrored_tables(schema)) {
    for (const std::string& sql : trigger_sql(*table)) CROSSFADE_CHECK(connection.execute(sql));
  }
  return allow_writers(connection, schema, Writers::mirror);
}

model::Result<void> allow_writers(postgres::Connection& connection, const plan::Schema& schema, Writers writers) {
  for (const plan::Table* table : mirrored_tables(schema)) CROSSFADE_CHECK(connection.execute(writers_sql(*table, writers)));
  return {};
}

std::string missing_triggers_sql(const plan::Schema& schema, Writers writers) {
  struct Enabled { std::string_view verb, code; };
  constexpr std::array kEnabled{Enabled{"ENABLE", "O"}, Enabled{"DISABLE", "D"}, Enabled{"ENABLE ALWAYS", "A"}};
  std::string wanted;
  for (const plan::Table* table : mirrored_tables(schema)) {
    for (const TriggerState& trigger : kWriterRules[static_cast<std::size_t>(writers)].triggers) {
      const auto* state = std::ranges::find(kEnabled, trigger.verb, &Enabled::verb);
      wanted += (wanted.empty() ? "(" : ", (") + postgres::quote_literal(qualified(table->name)) + ", " +
                postgres::quote_literal(trigger.name) + ", " + postgres::quote_literal(state->code) + ", " +
                postgres::quote_literal(trigger.name == "crossfade_guard" ? "guard" : note_function_name(*table)) + ")";
    }
  }
  if (wanted.empty()) return "SELECT 0::bigint";
  return "SELECT count(*) FROM (VALUES " + wanted + ") AS w (t, n, e, f) WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g "
         "JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid WHERE g.tgrelid = pg_catalog.to_regclass(w.t) AND g.tgname = w.n AND g.tgenabled::text = w.e "
         "AND p.proname = w.f AND p.pronamespace = 'crossfade'::regnamespace)";
}

model::Result<std::int64_t> missing_triggers(postgres::Connection& connection, const plan::Schema& schema, Writers writers) {
  CROSSFADE_TRY(const model::Value count, connection.value(missing_triggers_sql(schema, writers)));
  return std::get<std::int64_t>(count);
}

model::Result<void> remove_target_triggers(postgres::Connection& connection, const plan::Schema& schema) {
  for (const plan::Table* table : mirrored_tables(schema)) {
    CROSSFADE_TRY(const bool there, has_relation(connection, qualified(table->name)));
    if (!there) continue;
    for (const std::string_view name : {"crossfade_guard", "crossfade_note", "crossfade_note_truncate"}) {
      CROSSFADE_CHECK(connection.execute("DROP TRIGGER IF EXISTS " + std::string(name) + " ON " + qualified(table->name)));
    }
    CROSSFADE_CHECK(connection.execute("DROP FUNCTION IF EXISTS " + note_function(*table) + "()"));
  }
  return {};
}

}  // namespace crossfade::migrate
