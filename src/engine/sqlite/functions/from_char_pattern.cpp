#include "from_char_pattern.hpp"

#include <algorithm>
#include <array>

namespace crossfade::sqlite::functions::from_text {

namespace {

constexpr Word digits(std::string_view text, Key key, Calendar calendar = Calendar::none) { return {text, key, true, calendar}; }
constexpr Word plain(std::string_view text, Key key, Calendar calendar = Calendar::none) { return {text, key, false, calendar}; }

/// The first that fits counts; in upper or in lower case throughout, four of them in between. Source: PostgreSQL 15, formatting.c.
constexpr std::array kWords{
    plain("A.D.", Key::era_dotted), plain("A.M.", Key::half_dotted), plain("AD", Key::era), plain("AM", Key::half), plain("B.C.", Key::era_dotted), plain("BC", Key::era),
    digits("CC", Key::century), plain("DAY", Key::day_name), digits("DDD", Key::day_of_year, Calendar::gregorian), digits("DD", Key::day, Calendar::gregorian), plain("DY", Key::day_short),
    digits("D", Key::weekday, Calendar::gregorian), digits("FF1", Key::fraction), digits("FF2", Key::fraction), digits("FF3", Key::fraction), digits("FF4", Key::fraction),
    digits("FF5", Key::fraction), digits("FF6", Key::fraction), plain("FX", Key::fixed), digits("HH24", Key::hour24), digits("HH12", Key::hour12), digits("HH", Key::hour12),
    digits("IDDD", Key::iso_day_of_year, Calendar::iso), digits("ID", Key::iso_weekday, Calendar::iso), digits("IW", Key::week, Calendar::iso), digits("IYYY", Key::year4, Calendar::iso),
    digits("IYY", Key::year3, Calendar::iso), digits("IY", Key::year2, Calendar::iso), digits("I", Key::year1, Calendar::iso), digits("J", Key::julian), digits("MI", Key::minute),
    digits("MM", Key::month, Calendar::gregorian), plain("MONTH", Key::month_name, Calendar::gregorian), plain("MON", Key::month_short, Calendar::gregorian), digits("MS", Key::millis),
    plain("OF", Key::only_out), plain("P.M.", Key::half_dotted), plain("PM", Key::half), digits("Q", Key::quarter), plain("RM", Key::roman, Calendar::gregorian),
    digits("SSSSS", Key::day_second), digits("SSSS", Key::day_second), digits("SS", Key::second), plain("TZH", Key::zone_hour), digits("TZM", Key::zone_minute), plain("TZ", Key::only_out),
    digits("US", Key::micros), digits("WW", Key::week, Calendar::gregorian), digits("W", Key::week_of_month, Calendar::gregorian), digits("Y,YYY", Key::year_comma, Calendar::gregorian),
    digits("YYYY", Key::year4, Calendar::gregorian), digits("YYY", Key::year3, Calendar::gregorian), digits("YY", Key::year2, Calendar::gregorian), digits("Y", Key::year1, Calendar::gregorian),
};
constexpr std::array<std::string_view, 4> kCapitalised{"Day", "Dy", "Month", "Mon"};

char upper_letter(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; }

const Word* word_at(std::string_view pattern) {
  for (const std::string_view name : kCapitalised) {
    if (!pattern.starts_with(name)) continue;
    return std::ranges::find_if(kWords, [&](const Word& word) { return std::ranges::equal(word.text, name, {}, {}, upper_letter); });
  }
  const auto alike = [&](const Word& word) {
    if (pattern.starts_with(word.text)) return true;
    return pattern.size() >= word.text.size() && std::ranges::equal(pattern.substr(0, word.text.size()), word.text, {}, {}, lower_letter);
  };
  const auto* found = std::ranges::find_if(kWords, alike);
  return found == kWords.end() ? nullptr : found;
}

}  // namespace

std::vector<Node> read_pattern(std::string_view pattern) {
  std::vector<Node> nodes;
  const auto put = [&](Node::Kind kind) {
    const std::size_t size = character_size(pattern);
    nodes.push_back({kind, nullptr, pattern.substr(0, size)});
    pattern.remove_prefix(size);
  };
  while (!pattern.empty()) {
    const bool fills = pattern.starts_with("FM") || pattern.starts_with("fm"), translates = pattern.starts_with("TM") || pattern.starts_with("tm");
    if (fills || translates) pattern.remove_prefix(2);
    if (pattern.empty()) break;
    if (const Word* word = word_at(pattern)) {
      nodes.push_back({Node::Kind::word, word, pattern.substr(0, word->text.size()), fills});
      pattern.remove_prefix(word->text.size());
      const bool ordinal = pattern.starts_with("TH") || pattern.starts_with("th");
      if (ordinal || pattern.starts_with("SP")) pattern.remove_prefix(2);
      nodes.back().ordinal = ordinal;
    } else if (pattern.front() == '"') {
      pattern.remove_prefix(1);
      while (!pattern.empty() && pattern.front() != '"') {
        if (pattern.front() == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
        put(Node::Kind::character);
      }
      if (!pattern.empty()) pattern.remove_prefix(1);
    } else {
      if (pattern.starts_with("\\\"")) pattern.remove_prefix(1);
      put(separates(pattern.front()) ? Node::Kind::separator : is_blank(pattern.front()) ? Node::Kind::blank : Node::Kind::character);
    }
  }
  return nodes;
}

}  // namespace crossfade::sqlite::functions::from_text
