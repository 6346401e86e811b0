#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/model/copy_options.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sql {

/// A COPY ready for SQLite: which data goes where, and how it is written.
struct CopyPlan {
  enum class Way : std::uint8_t { in, out } way = Way::out;
  std::string relation;  // as messages name it; empty: COPY (query)
  model::CopyOptions options;
  std::vector<model::CopyColumn> columns;  // in the order of the data
  /// out: the query whose rows are sent. in: an INSERT of one row, its $n the n-th of `columns`.
  Translated statement;
  /// What PostgreSQL finds wrong only after CopyInResponse: a view, FREEZE.
  std::optional<model::Error> late_failure;
};

/// Resolves names, reads the options. Errors: PostgreSQL's own for every option (42601, 22023, 0A000, 42P10), 42P01, 42703, 42701,
/// 42809 for a view; 42501 for files and programs of the server; 0A000 for an encoding other than UTF8, and for a WHERE that reads
/// columns that are not in the column list. Thread-safe. `statement`: of Kind::copy; one that was refused when it was read is refused here.
model::Result<CopyPlan> plan_copy(const Parsed& statement, const Context& context);

}  // namespace crossfade::sql
