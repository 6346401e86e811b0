#include "table_reader.hpp"

#include <algorithm>

#include "sqlite_journal.hpp"
#include "sqlite_text.hpp"
#include "stored_row.hpp"

namespace crossfade::migrate {

model::Result<TableReader> TableReader::open(sqlite::Connection& connection, const plan::Table& table) {
  std::string keys, marks;
  std::size_t count = 1;
  if (table.without_rowid) {
    count = 0;
    for (const auto* column : table.key()) {
      keys += (keys.empty() ? "" : ", ") + quote_sqlite(column->sqlite_name);
      marks += (marks.empty() ? "?" : ", ?") + std::to_string(++count);
    }
  } else {
    CROSSFADE_TRY(keys, rowid_name(table));
    marks = "?1";
  }
  const std::string select = "SELECT " + keys + ", " + sqlite_columns(table) + " FROM main." + quote_sqlite(table.sqlite_name);
  CROSSFADE_TRY(auto all, connection.prepare(select + " ORDER BY " + keys));
  CROSSFADE_TRY(auto after, connection.prepare(select + " WHERE (" + keys + ") > (" + marks + ") ORDER BY " + keys));
  return TableReader(std::move(all), std::move(after), count, !table.without_rowid);
}

std::int64_t rows_about(sqlite::Connection& connection, const plan::Table& table) {
  if (table.without_rowid) return 0;
  const auto number = rowid_name(table);
  if (!number) return 0;
  const auto largest = connection.value("SELECT max(" + *number + ") FROM main." + quote_sqlite(table.sqlite_name));
  const auto* count = largest ? std::get_if<std::int64_t>(&*largest) : nullptr;
  return count ? std::max<std::int64_t>(*count, 0) : 0;
}

model::Result<void> TableReader::start_after(const sqlite::StorageRow& key) {
  current().reset();
  resumed_ = !key.empty();
  current().reset();
  if (!resumed_) return {};
  return after_.bind_all(key);
}

model::Result<bool> TableReader::next() {
  CROSSFADE_TRY(const bool found, current().step());
  if (found) current().read_row(row_);
  return found;
}

std::string TableReader::key_text() const {
  if (rowid_) return "rowid " + std::to_string(std::get<std::int64_t>(row_[0]));
  return "key " + to_position(key());
}

}  // namespace crossfade::migrate
