#include "iso_text.hpp"

#include "crossfade/model/datetime.hpp"
#include "form_table.hpp"

namespace crossfade::plan {
namespace {

using model::kMicrosPerDay;
using model::kMicrosPerSecond;

constexpr std::string_view kInfinity = "infinity", kMinusInfinity = "-infinity";
constexpr std::string_view kYears = "ISO text holds the years 0001 to 9999";
constexpr std::string_view kFraction = "it has more digits after the second than the form keeps";
constexpr std::size_t kDateLength = 10, kClockLength = 8;
constexpr int kMicroDigits = 6;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Takes ".123" from the front of `text`, as many digits as the form says.
std::optional<int> take_fraction(std::string_view& text, std::int8_t fraction) {
  if (!text.starts_with('.')) return fraction <= 0 || fraction == kNoneOrSix ? std::optional(0) : std::nullopt;
  std::size_t count = 0;
  while (count + 1 < text.size() && text[count + 1] >= '0' && text[count + 1] <= '9') ++count;
  const bool right = fraction == -1           ? count >= 1 && count <= kMicroDigits
                     : fraction == kNoneOrSix ? count == kMicroDigits
                                              : fraction > 0 && count == static_cast<std::size_t>(fraction);
  if (!right) return std::nullopt;
  int micros = *digits(text, 1, count);
  for (std::size_t i = count; i < kMicroDigits; ++i) micros *= 10;
  if (fraction == kNoneOrSix && micros == 0) return std::nullopt;
  text.remove_prefix(count + 1);
  return micros;
}

std::optional<std::int64_t> take_clock(std::string_view& text, std::int8_t fraction) {
  const auto hour = digits(text, 0, 2), minute = digits(text, 3, 2), second = digits(text, 6, 2);
  if (!hour || !minute || !second || text[2] != ':' || text[5] != ':' || *minute > 59 || *second > 59) return std::nullopt;
  text.remove_prefix(kClockLength);
  const auto micros = take_fraction(text, fraction);
  if (!micros) return std::nullopt;
  return ((*hour * 60 + *minute) * 60 + *second) * kMicrosPerSecond + *micros;
}

void append_number(std::string& out, int value, std::size_t width) {
  const std::string text = std::to_string(value);
  out.append(width - std::min(width, text.size()), '0').append(text);
}

void append_calendar(std::string& out, const model::Civil& civil) {
  append_number(out, civil.year, 4);
  out += '-';
  append_number(out, civil.month, 2);
  out += '-';
  append_number(out, civil.day, 2);
}

// false: the fraction has more digits than the form.
bool append_clock(std::string& out, std::int64_t micros, std::int8_t fraction) {
  const auto seconds = static_cast<int>(micros / kMicrosPerSecond);
  auto rest = static_cast<int>(micros % kMicrosPerSecond);
  append_number(out, seconds / 3'600, 2);
  out += ':';
  append_number(out, seconds / 60 % 60, 2);
  out += ':';
  append_number(out, seconds % 60, 2);
  int count = fraction == kNoneOrSix ? (rest == 0 ? 0 : kMicroDigits) : fraction;
  if (fraction == -1) {
    count = rest == 0 ? 0 : kMicroDigits;
    while (count > 0 && rest % 10 == 0) {
      rest /= 10;
      --count;
    }
  } else {
    for (int i = count; i < kMicroDigits; ++i) {
      if (rest % 10 != 0) return false;
      rest /= 10;
    }
  }
  if (count == 0) return true;
  out += '.';
  append_number(out, rest, static_cast<std::size_t>(count));
  return true;
}

}  // namespace

std::optional<std::int32_t> read_iso_date(std::string_view text) {
  if (text == kInfinity) return model::kDateInfinity;
  if (text == kMinusInfinity) return model::kDateMinusInfinity;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || text.size() != kDateLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (*year < 1 || *month < 1 || *month > 12 || *day < 1) return std::nullopt;
  const std::int32_t days = model::days_from_civil(*year, *month, *day);
  // The 30th of February would have come back as a day in March.
  if (model::civil_from_days(days).month != *month || *day > 31) return std::nullopt;
  return days;
}

std::optional<std::int64_t> read_iso_time(std::string_view text, const StoredForm& form) {
  const auto micros = take_clock(text, form.fraction);
  if (!micros || !text.empty() || *micros > kMicrosPerDay) return std::nullopt;
  return micros;
}

std::optional<std::int64_t> read_iso_timestamp(std::string_view text, const StoredForm& form) {
  if (text == kInfinity) return model::kTimestampInfinity;
  if (text == kMinusInfinity) return model::kTimestampMinusInfinity;
  if (text.size() < kDateLength + 1 + kClockLength || text[kDateLength] != form.separator) return std::nullopt;
  const auto days = read_iso_date(text.substr(0, kDateLength));
  text.remove_prefix(kDateLength + 1);
  const auto micros = take_clock(text, form.fraction);
  if (!days || !micros || *micros >= kMicrosPerDay || text != plan::text(form.offset)) return std::nullopt;
  return *days * kMicrosPerDay + *micros;
}

Written write_iso_date(std::int32_t days) {
  if (days == model::kDateInfinity) return std::string(kInfinity);
  if (days == model::kDateMinusInfinity) return std::string(kMinusInfinity);
  const model::Civil civil = model::civil_from_days(days);
  if (civil.year < 1 || civil.year > 9'999) return std::unexpected(kYears);
  std::string out;
  append_calendar(out, civil);
  return out;
}

Written write_iso_time(std::int64_t micros, const StoredForm& form) {
  std::string out;
  if (!append_clock(out, micros, form.fraction)) return std::unexpected(kFraction);
  return out;
}

Written write_iso_timestamp(std::int64_t micros, const StoredForm& form) {
  if (micros == model::kTimestampInfinity) return std::string(kInfinity);
  if (micros == model::kTimestampMinusInfinity) return std::string(kMinusInfinity);
  const model::Civil civil = model::civil_from_micros(micros);
  if (civil.year < 1 || civil.year > 9'999) return std::unexpected(kYears);
  std::string out;
  append_calendar(out, civil);
  out += form.separator;
  const std::int64_t of_day = ((civil.hour * 60 + civil.minute) * 60 + civil.second) * kMicrosPerSecond + civil.micros;
  if (!append_clock(out, of_day, form.fraction)) return std::unexpected(kFraction);
  out += plan::text(form.offset);
  return out;
}

}  // namespace crossfade::plan
