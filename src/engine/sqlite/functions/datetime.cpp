#include "crossfade/model/datetime.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "call.hpp"
#include "crossfade/model/date_part.hpp"
#include "crossfade/model/numeric.hpp"
#include "from_char.hpp"
#include "to_char.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using Int64 = std::int64_t;
using model::Interval;

Answer micros_answer(const model::Result<Int64>& micros) {
  if (!micros) return std::unexpected(micros.error());
  return *micros;
}

const model::TimeZone& zone_of(const Call& call) { return call.session().style.zone; }


// ---- now

Answer now(const Call& call) { return call.session().transaction_micros ? call.session().transaction_micros : model::now_micros(); }
Answer statement_now(const Call& call) {
  return call.session().statement_micros ? call.session().statement_micros : model::now_micros();
}
Answer clock_now(const Call&) { return model::now_micros(); }

// ---- intervals

enum class Sign : std::uint8_t { plus, minus };
model::Result<Interval> signed_by(Sign sign, const model::Result<Interval>& interval) {
  return !interval || sign == Sign::plus ? interval : model::negate(*interval);
}

template <Sign S>
Answer add_to_timestamp(const Call& call) {
  CROSSFADE_TRY(const Interval interval, signed_by(S, call.interval(1)));
  return micros_answer(model::add_interval(call.integer(0), interval));
}

template <Sign S>
Answer add_to_timestamptz(const Call& call) {
  CROSSFADE_TRY(const Interval interval, signed_by(S, call.interval(1)));
  return micros_answer(model::add_interval(call.integer(0), interval, zone_of(call)));
}

template <Sign S>
Answer add_to_time(const Call& call) {
  CROSSFADE_TRY(const Interval interval, signed_by(S, call.interval(1)));
  const Int64 sum = (call.integer(0) + interval.micros % model::kMicrosPerDay) % model::kMicrosPerDay;
  return sum < 0 ? sum + model::kMicrosPerDay : sum;
}

template <Sign S>
Answer add_intervals(const Call& call) {
  CROSSFADE_TRY(const Interval left, call.interval(0));
  CROSSFADE_TRY(const Interval right, signed_by(S, call.interval(1)));
  return interval_answer(model::add(left, right));
}
Answer negate_interval(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(0));
  return interval_answer(model::negate(interval));
}
Answer multiply_interval(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(0));
  return interval_answer(model::multiply(interval, call.real(1)));
}
Answer divide_interval(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(0));
  return interval_answer(model::divide(interval, call.real(1)));
}
Answer subtract_timestamps(const Call& call) {
  return interval_answer(model::subtract_timestamps(call.integer(0), call.integer(1)));
}
Answer subtract_times(const Call& call) { return interval_answer(Interval{call.integer(0) - call.integer(1)}); }
Answer age(const Call& call) { return interval_answer(model::age(call.integer(0), call.integer(1))); }
Answer age_zoned(const Call& call) {
  return interval_answer(model::age(zone_of(call).to_local(call.integer(0)), zone_of(call).to_local(call.integer(1))));
}
/// age(t): from the midnight that today began with.
template <bool Zoned>
Answer age_today(const Call& call) {
  const Int64 local = zone_of(call).to_local(std::get<Int64>(*now(call)));
  const Int64 part = local % model::kMicrosPerDay;
  return interval_answer(model::age(local - (part < 0 ? part + model::kMicrosPerDay : part), Zoned ? zone_of(call).to_local(call.integer(0)) : call.integer(0)));
}

bool infinite_date(Int64 days) { return days == model::kDateInfinity || days == model::kDateMinusInfinity; }

Answer add_to_date(const Call& call) {
  if (infinite_date(call.integer(0))) return call.integer(0);
  const Int64 sum = call.integer(0) + call.integer(1);
  if (sum < model::kMinDate || sum >= model::kEndDate) return model::fail("22008"_state, "date out of range");
  return sum;
}
Answer subtract_dates(const Call& call) {
  if (infinite_date(call.integer(0)) || infinite_date(call.integer(1))) return model::fail("22008"_state, "cannot subtract infinite dates");
  return call.integer(0) - call.integer(1);
}
/// date + time.
Answer date_at_time(const Call& call) {
  CROSSFADE_TRY(const Int64 midnight, model::timestamp_of_date(call.integer(0)));
  if (model::infinite(midnight)) return midnight;
  if (!model::is_valid_timestamp(midnight + call.integer(1))) return model::fail("22008"_state, "timestamp out of range");
  return midnight + call.integer(1);
}

