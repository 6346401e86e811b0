#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/text_format.hpp"

namespace crossfade::model {

enum class DateSpecial : char { none, epoch, infinity, minus_infinity, now, today, tomorrow, yesterday };

/// time: digits alone are a clock reading, not a date.
enum class DateWanted : char { date, time };

/// What a text says, checked field by field.
struct DateFields {
  DateSpecial special = DateSpecial::none;
  std::optional<std::int32_t> days;     // since 2000-01-01
  std::optional<std::int64_t> micros;   // of the day; 24:00:00 included
  std::optional<TimeZone> zone;         // Z, an offset or a name
  bool before_christ = false;           // said of today and the like; `days` has it in it
};
/// `type` is how PostgreSQL calls the type in its messages. Errors: 22007, 22008, 22009, 22023.
Result<DateFields> decode_datetime(std::string_view text, DateOrder order, DateWanted wanted, std::string_view type);

}  // namespace crossfade::model
