#include "cursor.hpp"

#include <utility>

namespace crossfade::sqlite {

using namespace model::literals;

LiveCursor::LiveCursor(CursorOwner& owner, std::unique_ptr<Database::Lease> own, Connection& connection, std::string text,
                       Statement statement, std::vector<sql::OutputColumn> columns)
    : owner_(&owner), own_(std::move(own)), connection_(own_ != nullptr ? &own_->connection : &connection), text_(std::move(text)),
      statement_(std::move(statement)), columns_(std::move(columns)) {}

LiveCursor::~LiveCursor() {
  let_go();
  if (owner_ != nullptr) owner_->cursor_gone(this);
}

void LiveCursor::let_go() {
  if (statement_) {
    statement_->reset();
    connection_->internals().cache.put(std::move(text_), *std::exchange(statement_, std::nullopt));
  }
  own_.reset();
  connection_ = nullptr;
}

void LiveCursor::kill() {
  let_go();
  buffered_.clear();
  failure_ = model::Error{"34000"_state, "portal has ended with its transaction"};
}

/// A statement's first step takes the snapshot; a transaction that has read takes it before. The lease ends it. On a connection that
/// stays when the cursor goes nothing would end it, so there it is that first step. Its error is given by the first fetch.
model::Result<void> LiveCursor::pin() {
  if (!statement_ || read_ > 0) return {};
  if (own_ == nullptr && !connection_->in_transaction()) {
    std::vector<model::Row> first;
    RowsOf sink{first};
    auto more = next(sink);
    if (!more && more.error().state == "57014"_state) return std::unexpected(std::move(more).error());
    if (!more) failure_ = std::move(more).error();
    for (model::Row& row : first) buffered_.push_back(std::move(row));
    if (failure_ || buffered_.empty()) let_go();
  }
  if (own_ == nullptr) return {};
  CROSSFADE_CHECK(connection_->internals().execute("BEGIN", Author::proxy));
  return connection_->internals().execute("SELECT 1 FROM sqlite_schema LIMIT 1", Author::proxy);
}

model::Result<bool> LiveCursor::next(RowSink& sink) {
  CROSSFADE_TRY(const bool more, owner_->step(*connection_, *statement_));
  if (!more) return false;
  CROSSFADE_TRY(const StoredRow row, StoredRow::of(*statement_, columns_, ++read_));
  CROSSFADE_CHECK(sink.take(row));
  return true;
}

void LiveCursor::materialise() {
  std::vector<model::Row> rows;
  RowsOf sink{rows};
  while (statement_ && !failure_) {
    const auto more = next(sink);
    if (!more) failure_ = more.error();
    else if (!*more) let_go();
  }
  for (model::Row& row : rows) buffered_.push_back(std::move(row));
  let_go();
}

model::Result<Cursor::Written> LiveCursor::write(RowSink& sink, std::size_t max_rows) {
  Written written;
  while ((max_rows == 0 || written.rows < max_rows) && !sink.full()) {
    if (!buffered_.empty()) {
      sink.take(std::move(buffered_.front()));
      buffered_.pop_front();
    } else if (failure_) {
      if (written.rows != 0) break;  // the rows before it count
      if (std::exchange(fails_owner_, false)) owner_->cursor_failed();
      return std::unexpected(*failure_);
    } else if (!statement_) {
      written.done = true;
      break;
    } else {
      const auto more = next(sink);
      if (!more) {
        failure_ = more.error();
        fails_owner_ = true;
        let_go();
        continue;
      }
      if (!*more) {
        let_go();
        continue;
      }
    }
    ++written.rows;
  }
  given_ += static_cast<std::int64_t>(written.rows);
  written.affected = given_;
  return written;
}

model::Result<Cursor::Written> BufferedCursor::write(RowSink& sink, std::size_t max_rows) {
  Written written;
  while (!rows_.empty() && (max_rows == 0 || written.rows < max_rows) && !sink.full()) {
    sink.take(std::move(rows_.front()));
    rows_.pop_front();
    ++written.rows;
  }
  written.done = rows_.empty() && (max_rows == 0 || written.rows < max_rows);
  written.affected = affected_;
  return written;
}

model::Result<Cursor::Batch> Cursor::fetch(std::size_t max_rows) {
  Batch batch;
  RowsOf sink{batch.rows};
  CROSSFADE_TRY(const Written written, write(sink, max_rows));
  batch.done = written.done;
  batch.affected = written.affected;
  return batch;
}

}  // namespace crossfade::sqlite
