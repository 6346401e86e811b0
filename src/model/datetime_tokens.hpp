#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::model {

/// number: "1999", "1999.008"; date: "1999-01-08", "jan-08-1999"; time: "04:05:06.7"; word: "jan", "europe/berlin"; offset: "+02:30";
/// special: "-infinity". Text in lower case.
struct DateToken {
  enum class Kind : char { number, date, time, word, offset, special } kind;
  std::string text;
};
/// nullopt for a character that no date or time has.
std::optional<std::vector<DateToken>> tokenize_datetime(std::string_view text);

/// 1 … 12 for "jan", "january", "sept" …; 0 for other words.
int month_of(std::string_view word);
bool is_weekday(std::string_view word);
/// The zone in whose history an abbreviation has had more than one offset: "msk" in Europe/Moscow. Empty: it has one.
std::string_view zone_of_abbreviation(std::string_view word);
/// Seconds east of UTC of an abbreviation: "utc", "z", "est", "cest".
std::optional<int> abbreviation_offset(std::string_view word);

}  // namespace crossfade::model
