#include "utf8.hpp"

#include <algorithm>

namespace crossfade::model {
namespace {

unsigned char byte(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

// Length of a sequence by its first byte; 1 for a byte that begins none.
std::size_t announced(unsigned char first) {
  if ((first & 0xe0) == 0xc0) return 2;
  if ((first & 0xf0) == 0xe0) return 3;
  if ((first & 0xf8) == 0xf0) return 4;
  return 1;
}

// The Unicode standard, table 3-7: the second byte's range depends on the first.
bool legal(std::string_view text, std::size_t at, std::size_t length) {
  const unsigned char first = byte(text, at);
  if (length == 1) return first != 0 && first < 0x80;
  if (at + length > text.size()) return false;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text, at + i) & 0xc0) != 0x80) return false;
  }
  const unsigned char second = byte(text, at + 1);
  if (first == 0xe0) return second >= 0xa0;
  if (first == 0xed) return second <= 0x9f;
  if (first == 0xf0) return second >= 0x90;
  if (first == 0xf4) return second <= 0x8f;
  return first >= 0xc2 && first <= 0xf4;
}

}  // namespace

Result<void> check_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const unsigned char first = byte(text, at);
    if (first != 0 && first < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = announced(first);
    if (!legal(text, at, length)) {
      constexpr std::string_view kHex = "0123456789abcdef";
      std::string shown;
      for (std::size_t i = at; i < std::min(at + length, text.size()); ++i) {
        shown.append(" 0x").append(1, kHex[byte(text, i) >> 4]).append(1, kHex[byte(text, i) & 15]);
      }
      return fail("22021"_state, "invalid byte sequence for encoding \"UTF8\":" + shown);
    }
    at += length;
  }
  return {};
}

std::size_t length_in_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::size_t bytes_of(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  while (at < text.size() && characters > 0) {
    ++at;
    while (at < text.size() && (text[at] & 0xc0) == 0x80) ++at;
    --characters;
  }
  return at;
}

}  // namespace crossfade::model
