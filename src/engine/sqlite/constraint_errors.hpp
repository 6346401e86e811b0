#pragma once

#include "connection_impl.hpp"

namespace crossfade::sqlite {

/// SQLite's "UNIQUE constraint failed: t.a" in PostgreSQL's words, with schema, table, column and constraint fields. Constraints
/// that have no name in the file get the one PostgreSQL would give (t_pkey, t_a_key, t_a_check, t_a_fkey). The values of the
/// violating key are not known here, so there is no detail "Key (a)=(1) already exists.".
model::Error constraint_error(Connection::Impl& connection, const ChangeTarget& target, int code, model::Error plain);

}  // namespace crossfade::sqlite
