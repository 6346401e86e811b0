#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/fence.hpp"
#include "crossfade/migrate/stage.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// What must hold before a switch. The defaults ask for no proof by time or number: those of production are the settings'.
struct GateLimits {
  std::int64_t waiting = 10'000;                 // entries: the last step is done while clients wait
  std::chrono::seconds verify_max_age{86'400};   // a comparison of every value as fresh as this
  std::uint64_t compared_reads = 0;              // reads run again on a pair
  std::size_t compared_statements = 0;           // kinds of statements among them
  std::chrono::seconds compared_time{0};         // since the first of them
  std::uint64_t canary_reads = 0;                // reads that PostgreSQL answered in stage canary
  std::chrono::seconds backup_max_age{0};        // of `crossfade backup`'s last one; 0: the file is backed up otherwise
  std::int64_t free_disk = 0;                    // MB on the file's file system
  std::vector<std::string> postgres_only;        // tables and columns ("t", "t.c") that PostgreSQL alone is to have: they do not stand before the way back
};

/// mode = "sync": a commit is answered when the other side has it, or after `timeout`; what follows then, until it has caught up.
struct SyncOptions {
  enum class Mode : std::uint8_t { async, sync } mode = Mode::async;
  std::chrono::milliseconds timeout{2'000};
  enum class Late : std::uint8_t { degrade, refuse } late = Late::degrade;
};

struct ControllerOptions {
  std::chrono::milliseconds step_interval{50};       // the applier's idle wait
  std::chrono::milliseconds drain_timeout{10'000};   // of a switch
  double shadow_rate = 0.05;                         // share of reads run again on a pair
  std::size_t shadow_queue = 256;                    // waiting samples; more are counted as skipped
  std::size_t max_mismatches = 1'000;                // fingerprints kept
  GateLimits gates;
  SyncOptions sync;
  int canary_percent = 5;                            // of the sessions, where SWITCH TO canary names no share
  std::chrono::milliseconds canary_wait{100};        // of a read, for PostgreSQL to know what was committed before it
};

/// A statement that a client ran, offered for running again on a pair. Off the client's path. compare: a read. rehearse: a change, which
/// PostgreSQL is to plan, and not to run.
struct Sample {
  enum class Purpose : std::uint8_t { compare, rehearse } purpose = Purpose::compare;
  std::string text;
  std::vector<model::Oid> declared;
  std::vector<model::Value> values;
  std::vector<model::Type> types;
  std::shared_ptr<const sql::Translated> translated;  // what SQLite ran; nullptr: the file has not seen it
  model::TextStyle style;                             // the client's
  /// What it has set of the settings that change a statement's meaning: name, value. All others are the server's defaults, as after a switch.
  std::vector<std::pair<std::string, std::string>> settings;
  std::string fingerprint;            // of a change
  std::vector<std::string> tables;    // likewise
  std::int64_t schema_version = 0;    // of the file, that it was translated for; 0: not known
};

/// A table for the console: SHOW STAGE and friends, all columns text.
struct ConsoleTable { std::vector<std::string> columns; std::vector<std::vector<std::optional<std::string>>> rows; };

/// What came of a read that PostgreSQL was to answer in stage canary. stayed: SQLite did, since PostgreSQL was behind; unreachable: since it
/// was not to be had or took too long, which is counted.
enum class CanaryOutcome : std::uint8_t { answered, stayed, failed, unreachable };

/// With which a read goes to PostgreSQL in stage canary: the watermark that it holds at least, and what canary_held() asks for.
struct CanaryPass { std::uint64_t mixed = 0; std::int64_t seq = 0; };

/// What a change of the schema asks for that a client makes in PostgreSQL, while that is the primary: in its own transaction, so that PostgreSQL's
/// COMMIT is that of both. Said behind the change; each is one statement.
struct ChangeBack {
  bool changes = false;               // false: IF [NOT] EXISTS leaves it out, and nothing is said
  std::int64_t skipped = 0;           // how often it does
  bool uncounted = false;             // something of the session's own is among it, of which nothing is known here
  std::vector<std::string> records;   // what is to be said in the file
  std::vector<std::string> triggers;  // new tables note their keys, those with another name or key note by it
  std::string missing;                // behind those, a question: how many lack
  std::shared_ptr<const plan::Schema> before, schema;  // the file's, without the change and with it
  /// What PostgreSQL has already, by a change that went past the proxy, and the file has now: IF [NOT] EXISTS finds other things there. `adopted`: of which tables.
  std::shared_ptr<const struct SchemaDifferences> resolved;
  std::set<std::string> adopted;
};
/// What is asked of PostgreSQL in that transaction. Before the change: whether it is the only one (one row, false: it is not), what others have
/// recorded, the session's temporary relations, `tables` and `forms`; behind it these two again.
struct BackQuestions { std::string_view only_one, recorded, temporary, tables, forms; };
struct BackAnswers { model::ResultSet recorded, temporary, tables; };
BackQuestions back_questions();
/// By the answer to `temporary`: whether the session's own relations alone are concerned, which are nobody else's business. `said`: all statements of the
/// message that change the schema, make temporary ones, or end what they were made in (COMMIT, DISCARD). Where that is not clear it is not so.
bool concerns_session_alone(const model::ResultSet& temporary, std::span<const sqlite::SchemaStatement> said);
/// Columns that came with the change, or that the file has now, are made as the file's script makes them.
std::vector<std::string> own_forms(const ChangeBack& change, const model::ResultSet& before, const model::ResultSet& after);
/// Errors: 0A000 naming what came out otherwise in PostgreSQL than in the file. `tables`: before and behind it.
model::Result<void> check_change(const ChangeBack& change, const model::ResultSet& before, const model::ResultSet& tables, const model::ResultSet& missing);

/// The warning with which a commit is answered that the other side is not known to have.
model::Error late_commit();
/// 57P03: with on_sync_timeout = "refuse", a change while the other side is behind.
model::Error refused_change();

/// A session that cannot be moved at a switch, and what it holds: "temporary tables".
struct StayingSession { std::int32_t pid = 0; std::string why; };
/// What the sessions' side tells and does for the gate `sessions`. `end`: with 57P01.
struct SessionsHook {
  std::function<std::vector<StayingSession>()> staying;
  std::function<void(std::int32_t pid)> end;
};

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
  /// A read of a mirrored stage that no pair can compare (random(), current_user …): counted.
  virtual void note_uncomparable() = 0;
  /// Should this change be offered? Once for each fingerprint, while PostgreSQL follows.
  virtual bool wants_rehearsal(std::string_view fingerprint) = 0;
  /// Stage canary: share of the sessions whose reads go to PostgreSQL, in percent; else 0. Cheap.
  virtual int canary_percent() const = 0;
  /// Blocking: PostgreSQL holds all that was committed before the call. Nothing: not yet, within the options' wait, or it is given a pause
  /// since it did not answer several reads in turn.
  virtual std::optional<CanaryPass> await_canary() = 0;
  /// After the read: PostgreSQL has stood in whole states of the file ever since, no row put aside. Else its rows may be of none: SQLite answers.
  virtual bool canary_held(const CanaryPass& pass) const = 0;
  virtual void note_canary(CanaryOutcome outcome) = 0;
  /// A mirrored stage with mode = "sync": whoever commits awaits committed() before he answers. false: answer with late_commit().
  virtual bool syncs() const = 0;
  virtual boost::asio::awaitable<bool> committed() = 0;
  virtual bool refuses_changes() const = 0;
  /// Carries changes of the schema to PostgreSQL while it follows. nullptr: there is no other side.
  virtual sqlite::SchemaFollower* schema_follower() = 0;
  /// Blocking. Stage `postgres`: what the file would come to, by its schema, what was recorded and then `said`; tried on a schema without rows. Errors: 0A000 and
  /// the translator's own for what cannot be carried.
  virtual model::Result<ChangeBack> rehearse_back(const BackAnswers& answers, std::span<const sqlite::SchemaStatement> said) = 0;
  /// Grows when the file's schema has become another one. Cheap.
  virtual std::uint64_t schema_number() const = 0;
  /// Once, before clients come. Without it nobody stays.
  virtual void set_sessions(SessionsHook hook) = 0;
  /// After a transaction that wrote was committed through the proxy: the applier need not wait for its interval.
  virtual void wake() = 0;

