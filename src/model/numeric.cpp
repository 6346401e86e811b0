#include "crossfade/model/numeric.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "ascii.hpp"
#include "decimal_integer.hpp"

namespace crossfade::model {
namespace {

// PostgreSQL 15 manual, table 8.2: 131072 digits before the decimal point, 16383 after it.
constexpr int kMaxWeight = 131'072, kMaxScale = 16'383, kMaxDisplayScale = 1'000, kMinSignificant = 16;

enum class Kind : char { finite, nan, infinity, minus_infinity };

/// coefficient · 10^-scale.
struct Decimal { Kind kind = Kind::finite; DecimalInteger coefficient; int scale = 0; };

std::unexpected<Error> too_large() { return fail("22003"_state, "value overflows numeric format"); }

// Reads PostgreSQL's output form, which is what Numeric holds.
Decimal read(const Numeric& value) {
  const std::string_view text = value.text;
  if (text == "NaN") return {Kind::nan, 0, 0};
  if (text == "Infinity") return {Kind::infinity, 1, 0};
  if (text == "-Infinity") return {Kind::minus_infinity, -1, 0};
  const bool negative = text.starts_with('-');
  const std::size_t point = text.find('.');
  std::string digits(text.substr(negative ? 1 : 0, point - (negative && point != text.npos ? 1 : 0)));
  if (point != text.npos) digits += text.substr(point + 1);
  Decimal out{Kind::finite, DecimalInteger::of_digits(digits), point == text.npos ? 0 : static_cast<int>(text.size() - point - 1)};
  if (negative) out.coefficient.negate();
  return out;
}

Numeric write(const Decimal& value) {
  switch (value.kind) {
    case Kind::nan: return {"NaN"};
    case Kind::infinity: return {"Infinity"};
    case Kind::minus_infinity: return {"-Infinity"};
    case Kind::finite: break;
  }
  const bool negative = value.coefficient.sign() < 0;
  std::string digits = value.coefficient.digits();
  const auto scale = static_cast<std::size_t>(value.scale);
  if (scale > 0) {
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale, ".");
  }
  return {(negative ? "-" : "") + digits};
}

void rescale(Decimal& value, int scale) {
  if (scale > value.scale) {
    value.coefficient.multiply_by_ten(scale - value.scale);
  } else if (scale < value.scale) {
    value.coefficient.divide_by_ten(value.scale - scale);
  }
  value.scale = scale;
}

/// The leading base-10000 digit and its weight: PostgreSQL chooses the scale of a quotient by them.
struct Leading { int weight = 0; int digit = 0; };
Leading leading(const Decimal& value) {
  if (value.coefficient.sign() == 0) return {};
  const std::string digits = value.coefficient.digits();
  const int exponent = static_cast<int>(digits.size()) - 1 - value.scale;
  const int weight = exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4);
  const auto length = static_cast<std::size_t>(exponent - 4 * weight + 1);
  std::string first = digits.substr(0, length);
  first.append(length - first.size(), '0');
  return {weight, std::atoi(first.c_str())};
}

int quotient_scale(const Decimal& left, const Decimal& right) {
  const Leading a = leading(left), b = leading(right);
  const int weight = a.weight - b.weight - (a.digit <= b.digit ? 1 : 0);
  return std::min(std::max({kMinSignificant - weight * 4, left.scale, right.scale, 0}), kMaxDisplayScale);
}

int sign(const Decimal& value) { return value.coefficient.sign(); }  // of an infinity too

Decimal infinity_of(int signum) { return {signum < 0 ? Kind::minus_infinity : Kind::infinity, signum, 0}; }

std::unexpected<Error> division_by_zero() { return fail("22012"_state, "division by zero"); }

// One operand at least is NaN or infinite.
Result<Decimal> calculate_special(NumericOperator operation, const Decimal& left, const Decimal& right) {
  const Decimal nan{Kind::nan, 0, 0};
  if (left.kind == Kind::nan || right.kind == Kind::nan) return nan;
  const bool left_infinite = left.kind != Kind::finite, right_infinite = right.kind != Kind::finite;
  switch (operation) {
    case NumericOperator::add:
      if (left_infinite && right_infinite && left.kind != right.kind) return nan;
      return left_infinite ? left : right;
    case NumericOperator::subtract:
      if (left_infinite && right_infinite && left.kind == right.kind) return nan;
      return left_infinite ? left : infinity_of(-sign(right));
    case NumericOperator::multiply: {
      const int signum = sign(left) * sign(right);
      return signum == 0 ? nan : infinity_of(signum);
    }
    case NumericOperator::divide:
      if (left_infinite && right_infinite) return nan;
      if (right_infinite) return Decimal{};
      if (sign(right) == 0) return division_by_zero();
      return infinity_of(sign(left) * sign(right));
    case NumericOperator::modulo:
      if (!left_infinite) return left;
      if (!right_infinite && sign(right) == 0) return division_by_zero();
      return nan;
  }
  return nan;
}

