#include <algorithm>
#include <array>
#include <set>

#include "back_record.hpp"
#include "back_schema.hpp"
#include "crossfade/engine/sqlite/schema_change.hpp"
#include "crossfade/sql/schema_order.hpp"
#include "pair_controller.hpp"
#include "postgres_state.hpp"
#include "schema_catalog.hpp"
#include "schema_differences.hpp"
#include "schema_replay.hpp"
#include "schema_text.hpp"
#include "session_relations.hpp"
#include "sqlite_journal.hpp"
#include "target_catalog.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// Tables of ours in the file, and our schema in PostgreSQL, belong to nobody else.
model::Result<void> leaves_ours_alone(const std::string& text) {
  const sql::SchemaOrder order = sql::schema_order(text);
  const auto ours = std::ranges::find_if(order.words, [](const std::string& word) { return word == "crossfade" || word.starts_with("crossfade_"); });
  if (ours == order.words.end()) return {};
  return model::fail("42501"_state, "permission denied for " + *ours, {}, "names that begin with crossfade belong to the proxy");
}

/// IF NOT EXISTS would lock the journal, which every writer writes, before it looks.
std::string widened_journal(const std::string& column) {
  return "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = 'crossfade.journal'::regclass AND attname = '" + column + "' AND NOT attisdropped) THEN "
         "ALTER TABLE crossfade.journal ADD COLUMN " + column + " text; END IF; END $$";
}

/// What is new to PostgreSQL's triggers: a table, or another name or key of one.
std::vector<std::string> triggers_behind(const std::map<std::string, FollowedTable>& before, std::size_t keys, const BackSchema& after) {
  std::vector<std::string> out;
  for (std::size_t i = keys + 1; i <= journal_keys(after.schema()); ++i) out.push_back(widened_journal("k" + std::to_string(i)));
  for (const auto& [name, known] : after.tables()) {
    const auto was = before.find(name);
    if (was != before.end() && was->second.installed == known.installed) continue;
    const plan::Table& table = after.schema().tables.at(name);
    std::ranges::copy(trigger_sql(table), std::back_inserter(out));
    out.push_back(writers_sql(table, Writers::clients));
  }
  return out;
}

/// Without tables that went from PostgreSQL past the proxy: their triggers went with them.
plan::Schema still_there(plan::Schema schema, const SchemaDifferences& before) {
  for (const LackingPart& part : before.lacking)
    if (part.kind == LackingPart::Kind::table) schema.tables.erase(part.table);
  return schema;
}

/// The translator's hints are those of a session on the file.
model::Error as_of_way_back(model::Error error) {
  error.position = 0;
  if (error.state != "0A000"_state) return error;
  if (error.detail.empty()) error.detail = "The file cannot follow it, and the way back is open.";
  if (error.hint.empty() || error.hint.contains("the stage \"postgres\"")) error.hint = "Say it so that both databases do the same, or after FINISH.";
  return error;
}

}  // namespace

BackQuestions back_questions() { return {kOneAtATime, kReadBack, kSessionRelations, target_tables_sql(), kForeignForms}; }

bool concerns_session_alone(const model::ResultSet& temporary, std::span<const sqlite::SchemaStatement> said) {
  SessionRelations own(temporary);
  return std::ranges::all_of(said, [&](const sqlite::SchemaStatement& each) {
    const model::Result<Concern> concern = own.next(each.text);
    return concern && *concern != Concern::all;
  });
}

std::vector<std::string> own_forms(const ChangeBack& change, const model::ResultSet& before, const model::ResultSet& after) {
  using Place = std::pair<std::int64_t, std::int64_t>;
  const auto place = [](const model::Row& row) { return Place{std::get<std::int64_t>(row.at(0)), std::get<std::int64_t>(row.at(1))}; };
  std::set<Place> known;
  for (const model::Row& row : before.rows) known.insert(place(row));
  std::vector<std::string> out;
  const auto adopted = [&](const std::string& column) { return std::ranges::any_of(change.adopted, [&](const std::string& table) { return column.starts_with(table + "."); }); };
  for (const model::Row& row : after.rows)
    if (!known.contains(place(row)) || adopted(std::get<std::string>(row.at(3)))) out.push_back(std::get<std::string>(row.at(2)));
  if (!out.empty()) out.insert(out.begin(), std::string(bytewise_sql()));
  return out;
}

