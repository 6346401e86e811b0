#include "crossfade/sql/catalog.hpp"

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

/// pg_catalog is searched first, but for temporary tables and WITH items; information_schema has to be named.
const CatalogRelation* Binder::find_catalog(const RelationName& name) const {
  if (!name.catalog.empty() && name.catalog != context_.database) return nullptr;
  if (name.schema.empty()) {
    if (std::ranges::any_of(common_, [&](const CommonRelation& each) { return each.name == name.name; })) return nullptr;
    if (context_.schema->temporary.contains(name.name)) return nullptr;
  } else if (name.schema != "pg_catalog" && name.schema != "information_schema") {
    return nullptr;
  }
  return find_catalog_relation(name.schema, name.name);
}

/// A relation of the catalog, or one of its functions that return rows. Their rows are other numbers in PostgreSQL, so nothing that
/// reads them is compared.
Result<std::vector<Visible>> Binder::bind_catalog(FromItem& item, const CatalogRelation& catalog, Scope& scope) {
  volatile_ = true;
  Alias given;
  bool ordinality = false;
  if (auto* function = std::get_if<FunctionReference>(&item.node)) {
    const bool numbered = function->ordinality && catalog.name == "pg_get_keywords";
    ordinality = function->ordinality;
    if (numbered || !function->columns.empty()) return unsupported("function " + std::string{catalog.name} + " in FROM", item.position);
    auto& call = std::get<FunctionCall>(function->call.node);
    for (Expression& argument : call.arguments) CROSSFADE_CHECK(bind(argument, scope, Clause::from));
    given = std::move(function->alias);
  } else {
    given = std::move(std::get<TableReference>(item.node).alias);
  }
  if (!catalog.query.empty()) return bind_catalog_view(item, catalog, given, scope);
  const std::string alias = given.name.empty() ? std::string{catalog.name} : given.name;
  const bool function = catalog.kind == CatalogRelation::Kind::function;
  const std::string printed = unique_printed(alias);
  TableReference table{.relation = {.name = std::string{catalog.name}, .position = item.position}, .alias = {printed, {}}};
  table.relation.printed = catalog.table.sqlite_name;
  Relation relation{alias, given.name.empty() ? std::string{catalog.schema} : std::string{}, printed, {}, nullptr};
  for (const plan::Column& column : catalog.table.columns) {
    ColumnReference reference{{}, alias, column.name, printed, column.sqlite_name, nullptr};
    relation.columns.push_back({column.name, {std::move(reference), kNowhere, column.type, column.form}});
  }
  if (ordinality) relation.columns.push_back({"ordinality", constant(std::int64_t{0}, {oid::int8})});  // the others have no rows
  if (!function) {  // NULL where an outer join has no row: a catalog's first column is NOT NULL
    const Expression number = constant(static_cast<std::int64_t>(catalog.table.oid), {oid::oid});
    Template own{"CASE WHEN $1 IS NOT NULL THEN $2 END", {relation.columns.front().expression, number}};
    relation.hidden.push_back({"tableoid", {std::move(own), kNowhere, number.type, number.form}});
  }
  item.node = std::move(table);
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, item.position));
  return added->columns;
}

/// The view's query in its place; names in it mean the catalog's, whatever the statement has.
Result<std::vector<Visible>> Binder::bind_catalog_view(FromItem& item, const CatalogRelation& catalog, const Alias& given, Scope& scope) {
  CROSSFADE_TRY(const std::vector<Parsed> parsed, parse(catalog.query, Dialect::postgres));
  Query query = std::get<Query>(parsed.front().tree->statement.node);
  CROSSFADE_TRY(QueryShape shape, bind_query(query, nullptr, Place::subquery));
  if (shape.output.size() != catalog.table.columns.size()) {
    return refuse("XX000"_state, "the catalog's view " + std::string{catalog.name} + " has other columns", item.position);
  }
  const std::string alias = given.name.empty() ? std::string{catalog.name} : given.name;
  const std::string printed = unique_printed(alias);
  Relation relation{alias, given.name.empty() ? std::string{catalog.schema} : std::string{}, printed, {}, nullptr};
  for (std::size_t i = 0; i < shape.output.size(); ++i) {
    const plan::Column& column = catalog.table.columns[i];
    CROSSFADE_CHECK(coerce_output(query, i, column.type, CastContext::explicit_));
    CROSSFADE_CHECK(form_output(query, i, column.form));
    ColumnReference reference{{}, alias, column.name, printed, shape.output[i].printed, nullptr};
    relation.columns.push_back({column.name, {std::move(reference), kNowhere, column.type, column.form}});
  }
  item.node = SubqueryReference{std::move(query), {printed, {}}, false};
  CROSSFADE_TRY(const RelationPointer added, add_relation(scope, std::move(relation), given, item.position));
  return added->columns;
}

}  // namespace crossfade::sql
