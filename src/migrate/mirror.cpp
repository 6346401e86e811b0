#include "mirror.hpp"

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "postgres_transaction.hpp"
#include "schema_replay.hpp"
#include "sqlite_journal.hpp"

namespace crossfade::migrate {

using namespace model::literals;
using namespace std::chrono_literals;

namespace {

/// Entries kept before the journal is pruned: a prune is a commit of its own, which clients wait for.
constexpr std::int64_t kPruneEvery = 500;
constexpr std::chrono::milliseconds kPrunePermit = 200ms;
/// In turn, that somebody's locks have kept from reading anything: some twenty seconds.
constexpr int kLockedSteps = 100;
/// A pair's LOCK TABLE may wait for a lock of somebody else's, while the applier waits for the pair.
constexpr std::chrono::minutes kPairDeadline = 5min;

/// A read transaction of the file. BEGIN alone pins nothing: a first read does (MIRROR 6).
model::Result<sqlite::Transaction> pin(sqlite::Connection& connection) {
  CROSSFADE_TRY(sqlite::Transaction transaction, sqlite::Transaction::begin(connection, sqlite::Transaction::Mode::deferred));
  CROSSFADE_CHECK(connection.value("SELECT count(*) FROM main.sqlite_schema"));
  return transaction;
}

std::int64_t integer(const model::StorageValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number ? *number : 0;
}

}  // namespace

Mirror::Mirror(sqlite::Database& database, postgres::Conninfo conninfo)
    : database_(&database), links_(database.options().file, std::move(conninfo)) {
  database.follow_stored_plan();
}

model::Result<void> Mirror::load(std::shared_ptr<const plan::Plan> plan) {
  CROSSFADE_TRY(sqlite::Connection * reader, links_.reader());
  CROSSFADE_TRY(std::optional<plan::Plan> stored, stored_plan(*reader));
  if (stored) plan = std::make_shared<const plan::Plan>(std::move(*stored));
  CROSSFADE_TRY(plan::Schema schema, sqlite::read_schema(*reader, plan.get()));
  plan_ = std::move(plan);
  auto shared = std::make_shared<const plan::Schema>(std::move(schema));
  {
    const std::scoped_lock lock(sharing_);
    schema_ = std::move(shared);
  }
  tables_ = std::make_unique<MirrorTables>(*schema_);
  checked_version_ = -1;
  back_ready_ = false;
  database_->replace_plan(plan_);
  return {};
}

model::Result<void> Mirror::copy_tables(sqlite::Connection& source, postgres::Connection& target, const std::function<bool()>& go_on) {
  for (const MirrorTable& table : tables_->all()) {
    if (!go_on()) return model::fail("57014"_state, "the copy was interrupted");
    CROSSFADE_CHECK(forget_copy(target, table.table()));
    const CopyProgress progress = [this](const TableCopy& copied) {
      health_.fill_progress(copied.table + ": " + std::to_string(copied.written) + " rows");
    };
    CROSSFADE_CHECK(copy_table(source, target, table.table(), CopyOptions{}, progress));
    observe::failpoint("fill-table");
  }
  return {};
}

model::Result<void> Mirror::guard_target(postgres::Connection& target) {
  CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(target));
  CROSSFADE_CHECK(target.execute("SET LOCAL lock_timeout = '2s'"));  // 55P03: the fill is tried again (MIRROR 19)
  // A fill whose last COMMIT went through and whose answer was lost is done again: killed meanwhile, the next start must not take the
  // half-filled tables for filled ones.
  CROSSFADE_CHECK(target.execute("UPDATE crossfade.state SET filled = false WHERE filled"));
  CROSSFADE_CHECK(install_target_triggers(target, *schema_));
  return transaction.commit();
}

