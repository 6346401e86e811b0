#include "zone_rules.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"

namespace crossfade::model {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kDaysTo2000 = 10'957;  // from 1970

std::int64_t unix_day(std::int32_t year, int month, int day) { return days_from_civil(year, month, day) + kDaysTo2000; }
bool is_leap(std::int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/// Reads a POSIX text from its front; `good` is false from the first thing that is none.
class PosixReader {
 public:
  explicit PosixReader(std::string_view text) : rest_(text) {}

  std::optional<PosixZone> run() {
    PosixZone out;
    out.standard.name = name();
    if (rest_.empty()) return std::nullopt;
    out.standard.east = -offset();
    if (rest_.empty()) return good_ ? std::optional{out} : std::nullopt;
    LocalType summer{out.standard.east + 3'600, name()};
    if (!rest_.empty() && rest_[0] != ',') summer.east = -offset();
    if (summer.name.empty() || !take(',')) return std::nullopt;  // PostgreSQL has default rules for this, of its own files
    out.begin = change();
    if (!take(',')) return std::nullopt;
    out.end = change();
    out.daylight = std::move(summer);
    return good_ && rest_.empty() ? std::optional{out} : std::nullopt;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string name() {
    const bool quoted = take('<');
    std::size_t end = 0;
    while (end < rest_.size() && (quoted ? rest_[end] != '>' : !is_digit(rest_[end]) && rest_[end] != ',' && rest_[end] != '-' && rest_[end] != '+')) ++end;
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(end);
    if (quoted) good_ = take('>') && good_;
    return out;
  }
  int number(int least, int most) {
    int value = 0;
    std::size_t digits = 0;
    for (; !rest_.empty() && is_digit(rest_[0]) && digits < 4; ++digits) {
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    good_ = good_ && digits > 0 && value >= least && value <= most;
    return value;
  }
  std::int32_t offset() {
    const bool minus = take('-');
    if (!minus) take('+');
    constexpr int kMostHours = 167;  // a week's
    std::int32_t seconds = number(0, kMostHours) * 3'600;
    if (take(':')) seconds += number(0, 59) * 60;
    if (take(':')) seconds += number(0, 60);
    return minus ? -seconds : seconds;
  }
  YearlyChange change() {
    YearlyChange out;
    if (take('M')) {
      out.month = number(1, 12);
      good_ = take('.') && good_;
      out.week = number(1, 5);
      good_ = take('.') && good_;
      out.day = number(0, 6);
    } else if (take('J')) {
      out.kind = YearlyChange::Kind::julian;
      out.day = number(1, 365);
    } else {
      out.kind = YearlyChange::Kind::day;
      out.day = number(0, 365);
    }
    if (take('/')) out.seconds = offset();
    return out;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::optional<PosixZone> parse_posix_zone(std::string_view text) { return PosixReader(text).run(); }

std::int64_t YearlyChange::in_year(std::int32_t year) const {
  std::int64_t date = unix_day(year, 1, 1);
  switch (kind) {
    case Kind::julian: date += day - 1 + (day >= 60 && is_leap(year) ? 1 : 0); break;
    case Kind::day: date += day; break;
    case Kind::month_week: {
      const std::int64_t first = unix_day(year, month, 1);
      const std::int64_t next = month == 12 ? unix_day(year + 1, 1, 1) : unix_day(year, month + 1, 1);
      const std::int64_t weekday = (first + 4) % 7 + ((first + 4) % 7 < 0 ? 7 : 0);  // 1970-01-01 was a Thursday
      date = first + (day - weekday + 7) % 7 + (week - 1) * 7;
      if (date >= next) date -= 7;
      break;
    }
  }
  return date * kSecondsPerDay + seconds;
}

/// The yearly changes of the years about a time, in their order, after all that the file lists.
std::vector<ZoneRules::Coming> ZoneRules::coming_near(std::int64_t seconds) const {
  std::vector<Coming> out;
  if (!future_ || !future_->daylight) return out;
  const std::int32_t year = civil_from_days(floor_divide(seconds, kSecondsPerDay) - kDaysTo2000).year;
  for (std::int32_t each = year - 1; each <= year + 1; ++each) {
    out.push_back({future_->begin.in_year(each) - future_->standard.east, &*future_->daylight});
    out.push_back({future_->end.in_year(each) - future_->daylight->east, &future_->standard});
  }
  std::ranges::stable_sort(out, {}, &Coming::at);
  std::erase_if(out, [&](const Coming& change) { return !past_.empty() && change.at <= past_.back().at; });
  return out;
}

std::optional<ZoneRules> ZoneRules::of_abbreviation(std::string_view name) const {
  ZoneRules out;
  for (const Past& past : past_) {
    if (types_[past.type].name != name) continue;
    out.past_.push_back({past.at, out.types_.size()});
    out.types_.push_back(types_[past.type]);
  }
  if (out.types_.empty()) return std::nullopt;
  return out;
}

std::optional<std::int32_t> ZoneRules::only_offset() const {
  const std::int32_t east = types_.empty() ? future_ ? future_->standard.east : 0 : types_.front().east;
  const auto other = [&](const LocalType& type) { return type.east != east; };
  if (std::ranges::any_of(types_, other) || (future_ && (other(future_->standard) || (future_->daylight && other(*future_->daylight))))) return std::nullopt;
  return east;
}

LocalType ZoneRules::at(std::int64_t seconds) const {
  const auto next = std::ranges::upper_bound(past_, seconds, {}, &Past::at);
  if (next != past_.end() || !future_) {
    if (next == past_.begin()) return types_.empty() ? LocalType{} : types_.front();
    return types_[std::prev(next)->type];
  }
  const LocalType* type = past_.empty() ? &future_->standard : &types_[past_.back().type];
  if (!future_->daylight) return past_.empty() ? future_->standard : *type;
  for (const Coming& change : coming_near(seconds)) {
    if (change.at <= seconds) type = change.type;
  }
  return *type;
}

std::optional<ZoneRules::Change> ZoneRules::next_change(std::int64_t seconds) const {
  const auto next = std::ranges::upper_bound(past_, seconds, {}, &Past::at);
  if (next != past_.end()) return Change{next->at, at(next->at - 1).east, types_[next->type].east};
  for (const Coming& change : coming_near(seconds)) {
    if (change.at > seconds) return Change{change.at, at(change.at - 1).east, change.type->east};
  }
  return std::nullopt;
}

}  // namespace crossfade::model
