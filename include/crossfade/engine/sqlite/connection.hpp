#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace crossfade::sqlite {

using StorageRow = std::vector<model::StorageValue>;
struct FunctionContext;  // database.hpp

/// A prepared statement. Not thread-safe; must die before its connection.
class Statement {
 public:
  struct Impl;  // connection_impl.hpp
  explicit Statement(std::unique_ptr<Impl> impl);
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  /// 1-based. Text and blobs are copied.
  model::Result<void> bind(int index, const model::StorageValue& value);
  model::Result<void> bind_all(std::span<const model::StorageValue> values);
  /// true: a row stands ready; false: done (and reset).
  model::Result<bool> step();
  void reset();
  int column_count() const;
  std::string column_name(int index) const;
  model::StorageValue column(int index) const;
  StorageRow row() const;
  /// The same into what a row before it has left: its texts' memory is used again.
  void read_row(StorageRow& into) const;
  /// The whole of it for statements without rows.
  model::Result<void> run();
  bool readonly() const;
  Impl& internals() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

enum class OpenMode : std::uint8_t { read_only, read_write, create };
/// application: what a client's statements run on (authorizer, DEFENSIVE, trusted_schema off, crossfade_* functions registered).
/// service: what migrate runs on (functions registered, crossfade_* tables allowed).
/// mirror: service with triggers and foreign keys off by sqlite3_db_config (MIRROR 9).
enum class Role : std::uint8_t { application, service, mirror };

struct OpenOptions {
  OpenMode mode = OpenMode::read_write;
  Role role = Role::service;
  std::chrono::milliseconds busy_timeout{5'000};
  std::string synchronous = "FULL";
  int wal_autocheckpoint = 1000;  // pages; 0 while mirrored (MIRROR 13)
  bool foreign_keys = true;       // enforced; `mirror` never does
  int max_value_bytes = 1'000'000'000;  // of one value or row, then 54000
};

/// One sqlite3 handle. Used by one thread at a time. Errors carry the SQLSTATE of errors.cpp's table and name the constraint,
/// table and column where SQLite says them.
class Connection {
 public:
  /// Errors: 58P01 missing file, 42501 rights, XX001 not a database or corrupt, 55P03 busy: one clear line naming the file.
  static model::Result<Connection> open(const std::filesystem::path& file, const OpenOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  model::Result<Statement> prepare(std::string_view sql);
  /// From the statement cache of this connection (at most 256 texts, least recently used goes), reset. The pointer is good until
  /// the same text is asked for again; a statement left in the middle of its rows keeps its snapshot: reset() it.
  model::Result<Statement*> cached(std::string_view sql);
  /// One or several statements, rows thrown away.
  model::Result<void> execute(std::string_view sql);
  model::Result<std::vector<StorageRow>> query(std::string_view sql, std::span<const model::StorageValue> parameters = {});
  /// The first column of the first row; Null when there is none.
  model::Result<model::StorageValue> value(std::string_view sql, std::span<const model::StorageValue> parameters = {});

  /// What run-time functions ask for the session's settings and times; nullptr: defaults. Lives until it is another or the connection ends.
  void answer_for(FunctionContext* session);
  std::int64_t changes() const;
  std::int64_t last_insert_rowid() const;
  bool in_transaction() const;
  /// From another thread: ends the running statement with 57014.
  void interrupt();
  sqlite3* handle() const;
  /// For this layer's own files (connection_impl.hpp).
  struct Impl;
  Impl& internals() const { return *impl_; }

 private:
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Ends an open transaction with ROLLBACK at the end of its scope unless commit() succeeded.
class Transaction {
 public:
  enum class Mode : std::uint8_t { deferred, immediate };
  static model::Result<Transaction> begin(Connection& connection, Mode mode);
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();
  model::Result<void> commit();
  void rollback();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace crossfade::sqlite
