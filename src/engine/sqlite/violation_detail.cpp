#include "violation_detail.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "crossfade/plan/plan.hpp"
#include "schema_parts.hpp"
#include "statement_rerun.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

/// ExecBuildSlotValueDescription cuts a value there, and says so.
constexpr std::size_t kShownBytes = 64;

std::string cut(std::string text) {
  if (text.size() <= kShownBytes) return text;
  std::size_t length = kShownBytes;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
  return text.substr(0, length) + "...";
}

const plan::Table* table_named(const plan::Schema& schema, const std::string& name,
                               std::string_view place) {
  const auto in = [&](const plan::Schema::Tables& tables) -> const plan::Table* {
    const auto found = std::ranges::find_if(tables, [&](const auto& entry) {
      return sqlite3_stricmp(entry.second.sqlite_name.c_str(), name.c_str()) == 0;
    });
    return found == tables.end() || found->second.view ? nullptr : &found->second;
  };
  if (place == "main") return in(schema.tables);
  const plan::Table* temporary = in(schema.temporary);
  return temporary != nullptr || place == "temp" ? temporary : in(schema.tables);
}

const plan::Column* column_named(const plan::Table& table, const std::string& name) {
  const auto found = std::ranges::find_if(table.columns, [&](const plan::Column& column) {
    return sqlite3_stricmp(column.sqlite_name.c_str(), name.c_str()) == 0;
  });
  return found == table.columns.end() ? nullptr : &*found;
}

/// The rowid that SQLite would have given the last row noted, when it gives one to all of them.
std::optional<std::int64_t> next_rowid(Connection::Impl& connection, const plan::Table& table,
                                       std::size_t place, const std::vector<NotedRow>& rows) {
  std::int64_t chosen = 0;
  for (const NotedRow& row : rows) {
    if (row.event != Event::insert) continue;
    if (row.after[place] != model::StorageValue{std::int64_t{-1}}) return std::nullopt;
    ++chosen;
  }
  const std::string schema = schema_of(table),
                    column = quote_name(table.columns[place].sqlite_name);
  std::string sql = "SELECT coalesce(max(" + column + "), 0) FROM " + schema + "." +
                    quote_name(table.sqlite_name);
  if (table.autoincrement)
    sql = "SELECT max((" + sql + "), coalesce((SELECT seq FROM " + schema +
          ".sqlite_sequence WHERE name = ?1), 0))";
  auto statement = connection.prepare(sql, Author::proxy);
  if (!statement || (table.autoincrement && !statement->bind(1, table.sqlite_name)))
    return std::nullopt;
  if (const auto found = statement->step(); !found || !*found) return std::nullopt;
  return integer_of(statement->column(0)) + chosen;
}

/// The row that failed: the last one noted, with its rowid. None when that cannot be known.
std::optional<StorageRow> failed_row(Connection::Impl& connection, const StatementRerun& rerun,
                                     const plan::Table& table) {
  if (rerun.rows().empty() || rerun.rows().back().event == Event::delete_) return std::nullopt;
  const NotedRow& last = rerun.rows().back();
  StorageRow row = last.after;
  const plan::Column* alias = table.rowid_alias();
  if (alias == nullptr || last.event != Event::insert) return row;
  const std::size_t place = place_of(*alias, table);
  if (row[place] != model::StorageValue{std::int64_t{-1}}) return row;
  const auto rowid = next_rowid(connection, table, place, rerun.rows());
  if (!rowid) return std::nullopt;
  row[place] = *rowid;
  return row;
}

std::optional<std::string> failing_row(const plan::Table& table, const StorageRow& row,
                                       const model::TextStyle& style) {
  std::string text = "Failing row contains (";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto value = shown_value(row[i], table.columns[i], style);
    if (!value) return std::nullopt;
    text += (i == 0 ? "" : ", ") + cut(*value);
  }
  return text + ").";
}

/// What the expression of an index gives for a row; only texts and integers look the same on both
/// sides.
std::optional<std::string> evaluate(Connection::Impl& connection, const std::string& expression,
                                    const plan::Table& table, const StorageRow& row) {
  std::string sql = "SELECT " + expression + " FROM (SELECT ";
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    sql += (i == 0 ? "?" : ", ?") + std::to_string(i + 1) + " AS " +
           quote_name(table.columns[i].sqlite_name);
  auto statement = connection.prepare(sql + ")", Author::proxy);
  if (!statement || !statement->bind_all(row)) return std::nullopt;
  if (const auto found = statement->step(); !found || !*found) return std::nullopt;
  const model::StorageValue value = statement->column(0);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::nullopt;
}

std::optional<std::string> expression_key(Connection::Impl& connection, const plan::Table& table,
                                          const std::string& index_name, const StorageRow& row,
                                          const model::TextStyle& style) {
  const auto index = std::ranges::find_if(table.indexes, [&](const plan::Index& each) {
    return plan::fold(each.name) == plan::fold(index_name);
  });
  if (index == table.indexes.end()) return std::nullopt;
  std::string names, values;
  for (const plan::IndexPart& part : index->parts) {
    const plan::Column* column = part.column.empty() ? nullptr : table.find_column(part.column);
    const auto value = column != nullptr
                           ? shown_value(row[place_of(*column, table)], *column, style)
                           : evaluate(connection, part.expression, table, row);
    if (!value) return std::nullopt;
    names += (names.empty() ? "" : ", ") + (column != nullptr ? column->name : part.expression);
    values += (values.empty() ? "" : ", ") + *value;
  }
  return "Key (" + names + ")=(" + values + ")";
}

