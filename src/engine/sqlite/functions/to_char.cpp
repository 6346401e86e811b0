#include "to_char.hpp"

#include <array>

#include "crossfade/model/datetime.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using model::Civil;

constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March",     "April",   "May",      "June",
                                                   "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kRoman{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

/// A moment taken apart once for all the words of a pattern.
struct Moment { Civil civil; std::int32_t days; };

std::string digits(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value < 0 ? -value : value);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return value < 0 ? "-" + text : text;
}
enum class Case : std::uint8_t { upper, first, lower };
std::string cased(std::string_view word, Case how) {
  std::string text{word};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (how == Case::upper || (how == Case::first && i == 0)) text[i] = static_cast<char>(text[i] & ~0x20);
    else text[i] = static_cast<char>(text[i] | 0x20);
  }
  return text;
}
/// Names of months and days are padded to the longest one's nine characters.
std::string padded(std::string text) {
  text.resize(9, ' ');
  return text;
}
int weekday(const Moment& m) { return static_cast<int>((m.days % 7 + 13) % 7); }  // 2000-01-01 was a Saturday
std::string_view month(const Moment& m) { return kMonths[static_cast<std::size_t>(m.civil.month - 1)]; }
std::string_view day(const Moment& m) { return kDays[static_cast<std::size_t>(weekday(m))]; }
int hour12(const Moment& m) { return m.civil.hour % 12 == 0 ? 12 : m.civil.hour % 12; }
int day_of_year(const Moment& m) { return m.days - model::days_from_civil(m.civil.year, 1, 1) + 1; }
/// 1 BC is the year 0.
std::int64_t named(std::int32_t year) { return year > 0 ? year : 1 - std::int64_t{year}; }
std::int64_t shown_year(const Moment& m) { return named(m.civil.year); }

struct IsoWeek { std::int32_t year; int week; };
IsoWeek iso_week(const Moment& m) {
  const std::int32_t thursday = m.days - (weekday(m) + 6) % 7 + 3;
  const Civil civil = model::civil_from_micros(thursday * model::kMicrosPerDay);
  return {civil.year, (thursday - model::days_from_civil(civil.year, 1, 1)) / 7 + 1};
}

struct Word { std::string_view name; std::string (*write)(const Moment&); };
// Longer words first where one begins with another.
constexpr std::array kWords{
    Word{"YYYY", [](const Moment& m) { return digits(shown_year(m), 4); }},
    Word{"YYY", [](const Moment& m) { return digits(shown_year(m) % 1000, 3); }},
    Word{"YY", [](const Moment& m) { return digits(shown_year(m) % 100, 2); }},
    Word{"Y,YYY", [](const Moment& m) { return std::to_string(shown_year(m) / 1000) + "," + digits(shown_year(m) % 1000, 3); }},
    Word{"Y", [](const Moment& m) { return digits(shown_year(m) % 10, 1); }},
    Word{"IYYY", [](const Moment& m) { return digits(named(iso_week(m).year), 4); }},
    Word{"IW", [](const Moment& m) { return digits(iso_week(m).week, 2); }},
    Word{"IDDD", [](const Moment& m) { return digits((iso_week(m).week - 1) * 7 + (weekday(m) + 6) % 7 + 1, 3); }},
    Word{"ID", [](const Moment& m) { return digits((weekday(m) + 6) % 7 + 1, 1); }},
    Word{"MONTH", [](const Moment& m) { return padded(cased(month(m), Case::upper)); }},
    Word{"Month", [](const Moment& m) { return padded(cased(month(m), Case::first)); }},
    Word{"month", [](const Moment& m) { return padded(cased(month(m), Case::lower)); }},
    Word{"MON", [](const Moment& m) { return cased(month(m).substr(0, 3), Case::upper); }},
    Word{"Mon", [](const Moment& m) { return cased(month(m).substr(0, 3), Case::first); }},
    Word{"mon", [](const Moment& m) { return cased(month(m).substr(0, 3), Case::lower); }},
    Word{"MM", [](const Moment& m) { return digits(m.civil.month, 2); }},
    Word{"MI", [](const Moment& m) { return digits(m.civil.minute, 2); }},
    Word{"MS", [](const Moment& m) { return digits(m.civil.micros / 1000, 3); }},
    Word{"DAY", [](const Moment& m) { return padded(cased(day(m), Case::upper)); }},
    Word{"Day", [](const Moment& m) { return padded(cased(day(m), Case::first)); }},
    Word{"day", [](const Moment& m) { return padded(cased(day(m), Case::lower)); }},
    Word{"DY", [](const Moment& m) { return cased(day(m).substr(0, 3), Case::upper); }},
    Word{"Dy", [](const Moment& m) { return cased(day(m).substr(0, 3), Case::first); }},
    Word{"dy", [](const Moment& m) { return cased(day(m).substr(0, 3), Case::lower); }},
    Word{"DDD", [](const Moment& m) { return digits(day_of_year(m), 3); }},
    Word{"DD", [](const Moment& m) { return digits(m.civil.day, 2); }},
    Word{"D", [](const Moment& m) { return digits(weekday(m) + 1, 1); }},
    Word{"HH24", [](const Moment& m) { return digits(m.civil.hour, 2); }},
    Word{"HH12", [](const Moment& m) { return digits(hour12(m), 2); }},
    Word{"HH", [](const Moment& m) { return digits(hour12(m), 2); }},
    Word{"SSSS", [](const Moment& m) { return digits(m.civil.hour * 3600 + m.civil.minute * 60 + m.civil.second, 1); }},
    Word{"SS", [](const Moment& m) { return digits(m.civil.second, 2); }},
    Word{"US", [](const Moment& m) { return digits(m.civil.micros, 6); }},
    Word{"AM", [](const Moment& m) { return std::string{m.civil.hour < 12 ? "AM" : "PM"}; }},
    Word{"PM", [](const Moment& m) { return std::string{m.civil.hour < 12 ? "AM" : "PM"}; }},
    Word{"am", [](const Moment& m) { return std::string{m.civil.hour < 12 ? "am" : "pm"}; }},
    Word{"pm", [](const Moment& m) { return std::string{m.civil.hour < 12 ? "am" : "pm"}; }},
    Word{"WW", [](const Moment& m) { return digits((day_of_year(m) - 1) / 7 + 1, 2); }},
    Word{"W", [](const Moment& m) { return digits((m.civil.day - 1) / 7 + 1, 1); }},
    Word{"Q", [](const Moment& m) { return digits((m.civil.month - 1) / 3 + 1, 1); }},
    Word{"RM", [](const Moment& m) { std::string r{kRoman[static_cast<std::size_t>(m.civil.month - 1)]}; r.resize(4, ' '); return r; }},
    Word{"J", [](const Moment& m) { return std::to_string(m.days + 2'451'545); }},
};

