#pragma once

#include <span>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::migrate {

/// Runs a translated statement that only reads on one connection, in whatever snapshot that stands. Values are the client's $1 … $n.
/// Errors: 22P02 for a stored value that does not fit its column; SQLite's own.
model::Result<model::ResultSet> run_translated(sqlite::Connection& connection, const sql::Translated& statement,
                                               std::span<const model::Value> values);

}  // namespace crossfade::migrate
