#include "crossfade/sql/statement_text.hpp"

#include <charconv>

#include "tokens.hpp"

namespace crossfade::sql {
namespace {

/// n of $n; 0 of anything else.
std::size_t number_of(const Token& token) {
  std::size_t number = 0;
  if (token.kind == Token::Kind::parameter) std::from_chars(token.text.data() + 1, token.text.data() + token.text.size(), number);
  return number;
}

}  // namespace

std::optional<std::vector<std::string>> read_logged_parameters(std::string_view detail) {
  std::vector<std::string> literals;
  Tokens tokens{detail};
  while (true) {
    if (number_of(tokens.next()) != literals.size() + 1 || tokens.next().text != "=") return std::nullopt;
    const Token value = tokens.next();
    const bool null = value.kind == Token::Kind::word && value.text == "NULL";
    if (!null && value.kind != Token::Kind::string) return std::nullopt;
    if (value.text.ends_with("...'")) return std::nullopt;
    literals.emplace_back(value.text);
    const Token after = tokens.next();
    if (after.kind == Token::Kind::end) return literals;
    if (after.text != ",") return std::nullopt;
  }
}

std::string with_parameters(std::string_view statement, std::span<const std::string> literals) {
  std::string out;
  const char* copied = statement.data();
  Tokens tokens{statement};
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    const std::size_t number = number_of(token);
    if (number == 0 || number > literals.size()) continue;
    out.append(copied, token.text.data());
    out += literals[number - 1];
    copied = token.text.data() + token.text.size();
  }
  return out.append(copied, statement.data() + statement.size());
}

}  // namespace crossfade::sql
