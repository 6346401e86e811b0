#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/compare/compare.hpp"

namespace crossfade::migrate {

/// One way in which a kind of statement answered differently. Neither literals nor row values are kept.
struct Mismatch {
  std::string fingerprint;
  compare::Class kind = compare::Class::value;
  std::int64_t count = 0, first_seen = 0, last_seen = 0;  // µs since 2000-01-01 UTC
  std::string summary;
  std::vector<std::string> tables;
  std::string statement;  // without literals
};

/// What is to be done about a class of mismatch; shown beside it.
std::string_view advice(compare::Class kind);

/// At most `limit` mismatches; further kinds are counted but not kept. Thread-safe.
class Mismatches {
 public:
  explicit Mismatches(std::size_t limit) : limit_(limit) {}
  void note(Mismatch seen);
  std::vector<Mismatch> list() const;
  /// Kinds kept and not kept.
  std::size_t kinds() const;
  /// Data that was mended: classes that say something about rows go; what a statement means remains.
  void forget_data();
  void clear();

 private:
  mutable std::mutex mutex_;
  std::size_t limit_;
  std::map<std::pair<std::string, compare::Class>, Mismatch> kept_;
  std::size_t not_kept_ = 0;
};

}  // namespace crossfade::migrate
