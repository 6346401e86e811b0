#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <optional>
#include <vector>

#include "crossfade/model/datetime.hpp"
#include "to_char.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace from_text {

enum class Key : std::uint8_t { era, era_dotted, half, half_dotted, century, day_name, day_short, day_of_year, day, weekday, fraction, fixed, hour24, hour12, iso_day_of_year, iso_weekday,
                                week, year4, year3, year2, year1, year_comma, julian, minute, month, month_name, month_short, millis, micros, quarter, roman, day_second, second,
                                zone_hour, zone_minute, only_out, week_of_month };
/// Which calendar a field is of: the two do not mix in one pattern.
enum class Calendar : std::uint8_t { none, gregorian, iso };
/// `digits`: a field before it takes only as many digits as it has places.
struct Word { std::string_view text; Key key; bool digits; Calendar calendar; };

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

constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kRoman{"xii", "xi", "x", "ix", "viii", "vii", "vi", "v", "iv", "iii", "ii", "i"};
constexpr std::array<std::string_view, 2> kHalves{"am", "pm"}, kHalvesDotted{"a.m.", "p.m."}, kEras{"ad", "bc"}, kErasDotted{"a.d.", "b.c."};

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
char upper_letter(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool separates(char c) { return c > ' ' && c < 0x7f && !is_letter(c) && !is_digit(c); }

struct Node {
  enum class Kind : std::uint8_t { word, character, separator, blank } kind;
  const Word* word = nullptr;
  std::string_view written;  // as the pattern has it
  bool fills = false, ordinal = false;  // FM before it, TH behind it
};

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

std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (text[size] & 0xC0) == 0x80) ++size;
  return size;
}

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
    std::size_t end = thousands + 1;
    const auto bad = [] { return model::fail("22007"_state, "invalid input string for \"Y,YYY\""); };
    if (thousands == 0 || thousands > 7 || thousands >= rest.size() || rest[thousands] != ',') return bad();
    while (end < rest.size() && end < thousands + 4 && is_digit(rest[end])) ++end;
    if (end == thousands + 1) return bad();
    const int value = std::atoi(std::string{rest.substr(0, thousands)}.c_str()) * 1000 + std::atoi(std::string{rest.substr(thousands + 1, end - thousands - 1)}.c_str());
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
        if (++weekday_ > 7) weekday_ = 1;
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
    const int century = before_christ_ ? -century_ : century_;
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
    const auto year = said_year();
    bool has_year = year.has_value(), has_month = false, has_day = false;
    out.year = year.value_or(0);
    const auto take = [&](int day_number) {
      const model::Civil found = model::civil_from_days(day_number - kJulian2000);
      out.year = found.year, out.month = found.month, out.day = found.day;
      has_year = has_month = has_day = true;
    };
    constexpr int kMostJulian = 110'000'000;
    const auto too_far = [&](long long value) { return value > kMostJulian || value < -kMostJulian; };
    if (too_far(julian_) || too_far(week_) || too_far(week_of_month_) || too_far(day_of_year_) || too_far(out.year)) return out_of_range();
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
