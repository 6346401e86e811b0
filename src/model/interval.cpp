#include <algorithm>
#include <cmath>
#include <limits>

#include "crossfade/model/datetime.hpp"
#include "datetime_text.hpp"
#include "interval_units.hpp"

namespace crossfade::model {
namespace {

constexpr int kMonthsPerYear = 12, kDaysPerMonth = 30;

std::unexpected<Error> timestamp_range() { return fail("22008"_state, "timestamp out of range"); }
std::unexpected<Error> interval_range() { return fail("22008"_state, "interval out of range"); }

int days_in_month(std::int32_t year, int month) {
  const bool december = month == kMonthsPerYear;
  return days_from_civil(december ? year + 1 : year, december ? 1 : month + 1, 1) - days_from_civil(year, month, 1);
}

// One number to order by: no int64 holds 2^31 months in µs.
__int128 span(const Interval& interval) {
  return (static_cast<__int128>(interval.months) * kDaysPerMonth + interval.days) * kMicrosPerDay + interval.micros;
}

// What is left of a µs rounding, as PostgreSQL's TSROUND.
double rounded_to_micros(double value) { return std::rint(value * 1e6) / 1e6; }

template <class Integer>
bool fits(double value) {
  return value >= static_cast<double>(std::numeric_limits<Integer>::min()) &&
         value < -static_cast<double>(std::numeric_limits<Integer>::min());
}

struct Counts { std::int64_t months, days, micros; };

// The difference of two clock readings with each field in its range; `left` is not before `right`.
Counts difference(const Civil& left, const Civil& right) {
  const auto clock = [](const Civil& c) { return ((c.hour * 60 + c.minute) * 60 + c.second) * kMicrosPerSecond + c.micros; };
  Counts fields{(std::int64_t{left.year} - right.year) * kMonthsPerYear + left.month - right.month, left.day - right.day,
                clock(left) - clock(right)};
  if (fields.micros < 0) {
    fields.micros += kMicrosPerDay;
    --fields.days;
  }
  if (fields.days < 0) {
    --fields.months;
    fields.days += days_in_month(right.year, right.month);
  }
  return fields;
}

}  // namespace

Result<std::int64_t> add_interval(std::int64_t micros, const Interval& interval) {
  if (infinite(micros)) return micros;
  if (interval.months != 0) {
    Civil civil = civil_from_micros(micros);
    const std::int64_t months = std::int64_t{civil.year} * kMonthsPerYear + civil.month - 1 + interval.months;
    const std::int64_t year = months >= 0 ? months / kMonthsPerYear : -((-months + kMonthsPerYear - 1) / kMonthsPerYear);
    if (year < -5'000 || year > 300'000) return timestamp_range();
    civil.year = static_cast<std::int32_t>(year);
    civil.month = static_cast<int>(months - year * kMonthsPerYear) + 1;
    civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
    micros = micros_from_civil(civil);
    if (!is_valid_timestamp(micros)) return timestamp_range();
  }
  const __int128 sum = static_cast<__int128>(micros) + static_cast<__int128>(interval.days) * kMicrosPerDay + interval.micros;
  if (sum < kMinTimestamp || sum >= kEndTimestamp) return timestamp_range();
  return static_cast<std::int64_t>(sum);
}

Result<std::int64_t> add_interval(std::int64_t micros, const Interval& interval, const TimeZone& zone) {
  if (infinite(micros)) return micros;
  for (const Interval& step : {Interval{0, 0, interval.months}, Interval{0, interval.days, 0}}) {
    if (step.months == 0 && step.days == 0) continue;
    CROSSFADE_TRY(const std::int64_t local, add_interval(zone.to_local(micros), step));
    micros = zone.to_utc(local);
  }
  return add_interval(micros, Interval{interval.micros});
}

Result<std::int64_t> timestamp_of_date(std::int64_t days) {
  if (days == kDateInfinity) return kTimestampInfinity;
  if (days == kDateMinusInfinity) return kTimestampMinusInfinity;
  if (days >= kEndTimestamp / kMicrosPerDay) return fail("22008"_state, "date out of range for timestamp");
  return days * kMicrosPerDay;
}

Result<Interval> subtract_timestamps(std::int64_t left, std::int64_t right) {
  if (infinite(left) || infinite(right)) return fail("22008"_state, "cannot subtract infinite timestamps");
  const __int128 micros = static_cast<__int128>(left) - right;
  Interval out;
  out.days = static_cast<std::int32_t>(micros / kMicrosPerDay);
  out.micros = static_cast<std::int64_t>(micros % kMicrosPerDay);
  return out;
}

Result<Interval> age(std::int64_t left, std::int64_t right) {
  const std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  if (left == lowest || right == lowest) return timestamp_range();  // infinity is the year 294277 to PostgreSQL 15 here, which its age() is wrong about
  const bool before = left < right;
  // The month whose length fills in is the earlier one's.
  const Counts fields = before ? difference(civil_from_micros(right), civil_from_micros(left))
                               : difference(civil_from_micros(left), civil_from_micros(right));
  const int sign = before ? -1 : 1;
  return Interval{sign * fields.micros, static_cast<std::int32_t>(sign * fields.days),
                  static_cast<std::int32_t>(sign * fields.months)};
}

Result<Interval> negate(const Interval& interval) {
  Interval out;
  if (__builtin_sub_overflow(0, interval.micros, &out.micros) || __builtin_sub_overflow(0, interval.days, &out.days) ||
      __builtin_sub_overflow(0, interval.months, &out.months)) {
    return interval_range();
  }
  return out;
}

Result<Interval> add(const Interval& left, const Interval& right) {
  Interval out;
  if (__builtin_add_overflow(left.micros, right.micros, &out.micros) || __builtin_add_overflow(left.days, right.days, &out.days) ||
      __builtin_add_overflow(left.months, right.months, &out.months)) {
    return interval_range();
  }
  return out;
}

namespace {

/// `scaled` multiplies or divides each part; what is left of months becomes days, and of days time.
Result<Interval> scale(const Interval& interval, auto scaled) {
  constexpr double kSecondsPerDay = 86'400;
  const double months = scaled(interval.months);
  const double days = scaled(interval.days);
  if (!fits<std::int32_t>(months) || !fits<std::int32_t>(days)) return interval_range();
  Interval out;
  out.months = static_cast<std::int32_t>(months);
  out.days = static_cast<std::int32_t>(days);

  // Fractions of months become days of 30 to the month, fractions of days become time.
  const double month_days = rounded_to_micros((months - out.months) * kDaysPerMonth);
  const int whole_days = static_cast<int>(month_days);
  double seconds = rounded_to_micros((days - out.days + month_days - whole_days) * kSecondsPerDay);
  std::int64_t more_days = whole_days;
  if (std::abs(seconds) >= kSecondsPerDay) {
    const int carried = static_cast<int>(seconds / kSecondsPerDay);
    more_days += carried;
    seconds -= carried * kSecondsPerDay;
  }
  if (__builtin_add_overflow(out.days, more_days, &out.days)) return interval_range();
  const double micros = std::rint(scaled(static_cast<double>(interval.micros)) + seconds * kMicrosPerSecond);
  if (!fits<std::int64_t>(micros)) return interval_range();
  out.micros = static_cast<std::int64_t>(micros);
  return out;
}

}  // namespace

Result<Interval> multiply(const Interval& interval, double factor) {
  return scale(interval, [factor](double part) { return part * factor; });
}

Result<Interval> divide(const Interval& interval, double by) {
  if (by == 0) return fail("22012"_state, "division by zero");
  return scale(interval, [by](double part) { return part / by; });
}

Interval apply_interval_modifier(Interval interval, std::int32_t modifier) {
  if (modifier < 0) return interval;
  const std::int32_t fields = interval_fields(modifier), digits = modifier & kAllIntervalDigits;
  const auto cut = [&](std::int64_t unit) { interval.micros = interval.micros / unit * unit; };
  if (fields != kAllIntervalFields) {
    switch (smallest_field(fields)) {
      case IntervalUnit::year:
        interval = {0, 0, interval.months / kMonthsPerYear * kMonthsPerYear};
        break;
      case IntervalUnit::month: interval = {0, 0, interval.months}; break;
      case IntervalUnit::day: interval.micros = 0; break;
      case IntervalUnit::hour: cut(kMicrosPerHour); break;
      case IntervalUnit::minute: cut(60 * kMicrosPerSecond); break;
      default: break;  // seconds: all is kept
    }
  }
  if (digits != kAllIntervalDigits) interval.micros = round_micros(interval.micros, digits);
  return interval;
}

std::strong_ordering compare(const Interval& left, const Interval& right) { return span(left) <=> span(right); }

}  // namespace crossfade::model
