#include "jsonpath_scan.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "ascii.hpp"
#include "crossfade/model/json.hpp"

namespace crossfade::model {
namespace {

constexpr std::string_view kSpecial = "?%$.[]{}()|&!=<>@#,*:-+/", kBlanks = " \t\n\r\f";
constexpr std::array<std::string_view, 10> kSigns{"&&", "||", "**", "<=", ">=", "==", "<>", "!=", "<", ">"};

/// Those of `exact` are keywords in small letters only.
struct Keyword { std::string_view name; bool exact = false; };
constexpr std::array kKeywords{
    Keyword{"is"},   Keyword{"to"},          Keyword{"abs"},          Keyword{"lax"},  Keyword{"flag"},  Keyword{"last"},   Keyword{"null", true}, Keyword{"size"},
    Keyword{"true", true}, Keyword{"type"},  Keyword{"with"},         Keyword{"false", true}, Keyword{"floor"}, Keyword{"double"}, Keyword{"exists"}, Keyword{"starts"},
    Keyword{"strict"}, Keyword{"ceiling"},   Keyword{"unknown"},      Keyword{"datetime"}, Keyword{"keyvalue"}, Keyword{"like_regex"},
};

struct LetterEscape { char letter, character; };
constexpr std::array kLetterEscapes{LetterEscape{'b', '\b'}, LetterEscape{'f', '\f'}, LetterEscape{'n', '\n'}, LetterEscape{'r', '\r'}, LetterEscape{'t', '\t'}, LetterEscape{'v', '\v'}};

bool is_hex(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }
std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower(c) - 'a' + 10);
  return value;
}
bool ends_word(char c) { return kSpecial.find(c) != kSpecial.npos || kBlanks.find(c) != kBlanks.npos || c == '"'; }
std::size_t width_of(char c) { return (c & 0x80) == 0 ? 1 : (c & 0x20) == 0 ? 2 : (c & 0x10) == 0 ? 3 : 4; }

std::unexpected<Error> half_pair(std::string_view detail) { return fail("22P02"_state, "invalid input syntax for type jsonpath", std::string{detail}); }
constexpr std::string_view kLowFollows = "Unicode low surrogate must follow a high surrogate.";

Result<void> append_code(std::string& out, std::uint32_t code) {
  constexpr std::uint32_t kMost = 0x10ffff;
  if (code == 0) return fail("22P05"_state, "unsupported Unicode escape sequence", "\\u0000 cannot be converted to text.");
  if (code > kMost) return fail("42601"_state, "invalid Unicode code point");
  append_character(out, code);
  return {};
}

}  // namespace

std::unexpected<Error> path_error(std::string_view message, std::string_view shown) {
  std::string text{message};
  if (shown.empty()) text += " at end of jsonpath input";
  else text.append(" at or near \"").append(shown).append("\" of jsonpath input");
  return fail("42601"_state, std::move(text));
}

Result<void> PathScanner::skip_comment() {
  const std::size_t end = text_.find("*/", at_ + 2);
  if (end == text_.npos) return path_error("unexpected end of comment", "");
  at_ = end + 2;
  return {};
}

Result<void> PathScanner::skip_blanks() {
  while (true) {
    at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
    if (!text_.substr(at_).starts_with("/*")) return {};
    CROSSFADE_CHECK(skip_comment());
  }
}

/// A run of \uXXXX and \u{X…}: surrogates are paired within it.
Result<void> PathScanner::unicode(std::string& out) {
  const std::size_t begin = at_;
  std::vector<std::uint32_t> codes;
  while (text_.substr(at_).starts_with("\\u")) {
    at_ += 2;
    const bool braces = peek() == '{';
    if (braces) ++at_;
    const std::size_t digits = at_, most = braces ? 6 : 4;
    while (at_ - digits < most && is_hex(peek())) ++at_;
    const bool whole = braces ? at_ > digits && peek() == '}' : at_ - digits == most;
    if (!whole) return path_error("invalid unicode sequence", text_.substr(begin, at_ - begin));
    codes.push_back(hex_value(text_.substr(digits, at_ - digits)));
    if (braces) ++at_;
  }
  std::optional<std::uint32_t> high;
  for (std::uint32_t code : codes) {
    if (code >= 0xd800 && code <= 0xdbff) {
      if (high) return half_pair("Unicode high surrogate must not follow a high surrogate.");
      high = code;
      continue;
    }
    const bool low = code >= 0xdc00 && code <= 0xdfff;
    if (low != high.has_value()) return half_pair(kLowFollows);
    if (low) code = 0x10000 + ((*high - 0xd800) << 10) + (code - 0xdc00);
    high.reset();
    CROSSFADE_CHECK(append_code(out, code));
  }
  if (high) return half_pair(kLowFollows);
  return {};
}

