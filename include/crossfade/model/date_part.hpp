#pragma once

#include <string_view>

#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// date_part() computes in double precision what extract() gives as a numeric; where it adds doubles, its sum is not always the number next to
/// the numeric. `extracted`: what extract() gave for the field. Source: PostgreSQL 15, timestamp_part_common, interval_part_common.
double date_part(std::string_view field, const Numeric& extracted);
/// date_part('epoch', interval).
double epoch_of(const Interval& interval);

}  // namespace crossfade::model
