#include <sqlite3.h>

#include <array>
#include <cmath>
#include <limits>

#include "call.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using Int64 = std::int64_t;

template <class Narrow>
constexpr const char* kRangeMessage = sizeof(Narrow) == 2   ? "smallint out of range"
                                      : sizeof(Narrow) == 4 ? "integer out of range"
                                                            : "bigint out of range";

template <class Narrow>
Answer narrowed(Int64 value) {
  if (value < std::numeric_limits<Narrow>::min() || value > std::numeric_limits<Narrow>::max()) {
    return model::fail("22003"_state, kRangeMessage<Narrow>);
  }
  return value;
}

Answer bigint_out_of_range() { return model::fail("22003"_state, kRangeMessage<Int64>); }
Answer division_by_zero() { return model::fail("22012"_state, "division by zero"); }

template <bool (*Overflows)(Int64, Int64, Int64*)>
Answer exact(const Call& call) {
  Int64 result = 0;
  if (Overflows(call.integer(0), call.integer(1), &result)) return bigint_out_of_range();
  return result;
}
bool add_overflows(Int64 a, Int64 b, Int64* result) { return __builtin_add_overflow(a, b, result); }
bool subtract_overflows(Int64 a, Int64 b, Int64* result) { return __builtin_sub_overflow(a, b, result); }
bool multiply_overflows(Int64 a, Int64 b, Int64* result) { return __builtin_mul_overflow(a, b, result); }

Answer divide(const Call& call) {
  const Int64 divisor = call.integer(1);
  if (divisor == 0) return division_by_zero();
  if (divisor == -1 && call.integer(0) == std::numeric_limits<Int64>::min()) return bigint_out_of_range();
  return call.integer(0) / divisor;
}
Answer modulo(const Call& call) {
  const Int64 divisor = call.integer(1);
  if (divisor == 0) return division_by_zero();
  return divisor == -1 ? Int64{0} : call.integer(0) % divisor;
}
Answer negate(const Call& call) {
  if (call.integer(0) == std::numeric_limits<Int64>::min()) return bigint_out_of_range();
  return -call.integer(0);
}
Answer absolute(const Call& call) { return call.integer(0) < 0 ? negate(call) : Answer{call.integer(0)}; }
Answer exclusive_or(const Call& call) { return call.integer(0) ^ call.integer(1); }

/// PostgreSQL shifts as C does on its integer's own width: the count is taken modulo that width.
template <class Narrow>
Answer shift_left(const Call& call) {
  using Unsigned = std::make_unsigned_t<Narrow>;
  const auto count = static_cast<unsigned>(call.integer(1)) & (sizeof(Narrow) == 8 ? 63U : 31U);
  const auto wide = static_cast<std::uint64_t>(call.integer(0)) << count;
  return Int64{static_cast<Narrow>(static_cast<Unsigned>(wide))};
}
template <class Narrow>
Answer shift_right(const Call& call) {
  return call.integer(0) >> (static_cast<unsigned>(call.integer(1)) & (sizeof(Narrow) == 8 ? 63U : 31U));
}

Answer common_divisor(Int64 a, Int64 b) {
  while (b != 0) a = std::exchange(b, b == -1 ? 0 : a % b);
  if (a == std::numeric_limits<Int64>::min()) return bigint_out_of_range();
  return a < 0 ? -a : a;
}
Answer gcd(const Call& call) { return common_divisor(call.integer(0), call.integer(1)); }

// ---- double precision. SQLite has no NaN (it reads as NULL), so a result that would be one is refused.

Answer checked(double result, bool infinite_operand, bool zero_expected = true) {
  if (std::isnan(result)) {
    return model::fail("0A000"_state, "NaN cannot be held on SQLite", {}, "It works in the stage \"postgres\".");
  }
  if (std::isinf(result) && !infinite_operand) return model::fail("22003"_state, "value out of range: overflow");
  if (result == 0.0 && !zero_expected) return model::fail("22003"_state, "value out of range: underflow");
  return result;
}

bool any_infinite(const Call& call) { return std::isinf(call.real(0)) || std::isinf(call.real(1)); }

Answer add_reals(const Call& call) { return checked(call.real(0) + call.real(1), any_infinite(call)); }
Answer subtract_reals(const Call& call) { return checked(call.real(0) - call.real(1), any_infinite(call)); }
Answer multiply_reals(const Call& call) {
  return checked(call.real(0) * call.real(1), any_infinite(call), call.real(0) == 0.0 || call.real(1) == 0.0);
}
Answer divide_reals(const Call& call) {
  if (call.real(1) == 0.0) return division_by_zero();
  return checked(call.real(0) / call.real(1), std::isinf(call.real(0)), call.real(0) == 0.0 || std::isinf(call.real(1)));
}

// ---- real: each result is rounded to single precision, and its own range counts.

Answer checked4(float result, bool infinite_operand, bool zero_expected = true) { return checked(double{result}, infinite_operand, zero_expected); }
float single(const Call& call, std::size_t index) { return static_cast<float>(call.real(index)); }

