#include <array>

#include "ascii.hpp"
#include "crossfade/model/date_part.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"
#include "interval_units.hpp"

namespace crossfade::model {
namespace {

enum class Field : char {
  microseconds, milliseconds, second, minute, hour, day, week, month, quarter, year, decade, century, millennium,
  dow, isodow, doy, isoyear, epoch, julian,
};

// trunc: date_trunc knows it. grows: of infinity it is infinity, the others are NULL.
struct FieldInfo { std::string_view name; Field field; bool trunc; bool grows; };
constexpr std::array kFields{
    FieldInfo{"microseconds", Field::microseconds, true, false}, FieldInfo{"milliseconds", Field::milliseconds, true, false},
    FieldInfo{"second", Field::second, true, false},             FieldInfo{"minute", Field::minute, true, false},
    FieldInfo{"hour", Field::hour, true, false},                 FieldInfo{"day", Field::day, true, false},
    FieldInfo{"week", Field::week, true, false},                 FieldInfo{"month", Field::month, true, false},
    FieldInfo{"quarter", Field::quarter, true, false},           FieldInfo{"qtr", Field::quarter, true, false},
    FieldInfo{"year", Field::year, true, true},                  FieldInfo{"decade", Field::decade, true, true},
    FieldInfo{"century", Field::century, true, true},            FieldInfo{"millennium", Field::millennium, true, true},
    FieldInfo{"dow", Field::dow, false, false},                  FieldInfo{"isodow", Field::isodow, false, false},
    FieldInfo{"doy", Field::doy, false, false},                  FieldInfo{"isoyear", Field::isoyear, false, true},
    FieldInfo{"epoch", Field::epoch, false, true},               FieldInfo{"julian", Field::julian, false, true},
};

/// The words of PostgreSQL's intervals are all known here too ("hr", "yrs"); these lists have what is more.
const FieldInfo* find_field(std::string_view name) {
  constexpr std::array kOfUnit{Field::microseconds, Field::milliseconds, Field::second, Field::minute, Field::hour,    Field::day,
                               Field::week,         Field::month,        Field::year,   Field::decade, Field::century, Field::millennium};
  const auto unit = interval_unit(lowered(name));
  for (const FieldInfo& info : kFields) {
    if (unit ? info.field == kOfUnit[static_cast<std::size_t>(*unit)] : equals_ignoring_case(info.name, name)) return &info;
  }
  return nullptr;
}

/// A unit that PostgreSQL has, of another type's values.
std::unexpected<Error> unsupported(std::string_view field, std::string_view type, std::string detail = {}) {
  return fail("0A000"_state, "unit \"" + lowered(field) + "\" not supported for type " + std::string(type), std::move(detail));
}
std::unexpected<Error> unknown(std::string_view field, std::string_view type) {
  const std::string unit = lowered(field);
  const bool of_zone = unit == "timezone" || unit == "timezone_hour" || unit == "timezone_h" || unit == "timezone_minute" || unit == "timezone_m";
  if (of_zone) return unsupported(field, type);
  return fail("22023"_state, "unit \"" + lowered(field) + "\" not recognized for type " + std::string(type));
}

std::int64_t day_number(std::int64_t micros) { return floor_divide(micros, kMicrosPerDay); }
// 1 Monday … 7 Sunday; 2000-01-01 was a Saturday.
int iso_weekday(std::int64_t days) { return static_cast<int>((days + 5) - floor_divide(days + 5, 7) * 7) + 1; }

struct IsoWeek { std::int32_t year; int week; };
IsoWeek iso_week(std::int64_t days) {
  // A week belongs to the year that its Thursday is in.
  const std::int64_t thursday = days - iso_weekday(days) + 4;
  const std::int32_t year = civil_from_micros(thursday * kMicrosPerDay).year;
  return {year, static_cast<int>((thursday - days_from_civil(year, 1, 1)) / 7) + 1};
}

// There is no year 0: 1 BC is followed by 1 AD.
std::int64_t named_year(std::int32_t year) { return year > 0 ? year : year - 1; }
// Years 1 … n are the first group; n BC … 1 BC the group -1.
std::int64_t group_of(std::int32_t year, int size) { return year > 0 ? (year + size - 1) / size : -((size - 1 - (year - 1)) / size); }

// `units` in 10^-scale, printed with its scale: (1500000, 6) → "1.500000".
Numeric scaled(__int128 units, int scale) {
  const bool negative = units < 0;
  if (negative) units = -units;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(units % 10)));
    units /= 10;
  } while (units > 0);
  if (scale > 0) {
    if (digits.size() <= static_cast<std::size_t>(scale)) digits.insert(0, static_cast<std::size_t>(scale) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale), ".");
  }
  return {(negative ? "-" : "") + digits};
}

