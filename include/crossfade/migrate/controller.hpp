#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/fence.hpp"
#include "crossfade/migrate/stage.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

struct ControllerOptions {
  std::chrono::milliseconds step_interval{50};       // the applier's idle wait
  std::chrono::milliseconds drain_timeout{10'000};   // of a switch
  double shadow_rate = 0.05;                         // share of reads run again on a pair
  std::size_t shadow_queue = 256;                    // waiting samples; more are counted as skipped
  std::size_t max_mismatches = 1'000;                // fingerprints kept
  std::chrono::hours verify_max_age{24};             // gate: a verify as fresh as this
};

/// A read that a client ran, offered for running again on a pair. Off the client's path.
struct Sample {
  std::string text;
  std::vector<model::Oid> declared;
  std::vector<model::Value> values;
  std::vector<model::Type> types;
  std::string search_path;
};

/// A table for the console: SHOW STAGE and friends, all columns text.
struct ConsoleTable { std::vector<std::string> columns; std::vector<std::vector<std::optional<std::string>>> rows; };

/// Owns stage, epoch, journal, applier, pairs, shadow reads and the switch of one pair (file, PostgreSQL database).
/// Its own threads: the applier's and the shadow's. Thread-safe.
class Controller {
 public:
  /// Recovers first (MIRROR 17): nothing is served until both sides agree. Without `postgres` the stage is `sqlite` for good;
  /// without `database` it is PostgreSQL alone. Errors: 55000 naming the disagreement (a rewound side, a tombstone), 08001.
  static model::Result<std::unique_ptr<Controller>> start(sqlite::Database* database, std::optional<postgres::Conninfo> postgres,
                                                          std::shared_ptr<const plan::Plan> plan, ControllerOptions options);
  virtual ~Controller() = default;

  virtual Fence& fence() = 0;
  /// Should this read be offered? Cheap; decided by rate and fingerprint.
  virtual bool wants_sample(std::string_view fingerprint) = 0;
  virtual void offer(Sample sample) = 0;
  /// After a transaction that wrote was committed through the proxy: the applier need not wait for its interval.
  virtual void wake() = 0;

  /// Blocking. SWITCH TO copy|shadow|postgres [FORCE], SWITCH BACK. Errors: 55000 with the red gates in detail, 55006 not drained.
  virtual model::Result<StageState> switch_to(Stage stage, bool force) = 0;
  virtual model::Result<StageState> switch_back() = 0;
  /// Blocking; the console's FINISH [FORCE], from stage `postgres`. There is no way back from it: the file keeps its guard and one tombstone
  /// row that names the target, PostgreSQL nothing of ours. Errors: 55000 with the red gates in detail, 55006 not drained.
  virtual model::Result<StageState> finish(bool force) = 0;
  /// Blocking; the console's REPAIR. Verifies every value on a pair, marks the keys of rows that differ dirty, waits for the step that
  /// carries them and verifies again. One row a difference: table, key, column, sqlite, postgres, outcome ("mended", "still different").
  /// Mended mismatches leave SHOW MISMATCHES. Errors: 55000 at a stage without a mirror or while it is stopped.
  virtual model::Result<ConsoleTable> repair() = 0;
  /// SHOW STAGE | LAG | MISMATCHES | READINESS | JOURNAL | VERSION …; 42601 for an unknown name with the list.
  virtual model::Result<ConsoleTable> show(std::string_view what) = 0;
  /// Bounded; the mirror's last step is not forced.
  virtual void stop() = 0;
};

}  // namespace crossfade::migrate
