#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

struct Civil { std::int32_t year = 2000; int month = 1, day = 1, hour = 0, minute = 0, second = 0, micros = 0; };

/// Proleptic Gregorian, as PostgreSQL counts. `year` is astronomical (0 is 1 BC).
std::int32_t days_from_civil(std::int32_t year, int month, int day);
Civil civil_from_micros(std::int64_t micros_since_2000);
std::int64_t micros_from_civil(const Civil& civil);

/// timestamp ± interval, timestamp − timestamp, age, date_trunc, extract: PostgreSQL's results.
/// Errors: 22008 "timestamp out of range".
Result<std::int64_t> add_interval(std::int64_t micros, const Interval& interval);
Interval subtract_timestamps(std::int64_t left, std::int64_t right);
Interval age(std::int64_t left, std::int64_t right);
/// field: microseconds … millennium. Errors: 22023 for an unknown field.
Result<std::int64_t> date_trunc(std::string_view field, std::int64_t micros);
Result<Numeric> extract(std::string_view field, std::int64_t micros);
Interval negate(const Interval& interval);
Interval add(const Interval& left, const Interval& right);
Interval multiply(const Interval& interval, double factor);
/// As PostgreSQL orders them: months of 30 days, days of 24 hours.
std::strong_ordering compare(const Interval& left, const Interval& right);
/// µs since 2000-01-01 UTC, of now.
std::int64_t now_micros();

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000, kMicrosPerDay = 86'400 * kMicrosPerSecond;
/// Seconds from 1970-01-01 to 2000-01-01.
inline constexpr std::int64_t kUnixToPostgresSeconds = 946'684'800;

}  // namespace crossfade::model