/// Days and the part of the day, which PostgreSQL divides as numerics.
Numeric julian(std::int64_t micros) {
  const std::int64_t days = day_number(micros);
  const Result<Numeric> part = calculate(NumericOperator::divide, numeric_of(micros - days * kMicrosPerDay), numeric_of(kMicrosPerDay));
  const Result<Numeric> sum = part ? calculate(NumericOperator::add, numeric_of(days + 2'451'545), *part) : part;
  return sum.value_or(Numeric{"NaN"});
}

Numeric field_of(Field field, std::int64_t micros, const Civil& civil) {
  const std::int64_t days = day_number(micros);
  const std::int64_t second_micros = civil.second * kMicrosPerSecond + civil.micros;
  switch (field) {
    case Field::microseconds: return scaled(second_micros, 0);
    case Field::milliseconds: return scaled(second_micros, 3);
    case Field::second: return scaled(second_micros, 6);
    case Field::minute: return scaled(civil.minute, 0);
    case Field::hour: return scaled(civil.hour, 0);
    case Field::day: return scaled(civil.day, 0);
    case Field::week: return scaled(iso_week(days).week, 0);
    case Field::month: return scaled(civil.month, 0);
    case Field::quarter: return scaled((civil.month - 1) / 3 + 1, 0);
    case Field::year: return scaled(named_year(civil.year), 0);
    case Field::decade: return scaled(floor_divide(civil.year, 10), 0);
    case Field::century: return scaled(group_of(civil.year, 100), 0);
    case Field::millennium: return scaled(group_of(civil.year, 1000), 0);
    case Field::dow: return scaled(iso_weekday(days) % 7, 0);
    case Field::isodow: return scaled(iso_weekday(days), 0);
    case Field::doy: return scaled(days - days_from_civil(civil.year, 1, 1) + 1, 0);
    case Field::isoyear: return scaled(named_year(iso_week(days).year), 0);
    case Field::epoch: return scaled(static_cast<__int128>(micros) + kUnixToPostgresSeconds * kMicrosPerSecond, 6);
    case Field::julian: return julian(micros);
  }
  return scaled(0, 0);
}

}  // namespace

Result<Value> extract(std::string_view field, std::int64_t micros, std::string_view type) {
  const FieldInfo* info = find_field(field);
  const bool endless = micros == kTimestampInfinity || micros == kTimestampMinusInfinity;
  if (!info && !(endless && lowered(field).starts_with("timezone"))) return unknown(field, type);
  if (endless) {
    if (!info || !info->grows) return Null{};
    return Numeric{micros == kTimestampInfinity ? "Infinity" : "-Infinity"};
  }
  return field_of(info->field, micros, civil_from_micros(micros));
}

bool is_clock_field(std::string_view field) {
  const FieldInfo* info = find_field(field);
  return info && info->field <= Field::hour;
}

Result<Value> extract_clock(std::string_view field, std::int64_t micros, std::string_view type) {
  const FieldInfo* info = find_field(field);
  if (!info) return unknown(field, type);
  if (info->field == Field::epoch) return scaled(micros, 6);
  if (info->field > Field::hour) return unsupported(field, type);
  Civil civil = civil_from_micros(micros);
  civil.hour = static_cast<int>(micros / kMicrosPerHour);  // 24:00
  return field_of(info->field, micros, civil);
}

Result<Value> extract(std::string_view field, const Interval& interval) {
  const FieldInfo* info = find_field(field);
  if (!info) return unknown(field, "interval");
  const std::int64_t seconds_micros = interval.micros % (60 * kMicrosPerSecond);
  const std::int64_t years = interval.months / 12;
  switch (info->field) {
    case Field::microseconds: return scaled(seconds_micros, 0);
    case Field::milliseconds: return scaled(seconds_micros, 3);
    case Field::second: return scaled(seconds_micros, 6);
    case Field::minute: return scaled(interval.micros / (60 * kMicrosPerSecond) % 60, 0);
    case Field::hour: return scaled(interval.micros / kMicrosPerHour, 0);
    case Field::day: return scaled(interval.days, 0);
    case Field::month: return scaled(interval.months % 12, 0);
    case Field::quarter: return scaled(interval.months % 12 / 3 + 1, 0);
    case Field::year: return scaled(years, 0);
    case Field::decade: return scaled(years / 10, 0);
    case Field::century: return scaled(years / 100, 0);
    case Field::millennium: return scaled(years / 1000, 0);
    case Field::epoch: {
      // Years of 365.25 days, months of 30.
      const __int128 hours = static_cast<__int128>(years) * 8'766 + static_cast<__int128>(interval.months % 12) * 720 +
                             static_cast<__int128>(interval.days) * 24;
      return scaled(hours * kMicrosPerHour + interval.micros, 6);
    }
    case Field::week:
    case Field::dow:
    case Field::isodow:
    case Field::doy:
    case Field::isoyear:
    case Field::julian: return unsupported(field, "interval");
  }
  return Null{};
}

namespace {

/// A numeric of at most `scale` digits behind its point, in 10^-scale.
std::int64_t units_of(std::string_view text, std::size_t scale) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits{text.substr(0, point)};
  std::string behind{text.substr(std::min(point + 1, text.size()))};
  behind.resize(scale, '0');
  const std::int64_t units = std::stoll(digits + behind);
  return negative ? -units : units;
}

