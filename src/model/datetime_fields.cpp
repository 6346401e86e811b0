#include "datetime_fields.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "datetime_parts.hpp"
#include "datetime_tokens.hpp"

namespace crossfade::model {

using namespace said;

namespace {

/// One text's tokens, in order. Which of several readings a number has, and what is refused, is as PostgreSQL 15 has it (DecodeDateTime, and
/// DecodeTimeOnly for DateWanted::time).
class Decoder {
 public:
  Decoder(DateOrder order, DateWanted wanted, std::vector<DateToken> tokens) : parts_(order), time_only_(wanted == DateWanted::time), tokens_(std::move(tokens)) {}

  DateFault run(DateFields& out) {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      unsigned read = 0;
      if (const DateFault fault = token(tokens_[at_], read); fault != DateFault::none) return fault;
      if ((read & said_) != 0) return DateFault::format;
      said_ |= read;
    }
    return finish(out);
  }

  const std::string& bad_zone() const { return bad_zone_; }

 private:
  using Kind = DateToken::Kind;

  DateFault token(const DateToken& token, unsigned& read) {
    switch (token.kind) {
      case Kind::date: return date(token.text, read);
      case Kind::time: return clock(token.text, read);
      case Kind::offset: read = kZone; return fixed(parts_.offset(token.text));
      case Kind::number: return label_ != DateUnit::none ? labelled(token.text, read) : number(token.text, read);
      case Kind::word:
      case Kind::special: return word(token.text, read);
    }
    return DateFault::format;
  }

  DateFault fixed(DateFault fault) {
    if (fault == DateFault::none) east_ = parts_.east;
    return fault;
  }

  DateFault date(std::string_view text, unsigned& read) {
    if (time_only_) {
      const bool begins = at_ == 0 && tokens_.size() >= 2 && (tokens_.back().kind == Kind::date || tokens_[1].kind == Kind::time);
      return begins ? parts_.date(text, said_, read) : behind_date(text, read);
    }
    if (label_ == DateUnit::julian) return julian_with_zone(text, read);
    const bool has_date = (said_ & (kMonth | kDay)) == (kMonth | kDay);
    if (label_ != DateUnit::none && label_ != DateUnit::clock) return DateFault::format;
    return label_ != DateUnit::none || has_date ? behind_date(text, read) : parts_.date(text, said_, read);
  }

  /// hhmmss-zz, or a zone's name with punctuation in it.
  DateFault behind_date(const std::string_view text, unsigned& read) {
    const bool labelled = !time_only_ && std::exchange(label_, DateUnit::none) != DateUnit::none;
    if (!is_digit(text.front()) && !labelled) return zone_named(text, read);
    const std::size_t sign = text.find('-');
    if ((said_ & kClock) == kClock || sign == text.npos) return DateFault::format;
    if (const DateFault fault = fixed(parts_.offset(text.substr(sign))); fault != DateFault::none) return fault;
    const DateFault fault = parts_.run_together(text.substr(0, sign), time_only_ ? said_ | kDate : said_, read);
    read |= kZone;
    return fault;
  }

  DateFault julian_with_zone(std::string_view text, unsigned& read) {
    label_ = DateUnit::none;
    const auto number = take_int(text);
    if (!number) return DateFault::field;
    julian_ = *number;
    read = kDate | kClock | kZone;
    return fixed(parts_.offset(text));
  }

  DateFault clock(std::string_view text, unsigned& read) {
    if (!time_only_ && label_ != DateUnit::none && std::exchange(label_, DateUnit::none) != DateUnit::clock) return DateFault::format;
    if (const DateFault fault = parts_.clock(text, read); fault != DateFault::none) return fault;
    return !time_only_ && parts_.clock_overflows() ? DateFault::field : DateFault::none;
  }

