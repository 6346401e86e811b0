#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// PostgreSQL's output under DateStyle ISO, IntervalStyle postgres.
void append_date(std::string& out, Date value);
void append_time(std::string& out, Time value);
void append_timestamp(std::string& out, Timestamp value);
void append_timestamptz(std::string& out, TimestampTz value, const TimeZone& zone);
void append_interval(std::string& out, const Interval& value);

/// The input functions. Errors: 22007, 22008, 22009, 22023 with PostgreSQL's messages.
/// Source: PostgreSQL 15 manual, appendix B.1 "Date/Time Input Interpretation".
Result<Date> parse_date(std::string_view text, const TextStyle& style);
Result<Time> parse_time(std::string_view text, const TextStyle& style);
Result<Timestamp> parse_timestamp(std::string_view text, const TextStyle& style);
Result<TimestampTz> parse_timestamptz(std::string_view text, const TextStyle& style);
Result<Interval> parse_interval(std::string_view text);

/// Rounds to `digits` after the second, half away from zero; -1 keeps all six.
std::int64_t round_micros(std::int64_t micros, std::int32_t digits);

}  // namespace crossfade::model
