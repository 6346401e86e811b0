#include "crossfade/engine/sqlite/schema_reader.hpp"

#include <sqlite3.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "connection_impl.hpp"
#include "crossfade/sql/relations.hpp"
#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

constexpr model::Oid kFirstUserOid = 16'384;

/// The same name gets the same OID in every process; FNV-1a, above PostgreSQL's own OIDs.
model::Oid oid_of(std::string_view name) {
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return kFirstUserOid + hash % 0x7fff0000U;
}

void number_tables(plan::Schema& schema) {
  std::set<model::Oid> taken;
  for (auto& [name, table] : schema.tables) {
    if (table.oid == 0) table.oid = oid_of(name);
    while (!taken.insert(table.oid).second) ++table.oid;
  }
}

enum class Place : std::uint8_t { main, temporary };

model::Result<plan::Table> read_table(Connection& connection, const StorageRow& row, Place place) {
  plan::Table table;
  table.temporary = place == Place::temporary;
  table.sqlite_name = table.name = text_of(row[0]);
  table.view = text_of(row[1]) == "view";
  table.virtual_table = text_of(row[1]) == "virtual";
  table.without_rowid = integer_of(row[2]) != 0;
  table.strict = integer_of(row[3]) != 0;
  table.sql = text_of(row[4]);
  auto columns = read_columns(connection, table);
  if (!columns && !table.view) return std::unexpected(columns.error());
  if (columns) table.columns = *std::move(columns);  // a view whose table is gone has none: reading it says why, and it can be dropped
  if (table.view || table.virtual_table) return table;
  const TextTable text = read_create_text(table.sql);
  for (const TextConstraint& constraint : text.constraints)
    if (constraint.kind == TextConstraint::Kind::check) table.checks.push_back(constraint.expression);
  CROSSFADE_TRY(table.indexes, read_indexes(connection, table));
  CROSSFADE_TRY(table.foreign_keys, read_foreign_keys(connection, table, text));
  for (const plan::Column& column : table.columns) {
    int autoincrement = 0;
    sqlite3_table_column_metadata(connection.handle(), schema_of(table), table.sqlite_name.c_str(), column.sqlite_name.c_str(),
                                  nullptr, nullptr, nullptr, nullptr, &autoincrement);
    if (autoincrement != 0) table.autoincrement = true;
  }
  return table;
}

