#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace crossfade::model {

/// An IANA zone or a fixed offset. Cheap to copy; any thread. Source of the rules: ICU.
class TimeZone {
 public:
  static TimeZone utc();
  /// "Europe/Berlin", "UTC", "+02", "-03:30" (ISO sign); nullopt for an unknown name. Names match in any case.
  static std::optional<TimeZone> find(std::string_view name);
  /// As SET TimeZone and AT TIME ZONE read a name: an IANA zone, else a POSIX specification without summer time ("UTC+3", "<+03>-3",
  /// "+05:30"), whose offsets count to the west.
  static std::optional<TimeZone> find_posix(std::string_view name);

  /// One offset at all times.
  bool is_fixed() const;
  const std::string& name() const;
  /// Offset east of UTC at an instant (µs since 2000-01-01 UTC).
  std::chrono::seconds offset_at(std::int64_t utc_micros) const;
  /// "CEST", "UTC", "+02": as DateStyle SQL, Postgres and German write the zone of an instant. Empty where the machine's zoneinfo
  /// files do not say it (ICU has names in a language, not these).
  std::string abbreviation_at(std::int64_t utc_micros) const;
  /// The instant of a local time; in a gap or an overlap the standard-time offset, as PostgreSQL takes it.
  std::int64_t to_utc(std::int64_t local_micros) const;
  std::int64_t to_local(std::int64_t utc_micros) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace crossfade::model
