#include <array>

#include "crossfade/model/array.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/model/numeric.hpp"
#include "packed.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

std::unexpected<model::Error> no_step() { return model::fail("22023"_state, "step size cannot equal zero"); }

/// generate_series over whole numbers of the session's types.
Answer integer_series(const Call& call) {
  const std::int64_t stop = call.integer(1), step = call.size() > 2 ? call.integer(2) : 1;
  if (step == 0) return no_step();
  PackedRows rows;
  for (std::int64_t value = call.integer(0); step > 0 ? value <= stop : value >= stop;) {
    rows.begin_row().add(value);
    if (__builtin_add_overflow(value, step, &value)) break;
  }
  return rows.take();
}

Answer numeric_series(const Call& call) {
  const model::Numeric stop = call.numeric(1), step = call.size() > 2 ? call.numeric(2) : model::Numeric{"1"}, zero{"0"};
  for (std::size_t i = 0; i < call.size(); ++i) {
    constexpr std::array<std::string_view, 3> kNames{"start value", "stop value", "step size"};
    const std::string text = call.string(i);
    if (text == "NaN") return model::fail("22023"_state, std::string{kNames[i]} + " cannot be NaN");
    if (text.ends_with("Infinity")) return model::fail("22023"_state, std::string{kNames[i]} + " cannot be infinity");
  }
  const auto direction = model::compare(step, zero);
  if (direction == 0) return no_step();
  PackedRows rows;
  model::Numeric value = call.numeric(0);
  while (direction > 0 ? model::compare(value, stop) <= 0 : model::compare(value, stop) >= 0) {
    rows.begin_row().add(value.text);
    CROSSFADE_TRY(value, model::calculate(model::NumericOperator::add, value, step));
  }
  return rows.take();
}

/// Months and days are counted on the local calendar, the rest on the clock.
model::Result<std::int64_t> next_instant(std::int64_t micros, const model::Interval& step, const model::TimeZone* zone) {
  if (zone == nullptr) return model::add_interval(micros, step);
  if (step.months != 0 || step.days != 0) {
    CROSSFADE_TRY(const std::int64_t local, model::add_interval(zone->to_local(micros), model::Interval{0, step.days, step.months}));
    micros = zone->to_utc(local);
  }
  return model::add_interval(micros, model::Interval{step.micros});
}

template <bool Zoned>
Answer time_series(const Call& call) {
  CROSSFADE_TRY(const model::Interval step, call.interval(2));
  const auto direction = model::compare(step, model::Interval{});
  if (direction == 0) return no_step();
  const std::int64_t stop = call.integer(1);
  const bool endless = stop == (direction > 0 ? model::kTimestampInfinity : model::kTimestampMinusInfinity);
  if (endless && call.integer(0) != stop)
    return model::fail("0A000"_state, "generate_series up to infinity is not supported on SQLite", {}, "Its rows are made before the first is read: give it an end.");
  PackedRows rows;
  for (std::int64_t value = call.integer(0); direction > 0 ? value <= stop : value >= stop;) {
    rows.begin_row().add(value);
    CROSSFADE_TRY(value, next_instant(value, step, Zoned ? &call.session().style.zone : nullptr));
  }
  return rows.take();
}

/// string_to_table(text, separator [, null text]): a separator of NULL takes the characters apart.
Answer string_to_table(const Call& call) {
  PackedRows rows;
  if (call.is_null(0) || call.text(0).empty()) return rows.take();
  const auto give = [&](std::string_view part) {
    const bool null = call.size() > 2 && !call.is_null(2) && part == call.text(2);
    rows.begin_row().add(null ? StorageValue{model::Null{}} : StorageValue{std::string{part}});
  };
  std::string_view rest = call.text(0);
  if (call.is_null(1)) {
    for (const UChar32 character : Characters{rest}) {
      std::string one;
      append_utf8(one, character);
      give(one);
    }
    return rows.take();
  }
  const std::string_view separator = call.text(1);
  for (;;) {
    const std::size_t end = separator.empty() ? std::string_view::npos : rest.find(separator);
    give(rest.substr(0, end));
    if (end == std::string_view::npos) return rows.take();
    rest.remove_prefix(end + separator.size());
  }
}

/// crossfade_subscripts(array, type, dimension)
Answer subscripts(const Call& call) {
  CROSSFADE_TRY(const model::Type type, call.type(1));
  CROSSFADE_TRY(const model::Value value, plan::decode(call.string(0), plan::runtime_form(type), type));
  const auto& array = std::get<model::Array>(value);
  const std::int64_t wanted = call.integer(2);
  PackedRows rows;
  if (wanted < 1 || wanted > static_cast<std::int64_t>(array.dimensions.size())) return rows.take();
  const auto& dimension = array.dimensions[static_cast<std::size_t>(wanted - 1)];
  for (std::int64_t i = 0; i < dimension.length; ++i) rows.begin_row().add(std::int64_t{dimension.lower} + i);
  return rows.take();
}

constexpr std::array kSeriesFunctions{
    Function{"crossfade_series", 2, integer_series},
    Function{"crossfade_series", 3, integer_series},
    Function{"crossfade_series_numeric", 2, numeric_series},
    Function{"crossfade_series_numeric", 3, numeric_series},
    Function{"crossfade_series_timestamp", 3, time_series<false>},
    Function{"crossfade_series_timestamptz", 3, time_series<true>},
    Function{"crossfade_string_to_table", 2, string_to_table, Nulls::passed},
    Function{"crossfade_string_to_table", 3, string_to_table, Nulls::passed},
    Function{"crossfade_subscripts", 3, subscripts},
};

}  // namespace

std::span<const Function> series_functions() { return kSeriesFunctions; }

}  // namespace crossfade::sqlite::functions
