#pragma once

#include <unicode/utf8.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace crossfade::sqlite::functions {

inline constexpr UChar32 kReplacement = 0xFFFD;

/// The characters of a UTF-8 text, in a range-for; what is not UTF-8 reads as U+FFFD.
class Characters {
 public:
  class Iterator {
   public:
    Iterator(std::string_view text, std::size_t at) : text_(text), at_(at) {}
    UChar32 operator*() const {
      auto at = static_cast<std::int64_t>(at_);
      return next(at);
    }
    Iterator& operator++() {
      auto at = static_cast<std::int64_t>(at_);
      next(at);
      at_ = static_cast<std::size_t>(at);
      return *this;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    UChar32 next(std::int64_t& at) const {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
      const auto size = static_cast<std::int64_t>(text_.size());
      UChar32 character = 0;
      U8_NEXT_OR_FFFD(bytes, at, size, character);
      return character;
    }
    std::string_view text_;
    std::size_t at_;
  };
  explicit Characters(std::string_view text) : text_(text) {}
  Iterator begin() const { return {text_, 0}; }
  Iterator end() const { return {text_, text_.size()}; }

 private:
  std::string_view text_;
};

inline void append_utf8(std::string& out, UChar32 character) {
  std::uint8_t bytes[4];
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, character);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

inline bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

/// In characters.
inline std::int64_t length(std::string_view text) {
  std::int64_t count = 0;
  for (const char byte : text) count += starts_character(byte) ? 1 : 0;
  return count;
}

/// `count` characters from the 0-based character `from` on, or what there is of them.
inline std::string_view characters(std::string_view text, std::int64_t from, std::int64_t count) {
  std::size_t begin = text.size(), at = 0;
  for (std::int64_t seen = -1; at < text.size(); ++at) {
    if (!starts_character(text[at])) continue;
    ++seen;
    if (seen == from) begin = at;
    if (seen - from == count) break;
  }
  return begin <= at ? text.substr(begin, at - begin) : std::string_view{};
}

}  // namespace crossfade::sqlite::functions
