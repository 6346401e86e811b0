#pragma once

struct sqlite3;

namespace crossfade::sqlite {

/// crossfade_rows(blob): the rows that a set-returning function or crossfade_collect packed, columns c1 … c64 and crossfade_place (from 1).
int register_packed_table(sqlite3* database);

}  // namespace crossfade::sqlite