model::Result<void> check_change(const ChangeBack& change, const model::ResultSet& before, const model::ResultSet& tables, const model::ResultSet& missing) {
  const std::vector<TargetTable> there = target_tables(before), then = target_tables(tables);
  const SchemaDifferences known = schema_differences(*change.before, there), now = schema_differences(*change.schema, then);
  const SchemaDifferences fresh = now.without(known), unexplained = known.without(now).without(*change.resolved);
  const auto differs = [&](const std::string& table) { return change.adopted.contains(table); };
  if (!unexplained.empty() || std::ranges::any_of(fresh.tables(), differs))
    return model::fail("0A000"_state, "IF [NOT] EXISTS finds something else in PostgreSQL than in the file", "Neither side is changed. Different: " +
                       listed(unexplained.empty() ? fresh.tables() : unexplained.tables()) + ".", "Say it of all that PostgreSQL has, and of nothing more.");
  CROSSFADE_CHECK(check_parts(fresh.lacking));
  if (!fresh.alone.empty()) return model::fail("0A000"_state, "the change of the schema would leave " + *fresh.alone.begin() + " in PostgreSQL alone", "Neither side is changed.");
  if (missing.rows.at(0).at(0) == model::Value(std::int64_t{0})) return {};
  return model::fail("0A000"_state, "the change of the schema would leave tables without the triggers that note their rows", "Neither side is changed.");
}

model::Result<ChangeBack> PairController::rehearse_back(const BackAnswers& answers, std::span<const sqlite::SchemaStatement> said) {
  for (const sqlite::SchemaStatement& each : said) CROSSFADE_CHECK(leaves_ours_alone(each.text));
  const Health::Snapshot health = mirror_.health().read();
  if (unsettled_ || health.state == Health::State::stopped)
    return model::fail("55000"_state, "the schema cannot be changed: the mirror is stopped", health.reason, "SHOW LAG on Crossfade's console tells how the mirror is.");
  CROSSFADE_TRY(sqlite::Connection file, mirror_.links().open_file(sqlite::Role::service));
  CROSSFADE_TRY(sqlite::Transaction snapshot, sqlite::Transaction::begin(file, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const std::optional<CarriedBack> carried, read_carried(file));
  CROSSFADE_TRY(const std::vector<BackRecord> waiting, back_records(answers.recorded, carried ? carried->number : 0));
  CROSSFADE_TRY(sqlite::Connection copy, sqlite::schema_alone(file));
  snapshot.rollback();
  CROSSFADE_TRY(sqlite::Transaction trial, sqlite::Transaction::begin(copy, sqlite::Transaction::Mode::immediate));
  CROSSFADE_TRY(BackSchema schema, BackSchema::of(copy));
  for (const BackRecord& record : waiting) CROSSFADE_CHECK(schema.say(record.said));
  const std::map<std::string, FollowedTable> before = schema.tables();
  const std::size_t keys = journal_keys(schema.schema());
  ChangeBack out{.before = std::make_shared<const plan::Schema>(schema.schema())};
  const std::vector<TargetTable> there = target_tables(answers.tables);
  const SchemaDifferences past = schema_differences(schema.schema(), there);
  SchemaDifferences left = past;
  const plan::Schema of_all = schema.schema();
  SessionRelations own(answers.temporary, &of_all);
  for (const sqlite::SchemaStatement& each : said) {
    CROSSFADE_TRY(const Concern concern, own.next(each.text));
    out.uncounted = out.uncounted || concern == Concern::session;
    if (concern != Concern::all) continue;
    const model::Result<BackSchema::Said> done = schema.say(each);
    if (!done) return std::unexpected(as_of_way_back(done.error()));
    out.skipped += done->skipped;
    out.changes = out.changes || done->changes;
    sqlite::SchemaStatement record{each.text, each.settings, done->skipped};
    const SchemaDifferences still = schema_differences(schema.schema(), there);
    for (const std::string& table : left.without(still).tables()) {
      out.adopted.insert(table);
      record.settings.emplace_back(kAdopts, table);
    }
    left = left.without(left.without(still));
    if (done->changes) out.records.push_back(record_back_sql(record));
  }
  if (!out.changes) return out;
  out.triggers = triggers_behind(before, keys, schema);
  out.missing = missing_triggers_sql(still_there(schema.schema(), past), Writers::clients);
  out.schema = std::make_shared<const plan::Schema>(schema.schema());
  out.resolved = std::make_shared<const SchemaDifferences>(past.without(left));
  return out;
}

}  // namespace crossfade::migrate
