#pragma once

#include <span>
#include <string>
#include <string_view>

#include "settings.hpp"

namespace crossfade::session {

/// The value in the form SHOW prints it. `current`: the setting's value now (DateStyle changes half of it).
/// Errors: 22023 `invalid value for parameter "x": "y"`, 0A000 for values that only PostgreSQL has.
model::Result<std::string> normalize_setting(const SettingInfo& info, std::span<const std::string> values,
                                             std::string_view current);
/// "30s", "0", "5min" as normalize_setting gave them.
std::chrono::milliseconds read_milliseconds(std::string_view text);
/// As long as PostgreSQL's names are: 63 bytes, whole characters.
std::string_view cut_name(std::string_view name);
std::string lower(std::string_view text);

}  // namespace crossfade::session
