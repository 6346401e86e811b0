#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <optional>
#include <vector>

#include "crossfade/model/datetime.hpp"
#include "from_char_pattern.hpp"
#include "to_char.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace from_text {

constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kRoman{"xii", "xi", "x", "ix", "viii", "vii", "vi", "v", "iv", "iii", "ii", "i"};
constexpr std::array<std::string_view, 2> kHalves{"am", "pm"}, kHalvesDotted{"a.m.", "p.m."}, kEras{"ad", "bc"}, kErasDotted{"a.d.", "b.c."};

/// The day 0 of days_from_civil as PostgreSQL counts Julian days.
constexpr int kJulian2000 = 2'451'545;
int julian(int year, int month, int day) { return model::days_from_civil(year, month, day) + kJulian2000; }
bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
/// The Monday of an ISO week.
int monday_of(int year, int week) {
  const int fourth = julian(year, 1, 4);
  return (week - 1) * 7 + fourth - (((fourth - 1 + 1) % 7) + 7) % 7;
}

using Made = model::Result<void>;

/// Reads a text by a pattern. Source: PostgreSQL 15, DCH_from_char and do_to_timestamp.
class CharReader {
 public:
  CharReader(std::string_view text, std::string_view pattern) : text_(text), nodes_(read_pattern(pattern)) {}

  model::Result<FromChar> run() {
    for (at_ = 0; at_ < nodes_.size() && in_ < text_.size(); ++at_) {
      const Node& node = nodes_[at_];
      const bool word = node.kind == Node::Kind::word;
      if (!fixed_ && !(word && node.word->key == Key::fixed) && (word || at_ == 0)) skip_blanks();
      if (word) {
        CROSSFADE_CHECK(set_calendar(node.word->calendar));
        CROSSFADE_CHECK(read(node));
        if (fixed_) continue;
        skipped_ = 0;
        skip_blanks();
      } else if (in_ >= text_.size()) {
        break;
      } else if (fixed_) {
        pass();
      } else if (node.kind == Node::Kind::character) {
        skipped_ > 0 ? void(--skipped_) : pass();
      } else {
        --skipped_;
        if (is_blank(text_[in_]) || separates(text_[in_])) ++in_, ++skipped_;
      }
    }
    return finish();
  }

 private:
  char here() const { return in_ < text_.size() ? text_[in_] : '\0'; }
  void pass() { in_ += in_ < text_.size() ? character_size(text_.substr(in_)) : 0; }
  void skip_blanks() { while (in_ < text_.size() && is_blank(text_[in_])) ++in_, ++skipped_; }

  Made set_calendar(Calendar calendar) {
    if (calendar == Calendar::none || calendar_ == calendar) return {};
    if (calendar_ != Calendar::none) {
      return model::fail("22007"_state, "invalid combination of date conventions", {}, "Do not mix Gregorian and ISO week date conventions in a formatting template.");
    }
    calendar_ = calendar;
    return {};
  }

  std::unexpected<model::Error> invalid(std::string_view shown, const Node& node, std::string detail) const {
    return model::fail("22007"_state, "invalid value \"" + std::string{shown} + "\" for \"" + std::string{node.written} + "\"", std::move(detail));
  }

  /// Two words of a pattern may say one field; then they must say the same. A field of 0 counts as not said.
  static Made set(int& field, int value, const Node& node) {
    if (field != 0 && field != value) {
      return model::fail("22007"_state, "conflicting values for \"" + std::string{node.written} + "\" field in formatting string",
                         "This value contradicts a previous setting for the same field type.");
    }
    field = value;
    return {};
  }

  /// Whether what follows in the pattern is no digit, so that a number may be as long as it is.
  bool is_last_digit(const Node& node) const {
    if (node.fills || node.ordinal || at_ + 1 >= nodes_.size()) return true;
    const Node& next = nodes_[at_ + 1];
    if (next.kind == Node::Kind::word) return !next.word->digits;
    return !(next.written.size() == 1 && is_digit(next.written.front()));
  }

