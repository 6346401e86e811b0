#include <openssl/evp.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <limits>

#include "call.hpp"
#include "utf8.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using Int64 = std::int64_t;

template <UChar32 (*Change)(UChar32)>
Answer cased(const Call& call) {
  std::string result;
  for (const UChar32 character : Characters{call.text(0)}) append_utf8(result, Change(character));
  return result;
}

Answer initcap(const Call& call) {
  std::string result;
  bool inside = false;
  for (const UChar32 character : Characters{call.text(0)}) {
    append_utf8(result, inside ? u_tolower(character) : u_toupper(character));
    inside = u_isalnum(character);
  }
  return result;
}

struct Span { Int64 skipped, count; };

/// substr(s, from[, count]): positions before 1 count but give nothing.
model::Result<Span> span_of(const Call& call) {
  const Int64 from = call.integer(1);
  Int64 end = std::numeric_limits<Int64>::max();
  if (call.size() > 2) {
    const Int64 count = call.integer(2);
    if (count < 0) return model::fail("22011"_state, "negative substring length not allowed");
    if (__builtin_add_overflow(from, count, &end)) end = std::numeric_limits<Int64>::max();
  }
  const Int64 begin = std::max<Int64>(from, 1);
  return Span{begin - 1, std::max<Int64>(end - begin, 0)};
}

Answer substring(const Call& call) {
  CROSSFADE_TRY(const Span span, span_of(call));
  return std::string{characters(call.text(0), span.skipped, span.count)};
}

Answer bytes_substring(const Call& call) {
  CROSSFADE_TRY(const Span span, span_of(call));
  const std::string_view bytes = call.text(0);
  if (static_cast<std::size_t>(span.skipped) >= bytes.size()) return model::Bytes{};
  return model::Bytes{std::string{bytes.substr(static_cast<std::size_t>(span.skipped), static_cast<std::size_t>(span.count))}};
}

/// left(s, n) and right(s, n): a negative n leaves out |n| characters at the other end.
Answer left(const Call& call) {
  const Int64 count = call.integer(1);
  return std::string{characters(call.text(0), 0, count >= 0 ? count : std::max<Int64>(length(call.text(0)) + count, 0))};
}
Answer right(const Call& call) {
  const Int64 size = length(call.text(0)), count = call.integer(1);
  const Int64 skipped = count >= 0 ? std::max<Int64>(size - count, 0) : std::min(-count, size);
  return std::string{characters(call.text(0), skipped, size)};
}

constexpr Int64 kMaxText = 1 << 28;  // bytes; SQLite's own limit is 1e9

Answer too_large() { return model::fail("54000"_state, "requested length too large"); }

enum class Side : std::uint8_t { left, right };
template <Side Where>
Answer padded(const Call& call) {
  const std::string_view text = call.text(0), fill = call.size() > 2 ? call.text(2) : std::string_view{" "};
  const Int64 size = std::max<Int64>(call.integer(1), 0), missing = size - length(text);
  if (missing <= 0 || fill.empty()) return std::string{characters(text, 0, size)};
  if (size > kMaxText) return too_large();
  std::string padding;
  const Int64 fill_size = length(fill);
  for (Int64 done = 0; done < missing; done += fill_size) padding += characters(fill, 0, missing - done);
  return Where == Side::left ? padding + std::string{text} : std::string{text} + padding;
}

Answer repeat(const Call& call) {
  const std::string_view text = call.text(0);
  const Int64 count = std::max<Int64>(call.integer(1), 0);
  if (!text.empty() && count > kMaxText / static_cast<Int64>(text.size())) return too_large();
  std::string result;
  for (Int64 i = 0; i < count && !text.empty(); ++i) result += text;
  return result;
}

Answer reverse(const Call& call) {
  std::u32string all;
  for (const UChar32 character : Characters{call.text(0)}) all.push_back(static_cast<char32_t>(character));
  std::string result;
  for (auto at = all.rbegin(); at != all.rend(); ++at) append_utf8(result, static_cast<UChar32>(*at));
  return result;
}

/// concat(a, …): NULL counts as ''. The binder made text of every argument.
Answer concat(const Call& call) {
  std::string result;
  for (std::size_t i = 0; i < call.size(); ++i) result += call.text(i);
  return result;
}
Answer concat_with_separator(const Call& call) {
  if (call.is_null(0)) return model::Null{};
  std::string result;
  bool first = true;
  for (std::size_t i = 1; i < call.size(); ++i) {
    if (call.is_null(i)) continue;
    if (!first) result += call.text(0);
    result += call.text(i);
    first = false;
  }
  return result;
}