model::Result<void> Mirror::fill(const std::function<bool()>& go_on) {
  health_.enter(Health::State::filling);
  CROSSFADE_TRY(postgres::Connection * target, links_.applier());
  target->clear_deadline();
  const SchemaScript script = schema_script(*schema_, *plan_);
  CROSSFADE_CHECK(prepare_target(*target, *schema_, *plan_, script));
  CROSSFADE_CHECK(guard_target(*target));  // before the first row: from now on nobody but the mirror writes there
  CROSSFADE_TRY(sqlite::Connection source, links_.open_file(sqlite::Role::service));
  CROSSFADE_TRY(const sqlite::Transaction snapshot, pin(source));
  CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(source));
  CROSSFADE_TRY(const JournalEntry start, newest_entry(source));
  if (!file) return model::fail("55000"_state, "the file has no journal");
  observe::failpoint("fill-begun");
  CROSSFADE_CHECK(copy_tables(source, *target, go_on));
  CROSSFADE_CHECK(finish_target(source, *target, *schema_, script, Finality::mirrored));
  CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(*target));
  CROSSFADE_CHECK(write_watermark(*target, {file->file_id, start}));
  CROSSFADE_CHECK(target->execute("DELETE FROM crossfade.journal; DELETE FROM crossfade.quarantine WHERE origin <> 'copy'; "
                                  "UPDATE crossfade.state SET filled = true"));
  CROSSFADE_CHECK(transaction.commit());
  observe::failpoint("fill-done");
  health_.enter(Health::State::running);
  return {};
}

std::expected<void, StepFailure> Mirror::check_objects(sqlite::Connection& reader, Side primary) {
  CROSSFADE_TRY(const model::StorageValue version, reader.value("PRAGMA main.schema_version"));
  if (integer(version) == checked_version_) return {};
  CROSSFADE_TRY(const std::vector<std::string> changed, changed_objects(reader));
  if (!changed.empty()) {
    std::string names;
    for (const std::string& name : changed) names += (names.empty() ? "" : ", ") + name;
    model::Error error{"55000"_state, "the file's schema was changed behind the mirror", "Changed: " + names + ".",
                       primary == Side::sqlite ? "SWITCH BACK to stage sqlite and SWITCH TO copy again: the tables are copied anew."
                                               : "Make them again as they were and start again, then REPAIR: PostgreSQL has every row."};
    return std::unexpected(StepFailure(std::move(error), Remedy::stop));
  }
  checked_version_ = integer(version);
  return {};
}

std::expected<void, StepFailure> Mirror::finish_change() {
  if (!change_pending_) return {};
  CROSSFADE_TRY(sqlite::Connection * reader, links_.reader());
  {
    CROSSFADE_TRY(const sqlite::Transaction snapshot, pin(*reader));
    CROSSFADE_TRY(const std::optional<SchemaRecord> record, read_change(*reader));
    if (!record) {
      change_pending_ = false;
      return {};
    }
    CROSSFADE_CHECK(check_objects(*reader, Side::sqlite));
    CROSSFADE_TRY(postgres::Connection * target, links_.applier());
    CROSSFADE_CHECK(redo_change(*reader, *target, *record));
  }
  links_.renew_postgres();
  CROSSFADE_CHECK(load(plan_));
  change_pending_ = false;
  if (on_change_) on_change_();
  return {};
}

/// Steps until PostgreSQL holds what `reader` sees, or only once.
std::expected<StepReport, StepFailure> Mirror::forward_to(sqlite::Connection& reader, Reach wanted) {
  CROSSFADE_CHECK(check_objects(reader, Side::sqlite));
  CROSSFADE_TRY(postgres::Connection * target, links_.applier());
  StepReport total;
  do {
    const ForwardOptions options{.before_commit = before_commit_, .after = std::exchange(after_, std::nullopt)};
    CROSSFADE_TRY(const StepReport report, step_forward(reader, *target, *tables_, options));
    if (report.plain) after_ = JournalEntry{report.seq, report.nonce};
    total.reach = report.reach;
    total.seq = report.seq;
    total.nonce = report.nonce;
    total.keys += report.keys;
    total.quarantined += report.quarantined;
    total.aside = report.aside;
  } while (wanted == Reach::snapshot && total.reach == Reach::partial);
  return total;
}