  /// What strtol reads of `part`: its end, 0 where there is no number.
  static std::size_t number_end(std::string_view part) {
    std::size_t at = 0;
    while (at < part.size() && is_blank(part[at])) ++at;
    if (at < part.size() && (part[at] == '-' || part[at] == '+')) ++at;
    const std::size_t first = at;
    while (at < part.size() && is_digit(part[at])) ++at;
    return at > first ? at : 0;
  }

  /// `field` null: read and left. Gives how many places were read, blanks before it counted.
  model::Result<int> number(int* field, std::size_t width, const Node& node) {
    const std::size_t begin = in_;
    while (in_ < text_.size() && is_blank(text_[in_])) ++in_;
    std::string_view part = text_.substr(in_);
    std::size_t end = 0;
    if (is_last_digit(node)) {
      in_ = begin;
      part = text_.substr(begin);
      end = number_end(part);
    } else {
      if (part.size() < width) {
        return model::fail("22007"_state, "source string too short for \"" + std::string{node.written} + "\" formatting field",
                           "Field requires " + std::to_string(width) + " characters, but only " + std::to_string(part.size()) + " remain.",
                           "If your source string is not fixed-width, try using the \"FM\" modifier.");
      }
      part = part.substr(0, width);
      end = number_end(part);
      if (end > 0 && end < width) {
        return invalid(part, node, "Field requires " + std::to_string(width) + " characters, but only " + std::to_string(end) + " could be parsed.");
      }
    }
    in_ += end;
    if (in_ == begin) return invalid(part.substr(0, width), node, "Value must be an integer.");
    errno = 0;
    const long long value = std::strtoll(std::string{part.substr(0, end)}.c_str(), nullptr, 10);
    if (errno == ERANGE || value > INT_MAX || value < INT_MIN) {
      return model::fail("22008"_state, "value for \"" + std::string{node.written} + "\" in source string is out of range", "Value must be in the range -2147483648 to 2147483647.");
    }
    if (field != nullptr) CROSSFADE_CHECK(set(*field, static_cast<int>(value), node));
    return static_cast<int>(in_ - begin);
  }
  /// As many places as the word is long, and what TH says behind it.
  Made counted(int* field, const Node& node) {
    CROSSFADE_TRY([[maybe_unused]] const int places, number(field, node.word->text.size(), node));
    skip_ordinal(node);
    return {};
  }
  void skip_ordinal(const Node& node) {
    if (node.ordinal) pass(), pass();
  }

