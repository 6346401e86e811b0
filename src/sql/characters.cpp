#include "characters.hpp"

#include <algorithm>

namespace crossfade::sql {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

}  // namespace

Characters::Characters(std::string_view text) : text_(text) {
  if (std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; })) return;
  std::uint32_t count = 0;
  counts_.reserve(text.size() / kStride + 1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % kStride == 0) counts_.push_back(count);
    if (begins_character(text[i])) ++count;
  }
}

std::uint32_t Characters::before(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  if (counts_.empty()) return static_cast<std::uint32_t>(offset);
  const std::size_t stride = std::min(offset / kStride, counts_.size() - 1);
  const auto rest = text_.substr(stride * kStride, offset - stride * kStride);
  return counts_[stride] + static_cast<std::uint32_t>(std::ranges::count_if(rest, begins_character));
}

}  // namespace crossfade::sql
