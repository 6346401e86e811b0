#include <algorithm>

#include "tokens.hpp"

namespace crossfade::sql {
namespace {

constexpr std::size_t kMaxBytes = 16 << 20;
constexpr int kMaxOpen = 1'000;
constexpr std::uint64_t kMaxReadAhead = 20'000'000;  // some 50 ms; 2,200 comments without space between them

/// Bytes of the UTF-8 character at the start of `text`; 0 when there is none (overlong, surrogate, cut, NUL).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

model::Result<void> check_utf8(std::string_view query) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  while (!query.empty()) {
    const std::size_t length = character_length(query);
    if (length == 0) {
      const auto byte = static_cast<unsigned char>(query.front());
      std::string message = "invalid byte sequence for encoding \"UTF8\": 0x";
      message += kDigits[byte >> 4];
      message += kDigits[byte & 0xF];
      return model::fail(model::SqlState{"22021"}, std::move(message));
    }
    query.remove_prefix(length);
  }
  return {};
}

bool is_keyword(std::string_view word, std::string_view keyword) {
  return std::ranges::equal(word, keyword, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

/// How a token changes the number of open things.
int opens(const Token& token) {
  if (token.kind == Token::Kind::word) return is_keyword(token.text, "case") ? 1 : is_keyword(token.text, "end") ? -1 : 0;
  if (token.kind != Token::Kind::symbol) return 0;
  if (token.text == "(" || token.text == "[") return 1;
  return token.text == ")" || token.text == "]" ? -1 : 0;
}

model::Result<void> check_read_ahead(const Tokens& tokens) {
  if (tokens.read_ahead() <= kMaxReadAhead) return {};
  return model::fail(model::SqlState{"54001"}, "statement is too complex", {},
                     "It has thousands of comments or operators without space between them: put some there, or leave them out.");
}

}  // namespace

model::Result<void> check_text(std::string_view query) {
  if (query.size() > kMaxBytes) return model::fail(model::SqlState{"54000"}, "query string is longer than 16 MiB");
  CROSSFADE_CHECK(check_utf8(query));
  Tokens tokens{query};
  int open = 0;
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    open = std::max(0, open + opens(token));
    CROSSFADE_CHECK(check_read_ahead(tokens));
    if (open <= kMaxOpen) continue;
    return model::fail(model::SqlState{"54001"}, "stack depth limit exceeded", {},
                       "A statement may nest 1000 parentheses, brackets and CASE expressions.");
  }
  return check_read_ahead(tokens);  // of comments behind the last token
}

}  // namespace crossfade::sql
