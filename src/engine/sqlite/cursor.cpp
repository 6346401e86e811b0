#include "cursor.hpp"

#include <utility>

#include "crossfade/plan/stored_form.hpp"
#include "misfit_place.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

constexpr std::size_t kBatchBytes = 256 * 1024;

/// `place`: "rowid 7", "row 3 of the result".
std::unexpected<model::Error> misfit(const sql::OutputColumn& column, const std::string& place, model::Error error) {
  error.table = column.table;
  error.column = column.column;
  const std::string name = column.table.empty() ? column.name : column.table + "." + column.column;
  error.detail = "column " + name + ", " + place +
                 (error.detail.empty() ? "" : ": " + error.detail);
  if (error.hint.empty() && !column.table.empty())
    error.hint = "the stored value is not of the column's type; \"crossfade plan\" drafts a type that fits";
  return std::unexpected(std::move(error));
}

}  // namespace

std::size_t weight(const model::Row& row) {
  std::size_t bytes = sizeof(model::Row) + row.size() * sizeof(model::Value);
  for (const model::Value& value : row) {
    if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
    if (const auto* data = std::get_if<model::Bytes>(&value)) bytes += data->data.size();
    if (const auto* json = std::get_if<model::Json>(&value)) bytes += json->text.size();
    if (const auto* number = std::get_if<model::Numeric>(&value)) bytes += number->text.size();
  }
  return bytes;
}

model::Result<model::Row> decode_row(const Statement& statement, std::span<const sql::OutputColumn> columns,
                                     std::int64_t position) {
  if (statement.column_count() != static_cast<int>(columns.size()))
    return model::fail("0A000"_state, "cached plan must not change result type");
  model::Row row;
  row.reserve(columns.size());
  for (int index = 0; const sql::OutputColumn& column : columns) {
    auto value = plan::decode(statement.column(index), column.form, column.type);
    if (!value) {
      const auto rowid = find_stored(statement, index);
      return misfit(column, rowid ? "rowid " + std::to_string(*rowid) : "row " + std::to_string(position) + " of the result",
                    std::move(value).error());
    }
    ++index;
    row.push_back(std::move(*value));
  }
  return row;
}

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
    auto row = next();
    if (!row && row.error().state == "57014"_state) return std::unexpected(std::move(row).error());
    if (!row) failure_ = std::move(row).error();
    else if (*row) buffered_.push_back(*std::move(*row));
    if (failure_ || buffered_.empty()) let_go();
  }
  if (own_ == nullptr) return {};
  CROSSFADE_CHECK(connection_->internals().execute("BEGIN", Author::proxy));
  return connection_->internals().execute("SELECT 1 FROM sqlite_schema LIMIT 1", Author::proxy);
}

model::Result<std::optional<model::Row>> LiveCursor::next() {
  CROSSFADE_TRY(const bool more, owner_->step(*connection_, *statement_));
  if (!more) return std::nullopt;
  CROSSFADE_TRY(model::Row row, decode_row(*statement_, columns_, ++read_));
  return row;
}

void LiveCursor::materialise() {
  while (statement_ && !failure_) {
    auto row = next();
    if (!row) failure_ = std::move(row).error();
    else if (*row) buffered_.push_back(*std::move(*row));
    else let_go();
  }
  let_go();
}

model::Result<Cursor::Batch> LiveCursor::fetch(std::size_t max_rows) {
  Batch batch;
  std::size_t bytes = 0;
  while ((max_rows == 0 || batch.rows.size() < max_rows) && bytes < kBatchBytes) {
    if (!buffered_.empty()) {
      batch.rows.push_back(std::move(buffered_.front()));
      buffered_.pop_front();
    } else if (failure_) {
      return std::unexpected(*failure_);
    } else if (!statement_) {
      batch.done = true;
      break;
    } else {
      auto row = next();
      if (!row) {
        failure_ = row.error();
        let_go();
        owner_->cursor_failed();
        return std::unexpected(std::move(row).error());
      }
      if (!*row) {
        let_go();
        continue;
      }
      batch.rows.push_back(*std::move(*row));
    }
    bytes += weight(batch.rows.back());
  }
  given_ += static_cast<std::int64_t>(batch.rows.size());
  batch.affected = given_;
  return batch;
}

model::Result<Cursor::Batch> BufferedCursor::fetch(std::size_t max_rows) {
  Batch batch;
  std::size_t bytes = 0;
  while (!rows_.empty() && (max_rows == 0 || batch.rows.size() < max_rows) && bytes < kBatchBytes) {
    bytes += weight(rows_.front());
    batch.rows.push_back(std::move(rows_.front()));
    rows_.pop_front();
  }
  batch.done = rows_.empty() && (max_rows == 0 || batch.rows.size() < max_rows);
  batch.affected = affected_;
  return batch;
}

}  // namespace crossfade::sqlite