  /// A number behind a word that says what it is: y2024, j2460370, t040506.
  DateFault labelled(std::string_view text, unsigned& read) {
    const DateUnit label = std::exchange(label_, DateUnit::none);
    if (is_endless()) special_ = DateSpecial::none;
    std::string_view rest = text;
    const auto value = take_int(rest);
    if (!value) return DateFault::field;
    const bool may_have_fraction = label == DateUnit::julian || label == DateUnit::clock || label == DateUnit::second;
    if (!rest.empty() && (!may_have_fraction || !rest.starts_with('.'))) return DateFault::format;
    const auto set = [&](int& field, unsigned what) {
      field = *value;
      read = what;
      return DateFault::none;
    };
    switch (label) {
      case DateUnit::year: return set(parts_.year, kYear);
      case DateUnit::month: return (said_ & kMonth) != 0 && (said_ & kHour) != 0 ? set(parts_.minute, kMinute) : set(parts_.month, kMonth);
      case DateUnit::day: return set(parts_.day, kDay);
      case DateUnit::hour: return set(parts_.hour, kHour);
      case DateUnit::minute: return set(parts_.minute, kMinute);
      case DateUnit::second:
        read = rest.empty() ? kSecond : kSeconds;
        parts_.second = *value;
        return rest.empty() ? DateFault::none : parts_.fraction(rest);
      case DateUnit::julian: return julian(*value, rest, read);
      case DateUnit::clock: {
        const DateFault fault = parts_.run_together(text, said_ | kDate, read);
        return fault == DateFault::none && read != kClock ? DateFault::format : fault;
      }
      case DateUnit::none:
      case DateUnit::other: break;
    }
    return DateFault::format;
  }

  DateFault julian(int days, std::string_view fraction, unsigned& read) {
    julian_ = days;
    read = kDate;
    if (fraction.empty()) return DateFault::none;
    read |= kClock;
    const double part = fraction.size() == 1 ? 0 : std::strtod(("0" + std::string(fraction)).c_str(), nullptr);
    const auto micros = static_cast<std::int64_t>(part * static_cast<double>(kMicrosPerDay));
    parts_.hour = static_cast<int>(micros / kMicrosPerHour);
    parts_.minute = static_cast<int>(micros / (60 * kMicrosPerSecond) % 60);
    parts_.second = static_cast<int>(micros / kMicrosPerSecond % 60);
    parts_.micros = static_cast<int>(micros % kMicrosPerSecond);
    return DateFault::none;
  }

  DateFault number(std::string_view text, unsigned& read) {
    const std::size_t point = text.find('.');
    const bool fraction = point != text.npos;
    if (time_only_) {
      if (fraction && at_ == 0 && tokens_.size() >= 2 && tokens_.back().kind == Kind::date) return parts_.date(text, said_, read);
      if (fraction && point <= 2) return DateFault::format;
      return fraction || text.size() > 4 ? parts_.run_together(text, said_ | kDate, read) : parts_.number(text, false, said_ | kDate, read);
    }
    if (fraction && (said_ & kDate) == 0) return parts_.date(text, said_, read);
    const bool several = fraction ? point > 2 : text.size() >= 6 && ((said_ & kDate) == 0 || (said_ & kClock) == 0);
    return several ? parts_.run_together(text, said_, read) : parts_.number(text, text_month_, said_, read);
  }

  DateFault word(const std::string& text, unsigned& read) {
    if (!zone_of_abbreviation(text).empty()) {
      read = kZone | kNamedAbbreviation;
      zone_ = TimeZone::find_or_abbreviation(text);
      by_abbreviation_ = true;
      return zone_ ? DateFault::none : DateFault::format;
    }
    if (const auto abbreviation = zone_abbreviation(text)) {
      read = kZone | (abbreviation->summer ? kSummerZone : 0U);
      east_ = abbreviation->east;
      return DateFault::none;
    }
    const auto known = date_word(text);
    if (!known) {
      const DateFault fault = zone_named(text, read);
      return fault == DateFault::zone ? DateFault::format : fault;
    }
    switch (known->kind) {
      case DateWord::Kind::ignored: return DateFault::none;
      case DateWord::Kind::reserved: return reserved(static_cast<DateReserved>(known->value), read);
      case DateWord::Kind::month: return time_only_ ? DateFault::format : text_month(known->value, read);
      case DateWord::Kind::weekday: read = kWeekday; return time_only_ ? DateFault::format : DateFault::none;
      case DateWord::Kind::meridiem: read = kMeridiem; meridiem_ = static_cast<char>(known->value); return DateFault::none;
      case DateWord::Kind::era: read = kEra; before_christ_ = known->value == 'b'; return DateFault::none;
      case DateWord::Kind::unit: label_ = static_cast<DateUnit>(known->value); return DateFault::none;
      case DateWord::Kind::summer:
        read = kSummer | kSummerZone;
        east_ += 3'600;
        return DateFault::none;
      case DateWord::Kind::clock: {
        const bool follows = at_ + 1 < tokens_.size() && (tokens_[at_ + 1].kind == Kind::number || tokens_[at_ + 1].kind == Kind::time || tokens_[at_ + 1].kind == Kind::date);
        if (!follows || (!time_only_ && (said_ & kDate) != kDate)) return DateFault::format;
        label_ = DateUnit::clock;
        return DateFault::none;
      }
    }
    return DateFault::format;
  }

