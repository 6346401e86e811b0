#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::model {

/// What holds in a zone for a while: seconds east of UTC, and "CEST".
struct LocalType { std::int32_t east = 0; std::string name; };

/// When summer or winter time begins in a year, on the clock that holds until then.
struct YearlyChange {
  enum class Kind : char { month_week, julian, day } kind = Kind::month_week;  // M3.5.0, J60 (no leap day), 59
  int month = 0, week = 0, day = 0;
  std::int32_t seconds = 7'200;
  /// Seconds since 1970 as if the clock were UTC's.
  std::int64_t in_year(std::int32_t year) const;
};

/// "CET-1CEST,M3.5.0,M10.5.0/3": offsets count westwards.
struct PosixZone {
  LocalType standard;
  std::optional<LocalType> daylight;
  YearlyChange begin, end;
};
/// Nothing: not such a text, or one with summer time that does not say when.
std::optional<PosixZone> parse_posix_zone(std::string_view text);

/// A zone's history and future. Times are seconds since 1970 UTC.
class ZoneRules {
 public:
  struct Change { std::int64_t at; std::int32_t before, after; };

  explicit ZoneRules(PosixZone future) : future_(std::move(future)) {}
  LocalType at(std::int64_t seconds) const;
  /// The first change after a time; nothing when none is to come.
  std::optional<Change> next_change(std::int64_t seconds) const;

  /// Seconds east of UTC where they have been the same always.
  std::optional<std::int32_t> only_offset() const;
  /// Only what goes by this abbreviation: at other times what it meant last, before all of it what it meant first. Nothing: it never did.
  std::optional<ZoneRules> of_abbreviation(std::string_view name) const;

  /// The bytes of a file of zoneinfo (TZif, version 2 or later). Nothing: no such file.
  static std::optional<ZoneRules> parse(std::string_view bytes);

 private:
  struct Past { std::int64_t at; std::size_t type; };
  struct Coming { std::int64_t at; const LocalType* type; };
  ZoneRules() = default;
  std::vector<Coming> coming_near(std::int64_t seconds) const;

  std::vector<LocalType> types_;
  std::vector<Past> past_;  // ascending
  std::optional<PosixZone> future_;
};

/// IANA's spelling of a name in any case, from the machine's zoneinfo files; nullptr for none.
const std::string* find_zone_name(std::string_view name);
/// The rules of a name that find_zone_name() gave.
std::optional<ZoneRules> read_zone(const std::string& name);
/// Are there zoneinfo files on this machine?
bool has_zone_files();

}  // namespace crossfade::model
