#pragma once

#include <map>
#include <vector>

#include "step.hpp"

namespace crossfade::migrate {

/// The dirty keys of one table in one step towards SQLite. note() them, read() their rows, then write() inside the file's transaction.
class BackwardTable {
 public:
  explicit BackwardTable(const MirrorTable& table) : table_(&table) {}

  /// A key as the journal in PostgreSQL has it: the text of its columns.
  model::Result<void> note(const std::vector<std::string>& key);
  /// After TRUNCATE: every row that the file holds.
  model::Result<void> note_all(sqlite::Connection& target);
  /// All of PostgreSQL's rows in the reader's snapshot take the place of all of the file's, one after the other; what was noted is of no matter.
  model::Result<void> fill(postgres::Connection& reader, sqlite::Connection& target);
  /// The rows' state in the reader's snapshot.
  model::Result<void> read(postgres::Connection& reader);
  /// Errors: 23505 in a partial step when a row outside this chunk stands in the way; SQLite's own. A row that the file cannot hold is
  /// put into crossfade_quarantine with its key; the rest goes on.
  model::Result<void> write(sqlite::Connection& target, Reach reach);

  std::size_t keys() const { return keys_.size(); }
  std::size_t written() const { return written_; }
  std::size_t deleted() const { return deleted_; }
  std::size_t quarantined() const { return poison_.size(); }

 private:
  struct Noted {
    model::Row key;
    std::optional<model::Row> row;
    std::optional<sqlite::StorageRow> stored;
  };
  model::Result<void> take(model::Row key);
  model::Result<void> fill_row(sqlite::Connection& target, const model::Row& row);
  model::Result<void> remove(sqlite::Connection& target, const sqlite::StorageRow& key);
  model::Result<void> clear_way(sqlite::Connection& target, const sqlite::StorageRow& key, Noted& noted, Reach reach);
  model::Result<void> put(sqlite::Connection& target, const sqlite::StorageRow& key, const Noted& noted);
  model::Result<void> read_back(sqlite::Connection& target, const sqlite::StorageRow& key, const Noted& noted);
  model::Result<void> settle_quarantine(sqlite::Connection& target);
  void poison(const sqlite::StorageRow& key, const model::Error& reason);

  const MirrorTable* table_;
  std::map<std::string, Noted> keys_;                       // by key_bytes of the stored key
  std::map<std::string, sqlite::StorageRow> stored_keys_;
  std::vector<Poison> poison_;
  std::size_t written_ = 0, deleted_ = 0;
};

}  // namespace crossfade::migrate
