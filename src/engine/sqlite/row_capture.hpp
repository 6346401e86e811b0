#pragma once

#include <chrono>
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
};

/// Makes crossfade_note_row(event, before …, after …) known, which fills Connection::Impl::capture; a NULL while there is none.
model::Result<void> register_row_capture(Connection::Impl& connection);

/// Temporary triggers that call it, on `table`. The caller rolls them back. Errors: SQLite's; 54023 for too many columns.
model::Result<void> watch_rows(Connection::Impl& connection, const plan::Table& table);

}  // namespace crossfade::sqlite
