#pragma once

#include <cstdint>
#include <string>

#include "../connection_impl.hpp"
#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::sqlite::functions {

/// The last number that a table's own key has been given, 0 when none was: SQLite's counter, or for a table that has none the largest in
/// `column`. Names as the file spells them.
model::Result<std::int64_t> last_key(Connection::Impl& connection, const std::string& table, const std::string& column);

/// Takes the numbers that sequences have given in a transaction that is gone as given. In a transaction of the caller's.
model::Result<void> keep_given(Connection::Impl& connection, const SequenceMemory& memory);

}  // namespace crossfade::sqlite::functions
