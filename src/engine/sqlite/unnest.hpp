#pragma once

struct sqlite3;

namespace crossfade::sqlite {

/// Registers the table-valued function crossfade_unnest(array, type, nulls): the elements of an array in its run-time form, as
/// crossfade_value (the element type's run-time form) and crossfade_place (from 1). NULL has no rows, or where `nulls` is 1 a single
/// one that is NULL, so that x IN (…) is unknown.
/// Errors: SQLite's code; while it runs, 22P02 for a text that is no array of the type.
int register_unnest(sqlite3* database);

}  // namespace crossfade::sqlite
