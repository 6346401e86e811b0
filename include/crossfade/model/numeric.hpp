#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

/// Exact decimal arithmetic on PostgreSQL's numeric: result scales as PostgreSQL 15 chooses them (division: at least 16
/// significant digits). Errors: 22012 division by zero, 22003 overflow. NaN and ±Infinity as PostgreSQL has them.
enum class NumericOperator { add, subtract, multiply, divide, modulo };
Result<Numeric> calculate(NumericOperator operation, const Numeric& left, const Numeric& right);
/// A sum, difference or product of finite operands with all its digits, be they more than a numeric has.
Numeric calculate_exactly(NumericOperator operation, const Numeric& left, const Numeric& right);
/// NaN equals itself and is larger than all.
std::strong_ordering compare(const Numeric& left, const Numeric& right);
/// Half away from zero; `scale` may be negative.
Numeric round(const Numeric& value, int scale);
Numeric negate(const Numeric& value);
/// numeric(p,s) applied. Errors: 22003 "numeric field overflow" with PostgreSQL's detail.
Result<Numeric> apply_modifier(const Numeric& value, std::int32_t modifier);
/// "1.10" → "1.10", " +1e3 " → "1000", "0x" → 22P02.
Result<Numeric> parse_numeric(std::string_view text);
/// The shortest decimal that reads back as the same double, no exponent: 0.1 → "0.1", 1e21 → "1000000000000000000000".
Numeric numeric_of(double value);
Numeric numeric_of(std::int64_t value);
/// Nearest double.
double to_double(const Numeric& value);
/// Rounded half away from zero. Errors: 22003 "bigint out of range".
Result<std::int64_t> to_int64(const Numeric& value);

}  // namespace crossfade::model
