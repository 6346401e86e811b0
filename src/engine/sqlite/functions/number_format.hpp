#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite::functions {

/// What a place of a number's format stands for.
enum class Mark : std::uint8_t {
  nine, zero, point, local_point, comma, group, currency, minus, plus, minus_or_plus, sign, angle, roman, ordinal, shift, exponent, fill, blank, unused, literal
};
struct NumberPiece {
  std::string_view literal() const { return {bytes.data(), size}; }
  Mark mark;
  bool lower = false;
  std::uint8_t size = 0;  // of a literal: one character
  std::array<char, 4> bytes = {};
};

/// The format of to_char(number) and to_number, taken apart. Counts are of digits; a digit behind V is one of `shifted` and not of `whole`.
/// Source: PostgreSQL 15 manual, table 9.30 "Template Patterns for Numeric Formatting".
struct NumberFormat {
  bool has(Mark mark) const { return (marks >> static_cast<unsigned>(mark) & 1) != 0; }
  bool has_point() const { return has(Mark::point) || has(Mark::local_point); }
  /// S stands behind all digits before the point; those behind V are never before it.
  bool sign_behind() const { return has(Mark::sign) && whole_before_sign == whole + shifted; }

  std::vector<NumberPiece> pieces;
  std::uint32_t marks = 0;
  std::size_t whole = 0, fraction = 0, shifted = 0;
  std::size_t first_zero = 0;  // the place of the first 0 before the point, from 1; 0: there is none
  std::size_t last_zero = 0;   // the digits up to the last 0
  std::size_t whole_before_sign = 0;
};

/// Errors: 42601 for patterns that contradict each other, with PostgreSQL's messages.
model::Result<NumberFormat> parse_number_format(std::string_view text);

}  // namespace crossfade::sqlite::functions
