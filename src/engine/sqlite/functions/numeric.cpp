#include "crossfade/model/numeric.hpp"

#include <array>

#include "call.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using model::Numeric;
using model::NumericOperator;

template <NumericOperator Operation>
Answer calculated(const Call& call) {
  return numeric_answer(model::calculate(Operation, call.numeric(0), call.numeric(1)));
}

bool negative(const Numeric& value) { return value.text.starts_with('-'); }
bool finite(const Numeric& value) { return value.text != "NaN" && !value.text.ends_with("Infinity"); }
bool zero(const Numeric& value) { return value.text.find_first_of("123456789NI") == std::string::npos; }

Answer absolute_numeric(const Call& call) {
  const Numeric value = call.numeric(0);
  return negative(value) ? model::negate(value).text : value.text;
}
Answer sign_numeric(const Call& call) {
  const Numeric value = call.numeric(0);
  if (value.text == "NaN") return value.text;
  return std::string{zero(value) ? "0" : negative(value) ? "-1" : "1"};
}
/// The digits that a numeric may have before and behind its point. Source: PostgreSQL 15 manual, table 8.2.
constexpr std::int64_t kMostWhole = 131'072, kMostFraction = 16'383;

Answer rounded(const Call& call) {
  const Numeric value = call.numeric(0);
  if (!finite(value)) return value.text;
  const std::int64_t scale = call.size() > 1 ? std::clamp<std::int64_t>(call.integer(1), -kMostWhole - 1, kMostFraction) : 0;
  Numeric result = model::round(value, static_cast<int>(scale));
  const std::size_t whole = std::min(result.text.find('.'), result.text.size()) - (result.text.starts_with('-') ? 1 : 0);
  if (static_cast<std::int64_t>(whole) > kMostWhole) return model::fail("22003"_state, "value overflows numeric format");
  return std::move(result.text);
}

/// Digits after position `scale` of the fraction are cut off; a scale below zero makes zeros of the digits before the point.
std::string truncated(const std::string& text, std::int64_t scale) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string result = text.substr(0, point);
  if (scale > 0) {
    std::string fraction = point < text.size() ? text.substr(point + 1) : std::string{};
    fraction.resize(static_cast<std::size_t>(std::min(scale, kMostFraction)), '0');
    return result + '.' + fraction;
  }
  const std::size_t first = result.starts_with('-') ? 1 : 0;
  const auto zeros = static_cast<std::size_t>(std::min<std::int64_t>(-scale, static_cast<std::int64_t>(result.size() - first)));
  result.replace(result.size() - zeros, zeros, zeros, '0');
  const std::size_t digit = result.find_first_not_of('0', first);
  if (digit == std::string::npos) return "0";
  return result.erase(first, digit - first);
}
Answer truncate(const Call& call) {
  const Numeric value = call.numeric(0);
  if (!finite(value)) return value.text;
  std::string result = truncated(value.text, call.size() > 1 ? call.integer(1) : 0);
  return zero({result}) && result.starts_with('-') ? result.substr(1) : result;
}

enum class Direction : std::uint8_t { up, down };
template <Direction Towards>
Answer whole(const Call& call) {
  const Numeric value = call.numeric(0);
  if (!finite(value)) return value.text;
  std::string base = truncated(value.text, 0);
  if (base == "-0") base = "0";
  const bool exact = model::compare(Numeric{base}, value) == 0;
  const bool away = Towards == Direction::up ? !negative(value) : negative(value);
  if (exact || !away) return base;
  return numeric_answer(model::calculate(NumericOperator::add, Numeric{base}, Numeric{Towards == Direction::up ? "1" : "-1"}));
}

/// A chain of +, - and *; see crossfade_int4_sum.
Answer numeric_sum(const Call& call) {
  if (call.is_null(1)) return model::Null{};
  Numeric sum = call.numeric(1);
  for (std::size_t i = 2; i < call.size(); ++i) {
    if (call.is_null(i)) return model::Null{};
    const char sign = call.text(0)[i - 2];
    const NumericOperator step = sign == '+'   ? NumericOperator::add
                                 : sign == '-' ? NumericOperator::subtract
                                               : NumericOperator::multiply;
    CROSSFADE_TRY(sum, model::calculate(step, sum, call.numeric(i)));
  }
  return sum.text;
}

constexpr std::array kNumericFunctions{
    Function{"crossfade_numeric_sum", -1, numeric_sum, Nulls::passed},
    Function{"crossfade_numeric_add", 2, calculated<NumericOperator::add>},
    Function{"crossfade_numeric_subtract", 2, calculated<NumericOperator::subtract>},
    Function{"crossfade_numeric_multiply", 2, calculated<NumericOperator::multiply>},
    Function{"crossfade_numeric_divide", 2, calculated<NumericOperator::divide>},
    Function{"crossfade_numeric_modulo", 2, calculated<NumericOperator::modulo>},
    Function{"crossfade_numeric_negate", 1, [](const Call& call) -> Answer { return model::negate(call.numeric(0)).text; }},
    Function{"crossfade_numeric_abs", 1, absolute_numeric},
    Function{"crossfade_numeric_sign", 1, sign_numeric},
    Function{"crossfade_numeric_round", 1, rounded},
    Function{"crossfade_numeric_round", 2, rounded},
    Function{"crossfade_numeric_trunc", 1, truncate},
    Function{"crossfade_numeric_trunc", 2, truncate},
    Function{"crossfade_numeric_ceil", 1, whole<Direction::up>},
    Function{"crossfade_numeric_floor", 1, whole<Direction::down>},
};

}  // namespace

std::span<const Function> numeric_functions() { return kNumericFunctions; }

}  // namespace crossfade::sqlite::functions
