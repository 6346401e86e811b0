#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::migrate {

/// How long each engine took for one read, parsing and planning included.
struct ReadTimes { std::chrono::microseconds sqlite{0}, postgres{0}; };

/// What the shadow has seen of one kind of statement. Medians and the longest are those of the last reads that were timed.
struct KindOfRead {
  std::string fingerprint;
  std::uint64_t compared = 0, equal = 0, undecided = 0, timed = 0;
  ReadTimes median, longest;
};

/// By fingerprint, for at most 2,000 of them; those that come later are counted together, under "". Thread-safe.
class Latencies {
 public:
  /// `times` null: not timed.
  enum class Outcome : std::uint8_t { equal, differs, undecided };
  void note(std::string_view fingerprint, Outcome outcome, const ReadTimes* times);
  /// How often it was timed.
  std::uint64_t timed(std::string_view fingerprint) const;
  /// Those that PostgreSQL is slower at first.
  std::vector<KindOfRead> list() const;
  void clear();

 private:
  static constexpr std::size_t kKinds = 2'000, kLast = 32;
  struct Entry {
    std::uint64_t compared = 0, equal = 0, undecided = 0, timed = 0;
    std::array<ReadTimes, kLast> last;  // a ring
  };
  static KindOfRead read(const std::string& fingerprint, const Entry& entry);

  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace crossfade::migrate