  /// Blocking. SWITCH TO copy|shadow|canary|postgres [FORCE], SWITCH BACK [FORCE]. FORCE is recorded. Errors: 55000 with the red gates in detail, 55006 not drained.
  /// `percent`: of canary, 1 to 100; in that stage it changes the share.
  virtual model::Result<StageState> switch_to(Stage stage, bool force, std::optional<int> percent = {}) = 0;
  virtual model::Result<StageState> switch_back(bool force = false) = 0;
  /// Blocking; the console's FINISH [FORCE], from stage `postgres`. There is no way back from it: the file keeps its guard and one tombstone
  /// row that names the target, PostgreSQL nothing of ours. Errors: 55000 with the red gates in detail, 55006 not drained.
  virtual model::Result<StageState> finish(bool force) = 0;
  /// Blocking; the console's REPAIR. Verifies every value on a pair, marks the keys of rows that differ dirty, waits for the step that
  /// carries them and verifies again. One row a difference: table, key, column, sqlite, postgres, outcome ("mended", "still different").
  /// Mended mismatches leave SHOW MISMATCHES. Errors: 55000 at a stage without a mirror or while it is stopped.
  virtual model::Result<ConsoleTable> repair() = 0;
  /// Blocking; the console's COMPARE. Runs one statement that only reads on both sides of a pair, with one now(). First what came of it: class
  /// (or "equal"), summary and both outcomes; then a row for each of at most ten differences. Errors: 42601, 25006, 0A000 for what cannot
  /// be compared; 55000 at a stage without a mirror.
  virtual model::Result<ConsoleTable> compare(std::string_view sql) = 0;
  /// SHOW STAGE | LAG | MISMATCHES | READINESS | JOURNAL | COMPARED | FORCED | HISTORY | TRANSLATIONS | VERSION …; 42601 for an unknown name with the list.
  virtual model::Result<ConsoleTable> show(std::string_view what) = 0;
  /// Bounded; the mirror's last step is not forced.
  virtual void stop() = 0;
};

}  // namespace crossfade::migrate