/// The days, and the part of a day that was divided from whole microseconds.
double julian_as_double(const Numeric& extracted) {
  const std::string_view text = extracted.text;
  const std::size_t point = std::min(text.find('.'), text.size());
  const double part = point < text.size() ? to_double({"0" + std::string{text.substr(point)}}) : 0.0;
  const auto micros = static_cast<std::int64_t>(part * static_cast<double>(kMicrosPerDay) + 0.5);
  const double seconds = static_cast<double>(micros / kMicrosPerSecond) + static_cast<double>(micros % kMicrosPerSecond) / 1e6;
  return to_double({std::string{text.substr(0, point)}}) + seconds / 86'400.0;
}

}  // namespace

double date_part(std::string_view field, const Numeric& extracted) {
  const FieldInfo* info = find_field(field);
  const bool finite = extracted.text.find_first_not_of("-.0123456789") == std::string::npos;
  if (!info || !finite) return to_double(extracted);
  if (info->field == Field::second) {
    const std::int64_t micros = units_of(extracted.text, 6);
    return static_cast<double>(micros / kMicrosPerSecond) + static_cast<double>(micros % kMicrosPerSecond) / 1e6;
  }
  if (info->field == Field::milliseconds) {
    const std::int64_t micros = units_of(extracted.text, 3);
    return static_cast<double>(micros / kMicrosPerSecond) * 1e3 + static_cast<double>(micros % kMicrosPerSecond) / 1e3;
  }
  return info->field == Field::julian ? julian_as_double(extracted) : to_double(extracted);
}

double epoch_of(const Interval& interval) {
  double seconds = static_cast<double>(interval.micros) / 1e6;
  seconds += 365.25 * 86'400 * (interval.months / 12);
  seconds += 30.0 * 86'400 * (interval.months % 12);
  return seconds + 86'400.0 * interval.days;
}

Result<Interval> date_trunc(std::string_view field, const Interval& interval) {
  const FieldInfo* info = find_field(field);
  if (!info || !info->trunc) return unknown(field, "interval");
  if (info->field == Field::week) return unsupported(field, "interval", "Months usually have fractional weeks.");
  const auto clock = [&](std::int64_t unit) { return Interval{interval.micros / unit * unit, interval.days, interval.months}; };
  const auto months = [&](std::int32_t unit) { return Interval{0, 0, interval.months / unit * unit}; };
  switch (info->field) {
    case Field::milliseconds: return clock(1'000);
    case Field::second: return clock(kMicrosPerSecond);
    case Field::minute: return clock(60 * kMicrosPerSecond);
    case Field::hour: return clock(kMicrosPerHour);
    case Field::day: return Interval{0, interval.days, interval.months};
    case Field::month: return months(1);
    case Field::quarter: return months(3);
    case Field::year: return months(12);
    case Field::decade: return months(120);
    case Field::century: return months(1'200);
    case Field::millennium: return months(12'000);
    default: return interval;
  }
}

Result<std::int64_t> date_trunc(std::string_view field, std::int64_t micros, std::string_view type) {
  if (micros == kTimestampInfinity || micros == kTimestampMinusInfinity) return micros;
  const FieldInfo* info = find_field(field);
  if (!info || !info->trunc) return unknown(field, type);
  const auto cut = [&](std::int64_t unit) { return floor_divide(micros, unit) * unit; };
  const auto begin_of = [](std::int32_t year, int month) { return days_from_civil(year, month, 1) * kMicrosPerDay; };
  const Civil civil = civil_from_micros(micros);
  const std::int32_t year = civil.year;
  // The first year of a group of years; groups are counted from the year 1, backwards from 1 BC.
  const auto first_of = [&](std::int32_t size) { return year > 0 ? (year + size - 1) / size * size - (size - 1) : -((size - 1 - (year - 1)) / size) * size + 1; };
  switch (info->field) {
    case Field::microseconds: return micros;
    case Field::milliseconds: return cut(1'000);
    case Field::second: return cut(kMicrosPerSecond);
    case Field::minute: return cut(60 * kMicrosPerSecond);
    case Field::hour: return cut(kMicrosPerHour);
    case Field::day: return cut(kMicrosPerDay);
    case Field::week: return (day_number(micros) - iso_weekday(day_number(micros)) + 1) * kMicrosPerDay;
    case Field::month: return begin_of(year, civil.month);
    case Field::quarter: return begin_of(year, (civil.month - 1) / 3 * 3 + 1);
    case Field::year: return begin_of(year, 1);
    case Field::decade: return begin_of(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10, 1);
    case Field::century: return begin_of(first_of(100), 1);
    case Field::millennium: return begin_of(first_of(1000), 1);
    case Field::dow:
    case Field::isodow:
    case Field::doy:
    case Field::isoyear:
    case Field::epoch:
    case Field::julian: break;  // no row with trunc
  }
  return micros;
}

}  // namespace crossfade::model
