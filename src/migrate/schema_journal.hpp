#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/plan/schema.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::migrate {

/// After a statement that changed the schema, in its savepoint: plan, journal and triggers in the file become those of the schema as it is
/// now. What changes a row from here on is noted as the new schema has it; a table that was made anew, or whose rows were rewritten, has
/// each of its keys noted. A table without a key has no triggers: it is refused at COMMIT. Errors: 0A000 naming what cannot be mirrored.
model::Result<void> follow_schema_change(sqlite::Connection& file, const sql::Translated& statement);
/// Does a statement that changed the schema give rows that are there values that the other side need not come to?
bool writes_rows(const sql::Translated& statement, const plan::Table& table);

}  // namespace crossfade::migrate
