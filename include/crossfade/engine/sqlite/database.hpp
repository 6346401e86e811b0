#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crossfade/engine/sqlite/advisory_locks.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/engine/sqlite/seeded_random.hpp"
#include "crossfade/engine/sqlite/stored_row.hpp"
#include "crossfade/model/memory_budget.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

class SessionCalls;

/// What run-time functions may ask of the session whose statement runs: now(), current_user, TimeZone …
/// What currval() and lastval() answer.
struct SequenceMemory {
  std::map<std::string, std::int64_t, std::less<>> values;
  std::string last;
  /// What the running transaction was given. ROLLBACK does not take it back: no number comes twice.
  struct Given { std::string table; std::int64_t value = 0; bool set = false; };  // `table`: as the file spells it, where SQLite counts; `set`: by setval()
  std::map<std::string, Given, std::less<>> given;
};

struct FunctionContext {
  std::int64_t transaction_micros = 0;  // now()
  std::int64_t statement_micros = 0;    // statement_timestamp()
  model::TextStyle style;
  std::string user, database, application_name, search_path;
  std::int32_t backend_pid = 0;
  model::MemoryBudget* memory = nullptr;  // nullptr: what it keeps is not counted
  Connection::Impl* connection = nullptr;  // that runs the session's statement now
  mutable SequenceMemory sequences;
  mutable AdvisoryLocks advisory;
  mutable std::optional<SeededRandom> random;  // since setseed()
  std::optional<SeededRandom> random_before;   // as the running statement found it
  SessionCalls* calls = nullptr;  // nullptr: no client's session, its functions are refused
};

struct DatabaseOptions {
  std::filesystem::path file;
  bool read_only = false;
  std::size_t max_readers = 8;
  std::size_t max_open = 400;         // connections to the file at the same time, then 53300; each has two descriptors
  std::size_t max_value_bytes = 1'000'000'000;  // of one value or row while a client's statement computes, then 54000
  std::chrono::milliseconds busy_timeout{5'000};  // another process holds the file
  /// How long a group of commits takes writes, and how long one of them may run while finished ones wait for their COMMIT.
  std::chrono::milliseconds group_patience{100};
  std::string synchronous = "FULL";
  int wal_autocheckpoint = 1000;
};

/// The right to write: one holder, first come first served. Letting it go wakes the next.
class Permit;
class PermitQueue {
 public:
  using Id = std::uint64_t;
  /// Called once, from the thread that released the permit (or at once from this one). Must not block.
  using Granted = std::function<void(Permit)>;
  /// `pid`: of the client that asks, for messages; 0: the proxy itself.
  Id acquire(Granted granted, std::int32_t pid = 0);
  /// true: the request was still waiting and `granted` will not be called.
  bool cancel(Id id);
  std::size_t waiting() const;
  /// Whose permit it is; 0: nobody's, or the proxy's own.
  std::int32_t holder() const;
  PermitQueue();
  ~PermitQueue();

 private:
  friend class Permit;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};
class Permit {
 public:
  Permit() = default;
  Permit(Permit&&) noexcept;
  Permit& operator=(Permit&&) noexcept;
  ~Permit();
  explicit operator bool() const;
  void release();

 private:
  friend class PermitQueue;
  friend struct PermitQueue::Impl;
  std::shared_ptr<PermitQueue::Impl> queue_;
};

/// One SQLite file served to many clients. Thread-safe.
class Database {
 public:
  /// Changes the file to WAL (unless read_only) and says so in the log.
  static model::Result<std::unique_ptr<Database>> open(DatabaseOptions options, std::shared_ptr<const plan::Plan> plan);
  ~Database();

  const DatabaseOptions& options() const;
  PermitQueue& permits();
  /// Of the file now; read again when schema_version has changed. Shared, never changed.
  model::Result<std::shared_ptr<const plan::Schema>> schema();
  /// As the transaction of `connection` sees it; one without DDL that is not committed.
  model::Result<std::shared_ptr<const plan::Schema>> schema(Connection& connection);
  /// After a plan was stored or replaced.
  void replace_plan(std::shared_ptr<const plan::Plan> plan);
  /// From now on a plan that is stored in the file rules, as of each snapshot that is read: it is changed in the transaction that changes the schema.
  void follow_stored_plan();
  /// How often that was: what was translated under another number may have other types.
  std::uint64_t plan_number() const;
  /// The connection pool; the lease gives it back.
  struct Lease;
  /// further: for a session that has others out already, in its cursors; half of all are kept from those. Errors: 53300, none is left.
  enum class Claim : std::uint8_t { first, further };
  model::Result<std::unique_ptr<Lease>> lease(Claim claim = Claim::first);
  /// One that is open already; null when all are out.
  std::unique_ptr<Lease> lease_idle();
  /// For the holder of the permit: the connection that wrote last, whose cache is warm.
  model::Result<std::unique_ptr<Lease>> lease_writer();
  /// Connections that sit in the pool are closed (the file is being handed over).
  void close_idle();

