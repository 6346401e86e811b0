#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "step.hpp"

namespace crossfade::migrate {

/// Microseconds since 2000-01-01 UTC, now.
inline std::int64_t now_micros() {
  constexpr std::chrono::seconds kEpoch2000{946'684'800};
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970 - kEpoch2000).count();
}

/// How the mirror is. Thread-safe: written by whoever steps, read by the console.
class Health {
 public:
  enum class State : std::uint8_t { off, filling, running, retrying, stopped };
  struct Snapshot {
    State state = State::off;
    std::string reason;             // of retrying and stopped
    std::string filling;            // "orders: 120000 rows"
    std::int64_t last_step_micros = 0;
    std::uint64_t steps = 0, keys = 0, quarantined = 0, pairs = 0;
  };

  Snapshot read() const {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  void enter(State state, std::string reason = {}) {
    const std::scoped_lock lock(mutex_);
    now_.state = state;
    now_.reason = std::move(reason);
  }
  void fill_progress(std::string text) {
    const std::scoped_lock lock(mutex_);
    now_.filling = std::move(text);
  }
  void stepped(const StepReport& report) {
    const std::scoped_lock lock(mutex_);
    now_.state = State::running;
    now_.reason.clear();
    now_.last_step_micros = now_micros();
    now_.steps += report.keys > 0;
    now_.keys += report.keys;
    now_.quarantined = static_cast<std::uint64_t>(report.aside);
  }
  void paired() {
    const std::scoped_lock lock(mutex_);
    ++now_.pairs;
  }

 private:
  mutable std::mutex mutex_;
  Snapshot now_;
};

inline std::string_view to_string(Health::State state) {
  constexpr std::array<std::string_view, 5> names{"off", "filling", "running", "retrying", "stopped"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace crossfade::migrate
