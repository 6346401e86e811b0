#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "datetime_text.hpp"
#include "interval_sum.hpp"

namespace crossfade::model {
namespace {


/// "1" and "2-3" and "1.5" are numbers, also with a sign before them; "4:05" a clock.
struct IntervalToken { enum class Kind : char { number, clock, word } kind; std::string text; };

/// The texts between blanks and punctuation; nothing for a sign before no number.
class IntervalScanner {
 public:
  explicit IntervalScanner(std::string_view text) : text_(text) {}

  std::optional<std::vector<IntervalToken>> run() {
    constexpr std::size_t kMostTokens = 25;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_digit(c) || c == '.') number();
      else if (is_alpha(c)) word();
      else if (c == '+' || c == '-') {
        if (!signed_number()) return std::nullopt;
      } else if (is_space(c) || punctuation(c)) ++at_;
      else return std::nullopt;
      if (tokens_.size() > kMostTokens) return std::nullopt;
    }
    return std::move(tokens_);
  }

 private:
  using Kind = IntervalToken::Kind;
  static bool punctuation(char c) { return c > ' ' && c < '\x7f'; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::string take(auto accept) {
    std::string out;
    while (at_ < text_.size() && accept(text_[at_])) out += text_[at_++];
    return out;
  }

  void number() {
    std::string text = take(is_digit);
    if (peek() == ':') {
      text += take([](char c) { return is_digit(c) || c == ':' || c == '.'; });
      return tokens_.push_back({Kind::clock, std::move(text)}), void();
    }
    if (peek() == '.') {
      text += take([](char c) { return is_digit(c) || c == '.'; });
    } else if (peek() == '-' || peek() == '/') {  // years-months, or a date, which no interval is
      text += take([](char c) { return is_digit(c) || is_alpha(c) || c == '-' || c == '/'; });
    }
    tokens_.push_back({Kind::number, std::move(text)});
  }

  /// A unit's one letter may touch the next number: 1d2h. Other words that touch one are no units.
  void word() {
    std::string text = take(is_alpha);
    constexpr std::array<std::string_view, 8> kShort{"d", "h", "m", "s", "y", "mon", "dec", "j"};
    const bool touches = is_digit(peek()) || peek() == '+';
    if (peek() == '-' || peek() == '/' || peek() == '.' || (touches && std::ranges::find(kShort, text) == kShort.end())) {
      text += take([](char c) { return is_digit(c) || is_alpha(c) || std::string_view("+-/_.:").contains(c); });
    }
    tokens_.push_back({Kind::word, std::move(text)});
  }

  bool signed_number() {
    std::string text(1, text_[at_++]);
    take(is_space);
    if (!is_digit(peek()) && peek() != '.') return false;
    text += take([](char c) { return is_digit(c) || c == ':' || c == '.' || c == '-'; });
    tokens_.push_back({text.contains(':') ? Kind::clock : Kind::number, std::move(text)});
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<IntervalToken> tokens_;
};

struct IntervalDigits { std::int64_t value = 0; std::string_view rest; bool any = false, overflow = false; };
IntervalDigits leading_digits(std::string_view text) {
  IntervalDigits out;
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  out.any = length > 0;
  out.overflow = std::from_chars(text.data(), text.data() + length, out.value).ec == std::errc::result_out_of_range;
  out.rest = text.substr(length);
  return out;
}

/// ".5", "." and nothing. False: something else.
bool take_fraction(std::string_view text, double& fraction) {
  fraction = 0;
  if (text.empty() || text == ".") return true;
  if (text[0] != '.' || text.find_first_not_of("0123456789", 1) != text.npos) return false;
  fraction = std::strtod(("0" + std::string(text)).c_str(), nullptr);
  return true;
}

/// Reads the tokens from the last to the first, so that a number's unit is known; `fields`: the type's, of a number without one.
class IntervalReader {
 public:
  IntervalReader(std::int32_t fields, bool all_negative) : fields_(fields), all_negative_(all_negative) {}

  IntervalFault run(const std::vector<IntervalToken>& tokens) {
    for (std::size_t i = tokens.size(); i-- > 0;) {
      if (IntervalFault fault = token(tokens[i]); fault != IntervalFault::none) return fault;
    }
    if (seen_ == 0) return IntervalFault::format;
    return ago_ ? sum_.negate() : IntervalFault::none;
  }
  const IntervalSum& sum() const { return sum_; }

 private:
  enum class Next : char { unsaid, unit, nothing };

  IntervalFault token(const IntervalToken& token) {
    switch (token.kind) {
      case IntervalToken::Kind::clock: return clock(token.text);
      case IntervalToken::Kind::number: return number(token.text);
      case IntervalToken::Kind::word: break;
    }
    if (token.text == "ago") {
      ago_ = true;
      next_ = Next::nothing;
      return IntervalFault::none;
    }
    const auto unit = interval_unit(token.text);
    if (!unit) return IntervalFault::format;
    unit_ = *unit;
    next_ = Next::unit;
    return IntervalFault::none;
  }

  /// 4:05, 4:05:06.7; minutes and seconds where the type says so or a fraction follows two numbers. Days may stand before it.
  IntervalFault clock(std::string_view text) {
    const bool minus = text.starts_with('-');
    if (minus || text.starts_with('+')) text.remove_prefix(1);
    std::array<std::int64_t, 3> parts{};
    std::size_t count = 0;
    while (true) {
      const IntervalDigits digits = leading_digits(text);
      if (digits.overflow) return IntervalFault::range;
      if (!digits.any && !(count > 0 && digits.rest.empty())) return IntervalFault::format;
      parts[count++] = digits.value;
      text = digits.rest;
      if (count == 3 || !text.starts_with(':')) break;
      text.remove_prefix(1);
    }
    double fraction = 0;
    if (count < 2 || !take_fraction(text, fraction)) return IntervalFault::format;
    const bool minutes_first = !text.empty() || smallest_pair();
    if (count == 2 && minutes_first) parts = {0, parts[0], parts[1]};
    if (parts[1] > 59 || parts[2] > 60) return IntervalFault::range;
    __int128 micros = static_cast<__int128>(parts[0]) * kMicrosPerHour + (parts[1] * 60 + parts[2]) * kMicrosPerSecond;
    micros += static_cast<std::int64_t>(std::rint(fraction * 1e6));
    if (micros != static_cast<std::int64_t>(micros)) return IntervalFault::range;
    const bool negative = minus || all_negative_;
    sum_.set_clock(static_cast<std::int64_t>(negative ? -micros : micros));
    unit_ = IntervalUnit::day;
    next_ = Next::unit;
    return see(1 << static_cast<int>(IntervalUnit::hour) | 1 << static_cast<int>(IntervalUnit::minute) | kSeconds);
  }
  bool smallest_pair() const { return fields_ == interval_field_mask("minute to second"); }

  IntervalFault number(std::string_view text) {
    if (next_ == Next::unsaid) unit_ = smallest_field(fields_);
    const bool written = text.starts_with('-');
    if (written || text.starts_with('+')) text.remove_prefix(1);
    const std::int64_t sign = written || all_negative_ ? -1 : 1;
    const IntervalDigits whole = leading_digits(text);
    if (whole.overflow) return IntervalFault::range;
    IntervalNumber number{sign * whole.value, 0};
    if (whole.rest.starts_with('-')) {
      const IntervalDigits months = leading_digits(whole.rest.substr(1));
      if (months.overflow || months.value >= 12) return IntervalFault::range;
      if (!months.rest.empty()) return IntervalFault::format;
      if (__builtin_mul_overflow(number.whole, 12, &number.whole) || __builtin_add_overflow(number.whole, sign * months.value, &number.whole)) return IntervalFault::range;
      unit_ = IntervalUnit::month;
      next_ = Next::unit;
    } else if (!take_fraction(whole.rest, number.fraction)) {
      return IntervalFault::format;
    }
    if (next_ == Next::nothing) return IntervalFault::format;
    number.fraction *= static_cast<double>(sign);
    next_ = Next::unit;
    if (const IntervalFault fault = sum_.add(number, unit_); fault != IntervalFault::none) return fault;
    const bool fractional_second = unit_ == IntervalUnit::second && number.fraction != 0;
    const IntervalFault fault = see(fractional_second ? kSeconds : 1 << static_cast<int>(unit_));
    if (unit_ == IntervalUnit::hour) unit_ = IntervalUnit::day;  // before hours stand days
    return fault;
  }

  /// Each field once. Seconds with a fraction take the places of what is smaller too.
  static constexpr int kSeconds = 1 << static_cast<int>(IntervalUnit::second) | 1 << static_cast<int>(IntervalUnit::millisecond) | 1 << static_cast<int>(IntervalUnit::microsecond);
  IntervalFault see(int places) {
    if ((seen_ & places) != 0) return IntervalFault::format;
    seen_ |= places;
    return IntervalFault::none;
  }

  IntervalSum sum_;
  std::int32_t fields_;
  bool all_negative_, ago_ = false;
  IntervalUnit unit_ = IntervalUnit::second;
  Next next_ = Next::unsaid;
  int seen_ = 0;
};

/// IntervalStyle sql_standard: a sign before the first field, and none before another, is the sign of all.
bool sign_of_all(const std::vector<IntervalToken>& tokens) {
  const auto is_signed = [](const IntervalToken& token) { return token.text[0] == '-' || token.text[0] == '+'; };
  return !tokens.empty() && tokens[0].text[0] == '-' && std::none_of(tokens.begin() + 1, tokens.end(), is_signed);
}

}  // namespace

Result<Interval> parse_interval(std::string_view text, IntervalStyle style, std::int32_t modifier) {
  const std::string body = lowered(trimmed(text));
  const auto tokens = IntervalScanner(body).run();
  IntervalFault fault = IntervalFault::format;
  IntervalSum sum;
  if (tokens) {
    IntervalReader reader(interval_fields(modifier), style == IntervalStyle::sql_standard && sign_of_all(*tokens));
    fault = reader.run(*tokens);
    sum = reader.sum();
  }
  if (fault == IntervalFault::format && lowered(text).starts_with('p')) {  // here blanks count
    sum = {};
    fault = parse_iso_interval(lowered(text), sum);
  }
  const std::string quoted = ": \"" + std::string(text) + "\"";
  if (fault == IntervalFault::format) return fail("22007"_state, "invalid input syntax for type interval" + quoted);
  if (fault == IntervalFault::range) return fail("22015"_state, "interval field value out of range" + quoted);
  const std::optional<Interval> interval = sum.result();
  if (!interval) return fail("22008"_state, "interval out of range");
  return apply_interval_modifier(*interval, modifier);
}

}  // namespace crossfade::model
