#pragma once

#include <span>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

/// Binds the client's values in the forms of the statement's slots. Errors: 08P01 too few values, 22003 a form that cannot hold one.
model::Result<void> bind_slots(Statement& ready, const sql::Translated& statement, std::span<const model::Value> values);

}  // namespace crossfade::sqlite
