#include "interval_units.hpp"

#include <array>

namespace crossfade::model {
namespace {

using enum IntervalUnit;

struct UnitWord { std::string_view word; IntervalUnit unit; };
constexpr std::array kUnitWords{
    UnitWord{"us", microsecond}, UnitWord{"usec", microsecond}, UnitWord{"usecond", microsecond}, UnitWord{"useconds", microsecond},
    UnitWord{"usecs", microsecond}, UnitWord{"microsecon", microsecond}, UnitWord{"ms", millisecond}, UnitWord{"msec", millisecond},
    UnitWord{"msecond", millisecond}, UnitWord{"mseconds", millisecond}, UnitWord{"msecs", millisecond}, UnitWord{"millisecon", millisecond},
    UnitWord{"s", second}, UnitWord{"sec", second}, UnitWord{"secs", second}, UnitWord{"second", second}, UnitWord{"seconds", second},
    UnitWord{"m", minute}, UnitWord{"min", minute}, UnitWord{"mins", minute}, UnitWord{"minute", minute}, UnitWord{"minutes", minute},
    UnitWord{"h", hour}, UnitWord{"hr", hour}, UnitWord{"hrs", hour}, UnitWord{"hour", hour}, UnitWord{"hours", hour},
    UnitWord{"d", day}, UnitWord{"day", day}, UnitWord{"days", day}, UnitWord{"w", week}, UnitWord{"week", week}, UnitWord{"weeks", week},
    UnitWord{"mon", month}, UnitWord{"mons", month}, UnitWord{"month", month}, UnitWord{"months", month},
    UnitWord{"y", year}, UnitWord{"yr", year}, UnitWord{"yrs", year}, UnitWord{"year", year}, UnitWord{"years", year},
    UnitWord{"dec", decade}, UnitWord{"decs", decade}, UnitWord{"decade", decade}, UnitWord{"decades", decade},
    UnitWord{"c", century}, UnitWord{"cent", century}, UnitWord{"century", century}, UnitWord{"centuries", century},
    UnitWord{"mil", millennium}, UnitWord{"mils", millennium}, UnitWord{"millennia", millennium}, UnitWord{"millennium", millennium},
};

// Bits of the fields in a modifier. Source: PostgreSQL 15, utils/timestamp.h, INTERVAL_MASK.
constexpr std::int32_t kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kHour = 1 << 10, kMinute = 1 << 11, kSecond = 1 << 12;

struct FieldsRow { std::int32_t mask; std::string_view words; IntervalUnit smallest; };
constexpr std::array kFields{
    FieldsRow{kYear, "year", year}, FieldsRow{kMonth, "month", month}, FieldsRow{kDay, "day", day}, FieldsRow{kHour, "hour", hour},
    FieldsRow{kMinute, "minute", minute}, FieldsRow{kSecond, "second", second}, FieldsRow{kYear | kMonth, "year to month", month},
    FieldsRow{kDay | kHour, "day to hour", hour}, FieldsRow{kDay | kHour | kMinute, "day to minute", minute},
    FieldsRow{kDay | kHour | kMinute | kSecond, "day to second", second}, FieldsRow{kHour | kMinute, "hour to minute", minute},
    FieldsRow{kHour | kMinute | kSecond, "hour to second", second}, FieldsRow{kMinute | kSecond, "minute to second", second},
};

}  // namespace

std::optional<IntervalUnit> interval_unit(std::string_view word) {
  constexpr std::size_t kLooksAt = 10;
  for (const UnitWord& row : kUnitWords) {
    if (row.word == word.substr(0, kLooksAt)) return row.unit;
  }
  return std::nullopt;
}

IntervalUnit smallest_field(std::int32_t fields) {
  for (const FieldsRow& row : kFields) {
    if (row.mask == fields) return row.smallest;
  }
  return second;
}

std::string_view interval_field_words(std::int32_t fields) {
  for (const FieldsRow& row : kFields) {
    if (row.mask == fields) return row.words;
  }
  return {};
}

std::int32_t interval_field_mask(std::string_view words) {
  for (const FieldsRow& row : kFields) {
    if (row.words == words) return row.mask;
  }
  return 0;
}

}  // namespace crossfade::model
