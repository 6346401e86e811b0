#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "datetime_text.hpp"

namespace crossfade::model {
namespace {

enum class Unit : char { microsecond, millisecond, second, minute, hour, day, week, month, year, decade, century, millennium };

/// What one of a unit is, and what its fractions become: months of 30 days, days of 24 hours.
struct UnitRule { Unit unit; std::int64_t micros; int days; int months; };
constexpr std::array kUnitRules{
    UnitRule{Unit::microsecond, 1, 0, 0},
    UnitRule{Unit::millisecond, 1'000, 0, 0},
    UnitRule{Unit::second, kMicrosPerSecond, 0, 0},
    UnitRule{Unit::minute, 60 * kMicrosPerSecond, 0, 0},
    UnitRule{Unit::hour, kMicrosPerHour, 0, 0},
    UnitRule{Unit::day, 0, 1, 0},
    UnitRule{Unit::week, 0, 7, 0},
    UnitRule{Unit::month, 0, 0, 1},
    UnitRule{Unit::year, 0, 0, 12},
    UnitRule{Unit::decade, 0, 0, 120},
    UnitRule{Unit::century, 0, 0, 1'200},
    UnitRule{Unit::millennium, 0, 0, 12'000},
};

struct UnitWord { std::string_view word; Unit unit; };
constexpr std::array kUnitWords{
    UnitWord{"us", Unit::microsecond}, UnitWord{"usec", Unit::microsecond}, UnitWord{"usecs", Unit::microsecond},
    UnitWord{"microsecond", Unit::microsecond}, UnitWord{"microseconds", Unit::microsecond}, UnitWord{"ms", Unit::millisecond},
    UnitWord{"msec", Unit::millisecond}, UnitWord{"msecs", Unit::millisecond}, UnitWord{"millisecond", Unit::millisecond},
    UnitWord{"milliseconds", Unit::millisecond}, UnitWord{"s", Unit::second}, UnitWord{"sec", Unit::second},
    UnitWord{"secs", Unit::second}, UnitWord{"second", Unit::second}, UnitWord{"seconds", Unit::second}, UnitWord{"m", Unit::minute},
    UnitWord{"min", Unit::minute}, UnitWord{"mins", Unit::minute}, UnitWord{"minute", Unit::minute},
    UnitWord{"minutes", Unit::minute}, UnitWord{"h", Unit::hour}, UnitWord{"hr", Unit::hour}, UnitWord{"hrs", Unit::hour},
    UnitWord{"hour", Unit::hour}, UnitWord{"hours", Unit::hour}, UnitWord{"d", Unit::day}, UnitWord{"day", Unit::day},
    UnitWord{"days", Unit::day}, UnitWord{"w", Unit::week}, UnitWord{"week", Unit::week}, UnitWord{"weeks", Unit::week},
    UnitWord{"mon", Unit::month}, UnitWord{"mons", Unit::month}, UnitWord{"month", Unit::month}, UnitWord{"months", Unit::month},
    UnitWord{"y", Unit::year}, UnitWord{"yr", Unit::year}, UnitWord{"yrs", Unit::year}, UnitWord{"year", Unit::year},
    UnitWord{"years", Unit::year}, UnitWord{"dec", Unit::decade}, UnitWord{"decs", Unit::decade}, UnitWord{"decade", Unit::decade},
    UnitWord{"decades", Unit::decade}, UnitWord{"c", Unit::century}, UnitWord{"cent", Unit::century},
    UnitWord{"century", Unit::century}, UnitWord{"centuries", Unit::century}, UnitWord{"mil", Unit::millennium},
    UnitWord{"mils", Unit::millennium}, UnitWord{"millennium", Unit::millennium}, UnitWord{"millennia", Unit::millennium},
};

enum class IntervalFault : char { none, format, range };

/// 12.5 as 12 and 0.5, both with the sign.
struct Number { std::int64_t whole = 0; double fraction = 0; };

class IntervalParser {
 public:
  explicit IntervalParser(std::string text) : text_(std::move(text)) {}

  IntervalFault run() {
    skip();
    if (peek() == 'p') return iso();
    bool any = false;
    while (at_ < text_.size()) {
      const IntervalFault fault = is_alpha(peek()) ? ago(any) : field();
      if (fault != IntervalFault::none) return fault;
      any = true;
      skip();
    }
    return any ? IntervalFault::none : IntervalFault::format;
  }

  std::optional<Interval> result() const {
    const std::int64_t sign = negated_ ? -1 : 1;
    const __int128 micros = micros_ * sign;
    const std::int64_t days = days_ * sign, months = months_ * sign;
    if (micros != static_cast<std::int64_t>(micros) || days != static_cast<std::int32_t>(days) ||
        months != static_cast<std::int32_t>(months)) {
      return std::nullopt;
    }
    return Interval{static_cast<std::int64_t>(micros), static_cast<std::int32_t>(days), static_cast<std::int32_t>(months)};
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() {
    while (is_space(peek()) || peek() == ',' || peek() == '@') ++at_;
  }
  std::string_view take_digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return std::string_view(text_).substr(begin, at_ - begin);
  }
  std::string_view take_word() {
    const std::size_t begin = at_;
    while (is_alpha(peek())) ++at_;
    return std::string_view(text_).substr(begin, at_ - begin);
  }
  int take_sign() {
    if (peek() != '-' && peek() != '+') return 1;
    const int sign = text_[at_++] == '-' ? -1 : 1;
    while (is_space(peek())) ++at_;
    return sign;
  }

  static std::optional<std::int64_t> to_integer(std::string_view digits) {
    std::int64_t value = 0;
    for (char c : digits) {
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) return std::nullopt;
    }
    return value;
  }

  double take_fraction() {
    if (peek() != '.') return 0;
    ++at_;
    return std::strtod(("0." + std::string(take_digits())).c_str(), nullptr);
  }

  IntervalFault ago(bool any) {
    if (!any || take_word() != "ago") return IntervalFault::format;
    skip();
    negated_ = true;
    return at_ == text_.size() ? IntervalFault::none : IntervalFault::format;
  }

  // A signed number with its unit, a clock reading, or years-months.
  IntervalFault field() {
    const int sign = take_sign();
    const std::string_view digits = take_digits();
    if (digits.empty() && peek() != '.') return IntervalFault::format;
    const std::optional<std::int64_t> whole = to_integer(digits);
    if (!whole) return IntervalFault::range;
    if (peek() == ':') return clock(sign, *whole);
    if (peek() == '-') return years_months(sign, *whole);
    const Number number{sign * *whole, sign * take_fraction()};
    skip();
    if (is_alpha(peek())) {
      const std::string_view word = take_word();
      for (const UnitWord& row : kUnitWords) {
        if (row.word == word) return add(number, row.unit);
      }
      if (word != "ago") return IntervalFault::format;
      at_ -= word.size();
    }
    // Without a unit: seconds at the end, days before a clock reading.
    if (at_ == text_.size() || is_alpha(peek())) return add(number, Unit::second);
    const std::size_t next = text_.find_first_not_of("+-0123456789", at_);
    if (next != text_.npos && text_[next] == ':') return add(number, Unit::day);
    return IntervalFault::format;
  }

  IntervalFault clock(int sign, std::int64_t first) {
    std::array<std::int64_t, 3> parts{first, 0, 0};
    std::size_t count = 1;
    while (peek() == ':' && count < 3) {
      ++at_;
      const std::string_view digits = take_digits();
      if (digits.empty()) return IntervalFault::format;
      const auto value = to_integer(digits);
      if (!value) return IntervalFault::range;
      parts[count++] = *value;
    }
    if (count == 2 && peek() == '.') parts = {0, parts[0], parts[1]};  // 04:05.6 is minutes and seconds
    const double fraction = take_fraction();
    if (peek() == ':' || peek() == '.') return IntervalFault::format;
    if (parts[1] > 59 || parts[2] > 60) return IntervalFault::range;
    for (const auto& [unit, value] : {std::pair{Unit::hour, parts[0]}, std::pair{Unit::minute, parts[1]}}) {
      if (IntervalFault fault = add({sign * value, 0}, unit); fault != IntervalFault::none) return fault;
    }
    return add({sign * parts[2], sign * fraction}, Unit::second);
  }

  IntervalFault years_months(int sign, std::int64_t years) {
    ++at_;
    const auto months = to_integer(take_digits());
    if (!months || *months >= 12) return IntervalFault::range;
    if (IntervalFault fault = add({sign * years, 0}, Unit::year); fault != IntervalFault::none) return fault;
    return add({sign * *months, 0}, Unit::month);
  }

  void add_day_fraction(double days) {
    const double whole = std::trunc(days);
    days_ += static_cast<std::int64_t>(whole);
    micros_ += static_cast<std::int64_t>(std::rint((days - whole) * static_cast<double>(kMicrosPerDay)));
  }

  IntervalFault add(const Number& number, Unit unit) {
    // 1 day 2 days. Seconds with a fraction also take the places of what is smaller, as PostgreSQL has it.
    constexpr int kSmaller = 1 << static_cast<int>(Unit::microsecond) | 1 << static_cast<int>(Unit::millisecond);
    const int places = 1 << static_cast<int>(unit) | (unit == Unit::second && number.fraction != 0 ? kSmaller : 0);
    if ((seen_ & places) != 0) return IntervalFault::format;
    seen_ |= places;
    const UnitRule& rule = kUnitRules[static_cast<std::size_t>(unit)];
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (rule.micros == 0 && (number.whole > kMost || number.whole < -kMost - 1)) return IntervalFault::range;
    micros_ += static_cast<__int128>(number.whole) * rule.micros;
    days_ += number.whole * rule.days;
    months_ += number.whole * rule.months;
    if (number.fraction == 0) return IntervalFault::none;
    if (rule.micros > 0) {
      micros_ += static_cast<std::int64_t>(std::rint(number.fraction * static_cast<double>(rule.micros)));
    } else if (rule.days > 0) {
      add_day_fraction(number.fraction * rule.days);
    } else if (unit == Unit::month) {
      add_day_fraction(number.fraction * 30);
    } else {
      months_ += static_cast<std::int64_t>(std::rint(number.fraction * rule.months));
    }
    return IntervalFault::none;
  }

  // P1Y2M3DT4H5M6.7S and P0001-02-03T04:05:06
  IntervalFault iso() {
    struct IsoUnit { char letter; bool time; Unit unit; };
    static constexpr std::array kIso{
        IsoUnit{'y', false, Unit::year}, IsoUnit{'m', false, Unit::month}, IsoUnit{'w', false, Unit::week}, IsoUnit{'d', false, Unit::day},
        IsoUnit{'h', true, Unit::hour}, IsoUnit{'m', true, Unit::minute}, IsoUnit{'s', true, Unit::second},
    };
    ++at_;
    if (text_.size() < 2) return IntervalFault::format;
    bool time = false, any = false;
    while (at_ < text_.size()) {
      if (peek() == 't') {
        if (time) return IntervalFault::format;
        time = any = true;  // PostgreSQL takes "PT" for nothing
        ++at_;
        continue;
      }
      const int sign = take_sign();
      const std::string_view digits = take_digits();
      if (digits.empty() && peek() != '.') return IntervalFault::format;
      const auto whole = to_integer(digits);
      if (!whole) return IntervalFault::range;
      if (!time && peek() == '-') {
        if (IntervalFault fault = iso_date(sign, *whole); fault != IntervalFault::none) return fault;
      } else if (time && peek() == ':') {
        if (IntervalFault fault = clock(sign, *whole); fault != IntervalFault::none) return fault;
      } else {
        const Number number{sign * *whole, sign * take_fraction()};
        const IsoUnit* found = nullptr;
        for (const IsoUnit& row : kIso) {
          if (row.letter == peek() && row.time == time) found = &row;
        }
        if (!found) return IntervalFault::format;
        ++at_;
        if (IntervalFault fault = add(number, found->unit); fault != IntervalFault::none) return fault;
      }
      any = true;
    }
    return any ? IntervalFault::none : IntervalFault::format;
  }

  IntervalFault iso_date(int sign, std::int64_t years) {
    if (IntervalFault fault = years_months(sign, years); fault != IntervalFault::none) return fault;
    if (peek() != '-') return IntervalFault::none;
    ++at_;
    const auto days = to_integer(take_digits());
    return days ? add({sign * *days, 0}, Unit::day) : IntervalFault::range;
  }

  std::string text_;
  std::size_t at_ = 0;
  int seen_ = 0;
  bool negated_ = false;
  __int128 micros_ = 0;
  std::int64_t days_ = 0, months_ = 0;
};

}  // namespace

namespace {

/// IntervalStyle sql_standard: a sign before the first field, and none before another, is the sign of all.
bool sign_of_all(std::string_view text) {
  if (!text.starts_with('-')) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if ((text[i] == '-' || text[i] == '+') && is_space(text[i - 1])) return false;
  }
  return true;
}

}  // namespace

Result<Interval> parse_interval(std::string_view text, IntervalStyle style) {
  std::string body = lowered(trimmed(text));
  const bool negated = style == IntervalStyle::sql_standard && sign_of_all(body);
  if (negated) body.erase(0, 1);
  IntervalParser parser(std::move(body));
  const IntervalFault fault = parser.run();
  const std::string quoted = ": \"" + std::string(text) + "\"";
  if (fault == IntervalFault::format) return fail("22007"_state, "invalid input syntax for type interval" + quoted);
  const std::optional<Interval> interval = parser.result();
  if (fault == IntervalFault::range) return fail("22015"_state, "interval field value out of range" + quoted);
  if (!interval) return fail("22008"_state, "interval out of range");
  if (negated) return negate(*interval);
  return *interval;
}

}  // namespace crossfade::model
