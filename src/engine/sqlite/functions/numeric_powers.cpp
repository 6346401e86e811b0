#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "call.hpp"
#include "crossfade/model/numeric_functions.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace powers {

using Int64 = std::int64_t;
using model::Numeric;
using model::NumericOperator;

template <model::Result<Numeric> (*Of)(const Numeric&)>
Answer of_one(const Call& call) { return numeric_answer(Of(call.numeric(0))); }

Answer decimal_logarithm(const Call& call) { return numeric_answer(model::logarithm(Numeric{"10"}, call.numeric(0))); }
Answer logarithm(const Call& call) { return numeric_answer(model::logarithm(call.numeric(0), call.numeric(1))); }
Answer power(const Call& call) { return numeric_answer(model::power(call.numeric(0), call.numeric(1))); }

Answer factorial(const Call& call) { return numeric_answer(model::factorial(call.integer(0))); }

// ---- digits behind the point

bool finite(const Numeric& value) { return value.text != "NaN" && !value.text.ends_with("Infinity"); }
std::size_t scale_of(const std::string& text) {
  const std::size_t point = text.find('.');
  return point == std::string::npos ? 0 : text.size() - point - 1;
}
std::string trimmed(std::string text) {
  if (!text.contains('.')) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}
Answer scale(const Call& call) {
  if (!finite(call.numeric(0))) return model::Null{};
  return static_cast<Int64>(scale_of(call.string(0)));
}
Answer least_scale(const Call& call) {
  if (!finite(call.numeric(0))) return model::Null{};
  return static_cast<Int64>(scale_of(trimmed(call.string(0))));
}
Answer trim_scale(const Call& call) { return finite(call.numeric(0)) ? trimmed(call.string(0)) : call.string(0); }

// ---- common divisors and multiples

/// Euclid's steps take the square of the digits, and no cancel ends them.
model::Result<void> few_digits(const Numeric& a, const Numeric& b) {
  constexpr std::size_t kMost = 2'400;
  if (a.text.size() <= kMost && b.text.size() <= kMost) return {};
  return model::fail("0A000"_state, "a numeric of so many digits is not supported on SQLite");
}

Answer common_divisor(const Call& call) {
  Numeric a = call.numeric(0), b = call.numeric(1);
  if (!finite(a) || !finite(b)) return "NaN";
  CROSSFADE_CHECK(few_digits(a, b));
  const std::size_t digits = std::max(scale_of(a.text), scale_of(b.text));
  while (model::compare(b, Numeric{"0"}) != 0) {
    CROSSFADE_TRY(Numeric rest, model::calculate(NumericOperator::modulo, a, b));
    a = std::exchange(b, std::move(rest));
  }
  return model::round(a.text.starts_with('-') ? model::negate(a) : a, static_cast<int>(digits)).text;
}
Answer common_multiple(const Call& call) {
  const Numeric a = call.numeric(0), b = call.numeric(1);
  if (!finite(a) || !finite(b)) return "NaN";
  const int digits = static_cast<int>(std::max(scale_of(a.text), scale_of(b.text)));
  if (model::compare(a, Numeric{"0"}) == 0 || model::compare(b, Numeric{"0"}) == 0) return model::round(Numeric{"0"}, digits).text;
  CROSSFADE_TRY(const StorageValue divisor, common_divisor(call));
  CROSSFADE_TRY(const Numeric part, model::calculate(NumericOperator::divide, a, Numeric{std::get<std::string>(divisor)}));
  CROSSFADE_TRY(const Numeric product, model::calculate(NumericOperator::multiply, model::round(part, 0), b));
  return model::round(product.text.starts_with('-') ? model::negate(product) : product, digits).text;
}
template <Int64 Most>
Answer common_integer_multiple(const Call& call) {
  __int128 a = call.integer(0), b = call.integer(1);
  if (a == 0 || b == 0) return Int64{0};
  __int128 left = a < 0 ? -a : a, right = b < 0 ? -b : b;
  const __int128 product = left * right;
  while (right != 0) left = std::exchange(right, left % right);
  const __int128 multiple = product / left;
  if (multiple > Most) return model::fail("22003"_state, Most == std::numeric_limits<std::int32_t>::max() ? "integer out of range" : "bigint out of range");
  return static_cast<Int64>(multiple);
}

// ---- width_bucket(operand, low, high, count)

