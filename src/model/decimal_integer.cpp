#include "decimal_integer.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace crossfade::model {
namespace {

constexpr std::uint64_t kLimb = 1'000'000'000;
constexpr std::size_t kLimbDigits = 9;
constexpr std::array<std::uint32_t, 10> kTens{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

std::size_t digits_of(std::uint32_t limb) {
  std::size_t count = 1;
  while (count < kLimbDigits && limb >= kTens[count]) ++count;
  return count;
}

}  // namespace

DecimalInteger::DecimalInteger(std::int64_t value) : negative_(value < 0) {
  std::uint64_t rest = negative_ ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  for (; rest != 0; rest /= kLimb) limbs_.push_back(static_cast<std::uint32_t>(rest % kLimb));
}

DecimalInteger DecimalInteger::of_digits(std::string_view digits) {
  DecimalInteger out;
  out.limbs_.reserve(digits.size() / kLimbDigits + 1);
  while (!digits.empty()) {
    const std::size_t count = std::min(digits.size(), kLimbDigits);
    std::uint32_t limb = 0;
    for (const char c : digits.substr(digits.size() - count)) limb = limb * 10 + static_cast<std::uint32_t>(c - '0');
    out.limbs_.push_back(limb);
    digits.remove_suffix(count);
  }
  out.trim();
  return out;
}

DecimalInteger DecimalInteger::power_of_ten(int exponent) {
  DecimalInteger out{1};
  out.multiply_by_ten(exponent);
  return out;
}

std::string DecimalInteger::digits() const {
  if (limbs_.empty()) return "0";
  std::string out = std::to_string(limbs_.back());
  out.reserve(out.size() + (limbs_.size() - 1) * kLimbDigits);
  for (std::size_t i = limbs_.size() - 1; i-- > 0;) {
    const std::string limb = std::to_string(limbs_[i]);
    out.append(kLimbDigits - limb.size(), '0');
    out += limb;
  }
  return out;
}

std::size_t DecimalInteger::digit_count() const {
  return limbs_.empty() ? 1 : (limbs_.size() - 1) * kLimbDigits + digits_of(limbs_.back());
}

std::optional<std::int64_t> DecimalInteger::as_int64() const {
  static const DecimalInteger kLeast{std::numeric_limits<std::int64_t>::min()}, kMost{std::numeric_limits<std::int64_t>::max()};
  if (*this < kLeast || *this > kMost) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = limbs_.size(); i-- > 0;) value = value * kLimb + limbs_[i];
  return static_cast<std::int64_t>(negative_ ? std::uint64_t{0} - value : value);
}

DecimalInteger DecimalInteger::magnitude() const {
  DecimalInteger out = *this;
  out.negative_ = false;
  return out;
}

void DecimalInteger::multiply_by_ten(int exponent) {
  if (limbs_.empty()) return;
  const auto places = static_cast<std::size_t>(exponent);
  if (places % kLimbDigits != 0) multiply(limbs_, kTens[places % kLimbDigits]);
  limbs_.insert(limbs_.begin(), places / kLimbDigits, 0);
}

/// All digits but the last that goes are cut; that one says how to round.
void DecimalInteger::divide_by_ten(int exponent) {
  if (exponent == 0) return;
  const auto cut = static_cast<std::size_t>(exponent - 1);
  const auto whole = static_cast<std::ptrdiff_t>(std::min(cut / kLimbDigits, limbs_.size()));
  limbs_.erase(limbs_.begin(), limbs_.begin() + whole);
  divide(limbs_, kTens[cut % kLimbDigits]);
  const bool up = divide(limbs_, 10) >= 5;
  if (up) add(limbs_, Limbs{1});
  trim();
}

DecimalInteger& DecimalInteger::operator+=(const DecimalInteger& other) {
  add_signed(other.limbs_, other.negative_);
  return *this;
}

DecimalInteger& DecimalInteger::operator-=(const DecimalInteger& other) {
  add_signed(other.limbs_, !other.negative_);
  return *this;
}

void DecimalInteger::add_signed(const Limbs& other, bool negative) {
  if (negative_ == negative || limbs_.empty()) {
    negative_ = negative;
    add(limbs_, other);
  } else if (compare(limbs_, other) >= 0) {
    subtract(limbs_, other);
  } else {
    Limbs larger = other;
    subtract(larger, limbs_);
    limbs_ = std::move(larger);
    negative_ = negative;
  }
  trim();
}

DecimalInteger operator*(const DecimalInteger& left, const DecimalInteger& right) {
  DecimalInteger out;
  out.limbs_.resize(left.limbs_.size() + right.limbs_.size(), 0);
  for (std::size_t i = 0; i < left.limbs_.size(); ++i) {
    std::uint64_t carry = 0;
    const std::uint64_t factor = left.limbs_[i];
    std::uint32_t* const row = out.limbs_.data() + i;
    const std::uint32_t* const other = right.limbs_.data();
    const std::size_t count = right.limbs_.size();
    for (std::size_t j = 0; j < count; ++j) {
      const std::uint64_t sum = row[j] + factor * other[j] + carry;
      carry = sum / kLimb;
      row[j] = static_cast<std::uint32_t>(sum - carry * kLimb);
    }
    row[count] = static_cast<std::uint32_t>(carry);
  }
  out.negative_ = left.negative_ != right.negative_;
  out.trim();
  return out;
}

