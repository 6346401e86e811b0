#include "datetime_parts.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "datetime_tokens.hpp"

namespace crossfade::model {

using namespace said;

namespace {

/// As C's atoi(): PostgreSQL reads the parts of a date that is run together so.
int wrapped_int(std::string_view digits) {
  unsigned __int128 value = 0;
  for (const char c : digits) {
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > LONG_MAX) return -1;
  }
  return static_cast<int>(static_cast<std::uint32_t>(value));
}

int micros_of(std::string_view point_and_digits) {
  return static_cast<int>(std::rint(std::strtod(("0" + std::string(point_and_digits)).c_str(), nullptr) * 1e6));
}

bool all_digits(std::string_view text) {
  for (const char c : text)
    if (!is_digit(c)) return false;
  return true;
}

}  // namespace

std::optional<int> take_int(std::string_view& text) {
  std::int64_t value = 0;
  bool fits = true;
  while (!text.empty() && is_digit(text.front())) {
    if (fits) value = value * 10 + (text.front() - '0');
    fits = fits && value <= INT_MAX;
    text.remove_prefix(1);
  }
  return fits ? std::optional{static_cast<int>(value)} : std::nullopt;
}

DateFault DateParts::fraction(std::string_view text) {
  if (text.empty()) {
    micros = 0;
    return DateFault::none;
  }
  if (text.front() != '.' || !all_digits(text.substr(1))) return DateFault::format;
  micros = micros_of(text);
  return DateFault::none;
}

bool DateParts::clock_overflows() const {
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60 || micros < 0 || micros > kMicrosPerSecond) return true;
  return ((hour * 60 + minute) * std::int64_t{60} + second) * kMicrosPerSecond + micros > kMicrosPerDay;
}

DateFault DateParts::clock(std::string_view text, unsigned& read) {
  read = kClock;
  const auto first = take_int(text);
  if (!first) return DateFault::field;
  if (!text.starts_with(':')) return DateFault::format;
  text.remove_prefix(1);
  const auto next = take_int(text);
  if (!next) return DateFault::field;
  hour = *first;
  minute = *next;
  second = 0;
  if (text.starts_with('.')) {
    second = std::exchange(minute, std::exchange(hour, 0));
  } else if (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto last = take_int(text);
    if (!last) return DateFault::field;
    second = *last;
  }
  if (const DateFault fault = fraction(text); fault != DateFault::none) return fault;
  const bool in_range = minute <= 59 && second <= 60 && micros <= kMicrosPerSecond;
  return in_range ? DateFault::none : DateFault::field;
}

DateFault DateParts::offset(std::string_view text) {
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return DateFault::format;
  std::string_view rest = text.substr(1);
  auto hours = take_int(rest);
  if (!hours) return DateFault::displacement;
  int minutes = 0, seconds = 0;
  for (int* part : {&minutes, &seconds}) {
    if (!rest.starts_with(':')) break;
    rest.remove_prefix(1);
    const auto value = take_int(rest);
    if (!value) return DateFault::displacement;
    *part = *value;
  }
  if (rest.empty() && text.size() > 3 && text.find(':') == text.npos) {
    minutes = *hours % 100;
    hours = *hours / 100;
  }
  if (*hours > 15 || minutes > 59 || seconds > 59) return DateFault::displacement;
  east = ((*hours * 60 + minutes) * 60 + seconds) * (west ? -1 : 1);
  return rest.empty() ? DateFault::none : DateFault::format;
}

DateFault DateParts::run_together(std::string_view digits, unsigned fmask, unsigned& read) {
  const std::size_t point = digits.find('.');
  if (point != digits.npos) {
    micros = micros_of(digits.substr(point, digits.find_first_not_of("0123456789", point + 1) - point));
    digits = digits.substr(0, point);
  } else if ((fmask & kDate) != kDate && digits.size() >= 6) {
    read = kDate;
    const std::size_t years = digits.size() - 4;
    day = wrapped_int(digits.substr(years + 2));
    month = wrapped_int(digits.substr(years, 2));
    year = wrapped_int(digits.substr(0, years));
    two_digits = two_digits || years == 2;
    return DateFault::none;
  }
  if ((fmask & kClock) == kClock || (digits.size() != 6 && digits.size() != 4)) return DateFault::format;
  read = kClock;
  hour = wrapped_int(digits.substr(0, 2));
  minute = wrapped_int(digits.substr(2, 2));
  second = digits.size() == 6 ? wrapped_int(digits.substr(4)) : 0;
  return DateFault::none;
}

