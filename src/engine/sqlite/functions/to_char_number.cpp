#include "to_char_number.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace crossfade::sqlite::functions {

using namespace model::literals;
using model::Numeric;

namespace {

/// numeric_out's digits behind the point end here.
constexpr std::size_t kMostFractionShown = 16'383;
/// PostgreSQL's own printf makes zeros of a float's digits behind these.
constexpr std::size_t kMostDigitsPrinted = 350;

/// `digits`: of the number without its sign, with as many behind the point as the format has.
Answer fitted(std::string digits, bool negative, const NumberFormat& format, Places places) {
  if (std::min(digits.find('.'), digits.size()) > places.whole) digits = std::string(places.whole, '#') + '.' + std::string(places.fraction, '#');
  return write_number({std::move(digits), negative}, format, places);
}

/// EEEE is the whole result: what else is in the format goes.
Answer without_exponent(const NumberFormat& format) { return " " + std::string(format.whole, '#') + '.' + std::string(format.fraction + 4, '#'); }

std::string printed(const char* pattern, int digits, double value) {
  std::string text(static_cast<std::size_t>(std::snprintf(nullptr, 0, pattern, digits, value)), '\0');
  std::snprintf(text.data(), text.size() + 1, pattern, digits, value);
  return text;
}
Answer scientific(double value, const NumberFormat& format) {
  if (!std::isfinite(value)) return without_exponent(format);
  std::string text = printed("%.*e", static_cast<int>(std::min(format.fraction, kMostDigitsPrinted)), value);
  if (format.fraction > kMostDigitsPrinted) text.insert(text.find('e'), format.fraction - kMostDigitsPrinted, '0');
  return text.starts_with('-') ? text : " " + text;
}
Answer scientific(const Numeric& value, const NumberFormat& format) {
  if (value.text == "NaN" || value.text.ends_with("Infinity")) return without_exponent(format);
  const std::string_view all = value.text;
  const bool negative = all.starts_with('-');
  const std::string_view digits = all.substr(negative ? 1 : 0);
  const std::size_t point = std::min(digits.find('.'), digits.size()), first = digits.find_first_of("123456789");
  int exponent = 0;
  if (first != std::string_view::npos) exponent = first < point ? static_cast<int>(point - first) - 1 : -static_cast<int>(first - point);
  // The point moves by text: a division would round.
  std::string significant{digits};
  if (point < digits.size()) significant.erase(point, 1);
  significant.erase(0, std::min(significant.find_first_not_of('0'), significant.size() - 1));
  if (significant.size() > 1) significant.insert(1, ".");
  Numeric mantissa = model::round({significant}, static_cast<int>(std::min(format.fraction, kMostFractionShown)));
  if (format.fraction > kMostFractionShown) mantissa.text.append(format.fraction - kMostFractionShown, '0');
  char tail[16];
  std::snprintf(tail, sizeof tail, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
  return (negative ? "-" : " ") + mantissa.text + tail;
}

template <class Integer>
Answer char_of_integer(Integer value, const NumberFormat& format, const char* name) {
  std::size_t whole = format.whole;
  if (format.has(Mark::shift)) {
    Integer power = 1;
    bool over = false;
    for (std::size_t i = 0; i < format.shifted && !over; ++i) over = __builtin_mul_overflow(power, 10, &power);
    if (over || __builtin_mul_overflow(value, power, &value)) return model::fail("22003"_state, std::string{name} + " out of range");
    whole += format.shifted;
  }
  std::string digits = std::to_string(value);
  const bool negative = value < 0;
  if (negative) digits.erase(0, 1);
  if (format.fraction > 0) digits += '.' + std::string(format.fraction, '0');
  return fitted(std::move(digits), negative, format, {whole, format.fraction});
}

template <class Real>
Answer char_of_real(Real value, const NumberFormat& format) {
  if (format.has(Mark::roman)) {
    const double rounded = std::rint(value);
    return write_roman(std::isfinite(value) && std::abs(rounded) < 4000 ? static_cast<std::int32_t>(rounded) : 0, format);
  }
  if (format.has(Mark::exponent)) return scientific(double{value}, format);
  std::size_t whole = format.whole;
  if (format.has(Mark::shift)) {
    value *= static_cast<Real>(std::pow(10.0, static_cast<double>(format.shifted)));
    whole += format.shifted;
  }
  constexpr std::size_t kPrecision = std::numeric_limits<Real>::digits10;
  const bool negative = !std::isnan(value) && std::signbit(value);
  const double positive = std::abs(double{value});
  std::string digits = std::isnan(value) ? "NaN" : std::isinf(value) ? "Infinity" : printed("%.*f", 0, positive);
  const std::size_t fraction = digits.size() >= kPrecision ? 0 : std::min(format.fraction, kPrecision - digits.size());
  if (fraction > 0 && std::isfinite(value)) digits = printed("%.*f", static_cast<int>(fraction), positive);
  return fitted(std::move(digits), negative, format, {whole, fraction});
}

}  // namespace

Answer to_char(std::int32_t value, const NumberFormat& format) {
  if (format.has(Mark::roman)) return write_roman(value, format);
  if (format.has(Mark::exponent)) return scientific(static_cast<double>(value), format);
  return char_of_integer(value, format, "integer");
}
Answer to_char(std::int64_t value, const NumberFormat& format) {
  if (format.has(Mark::roman)) {
    if (value != static_cast<std::int32_t>(value)) return model::fail("22003"_state, "integer out of range");
    return write_roman(static_cast<std::int32_t>(value), format);
  }
  if (format.has(Mark::exponent)) return scientific(model::numeric_of(value), format);
  return char_of_integer(value, format, "bigint");
}
Answer to_char(float value, const NumberFormat& format) { return char_of_real(value, format); }
Answer to_char(double value, const NumberFormat& format) { return char_of_real(value, format); }

Answer to_char(const Numeric& value, const NumberFormat& format) {
  const bool infinite = value.text.ends_with("Infinity");
  if (format.has(Mark::roman)) {
    if (value.text == "NaN") return model::fail("0A000"_state, "cannot convert NaN to integer");
    if (infinite) return model::fail("0A000"_state, "cannot convert infinity to integer");
    const model::Result<std::int64_t> integer = model::to_int64(value);
    if (!integer || *integer != static_cast<std::int32_t>(*integer)) return model::fail("22003"_state, "integer out of range");
    return write_roman(static_cast<std::int32_t>(*integer), format);
  }
  if (format.has(Mark::exponent)) return scientific(value, format);
  std::size_t whole = format.whole;
  Numeric shown = value;
  if (format.has(Mark::shift)) {
    constexpr std::size_t kMostWhole = 131'072;  // digits that a numeric may have before its point
    if (format.shifted > kMostWhole) return model::fail("22003"_state, "value overflows numeric format");
    CROSSFADE_TRY(shown, model::calculate(model::NumericOperator::multiply, value, {"1" + std::string(format.shifted, '0')}));
    whole += format.shifted;
  }
  if (value.text != "NaN" && !infinite) shown = model::round(shown, static_cast<int>(std::min(format.fraction, kMostFractionShown)));
  const bool negative = shown.text.starts_with('-');
  return fitted(shown.text.substr(negative ? 1 : 0), negative, format, {whole, format.fraction});
}

namespace {

model::Result<const NumberFormat*> format_of(const Call& call) {
  return call.kept<NumberFormat>(1, [](const NumberFormat&) { return true; }, [&] { return parse_number_format(call.text(1)); });
}
template <class Read>
Answer shown_by(const Call& call, Read read) {
  if (call.text(1).empty()) return std::string{};
  CROSSFADE_TRY(const NumberFormat* format, format_of(call));
  return to_char(read(), *format);
}

constexpr std::array kNumberFormatFunctions{
    Function{"crossfade_to_char_int4", 2, [](const Call& call) { return shown_by(call, [&] { return static_cast<std::int32_t>(call.integer(0)); }); }},
    Function{"crossfade_to_char_int8", 2, [](const Call& call) { return shown_by(call, [&] { return call.integer(0); }); }},
    Function{"crossfade_to_char_float4", 2, [](const Call& call) { return shown_by(call, [&] { return static_cast<float>(call.real(0)); }); }},
    Function{"crossfade_to_char_float8", 2, [](const Call& call) { return shown_by(call, [&] { return call.real(0); }); }},
    Function{"crossfade_to_char_numeric", 2, [](const Call& call) { return shown_by(call, [&] { return call.numeric(0); }); }},
    Function{"crossfade_to_number", 2, [](const Call& call) -> Answer {
               if (call.text(1).empty()) return model::Null{};
               CROSSFADE_TRY(const NumberFormat* format, format_of(call));
               return to_number(call.text(0), *format);
             }},
};

}  // namespace

std::span<const Function> number_format_functions() { return kNumberFormatFunctions; }

}  // namespace crossfade::sqlite::functions
