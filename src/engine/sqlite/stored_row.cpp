#include "crossfade/engine/sqlite/stored_row.hpp"

#include <sqlite3.h>

#include <string>
#include <utility>

#include "connection_impl.hpp"
#include "crossfade/plan/stored_form.hpp"
#include "misfit_place.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

constexpr std::size_t kRowsBytes = 256 * 1024;

sqlite3_stmt* handle_of(const Statement& statement) { return statement.internals().handle.get(); }

/// `place`: "rowid 7", "row 3 of the result".
std::unexpected<model::Error> misfit(const sql::OutputColumn& column, const std::string& place, model::Error error) {
  error.table = column.table;
  error.column = column.column;
  const std::string name = column.table.empty() ? column.name : column.table + "." + column.column;
  error.detail = "column " + name + ", " + place +
                 (error.detail.empty() ? "" : ": " + error.detail);
  if (error.hint.empty() && !column.table.empty())
    error.hint = "the stored value is not of the column's type; \"crossfade plan\" drafts a type that fits";
  return std::unexpected(std::move(error));
}

}  // namespace

model::Result<StoredRow> StoredRow::of(const Statement& statement, std::span<const sql::OutputColumn> columns, std::int64_t position) {
  if (!columns.empty() && statement.column_count() != static_cast<int>(columns.size()))  // none: SELECT FROM t
    return model::fail("0A000"_state, "cached plan must not change result type");
  return StoredRow(statement, columns, position);
}

StoredRow::Kind StoredRow::kind(std::size_t index) const {
  switch (sqlite3_column_type(handle_of(*statement_), static_cast<int>(index))) {
    case SQLITE_INTEGER: return Kind::integer;
    case SQLITE_FLOAT: return Kind::real;
    case SQLITE_TEXT: return Kind::text;
    case SQLITE_BLOB: return Kind::blob;
    default: return Kind::null;
  }
}

std::int64_t StoredRow::integer(std::size_t index) const { return sqlite3_column_int64(handle_of(*statement_), static_cast<int>(index)); }
double StoredRow::real(std::size_t index) const { return sqlite3_column_double(handle_of(*statement_), static_cast<int>(index)); }

std::string_view StoredRow::bytes(std::size_t index) const {
  sqlite3_stmt* const statement = handle_of(*statement_);
  const int column = static_cast<int>(index);
  const void* const start = sqlite3_column_blob(statement, column);  // of a text, its bytes; nullptr when empty
  return {static_cast<const char*>(start), static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

model::Result<model::Value> StoredRow::value(std::size_t index) const {
  const sql::OutputColumn& column = columns_[index];
  auto value = plan::decode(statement_->column(static_cast<int>(index)), column.form, column.type);
  if (value) return value;
  const auto rowid = find_stored(*statement_, static_cast<int>(index));
  return misfit(column, rowid ? "rowid " + std::to_string(*rowid) : "row " + std::to_string(position_) + " of the result",
                std::move(value).error());
}

model::Result<model::Row> StoredRow::row() const {
  model::Row row;
  row.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    CROSSFADE_TRY(auto read, value(i));
    row.push_back(std::move(read));
  }
  return row;
}

std::size_t weight(const model::Row& row) {
  std::size_t bytes = sizeof(model::Row) + row.size() * sizeof(model::Value);
  for (const model::Value& value : row) {
    if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
    if (const auto* data = std::get_if<model::Bytes>(&value)) bytes += data->data.size();
    if (const auto* json = std::get_if<model::Json>(&value)) bytes += json->text.size();
    if (const auto* number = std::get_if<model::Numeric>(&value)) bytes += number->text.size();
  }
  return bytes;
}

model::Result<void> RowsOf::take(const StoredRow& row) {
  CROSSFADE_TRY(model::Row values, row.row());
  take(std::move(values));
  return {};
}

void RowsOf::take(model::Row row) {
  bytes_ += weight(row);
  rows_.push_back(std::move(row));
}

bool RowsOf::full() const { return bytes_ >= kRowsBytes; }

}  // namespace crossfade::sqlite
