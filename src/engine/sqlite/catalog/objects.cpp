#include "catalog/objects.hpp"

#include <algorithm>

#include "create_text.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite::catalog {

namespace {

std::vector<std::string> sqlite_names(const plan::Table& table, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int column : columns) names.push_back(column > 0 ? table.columns[static_cast<std::size_t>(column - 1)].sqlite_name : std::string{});
  return names;
}

std::vector<std::string> client_names(const plan::Table& table, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int column : columns) names.push_back(column > 0 ? table.columns[static_cast<std::size_t>(column - 1)].name : std::string{});
  return names;
}

/// The written name of a key, else PostgreSQL's.
std::string key_name(const plan::Table& table, bool primary, const std::vector<int>& columns) {
  const auto written = find_key_constraint(table.sql, primary, sqlite_names(table, columns));
  if (written) return table.created ? *written : plan::fold(*written);
  return default_key_name(table.name, primary, client_names(table, columns));
}

}  // namespace

int attribute_of(const plan::Table& table, std::string_view column) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == column || table.columns[i].sqlite_name == column) return static_cast<int>(i) + 1;
  }
  const plan::Column* alias = column == "rowid" ? table.rowid_alias() : nullptr;
  return alias ? static_cast<int>(alias - table.columns.data()) + 1 : 0;
}

Objects::Objects(const plan::Schema& schema) {
  for (const auto* group : {&schema.tables, &schema.temporary}) {
    for (const auto& [name, table] : *group) taken_.insert(table.oid);
  }
  made_of = &schema;
  for (const auto& [name, oid] : schema.namespaces) taken_.insert(oid);
  for (const auto& [name, type] : schema.named_types) taken_.insert(type.oid);
  if (!schema.temporary.empty()) temporary_namespace = number("schema pg_temp");
  for (const auto* group : {&schema.tables, &schema.temporary}) {
    for (const auto& [name, table] : *group) add_table(schema, table);
  }
  add_references(schema);
  add_sequences(schema);
  for (const auto& [name, type] : schema.named_types) {
    types.push_back(&type);
    const auto array = model::array_of({type.oid});
    arrays_of[&type] = type.kind == plan::NamedType::Kind::enumeration && array ? array->oid : number("array " + name);
    for (const plan::NamedType::Label& label : type.labels) labels.push_back({number("label " + name + " " + label.text), type.oid, label.place, label.text});
    for (const plan::NamedType::Check& check : type.checks) domain_checks.push_back({number("constraint of domain " + name + " " + check.name), &type, &check});
  }
}

/// The next free number where two names meet.
Oid Objects::number(std::string_view key) {
  Oid oid = plan::oid_of(key);
  while (!taken_.insert(oid).second) ++oid;
  return oid;
}

void Objects::add_table(const plan::Schema&, const plan::Table& table) {
  const std::string prefix = table.temporary ? "pg_temp." : "";
  tables.push_back(&table);
  row_types[&table] = number("type " + prefix + table.name);
  array_types[&table] = number("array " + prefix + table.name);
  if (table.view) rules[&table] = number("rule " + prefix + table.name);
  if (table.view || table.virtual_table) return;
  add_keys(table);
  add_columns(table);
}

void Objects::add_keys(const plan::Table& table) {
  const auto add = [&](IndexObject index, bool constrains) {
    index.table = &table;
    index.oid = number("index " + table.name + " " + index.name);
    if (constrains) {
      index.constraint = number("constraint " + table.name + " " + index.name);
      constraints.push_back({.oid = index.constraint, .index = index.oid, .kind = index.primary ? 'p' : 'u', .name = index.name, .table = &table,
                             .columns = index.columns});
    }
    indexes.push_back(std::move(index));
  };
  IndexObject primary{.unique = true, .primary = true};
  for (const plan::Column* column : table.key()) {
    primary.columns.push_back(static_cast<int>(column - table.columns.data()) + 1);
    primary.parts.push_back({.column = column->name, .expression = {}});
  }
  const auto own = std::ranges::find(table.indexes, plan::Index::Origin::primary_key, &plan::Index::origin);
  if (own != table.indexes.end()) primary.file_name = own->name;
  primary.name = primary.columns.empty() ? std::string{} : key_name(table, true, primary.columns);
  if (!primary.columns.empty()) add(std::move(primary), true);
  for (const plan::Index& index : table.indexes) {
    if (index.origin == plan::Index::Origin::primary_key) continue;
    IndexObject made{.name = index.name, .file_name = index.name, .parts = index.parts, .predicate = index.predicate, .unique = index.unique};
    for (const plan::IndexPart& part : index.parts) made.columns.push_back(part.column.empty() ? 0 : attribute_of(table, part.column));
    const bool constrains = index.origin == plan::Index::Origin::unique_constraint;
    made.name = constrains ? key_name(table, false, made.columns) : index.name;
    add(std::move(made), constrains);
  }
  for (const TextConstraint& check : read_create_text(table.sql).constraints) {
    if (check.kind != TextConstraint::Kind::check || (table.created && check.name.starts_with("domain "))) continue;  // a domain's own
    std::string name = check.name.empty() ? check_name(table.sql, table.name, check.expression) : check.name;
    if (!table.created) name = plan::fold(name);
    ConstraintObject made{.oid = number("constraint " + table.name + " " + name), .kind = 'c', .name = name, .table = &table,
                          .expression = check.expression};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (check.expression.contains(table.columns[i].sqlite_name)) made.columns.push_back(static_cast<int>(i) + 1);
    }
    constraints.push_back(std::move(made));
  }
}

