#include "golden_schema.hpp"

#include <algorithm>
#include <stdexcept>

#include "crossfade/sql/translate.hpp"
#include "rules/rules.hpp"
#include "tree.hpp"

using namespace crossfade;

namespace {

bool has(const std::vector<sql::Constraint>& list, sql::Constraint::Kind kind) {
  return std::ranges::find(list, kind, &sql::Constraint::kind) != list.end();
}

void add_unique(plan::Table& table, std::vector<std::string> columns) {
  plan::Index index{.name = table.name + "_key", .unique = true, .origin = plan::Index::Origin::unique_constraint};
  for (std::string& column : columns) index.parts.push_back({.column = std::move(column)});
  table.indexes.push_back(std::move(index));
}

plan::Table table_of(const sql::CreateTable& create, const sql::Translated& translated) {
  plan::Table table{.name = create.relation.name, .sqlite_name = create.relation.name};
  for (std::size_t i = 0; i < create.columns.size(); ++i) {
    const sql::ColumnDefinition& definition = create.columns[i];
    const plan::Declared& declared = translated.type_changes[i].declared;
    const bool key = has(definition.constraints, sql::Constraint::Kind::primary_key);
    plan::Column column{.name = definition.name, .sqlite_name = definition.name, .declared = declared.serial ? "INTEGER" : "ANY"};
    column.type = declared.type;
    column.form = declared.form;
    column.serial = declared.serial;
    column.primary_key = key ? 1 : 0;
    for (const sql::Constraint& constraint : definition.constraints)
      if (constraint.kind == sql::Constraint::Kind::default_) column.default_sql = sql::rules::persisted_default(*constraint.expression, column.form);
    column.not_null = key || has(definition.constraints, sql::Constraint::Kind::not_null);
    table.columns.push_back(std::move(column));
    if (has(definition.constraints, sql::Constraint::Kind::unique)) add_unique(table, {definition.name});
  }
  for (const sql::Constraint& constraint : create.constraints) {
    if (constraint.kind == sql::Constraint::Kind::unique) add_unique(table, constraint.columns);
  }
  return table;
}

}  // namespace

plan::Schema schema_of(std::string_view statements) {
  plan::Schema schema;
  const auto parsed = sql::parse(statements, sql::Dialect::postgres);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  for (const sql::Parsed& statement : *parsed) {
    if (statement.kind != sql::Kind::create_table) continue;
    const auto translated = sql::translate(statement, {.schema = &schema});
    if (!translated) throw std::runtime_error(translated.error().message);
    plan::Table table = table_of(std::get<sql::CreateTable>(statement.tree->statement.node), *translated);
    schema.tables.emplace(table.name, std::move(table));
  }
  return schema;
}
