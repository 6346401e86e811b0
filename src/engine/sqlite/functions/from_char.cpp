#include <array>
#include <climits>
#include <map>
#include <optional>

#include "crossfade/model/datetime.hpp"
#include "to_char.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

enum class CharField : std::uint8_t { year, year2, month, month_name, day, day_of_year, hour24, hour12, minute, second, day_second, millis, micros, meridiem, weekday };
struct CharWord { std::string_view word; CharField field; std::size_t width; };
/// The longest word counts: HH24 before HH.
constexpr std::array kCharWords{
    CharWord{"YYYY", CharField::year, 4},     CharWord{"YY", CharField::year2, 2},      CharWord{"MONTH", CharField::month_name, 9}, CharWord{"MON", CharField::month_name, 3},
    CharWord{"MM", CharField::month, 2},      CharWord{"MI", CharField::minute, 2},     CharWord{"DDD", CharField::day_of_year, 3},  CharWord{"DD", CharField::day, 2},
    CharWord{"DAY", CharField::weekday, 9},   CharWord{"DY", CharField::weekday, 3},    CharWord{"HH24", CharField::hour24, 2},      CharWord{"HH12", CharField::hour12, 2},
    CharWord{"HH", CharField::hour12, 2},     CharWord{"SS", CharField::second, 2},     CharWord{"MS", CharField::millis, 3},        CharWord{"US", CharField::micros, 6},
    CharWord{"SSSS", CharField::day_second, 5}, CharWord{"SSSSS", CharField::day_second, 5},
    CharWord{"AM", CharField::meridiem, 2},   CharWord{"PM", CharField::meridiem, 2},   CharWord{"A.M.", CharField::meridiem, 4},    CharWord{"P.M.", CharField::meridiem, 4},
};
constexpr std::array<std::string_view, 12> kMonthNames{"JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"};
constexpr std::array<std::string_view, 7> kDayNames{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }
bool separates(char c) { return c > ' ' && c < 0x7f && !is_letter(c) && !is_decimal(c); }

bool starts_alike(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) if (upper(text[i]) != upper(word[i])) return false;
  return true;
}

/// Reads a text by a pattern. Source: PostgreSQL 15, DCH_from_char.
class CharReader {
 public:
  CharReader(std::string_view text, std::string_view pattern) : text_(text), pattern_(pattern) {}

  model::Result<model::Civil> run() {
    int skipped = 0;  // blanks and separators of the text that no separator of the pattern has answered for
    while (at_ < pattern_.size() && in_ < text_.size()) {
      if (starts_alike(pattern_.substr(at_), "FM")) {
        at_ += 2;
        continue;
      }
      const CharWord* word = word_here();
      while ((word != nullptr || at_ == 0) && in_ < text_.size() && is_blank(text_[in_])) ++in_, ++skipped;
      if (word != nullptr) {
        at_ += word->width == 9 && word->field == CharField::weekday ? 3 : word->word.size();
        CROSSFADE_CHECK(read(*word));
        skipped = 0;
        continue;
      }
      const char c = pattern_[at_++];
      if (is_blank(c) || separates(c)) {
        if (c == '"') {
          for (; at_ < pattern_.size() && pattern_[at_] != '"'; ++at_) skipped > 0 ? void(--skipped) : void(++in_);
          ++at_;
          continue;
        }
        --skipped;
        if (in_ < text_.size() && (is_blank(text_[in_]) || separates(text_[in_]))) ++in_, ++skipped;
      } else if (is_letter(c)) {
        if (c != 'T' && c != 't') return model::fail("0A000"_state, "the pattern \"" + std::string{pattern_.substr(at_ - 1)} + "\" is not supported on SQLite");
        skipped > 0 ? void(--skipped) : void(++in_);
      } else {
        skipped > 0 ? void(--skipped) : void(++in_);
      }
    }
    return finish();
  }

 private:
  const CharWord* word_here() const {
    const CharWord* found = nullptr;
    for (const CharWord& word : kCharWords) {
      if (starts_alike(pattern_.substr(at_), word.word) && (found == nullptr || word.word.size() > found->word.size())) found = &word;
    }
    return found;
  }

  std::unexpected<model::Error> invalid(std::string_view shown, const CharWord& word, std::string detail) const {
    return model::fail("22007"_state, "invalid value \"" + std::string{shown} + "\" for \"" + std::string{word.word} + "\"", std::move(detail));
  }

  /// At most the word's digits where another number follows at once, else all there are.
  model::Result<int> number(const CharWord& word) {
    const bool signed_ = word.field == CharField::year && in_ < text_.size() && (text_[in_] == '-' || text_[in_] == '+');
    const CharWord* next = word_here();
    const bool number_next = next != nullptr && next->field != CharField::month_name && next->field != CharField::meridiem && next->field != CharField::weekday;
    const std::size_t begin = in_;
    if (signed_) ++in_;
    std::size_t end = in_;
    while (end < text_.size() && is_decimal(text_[end]) && (!number_next || end - begin < word.width)) ++end;
    if (end == in_) {
      const std::string_view shown = text_.substr(begin, word.width);
      return invalid(shown, word, "Value must be an integer.");
    }
    const long long wide = end - begin > 15 ? LLONG_MAX : std::atoll(std::string{text_.substr(begin, end - begin)}.c_str());
    if (wide > INT_MAX || wide < INT_MIN) {
      return model::fail("22008"_state, "value for \"" + std::string{word.word} + "\" in source string is out of range", "Value must be in the range -2147483648 to 2147483647.");
    }
    const int value = static_cast<int>(wide);
    if (number_next && end - begin < word.width) {
      return invalid(text_.substr(begin, word.width), word, "Field requires " + std::to_string(word.width) + " characters, but only " + std::to_string(end - begin) + " could be parsed.");
    }
    digits_ = static_cast<int>(end - in_);
    in_ = end;
    return value;
  }

