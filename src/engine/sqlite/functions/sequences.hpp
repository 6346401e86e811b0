#pragma once

#include <cstdint>
#include <string>

#include "../connection_impl.hpp"

namespace crossfade::sqlite::functions {

/// The last number that a table's own key has been given, 0 when none was: SQLite's counter, or for a table that has none the largest in
/// `column`. Names as the file spells them.
model::Result<std::int64_t> last_key(Connection::Impl& connection, const std::string& table, const std::string& column);

}  // namespace crossfade::sqlite::functions
