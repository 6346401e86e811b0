#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace crossfade::sqlite {

/// The numbers that random() gives after setseed(): PostgreSQL 15's, xoroshiro128** seeded through splitmix64.
/// Source: Blackman and Vigna, prng.di.unimi.it; checked against PostgreSQL 15.
class SeededRandom {
 public:
  /// `seed`: -1 to 1.
  explicit SeededRandom(double seed) {
    constexpr double kScale = static_cast<double>((std::uint64_t{1} << 52U) - 1);
    std::uint64_t state = static_cast<std::uint64_t>(static_cast<std::int64_t>(kScale * seed));
    first_ = mixed(state);
    second_ = mixed(state);
  }
  /// From 0 to below 1.
  double next() {
    const std::uint64_t first = first_, other = second_ ^ first_;
    const std::uint64_t value = std::rotl(first * 5, 7) * 9;
    first_ = std::rotl(first, 24) ^ other ^ (other << 16U);
    second_ = std::rotl(other, 37);
    return std::ldexp(static_cast<double>(value >> 12U), -52);
  }

 private:
  static std::uint64_t mixed(std::uint64_t& state) {
    std::uint64_t value = (state += 0x9E3779B97F4A7C15U);
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
  }

  std::uint64_t first_ = 0, second_ = 0;
};

}  // namespace crossfade::sqlite
