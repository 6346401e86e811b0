#include <sqlite3.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "call.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// One element of a LIKE pattern.
struct Element { enum class Kind : std::uint8_t { character, any_one, any_many } kind; UChar32 character; };
/// An escape mark with nothing behind it. PostgreSQL complains only when its matcher gets there with text left.
constexpr UChar32 kDangling = -1;

/// A pattern as read. Most are a text with % before or behind it: those are compared byte by byte, which UTF-8 allows.
struct Pattern {
  enum class Shape : std::uint8_t { general, whole, prefix, suffix, within } shape = Shape::general;
  std::string literal;  // of all but the general
  std::vector<Element> elements;
  std::string escape;   // what it was read with
};

/// `escape` empty: no escape character. Errors: 22025 as PostgreSQL.
model::Result<std::vector<Element>> read_elements(std::string_view text, std::string_view escape) {
  if (length(escape) > 1) return model::fail("22025"_state, "invalid escape string", {}, "Escape string must be empty or one character.");
  const UChar32 mark = escape.empty() ? -1 : *Characters{escape}.begin();
  std::vector<Element> elements;
  bool escaped = false;
  for (const UChar32 character : Characters{text}) {
    if (escaped) {
      elements.push_back({Element::Kind::character, character});
      escaped = false;
    } else if (character == mark) {
      escaped = true;
    } else {
      const auto kind = character == '%' ? Element::Kind::any_many : character == '_' ? Element::Kind::any_one : Element::Kind::character;
      elements.push_back({kind, character});
    }
  }
  if (escaped) elements.push_back({Element::Kind::character, kDangling});
  return elements;
}

/// Sets `shape` and `literal` where the elements are characters with % at their ends only. What is not UTF-8 reads as U+FFFD: general.
void find_shape(Pattern& pattern) {
  const auto many = [](const Element& element) { return element.kind == Element::Kind::any_many; };
  const auto plain = [](const Element& element) {
    return element.kind == Element::Kind::character && element.character != kDangling && element.character != kReplacement;
  };
  auto begin = pattern.elements.begin(), end = pattern.elements.end();
  while (begin != end && many(*begin)) ++begin;
  while (end != begin && many(*(end - 1))) --end;
  if (!std::all_of(begin, end, plain)) return;
  for (auto at = begin; at != end; ++at) append_utf8(pattern.literal, at->character);
  const bool open_before = begin != pattern.elements.begin(), open_behind = end != pattern.elements.end();
  using Shape = Pattern::Shape;
  pattern.shape = open_before ? (open_behind || begin == end ? Shape::within : Shape::suffix) : open_behind ? Shape::prefix : Shape::whole;
}

bool matches_literal(std::string_view text, const Pattern& pattern) {
  const std::string_view literal = pattern.literal;
  switch (pattern.shape) {
    case Pattern::Shape::whole: return text == literal;
    case Pattern::Shape::prefix: return text.starts_with(literal);
    case Pattern::Shape::suffix: return text.ends_with(literal);
    case Pattern::Shape::within: return text.find(literal) != std::string_view::npos;
    case Pattern::Shape::general: break;
  }
  return false;
}

/// Greedy with one point to come back to: linear for each '%', never exponential. `text`: characters, folded.
template <class Text>
model::Result<bool> matches(const Text& text, const std::vector<Element>& pattern) {
  std::size_t at = 0, element = 0, retry_at = 0, retry_element = std::string::npos;
  while (at < text.size()) {
    const bool more = element < pattern.size();
    if (more && pattern[element].character == kDangling) {
      return model::fail("22025"_state, "LIKE pattern must not end with escape character");
    }
    if (more && pattern[element].kind == Element::Kind::any_many) {
      retry_element = ++element;
      retry_at = at;
    } else if (more && (pattern[element].kind == Element::Kind::any_one || pattern[element].character == static_cast<UChar32>(text[at]))) {
      ++at;
      ++element;
    } else if (retry_element != std::string::npos) {
      at = ++retry_at;
      element = retry_element;
    } else {
      return false;
    }
  }
  while (element < pattern.size() && pattern[element].kind == Element::Kind::any_many) ++element;
  return element == pattern.size();
}

struct AsWritten {
  static UChar32 fold(UChar32 character) { return character; }
  static UChar32 fold_ascii(char character) { return character; }
};
struct Lowered {
  static UChar32 fold(UChar32 character) { return u_tolower(character); }
  static UChar32 fold_ascii(char character) { return character >= 'A' && character <= 'Z' ? character | 0x20 : character; }
};

