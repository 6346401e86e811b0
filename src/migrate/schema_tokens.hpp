#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::migrate {

/// A word of SQLite's SQL. `text`: names unquoted, strings without their quotes (doubled ones single), words as written.
struct Token {
  enum class Kind : char { name, quoted_name, number, string, blob, symbol } kind;
  std::string text;
};
/// nullopt when something in it is none of these.
std::optional<std::vector<Token>> tokens(std::string_view sql);
std::string upper(std::string_view text);

}  // namespace crossfade::migrate
