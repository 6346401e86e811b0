#pragma once

#include <memory>

#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::migrate {

/// Stage `sqlite`, or a file alone: a plan that is stored in the file follows a change of its schema, in the change's transaction. One that was
/// given (plan.toml) and never stored stays as its owner has written it. Errors: 0A000 when it names what the statement takes away.
model::Result<void> follow_plan(sqlite::Connection& file, const sql::Translated& statement, const plan::Plan* given);

/// What is made ready for a COMMIT that nobody follows.
std::unique_ptr<sqlite::SchemaCommit> nothing_to_commit();
/// `given`: may be nullptr.
std::unique_ptr<sqlite::SchemaFollower> make_plan_follower(std::shared_ptr<const plan::Plan> given);

}  // namespace crossfade::migrate
