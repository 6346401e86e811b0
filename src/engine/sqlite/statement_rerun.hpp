#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/model/text_format.hpp"
#include "row_capture.hpp"

namespace crossfade::sqlite {

/// A failed statement's second run, to see which rows it was about to write. All that it does is undone when this dies.
class StatementRerun {
 public:
  enum class References : std::uint8_t { at_once, deferred };
  /// Ends early after 10,000 rows or, where it notes a row, a second: by an error, for an interrupt would undo the transaction.
  StatementRerun(Statement& failed, const plan::Table& table, References references);
  ~StatementRerun();
  StatementRerun(const StatementRerun&) = delete;
  StatementRerun& operator=(const StatementRerun&) = delete;

  /// How it ended. While this lives, the file is as the statement left it.
  const model::Result<void>& outcome() const { return outcome_; }
  const std::vector<NotedRow>& rows() const { return capture_.rows; }
  bool ends_with_null_rowid() const { return capture_.ends_with_null_rowid(); }

 private:
  model::Result<void> run(Statement& failed, const plan::Table& table, References references);

  Connection::Impl& connection_;
  RowCapture capture_;
  bool opened_ = false;
  bool defers_ = false;  // and is to end that: it did not before
  std::int64_t last_rowid_;
  model::Result<void> outcome_;
};

/// A value as PostgreSQL's messages show it; none when it does not fit its column. NULL is "null".
std::optional<std::string> shown_value(const model::StorageValue& value, const plan::Column& column, const model::TextStyle& style);
/// "Key (a, b)=(1, x)" of a row in the order of the table's columns; none when a value does not fit.
std::optional<std::string> shown_key(const std::vector<const plan::Column*>& columns, const plan::Table& table, const StorageRow& row,
                                     const model::TextStyle& style);
/// Where a table's column is in its rows.
std::size_t place_of(const plan::Column& column, const plan::Table& table);

/// The foreign key that a statement broke: names it in `error`, with its key. Nothing when no noted row tells.
void add_reference_detail(Connection::Impl& connection, const StatementRerun& rerun, const plan::Table& table,
                          const plan::Schema& schema, const model::TextStyle& style, model::Error& error);

}  // namespace crossfade::sqlite