// ---- parts

constexpr std::string_view kNaive = "timestamp without time zone", kZoned = "timestamp with time zone";  // in messages

std::string lower(std::string_view field) {
  std::string result{field};
  for (char& character : result) character = character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32) : character;
  return result;
}

Answer truncate_local(const Call& call) { return micros_answer(model::date_trunc(lower(call.text(0)), call.integer(1), kNaive)); }
/// Parts of the day are cut under the offset that holds, days and more under that of the result.
Answer truncate_in_zone(const Call& call, const model::TimeZone& zone) {
  if (model::infinite(call.integer(1))) return call.integer(1);
  const std::string field = lower(call.text(0));
  const Int64 local = zone.to_local(call.integer(1));
  CROSSFADE_TRY(const Int64 cut, model::date_trunc(field, local, kZoned));
  return model::is_clock_field(field) ? cut - (local - call.integer(1)) : zone.to_utc(cut);
}
Answer truncate_zoned(const Call& call) { return truncate_in_zone(call, zone_of(call)); }
Answer truncate_interval(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(1));
  return interval_answer(model::date_trunc(lower(call.text(0)), interval));
}

struct ZonePart { std::string_view name; int divisor, modulus; };
constexpr std::array kZoneParts{
    ZonePart{"timezone", 1, 0}, ZonePart{"timezone_hour", 3600, 0}, ZonePart{"timezone_minute", 60, 60},
};

Answer numeric_or_null(const model::Result<model::Value>& value) {
  if (!value) return std::unexpected(value.error());
  return to_runtime(*value, model::Type{oid::numeric});
}

/// extract(field, timestamp): numeric.
Answer extract(const Call& call) { return numeric_or_null(model::extract(lower(call.text(0)), call.integer(1), kNaive)); }

/// extract(field, timestamptz): epoch is the instant's own, the rest is read on the local clock.
Answer extract_zoned(const Call& call) {
  const std::string field = lower(call.text(0));
  const Int64 utc = call.integer(1);
  if (field == "epoch" || model::infinite(utc)) return numeric_or_null(model::extract(field, utc, kZoned));
  const Int64 offset = zone_of(call).offset_at(utc).count();
  for (const ZonePart& part : kZoneParts) {
    if (part.name == field) return std::to_string(part.modulus ? offset / part.divisor % part.modulus : offset / part.divisor);
  }
  return numeric_or_null(model::extract(field, zone_of(call).to_local(utc), kZoned));
}

/// extract(field, date): whole numbers; a date has no clock.
Answer extract_date(const Call& call) {
  const std::string field = lower(call.text(0));
  const bool zone = std::ranges::find(kZoneParts, field, &ZonePart::name) != kZoneParts.end();
  if (zone || model::is_clock_field(field)) return model::fail("0A000"_state, "unit \"" + field + "\" not supported for type date");
  const Int64 days = call.integer(1);
  const Int64 micros = days == model::kDateInfinity        ? model::kTimestampInfinity
                       : days == model::kDateMinusInfinity ? model::kTimestampMinusInfinity
                                                           : days * model::kMicrosPerDay;
  CROSSFADE_TRY(const model::Value value, model::extract(field, micros, "date"));
  const auto* number = std::get_if<model::Numeric>(&value);
  return number ? Answer{number->text.substr(0, number->text.find('.'))} : Answer{model::Null{}};
}

Answer extract_time(const Call& call) {
  const std::string field = lower(call.text(0));
  return numeric_or_null(model::extract_clock(field, call.integer(1), "time without time zone"));
}
Answer extract_timetz(const Call& call) {
  const std::string field = lower(call.text(0));
  const model::Type type{oid::timetz};
  CROSSFADE_TRY(const model::Value value, plan::decode(call.value(1), plan::runtime_form(type), type));
  const auto& time = std::get<model::TimeTz>(value);
  for (const ZonePart& part : kZoneParts) {
    if (part.name == field) return std::to_string(part.modulus ? time.offset / part.divisor % part.modulus : time.offset / part.divisor);
  }
  const Int64 micros = field == "epoch" ? time.micros - time.offset * model::kMicrosPerSecond : time.micros;
  return numeric_or_null(model::extract_clock(field, micros, "time with time zone"));
}

