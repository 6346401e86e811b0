#pragma once

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

/// Checks the rows, fills the new table, puts it in the old one's place, and makes its indexes and triggers again. Inside of the
/// caller's transaction or savepoint, which undoes it all on an error. Foreign keys neither act nor are checked meanwhile.
/// Errors: those of the checks, and what a value's conversion says (22P02, 22003 …).
model::Result<void> rebuild_table(Connection& connection, const sql::TableRebuild& rebuild);

}  // namespace crossfade::sqlite
