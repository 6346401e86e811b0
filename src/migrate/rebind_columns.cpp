#include "rebind_columns.hpp"

#include <algorithm>
#include <cctype>

namespace crossfade::migrate {
namespace {

bool starts_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) || c == '_' || byte >= 0x80;
}
bool in_word(char c) { return starts_word(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '$'; }

bool same_word(std::string_view word, std::string_view upper) {
  return std::ranges::equal(word, upper, [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; });
}

/// The end of what a quote opens; a doubled quote is part of it.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char close = text[at] == '[' ? ']' : text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] != close) continue;
    if (close != ']' && i + 1 < text.size() && text[i + 1] == close) ++i;
    else return i + 1;
  }
  return text.size();
}

std::string unquoted(std::string_view quoted) {
  std::string name;
  const char close = quoted.back();
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    name += quoted[i];
    if (quoted[i] == close && close != ']') ++i;
  }
  return name;
}

bool calls(std::string_view text, std::size_t after) {
  while (after < text.size() && std::isspace(static_cast<unsigned char>(text[after]))) ++after;
  return after < text.size() && text[after] == '(';
}

}  // namespace

std::string rebind_columns(std::string_view expression, const ColumnText& text_of) {
  std::string out;
  bool name_expected = false;  // after COLLATE, or AS in a cast: a collation or a type
  for (std::size_t at = 0; at < expression.size();) {
    const char c = expression[at];
    std::size_t end = at + 1;
    std::optional<std::string> replaced;
    if (c == '\'') {
      end = quoted_end(expression, at);
    } else if (c == '"' || c == '`' || c == '[') {
      end = quoted_end(expression, at);
      if (!name_expected) replaced = text_of(unquoted(expression.substr(at, end - at)));
      name_expected = false;
    } else if (starts_word(c)) {
      while (end < expression.size() && in_word(expression[end])) ++end;
      const std::string_view word = expression.substr(at, end - at);
      if ((word == "x" || word == "X") && end < expression.size() && expression[end] == '\'') {
        end = quoted_end(expression, end);  // a blob literal
      } else if (same_word(word, "COLLATE") || same_word(word, "AS")) {
        name_expected = true;
      } else if (name_expected) {
        name_expected = false;
      } else if (!calls(expression, end)) {
        replaced = text_of(word);
      }
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      while (end < expression.size() && (in_word(expression[end]) || expression[end] == '.')) ++end;
    }
    out += replaced ? *replaced : std::string(expression.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace crossfade::migrate
