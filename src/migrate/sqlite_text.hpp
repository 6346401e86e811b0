#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// The name by which the rowid can be had although a column may be called so: rowid, _rowid_ or oid. 0A000 when all three are taken.
model::Result<std::string> rowid_name(const plan::Table& table);
/// "a", "b" of SQLite's names.
std::string sqlite_columns(const plan::Table& table);

}  // namespace crossfade::migrate
