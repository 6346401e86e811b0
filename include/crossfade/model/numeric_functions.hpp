#pragma once

#include "crossfade/model/numeric.hpp"

namespace crossfade::model {

/// Roots, powers and logarithms of PostgreSQL's numeric, rounded to the scale that PostgreSQL 15 gives: at least 16 significant digits, and no
/// fewer than the operands have behind the point. NaN and ±Infinity as PostgreSQL has them. Errors: 2201F (a root or a power that is none),
/// 2201E (a logarithm of zero or less), 22012, 22003; 0A000 for a result of more than 2,400 digits.
Result<Numeric> square_root(const Numeric& value);
/// To `scale` digits behind the point; `value` is finite and not negative.
Result<Numeric> square_root(const Numeric& value, int scale);
Result<Numeric> exponential(const Numeric& value);
Result<Numeric> natural_logarithm(const Numeric& value);
Result<Numeric> logarithm(const Numeric& base, const Numeric& value);
Result<Numeric> power(const Numeric& base, const Numeric& exponent);
/// Errors: 22003 below 0 and beyond 32177, whose digits are the last that PostgreSQL can hold.
Result<Numeric> factorial(std::int64_t count);

}  // namespace crossfade::model
