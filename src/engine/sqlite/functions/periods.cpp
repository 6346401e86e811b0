#include <algorithm>
#include <array>

#include "call.hpp"
#include "crossfade/model/datetime.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace periods {

using Int64 = std::int64_t;

/// date_bin(stride, timestamp, origin), of either kind of timestamp: the begin of the bin that it is in.
Answer date_bin(const Call& call) {
  const Int64 moment = call.integer(1), origin = call.integer(2);
  if (model::infinite(moment)) return moment;
  if (model::infinite(origin)) return model::fail("22008"_state, "origin out of range");
  CROSSFADE_TRY(const model::Interval stride, call.interval(0));
  if (stride.months != 0) return model::fail("0A000"_state, "timestamps cannot be binned into intervals containing months or years");
  const __int128 length = static_cast<__int128>(stride.days) * model::kMicrosPerDay + stride.micros;
  if (length > INT64_MAX || length < INT64_MIN) return model::fail("22008"_state, "interval out of range");
  if (length <= 0) return model::fail("22008"_state, "stride must be greater than zero");
  const __int128 since = static_cast<__int128>(moment) - origin;
  if (since > INT64_MAX || since < INT64_MIN) return model::fail("22008"_state, "interval out of range");
  const __int128 rest = since % length;
  const __int128 bin = moment - rest - (rest < 0 ? length : 0);
  if (bin > INT64_MAX || bin < INT64_MIN) return model::fail("22008"_state, "timestamp out of range");
  return static_cast<Int64>(bin);
}

/// (s1, e1) OVERLAPS (s2, e2) of values that compare as whole numbers: half open, in either order, a NULL is not known; two that begin together
/// overlap, though one of them be empty. Source: the SQL standard's rule as PostgreSQL 15 answers it.
Answer overlaps(const Call& call) {
  struct Period { std::optional<Int64> begin, end; };
  const auto period = [&](std::size_t first) {
    const auto at = [&](std::size_t index) { return call.is_null(index) ? std::optional<Int64>{} : call.integer(index); };
    Period made{at(first), at(first + 1)};
    if (!made.begin || (made.end && *made.end < *made.begin)) std::swap(made.begin, made.end);
    return made;
  };
  const Period a = period(0), b = period(2);
  if (!a.begin || !b.begin) return model::Null{};
  const auto known = [](bool value) { return Answer{Int64{value}}; };
  if (*a.begin == *b.begin) return a.end && b.end ? known(true) : Answer{model::Null{}};
  const Period& first = *a.begin < *b.begin ? a : b;
  const Period& second = *a.begin < *b.begin ? b : a;
  if (!first.end) return model::Null{};
  if (*second.begin < *first.end) return known(true);
  return second.end ? known(false) : Answer{model::Null{}};
}

constexpr std::array kPeriods{
    Function{"crossfade_date_bin", 3, date_bin},
    Function{"crossfade_overlaps", 4, overlaps, Nulls::passed},
};

}  // namespace periods

std::span<const Function> period_functions() { return periods::kPeriods; }

}  // namespace crossfade::sqlite::functions
