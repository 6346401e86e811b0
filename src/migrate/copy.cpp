#include "crossfade/migrate/copy.hpp"

#include <algorithm>

#include "checkpoint.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/model/text_format.hpp"
#include "file_mark.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;

constexpr std::chrono::seconds kConnectTimeout{10};

model::Result<bool> table_there(postgres::Connection& target, std::string_view name) {
  const postgres::Parameter parameter{std::string(name), {model::oid::text}};
  CROSSFADE_TRY(const auto found, target.value("SELECT to_regclass($1) IS NOT NULL", {&parameter, 1}));
  return std::get<bool>(found);
}

/// A pair that is mirrored is filled by the running proxy, never from here.
model::Result<void> refuse_mirrored(postgres::Connection& target) {
  CROSSFADE_TRY(const bool paired, table_there(target, "crossfade.state"));
  if (!paired) return {};
  CROSSFADE_TRY(const auto stage, target.value("SELECT stage FROM crossfade.state"));
  if (model::is_null(stage) || std::get<std::string>(stage) == "sqlite") return {};
  return model::fail("55000"_state, "the pair is in stage " + std::get<std::string>(stage), "Its rows are kept by the mirror of the running proxy.",
                     "Use SWITCH on the console.");
}

/// What an unfinished copy left behind goes: the tables that have a checkpoint, and all of ours.
model::Result<void> discard(postgres::Connection& target) {
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target));
  CROSSFADE_TRY(const auto tables, target.query("SELECT table_name FROM crossfade.chunks WHERE table_name <> ''"));
  for (const auto& row : tables.rows) {
    CROSSFADE_CHECK(target.execute("DROP TABLE IF EXISTS " + qualified(std::get<std::string>(row.at(0))) + " CASCADE"));
  }
  CROSSFADE_CHECK(target.execute("DELETE FROM crossfade.chunks; DELETE FROM crossfade.plan; DELETE FROM crossfade.quarantine WHERE origin = 'copy'"));
  return transaction.commit();
}

enum class Standing : char { fresh, resumed, restarted, complete };

/// There are checkpoints, but not that of a whole copy: a run was killed at once, or a mirror was here.
model::Result<Standing> settle_without_checkpoint(postgres::Connection& target, const std::optional<plan::Plan>& ruling, const plan::Plan& plan) {
  CROSSFADE_TRY(const auto begun, target.value("SELECT count(*) FROM crossfade.chunks WHERE done OR position <> ''"));
  if (std::get<std::int64_t>(begun) != 0) {
    return model::fail("55000"_state, "the target holds the rows of an earlier mirror", "Tables begun: " + model::to_text(begun, {model::oid::int8}) + ".",
                       "Drop its tables and the schema crossfade first, or use SWITCH TO copy on the console.");
  }
  if (ruling && plan::hash(*ruling) != plan::hash(plan)) CROSSFADE_CHECK(discard(target));
  return Standing::fresh;
}

/// How an earlier run left the target. A finished copy is never thrown away: somebody may be working on it.
model::Result<Standing> settle(postgres::Connection& target, const plan::Plan& plan, const std::string& mark) {
  CROSSFADE_CHECK(refuse_mirrored(target));
  CROSSFADE_TRY(const bool begun, table_there(target, "crossfade.chunks"));
  if (!begun) return Standing::fresh;
  CROSSFADE_TRY(const auto whole, read_checkpoint(target, kWholeCopy));
  CROSSFADE_TRY(const auto ruling, stored_plan(target));
  if (!whole) return settle_without_checkpoint(target, ruling, plan);
  if (!ruling) return Standing::fresh;
  const bool same = whole->mark == mark && plan::hash(*ruling) == plan::hash(plan);
  if (same) return whole->done ? Standing::complete : Standing::resumed;
  if (whole->done) {
    return model::fail("55000"_state, "a finished copy is in the target",
                       "The file or the plan has changed since. Copying again would throw away what was written there.",
                       "Drop its tables and the schema crossfade first, or mirror the file through the proxy.");
  }
  CROSSFADE_CHECK(discard(target));
  return Standing::restarted;
}

model::Result<void> copy_rows(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema, const CopyOptions& options,
                              const CopyProgress& progress, CopyReport& report) {
  for (const auto& [name, table] : schema.tables) {
    if (table.view || table.virtual_table) continue;
    CROSSFADE_TRY(auto copied, copy_table(source, target, table, options, progress));
    report.tables.push_back(std::move(copied));
  }
  return {};
}

model::Result<void> keep_plan(sqlite::Connection& source, const plan::Plan& plan) {
  CROSSFADE_TRY(const auto kept, stored_plan(source));
  // Written only when it is another one: a write would change the mark of a copy to go on with.
  if (kept && plan::hash(*kept) == plan::hash(plan)) return {};
  return store_plan(source, plan);
}

}  // namespace

bool CopyReport::rejects() const {
  const auto rejected = [](const TableCopy& table) { return table.nulled != 0 || table.cast != 0 || table.quarantined != 0; };
  return !untranslated.empty() || std::ranges::any_of(tables, rejected);
}

model::Result<CopyReport> copy(const std::filesystem::path& file, const postgres::Conninfo& target_at, const plan::Plan& plan,
                               const CopyOptions& options, const CopyProgress& progress) {
  const auto start = std::chrono::steady_clock::now();
  CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_write, .role = sqlite::Role::service}));
  CROSSFADE_TRY(auto target, postgres::Connection::connect(target_at, kConnectTimeout, "crossfade copy"));
  CROSSFADE_CHECK(keep_plan(source, plan));
  CROSSFADE_TRY(auto snapshot, sqlite::Transaction::begin(source, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const auto mark, pinned_mark(source, file));
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source, &plan));
  const auto script = schema_script(schema, plan);

  CopyReport report{.tables = {}, .untranslated = script.untranslated, .plan_hash = plan::hash(plan)};
  CROSSFADE_TRY(const auto standing, settle(target, plan, mark));
  report.started_again = standing == Standing::restarted;
  CROSSFADE_CHECK(prepare_target(target, schema, plan, script));
  if (standing == Standing::fresh || standing == Standing::restarted) {
    Checkpoint whole;
    whole.mark = mark;
    CROSSFADE_CHECK(write_checkpoint(target, kWholeCopy, whole));
  }
  CROSSFADE_CHECK(copy_rows(source, target, schema, options, progress, report));
  if (standing != Standing::complete) {
    CROSSFADE_CHECK(finish_target(source, target, schema, script, Finality::final_copy));
    Checkpoint whole;
    whole.mark = mark;
    whole.done = true;
    CROSSFADE_CHECK(write_checkpoint(target, kWholeCopy, whole));
  }
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return report;
}

}  // namespace crossfade::migrate