  DateFault text_month(int month, unsigned& read) {
    read = kMonth;
    // "8 Jan 1999" under MDY: the 8 was taken for a month.
    if ((said_ & kMonth) != 0 && !text_month_ && (said_ & kDay) == 0 && parts_.month >= 1 && parts_.month <= 31) {
      parts_.day = parts_.month;
      read = kDay;
    }
    text_month_ = true;
    parts_.month = month;
    return DateFault::none;
  }

  DateFault reserved(DateReserved what, unsigned& read) {
    switch (what) {
      case DateReserved::zulu:
        read = kClock | kZone;
        if (is_endless()) special_ = DateSpecial::none;
        parts_.hour = parts_.minute = parts_.second = 0;
        if (!time_only_) east_ = 0;
        return DateFault::none;
      case DateReserved::now:
        read = time_only_ ? kClock : kDate | kClock | kZone;
        special_ = DateSpecial::now;
        by_word_ = true;
        return DateFault::none;
      case DateReserved::today: special_ = DateSpecial::today; break;
      case DateReserved::tomorrow: special_ = DateSpecial::tomorrow; break;
      case DateReserved::yesterday: special_ = DateSpecial::yesterday; break;
      case DateReserved::epoch: special_ = DateSpecial::epoch; break;
      case DateReserved::infinity: special_ = DateSpecial::infinity; break;
      case DateReserved::minus_infinity: special_ = DateSpecial::minus_infinity; break;
    }
    by_word_ = by_word_ || !is_endless();
    read = is_endless() ? kReserved : kDate;
    return time_only_ ? DateFault::format : DateFault::none;
  }

  /// What else the text says does not matter then, unless a labelled number or allballs comes behind it.
  bool is_endless() const { return special_ == DateSpecial::epoch || special_ == DateSpecial::infinity || special_ == DateSpecial::minus_infinity; }

  DateFault zone_named(std::string_view text, unsigned& read) {
    read = kZone;
    zone_ = TimeZone::find_posix(text);
    if (zone_) return DateFault::none;
    bad_zone_ = text;
    return DateFault::zone;
  }

  DateFault finish(DateFields& out) {
    out.special = special_;
    out.before_christ = before_christ_;
    if (const DateFault fault = check_date(out); fault != DateFault::none) return fault;
    if (meridiem_ != 0) {
      if (parts_.hour > 12) return DateFault::field;
      parts_.hour = parts_.hour % 12 + (meridiem_ == 'p' ? 12 : 0);
    }
    if (is_endless()) return DateFault::none;
    const bool whole_date = (said_ & kDate) == kDate;
    if (time_only_ && special_ != DateSpecial::now && parts_.clock_overflows()) return DateFault::field;
    if (time_only_ ? (said_ & kClock) != kClock : !whole_date) return DateFault::format;
    const std::int64_t minutes = std::int64_t{parts_.hour} * 60 + parts_.minute;
    out.micros = (minutes * 60 + parts_.second) * kMicrosPerSecond + parts_.micros;
    return check_zone(out, whole_date);
  }

  DateFault check_zone(DateFields& out, bool whole_date) {
    const bool no_date = (said_ & kDate) == 0;
    if (zone_) {
      if ((said_ & kSummer) != 0) return DateFault::format;
      // A zone that has had several offsets is of no use without the day; an abbreviation is today's.
      const bool useless = by_abbreviation_ ? !no_date && !whole_date : !whole_date && !zone_->only_offset();
      if (time_only_ && useless) return DateFault::format;
      out.zone = zone_;
    } else if ((said_ & kZone) != 0) {
      const int minutes = std::abs(east_) / 60;
      const std::string name = (east_ < 0 ? "-" : "+") + std::to_string(minutes / 60) + ":" + std::to_string(minutes % 60) + ":" + std::to_string(std::abs(east_) % 60);
      out.zone = east_ == 0 ? TimeZone::utc() : TimeZone::at_offset(name);
    } else if ((said_ & kSummer) != 0 || (time_only_ && !no_date && !whole_date)) {
      return DateFault::format;
    }
    return DateFault::none;
  }

