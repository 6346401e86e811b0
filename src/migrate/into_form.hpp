#pragma once

#include <optional>
#include <string>

#include "crossfade/engine/sqlite/connection.hpp"
#include "draft_rules.hpp"
#include "target_catalog.hpp"

namespace crossfade::migrate {

/// How the values of a column are carried into the type that PostgreSQL has for it already.
struct IntoForm {
  plan::StoredForm form;
  plan::Misfit misfit = plan::Misfit::refuse;
  std::string note;                   // for plan.toml
  std::string warning;                // values that do not fit, or that are cast; empty: every one is carried as it is
  std::optional<model::Error> fault;  // no form at all: 42804 (none reads these values), 22023 (no zone for naive times), 0A000 (the type)
};

/// The drafted form where it holds the type, else the forms that do, each proved by reading every value; the first that carries all of them.
/// When none does, a cast of the text where that can lose nothing, else the one with the fewest misfits: the column's rule decides then.
/// `zone`: of times that are stored without one; empty: none is assumed. Errors: SQLite's own.
model::Result<IntoForm> form_into(sqlite::Connection& connection, const plan::PlannedTable& table, const plan::PlannedColumn& drafted,
                                  const Evidence& evidence, const TargetColumn& target, const std::string& zone);

}  // namespace crossfade::migrate
