#include <array>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/time_zone.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace zoned_times {

using Int64 = std::int64_t;
using model::TimeTz;

model::Result<TimeTz> time_at(const Call& call, std::size_t index) {
  const model::Type type{oid::timetz};
  CROSSFADE_TRY(const model::Value value, plan::decode(call.value(index), plan::runtime_form(type), type));
  return std::get<TimeTz>(value);
}
Answer time_answer(Int64 micros, Int64 offset) {
  const Int64 inside = micros % model::kMicrosPerDay;
  return to_runtime(TimeTz{inside < 0 ? inside + model::kMicrosPerDay : inside, static_cast<std::int32_t>(offset)}, model::Type{oid::timetz});
}

/// timetz ± interval: its hours, minutes and seconds alone count.
template <int Sign>
Answer add(const Call& call) {
  CROSSFADE_TRY(const TimeTz time, time_at(call, 0));
  CROSSFADE_TRY(const model::Interval interval, call.interval(1));
  return time_answer(time.micros + Sign * (interval.micros % model::kMicrosPerDay), time.offset);
}

/// date + timetz: an instant.
Answer at_date(const Call& call) {
  CROSSFADE_TRY(const Int64 midnight, model::timestamp_of_date(call.integer(0)));
  if (model::infinite(midnight)) return midnight;
  CROSSFADE_TRY(const TimeTz time, time_at(call, 1));
  const Int64 instant = midnight + time.micros - time.offset * model::kMicrosPerSecond;
  if (!model::is_valid_timestamp(instant)) return model::fail("22008"_state, "timestamp out of range");
  return instant;
}

/// A number that orders as PostgreSQL orders timetz: by the instant, then the zone further west first.
Answer key(const Call& call) {
  constexpr Int64 kMost = 100'000;  // seconds of a zone's offset
  CROSSFADE_TRY(const TimeTz time, time_at(call, 0));
  return (time.micros - time.offset * model::kMicrosPerSecond) * (2 * kMost) + (kMost - time.offset);
}

/// The seconds east of Greenwich that an interval says as a zone.
model::Result<Int64> offset_of(const Call& call) {
  CROSSFADE_TRY(const model::Interval zone, call.interval(0));
  if (zone.months == 0 && zone.days == 0) return zone.micros / model::kMicrosPerSecond;
  const std::string text = model::to_text(model::Value{zone}, model::Type{oid::interval}, call.session().style);
  return model::fail("22023"_state, "interval time zone \"" + text + "\" must not include months or days");
}

/// timezone(interval, x): a timestamp as a local time there, an instant as one, a timetz moved there.
template <int Sign>
Answer shifted(const Call& call) {
  if (model::infinite(call.integer(1))) return call.integer(1);
  CROSSFADE_TRY(const Int64 offset, offset_of(call));
  Int64 out = 0;
  if (__builtin_add_overflow(call.integer(1), Sign * offset * model::kMicrosPerSecond, &out) || !model::is_valid_timestamp(out)) {
    return model::fail("22008"_state, "timestamp out of range");
  }
  return out;
}
Answer moved(TimeTz time, Int64 offset) { return time_answer(time.micros + (offset - time.offset) * model::kMicrosPerSecond, offset); }
Answer move_by(const Call& call) {
  CROSSFADE_TRY(const Int64 offset, offset_of(call));
  CROSSFADE_TRY(const TimeTz time, time_at(call, 1));
  return moved(time, offset);
}

/// timezone(name, timetz, now): under the offset that the zone has now.
Answer move_to_zone(const Call& call) {
  const auto zone = model::TimeZone::find_or_abbreviation(call.text(0));
  if (!zone) return model::fail("22023"_state, "time zone \"" + call.string(0) + "\" not recognized");
  CROSSFADE_TRY(const TimeTz time, time_at(call, 1));
  return moved(time, zone->offset_at(call.integer(2)).count());
}

constexpr std::array kZonedTimes{
    Function{"crossfade_timetz_add", 2, add<1>},       Function{"crossfade_timetz_subtract", 2, add<-1>}, Function{"crossfade_date_timetz", 2, at_date},
    Function{"crossfade_timetz_key", 1, key},          Function{"crossfade_offset_to_instant", 2, shifted<-1>},
    Function{"crossfade_offset_to_local", 2, shifted<1>}, Function{"crossfade_offset_timetz", 2, move_by}, Function{"crossfade_zone_timetz", 3, move_to_zone},
};

}  // namespace zoned_times

std::span<const Function> zoned_time_functions() { return zoned_times::kZonedTimes; }

}  // namespace crossfade::sqlite::functions
