#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

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
  void unlock() {
    const std::scoped_lock lock(mutex_);
    ++serving_;
    turn_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0, serving_ = 0;
};

}  // namespace crossfade::migrate
