#pragma once

#include <span>
#include <string_view>

#include "functions.hpp"

namespace crossfade::sql {

namespace pseudo {
inline constexpr model::Oid any_array = 2277, any_compatible_array = 5078;
}

/// One overload of a function or operator over arrays. `takes` and `result` may be any_array, any_element (one array type for all)
/// or any_compatible_array, any_compatible (the common type of all); `text` as in FunctionRule, and $A is the array type's name.
struct ArrayRule {
  std::string_view name;
  Takes takes;
  model::Oid result;
  std::string_view text;
  std::string_view example, value;
};
std::span<const ArrayRule> array_function_rules();
/// But for the comparisons, which the collation of the stored form says.
std::span<const ArrayRule> array_operator_rules();

}  // namespace crossfade::sql
