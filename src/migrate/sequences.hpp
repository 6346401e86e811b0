#pragma once

#include <string>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// An identity column's sequence, and how far it must be.
struct Sequence {
  std::string name;          // quoted; empty: the column has none
  std::int64_t given = 0;    // its last value
  std::int64_t largest = 0;  // of max(column) on both sides and sqlite_sequence: ids of deleted rows never come again (MIRROR 18)
};
model::Result<Sequence> read_sequence(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table,
                                      const plan::Column& column);

/// Columns that give ids themselves, and whose sequence in PostgreSQL is not there or ends before the next id.
model::Result<std::int64_t> unprimable_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema);

}  // namespace crossfade::migrate
