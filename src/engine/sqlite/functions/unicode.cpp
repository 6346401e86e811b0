#include <unicode/unorm2.h>

#include <array>

#include "arrays.hpp"
#include "regex.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace unicode {

int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1; }

/// The number that `count` hexadecimal digits at `at` say; -1 where they are not all there.
std::int64_t hex_number(std::string_view text, std::size_t at, std::size_t count) {
  std::int64_t number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const int digit = i < text.size() ? hex_digit(text[i]) : -1;
    if (digit < 0) return -1;
    number = number << 4 | digit;
  }
  return number;
}

/// unistr(text): \0041, \+000041, \u0041, \U00000041 and \\.
Answer unistr(const Call& call) {
  struct Form { char mark; std::size_t skipped, digits; };
  constexpr std::array kForms{Form{'+', 2, 6}, Form{'u', 2, 4}, Form{'U', 2, 8}};
  const std::string_view text = call.text(0);
  const auto bad_pair = [] { return model::fail("42601"_state, "invalid Unicode surrogate pair"); };
  std::string out;
  std::int64_t first = 0;  // of a pair
  for (std::size_t at = 0; at < text.size();) {
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (text[at] != '\\' || next == '\\') {
      if (first != 0) return bad_pair();
      out += text[at];
      at += text[at] == '\\' ? 2 : 1;
      continue;
    }
    const auto* form = std::ranges::find(kForms, next, &Form::mark);
    const Form used = form == kForms.end() ? Form{'\\', 1, 4} : *form;
    std::int64_t code = hex_number(text, at + used.skipped, used.digits);
    if (code < 0) {
      return model::fail("42601"_state, "invalid Unicode escape", {}, "Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
    }
    if (code == 0 || code > 0x10FFFF) return model::fail("22023"_state, "invalid Unicode code point: " + std::string{text.substr(at + used.skipped, used.digits)});
    const bool second = code >= 0xDC00 && code <= 0xDFFF;
    if ((first != 0) != second) return bad_pair();
    at += used.skipped + used.digits;
    if (second) code = 0x10000 + ((first - 0xD800) << 10) + (code - 0xDC00), first = 0;
    if (code >= 0xD800 && code <= 0xDBFF) first = code;
    else append_utf8(out, static_cast<UChar32>(code));
  }
  if (first != 0) return bad_pair();
  return out;
}

model::Result<const UNormalizer2*> normalizer(std::string_view form) {
  std::string name{form};
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  UErrorCode code = U_ZERO_ERROR;
  const UNormalizer2* found = name == "NFC"    ? unorm2_getNFCInstance(&code)
                              : name == "NFD"  ? unorm2_getNFDInstance(&code)
                              : name == "NFKC" ? unorm2_getNFKCInstance(&code)
                              : name == "NFKD" ? unorm2_getNFKDInstance(&code)
                                               : nullptr;
  if (found == nullptr || U_FAILURE(code)) return model::fail("22023"_state, "invalid normalization form: " + std::string{form});
  return found;
}

Answer normalize(const Call& call) {
  CROSSFADE_TRY(const UNormalizer2* const form, normalizer(call.text(1)));
  const std::u16string text = to_utf16(call.text(0));
  std::u16string out(text.size() + text.size() / 2 + 16, u'\0');
  UErrorCode code = U_ZERO_ERROR;
  const auto fill = [&] { return unorm2_normalize(form, text.data(), static_cast<std::int32_t>(text.size()), out.data(), static_cast<std::int32_t>(out.size()), &code); };
  std::int32_t size = fill();
  if (code == U_BUFFER_OVERFLOW_ERROR) {
    out.resize(static_cast<std::size_t>(size));
    code = U_ZERO_ERROR;
    size = fill();
  }
  if (U_FAILURE(code)) return model::fail("54000"_state, "requested length too large");
  out.resize(static_cast<std::size_t>(size));
  return to_utf8(out);
}
Answer is_normalized(const Call& call) {
  CROSSFADE_TRY(const UNormalizer2* const form, normalizer(call.text(1)));
  const std::u16string text = to_utf16(call.text(0));
  UErrorCode code = U_ZERO_ERROR;
  return std::int64_t{unorm2_isNormalized(form, text.data(), static_cast<std::int32_t>(text.size()), &code) != 0};
}

// ---- parse_ident

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool continues_name(char c) { return begins_name(c) || (c >= '0' && c <= '9') || c == '$'; }

/// parse_ident(text, strict): the parts of a qualified name, folded where they are not quoted.
Answer parse_ident(const Call& call) {
  const std::string text = call.string(0);
  const auto bad = [&](std::string detail) { return model::fail("22023"_state, "string is not a valid identifier: \"" + text + "\"", std::move(detail)); };
  std::vector<model::Value> parts;
  std::size_t at = 0;
  const auto skip = [&] { while (at < text.size() && is_space(text[at])) ++at; };
  skip();
  for (bool after_dot = false;;) {
    std::string part;
    if (at < text.size() && text[at] == '"') {
      for (++at;; ++at) {
        if (at >= text.size()) return bad("String has unclosed double quotes.");
        const bool quote = text[at] == '"', doubled = quote && at + 1 < text.size() && text[at + 1] == '"';
        if (quote && !doubled) break;
        part += text[at];
        at += doubled ? 1 : 0;
      }
      ++at;
      if (part.empty()) return bad("Quoted identifier must not be empty.");
    } else if (at < text.size() && begins_name(text[at])) {
      for (; at < text.size() && continues_name(text[at]); ++at) part += text[at] >= 'A' && text[at] <= 'Z' ? static_cast<char>(text[at] | 0x20) : text[at];
    } else {
      return bad(at < text.size() && text[at] == '.' ? "No valid identifier before \".\"." : after_dot ? "No valid identifier after \".\"." : "");
    }
    parts.emplace_back(part);
    skip();
    if (at < text.size() && text[at] == '.') {
      after_dot = true;
      ++at;
      skip();
    } else if (at >= text.size() || call.integer(1) == 0) {
      break;
    } else {
      return bad("");
    }
  }
  return to_runtime(model::array_of_values(std::move(parts)), *model::array_of({oid::text}));
}

constexpr std::array kUnicodeFunctions{Function{"crossfade_unistr", 1, unistr}, Function{"crossfade_normalize", 2, normalize}, Function{"crossfade_is_normalized", 2, is_normalized},
                                       Function{"crossfade_parse_ident", 2, parse_ident}};

}  // namespace unicode

std::span<const Function> unicode_functions() { return unicode::kUnicodeFunctions; }

}  // namespace crossfade::sqlite::functions
