#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "schema_parts.hpp"
#include "statement_rerun.hpp"
#include "violation_detail.hpp"

namespace crossfade::sqlite {
namespace {

using Columns = std::vector<const plan::Column*>;

std::optional<Columns> columns_of(const plan::Table& table, const std::vector<std::string>& names) {
  if (names.empty()) return table.key();
  Columns columns;
  for (const std::string& name : names) {
    columns.push_back(table.find_column(name));
    if (columns.back() == nullptr) return std::nullopt;
  }
  return columns;
}

/// A foreign key with its two ends resolved.
struct Reference {
  const plan::ForeignKey* key;
  const plan::Table *child, *parent;
  Columns own, target;
};

std::optional<Reference> resolve(const plan::Schema& schema, const plan::Table& child,
                                 const plan::ForeignKey& key) {
  const auto parent = schema.beside(child).find(key.target_table);
  if (parent == schema.beside(child).end()) return std::nullopt;
  const auto own = columns_of(child, key.columns),
             target = columns_of(parent->second, key.target_columns);
  if (!own || !target || own->size() != target->size()) return std::nullopt;
  return Reference{&key, &child, &parent->second, *own, *target};
}

StorageRow values_of(const Columns& columns, const plan::Table& table, const StorageRow& row) {
  StorageRow values;
  for (const plan::Column* column : columns) values.push_back(row[place_of(*column, table)]);
  return values;
}

bool has_null(const StorageRow& values) {
  return std::ranges::any_of(values, [](const model::StorageValue& value) {
    return std::holds_alternative<model::Null>(value);
  });
}

/// nullopt: SQLite does not say.
std::optional<bool> exists(Connection::Impl& connection, const plan::Table& table,
                           const Columns& columns, const StorageRow& values) {
  std::string sql = std::string{"SELECT 1 FROM "} + schema_of(table) + "." +
                    quote_name(table.sqlite_name) + " WHERE ";
  for (std::size_t i = 0; i < columns.size(); ++i)
    sql += (i == 0 ? "" : " AND ") + quote_name(columns[i]->sqlite_name) + " = ?" +
           std::to_string(i + 1);
  auto statement = connection.prepare(sql, Author::proxy);
  if (!statement || !statement->bind_all(values)) return std::nullopt;
  const auto found = statement->step();
  if (!found) return std::nullopt;
  return *found;
}

/// The new row refers to nothing.
bool breaks_own(Connection::Impl& connection, const Reference& reference, const NotedRow& row) {
  if (row.event == Event::delete_) return false;
  const StorageRow values = values_of(reference.own, *reference.child, row.after);
  if (has_null(values)) return false;
  if (row.event == Event::update &&
      values == values_of(reference.own, *reference.child, row.before))
    return false;
  return exists(connection, *reference.parent, reference.target, values) == false;
}

/// Rows refer to the old one. `undone`: the statement has been (ON DELETE RESTRICT), so the old row
/// is still there.
bool breaks_inbound(Connection::Impl& connection, const Reference& reference, const NotedRow& row,
                    bool undone) {
  if (row.event == Event::insert) return false;
  const StorageRow values = values_of(reference.target, *reference.parent, row.before);
  if (has_null(values)) return false;
  if (row.event == Event::update &&
      values == values_of(reference.target, *reference.parent, row.after))
    return false;
  return exists(connection, *reference.child, reference.own, values) == true &&
         (undone || exists(connection, *reference.parent, reference.target, values) == false);
}

void name_own(const Reference& reference, const StorageRow& row, const model::TextStyle& style,
              model::Error& error) {
  error.table = reference.child->name;
  error.constraint = reference.key->name;
  error.message = "insert or update on table \"" + error.table +
                  "\" violates foreign key constraint \"" + error.constraint + "\"";
  if (const auto key = shown_key(reference.own, *reference.child, row, style))
    error.detail = *key + " is not present in table \"" + reference.parent->name + "\".";
}

void name_inbound(const Reference& reference, const StorageRow& row, const model::TextStyle& style,
                  model::Error& error) {
  error.table = reference.child->name;
  error.constraint = reference.key->name;
  error.message = "update or delete on table \"" + reference.parent->name +
                  "\" violates foreign key constraint \"" + error.constraint + "\" on table \"" +
                  error.table + "\"";
  if (const auto key = shown_key(reference.target, *reference.parent, row, style))
    error.detail = *key + " is still referenced from table \"" + error.table + "\".";
}

}  // namespace

void add_reference_detail(Connection::Impl& connection, const StatementRerun& rerun,
                          const plan::Table& table, const plan::Schema& schema,
                          const model::TextStyle& style, model::Error& error) {
  std::vector<Reference> own, inbound;
  for (const auto& [name, child] : schema.beside(table)) {
    for (const plan::ForeignKey& key : child.foreign_keys) {
      if (&child != &table && key.target_table != table.name) continue;
      const auto reference = resolve(schema, child, key);
      if (!reference) continue;
      if (&child == &table) own.push_back(*reference);
      if (reference->parent == &table) inbound.push_back(*reference);
    }
  }
  const bool undone = !rerun.outcome();
  const std::size_t first =
      undone && !rerun.rows().empty() ? rerun.rows().size() - 1 : 0;  // RESTRICT fails at its row
  for (std::size_t i = first; i < rerun.rows().size(); ++i) {
    const NotedRow& row = rerun.rows()[i];
    for (const Reference& reference : inbound)
      if (breaks_inbound(connection, reference, row, undone))
        return name_inbound(reference, row.before, style, error);
    for (const Reference& reference : own)
      if (!undone && breaks_own(connection, reference, row))
        return name_own(reference, row.after, style, error);
  }
}

std::optional<model::Error> broken_reference(Connection& connection, const plan::Schema& schema,
                                             const plan::Table& child, const ChosenKey& chosen,
                                             const model::TextStyle& style) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  const std::array<model::StorageValue, 2> name{child.sqlite_name, schema_of(child)};
  const auto broken = connection.query(
      "SELECT rowid, fkid FROM pragma_foreign_key_check(?1) WHERE schema = ?2", name);
  if (!broken) return broken.error();
  for (const StorageRow& found : *broken) {
    // SQLite counts from the last one written.
    const std::size_t id = static_cast<std::size_t>(integer_of(found[1]));
    if (id >= child.foreign_keys.size()) continue;
    const plan::ForeignKey& key = child.foreign_keys[child.foreign_keys.size() - 1 - id];
    if (!chosen(key)) continue;
    model::Error error{model::SqlState{"23503"},
                       "insert or update on table \"" + child.name +
                           "\" violates foreign key constraint \"" + key.name + "\""};
    error.table = child.name;
    error.constraint = key.name;
    const auto reference = resolve(schema, child, key);
    if (!reference || child.without_rowid) return error;
    std::string list;
    for (const plan::Column& column : child.columns)
      list += (list.empty() ? "" : ", ") + quote_name(column.sqlite_name);
    const auto rows =
        connection.query("SELECT " + list + " FROM " + schema_of(child) + "." +
                             quote_name(child.sqlite_name) + " WHERE rowid = ?1",
                         std::span{&found[0], 1});
    if (rows && !rows->empty()) name_own(*reference, rows->front(), style, error);
    return error;
  }
  return std::nullopt;
}

void add_deferred_detail(Connection& connection, const plan::Schema& schema,
                         const model::TextStyle& style, model::Error& error) {
  for (const auto& [name, table] : schema.tables) {
    if (table.foreign_keys.empty()) continue;
    auto found = broken_reference(connection, schema, table,
                                  [](const plan::ForeignKey&) { return true; }, style);
    if (!found) continue;
    if (found->state == error.state) error = *std::move(found);
    return;
  }
}

bool has_open_references(Connection& on) {
  int open = 0, highest = 0;
  return sqlite3_db_status(on.handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0) != SQLITE_OK || open != 0;
}

}  // namespace crossfade::sqlite