Answer add_singles(const Call& call) { return checked4(single(call, 0) + single(call, 1), any_infinite(call)); }
Answer subtract_singles(const Call& call) { return checked4(single(call, 0) - single(call, 1), any_infinite(call)); }
Answer multiply_singles(const Call& call) {
  return checked4(single(call, 0) * single(call, 1), any_infinite(call), call.real(0) == 0.0 || call.real(1) == 0.0);
}
Answer divide_singles(const Call& call) {
  if (call.real(1) == 0.0) return division_by_zero();
  return checked4(single(call, 0) / single(call, 1), std::isinf(call.real(0)), call.real(0) == 0.0 || std::isinf(call.real(1)));
}

Answer power(const Call& call) {
  const double base = call.real(0), exponent = call.real(1);
  if (base == 0.0 && exponent < 0) return model::fail("2201F"_state, "zero raised to a negative power is undefined");
  if (base < 0 && std::floor(exponent) != exponent) {
    return model::fail("2201F"_state, "a negative number raised to a non-integer power yields a complex result");
  }
  return checked(std::pow(base, exponent), any_infinite(call), base == 0.0 || any_infinite(call));
}
Answer square_root(const Call& call) {
  if (call.real(0) < 0) return model::fail("2201F"_state, "cannot take square root of a negative number");
  return std::sqrt(call.real(0));
}
template <double (*Function)(double)>
Answer logarithm(const Call& call) {
  if (call.real(0) == 0.0) return model::fail("2201E"_state, "cannot take logarithm of zero");
  if (call.real(0) < 0) return model::fail("2201E"_state, "cannot take logarithm of a negative number");
  return Function(call.real(0));
}
template <double (*Function)(double)>
Answer plain(const Call& call) {
  return checked(Function(call.real(0)), std::isinf(call.real(0)));
}
Answer exponential(const Call& call) { return checked(std::exp(call.real(0)), std::isinf(call.real(0)), std::isinf(call.real(0))); }
template <double (*Function)(double)>
Answer trigonometric(const Call& call) {
  const double result = Function(call.real(0));
  if (std::isnan(result)) return model::fail("22003"_state, "input is out of range");
  return result;
}
constexpr double kRadiansPerDegree = 0.0174532925199432957692;
double degrees(double radians) { return radians / kRadiansPerDegree; }
double radians(double degrees) { return degrees * kRadiansPerDegree; }
Answer arc_tangent(const Call& call) { return std::atan2(call.real(0), call.real(1)); }
Answer sign(const Call& call) { return call.real(0) > 0 ? 1.0 : call.real(0) < 0 ? -1.0 : 0.0; }

/// A chain of +, - and * from left to right; the first argument has the signs. `step`: the sum and one more.
template <class Number, class Step>
Answer chain(const Call& call, Number first, Step step) {
  if (call.is_null(1)) return model::Null{};
  for (std::size_t i = 2; i < call.size(); ++i) {
    if (call.is_null(i)) return model::Null{};
    CROSSFADE_CHECK(step(first, i, call.text(0)[i - 2]));
  }
  return first;
}

template <class Narrow>
Answer integer_sum(const Call& call) {
  return chain(call, call.integer(1), [&call](Int64& sum, std::size_t i, char sign) -> model::Result<void> {
    const auto overflows = sign == '+' ? add_overflows : sign == '-' ? subtract_overflows : multiply_overflows;
    if (overflows(sum, call.integer(i), &sum)) return std::unexpected(bigint_out_of_range().error());
    if (auto fits = narrowed<Narrow>(sum); !fits) return std::unexpected(std::move(fits).error());
    return {};
  });
}

Answer float_sum(const Call& call) {
  return chain(call, call.real(1), [&call](double& sum, std::size_t i, char sign) -> model::Result<void> {
    const double next = call.real(i), result = sign == '+' ? sum + next : sign == '-' ? sum - next : sum * next;
    const bool zero = sign != '*' || sum == 0.0 || next == 0.0;
    if (auto fits = checked(result, std::isinf(sum) || std::isinf(next), zero); !fits) return std::unexpected(std::move(fits).error());
    sum = result;
    return {};
  });
}

// ---- The same without a Call: an integer in, one in range out. A full scan has one for each row.

bool all_integers(std::span<sqlite3_value*> values) {
  for (sqlite3_value* value : values) {
    if (sqlite3_value_type(value) != SQLITE_INTEGER) return false;
  }
  return true;
}

template <class Narrow>
bool quick_narrowed(sqlite3_context* context, std::span<sqlite3_value*> values) {
  if (!all_integers(values)) return false;
  const Int64 value = sqlite3_value_int64(values[0]);
  if (value != static_cast<Narrow>(value)) return false;
  sqlite3_result_int64(context, value);
  return true;
}