model::Result<Int64> bucket_count(const Call& call) {
  const Int64 count = call.integer(3);
  if (count <= 0) return model::fail("2201G"_state, "count must be greater than zero");
  return count;
}
Answer beyond(Int64 count) {
  if (count == std::numeric_limits<std::int32_t>::max()) return model::fail("22003"_state, "integer out of range");
  return count + 1;
}
std::unexpected<model::Error> bounds_equal() { return model::fail("2201G"_state, "lower bound cannot equal upper bound"); }
std::unexpected<model::Error> operand_nan() { return model::fail("2201G"_state, "operand, lower bound, and upper bound cannot be NaN"); }
std::unexpected<model::Error> bounds_infinite() { return model::fail("2201G"_state, "lower and upper bounds must be finite"); }

Answer numeric_bucket(const Call& call) {
  CROSSFADE_TRY(const Int64 count, bucket_count(call));
  Numeric operand = call.numeric(0), low = call.numeric(1), high = call.numeric(2);
  if (operand.text == "NaN" || low.text == "NaN" || high.text == "NaN") return operand_nan();
  if (!finite(low) || !finite(high)) return bounds_infinite();
  if (model::compare(low, high) == 0) return bounds_equal();
  if (model::compare(low, high) > 0) {  // downwards: the same, seen from the other side
    for (Numeric* each : {&operand, &low, &high}) *each = model::negate(*each);
  }
  if (model::compare(operand, low) < 0) return Int64{0};
  if (model::compare(operand, high) >= 0) return beyond(count);
  CROSSFADE_TRY(const Numeric from_low, model::calculate(NumericOperator::subtract, operand, low));
  CROSSFADE_TRY(const Numeric width, model::calculate(NumericOperator::subtract, high, low));
  CROSSFADE_TRY(const Numeric times, model::calculate(NumericOperator::multiply, from_low, model::numeric_of(count)));
  CROSSFADE_TRY(const Numeric place, model::calculate(NumericOperator::divide, times, width));
  const std::string whole = place.text.substr(0, place.text.find('.'));
  CROSSFADE_TRY(const Int64 index, model::to_int64(Numeric{whole}));
  return index + 1;  // of an operand so near to the end that the quotient is rounded: count + 1, as PostgreSQL 15 answers
}

Answer real_bucket(const Call& call) {
  CROSSFADE_TRY(const Int64 count, bucket_count(call));
  const double operand = call.real(0), low = call.real(1), high = call.real(2);
  if (std::isnan(operand) || std::isnan(low) || std::isnan(high)) return operand_nan();
  if (std::isinf(low) || std::isinf(high)) return bounds_infinite();
  if (low == high) return bounds_equal();
  const bool up = low < high;
  if (up ? operand < low : operand > low) return Int64{0};
  if (up ? operand >= high : operand <= high) return beyond(count);
  const double width = high - low;
  const double place = std::isinf(width) ? (operand / 2 - low / 2) / (high / 2 - low / 2) : (operand - low) / width;
  return std::min(static_cast<Int64>(static_cast<double>(count) * place), count - 1) + 1;
}

constexpr std::array kPowers{
    Function{"crossfade_numeric_sqrt", 1, of_one<model::square_root>},
    Function{"crossfade_numeric_exp", 1, of_one<model::exponential>},
    Function{"crossfade_numeric_ln", 1, of_one<model::natural_logarithm>},
    Function{"crossfade_numeric_log", 1, decimal_logarithm},
    Function{"crossfade_numeric_log", 2, logarithm},
    Function{"crossfade_numeric_power", 2, power},
    Function{"crossfade_factorial", 1, factorial},
    Function{"crossfade_scale", 1, scale},
    Function{"crossfade_min_scale", 1, least_scale},
    Function{"crossfade_trim_scale", 1, trim_scale},
    Function{"crossfade_numeric_gcd", 2, common_divisor},
    Function{"crossfade_numeric_lcm", 2, common_multiple},
    Function{"crossfade_int4_lcm", 2, common_integer_multiple<std::numeric_limits<std::int32_t>::max()>},
    Function{"crossfade_int8_lcm", 2, common_integer_multiple<std::numeric_limits<Int64>::max()>},
    Function{"crossfade_numeric_bucket", 4, numeric_bucket},
    Function{"crossfade_real_bucket", 4, real_bucket},
};

}  // namespace powers

std::span<const Function> numeric_powers() { return powers::kPowers; }

}  // namespace crossfade::sqlite::functions
