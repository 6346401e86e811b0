#include <algorithm>
#include <array>

#include "to_char_number.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

struct RomanPart { int value; std::string_view text; };
constexpr std::array kRomanParts{
    RomanPart{1000, "M"}, RomanPart{900, "CM"}, RomanPart{500, "D"}, RomanPart{400, "CD"}, RomanPart{100, "C"}, RomanPart{90, "XC"}, RomanPart{50, "L"},
    RomanPart{40, "XL"},  RomanPart{10, "X"},   RomanPart{9, "IX"},  RomanPart{5, "V"},    RomanPart{4, "IV"},  RomanPart{1, "I"},
};
/// The width of RN: MMMDCCCLXXXVIII.
constexpr std::size_t kRomanWidth = 15;

std::string roman_of(std::int32_t value) {
  if (value < 1 || value > 3999) return std::string(kRomanWidth, '#');
  std::string text;
  for (const RomanPart& part : kRomanParts) {
    for (; value >= part.value; value -= part.value) text += part.text;
  }
  return text;
}

/// Walks the pieces with the number's digits. A place is a digit or a point of the format; the places before the number's first digit are its padding.
class NumberWriter {
 public:
  NumberWriter(const ShownNumber& number, const NumberFormat& format, Places places)
      : number_(number), format_(format), digits_(number.digits), fill_(format.has(Mark::fill)) {
    const std::size_t shown = std::min(digits_.find('.'), digits_.size());
    padding_ = places.whole > shown ? places.whole - shown : 0;
    places_ = places.whole + places.fraction + (format.has_point() ? 1 : 0);
    // MI and SG say the sign where they stand; PL leaves the minus to the number. FM leaves out what would be blank.
    const bool elsewhere = format.has(Mark::minus) || format.has(Mark::minus_or_plus), plus = format.has(Mark::plus);
    angled_ = format.has(Mark::angle) && (!fill_ || elsewhere || plus || number.negative);
    signed_ = elsewhere || (!plus && !number.negative && fill_ && !format.has(Mark::sign));
    if (signed_ && padding_ == 0 && places_ > 0) --places_;
    last_shown_ = digits_.size();
    if (fill_ && format.has_point()) {
      if (const std::size_t point = digits_.find('.'); point != std::string_view::npos) {
        trimmed_ = true;
        last_shown_ = std::max(digits_.find_last_not_of('0'), point);
        if (format.last_zero > padding_) last_shown_ = std::max(last_shown_, std::min(format.last_zero - padding_, digits_.size() - 1));
      }
    }
  }

  Answer run() {
    for (const NumberPiece& piece : format_.pieces) {
      if (ended_) break;
      switch (piece.mark) {
        case Mark::nine:
        case Mark::zero:
        case Mark::point:
        case Mark::local_point: place(piece.mark); break;
        case Mark::comma:
        case Mark::group:
          if (begun_) text_ += ',';
          else if (!fill_) text_ += ' ';
          break;
        case Mark::currency: text_ += ' '; break;
        case Mark::minus: shown_or_blank(number_.negative, '-'); break;
        case Mark::plus: shown_or_blank(!number_.negative, '+'); break;
        case Mark::minus_or_plus: text_ += number_.negative ? '-' : '+'; break;
        case Mark::ordinal: CROSSFADE_CHECK(ordinal_ending(piece.lower)); break;
        case Mark::literal: text_ += piece.literal(); break;
        case Mark::roman:
        case Mark::sign:
        case Mark::angle:
        case Mark::shift:
        case Mark::exponent:
        case Mark::fill:
        case Mark::blank:
        case Mark::unused: break;
      }
    }
    return std::move(text_);
  }

 private:
  void shown_or_blank(bool shown, char sign) {
    if (shown) text_ += sign;
    else if (!fill_) text_ += ' ';
  }

  model::Result<void> ordinal_ending(bool lower) {
    if (digits_.starts_with('#') || number_.negative || format_.has_point()) return {};
    if (digits_.empty() || digits_.back() < '0' || digits_.back() > '9') return model::fail("22P02"_state, "\"" + std::string{digits_} + "\" is not a number");
    for (const char c : ending_of(digits_)) text_ += static_cast<char>(lower ? c : c & ~0x20);
    return {};
  }

