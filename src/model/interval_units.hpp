#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace crossfade::model {

enum class IntervalUnit : char { microsecond, millisecond, second, minute, hour, day, week, month, year, decade, century, millennium };

/// The unit that a lower-case word names; PostgreSQL looks at ten characters of it. Nothing for no word of the list.
std::optional<IntervalUnit> interval_unit(std::string_view word);

/// The fields of `interval day to second` in the upper half of a modifier.
inline constexpr std::int32_t kAllIntervalFields = 0x7fff, kAllIntervalDigits = 0xffff;
constexpr std::int32_t interval_fields(std::int32_t modifier) { return modifier < 0 ? kAllIntervalFields : (modifier >> 16) & kAllIntervalFields; }
/// The smallest field of the mask, which a number without a unit is of; seconds for all fields.
IntervalUnit smallest_field(std::int32_t fields);
/// "day to second" ⇄ its mask; empty and 0 for what is none.
std::string_view interval_field_words(std::int32_t fields);
std::int32_t interval_field_mask(std::string_view words);

}  // namespace crossfade::model
