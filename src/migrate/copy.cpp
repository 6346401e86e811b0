#include "crossfade/migrate/copy.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

#include "bookkeeping.hpp"
#include "checkpoint.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/backup.hpp"
#include "crossfade/model/text_format.hpp"
#include "existing_target.hpp"
#include "file_mark.hpp"
#include "parallel.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"
#include "table_reader.hpp"

namespace crossfade::migrate {
namespace {

using namespace model::literals;

constexpr std::chrono::seconds kConnectTimeout{10};

model::Result<bool> table_there(postgres::Connection& target, std::string_view name) {
  const postgres::Parameter parameter{std::string(name), {model::oid::text}};
  CROSSFADE_TRY(const auto found, target.value("SELECT to_regclass($1) IS NOT NULL", {&parameter, 1}));
  return std::get<bool>(found);
}

/// What an unfinished copy left behind goes: the tables that have a checkpoint (of the application's own only their rows, and a migration
/// tool's not at all: it says which version is there), and all of ours. Errors: 55000 when they are of the other kind than the plan's.
model::Result<void> discard(postgres::Connection& target, const plan::Plan& ruling, const plan::Plan& plan, const plan::Schema& schema) {
  if (ruling.schema != plan.schema) {
    return model::fail("55000"_state, "an unfinished copy of another plan is in the target",
                       ruling.schema == plan::TargetSchema::existing ? "Its tables are the application's own; the given plan makes its own tables."
                                                                     : "Its tables were made by Crossfade; the given plan fills the application's own.",
                       "Drop its tables and the schema crossfade first, and make the application's tables again if the plan fills them.");
  }
  CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target));
  CROSSFADE_TRY(const auto tables, target.query("SELECT table_name FROM crossfade.chunks WHERE table_name <> ''"));
  std::vector<std::string> emptied;
  for (const auto& row : tables.rows) {
    const auto& name = std::get<std::string>(row.at(0));
    const auto at = schema.tables.find(name);
    if (ruling.schema == plan::TargetSchema::existing) {
      if (at == schema.tables.end() || version_columns(at->second).empty()) emptied.push_back(name);
    } else {
      CROSSFADE_CHECK(target.execute("DROP TABLE IF EXISTS " + qualified(name) + " CASCADE"));
    }
  }
  CROSSFADE_CHECK(empty_existing(target, emptied));
  CROSSFADE_CHECK(target.execute("DELETE FROM crossfade.chunks; DELETE FROM crossfade.plan; DELETE FROM crossfade.quarantine WHERE origin = 'copy'"));
  return transaction.commit();
}

enum class Standing : char { fresh, resumed, restarted, complete };

/// There are checkpoints, but not that of a whole copy: a run was killed at once, or a mirror was here.
model::Result<Standing> settle_without_checkpoint(postgres::Connection& target, const std::optional<plan::Plan>& ruling, const plan::Plan& plan,
                                                  const plan::Schema& schema) {
  CROSSFADE_TRY(const auto begun, target.value("SELECT count(*) FROM crossfade.chunks WHERE done OR position <> ''"));
  if (std::get<std::int64_t>(begun) != 0) {
    return model::fail("55000"_state, "the target holds the rows of an earlier mirror", "Tables begun: " + model::to_text(begun, {model::oid::int8}) + ".",
                       "Drop its tables and the schema crossfade first, or use SWITCH TO copy on the console.");
  }
  if (ruling && plan::hash(*ruling) != plan::hash(plan)) CROSSFADE_CHECK(discard(target, *ruling, plan, schema));
  return Standing::fresh;
}

/// How an earlier run left the target. A finished copy is never thrown away: somebody may be working on it.
/// `backed_up`: wanted when it begins anew.
model::Result<Standing> settle(postgres::Connection& target, const plan::Plan& plan, const plan::Schema& schema, const std::string& mark,
                               const model::Result<void>& backed_up) {
  CROSSFADE_CHECK(refuse_mirrored(target, "Use SWITCH on the console."));
  CROSSFADE_TRY(const bool begun, table_there(target, "crossfade.chunks"));
  if (!begun) return Standing::fresh;
  CROSSFADE_TRY(const auto whole, read_checkpoint(target, kWholeCopy));
  CROSSFADE_TRY(const auto ruling, stored_plan(target));
  if (!whole) return settle_without_checkpoint(target, ruling, plan, schema);
  if (!ruling) return Standing::fresh;
  const bool same = whole->mark == mark && plan::hash(*ruling) == plan::hash(plan);
  if (same) return whole->done ? Standing::complete : Standing::resumed;
  if (whole->done) {
    return model::fail("55000"_state, "a finished copy is in the target",
                       "The file or the plan has changed since. Copying again would throw away what was written there.",
                       "Drop its tables and the schema crossfade first, or mirror the file through the proxy.");
  }
  if (!backed_up) return std::unexpected(backed_up.error());
  CROSSFADE_CHECK(discard(target, *ruling, plan, schema));
  return Standing::restarted;
}

