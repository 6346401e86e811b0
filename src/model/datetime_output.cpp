#include <array>
#include <cstdio>
#include <cstdlib>

#include "crossfade/model/datetime.hpp"
#include "datetime_text.hpp"

namespace crossfade::model {

void append_padded(std::string& out, std::int64_t value, int width) {
  std::array<char, 24> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%0*lld", width, static_cast<long long>(value));
  out += buffer.data();
}

// ".5" of 500000; nothing of 0.
void append_fraction(std::string& out, int micros) {
  if (micros == 0) return;
  out += '.';
  append_padded(out, micros, 6);
  while (out.back() == '0') out.pop_back();
}

void append_clock(std::string& out, std::int64_t hour, int minute, int second, int micros) {
  append_padded(out, hour, 2);
  out += ':';
  append_padded(out, minute, 2);
  out += ':';
  append_padded(out, second, 2);
  append_fraction(out, micros);
}

namespace {

std::int64_t shown_year(const Civil& civil) { return civil.year > 0 ? civil.year : 1 - std::int64_t{civil.year}; }

/// Two numbers and the year between them and after, in the style's order.
void append_written(std::string& out, const Civil& civil, char separator, bool day_first) {
  append_padded(out, day_first ? civil.day : civil.month, 2);
  out += separator;
  append_padded(out, day_first ? civil.month : civil.day, 2);
  out += separator;
  append_padded(out, shown_year(civil), 4);
}

void append_calendar(std::string& out, const Civil& civil, const TextStyle& style) {
  const bool day_first = style.date_order == DateOrder::dmy;
  switch (style.date_style) {
    case DateStyle::iso: break;
    case DateStyle::sql: return append_written(out, civil, '/', day_first);
    case DateStyle::postgres: return append_written(out, civil, '-', day_first);
    case DateStyle::german: return append_written(out, civil, '.', true);
  }
  append_padded(out, shown_year(civil), 4);
  out += '-';
  append_padded(out, civil.month, 2);
  out += '-';
  append_padded(out, civil.day, 2);
}

void append_offset(std::string& out, std::int64_t seconds) {
  out += seconds < 0 ? '-' : '+';
  seconds = std::abs(seconds);
  append_padded(out, seconds / 3'600, 2);
  if (seconds % 3'600 == 0) return;
  out += ':';
  append_padded(out, seconds / 60 % 60, 2);
  if (seconds % 60 == 0) return;
  out += ':';
  append_padded(out, seconds % 60, 2);
}

bool append_infinity(std::string& out, std::int64_t micros) {
  if (micros == kTimestampInfinity) out += "infinity";
  if (micros == kTimestampMinusInfinity) out += "-infinity";
  return micros == kTimestampInfinity || micros == kTimestampMinusInfinity;
}

void append_civil_clock(std::string& out, const Civil& civil) {
  append_clock(out, civil.hour, civil.minute, civil.second, civil.micros);
}

/// "Thu Feb 29 12:34:56 2024"; DMY: "Thu 29 Feb …".
void append_in_words(std::string& out, const Civil& civil, DateOrder order) {
  constexpr std::array kDays{"Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"};  // 2000-01-01 was a Saturday
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t day = days_from_civil(civil.year, civil.month, civil.day);
  out.append(kDays[static_cast<std::size_t>((day % 7 + 7) % 7)]).append(" ");
  const char* month = kMonths[static_cast<std::size_t>(civil.month - 1)];
  if (order == DateOrder::dmy) {
    append_padded(out, civil.day, 2);
    out.append(" ").append(month);
  } else {
    out.append(month).append(" ");
    append_padded(out, civil.day, 2);
  }
  out += ' ';
  append_civil_clock(out, civil);
  out += ' ';
  append_padded(out, shown_year(civil), 4);
}

void append_day_and_clock(std::string& out, const Civil& civil, const TextStyle& style) {
  if (style.date_style == DateStyle::postgres) return append_in_words(out, civil, style.date_order);
  append_calendar(out, civil, style);
  out += ' ';
  append_civil_clock(out, civil);
}

}  // namespace

void append_date(std::string& out, Date value, const TextStyle& style) {
  if (value.days == kDateInfinity || value.days == kDateMinusInfinity) {
    out += value.days == kDateInfinity ? "infinity" : "-infinity";
    return;
  }
  const Civil civil = civil_from_days(value.days);
  append_calendar(out, civil, style);
  if (civil.year <= 0) out += " BC";
}

void append_time(std::string& out, Time value) {
  const std::int64_t seconds = value.micros / kMicrosPerSecond;
  append_clock(out, seconds / 3'600, static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
               static_cast<int>(value.micros % kMicrosPerSecond));
}

void append_timetz(std::string& out, TimeTz value) {
  append_time(out, Time{value.micros});
  append_offset(out, value.offset);
}

void append_timestamp(std::string& out, Timestamp value, const TextStyle& style) {
  if (append_infinity(out, value.micros)) return;
  const Civil civil = civil_from_micros(value.micros);
  append_day_and_clock(out, civil, style);
  if (civil.year <= 0) out += " BC";
}

void append_timestamptz(std::string& out, TimestampTz value, const TextStyle& style) {
  if (append_infinity(out, value.micros)) return;
  const std::int64_t offset = style.zone.offset_at(value.micros).count();
  const Civil civil = civil_from_micros(value.micros + offset * kMicrosPerSecond);
  append_day_and_clock(out, civil, style);
  if (style.date_style == DateStyle::iso) {
    append_offset(out, offset);
  } else if (const std::string abbreviation = style.zone.abbreviation_at(value.micros); !abbreviation.empty()) {
    out.append(" ").append(abbreviation);
  } else {
    if (style.date_style == DateStyle::postgres) out += ' ';
    append_offset(out, offset);
  }
  if (civil.year <= 0) out += " BC";
}

std::int64_t round_micros(std::int64_t micros, std::int32_t digits) {
  if (digits < 0 || digits >= 6) return micros;
  std::int64_t unit = 1;
  for (std::int32_t i = digits; i < 6; ++i) unit *= 10;
  const std::int64_t half = unit / 2;
  return micros >= 0 ? (micros + half) / unit * unit : -((-micros + half) / unit * unit);
}

}  // namespace crossfade::model