Answer extract_interval(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(1));
  return numeric_or_null(model::extract(lower(call.text(0)), interval));
}

/// date_part(field, …) of what extract(field, …) gave.
Answer part_as_double(const Call& call) { return model::date_part(lower(call.text(0)), call.numeric(1)); }
Answer interval_part(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(1));
  const std::string field = lower(call.text(0));
  if (field == "epoch") return model::epoch_of(interval);
  CROSSFADE_TRY(const model::Value value, model::extract(field, interval));
  const auto* number = std::get_if<model::Numeric>(&value);
  return number ? Answer{model::date_part(field, *number)} : Answer{model::Null{}};
}

// ---- zones and makers

Answer checked_timestamp(Int64 micros) {
  if (!model::infinite(micros) && !model::is_valid_timestamp(micros)) return model::fail("22008"_state, "timestamp out of range");
  return micros;
}

model::Result<model::TimeZone> named_zone(const Call& call) {
  if (auto zone = model::TimeZone::find_or_abbreviation(call.text(0))) return *zone;
  return model::fail("22023"_state, "time zone \"" + call.string(0) + "\" not recognized");
}
Answer truncate_in_named_zone(const Call& call) {
  if (model::infinite(call.integer(1))) return call.integer(1);
  if (!model::TimeZone::find_or_abbreviation(call.text(2))) {
    return model::fail("22023"_state, "time zone \"" + call.string(2) + "\" not recognized");
  }
  return truncate_in_zone(call, *model::TimeZone::find_or_abbreviation(call.text(2)));
}
Answer to_instant(const Call& call) {
  if (model::infinite(call.integer(1))) return call.integer(1);
  CROSSFADE_TRY(const model::TimeZone zone, named_zone(call));
  return checked_timestamp(zone.to_utc(call.integer(1)));
}
Answer to_local(const Call& call) {
  if (model::infinite(call.integer(1))) return call.integer(1);
  CROSSFADE_TRY(const model::TimeZone zone, named_zone(call));
  return checked_timestamp(zone.to_local(call.integer(1)));
}

bool valid_date(Int64 year, Int64 month, Int64 day) {
  if (year == 0 || month < 1 || month > 12 || day < 1 || day > 31 || std::abs(year) > 5'874'897) return false;
  const auto y = static_cast<std::int32_t>(year < 0 ? year + 1 : year);
  const auto m = static_cast<int>(month);
  const std::int32_t next = m == 12 ? model::days_from_civil(y + 1, 1, 1) : model::days_from_civil(y, m + 1, 1);
  return day <= next - model::days_from_civil(y, m, 1);
}
Answer make_date(const Call& call) {
  if (!valid_date(call.integer(0), call.integer(1), call.integer(2))) {
    return model::fail("22008"_state, "date field value out of range: " + std::to_string(call.integer(0)) + "-" +
                                          std::to_string(call.integer(1)) + "-" + std::to_string(call.integer(2)));
  }
  const Int64 year = call.integer(0);
  return Int64{model::days_from_civil(static_cast<std::int32_t>(year < 0 ? year + 1 : year), static_cast<int>(call.integer(1)),
                                      static_cast<int>(call.integer(2)))};
}
Answer make_timestamp(const Call& call) {
  CROSSFADE_TRY(const StorageValue date, make_date(call));
  const Int64 hour = call.integer(3), minute = call.integer(4);
  const double second = call.real(5);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60)) {
    return model::fail("22008"_state, "time field value out of range");
  }
  CROSSFADE_TRY(const Int64 midnight, model::timestamp_of_date(std::get<Int64>(date)));
  return checked_timestamp(midnight + hour * model::kMicrosPerHour + minute * 60 * model::kMicrosPerSecond + static_cast<Int64>(std::nearbyint(second * 1e6)));
}
/// to_timestamp(seconds since 1970).
Answer from_epoch(const Call& call) {
  if (std::isinf(call.real(0))) return call.real(0) > 0 ? std::numeric_limits<Int64>::max() : std::numeric_limits<Int64>::min();
  const double micros = std::nearbyint((call.real(0) - model::kUnixToPostgresSeconds) * 1e6);
  if (!(std::abs(micros) < 9.2e18)) return model::fail("22008"_state, "timestamp out of range");
  return static_cast<Int64>(micros);
}