/// Where rows are written. Into the application's own tables: without its triggers and foreign keys.
model::Result<postgres::Connection> connect_writer(const postgres::Conninfo& at, plan::TargetSchema schema) {
  CROSSFADE_TRY(auto target, postgres::Connection::connect(at, kConnectTimeout, "crossfade copy"));
  if (schema == plan::TargetSchema::existing) CROSSFADE_CHECK(switch_effects_off(target, at));
  return target;
}

/// Where one thread reads and writes. It stays where it is made: the snapshot knows its connection by its address.
struct Lane {
  explicit Lane(sqlite::Connection connection) : source(std::move(connection)) {}
  sqlite::Connection source;
  std::optional<sqlite::Transaction> snapshot;
  std::optional<postgres::Connection> target;
};

/// Copies tables side by side, each whole by one lane: the largest first.
class RowsCopier {
 public:
  RowsCopier(sqlite::Connection& source, postgres::Connection& target, const CopyOptions& options, const CopyProgress& progress)
      : source_(source), target_(target), options_(options), progress_(progress) {}

  void add(const plan::Table& table) {
    work_.push_back({&table, rows_about(source_, table)});
    about_all_ += work_.back().about;
  }
  /// More lanes, while they see the file as `mark` has it: one that others have written to since is read by the first alone.
  model::Result<void> widen(const std::filesystem::path& file, const postgres::Conninfo& target_at, const std::string& mark) {
    const int wanted = std::min(options_.connections, static_cast<int>(work_.size()));
    while (static_cast<int>(lanes_.size()) + 1 < wanted) {
      CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only, .role = sqlite::Role::service}));
      auto lane = std::make_unique<Lane>(std::move(source));
      CROSSFADE_TRY(lane->snapshot, sqlite::Transaction::begin(lane->source, sqlite::Transaction::Mode::deferred));
      CROSSFADE_TRY(const auto seen, pinned_mark(lane->source, file));
      if (seen != mark) return {};
      CROSSFADE_TRY(lane->target, connect_writer(target_at, options_.schema));
      lanes_.push_back(std::move(lane));
    }
    return {};
  }
  model::Result<std::vector<TableCopy>> run() {
    std::ranges::stable_sort(work_, std::ranges::greater{}, &Work::about);
    std::vector<TableCopy> out(work_.size());
    CROSSFADE_CHECK(run_parallel(work_.size(), static_cast<int>(lanes_.size()) + 1, [&](std::size_t item, std::size_t worker) -> model::Result<void> {
      auto& source = worker == 0 ? source_ : lanes_[worker - 1]->source;
      auto& target = worker == 0 ? target_ : *lanes_[worker - 1]->target;
      const auto& [table, about] = work_[item];
      CROSSFADE_TRY(out[item], copy_table(source, target, *table, options_, [&, rows = about](const TableCopy& copied) { say(copied, rows); }));
      out[item].about = about;
      return {};
    }));
    std::ranges::sort(out, {}, &TableCopy::table);
    return out;
  }

 private:
  struct Work { const plan::Table* table; std::int64_t about; };
  void say(TableCopy copied, std::int64_t about) {
    if (!progress_) return;
    copied.about = about;
    copied.about_all = about_all_;
    const std::scoped_lock lock(saying_);
    progress_(copied);
  }

  sqlite::Connection& source_;
  postgres::Connection& target_;
  const CopyOptions& options_;
  const CopyProgress& progress_;
  std::vector<Work> work_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::int64_t about_all_ = 0;
  std::mutex saying_;
};

