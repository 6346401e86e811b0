#pragma once

#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// Where PostgreSQL's table is not as the plan has it: "users.age is integer, the plan says bigint", "users.x is not there".
model::Result<std::vector<std::string>> column_faults(postgres::Connection& target, const plan::Table& table);

}  // namespace crossfade::migrate
