#include "verify_rows.hpp"

#include <algorithm>
#include <set>

#include "crossfade/model/text_format.hpp"
#include "postgres_objects.hpp"
#include "sqlite_journal.hpp"
#include "sqlite_text.hpp"

namespace crossfade::migrate {
namespace {

bool is_text(const plan::Column& column) {
  return column.type.oid == model::oid::text || column.type.oid == model::oid::varchar || column.type.oid == model::oid::bpchar;
}

/// Names of the text columns that sort by bytes of themselves, so that an index on them gives the order. The owner may have changed some, and tables
/// that the application makes have the database's collation.
model::Result<std::set<std::string>> bytewise_columns(postgres::Connection& connection, const plan::Table& table) {
  const postgres::Parameter at{qualified(table.name), {model::oid::text}};
  CROSSFADE_TRY(const auto found,
                connection.query("SELECT a.attname::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation "
                                 "WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND c.collprovider = 'c' AND c.collcollate IN ('C', 'POSIX')",
                                 {&at, 1}));
  std::set<std::string> out;
  for (const auto& row : found.rows) out.insert(std::get<std::string>(row.at(0)));
  return out;
}

// Read ahead, twice at most.
constexpr std::size_t kBatchRows = 1'000, kBatchBytes = 1 << 20;

}  // namespace

model::Result<RowOrder> row_order(sqlite::Connection& connection, const plan::Table& table) {
  const auto key = table.key();
  const auto alike = [](const plan::Column* column) {
    const bool decided = column->misfit == plan::Misfit::refuse || column->misfit == plan::Misfit::quarantine;
    return decided && column->type.oid != model::oid::bpchar && plan::traits(column->form, column->type).keeps_order;
  };
  if (key.empty() || !std::ranges::all_of(key, alike)) return RowOrder::any;
  std::string nulls;
  for (const auto* column : key) nulls += (nulls.empty() ? "" : " OR ") + quote_sqlite(column->sqlite_name) + " IS NULL";
  CROSSFADE_TRY(const auto found, connection.value("SELECT EXISTS (SELECT 1 FROM main." + quote_sqlite(table.sqlite_name) + " WHERE " + nulls + ")"));
  return std::get<std::int64_t>(found) == 0 ? RowOrder::key : RowOrder::any;
}

model::Result<FileRows> FileRows::open(sqlite::Connection& connection, const plan::Table& table, RowOrder order) {
  std::string sql = "SELECT " + sqlite_columns(table) + " FROM main." + quote_sqlite(table.sqlite_name), keys;
  for (const auto* column : table.key()) {
    keys += (keys.empty() ? "" : ", ") + quote_sqlite(column->sqlite_name) + (column->collation == "BINARY" ? "" : " COLLATE BINARY");
  }
  if (order == RowOrder::key) sql += " ORDER BY " + keys;
  CROSSFADE_TRY(auto statement, connection.prepare(sql));
  return FileRows(std::move(statement), &table);
}

FileRows::FileRows(sqlite::Statement statement, const plan::Table* table)
    : source_(std::make_unique<Source>(std::move(statement), table, sqlite::StorageRow{})) {
  read_ahead();
}

void FileRows::read_ahead() {
  coming_ = std::async(std::launch::async, [source = source_.get()] { return source->read(); });
}

model::Result<const StoredRow*> FileRows::next() {
  while (next_ >= batch_.rows.size()) {
    if (batch_.last) return nullptr;
    CROSSFADE_TRY(batch_, coming_.get());
    next_ = 0;
    if (!batch_.last) read_ahead();
  }
  return &batch_.rows[next_++].row;
}

std::string FileRows::stored_key() const { return batch_.rows[next_ - 1].key; }

model::Result<FileRows::Batch> FileRows::Source::read() {
  Batch batch;
  for (std::size_t bytes = 0; batch.rows.size() < kBatchRows && bytes < kBatchBytes;) {
    CROSSFADE_TRY(const bool found, statement.step());
    if (!found) {
      batch.last = true;
      break;
    }
    statement.read_row(stored);
    for (const auto& value : stored) bytes += size_of(value);
    auto row = read_stored(*table, stored, [] { return "row"; });
    Read& read = batch.rows.emplace_back();
    if (row) {
      read.row = *std::move(row);
    } else {
      // PostgreSQL cannot hold it: it is missing there, which is a difference and no error.
      read.row.aside = StoredRow::Aside{row.error().column, {}, row.error().detail};
    }
    if (read.row.aside) read.key = stored_key();
  }
  return batch;
}

std::string FileRows::Source::stored_key() const {
  std::string out;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (table->columns[i].primary_key != 0) out += (out.empty() ? "" : ", ") + describe(stored[i]);
  }
  return "(" + out + ")";
}

model::Result<void> target_rows(postgres::Connection& connection, const plan::Table& table, RowOrder order,
                                const std::function<bool(const model::Row&)>& row) {
  std::string columns, keys;
  std::set<std::string> bytewise;
  if (order == RowOrder::key && std::ranges::any_of(table.key(), [](const plan::Column* column) { return is_text(*column); })) {
    CROSSFADE_TRY(bytewise, bytewise_columns(connection, table));
  }
  for (const auto& column : table.columns) columns += (columns.empty() ? "" : ", ") + postgres::quote_identifier(column.name);
  for (const auto* column : table.key()) {
    keys += (keys.empty() ? "" : ", ") + postgres::quote_identifier(column->name) + (is_text(*column) && !bytewise.contains(column->name) ? " COLLATE \"C\"" : "");
  }
  std::string sql = "SELECT " + columns + " FROM " + qualified(table.name);
  if (order == RowOrder::key) sql += " ORDER BY " + keys;
  return connection.copy_out(sql, row);
}

model::Row key_of(const plan::Table& table, const model::Row& row) {
  model::Row out;
  for (const auto* column : table.key()) out.push_back(row[static_cast<std::size_t>(column - table.columns.data())]);
  return out.empty() ? row : out;
}

std::string shown(const model::Value& value, model::Type type) { return model::is_null(value) ? "NULL" : model::to_text(value, type); }

std::string key_text(const plan::Table& table, const model::Row& row) {
  std::string out;
  const auto add = [&](const plan::Column& column) {
    const auto& value = row[static_cast<std::size_t>(&column - table.columns.data())];
    const bool bare = model::is_null(value) || std::holds_alternative<std::int64_t>(value);
    out += (out.empty() ? "" : ", ") + (bare ? shown(value, column.type) : "'" + shown(value, column.type) + "'");
  };
  if (const auto key = table.key(); !key.empty()) {
    for (const auto* column : key) add(*column);
  } else {
    for (const auto& column : table.columns) add(column);
  }
  return "(" + out + ")";
}

}  // namespace crossfade::migrate
