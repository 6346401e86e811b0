#include "mirror_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "postgres_objects.hpp"
#include "sqlite_journal.hpp"
#include "stored_row.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

constexpr std::size_t kBatchParameters = 8'000;
constexpr std::size_t kBatchRows = 200;

template <class... Case>
struct Overloaded : Case... { using Case::operator()...; };

void append_bytes(std::string& out, char tag, std::string_view bytes) {
  out += tag;
  out += std::to_string(bytes.size());
  out += ':';
  out += bytes;
}

/// A double that is a whole number within int64 is that integer to SQLite's comparison.
std::optional<std::int64_t> whole(double value) {
  if (!(value >= -0x1p63 && value < 0x1p63) || std::trunc(value) != value) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += between;
    out += part;
  }
  return out;
}

/// Adds where the value stands.
model::Error at_column(model::Error error, const plan::Table& table, const plan::Column& column) {
  error.table = table.name;
  error.column = column.name;
  error.message = table.name + "." + column.name + ": " + error.message;
  return error;
}

}  // namespace

std::string key_bytes(std::span<const model::StorageValue> key) {
  std::string out;
  for (const model::StorageValue& value : key) {
    std::visit(Overloaded{[&](model::Null) { out += 'n'; }, [&](std::int64_t number) { append_bytes(out, 'i', std::to_string(number)); },
                          [&](double number) {
                            if (const auto integer = whole(number)) return append_bytes(out, 'i', std::to_string(*integer));
                            char bytes[sizeof number];
                            std::memcpy(bytes, &number, sizeof number);
                            append_bytes(out, 'r', {bytes, sizeof bytes});
                          },
                          [&](const std::string& text) { append_bytes(out, 't', text); },
                          [&](const model::Bytes& blob) { append_bytes(out, 'b', blob.data); }},
               value);
  }
  return out;
}

std::string key_text(std::span<const model::StorageValue> key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "(";
  for (const model::StorageValue& value : key) {
    if (out.size() > 1) out += ", ";
    std::visit(Overloaded{[&](model::Null) { out += "NULL"; }, [&](std::int64_t number) { out += std::to_string(number); },
                          [&](double number) {
                            char text[32];
                            out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
                          },
                          [&](const std::string& text) { out += quote_sqlite_literal(text); },
                          [&](const model::Bytes& blob) {
                            out += "x'";
                            for (const unsigned char byte : blob.data) out += {digits[byte >> 4], digits[byte & 15]};
                            out += '\'';
                          }},
               value);
  }
  return out + ")";
}

MirrorTable::MirrorTable(const plan::Table& table) : table_(&table), key_(table.key()) {
  std::vector<std::string> columns, written, same, bytewise, updates, key_names, places;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const plan::Column& column = table.columns[i];
    const std::string name = quote_sqlite(column.sqlite_name);
    columns.push_back(name);
    if (column.generated) continue;
    written_.push_back(i);
    written.push_back(name);
    places.push_back("?" + std::to_string(written.size()));
    if (column.primary_key == 0) updates.push_back(name + " = excluded." + name);
  }
  for (const plan::Column* column : key_) {
    const std::string name = quote_sqlite(column->sqlite_name), place = "?" + std::to_string(same.size() + 1);
    key_at_.push_back(static_cast<std::size_t>(column - table.columns.data()));
    same.push_back(name + " IS " + place);
    bytewise.push_back(name + " IS " + place + " COLLATE BINARY");
    key_names.push_back(name);
  }
  const std::string name = quote_sqlite(table.sqlite_name);
  select_ = "SELECT " + joined(columns, ", ") + " FROM " + name + " WHERE " + joined(same, " AND ");
  sqlite_delete_ = "DELETE FROM " + name + " WHERE " + joined(same, " AND ") + " AND " + joined(bytewise, " AND ");
  // OR ABORT: a constraint's own ON CONFLICT ROLLBACK would end the step's transaction.
  sqlite_upsert_ = "INSERT OR ABORT INTO " + name + " (" + joined(written, ", ") + ") VALUES (" + joined(places, ", ") + ") ON CONFLICT (" +
                   joined(key_names, ", ") + ") DO " +
                   (updates.empty() ? std::string("NOTHING") : "UPDATE SET " + joined(updates, ", "));
}

model::Result<std::optional<sqlite::StorageRow>> MirrorTable::find(sqlite::Connection& connection,
                                                                   const sqlite::StorageRow& row_key) const {
  CROSSFADE_TRY(sqlite::Statement * statement, connection.cached(select_));
  CROSSFADE_CHECK(statement->bind_all(row_key));
  const std::string wanted = key_bytes(row_key);
  while (true) {
    CROSSFADE_TRY(const bool found, statement->step());
    if (!found) return std::nullopt;
    sqlite::StorageRow row = statement->row();
    if (key_bytes(key_of(row)) != wanted) continue;
    statement->reset();
    return row;
  }
}

sqlite::StorageRow MirrorTable::key_of(const sqlite::StorageRow& row) const {
  sqlite::StorageRow out;
  for (const std::size_t at : key_at_) out.push_back(row[at]);
  return out;
}

model::Row MirrorTable::key_of(const model::Row& row) const {
  model::Row out;
  for (const std::size_t at : key_at_) out.push_back(row[at]);
  return out;
}

model::Result<model::Row> MirrorTable::decode(const sqlite::StorageRow& row) const {
  CROSSFADE_TRY(StoredRow read, read_stored(*table_, row, [&] { return "key " + key_text(key_of(row)); }));
  if (!read.aside) return std::move(read.row);
  model::Error error{"22P02"_state, read.aside->reason};
  error.column = read.aside->column;
  return std::unexpected(std::move(error));
}

