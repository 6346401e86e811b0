#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/sqlite/database.hpp"
#include "catalog/module.hpp"
#include "cursor.hpp"
#include "database_impl.hpp"

namespace crossfade::sqlite {

enum class Block : std::uint8_t { none, implicit, explicit_ };

/// What SET CONSTRAINTS has said in the transaction: whether deferred; of all, and since then by name.
struct ConstraintModes {
  std::optional<bool> all;
  std::map<std::string, bool, std::less<>> named;
  bool defers(const plan::ForeignKey& key) const;
};

/// The state of one client's transactions.
///
/// `held` is the connection that the block is bound to: pinned (REPEATABLE READ and up) or writing. A READ COMMITTED block that has
/// not written has none, and each of its statements reads on a leased connection: a fresh snapshot.
///
/// `kept` is the connection that has this session's temporary tables, between transactions; all statements run on it then.
struct Session::Impl final : CursorOwner, CatalogSource {
  explicit Impl(Database& served) : database(served) {}

  Database& database;
  FunctionContext context;

  Block block = Block::none;
  bool implicit_scope = false;  // between begin_implicit() and end_implicit()
  bool failed = false;
  bool used = false;            // a statement has run in the block
  bool has_begun = false;       // the statement started last has taken its first step
  bool planning_failed = false; // it did not come to that: see Session::failed_in_planning()
  bool lost = false;            // the transaction has ended in the engine, the block has not
  bool schema_changed = false;  // DDL of this block
  SchemaFollower* follower = nullptr;    // of the statement that is started, or of those that have run
  SchemaStatement said;                  // the statement that is started
  std::vector<SchemaStatement> changes;  // those of the transaction
  BeginOptions options, defaults;
  BeginOptions opened;  // what the block began with, before it said any: another's by AND CHAIN, else the defaults

  std::unique_ptr<Database::Lease> held, kept;
  bool writing = false;  // the transaction on `held` has written or may write
  Permit permit;
  ConstraintModes modes;
  bool modes_set = false;  // SET CONSTRAINTS has been said in the transaction: its statements are checked by `modes`
  /// What the transaction was when it was set: `read_only` is so again after RELEASE and ROLLBACK TO, `modes` after ROLLBACK TO.
  struct Savepoint { std::string name; bool read_only = false; ConstraintModes modes; std::size_t changes = 0; };
  /// The client's, oldest first; the engine knows the i-th as "crossfade_<i>" (MIRROR 21).
  std::vector<Savepoint> savepoints;
  std::list<LiveCursor*> cursors;  // all of this session; those on `held` are materialised before a write
  std::shared_ptr<const plan::Schema> private_schema;
  std::int64_t private_version = 0;
  std::shared_ptr<const plan::Schema> temporary_schema, temporary_base;  // the second with the session's temporary tables
  std::int64_t temporary_version = 0;

  /// Of a schema that is this session's alone, while a statement reads it.
  std::weak_ptr<catalog::SharedRows> own_rows;
  model::Result<std::shared_ptr<catalog::Catalog>> catalog() override;

  std::mutex running_mutex;
  Connection* running = nullptr;  // stepping a client's statement now
  /// What SQLite's interrupt takes with it: savepoints that the client may go back to (MIRROR 20), or the other cursors on the
  /// connection, as it stays until none is open. Where it does harm, it comes when all else has failed.
  enum class Harm : std::uint8_t { none, savepoints, cursors } harm = Harm::none;
  std::atomic<bool> cancelled{false};
  std::chrono::steady_clock::time_point cancelled_since;

  int lost_races = 0;  // 40001 in a row, of pinned snapshots that wanted to write

  bool starves() const;
  bool in_block() const { return block != Block::none; }
  Connection& connection() { return held->connection; }

  void open_block(Block kind, BeginOptions with);
  // session_schema.cpp
  model::Result<void> note_change(Connection& on, const sql::Translated& statement);
  /// COMMIT, and what follows the schema's changes with it.
  model::Result<void> commit_changes();

  /// The block ends; in an implicit scope the next begins.
  void close_block();
  model::Result<void> commit();
  /// Rolls back in the engine and lets go of connection and permit; the block itself goes on.
  void end_transaction();
  void keep_numbers();
  void fail();