  DateFault check_date(DateFields& out) {
    if (special_ != DateSpecial::none && (!is_endless() || by_word_)) return DateFault::none;  // 'today infinity': the fields are today's
    if (julian_) {
      out.days = *julian_ - 2'451'545;
      return DateFault::none;
    }
    int year = parts_.year;
    if ((said_ & kYear) != 0) {
      if (before_christ_ ? year <= 0 : parts_.two_digits ? year < 0 : year <= 0) return DateFault::field;
      if (before_christ_) year = 1 - year;
      else if (parts_.two_digits && year < 100) year += year < 70 ? 2'000 : 1'900;
    }
    constexpr int kLastYear = 5'874'898;
    const bool far = year > kLastYear || year < -kLastYear;  // out of every type's range; the caller says of which
    if ((said_ & kDayOfYear) != 0) {
      out.days = far ? kEndDate : days_from_civil(year, 1, 1) + parts_.day_of_year - 1;
      return DateFault::none;
    }
    if ((said_ & kMonth) != 0 && (parts_.month < 1 || parts_.month > 12)) return DateFault::month_day;
    if ((said_ & kDay) != 0 && (parts_.day < 1 || parts_.day > 31)) return DateFault::month_day;
    if ((said_ & kDate) != kDate) return DateFault::none;
    const int near = far ? year % 400 + 2'000 : year;
    const std::int32_t first = days_from_civil(near, parts_.month, 1);
    const std::int32_t next = parts_.month == 12 ? days_from_civil(near + 1, 1, 1) : days_from_civil(near, parts_.month + 1, 1);
    if (parts_.day > next - first) return DateFault::field;
    out.days = far ? kEndDate : first + parts_.day - 1;
    return DateFault::none;
  }

  DateParts parts_;
  bool time_only_;
  std::vector<DateToken> tokens_;
  std::size_t at_ = 0;
  unsigned said_ = 0;
  DateUnit label_ = DateUnit::none;
  std::optional<int> julian_;
  std::int32_t east_ = 0;
  std::optional<TimeZone> zone_;
  bool by_abbreviation_ = false, by_word_ = false, text_month_ = false, before_christ_ = false;
  char meridiem_ = 0;
  DateSpecial special_ = DateSpecial::none;
  std::string bad_zone_;
};

std::unexpected<Error> explain(DateFault fault, std::string_view text, std::string_view type, const std::string& zone) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  switch (fault) {
    case DateFault::field: return fail("22008"_state, "date/time field value out of range: " + quoted);
    case DateFault::month_day:
      return fail("22008"_state, "date/time field value out of range: " + quoted, {},
                  "Perhaps you need a different \"datestyle\" setting.");
    case DateFault::displacement: return fail("22009"_state, "time zone displacement out of range: " + quoted);
    case DateFault::zone: return fail("22023"_state, "time zone \"" + zone + "\" not recognized");
    case DateFault::none:
    case DateFault::format: break;
  }
  return fail("22007"_state, "invalid input syntax for type " + std::string(type) + ": " + quoted);
}

}  // namespace

Result<DateFields> decode_datetime(std::string_view text, DateOrder order, DateWanted wanted, std::string_view type) {
  constexpr std::size_t kMostBytes = 129, kMostOfTimestamp = 153;
  auto tokens = tokenize_datetime(text, type.starts_with("timestamp") ? kMostOfTimestamp : kMostBytes);
  if (!tokens) return explain(DateFault::format, text, type, {});
  Decoder decoder(order, wanted, *std::move(tokens));
  DateFields fields;
  if (const DateFault fault = decoder.run(fields); fault != DateFault::none) return explain(fault, text, type, decoder.bad_zone());
  return fields;
}

}  // namespace crossfade::model
