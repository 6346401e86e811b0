#include "tokens.hpp"

#include <algorithm>
#include <array>

namespace crossfade::sql {
namespace {

constexpr std::string_view kOperators = "~!@#^&|`?+-*/%<>=";
constexpr std::uint8_t kSpace = 1, kDigit = 2, kBeginsWord = 4, kContinuesWord = 8, kOperator = 16;

constexpr std::uint8_t class_of(unsigned char c) {
  if (c == ' ' || (c >= '\t' && c <= '\r')) return kSpace;
  if (c >= '0' && c <= '9') return kDigit | kContinuesWord;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80) return kBeginsWord | kContinuesWord;
  if (c == '$') return kContinuesWord;
  return kOperators.contains(static_cast<char>(c)) ? kOperator : 0;
}

/// Of each byte: a word's bytes are looked at one by one, whatever they are.
constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < classes.size(); ++c) classes[c] = class_of(static_cast<unsigned char>(c));
  return classes;
}();

bool is(std::uint8_t what, char c) { return (kClasses[static_cast<unsigned char>(c)] & what) != 0; }
bool is_space(char c) { return is(kSpace, c); }
bool is_digit(char c) { return is(kDigit, c); }
bool begins_word(char c) { return is(kBeginsWord, c); }
bool continues_word(char c) { return is(kContinuesWord, c); }
bool is_operator(char c) { return is(kOperator, c); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

void Tokens::look_ahead(std::size_t at) {
  const char* const begin = text_.data() + at;
  if (run_end_ == nullptr || begin >= run_end_) run_end_ = std::find_if_not(begin, text_.data() + text_.size(), is_operator);
  read_ahead_ += static_cast<std::uint64_t>(run_end_ - begin);
}

/// Bytes of the comment at the start of what is left: 0 when there is none.
std::size_t Tokens::comment_length() {
  if (text_.starts_with("--")) return std::min(text_.find_first_of("\r\n"), text_.size());
  if (!text_.starts_with("/*")) return 0;
  std::size_t depth = 0;
  for (std::size_t i = 0; i + 1 < text_.size(); ++i) {
    const std::string_view two = text_.substr(i, 2);
    if (two == "/*") { look_ahead(i); ++depth; ++i; }
    else if (two == "*/") { ++i; if (--depth == 0) return i + 1; }
  }
  return text_.size();
}

void Tokens::skip_space() {
  while (true) {
    std::size_t length = 0;
    while (length < text_.size() && is_space(text_[length])) ++length;
    text_.remove_prefix(length);
    if (text_.empty() || (text_.front() != '-' && text_.front() != '/')) return;
    length = comment_length();
    if (length == 0) return;
    text_.remove_prefix(length);
  }
}

std::string_view Tokens::take(std::size_t length) {
  const std::string_view taken = text_.substr(0, length);
  text_.remove_prefix(taken.size());
  return taken;
}

/// Bytes up to and with the closing quote; `begin` is the byte after the opening one.
std::size_t Tokens::quoted(std::size_t begin, char quote, bool backslashes) const {
  for (std::size_t i = begin; i < text_.size(); ++i) {
    if (backslashes && text_[i] == '\\') ++i;
    else if (text_[i] == quote && at(i + 1) == quote) ++i;
    else if (text_[i] == quote) return i + 1;
  }
  return text_.size();
}

/// Bytes of $tag$ … $tag$ at the start; 0 when it is no such quote.
std::size_t Tokens::dollar_quoted() const {
  std::size_t end = 1;
  while (continues_word(at(end)) && at(end) != '$' && !(end == 1 && is_digit(at(end)))) ++end;
  if (at(end) != '$') return 0;
  const std::string_view tag = text_.substr(0, end + 1);
  const std::size_t close = text_.find(tag, tag.size());
  return close == std::string_view::npos ? text_.size() : close + tag.size();
}

std::size_t Tokens::word() const {
  std::size_t end = 1;
  while (end < text_.size() && continues_word(text_[end])) ++end;
  return end;
}

std::size_t Tokens::number() const {
  std::size_t end = 0;
  const auto digits = [&] { while (is_digit(at(end))) ++end; };
  digits();
  if (at(end) == '.') { ++end; digits(); }
  if (lower(at(end)) == 'e') {
    const std::size_t sign = at(end + 1) == '+' || at(end + 1) == '-' ? 1 : 0;
    if (is_digit(at(end + 1 + sign))) { end += 1 + sign; digits(); }
  }
  return std::max<std::size_t>(end, 1);
}

Token Tokens::next() {
  using Kind = Token::Kind;
  skip_space();
  if (text_.empty()) return {};
  const char first = text_.front(), folded = lower(first);
  if (begins_word(first) && at(1) != '\'' && at(1) != '&') return {Kind::word, take(word())};
  if (first == '\'') return {Kind::string, take(quoted(1, '\'', false))};
  if (first == '"') return {Kind::quoted_name, take(quoted(1, '"', false))};
  if ((folded == 'e' || folded == 'b' || folded == 'x' || folded == 'n') && at(1) == '\'') {
    return {Kind::string, take(quoted(2, '\'', folded == 'e'))};
  }
  if (folded == 'u' && at(1) == '&' && (at(2) == '\'' || at(2) == '"')) {
    return {at(2) == '"' ? Kind::quoted_name : Kind::string, take(quoted(3, at(2), false))};
  }
  if (begins_word(first)) return {Kind::word, take(word())};
  if (is_digit(first) || (first == '.' && is_digit(at(1)))) return {Kind::number, take(number())};
  if (first == '$' && is_digit(at(1))) {
    std::size_t end = 1;
    while (is_digit(at(end))) ++end;
    return {Kind::parameter, take(end)};
  }
  if (first == '$') {
    if (const std::size_t length = dollar_quoted(); length > 0) return {Kind::string, take(length)};
  }
  look_ahead(0);
  return {Kind::symbol, take(1)};
}

}  // namespace crossfade::sql
