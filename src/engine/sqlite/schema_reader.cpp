#include "crossfade/engine/sqlite/schema_reader.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "catalog/objects.hpp"
#include "connection_impl.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/relations.hpp"
#include "schema_parts.hpp"
#include "view_types.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;


/// The same name gets the same OID in every process; FNV-1a, above PostgreSQL's own OIDs.
void number_tables(plan::Schema& schema) {
  std::set<model::Oid> taken;
  for (auto& [name, table] : schema.tables) {
    if (table.oid == 0) table.oid = plan::oid_of(name);
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
  table.triggered = integer_of(row[5]) != 0;
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

bool holds(Connection& connection, const char* table) {
  return sqlite3_table_column_metadata(connection.handle(), "main", table, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// crossfade_objects: types of CREATE TYPE and CREATE DOMAIN, and schemas. Source: sql/bind/named_objects.cpp.
model::Result<void> read_objects(Connection& connection, plan::Schema& schema) {
  if (!holds(connection, "crossfade_objects")) return {};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT kind, name, oid, json_extract(definition, '$.base'), json_extract(definition, '$.not_null') "
                                                  "FROM main.crossfade_objects"));
  for (const StorageRow& row : rows) {
    const std::string kind = text_of(row[0]), name = text_of(row[1]);
    const auto oid = static_cast<model::Oid>(integer_of(row[2]));
    if (kind == "schema") {
      schema.namespaces.emplace(name, oid);
      continue;
    }
    plan::NamedType type{.name = name, .oid = oid, .labels = {}, .checks = {}};
    const std::array<model::StorageValue, 2> key{kind, name};
    if (kind == "enum") {
      CROSSFADE_TRY(const auto labels, connection.query("SELECT json_extract(j.value, '$[0]'), CAST(json_extract(j.value, '$[1]') AS REAL) FROM main.crossfade_objects, "
                                                        "json_each(definition) AS j WHERE kind = ?1 AND name = ?2 ORDER BY 2", key));
      for (const StorageRow& label : labels) type.labels.push_back({text_of(label[0]), std::get<double>(label[1])});
      model::name_enumeration(oid, plan::oid_of("array " + name), name, catalog::quoted_name(name));
    } else {
      type.kind = plan::NamedType::Kind::domain;
      const auto base = model::parse_type(text_of(row[3]));
      if (!base) return model::fail("XX001"_state, "crossfade_objects holds type \"" + text_of(row[3]) + "\" for domain " + name + ", which is not known");
      type.base = *base;
      type.not_null = integer_of(row[4]) != 0;
      CROSSFADE_TRY(const auto checks, connection.query("SELECT json_extract(j.value, '$[0]'), json_extract(j.value, '$[1]') FROM main.crossfade_objects, "
                                                        "json_each(definition, '$.checks') AS j WHERE kind = ?1 AND name = ?2 ORDER BY j.key", key));
      for (const StorageRow& check : checks) type.checks.push_back({text_of(check[0]), text_of(check[1])});
    }
    schema.named_types.emplace(name, std::move(type));
  }
  return {};
}

/// Which columns have such a type. A plan says the types of its columns itself: then an enum's is the text that the file holds.
model::Result<void> name_column_types(Connection& connection, Place place, plan::Schema::Tables& tables, const plan::Schema& schema,
                                      const plan::Plan* plan = nullptr) {
  const std::string where = place == Place::main ? "main" : "temp";
  if (sqlite3_table_column_metadata(connection.handle(), where.c_str(), "crossfade_column_types", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != SQLITE_OK) return {};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT table_name, column_name, type_name FROM " + where + ".crossfade_column_types"));
  for (const StorageRow& row : rows) {
    const auto table = tables.find(text_of(row[0]));
    const auto type = schema.named_types.find(text_of(row[2]));
    if (table == tables.end()) continue;
    if (type == schema.named_types.end()) {
      if (place == Place::main) continue;
      return model::fail("42704"_state, "type \"" + text_of(row[2]) + "\" of the temporary table \"" + table->first + "\" does not exist any more", {},
                         "Another session has dropped or renamed it: connect again, and make the table anew.");
    }
    for (plan::Column& column : table->second.columns) {
      if (column.name != text_of(row[1]) || is_planned(plan, table->second, column)) continue;
      if (type->second.kind == plan::NamedType::Kind::domain) column.domain = type->first;
      else column.type = model::element_of(column.type) ? *model::array_of({type->second.oid}) : model::Type{type->second.oid};
    }
  }
  return {};
}

/// crossfade_texts. Source: sql/bind/written_texts.cpp.
model::Result<void> read_texts(Connection& connection, plan::Schema& schema) {
  if (!holds(connection, "crossfade_texts")) return {};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT table_name, written, shown, pretty FROM main.crossfade_texts"));
  for (const StorageRow& row : rows) {
    const auto table = schema.tables.find(text_of(row[0]));
    if (table != schema.tables.end()) table->second.shown.emplace(text_of(row[1]), plan::Table::Shown{text_of(row[2]), text_of(row[3])});
  }
  return {};
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
      if (integer_of(row[3]) == 3) {
        column.counter = text_of(row[2]);
        continue;
      }
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
  return connection.query("SELECT l.name, l.type, l.wr, l.strict, s.sql, l.type = 'view' AND EXISTS (SELECT 1 FROM " + schema +
                          ".sqlite_schema t WHERE t.type = 'trigger' AND t.tbl_name = l.name COLLATE NOCASE) FROM pragma_table_list l LEFT JOIN " + schema +
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
  if (sqlite3_table_column_metadata(connection.handle(), schema.c_str(), "crossfade_column_types", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != SQLITE_OK)
    return declared;
  CROSSFADE_TRY(const auto named, connection.query("SELECT table_name, column_name, type_name FROM " + schema + ".crossfade_column_types"));
  for (const StorageRow& row : named) {
    for (plan::Declared& each : declared) {
      if (each.table == text_of(row[0]) && each.column == text_of(row[1])) each.named = text_of(row[2]);
    }
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
  CROSSFADE_CHECK(read_objects(connection, schema));
  CROSSFADE_CHECK(name_column_types(connection, Place::main, schema.tables, schema, plan));
  ViewCounter(schema.tables, {});
  type_views(connection, schema, plan);
  CROSSFADE_CHECK(read_sequences(connection, schema));
  CROSSFADE_CHECK(read_texts(connection, schema));
  number_tables(schema);
  return schema;
}

model::Result<std::vector<plan::Declared>> read_declared_types(Connection& connection) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  return declared_in(connection, Place::main);
}

std::string key_constraint_name(const plan::Table& table, const std::vector<std::string>& columns, bool primary) {
  std::vector<std::string> written;
  for (const std::string& name : columns) {
    const plan::Column* column = table.find_column(name);
    written.push_back(column == nullptr ? name : column->sqlite_name);
  }
  const auto named = find_key_constraint(table.sql, primary, written);
  if (named) return table.created ? *named : plan::fold(*named);
  return default_key_name(table.name, primary, columns);
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
  CROSSFADE_CHECK(name_column_types(connection, Place::temporary, own.tables, common));
  ViewCounter(own.tables, common.tables);
  plan::Schema schema = common;
  schema.temporary = std::move(own.tables);
  for (auto& [name, table] : schema.temporary) table.oid = plan::oid_of("pg_temp." + name);
  return schema;
}

}  // namespace crossfade::sqlite
