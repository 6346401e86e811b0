#pragma once

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite {

/// Reads tables, columns, indexes, foreign keys and views through SQLite's pragmas, lays crossfade_types and the plan over them.
/// Leaves out sqlite_* and crossfade_*. Errors: those of plan::apply, and SQLite's.
model::Result<plan::Schema> read_schema(Connection& connection, const plan::Plan* plan);

/// What clients see a PRIMARY KEY or UNIQUE of the table over these columns (PostgreSQL's names) called.
std::string key_constraint_name(const plan::Table& table, const std::vector<std::string>& columns, bool primary);

/// The same with the connection's own temporary tables and views, which no plan speaks of.
model::Result<plan::Schema> with_temporary(Connection& connection, const plan::Schema& common);

/// The table crossfade_types: made by the first CREATE TABLE through the proxy.
model::Result<std::vector<plan::Declared>> read_declared_types(Connection& connection);

}  // namespace crossfade::sqlite
