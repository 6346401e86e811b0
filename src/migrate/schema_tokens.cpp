#include "schema_tokens.hpp"

#include <algorithm>
#include <array>

namespace crossfade::migrate {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }

/// "a""b" → a"b; the closing quote is taken. nullopt when there is none.
std::optional<std::string> quoted(std::string_view& rest, char close) {
  std::string out;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] != close) {
      out += rest[i];
    } else if (close != ']' && i + 1 < rest.size() && rest[i + 1] == close) {
      out += rest[i++];
    } else {
      rest.remove_prefix(i + 1);
      return out;
    }
  }
  return std::nullopt;
}

std::string run(std::string_view& rest, bool (*belongs)(char)) {
  const auto end = std::ranges::find_if_not(rest, belongs);
  std::string out(rest.begin(), end);
  rest.remove_prefix(out.size());
  return out;
}

Token number(std::string_view& rest) {
  std::string text = run(rest, [](char c) { return is_digit(c) || c == '.'; });
  if (!rest.empty() && (rest[0] == 'e' || rest[0] == 'E')) {
    text += rest[0];
    rest.remove_prefix(1);
    if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) text += rest[0], rest.remove_prefix(1);
    text += run(rest, is_digit);
  }
  return {Token::Kind::number, text};
}

std::optional<Token> symbol(std::string_view& rest) {
  constexpr std::array<std::string_view, 18> kTokenSymbols{"==", "<>", "!=", "<=", ">=", "||", "=", "<", ">", "(", ")", ",", "+", "-", "*", ".", "/", "&"};
  for (const auto text : kTokenSymbols) {
    if (!rest.starts_with(text)) continue;
    rest.remove_prefix(text.size());
    return Token{Token::Kind::symbol, std::string(text)};
  }
  return std::nullopt;
}

std::optional<Token> next(std::string_view& rest) {
  const char c = rest[0];
  const auto in_quotes = [&rest](Token::Kind kind, char close) -> std::optional<Token> {
    auto text = quoted(rest, close);
    if (!text) return std::nullopt;
    return Token{kind, *std::move(text)};
  };
  if (c == '\'') return in_quotes(Token::Kind::string, '\'');
  if (c == '"' || c == '`') return in_quotes(Token::Kind::quoted_name, c);
  if (c == '[') return in_quotes(Token::Kind::quoted_name, ']');
  if ((c == 'x' || c == 'X') && rest.size() > 1 && rest[1] == '\'') {
    rest.remove_prefix(1);
    return in_quotes(Token::Kind::blob, '\'');
  }
  if (is_digit(c)) return number(rest);
  if (is_word(c)) return Token{Token::Kind::name, run(rest, is_word)};
  return symbol(rest);
}

}  // namespace

std::optional<std::vector<Token>> tokens(std::string_view sql) {
  std::vector<Token> out;
  while (true) {
    run(sql, is_space);
    if (sql.empty()) return out;
    if (sql.starts_with("--") || sql.starts_with("/*")) return std::nullopt;
    auto token = next(sql);
    if (!token) return std::nullopt;
    out.push_back(*std::move(token));
  }
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

}  // namespace crossfade::migrate
