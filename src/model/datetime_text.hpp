#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// PostgreSQL's output under the style's DateStyle, TimeZone and IntervalStyle.
void append_date(std::string& out, Date value, const TextStyle& style);
void append_time(std::string& out, Time value);
/// The clock and its offset: "12:00:00+02".
void append_timetz(std::string& out, TimeTz value);
void append_timestamp(std::string& out, Timestamp value, const TextStyle& style);
void append_timestamptz(std::string& out, TimestampTz value, const TextStyle& style);
void append_interval(std::string& out, const Interval& value, IntervalStyle style);
/// "04:05:06.7" and ".7" of 700000.
void append_clock(std::string& out, std::int64_t hour, int minute, int second, int micros);
void append_fraction(std::string& out, int micros);
void append_padded(std::string& out, std::int64_t value, int width);

/// The input functions. Errors: 22007, 22008, 22009, 22023 with PostgreSQL's messages.
/// Source: PostgreSQL 15 manual, appendix B.1 "Date/Time Input Interpretation".
Result<Date> parse_date(std::string_view text, const TextStyle& style);
Result<Time> parse_time(std::string_view text, const TextStyle& style);
/// Without a zone the session's, as it is on the day that the text says or today.
Result<TimeTz> parse_timetz(std::string_view text, const TextStyle& style);
Result<Timestamp> parse_timestamp(std::string_view text, const TextStyle& style);
Result<TimestampTz> parse_timestamptz(std::string_view text, const TextStyle& style);
/// `modifier`: of the type; it says what a number without a unit is, and what is kept.
Result<Interval> parse_interval(std::string_view text, IntervalStyle style, std::int32_t modifier);

/// Rounds to `digits` after the second, half away from zero; -1 keeps all six.
std::int64_t round_micros(std::int64_t micros, std::int32_t digits);

}  // namespace crossfade::model
