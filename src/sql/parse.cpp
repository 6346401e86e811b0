#include <algorithm>

#include "crossfade/sql/translate.hpp"
#include "postgres/front.hpp"
#include "tokens.hpp"
#include "tree.hpp"

namespace crossfade::sql {

namespace {

constexpr std::size_t kLongestKept = 63;  // NAMEDATALEN - 1

/// A name as it was meant: without quotes, in lower case where it was not quoted.
std::string meant_name(const Token& token) {
  std::string name;
  const bool quoted = token.kind == Token::Kind::quoted_name;
  const std::string_view inner = quoted ? token.text.substr(1, token.text.size() - 2) : token.text;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const char each = inner[i];
    name += !quoted && each >= 'A' && each <= 'Z' ? static_cast<char>(each + ('a' - 'A')) : each;
    if (quoted && each == '"') ++i;
  }
  return name;
}

/// A NOTICE for each name that PostgreSQL cuts. Names by their code points (U&"…") are not looked at.
std::vector<model::Error> cut_names(std::string_view query) {
  std::vector<model::Error> notices;
  if (query.size() <= kLongestKept) return notices;
  Tokens tokens{query};
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    const bool quoted = token.kind == Token::Kind::quoted_name;
    if (token.text.size() <= kLongestKept || (!quoted && token.kind != Token::Kind::word)) continue;
    if (quoted && token.text.front() != '"') continue;
    const std::string name = meant_name(token);
    if (name.size() <= kLongestKept) continue;
    std::size_t length = kLongestKept;
    while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0) == 0x80) --length;
    notices.push_back({model::SqlState{"42622"}, "identifier \"" + name + "\" will be truncated to \"" + name.substr(0, length) + "\""});
  }
  return notices;
}

}  // namespace

model::Result<std::vector<Parsed>> parse(std::string_view query, Dialect dialect) {
  if (dialect == Dialect::sqlite) {
    return model::fail(model::SqlState{"0A000"}, "the sqlite dialect is not supported yet", {},
                       "SET crossfade.dialect = postgres.");
  }
  CROSSFADE_CHECK(check_text(query));
  CROSSFADE_TRY(std::vector<Parsed> out, postgres_front::parse(query));
  if (out.empty()) out.push_back({.tree = std::make_shared<const Tree>()});
  out.front().notices = cut_names(query);
  return out;
}

}  // namespace crossfade::sql