template <bool (*Overflows)(Int64, Int64, Int64*)>
bool quick_exact(sqlite3_context* context, std::span<sqlite3_value*> values) {
  Int64 result = 0;
  if (!all_integers(values) || Overflows(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]), &result)) return false;
  sqlite3_result_int64(context, result);
  return true;
}

/// Divisors that need a check are left.
template <bool Remainder>
bool quick_quotient(sqlite3_context* context, std::span<sqlite3_value*> values) {
  if (!all_integers(values)) return false;
  const Int64 number = sqlite3_value_int64(values[0]), divisor = sqlite3_value_int64(values[1]);
  if (divisor == 0 || divisor == -1) return false;
  sqlite3_result_int64(context, Remainder ? number % divisor : number / divisor);
  return true;
}

template <bool (*Common)(sqlite3_context*, std::span<sqlite3_value*>)>
constexpr Function quick(Function function) {
  function.callback = quickly<Common>;
  return function;
}

constexpr std::array kArithmeticFunctions{
    Function{"crossfade_int2_sum", -1, integer_sum<std::int16_t>, Nulls::passed},
    Function{"crossfade_int4_sum", -1, integer_sum<std::int32_t>, Nulls::passed},
    Function{"crossfade_int8_sum", -1, integer_sum<Int64>, Nulls::passed},
    Function{"crossfade_float_sum", -1, float_sum, Nulls::passed},
    quick<quick_narrowed<std::int16_t>>(Function{"crossfade_int2", 1, [](const Call& call) { return narrowed<std::int16_t>(call.integer(0)); }}),
    quick<quick_narrowed<std::int32_t>>(Function{"crossfade_int4", 1, [](const Call& call) { return narrowed<std::int32_t>(call.integer(0)); }}),
    quick<quick_exact<add_overflows>>(Function{"crossfade_int8_add", 2, exact<add_overflows>}),
    quick<quick_exact<subtract_overflows>>(Function{"crossfade_int8_subtract", 2, exact<subtract_overflows>}),
    quick<quick_exact<multiply_overflows>>(Function{"crossfade_int8_multiply", 2, exact<multiply_overflows>}),
    quick<quick_quotient<false>>(Function{"crossfade_int_divide", 2, divide}),
    quick<quick_quotient<true>>(Function{"crossfade_int_modulo", 2, modulo}),
    Function{"crossfade_int8_negate", 1, negate},
    Function{"crossfade_int8_abs", 1, absolute},
    Function{"crossfade_int_xor", 2, exclusive_or},
    Function{"crossfade_int2_shift_left", 2, shift_left<std::int16_t>},
    Function{"crossfade_int4_shift_left", 2, shift_left<std::int32_t>},
    Function{"crossfade_int4_shift_right", 2, shift_right<std::int32_t>},
    Function{"crossfade_int8_shift_left", 2, shift_left<Int64>},
    Function{"crossfade_int8_shift_right", 2, shift_right<Int64>},
    Function{"crossfade_gcd", 2, gcd},
    Function{"crossfade_float_add", 2, add_reals},
    Function{"crossfade_float_subtract", 2, subtract_reals},
    Function{"crossfade_float_multiply", 2, multiply_reals},
    Function{"crossfade_float_divide", 2, divide_reals},
    Function{"crossfade_float4_add", 2, add_singles},
    Function{"crossfade_float4_subtract", 2, subtract_singles},
    Function{"crossfade_float4_multiply", 2, multiply_singles},
    Function{"crossfade_float4_divide", 2, divide_singles},
    Function{"crossfade_power", 2, power},
    Function{"crossfade_sqrt", 1, square_root},
    Function{"crossfade_cbrt", 1, plain<std::cbrt>},
    Function{"crossfade_exp", 1, exponential},
    Function{"crossfade_ln", 1, logarithm<std::log>},
    Function{"crossfade_log10", 1, logarithm<std::log10>},
    Function{"crossfade_float_ceil", 1, plain<std::ceil>},
    Function{"crossfade_float_floor", 1, plain<std::floor>},
    Function{"crossfade_float_round", 1, plain<std::nearbyint>},
    Function{"crossfade_float_trunc", 1, plain<std::trunc>},
    Function{"crossfade_float_sign", 1, sign},
    Function{"crossfade_degrees", 1, plain<degrees>},
    Function{"crossfade_radians", 1, plain<radians>},
    Function{"crossfade_sin", 1, trigonometric<std::sin>},
    Function{"crossfade_cos", 1, trigonometric<std::cos>},
    Function{"crossfade_tan", 1, trigonometric<std::tan>},
    Function{"crossfade_asin", 1, trigonometric<std::asin>},
    Function{"crossfade_acos", 1, trigonometric<std::acos>},
    Function{"crossfade_atan", 1, trigonometric<std::atan>},
    Function{"crossfade_atan2", 2, arc_tangent},
};

}  // namespace

std::span<const Function> arithmetic_functions() { return kArithmeticFunctions; }

}  // namespace crossfade::sqlite::functions
