#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// The columns that say which migrations a schema has had, when the table is a migration tool's own: by its name in any case and by its
/// columns. Empty: it is a table like any other.
std::vector<const plan::Column*> version_columns(const plan::Table& table);

/// What the two sides' versions have apart: "the file has …; PostgreSQL has …". nullopt: they are the same.
model::Result<std::optional<std::string>> version_difference(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table);

}  // namespace crossfade::migrate