 private:
  friend class Session;
  struct Impl;  // database_impl.hpp
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A running statement. Rows come in batches, decoded. Must die before its session.
class Cursor {
 public:
  virtual ~Cursor() = default;
  struct Written { std::size_t rows = 0; bool done = false; std::int64_t affected = 0; };
  /// Blocking. At most `max_rows` rows (0: no limit), until the sink is full; `done` when the statement has ended: `affected` then
  /// counts the rows of the command tag. After an error what the sink has taken is void. Errors: 22P02 naming table, column and rowid
  /// for a stored value that does not fit; SQLite's.
  virtual model::Result<Written> write(RowSink& sink, std::size_t max_rows) = 0;
  struct Batch { std::vector<model::Row> rows; bool done = false; std::int64_t affected = 0; };
  /// The same as values, about 256 KiB of them.
  model::Result<Batch> fetch(std::size_t max_rows);
  /// Blocking. What fetch() reads is as the file is now, whatever is committed before it. Before the first fetch().
  virtual model::Result<void> pin() { return {}; }
};

/// Rows going into a table one by one, as one statement. Must die before its session.
class Loader {
 public:
  virtual ~Loader() = default;
  /// Blocking. `row`: the values of the INSERT's parameters. Gives how many rows it has made: 0 when its WHERE leaves it out.
  /// After an error this row is not there, the ones before are; the caller ends the load or goes on with the next row.
  virtual model::Result<std::int64_t> add(std::span<const model::Value> row) = 0;
  /// After the last row. Errors: 23503 for rows that reference what is not there.
  virtual model::Result<void> finish() = 0;
};

enum class BlockState : std::uint8_t { idle, in_block, failed };  // ReadyForQuery's I, T, E

/// A statement that changes the schema, as its client said it, and the settings that decide what it means: name, value.
struct SchemaStatement {
  std::string text;
  std::vector<std::pair<std::string, std::string>> settings;
  std::int64_t skipped = 0;  // notices of IF [NOT] EXISTS: what it did not do
};

/// What is made ready for a COMMIT. One that dies without committed() was called off.
class SchemaCommit {
 public:
  virtual ~SchemaCommit() = default;
  virtual void committed() = 0;
};

/// Who takes part in changes of the schema while another database follows the file. Called on the session's thread, in its transaction.
class SchemaFollower {
 public:
  virtual ~SchemaFollower() = default;
  /// Right after the statement, in its savepoint. An error is the statement's.
  virtual model::Result<void> changed(Connection& writer, const sql::Translated& statement) = 0;
  /// All that the transaction said of the schema and was not rolled back, in order; what is left is COMMIT. An error refuses it.
  /// `ended` becomes true: COMMIT is cancelled. Whatever is waited for is to be left soon, with any error.
  virtual model::Result<std::unique_ptr<SchemaCommit>> prepare(Connection& writer, std::span<const SchemaStatement> statements, const std::atomic<bool>& ended) = 0;
};

struct BeginOptions { sql::Isolation isolation = sql::Isolation::read_committed; bool read_only = false; };

/// Asked once when a statement that writes has rows to give, before its COMMIT: an error fails the statement, which is undone.
using RowsCheck = std::function<model::Result<void>()>;

/// One client's transactions on the file, PostgreSQL's way: READ COMMITTED by a fresh snapshot for each statement until the first
/// write, 25P02 after an error, savepoints. All calls block; one thread at a time; interrupt() from any.
class Session {
 public:
  explicit Session(Database& database);
  ~Session();

  BlockState state() const;
  /// The block has written (or taken the permit for FOR UPDATE), has a pinned snapshot, or is READ ONLY since a savepoint: it cannot move to another engine.
  bool anchored() const;
  bool holds_permit() const;
  /// The statement that was started last has begun to run: its error came in the middle of it, where PostgreSQL has described the
  /// rows of a SELECT already.
  bool begun() const;
  /// It has failed where PostgreSQL plans a statement and reads its parameters, which it does in Bind: a division of constants, a name of
  /// no type given for a regtype.
  bool failed_in_planning() const;
  /// The caller acquires the permit from Database::permits() first when this says so, and gives it with adopt(). Also for a read
  /// that opens a pinned block, after several blocks of this session have lost the race for the write lock (40001).
  bool needs_permit(const sql::Translated& statement) const;
  void adopt(Permit permit);

