#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/stage.hpp"
#include "crossfade/plan/plan.hpp"
#include "forward_step.hpp"
#include "health.hpp"
#include "links.hpp"
#include "schema_differences.hpp"

namespace crossfade::migrate {

/// An empty one could not be had; `unreachable` says why the last of those could not.
struct MirrorCounts {
  std::optional<std::int64_t> waiting, quarantined;
  std::optional<std::int64_t> orphans;           // rows of the file whose foreign key points nowhere: under replica role they slip under PostgreSQL's keys (MIRROR 9)
  std::optional<std::int64_t> unprimable;        // see unprimable_sequences()
  std::optional<std::int64_t> missing_triggers;  // likewise
  std::optional<std::int64_t> changes = 0;       // of the schema, that PostgreSQL has as the primary and the file lacks
  std::optional<SchemaDifferences> differences;  // likewise, when there are no such changes
  std::string unreachable;
};

/// Keeps the other side equal to the primary: fills it, steps it, makes pairs. Whoever calls holds the work lock.
class Mirror {
 public:
  Mirror(sqlite::Database& database, postgres::Conninfo conninfo);

  Links& links() { return links_; }
  Health& health() { return health_; }
  const Health& health() const { return health_; }
  const plan::Schema& schema() const { return *schema_; }
  /// Without the work lock, too.
  std::shared_ptr<const plan::Schema> shared_schema() const {
    const std::scoped_lock lock(sharing_);
    return schema_;
  }
  const std::shared_ptr<const plan::Plan>& plan() const { return plan_; }
  const MirrorTables& tables() const { return *tables_; }

  /// The file's schema_version at which the last step found our objects unchanged.
  std::int64_t checked_version() const { return checked_version_; }
  /// Told what a step forward, a pair's and a walk's too, is about to commit. Once, before the first.
  void before_commit(std::function<void(const StepReport&)> told) { before_commit_ = std::move(told); }

  /// Reads the file's schema again, under the plan that the pair has stored (else `plan`).
  model::Result<void> load(std::shared_ptr<const plan::Plan> plan);

  /// Copies all tables in one snapshot of the file, then puts the watermark there. From the start after an interruption.
  /// `go_on` is asked between chunks. Errors: 57014 when it says no; a misfit under `refuse` and the engines' own.
  model::Result<void> fill(const std::function<bool()>& go_on);

  /// A change of the schema may be in the file alone: nothing is stepped before finish_change().
  void change_pending() { change_pending_ = true; }
  /// Asked by whoever waits for the permit with the work lock: a COMMIT that has the permit waits for that lock, and goes first.
  void gives_way(std::function<bool()> asked) { gives_way_ = std::move(asked); }
  const std::function<bool()>& gives_way() const { return gives_way_; }
  /// Told when a change of the schema is on both sides, and the mirror goes by it.
  void on_change(std::function<void()> told) { on_change_ = std::move(told); }
  /// Where PostgreSQL lacks the file's last change of the schema, it is done there; then the mirror goes by the schema as it is. Nothing
  /// where none is pending. Failures: `stop` when PostgreSQL refuses it, naming the statement.
  std::expected<void, StepFailure> finish_change();

  /// While PostgreSQL is the primary: all changes of the schema that it has are in the file.
  std::expected<void, StepFailure> carry_waiting();

  /// Likewise: what the tables of the two are not to each other, both looked at in one moment. nullopt: changes of the schema are not in the file yet.
  model::Result<std::optional<SchemaDifferences>> differences();

  /// One step from `primary` to the other side; `reach` may be partial.
  StepResult step(Side primary);
  /// Takes out of the file's journal what a step from there has carried, now and then: a commit of its own. Nobody waits for it, as some do for
  /// the step.
  void prune(const StepReport& report);
  /// Steps until the other side holds a snapshot of the primary that was taken after the call.
  StepResult step_to_end(Side primary);
  /// Steps exactly to a snapshot and keeps it open on both sides.
  std::expected<Pair, StepFailure> pair(Side primary);

  /// Entries that the other side has not seen. Reads with connections of its own, as all that follow, so that it may be asked at any time.
  model::Result<std::int64_t> waiting(Side primary) const;
  /// All that the gates ask for, by one connection to each side.
  enum class Counted : std::uint8_t { before_filling, all };
  MirrorCounts counts(Side primary, Counted what) const;
  /// Entries that the journal in the file holds.
  model::Result<std::int64_t> entries() const;
  /// Switches over red gates.
  model::Result<std::vector<Forced>> forced() const;
  model::Result<std::vector<StageChange>> history() const;

 private:
  std::expected<void, StepFailure> check_objects(sqlite::Connection& reader, Side primary);
  // mirror_back.cpp
  std::expected<void, StepFailure> ready_back();
  /// What a snapshot of PostgreSQL's has: rows alone, with `reader` in it; changes of the schema that the file lacks; or it could not be taken for
  /// somebody's locks, for the moment.
  enum class Met : std::uint8_t { rows, changes, locks };
  std::expected<Met, StepFailure> meet(postgres::Connection& reader);
  StepResult carry();
  StepResult step_back();
  std::expected<void, StepFailure> pair_back(postgres::Connection& target);
  std::expected<StepReport, StepFailure> forward_to(sqlite::Connection& reader, Reach wanted);
  model::Result<void> guard_target(postgres::Connection& target);
  model::Result<void> copy_tables(sqlite::Connection& source, postgres::Connection& target, const std::function<bool()>& go_on);
  StepResult noted(StepResult result);

  sqlite::Database* database_;
  Links links_;
  Health health_;
  std::shared_ptr<const plan::Plan> plan_;
  mutable std::mutex sharing_;  // of schema_, for those who have not the work lock
  std::shared_ptr<const plan::Schema> schema_;
  std::unique_ptr<MirrorTables> tables_;
  std::function<void(const StepReport&)> before_commit_;
  std::optional<JournalEntry> after_;  // where the last step forward ended, which was plain
  std::function<void()> on_change_;
  std::function<bool()> gives_way_;
  bool change_pending_ = true;  // at a start nobody knows
  bool back_ready_ = false;      // the table of changes stands in PostgreSQL, `carried_` is known, and nothing is half carried
  bool carried_anew_ = false;    // the file may have another schema than ours
  std::int64_t carried_ = 0;     // the last change that the file has
  std::int64_t checked_version_ = -1;  // schema_version at which our objects were found unchanged
  std::int64_t pruned_ = 0;
};

}  // namespace crossfade::migrate