DecimalInteger::Quotient DecimalInteger::divide(const DecimalInteger& dividend, const DecimalInteger& divisor) {
  Quotient out{dividend, {}};
  if (divisor.limbs_.size() == 1) {
    out.rest = DecimalInteger{static_cast<std::int64_t>(divide(out.quotient.limbs_, divisor.limbs_.front()))};
  } else if (compare(dividend.limbs_, divisor.limbs_) < 0) {
    std::swap(out.quotient, out.rest);
  } else {
    out.rest = dividend;
    out.quotient.limbs_ = divide_long(out.rest.limbs_, divisor.limbs_);
  }
  out.quotient.negative_ = dividend.negative_ != divisor.negative_;
  out.rest.negative_ = dividend.negative_;
  out.quotient.trim();
  out.rest.trim();
  return out;
}

DecimalInteger DecimalInteger::divide_rounded(const DecimalInteger& dividend, const DecimalInteger& divisor) {
  Quotient out = divide(dividend, divisor);
  multiply(out.rest.limbs_, 2);
  if (compare(out.rest.limbs_, divisor.limbs_) >= 0) {
    out.quotient.negative_ = dividend.negative_ != divisor.negative_;
    add(out.quotient.limbs_, Limbs{1});
  }
  return std::move(out.quotient);
}

std::strong_ordering operator<=>(const DecimalInteger& left, const DecimalInteger& right) {
  if (left.negative_ != right.negative_) return left.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  return left.negative_ ? DecimalInteger::compare(right.limbs_, left.limbs_) : DecimalInteger::compare(left.limbs_, right.limbs_);
}

std::strong_ordering DecimalInteger::compare(const Limbs& left, const Limbs& right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  for (std::size_t i = left.size(); i-- > 0;)
    if (left[i] != right[i]) return left[i] <=> right[i];
  return std::strong_ordering::equal;
}

void DecimalInteger::add(Limbs& to, const Limbs& other) {
  if (to.size() < other.size()) to.resize(other.size(), 0);
  std::uint32_t carry = 0;
  for (std::size_t i = 0; i < to.size() && (i < other.size() || carry != 0); ++i) {
    to[i] += carry + (i < other.size() ? other[i] : 0);
    carry = to[i] >= kLimb ? 1 : 0;
    if (carry != 0) to[i] -= static_cast<std::uint32_t>(kLimb);
  }
  if (carry != 0) to.push_back(carry);
}

void DecimalInteger::subtract(Limbs& from, const Limbs& smaller) {
  std::uint32_t borrow = 0;
  for (std::size_t i = 0; i < from.size() && (i < smaller.size() || borrow != 0); ++i) {
    const std::uint32_t take = borrow + (i < smaller.size() ? smaller[i] : 0);
    borrow = from[i] < take ? 1 : 0;
    from[i] += borrow * static_cast<std::uint32_t>(kLimb) - take;
  }
}

void DecimalInteger::multiply(Limbs& limbs, std::uint32_t factor) {
  std::uint64_t carry = 0;
  for (std::uint32_t& limb : limbs) {
    const std::uint64_t product = std::uint64_t{limb} * factor + carry;
    carry = product / kLimb;
    limb = static_cast<std::uint32_t>(product % kLimb);
  }
  if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
}

std::uint32_t DecimalInteger::divide(Limbs& limbs, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = limbs.size(); i-- > 0;) {
    const std::uint64_t part = rest * kLimb + limbs[i];
    limbs[i] = static_cast<std::uint32_t>(part / divisor);
    rest = part % divisor;
  }
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
  return static_cast<std::uint32_t>(rest);
}

/// Long division, a limb at a time; the divisor has two limbs or more. Source: Knuth, "The Art of Computer Programming", 4.3.1, D.
DecimalInteger::Limbs DecimalInteger::divide_long(Limbs& dividend, Limbs divisor) {
  const auto factor = static_cast<std::uint32_t>(kLimb / (divisor.back() + std::uint64_t{1}));
  multiply(dividend, factor);
  multiply(divisor, factor);
  const std::size_t width = divisor.size();
  dividend.resize(std::max(dividend.size(), width) + 1, 0);
  const std::uint64_t first = divisor[width - 1], second = divisor[width - 2];
  Limbs quotient(dividend.size() - width, 0);
  for (std::size_t at = quotient.size(); at-- > 0;) {
    std::uint32_t* const row = dividend.data() + at;
    const std::uint64_t top = row[width] * kLimb + row[width - 1];
    std::uint64_t guess = top / first, rest = top % first;
    while (guess >= kLimb || guess * second > rest * kLimb + row[width - 2]) {
      --guess;
      rest += first;
      if (rest >= kLimb) break;
    }
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const std::uint64_t product = guess * divisor[i] + static_cast<std::uint64_t>(borrow);
      const std::uint64_t carry = product / kLimb;
      const std::int64_t left = std::int64_t{row[i]} - static_cast<std::int64_t>(product - carry * kLimb);
      row[i] = static_cast<std::uint32_t>(left < 0 ? left + static_cast<std::int64_t>(kLimb) : left);
      borrow = static_cast<std::int64_t>(carry) + (left < 0 ? 1 : 0);
    }
    const bool too_large = std::int64_t{row[width]} < borrow;
    row[width] = 0;
    if (too_large) {  // the guess was one too many
      --guess;
      std::uint32_t carry = 0;
      for (std::size_t i = 0; i < width; ++i) {
        row[i] += divisor[i] + carry;
        carry = row[i] >= kLimb ? 1 : 0;
        if (carry != 0) row[i] -= static_cast<std::uint32_t>(kLimb);
      }
    }
    quotient[at] = static_cast<std::uint32_t>(guess);
  }
  while (!dividend.empty() && dividend.back() == 0) dividend.pop_back();
  divide(dividend, factor);
  return quotient;
}

void DecimalInteger::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
  if (limbs_.empty()) negative_ = false;
}

}  // namespace crossfade::model
