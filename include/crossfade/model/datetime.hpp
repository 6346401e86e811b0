#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/time_zone.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

struct Civil { std::int32_t year = 2000; int month = 1, day = 1, hour = 0, minute = 0, second = 0, micros = 0; };

/// Proleptic Gregorian, as PostgreSQL counts. `year` is astronomical (0 is 1 BC).
std::int32_t days_from_civil(std::int32_t year, int month, int day);
/// Dates reach further than timestamps: to 5874897 AD.
Civil civil_from_days(std::int64_t days_since_2000);
Civil civil_from_micros(std::int64_t micros_since_2000);
std::int64_t micros_from_civil(const Civil& civil);
/// Finite and between 4714-11-24 BC and 294276 AD.
bool is_valid_timestamp(std::int64_t micros);

/// The quotient rounded towards minus infinity. Limits: `by` is above zero.
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

/// Infinity or -infinity, as timestamps in microseconds keep them.
constexpr bool infinite(std::int64_t micros) { return micros == kTimestampInfinity || micros == kTimestampMinusInfinity; }

/// timestamp ± interval, timestamp − timestamp, age, date_trunc, extract: PostgreSQL's results, infinite timestamps too.
/// Errors: 22008 "timestamp out of range", "interval out of range", "cannot subtract infinite timestamps".
Result<std::int64_t> add_interval(std::int64_t micros, const Interval& interval);
Result<Interval> subtract_timestamps(std::int64_t left, std::int64_t right);
Result<Interval> age(std::int64_t left, std::int64_t right);
/// field: microseconds … millennium. Errors: 22023 for an unknown field.
Result<std::int64_t> date_trunc(std::string_view field, std::int64_t micros, std::string_view type = "timestamp without time zone");
Result<Interval> date_trunc(std::string_view field, const Interval& interval);
/// A Numeric, or Null (the month of infinity).
Result<Value> extract(std::string_view field, std::int64_t micros, std::string_view type = "timestamp without time zone");
Result<Value> extract(std::string_view field, const Interval& interval);
/// Of a time of the day; `type`: what the message calls it. Errors: 0A000 for a field of the calendar.
Result<Value> extract_clock(std::string_view field, std::int64_t micros, std::string_view type);
/// hour, minute, second and what is smaller, in any of their spellings.
bool is_clock_field(std::string_view field);
Result<Interval> negate(const Interval& interval);
Result<Interval> add(const Interval& left, const Interval& right);
Result<Interval> multiply(const Interval& interval, double factor);
/// Errors: 22012 for 0.
Result<Interval> divide(const Interval& interval, double by);
/// What a column or a cast `interval year to month`, `interval second(1)` keeps of it. Below zero: everything.
Interval apply_interval_modifier(Interval interval, std::int32_t modifier);
/// Adds the months, then the days, then the clock, the first two on the zone's calendar, as timestamptz + interval does.
Result<std::int64_t> add_interval(std::int64_t utc_micros, const Interval& interval, const TimeZone& zone);
/// Midnight of a day. Errors: 22008 "date out of range for timestamp".
Result<std::int64_t> timestamp_of_date(std::int64_t days);
/// As PostgreSQL orders them: months of 30 days, days of 24 hours.
std::strong_ordering compare(const Interval& left, const Interval& right);
/// µs since 2000-01-01 UTC, of now.
std::int64_t now_micros();

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000, kMicrosPerDay = 86'400 * kMicrosPerSecond;
inline constexpr std::int64_t kMicrosPerHour = 3'600 * kMicrosPerSecond;
inline constexpr std::int32_t kZoneLimit = 16 * 3'600;  // seconds; PostgreSQL's TZDISP_LIMIT
/// 4714-11-24 BC (Julian day 0) inclusive, 294277-01-01 exclusive; dates end before 5874898-01-01.
inline constexpr std::int64_t kMinTimestamp = -211'813'488'000'000'000, kEndTimestamp = 9'223'371'331'200'000'000;
inline constexpr std::int32_t kMinDate = -2'451'545, kEndDate = 2'145'031'949;
/// Seconds from 1970-01-01 to 2000-01-01.
inline constexpr std::int64_t kUnixToPostgresSeconds = 946'684'800;

}  // namespace crossfade::model
