#pragma once

#include <optional>
#include <string>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// Rows of a table by its largest rowid: at once, and never too few but where rowids are negative. 0: not known.
std::int64_t rows_about(sqlite::Connection& connection, const plan::Table& table);

/// Reads a table of the file in the order of its rowid (WITHOUT ROWID: of its primary key), from a position on.
class TableReader {
 public:
  static model::Result<TableReader> open(sqlite::Connection& connection, const plan::Table& table);

  /// Before the first row, or after the row with this key.
  model::Result<void> start_after(const sqlite::StorageRow& key);
  /// Lets go of the snapshot that a row under way holds; the key of the last row stays.
  void stop() { current().reset(); }
  /// false: there are no more rows.
  model::Result<bool> next();
  /// Of the row that next() found.
  std::span<const model::StorageValue> key() const { return std::span(row_).first(keys_); }
  std::span<const model::StorageValue> values() const { return std::span(row_).subspan(keys_); }
  /// "rowid 17", "key i:5,t:6162".
  std::string key_text() const;

 private:
  TableReader(sqlite::Statement all, sqlite::Statement after, std::size_t keys, bool rowid)
      : all_(std::move(all)), after_(std::move(after)), keys_(keys), rowid_(rowid) {}
  sqlite::Statement all_, after_;
  sqlite::Statement& current() { return resumed_ ? after_ : all_; }
  sqlite::StorageRow row_;
  std::size_t keys_;
  bool rowid_;
  bool resumed_ = false;
};

}  // namespace crossfade::migrate