  bool zeros_begun() const { return format_.first_zero != 0 && at_ + 1 >= format_.first_zero; }
  /// The 0 of 0.5 is shown by a 0 of the format alone, or where FM left nothing of the fraction.
  bool hidden_zero() const { return digits_.starts_with("0.") && next_ == 0 && at_ >= padding_ && !zeros_begun() && !(fill_ && last_shown_ == 1); }

  void before_number() {
    if (signed_ || format_.sign_behind() || (at_ < padding_ && !zeros_begun()) || hidden_zero()) return;
    signed_ = true;
    if (format_.has(Mark::sign)) text_ += number_.negative ? '-' : '+';
    else if (angled_) text_ += number_.negative ? '<' : ' ';
    else if (number_.negative) text_ += '-';
    else if (!fill_) text_ += ' ';
  }

  void place(Mark mark) {
    before_number();
    const bool point = mark == Mark::point || mark == Mark::local_point;
    if (!point && at_ < padding_) {
      if (zeros_begun()) text_ += '0', begun_ = true;
      else if (!fill_) text_ += ' ';
    } else if (point) {
      if (next_ >= digits_.size() || digits_[next_] != '.') {
        ended_ = true;
        return;
      }
      text_ += '.';
      ++next_;
      begun_ = false;
    } else {
      begun_ = false;
      if (hidden_zero()) {
        if (!fill_) text_ += ' ';
      } else if (next_ <= last_shown_ || mark == Mark::zero) {
        if (next_ >= digits_.size()) {
          ended_ = true;
          return;
        }
        text_ += digits_[next_];
        begun_ = next_ > 0 || !digits_.starts_with("0.") || zeros_begun();
      }
      ++next_;
    }
    if (++at_ == places_ && (!trimmed_ || next_ > last_shown_)) behind_number();
  }

  void behind_number() {
    if (format_.sign_behind()) text_ += number_.negative ? '-' : '+';
    else if (angled_) text_ += number_.negative ? '>' : ' ';
  }

  const ShownNumber& number_;
  const NumberFormat& format_;
  std::string_view digits_;
  bool fill_, angled_ = false;
  bool trimmed_ = false;  // FM, and last_shown_ is the last character of the fraction that stays
  bool signed_ = false;  // the sign has been said, or will not be
  bool begun_ = false;   // the last place has shown a digit
  bool ended_ = false;   // a place behind the number's end ends the result, as the C string ends in PostgreSQL
  std::size_t padding_ = 0, places_ = 0, last_shown_ = 0;
  std::size_t at_ = 0, next_ = 0;  // the place, and the character of the number
  std::string text_;
};

}  // namespace

std::string_view ending_of(std::string_view digits) {
  const bool teen = digits.size() > 1 && digits[digits.size() - 2] == '1';
  switch (teen ? '0' : digits.back()) {
    case '1': return "st";
    case '2': return "nd";
    case '3': return "rd";
    default: return "th";
  }
}

Answer write_number(const ShownNumber& number, const NumberFormat& format, Places places) { return NumberWriter{number, format, places}.run(); }

Answer write_roman(std::int32_t value, const NumberFormat& format) {
  // A Roman number has no sign and no digits. SG writes none, which ends the result, as the C string ends in PostgreSQL.
  const std::string_view blank = format.has(Mark::fill) ? "" : " ";
  std::string text;
  for (const NumberPiece& piece : format.pieces) {
    switch (piece.mark) {
      case Mark::literal: text += piece.literal(); break;
      case Mark::roman: {
        std::string roman = roman_of(value);
        if (piece.lower) for (char& c : roman) c = static_cast<char>(c == '#' ? c : c | 0x20);
        if (!format.has(Mark::fill)) roman.insert(0, kRomanWidth - roman.size(), ' ');
        text += roman;
        break;
      }
      case Mark::currency: text += ' '; break;
      case Mark::comma:
      case Mark::group:
      case Mark::minus:
      case Mark::plus: text += blank; break;
      case Mark::minus_or_plus: return text;
      case Mark::nine:
      case Mark::zero:
      case Mark::point:
      case Mark::local_point:
      case Mark::sign:
      case Mark::angle:
      case Mark::ordinal:
      case Mark::shift:
      case Mark::exponent:
      case Mark::fill:
      case Mark::blank:
      case Mark::unused: break;
    }
  }
  return text;
}

}  // namespace crossfade::sqlite::functions
