#pragma once

#include "back_record.hpp"
#include "step.hpp"

namespace crossfade::migrate {

/// A step of the way back that meets changes of the schema: they are said in the file, in the transaction that takes over all rows of the snapshot, by
/// the schema as it is then, with plan, guard and baseline. Tables that are new, or whose rows the change may have made otherwise there than here,
/// are carried whole. `reader` stands in its snapshot, with every table locked that PostgreSQL has in it; the other two are as step_backward() has them.
/// Killed between the file's COMMIT and PostgreSQL's, the second half is made good by finish_carrying().
/// Failures: `stop` naming a statement that the file refuses; those of step_backward().
StepResult carry_changes(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target, std::span<const BackRecord> records);

/// PostgreSQL forgets what the file has carried over, where it has not yet: entries of the journal may be by names and keys that nothing has any more.
std::expected<void, StepFailure> finish_carrying(postgres::Connection& service, sqlite::Connection& target);

}  // namespace crossfade::migrate
