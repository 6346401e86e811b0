#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace crossfade::sql {

/// Byte offset → character number of a UTF-8 text, in constant time. Lifetime: the text must outlive it.
class Characters {
 public:
  explicit Characters(std::string_view text);
  std::string_view text() const { return text_; }
  /// Characters before byte `offset` (clamped to the text).
  std::uint32_t before(std::size_t offset) const;

 private:
  static constexpr std::size_t kStride = 256;
  std::string_view text_;
  std::vector<std::uint32_t> counts_;  // characters before each kStride-th byte; empty: all ASCII
};

}  // namespace crossfade::sql
