#pragma once

#include <span>
#include <string_view>

#include "crossfade/model/type.hpp"

namespace crossfade::sql::catalog {

/// A relation as PostgreSQL 15 declares it. `columns`: "name:type" with a "!" behind those that are NOT NULL; domains are their base
/// types, as RowDescription says them.
struct RelationRow {
  std::string_view name;
  model::Oid oid;
  char kind;  // 'r', 'v'
  std::string_view columns;
};
std::span<const RelationRow> tables_rows();       // pg_catalog's tables
std::span<const RelationRow> views_rows();        // pg_catalog's views; those without a query here are not available
std::span<const RelationRow> information_rows();  // information_schema's

/// What a view means, in PostgreSQL's SQL over the relations of pg_catalog: one column for each of the relation's, in order.
struct ViewQuery { std::string_view name, text; };
std::span<const ViewQuery> view_queries();
std::span<const ViewQuery> information_queries();

}  // namespace crossfade::sql::catalog
