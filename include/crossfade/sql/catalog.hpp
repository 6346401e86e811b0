#pragma once

#include <span>
#include <string_view>

#include "crossfade/plan/schema.hpp"

namespace crossfade::sql {

/// One relation of pg_catalog or information_schema, with PostgreSQL 15's columns and OID. `table` says the columns in their run-time
/// forms; its sqlite_name is the virtual table that has the rows. A relation with a `query` has none: it is a view over the others,
/// bound where it is named; its output is cast to the columns' types.
struct CatalogRelation {
  enum class Kind : char { table = 'r', view = 'v', function = 'f' };  // function: in FROM, its arguments do not matter here
  std::string_view schema, name;
  Kind kind;
  std::string_view query;
  plan::Table table;
};

/// By schema, kind and name; made once. Thread-safe.
std::span<const CatalogRelation> catalog_relations();
/// nullptr when there is none. `schema` empty: pg_catalog.
const CatalogRelation* find_catalog_relation(std::string_view schema, std::string_view name);
/// A relation that PostgreSQL 15 has and that is not among these: refused with 0A000, not 42P01.
bool is_unserved_catalog(std::string_view schema, std::string_view name);
const CatalogRelation* find_catalog_function(std::string_view name);

}  // namespace crossfade::sql