Result<void> PathScanner::hex(std::string& out) {
  const std::size_t digits = at_ + 2;
  std::size_t count = 0;
  while (count < 2 && is_hex(peek(2 + count))) ++count;
  if (count < 2) return path_error("invalid hex character sequence", text_.substr(at_, 2 + count));
  at_ += 4;
  return append_code(out, hex_value(text_.substr(digits, 2)));
}

Result<void> PathScanner::escape(std::string& out) {
  const char letter = peek(1);
  if (letter == 'u') return unicode(out);
  if (letter == 'x') return hex(out);
  if (at_ + 1 >= text_.size() || letter == '\n') return path_error("unexpected end after backslash", "\\");
  const auto known = std::ranges::find(kLetterEscapes, letter, &LetterEscape::letter);
  out += known == kLetterEscapes.end() ? letter : known->character;
  at_ += 2;
  return {};
}

Result<PathToken> PathScanner::quoted(PathToken::Kind kind) {
  PathToken token{kind, {}, "\""};
  while (at_ < text_.size()) {
    if (peek() == '\\') {
      CROSSFADE_CHECK(escape(token.text));
    } else if (peek() == '"') {
      ++at_;
      return token;
    } else {
      token.text += text_[at_++];
    }
  }
  return path_error("unexpected end of quoted string", "");
}

Result<PathToken> PathScanner::number() {
  const std::size_t begin = at_;
  const auto digits = [&] { while (is_digit(peek())) ++at_; };
  PathToken token{PathToken::Kind::integer};
  if (peek() == '0') ++at_;
  else digits();
  if (peek() == '.') {
    ++at_;
    digits();
    token.kind = PathToken::Kind::number;
  }
  const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
  const bool exponent = lower(peek()) == 'e';
  if (exponent && is_digit(peek(1 + sign))) {
    at_ += 1 + sign;
    digits();
    token.kind = PathToken::Kind::number;
  } else if (exponent && sign == 1) {
    return path_error("invalid numeric literal", text_.substr(begin, at_ + 2 - begin));
  }
  if (at_ < text_.size() && !ends_word(peek()) && peek() != '\\') {
    std::size_t run = begin;  // "1a" is no number, "1ab" is a name: PostgreSQL takes the longest word that there is
    while (run < text_.size() && !ends_word(text_[run]) && text_[run] != '\\') ++run;
    if (run > at_ + 1) {
      at_ = begin;
      return word();
    }
    return path_error("trailing junk after numeric literal", text_.substr(begin, at_ + width_of(peek()) - begin));
  }
  token.text = token.shown = text_.substr(begin, at_ - begin);
  return token;
}

/// PostgreSQL has read on when it knows a word's end: messages show the blanks behind it, or nothing. A comment right behind it swallows the word.
Result<PathToken> PathScanner::word() {
  PathToken token{PathToken::Kind::word};
  while (at_ < text_.size() && !ends_word(peek())) {
    if (peek() == '\\') {
      CROSSFADE_CHECK(escape(token.text));
    } else {
      token.text += text_[at_++];
    }
  }
  if (text_.substr(at_).starts_with("/*")) {
    CROSSFADE_CHECK(skip_comment());
    return next();
  }
  const std::size_t blanks = at_;
  at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
  token.shown = text_.substr(blanks, at_ - blanks);
  for (const Keyword& each : kKeywords) {
    if (each.exact ? token.text != each.name : !equals_ignoring_case(token.text, each.name)) continue;
    token.written = std::exchange(token.text, std::string{each.name});
    token.keyword = true;
  }
  return token;
}

PathToken PathScanner::sign() {
  const auto longer = std::ranges::find_if(kSigns, [&](std::string_view each) { return text_.substr(at_).starts_with(each); });
  const std::string text{longer == kSigns.end() ? text_.substr(at_, 1) : *longer};
  at_ += text.size();
  return {PathToken::Kind::sign, text, text};
}

Result<PathToken> PathScanner::next() {
  CROSSFADE_CHECK(skip_blanks());
  if (at_ >= text_.size()) return PathToken{};
  const char c = peek();
  if (c == '"' || (c == '$' && peek(1) == '"')) {
    at_ += c == '"' ? 1 : 2;
    return quoted(c == '"' ? PathToken::Kind::string : PathToken::Kind::variable);
  }
  if (c == '$' && at_ + 1 < text_.size() && !ends_word(peek(1)) && peek(1) != '\\') {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && !ends_word(peek()) && peek() != '\\') ++at_;
    return PathToken{PathToken::Kind::variable, std::string{text_.substr(begin + 1, at_ - begin - 1)}, std::string{text_.substr(begin, at_ - begin)}};
  }
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
  if (kSpecial.find(c) != kSpecial.npos) return sign();
  return word();
}

}  // namespace crossfade::model
