#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "call.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace byte_strings {

using Int64 = std::int64_t;

std::unexpected<model::Error> beyond(Int64 index, Int64 last) {
  return model::fail("2202E"_state, "index " + std::to_string(index) + " out of valid range, 0.." + std::to_string(last));
}

/// get_byte and get_bit, set_byte and set_bit: `Bits` to a place. Bit 0 is the lowest of the first byte.
template <Int64 Bits>
Answer get(const Call& call) {
  const std::string_view data = call.bytes(0);
  const Int64 index = call.integer(1), count = static_cast<Int64>(data.size()) * 8 / Bits;
  if (index < 0 || index >= count) return beyond(index, count - 1);
  const auto byte = static_cast<unsigned char>(data[static_cast<std::size_t>(index * Bits / 8)]);
  return Bits == 8 ? Int64{byte} : Int64{byte >> (index % 8) & 1};
}
template <Int64 Bits>
Answer set(const Call& call) {
  std::string data{call.bytes(0)};
  const Int64 index = call.integer(1), value = call.integer(2), count = static_cast<Int64>(data.size()) * 8 / Bits;
  if (index < 0 || index >= count) return beyond(index, count - 1);
  if (Bits == 1 && value != 0 && value != 1) return model::fail("22023"_state, "new bit must be 0 or 1");
  char& byte = data[static_cast<std::size_t>(index * Bits / 8)];
  if (Bits == 8) byte = static_cast<char>(value);
  else byte = static_cast<char>((byte & ~(1 << (index % 8))) | static_cast<int>(value << (index % 8)));
  return model::Bytes{std::move(data)};
}

Answer bit_count(const Call& call) {
  Int64 count = 0;
  for (const char byte : call.bytes(0)) count += std::popcount(static_cast<unsigned char>(byte));
  return count;
}

enum Ends : std::uint8_t { kLeft = 1, kRight = 2 };
template <int Which>
Answer trim(const Call& call) {
  std::string_view data = call.bytes(0);
  const std::string_view gone = call.bytes(1);
  if ((Which & kLeft) != 0) data.remove_prefix(std::min(data.find_first_not_of(gone), data.size()));
  if ((Which & kRight) != 0) data = data.substr(0, data.find_last_not_of(gone) + 1);
  return model::Bytes{std::string{data}};
}

/// overlay(bytes, new, from [, count])
Answer overlay(const Call& call) {
  const std::string_view data = call.bytes(0), fresh = call.bytes(1);
  const Int64 from = call.integer(2), count = call.size() > 3 ? call.integer(3) : static_cast<Int64>(fresh.size());
  if (from <= 0) return model::fail("22011"_state, "negative substring length not allowed");
  const Int64 behind = from + count;
  if (behind > std::numeric_limits<std::int32_t>::max()) return model::fail("22003"_state, "integer out of range");
  const auto place = [&](Int64 index) { return static_cast<std::size_t>(std::clamp<Int64>(index - 1, 0, static_cast<Int64>(data.size()))); };
  return model::Bytes{std::string{data.substr(0, place(from))} + std::string{fresh} + std::string{data.substr(place(behind))}};
}

Answer position(const Call& call) {
  const std::size_t found = call.bytes(0).find(call.bytes(1));
  return found == std::string_view::npos ? Int64{0} : static_cast<Int64>(found) + 1;
}

constexpr std::array kByteFunctions{
    Function{"crossfade_get_byte", 2, get<8>},       Function{"crossfade_get_bit", 2, get<1>},        Function{"crossfade_set_byte", 3, set<8>},
    Function{"crossfade_set_bit", 3, set<1>},        Function{"crossfade_bit_count", 1, bit_count},   Function{"crossfade_bytes_trim", 2, trim<kLeft | kRight>},
    Function{"crossfade_bytes_ltrim", 2, trim<kLeft>}, Function{"crossfade_bytes_rtrim", 2, trim<kRight>}, Function{"crossfade_bytes_overlay", 3, overlay},
    Function{"crossfade_bytes_overlay", 4, overlay}, Function{"crossfade_bytes_position", 2, position},
};

}  // namespace byte_strings

std::span<const Function> byte_functions() { return byte_strings::kByteFunctions; }

}  // namespace crossfade::sqlite::functions
