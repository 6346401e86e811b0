#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "libpq.hpp"

namespace crossfade::postgres {

/// A request to cancel under way. libpq waits without end for the postmaster to close its end, so it runs on a thread that is left to
/// itself: whoever waits gives up when its time is over, and the process ends without it.
class CancelRun {
 public:
  enum class State : std::uint8_t { under_way, arrived, failed };
  /// Empty: too many hang already, or there is no thread.
  static std::shared_ptr<CancelRun> start(std::shared_ptr<PGcancel> canceller);
  /// Thread: any.
  State state() const;
  /// Waits, at most until then.
  State wait(std::chrono::steady_clock::time_point until);

 private:
  void run(PGcancel* canceller);

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  State state_ = State::under_way;
};

}  // namespace crossfade::postgres
