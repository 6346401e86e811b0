#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::model {

/// Nothing for UTF-8 without NUL as PostgreSQL accepts it (no surrogates, no overlong forms, up to U+10FFFF).
/// Errors: 22021 `invalid byte sequence for encoding "UTF8": 0xc3 0x28`.
Result<void> check_utf8(std::string_view text);
/// Characters of valid UTF-8.
std::size_t length_in_characters(std::string_view text);
/// The bytes of the first `characters` characters.
std::size_t bytes_of(std::string_view text, std::size_t characters);

}  // namespace crossfade::model
