#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "crossfade/model/error.hpp"
#include "crossfade/model/value.hpp"

namespace crossfade::model {

template <class Integer>
void append_be(std::string& out, Integer value) {
  const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  for (int shift = static_cast<int>(sizeof(Integer) - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<unsigned char>(bits >> shift));
  }
}

/// The caller has checked the length.
template <class Integer>
Integer load_be(std::string_view bytes) {
  std::make_unsigned_t<Integer> bits = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    bits = static_cast<decltype(bits)>((bits << 8) | static_cast<unsigned char>(bytes[i]));
  }
  return static_cast<Integer>(bits);
}

/// int16 digit count, weight, sign, scale, then digits of base 10000. Source: PostgreSQL's numeric_send.
void append_binary_numeric(std::string& out, const Numeric& value);
/// Errors: 22P03 with PostgreSQL's messages.
Result<Numeric> parse_binary_numeric(std::string_view bytes);

}  // namespace crossfade::model
