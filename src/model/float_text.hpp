#pragma once

#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::model {

/// PostgreSQL's float8out and float4out: the shortest digits that read back (extra_float_digits > 0), else 15 or 6 + digits.
void append_float8(std::string& out, double value, int extra_float_digits);
void append_float4(std::string& out, float value, int extra_float_digits);
/// float8in and float4in. Errors: 22P02, 22003 "\"1e400\" is out of range for type double precision".
Result<double> parse_float8(std::string_view text);
Result<float> parse_float4(std::string_view text);

}  // namespace crossfade::model
