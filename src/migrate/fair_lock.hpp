#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>

namespace crossfade::migrate {

/// A lock whose waiters get it in the order in which they asked: the applier steps again and again, and a pair or a switch must not
/// wait behind it for long. For std::scoped_lock and std::unique_lock.
class FairLock {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_++;
    turn_.wait(lock, [&] { return serving_ == ticket; });
  }
  /// false: it was not its turn in time, or before `ended`.
  bool try_lock_for(std::chrono::milliseconds patience, const std::atomic<bool>& ended) {
    constexpr std::chrono::milliseconds kLook{20};
    const auto end = std::chrono::steady_clock::now() + patience;
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_++;
    while (!turn_.wait_for(lock, kLook, [&] { return serving_ == ticket; })) {
      if (!ended && std::chrono::steady_clock::now() < end) continue;
      gone_.insert(ticket);
      return false;
    }
    return true;
  }
  void unlock() {
    const std::scoped_lock lock(mutex_);
    do ++serving_;
    while (gone_.erase(serving_) != 0);
    turn_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0, serving_ = 0;
  std::set<std::uint64_t> gone_;  // tickets of those who wait no more
};

}  // namespace crossfade::migrate
