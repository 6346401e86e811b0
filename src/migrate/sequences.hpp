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

/// Sequences that no column owns (CREATE SEQUENCE): by PostgreSQL's name of those that both sides have, which of them is further.
struct OwnSequence { std::string name; model::StorageValue last, called; model::Value there_last, there_called; bool file_ahead = false, target_ahead = false; };
model::Result<std::vector<OwnSequence>> own_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema);

/// Columns that give ids themselves, and whose sequence in PostgreSQL is not there or ends before the next id.
model::Result<std::int64_t> unprimable_sequences(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema);

}  // namespace crossfade::migrate
