#pragma once

#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// Does the plan rule in the target already? Errors: 55000 naming both hashes when another one does.
model::Result<bool> rules_already(postgres::Connection& target, const plan::Plan& plan);
/// Schema `crossfade`, `statements`, the plan and a checkpoint for each table, in the caller's transaction; does nothing for what is there.
model::Result<void> create_copy_objects(postgres::Connection& target, const plan::Schema& schema, const plan::Plan& plan,
                                        const std::vector<std::string>& statements);

}  // namespace crossfade::migrate
