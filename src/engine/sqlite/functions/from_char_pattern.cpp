#include "from_char_pattern.hpp"

#include <algorithm>
#include <array>

namespace crossfade::sqlite::functions {
namespace {

constexpr auto kNoConvention = Convention::none, kByMonths = Convention::gregorian, kByWeeks = Convention::iso_week;
constexpr std::array kCharWords{
    CharWord{"A.D.", CharField::era, false, kNoConvention, 4}, CharWord{"A.M.", CharField::meridiem, false, kNoConvention, 4}, CharWord{"AD", CharField::era, false, kNoConvention, 2},
    CharWord{"AM", CharField::meridiem, false, kNoConvention, 2}, CharWord{"B.C.", CharField::era, false, kNoConvention, 4}, CharWord{"BC", CharField::era, false, kNoConvention, 2},
    CharWord{"CC", CharField::century, true, kNoConvention, 2}, CharWord{"DAY", CharField::weekday_name, false, kNoConvention, 9}, CharWord{"DDD", CharField::day_of_year, true, kByMonths, 3},
    CharWord{"DD", CharField::day, true, kByMonths, 2}, CharWord{"DY", CharField::weekday_name, false, kNoConvention, 3}, CharWord{"D", CharField::weekday, true, kByMonths, 1},
    CharWord{"FF1", CharField::fraction, true, kNoConvention, 1}, CharWord{"FF2", CharField::fraction, true, kNoConvention, 2}, CharWord{"FF3", CharField::fraction, true, kNoConvention, 3},
    CharWord{"FF4", CharField::fraction, true, kNoConvention, 4}, CharWord{"FF5", CharField::fraction, true, kNoConvention, 5}, CharWord{"FF6", CharField::fraction, true, kNoConvention, 6},
    CharWord{"FX", CharField::exact, false, kNoConvention, 2}, CharWord{"HH24", CharField::hour24, true, kNoConvention, 2}, CharWord{"HH12", CharField::hour12, true, kNoConvention, 2},
    CharWord{"HH", CharField::hour12, true, kNoConvention, 2}, CharWord{"IDDD", CharField::day_of_year, true, kByWeeks, 3}, CharWord{"ID", CharField::iso_weekday, true, kByWeeks, 1},
    CharWord{"IW", CharField::week, true, kByWeeks, 2}, CharWord{"IYYY", CharField::year, true, kByWeeks, 4}, CharWord{"IYY", CharField::year3, true, kByWeeks, 3},
    CharWord{"IY", CharField::year2, true, kByWeeks, 2}, CharWord{"I", CharField::year1, true, kByWeeks, 1}, CharWord{"J", CharField::julian, true, kNoConvention, 1},
    CharWord{"MI", CharField::minute, true, kNoConvention, 2}, CharWord{"MM", CharField::month, true, kByMonths, 2}, CharWord{"MONTH", CharField::month_name, false, kByMonths, 9},
    CharWord{"MON", CharField::month_name, false, kByMonths, 3}, CharWord{"MS", CharField::millis, true, kNoConvention, 3}, CharWord{"OF", CharField::output_only, false, kNoConvention, 2},
    CharWord{"P.M.", CharField::meridiem, false, kNoConvention, 4}, CharWord{"PM", CharField::meridiem, false, kNoConvention, 2}, CharWord{"Q", CharField::quarter, true, kNoConvention, 1},
    CharWord{"RM", CharField::roman, false, kByMonths, 2}, CharWord{"SSSSS", CharField::day_second, true, kNoConvention, 5}, CharWord{"SSSS", CharField::day_second, true, kNoConvention, 4},
    CharWord{"SS", CharField::second, true, kNoConvention, 2}, CharWord{"TZH", CharField::zone_hour, false, kNoConvention, 2}, CharWord{"TZM", CharField::zone_minute, true, kNoConvention, 2},
    CharWord{"TZ", CharField::output_only, false, kNoConvention, 2}, CharWord{"US", CharField::micros, true, kNoConvention, 6}, CharWord{"WW", CharField::week, true, kByMonths, 2},
    CharWord{"W", CharField::week_of_month, true, kByMonths, 1}, CharWord{"Y,YYY", CharField::year_comma, true, kByMonths, 5}, CharWord{"YYYY", CharField::year, true, kByMonths, 4},
    CharWord{"YYY", CharField::year3, true, kByMonths, 3}, CharWord{"YY", CharField::year2, true, kByMonths, 2}, CharWord{"Y", CharField::year1, true, kByMonths, 1},
};

/// Words are written in capitals or in small letters; names of months and days also as "Month".
bool is_written(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return false;
  const auto all = [&](std::size_t from, bool as_small) {
    for (std::size_t i = from; i < name.size(); ++i) if (text[i] != (as_small ? small(name[i]) : name[i])) return false;
    return true;
  };
  const bool named = name == "MONTH" || name == "MON" || name == "DAY" || name == "DY";
  return all(0, false) || all(0, true) || (named && text[0] == name[0] && all(1, true));
}

}  // namespace

std::vector<PatternNode> read_pattern(std::string_view pattern) {
  std::vector<PatternNode> nodes;
  const auto one_of = [&](std::string_view capitals, std::string_view small) { return pattern.starts_with(capitals) || pattern.starts_with(small); };
  const auto take = [&](PatternNode node, std::size_t length) { nodes.push_back(node); pattern.remove_prefix(std::min(length, pattern.size())); };
  while (!pattern.empty()) {
    PatternNode node;
    node.fill = one_of("FM", "fm");
    if (node.fill || one_of("TM", "tm")) pattern.remove_prefix(2);
    if (pattern.empty()) break;
    const auto word = std::ranges::find_if(kCharWords, [&](const CharWord& each) { return is_written(pattern, each.name); });
    if (word != kCharWords.end()) {
      node = {PatternNode::Kind::field, &*word, pattern.substr(0, word->name.size()), node.fill};
      pattern.remove_prefix(word->name.size());
      node.ordinal = one_of("TH", "th");
      take(node, node.ordinal || pattern.starts_with("SP") ? 2 : 0);
    } else if (pattern[0] == '"') {
      for (pattern.remove_prefix(1); !pattern.empty() && pattern[0] != '"';) {
        if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
        take({.shown = pattern.substr(0, width_of(pattern[0])), .quoted = true}, width_of(pattern[0]));
      }
      if (!pattern.empty()) pattern.remove_prefix(1);
    } else {
      if (pattern.starts_with("\\\"")) pattern.remove_prefix(1);
      const char c = pattern[0];
      take({.kind = separates(c) ? PatternNode::Kind::separator : is_blank(c) ? PatternNode::Kind::blank : PatternNode::Kind::character, .shown = pattern.substr(0, width_of(c))}, width_of(c));
    }
  }
  return nodes;
}

}  // namespace crossfade::sqlite::functions
