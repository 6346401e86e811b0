#pragma once

#include <boost/container/small_vector.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossfade::model {

/// A whole number of any size in limbs of nine decimal digits: reading and writing decimal text costs its length, and so does
/// multiplying by a power of ten. Multiplication and division cost the product of the lengths.
class DecimalInteger {
 public:
  DecimalInteger() = default;
  DecimalInteger(std::int64_t value);  // NOLINT(google-explicit-constructor): as the built-in ones
  /// Decimal digits, no sign; may begin with zeros.
  static DecimalInteger of_digits(std::string_view digits);
  static DecimalInteger power_of_ten(int exponent);

  /// Without sign; "0".
  std::string digits() const;
  std::size_t digit_count() const;
  int sign() const { return limbs_.empty() ? 0 : negative_ ? -1 : 1; }
  /// nullopt: it is larger.
  std::optional<std::int64_t> as_int64() const;

  void negate() { negative_ = !negative_ && !limbs_.empty(); }
  DecimalInteger magnitude() const;
  void multiply_by_ten(int exponent);
  /// Half away from zero.
  void divide_by_ten(int exponent);
  DecimalInteger& operator+=(const DecimalInteger& other);
  DecimalInteger& operator-=(const DecimalInteger& other);
  friend DecimalInteger operator*(const DecimalInteger& left, const DecimalInteger& right);
  /// Towards zero; the rest has the dividend's sign. `divisor` is not 0.
  struct Quotient;
  static Quotient divide(const DecimalInteger& dividend, const DecimalInteger& divisor);
  static DecimalInteger divide_rounded(const DecimalInteger& dividend, const DecimalInteger& divisor);

  friend std::strong_ordering operator<=>(const DecimalInteger& left, const DecimalInteger& right);
  friend bool operator==(const DecimalInteger& left, const DecimalInteger& right) { return left.negative_ == right.negative_ && left.limbs_ == right.limbs_; }

 private:
  using Limbs = boost::container::small_vector<std::uint32_t, 6>;
  static std::strong_ordering compare(const Limbs& left, const Limbs& right);
  static void add(Limbs& to, const Limbs& other);
  static void subtract(Limbs& from, const Limbs& smaller);
  static void multiply(Limbs& limbs, std::uint32_t factor);
  static std::uint32_t divide(Limbs& limbs, std::uint32_t divisor);  // gives the rest
  static Limbs divide_long(Limbs& dividend, Limbs divisor);          // leaves the rest
  void add_signed(const Limbs& other, bool negative);
  void trim();

  Limbs limbs_;  // lowest first, the last is not 0
  bool negative_ = false;
};

struct DecimalInteger::Quotient { DecimalInteger quotient, rest; };

}  // namespace crossfade::model
