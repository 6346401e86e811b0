#include "forward_table.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "postgres_objects.hpp"
#include "stored_row.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

postgres::Parameter text(std::string value) { return {std::move(value), {model::oid::text}}; }

}  // namespace

ForwardTable::ForwardTable(sqlite::Connection& reader, postgres::Connection& target, const MirrorTable& table, const KeySet& keys,
                           Quarantine quarantine)
    : reader_(&reader), target_(&target), table_(&table), keys_(&keys), quarantine_(quarantine) {}

void ForwardTable::poison(const sqlite::StorageRow& key, const model::Error& reason) {
  poison_.push_back({table_, key, reason.column, reason.message});
}

model::Result<void> ForwardTable::read() {
  for (const auto& [bytes, key] : *keys_) {
    CROSSFADE_TRY(const std::optional<sqlite::StorageRow> stored, table_->find(*reader_, key));
    model::Result<model::Row> row_key = table_->decode_key(key);
    if (!stored) {
      // A key that PostgreSQL cannot hold never came there: nothing to delete.
      if (row_key) gone_.push_back(std::move(*row_key));
      continue;
    }
    model::Result<model::Row> row = row_key ? table_->decode(*stored) : std::unexpected(row_key.error());
    if (row) {
      rows_.push_back(std::move(*row));
      continue;
    }
    poison(key, row.error());
    if (row_key) gone_.push_back(std::move(*row_key));  // its older state goes, lest it be taken for the row
  }
  return {};
}

model::Result<void> ForwardTable::insert(std::span<const model::Row> rows) {
  CROSSFADE_CHECK(target_->query(table_->postgres_upsert(rows.size()), table_->row_parameters(rows)));
  return {};
}

model::Result<void> ForwardTable::remove(std::span<const model::Row> keys) {
  const std::size_t batch = table_->batch_rows();
  for (std::size_t at = 0; at < keys.size(); at += batch) {
    const auto part = keys.subspan(at, std::min(batch, keys.size() - at));
    CROSSFADE_CHECK(target_->query(table_->postgres_delete(part.size()), table_->key_parameters(part)));
  }
  return {};
}

model::Result<void> ForwardTable::write_plainly() {
  CROSSFADE_CHECK(remove(gone_));
  const std::span<const model::Row> rows(rows_);
  const std::size_t batch = table_->batch_rows();
  for (std::size_t at = 0; at < rows.size(); at += batch) CROSSFADE_CHECK(insert(rows.subspan(at, std::min(batch, rows.size() - at))));
  return {};
}

model::Result<void> ForwardTable::write(Reach reach) {
  CROSSFADE_CHECK(target_->execute("SAVEPOINT plain"));
  model::Result<void> written = write_plainly();
  if (!written) {
    if (!row_is_at_fault(written.error())) return written;
    CROSSFADE_CHECK(target_->execute("ROLLBACK TO SAVEPOINT plain"));
    CROSSFADE_CHECK(write_carefully(reach));
  }
  return settle_quarantine();
}

void ForwardTable::add_requests(std::vector<postgres::Request>& out) const {
  const auto add = [&](const std::vector<model::Row>& all, const auto& request) {
    for (std::span<const model::Row> rest = all; !rest.empty();) {
      const std::size_t rows = std::min(std::bit_floor(rest.size()), std::bit_floor(table_->batch_rows()));
      out.push_back(request(rest.first(rows)));
      rest = rest.subspan(rows);
    }
  };
  using Rows = std::span<const model::Row>;
  add(gone_, [this](Rows keys) { return postgres::Request{table_->postgres_delete(keys.size()), table_->key_parameters(keys)}; });
  add(rows_, [this](Rows rows) { return postgres::Request{table_->postgres_upsert(rows.size()), table_->row_parameters(rows)}; });
}

/// Rows swapped a unique value, or one of them is poison. Whatever stands in the way of a row has itself changed, so its key is dirty:
/// with the rows of all dirty keys out of the way, what then fails is poison.
model::Result<void> ForwardTable::write_carefully(Reach reach) {
  CROSSFADE_CHECK(park());
  std::vector<model::Row> present;
  for (const model::Row& row : rows_) present.push_back(table_->key_of(row));
  CROSSFADE_CHECK(remove(gone_));
  CROSSFADE_CHECK(remove(present));
  const std::span<const model::Row> rows(rows_);
  const std::size_t batch = table_->batch_rows();
  for (std::size_t at = 0; at < rows.size(); at += batch) {
    CROSSFADE_CHECK(insert_or_halve(rows.subspan(at, std::min(batch, rows.size() - at)), reach));
  }
  return unpark();
}

