#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::model {

/// number: "1999", "1999.008", "."; date: "1999-01-08", "jan-08-1999", "america/new_york"; time: "04:05:06.7"; word: "jan"; offset: "+02:30";
/// special: "-infinity". Text in lower case.
struct DateToken {
  enum class Kind : char { number, date, time, word, offset, special } kind;
  std::string text;
};
/// Other punctuation stands between tokens and says nothing. nullopt for a character that no date or time has, for more than 25 tokens, and for more
/// than `most` bytes of them, an end mark each. Source: PostgreSQL 15, ParseDateTime.
std::optional<std::vector<DateToken>> tokenize_datetime(std::string_view text, std::size_t most);

/// What a word of dates and times says. unit: labels the number behind it ("y2024", "j2460370"), `value` is a DateUnit.
struct DateWord {
  enum class Kind : char { month, weekday, ignored, meridiem, era, unit, clock, summer, reserved } kind;
  int value = 0;
};
enum class DateUnit : char { none, year, month, day, hour, minute, second, julian, clock, other };
enum class DateReserved : char { epoch, infinity, minus_infinity, now, today, tomorrow, yesterday, zulu };
/// nullopt: another word, which may be a zone's.
std::optional<DateWord> date_word(std::string_view word);

/// An abbreviation of PostgreSQL's set "Default": seconds east of UTC; `summer`: it is of summer time.
struct ZoneAbbreviation { std::int32_t east = 0; bool summer = false; };
std::optional<ZoneAbbreviation> zone_abbreviation(std::string_view word);
/// The zone in whose history an abbreviation has had more than one offset: "msk" in Europe/Moscow. Empty: it has one.
std::string_view zone_of_abbreviation(std::string_view word);

}  // namespace crossfade::model
