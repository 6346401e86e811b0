#pragma once

#include <cstdint>
#include <string_view>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"

namespace crossfade::sqlite::functions {

/// to_char(timestamp, pattern) for a local time in µs since 2000. Errors: 0A000 for a pattern word outside to_char.cpp's table.
/// Source: PostgreSQL 15 manual, table 9.27 "Template Patterns for Date/Time Formatting".
Answer to_char(std::int64_t local_micros, std::string_view pattern);
/// to_timestamp and to_date: the local time that `text` says by the pattern. Errors: 22007, 22008 as PostgreSQL; 0A000 for other words.
model::Result<model::Civil> from_char(std::string_view text, std::string_view pattern);

}  // namespace crossfade::sqlite::functions
