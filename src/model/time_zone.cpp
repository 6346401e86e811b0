#include "crossfade/model/time_zone.hpp"

#include <unicode/basictz.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <mutex>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "zone_abbreviation.hpp"

namespace crossfade::model {

/// `rules` empty: a fixed offset.
struct TimeZone::Impl {
  std::string name;
  std::string abbreviation;  // of a POSIX specification
  std::chrono::seconds fixed{0};
  std::unique_ptr<const icu::TimeZone> rules;
};

namespace {

// ICU's legacy abbreviations mean other places than PostgreSQL's; neither knows them as zones.
constexpr std::array<std::string_view, 25> kNotIana{"ACT", "AET", "AGT", "ART", "AST", "BET", "BST", "CAT", "CNT",
                                                    "CST", "CTT", "EAT", "ECT", "IET", "IST", "JST", "MIT", "NET",
                                                    "NST", "PLT", "PNT", "PRT", "PST", "SST", "VST"};

bool is_iana(std::string_view id) {
  for (std::string_view name : kNotIana) {
    if (name == id) return false;
  }
  return !id.starts_with("SystemV/") && id != "Etc/Unknown";
}

// Lower case → IANA's spelling.
std::map<std::string, std::string, std::less<>> read_names() {
  std::map<std::string, std::string, std::less<>> names;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> ids(icu::TimeZone::createTimeZoneIDEnumeration(
      UCAL_ZONE_TYPE_ANY, nullptr, nullptr, status));
  if (U_FAILURE(status) || !ids) return names;
  while (const char* id = ids->next(nullptr, status)) {
    if (is_iana(id)) names.emplace(lowered(id), id);
  }
  return names;
}

const std::string* find_iana(std::string_view name) {
  static const auto names = read_names();
  const auto found = names.find(lowered(name));
  return found == names.end() ? nullptr : &found->second;
}

// "+02", "-03:30", "+05:30:15" → seconds east.
std::optional<std::chrono::seconds> parse_offset(std::string_view text) {
  if (text.starts_with('<')) text = text.substr(1, text.find('>') - 1);  // its own name: "<+02>-02"
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::array<int, 3> parts{};
  std::size_t part = 0, digits = 0;
  for (char c : text.substr(1)) {
    if (is_digit(c) && digits < 2) {
      parts[part] = parts[part] * 10 + (c - '0');
      ++digits;
    } else if (c == ':' && digits > 0 && part < 2) {
      ++part;
      digits = 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || parts[0] > 15 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const std::chrono::seconds east{(parts[0] * 60 + parts[1]) * 60 + parts[2]};
  return text[0] == '-' ? -east : east;
}

struct PosixZone { std::string abbreviation; std::chrono::seconds east; };

// "FOO5", "<+03>-3", "+05:30", with the summer time left out. Offsets of at most a week, in whole minutes.
std::optional<PosixZone> parse_posix(std::string_view text) {
  PosixZone zone;
  if (text.starts_with('<')) {
    const std::size_t close = text.find('>');
    if (close == text.npos) return std::nullopt;
    zone.abbreviation = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
  } else {
    const std::size_t end = std::min(text.find_first_of("0123456789,-+"), text.size());
    for (char c : text.substr(0, end)) zone.abbreviation += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    text.remove_prefix(end);
  }
  const bool to_the_east = text.starts_with('-');
  if (to_the_east || text.starts_with('+')) text.remove_prefix(1);
  std::array<int, 3> parts{};
  std::size_t part = 0, digits = 0;
  for (char c : text) {
    if (is_digit(c) && digits < 3) {
      parts[part] = parts[part] * 10 + (c - '0');
      ++digits;
    } else if (c == ':' && digits > 0 && part < 2) {
      ++part;
      digits = 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || parts[0] > 167 || parts[1] > 59 || parts[2] != 0) return std::nullopt;
  const std::chrono::seconds west{(parts[0] * 60 + parts[1]) * 60};
  zone.east = to_the_east ? west : -west;
  return zone;
}

// As PostgreSQL names a zone set by number: "+02" → "<+02>-02".
std::string offset_name(std::string_view text) {
  if (text.starts_with('<')) return std::string(text);
  std::string opposite(text);
  opposite[0] = text[0] == '-' ? '+' : '-';
  return "<" + std::string(text) + ">" + opposite;
}

}  // namespace

TimeZone TimeZone::utc() {
  static const auto impl = std::make_shared<const Impl>(Impl{"UTC", {}, std::chrono::seconds{0}, nullptr});
  TimeZone zone;
  zone.impl_ = impl;
  return zone;
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (name == "UTC") return utc();
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Impl>, std::less<>> known;  // by any spelling that was asked for
  const std::lock_guard lock(mutex);
  TimeZone zone;
  if (const auto found = known.find(name); found != known.end()) {
    zone.impl_ = found->second;
    return zone;
  }
  auto impl = std::make_shared<Impl>();
  if (const auto offset = parse_offset(name)) {
    impl->name = offset_name(name);
    impl->fixed = *offset;
  } else if (const std::string* iana = find_iana(name)) {
    impl->name = *iana;
    impl->rules.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(*iana)));
  } else {
    return std::nullopt;
  }
  zone.impl_ = impl;
  constexpr std::size_t kMaxKnown = 2'000;  // spellings come from clients
  if (known.size() < kMaxKnown) known.emplace(name, impl);
  return zone;
}

std::optional<TimeZone> TimeZone::find_posix(std::string_view name) {
  const bool offset = !name.empty() && (name[0] == '+' || name[0] == '-' || name[0] == '<' || is_digit(name[0]));
  if (!offset)
    if (auto zone = find(name)) return zone;
  auto posix = parse_posix(name);
  if (!posix) return std::nullopt;
  std::string upper;
  for (char c : name) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  TimeZone zone;
  zone.impl_ = std::make_shared<const Impl>(Impl{std::move(upper), std::move(posix->abbreviation), posix->east, nullptr});
  return zone;
}

bool TimeZone::is_fixed() const {
  constexpr double kBeforeAll = -8.64e15;
  const auto* rules = dynamic_cast<const icu::BasicTimeZone*>(impl_->rules.get());
  icu::TimeZoneTransition first;
  return impl_->rules == nullptr || (rules != nullptr && !rules->getNextTransition(kBeforeAll, false, first));
}

const std::string& TimeZone::name() const { return impl_->name; }

std::chrono::seconds TimeZone::offset_at(std::int64_t utc_micros) const {
  if (!impl_->rules) return impl_->fixed;
  const double millis = static_cast<double>(utc_micros / 1'000) + static_cast<double>(kUnixToPostgresSeconds) * 1'000;
  std::int32_t raw = 0, daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  impl_->rules->getOffset(millis, false, raw, daylight, status);
  return std::chrono::seconds{(raw + daylight) / 1'000};
}

std::string TimeZone::abbreviation_at(std::int64_t utc_micros) const {
  if (impl_->rules) return zone_abbreviation(impl_->name, floor_divide(utc_micros, kMicrosPerSecond) + kUnixToPostgresSeconds, offset_at(utc_micros));
  const std::string_view name = impl_->name;  // "UTC", or "<+02>-02"
  if (!impl_->abbreviation.empty()) return impl_->abbreviation;
  if (name.find_first_of("+-:0123456789") == 0) return {};
  return std::string(name.starts_with('<') ? name.substr(1, name.find('>') - 1) : name);
}

std::int64_t TimeZone::to_utc(std::int64_t local_micros) const {
  if (local_micros == kTimestampInfinity || local_micros == kTimestampMinusInfinity) return local_micros;
  const auto shifted = [&](std::chrono::seconds east) { return local_micros - east.count() * kMicrosPerSecond; };
  if (!impl_->rules) return shifted(impl_->fixed);
  const std::chrono::seconds before = offset_at(local_micros - kMicrosPerDay), after = offset_at(local_micros + kMicrosPerDay);
  if (before == after) return shifted(before);
  // A change of the offset is near. After it the new offset holds, before it the old; both in an overlap (then the later reading
  // is taken), neither in a gap (then the old one).
  if (offset_at(shifted(after)) == after) return shifted(after);
  return shifted(before);
}

std::int64_t TimeZone::to_local(std::int64_t utc_micros) const {
  if (utc_micros == kTimestampInfinity || utc_micros == kTimestampMinusInfinity) return utc_micros;
  return utc_micros + offset_at(utc_micros).count() * kMicrosPerSecond;
}

}  // namespace crossfade::model
