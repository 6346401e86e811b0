#pragma once

#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// What stands in the way of a copy into tables that the application has made, each with its SQLSTATE, the names and what to do. Told
/// together: the state is the first one's, the detail has a line for each.
std::unexpected<model::Error> refuse_together(std::string message, const std::vector<model::Error>& faults);

/// Rows in the tables (55000), but for a migration tool's own table with the same versions; other versions there (55000).
model::Result<std::vector<model::Error>> standing_rows(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table);

/// A connection that writes rows: neither triggers nor foreign keys of the application act on it.
/// Errors: 42501 with the GRANT that is missing.
model::Result<void> switch_effects_off(postgres::Connection& target, const postgres::Conninfo& at);

/// In place of prepare_target(): only our own bookkeeping is made. Errors: 55000 as refuse_together() has it, or when another plan rules there.
model::Result<void> prepare_existing(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan);
/// In place of finish_target(): what was not enforced is checked (deferrable unique constraints, foreign keys), sequences are primed, ANALYZE.
/// Errors: 23505 or 23503 naming each constraint with a sample.
model::Result<void> finish_existing(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema);
/// The rows of an unfinished copy go, the tables stay; in the caller's transaction.
model::Result<void> empty_existing(postgres::Connection& target, const std::vector<std::string>& tables);

/// Constraints of these tables that rows do not keep although they are there: copied under replica role, nobody has looked.
model::Result<std::vector<model::Error>> broken_constraints(postgres::Connection& target, const plan::Schema& schema);
/// Indexes and constraints of these tables that are not valid.
model::Result<std::vector<std::string>> invalid_objects(postgres::Connection& target, const plan::Schema& schema);
/// Indexes, foreign keys and NOT NULLs of the file that have no equal in PostgreSQL, by their structure: names say nothing here.
model::Result<std::vector<std::string>> unmatched_objects(postgres::Connection& target, const plan::Schema& schema);

}  // namespace crossfade::migrate
