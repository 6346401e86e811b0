#pragma once

#include <span>
#include <string>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/wire/backend.hpp"

namespace crossfade::session {

/// Rows as DataRow messages, straight from what SQLite has where that is the client's form already. Limits: a batch is 64 KiB and one
/// row. Lifetime: what it is made of outlives it.
class DataRows final : public sqlite::RowSink {
 public:
  DataRows(std::string& out, std::span<const sql::OutputColumn> columns, std::span<const wire::Format> formats, const model::TextStyle& style)
      : out_(out), start_(out.size()), columns_(columns), formats_(formats), style_(style) {}

  model::Result<void> take(const sqlite::StoredRow& row) override;
  void take(model::Row row) override;
  bool full() const override;
  std::size_t bytes() const override { return out_.size() - start_; }
  std::size_t rows() const { return rows_; }

 private:
  model::Result<void> append_row(const sqlite::StoredRow& row);
  bool append_as_stored(const sqlite::StoredRow& row, std::size_t index, sqlite::StoredRow::Kind kind);
  void append(const model::Value& value, std::size_t index);

  std::string& out_;
  std::size_t start_;
  std::span<const sql::OutputColumn> columns_;
  std::span<const wire::Format> formats_;
  const model::TextStyle& style_;
  std::size_t rows_ = 0;
};

/// A batch of them that was made on a pool thread.
struct EncodedRows {
  std::string messages;
  sqlite::Cursor::Written written;
};

}  // namespace crossfade::session