  model::Result<int> name(const Node& node, std::span<const std::string_view> names, std::size_t letters = std::string_view::npos) {
    const std::string_view rest = text_.substr(in_);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view wanted = names[i].substr(0, letters);
      if (rest.size() < wanted.size() || !std::ranges::equal(rest.substr(0, wanted.size()), wanted, {}, lower_letter, lower_letter)) continue;
      in_ += wanted.size();
      return static_cast<int>(i);
    }
    return invalid(rest.substr(0, std::min(rest.find_first_of(" \t\n\v\f\r"), rest.size())), node, "The given value did not match any of the allowed values for this field.");
  }

  Made named(int& field, const Node& node, std::span<const std::string_view> names) {
    CROSSFADE_TRY(const int found, name(node, names));
    return set(field, found, node);
  }

  Made read_year(const Node& node) {
    CROSSFADE_TRY(const int places, number(&year_, node.word->text.size(), node));
    const Key key = node.word->key;
    if (key != Key::year4 && places < 4) {  // what is nearest to 2020
      year_ += year_ < 70 ? 2000 : year_ < 100 ? 1900 : year_ < 520 ? 2000 : year_ < 1000 ? 1000 : 0;
    }
    year_places_ = key == Key::year4 ? 4 : key == Key::year3 ? 3 : key == Key::year2 ? 2 : 1;
    skip_ordinal(node);
    return {};
  }

  Made read_fraction(const Node& node, std::size_t width) {
    const bool thousandths = node.word->key == Key::millis;
    int& field = thousandths ? millis_ : micros_;
    CROSSFADE_TRY(const int places, number(&field, width, node));
    for (int i = places; i < (thousandths ? 3 : 6); ++i) field *= 10;
    skip_ordinal(node);
    return {};
  }

  /// "2,024"
  Made read_comma_year(const Node& node) {
    const std::string_view rest = text_.substr(in_);
    const std::size_t thousands = number_end(rest);
    std::size_t end = thousands + 1;  // behind the comma: at most three places, of which one may be a sign
    const auto bad = [] { return model::fail("22007"_state, "invalid input string for \"Y,YYY\""); };
    if (thousands == 0 || thousands > 7 || thousands >= rest.size() || rest[thousands] != ',') return bad();
    while (end < rest.size() && is_blank(rest[end])) ++end;
    const std::size_t most = end + 3;
    const std::size_t begin = end;
    if (end < rest.size() && (rest[end] == '-' || rest[end] == '+')) ++end;
    const std::size_t first = end;
    while (end < rest.size() && end < most && is_digit(rest[end])) ++end;
    if (end == first) return bad();
    const int value = std::atoi(std::string{rest.substr(0, thousands)}.c_str()) * 1000 + std::atoi(std::string{rest.substr(begin, end - begin)}.c_str());
    CROSSFADE_CHECK(set(year_, value, node));
    year_places_ = 4;
    in_ += end;
    skip_ordinal(node);
    return {};
  }

  Made read(const Node& node) {
    switch (node.word->key) {
      case Key::fixed: fixed_ = true; return {};
      case Key::half:
      case Key::half_dotted:
        CROSSFADE_CHECK(named(afternoon_, node, node.word->key == Key::half ? kHalves : kHalvesDotted));
        twelve_ = true;
        return {};
      case Key::era: return named(before_christ_, node, kEras);
      case Key::era_dotted: return named(before_christ_, node, kErasDotted);
      case Key::hour12: twelve_ = true; [[fallthrough]];
      case Key::hour24: {
        CROSSFADE_TRY([[maybe_unused]] const int places, number(&hour_, 2, node));
        skip_ordinal(node);
        return {};
      }
      case Key::minute: return counted(&minute_, node);
      case Key::second: return counted(&second_, node);
      case Key::day_second: return counted(&day_second_, node);
      case Key::millis: return read_fraction(node, 3);
      case Key::micros: return read_fraction(node, 6);
      case Key::fraction: precision_ = node.word->text.back() - '0'; return read_fraction(node, static_cast<std::size_t>(precision_));
      case Key::only_out: return model::fail("0A000"_state, "formatting field \"" + std::string{node.written} + "\" is only supported in to_char");
      case Key::zone_hour: {
        const bool sign = here() == '+' || here() == '-' || here() == ' ';
        zone_sign_ = (sign ? here() == '-' : skipped_ > 0 && in_ > 0 && text_[in_ - 1] == '-') ? -1 : 1;
        in_ += sign ? 1 : 0;
        CROSSFADE_TRY([[maybe_unused]] const int places, number(&zone_hour_, 2, node));
        return {};
      }
      case Key::zone_minute: {
        if (zone_sign_ == 0) zone_sign_ = 1;
        CROSSFADE_TRY([[maybe_unused]] const int places, number(&zone_minute_, 2, node));
        return {};
      }
      case Key::month_name:
      case Key::month_short: {
        CROSSFADE_TRY(const int month, name(node, kMonths, node.word->key == Key::month_short ? 3 : std::string_view::npos));
        return set(month_, month + 1, node);
      }
      case Key::roman: {
        CROSSFADE_TRY(const int place, name(node, kRoman));
        return set(month_, 12 - place, node);
      }
      case Key::day_name:
      case Key::day_short: {
        CROSSFADE_TRY(const int day, name(node, kDays, node.word->key == Key::day_short ? 3 : std::string_view::npos));
        CROSSFADE_CHECK(set(weekday_, day, node));
        ++weekday_;
        return {};
      }
      case Key::iso_day_of_year: {
        CROSSFADE_TRY([[maybe_unused]] const int places, number(&day_of_year_, 3, node));
        skip_ordinal(node);
        return {};
      }
      case Key::iso_weekday: {
        CROSSFADE_TRY([[maybe_unused]] const int places, number(&weekday_, 1, node));
        weekday_ = weekday_ >= 7 ? 1 : weekday_ + 1;
        skip_ordinal(node);
        return {};
      }
      case Key::month: return counted(&month_, node);
      case Key::day_of_year: return counted(&day_of_year_, node);
      case Key::day: return counted(&day_, node);
      case Key::weekday: return counted(&weekday_, node);
      case Key::week: return counted(&week_, node);
      case Key::week_of_month: return counted(&week_of_month_, node);
      case Key::quarter: return counted(nullptr, node);
      case Key::century: return counted(&century_, node);
      case Key::julian: return counted(&julian_, node);
      case Key::year_comma: return read_comma_year(node);
      case Key::year4:
      case Key::year3:
      case Key::year2:
      case Key::year1: return read_year(node);
    }
    return {};
  }

  std::unexpected<model::Error> out_of_range() const { return model::fail("22008"_state, "date/time field value out of range: \"" + std::string{text_} + "\""); }

  /// The year that the fields say, 0 being 1 BC; nothing where they say none.
  std::optional<int> said_year() const {
    const int century = year_ != 0 && year_places_ > 2 ? 0 : before_christ_ ? -century_ : century_;
    if (year_ != 0 && century_ != 0 && year_places_ <= 2) {
      const int of_century = year_ % 100;
      if (of_century == 0) return century * 100 + (century >= 0 ? 0 : 1);
      return century >= 0 ? of_century + (century - 1) * 100 : (century + 1) * 100 - of_century + 1;
    }
    if (year_ != 0) {
      const int year = before_christ_ ? -year_ : year_;
      return year < 0 ? year + 1 : year;
    }
    if (century_ != 0) return century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    return std::nullopt;
  }

  model::Result<FromChar> finish() {
    model::Civil out{0, 1, 1, 0, 0, 0, 0};
    out.hour = day_second_ / 3600, out.minute = day_second_ % 3600 / 60, out.second = day_second_ % 60;
    if (second_ != 0) out.second = second_;
    if (minute_ != 0) out.minute = minute_;
    if (hour_ != 0) out.hour = hour_;
    if (twelve_) {
      if (out.hour < 1 || out.hour > 12) {
        return model::fail("22007"_state, "hour \"" + std::to_string(out.hour) + "\" is invalid for the 12-hour clock", {}, "Use the 24-hour clock, or give an hour between 1 and 12.");
      }
      if (afternoon_ != 0 && out.hour < 12) out.hour += 12;
      else if (afternoon_ == 0 && out.hour == 12) out.hour = 0;
    }
    CROSSFADE_CHECK(find_date(out));
    const std::int64_t micros = std::int64_t{millis_} * 1000 + micros_;
    const bool clock = out.hour >= 0 && out.hour < 24 && out.minute >= 0 && out.minute < 60 && out.second >= 0 && out.second < 60 && micros >= 0 && micros < 1'000'000;
    if (!clock) return out_of_range();
    out.micros = static_cast<decltype(out.micros)>(micros);
    FromChar made{out, std::nullopt, precision_};
    if (zone_sign_ != 0) {
      if (zone_hour_ < 0 || zone_hour_ > 15 || zone_minute_ < 0 || zone_minute_ >= 60) {
        return model::fail("22009"_state, "time zone displacement out of range: \"" + std::string{text_} + "\"");
      }
      made.offset_seconds = zone_sign_ * (zone_hour_ * 3600 + zone_minute_ * 60);
    }
    return made;
  }

  Made find_date(model::Civil& out) {
    constexpr int kMostJulian = 110'000'000, kMostYear = 6'000'000, kMostCentury = 60'000;
    const auto too_far = [](int value, int most) { return value > most || value < -most; };
    const bool by_century = year_ == 0 || year_places_ <= 2;  // else what it says does not count
    if (too_far(year_, kMostYear) || (by_century && too_far(century_, kMostCentury)) || too_far(julian_, kMostJulian) || too_far(week_, kMostJulian) ||
        too_far(week_of_month_, kMostJulian) || too_far(day_of_year_, kMostJulian)) {
      return out_of_range();
    }
    const auto year = said_year();
    bool has_year = year.has_value(), has_month = false, has_day = false;
    out.year = year.value_or(0);
    const auto take = [&](int day_number) {
      const model::Civil found = model::civil_from_days(day_number - kJulian2000);
      out.year = found.year, out.month = found.month, out.day = found.day;
      has_year = has_month = has_day = true;
    };
    if (julian_ != 0) take(julian_);
    if (week_ != 0 && calendar_ == Calendar::iso) take(monday_of(out.year, week_) + (weekday_ == 0 ? 0 : weekday_ > 1 ? weekday_ - 2 : 6));
    else if (week_ != 0) day_of_year_ = (week_ - 1) * 7 + 1;
    if (week_of_month_ != 0) day_ = (week_of_month_ - 1) * 7 + 1;
    if (day_ != 0) out.day = day_, has_day = true;
    if (month_ != 0) out.month = month_, has_month = true;
    if (day_of_year_ != 0 && (out.month <= 1 || out.day <= 1)) {
      if (out.year == 0 && before_christ_ == 0) return model::fail("22007"_state, "cannot calculate day of year without year information");
      if (calendar_ == Calendar::iso) {
        take(monday_of(out.year, 1) - 1 + day_of_year_);
      } else {
        const auto before = [&](int month) { return model::days_from_civil(out.year + (month > 12 ? 1 : 0), month > 12 ? 1 : month, 1) - model::days_from_civil(out.year, 1, 1); };
        int month = 1;
        while (month <= 12 && day_of_year_ > before(month + 1)) ++month;
        if (out.month <= 1) out.month = month;
        if (out.day <= 1) out.day = day_of_year_ - before(month);
        has_month = has_day = true;
      }
    }
    constexpr std::array kLengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (has_month && (out.month < 1 || out.month > 12)) return out_of_range();
    if (has_day && (out.day < 1 || out.day > 31)) return out_of_range();
    if (has_year && has_month && has_day && out.day > kLengths[static_cast<std::size_t>(out.month - 1)] + (out.month == 2 && is_leap(out.year) ? 1 : 0)) return out_of_range();
    return {};
  }

  std::string_view text_;
  std::vector<Node> nodes_;
  std::size_t at_ = 0, in_ = 0;
  int skipped_ = 0;  // blanks and separators of the text that no separator of the pattern has answered for
  bool fixed_ = false, twelve_ = false;
  Calendar calendar_ = Calendar::none;
  int hour_ = 0, minute_ = 0, second_ = 0, day_second_ = 0, millis_ = 0, micros_ = 0, precision_ = 0, afternoon_ = 0, before_christ_ = 0;
  int year_ = 0, year_places_ = 0, century_ = 0, month_ = 0, day_ = 0, day_of_year_ = 0, weekday_ = 0, week_ = 0, week_of_month_ = 0, julian_ = 0;
  int zone_sign_ = 0, zone_hour_ = 0, zone_minute_ = 0;
};

}  // namespace from_text

model::Result<FromChar> from_char(std::string_view text, std::string_view pattern) { return from_text::CharReader{text, pattern}.run(); }

}  // namespace crossfade::sqlite::functions
