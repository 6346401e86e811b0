#include "datetime_fields.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "datetime_tokens.hpp"

namespace crossfade::model {
namespace {

enum class Fault : char { none, format, field, month_day, displacement, zone };

struct SpecialWord { std::string_view name; DateSpecial special; };
constexpr std::array kSpecialWords{
    SpecialWord{"epoch", DateSpecial::epoch},       SpecialWord{"infinity", DateSpecial::infinity},
    SpecialWord{"-infinity", DateSpecial::minus_infinity}, SpecialWord{"now", DateSpecial::now},
    SpecialWord{"today", DateSpecial::today},
    SpecialWord{"tomorrow", DateSpecial::tomorrow}, SpecialWord{"yesterday", DateSpecial::yesterday},
};

bool all_digits(std::string_view text) {
  for (char c : text) {
    if (!is_digit(c)) return false;
  }
  return !text.empty();
}

// More digits than any field has are out of its range.
int to_int(std::string_view digits) {
  std::int64_t value = 0;
  for (char c : digits) value = std::min<std::int64_t>(value * 10 + (c - '0'), 999'999'999);
  return static_cast<int>(value);
}

/// Collects the fields of one text. The guesses about which number is the day are PostgreSQL's.
class Decoder {
 public:
  Decoder(DateOrder order, DateWanted wanted) : order_(order), wanted_(wanted) {}

  Fault token(const DateToken& token) {
    // PostgreSQL does not take "Thu 2024-02-29" and "10:00 2024-02-29", but does take "Thu 29 Feb 2024".
    if (token.kind == DateToken::Kind::date && std::exchange(begun_, true)) return Fault::format;
    begun_ = true;
    switch (token.kind) {
      case DateToken::Kind::number: return number(token.text);
      case DateToken::Kind::date: return date(token.text);
      case DateToken::Kind::time: return clock(token.text);
      case DateToken::Kind::word:
      case DateToken::Kind::special: return word(token.text);
      case DateToken::Kind::offset: return offset(token.text);
    }
    return Fault::format;
  }

  Fault finish(DateFields& out) {
    if (special_ != DateSpecial::none) {
      const bool day_word = special_ == DateSpecial::today || special_ == DateSpecial::tomorrow || special_ == DateSpecial::yesterday;
      if (year_ || month_ || day_ || after_t_ || julian_) return Fault::format;
      if (!day_word && special_ != DateSpecial::epoch && hour_) return Fault::format;  // PostgreSQL too takes "epoch 10:00"
      out.special = special_;
    }
    if (after_t_ && wanted_ == DateWanted::time) return Fault::format;
    if (Fault fault = finish_clock(out); fault != Fault::none) return fault;
    out.zone = zone_;
    out.named_zone = named_zone_;
    return finish_date(out);
  }

  const std::string& bad_zone() const { return bad_zone_; }

 private:
  Fault finish_clock(DateFields& out) {
    if (!hour_) return meridiem_ == 0 ? Fault::none : Fault::format;
    int hour = *hour_;
    if (meridiem_ != 0) {
      if (hour > 12) return Fault::field;
      hour = hour % 12 + (meridiem_ == 'p' ? 12 : 0);
    }
    if (minute_ > 59 || second_ > 60 || hour > 24) return Fault::field;
    const std::int64_t micros = ((hour * 60 + minute_) * 60 + second_) * kMicrosPerSecond + fraction_;
    if (micros > kMicrosPerDay) return Fault::field;
    out.micros = micros;
    return Fault::none;
  }

