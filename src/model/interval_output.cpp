#include <cstdlib>

#include "crossfade/model/datetime.hpp"
#include "datetime_text.hpp"

namespace crossfade::model {
namespace {

/// An interval's fields, each with its own sign; those of the clock share one.
struct Fields {
  explicit Fields(const Interval& value)
      : years(value.months / 12), months(value.months % 12), days(value.days), hours(value.micros / kMicrosPerHour),
        minutes(static_cast<int>(value.micros / (60 * kMicrosPerSecond) % 60)),
        seconds(static_cast<int>(value.micros / kMicrosPerSecond % 60)), micros(static_cast<int>(value.micros % kMicrosPerSecond)),
        clock(value.micros) {}
  std::int64_t years, months, days, hours;
  int minutes, seconds, micros;
  std::int64_t clock;  // in microseconds
  bool has_months() const { return years != 0 || months != 0; }
};

/// "6.7", or "06.700" where two digits are asked for.
void append_seconds(std::string& out, const Fields& fields, int width) {
  append_padded(out, std::abs(fields.seconds), width);
  append_fraction(out, std::abs(fields.micros));
}

void append_sql_clock(std::string& out, const Fields& fields) {
  out += std::to_string(std::abs(fields.hours)) + ":";
  append_padded(out, std::abs(fields.minutes), 2);
  out += ':';
  append_seconds(out, fields, 2);
}

/// "1-2", "3 4:05:06"; where signs or kinds are mixed, each of the three parts with its sign.
void append_sql_standard(std::string& out, const Fields& fields) {
  const bool negative = fields.years < 0 || fields.months < 0 || fields.days < 0 || fields.clock < 0;
  const bool positive = fields.years > 0 || fields.months > 0 || fields.days > 0 || fields.clock > 0;
  const bool day_time = fields.days != 0 || fields.clock != 0;
  if (!negative && !positive) {
    out += '0';
    return;
  }
  const auto year_month = [&] { out += std::to_string(std::abs(fields.years)) + "-" + std::to_string(std::abs(fields.months)); };
  if ((negative && positive) || (fields.has_months() && day_time)) {
    out += fields.has_months() && (fields.years < 0 || fields.months < 0) ? '-' : '+';
    year_month();
    out.append(fields.days < 0 ? " -" : " +").append(std::to_string(std::abs(fields.days)));
    out += fields.clock < 0 ? " -" : " +";
    return append_sql_clock(out, fields);
  }
  if (negative) out += '-';
  if (fields.has_months()) return year_month();
  if (fields.days != 0) out += std::to_string(std::abs(fields.days)) + " ";
  append_sql_clock(out, fields);
}

/// "P1Y2M3DT4H5M6.7S"
void append_iso_8601(std::string& out, const Fields& fields) {
  const auto part = [&](std::int64_t number, char letter) {
    if (number != 0) out += std::to_string(number) + letter;
  };
  if (!fields.has_months() && fields.days == 0 && fields.clock == 0) {
    out += "PT0S";
    return;
  }
  out += 'P';
  part(fields.years, 'Y');
  part(fields.months, 'M');
  part(fields.days, 'D');
  if (fields.clock == 0) return;
  out += 'T';
  part(fields.hours, 'H');
  part(fields.minutes, 'M');
  if (fields.seconds == 0 && fields.micros == 0) return;
  if (fields.seconds < 0 || fields.micros < 0) out += '-';
  append_seconds(out, fields, 1);
  out += 'S';
}

/// "@ 1 year 2 mons -3 days ago": the first part that is not zero says whether all is ago.
void append_verbose(std::string& out, const Fields& fields) {
  bool any = false, ago = false;
  const auto turned = [&](bool negative) {
    if (!any) ago = negative;
    any = true;
    return negative != ago;
  };
  const auto part = [&](std::int64_t number, std::string_view unit) {
    if (number == 0) return;
    const bool minus = turned(number < 0);
    const std::int64_t shown = minus ? -std::abs(number) : std::abs(number);
    out.append(" ").append(std::to_string(shown)).append(" ").append(unit);
    if (shown != 1) out += 's';
  };
  out += '@';
  part(fields.years, "year");
  part(fields.months, "mon");
  part(fields.days, "day");
  part(fields.hours, "hour");
  part(fields.minutes, "min");
  if (fields.seconds != 0 || fields.micros != 0) {
    out += ' ';
    if (turned(fields.seconds < 0 || fields.micros < 0)) out += '-';
    append_seconds(out, fields, 1);
    out += std::abs(fields.seconds) != 1 || fields.micros != 0 ? " secs" : " sec";
  }
  if (!any) out += " 0";
  if (ago) out += " ago";
}

/// "1 year 2 mons -3 days +04:05:06": a positive part behind a negative one says its sign.
void append_postgres(std::string& out, const Fields& fields) {
  const std::size_t begin = out.size();
  bool negative = false;
  const auto part = [&](std::int64_t number, std::string_view unit) {
    if (number == 0) return;
    if (out.size() > begin) out += ' ';
    if (negative && number > 0) out += '+';
    out.append(std::to_string(number)).append(" ").append(unit);
    if (number != 1) out += 's';
    negative = number < 0;
  };
  part(fields.years, "year");
  part(fields.months, "mon");
  part(fields.days, "day");
  if (fields.clock == 0 && out.size() > begin) return;
  if (out.size() > begin) out += ' ';
  if (fields.clock < 0) out += '-';
  else if (negative) out += '+';
  append_clock(out, std::abs(fields.hours), std::abs(fields.minutes), std::abs(fields.seconds), std::abs(fields.micros));
}

}  // namespace

void append_interval(std::string& out, const Interval& value, IntervalStyle style) {
  const Fields fields{value};
  switch (style) {
    case IntervalStyle::postgres: return append_postgres(out, fields);
    case IntervalStyle::postgres_verbose: return append_verbose(out, fields);
    case IntervalStyle::sql_standard: return append_sql_standard(out, fields);
    case IntervalStyle::iso_8601: return append_iso_8601(out, fields);
  }
}

}  // namespace crossfade::model
