#pragma once

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {

/// Runs a translated statement that changes the schema, without a session: in the caller's transaction, on a connection of role `mirror`.
/// Errors: as the session's statement has them.
model::Result<void> change_schema(Connection& connection, const sql::Translated& statement);

/// A database in memory with the schema of the file as `file`'s transaction sees it, and of all rows only those of our own tables that say what
/// the schema means (plan, types, sequences …). Virtual tables whose module is not here are left out. Role `mirror`.
model::Result<Connection> schema_alone(Connection& file);

}  // namespace crossfade::sqlite
