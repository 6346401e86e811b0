#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/migrate/verify.hpp"
#include "stored_row.hpp"

namespace crossfade::migrate {

enum class RowOrder : char { key, any };

/// SQLite's rows of a table, decoded, one at a time. They are read ahead in batches by a thread of its own, so that the file and PostgreSQL are
/// read at the same time: the connection is this object's alone until it has given its last row or dies.
class FileRows {
 public:
  static model::Result<FileRows> open(sqlite::Connection& connection, const plan::Table& table, RowOrder order);
  /// nullptr: no more rows. A row that the plan puts aside, or that does not fit it, has `aside` set and no values.
  model::Result<const StoredRow*> next();
  /// What the file holds in the key columns of the last row.
  std::string stored_key() const;

 private:
  /// `key`: of a row that is put aside.
  struct Read { StoredRow row; std::string key; };
  struct Batch { std::vector<Read> rows; bool last = false; };
  struct Source {
    sqlite::Statement statement;
    const plan::Table* table;
    sqlite::StorageRow stored;
    model::Result<Batch> read();
    std::string stored_key() const;
  };
  FileRows(sqlite::Statement statement, const plan::Table* table);
  void read_ahead();
  std::unique_ptr<Source> source_;  // stays where it is: the thread works on it
  Batch batch_;
  std::size_t next_ = 0;
  std::future<model::Result<Batch>> coming_;
};

/// PostgreSQL's rows of the same table and order, in the plan's order of columns. `row` returning false stops.
model::Result<void> target_rows(postgres::Connection& connection, const plan::Table& table, RowOrder order,
                                const std::function<bool(const model::Row&)>& row);

/// Do both sides sort the key alike? Not where the file holds NULL in it (SQLite allows that), for then it is none.
model::Result<RowOrder> row_order(sqlite::Connection& connection, const plan::Table& table);
model::Row key_of(const plan::Table& table, const model::Row& row);
/// "(17, 'a')".
std::string key_text(const plan::Table& table, const model::Row& row);
/// PostgreSQL's text, or NULL.
std::string shown(const model::Value& value, model::Type type);

}  // namespace crossfade::migrate
