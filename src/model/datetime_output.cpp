#include <array>
#include <cstdio>
#include <cstdlib>

#include "crossfade/model/datetime.hpp"
#include "datetime_text.hpp"

namespace crossfade::model {
namespace {

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

void append_calendar(std::string& out, const Civil& civil) {
  append_padded(out, civil.year > 0 ? civil.year : 1 - civil.year, 4);
  out += '-';
  append_padded(out, civil.month, 2);
  out += '-';
  append_padded(out, civil.day, 2);
}

void append_clock(std::string& out, std::int64_t hour, int minute, int second, int micros) {
  append_padded(out, hour, 2);
  out += ':';
  append_padded(out, minute, 2);
  out += ':';
  append_padded(out, second, 2);
  append_fraction(out, micros);
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

}  // namespace

void append_date(std::string& out, Date value) {
  if (value.days == kDateInfinity || value.days == kDateMinusInfinity) {
    out += value.days == kDateInfinity ? "infinity" : "-infinity";
    return;
  }
  const Civil civil = civil_from_days(value.days);
  append_calendar(out, civil);
  if (civil.year <= 0) out += " BC";
}

void append_time(std::string& out, Time value) {
  const std::int64_t seconds = value.micros / kMicrosPerSecond;
  append_clock(out, seconds / 3'600, static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
               static_cast<int>(value.micros % kMicrosPerSecond));
}

void append_timestamp(std::string& out, Timestamp value) {
  if (append_infinity(out, value.micros)) return;
  const Civil civil = civil_from_micros(value.micros);
  append_calendar(out, civil);
  out += ' ';
  append_clock(out, civil.hour, civil.minute, civil.second, civil.micros);
  if (civil.year <= 0) out += " BC";
}

void append_timestamptz(std::string& out, TimestampTz value, const TimeZone& zone) {
  if (append_infinity(out, value.micros)) return;
  const std::int64_t offset = zone.offset_at(value.micros).count();
  const Civil civil = civil_from_micros(value.micros + offset * kMicrosPerSecond);
  append_calendar(out, civil);
  out += ' ';
  append_clock(out, civil.hour, civil.minute, civil.second, civil.micros);
  append_offset(out, offset);
  if (civil.year <= 0) out += " BC";
}

void append_interval(std::string& out, const Interval& value) {
  const std::size_t begin = out.size();
  bool negative = false;  // the part before: a positive part then says its sign
  const auto part = [&](std::int64_t number, std::string_view unit) {
    if (number == 0) return;
    if (out.size() > begin) out += ' ';
    if (negative && number > 0) out += '+';
    out.append(std::to_string(number)).append(" ").append(unit);
    if (number != 1) out += 's';
    negative = number < 0;
  };
  part(value.months / 12, "year");
  part(value.months % 12, "mon");
  part(value.days, "day");
  if (value.micros == 0 && out.size() > begin) return;
  if (out.size() > begin) out += ' ';
  if (value.micros < 0) {
    out += '-';
  } else if (negative) {
    out += '+';
  }
  const std::uint64_t magnitude = value.micros < 0 ? 0 - static_cast<std::uint64_t>(value.micros) : static_cast<std::uint64_t>(value.micros);
  const std::uint64_t seconds = magnitude / kMicrosPerSecond;
  append_clock(out, static_cast<std::int64_t>(seconds / 3'600), static_cast<int>(seconds / 60 % 60),
               static_cast<int>(seconds % 60), static_cast<int>(magnitude % kMicrosPerSecond));
}

std::int64_t round_micros(std::int64_t micros, std::int32_t digits) {
  if (digits < 0 || digits >= 6) return micros;
  std::int64_t unit = 1;
  for (std::int32_t i = digits; i < 6; ++i) unit *= 10;
  const std::int64_t half = unit / 2;
  return micros >= 0 ? (micros + half) / unit * unit : -((-micros + half) / unit * unit);
}

}  // namespace crossfade::model
