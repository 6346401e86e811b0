#include "crossfade/engine/postgres/user_map.hpp"

#include <algorithm>
#include <utility>

namespace crossfade::postgres {

using namespace model::literals;

namespace {

constexpr std::string_view kAny = "*", kClientsName = "$user", kBlanks = " \t";

/// Takes a name, maybe in double quotes, off the front. Empty: there is none.
std::string take_name(std::string_view& text, std::string_view ends) {
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find_first_of(ends), text.size());
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    return name;
  }
  const std::size_t end = text.find('"', 1);
  if (end == text.npos) return {};
  std::string name(text.substr(1, end - 1));
  text.remove_prefix(end + 1);
  return name;
}

bool fits(std::string_view pattern, std::string_view name) { return pattern == kAny || pattern == name; }

std::string with_name(std::string value, std::string_view name) {
  for (std::size_t at = value.find(kClientsName); at != value.npos; at = value.find(kClientsName, at + name.size()))
    value.replace(at, kClientsName.size(), name);
  return value;
}

}  // namespace

model::Result<UserMap> UserMap::parse(Conninfo base, std::span<const std::string> lines) {
  UserMap map(std::move(base));
  for (const std::string& line : lines) {
    std::string_view rest = line;
    Row row{.user = take_name(rest, " \t/"), .database = std::string(kAny), .values = {}};
    if (rest.starts_with('/')) row.database = take_name(rest = rest.substr(1), kBlanks);
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    const auto conninfo = Conninfo::parse(rest);
    const std::string why = !conninfo ? conninfo.error().message : row.user.empty() || row.database.empty() ? "it names nobody" : rest.empty() ? "it says nothing" : "";
    if (!why.empty())
      return model::fail("F0000"_state, "postgres.users: \"" + row.user + " …\": " + why, {}, "A line is \"name conninfo\", such as \"* user=$user\".");
    row.values = conninfo->pairs();
    map.rows_.push_back(std::move(row));
  }
  return map;
}

UserMap::Target UserMap::of(std::string_view user, std::string_view database) const {
  Target target{base_, {}};
  const auto found = std::ranges::find_if(rows_, [&](const Row& row) { return fits(row.user, user) && fits(row.database, database); });
  if (found == rows_.end()) return target;
  const auto sets = [&](std::string_view keyword) { return std::ranges::any_of(found->values, [&](const auto& pair) { return pair.first == keyword; }); };
  if (sets("user") && !sets("password")) target.conninfo = target.conninfo.without("password");
  for (const auto& [keyword, value] : found->values) {
    if (keyword == "dbname") target.database = with_name(value, user);
    target.conninfo = target.conninfo.with(keyword, with_name(value, user));
  }
  return target;
}

}  // namespace crossfade::postgres
