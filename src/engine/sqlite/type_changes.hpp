#pragma once

#include <span>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

/// Writes what DDL did to crossfade_types, in the transaction of the DDL. The table is made by the first declaration.
model::Result<void> record_types(Connection& connection, std::span<const sql::TypeChange> changes);

}  // namespace crossfade::sqlite
