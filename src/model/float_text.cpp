#include "float_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "ascii.hpp"

namespace crossfade::model {
namespace {

/// digits × 10^(exponent - digits.size() + 1): one digit stands before the point.
struct Scientific { std::string digits; int exponent = 0; };

Scientific split(std::string_view text) {
  Scientific out;
  const std::size_t e = text.find('e');
  for (char c : text.substr(0, e)) {
    if (is_digit(c)) out.digits += c;
  }
  const std::string exponent(text.substr(e + 1));
  out.exponent = std::atoi(exponent.c_str());
  return out;
}

template <class Float>
Scientific with_precision(Float value, int digits_after_point) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific,
                                 digits_after_point).ptr;
  Scientific out = split({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
  while (out.digits.size() > 1 && out.digits.back() == '0') out.digits.pop_back();
  return out;
}

// Is digits × 10^e exactly half way between `value` and a neighbour? PostgreSQL's shortest form avoids these, which other readers
// may round to the neighbour: 1e23 is 9.999999999999999e+22.
template <class Float>
bool is_half_way(Float value, const Scientific& decimal) {
  unsigned __int128 left = 0;
  for (char c : decimal.digits) left = left * 10 + static_cast<unsigned>(c - '0');
  int power = decimal.exponent - static_cast<int>(decimal.digits.size()) + 1;
  constexpr int kMostFives = 27;  // 5^27 < 2^63: more fives than a mantissa and a half hold
  if (power > kMostFives || power < -kMostFives || left == 0) return false;
  int binary = 0;
  const auto strip = [&binary](unsigned __int128& number) {
    for (; (number & 1) == 0; number >>= 1) ++binary;
  };
  // An odd number times a power of two on either side.
  unsigned __int128 fives = 1;
  for (int i = 0; i < std::abs(power); ++i) fives *= 5;
  if (power > 0) left *= fives;
  strip(left);
  binary += power;
  int exponent = 0;
  constexpr int kBits = std::numeric_limits<Float>::digits;
  const Float mantissa = std::frexp(value, &exponent);
  const auto whole = static_cast<std::uint64_t>(std::ldexp(mantissa, kBits));
  for (const unsigned __int128 middle : {static_cast<unsigned __int128>(whole) * 2 + 1, static_cast<unsigned __int128>(whole) * 2 - 1}) {
    if (left == (power < 0 ? middle * fives : middle) && binary == exponent - kBits - 1) return true;
  }
  return false;
}

template <class Float>
Scientific shortest(Float value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  const Scientific out = split({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
  if (!is_half_way(value, out)) return out;
  for (int digits = static_cast<int>(out.digits.size()); digits < std::numeric_limits<Float>::max_digits10; ++digits) {
    const Scientific longer = with_precision(value, digits);
    Float back = 0;
    const std::string text = longer.digits.substr(0, 1) + "." + longer.digits.substr(1) + "e" + std::to_string(longer.exponent);
    std::from_chars(text.data(), text.data() + text.size(), back);
    if (back == value && !is_half_way(value, longer)) return longer;
  }
  return out;
}

// %g's choice: an exponent below -4, or too large for `precision` digits.
void append(std::string& out, const Scientific& value, int precision) {
  const auto count = static_cast<int>(value.digits.size());
  if (value.exponent < -4 || value.exponent >= precision) {
    out += value.digits[0];
    if (count > 1) out.append(".").append(value.digits, 1);
    std::array<char, 8> exponent{};
    std::snprintf(exponent.data(), exponent.size(), "e%c%02d", value.exponent < 0 ? '-' : '+', std::abs(value.exponent));
    out += exponent.data();
  } else if (value.exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-value.exponent - 1), '0').append(value.digits);
  } else if (count <= value.exponent + 1) {
    out.append(value.digits).append(static_cast<std::size_t>(value.exponent + 1 - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(value.exponent + 1);
    out.append(value.digits, 0, whole).append(".").append(value.digits, whole);
  }
}

// `shortest_limit`: from which exponent on the shortest form is written with one.
template <class Float>
void append_float(std::string& out, Float value, int extra_float_digits, int shortest_limit) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::signbit(value)) out += '-';
  if (std::isinf(value)) {
    out += "Infinity";
  } else if (value == 0) {
    out += '0';
  } else if (extra_float_digits > 0) {
    append(out, shortest(std::abs(value)), shortest_limit);
  } else {
    const int digits = std::max(std::numeric_limits<Float>::digits10 + extra_float_digits, 1);
    append(out, with_precision(std::abs(value), digits - 1), digits);
  }
}

double read(const char* text, char** end, double) { return std::strtod(text, end); }
float read(const char* text, char** end, float) { return std::strtof(text, end); }

template <class Float>
Result<Float> parse_float(std::string_view text, std::string_view type) {
  const std::string copy(text);
  const char* begin = copy.c_str();
  while (is_space(*begin)) ++begin;
  errno = 0;
  char* end = nullptr;
  const Float value = read(begin, &end, Float{});
  const int error = errno;
  const std::string_view rest(end, static_cast<std::size_t>(copy.data() + copy.size() - end));
  const std::string number(begin, static_cast<std::size_t>(end - begin));
  // strtod also knows nan(…), which PostgreSQL does not.
  if (number.empty() || !trimmed(rest).empty() || number.find('(') != number.npos) {
    return fail("22P02"_state, "invalid input syntax for type " + std::string(type) + ": \"" + copy + "\"");
  }
  if (error == ERANGE && (value == 0 || std::isinf(value))) {
    return fail("22003"_state, "\"" + number + "\" is out of range for type " + std::string(type));
  }
  return value;
}

}  // namespace

void append_float8(std::string& out, double value, int extra_float_digits) { append_float(out, value, extra_float_digits, 15); }
void append_float4(std::string& out, float value, int extra_float_digits) { append_float(out, value, extra_float_digits, 6); }
Result<double> parse_float8(std::string_view text) { return parse_float<double>(text, "double precision"); }
Result<float> parse_float4(std::string_view text) { return parse_float<float>(text, "real"); }

}  // namespace crossfade::model
