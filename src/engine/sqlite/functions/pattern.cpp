#include <unicode/uchar.h>

#include <array>

#include "call.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// One element of a LIKE pattern.
struct Element { enum class Kind : std::uint8_t { character, any_one, any_many } kind; UChar32 character; };
using Pattern = std::vector<Element>;
/// An escape mark with nothing behind it. PostgreSQL complains only when its matcher gets there with text left.
constexpr UChar32 kDangling = -1;

/// `escape` empty: no escape character. Errors: 22025 as PostgreSQL.
model::Result<Pattern> read_pattern(std::string_view text, std::string_view escape) {
  if (length(escape) > 1) return model::fail("22025"_state, "invalid escape string", {}, "Escape string must be empty or one character.");
  const UChar32 mark = escape.empty() ? -1 : *Characters{escape}.begin();
  Pattern pattern;
  bool escaped = false;
  for (const UChar32 character : Characters{text}) {
    if (escaped) {
      pattern.push_back({Element::Kind::character, character});
      escaped = false;
    } else if (character == mark) {
      escaped = true;
    } else {
      const auto kind = character == '%' ? Element::Kind::any_many : character == '_' ? Element::Kind::any_one : Element::Kind::character;
      pattern.push_back({kind, character});
    }
  }
  if (escaped) pattern.push_back({Element::Kind::character, kDangling});
  return pattern;
}

/// Greedy with one point to come back to: linear for each '%', never exponential.
model::Result<bool> matches(const std::u32string& text, const Pattern& pattern) {
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

template <UChar32 (*Fold)(UChar32)>
Answer like(const Call& call) {
  CROSSFADE_TRY(Pattern pattern, read_pattern(call.text(1), call.size() > 2 ? call.text(2) : "\\"));
  for (Element& element : pattern) element.character = element.character == kDangling ? kDangling : Fold(element.character);
  std::u32string text;
  for (const UChar32 character : Characters{call.text(0)}) text.push_back(static_cast<char32_t>(Fold(character)));
  CROSSFADE_TRY(const bool matched, matches(text, pattern));
  return std::int64_t{matched};
}
UChar32 same(UChar32 character) { return character; }
UChar32 lower(UChar32 character) { return u_tolower(character); }

constexpr std::array kPatternFunctions{
    Function{"crossfade_like", 2, like<same>},
    Function{"crossfade_like", 3, like<same>},
    Function{"crossfade_ilike", 2, like<lower>},
    Function{"crossfade_ilike", 3, like<lower>},
};

}  // namespace

std::span<const Function> pattern_functions() { return kPatternFunctions; }

}  // namespace crossfade::sqlite::functions
