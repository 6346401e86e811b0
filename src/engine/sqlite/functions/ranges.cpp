#include <charconv>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace ranges {

using Int64 = std::int64_t;

std::unexpected<model::Error> not_counted(std::string what, std::string hint = {}) {
  return std::unexpected(model::Error{"0A000"_state, "RANGE with an offset over " + what + " is not supported on SQLite", {}, std::move(hint)});
}

/// crossfade_range_numeric(x, scale): x in units of its digit at that place behind the point.
Answer of_numeric(const Call& call) {
  std::string_view digits = call.text(0);
  const auto scale = static_cast<std::size_t>(call.integer(1));
  const std::size_t point = digits.find('.');
  std::string_view fraction = point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  std::string whole{digits.substr(0, point)};
  if (fraction.size() > scale) return not_counted("numerics of so many digits", "round(x, " + std::to_string(scale) + ") works.");
  (whole += fraction).append(scale - fraction.size(), '0');
  Int64 units = 0;
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), units);
  if (read.ec != std::errc{} || read.ptr != whole.data() + whole.size()) return not_counted("numerics of so many digits");
  return units;
}

/// crossfade_range_interval(i): its length as intervals are compared, a month being 30 days.
Answer of_interval(const Call& call) {
  CROSSFADE_TRY(const model::Interval value, call.interval(0));
  const __int128 length = (static_cast<__int128>(value.months) * 30 + value.days) * model::kMicrosPerDay + value.micros;
  if (length > INT64_MAX || length < INT64_MIN) return not_counted("intervals of so many years");
  return static_cast<Int64>(length);
}

/// crossfade_range_zoned(t, a, b): t, whose day has 24 hours on the way to t + a and t + b in the session's zone.
Answer of_zoned(const Call& call) {
  const Int64 moment = call.integer(0);
  if (model::infinite(moment)) return moment;
  for (std::size_t i = 1; i <= 2; ++i) {
    CROSSFADE_TRY(const model::Interval shift, call.interval(i));
    CROSSFADE_TRY(const Int64 there, model::add_interval(moment, shift, call.session().style.zone));
    if (there != moment + shift.days * model::kMicrosPerDay + shift.micros) {
      return not_counted("days of another length than 24 hours", "Hours ('24 hours') and the zone UTC work.");
    }
  }
  return moment;
}

constexpr std::array kRanges{Function{"crossfade_range_numeric", 2, of_numeric}, Function{"crossfade_range_interval", 1, of_interval}, Function{"crossfade_range_zoned", 3, of_zoned}};

}  // namespace ranges

std::span<const Function> range_functions() { return ranges::kRanges; }

}  // namespace crossfade::sqlite::functions
