#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "connection_impl.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::sqlite {

enum class Event : std::uint8_t { insert, update, delete_ };

/// A row on its way: `before` of UPDATE and DELETE, `after` of INSERT and UPDATE, in the order of the table's columns. A rowid that
/// SQLite would choose is -1.
struct NotedRow { Event event; StorageRow before, after; };

/// The rows of one table that a statement was about to write, oldest first, at most `limit`; then the statement fails.
struct RowCapture {
  std::size_t columns = 0;
  std::size_t limit = 0;
  std::chrono::steady_clock::time_point until;  // no row is noted any more then: the statement fails
  std::vector<NotedRow> rows;
  std::optional<std::size_t> rowid;  // which column is the rowid by another name
  bool null_rowid = false;           // it was said to be NULL: the row is noted, and the statement fails there
  /// The last row noted is that one.
  bool ends_with_null_rowid() const {
    return null_rowid && rowid && !rows.empty() && rows.back().event == Event::insert && rows.back().after[*rowid] == model::StorageValue{std::int64_t{-1}};
  }
};

/// Makes crossfade_note_row(password, event, before …, after …) known, which fills Connection::Impl::capture; a NULL while there is none. Also
/// crossfade_not_null(value, column, table), which gives the value or fails with 23502: SQLite would fill a NULL rowid by itself.
model::Result<void> register_row_capture(Connection::Impl& connection);

/// Temporary triggers that call it, on `table`. The caller rolls them back. Errors: SQLite's; 54023 for too many columns.
model::Result<void> watch_rows(Connection::Impl& connection, const plan::Table& table);

}  // namespace crossfade::sqlite
