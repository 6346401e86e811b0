#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crossfade/model/value.hpp"
#include "interval_units.hpp"

namespace crossfade::model {

enum class IntervalFault : char { none, format, range };

/// 12.5 as 12 and 0.5, both with the sign.
struct IntervalNumber { std::int64_t whole = 0; double fraction = 0; };

/// Adds up an interval's fields as PostgreSQL's input does: fractions of years are months, of months and weeks days, of days time.
class IntervalSum {
 public:
  /// range: a count that its field cannot hold.
  IntervalFault add(IntervalNumber number, IntervalUnit unit);
  /// A clock reading takes the place of the time so far.
  void set_clock(std::int64_t micros) { micros_ = micros; }
  std::int64_t clock() const { return micros_; }
  IntervalFault negate();
  /// Nothing: more months than an interval holds.
  std::optional<Interval> result() const;

 private:
  bool add_micros(double fraction, std::int64_t scale);
  bool add_days(double fraction, int scale);

  std::int64_t micros_ = 0;
  std::int32_t days_ = 0, months_ = 0, years_ = 0;
};

/// P1Y2M3DT4H5M6.7S and P0001-02-03T04:05:06, in lower case.
IntervalFault parse_iso_interval(std::string_view text, IntervalSum& sum);

}  // namespace crossfade::model
