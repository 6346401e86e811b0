#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace crossfade::sqlite::functions::from_text {

enum class Key : std::uint8_t { era, era_dotted, half, half_dotted, century, day_name, day_short, day_of_year, day, weekday, fraction, fixed, hour24, hour12, iso_day_of_year, iso_weekday,
                                week, year4, year3, year2, year1, year_comma, julian, minute, month, month_name, month_short, millis, micros, quarter, roman, day_second, second,
                                zone_hour, zone_minute, only_out, week_of_month };
/// Which calendar a field is of: the two do not mix in one pattern.
enum class Calendar : std::uint8_t { none, gregorian, iso };
/// `digits`: a field before it takes only as many digits as it has places.
struct Word { std::string_view text; Key key; bool digits; Calendar calendar; };

inline char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
inline bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool separates(char c) { return c > ' ' && c < 0x7f && !is_letter(c) && !is_digit(c); }
/// Bytes of the first character of a text that is not empty.
inline std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (text[size] & 0xC0) == 0x80) ++size;
  return size;
}

/// A piece of a pattern.
struct Node {
  enum class Kind : std::uint8_t { word, character, separator, blank } kind;
  const Word* word = nullptr;
  std::string_view written;  // as the pattern has it
  bool fills = false, ordinal = false;  // FM before it, TH behind it
};

/// The pieces of a pattern of to_date and to_timestamp; they point into it. Source: PostgreSQL 15, parse_format.
std::vector<Node> read_pattern(std::string_view pattern);

}  // namespace crossfade::sqlite::functions::from_text
