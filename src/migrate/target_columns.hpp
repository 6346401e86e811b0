#pragma once

#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// Where PostgreSQL's table is not as the plan has it: "users.age is integer, the plan says bigint", "users.x is not there".
/// Of an existing schema: columns that only PostgreSQL has are the application's, and a domain counts as the type it stands on.
model::Result<std::vector<std::string>> column_faults(postgres::Connection& target, const plan::Table& table,
                                                      plan::TargetSchema schema = plan::TargetSchema::drafted);

}  // namespace crossfade::migrate
