#include "from_char.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <span>
#include <vector>

#include "crossfade/model/datetime.hpp"
#include "from_char_pattern.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

constexpr std::array<std::string_view, 12> kMonthNames{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kDayNames{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> kRomanMonths{"xii", "xi", "x", "ix", "viii", "vii", "vi", "v", "iv", "iii", "ii", "i"};
constexpr std::array<std::string_view, 2> kMeridiem{"am", "pm"}, kMeridiemDots{"a.m.", "p.m."}, kEra{"ad", "bc"}, kEraDots{"a.d.", "b.c."};


class CharReader {
 public:
  CharReader(std::string_view text, std::string_view pattern, CharMode mode)
      : whole_(text), text_(text), nodes_(read_pattern(pattern)), standard_(mode == CharMode::standard), exact_(standard_) {}

  model::Result<ReadMoment> run() {
    for (at_ = 0; at_ < nodes_.size() && !text_.empty(); ++at_) {
      const PatternNode& node = nodes_[at_];
      const bool turns_exact = node.word && node.word->field == CharField::exact;
      if (!exact_ && !turns_exact && (node.word || at_ == 0)) skip_blanks();
      if (node.word) {
        CROSSFADE_CHECK(field(node));
        if (exact_) continue;
        skipped_ = 0;
        skip_blanks();
        continue;
      }
      const bool gap = node.kind != PatternNode::Kind::character;
      if (standard_ && !text_.starts_with(node.shown)) {
        return model::fail("22007"_state, std::string{"unmatched format "} + (gap && !node.quoted ? "separator" : "character") + " \"" + std::string{node.shown} + "\"");
      }
      if (exact_) {
        skip(width_of(text_[0]));
      } else if (gap) {  // of the pattern's blanks and separators each answers for one of the text, or for none
        --skipped_;
        if (!text_.empty() && (is_blank(text_[0]) || separates(text_[0]))) skip(1), ++skipped_;
      } else if (skipped_ > 0) {
        --skipped_;
      } else if (!text_.empty()) {
        skip(width_of(text_[0]));
      }
    }
    if (standard_) CROSSFADE_CHECK(check_end());
    CROSSFADE_TRY(ReadMoment read, finish());
    for (const PatternNode& node : nodes_) if (node.word) says(node.word->field, read);
    return read;
  }

 private:
  model::Result<void> check_end() {
    if (at_ < nodes_.size()) return model::fail("22007"_state, "input string is too short for datetime format");
    skip_blanks();
    if (!text_.empty()) return model::fail("22007"_state, "trailing characters remain in input string after datetime format");
    return {};
  }
  static void says(CharField field, ReadMoment& read) {
    switch (field) {
      case CharField::exact: return;
      case CharField::zone_hour: case CharField::zone_minute: case CharField::output_only: read.zoned = true; return;
      case CharField::hour24: case CharField::hour12: case CharField::meridiem: case CharField::minute: case CharField::second: case CharField::day_second:
      case CharField::millis: case CharField::micros: case CharField::fraction: read.timed = true; return;
      case CharField::year: case CharField::year3: case CharField::year2: case CharField::year1: case CharField::year_comma: case CharField::century: case CharField::era:
      case CharField::month: case CharField::month_name: case CharField::roman: case CharField::day: case CharField::day_of_year: case CharField::week:
      case CharField::week_of_month: case CharField::weekday: case CharField::iso_weekday: case CharField::weekday_name: case CharField::julian: case CharField::quarter:
        read.dated = true;
        return;
    }
  }
  void skip(std::size_t bytes) {
    bytes = std::min(bytes, text_.size());
    if (bytes > 0) last_ = text_[bytes - 1];
    text_.remove_prefix(bytes);
  }
  void skip_blanks() { for (; !text_.empty() && is_blank(text_[0]); ++skipped_) skip(1); }

  static std::unexpected<model::Error> invalid(std::string_view value, const PatternNode& node, std::string detail, std::string hint = {}) {
    return model::fail("22007"_state, "invalid value \"" + std::string{value} + "\" for \"" + std::string{node.shown} + "\"", std::move(detail), std::move(hint));
  }

  /// Is what follows no digit for sure, so that the field has all digits that there are?
  bool ends_here(const PatternNode& node) const {
    if (node.ordinal || at_ + 1 == nodes_.size()) return true;
    const PatternNode& next = nodes_[at_ + 1];
    return next.word ? !next.word->number : !is_decimal(next.shown[0]);
  }

  /// An integer with its sign. `used`: characters that it took, blanks before it too.
  model::Result<int> number(const PatternNode& node, std::size_t width, std::size_t& used) {
    constexpr std::string_view kFixed = "If your source string is not fixed-width, try using the \"FM\" modifier.";
    const std::size_t before = text_.size();
    while (!text_.empty() && is_blank(text_[0])) skip(1);
    const bool all = node.fill || ends_here(node);
    if (!all && text_.size() < width) {
      return model::fail("22007"_state, "source string too short for \"" + std::string{node.shown} + "\" formatting field",
                         "Field requires " + std::to_string(width) + " characters, but only " + std::to_string(text_.size()) + " remain.", std::string{kFixed});
    }
    const std::string copy{text_.substr(0, all ? text_.size() : width)};
    char* end = nullptr;
    errno = 0;
    const long value = std::strtol(copy.c_str(), &end, 10);
    used = static_cast<std::size_t>(end - copy.c_str());
    if (!all && used > 0 && used < width) {
      return invalid(copy, node, "Field requires " + std::to_string(width) + " characters, but only " + std::to_string(used) + " could be parsed.", std::string{kFixed});
    }
    if (used == 0) return invalid(text_.substr(0, width), node, "Value must be an integer.");
    skip(used);
    used = before - text_.size();
    if (errno == ERANGE || value < INT_MIN || value > INT_MAX) {
      return model::fail("22008"_state, "value for \"" + std::string{node.shown} + "\" in source string is out of range", "Value must be in the range -2147483648 to 2147483647.");
    }
    return static_cast<int>(value);
  }

  /// Two words of a pattern may say one field; then they must say the same. 0 counts as not said.
  static model::Result<void> set(int& field, int value, const PatternNode& node) {
    if (field != 0 && field != value) {
      return model::fail("22007"_state, "conflicting values for \"" + std::string{node.shown} + "\" field in formatting string",
                         "This value contradicts a previous setting for the same field type.");
    }
    field = value;
    return {};
  }
  model::Result<void> set_number(int& field, const PatternNode& node) {
    std::size_t used = 0;
    const std::size_t width = node.word->field == CharField::day_second ? node.word->name.size() : node.word->width;
    CROSSFADE_TRY(const int value, number(node, width, used));
    CROSSFADE_CHECK(set(field, value, node));
    digits_ = used;
    const bool of_zone = node.word->field == CharField::zone_hour || node.word->field == CharField::zone_minute;
    for (int i = 0; i < 2 && node.ordinal && !of_zone && !text_.empty(); ++i) skip(width_of(text_[0]));
    return {};
  }

  /// The place of the name that the text begins with; `length`: only so many of its letters.
  model::Result<int> name(const PatternNode& node, std::span<const std::string_view> names, std::size_t length = std::string_view::npos) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view wanted = names[i].substr(0, length);
      const bool found = text_.size() >= wanted.size() && std::ranges::equal(text_.substr(0, wanted.size()), wanted, {}, small);
      if (!found) continue;
      skip(wanted.size());
      return static_cast<int>(i);
    }
    const auto end = std::ranges::find_if(text_, is_blank);
    return invalid({text_.begin(), end}, node, "The given value did not match any of the allowed values for this field.");
  }

  model::Result<void> field(const PatternNode& node) {
    const CharWord& word = *node.word;
    if (word.convention != Convention::none) {
      if (convention_ != Convention::none && convention_ != word.convention) {
        return model::fail("22007"_state, "invalid combination of date conventions", {}, "Do not mix Gregorian and ISO week date conventions in a formatting template.");
      }
      convention_ = word.convention;
    }
    switch (word.field) {
      case CharField::exact: exact_ = true; return {};
      case CharField::output_only: return model::fail("0A000"_state, "formatting field \"" + std::string{node.shown} + "\" is only supported in to_char");
      case CharField::era: {
        CROSSFADE_TRY(const int era, name(node, word.width == 4 ? kEraDots : kEra));
        return set(before_christ_, era, node);
      }
      case CharField::meridiem: {
        CROSSFADE_TRY(const int half, name(node, word.width == 4 ? kMeridiemDots : kMeridiem));
        twelve_ = true;
        return set(afternoon_, half, node);
      }
      case CharField::month_name: {
        CROSSFADE_TRY(const int month, name(node, kMonthNames, word.width == 3 ? 3 : std::string_view::npos));
        return set(month_, month + 1, node);
      }
      case CharField::roman: {
        CROSSFADE_TRY(const int month, name(node, kRomanMonths));
        return set(month_, 12 - month, node);
      }
      case CharField::weekday_name: {
        CROSSFADE_TRY(const int day, name(node, kDayNames, word.width == 3 ? 3 : std::string_view::npos));
        CROSSFADE_CHECK(set(weekday_, day, node));
        ++weekday_;
        return {};
      }
      case CharField::iso_weekday:
        CROSSFADE_CHECK(set_number(weekday_, node));
        if (++weekday_ > 7) weekday_ = 1;  // Sunday is the first day inside
        return {};
      case CharField::hour12: twelve_ = true; [[fallthrough]];
      case CharField::hour24: return set_number(hour_, node);
      case CharField::millis: return fraction(millis_, node, 3);
      case CharField::fraction: places_ = static_cast<int>(word.width); [[fallthrough]];
      case CharField::micros: return fraction(micros_, node, 6);
      case CharField::quarter: {
        int none = 0;  // PostgreSQL does not say which date of the quarter is meant
        return set_number(none, node);
      }
      case CharField::year_comma: return year_with_comma(node);
      case CharField::year:
      case CharField::year3:
      case CharField::year2:
      case CharField::year1:
        CROSSFADE_CHECK(set_number(year_, node));
        if (word.field != CharField::year && digits_ < 4) year_ = full_year(year_);
        year_width_ = word.field == CharField::year ? 4 : word.field == CharField::year3 ? 3 : 2;
        return {};
      case CharField::zone_hour: return zone_hour(node);
      case CharField::zone_minute:
        if (zone_sign_ == 0) zone_sign_ = 1;
        return set_number(zone_minute_, node);
      case CharField::century: return set_number(century_, node);
      case CharField::month: return set_number(month_, node);
      case CharField::day: return set_number(day_, node);
      case CharField::day_of_year: return set_number(day_of_year_, node);
      case CharField::week: return set_number(week_, node);
      case CharField::week_of_month: return set_number(week_of_month_, node);
      case CharField::weekday: return set_number(weekday_, node);
      case CharField::julian: return set_number(julian_, node);
      case CharField::minute: return set_number(minute_, node);
      case CharField::second: return set_number(second_, node);
      case CharField::day_second: return set_number(day_second_, node);
    }
    return {};
  }

  /// 25 of milliseconds is 0.25 s, 025 is 0.025.
  model::Result<void> fraction(int& field, const PatternNode& node, std::size_t places) {
    CROSSFADE_CHECK(set_number(field, node));
    for (std::size_t i = digits_; i < places; ++i) field *= 10;
    return {};
  }
  /// The year nearest to 2020 that ends with these digits.
  static int full_year(int year) {
    constexpr std::array kAdded{std::pair{70, 2000}, std::pair{100, 1900}, std::pair{520, 2000}, std::pair{1000, 1000}};
    const auto found = std::ranges::find_if(kAdded, [&](const auto& each) { return year < each.first; });
    return found == kAdded.end() ? year : year + found->second;
  }
  model::Result<void> year_with_comma(const PatternNode& node) {
    const std::string copy{text_.substr(0, 32)};
    char* end = nullptr;
    const long thousands = std::strtol(copy.c_str(), &end, 10);
    const bool comma = end != copy.c_str() && *end == ',';
    std::size_t blanks = 0;
    while (comma && is_blank(end[1 + blanks])) ++blanks;
    const std::string rest = comma ? std::string{end + 1 + blanks}.substr(0, 3) : std::string{};
    char* behind = nullptr;
    const long years = std::strtol(rest.c_str(), &behind, 10);
    if (!comma || behind == rest.c_str()) return model::fail("22007"_state, "invalid input string for \"Y,YYY\"");
    CROSSFADE_CHECK(set(year_, static_cast<int>(years + thousands * 1000), node));
    year_width_ = 4;
    skip(static_cast<std::size_t>(end + 1 - copy.c_str()) + blanks + static_cast<std::size_t>(behind - rest.c_str()));
    if (node.ordinal) skip(2);
    return {};
  }
  /// A minus sign may have been taken for one of the separators before it.
  model::Result<void> zone_hour(const PatternNode& node) {
    const char c = text_.empty() ? '\0' : text_[0];
    const bool sign = c == '+' || c == '-' || c == ' ';
    zone_sign_ = (sign ? c == '-' : skipped_ > 0 && last_ == '-') ? -1 : 1;
    if (sign) skip(1);
    return set_number(zone_hour_, node);
  }

  // ---- what the fields say

  std::unexpected<model::Error> out_of_range() const { return model::fail("22008"_state, "date/time field value out of range: \"" + std::string{whole_} + "\""); }

  /// `fits`: are all within their ranges? That is told only when the date is right.
  model::Result<void> clock(ReadMoment& out, bool& fits) const {
    int hour = day_second_ / 3600, minute = day_second_ / 60 % 60, second = day_second_ % 60;
    if (second_ != 0) second = second_;
    if (minute_ != 0) minute = minute_;
    if (hour_ != 0) hour = hour_;
    if (twelve_) {
      if (hour < 1 || hour > 12) {
        return model::fail("22007"_state, "hour \"" + std::to_string(hour) + "\" is invalid for the 12-hour clock", {}, "Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      if (afternoon_ != 0 && hour < 12) hour += 12;
      else if (afternoon_ == 0 && hour == 12) hour = 0;
    }
    const std::int64_t fraction = std::int64_t{millis_} * 1000 + micros_;
    const auto within = [](std::int64_t value, std::int64_t end) { return value >= 0 && value < end; };
    fits = within(hour, 24) && within(minute, 60) && within(second, 60) && within(fraction, model::kMicrosPerSecond);
    out.micros = (std::int64_t{hour} * 3600 + minute * 60 + second) * model::kMicrosPerSecond + fraction;
    return {};
  }

  void year(ReadMoment& out) const {
    const int century = before_christ_ != 0 ? -century_ : century_;
    if (year_ == 0) {
      if (century_ != 0) out.year = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
      return;
    }
    if (century_ == 0 || year_width_ > 2) {
      out.year = before_christ_ != 0 ? -year_ : year_;
      if (out.year < 0) ++out.year;
      return;
    }
    const int within = year_ % 100;  // the 21st century is 2001 to 2100, the 6th BC 600 to 501 BC
    if (within == 0) out.year = century * 100 + (century >= 0 ? 0 : 1);
    else out.year = century >= 0 ? within + (century - 1) * 100 : (century + 1) * 100 - within + 1;
  }

  static std::int64_t days_of(const ReadMoment& moment) { return std::int64_t{model::days_from_civil(moment.year, moment.month, 1)} + moment.day - 1; }
  static void set_days(ReadMoment& out, std::int64_t days) {
    const model::Civil civil = model::civil_from_days(days);
    out.year = civil.year, out.month = civil.month, out.day = civil.day;
  }
  /// The Monday of ISO's first week.
  static std::int64_t first_monday(int year) {
    const std::int64_t fourth = model::days_from_civil(year, 1, 4);
    return fourth - ((fourth + 5) % 7 + 7) % 7;  // 2000-01-01 was a Saturday
  }

  model::Result<ReadMoment> finish() const {
    constexpr int kMostYears = 5'874'897;
    constexpr std::int64_t kJulianOf2000 = 2'451'545;
    ReadMoment out;
    out.fraction_digits = places_;
    bool fits = true;
    CROSSFADE_CHECK(clock(out, fits));
    year(out);
    bool years = year_ != 0 || century_ != 0, months = false, days = false;
    if (julian_ != 0) set_days(out, julian_ - kJulianOf2000), years = months = days = true;
    if (std::abs(out.year) > kMostYears) return out_of_range();
    int day_of_year = day_of_year_, day = day_;
    if (week_ != 0 && convention_ == Convention::iso_week) {
      const int weekday = weekday_ == 0 ? 0 : weekday_ > 1 ? weekday_ - 2 : 6;
      set_days(out, first_monday(out.year) + (std::int64_t{week_} - 1) * 7 + weekday);
      years = months = days = true;
    } else if (week_ != 0) {
      day_of_year = (week_ - 1) * 7 + 1;
    }
    if (week_of_month_ != 0) day = (week_of_month_ - 1) * 7 + 1;
    if (day != 0) out.day = day, days = true;
    if (month_ != 0) out.month = month_, months = true;
    if (day_of_year != 0 && (out.month <= 1 || out.day <= 1)) {
      if (out.year == 0 && before_christ_ == 0) return model::fail("22007"_state, "cannot calculate day of year without year information");
      if (convention_ == Convention::iso_week) {
        set_days(out, first_monday(out.year) + day_of_year - 1);
        years = true;
      } else {
        const std::int32_t first = model::days_from_civil(out.year, 1, 1);
        const auto before = [&](int month) { return month > 12 ? model::days_from_civil(out.year + 1, 1, 1) - first : model::days_from_civil(out.year, month, 1) - first; };
        int month = 1;
        while (month <= 12 && day_of_year > before(month + 1)) ++month;
        if (out.month <= 1) out.month = month;
        if (out.day <= 1) out.day = day_of_year - before(month);
      }
      months = days = true;
    }
    if ((months && (out.month < 1 || out.month > 12)) || (days && (out.day < 1 || out.day > 31))) return out_of_range();
    if (years && months && days) {
      const ReadMoment written = out;
      set_days(out, days_of(written));
      if (out.month != written.month) return out_of_range();
    }
    if (!fits) return out_of_range();
    if (zone_sign_ != 0) {
      if (zone_hour_ < 0 || zone_hour_ > 15 || zone_minute_ < 0 || zone_minute_ > 59) {
        return model::fail("22009"_state, "time zone displacement out of range: \"" + std::string{whole_} + "\"");
      }
      out.offset_seconds = zone_sign_ * (zone_hour_ * 3600 + zone_minute_ * 60);
    }
    return out;
  }

  std::string_view whole_, text_;  // text_: what is left
  std::vector<PatternNode> nodes_;
  std::size_t at_ = 0, digits_ = 0;
  char last_ = '\0';               // of the characters that are behind
  int skipped_ = 0;                // blanks and separators that no separator of the pattern has answered for
  int places_ = 6;
  bool standard_, exact_, twelve_ = false;
  Convention convention_ = Convention::none;
  int year_ = 0, year_width_ = 0, century_ = 0, before_christ_ = 0, month_ = 0, day_ = 0, day_of_year_ = 0, week_ = 0, week_of_month_ = 0, weekday_ = 0, julian_ = 0;
  int hour_ = 0, minute_ = 0, second_ = 0, day_second_ = 0, millis_ = 0, micros_ = 0, afternoon_ = 0, zone_sign_ = 0, zone_hour_ = 0, zone_minute_ = 0;
};

}  // namespace

model::Result<ReadMoment> from_char(std::string_view text, std::string_view pattern, CharMode mode) { return CharReader{text, pattern, mode}.run(); }

model::Result<void> check_standard_pattern(std::string_view pattern) {
  constexpr std::string_view kSeparators = "-./,':; ";
  for (const PatternNode& node : read_pattern(pattern)) {
    if (node.word || node.quoted || kSeparators.find(node.shown) != kSeparators.npos) continue;
    return model::fail("22007"_state, "invalid datetime format separator: \"" + std::string{node.shown} + "\"");
  }
  return {};
}

}  // namespace crossfade::sqlite::functions