/// Writes the plan to the file when it is another one: a write would change the mark of a copy to go on with. `still_backed_up` is asked when nobody
/// else can write any more.
model::Result<void> keep_plan(sqlite::Connection& source, const plan::Plan& plan, const std::function<model::Result<void>()>& still_backed_up) {
  CROSSFADE_TRY(const auto kept, stored_plan(source));
  if (!kept || plan::hash(*kept) != plan::hash(plan)) {
    CROSSFADE_TRY(auto transaction, sqlite::Transaction::begin(source, sqlite::Transaction::Mode::immediate));
    CROSSFADE_CHECK(still_backed_up());
    CROSSFADE_CHECK(store_plan(source, plan));
    CROSSFADE_CHECK(transaction.commit());
  }
  // What the last connection would do when it closes, and so change the mark.
  CROSSFADE_TRY(const auto mode, source.value("PRAGMA journal_mode"));
  const auto* name = std::get_if<std::string>(&mode);
  if (name && *name == "wal") CROSSFADE_CHECK(source.query("PRAGMA wal_checkpoint(TRUNCATE)"));
  return {};
}

/// Has an earlier run begun this copy? Then it has asked for its backup.
model::Result<bool> begun_before(postgres::Connection& target) {
  CROSSFADE_TRY(const bool chunks, table_there(target, "crossfade.chunks"));
  if (!chunks) return false;
  CROSSFADE_TRY(const auto whole, read_checkpoint(target, kWholeCopy));
  return whole.has_value();
}

}  // namespace

bool CopyReport::rejects() const {
  const auto rejected = [](const TableCopy& table) { return table.nulled != 0 || table.cast != 0 || table.quarantined != 0; };
  return !untranslated.empty() || std::ranges::any_of(tables, rejected);
}

model::Result<CopyReport> copy(const std::filesystem::path& file, const postgres::Conninfo& target_at, const plan::Plan& plan,
                               const CopyOptions& given, const CopyProgress& progress) {
  const auto start = std::chrono::steady_clock::now();
  auto options = given;
  options.schema = plan.schema;
  const bool existing = plan.schema == plan::TargetSchema::existing;
  const auto backed_up = options.backup == CopyOptions::Backup::wanted ? check_backup(file) : model::Result<void>{};  // before we write to it
  CROSSFADE_TRY(auto source, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_write, .role = sqlite::Role::service}));
  CROSSFADE_TRY(auto target, connect_writer(target_at, plan.schema));
  CROSSFADE_TRY(const bool begun, begun_before(target));
  if (!begun) CROSSFADE_CHECK(backed_up);
  const bool counts = backed_up && options.backup == CopyOptions::Backup::wanted;
  CROSSFADE_CHECK(keep_plan(source, plan, [&] { return counts ? check_backup(file) : model::Result<void>{}; }));
  if (counts) CROSSFADE_CHECK(renew_backup_note(file));
  CROSSFADE_TRY(auto snapshot, sqlite::Transaction::begin(source, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const auto mark, pinned_mark(source, file));
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source, &plan));
  const auto script = schema_script(schema, plan);

  CopyReport report{.tables = {}, .untranslated = script.untranslated, .plan_hash = plan::hash(plan)};
  CROSSFADE_TRY(const auto standing, settle(target, plan, schema, mark, backed_up));
  report.started_again = standing == Standing::restarted;
  CROSSFADE_CHECK(existing ? prepare_existing(source, target, schema, plan) : prepare_target(target, schema, plan, script));
  if (standing == Standing::fresh || standing == Standing::restarted) {
    Checkpoint whole;
    whole.mark = mark;
    CROSSFADE_CHECK(write_checkpoint(target, kWholeCopy, whole));
  }
  RowsCopier copier(source, target, options, progress);
  for (const auto& [name, table] : schema.tables) {
    if (!table.view && !table.virtual_table) copier.add(table);
  }
  CROSSFADE_CHECK(copier.widen(file, target_at, mark));
  CROSSFADE_TRY(report.tables, copier.run());
  if (standing != Standing::complete) {
    CROSSFADE_CHECK(existing ? finish_existing(source, target, schema)
                             : finish_target(source, target, schema, script, Finality::final_copy, {target_at, options.connections}));
    Checkpoint whole;
    whole.mark = mark;
    whole.done = true;
    CROSSFADE_CHECK(write_checkpoint(target, kWholeCopy, whole));
  }
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return report;
}

}  // namespace crossfade::migrate
