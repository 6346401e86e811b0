#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "ascii.hpp"
#include "interval_sum.hpp"

namespace crossfade::model {
namespace {


struct IsoUnit { char letter; bool time; IntervalUnit unit; };
constexpr std::array kIsoUnits{
    IsoUnit{'y', false, IntervalUnit::year}, IsoUnit{'m', false, IntervalUnit::month}, IsoUnit{'w', false, IntervalUnit::week}, IsoUnit{'d', false, IntervalUnit::day},
    IsoUnit{'h', true, IntervalUnit::hour},  IsoUnit{'m', true, IntervalUnit::minute}, IsoUnit{'s', true, IntervalUnit::second},
};

class IsoReader {
 public:
  IsoReader(std::string_view text, IntervalSum& sum) : text_(text), sum_(sum) {}

  IntervalFault run() {
    ++at_;
    if (text_.size() < 2) return IntervalFault::format;
    while (at_ < text_.size()) {
      if (peek() == 't') {
        if (time_) return IntervalFault::format;
        time_ = true;  // PostgreSQL takes "PT" for nothing
        named_ = false;
        ++at_;
        continue;
      }
      if (IntervalFault fault = field(); fault != IntervalFault::none) return fault;
    }
    return IntervalFault::none;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  /// False: no number. Numbers beyond 10^15 are out of range.
  bool take_number(IntervalNumber& number, bool& range) {
    const std::size_t begin = at_;
    if (peek() == '-' || peek() == '+') ++at_;
    while (is_digit(peek())) ++at_;
    if (peek() == '.') {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    const std::string text(text_.substr(begin, at_ - begin));
    if (text.find_first_of("0123456789") == text.npos) return false;
    constexpr double kMost = 1e15;
    const double value = std::strtod(text.c_str(), nullptr);
    range = std::abs(value) > kMost;
    if (range) return true;
    number.whole = static_cast<std::int64_t>(value);
    number.fraction = value - static_cast<double>(number.whole);  // of the double, as PostgreSQL reads these
    return true;
  }

  IntervalFault field() {
    IntervalNumber number;
    bool range = false;
    const std::size_t begin = at_;
    if (!take_number(number, range)) return IntervalFault::format;
    if (range) return IntervalFault::range;
    constexpr std::array kDate{IntervalUnit::year, IntervalUnit::month, IntervalUnit::day}, kTime{IntervalUnit::hour, IntervalUnit::minute, IntervalUnit::second};
    const auto& units = time_ ? kTime : kDate;
    const char separator = time_ ? ':' : '-', behind = peek();
    if (behind == separator || behind == '\0' || (behind == 't' && !time_)) {
      if (named_) return IntervalFault::format;
      const std::size_t digits = std::min(text_.find_first_not_of("0123456789", begin), text_.size()) - begin;
      return digits == (time_ ? 6U : 8U) && behind != separator ? basic(units, number) : alternative(units, separator, number);
    }
    for (const IsoUnit& row : kIsoUnits) {
      if (row.letter != peek() || row.time != time_) continue;
      ++at_;
      named_ = true;
      return sum_.add(number, row.unit);
    }
    return IntervalFault::format;
  }

  /// 00010203 and 040506
  IntervalFault basic(const std::array<IntervalUnit, 3>& units, const IntervalNumber& number) {
    constexpr std::int64_t kTwoDigits = 100;
    const std::array parts{number.whole / (kTwoDigits * kTwoDigits), number.whole / kTwoDigits % kTwoDigits, number.whole % kTwoDigits};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      IntervalNumber part;
      part.whole = parts[i];
      if (i == 2 && !time_) part.fraction = number.fraction;  // PostgreSQL leaves a fraction of the second out here
      if (IntervalFault fault = sum_.add(part, units[i]); fault != IntervalFault::none) return fault;
    }
    return IntervalFault::none;
  }

  /// 0001-02-03 and 04:05:06
  IntervalFault alternative(const std::array<IntervalUnit, 3>& units, char separator, IntervalNumber number) {
    for (std::size_t i = 0;; ++i) {
      if (IntervalFault fault = sum_.add(number, units[i]); fault != IntervalFault::none) return fault;
      const bool ends = peek() == '\0' || (peek() == 't' && !time_);
      if (ends) return IntervalFault::none;
      if (i == 2 || peek() != separator) return IntervalFault::format;
      ++at_;
      bool range = false;
      number = {};
      if (!take_number(number, range)) return IntervalFault::format;
      if (range) return IntervalFault::range;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool time_ = false;
  bool named_ = false;  // a number with its unit was there
  IntervalSum& sum_;
};

}  // namespace

IntervalFault parse_iso_interval(std::string_view text, IntervalSum& sum) { return IsoReader(text, sum).run(); }

}  // namespace crossfade::model
