#include "to_char.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "crossfade/model/datetime.hpp"
#include "to_char_number.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using Int64 = std::int64_t;
using model::Civil;

constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March",     "April",   "May",      "June",
                                                   "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kRoman{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

/// A timestamp or an interval taken apart once for all the words of a pattern. An interval's parts may be below zero or above their usual range.
struct Moment {
  bool interval = false;
  std::int32_t year = 0;  // astronomical; 1 BC is the year 0
  int month = 0;
  std::int32_t day = 0, day_of_year = 0;
  Int64 hour = 0;
  int minute = 0, second = 0, micros = 0;
  ShownZone zone = {};
};

std::int32_t wrapped_less(Int64 value, Int64 by) { return static_cast<std::int32_t>(value - by); }
/// The Julian day. Months from -11 on, days and years as they are, in 32 bits that wrap: intervals are no dates, and PostgreSQL counts them so.
std::int32_t julian(std::int32_t year, int month, std::int32_t day) {
  const bool early = month <= 2;  // January and February are the months 13 and 14 of the year before
  const Int64 y = Int64{year} + (early ? 4799 : 4800), m = month + (early ? 13 : 1);
  return static_cast<std::int32_t>(y * 365 + y / 4 - y / 100 + y / 400 + m * 306'001 / 10'000 + day - 32'167);
}
std::int32_t julian(const Moment& m) { return julian(m.year, m.month, m.day); }
int weekday(const Moment& m) { return (julian(m) + 1) % 7; }

struct IsoWeek { std::int32_t year, week, day; };
IsoWeek iso_week(const Moment& m) {
  const auto monday = [](std::int32_t year) {  // of the week with the fourth of January
    const Int64 fourth = julian(year, 1, 4);
    return static_cast<std::int32_t>(fourth - (fourth % 7 + 7) % 7);
  };
  const std::int32_t day = julian(m);
  std::int32_t year = m.year;
  if (day < monday(year)) --year;
  else if (wrapped_less(day, monday(year)) / 7 >= 51 && day >= monday(year + 1)) ++year;
  return {year, wrapped_less(day, monday(year)) / 7 + 1, wrapped_less(day, Int64{monday(year)} - 1)};
}
Int64 named(const Moment& m, std::int32_t year) { return year > 0 || m.interval ? year : 1 - Int64{year}; }
Int64 shown_year(const Moment& m) { return named(m, m.year); }
Int64 iso_year(const Moment& m) { return named(m, iso_week(m).year); }
Int64 century(const Moment& m) {
  if (m.interval) return m.year / 100;
  return m.year > 0 ? (m.year - 1) / 100 + 1 : m.year / 100 - 1;
}
bool afternoon(const Moment& m) { return m.hour % 24 >= 12; }

// ---- numbers

/// `below`: a place more for the sign, whether or not the value has one.
struct Shown { Int64 value; bool below = false; };
Shown of_year(const Moment& m, Int64 value) { return {value, m.interval && m.year < 0}; }
Shown of_hour(const Moment& m, Int64 value) { return {value, m.hour < 0}; }
Shown own_sign(Int64 value) { return {value, value < 0}; }

/// padded: FM takes the leading zeros away.
enum class Zeros : std::uint8_t { padded, kept };
struct NumberWord { std::string_view name; int width; Shown (*value)(const Moment&); bool calendar = false; Zeros zeros = Zeros::padded; };

// Longer words first where one begins with another.
constexpr std::array kNumberWords{
    NumberWord{"YYYY", 4, [](const Moment& m) { return of_year(m, shown_year(m)); }},
    NumberWord{"YYY", 3, [](const Moment& m) { return of_year(m, shown_year(m) % 1000); }},
    NumberWord{"YY", 2, [](const Moment& m) { return of_year(m, shown_year(m) % 100); }},
    NumberWord{"Y", 0, [](const Moment& m) { return of_year(m, shown_year(m) % 10); }},
    NumberWord{"IYYY", 4, [](const Moment& m) { return of_year(m, iso_year(m)); }},
    NumberWord{"IYY", 3, [](const Moment& m) { return of_year(m, iso_year(m) % 1000); }},
    NumberWord{"IY", 2, [](const Moment& m) { return of_year(m, iso_year(m) % 100); }},
    NumberWord{"IW", 2, [](const Moment& m) { return Shown{iso_week(m).week}; }},
    NumberWord{"IDDD", 3, [](const Moment& m) { return Shown{iso_week(m).day}; }},
    NumberWord{"ID", 0, [](const Moment& m) { return Shown{(weekday(m) + 6) % 7 + 1}; }, true},
    NumberWord{"I", 0, [](const Moment& m) { return of_year(m, iso_year(m) % 10); }},
    NumberWord{"CC", 2, [](const Moment& m) { return own_sign(century(m)); }},
    NumberWord{"MM", 2, [](const Moment& m) { return own_sign(m.month); }},
    NumberWord{"MI", 2, [](const Moment& m) { return own_sign(m.minute); }},
    NumberWord{"MS", 3, [](const Moment& m) { return Shown{m.micros / 1000}; }, false, Zeros::kept},
    NumberWord{"DDD", 3, [](const Moment& m) { return Shown{m.day_of_year}; }},
    NumberWord{"DD", 2, [](const Moment& m) { return Shown{m.day}; }},
    NumberWord{"D", 0, [](const Moment& m) { return Shown{weekday(m) + 1}; }, true},
    NumberWord{"HH24", 2, [](const Moment& m) { return of_hour(m, m.hour); }},
    NumberWord{"HH12", 2, [](const Moment& m) { return of_hour(m, m.hour % 12 == 0 ? 12 : m.hour % 12); }},
    NumberWord{"HH", 2, [](const Moment& m) { return of_hour(m, m.hour % 12 == 0 ? 12 : m.hour % 12); }},
    NumberWord{"SSSSS", 0, [](const Moment& m) { return Shown{m.hour * 3600 + m.minute * 60 + m.second}; }},
    NumberWord{"SSSS", 0, [](const Moment& m) { return Shown{m.hour * 3600 + m.minute * 60 + m.second}; }},
    NumberWord{"SS", 2, [](const Moment& m) { return own_sign(m.second); }},
    NumberWord{"US", 6, [](const Moment& m) { return Shown{m.micros}; }, false, Zeros::kept},
    NumberWord{"FF1", 1, [](const Moment& m) { return Shown{m.micros / 100'000}; }, false, Zeros::kept},
    NumberWord{"FF2", 2, [](const Moment& m) { return Shown{m.micros / 10'000}; }, false, Zeros::kept},
    NumberWord{"FF3", 3, [](const Moment& m) { return Shown{m.micros / 1000}; }, false, Zeros::kept},
    NumberWord{"FF4", 4, [](const Moment& m) { return Shown{m.micros / 100}; }, false, Zeros::kept},
    NumberWord{"FF5", 5, [](const Moment& m) { return Shown{m.micros / 10}; }, false, Zeros::kept},
    NumberWord{"FF6", 6, [](const Moment& m) { return Shown{m.micros}; }, false, Zeros::kept},
    NumberWord{"WW", 2, [](const Moment& m) { return Shown{wrapped_less(m.day_of_year, 1) / 7 + 1}; }},
    NumberWord{"W", 0, [](const Moment& m) { return Shown{wrapped_less(m.day, 1) / 7 + 1}; }},
    NumberWord{"J", 0, [](const Moment& m) { return Shown{julian(m)}; }},
};

/// With zeros to `width` characters, the minus sign among them.
std::string digits(Int64 value, std::size_t width) {
  std::string text = std::to_string(value < 0 ? -value : value);
  const std::size_t sign = value < 0 ? 1 : 0;
  if (text.size() + sign < width) text.insert(0, width - sign - text.size(), '0');
  return value < 0 ? "-" + text : text;
}

// ---- words

enum class Case : std::uint8_t { upper, first, lower };
struct Style { Case letters; bool fill, translated; };

std::string cased(std::string_view word, Case how) {
  std::string text{word};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (how == Case::upper || (how == Case::first && i == 0)) text[i] = static_cast<char>(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
    else text[i] = static_cast<char>(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
  }
  return text;
}
/// Names of months and days are padded to the longest one's nine characters.
std::string padded(std::string text, std::size_t width, Style style) {
  if (!style.fill && !style.translated) text.resize(std::max(text.size(), width), ' ');
  return text;
}
std::string_view month(const Moment& m) { return kMonths[static_cast<std::size_t>(m.month - 1)]; }
std::string_view day(const Moment& m) { return kDays[static_cast<std::size_t>(weekday(m))]; }

std::string roman_month(const Moment& m, Style style) {
  if (m.month == 0 && m.year == 0) return {};
  const int at = m.month > 0 ? m.month : m.month < 0 ? 13 + m.month : m.year > 0 ? 12 : 1;
  return padded(cased(kRoman[static_cast<std::size_t>(at - 1)], style.letters), 4, {style.letters, style.fill, false});
}
std::string thousands(const Moment& m, Style) {
  const Int64 year = shown_year(m);
  return std::to_string(year / 1000) + "," + digits(year % 1000, 3);
}
std::string offset_hours(const Moment& m, std::size_t width) {
  return (m.zone.offset_seconds < 0 ? "-" : "+") + digits(std::abs(m.zone.offset_seconds) / 3600, width);
}
std::string offset_minutes(const Moment& m) { return digits(std::abs(m.zone.offset_seconds) / 60 % 60, 2); }
std::string offset_text(const Moment& m, Style style) {
  const std::string minutes = offset_minutes(m);
  return offset_hours(m, style.fill ? 0 : 2) + (minutes == "00" ? "" : ":" + minutes);
}
std::string half_day(const Moment& m, std::string_view ante, std::string_view post, Style style) { return cased(afternoon(m) ? post : ante, style.letters); }
std::string era(const Moment& m, std::string_view before, std::string_view after, Style style) { return cased(m.year <= 0 ? before : after, style.letters); }

/// `capitalized`: it is also written with its first letter alone a capital. `calendar`: an interval has none. `ordinal`: it is a number after all.
struct TextWord { std::string_view name; std::string (*write)(const Moment&, Style); bool calendar = true, capitalized = false, ordinal = false; };
constexpr std::array kTextWords{
    TextWord{"FX", [](const Moment&, Style) { return std::string{}; }, false},  // of to_timestamp
    TextWord{"Y,YYY", thousands, false, false, true},
    TextWord{"MONTH", [](const Moment& m, Style s) { return padded(cased(month(m), s.letters), 9, s); }, true, true},
    TextWord{"MON", [](const Moment& m, Style s) { return cased(month(m).substr(0, 3), s.letters); }, true, true},
    TextWord{"DAY", [](const Moment& m, Style s) { return padded(cased(day(m), s.letters), 9, s); }, true, true},
    TextWord{"DY", [](const Moment& m, Style s) { return cased(day(m).substr(0, 3), s.letters); }, true, true},
    TextWord{"Q", [](const Moment& m, Style) { return m.month == 0 ? std::string{} : std::to_string((m.month - 1) / 3 + 1); }, false, false, true},
    TextWord{"RM", roman_month, false},
    TextWord{"A.M.", [](const Moment& m, Style s) { return half_day(m, "A.M.", "P.M.", s); }, false},
    TextWord{"P.M.", [](const Moment& m, Style s) { return half_day(m, "A.M.", "P.M.", s); }, false},
    TextWord{"AM", [](const Moment& m, Style s) { return half_day(m, "AM", "PM", s); }, false},
    TextWord{"PM", [](const Moment& m, Style s) { return half_day(m, "AM", "PM", s); }, false},
    TextWord{"A.D.", [](const Moment& m, Style s) { return era(m, "B.C.", "A.D.", s); }},
    TextWord{"B.C.", [](const Moment& m, Style s) { return era(m, "B.C.", "A.D.", s); }},
    TextWord{"AD", [](const Moment& m, Style s) { return era(m, "BC", "AD", s); }},
    TextWord{"BC", [](const Moment& m, Style s) { return era(m, "BC", "AD", s); }},
    TextWord{"TZH", [](const Moment& m, Style) { return offset_hours(m, 2); }},
    TextWord{"TZM", [](const Moment& m, Style) { return offset_minutes(m); }},
    TextWord{"TZ", [](const Moment& m, Style s) { return s.letters == Case::lower ? cased(m.zone.abbreviation, Case::lower) : m.zone.abbreviation; }},
    TextWord{"OF", offset_text},
};

std::optional<Case> written_as(std::string_view at, std::string_view name, bool capitalized) {
  if (at.size() < name.size()) return {};
  at = at.substr(0, name.size());
  if (at == name) return Case::upper;
  if (at == cased(name, Case::lower)) return Case::lower;
  if (capitalized && at == cased(name, Case::first)) return Case::first;
  return {};
}

/// Writes a moment by a pattern: literals, and words with at most one of FM and TM before and one of TH and SP behind.
class PatternWriter {
 public:
  PatternWriter(const Moment& moment, std::string_view pattern) : moment_(moment), pattern_(pattern) {}

  Answer run() {
    bool quoted = false;
    while (!pattern_.empty()) {
      if (pattern_.front() == '"') {
        quoted = !quoted;
        pattern_.remove_prefix(1);
        continue;
      }
      if (!quoted) {
        CROSSFADE_TRY(const bool written, word());
        if (written || pattern_.empty()) continue;
      }
      // In quotes a backslash stands before any character, outside before a quote.
      if (pattern_.front() == '\\' && pattern_.size() > 1 && (quoted || pattern_[1] == '"')) pattern_.remove_prefix(1);
      else if (!quoted && pattern_.front() == '"') continue;
      text_ += pattern_.front();
      pattern_.remove_prefix(1);
    }
    return std::move(text_);
  }

 private:
  bool take(std::string_view word) {
    if (!pattern_.starts_with(word)) return false;
    pattern_.remove_prefix(word.size());
    return true;
  }

  model::Result<bool> word() {
    const bool fill = take("FM") || take("fm"), translated = !fill && (take("TM") || take("tm"));
    const TextWord* named = nullptr;
    Case letters = Case::upper;
    for (const TextWord& word : kTextWords) {
      const std::optional<Case> found = written_as(pattern_, word.name, word.capitalized);
      if (!found) continue;
      named = &word;
      letters = *found;
      break;
    }
    const NumberWord* number = named ? nullptr : std::ranges::find_if(kNumberWords, [&](const NumberWord& w) { return written_as(pattern_, w.name, false).has_value(); });
    if (number == kNumberWords.end()) number = nullptr;
    if (!named && !number) return false;
    if (moment_.interval && (named ? named->calendar : number->calendar)) {
      return model::fail("22007"_state, "invalid format specification for an interval value", {}, "Intervals are not tied to specific calendar dates.");
    }
    pattern_.remove_prefix((named ? named->name : number->name).size());
    std::string text;
    if (named) {
      text = named->write(moment_, {letters, fill, translated});
    } else {
      const Shown shown = number->value(moment_);
      const int width = fill && number->zeros == Zeros::padded ? 0 : number->width + (shown.below && number->width > 0 ? 1 : 0);
      text = digits(shown.value, static_cast<std::size_t>(width));
    }
    const bool upper = pattern_.starts_with("TH");
    if (take("TH") || take("th")) {
      if ((number || named->ordinal) && !text.empty()) text += cased(ending_of(text), upper ? Case::upper : Case::lower);
    } else {
      take("SP");
    }
    text_ += text;
    return true;
  }

  const Moment& moment_;
  std::string_view pattern_;
  std::string text_;
};

}  // namespace

Answer to_char(std::int64_t local_micros, std::string_view pattern, const ShownZone& zone) {
  if (pattern.empty() || model::infinite(local_micros)) return model::Null{};
  const Civil civil = model::civil_from_micros(local_micros);
  Moment moment{false, civil.year, civil.month, civil.day, 0, civil.hour, civil.minute, civil.second, civil.micros, zone};
  moment.day_of_year = model::days_from_civil(civil.year, civil.month, civil.day) - model::days_from_civil(civil.year, 1, 1) + 1;
  return PatternWriter{moment, pattern}.run();
}

Answer to_char(const model::Interval& interval, std::string_view pattern) {
  if (pattern.empty()) return model::Null{};
  const Int64 seconds = interval.micros / model::kMicrosPerSecond;
  // A year of 360 days, in 32 bits that wrap.
  const auto days = static_cast<std::int32_t>(Int64{interval.months} * 30 + interval.days);
  const Moment moment{true, interval.months / 12, interval.months % 12, interval.days, days, seconds / 3600, static_cast<int>(seconds / 60 % 60),
                      static_cast<int>(seconds % 60), static_cast<int>(interval.micros % model::kMicrosPerSecond), {}};
  return PatternWriter{moment, pattern}.run();
}

}  // namespace crossfade::sqlite::functions
