#pragma once

#include <span>

#include "crossfade/compare/compare.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::migrate {

/// How the two results of a statement are to be compared. Sums of floating point numbers are the same to nine digits: each server adds in the
/// order in which it reads.
inline compare::Options options_of(const sql::Translated& statement, std::span<const model::Value> values = {}) {
  constexpr double kSumTolerance = 1e-9;
  compare::Options options;
  if (statement.ordered) options.order = compare::Order::ties;
  if (statement.ordered_totally) options.order = compare::Order::total;
  options.order_columns = statement.order_columns;
  options.cut = statement.cut;
  options.limit = statement.limit;
  const std::size_t parameter = statement.limit_parameter.value_or(0);
  if (parameter > 0 && parameter <= values.size()) {
    if (const auto* given = std::get_if<std::int64_t>(&values[parameter - 1])) options.limit = *given;
  }
  options.order_open = statement.order_open;
  options.open_columns = statement.open_columns;
  if (statement.adds_reals) options.relative_tolerance = kSumTolerance;
  return options;
}

}  // namespace crossfade::migrate
