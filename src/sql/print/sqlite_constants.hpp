#pragma once

#include <optional>
#include <string>

#include "crossfade/model/value.hpp"

namespace crossfade::sql {

/// A stored value as SQLite's literal that reads back as exactly it; nothing for NaN, which SQLite cannot hold.
std::optional<std::string> sqlite_constant(const model::StorageValue& value);

}  // namespace crossfade::sql