Result<Decimal> calculate_finite(NumericOperator operation, Decimal left, Decimal right) {
  const int scale = std::max(left.scale, right.scale);
  switch (operation) {
    case NumericOperator::add:
      rescale(left, scale);
      rescale(right, scale);
      left.coefficient += right.coefficient;
      return left;
    case NumericOperator::subtract:
      rescale(left, scale);
      rescale(right, scale);
      left.coefficient -= right.coefficient;
      return left;
    case NumericOperator::multiply:
      left.coefficient = left.coefficient * right.coefficient;
      left.scale += right.scale;
      if (left.scale > kMaxScale) rescale(left, kMaxScale);
      return left;
    case NumericOperator::divide: {
      if (right.coefficient.sign() == 0) return division_by_zero();
      const int wanted = quotient_scale(left, right);
      const int shift = wanted + right.scale - left.scale;
      if (shift >= 0) {
        left.coefficient.multiply_by_ten(shift);
      } else {
        right.coefficient.multiply_by_ten(-shift);
      }
      return Decimal{Kind::finite, DecimalInteger::divide_rounded(left.coefficient, right.coefficient), wanted};
    }
    case NumericOperator::modulo:
      if (right.coefficient.sign() == 0) return division_by_zero();
      rescale(left, scale);
      rescale(right, scale);
      left.coefficient = DecimalInteger::divide(left.coefficient, right.coefficient).rest;
      return left;
  }
  return left;
}

struct Literal { bool negative = false; std::string digits; int scale = 0; };

/// Sign, digits, point and exponent; nullopt for anything else.
std::optional<Literal> read_literal(std::string_view text, bool& overflow) {
  Literal out;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) out.negative = text[at++] == '-';
  for (; at < text.size() && is_digit(text[at]); ++at) out.digits += text[at];
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); ++at, ++out.scale) out.digits += text[at];
  }
  if (out.digits.empty()) return std::nullopt;
  if (at < text.size() && lower(text[at]) == 'e') {
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    long exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (error == std::errc::invalid_argument || (at > 0 && text[at - 1] == '+' && at < text.size() && text[at] == '-')) {
      return std::nullopt;
    }
    at = static_cast<std::size_t>(end - text.data());
    constexpr long kMaxExponent = 1'000'000;
    overflow = error != std::errc{} || exponent > kMaxExponent || exponent < -kMaxExponent;
    if (!overflow) out.scale -= static_cast<int>(exponent);
  }
  if (at != text.size()) return std::nullopt;
  return out;
}

struct Special { std::string_view word, text; };
constexpr std::array kSpecials{
    Special{"nan", "NaN"}, Special{"infinity", "Infinity"}, Special{"+infinity", "Infinity"}, Special{"-infinity", "-Infinity"},
    Special{"inf", "Infinity"}, Special{"+inf", "Infinity"}, Special{"-inf", "-Infinity"},
};

// The order of kinds: -Infinity < finite < Infinity < NaN.
int rank(Kind kind) { return kind == Kind::minus_infinity ? 0 : kind == Kind::finite ? 1 : kind == Kind::infinity ? 2 : 3; }

}  // namespace

Result<Numeric> calculate(NumericOperator operation, const Numeric& left, const Numeric& right) {
  Decimal a = read(left), b = read(right);
  const bool finite = a.kind == Kind::finite && b.kind == Kind::finite;
  CROSSFADE_TRY(const Decimal result,
                finite ? calculate_finite(operation, std::move(a), std::move(b)) : calculate_special(operation, a, b));
  Numeric out = write(result);
  const std::size_t point = std::min(out.text.find('.'), out.text.size());
  if (point > static_cast<std::size_t>(kMaxWeight) + 1) return too_large();
  return out;
}

Numeric calculate_exactly(NumericOperator operation, const Numeric& left, const Numeric& right) {
  Decimal a = read(left), b = read(right);
  if (operation == NumericOperator::multiply) return write({Kind::finite, a.coefficient * b.coefficient, a.scale + b.scale});
  return write(*calculate_finite(operation, std::move(a), std::move(b)));
}

std::strong_ordering compare(const Numeric& left, const Numeric& right) {
  if (left.text == right.text) return std::strong_ordering::equal;
  Decimal a = read(left), b = read(right);
  if (a.kind != Kind::finite || b.kind != Kind::finite) return rank(a.kind) <=> rank(b.kind);
  const int scale = std::max(a.scale, b.scale);
  rescale(a, scale);
  rescale(b, scale);
  return a.coefficient <=> b.coefficient;
}

