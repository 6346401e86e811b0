#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "connection_impl.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "database_impl.hpp"

namespace crossfade::sqlite {

class LiveCursor;

/// What a cursor tells its session.
class CursorOwner {
 public:
  virtual void cursor_failed() = 0;
  virtual void cursor_gone(LiveCursor* cursor) = 0;
  /// Steps with the statement open to interrupt().
  virtual model::Result<bool> step(Connection& connection, Statement& statement) = 0;

 protected:
  ~CursorOwner() = default;
};

/// Reads rows as they are asked for, on a connection of its own (a snapshot of its own) or on the block's.
class LiveCursor final : public Cursor {
 public:
  LiveCursor(CursorOwner& owner, std::unique_ptr<Database::Lease> own, Connection& connection, std::string text, Statement statement,
             std::vector<sql::OutputColumn> columns);
  ~LiveCursor() override;
  /// The rows before an error come first; the next call gives the error.
  model::Result<Written> write(RowSink& sink, std::size_t max_rows) override;
  model::Result<void> pin() override;

  /// Reads what is left into memory and lets go of the connection. An error is given by the next fetch.
  void materialise();
  bool reads_on(const Connection& connection) const { return own_ == nullptr && connection_ == &connection; }
  /// The session is gone.
  void forget_owner() { owner_ = nullptr; }
  /// The block has ended under it: the next fetch is 34000.
  void kill();

 private:
  /// false: there is none.
  model::Result<bool> next(RowSink& sink);
  void let_go();

  CursorOwner* owner_;
  std::unique_ptr<Database::Lease> own_;
  Connection* connection_;
  std::string text_;
  std::optional<Statement> statement_;  // gone when the rows have been read
  std::vector<sql::OutputColumn> columns_;
  std::deque<model::Row> buffered_;
  std::optional<model::Error> failure_;
  bool fails_owner_ = false;  // the owner does not know of failure_ yet
  std::int64_t read_ = 0, given_ = 0;
};

/// Rows of a statement that has run to its end.
class BufferedCursor final : public Cursor {
 public:
  BufferedCursor(std::deque<model::Row> rows, std::int64_t affected) : rows_(std::move(rows)), affected_(affected) {}
  model::Result<Written> write(RowSink& sink, std::size_t max_rows) override;

 private:
  std::deque<model::Row> rows_;
  std::int64_t affected_;
};

}  // namespace crossfade::sqlite
