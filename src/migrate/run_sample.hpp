#pragma once

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/migrate/controller.hpp"

namespace crossfade::migrate {

/// A client's statement, verbatim, on PostgreSQL's side of a pair: inside a savepoint, since one that fails must not end the pair's
/// snapshot. At most ten seconds (57014). Errors: the server's own.
model::Result<model::ResultSet> run_sample(postgres::Connection& connection, const Sample& sample);

}  // namespace crossfade::migrate
