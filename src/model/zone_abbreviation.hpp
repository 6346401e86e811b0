#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace crossfade::model {

/// The abbreviation of IANA zone `name` at an instant (seconds since 1970 UTC) at which its offset is `east`. Empty where the
/// machine has no zoneinfo file for it. Read once for each zone. Source: RFC 8536, "The Time Zone Information Format (TZif)".
std::string zone_abbreviation(const std::string& name, std::int64_t unix_seconds, std::chrono::seconds east);

}  // namespace crossfade::model