  /// As this session's next statement sees it: its block's own DDL and pinned snapshot, else Database::schema(). One with DDL that
  /// is not committed has a negative version that never comes again, so that caches by version hold.
  model::Result<std::shared_ptr<const plan::Schema>> schema();

  FunctionContext& context();  // settings of the session; transaction_micros is set by the session itself

  /// In a block: BEGIN is a warning 25001, COMMIT of a failed one is ROLLBACK; outside: 25P01 warnings. The returned string is the
  /// command tag ("ROLLBACK" for a COMMIT of a failed block); warnings are appended to `warnings`.
  model::Result<std::string> control(const sql::TransactionControl& control, std::vector<model::Error>& warnings);
  const BeginOptions& block_options() const;

  /// Starts a statement. Outside a block it is its own transaction, ended when its cursor is done or dies. Values are in the order
  /// and types of statement.parameters. In a failed block: 25P02.
  model::Result<std::unique_ptr<Cursor>> start(const sql::Translated& statement, std::span<const model::Value> values,
                                               const RowsCheck& check = {});
  /// Before start() of a statement that changes the schema: who follows, and what the client has said. nullptr: nobody does.
  void follow_schema(SchemaFollower* follower, SchemaStatement said);
  /// The transaction has changed the schema; nobody else sees it yet.
  bool changes_schema() const;
  /// A short read: seeks by key and what follows there, no function but of arithmetic, nothing sorted; seen in SQLite's program of it,
  /// and a few thousand of its instructions. Blocking. Learns whether `statement`, translated from the schema of that version, is one.
  /// false: it is not.
  bool learn_short(const std::shared_ptr<const sql::Translated>& statement, std::int64_t schema_version,
                   std::span<const model::Value> values);
  /// Runs what learn_short() has learned here and now: it waits for nothing and takes some µs, so that the io thread may call it.
  /// False: nothing was done, and what the sink has taken is void (not learned on this connection, the file's schema has changed since, an error of any kind, no
  /// connection is free, the block has its own): start() it. The caller sees to it that plan and settings are still those of the
  /// translation.
  bool read_short(const std::shared_ptr<const sql::Translated>& statement, std::span<const model::Value> values, RowSink& sink);
  /// Whether this statement, here, can be a member of a group (group_commit.hpp): it changes rows and is its own transaction.
  bool may_group(const sql::Translated& statement) const;
  /// Runs one in the group's transaction on `writer`, to its end. Its savepoint and COMMIT are the group's.
  model::Result<std::unique_ptr<Cursor>> start_grouped(Connection& writer, const sql::Translated& statement,
                                                       std::span<const model::Value> values, const RowsCheck& check);
  /// Starts a statement that takes its rows from the caller: an INSERT, in a block (an implicit one too). The permit is held. When
  /// the load fails the caller says so with mark_failed(): the block is failed, and its rows go when it ends. Errors: as start().
  /// Lifetime: `statement` is read until the loader dies.
  model::Result<std::unique_ptr<Loader>> load(const sql::Translated& statement);
  /// 25006 when the transaction or the file is only for reading. `command`: what the message calls it, "COPY FROM".
  model::Result<void> check_writable(std::string_view command, sql::Translated statement) const;
  /// The client's statement failed outside the engine (parse, bind): the block is failed.
  void mark_failed();
  /// A query of the client's has been analysed: the transaction has a snapshot in PostgreSQL, and its isolation level stands.
  void mark_analysed();
  /// Implicit block of a simple query with several statements, or of an extended-protocol batch until Sync. Its state() is idle;
  /// BEGIN in it makes it an ordinary block, after whose end the rest is implicit again. An error in it fails what follows (25P02)
  /// and makes end_implicit() roll back.
  void begin_implicit();
  model::Result<void> end_implicit();
  /// Rolls everything back: the client is gone, and its temporary tables.
  void abandon();
  /// The session has temporary tables or views: they cannot be moved to another engine. Blocking.
  bool has_temporary();
  /// DISCARD TEMP: all of them go; outside a block at once, in a block with it.
  model::Result<void> discard_temporary();
  void interrupt();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crossfade::sqlite
