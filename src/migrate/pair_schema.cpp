#include <array>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "crossfade/observe/log.hpp"
#include "pair_controller.hpp"
#include "plan_follower.hpp"
#include "postgres_transaction.hpp"
#include "schema_journal.hpp"
#include "schema_replay.hpp"

namespace crossfade::migrate {

using namespace model::literals;
using namespace std::chrono_literals;

namespace {

/// Of a COMMIT that changes the schema, for a step, a pair or a switch to end. A switch that waits for the permit, which this COMMIT has, gives way.
constexpr std::chrono::milliseconds kWorkPatience = 8'000ms;
constexpr int kLockAttempts = 3;  // each waits two seconds for a lock of PostgreSQL's

model::Error called_off(const model::Error& why) {
  const std::string_view family = why.state.family();
  model::Error out{family == "08" || family == "57" ? "08006"_state : "55000"_state, "the change of the schema was called off: " + why.message, why.detail,
                   "It is made on both sides or on none. SHOW LAG on Crossfade's console tells how the mirror is; try again."};
  return out;
}

/// While it lives, what is asked of PostgreSQL ends when COMMIT is cancelled. Once: what is said then, to undo it, is not to be ended, too.
class EndsSoon {
 public:
  EndsSoon(Links& links, const std::atomic<bool>& ended) : links_(links) {
    links_.set_stop([&ended, said = std::make_shared<bool>(false)] { return ended && !std::exchange(*said, true); });
  }
  ~EndsSoon() { links_.set_stop(nullptr); }
  EndsSoon(const EndsSoon&) = delete;
  EndsSoon& operator=(const EndsSoon&) = delete;

 private:
  Links& links_;
};

}  // namespace

/// A barrier: who has changed the schema in a transaction holds the file's write lock until its COMMIT, and nobody else can change anything.
class SchemaBarrier final : public sqlite::SchemaFollower {
 public:
  explicit SchemaBarrier(PairController& pair) : pair_(pair) {}
  model::Result<void> changed(sqlite::Connection& writer, const sql::Translated& statement) override;
  model::Result<std::unique_ptr<sqlite::SchemaCommit>> prepare(sqlite::Connection& writer, std::span<const sqlite::SchemaStatement> statements,
                                                              const std::atomic<bool>& ended) override;

 private:
  class Prepared;
  model::Result<void> check_mirror() const;
  std::expected<PostgresTransaction, StepFailure> in_postgres(sqlite::Connection& writer, const SchemaRecord& record);

  PairController& pair_;
};

/// PostgreSQL's transaction stays open over SQLite's COMMIT, and nobody steps meanwhile.
class SchemaBarrier::Prepared final : public sqlite::SchemaCommit {
 public:
  Prepared(PairController& pair, std::unique_lock<FairLock> work, PostgresTransaction transaction)
      : pair_(pair), work_(std::move(work)), transaction_(std::move(transaction)) {}
  void committed() override;

