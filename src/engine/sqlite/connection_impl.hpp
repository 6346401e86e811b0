#pragma once

#include <sqlite3.h>

#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

struct FunctionContext;
class CatalogSource;  // catalog/module.hpp
namespace catalog { class Catalog; }

/// Not the table-valued pragma_schema_version: that prepares a PRAGMA anew for every row it is asked for.
inline constexpr std::string_view kSchemaVersion = "PRAGMA schema_version";

struct CloseHandle { void operator()(sqlite3* database) const { sqlite3_close_v2(database); } };
using Handle = std::unique_ptr<sqlite3, CloseHandle>;
struct FinalizeStatement { void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); } };
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// Whose words a statement is made of: the client's stand under the authorizer, ours do not.
enum class Author : std::uint8_t { client, proxy };

/// The table that a statement changes first, as the authorizer saw it; for messages about constraints.
struct ChangeTarget { std::string table; int action = 0; std::string schema = {}; };

/// The key that a row violates, in SQLite's names; for the detail that PostgreSQL gives. No columns: a key over expressions.
struct Violation { std::string table, index; std::vector<std::string> columns; };

struct RowCapture;     // row_capture.hpp
class ProgressWatch;  // progress.hpp

/// What learn_short() found out about a statement on its connection.
struct ShortProof {
  std::shared_ptr<const sql::Translated> statement;  // null: nothing was found out
  int prepared_times = 0;  // how often SQLite had prepared it again; another number: the schema has changed since
  bool large = false;      // its rows are: no work for the io thread
  bool fits(const std::shared_ptr<const sql::Translated>& wanted) const { return statement == wanted && !large; }
};

struct Statement::Impl {
  /// What it reads of the catalog, from its first look until it is reset; its cursors point into it, so it dies after the handle.
  std::shared_ptr<catalog::Catalog> catalog;
  bool reads_catalog = false;
  StatementHandle handle;
  Connection::Impl* connection = nullptr;
  Author author = Author::client;
  ChangeTarget target;
  ShortProof short_proof;
  bool constants_hold = false;  // Translated::constants of it were computed without an error
};

/// Prepared statements by text, least recently used last; so many, and so many bytes.
class StatementCache {
 public:
  /// The statement leaves the cache (two cursors may run one text); empty when it is not there.
  std::optional<Statement> take(std::string_view text);
  /// Stays here; nullptr when it is not there.
  Statement* find(std::string_view text);
  /// Stays at least until the next call.
  Statement* put(std::string text, Statement statement);
  /// The same for one that need not stay: one that is long or large goes.
  void put_back(std::string text, Statement statement);
  void clear();

 private:
  struct Entry { std::string text; Statement statement; std::size_t bytes = 0; };
  static constexpr std::size_t kEntries = 256, kMostBytes = 8U << 20U, kLongestText = 64U << 10U;
  static std::size_t weight(const Entry& entry);
  void forget(std::list<Entry>::iterator entry);
  std::list<Entry> entries_;
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
  std::size_t bytes_ = 0;
};

/// What the callbacks of a handle point to: it stays where it is when the Connection moves.
struct Connection::Impl {
  std::string file;
  Role role = Role::service;
  Author author = Author::client;               // of the statement being prepared or stepped
  ChangeTarget target;                          // collected while a statement is prepared
  bool reads_catalog = false;                   // likewise
  Statement::Impl* stepped = nullptr;           // the statement that runs now; of several, the one that another has asked for
  std::optional<model::Error> refusal;          // what the authorizer refused last
  std::optional<Violation> violation;           // of the last duplicate key
  std::string dropped;                          // the table that the statement which is prepared drops
  bool updates_row = false;                     // of an upsert: the row that it wrote last was there (RepeatedRows)
  RowCapture* capture = nullptr;                // who is told of the rows that a statement is about to write
  std::vector<ProgressWatch*> watches;          // who looks at what runs
  bool temporary = false;                       // a client has made a temporary object: the connection is that session's own
  bool acts_on_commit = false;                  // one of them was made with ON COMMIT DELETE ROWS or DROP
  FunctionContext* context = nullptr;           // of the session that holds this connection
  CatalogSource* catalog = nullptr;             // the same session
  std::chrono::milliseconds busy_timeout{0};
  std::chrono::steady_clock::time_point busy_since;
  std::atomic<bool> cancel_wait{false};         // ends a wait for another process
  bool may_wait = true;                         // false: a lock that another process holds is SQLITE_BUSY at once
  Handle handle;
  StatementCache cache;                         // dies before the handle

  model::Result<Statement> prepare(std::string_view sql, Author writer);
  model::Result<Statement> prepare_next(std::string_view& rest, Author writer);
  model::Result<void> execute(std::string_view sql, Author writer);
  /// The handle's last error in PostgreSQL's words; `target` is the failed statement's.
  model::Error error(const ChangeTarget& failed);
};

/// Runs the statements of its scope in the proxy's name.
class AuthorScope {
 public:
  AuthorScope(Connection::Impl& connection, Author author) : connection_(connection), before_(connection.author) {
    connection_.author = author;
  }
  ~AuthorScope() { connection_.author = before_; }
  AuthorScope(const AuthorScope&) = delete;
  AuthorScope& operator=(const AuthorScope&) = delete;

 private:
  Connection::Impl& connection_;
  Author before_;
};

/// The statement that its connection steps in its scope.
class StepScope {
 public:
  explicit StepScope(Statement::Impl& statement)
      : connection_(*statement.connection), before_(std::exchange(connection_.stepped, &statement)) {}
  ~StepScope() { connection_.stepped = before_; }
  StepScope(const StepScope&) = delete;
  StepScope& operator=(const StepScope&) = delete;

 private:
  Connection::Impl& connection_;
  Statement::Impl* before_;
};

}  // namespace crossfade::sqlite
