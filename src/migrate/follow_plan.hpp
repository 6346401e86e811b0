#pragma once

#include <span>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/plan.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::migrate {

/// The plan after a statement that changed the schema: columns and tables that it renamed are called so, those that it made or gave another
/// type are as it declared them, those that it dropped are gone. `left`: what the plan does not name yet it need not name, as its declaration
/// in the file tells it; so that the plan of an earlier copy stays where nothing that it names has changed. Pure.
enum class NewColumns : std::uint8_t { added, left };
plan::Plan follow_changes(plan::Plan plan, std::span<const sql::TypeChange> changes, NewColumns fresh);
/// Without what the file does not have (any more): tables that went by CASCADE, for one. Errors: SQLite's own.
model::Result<plan::Plan> without_gone(sqlite::Connection& file, plan::Plan plan);
/// With the tables of the schema that it does not name, and every table's key. Columns of an enum or a domain are left to their declaration, and
/// so are new tables with one in their key, as a plan's key names columns of its own: one that it names already has none there, then.
plan::Plan with_new(plan::Plan plan, const plan::Schema& schema);

}  // namespace crossfade::migrate
