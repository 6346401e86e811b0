#include <chrono>

#include "crossfade/model/datetime.hpp"

namespace crossfade::model {
namespace {

constexpr std::int64_t kDaysPerEra = 146'097;      // 400 years
constexpr std::int64_t kDaysToMarch0000 = 730'425; // 0000-03-01 … 2000-01-01
constexpr std::int32_t kYearsPerEra = 400;

}  // namespace

// Years begin in March here, so that the leap day is the last of its year.
Civil civil_from_days(std::int64_t days) {
  const std::int64_t shifted = days + kDaysToMarch0000;
  const std::int64_t era = floor_divide(shifted, kDaysPerEra);
  const std::int64_t day_of_era = shifted - era * kDaysPerEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
  Civil civil;
  civil.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  civil.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  civil.year = static_cast<std::int32_t>(year_of_era + era * kYearsPerEra + (civil.month <= 2 ? 1 : 0));
  return civil;
}

std::int32_t days_from_civil(std::int32_t year, int month, int day) {
  const std::int64_t march_year = std::int64_t{year} - (month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(march_year, kYearsPerEra);
  const std::int64_t year_of_era = march_year - era * kYearsPerEra;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int32_t>(era * kDaysPerEra + day_of_era - kDaysToMarch0000);
}

Civil civil_from_micros(std::int64_t micros) {
  const std::int64_t days = floor_divide(micros, kMicrosPerDay);
  std::int64_t rest = micros - days * kMicrosPerDay;
  Civil civil = civil_from_days(days);
  civil.micros = static_cast<int>(rest % kMicrosPerSecond);
  rest /= kMicrosPerSecond;
  civil.second = static_cast<int>(rest % 60);
  civil.minute = static_cast<int>(rest / 60 % 60);
  civil.hour = static_cast<int>(rest / 3'600);
  return civil;
}

std::int64_t micros_from_civil(const Civil& civil) {
  const std::int64_t seconds = (civil.hour * 60 + civil.minute) * 60 + civil.second;
  std::int64_t micros = 0;
  const std::int64_t days = days_from_civil(civil.year, civil.month, civil.day);
  // Years that no timestamp has: the next moment that is_valid_timestamp() refuses.
  if (__builtin_mul_overflow(days, kMicrosPerDay, &micros) ||
      __builtin_add_overflow(micros, seconds * kMicrosPerSecond + civil.micros, &micros)) {
    return days < 0 ? kMinTimestamp - 1 : kEndTimestamp;
  }
  return micros;
}

bool is_valid_timestamp(std::int64_t micros) { return micros >= kMinTimestamp && micros < kEndTimestamp; }

std::int64_t now_micros() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count() - kUnixToPostgresSeconds * kMicrosPerSecond;
}

}  // namespace crossfade::model
