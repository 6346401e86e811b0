#include "crossfade/plan/plan.hpp"

namespace crossfade::plan {
namespace {

// NAMEDATALEN - 1: PostgreSQL cuts longer identifiers, at the end of a UTF-8 character.
constexpr std::size_t kMaxIdentifier = 63;

}  // namespace

std::string fold(std::string_view name) {
  std::size_t length = name.size();
  if (length > kMaxIdentifier) {
    length = kMaxIdentifier;
    while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xc0) == 0x80) --length;
  }
  std::string out(name.substr(0, length));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

/// FNV-1a.
model::Oid oid_of(std::string_view name) {
  constexpr model::Oid kFirstOfUsers = 16'384;
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return kFirstOfUsers + hash % 0x7fff0000U;
}

std::string object_name(std::string_view first, std::string_view second, std::string_view label) {
  const std::size_t fixed = label.size() + 1 + (second.empty() ? 0 : 1);
  std::size_t of_first = first.size(), of_second = second.size();
  while (of_first + of_second + fixed > kMaxIdentifier) --(of_first > of_second ? of_first : of_second);
  // As many bytes, but whole characters.
  const auto clip = [](std::string_view text, std::size_t length) {
    while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
    return text.substr(0, length);
  };
  first = clip(first, of_first);
  second = clip(second, of_second);
  std::string name{first};
  if (!second.empty()) (name += '_') += second;
  return (name += '_') += label;
}

std::string counter_name(const Table& table, const Column& column) {
  return column.counter.empty() ? object_name(table.name, column.name, "seq") : column.counter;
}

}  // namespace crossfade::plan