/// A view's column that is a table's column, unchanged, has that column's type and form.
void type_view(Connection& connection, plan::Schema& schema, plan::Table& view) {
  std::string quoted;
  for (const char c : view.sqlite_name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  const auto statement = connection.internals().prepare("SELECT * FROM " + std::string{schema_of(view)} + ".\"" + quoted + "\"", Author::proxy);
  if (!statement || statement->column_count() != static_cast<int>(view.columns.size())) return;  // a broken view stays as declared
  for (int i = 0; i < statement->column_count(); ++i) {
    sqlite3_stmt* handle = statement->internals().handle.get();
    const char* table_name = sqlite3_column_table_name(handle, i);
    const char* column_name = sqlite3_column_origin_name(handle, i);
    if (table_name == nullptr || column_name == nullptr) continue;
    const plan::Table* table = schema.find(plan::fold(table_name));
    const plan::Column* column = table == nullptr ? nullptr : table->find_column(plan::fold(column_name));
    if (column == nullptr) continue;
    view.columns[static_cast<std::size_t>(i)].type = column->type;
    view.columns[static_cast<std::size_t>(i)].form = column->form;
    view.columns[static_cast<std::size_t>(i)].collation = column->collation;
  }
}

bool holds(Connection& connection, const char* table) {
  return sqlite3_table_column_metadata(connection.handle(), "main", table, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// crossfade_sequences, and the columns whose default is one of them. Source: sql/bind/sequences.cpp.
model::Result<void> read_sequences(Connection& connection, plan::Schema& schema) {
  if (holds(connection, "crossfade_sequences")) {
    CROSSFADE_TRY(const auto rows, connection.query("SELECT name, type, start, increment, minimum, maximum, cache, cycle, owner_table, owner_column "
                                                    "FROM main.crossfade_sequences"));
    for (const StorageRow& row : rows) {
      const model::TypeInfo* type = model::find_type(text_of(row[1]));
      plan::Sequence sequence{text_of(row[0]), type == nullptr ? model::oid::int8 : type->oid, integer_of(row[2]), integer_of(row[3]), integer_of(row[4]),
                              integer_of(row[5]), integer_of(row[6]), integer_of(row[7]) != 0, text_of(row[8]), text_of(row[9])};
      std::string name = sequence.name;
      schema.sequences.emplace(std::move(name), std::move(sequence));
    }
  }
  if (!holds(connection, "crossfade_defaults")) return {};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT table_name, column_name, sequence, identity FROM main.crossfade_defaults"));
  for (const StorageRow& row : rows) {
    const auto table = schema.tables.find(text_of(row[0]));
    if (table == schema.tables.end()) continue;
    for (plan::Column& column : table->second.columns) {
      if (column.name != text_of(row[1])) continue;
      column.sequence = text_of(row[2]);
      column.identity = integer_of(row[3]) != 0;
      column.identity_always = integer_of(row[3]) == 1;
    }
  }
  return {};
}

/// Views by what they name, from the tables up. A view of itself (which SQLite refuses to read) counts once.
class ViewCounter {
 public:
  ViewCounter(plan::Schema::Tables& own, const plan::Schema::Tables& beside) {
    for (const auto& [name, table] : beside) known_.emplace(plan::fold(table.sqlite_name), table.expands);
    for (auto& [name, table] : own) {
      known_.insert_or_assign(plan::fold(table.sqlite_name), 1);
      if (table.view) open_.emplace(plan::fold(table.sqlite_name), &table);
    }
    while (!open_.empty()) count(std::string(open_.begin()->first));
  }

 private:
  std::uint64_t count(const std::string& name) {
    if (const auto found = open_.find(name); found != open_.end()) {
      plan::Table& view = *found->second;
      open_.erase(found);
      view.expands = sql::count_relations(view.sql, [this, &name](std::string_view other) { return other == name ? 0 : count(std::string(other)); });
      known_[name] = view.expands;
    }
    const auto known = known_.find(name);
    return known == known_.end() ? 0 : known->second;
  }

  std::map<std::string, std::uint64_t> known_;  // by SQLite's name, folded
  std::map<std::string, plan::Table*> open_;    // views that are not counted yet
};

model::Result<std::vector<StorageRow>> list_tables(Connection& connection, Place place) {
  const std::string schema = place == Place::main ? "main" : "temp";
  return connection.query("SELECT l.name, l.type, l.wr, l.strict, s.sql FROM pragma_table_list l LEFT JOIN " + schema +
                          ".sqlite_schema s ON s.name = l.name AND s.type IN ('table', 'view') WHERE l.schema = '" + schema +
                          "' AND l.type IN ('table', 'view', 'virtual') "
                          "AND lower(l.name) NOT GLOB 'sqlite_*' AND lower(l.name) NOT GLOB 'crossfade_*'");
}

/// crossfade_types of one schema: what was declared for its columns.
model::Result<std::vector<plan::Declared>> declared_in(Connection& connection, Place place) {
  const std::string schema = place == Place::main ? "main" : "temp";
  std::vector<plan::Declared> declared;
  if (sqlite3_table_column_metadata(connection.handle(), schema.c_str(), "crossfade_types", nullptr, nullptr, nullptr, nullptr,
                                    nullptr, nullptr) != SQLITE_OK)
    return declared;
  CROSSFADE_TRY(const auto rows, connection.query("SELECT table_name, column_name, type, form, serial FROM " + schema +
                                                  ".crossfade_types ORDER BY table_name, column_name"));
  for (const StorageRow& row : rows) {
    const auto type = model::parse_type(text_of(row[2]));
    const auto form = plan::parse_stored_form(text_of(row[3]));
    if (!type || !form)
      return model::fail("XX001"_state, "crossfade_types holds type \"" + text_of(row[2]) + "\" and form \"" + text_of(row[3]) +
                                            "\" for " + text_of(row[0]) + "." + text_of(row[1]) + ", which are not known");
    declared.push_back({.table = text_of(row[0]), .column = text_of(row[1]), .type = *type, .form = *form,
                        .serial = integer_of(row[4]) != 0, .identity = integer_of(row[4]) == 2});
  }
  return declared;
}

}  // namespace

model::Result<plan::Schema> read_schema(Connection& connection, const plan::Plan* plan) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  std::optional<Transaction> snapshot;
  if (!connection.in_transaction()) {
    CROSSFADE_TRY(auto begun, Transaction::begin(connection, Transaction::Mode::deferred));
    snapshot.emplace(std::move(begun));
  }
  plan::Schema schema;
  CROSSFADE_TRY(const auto version, connection.value("SELECT schema_version FROM pragma_schema_version"));
  schema.version = integer_of(version);
  if (plan != nullptr) schema.plan_hash = plan::hash(*plan);
  CROSSFADE_TRY(const auto rows, list_tables(connection, Place::main));
  for (const StorageRow& row : rows) {
    CROSSFADE_TRY(plan::Table table, read_table(connection, row, Place::main));
    std::string name = table.sqlite_name;
    schema.tables.emplace(std::move(name), std::move(table));
  }
  CROSSFADE_TRY(const auto declared, read_declared_types(connection));
  CROSSFADE_CHECK(plan::apply(schema, plan, declared));
  ViewCounter(schema.tables, {});
  for (auto& [name, table] : schema.tables)
    if (table.view && table.expands <= sql::kMostRelations) type_view(connection, schema, table);
  CROSSFADE_CHECK(read_sequences(connection, schema));
  number_tables(schema);
  return schema;
}

model::Result<std::vector<plan::Declared>> read_declared_types(Connection& connection) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  return declared_in(connection, Place::main);
}

model::Result<plan::Schema> with_temporary(Connection& connection, const plan::Schema& common) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  plan::Schema own;
  CROSSFADE_TRY(const auto rows, list_tables(connection, Place::temporary));
  for (const StorageRow& row : rows) {
    CROSSFADE_TRY(plan::Table table, read_table(connection, row, Place::temporary));
    std::string name = table.sqlite_name;
    own.tables.emplace(std::move(name), std::move(table));
  }
  CROSSFADE_TRY(const auto declared, declared_in(connection, Place::temporary));
  CROSSFADE_CHECK(plan::apply(own, nullptr, declared));
  ViewCounter(own.tables, common.tables);
  plan::Schema schema = common;
  schema.temporary = std::move(own.tables);
  for (auto& [name, table] : schema.temporary) table.oid = oid_of("pg_temp." + name);
  return schema;
}

}  // namespace crossfade::sqlite