model::Result<void> ForwardTable::insert_or_halve(std::span<const model::Row> rows, Reach reach) {
  CROSSFADE_CHECK(target_->execute("SAVEPOINT half"));
  model::Result<void> inserted = insert(rows);
  if (inserted) return target_->execute("RELEASE SAVEPOINT half");
  if (!row_is_at_fault(inserted.error())) return inserted;
  if (inserted.error().state == "23505"_state && reach == Reach::partial) return inserted;
  CROSSFADE_CHECK(target_->execute("ROLLBACK TO SAVEPOINT half; RELEASE SAVEPOINT half"));
  if (rows.size() > 1) {
    CROSSFADE_CHECK(insert_or_halve(rows.first(rows.size() / 2), reach));
    return insert_or_halve(rows.subspan(rows.size() / 2), reach);
  }
  CROSSFADE_TRY(const sqlite::StorageRow key, table_->encode_key(table_->key_of(rows.front())));
  poison(key, inserted.error());
  ++quarantined_rows_;
  return {};
}

/// Columns that only PostgreSQL has keep their values although the rows are deleted and inserted again (MIRROR 10).
model::Result<void> ForwardTable::park() {
  std::string known;
  for (const plan::Column& column : table_->table().columns) known += (known.empty() ? "" : ", ") + postgres::quote_literal(column.name);
  const std::string relation = qualified(table_->table().name);
  CROSSFADE_TRY(const model::ResultSet extra,
                target_->query("SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND "
                               "NOT attisdropped AND attgenerated = '' AND attname NOT IN (" + known + ")",
                               std::array{text(relation)}));
  for (const model::Row& row : extra.rows) {
    own_columns_ += (own_columns_.empty() ? "" : ", ") + postgres::quote_identifier(std::get<std::string>(row[0]));
  }
  if (own_columns_.empty() || rows_.empty()) return {};
  CROSSFADE_CHECK(target_->execute("DROP TABLE IF EXISTS pg_temp.crossfade_parked; CREATE TEMP TABLE crossfade_parked ON COMMIT DROP AS "
                                   "SELECT * FROM " + relation + " WITH NO DATA"));
  for (const model::Row& row : rows_) {
    const std::array keys{table_->key_of(row)};
    CROSSFADE_CHECK(target_->query("INSERT INTO pg_temp.crossfade_parked SELECT * FROM " + relation + " WHERE " +
                                       table_->key_condition(),
                                   table_->key_parameters(keys)));
  }
  return {};
}

model::Result<void> ForwardTable::unpark() {
  if (own_columns_.empty() || rows_.empty()) return {};
  std::string same;
  for (const plan::Column* column : table_->key()) {
    const std::string name = postgres::quote_identifier(column->name);
    same += (same.empty() ? "t." : " AND t.") + name + " = p." + name;
  }
  return target_->execute("UPDATE " + qualified(table_->table().name) + " t SET (" + own_columns_ + ") = (SELECT " + own_columns_ +
                          " FROM pg_temp.crossfade_parked p WHERE " + same + ") WHERE EXISTS (SELECT FROM pg_temp.crossfade_parked p WHERE " +
                          same + ")");
}

/// A key that was looked at again leaves the quarantine; what is still poison goes in.
model::Result<void> ForwardTable::settle_quarantine() {
  if (quarantine_ == Quarantine::holds) {
    for (const auto& [bytes, key] : *keys_) {
      const std::array parameters{text(table_->table().name), text(to_position(key))};
      CROSSFADE_CHECK(target_->query("DELETE FROM crossfade.quarantine WHERE table_name = $1 AND row_key = $2", parameters));
    }
  }
  for (const Poison& one : poison_) {
    const std::array parameters{text(table_->table().name), text(to_position(one.key)), text(one.column), text(one.reason)};
    CROSSFADE_CHECK(target_->query("INSERT INTO crossfade.quarantine (table_name, row_key, column_name, reason, origin) "
                                   "VALUES ($1, $2, nullif($3, ''), $4, 'applier')",
                                   parameters));
  }
  return {};
}

}  // namespace crossfade::migrate
