#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// Bytes that are the same for two keys exactly when SQLite takes them for one under BINARY: 1 is 1.0, 'a' is neither 'A' nor x'61'.
std::string key_bytes(std::span<const model::StorageValue> key);
/// "(17)", "('a', 3)": for messages.
std::string key_text(std::span<const model::StorageValue> key);

/// Keys noted as dirty, each once: by key_bytes.
using KeySet = std::map<std::string, sqlite::StorageRow>;

/// One mirrored table: the statements that read and write its rows by key on both sides. The applier repeats rows, so these are all the
/// statements that it ever runs on them.
class MirrorTable {
 public:
  explicit MirrorTable(const plan::Table& table);
  const plan::Table& table() const { return *table_; }
  const std::vector<const plan::Column*>& key() const { return key_; }

  /// The row as SQLite holds it, all columns; nullopt when it is gone or only a row of another spelling is there (MIRROR 7).
  model::Result<std::optional<sqlite::StorageRow>> find(sqlite::Connection& connection, const sqlite::StorageRow& row_key) const;
  sqlite::StorageRow key_of(const sqlite::StorageRow& row) const;
  model::Row key_of(const model::Row& row) const;

  /// Stored → PostgreSQL's values, misfits by the plan's rule. Errors: 22P02, 22003, 22021 naming the column.
  model::Result<model::Row> decode(const sqlite::StorageRow& row) const;
  /// Errors: 22P02 for a key that is not in the planned form: another key may be the same value in PostgreSQL (MIRROR 12).
  model::Result<model::Row> decode_key(const sqlite::StorageRow& row_key) const;
  /// PostgreSQL's values → stored. Errors: 22003 for a value that the stored form cannot hold exactly.
  model::Result<sqlite::StorageRow> encode(const model::Row& row) const;
  model::Result<sqlite::StorageRow> encode_key(const model::Row& row_key) const;

  /// Statements for `rows` rows at once; parameters row by row.
  std::string postgres_select(std::size_t rows) const;
  /// "("id") IN (($1))", for one row.
  std::string key_condition(std::size_t rows = 1) const;
  std::string postgres_delete(std::size_t rows) const;
  std::string postgres_upsert(std::size_t rows) const;
  std::vector<postgres::Parameter> row_parameters(std::span<const model::Row> rows) const;
  std::vector<postgres::Parameter> key_parameters(std::span<const model::Row> keys) const;
  /// Rows of one statement: below the protocol's 65,535 parameters.
  std::size_t batch_rows() const;

  const std::string& sqlite_upsert() const { return sqlite_upsert_; }
  const std::string& sqlite_delete() const { return sqlite_delete_; }
  /// Positions (in the table's columns) that sqlite_upsert binds: all but generated ones.
  const std::vector<std::size_t>& written() const { return written_; }
  std::string postgres_columns() const;

 private:
  std::string row_list(std::size_t rows, std::size_t width) const;

  const plan::Table* table_;
  std::vector<const plan::Column*> key_;
  std::vector<std::size_t> key_at_;
  std::vector<std::size_t> written_;
  std::string select_, sqlite_upsert_, sqlite_delete_;
};

/// All tables of the mirror; by SQLite's name for the journal in the file, by PostgreSQL's for the one there.
class MirrorTables {
 public:
  explicit MirrorTables(const plan::Schema& schema);
  const std::vector<MirrorTable>& all() const { return tables_; }
  const MirrorTable* by_sqlite_name(std::string_view name) const;
  const MirrorTable* by_name(std::string_view name) const;
  std::size_t keys() const { return keys_; }

 private:
  std::vector<MirrorTable> tables_;
  std::size_t keys_;
};

}  // namespace crossfade::migrate
