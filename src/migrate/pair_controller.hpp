#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "crossfade/migrate/controller.hpp"
#include "canary.hpp"
#include "fair_lock.hpp"
#include "file_claim.hpp"
#include "gates.hpp"
#include "mirror.hpp"
#include "mismatches.hpp"
#include "shadow.hpp"
#include "sync_commits.hpp"
#include "walk.hpp"

namespace crossfade::migrate {

struct VerifyReport;

/// The controller of a file and a PostgreSQL. `work_` is held by whoever uses the mirror: the applier's thread for a step, the shadow's
/// for a pair, a switch for its walk. `switching_` is held by one switch at a time and is always taken first.
class PairController final : public Controller {
 public:
  PairController(sqlite::Database& database, postgres::Conninfo conninfo, std::shared_ptr<const plan::Plan> plan, ControllerOptions options);
  ~PairController() override;
  /// Settles, then starts the threads.
  model::Result<void> begin();

  Fence& fence() override { return fence_; }
  bool wants_sample(std::string_view fingerprint) override;
  void offer(Sample sample) override;
  void note_uncomparable() override { ++uncomparable_; }
  bool wants_rehearsal(std::string_view fingerprint) override;
  int canary_percent() const override { return canary_.percent(); }
  std::optional<CanaryPass> await_canary() override { return canary_.await(); }
  bool canary_held(const CanaryPass& pass) const override { return canary_.held(pass); }
  void note_canary(CanaryOutcome outcome) override;
  bool syncs() const override;
  boost::asio::awaitable<bool> committed() override { return sync_.wait(options_.sync.timeout); }
  bool refuses_changes() const override;
  sqlite::SchemaFollower* schema_follower() override { return follower_.get(); }
  model::Result<ChangeBack> rehearse_back(const BackAnswers& answers, std::span<const sqlite::SchemaStatement> said) override;
  std::uint64_t schema_number() const override { return schema_number_; }
  void set_sessions(SessionsHook hook) override;
  void wake() override;
  model::Result<StageState> switch_to(Stage stage, bool force, std::optional<int> percent = {}) override;
  model::Result<StageState> switch_back(bool force = false) override;
  model::Result<StageState> finish(bool force) override;
  model::Result<ConsoleTable> repair() override;
  model::Result<ConsoleTable> compare(std::string_view sql) override;
  model::Result<ConsoleTable> show(std::string_view what) override;
  void stop() override;

 private:
  // The applier's thread.
  void run();
  void work_once();
  void fill();
  bool settle_again();
  void check_claim();
  void stand_in(const StageState& at);
  void begin_canary();
  void trip_canary(const std::string& why);
  void save_trip();
  /// Rows that PostgreSQL does not hold since they could not be repeated there, or since the plan had the copy put them aside. `work_` is held.
  model::Result<std::int64_t> put_aside();

  // Switches; `switching_` is held.
  model::Result<StageState> to_copy(const StageState& from);
  model::Result<StageState> beside(const StageState& from, Stage to, Force force);
  model::Result<StageState> to_postgres(const StageState& from, Force force);
  void await_mirror();
  void await_rehearsals();
  void carry_changes();
  model::Result<StageState> to_canary(const StageState& from, Force force);
  model::Result<void> nothing_aside();
  model::Result<StageState> change_canary(const StageState& at);
  model::Result<StageState> back(const StageState& from, Force force);
  model::Result<StageState> bury(const StageState& from, Force force);
  model::Result<StageState> finish_walk(model::Result<StageState> walked, Stage wanted);
  model::Result<StageState> held(model::Result<StageState> walked);
  model::Result<StageState> wait_until_filled();
  model::Result<StageState> route(Stage to, Force force);

  // Gates and comparison.
  GateFacts facts() const;
  GateFacts steady_facts();
  std::vector<StayingSession> staying() const;
  /// What the gates went by.
  model::Result<GateFacts> pass_gates(const StageState& from, Stage to, Force force);
  model::Result<VerifyReport> verify_tables(const plan::Schema& schema);
  model::Result<VerifyReport> verify_steadily();
  model::Result<VerifyOutcome> verify_now(std::vector<struct FoundDifference>* found);
  model::Result<void> verify_if_stale();
  model::Result<Pair> make_pair();
  model::Result<void> mark(const std::vector<struct FoundDifference>& found);

  // SHOW.
  std::string canary_text() const;
  std::string sync_text() const;
  model::Result<ConsoleTable> show_stage() const;
  model::Result<ConsoleTable> show_lag() const;
  model::Result<ConsoleTable> show_mismatches() const;
  model::Result<ConsoleTable> show_compared() const;
  model::Result<ConsoleTable> show_readiness() const;
  model::Result<ConsoleTable> show_journal() const;
  model::Result<ConsoleTable> show_forced() const;
  model::Result<ConsoleTable> show_history() const;
  model::Result<ConsoleTable> show_translations() const;
  model::Result<ConsoleTable> show_version() const;
  friend struct ShowRule;
  friend class SchemaBarrier;

  // pair_schema.cpp
  /// The schema of both sides is another one: what was made for the old one is forgotten.
  void schema_changed();

  sqlite::Database* database_;
  std::shared_ptr<const plan::Plan> plan_;
  ControllerOptions options_;
  FairLock work_;
  std::mutex switching_;
  FileClaim claim_;
  std::chrono::steady_clock::time_point claimed_;  // when it was last looked at; of the applier's thread
  Mirror mirror_;
  Fence fence_;
  Mismatches mismatches_;
  Canary canary_;
  SyncCommits sync_;
  int percent_ = 0;  // that the running switch asks for; under `switching_`
  std::atomic<bool> filled_ = false;
  std::atomic<bool> unsettled_ = false;  // a walk failed and its rows could not be settled yet: the fence stays closed
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> schema_number_ = 0;
  std::atomic<std::uint64_t> schema_changes_ = 0;  // begun in PostgreSQL: what is compared over one says nothing
  std::atomic<int> changing_ = 0;        // COMMITs that change the schema and wait for `work_`, the permit in hand
  std::atomic<std::uint64_t> uncomparable_ = 0;

  mutable std::mutex state_;  // guards verify_, schema_, sessions_ and the wake-up
  std::condition_variable woken_;
  std::uint64_t wakes_ = 0;
  std::optional<VerifyOutcome> verify_;
  std::shared_ptr<const plan::Schema> schema_;
  SessionsHook sessions_;

  std::unique_ptr<sqlite::SchemaFollower> follower_;
  std::unique_ptr<Shadow> shadow_;
  std::thread applier_;
};

/// A difference that a comparison found, with the key as PostgreSQL's values.
struct FoundDifference {
  std::string table;
  model::Row key;
  std::string key_text, column, sqlite, postgres;
};

/// Who carries changes of the schema to PostgreSQL (pair_schema.cpp).
std::unique_ptr<sqlite::SchemaFollower> make_follower(PairController& controller);

std::string micros_text(std::int64_t micros);

}  // namespace crossfade::migrate