/// A text of ASCII alone, whose bytes are its characters.
template <class Fold>
struct AsciiText {
  std::string_view bytes;
  std::size_t size() const { return bytes.size(); }
  UChar32 operator[](std::size_t at) const { return Fold::fold_ascii(bytes[at]); }
};

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
}

template <class Fold>
Answer like(const Call& call) {
  const std::string_view escape = call.size() > 2 ? call.text(2) : "\\";
  CROSSFADE_TRY(const Pattern* const pattern, call.kept<Pattern>(1, [&](const Pattern& known) { return known.escape == escape; }, [&]() -> model::Result<Pattern> {
    Pattern read{.escape = std::string{escape}};
    CROSSFADE_TRY(read.elements, read_elements(call.text(1), escape));
    for (Element& element : read.elements) element.character = element.character == kDangling ? kDangling : Fold::fold(element.character);
    if constexpr (std::is_same_v<Fold, AsWritten>) find_shape(read);
    return read;
  }));
  if (pattern->shape != Pattern::Shape::general) return std::int64_t{matches_literal(call.text(0), *pattern)};
  const auto answered = [](const model::Result<bool>& matched) { return matched ? Answer{std::int64_t{*matched}} : std::unexpected(matched.error()); };
  if (is_ascii(call.text(0))) return answered(matches(AsciiText<Fold>{call.text(0)}, pattern->elements));
  std::u32string text;
  for (const UChar32 character : Characters{call.text(0)}) text.push_back(static_cast<char32_t>(Fold::fold(character)));
  return answered(matches(text, pattern->elements));
}

/// From the second row on, where the pattern is a constant of a simple shape and the text is one.
bool quick_like(sqlite3_context* context, std::span<sqlite3_value*> values) {
  const auto* pattern = static_cast<const Pattern*>(sqlite3_get_auxdata(context, 1));
  if (pattern == nullptr || pattern->shape == Pattern::Shape::general || sqlite3_value_type(values[0]) != SQLITE_TEXT) return false;
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  if (text == nullptr) return false;
  sqlite3_result_int(context, matches_literal({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))}, *pattern));
  return true;
}

/// Each byte as the character of its number: LIKE of bytes compares bytes.
std::string as_characters(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) append_utf8(out, static_cast<unsigned char>(byte));
  return out;
}

Answer like_bytes(const Call& call) {
  const std::string escape = call.size() > 2 ? as_characters(call.bytes(2)) : "\\";
  CROSSFADE_TRY(const auto elements, read_elements(as_characters(call.bytes(1)), escape));
  std::u32string data;
  for (const char byte : call.bytes(0)) data.push_back(static_cast<unsigned char>(byte));
  CROSSFADE_TRY(const bool matched, matches(data, elements));
  return std::int64_t{matched};
}

/// like_escape(pattern, mark): the pattern with a backslash for the mark.
model::Result<std::string> escaped_pattern(std::string_view pattern, std::string_view mark, bool one) {
  if (!mark.empty() && !one) return model::fail("22025"_state, "invalid escape string", {}, "Escape string must be empty or one character.");
  if (mark == "\\") return std::string{pattern};
  std::string out;
  for (bool behind_mark = false; !pattern.empty();) {
    const bool marks = !mark.empty() && !behind_mark && pattern.starts_with(mark);
    if (marks) {
      out += '\\';
      pattern.remove_prefix(mark.size());
    } else {
      if (pattern.front() == '\\' && !behind_mark) out += '\\';
      out += pattern.front();
      pattern.remove_prefix(1);
    }
    behind_mark = marks;
  }
  return out;
}
Answer like_escape(const Call& call) {
  CROSSFADE_TRY(std::string made, escaped_pattern(call.text(0), call.text(1), length(call.text(1)) == 1));
  return made;
}
Answer like_escape_bytes(const Call& call) {
  CROSSFADE_TRY(std::string made, escaped_pattern(call.bytes(0), call.bytes(1), call.bytes(1).size() == 1));
  return model::Bytes{std::move(made)};
}

constexpr std::array kPatternFunctions{
    Function{"crossfade_like_bytes", 2, like_bytes},
    Function{"crossfade_like_bytes", 3, like_bytes},
    Function{"crossfade_like_escape", 2, like_escape},
    Function{"crossfade_like_escape_bytes", 2, like_escape_bytes},
    Function{"crossfade_like", 2, like<AsWritten>, Nulls::propagate, Volatility::immutable, quickly<quick_like>},
    Function{"crossfade_like", 3, like<AsWritten>},
    Function{"crossfade_ilike", 2, like<Lowered>},
    Function{"crossfade_ilike", 3, like<Lowered>},
};

}  // namespace

std::span<const Function> pattern_functions() { return kPatternFunctions; }

}  // namespace crossfade::sqlite::functions