  void hold(std::unique_ptr<Database::Lease> lease);
  model::Result<void> pin();                                   // its snapshot
  model::Result<void> open_writer();                           // BEGIN IMMEDIATE
  model::Result<void> upgrade();                               // a pinned snapshot takes the write lock
  model::Result<void> replay_savepoints();
  model::Result<void> own(std::string_view sql);
  model::Result<void> own_interruptible(std::string_view sql);  // may wait for another process

  // session_interrupt.cpp: what interrupt() may end
  Harm harm_to_write() const;
  Harm harm_to_read(const Connection& on) const;
  model::Result<bool> run_open(Connection& on, Harm with, const std::function<model::Result<bool>()>& work);
  void start_running(Connection& on, Harm with);
  /// Whether it was interrupted.
  bool stop_running();

  model::Result<std::unique_ptr<Cursor>> start(const sql::Translated& statement, std::span<const model::Value> values,
                                               const RowsCheck& check);
  model::Result<std::unique_ptr<Cursor>> read(const sql::Translated& statement, std::span<const model::Value> values);
  model::Result<std::unique_ptr<Cursor>> write_alone(const sql::Translated& statement, std::span<const model::Value> values,
                                                     const RowsCheck& check);
  model::Result<std::unique_ptr<Cursor>> write_in_block(const sql::Translated& statement, std::span<const model::Value> values,
                                                        const RowsCheck& check);
  model::Result<std::unique_ptr<Cursor>> run_writing(Connection& on, const sql::Translated& statement, std::span<const model::Value> values,
                                                     const RowsCheck& check);
  model::Result<std::vector<model::Bytes>> run_steps(Connection& on, const sql::Translated& statement, std::span<const model::Value> values);
  model::Result<void> check_writable(const sql::Translated& statement) const;
  model::Result<void> check_alone(const std::string& command) const;
  model::Result<void> fold(Connection& on, const std::string& constants);
  static model::Result<void> read_names(Connection::Impl& connection, const sql::Translated& statement, std::span<const model::Value> values);
  model::Result<Statement> ready(Connection& on, const sql::Translated& statement, std::span<const model::Value> values);
  bool may_read_short(const sql::Translated& statement) const;
  void materialise_cursors();
  void kill_cursors();

  // session_temporary.cpp
  /// The connection with this session's temporary tables, wherever it is now; nullptr: it has none.
  Connection* private_connection() const;
  /// `held` goes back: to the pool, or where it is kept.
  void let_go();
  model::Result<std::shared_ptr<const plan::Schema>> schema();
  model::Result<std::shared_ptr<const plan::Schema>> permanent_schema();
  /// ON COMMIT DELETE ROWS and DROP, before the COMMIT.
  model::Result<void> act_on_commit();
  /// Adds PostgreSQL's detail to a constraint's error.
  void explain(Connection& on, Statement& statement, model::Error& error);

  model::Result<std::string> begin(const sql::TransactionControl& control, std::vector<model::Error>& warnings);
  model::Result<std::string> end(const sql::TransactionControl& control, std::vector<model::Error>& warnings);
  model::Result<std::string> savepoint(const sql::TransactionControl& control);
  model::Result<std::string> release(const sql::TransactionControl& control);
  model::Result<std::string> rollback_to(const sql::TransactionControl& control);
  // session_constraints.cpp
  model::Result<std::string> set_constraints(const sql::TransactionControl& control);
  model::Result<void> take_modes(const sql::TransactionControl& control);
  /// All foreign keys wait for the engine's COMMIT then; check_references() tells those that may not. Holds to the end of the transaction.
  model::Result<void> defer_references();
  /// Errors: 23503 when a row refers to nothing by a key that SET CONSTRAINTS has not left deferred.
  /// `statement`: the one that has run, so that only what it may have broken is looked at; nullptr: everything.
  model::Result<void> check_references(const sql::Translated* statement = nullptr);
  /// Errors: 55006 `cannot TRUNCATE "t" because it has pending trigger events`.
  model::Result<void> check_not_in_use(const sql::Translated& statement);
  model::Result<std::string> set_transaction(const sql::TransactionControl& control, std::vector<model::Error>& warnings);
  model::Result<void> change_options(const sql::TransactionControl& control);
  BeginOptions options_after_rollback() const;

  void cursor_failed() override;
  model::MemoryBudget* budget() override { return context.memory; }
  void cursor_gone(LiveCursor* cursor) override { cursors.remove(cursor); }
  model::Result<bool> step(Connection& connection, Statement& statement) override;
};

}  // namespace crossfade::sqlite
