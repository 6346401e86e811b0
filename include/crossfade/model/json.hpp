#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::model {

/// PostgreSQL's jsonb output of a JSON text: keys sorted by length then bytes, the last duplicate wins, ", " and ": ", numbers as
/// numeric (digits kept). Errors: 22P02 "invalid input syntax for type json", 22P05 for \u0000. Nesting is bounded (54001).
Result<std::string> normalize_jsonb(std::string_view text);
/// Nothing, or 22P02.
Result<void> check_json(std::string_view text);
/// The text as a JSON string, in its quotes, as jsonb writes it.
void append_json_string(std::string& out, std::string_view text);
/// A code point as UTF-8.
void append_character(std::string& out, std::uint32_t code);

}  // namespace crossfade::model
