#pragma once

#include <chrono>
#include <ctime>

namespace crossfade::postgres {

/// The time as the last tick of the kernel found it, some milliseconds ago at most: a fifth of what the time itself costs, for what is done with
/// every transaction. `clock`: CLOCK_MONOTONIC_COARSE for steady_clock, CLOCK_REALTIME_COARSE for system_clock.
template <class Clock>
typename Clock::time_point coarse_now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return typename Clock::time_point(std::chrono::duration_cast<typename Clock::duration>(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec)));
}

}  // namespace crossfade::postgres
