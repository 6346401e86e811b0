#pragma once

#include <span>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {

/// Where PostgreSQL's table is not as the plan has it: "users.age is integer, the plan says bigint", "users.x is not there".
/// `postgres_only`: columns ("t.c") that need not be in the plan. Of an existing schema: columns that only PostgreSQL has are the application's, and a domain counts as the type it stands on.
model::Result<std::vector<std::string>> column_faults(postgres::Connection& target, const plan::Table& table,
                                                      plan::TargetSchema schema = plan::TargetSchema::drafted,
                                                      std::span<const std::string> postgres_only = {});

}  // namespace crossfade::migrate