Numeric round(const Numeric& value, int scale) {
  Decimal decimal = read(value);
  if (decimal.kind != Kind::finite) return value;
  rescale(decimal, std::clamp(scale, -kMaxWeight - 1, kMaxScale));
  if (decimal.scale < 0) rescale(decimal, 0);
  return write(decimal);
}

Numeric negate(const Numeric& value) {
  Decimal decimal = read(value);
  if (decimal.kind == Kind::nan) return value;
  if (decimal.kind != Kind::finite) return write(infinity_of(-sign(decimal)));
  decimal.coefficient.negate();
  return write(decimal);
}

Result<Numeric> apply_modifier(const Numeric& value, std::int32_t modifier) {
  if (modifier < 4 || value.text == "NaN") return value;
  const std::int32_t packed = modifier - 4;
  const int precision = (packed >> 16) & 0xffff;
  const int scale = ((packed & 0x7ff) ^ 1024) - 1024;
  const std::string field = "A field with precision " + std::to_string(precision) + ", scale " + std::to_string(scale);
  const auto overflow = [&](const std::string& what) { return fail("22003"_state, "numeric field overflow", field + what); };
  if (value.text.ends_with("Infinity")) return overflow(" cannot hold an infinite value.");
  Numeric rounded = round(value, scale);
  const int whole = precision - scale;  // the rounded value must be less than 10^whole
  Decimal decimal = read(rounded);
  Decimal limit{Kind::finite, DecimalInteger::power_of_ten(std::max(whole, 0)), whole >= 0 ? 0 : -whole};
  const int common = std::max(decimal.scale, limit.scale);
  rescale(decimal, common);
  rescale(limit, common);
  if (decimal.coefficient.magnitude() < limit.coefficient) return rounded;
  return overflow(" must round to an absolute value less than " +
                  (whole != 0 ? "10^" + std::to_string(whole) : std::string("1")) + ".");
}

Result<Numeric> parse_numeric(std::string_view text) {
  const std::string_view word = trimmed(text);
  for (const Special& special : kSpecials) {
    if (equals_ignoring_case(special.word, word)) return Numeric{std::string(special.text)};
  }
  bool overflow = false;
  std::optional<Literal> literal = read_literal(word, overflow);
  if (!literal) return fail("22P02"_state, "invalid input syntax for type numeric: \"" + std::string(text) + "\"");
  if (overflow) return too_large();
  std::string& digits = literal->digits;
  const bool zero = digits.find_first_not_of('0') == digits.npos;
  if (literal->scale < 0) {
    if (!zero) digits.append(static_cast<std::size_t>(-literal->scale), '0');
    literal->scale = 0;
  }
  const auto scale = static_cast<std::size_t>(literal->scale);
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - scale - 1));
  if (digits.size() - scale > kMaxWeight || scale > kMaxScale) return too_large();
  if (scale > 0) digits.insert(digits.size() - scale, ".");
  if (literal->negative && !zero) digits.insert(0, "-");
  return Numeric{std::move(digits)};
}

Numeric numeric_of(double value) {
  if (std::isnan(value)) return {"NaN"};
  if (std::isinf(value)) return {value > 0 ? "Infinity" : "-Infinity"};
  if (value == 0) return {"0"};
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  return *parse_numeric({buffer.data(), static_cast<std::size_t>(end - buffer.data())});  // always a numeric's syntax
}

Numeric numeric_of(std::int64_t value) { return {std::to_string(value)}; }

double to_double(const Numeric& value) {
  if (value.text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value.text.ends_with("Infinity")) {
    return value.text.front() == '-' ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  double out = 0;
  const std::string& text = value.text;
  if (std::from_chars(text.data(), text.data() + text.size(), out).ec != std::errc::result_out_of_range) return out;
  const bool negative = text.starts_with('-');
  const bool small = text[negative ? 1 : 0] == '0';
  const double magnitude = small ? 0 : std::numeric_limits<double>::infinity();
  return negative ? -magnitude : magnitude;
}

Result<std::int64_t> to_int64(const Numeric& value) {
  if (value.text == "NaN") return fail("0A000"_state, "cannot convert NaN to bigint");
  if (value.text.ends_with("Infinity")) return fail("0A000"_state, "cannot convert infinity to bigint");
  Decimal decimal = read(value);
  rescale(decimal, 0);
  if (const auto whole = decimal.coefficient.as_int64()) return *whole;
  return fail("22003"_state, "bigint out of range");
}

}  // namespace crossfade::model
