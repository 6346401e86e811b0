#pragma once

#include <string>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/migrate/scan.hpp"

namespace crossfade::migrate {

/// The verb `crossfade plan --into-existing`: drafted from the file's data, then laid over the tables that the application has made in schema
/// public. Tables and columns are found by name (the plan's, else the file's own, else in any case); the types are PostgreSQL's, the stored
/// form is one that carries every value into them. `zone`: of times that are stored without one; empty: none is assumed.
/// Errors: all findings told together, each with its SQLSTATE: 42P01 and 42703 for what PostgreSQL lacks, 23502 for a column that only
/// PostgreSQL has and that takes no NULL, 0A000 for a type without a form here, 42804 where no form reads the values, 22023 for times without
/// a zone, 55000 for seeded rows and for another version in a migration tool's table; else the engines' own.
model::Result<Drafted> draft_into_existing(sqlite::Connection& connection, postgres::Connection& target, const plan::Plan* previous, const std::string& zone);

}  // namespace crossfade::migrate
