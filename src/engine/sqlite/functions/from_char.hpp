#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite::functions {

/// A date (`year` is astronomical: 0 is 1 BC; `day` may be one beyond the month's last when the text has no year), a time of the day in µs, and what
/// TZH and TZM say.
struct ReadMoment {
  int year = 0, month = 1, day = 1;
  std::int64_t micros = 0;
  int fraction_digits = 6;  // to which to_timestamp rounds
  std::optional<int> offset_seconds = std::nullopt;
  bool dated = false, timed = false, zoned = false;  // what the pattern has words for
};

/// standard: SQL's own rules, which .datetime() of a path follows: the text has each separator and each quoted character of the pattern and ends with it.
enum class CharMode : std::uint8_t { oracle, standard };

/// to_timestamp and to_date: what `text` says by the pattern. Errors: 22007, 22008, 22009, 0A000 (TZ and OF) as PostgreSQL.
/// Source: PostgreSQL 15 manual, table 9.27 "Template Patterns for Date/Time Formatting" and its usage notes.
model::Result<ReadMoment> from_char(std::string_view text, std::string_view pattern, CharMode mode = CharMode::oracle);
/// Errors: 22007 for a character that may not stand in a pattern of the standard.
model::Result<void> check_standard_pattern(std::string_view pattern);

}  // namespace crossfade::sqlite::functions