 private:
  PairController& pair_;
  std::unique_lock<FairLock> work_;
  PostgresTransaction transaction_;  // dies before the lock
};

model::Result<void> SchemaBarrier::check_mirror() const {
  const StageRule& at = rule(pair_.fence_.state().stage);
  if (!at.journal || at.primary != Side::sqlite) return model::fail("55000"_state, "the schema cannot be changed in this stage");
  if (!pair_.filled_)
    return model::fail("55000"_state, "the schema cannot be changed while the tables are being copied", {}, "Try again when SHOW STAGE says that they are filled.");
  const Health::Snapshot health = pair_.mirror_.health().read();
  if (pair_.unsettled_ || health.state == Health::State::stopped)
    return std::unexpected(called_off({"55000"_state, "the mirror is stopped", health.reason}));
  return {};
}

model::Result<void> SchemaBarrier::changed(sqlite::Connection& writer, const sql::Translated& statement) {
  if (pair_.fence_.state().stage == Stage::sqlite) return follow_plan(writer, statement, pair_.plan_.get());
  CROSSFADE_CHECK(check_mirror());
  return follow_schema_change(writer, statement);
}

std::expected<PostgresTransaction, StepFailure> SchemaBarrier::in_postgres(sqlite::Connection& writer, const SchemaRecord& record) {
  for (int attempt = 1;; ++attempt) {
    CROSSFADE_TRY(postgres::Connection * target, pair_.mirror_.links().applier());
    CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(*target));
    CROSSFADE_CHECK(target->execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on"));
    auto done = replay_change(writer, *target, record);
    if (done) return transaction;
    const std::string_view state = done.error().error.state.code();
    if ((state != "55P03" && state != "40P01") || attempt == kLockAttempts) return std::unexpected(std::move(done).error());
  }
}

model::Result<std::unique_ptr<sqlite::SchemaCommit>> SchemaBarrier::prepare(sqlite::Connection& writer, std::span<const sqlite::SchemaStatement> statements,
                                                                           const std::atomic<bool>& ended) {
  if (pair_.fence_.state().stage == Stage::sqlite) return nothing_to_commit();  // the journal comes by the permit, which this transaction has
  ++pair_.changing_;
  const bool turn = pair_.work_.try_lock_for(kWorkPatience, ended);
  --pair_.changing_;
  if (!turn) return model::fail("55P03"_state, "the schema cannot be changed now: a switch or a step of the mirror is under way", {}, "Try again when it has ended.");
  std::unique_lock<FairLock> work = std::unique_lock<FairLock>(pair_.work_, std::adopt_lock);
  const EndsSoon scope(pair_.mirror_.links(), ended);
  CROSSFADE_CHECK(check_mirror());
  // All that was committed before this transaction; nothing can be while it holds the write lock.
  if (const StepResult step = pair_.mirror_.step_to_end(Side::sqlite); !step) {
    pair_.wake();  // cancelled, nothing is wrong with the mirror
    return std::unexpected(called_off(step.error().error));
  }
  CROSSFADE_TRY(const std::optional<plan::Plan> plan, stored_plan(writer));
  if (!plan) return model::fail("55000"_state, "the file has no stored plan");
  CROSSFADE_TRY(const plan::Schema schema, sqlite::read_schema(writer, &*plan));
  CROSSFADE_CHECK(check_mirrored(schema));
  CROSSFADE_TRY(const SchemaRecord record, record_change(writer, statements));
  CROSSFADE_CHECK(renew_baseline(writer));
  auto transaction = in_postgres(writer, record);
  if (!transaction) {
    pair_.mirror_.links().tidy();
    const std::string_view family = transaction.error().error.state.family();
    if (family == "08" || family == "57") return std::unexpected(called_off(transaction.error().error));
    return std::unexpected(transaction.error().error);
  }
  observe::failpoint("schema-prepared");
  return std::make_unique<Prepared>(pair_, std::move(work), std::move(*transaction));
}

void SchemaBarrier::Prepared::committed() {
  observe::failpoint("schema-written");
  pair_.mirror_.change_pending();
  // A table that it rewrites is empty to older snapshots of PostgreSQL's.
  ++pair_.schema_changes_;
  if (pair_.shadow_) pair_.shadow_->forget_waiting();
  pair_.canary_.about_to_mix();
  if (const auto done = transaction_.commit(); !done) {
    observe::log(observe::Level::warn, "a change of the schema is in the file alone; PostgreSQL gets it next", {{"error", done.error().message}});
    pair_.mirror_.links().tidy();
    pair_.mirror_.health().enter(Health::State::retrying, done.error().message);
    return pair_.wake();
  }
  observe::failpoint("schema-done");
  if (const auto whole = pair_.mirror_.finish_change(); !whole)
    observe::log(observe::Level::warn, "the mirror has not read the new schema yet", {{"error", whole.error().error.message}});
  pair_.wake();
}

void PairController::schema_changed() {
  {
    const std::scoped_lock lock(state_);
    schema_ = mirror_.shared_schema();
    verify_.reset();  // of other tables
  }
  ++schema_number_;
  if (shadow_) shadow_->forget_waiting();
  observe::log(observe::Level::info, "schema", {{"tables", mirror_.tables().all().size()}});
}

std::unique_ptr<sqlite::SchemaFollower> make_follower(PairController& controller) { return std::make_unique<SchemaBarrier>(controller); }

}  // namespace crossfade::migrate
