#include <algorithm>
#include <array>

#include "bookkeeping.hpp"
#include "checkpoint.hpp"
#include "crossfade/migrate/copy.hpp"
#include "postgres_objects.hpp"
#include "postgres_transaction.hpp"
#include "stored_row.hpp"
#include "table_reader.hpp"
#include "target_catalog.hpp"

namespace crossfade::migrate {
namespace {

/// For the reject table: a row put aside, or a value made NULL.
struct Aside { std::string key; StoredRow::Aside what; };

/// What one transaction has copied.
struct Chunk {
  std::vector<Aside> aside;
  std::string position;
  std::int64_t read = 0, written = 0, nulled = 0, cast = 0, quarantined = 0;
  std::size_t bytes = 0;
  bool last = false;
};

model::Result<void> copy_row(Chunk& chunk, const plan::Table& table, const TableReader& reader, postgres::Connection::CopyIn& target) {
  for (const auto& value : reader.values()) chunk.bytes += size_of(value);
  CROSSFADE_TRY(auto stored, read_stored(table, reader.values(), [&reader] { return reader.key_text(); }));
  ++chunk.read;
  chunk.nulled += static_cast<std::int64_t>(stored.nulled.size());
  chunk.cast += stored.cast;
  for (auto& value : stored.nulled) chunk.aside.push_back({reader.key_text(), std::move(value)});
  if (stored.aside) {
    ++chunk.quarantined;
    chunk.aside.push_back({reader.key_text(), *std::move(stored.aside)});
    return {};
  }
  ++chunk.written;
  return target.put(stored.row);
}

/// Row by row from one to the other. An error leaves the COPY broken off, and its transaction for the caller to roll back.
model::Result<Chunk> copy_chunk(sqlite::Connection& source, TableReader& reader, postgres::Connection& target, const plan::Table& table,
                                const Checkpoint& from, const CopyOptions& options) {
  std::vector<model::Column> columns;
  for (const auto& column : table.columns) columns.push_back({column.name, column.type});
  std::optional<sqlite::Transaction> own;
  if (!source.in_transaction()) {
    CROSSFADE_TRY(auto begun, sqlite::Transaction::begin(source, sqlite::Transaction::Mode::deferred));
    own.emplace(std::move(begun));
  }
  CROSSFADE_TRY(const auto after, from_position(from.position));
  CROSSFADE_CHECK(reader.start_after(after));
  CROSSFADE_TRY(auto copy, target.copy_in(qualified(table.name), columns));
  Chunk chunk;
  while (chunk.read < options.chunk_rows && chunk.bytes < options.chunk_bytes) {
    CROSSFADE_TRY(const bool found, reader.next());
    if (!found) {
      chunk.last = true;
      break;
    }
    CROSSFADE_CHECK(copy_row(chunk, table, reader, copy));
  }
  chunk.position = chunk.read == 0 ? from.position : to_position(reader.key());
  reader.stop();
  CROSSFADE_CHECK(copy.finish());
  return chunk;
}

model::Result<void> put_aside(postgres::Connection& target, const plan::Table& table, const std::vector<Aside>& rows) {
  if (rows.empty()) return {};
  const model::Type text{model::oid::text};
  const std::array columns{model::Column{"table_name", text}, model::Column{"row_key", text}, model::Column{"column_name", text},
                           model::Column{"content", text}, model::Column{"reason", text}};
  CROSSFADE_TRY(auto copy, target.copy_in("crossfade.quarantine", columns));
  for (const auto& row : rows) CROSSFADE_CHECK(copy.put({table.name, row.key, row.what.column, row.what.content, row.what.reason}));
  CROSSFADE_CHECK(copy.finish());
  return {};
}

void add_counts(Checkpoint& checkpoint, const Chunk& chunk) {
  checkpoint.counts.read += chunk.read;
  checkpoint.counts.written += chunk.written;
  checkpoint.counts.nulled += chunk.nulled;
  checkpoint.counts.cast += chunk.cast;
  checkpoint.counts.quarantined += chunk.quarantined;
  checkpoint.counts.bytes += static_cast<std::int64_t>(chunk.bytes);
  checkpoint.position = chunk.position;
  checkpoint.done = chunk.last;
}

}  // namespace

model::Result<TableCopy> copy_table(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table,
                                    const CopyOptions& options, const CopyProgress& progress) {
  const auto start = std::chrono::steady_clock::now();
  CROSSFADE_TRY(auto found, read_checkpoint(target, table.name));
  Checkpoint checkpoint = std::move(found).value_or(Checkpoint{});
  checkpoint.counts.table = table.name;
  checkpoint.counts.resumed_at = checkpoint.counts.read;
  CROSSFADE_TRY(const auto written, writable(target, table));
  CROSSFADE_TRY(auto reader, TableReader::open(source, written));
  const bool replaces = options.schema == plan::TargetSchema::existing && !version_columns(table).empty();
  while (!checkpoint.done) {
    CROSSFADE_TRY(auto transaction, PostgresTransaction::begin(target));
    if (replaces && checkpoint.position.empty()) CROSSFADE_CHECK(target.execute("DELETE FROM " + qualified(table.name)));
    CROSSFADE_TRY(const auto chunk, copy_chunk(source, reader, target, written, checkpoint, options));
    CROSSFADE_CHECK(put_aside(target, table, chunk.aside));
    add_counts(checkpoint, chunk);
    CROSSFADE_CHECK(write_checkpoint(target, table.name, checkpoint));
    CROSSFADE_CHECK(transaction.commit());
    checkpoint.counts.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    if (progress) progress(checkpoint.counts);
  }
  return checkpoint.counts;
}

}  // namespace crossfade::migrate