DateFault DateParts::number(std::string_view digits, bool text_month, unsigned fmask, unsigned& read) {
  read = 0;
  std::string_view rest = digits;
  const auto value = take_int(rest);
  if (!value) return DateFault::field;
  const std::size_t before = digits.size() - rest.size();
  if (before == 0) return DateFault::format;
  if (rest.starts_with('.')) {
    if (before > 2) return run_together(digits, fmask | kDate, read);
    if (const DateFault fault = fraction(rest); fault != DateFault::none) return fault;
  } else if (!rest.empty()) {
    return DateFault::format;
  }
  const auto set = [&](int& field, unsigned what) {
    field = *value;
    read = what;
    if (what == kYear) two_digits = digits.size() <= 2;
    return DateFault::none;
  };
  const bool may_be_year = digits.size() >= 3 || order == DateOrder::ymd;
  if (digits.size() == 3 && (fmask & kDate) == kYear && *value >= 1 && *value <= 366) return set(day_of_year, kDayOfYear | kMonth | kDay);
  switch (fmask & kDate) {
    case 0:
      if (may_be_year) return set(year, kYear);
      return order == DateOrder::dmy ? set(day, kDay) : set(month, kMonth);
    case kYear:
    case kDay: return set(month, kMonth);
    case kMonth: return text_month && may_be_year ? set(year, kYear) : set(day, kDay);
    case kYear | kMonth:
      if (text_month && digits.size() >= 3 && two_digits) {  // the first number was the day after all: 08-jan-1999 under YMD
        day = std::exchange(year, *value);
        two_digits = false;
        read = kDay;
        return DateFault::none;
      }
      return set(day, kDay);
    case kMonth | kDay: return set(year, kYear);
    case kDate: return run_together(digits, fmask, read);
    default: return DateFault::format;
  }
}

DateFault DateParts::date(std::string_view text, unsigned fmask, unsigned& read) {
  read = 0;
  std::array<std::string_view, 25> fields;
  std::size_t count = 0;
  const auto alnum = [](char c) { return is_digit(c) || is_alpha(c); };
  while (!text.empty() && count < fields.size()) {
    while (!text.empty() && !alnum(text.front())) text.remove_prefix(1);
    if (text.empty()) return DateFault::format;
    const bool number = is_digit(text.front());
    std::size_t length = 0;
    while (length < text.size() && (number ? is_digit(text[length]) : is_alpha(text[length]))) ++length;
    fields[count++] = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));  // what stands behind a field parts it from the next one
  }
  const auto add = [&](unsigned what) {
    const bool again = (fmask & what) != 0;
    fmask |= what;
    read |= what;
    return again ? DateFault::format : DateFault::none;
  };
  bool text_month = false;
  for (std::size_t i = 0; i < count; ++i) {  // a month's name first: it decides what the numbers are
    if (is_digit(fields[i].front())) continue;
    const auto word = date_word(fields[i]);
    if (!word || word->kind != DateWord::Kind::month) return DateFault::format;
    month = word->value;
    text_month = true;
    if (const DateFault fault = add(kMonth); fault != DateFault::none) return fault;
    fields[i] = {};
  }
  for (const std::string_view field : fields) {
    if (field.empty()) continue;
    unsigned what = 0;
    const int micros_before = micros;
    if (const DateFault fault = number(field, text_month, fmask, what); fault != DateFault::none) return fault;
    micros = micros_before;
    if (const DateFault fault = add(what); fault != DateFault::none) return fault;
  }
  return (fmask & ~(kDayOfYear | kZone)) == kDate ? DateFault::none : DateFault::format;
}

}  // namespace crossfade::model
