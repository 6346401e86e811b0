#include "crossfade/model/datetime.hpp"
#include "datetime_fields.hpp"
#include "datetime_text.hpp"

namespace crossfade::model {
namespace {

std::unexpected<Error> invalid(std::string_view type, std::string_view text) {
  return fail("22007"_state, "invalid input syntax for type " + std::string(type) + ": \"" + std::string(text) + "\"");
}

std::unexpected<Error> out_of_range(std::string_view type, std::string_view text) {
  return fail("22008"_state, std::string(type) + " out of range: \"" + std::string(text) + "\"");
}

std::int64_t floor_to_day(std::int64_t micros) {
  const std::int64_t days = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
  return days * kMicrosPerDay;
}

/// 'today bc': the day of the same name that many years before Christ. nullopt: that year had no 29 February.
std::optional<std::int64_t> before_christ(std::int64_t local) {
  Civil civil = civil_from_micros(local);
  const int day = civil.day;
  civil.year = 1 - civil.year;
  const std::int64_t micros = micros_from_civil(civil);
  return civil_from_micros(micros).day == day ? std::optional{micros} : std::nullopt;
}

/// The session's clock for now, and midnight for today, tomorrow and yesterday. Errors: 22008.
Result<std::int64_t> local_moment(const DateFields& fields, const TextStyle& style, std::int64_t now, std::string_view text) {
  const std::int64_t local = style.zone.to_local(now);
  const std::int64_t ahead = fields.special == DateSpecial::tomorrow ? kMicrosPerDay : fields.special == DateSpecial::yesterday ? -kMicrosPerDay : 0;
  const std::int64_t moment = fields.special == DateSpecial::now ? local : floor_to_day(local) + ahead;
  if (!fields.before_christ) return moment;
  if (const auto then = before_christ(moment)) return *then;
  return fail("22008"_state, "date/time field value out of range: \"" + std::string(text) + "\"");
}

// The clock reading that a text stands for, in the zone it names or else in the session's; `instant` when the text says one.
struct Reading { std::int64_t local = 0; std::optional<TimeZone> zone; std::optional<std::int64_t> instant; };

Result<Reading> read(std::string_view text, const TextStyle& style, std::string_view type) {
  CROSSFADE_TRY(const DateFields fields, decode_datetime(text, style.date_order, DateWanted::date, type));
  Reading out{0, fields.zone};
  const std::int64_t clock = fields.micros.value_or(0);
  switch (fields.special) {
    case DateSpecial::none: break;
    case DateSpecial::epoch: {
      constexpr std::int64_t kEpoch = -kUnixToPostgresSeconds * kMicrosPerSecond;
      return Reading{kEpoch, std::nullopt, kEpoch};
    }
    case DateSpecial::infinity: return Reading{kTimestampInfinity};
    case DateSpecial::minus_infinity: return Reading{kTimestampMinusInfinity};
    case DateSpecial::now: {
      const std::int64_t now = now_micros();
      CROSSFADE_TRY(const std::int64_t local, local_moment(fields, style, now, text));
      return Reading{local, std::nullopt, local - (style.zone.to_local(now) - now)};
    }
    case DateSpecial::today:
    case DateSpecial::tomorrow:
    case DateSpecial::yesterday: {
      CROSSFADE_TRY(const std::int64_t day, local_moment(fields, style, now_micros(), text));
      out.local = day + clock;
      return out;
    }
  }
  if (!fields.days) return invalid(type, text);
  const __int128 micros = static_cast<__int128>(*fields.days) * kMicrosPerDay + clock;
  if (micros < kMinTimestamp - kMicrosPerDay || micros >= kEndTimestamp + kMicrosPerDay) return out_of_range("timestamp", text);
  out.local = static_cast<std::int64_t>(micros);
  return out;
}

}  // namespace

Result<Date> parse_date(std::string_view text, const TextStyle& style) {
  CROSSFADE_TRY(const DateFields fields, decode_datetime(text, style.date_order, DateWanted::date, "date"));
  if (fields.special == DateSpecial::infinity) return Date{kDateInfinity};
  if (fields.special == DateSpecial::minus_infinity) return Date{kDateMinusInfinity};
  if (fields.special == DateSpecial::epoch) return Date{-static_cast<std::int32_t>(kUnixToPostgresSeconds * kMicrosPerSecond / kMicrosPerDay)};
  if (fields.special != DateSpecial::none) {
    CROSSFADE_TRY(const std::int64_t local, local_moment(fields, style, now_micros(), text));
    return Date{static_cast<std::int32_t>(floor_to_day(local) / kMicrosPerDay)};  // 'today 24:00' is today
  }
  if (!fields.days) return invalid("date", text);
  if (*fields.days < kMinDate || *fields.days >= kEndDate) return out_of_range("date", text);
  return Date{*fields.days};
}

Result<Time> parse_time(std::string_view text, const TextStyle& style) {
  CROSSFADE_TRY(const DateFields fields, decode_datetime(text, style.date_order, DateWanted::time, "time"));
  if (fields.special == DateSpecial::now) {
    const std::int64_t local = style.zone.to_local(now_micros());
    return Time{local - floor_to_day(local)};
  }
  return Time{fields.micros.value_or(0)};
}

Result<TimeTz> parse_timetz(std::string_view text, const TextStyle& style) {
  constexpr std::string_view kName = "time with time zone";
  CROSSFADE_TRY(const DateFields fields, decode_datetime(text, style.date_order, DateWanted::time, kName));
  const std::int64_t now = style.zone.to_local(now_micros());
  constexpr std::int64_t kMostDays = kEndTimestamp / kMicrosPerDay - 1;
  if (fields.days && (*fields.days > kMostDays || *fields.days < kMinTimestamp / kMicrosPerDay)) return out_of_range(kName, text);
  const std::int64_t day = fields.days ? *fields.days * kMicrosPerDay : floor_to_day(now);
  const bool at_once = fields.special == DateSpecial::now;
  const std::int64_t clock = at_once ? now - floor_to_day(now) : fields.micros.value_or(0);
  const TimeZone zone = fields.zone.value_or(style.zone);
  const auto east = static_cast<std::int32_t>(zone.offset_at(zone.to_utc(day + clock)).count());
  // A zone like FOO70: PostgreSQL takes it, and reads neither the text nor the bytes that it writes of it.
  if (east <= -kZoneLimit || east >= kZoneLimit) return fail("22009"_state, "time zone displacement out of range: \"" + std::string(text) + "\"");
  return TimeTz{clock, east};
}

Result<Timestamp> parse_timestamp(std::string_view text, const TextStyle& style) {
  CROSSFADE_TRY(const Reading reading, read(text, style, "timestamp"));
  if (!infinite(reading.local) && !is_valid_timestamp(reading.local)) return out_of_range("timestamp", text);
  return Timestamp{reading.local};
}

Result<TimestampTz> parse_timestamptz(std::string_view text, const TextStyle& style) {
  CROSSFADE_TRY(const Reading reading, read(text, style, "timestamp with time zone"));
  if (infinite(reading.local)) return TimestampTz{reading.local};
  const std::int64_t utc = reading.instant ? *reading.instant : reading.zone.value_or(style.zone).to_utc(reading.local);
  if (!is_valid_timestamp(utc)) return out_of_range("timestamp", text);
  return TimestampTz{utc};
}

}  // namespace crossfade::model
