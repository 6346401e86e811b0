#include <array>

#include "crossfade/migrate/scan.hpp"

namespace crossfade::migrate {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a text from the front; a step that does not match leaves `fine` false for good.
struct ShapeReader {
  std::string_view rest;
  bool fine = true;

  int number(std::size_t digits, int low, int high) {
    if (rest.size() < digits) return fine = false, 0;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(rest[i])) return fine = false, 0;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(digits);
    if (value < low || value > high) fine = false;
    return value;
  }
  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(char c) { fine = take(c) && fine; }
};

int days_in_month(int year, int month) {
  constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool read_date(ShapeReader& in) {
  const int year = in.number(4, 1, 9999);
  in.expect('-');
  const int month = in.number(2, 1, 12);
  in.expect('-');
  if (!in.fine) return false;
  in.number(2, 1, days_in_month(year, month));
  return in.fine;
}

bool read_clock(ShapeReader& in, TextShape& shape) {
  in.number(2, 0, 23);
  in.expect(':');
  in.number(2, 0, 59);
  if (!in.fine) return false;
  if (!in.take(':')) return shape.fraction = -2, true;
  in.number(2, 0, 59);
  if (!in.fine || !in.take('.')) return in.fine;
  while (!in.rest.empty() && is_digit(in.rest.front())) {
    shape.trailing_zero = in.rest.front() == '0';
    ++shape.fraction;
    in.rest.remove_prefix(1);
  }
  return shape.fraction > 0;
}

bool read_offset(ShapeReader& in, TextShape& shape) {
  if (in.rest.empty()) return true;
  if (in.rest == "Z") return shape.offset = TextShape::Offset::z, true;
  if (in.rest == "+00") return shape.offset = TextShape::Offset::plus00, true;
  if (in.rest == "+00:00") return shape.offset = TextShape::Offset::plus00_00, true;
  if (!in.take('+') && !in.take('-')) return false;
  in.number(2, 0, 15);
  if (!in.rest.empty()) in.take(':'), in.number(2, 0, 59);
  shape.offset = TextShape::Offset::other;
  return in.fine && in.rest.empty();
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_digit(text[i]) && !(text[i] >= 'a' && text[i] <= 'f')) return false;
  }
  return true;
}

/// PostgreSQL's numeric as it writes it itself: no exponent, no leading zeros, no blanks.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0') || point == text.size() - 1) return false;
  return text.find_first_not_of("0123456789.") == text.npos && text.rfind('.') == point;
}

}  // namespace

TextShape shape_of(std::string_view text) {
  TextShape shape;
  ShapeReader date{text};
  if (read_date(date)) {
    if (date.rest.empty()) return shape.kind = TextShape::Kind::date, shape;
    shape.separator = date.rest.front();
    const bool separated = date.take(' ') || date.take('T');
    if (separated && read_clock(date, shape) && read_offset(date, shape)) return shape.kind = TextShape::Kind::timestamp, shape;
    return TextShape{};
  }
  ShapeReader clock{text};
  if (read_clock(clock, shape) && clock.rest.empty()) return shape.kind = TextShape::Kind::time, shape;
  TextShape other;
  if (is_uuid(text)) other.kind = TextShape::Kind::uuid;
  if (is_number(text)) other.kind = TextShape::Kind::number;
  return other;
}

std::string to_string(const TextShape& shape) {
  constexpr std::array<std::string_view, 6> kKinds{"YYYY-MM-DD", "HH:MM", "", "uuid", "number", "other text"};
  constexpr std::array<std::string_view, 5> kOffsets{"", "Z", "+00", "+00:00", "±HH:MM"};
  std::string out(kKinds[static_cast<std::size_t>(shape.kind)]);
  const bool timestamp = shape.kind == TextShape::Kind::timestamp;
  if (timestamp) out = std::string("YYYY-MM-DD") + shape.separator + "HH:MM";
  if (!timestamp && shape.kind != TextShape::Kind::time) return out;
  if (shape.fraction != -2) out += ":SS";
  if (shape.fraction > 0) out += "." + std::string(static_cast<std::size_t>(shape.fraction), 'f');
  return out.append(kOffsets[static_cast<std::size_t>(shape.offset)]);
}

}  // namespace crossfade::migrate
