#pragma once

#include <span>

#include "catalog/catalog.hpp"
#include "connection_impl.hpp"
#include "functions/call.hpp"

namespace crossfade::sqlite::catalog {

/// One function of pg_catalog that reads the catalog.
struct Function {
  const char* name;
  int arguments;
  functions::Answer (*body)(Catalog& catalog, const functions::Call& call);
  functions::Nulls nulls = functions::Nulls::propagate;
};
std::span<const Function> definition_functions();  // pg_get_…def and their kin
std::span<const Function> name_functions();        // regclass and its kin, visibility, privileges

/// Whether a function of that name is one of them.
bool reads_catalog(std::string_view name);

model::Result<void> register_functions(Connection::Impl& connection);

void give(sqlite3_context* context, const model::StorageValue& value);

}  // namespace crossfade::sqlite::catalog