  Fault finish_date(DateFields& out) {
    if (julian_) {
      if (year_ || month_ || day_) return Fault::format;
      out.days = *julian_ - 2'451'545;
      return Fault::none;
    }
    if (!year_ && !month_ && !day_) return before_christ_ ? Fault::format : Fault::none;
    const bool beyond = (month_ && (*month_ < 1 || *month_ > 12)) || (day_ && (*day_ < 1 || *day_ > 31));  // which comes before what is missing
    if (!year_ || ((!month_ || !day_) && !day_of_year_)) return beyond ? Fault::month_day : Fault::format;
    int year = *year_;
    if (before_christ_) {
      if (year <= 0) return Fault::field;
      year = 1 - year;
    } else if (two_digits_) {
      year += year < 70 ? 2'000 : 1'900;
    } else if (year <= 0) {
      return Fault::field;
    }
    if (day_of_year_) {
      constexpr int kLongestYear = 366;  // in every year to PostgreSQL: 2023.366 is 2024-01-01
      if (*day_of_year_ < 1 || *day_of_year_ > kLongestYear) return Fault::field;
      out.days = days_from_civil(year, 1, 1) + *day_of_year_ - 1;
      return Fault::none;
    }
    if (*month_ < 1 || *month_ > 12 || *day_ < 1 || *day_ > 31) return Fault::month_day;
    constexpr int kLastYear = 5'874'898;
    if (year > kLastYear) {
      out.days = kEndDate;  // out of every type's range; the caller says of which
      return Fault::none;
    }
    const std::int32_t first = days_from_civil(year, *month_, 1);
    const std::int32_t next = *month_ == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, *month_ + 1, 1);
    if (*day_ > next - first) return Fault::field;
    out.days = first + *day_ - 1;
    return Fault::none;
  }

  static Fault set(std::optional<int>& field, int value) {
    if (field) return Fault::format;
    field = value;
    return Fault::none;
  }
  Fault set_year(std::string_view digits) {
    two_digits_ = digits.size() <= 2;
    return set(year_, to_int(digits));
  }

  // One number of a date, by what is known so far.
  Fault date_number(std::string_view digits) {
    const bool long_number = digits.size() >= 3;
    if (year_ && !month_ && !day_ && digits.size() == 3) return set(day_of_year_, to_int(digits));
    if (text_month_) {
      if (!year_ && !day_) return long_number || order_ == DateOrder::ymd ? set_year(digits) : set(day_, to_int(digits));
      if (year_ && !day_) {
        if (!long_number || !two_digits_) return set(day_, to_int(digits));
        day_ = std::exchange(year_, std::nullopt);  // the first number was the day after all: 08-jan-1999 under YMD
        return set_year(digits);
      }
      return year_ ? Fault::format : set_year(digits);
    }
    if (!year_ && !month_ && !day_) {
      if (long_number || order_ == DateOrder::ymd) return set_year(digits);
      return order_ == DateOrder::dmy ? set(day_, to_int(digits)) : set(month_, to_int(digits));
    }
    if (year_ && !month_) return set(month_, to_int(digits));
    if (month_ && !day_) return set(day_, to_int(digits));
    if (day_ && !month_) return set(month_, to_int(digits));
    return year_ ? Fault::format : set_year(digits);
  }

  Fault date(std::string_view text) {
    std::array<std::string_view, 3> parts;
    std::size_t count = 0;
    while (!text.empty()) {
      std::size_t length = 0;
      while (length < text.size() && (is_digit(text[length]) || is_alpha(text[length]))) ++length;
      if (length == 0 || count == 3) return Fault::format;
      parts[count++] = text.substr(0, length);
      text.remove_prefix(std::min(length + 1, text.size()));
    }
    for (std::size_t i = 0; i < count; ++i) {  // a month's name first: it decides what the numbers are
      if (all_digits(parts[i])) continue;
      const int month = month_of(parts[i]);
      if (month == 0 || month_) return Fault::format;
      month_ = month;
      text_month_ = true;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!all_digits(parts[i])) continue;
      if (Fault fault = date_number(parts[i]); fault != Fault::none) return fault;
    }
    const bool whole = year_ && ((month_ && day_) || day_of_year_);  // "99-08-Jan" is 99-08- and then a word
    return whole ? Fault::none : Fault::format;
  }

