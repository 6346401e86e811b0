#pragma once

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
  /// false: it was not its turn in time.
  bool try_lock_for(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_++;
    if (turn_.wait_for(lock, patience, [&] { return serving_ == ticket; })) return true;
    gone_.insert(ticket);
    return false;
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