StepResult Mirror::noted(StepResult result) {
  if (result) {
    health_.stepped(*result);
    return result;
  }
  health_.enter(result.error().remedy == Remedy::stop ? Health::State::stopped : Health::State::retrying,
                result.error().error.message + (result.error().error.detail.empty() ? "" : " (" + result.error().error.detail + ")"));
  links_.tidy();
  return result;
}

/// In the clients' queue, but never at length: what stays is pruned later.
void Mirror::prune(const StepReport& report) {
  if (report.seq - pruned_ < kPruneEvery) return;
  const model::Result<sqlite::Permit> permit = take_permit(*database_, kPrunePermit);
  const model::Result<sqlite::Connection*> writer = links_.writer();
  if (!permit || !writer || !prune_journal(**writer, report.seq)) return;
  pruned_ = report.seq;
  observe::failpoint("step-pruned");
}

StepResult Mirror::step(Side primary) {
  const auto go = [&]() -> StepResult {
    if (primary == Side::sqlite) {
      CROSSFADE_CHECK(finish_change());
      CROSSFADE_TRY(sqlite::Connection * reader, links_.reader());
      CROSSFADE_TRY(const sqlite::Transaction snapshot, pin(*reader));
      return forward_to(*reader, Reach::partial);
    }
    return step_back();
  };
  return noted(go());
}

StepResult Mirror::step_to_end(Side primary) {
  StepReport total;
  int idle = 0;
  do {
    CROSSFADE_TRY(const StepReport report, step(primary));
    idle = report.keys == 0 ? idle + 1 : 0;
    if (idle == kLockedSteps) return noted(std::unexpected(StepFailure({"55P03"_state, "a client holds locks that the mirror waits for in PostgreSQL"})));
    total.reach = report.reach;
    total.seq = report.seq;
    total.nonce = report.nonce;
    total.quarantined += report.quarantined;
    total.aside = report.aside;
  } while (total.reach == Reach::partial);
  return total;
}

std::expected<Pair, StepFailure> Mirror::pair(Side primary) {
  const auto go = [&]() -> std::expected<Pair, StepFailure> {
    CROSSFADE_TRY(sqlite::Connection file, links_.open_file(sqlite::Role::service));
    CROSSFADE_TRY(postgres::Connection target, links_.open_postgres(Links::Effects::on));
    target.set_deadline(std::chrono::steady_clock::now() + kPairDeadline);  // of making it: whoever reads on it sets his own
    if (primary == Side::sqlite) {
      CROSSFADE_CHECK(finish_change());
      CROSSFADE_CHECK(file.execute("BEGIN"));
      CROSSFADE_CHECK(newest_entry(file));
      CROSSFADE_TRY(const StepReport report, forward_to(file, Reach::snapshot));
      CROSSFADE_CHECK(target.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
      CROSSFADE_TRY(const std::optional<Watermark> held, read_watermark(target, Lock::none));
      if (!held || held->at.seq != report.seq) {
        return std::unexpected(StepFailure({"40001"_state, "another program moved the watermark while a pair was made"}));
      }
      return Pair{std::move(file), std::move(target)};
    }
    CROSSFADE_CHECK(pair_back(target));
    CROSSFADE_CHECK(file.execute("BEGIN"));
    CROSSFADE_CHECK(newest_entry(file));
    return Pair{std::move(file), std::move(target)};
  };
  std::expected<Pair, StepFailure> made = go();
  if (made) made->postgres.clear_deadline(), health_.paired();
  else static_cast<void>(noted(std::unexpected(made.error())));
  return made;
}

}  // namespace crossfade::migrate
