#pragma once

#include "crossfade/migrate/copy.hpp"
#include "crossfade/migrate/verify.hpp"

namespace crossfade::migrate {

/// Compares the rows of one table: merged in key order where both sides sort the key alike, else as a multiset.
model::Result<TableVerify> verify_table(sqlite::Connection& source, postgres::Connection& target, const plan::Table& table,
                                        const VerifyOptions& options);

/// What the script makes and the target does not have, or has but not valid.
model::Result<std::vector<TargetObject>> missing_objects(postgres::Connection& target, const SchemaScript& script);
/// Sequences, indexes, constraints and column types of the target that are not as the plan and the file want them.
model::Result<std::vector<std::string>> object_faults(sqlite::Connection& source, postgres::Connection& target, const plan::Schema& schema,
                                                      const plan::Plan& plan);

}  // namespace crossfade::migrate
