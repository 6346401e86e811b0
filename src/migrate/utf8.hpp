#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace crossfade::migrate {

/// Characters of a UTF-8 text; nullopt when it is not UTF-8 as PostgreSQL takes it (no overlong forms, no surrogates).
std::optional<std::size_t> utf8_length(std::string_view text);

}  // namespace crossfade::migrate
