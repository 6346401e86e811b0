#include "crossfade/model/time_zone.hpp"

#include <unicode/strenum.h>
#include <unicode/timezone.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "ascii.hpp"
#include "crossfade/model/datetime.hpp"
#include "datetime_tokens.hpp"
#include "zone_rules.hpp"

namespace crossfade::model {

/// Of the machine's zoneinfo files, of ICU's own data where there are none, or a fixed offset.
struct TimeZone::Impl {
  std::string name;
  std::chrono::seconds fixed{0};
  std::optional<ZoneRules> rules = {};
  std::unique_ptr<const icu::TimeZone> icu_rules = {};
  bool abbreviation = false;  // the rules are what one has meant
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
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::array<int, 3> parts{};
  std::size_t part = 0, digits = 0;
  for (char c : text.substr(1)) {
    if (is_digit(c) && digits < (part == 0 ? 3U : 2U)) {
      parts[part] = parts[part] * 10 + (c - '0');
      ++digits;
    } else if (c == ':' && digits > 0 && part < 2) {
      ++part;
      digits = 0;
    } else {
      return std::nullopt;
    }
  }
  constexpr int kMostHours = 167;  // a week's
  if (digits == 0 || parts[0] > kMostHours || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const std::chrono::seconds east{(parts[0] * 60 + parts[1]) * 60 + parts[2]};
  return text[0] == '-' ? -east : east;
}

std::string uppered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = upper(c);
  return out;
}

}  // namespace

TimeZone TimeZone::utc() {
  static const auto impl = std::make_shared<const Impl>(Impl{"UTC", std::chrono::seconds{0}});
  TimeZone zone;
  zone.impl_ = impl;
  return zone;
}

std::optional<TimeZone> TimeZone::at_offset(std::string_view iso) {
  const auto offset = parse_offset(iso);
  if (!offset) return std::nullopt;
  std::string opposite(iso);
  opposite[0] = iso[0] == '-' ? '+' : '-';
  TimeZone zone;
  zone.impl_ = std::make_shared<const Impl>(Impl{"<" + std::string(iso) + ">" + opposite, *offset});  // as PostgreSQL names it: "<+02>-02"
  return zone;
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (auto zone = at_offset(name)) return zone;
  return find_posix(name);
}

std::optional<TimeZone> TimeZone::find_posix(std::string_view name) {
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
  const std::string* const file = find_zone_name(name);
  const std::string* const iana = !file && !has_zone_files() ? find_iana(name) : nullptr;
  if (file) {
    impl->name = *file;
    impl->rules = read_zone(*file);
    if (!impl->rules) return std::nullopt;
  } else if (iana) {
    impl->name = *iana;
    impl->icu_rules.reset(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(*iana)));
  } else if (auto posix = parse_posix_zone(uppered(name))) {
    impl->name = uppered(name);
    impl->rules = ZoneRules(std::move(*posix));
  } else {
    return std::nullopt;
  }
  zone.impl_ = impl;
  constexpr std::size_t kMaxKnown = 2'000;  // spellings come from clients
  if (known.size() < kMaxKnown) known.emplace(name, impl);
  return zone;
}

std::optional<TimeZone> TimeZone::find_or_abbreviation(std::string_view name) {
  const std::string_view place = zone_of_abbreviation(lowered(name));
  if (const std::string* const file = place.empty() ? nullptr : find_zone_name(place)) {
    const auto rules = read_zone(*file);
    auto known = rules ? rules->of_abbreviation(uppered(name)) : std::nullopt;
    if (!known) known = rules;  // not in this machine's history: the place's own offset
    TimeZone zone;
    zone.impl_ = std::make_shared<const Impl>(Impl{uppered(name), std::chrono::seconds{0}, std::move(known), {}, true});
    if (zone.impl_->rules) return zone;
  }
  if (const auto abbreviation = zone_abbreviation(lowered(name))) {
    TimeZone zone;
    zone.impl_ = std::make_shared<const Impl>(Impl{uppered(name), std::chrono::seconds{abbreviation->east}});
    return zone;
  }
  return find_posix(name);
}

bool TimeZone::uses_system_files() { return has_zone_files(); }

const std::string& TimeZone::name() const { return impl_->name; }

namespace {

std::int64_t unix_seconds(std::int64_t micros) { return floor_divide(micros, kMicrosPerSecond) + kUnixToPostgresSeconds; }

}  // namespace

std::chrono::seconds TimeZone::offset_at(std::int64_t utc_micros) const {
  if (impl_->rules) return std::chrono::seconds{impl_->rules->at(unix_seconds(utc_micros)).east};
  if (!impl_->icu_rules) return impl_->fixed;
  const double millis = static_cast<double>(utc_micros / 1'000) + static_cast<double>(kUnixToPostgresSeconds) * 1'000;
  std::int32_t raw = 0, daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  impl_->icu_rules->getOffset(millis, false, raw, daylight, status);
  return std::chrono::seconds{(raw + daylight) / 1'000};
}

std::string TimeZone::abbreviation_at(std::int64_t utc_micros) const {
  if (impl_->rules) return impl_->rules->at(unix_seconds(utc_micros)).name;
  if (impl_->icu_rules) return {};
  const std::string_view name = impl_->name;  // "UTC", or "<+02>-02"
  return std::string(name.starts_with('<') ? name.substr(1, name.find('>') - 1) : name);
}

std::optional<std::chrono::seconds> TimeZone::only_offset() const {
  if (impl_->icu_rules) return std::nullopt;
  if (!impl_->rules) return impl_->fixed;
  const auto east = impl_->rules->only_offset();
  return east ? std::optional{std::chrono::seconds{*east}} : std::nullopt;
}

std::int64_t TimeZone::to_utc(std::int64_t local_micros) const {
  if (local_micros == kTimestampInfinity || local_micros == kTimestampMinusInfinity) return local_micros;
  const auto shifted = [&](std::int64_t east) { return local_micros - east * kMicrosPerSecond; };
  // A change of the offset within a day is near. After it the new offset holds, before it the old; both in an overlap (then the later
  // reading is taken), neither in a gap (then the old one).
  if (impl_->rules) {
    constexpr std::int64_t kDay = 86'400;
    const std::int64_t local = unix_seconds(local_micros);
    const auto change = impl_->rules->next_change(local - kDay);
    if (!change) return shifted(impl_->rules->at(local - kDay).east);
    const std::int64_t by_old = local - change->before, by_new = local - change->after;
    // PostgreSQL looks for the moment in the zone's own time, and then at what the abbreviation means there.
    if (impl_->abbreviation) return shifted(impl_->rules->at(by_old < change->at && by_new < change->at ? by_old : std::max(by_old, by_new)).east);
    if (by_old < change->at && by_new < change->at) return shifted(change->before);
    if (by_old > change->at && by_new >= change->at) return shifted(change->after);
    return shifted(by_old > by_new ? change->before : change->after);
  }
  if (!impl_->icu_rules) return shifted(impl_->fixed.count());
  const std::int64_t before = offset_at(local_micros - kMicrosPerDay).count(), after = offset_at(local_micros + kMicrosPerDay).count();
  if (before != after && offset_at(shifted(after)).count() == after) return shifted(after);
  return shifted(before);
}

std::int64_t TimeZone::to_local(std::int64_t utc_micros) const {
  if (utc_micros == kTimestampInfinity || utc_micros == kTimestampMinusInfinity) return utc_micros;
  return utc_micros + offset_at(utc_micros).count() * kMicrosPerSecond;
}

}  // namespace crossfade::model
