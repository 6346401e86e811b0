#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace crossfade::model {

/// An IANA zone or a fixed offset. Cheap to copy; any thread. Source of the rules: the machine's /usr/share/zoneinfo, as PostgreSQL's of
/// Debian; ICU's own data, as old as the library, where there is none.
class TimeZone {
 public:
  static TimeZone utc();
  /// "Europe/Berlin", "UTC", "+02", "-03:30" (ISO sign); nullopt for an unknown name. Names match in any case.
  static std::optional<TimeZone> find(std::string_view name);
  /// The same as PostgreSQL's TimeZone and AT TIME ZONE read it: a number is POSIX's, which counts westwards ("+05:30", "FOO3").
  static std::optional<TimeZone> find_posix(std::string_view name);
  /// AT TIME ZONE knows "PST" too.
  static std::optional<TimeZone> find_or_abbreviation(std::string_view name);
  /// "+02", "-03:30:15" east of UTC, less than a week; its name is "<+02>-02". nullopt: no such text.
  static std::optional<TimeZone> at_offset(std::string_view iso);
  static bool uses_system_files();

  const std::string& name() const;
  /// Offset east of UTC at an instant (µs since 2000-01-01 UTC).
  std::chrono::seconds offset_at(std::int64_t utc_micros) const;
  /// "CEST", "UTC", "+02": as DateStyle SQL, Postgres and German write the zone of an instant. Empty where the machine's zoneinfo
  /// files do not say it (ICU has names in a language, not these).
  std::string abbreviation_at(std::int64_t utc_micros) const;
  /// Of a zone that has had one offset always.
  std::optional<std::chrono::seconds> only_offset() const;
  /// The instant of a local time; in a gap or an overlap the standard-time offset, as PostgreSQL takes it.
  std::int64_t to_utc(std::int64_t local_micros) const;
  std::int64_t to_local(std::int64_t utc_micros) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace crossfade::model