  model::Result<int> name(const CharWord& word, std::span<const std::string_view> names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view wanted = word.width == 3 ? names[i].substr(0, 3) : names[i];
      if (!starts_alike(text_.substr(in_), wanted)) continue;
      in_ += wanted.size();
      return static_cast<int>(i + 1);
    }
    std::size_t end = in_;
    while (end < text_.size() && !is_blank(text_[end])) ++end;
    return invalid(text_.substr(in_, end - in_), word, "The given value did not match any of the allowed values for this field.");
  }

  /// Two words of a pattern may say one field; then they must say the same. A field of 0 counts as not said.
  model::Result<void> say(int& field, int value, const CharWord& word) {
    int& said = said_[&field];
    if (said != 0 && said != value) {
      return model::fail("22007"_state, "conflicting values for \"" + std::string{word.word} + "\" field in formatting string",
                         "This value contradicts a previous setting for the same field type.");
    }
    field = said = value;
    return {};
  }

  model::Result<void> read(const CharWord& word) {
    if (word.field == CharField::month_name) {
      CROSSFADE_TRY(const int month, name(word, kMonthNames));
      return say(month_, month, word);
    }
    if (word.field == CharField::weekday) {
      CROSSFADE_TRY([[maybe_unused]] const int day, name(word, kDayNames));
      return {};
    }
    if (word.field == CharField::meridiem) {
      const std::string_view rest = text_.substr(in_);
      const bool dotted = word.width == 4, am = starts_alike(rest, dotted ? "A.M." : "AM"), pm = starts_alike(rest, dotted ? "P.M." : "PM");
      if (!am && !pm) return invalid(rest.substr(0, word.width), word, "The given value did not match any of the allowed values for this field.");
      afternoon_ = pm;
      in_ += word.width;
      return {};
    }
    CROSSFADE_TRY(const int value, number(word));
    switch (word.field) {
      case CharField::year:
      case CharField::year2: {
        const bool short_year = word.field == CharField::year2 && digits_ <= 2;
        CROSSFADE_CHECK(say(read_year_, !short_year ? value : value < 70 ? value + 2000 : value + 1900, word));
        year_ = read_year_;
        break;
      }
      case CharField::month: return say(month_, value, word);
      case CharField::day: return say(day_, value, word);
      case CharField::day_of_year: day_of_year_ = value; break;
      case CharField::hour12: twelve_ = true; [[fallthrough]];
      case CharField::hour24: return say(hour_, value, word);
      case CharField::minute: return say(minute_, value, word);
      case CharField::second: return say(second_, value, word);
      case CharField::day_second: hour_ = value / 3600, minute_ = value / 60 % 60, second_ = value % 60; break;
      case CharField::millis: micros_ += value * (digits_ == 1 ? 100 : digits_ == 2 ? 10 : 1) * 1000; break;
      case CharField::micros: {
        int scaled = value;
        for (int i = digits_; i < 6; ++i) scaled *= 10;
        micros_ += scaled;
        break;
      }
      case CharField::month_name:
      case CharField::meridiem:
      case CharField::weekday: break;
    }
    return {};
  }

  model::Result<model::Civil> finish() {
    const auto out_of_range = [&] { return model::fail("22008"_state, "date/time field value out of range: \"" + std::string{text_} + "\""); };
    if (twelve_) {
      if (hour_ < 1 || hour_ > 12) {
        return model::fail("22007"_state, "hour \"" + std::to_string(hour_) + "\" is invalid for the 12-hour clock", {}, "Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      if (afternoon_ == true && hour_ < 12) hour_ += 12;
      else if (afternoon_ == false && hour_ == 12) hour_ = 0;
    }
    if (!year_) return model::fail("0A000"_state, "a date without a year in to_date and to_timestamp is not supported on SQLite");
    if (*year_ < 1) return model::fail("0A000"_state, "a year before 1 in to_date and to_timestamp is not supported on SQLite");
    const bool leap = *year_ % 4 == 0 && (*year_ % 100 != 0 || *year_ % 400 == 0);
    constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const auto days_in = [&](int month) { return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0); };
    if (day_of_year_ && month_ == 1 && day_ == 1) {
      if (*day_of_year_ < 1 || *day_of_year_ > (leap ? 366 : 365)) return out_of_range();
      day_ = *day_of_year_;
      for (month_ = 1; day_ > days_in(month_); ++month_) day_ -= days_in(month_);
    }
    if (month_ < 1 || month_ > 12 || day_ < 1 || day_ > days_in(month_)) return out_of_range();
    if (hour_ > 23 || minute_ > 59 || second_ > 59 || micros_ > 999'999) return out_of_range();
    return model::Civil{*year_, month_, day_, hour_, minute_, second_, micros_};
  }

  std::string_view text_, pattern_;
  std::size_t at_ = 0, in_ = 0;
  std::optional<int> year_, day_of_year_;
  std::optional<bool> afternoon_;
  int month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0, micros_ = 0, digits_ = 0, read_year_ = 0;
  bool twelve_ = false;
  std::map<const int*, int> said_;  // what a field was set to by the pattern
};

}  // namespace

model::Result<model::Civil> from_char(std::string_view text, std::string_view pattern) { return CharReader{text, pattern}.run(); }

}  // namespace crossfade::sqlite::functions