  Fault number(std::string_view text) {
    const bool whole = all_digits(text);
    if (std::exchange(after_j_, false)) {
      if (!whole || julian_) return Fault::format;
      julian_ = to_int(text);
      return Fault::none;
    }
    const bool has_date = (year_ && month_ && day_) || julian_ || day_of_year_ || special_ != DateSpecial::none;
    if (std::exchange(after_t_, false) || ((has_date || wanted_ == DateWanted::time) && !hour_)) return compact_clock(text);
    if (!whole) return year_ || month_ || day_ ? Fault::format : date(text);
    if (text.size() >= 6 && !year_ && !month_ && !day_) return compact_date(text);
    return date_number(text);
  }

  // 19990108, 990108
  Fault compact_date(std::string_view text) {
    const std::size_t year = text.size() - 4;
    if (Fault fault = set_year(text.substr(0, year)); fault != Fault::none) return fault;
    month_ = to_int(text.substr(year, 2));
    day_ = to_int(text.substr(year + 2));
    return Fault::none;
  }

  // 040506, 040506.789, 0405
  Fault compact_clock(std::string_view text) {
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view digits = text.substr(0, point);
    if (hour_ || (digits.size() != 6 && digits.size() != 4) || !all_digits(digits)) return Fault::format;
    hour_ = to_int(digits.substr(0, 2));
    minute_ = to_int(digits.substr(2, 2));
    if (digits.size() == 6) second_ = to_int(digits.substr(4));
    return fraction(text.substr(point));
  }

  // 04:05, 04:05:06.789, and 04:05.6, which is minutes and seconds.
  Fault clock(std::string_view text) {
    after_t_ = false;
    if (hour_) return Fault::format;
    std::array<int, 3> parts{};
    std::size_t count = 0;
    while (true) {
      std::size_t length = 0;
      while (length < text.size() && is_digit(text[length])) ++length;
      if (length == 0 || count == 3) return Fault::format;
      parts[count++] = to_int(text.substr(0, length));
      text.remove_prefix(length);
      if (!text.starts_with(':')) break;
      text.remove_prefix(1);
    }
    if (count == 2 && !text.empty()) parts = {0, parts[0], parts[1]};
    hour_ = parts[0];
    minute_ = parts[1];
    second_ = parts[2];
    return fraction(text);
  }

  Fault fraction(std::string_view text) {
    if (text.empty()) return Fault::none;
    if (text[0] != '.' || (text.size() > 1 && !all_digits(text.substr(1)))) return Fault::format;
    fraction_ = static_cast<int>(std::rint(std::strtod(("0" + std::string(text)).c_str(), nullptr) * 1e6));
    return Fault::none;
  }

  Fault offset(std::string_view text) {
    if (zone_) return Fault::format;
    std::string canonical(text);
    if (canonical.find(':') == canonical.npos && canonical.size() > 3) canonical.insert(canonical.size() - 2, ":");
    std::size_t digits = 0;  // of a part; hours may have one
    for (char c : canonical.substr(1)) {
      digits = is_digit(c) ? digits + 1 : 0;
      if (c == '.') return Fault::format;
      if (digits > 2) return Fault::displacement;
    }
    const std::size_t hours = std::min(canonical.find(':'), canonical.size()) - 1;
    if (to_int(std::string_view(canonical).substr(1, hours)) <= 15) zone_ = TimeZone::at_offset(canonical);
    return zone_ ? Fault::none : Fault::displacement;
  }

