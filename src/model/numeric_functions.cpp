#include "crossfade/model/numeric_functions.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <cmath>
#include <cstdlib>

#include "decimal_integer.hpp"

namespace crossfade::model {

namespace numeric_powers {

using namespace literals;

// Source: PostgreSQL 15's answers, and the limits of its manual (8.1.2).
constexpr int kSignificant = 16, kMostScale = 1'000, kMostWeight = 131'072;
constexpr double kTenthsOfE = 0.434294481903252;  // log10(e)

bool is(const Numeric& value, std::string_view text) { return value.text == text; }
bool finite(const Numeric& value) { return !is(value, "NaN") && !value.text.ends_with("Infinity"); }
bool negative(const Numeric& value) { return value.text.starts_with('-'); }
bool zero(const Numeric& value) { return value.text.find_first_of("123456789NI") == std::string::npos; }
int scale_of(const Numeric& value) {
  const std::size_t point = value.text.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(value.text.size() - point - 1);
}
bool whole(const Numeric& value) {
  const std::size_t point = value.text.find('.');
  return point == std::string::npos || value.text.find_first_not_of('0', point + 1) == std::string::npos;
}

/// The magnitude in groups of four decimal digits, as PostgreSQL keeps it: the first one stands for 10000^weight and is not 0. Both of zero: 0.
struct Groups {
  int weight = 0;
  int first = 0, second = 0;
  bool more = false;  // has a second group at all
};
Groups groups_of(const Numeric& value) {
  const std::string& text = value.text;
  std::string digits;
  int before = 0;  // digits before the point, counted from the first that is not 0; below 0: zeros behind the point
  bool point = false;
  for (const char c : text) {
    if (c == '.') point = true;
    if (c < '0' || c > '9') continue;
    if (digits.empty() && c == '0') {
      before -= point;
      continue;
    }
    digits += c;
    before += !point;
  }
  while (digits.ends_with('0')) digits.pop_back();
  if (digits.empty()) return {};
  const int exponent = before - 1;  // 10^exponent is the first digit's
  const int weight = exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4);
  const auto lead = static_cast<std::size_t>(exponent - weight * 4 + 1);  // digits in the first group
  const auto group = [&](std::size_t from, std::size_t length) {
    std::string part = from < digits.size() ? digits.substr(from, length) : std::string{};
    part.resize(length, '0');
    return std::stoi(part);
  };
  return {weight, group(0, lead), group(lead, 4), digits.size() > lead};
}

/// About the exponent of ln(value)'s first digit.
int logarithm_weight(const Numeric& value) {
  if (negative(value) || zero(value)) return 0;
  const bool near_one = compare(value, Numeric{"0.9"}) >= 0 && compare(value, Numeric{"1.1"}) <= 0;
  if (near_one) {
    const auto rest = calculate(NumericOperator::subtract, value, Numeric{"1"});
    if (!rest || zero(*rest)) return 0;
    const Groups groups = groups_of(*rest);
    return groups.weight * 4 + static_cast<int>(std::log10(groups.first));
  }
  const Groups groups = groups_of(value);
  const double digits = groups.more ? groups.first * 10'000.0 + groups.second : groups.first;
  const double about = std::log(digits) + (groups.weight - (groups.more ? 1 : 0)) * 4 * 2.302585092994046;
  return about == 0 ? 0 : static_cast<int>(std::log10(std::abs(about)));
}

int bounded(int scale, std::initializer_list<int> least) { return std::min(kMostScale, std::max({scale, 0, std::max(least)})); }

template <unsigned Digits>
using Real = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<Digits>>;

/// Runs `compute` with so many digits that the result has `scale` of them behind the point and some to round by. `weight`: about the decimal
/// exponent of the result, `given`: digits of the longest operand.
template <class Compute>
Result<Numeric> computed(int scale, double weight, std::size_t given, Compute compute) {
  constexpr int kGuard = 12, kUnsure = 20;
  const double digits = std::max<double>(scale + std::max(weight, 0.0) + 2 * kGuard, static_cast<double>(given) + kGuard);
  const auto with = [&]<unsigned Digits>() -> Result<Numeric> {
    const Real<Digits> result = compute.template operator()<Real<Digits>>();
    const int behind = std::max(scale + kGuard, static_cast<int>(Digits) - kUnsure - static_cast<int>(std::max(weight, 0.0)));  // 0.49…9 is not 0.5
    CROSSFADE_TRY(const Numeric exact, parse_numeric(result.str(behind, std::ios_base::fixed)));
    return round(exact, scale);
  };
  if (digits <= 90) return with.template operator()<100>();
  if (digits <= 390) return with.template operator()<400>();
  if (digits <= 2'390) return with.template operator()<2'400>();
  return fail("0A000"_state, "a numeric of so many digits is not supported on SQLite", {}, "A cast to double precision works.");
}

template <class R>
R read(const Numeric& value) { return R(value.text); }

std::string zeros(int scale) { return scale == 0 ? "0" : "0." + std::string(static_cast<std::size_t>(scale), '0'); }

std::unexpected<Error> overflow() { return fail("22003"_state, "value overflows numeric format"); }

Result<void> has_logarithm(const Numeric& value) {
  if (negative(value) && !zero(value)) return fail("2201E"_state, "cannot take logarithm of a negative number");
  if (zero(value)) return fail("2201E"_state, "cannot take logarithm of zero");
  return {};
}

/// About log10 of the magnitude.
double decimal_weight(const Numeric& value) {
  const Groups groups = groups_of(value);
  return std::log10(groups.first + groups.second / 10'000.0) + groups.weight * 4;
}

/// About exponent * ln(base), to some 15 digits; as large as a double when it is larger.
double rough_logarithm_of_power(const Numeric& base, const Numeric& exponent) {
  using Rough = Real<50>;
  const auto rest = calculate(NumericOperator::subtract, base, Numeric{"1"});
  if (!rest) return 0;
  const Rough r = read<Rough>(*rest);
  const bool near_one = boost::multiprecision::abs(r) < Rough("1e-6");  // whose digits behind the nines would be cut
  const Rough logarithm = near_one ? Rough(r - r * r / 2 + r * r * r / 3) : Rough(boost::multiprecision::log(read<Rough>(base)));
  const Rough whole = read<Rough>(exponent) * logarithm;
  constexpr double kLarge = 1e300;
  return whole > kLarge ? kLarge : whole < -kLarge ? -kLarge : static_cast<double>(whole);
}

Result<Numeric> whole_power(const Numeric& base, std::int32_t exponent) {
  const int scale = bounded(kSignificant, {scale_of(base)});
  if (zero(base)) {
    if (exponent == 0) return round(Numeric{"1"}, scale);
    if (exponent < 0) return fail("22012"_state, "division by zero");
    return Numeric{zeros(scale)};
  }
  const double weight = exponent * decimal_weight(base);
  if (weight > kMostWeight) return overflow();
  if (weight + 1 < -scale) return Numeric{zeros(scale)};
  const std::int64_t times = std::abs(std::int64_t{exponent});
  return computed(scale, weight, base.text.size() * static_cast<std::size_t>(std::clamp<std::int64_t>(times, 1, 4)), [&]<class R>() -> R {
    const R raised = boost::multiprecision::pow(read<R>(base), times);
    return exponent < 0 ? R(1) / raised : raised;
  });
}

/// PostgreSQL follows POSIX's pow() where one of them is NaN or infinite.
std::optional<Result<Numeric>> special_power(const Numeric& base, const Numeric& exponent) {
  if (finite(base) && finite(exponent)) return std::nullopt;
  const auto given = [](const char* text) { return std::optional<Result<Numeric>>(Numeric{text}); };
  const bool one = finite(base) && compare(base, Numeric{"1"}) == 0;
  if (is(base, "NaN")) return given(finite(exponent) && zero(exponent) ? "1" : "NaN");
  if (is(exponent, "NaN")) return given(one ? "1" : "NaN");
  if (finite(base) && zero(base) && negative(exponent)) return Result<Numeric>(fail("2201F"_state, "zero raised to a negative power is undefined"));
  if (finite(exponent) && negative(base) && !whole(exponent))
    return Result<Numeric>(fail("2201F"_state, "a negative number raised to a non-integer power yields a complex result"));
  if (one) return given("1");
  if (finite(exponent) && zero(exponent)) return given("1");
  if (finite(base) && zero(base)) return given("0");
  if (!finite(exponent)) {
    if (finite(base) && compare(base, Numeric{"-1"}) == 0) return given("1");
    const Numeric magnitude = negative(base) ? negate(base) : base;
    const bool large = compare(magnitude, Numeric{"1"}) > 0;
    return given(large == !negative(exponent) ? "Infinity" : "0");
  }
  if (negative(exponent)) return given("0");
  const auto digits = exponent.text.substr(0, exponent.text.find('.'));
  const bool odd = (digits.back() - '0') % 2 == 1;
  return given(negative(base) && odd ? "-Infinity" : "Infinity");
}

/// Halves of about as many digits: their product costs the least.
DecimalInteger product(std::int64_t first, std::int64_t last) {
  constexpr std::int64_t kFew = 8;
  if (last - first > kFew) {
    const std::int64_t middle = first + (last - first) / 2;
    return product(first, middle) * product(middle + 1, last);
  }
  DecimalInteger out{1};
  for (std::int64_t each = first; each <= last; ++each) out = out * DecimalInteger{each};
  return out;
}

}  // namespace numeric_powers

Result<Numeric> factorial(std::int64_t count) {
  constexpr std::int64_t kMost = 32'177;
  if (count < 0) return fail(SqlState{"22003"}, "factorial of a negative number is undefined");
  if (count > kMost) return numeric_powers::overflow();
  return Numeric{numeric_powers::product(1, count).digits()};
}

Result<Numeric> square_root(const Numeric& value, int scale) {
  using namespace numeric_powers;
  if (zero(value)) return Numeric{zeros(scale)};
  return computed(scale, decimal_weight(value) / 2 + 1, value.text.size(), [&]<class R>() -> R { return boost::multiprecision::sqrt(read<R>(value)); });
}

Result<Numeric> square_root(const Numeric& value) {
  using namespace numeric_powers;
  if (is(value, "NaN") || is(value, "Infinity")) return value;
  if (negative(value) && !zero(value)) return fail("2201F"_state, "cannot take square root of a negative number");
  const int weight = (groups_of(value).weight + 1) * 2 - 1;
  return square_root(value, bounded(kSignificant - weight, {scale_of(value)}));
}

Result<Numeric> exponential(const Numeric& value) {
  using namespace numeric_powers;
  if (is(value, "NaN") || is(value, "Infinity")) return value;
  if (is(value, "-Infinity")) return Numeric{"0"};
  constexpr double kMostResultScale = 2'000;
  const double given = to_double(value);
  const double weight = std::clamp(given * kTenthsOfE, -kMostResultScale, kMostResultScale);
  const int scale = bounded(kSignificant - static_cast<int>(weight), {scale_of(value)});
  if (std::abs(given) >= kMostResultScale * 3) return given > 0 ? Result<Numeric>(overflow()) : Numeric{zeros(scale)};
  return computed(scale, given * kTenthsOfE + 1, value.text.size(), [&]<class R>() -> R { return boost::multiprecision::exp(read<R>(value)); });
}

Result<Numeric> natural_logarithm(const Numeric& value) {
  using namespace numeric_powers;
  if (is(value, "NaN") || is(value, "Infinity")) return value;
  CROSSFADE_CHECK(has_logarithm(value));
  const int scale = bounded(kSignificant - logarithm_weight(value), {scale_of(value)});
  return computed(scale, 6, value.text.size() + static_cast<std::size_t>(scale), [&]<class R>() -> R { return boost::multiprecision::log(read<R>(value)); });
}

Result<Numeric> logarithm(const Numeric& base, const Numeric& value) {
  using namespace numeric_powers;
  if (is(base, "NaN") || is(value, "NaN")) return Numeric{"NaN"};
  for (const Numeric* each : {&base, &value}) CROSSFADE_CHECK(has_logarithm(*each));
  if (!finite(base)) return Numeric{finite(value) ? "0" : "NaN"};
  if (!finite(value)) return Numeric{"Infinity"};
  if (compare(base, Numeric{"1"}) == 0) return fail("22012"_state, "division by zero");
  const int scale = bounded(kSignificant - logarithm_weight(value) + logarithm_weight(base), {scale_of(base), scale_of(value)});
  const std::size_t given = std::max(base.text.size(), value.text.size()) + static_cast<std::size_t>(scale) * 2;
  return computed(scale, 6, given, [&]<class R>() -> R { return boost::multiprecision::log(read<R>(value)) / boost::multiprecision::log(read<R>(base)); });
}

Result<Numeric> power(const Numeric& base, const Numeric& exponent) {
  using namespace numeric_powers;
  if (auto special = special_power(base, exponent)) return *std::move(special);
  if (zero(base) && negative(exponent) && !zero(exponent)) return fail("2201F"_state, "zero raised to a negative power is undefined");
  if (whole(exponent)) {
    const auto count = to_int64(exponent);
    if (count && *count >= INT32_MIN && *count <= INT32_MAX) return whole_power(base, static_cast<std::int32_t>(*count));
  }
  if (zero(base)) return Numeric{zeros(kSignificant)};
  if (negative(base) && !whole(exponent)) return fail("2201F"_state, "a negative number raised to a non-integer power yields a complex result");
  const bool turned = negative(base) && whole(exponent) && (exponent.text[std::min(exponent.text.find('.'), exponent.text.size()) - 1] - '0') % 2 == 1;
  const Numeric magnitude = negative(base) ? negate(base) : base;
  constexpr double kMost = 2'000 * 3.01;
  const double by_e = rough_logarithm_of_power(magnitude, exponent);
  if (std::abs(by_e) > kMost) return by_e > 0 ? Result<Numeric>(overflow()) : Numeric{zeros(kMostScale)};
  const int scale = bounded(kSignificant - static_cast<int>(by_e * kTenthsOfE), {scale_of(base), scale_of(exponent)});
  const std::size_t given = std::max(base.text.size(), exponent.text.size()) + static_cast<std::size_t>(scale);
  return computed(scale, by_e * kTenthsOfE + 1, given, [&]<class R>() -> R {
    const R raised = boost::multiprecision::exp(read<R>(exponent) * boost::multiprecision::log(read<R>(magnitude)));
    return turned ? R(-raised) : raised;
  });
}

}  // namespace crossfade::model
