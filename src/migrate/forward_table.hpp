#pragma once

#include <span>
#include <vector>

#include "step.hpp"

namespace crossfade::migrate {

/// Does crossfade.quarantine hold rows that a later change may have mended?
enum class Quarantine : std::uint8_t { empty, holds };

/// The dirty keys of one table in one step towards PostgreSQL. read(), then write(), inside the step's transaction.
/// Only rows whose keys are dirty are ever deleted (MIRROR 8).
class ForwardTable {
 public:
  ForwardTable(sqlite::Connection& reader, postgres::Connection& target, const MirrorTable& table, const KeySet& keys,
               Quarantine quarantine);
  /// The rows' state in the reader's snapshot.
  model::Result<void> read();
  /// Errors: 23505 in a partial step when a row outside this chunk stands in the way; the server's own. A row that PostgreSQL does not
  /// take is quarantined with its key, the rest goes on (MIRROR 11).
  model::Result<void> write(Reach reach);

  /// What write() does when PostgreSQL takes every row, for rows that are few. Rows are sent by powers of two, so that few texts are to be kept prepared.
  void add_requests(std::vector<postgres::Request>& out) const;
  bool poisoned() const { return !poison_.empty(); }

  std::size_t written() const { return rows_.size() - quarantined_rows_; }
  std::size_t deleted() const { return gone_.size(); }
  std::size_t quarantined() const { return poison_.size(); }

 private:
  model::Result<void> write_plainly();
  model::Result<void> write_carefully(Reach reach);
  model::Result<void> insert_or_halve(std::span<const model::Row> rows, Reach reach);
  model::Result<void> insert(std::span<const model::Row> rows);
  model::Result<void> remove(std::span<const model::Row> keys);
  model::Result<void> park();
  model::Result<void> unpark();
  model::Result<void> settle_quarantine();
  void poison(const sqlite::StorageRow& key, const model::Error& reason);

  sqlite::Connection* reader_;
  postgres::Connection* target_;
  const MirrorTable* table_;
  const KeySet* keys_;
  Quarantine quarantine_;
  std::vector<model::Row> rows_;  // what is there, as PostgreSQL's values
  std::vector<model::Row> gone_;  // keys of what is not
  std::vector<Poison> poison_;
  std::size_t quarantined_rows_ = 0;  // of rows_
  std::string own_columns_;           // that only PostgreSQL has
};

}  // namespace crossfade::migrate