  Fault word(std::string_view text) {
    for (const SpecialWord& row : kSpecialWords) {
      if (row.name != text) continue;
      if (special_ != DateSpecial::none) return Fault::format;
      special_ = row.special;
      return Fault::none;
    }
    if (const int month = month_of(text); month > 0) {
      // "8 Jan 1999" under MDY: the 8 was taken for a month.
      const bool may_be_day = month_ && !text_month_ && !day_ && *month_ >= 1 && *month_ <= 31;
      if (may_be_day) day_ = std::exchange(month_, std::nullopt);
      if (month_) return Fault::format;
      month_ = month;
      text_month_ = true;
      return Fault::none;
    }
    if (text == "t") {
      after_t_ = true;
      return wanted_ == DateWanted::time ? (year_ ? Fault::format : Fault::none) : year_ || julian_ ? Fault::none : Fault::format;
    }
    if (text == "j" || text == "jd" || text == "julian") {
      after_j_ = true;
      return Fault::none;
    }
    if (text == "am" || text == "pm") {
      meridiem_ = text[0];
      return hour_ ? Fault::none : Fault::format;
    }
    if (text == "bc" || text == "ad") {
      before_christ_ = text == "bc";
      return Fault::none;
    }
    if (text == "allballs" && !hour_) {
      hour_ = 0;
      zone_ = TimeZone::utc();
      return Fault::none;
    }
    if (is_weekday(text) || text == "at" || text == "on") return Fault::none;
    return zone(text);
  }

  Fault zone(std::string_view text) {
    if (zone_) return Fault::format;
    if (!zone_of_abbreviation(text).empty()) {
      zone_ = TimeZone::find_or_abbreviation(text);
      named_zone_ = true;
    } else if (const std::optional<int> east = abbreviation_offset(text)) {
      const int minutes = std::abs(*east) / 60;
      const std::string name = (*east < 0 ? "-" : "+") + std::to_string(minutes / 60) + ":" + std::to_string(minutes % 60);
      zone_ = *east == 0 ? TimeZone::utc() : TimeZone::at_offset(name);
    } else {
      zone_ = TimeZone::find_posix(text);
      named_zone_ = true;
    }
    if (zone_) return Fault::none;
    bad_zone_ = text;
    return text.find('/') == text.npos ? Fault::format : Fault::zone;
  }

  DateOrder order_;
  DateWanted wanted_;
  std::optional<int> year_, month_, day_, day_of_year_, julian_, hour_;
  int minute_ = 0, second_ = 0, fraction_ = 0;
  char meridiem_ = 0;
  bool two_digits_ = false, text_month_ = false, before_christ_ = false, named_zone_ = false, after_t_ = false, after_j_ = false, begun_ = false;
  DateSpecial special_ = DateSpecial::none;
  std::optional<TimeZone> zone_;
  std::string bad_zone_;
};

std::unexpected<Error> explain(Fault fault, std::string_view text, std::string_view type, const std::string& zone) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  switch (fault) {
    case Fault::field: return fail("22008"_state, "date/time field value out of range: " + quoted);
    case Fault::month_day:
      return fail("22008"_state, "date/time field value out of range: " + quoted, {},
                  "Perhaps you need a different \"datestyle\" setting.");
    case Fault::displacement: return fail("22009"_state, "time zone displacement out of range: " + quoted);
    case Fault::zone: return fail("22023"_state, "time zone \"" + zone + "\" not recognized");
    case Fault::none:
    case Fault::format: break;
  }
  return fail("22007"_state, "invalid input syntax for type " + std::string(type) + ": " + quoted);
}

}  // namespace

Result<DateFields> decode_datetime(std::string_view text, DateOrder order, DateWanted wanted, std::string_view type) {
  const auto tokens = tokenize_datetime(text);
  if (!tokens || tokens->empty()) return explain(Fault::format, text, type, {});
  Decoder decoder(order, wanted);
  DateFields fields;
  for (const DateToken& token : *tokens) {
    if (const Fault fault = decoder.token(token); fault != Fault::none) return explain(fault, text, type, decoder.bad_zone());
  }
  if (const Fault fault = decoder.finish(fields); fault != Fault::none) return explain(fault, text, type, {});
  return fields;
}

}  // namespace crossfade::model