Answer char_of_timestamp(const Call& call) { return to_char(call.integer(0), call.text(1)); }
Answer char_of_timestamptz(const Call& call) {
  const Int64 instant = call.integer(0);
  const model::TimeZone& zone = zone_of(call);
  if (model::infinite(instant)) return model::Null{};
  return to_char(zone.to_local(instant), call.text(1), {static_cast<int>(zone.offset_at(instant).count()), zone.abbreviation_at(instant)});
}
Answer char_of_interval(const Call& call) {
  CROSSFADE_TRY(const Interval interval, call.interval(0));
  return to_char(interval, call.text(1));
}

Answer date_from_char(const Call& call) {
  CROSSFADE_TRY(const ReadMoment read, from_char(call.text(0), call.text(1)));
  const Int64 days = Int64{model::days_from_civil(read.year, read.month, 1)} + read.day - 1;
  if (days < model::kMinDate || days >= model::kEndDate) return model::fail("22008"_state, "date out of range: \"" + call.string(0) + "\"");
  return days;
}
Answer timestamp_from_char(const Call& call) {
  CROSSFADE_TRY(const ReadMoment read, from_char(call.text(0), call.text(1)));
  const Int64 days = Int64{model::days_from_civil(read.year, read.month, 1)} + read.day - 1;
  if (days < model::kMinDate) return model::fail("22008"_state, "timestamp out of range");
  CROSSFADE_TRY(const Int64 midnight, model::timestamp_of_date(days));
  const Int64 local = midnight + read.micros;
  const Int64 instant = read.offset_seconds ? local - *read.offset_seconds * model::kMicrosPerSecond : zone_of(call).to_utc(local);
  Int64 scale = 1;
  for (int i = read.fraction_digits; i < 6; ++i) scale *= 10;
  return checked_timestamp((std::abs(instant) + scale / 2) / scale * scale * (instant < 0 ? -1 : 1));
}

// ---- intervals from and to other units

/// justify_hours, justify_days, justify_interval: 24 hours are a day, 30 days a month.
template <bool Hours, bool Days>
Answer justify(const Call& call) {
  CROSSFADE_TRY(Interval interval, call.interval(0));
  if constexpr (Hours && Days) {  // what would be too many days together may be months apart
    if ((interval.days > 0 && interval.micros > 0) || (interval.days < 0 && interval.micros < 0)) {
      const std::int32_t months = interval.days / 30;
      interval.days -= months * 30;
      if (__builtin_add_overflow(interval.months, months, &interval.months)) return model::fail("22008"_state, "interval out of range");
    }
  }
  if constexpr (Hours) {
    const Int64 days = interval.micros / model::kMicrosPerDay;
    interval.micros -= days * model::kMicrosPerDay;
    if (__builtin_add_overflow(interval.days, days, &interval.days)) return model::fail("22008"_state, "interval out of range");
  }
  if constexpr (Days) {
    const std::int32_t months = interval.days / 30;
    interval.days -= months * 30;
    if (__builtin_add_overflow(interval.months, months, &interval.months)) return model::fail("22008"_state, "interval out of range");
  }
  if constexpr (Days) {
    const bool rest_negative = interval.days < 0 || (Hours && interval.days == 0 && interval.micros < 0);
    const bool rest_positive = interval.days > 0 || (Hours && interval.days == 0 && interval.micros > 0);
    if (interval.months > 0 && rest_negative) interval.days += 30, --interval.months;
    else if (interval.months < 0 && rest_positive) interval.days -= 30, ++interval.months;
  }
  if constexpr (Hours) {
    if (interval.days > 0 && interval.micros < 0) interval.micros += model::kMicrosPerDay, --interval.days;
    else if (interval.days < 0 && interval.micros > 0) interval.micros -= model::kMicrosPerDay, ++interval.days;
  }
  return interval_answer(interval);
}

/// make_interval(years, months, weeks, days, hours, minutes, seconds): those that are left out are 0.
Answer make_interval(const Call& call) {
  const auto part = [&](std::size_t index) { return index < call.size() ? call.integer(index) : 0; };
  const double seconds = call.size() > 6 ? call.real(6) : 0;
  if (!std::isfinite(seconds)) return model::fail("22008"_state, "interval out of range");
  const Int64 micros = (part(4) * 3600 + part(5) * 60) * model::kMicrosPerSecond + static_cast<Int64>(std::nearbyint(seconds * 1e6));
  return interval_answer(Interval{micros, static_cast<std::int32_t>(part(2) * 7 + part(3)), static_cast<std::int32_t>(part(0) * 12 + part(1))});
}

