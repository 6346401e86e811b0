#include "number_format.hpp"

#include <algorithm>

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

struct MarkWord { std::string_view word; Mark mark; };
/// Longer words first. B, C and SP are patterns that show nothing.
constexpr std::array kMarkWords{
    MarkWord{"EEEE", Mark::exponent}, MarkWord{"FM", Mark::fill},     MarkWord{"MI", Mark::minus},       MarkWord{"PL", Mark::plus},
    MarkWord{"PR", Mark::angle},      MarkWord{"RN", Mark::roman},    MarkWord{"SG", Mark::minus_or_plus}, MarkWord{"SP", Mark::unused},
    MarkWord{"TH", Mark::ordinal},    MarkWord{",", Mark::comma},     MarkWord{".", Mark::point},        MarkWord{"0", Mark::zero},
    MarkWord{"9", Mark::nine},        MarkWord{"B", Mark::blank},     MarkWord{"C", Mark::unused},       MarkWord{"D", Mark::local_point},
    MarkWord{"G", Mark::group},       MarkWord{"L", Mark::currency},  MarkWord{"S", Mark::sign},         MarkWord{"V", Mark::shift},
};

/// A pattern is written all in capitals or all in small letters.
const MarkWord* mark_at(std::string_view at, bool& lower) {
  for (const MarkWord& word : kMarkWords) {
    if (at.size() < word.word.size()) continue;
    bool capitals = true, small = true;
    for (std::size_t i = 0; i < word.word.size(); ++i) {
      const char capital = word.word[i], little = capital >= 'A' && capital <= 'Z' ? static_cast<char>(capital + 32) : capital;
      capitals &= at[i] == capital;
      small &= at[i] == little;
    }
    if (!capitals && !small) continue;
    lower = !capitals;
    return &word;
  }
  return nullptr;
}

std::unexpected<model::Error> contradicts(const char* message, const char* detail = "") { return model::fail("42601"_state, message, detail); }

/// What may not come behind what was there before, and the counts.
model::Result<void> take_mark(NumberFormat& format, Mark mark) {
  const auto has = [&](auto... marks) { return (format.has(marks) || ...); };
  if (has(Mark::exponent) && mark != Mark::exponent) return contradicts("\"EEEE\" must be the last pattern used");
  switch (mark) {
    case Mark::nine:
      if (has(Mark::angle)) return contradicts("\"9\" must be ahead of \"PR\"");
      ++(has(Mark::shift) ? format.shifted : format.has_point() ? format.fraction : format.whole);
      break;
    case Mark::zero:
      if (has(Mark::angle)) return contradicts("\"0\" must be ahead of \"PR\"");
      if (!has(Mark::zero) && !format.has_point()) format.first_zero = format.whole + 1;
      ++(format.has_point() ? format.fraction : format.whole);
      format.last_zero = format.whole + format.fraction;
      break;
    case Mark::point:
    case Mark::local_point:
      if (format.has_point()) return contradicts("multiple decimal points");
      if (has(Mark::shift)) return contradicts("cannot use \"V\" and decimal point together");
      break;
    case Mark::sign:
      if (has(Mark::sign)) return contradicts("cannot use \"S\" twice");
      if (has(Mark::plus, Mark::minus, Mark::minus_or_plus, Mark::angle)) {
        return contradicts("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
      }
      format.whole_before_sign = format.whole;
      break;
    case Mark::minus:
      if (has(Mark::sign)) return contradicts("cannot use \"S\" and \"MI\" together");
      break;
    case Mark::plus:
      if (has(Mark::sign)) return contradicts("cannot use \"S\" and \"PL\" together");
      break;
    case Mark::minus_or_plus:
      if (has(Mark::sign)) return contradicts("cannot use \"S\" and \"SG\" together");
      break;
    case Mark::angle:
      if (has(Mark::sign, Mark::plus, Mark::minus, Mark::minus_or_plus)) {
        return contradicts("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
      }
      break;
    case Mark::shift:
      if (format.has_point()) return contradicts("cannot use \"V\" and decimal point together");
      break;
    case Mark::exponent:
      if (has(Mark::exponent)) return contradicts("cannot use \"EEEE\" twice");
      if (has(Mark::fill, Mark::blank, Mark::sign, Mark::angle, Mark::minus, Mark::plus, Mark::minus_or_plus, Mark::roman, Mark::shift)) {
        return contradicts("\"EEEE\" is incompatible with other formats", "\"EEEE\" may only be used together with digit and decimal point patterns.");
      }
      break;
    case Mark::comma:
    case Mark::group:
    case Mark::currency:
    case Mark::roman:
    case Mark::ordinal:
    case Mark::fill:
    case Mark::unused:
    case Mark::literal:
      break;
    case Mark::blank:
      if (format.whole + format.fraction > 0) return {};
      break;
  }
  format.marks |= 1U << static_cast<unsigned>(mark);
  return {};
}

/// One character, whatever its bytes.
std::uint8_t character_size(std::string_view at) {
  std::uint8_t size = 1;
  while (size < 4 && size < at.size() && (static_cast<unsigned char>(at[size]) & 0xC0) == 0x80) ++size;
  return size;
}

}  // namespace

model::Result<NumberFormat> parse_number_format(std::string_view text) {
  NumberFormat format;
  bool quoted = false;
  while (!text.empty()) {
    bool lower = false;
    if (const MarkWord* word = quoted ? nullptr : mark_at(text, lower)) {
      CROSSFADE_CHECK(take_mark(format, word->mark));
      format.pieces.push_back({word->mark, lower});
      text.remove_prefix(word->word.size());
      continue;
    }
    if (text.front() == '"') {
      quoted = !quoted;
      text.remove_prefix(1);
      continue;
    }
    // In quotes a backslash stands before any character, outside before a quote.
    if (text.front() == '\\' && text.size() > 1 && (quoted || text[1] == '"')) text.remove_prefix(1);
    NumberPiece literal{Mark::literal};
    literal.size = character_size(text);
    std::ranges::copy(text.substr(0, literal.size), literal.bytes.begin());
    format.pieces.push_back(literal);
    text.remove_prefix(literal.size);
  }
  return format;
}

}  // namespace crossfade::sqlite::functions