void Objects::add_columns(const plan::Table& table) {
  if (table.created && table.sql.contains("COLLATE BINARY")) {
    for (const std::string& name : read_create_text(table.sql).bytewise) {
      const auto column = std::ranges::find(table.columns, name, &plan::Column::sqlite_name);
      if (column != table.columns.end()) bytewise.insert(&*column);
    }
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const plan::Column& column = table.columns[i];
    const int place = static_cast<int>(i) + 1;
    const std::string key = table.name + "." + column.name;
    if (column.serial) {
      SequenceObject sequence{.name = plan::counter_name(table, column), .table = &table, .column = place, .type = column.type,
                              .identity = column.identity};
      sequence.oid = number("sequence " + sequence.name);
      if (!column.identity) defaults.push_back({number("default " + key), &table, place, "nextval('" + quoted_name(sequence.name) + "'::regclass)"});
      sequences.push_back(std::move(sequence));
    } else if (!column.sequence.empty()) {
      if (!column.identity) defaults.push_back({number("default " + key), &table, place, "nextval('" + quoted_name(column.sequence) + "'::regclass)"});
    } else if (column.default_sql || column.generated) {
      const std::string text = column.generated ? shown_text(generated_expression(table.sql, column.sqlite_name), table, false) : default_text(column);
      if (!text.empty()) defaults.push_back({number("default " + key), &table, place, text});
    }
  }
}

void Objects::add_sequences(const plan::Schema& schema) {
  for (const auto& [name, made] : schema.sequences) {
    SequenceObject sequence{.oid = number("sequence " + name), .name = name, .type = {made.type}, .made = &made};
    const auto owner = schema.tables.find(made.owner_table);
    if (owner != schema.tables.end()) {
      sequence.table = &owner->second;
      sequence.column = attribute_of(owner->second, made.owner_column);
      const plan::Column* column = owner->second.find_column(made.owner_column);
      sequence.identity = column && column->identity && column->sequence == name;
    }
    sequences.push_back(std::move(sequence));
  }
}

void Objects::add_references(const plan::Schema& schema) {
  for (const plan::Table* table : tables) {
    for (const plan::ForeignKey& key : table->foreign_keys) {
      const auto& beside = schema.beside(*table);
      const auto found = std::ranges::find_if(beside, [&](const auto& entry) {
        return entry.second.name == key.target_table || plan::fold(entry.second.sqlite_name) == plan::fold(key.target_table);
      });
      if (found == beside.end()) continue;
      ConstraintObject made{.kind = 'f', .name = key.name, .table = table, .target = &found->second, .key = &key};
      made.oid = number("constraint " + table->name + " " + made.name);
      for (const std::string& column : key.columns) made.columns.push_back(attribute_of(*table, column));
      for (const std::string& column : key.target_columns) made.target_columns.push_back(attribute_of(*made.target, column));
      if (made.target_columns.empty()) {
        for (const plan::Column* column : made.target->key()) made.target_columns.push_back(static_cast<int>(column - made.target->columns.data()) + 1);
      }
      const auto index = std::ranges::find_if(indexes, [&](const IndexObject& each) {
        return each.table == made.target && each.unique && each.columns == made.target_columns;
      });
      if (index != indexes.end()) made.index = index->oid;
      constraints.push_back(std::move(made));
    }
  }
}

const plan::Table* Objects::find_table(Oid oid) const {
  const auto found = std::ranges::find(tables, oid, &plan::Table::oid);
  return found == tables.end() ? nullptr : *found;
}
const IndexObject* Objects::find_index(Oid oid) const {
  const auto found = std::ranges::find(indexes, oid, &IndexObject::oid);
  return found == indexes.end() ? nullptr : &*found;
}
const SequenceObject* Objects::find_sequence(Oid oid) const {
  const auto found = std::ranges::find(sequences, oid, &SequenceObject::oid);
  return found == sequences.end() ? nullptr : &*found;
}

}  // namespace crossfade::sqlite::catalog