model::Result<model::Row> MirrorTable::decode_key(const sqlite::StorageRow& row_key) const {
  model::Row out;
  for (std::size_t i = 0; i < key_.size(); ++i) {
    model::Result<model::Value> value = plan::decode(row_key[i], key_[i]->form, key_[i]->type);
    if (!value) return std::unexpected(at_column(value.error(), *table_, *key_[i]));
    if (model::is_null(*value)) return model::fail("23502"_state, table_->name + "." + key_[i]->name + ": NULL in a primary key");
    out.push_back(std::move(*value));
  }
  CROSSFADE_TRY(const sqlite::StorageRow again, encode_key(out));
  if (key_bytes(again) != key_bytes(row_key)) {
    return model::fail("22P02"_state, table_->name + ": key " + key_text(row_key) + " is not written as the plan has it",
                       "The planned form of the same value is " + key_text(again) + ".");
  }
  return out;
}

model::Result<sqlite::StorageRow> MirrorTable::encode(const model::Row& row) const {
  sqlite::StorageRow out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const plan::Column& column = table_->columns[i];
    model::Result<model::StorageValue> value = plan::encode(row[i], column.form, column.type);
    if (!value) return std::unexpected(at_column(value.error(), *table_, column));
    out.push_back(std::move(*value));
  }
  return out;
}

model::Result<sqlite::StorageRow> MirrorTable::encode_key(const model::Row& row_key) const {
  sqlite::StorageRow out;
  for (std::size_t i = 0; i < key_.size(); ++i) {
    model::Result<model::StorageValue> value = plan::encode(row_key[i], key_[i]->form, key_[i]->type);
    if (!value) return std::unexpected(at_column(value.error(), *table_, *key_[i]));
    out.push_back(std::move(*value));
  }
  return out;
}

/// "($1, $2), ($3, $4)".
std::string MirrorTable::row_list(std::size_t rows, std::size_t width) const {
  std::string out;
  std::size_t number = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    out += row == 0 ? "(" : ", (";
    for (std::size_t i = 0; i < width; ++i) out += (i == 0 ? "$" : ", $") + std::to_string(++number);
    out += ')';
  }
  return out;
}

std::string MirrorTable::postgres_columns() const {
  std::vector<std::string> names;
  for (const plan::Column& column : table_->columns) names.push_back(postgres::quote_identifier(column.name));
  return joined(names, ", ");
}

namespace {

std::string key_columns(const std::vector<const plan::Column*>& key) {
  std::vector<std::string> names;
  for (const plan::Column* column : key) names.push_back(postgres::quote_identifier(column->name));
  return joined(names, ", ");
}

}  // namespace

std::string MirrorTable::key_condition(std::size_t rows) const {
  return "(" + key_columns(key_) + ") IN (" + row_list(rows, key_.size()) + ")";
}

std::string MirrorTable::postgres_select(std::size_t rows) const {
  return "SELECT " + postgres_columns() + " FROM " + qualified(table_->name) + " WHERE " + key_condition(rows);
}

std::string MirrorTable::postgres_delete(std::size_t rows) const {
  return "DELETE FROM " + qualified(table_->name) + " WHERE " + key_condition(rows);
}

std::string MirrorTable::postgres_upsert(std::size_t rows) const {
  std::vector<std::string> updates;
  for (const plan::Column& column : table_->columns) {
    const std::string name = postgres::quote_identifier(column.name);
    if (column.primary_key == 0) updates.push_back(name + " = excluded." + name);
  }
  // An identity that somebody has made ALWAYS takes our numbers all the same.
  return "INSERT INTO " + qualified(table_->name) + " (" + postgres_columns() + ") OVERRIDING SYSTEM VALUE VALUES " + row_list(rows, table_->columns.size()) +
         " ON CONFLICT (" + key_columns(key_) + ") DO " +
         (updates.empty() ? std::string("NOTHING") : "UPDATE SET " + joined(updates, ", "));
}

std::vector<postgres::Parameter> MirrorTable::row_parameters(std::span<const model::Row> rows) const {
  std::vector<postgres::Parameter> out;
  for (const model::Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out.push_back({row[i], table_->columns[i].type});
  }
  return out;
}

std::vector<postgres::Parameter> MirrorTable::key_parameters(std::span<const model::Row> keys) const {
  std::vector<postgres::Parameter> out;
  for (const model::Row& row : keys) {
    for (std::size_t i = 0; i < row.size(); ++i) out.push_back({row[i], key_[i]->type});
  }
  return out;
}

std::size_t MirrorTable::batch_rows() const {
  return std::clamp<std::size_t>(kBatchParameters / std::max<std::size_t>(1, table_->columns.size()), 1, kBatchRows);
}

MirrorTables::MirrorTables(const plan::Schema& schema) : keys_(journal_keys(schema)) {
  for (const plan::Table* table : mirrored_tables(schema)) tables_.emplace_back(*table);
}

const MirrorTable* MirrorTables::by_sqlite_name(std::string_view name) const {
  const auto found = std::ranges::find_if(tables_, [&](const MirrorTable& t) { return t.table().sqlite_name == name; });
  return found == tables_.end() ? nullptr : &*found;
}

const MirrorTable* MirrorTables::by_name(std::string_view name) const {
  const auto found = std::ranges::find_if(tables_, [&](const MirrorTable& t) { return t.table().name == name; });
  return found == tables_.end() ? nullptr : &*found;
}

}  // namespace crossfade::migrate
