#pragma once

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// AUTOINCREMENT goes on after the largest id that PostgreSQL gave out, deleted rows' too (MIRROR 18). A plain INTEGER PRIMARY KEY has no
/// such memory in SQLite: its next id is max + 1, as it always was.
model::Result<void> prime_file_sequences(sqlite::Connection& file, postgres::Connection& source, const plan::Schema& schema);

}  // namespace crossfade::migrate
