#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/text_format.hpp"

namespace crossfade::model {

enum class DateFault : char { none, format, field, month_day, displacement, zone };

/// Which fields a text has said: each may be said once. Source: PostgreSQL 15, datetime.c; the names are those of its masks.
namespace said {
inline constexpr unsigned kYear = 1, kMonth = 2, kDay = 4, kDayOfYear = 8, kHour = 16, kMinute = 32, kSecond = 64, kFraction = 128, kZone = 256, kSummer = 512, kSummerZone = 1024,
                          kMeridiem = 2048, kEra = 4096, kWeekday = 8192, kNamedAbbreviation = 16384, kReserved = 32768;
inline constexpr unsigned kDate = kYear | kMonth | kDay, kSeconds = kSecond | kFraction, kClock = kHour | kMinute | kSeconds;
}  // namespace said

/// The fields of one text as its numbers say them, before they are checked together. Each function adds what it read to `read`.
struct DateParts {
  explicit DateParts(DateOrder order) : order(order) {}

  DateOrder order;
  int year = 0, month = 0, day = 0, day_of_year = 0, hour = 0, minute = 0, second = 0, micros = 0;
  std::int32_t east = 0;     // seconds, of an offset
  bool two_digits = false;   // the year was said so

  /// 1999-01-08, jan-08-1999, 1999.008. `fmask`: said before.
  DateFault date(std::string_view text, unsigned fmask, unsigned& read);
  /// 04:05, 04:05:06.7, and 04:05.6, which is minutes and seconds.
  DateFault clock(std::string_view text, unsigned& read);
  /// One number, by what is known so far.
  DateFault number(std::string_view digits, bool text_month, unsigned fmask, unsigned& read);
  /// 19990108, 990108, 040506, 040506.789, 0405.
  DateFault run_together(std::string_view digits, unsigned fmask, unsigned& read);
  /// +02, -0830, +2:30:15
  DateFault offset(std::string_view text);
  /// "" or ".789", whole.
  DateFault fraction(std::string_view text);
  bool clock_overflows() const;
};

/// The digits that a text begins with; they leave it. nullopt: more than an int.
std::optional<int> take_int(std::string_view& text);

}  // namespace crossfade::model
