#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

class Statement;

/// The row that a statement stands on, as SQLite has it. Lifetime: views and the row itself end with the statement's next step.
class StoredRow {
 public:
  enum class Kind : std::uint8_t { null, integer, real, text, blob };

  /// `position`: of the row in its result, from 1; for messages. Errors: 0A000 when the statement has other columns by now.
  static model::Result<StoredRow> of(const Statement& statement, std::span<const sql::OutputColumn> columns, std::int64_t position);

  std::size_t size() const { return columns_.size(); }
  Kind kind(std::size_t index) const;
  std::int64_t integer(std::size_t index) const;
  double real(std::size_t index) const;
  /// Of a text or a blob.
  std::string_view bytes(std::size_t index) const;
  /// In the type of its column. Errors: 22P02 naming table, column and rowid (of a computed column, the row's position).
  model::Result<model::Value> value(std::size_t index) const;
  model::Result<model::Row> row() const;

 private:
  StoredRow(const Statement& statement, std::span<const sql::OutputColumn> columns, std::int64_t position)
      : statement_(&statement), columns_(columns), position_(position) {}

  const Statement* statement_;
  std::span<const sql::OutputColumn> columns_;
  std::int64_t position_;
};

/// Takes the rows of a statement one by one. Thread: the engine's that reads them.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// Errors: those of a value that does not fit its column.
  virtual model::Result<void> take(const StoredRow& row) = 0;
  /// One that was read before.
  virtual void take(model::Row row) = 0;
  /// No more for now: it is a batch.
  virtual bool full() const = 0;
  /// Memory of what was taken, about.
  virtual std::size_t bytes() const = 0;
};

/// Memory of a row in bytes, about.
std::size_t weight(const model::Row& row);

/// Keeps them as values. Limits: 256 KiB and one row a batch.
class RowsOf final : public RowSink {
 public:
  explicit RowsOf(std::vector<model::Row>& rows) : rows_(rows) {}
  model::Result<void> take(const StoredRow& row) override;
  void take(model::Row row) override;
  bool full() const override;
  std::size_t bytes() const override { return bytes_; }

 private:
  std::vector<model::Row>& rows_;
  std::size_t bytes_ = 0;
};

}  // namespace crossfade::sqlite