const Word* find_word(std::string_view at) {
  for (const Word& word : kWords) {
    if (at.starts_with(word.name)) return &word;
  }
  return nullptr;
}

bool letter(char character) { return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z'); }

/// FM: neither the names' blanks nor the numbers' leading zeros.
std::string filled(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  if (text.size() > 1 && text.front() == '0') text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  return text;
}

std::string ordinal(const std::string& number, bool upper) {
  const std::string_view end = number.size() > 1 && number[number.size() - 2] == '1' ? "th"
                               : number.back() == '1'                                ? "st"
                               : number.back() == '2'                                ? "nd"
                               : number.back() == '3'                                ? "rd"
                                                                                     : "th";
  return cased(end, upper ? Case::upper : Case::lower);
}

}  // namespace

Answer to_char(std::int64_t local_micros, std::string_view pattern) {
  if (local_micros == model::kTimestampInfinity || local_micros == model::kTimestampMinusInfinity) return model::Null{};
  const Civil civil = model::civil_from_micros(local_micros);
  const Moment moment{civil, model::days_from_civil(civil.year, civil.month, civil.day)};
  std::string result;
  while (!pattern.empty()) {
    if (pattern.front() == '"') {
      const std::size_t end = std::min(pattern.find('"', 1), pattern.size());
      result += pattern.substr(1, end - 1);
      pattern.remove_prefix(std::min(end + 1, pattern.size()));
      continue;
    }
    if (pattern.starts_with("\\\"")) {
      result += '"';
      pattern.remove_prefix(2);
      continue;
    }
    const bool fill = pattern.starts_with("FM");
    if (fill) pattern.remove_prefix(2);
    const Word* word = find_word(pattern);
    if (!word) {
      if (fill || pattern.empty() || letter(pattern.front())) {
        return model::fail("0A000"_state, "to_char pattern is not supported on SQLite at \"" + std::string{pattern} + "\"", {},
                           "It works in the stage \"postgres\".");
      }
      result += pattern.front();
      pattern.remove_prefix(1);
      continue;
    }
    pattern.remove_prefix(word->name.size());
    std::string text = word->write(moment);
    if (fill) text = filled(std::move(text));
    if (pattern.starts_with("th") || pattern.starts_with("TH")) {
      text += ordinal(text, pattern.starts_with("TH"));
      pattern.remove_prefix(2);
    }
    result += text;
  }
  return result;
}

}  // namespace crossfade::sqlite::functions
