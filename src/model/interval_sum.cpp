#include "interval_sum.hpp"

#include <array>
#include <cmath>

#include "crossfade/model/datetime.hpp"

namespace crossfade::model {
namespace {

/// What one of a unit is: µs, days, months or years.
struct UnitRule { std::int64_t micros; int days, months, years; };
constexpr std::array kRules{
    // by IntervalUnit
    UnitRule{1, 0, 0, 0}, UnitRule{1'000, 0, 0, 0}, UnitRule{kMicrosPerSecond, 0, 0, 0}, UnitRule{60 * kMicrosPerSecond, 0, 0, 0},
    UnitRule{kMicrosPerHour, 0, 0, 0}, UnitRule{0, 1, 0, 0}, UnitRule{0, 7, 0, 0}, UnitRule{0, 0, 1, 0},
    UnitRule{0, 0, 0, 1}, UnitRule{0, 0, 0, 10}, UnitRule{0, 0, 0, 100}, UnitRule{0, 0, 0, 1'000},
};
constexpr int kDaysPerMonth = 30, kMonthsPerYear = 12;

bool fits(std::int64_t value) { return value == static_cast<std::int32_t>(value); }

bool add_scaled(std::int32_t& field, std::int64_t value, std::int32_t scale) {
  std::int32_t scaled = 0;
  return fits(value) && !__builtin_mul_overflow(static_cast<std::int32_t>(value), scale, &scaled) && !__builtin_add_overflow(field, scaled, &field);
}

}  // namespace

/// Halves of a microsecond go towards zero.
bool IntervalSum::add_micros(double fraction, std::int64_t scale) {
  if (fraction == 0) return true;
  fraction *= static_cast<double>(scale);
  auto micros = static_cast<std::int64_t>(fraction);
  fraction -= static_cast<double>(micros);
  if (fraction > 0.5) ++micros;
  else if (fraction < -0.5) --micros;
  return !__builtin_add_overflow(micros_, micros, &micros_);
}

bool IntervalSum::add_days(double fraction, int scale) {
  if (fraction == 0) return true;
  fraction *= scale;
  const auto whole = static_cast<std::int32_t>(fraction);
  return !__builtin_add_overflow(days_, whole, &days_) && add_micros(fraction - whole, kMicrosPerDay);
}

IntervalFault IntervalSum::add(IntervalNumber number, IntervalUnit unit) {
  const UnitRule& rule = kRules[static_cast<std::size_t>(unit)];
  bool good = true;
  if (rule.micros != 0) {
    std::int64_t micros = 0;
    good = !__builtin_mul_overflow(number.whole, rule.micros, &micros) && !__builtin_add_overflow(micros_, micros, &micros_) &&
           add_micros(number.fraction, rule.micros);
  } else if (rule.days == 1) {
    good = add_scaled(days_, number.whole, 1) && add_micros(number.fraction, kMicrosPerDay);
  } else if (rule.days != 0) {
    good = add_scaled(days_, number.whole, rule.days) && add_days(number.fraction, rule.days);
  } else if (rule.months != 0) {
    good = add_scaled(months_, number.whole, 1) && add_days(number.fraction, kDaysPerMonth);
  } else {
    const auto more = static_cast<std::int32_t>(std::rint(number.fraction * rule.years * kMonthsPerYear));
    good = add_scaled(years_, number.whole, rule.years) && !__builtin_add_overflow(months_, more, &months_);
  }
  return good ? IntervalFault::none : IntervalFault::range;
}

IntervalFault IntervalSum::negate() {
  const bool overflow = __builtin_sub_overflow(0, micros_, &micros_) || __builtin_sub_overflow(0, days_, &days_) ||
                        __builtin_sub_overflow(0, months_, &months_) || __builtin_sub_overflow(0, years_, &years_);
  return overflow ? IntervalFault::range : IntervalFault::none;
}

std::optional<Interval> IntervalSum::result() const {
  const std::int64_t months = std::int64_t{years_} * kMonthsPerYear + months_;
  if (!fits(months)) return std::nullopt;
  return Interval{micros_, days_, static_cast<std::int32_t>(months)};
}

}  // namespace crossfade::model
