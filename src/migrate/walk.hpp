#pragma once

#include "crossfade/engine/sqlite/database.hpp"
#include "mirror.hpp"

namespace crossfade::migrate {

/// Changes of stage. Whoever calls holds the work lock; for those that change the primary the fence is closed as well. Each is a walk over
/// durable moves (MIRROR 16); killed between two of them, settle() at the next start cancels it or finishes it.
/// A failed walk leaves the rows as they are: settle() is called next, and nothing is served until it has succeeded.

/// sqlite → copy: journal and triggers in the file; PostgreSQL is filled afterwards, by the applier. Errors: 0A000 naming what cannot be
/// mirrored, 55000 when PostgreSQL belongs to another file.
model::Result<StageState> walk_to_copy(sqlite::Database& database, Mirror& mirror, const StageState& from, const plan::Plan& plan);
/// Between copy and shadow, and copy → sqlite: the primary stays.
model::Result<StageState> walk_beside(sqlite::Database& database, Mirror& mirror, const StageState& from, Stage to);
/// shadow → postgres, and back.
model::Result<StageState> walk_to_postgres(sqlite::Database& database, Mirror& mirror, const StageState& from);
/// `known`: differences of the two sides' tables that the gates have let pass. Errors: 55000 naming those that came since.
model::Result<StageState> walk_back(sqlite::Database& database, Mirror& mirror, const StageState& from, const SchemaDifferences& known);

/// postgres → finished: tombstone in the file, then everything of ours out of PostgreSQL. The tombstone is the point of no return.
model::Result<StageState> walk_finish(sqlite::Database& database, Mirror& mirror, const StageState& from);

/// At start and after a failed walk: reads both rows, PostgreSQL's locked, and brings both to one stage and epoch (MIRROR 17).
/// Errors: 55000 naming both rows when one of the sides was rewound or belongs to another pair.
model::Result<StageState> settle(sqlite::Database& database, Mirror& mirror);

}  // namespace crossfade::migrate