std::optional<std::string> violated_key(Connection::Impl& connection, const Violation& violation,
                                        const plan::Table& table, const StorageRow& row,
                                        const model::TextStyle& style) {
  if (sqlite3_stricmp(violation.table.c_str(), table.sqlite_name.c_str()) != 0) return std::nullopt;
  if (violation.columns.empty())
    return expression_key(connection, table, violation.index, row, style);
  std::vector<const plan::Column*> columns;
  for (const std::string& name : violation.columns) {
    const plan::Column* column = column_named(table, name);
    if (column == nullptr) return std::nullopt;
    columns.push_back(column);
  }
  return shown_key(columns, table, row, style);
}

/// CREATE UNIQUE INDEX: the first key that two rows have.
void add_duplicated(Connection::Impl& connection, const Violation& violation,
                    const plan::Schema& schema, const model::TextStyle& style,
                    model::Error& error) {
  const plan::Table* table = table_named(schema, violation.table, {});
  if (table == nullptr || violation.columns.empty()) return;
  std::string list;
  std::vector<const plan::Column*> columns;
  for (const std::string& name : violation.columns) {
    list += (list.empty() ? "" : ", ") + quote_name(name);
    columns.push_back(column_named(*table, name));
    if (columns.back() == nullptr) return;
  }
  auto statement = connection.prepare("SELECT " + list + " FROM " + schema_of(*table) + "." +
                                          quote_name(table->sqlite_name) + " GROUP BY " + list +
                                          " HAVING count(*) > 1 ORDER BY " + list + " LIMIT 1",
                                      Author::proxy);
  if (!statement) return;
  if (const auto found = statement->step(); !found || !*found) return;
  StorageRow row(table->columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i)
    row[place_of(*columns[i], *table)] = statement->column(static_cast<int>(i));
  if (const auto key = shown_key(columns, *table, row, style))
    error.detail = *key + " is duplicated.";
}

}  // namespace

std::size_t place_of(const plan::Column& column, const plan::Table& table) {
  return static_cast<std::size_t>(&column - table.columns.data());
}

std::optional<std::string> shown_value(const model::StorageValue& value, const plan::Column& column,
                                       const model::TextStyle& style) {
  const auto decoded = plan::decode(value, column.form, column.type);
  if (!decoded) return std::nullopt;
  if (std::holds_alternative<model::Null>(*decoded)) return "null";
  return model::to_text(*decoded, column.type, style);
}

std::optional<std::string> shown_key(const std::vector<const plan::Column*>& columns,
                                     const plan::Table& table, const StorageRow& row,
                                     const model::TextStyle& style) {
  std::string names, values;
  for (const plan::Column* column : columns) {
    const auto value = shown_value(row[place_of(*column, table)], *column, style);
    if (!value) return std::nullopt;
    names += (names.empty() ? "" : ", ") + column->name;
    values += (values.empty() ? "" : ", ") + *value;
  }
  return "Key (" + names + ")=(" + values + ")";
}

void add_violation_detail(Statement& failed, const plan::Schema& schema,
                          const model::TextStyle& style, model::Error& error) {
  Connection::Impl& connection = *failed.internals().connection;
  const ChangeTarget target = failed.internals().target;
  const std::optional<Violation> violation = std::exchange(connection.violation, std::nullopt);
  if (target.action == SQLITE_CREATE_INDEX || target.action == SQLITE_CREATE_TEMP_INDEX) {
    if (violation) add_duplicated(connection, *violation, schema, style, error);
    return;
  }
  const plan::Table* table = table_named(schema, target.table, target.schema);
  if (table == nullptr) return;
  const bool reference = error.state == "23503"_state;
  const StatementRerun rerun{
      failed, *table,
      reference ? StatementRerun::References::deferred : StatementRerun::References::at_once};
  if (reference) return add_reference_detail(connection, rerun, *table, schema, style, error);
  if (error.state == "23502"_state && rerun.ends_with_null_rowid()) {
    StorageRow row = rerun.rows().back().after;
    row[place_of(*table->rowid_alias(), *table)] = model::Null{};
    if (const auto text = failing_row(*table, row, style)) error.detail = *text;
    return;
  }
  const auto& again = rerun.outcome();
  if (again || again.error().state != error.state || again.error().message != error.message) return;
  const auto row = failed_row(connection, rerun, *table);
  if (!row) return;
  if (error.state == "23505"_state && violation) {
    if (const auto key = violated_key(connection, *violation, *table, *row, style))
      error.detail = *key + " already exists.";
  } else if (error.state == "23514"_state || error.state == "23502"_state) {
    const plan::Column* column = table->find_column(error.column);
    if (error.table != table->name) return;  // a row that a trigger wrote
    if (error.state == "23502"_state &&
        (column == nullptr ||
         (*row)[place_of(*column, *table)] != model::StorageValue{model::Null{}}))
      return;
    if (const auto text = failing_row(*table, *row, style)) error.detail = *text;
  }
}

}  // namespace crossfade::sqlite
