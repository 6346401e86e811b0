#include "utf8.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace crossfade::migrate {
namespace {

/// Unicode 15, table 3-7: which second bytes may follow a lead byte.
struct Lead { unsigned char low, high, second_low, second_high; std::size_t bytes; };
constexpr std::array kLeads{
    Lead{0xC2, 0xDF, 0x80, 0xBF, 2}, Lead{0xE0, 0xE0, 0xA0, 0xBF, 3}, Lead{0xE1, 0xEC, 0x80, 0xBF, 3},
    Lead{0xED, 0xED, 0x80, 0x9F, 3}, Lead{0xEE, 0xEF, 0x80, 0xBF, 3}, Lead{0xF0, 0xF0, 0x90, 0xBF, 4},
    Lead{0xF1, 0xF3, 0x80, 0xBF, 4}, Lead{0xF4, 0xF4, 0x80, 0x8F, 4},
};

/// Bytes of the character at the front; 0 when it is none.
std::size_t character(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  for (const auto& lead : kLeads) {
    if (byte(0) < lead.low || byte(0) > lead.high) continue;
    if (text.size() < lead.bytes || byte(1) < lead.second_low || byte(1) > lead.second_high) return 0;
    for (std::size_t i = 2; i < lead.bytes; ++i) {
      if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    }
    return lead.bytes;
  }
  return 0;
}

/// Bytes at the front, in eights, that are characters of their own.
std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
  std::size_t at = 0;
  for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return at;
}

}  // namespace

std::optional<std::size_t> utf8_length(std::string_view text) {
  std::size_t characters = ascii_prefix(text);
  text.remove_prefix(characters);
  while (!text.empty()) {
    const auto bytes = character(text);
    if (bytes == 0) return std::nullopt;
    text.remove_prefix(bytes);
    ++characters;
  }
  return characters;
}

}  // namespace crossfade::migrate
