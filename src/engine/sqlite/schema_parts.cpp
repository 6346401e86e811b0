#include "schema_parts.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite {

std::string text_of(const model::StorageValue& value) {
  const std::string* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string{} : *text;
}

std::int64_t integer_of(const model::StorageValue& value) {
  const std::int64_t* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

std::string quote_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + '"';
}

model::Result<std::vector<plan::Column>> read_columns(Connection& connection, const plan::Table& table) {
  const std::array<model::StorageValue, 2> name{table.sqlite_name, schema_of(table)};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT name, type, \"notnull\", dflt_value, pk, hidden "
                                                  "FROM pragma_table_xinfo(?1, ?2) ORDER BY cid",
                                                  name));
  constexpr std::int64_t kHidden = 1;
  std::vector<plan::Column> columns;
  for (const StorageRow& row : rows) {
    if (integer_of(row[5]) == kHidden) continue;
    plan::Column column;
    column.sqlite_name = column.name = text_of(row[0]);
    column.declared = text_of(row[1]);
    column.not_null = integer_of(row[2]) != 0;
    if (std::holds_alternative<std::string>(row[3])) column.default_sql = text_of(row[3]);
    column.primary_key = static_cast<int>(integer_of(row[4]));
    column.generated = integer_of(row[5]) > kHidden;
    const char* collation = nullptr;
    if (!table.view && !table.virtual_table &&
        sqlite3_table_column_metadata(connection.handle(), schema_of(table), table.sqlite_name.c_str(), column.sqlite_name.c_str(), nullptr,
                                      &collation, nullptr, nullptr, nullptr) == SQLITE_OK &&
        collation != nullptr)
      column.collation = collation;
    columns.push_back(std::move(column));
  }
  return columns;
}

model::Result<std::vector<plan::Index>> read_indexes(Connection& connection, const plan::Table& table) {
  const std::array<model::StorageValue, 2> name{table.sqlite_name, schema_of(table)};
  CROSSFADE_TRY(const auto rows,
                connection.query("SELECT l.name, l.\"unique\", l.origin, s.sql FROM pragma_index_list(?1, ?2) l LEFT JOIN " +
                                     std::string{schema_of(table)} +
                                     ".sqlite_schema s ON s.type = 'index' AND s.name = l.name ORDER BY l.seq DESC",
                                 name));
  std::vector<plan::Index> indexes;
  for (const StorageRow& row : rows) {
    plan::Index index;
    index.name = text_of(row[0]);
    if (plan::fold(index.name).starts_with("crossfade_")) continue;
    index.unique = integer_of(row[1]) != 0;
    index.origin = static_cast<plan::Index::Origin>(text_of(row[2]).at(0));
    const TextIndex text = read_create_index(text_of(row[3]));
    index.predicate = text.predicate;
    const std::array<model::StorageValue, 2> index_name{index.name, schema_of(table)};
    CROSSFADE_TRY(const auto parts, connection.query("SELECT seqno, cid, name, \"desc\", coll FROM pragma_index_xinfo(?1, ?2) "
                                                     "WHERE key = 1 ORDER BY seqno",
                                                     index_name));
    for (const StorageRow& part : parts) {
      constexpr std::int64_t kRowid = -1, kExpression = -2;
      const std::size_t position = static_cast<std::size_t>(integer_of(part[0]));
      plan::IndexPart made{.column = {}, .expression = {}, .collation = text_of(part[4]), .descending = integer_of(part[3]) != 0};
      if (integer_of(part[1]) == kExpression)
        made.expression = position < text.parts.size() ? text.parts[position] : std::string{};
      else
        made.column = integer_of(part[1]) == kRowid ? "rowid" : text_of(part[2]);
      index.parts.push_back(std::move(made));
    }
    indexes.push_back(std::move(index));
  }
  return indexes;
}

model::Result<std::vector<plan::ForeignKey>> read_foreign_keys(Connection& connection, const plan::Table& table,
                                                               const TextTable& text) {
  const std::array<model::StorageValue, 2> name{table.sqlite_name, schema_of(table)};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT id, \"table\", \"from\", \"to\", on_update, on_delete "
                                                  "FROM pragma_foreign_key_list(?1, ?2) ORDER BY id DESC, seq",
                                                  name));
  std::vector<plan::ForeignKey> keys;
  std::int64_t current = -1;
  for (const StorageRow& row : rows) {
    if (integer_of(row[0]) != current) {
      current = integer_of(row[0]);
      keys.push_back({.target_table = text_of(row[1]), .on_update = text_of(row[4]), .on_delete = text_of(row[5])});
    }
    keys.back().columns.push_back(text_of(row[2]));
    // No target columns: the target's primary key.
    if (std::holds_alternative<std::string>(row[3])) keys.back().target_columns.push_back(text_of(row[3]));
  }
  // SQLite numbers foreign keys from the last written to the first; its ids and the text's order tell the same list.
  std::vector<const TextConstraint*> written;
  for (const TextConstraint& constraint : text.constraints)
    if (constraint.kind == TextConstraint::Kind::foreign_key) written.push_back(&constraint);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i < written.size() && written.size() == keys.size()) {
      keys[i].name = written[i]->name;
      keys[i].deferrable = written[i]->deferrable;
      keys[i].initially_deferred = written[i]->initially_deferred;
    }
    if (keys[i].name.empty()) keys[i].name = foreign_key_name({}, table.sqlite_name, keys[i].columns);
  }
  return keys;
}

}  // namespace crossfade::sqlite
