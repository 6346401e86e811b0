#include "existing_target.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "bookkeeping.hpp"
#include "checkpoint.hpp"
#include "copy_target.hpp"
#include "crossfade/migrate/copy.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"
#include "target_catalog.hpp"
#include "target_columns.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// A foreign key as a query: the rows that break it. Null in a key of MATCH FULL is all or nothing.
constexpr std::string_view kForeignKeys =
    "SELECT c.conname::text, 'FROM ' || c.conrelid::regclass || ' r WHERE ' || CASE c.confmatchtype WHEN 'f' THEN "
    "'NOT (' || string_agg(format('r.%I IS NULL', ra.attname), ' AND ' ORDER BY u.n) || ')' ELSE "
    "string_agg(format('r.%I IS NOT NULL', ra.attname), ' AND ' ORDER BY u.n) END || ' AND NOT EXISTS (SELECT 1 FROM ' || c.confrelid::regclass || ' k WHERE ' || "
    "string_agg(format('k.%I = r.%I', ka.attname, ra.attname), ' AND ' ORDER BY u.n) || ')', "
    "string_agg(format('r.%I', ra.attname), ', ' ORDER BY u.n), string_agg(ra.attname, ', ' ORDER BY u.n), c.confrelid::regclass::text, c.conrelid::regclass::text "
    "FROM pg_catalog.pg_constraint c, unnest(c.conkey, c.confkey) WITH ORDINALITY u(here, there, n), pg_catalog.pg_attribute ra, pg_catalog.pg_attribute ka "
    "WHERE c.contype = 'f' AND to_regclass($1) IN (c.conrelid, c.confrelid) AND ra.attrelid = c.conrelid AND ra.attnum = u.here AND ka.attrelid = c.confrelid AND ka.attnum = u.there "
    "GROUP BY c.oid, c.conname, c.conrelid, c.confrelid, c.confmatchtype ORDER BY 1";

/// A deferrable UNIQUE or PRIMARY KEY is checked by a trigger, and replica role fires none.
constexpr std::string_view kDeferrableKeys =
    "SELECT c.conname::text, 'FROM ' || c.conrelid::regclass || ' r WHERE ' || string_agg(format('r.%I IS NOT NULL', a.attname), ' AND ' ORDER BY u.n) || "
    "' GROUP BY ' || string_agg(format('r.%I', a.attname), ', ' ORDER BY u.n) || ' HAVING count(*) > 1', "
    "string_agg(format('r.%I', a.attname), ', ' ORDER BY u.n), string_agg(a.attname, ', ' ORDER BY u.n), ''::text, c.conrelid::regclass::text "
    "FROM pg_catalog.pg_constraint c, unnest(c.conkey) WITH ORDINALITY u(here, n), pg_catalog.pg_attribute a "
    "WHERE c.contype IN ('u', 'p') AND c.condeferrable AND c.conrelid = to_regclass($1) AND a.attrelid = c.conrelid AND a.attnum = u.here "
    "GROUP BY c.oid, c.conname, c.conrelid ORDER BY 1";

postgres::Parameter relation(std::string_view table) { return {qualified(table), {model::oid::text}}; }

bool is_copied(const plan::Table& table) { return !table.view && !table.virtual_table; }

enum class KeyKind : std::uint8_t { unique, foreign };

/// Counts the rows that the query gives, and takes one of them for a sample.
model::Result<std::optional<model::Error>> broken_key(postgres::Connection& target, const model::Row& key, KeyKind kind) {
  const bool foreign = kind == KeyKind::foreign;
  const auto word = [&key](std::size_t at) { return std::get<std::string>(key.at(at)); };
  CROSSFADE_TRY(const auto found, target.query("SELECT count(*) OVER (), concat_ws(', ', " + word(2) + ") " + word(1) + " LIMIT 1"));
  if (found.rows.empty()) return std::nullopt;
  const auto count = std::to_string(std::get<std::int64_t>(found.rows[0].at(0)));
  const auto sample = "(" + word(3) + ") = (" + std::get<std::string>(found.rows[0].at(1)) + ")";
  model::Error out{foreign ? "23503"_state : "23505"_state};
  out.message = foreign ? count + " rows of table \"" + word(5) + "\" break its foreign key \"" + word(0) + "\": " + sample + " is not in " + word(4)
                        : count + " keys of table \"" + word(5) + "\" break its constraint \"" + word(0) + "\": " + sample + " is there more than once";
  out.hint = "Mend the rows in the file and copy again.";
  out.table = word(5);
  out.constraint = word(0);
  return out;
}

/// Rows there; no version of a migration tool's that is the file's own.
model::Result<void> check_standing(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema) {
  std::vector<model::Error> faults;
  for (const auto& [name, table] : schema.tables) {
    if (!is_copied(table)) continue;
    CROSSFADE_TRY(const auto differing, column_faults(target, table, plan::TargetSchema::existing));
    for (const auto& fault : differing) faults.push_back({"55000"_state, fault, {}, "Run `crossfade plan --into-existing` again."});
    if (!differing.empty()) continue;
    CROSSFADE_TRY(auto rows, standing_rows(source, target, table));
    std::ranges::move(rows, std::back_inserter(faults));
  }
  if (!faults.empty()) return refuse_together("the application's tables are not as the plan found them", faults);
  return {};
}

}  // namespace

