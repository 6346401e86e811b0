#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"

namespace crossfade::sqlite::functions {

/// What TZ, OF, TZH and TZM show; a timestamp without a time zone has none.
struct ShownZone { int offset_seconds = 0; std::string abbreviation; };
/// to_char(timestamp, pattern) for a local time in µs since 2000, and of an interval. NULL for infinity and for a pattern without text.
/// Errors: 22007 for what belongs to a calendar (names, eras, zones, days of the week), of an interval.
/// Source: PostgreSQL 15 manual, table 9.27 "Template Patterns for Date/Time Formatting".
Answer to_char(std::int64_t local_micros, std::string_view pattern, const ShownZone& zone = {});
Answer to_char(const model::Interval& interval, std::string_view pattern);

}  // namespace crossfade::sqlite::functions
