#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "crossfade/engine/postgres/connection.hpp"
#include "settings.hpp"

namespace crossfade::cli {

/// The console of a running proxy: --console, else our own address as the first admin user.
model::Result<postgres::Connection> connect_console(const Settings& settings);

/// What the console answers is text.
std::optional<std::string> text_of(const model::Value& value);
/// [{column: text or null, …}, …]
nlohmann::ordered_json to_json(const model::ResultSet& result);
std::string to_text(const model::ResultSet& result);

}  // namespace crossfade::cli
