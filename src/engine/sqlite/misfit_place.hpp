#pragma once

#include <cstdint>
#include <optional>

#include "connection_impl.hpp"

namespace crossfade::sqlite {

/// The rowid of a row that holds what column `index` of the statement's current row shows; of several the first. None for a computed
/// column, a table without rowids, or when looking takes more than a second.
std::optional<std::int64_t> find_stored(const Statement& statement, int index);

}  // namespace crossfade::sqlite
