#include "crossfade/sql/kept_default.hpp"

namespace crossfade::sql {

namespace {

constexpr std::string_view kBefore = "iif('postgres' = 'default', '";
constexpr std::string_view kAfter = "', NULL)";

}  // namespace

std::string kept_default(std::string_view postgres) {
  std::string out{kBefore};
  for (const char each : postgres) out.append(each == '\'' ? 2 : 1, each);
  return out.append(kAfter);
}

std::optional<std::string> kept_default_of(std::string_view sqlite) {
  while (sqlite.starts_with('(') && sqlite.ends_with(')')) sqlite = sqlite.substr(1, sqlite.size() - 2);
  if (!sqlite.starts_with(kBefore) || !sqlite.ends_with(kAfter) || sqlite.size() < kBefore.size() + kAfter.size()) return std::nullopt;
  const std::string_view quoted = sqlite.substr(kBefore.size(), sqlite.size() - kBefore.size() - kAfter.size());
  std::string out;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    out += quoted[i];
    if (quoted[i] == '\'') ++i;
  }
  return out;
}

}  // namespace crossfade::sql
