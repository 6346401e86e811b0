#include <string>

#include "to_char_number.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

constexpr std::string_view kNumberData = "0123456789.,+-";

/// Walks the format's pieces through the text. A digit's place takes a digit, or passes over what stands there instead.
class NumberReader {
 public:
  NumberReader(std::string_view text, const NumberFormat& format) : text_(text), format_(format) {}

  Answer run() {
    if (format_.has(Mark::exponent)) return model::fail("0A000"_state, "\"EEEE\" not supported for input");
    if (format_.has(Mark::roman)) return model::fail("0A000"_state, "\"RN\" not supported for input");
    for (const NumberPiece& piece : format_.pieces) {
      if (text_.empty()) break;
      take(piece);
    }
    return finish();
  }

 private:
  void take(const NumberPiece& piece) {
    switch (piece.mark) {
      case Mark::nine:
      case Mark::zero:
      case Mark::point:
      case Mark::local_point: place(piece.mark); break;
      case Mark::comma:
      case Mark::group:
        if (text_.front() == ',' && !format_.has(Mark::fill)) pass();
        break;
      case Mark::currency: pass_other(1); break;
      case Mark::ordinal:
        if (!format_.has_point()) pass_other(2);
        break;
      case Mark::minus: sign_or_other("-"); break;
      case Mark::plus: sign_or_other("+"); break;
      case Mark::minus_or_plus: sign_or_other("-+"); break;
      case Mark::literal: pass(); break;
      case Mark::sign:
      case Mark::angle:
      case Mark::shift:
      case Mark::roman:
      case Mark::exponent:
      case Mark::fill:
      case Mark::blank:
      case Mark::unused: break;
    }
  }

  bool begun() const { return whole_ + fraction_ > 0; }
  /// One character of the text.
  void pass() {
    do text_.remove_prefix(1);
    while (!text_.empty() && (static_cast<unsigned char>(text_.front()) & 0xC0) == 0x80);
  }
  void pass_other(int most) {
    for (; most > 0 && !text_.empty() && kNumberData.find(text_.front()) == std::string_view::npos; --most) pass();
  }
  void sign_or_other(std::string_view signs) {
    if (signs.find(text_.front()) == std::string_view::npos) return pass_other(1);
    sign_ = text_.front();
    pass();
  }
  bool sign_here() {
    if (sign_ != ' ' || text_.empty()) return false;
    const char c = text_.front();
    if (c != '-' && c != '+' && !(c == '<' && format_.has(Mark::angle))) return false;
    sign_ = c == '+' ? '+' : '-';
    pass();
    return true;
  }

  void place(Mark mark) {
    if (text_.front() == ' ') pass();
    if ((mark == Mark::nine || mark == Mark::zero) && !begun()) sign_here();
    if (text_.empty()) return;
    const char c = text_.front();
    if (c >= '0' && c <= '9') {
      pass();
      if (point_ && fraction_ == format_.fraction) return;
      digits_ += c;
      ++(point_ ? fraction_ : whole_);
      if (format_.has(Mark::sign)) sign_here();
      return;
    }
    if (c == '.' && format_.has_point() && !point_) {
      digits_ += '.';
      point_ = true;
    }
    if (begun() && elsewhere() && (c == '-' || c == '+') && sign_here()) return;
    text_.remove_prefix(1);  // a byte, as PostgreSQL
  }
  bool elsewhere() const { return format_.has(Mark::minus) || format_.has(Mark::plus) || format_.has(Mark::minus_or_plus); }

  Answer finish() {
    if (digits_.ends_with('.')) digits_.pop_back();
    CROSSFADE_TRY(model::Numeric value, model::parse_numeric(sign_ + digits_));
    const std::size_t precision = format_.whole + format_.shifted + fraction_;
    CROSSFADE_TRY(value, model::apply_modifier(value, static_cast<std::int32_t>(precision << 16 | fraction_) + 4));
    if (!format_.has(Mark::shift)) return std::move(value.text);
    // 10 to the power of minus the digits behind V, of which PostgreSQL keeps sixteen places.
    std::string unit = format_.shifted == 0 ? "1.0000000000000000" : "0.0000000000000000";
    if (format_.shifted > 0 && format_.shifted <= 16) unit[format_.shifted + 1] = '1';
    return numeric_answer(model::calculate(model::NumericOperator::multiply, value, {unit}));
  }

  std::string_view text_;
  const NumberFormat& format_;
  std::string digits_;
  char sign_ = ' ';
  bool point_ = false;
  std::size_t whole_ = 0, fraction_ = 0;
};

}  // namespace

Answer to_number(std::string_view text, const NumberFormat& format) { return NumberReader{text, format}.run(); }

}  // namespace crossfade::sqlite::functions
