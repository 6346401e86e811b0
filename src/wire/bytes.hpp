#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace crossfade::wire {

inline std::uint16_t load_be16(const char* bytes) {
  const auto* b = reinterpret_cast<const unsigned char*>(bytes);
  return static_cast<std::uint16_t>(b[0] << 8 | b[1]);
}

inline std::uint32_t load_be32(const char* bytes) {
  const auto* b = reinterpret_cast<const unsigned char*>(bytes);
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | std::uint32_t{b[3]};
}

/// Takes a message's fields off its front. After a field that was not there, ok() is false and all others are empty.
class FieldReader {
 public:
  explicit FieldReader(std::string_view body) : rest_(body) {}

  std::string_view bytes(std::size_t count) {
    if (!ok_ || rest_.size() < count) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  /// Up to the NUL, which is taken too.
  std::string_view text() {
    const std::size_t end = rest_.find('\0');
    if (!ok_ || end == std::string_view::npos) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return taken;
  }
  char byte() {
    const std::string_view taken = bytes(1);
    return taken.empty() ? '\0' : taken[0];
  }
  std::int16_t int16() {
    const std::string_view taken = bytes(2);
    return taken.empty() ? std::int16_t{0} : static_cast<std::int16_t>(load_be16(taken.data()));
  }
  std::int32_t int32() {
    const std::string_view taken = bytes(4);
    return taken.empty() ? 0 : static_cast<std::int32_t>(load_be32(taken.data()));
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace crossfade::wire
