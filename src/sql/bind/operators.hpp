#pragma once

#include <span>
#include <string_view>

#include "crossfade/model/type.hpp"

namespace crossfade::sql {

/// One operator of PostgreSQL and what says it in SQLite: $1 and $2 are the operands in their run-time form. `left` 0: a prefix.
/// No text: refused with 0A000. `example`: a PostgreSQL expression and PostgreSQL's own text of its value, the row's test and documentation.
struct OperatorRule {
  std::string_view name;
  model::Oid left, right, result;
  std::string_view text;
  std::string_view example, value;
};

/// Operators but for the comparisons, which bind/comparisons.cpp makes of the stored forms.
std::span<const OperatorRule> operator_rules();

/// Operands that are all untyped literals do not say which of PostgreSQL's operators of this name is meant: 42725.
bool needs_a_type(std::string_view name);

}  // namespace crossfade::sql