std::unexpected<model::Error> refuse_together(std::string message, const std::vector<model::Error>& faults) {
  std::string lines;
  std::vector<std::string> hints;
  for (const auto& fault : faults) {
    lines += "\n  " + std::string(fault.state.code()) + " " + fault.message;
    if (!fault.hint.empty() && std::ranges::find(hints, fault.hint) == hints.end()) hints.push_back(fault.hint);
  }
  std::string hint;
  for (const auto& text : hints) hint += (hint.empty() ? "" : " ") + text;
  return model::fail(faults.front().state, std::move(message), std::to_string(faults.size()) + (faults.size() == 1 ? " finding:" : " findings:") + lines, hint);
}

model::Result<std::vector<model::Error>> standing_rows(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table) {
  std::vector<model::Error> out;
  if (!version_columns(table).empty()) {
    CROSSFADE_TRY(const auto difference, version_difference(source, target, table));
    if (difference) {
      out.push_back({"55000"_state, "version mismatch in table \"" + table.name + "\": " + *difference, {},
                     "Bring both sides to the same migration: migrate the file, or make the schema in PostgreSQL again with the release that the file is of."});
    }
    return out;
  }
  CROSSFADE_TRY(const auto rows, target.value("SELECT count(*) FROM " + qualified(table.name)));
  if (const auto count = std::get<std::int64_t>(rows); count != 0) {
    out.push_back({"55000"_state, "seeded rows in table \"" + table.name + "\": " + std::to_string(count), {},
                   "The file's rows take the place of seeded ones: TRUNCATE these tables (one statement for all, or CASCADE) and try again."});
  }
  return out;
}

model::Result<void> switch_effects_off(postgres::Connection& target, const postgres::Conninfo& at) {
  auto set = target.execute("SET session_replication_role = replica");
  if (set) return {};
  auto error = std::move(set).error();
  error.hint = "The rows of the application's own tables are copied without its triggers and foreign keys: copy as a superuser, or as one run, in PostgreSQL 15 or "
               "newer, GRANT SET ON PARAMETER session_replication_role TO " + postgres::quote_identifier(at.value("user")) + ".";
  return std::unexpected(std::move(error));
}

model::Result<void> prepare_existing(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan) {
  CROSSFADE_TRY(const bool ruled, rules_already(target, plan));
  if (!ruled) CROSSFADE_CHECK(check_standing(source, target, schema));
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target));
  CROSSFADE_CHECK(create_copy_objects(target, schema, plan, {}));
  return transaction.commit();
}

model::Result<void> finish_existing(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema) {
  CROSSFADE_TRY(const auto broken, broken_constraints(target, schema));
  if (!broken.empty()) return refuse_together("the rows are copied, but they break constraints of the application", broken);
  CROSSFADE_TRY(const auto sequenced, with_target_sequences(target, schema));
  CROSSFADE_CHECK(prime_sequences(source, target, sequenced));
  for (const auto& [name, table] : schema.tables) {
    if (is_copied(table)) CROSSFADE_CHECK(target.execute("ANALYZE " + qualified(name)));
  }
  return {};
}

model::Result<void> empty_existing(postgres::Connection& target, const std::vector<std::string>& tables) {
  if (tables.empty()) return {};
  std::string list;
  for (const auto& name : tables) list += (list.empty() ? "" : ", ") + qualified(name);
  CROSSFADE_CHECK(target.execute("SAVEPOINT emptied"));
  const auto done = target.execute("TRUNCATE " + list);
  if (done) return {};
  if (done.error().state != "0A000"_state) return done;  // a table beside them refers to one of them
  CROSSFADE_CHECK(target.execute("ROLLBACK TO emptied"));
  for (const auto& name : tables) CROSSFADE_CHECK(target.execute("DELETE FROM " + qualified(name)));
  return {};
}

model::Result<std::vector<model::Error>> broken_constraints(postgres::Connection& target, const plan::Schema& schema) {
  std::vector<model::Error> out;
  std::set<std::string> known;  // a key between two of the tables is found twice
  for (const auto& [name, table] : schema.tables) {
    if (!is_copied(table)) continue;
    const auto at = relation(name);
    for (const auto kind : {KeyKind::unique, KeyKind::foreign}) {
      CROSSFADE_TRY(const auto keys, target.query(kind == KeyKind::unique ? kDeferrableKeys : kForeignKeys, {&at, 1}));
      for (const auto& key : keys.rows) {
        if (!known.insert(std::get<std::string>(key.at(0)) + " " + std::get<std::string>(key.at(5))).second) continue;
        CROSSFADE_TRY(auto broken, broken_key(target, key, kind));
        if (broken) out.push_back(*std::move(broken));
      }
    }
  }
  return out;
}

model::Result<std::vector<std::string>> invalid_objects(postgres::Connection& target, const plan::Schema& schema) {
  std::vector<std::string> out;
  for (const auto& [name, table] : schema.tables) {
    if (!is_copied(table)) continue;
    const auto at = relation(name);
    CROSSFADE_TRY(const auto found, target.query("SELECT 'constraint ' || conname FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass($1) AND NOT convalidated "
                                                 "UNION ALL SELECT 'index ' || c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
                                                 "WHERE i.indrelid = to_regclass($1) AND NOT i.indisvalid ORDER BY 1", {&at, 1}));
    for (const auto& row : found.rows) out.push_back(name + ": " + std::get<std::string>(row.at(0)) + " is not valid");
  }
  return out;
}

}  // namespace crossfade::migrate
