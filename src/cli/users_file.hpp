#pragma once

#include <map>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::cli {

using Users = std::map<std::string, std::string, std::less<>>;  // name → verifier

/// `"name" "SCRAM-SHA-256$…"` with a line break; quotes inside are doubled.
std::string user_line(std::string_view name, std::string_view verifier);

/// Lines of a users file; blank ones and those that begin with # are left out.
/// Errors: F0000 with file:line for a line of another form, a name that is there twice, a verifier that is none.
model::Result<Users> parse_users(std::string_view text, std::string_view file_name);

/// Errors: also F0000 when others than the owner may read the file.
model::Result<Users> read_users(const std::string& path);

}  // namespace crossfade::cli
