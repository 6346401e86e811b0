#include <algorithm>
#include <array>

#include "call.hpp"
#include "crossfade/model/numeric.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace sizes {

using model::Numeric;
using model::NumericOperator;

/// `below`: a size up to that is written in the unit. `halves`: it was halved once too seldom, so half of it is written, rounded.
struct Unit { std::string_view name; std::int64_t below; bool halves; int bits; };
constexpr std::array kUnits{Unit{"bytes", 10 * 1024, false, 0},        Unit{"kB", 20 * 1024 - 1, true, 10}, Unit{"MB", 20 * 1024 - 1, true, 20},
                            Unit{"GB", 20 * 1024 - 1, true, 30},       Unit{"TB", 20 * 1024 - 1, true, 40}, Unit{"PB", 20 * 1024 - 1, true, 50}};

bool finite(const Numeric& value) { return value.text != "NaN" && !value.text.ends_with("Infinity"); }
Numeric absolute(const Numeric& value) { return value.text.starts_with('-') ? Numeric{value.text.substr(1)} : value; }

/// The whole quotient, cut towards 0.
model::Result<Numeric> whole_quotient(const Numeric& value, std::int64_t divisor) {
  if (!finite(value)) return value;
  const Numeric whole{value.text.substr(0, value.text.find('.'))};
  CROSSFADE_TRY(const Numeric rest, model::calculate(NumericOperator::modulo, whole, model::numeric_of(divisor)));
  CROSSFADE_TRY(const Numeric even, model::calculate(NumericOperator::divide, model::calculate_exactly(NumericOperator::subtract, whole, rest), model::numeric_of(divisor)));
  const std::string digits = even.text.substr(0, even.text.find('.'));
  return Numeric{digits == "-0" ? "0" : digits};
}

/// pg_size_pretty(numeric). Source: PostgreSQL 15, dbsize.c.
Answer pretty(const Call& call) {
  Numeric size = call.numeric(0);
  for (std::size_t i = 0;; ++i) {
    const Unit& unit = kUnits[i];
    const bool last = i + 1 == kUnits.size();
    if (last || (finite(size) && model::compare(absolute(size), model::numeric_of(unit.below)) < 0)) {
      if (unit.halves && finite(size)) {
        const Numeric one{size.text.starts_with('-') ? "-1" : "1"};
        CROSSFADE_TRY(size, whole_quotient(model::calculate_exactly(NumericOperator::add, size, one), 2));
      }
      return size.text + " " + std::string{unit.name};
    }
    const int bits = kUnits[i + 1].bits - unit.bits - (kUnits[i + 1].halves ? 1 : 0) + (unit.halves ? 1 : 0);
    CROSSFADE_TRY(size, whole_quotient(size, std::int64_t{1} << bits));
  }
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return out;
}

/// pg_size_bytes(text): "1.5 kB". Source: PostgreSQL 15, dbsize.c.
Answer bytes(const Call& call) {
  const std::string text = call.string(0);
  const auto bad = [&](std::string detail, std::string hint = {}) { return model::fail("22023"_state, "invalid size: \"" + text + "\"", std::move(detail), std::move(hint)); };
  std::size_t at = 0;
  const auto skip = [&](auto test) {
    const std::size_t from = at;
    while (at < text.size() && test(text[at])) ++at;
    return at > from;
  };
  skip(is_space);
  const std::size_t begin = at;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  bool digits = skip(is_digit);
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits = skip(is_digit) || digits;
  }
  if (!digits) return bad({});
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t mark = at++;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (!skip(is_digit)) at = mark;
  }
  CROSSFADE_TRY(Numeric number, model::parse_numeric(std::string_view{text}.substr(begin, at - begin)));
  skip(is_space);
  std::string unit = lower(std::string_view{text}.substr(at));
  while (!unit.empty() && is_space(unit.back())) unit.pop_back();
  if (!unit.empty()) {
    const auto* known = std::ranges::find_if(kUnits, [&](const Unit& each) { return lower(each.name) == unit; });
    if (known == kUnits.end()) return bad("Invalid size unit: \"" + text.substr(at) + "\".", "Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".");
    number = model::calculate_exactly(NumericOperator::multiply, number, model::numeric_of(std::int64_t{1} << known->bits));
  }
  CROSSFADE_TRY(const std::int64_t whole, model::to_int64(number));
  return whole;
}

constexpr std::array kSizes{Function{"crossfade_size_pretty_numeric", 1, pretty}, Function{"crossfade_size_bytes", 1, bytes}};

}  // namespace sizes

std::span<const Function> size_functions() { return sizes::kSizes; }

}  // namespace crossfade::sqlite::functions
