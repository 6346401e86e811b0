#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/migrate/controller.hpp"
#include "gates.hpp"
#include "run_sample.hpp"

namespace crossfade::migrate {

/// Each kind of change that clients make, planned once on PostgreSQL without effect, so that the first real one there is not the first.
/// Thread-safe.
class Rehearsals {
 public:
  /// A fingerprint that is neither planned nor waiting. At most 10,000 are kept.
  bool wants(std::string_view fingerprint);
  /// It was offered, and will not be run after all: wanted again.
  void forget(std::string_view fingerprint);
  /// EXPLAIN of it, on a pair. Returns the SQLSTATE with which PostgreSQL refuses it; nothing when it plans it, or when
  /// it could not be asked.
  std::optional<std::string> run(SampleRuns& target, const Sample& sample, std::string_view fingerprint);
  Rehearsed read() const;
  /// All that PostgreSQL refuses. `statement`: without literals.
  struct Refused { std::string fingerprint, state, statement; };
  std::vector<Refused> refused() const;
  void clear();

 private:
  enum class State : std::uint8_t { waiting, planned, refused };
  struct Entry { State state = State::waiting; std::string why, statement; };

  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace crossfade::migrate
