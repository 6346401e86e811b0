#pragma once

#include <set>

#include "mirror_table.hpp"
#include "schema_differences.hpp"
#include "schema_record.hpp"
#include "step.hpp"

namespace crossfade::migrate {

/// Makes in PostgreSQL the change of the schema that the file has made, in the caller's transaction of `target` (replica role), which holds
/// all of the file before it: the statements in their order, our triggers, the rows that changed with it, the plan and the change's number.
/// `reader` sees the file with the change, committed or not. A statement that rows of the same transaction are needed for (SET NOT NULL behind
/// an UPDATE) is said again behind them.
/// Failures: PostgreSQL's own error for a statement that it refuses, 0A000 for what came out otherwise there than in the file.
std::expected<void, StepFailure> replay_change(sqlite::Connection& reader, postgres::Connection& target, const SchemaRecord& record);
/// The same in a transaction of its own, where PostgreSQL does not have the change yet.
std::expected<void, StepFailure> redo_change(sqlite::Connection& reader, postgres::Connection& target, const SchemaRecord& record);

/// A table of the file that cannot be mirrored as it stands (no key, an enum): 0A000 with a hint.
model::Result<void> check_mirrored(const plan::Schema& schema);
/// A change of the schema would leave them. Errors: 0A000 naming the first.
model::Result<void> check_parts(const std::set<LackingPart>& parts);

}  // namespace crossfade::migrate
