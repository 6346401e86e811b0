#include "crossfade/sql/catalog.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "catalog/relations.hpp"
#include "crossfade/model/type.hpp"

namespace crossfade::sql {

namespace {

using catalog::RelationRow;
using catalog::ViewQuery;
using Kind = CatalogRelation::Kind;

/// Functions that return rows and that these queries have in FROM; those of reloptions, ACLs and partitions never have any here.
constexpr RelationRow kFunctions[] = {
    {"aclexplode", 0, 'f', "grantor:oid grantee:oid privilege_type:text is_grantable:bool"},
    {"pg_get_keywords", 0, 'f', R"(word:text catcode:"char" barelabel:bool catdesc:text baredesc:text)"},
    {"pg_get_publication_tables", 0, 'f', "relid:oid attrs:int2vector qual:pg_node_tree"},
    {"pg_options_to_table", 0, 'f', "option_name:text option_value:text"},
    {"pg_partition_ancestors", 0, 'f', "relid:regclass"},
    {"pg_partition_tree", 0, 'f', "relid:regclass parentrelid:regclass isleaf:bool level:int4"},
};

/// Views that have rows of their own, or none on any SQLite file.
constexpr std::string_view kOwnRows[] = {
    "pg_settings",      "pg_policies", "pg_prepared_xacts", "pg_publication_tables", "pg_seclabels",
    "pg_user_mappings", "triggers",    "triggered_update_columns",
};
bool has_own_rows(std::string_view name) { return std::ranges::find(kOwnRows, name) != std::end(kOwnRows); }

plan::Column column_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool not_null = text.ends_with('!');
  if (not_null) text.remove_suffix(1);
  const auto type = model::parse_type(text.substr(colon + 1));
  if (!type) throw std::logic_error("the catalog has a column of an unknown type: " + std::string(text));
  plan::Column column;
  column.name = column.sqlite_name = text.substr(0, colon);
  column.type = *type;
  column.form = plan::runtime_form(*type);
  column.not_null = not_null;
  return column;
}

CatalogRelation made(std::string_view schema, const RelationRow& row, std::string_view query) {
  CatalogRelation relation{schema, row.name, static_cast<Kind>(row.kind), query, {}};
  relation.table.name = row.name;
  relation.table.sqlite_name = "crossfade_catalog_" + std::string(row.name);
  relation.table.oid = row.oid;
  relation.table.view = row.kind == 'v';
  std::string_view rest = row.columns;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    relation.table.columns.push_back(column_of(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return relation;
}

std::string_view query_of(std::span<const ViewQuery> queries, std::string_view name) {
  const auto found = std::ranges::find(queries, name, &ViewQuery::name);
  return found == queries.end() ? std::string_view{} : found->text;
}

std::vector<CatalogRelation> all_relations() {
  std::vector<CatalogRelation> all;
  for (const RelationRow& row : catalog::tables_rows()) all.push_back(made("pg_catalog", row, {}));
  for (const RelationRow& row : catalog::views_rows()) {
    const std::string_view query = query_of(catalog::view_queries(), row.name);
    if (!query.empty() || has_own_rows(row.name)) all.push_back(made("pg_catalog", row, query));
  }
  for (const RelationRow& row : kFunctions) all.push_back(made("pg_catalog", row, {}));
  for (const RelationRow& row : catalog::information_rows()) {
    const std::string_view query = query_of(catalog::information_queries(), row.name);
    if (!query.empty() || has_own_rows(row.name)) all.push_back(made("information_schema", row, query));
  }
  return all;
}

}  // namespace

std::span<const CatalogRelation> catalog_relations() {
  static const std::vector<CatalogRelation> kAll = all_relations();
  return kAll;
}

const CatalogRelation* find_catalog_relation(std::string_view schema, std::string_view name) {
  if (schema.empty()) schema = "pg_catalog";
  for (const CatalogRelation& each : catalog_relations()) {
    if (each.name == name && each.schema == schema && each.kind != Kind::function) return &each;
  }
  return nullptr;
}

bool is_unserved_catalog(std::string_view schema, std::string_view name) {
  const bool information = schema == "information_schema";
  if (!information && (name.starts_with("pg_stat_") || name.starts_with("pg_statio_"))) return true;
  const auto rows = information ? catalog::information_rows() : catalog::views_rows();
  return std::ranges::find(rows, name, &RelationRow::name) != rows.end();
}

const CatalogRelation* find_catalog_function(std::string_view name) {
  for (const CatalogRelation& each : catalog_relations()) {
    if (each.name == name && each.kind == Kind::function) return &each;
  }
  return nullptr;
}

}  // namespace crossfade::sql
