#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::migrate {

/// Takes guard, tombstone, journal and state out of a file that no pair uses any more, in one transaction; what tells the types of its
/// tables stays. Gives what was removed, sorted: "trigger crossfade_…", "table crossfade_state". Errors: 55000 when the file stands in a
/// stage from which it may still be served (SWITCH BACK or FINISH first); SQLite's own.
model::Result<std::vector<std::string>> clean_file(const std::filesystem::path& file);

}  // namespace crossfade::migrate
