#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::postgres {

/// libpq's connection string (URI, key=value, service); secrets never leave it through redacted().
class Conninfo {
 public:
  /// Errors: 08001 with libpq's own message.
  static model::Result<Conninfo> parse(std::string_view text);
  const std::string& text() const { return text_; }
  /// "host=… dbname=… password=***".
  std::string redacted() const;
  std::string value(std::string_view keyword) const;
  Conninfo with(std::string_view keyword, std::string_view value) const;
  Conninfo without(std::string_view keyword) const;
  /// Keywords and values, as they were given.
  std::vector<std::pair<std::string, std::string>> pairs() const;

 private:
  std::string text_;
};

struct Parameter { model::Value value; model::Type type; };
struct Request { std::string sql; std::vector<Parameter> parameters; };

/// The values face: one libpq connection, blocking, every wait bounded by `deadline`. One thread at a time; cancel() from any.
/// Session settings are pinned: TimeZone UTC, DateStyle ISO, extra_float_digits 1, bytea_output hex, IntervalStyle postgres,
/// client_encoding UTF8. Errors carry the server's SQLSTATE and fields; a lost connection is 08006, a passed deadline 57014.
class Connection {
 public:
  static model::Result<Connection> connect(const Conninfo& conninfo, std::chrono::milliseconds timeout,
                                           std::string_view application_name);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Parameters in binary, results in binary, decoded.
  model::Result<model::ResultSet> query(std::string_view sql, std::span<const Parameter> parameters = {});
  /// Simple protocol, several statements, rows thrown away.
  model::Result<void> execute(std::string_view sql);
  /// First column of the first row; Null when there is none.
  model::Result<model::Value> value(std::string_view sql, std::span<const Parameter> parameters = {});
  /// Columns and parameter types without running it.
  struct Description { std::vector<model::Column> columns; std::vector<model::Type> parameters; };
  model::Result<Description> describe(std::string_view sql, std::span<const model::Oid> declared = {});
  /// Rows one batch at a time through a cursor-less single-row mode; `row` returning false stops (the rest is cancelled).
  model::Result<void> stream(std::string_view sql, std::span<const Parameter> parameters,
                             const std::function<bool(const model::Row&)>& row);

  /// The rows of a query without parameters through COPY … TO STDOUT: the cheapest way, on both sides. `row` sees a row that is used again;
  /// false stops, as in stream(). A query with columns that have no binary form here is streamed.
  model::Result<void> copy_out(std::string_view sql, const std::function<bool(const model::Row&)>& row);

  /// Statements that only read, sent one after the other and answered in turn: one round trip for all of them. From the first send_read()
  /// to the last answer nothing else may be asked of the connection. `expected`: the types that its columns are thought to have; one
  /// that has another, without a binary form, comes as its bytes.
  model::Result<void> send_read(std::string_view sql, std::span<const Parameter> parameters, std::span<const model::Type> expected);
  /// The next answer. Errors: the statement's own; after one of the connection, or at the deadline, which gives the connection up, the
  /// rest is not answered.
  model::Result<model::ResultSet> next_read();

  /// Statements of one transaction, sent one behind the other and answered together: one round trip for all of them, as long as they are kept
  /// prepared (keep_statements). The first that fails ends it: none behind it is run. `before_last` is called when the others are on their way.
  /// Each must have one result, and all of them fit into memory.
  model::Result<std::vector<model::ResultSet>> query_together(std::span<const Request> requests, const std::function<void()>& before_last = {});

  /// COPY … FROM STDIN (FORMAT binary). put() takes whole rows; finish() ends it and gives the count.
  class CopyIn;
  model::Result<CopyIn> copy_in(std::string_view table, std::span<const model::Column> columns);

  /// So many statements that query() ran stay prepared, the ones used last: again, they cost one round trip for three.
  void keep_statements(std::size_t most);
  void set_deadline(std::chrono::steady_clock::time_point deadline);
  void clear_deadline();
  /// Asked several times a second by the thread that waits; true ends the wait as the deadline does. nullptr: nobody is asked.
  void set_stop(std::function<bool()> stop);
  bool healthy() const;
  /// And the server has not hung up since it was used last, as far as has come to here: it is not asked. Between two statements.
  bool alive();
  bool in_transaction() const;
  /// How often the server has said so far that IF [NOT] EXISTS left something out ("…, skipping").
  std::int64_t skipped() const;
  int server_version() const;
  void cancel();

 private:
  struct Impl;
  model::Result<std::vector<model::ResultSet>> query_one_by_one(std::span<const Request> requests, const std::function<void()>& before_last);
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Connection::CopyIn {
 public:
  CopyIn(CopyIn&&) noexcept;
  ~CopyIn();  // an unfinished COPY is failed (57014)
  model::Result<void> put(const model::Row& row);
  model::Result<std::int64_t> finish();

 private:
  friend class Connection;
  struct State;
  explicit CopyIn(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// "public"."t" with PostgreSQL's quoting rules.
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view text);

}  // namespace crossfade::postgres
