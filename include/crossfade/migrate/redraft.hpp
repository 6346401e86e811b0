#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// Adds to every column's note how it was drafted ("drafted: price numeric(10,2) as number, refuse"), so that the next draft knows what its
/// owner has changed. Columns that are kept have said it already.
void note_drafts(plan::Plan& plan);
/// "price numeric(10,2) as number, refuse".
std::string drafted_as(const plan::PlannedColumn& column);

/// A plan's text, read for the next draft: a column that is not as its own note says is the owner's, as if it had keep = true.
/// Errors: as plan::from_toml.
model::Result<plan::Plan> read_reviewed(std::string_view text, std::string_view file_name);

/// What the new plan has otherwise than the old: "t.c: text as text, refuse → uuid as uuid-text, refuse", "t: not in the file any more".
std::vector<std::string> plan_changes(const plan::Plan& before, const plan::Plan& after);
/// Columns that the new plan keeps as their owner had them.
std::vector<std::string> kept_columns(const plan::Plan& plan);

}  // namespace crossfade::migrate
