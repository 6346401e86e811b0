#include "backward_table.hpp"

#include <algorithm>

#include "crossfade/compare/compare.hpp"
#include "crossfade/model/text_format.hpp"
#include "postgres_objects.hpp"
#include "sqlite_journal.hpp"
#include "stored_row.hpp"

namespace crossfade::migrate {

using namespace model::literals;

void BackwardTable::poison(const sqlite::StorageRow& key, const model::Error& reason) {
  poison_.push_back({table_, key, reason.column, reason.message});
}

model::Result<void> BackwardTable::take(model::Row key) {
  model::Result<sqlite::StorageRow> stored = table_->encode_key(key);
  if (!stored) {
    std::string shown;
    for (std::size_t i = 0; i < key.size(); ++i) shown += (i ? ", " : "") + model::to_text(key[i], table_->key()[i]->type);
    poison({shown}, stored.error());
    return {};
  }
  std::string bytes = key_bytes(*stored);
  stored_keys_.emplace(bytes, std::move(*stored));
  keys_.emplace(std::move(bytes), Noted{std::move(key), std::nullopt, std::nullopt});
  return {};
}

model::Result<void> BackwardTable::note(const std::vector<std::string>& key) {
  model::Row row;
  for (std::size_t i = 0; i < key.size(); ++i) {
    CROSSFADE_TRY(model::Value value, model::parse_text(key[i], table_->key()[i]->type));
    row.push_back(std::move(value));
  }
  return take(std::move(row));
}

model::Result<void> BackwardTable::note_all(sqlite::Connection& target) {
  std::string columns;
  for (const plan::Column* column : table_->key()) columns += (columns.empty() ? "" : ", ") + quote_sqlite(column->sqlite_name);
  CROSSFADE_TRY(auto rows, target.query("SELECT " + columns + " FROM " + quote_sqlite(table_->table().sqlite_name)));
  for (sqlite::StorageRow& key : rows) {
    model::Result<model::Row> decoded = table_->decode_key(key);
    if (!decoded) {  // never came to PostgreSQL, so it is not there now either
      CROSSFADE_CHECK(remove(target, key));
      continue;
    }
    CROSSFADE_CHECK(take(std::move(*decoded)));
  }
  return {};
}

model::Result<void> BackwardTable::read(postgres::Connection& reader) {
  std::vector<model::Row> wanted;
  for (const auto& [bytes, noted] : keys_) wanted.push_back(noted.key);
  const std::span<const model::Row> all(wanted);
  const std::size_t batch = table_->batch_rows();
  for (std::size_t at = 0; at < all.size(); at += batch) {
    const auto part = all.subspan(at, std::min(batch, all.size() - at));
    CROSSFADE_TRY(model::ResultSet found, reader.query(table_->postgres_select(part.size()), table_->key_parameters(part)));
    for (model::Row& row : found.rows) {
      CROSSFADE_TRY(const sqlite::StorageRow key, table_->encode_key(table_->key_of(row)));
      const auto noted = keys_.find(key_bytes(key));
      if (noted == keys_.end()) continue;  // 1.00 for the gone 1.0: equal, another key in the file, with a note of its own (MIRROR 7)
      model::Result<sqlite::StorageRow> stored = table_->encode(row);
      if (!stored) poison(key, stored.error());
      else noted->second = {std::move(noted->second.key), std::move(row), std::move(*stored)};
    }
  }
  return {};
}

model::Result<void> BackwardTable::remove(sqlite::Connection& target, const sqlite::StorageRow& key) {
  CROSSFADE_TRY(sqlite::Statement * statement, target.cached(table_->sqlite_delete()));
  CROSSFADE_CHECK(statement->bind_all(key));
  CROSSFADE_CHECK(statement->run());
  deleted_ += static_cast<std::size_t>(target.changes());
  return {};
}

/// Rows that hold one of the new row's unique values under another key. One that changed itself makes way; another one is left alone, and
/// the new row is what the file cannot hold (its index is stricter than PostgreSQL's: NOCASE).
model::Result<void> BackwardTable::clear_way(sqlite::Connection& target, const sqlite::StorageRow& key, Noted& noted, Reach reach) {
  const plan::Table& table = table_->table();
  const ValueText place = [&](const plan::Column& column) { return "?" + std::to_string(&column - table.columns.data() + 1); };
  std::string columns;
  for (const plan::Column* column : table_->key()) columns += (columns.empty() ? "" : ", ") + quote_sqlite(column->sqlite_name);
  for (const plan::Index* index : displacing_indexes(table)) {
    // Every value is bound, so that each has its place.
    std::string all = "SELECT " + columns + displaced_rows(table, *index, place) + " AND ?" + std::to_string(table.columns.size()) + " IS ?" +
                      std::to_string(table.columns.size());
    CROSSFADE_TRY(const auto blockers, target.query(all, *noted.stored));
    for (const sqlite::StorageRow& blocker : blockers) {
      const std::string bytes = key_bytes(blocker);
      if (bytes == key_bytes(key)) continue;
      if (keys_.contains(bytes)) {
        CROSSFADE_CHECK(remove(target, blocker));
        continue;
      }
      model::Error taken{"23505"_state, table.name + ": the file's unique index \"" + index->name + "\" already holds this value under key " +
                                            key_text(blocker)};
      if (reach == Reach::partial) return std::unexpected(std::move(taken));
      poison(key, taken);
      noted.row.reset();
      return remove(target, key);  // its older state goes, lest it be taken for the row
    }
  }
  return {};
}

model::Result<void> BackwardTable::put(sqlite::Connection& target, const sqlite::StorageRow& key, const Noted& noted) {
  CROSSFADE_TRY(sqlite::Statement * statement, target.cached(table_->sqlite_upsert()));
  int place = 0;
  for (const std::size_t at : table_->written()) CROSSFADE_CHECK(statement->bind(++place, (*noted.stored)[at]));
  if (model::Result<void> done = statement->run(); !done) {
    if (!row_is_at_fault(done.error())) return done;
    poison(key, done.error());
    return remove(target, key);  // its older state goes, lest it be taken for the row
  }
  ++written_;
  return read_back(target, key, noted);
}

/// What the column's affinity made of it must read as what PostgreSQL holds (MIRROR 12).
model::Result<void> BackwardTable::read_back(sqlite::Connection& target, const sqlite::StorageRow& key, const Noted& noted) {
  CROSSFADE_TRY(const std::optional<sqlite::StorageRow> stored, table_->find(target, key));
  if (!stored) {
    poison(key, {"23505"_state, table_->table().name + ": the file holds this row under another spelling of its key"});
    return {};
  }
  const model::Result<model::Row> decoded = table_->decode(*stored);
  if (decoded && compare::same_row(*decoded, *noted.row)) return {};
  poison(key, {"22003"_state, table_->table().name + ": the file does not give back what was written"});
  return {};
}

model::Result<void> BackwardTable::write(sqlite::Connection& target, Reach reach) {
  for (const auto& [bytes, noted] : keys_) {
    if (!noted.row) CROSSFADE_CHECK(remove(target, stored_keys_.at(bytes)));
  }
  for (auto& [bytes, noted] : keys_) {
    if (noted.row) CROSSFADE_CHECK(clear_way(target, stored_keys_.at(bytes), noted, reach));
  }
  for (const auto& [bytes, noted] : keys_) {
    if (noted.row) CROSSFADE_CHECK(put(target, stored_keys_.at(bytes), noted));
  }
  return settle_quarantine(target);
}

model::Result<void> BackwardTable::fill_row(sqlite::Connection& target, const model::Row& row) {
  const model::Result<sqlite::StorageRow> key = table_->encode_key(table_->key_of(row));
  if (!key) {
    std::string shown;
    const model::Row parts = table_->key_of(row);
    for (std::size_t i = 0; i < parts.size(); ++i) shown += (i ? ", " : "") + model::to_text(parts[i], table_->key()[i]->type);
    poison({shown}, key.error());
    return {};
  }
  model::Result<sqlite::StorageRow> stored = table_->encode(row);
  if (!stored) {
    poison(*key, stored.error());
    return {};
  }
  return put(target, *key, {{}, row, std::move(*stored)});
}

model::Result<void> BackwardTable::fill(postgres::Connection& reader, sqlite::Connection& target) {
  const plan::Table& table = table_->table();
  keys_.clear();
  stored_keys_.clear();
  CROSSFADE_CHECK(target.execute("DELETE FROM main." + quote_sqlite(table.sqlite_name)));
  const std::vector<model::StorageValue> name{table.sqlite_name};
  CROSSFADE_CHECK(target.query("DELETE FROM crossfade_quarantine WHERE t = ?1", name));
  model::Result<void> done;
  const auto read = reader.copy_out("SELECT " + table_->postgres_columns() + " FROM " + qualified(table.name), [&](const model::Row& row) {
    done = fill_row(target, row);
    return done.has_value();
  });
  CROSSFADE_CHECK(done);
  CROSSFADE_CHECK(read);
  return settle_quarantine(target);
}

model::Result<void> BackwardTable::settle_quarantine(sqlite::Connection& target) {
  const std::string& name = table_->table().sqlite_name;
  for (const auto& [bytes, key] : stored_keys_) {
    CROSSFADE_TRY(sqlite::Statement * statement, target.cached("DELETE FROM crossfade_quarantine WHERE t = ?1 AND row_key = ?2"));
    CROSSFADE_CHECK(statement->bind(1, name));
    CROSSFADE_CHECK(statement->bind(2, to_position(key)));
    CROSSFADE_CHECK(statement->run());
  }
  for (const Poison& one : poison_) {
    CROSSFADE_TRY(sqlite::Statement * statement,
                  target.cached("INSERT INTO crossfade_quarantine (t, row_key, column_name, reason) VALUES (?1, ?2, ?3, ?4)"));
    const std::vector<model::StorageValue> values{name, to_position(one.key), one.column, one.reason};
    CROSSFADE_CHECK(statement->bind_all(values));
    CROSSFADE_CHECK(statement->run());
  }
  return {};
}

}  // namespace crossfade::migrate
