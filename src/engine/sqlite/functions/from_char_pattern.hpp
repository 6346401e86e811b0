#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace crossfade::sqlite::functions {

/// Whether a word counts days by the calendar's months or by ISO's weeks; a pattern has words of one kind.
enum class Convention : std::uint8_t { none, gregorian, iso_week };
enum class CharField : std::uint8_t {
  year, year3, year2, year1, year_comma, century, era, month, month_name, roman, day, day_of_year, week, week_of_month, weekday, iso_weekday, weekday_name,
  julian, quarter, hour24, hour12, meridiem, minute, second, day_second, millis, micros, fraction, zone_hour, zone_minute, output_only, exact,
};
/// `number`: digits may follow the field before it without anything between.
struct CharWord { std::string_view name; CharField field; bool number; Convention convention; std::size_t width; };

/// `shown`: the word as it is written, for messages. `ordinal`: TH behind it.
struct PatternNode {
  enum class Kind : std::uint8_t { field, separator, blank, character } kind = Kind::character;
  const CharWord* word = nullptr;
  std::string_view shown;
  bool fill = false, ordinal = false, quoted = false;
};

/// A pattern of to_date() and to_timestamp(), taken apart. `pattern` outlives the nodes.
std::vector<PatternNode> read_pattern(std::string_view pattern);

inline char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
inline bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool is_decimal(char c) { return c >= '0' && c <= '9'; }
/// Printable ASCII that is neither letter nor digit.
inline bool separates(char c) { return c > ' ' && c < 0x7f && !(small(c) >= 'a' && small(c) <= 'z') && !is_decimal(c); }
/// Bytes of the character that begins with `c`.
inline std::size_t width_of(char c) { return (c & 0x80) == 0 ? 1 : (c & 0x20) == 0 ? 2 : (c & 0x10) == 0 ? 3 : 4; }

}  // namespace crossfade::sqlite::functions