Answer make_time(const Call& call) {
  const Int64 hour = call.integer(0), minute = call.integer(1);
  const double second = call.real(2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
    return model::fail("22008"_state, "time field value out of range: " + std::to_string(hour) + ":" + std::to_string(minute) + ":" + std::to_string(second));
  }
  return (hour * 3600 + minute * 60) * model::kMicrosPerSecond + static_cast<Int64>(std::nearbyint(second * 1e6));
}

constexpr std::array kDatetimeFunctions{
    Function{"crossfade_to_date", 2, date_from_char},
    Function{"crossfade_to_timestamp", 2, timestamp_from_char},
    Function{"crossfade_justify_hours", 1, justify<true, false>},
    Function{"crossfade_justify_days", 1, justify<false, true>},
    Function{"crossfade_justify_interval", 1, justify<true, true>},
    Function{"crossfade_make_interval", -1, make_interval},
    Function{"crossfade_make_time", 3, make_time},
    Function{"crossfade_now", 0, now},
    Function{"crossfade_statement_timestamp", 0, statement_now},
    Function{"crossfade_clock_timestamp", 0, clock_now, Nulls::passed, Volatility::volatile_},
    Function{"crossfade_timestamp_add", 2, add_to_timestamp<Sign::plus>},
    Function{"crossfade_timestamp_subtract", 2, add_to_timestamp<Sign::minus>},
    Function{"crossfade_timestamptz_add", 2, add_to_timestamptz<Sign::plus>},
    Function{"crossfade_timestamptz_subtract", 2, add_to_timestamptz<Sign::minus>},
    Function{"crossfade_time_add", 2, add_to_time<Sign::plus>},
    Function{"crossfade_time_subtract", 2, add_to_time<Sign::minus>},
    Function{"crossfade_interval_add", 2, add_intervals<Sign::plus>},
    Function{"crossfade_interval_subtract", 2, add_intervals<Sign::minus>},
    Function{"crossfade_interval_negate", 1, negate_interval},
    Function{"crossfade_interval_multiply", 2, multiply_interval},
    Function{"crossfade_interval_divide", 2, divide_interval},
    Function{"crossfade_timestamp_difference", 2, subtract_timestamps},
    Function{"crossfade_time_difference", 2, subtract_times},
    Function{"crossfade_age", 2, age},
    Function{"crossfade_age_zoned", 2, age_zoned},
    Function{"crossfade_age_today", 1, age_today<false>},
    Function{"crossfade_age_today_zoned", 1, age_today<true>},
    Function{"crossfade_date_add", 2, add_to_date},
    Function{"crossfade_date_difference", 2, subtract_dates},
    Function{"crossfade_date_time", 2, date_at_time},
    Function{"crossfade_date_trunc", 2, truncate_local},
    Function{"crossfade_date_trunc_zoned", 2, truncate_zoned},
    Function{"crossfade_date_trunc_zoned", 3, truncate_in_named_zone},
    Function{"crossfade_date_trunc_interval", 2, truncate_interval},
    Function{"crossfade_extract", 2, extract},
    Function{"crossfade_extract_zoned", 2, extract_zoned},
    Function{"crossfade_extract_date", 2, extract_date},
    Function{"crossfade_extract_time", 2, extract_time},
    Function{"crossfade_extract_timetz", 2, extract_timetz},
    Function{"crossfade_extract_interval", 2, extract_interval},
    Function{"crossfade_date_part", 2, part_as_double},
    Function{"crossfade_date_part_interval", 2, interval_part},
    Function{"crossfade_to_instant", 2, to_instant},
    Function{"crossfade_to_local", 2, to_local},
    Function{"crossfade_make_date", 3, make_date},
    Function{"crossfade_make_timestamp", 6, make_timestamp},
    Function{"crossfade_from_epoch", 1, from_epoch},
    Function{"crossfade_to_char", 2, char_of_timestamp},
    Function{"crossfade_to_char_interval", 2, char_of_interval},
    Function{"crossfade_to_char_zoned", 2, char_of_timestamptz},
};

}  // namespace

std::span<const Function> datetime_functions() { return kDatetimeFunctions; }

}  // namespace crossfade::sqlite::functions