Answer split_part(const Call& call) {
  const std::string_view text = call.text(0), separator = call.text(1);
  const Int64 wanted = call.integer(2);
  if (wanted == 0) return model::fail("22023"_state, "field position must not be zero");
  if (separator.empty()) return wanted == 1 || wanted == -1 ? std::string{text} : std::string{};
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) break;
    begin = end + separator.size();
  }
  const Int64 index = wanted > 0 ? wanted - 1 : static_cast<Int64>(parts.size()) + wanted;
  if (index < 0 || index >= static_cast<Int64>(parts.size())) return std::string{};
  return std::string{parts[static_cast<std::size_t>(index)]};
}

Answer position(const Call& call) {
  const std::string_view text = call.text(0);
  const std::size_t found = text.find(call.text(1));
  return found == std::string_view::npos ? Int64{0} : length(text.substr(0, found)) + 1;
}

/// translate(s, from, to): each character of `from` becomes the one at its place in `to`, or nothing.
Answer translate(const Call& call) {
  std::u32string from, to;
  for (const UChar32 character : Characters{call.text(1)}) from.push_back(static_cast<char32_t>(character));
  for (const UChar32 character : Characters{call.text(2)}) to.push_back(static_cast<char32_t>(character));
  std::string result;
  for (const UChar32 character : Characters{call.text(0)}) {
    const std::size_t place = from.find(static_cast<char32_t>(character));
    if (place == std::u32string::npos) append_utf8(result, character);
    else if (place < to.size()) append_utf8(result, static_cast<UChar32>(to[place]));
  }
  return result;
}

Answer ascii(const Call& call) {
  for (const UChar32 character : Characters{call.text(0)}) return Int64{character};
  return Int64{0};
}
Answer chr(const Call& call) {
  const Int64 code = call.integer(0);
  if (code < 0) return model::fail("22023"_state, "character number must be positive");
  if (code == 0) return model::fail("54000"_state, "null character not permitted");
  const bool valid = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  if (!valid) return model::fail("54000"_state, "requested character too large for encoding: " + std::to_string(code));
  std::string result;
  append_utf8(result, static_cast<UChar32>(code));
  return result;
}

Answer md5(const Call& call) {
  const StorageValue argument = call.value(0);
  const auto* bytes = std::get_if<model::Bytes>(&argument);
  const std::string_view data = bytes ? std::string_view{bytes->data} : call.text(0);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    return model::fail("XX000"_state, "could not compute MD5 hash");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (unsigned i = 0; i < size; ++i) result.append(1, kDigits[digest[i] >> 4U]).append(1, kDigits[digest[i] & 15U]);
  return result;
}

constexpr std::array kTextFunctions{
    Function{"crossfade_upper", 1, cased<u_toupper>},
    Function{"crossfade_lower", 1, cased<u_tolower>},
    Function{"crossfade_initcap", 1, initcap},
    Function{"crossfade_bytes_substr", 2, bytes_substring},
    Function{"crossfade_bytes_substr", 3, bytes_substring},
    Function{"crossfade_substr", 2, substring},
    Function{"crossfade_substr", 3, substring},
    Function{"crossfade_left", 2, left},
    Function{"crossfade_right", 2, right},
    Function{"crossfade_lpad", 2, padded<Side::left>},
    Function{"crossfade_lpad", 3, padded<Side::left>},
    Function{"crossfade_rpad", 2, padded<Side::right>},
    Function{"crossfade_rpad", 3, padded<Side::right>},
    Function{"crossfade_repeat", 2, repeat},
    Function{"crossfade_reverse", 1, reverse},
    Function{"crossfade_concat", -1, concat, Nulls::passed},
    Function{"crossfade_concat_ws", -1, concat_with_separator, Nulls::passed},
    Function{"crossfade_split_part", 3, split_part},
    Function{"crossfade_strpos", 2, position},
    Function{"crossfade_translate", 3, translate},
    Function{"crossfade_ascii", 1, ascii},
    Function{"crossfade_chr", 1, chr},
    Function{"crossfade_md5", 1, md5},
};

}  // namespace

std::span<const Function> text_functions() { return kTextFunctions; }

}  // namespace crossfade::sqlite::functions
