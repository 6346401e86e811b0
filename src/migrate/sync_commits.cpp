#include "sync_commits.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace crossfade::migrate {

using namespace std::chrono_literals;

namespace {

/// What one takes to commit again: its answer, its next statement, and a COMMIT of the file with its fsync. In times of a step, and at most.
constexpr int kGatherSteps = 3;
constexpr std::chrono::microseconds kGatherLimit = 5ms;
/// Where some do not come, only so many are waited for, and all of them again after so many steps: where half of them came, and where fewer did.
constexpr int kHopeSoon = 8, kHopeLater = 32;

/// A commit that waits; its timer is the deadline, and is cancelled on its own executor.
struct SyncWaiter {
  SyncWaiter(boost::asio::any_io_executor on, std::uint64_t wanted) : executor(on), timer(on), step(wanted) {}
  boost::asio::any_io_executor executor;
  boost::asio::steady_timer timer;
  std::uint64_t step;  // any from this one on will do
};

}  // namespace

struct SyncCommitsImpl {
  std::size_t waiting() const {
    return static_cast<std::size_t>(std::ranges::count_if(waiters, [this](const auto& waiter) { return waiter->step > ended; }));
  }

  mutable std::mutex mutex;
  std::condition_variable came;  // one more waits
  std::uint64_t begun = 0, ended = 0, late = 0;
  std::size_t answered = 0, left = 0;  // by the last step, and waiting at its end for the next one
  std::chrono::steady_clock::time_point began;
  std::chrono::microseconds took{};
  std::size_t hoped = 0;  // so many of the answered are expected to commit again at once
  int hope_again = 0;
  bool behind = false, whole = true;
  std::vector<std::shared_ptr<SyncWaiter>> waiters;
};

namespace {

/// However the wait ends, its coroutine destroyed too: the waiter leaves the list.
struct SyncListed {
  std::shared_ptr<SyncCommitsImpl> impl;
  std::shared_ptr<SyncWaiter> waiter;
  ~SyncListed() {
    const std::scoped_lock lock(impl->mutex);
    std::erase(impl->waiters, waiter);
  }
};

}  // namespace

SyncCommits::SyncCommits() : impl_(std::make_shared<SyncCommitsImpl>()) {}
SyncCommits::~SyncCommits() = default;

std::uint64_t SyncCommits::step_begins() {
  const std::scoped_lock lock(impl_->mutex);
  impl_->answered = 0;
  impl_->began = std::chrono::steady_clock::now();
  return ++impl_->begun;
}

void SyncCommits::step_ended(std::uint64_t number, Carried carried) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->whole = carried == Carried::all;
  impl_->ended = std::max(impl_->ended, number);
  impl_->behind = false;
  impl_->took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - impl_->began);
  for (const std::shared_ptr<SyncWaiter>& waiter : impl_->waiters) {
    if (waiter->step > number) continue;
    ++impl_->answered;
    boost::asio::post(waiter->executor, [waiter] { waiter->timer.cancel(); });
  }
  impl_->left = impl_->waiting();
}

/// Without it the clients fall into two crowds: each step, and its fsync, is made for one of them while the other one waits.
std::size_t SyncCommits::gather() {
  std::unique_lock lock(impl_->mutex);
  const std::size_t answered = impl_->answered;
  if (impl_->hope_again > 0) --impl_->hope_again;
  else impl_->hoped = answered;
  const std::size_t wanted = std::min(answered, impl_->hoped);
  if (wanted < 2) return 0;
  const auto came = [&] { return std::max(impl_->waiting(), impl_->left) - impl_->left; };  // some may have stopped waiting
  const auto limit = std::min<std::chrono::microseconds>(impl_->took * kGatherSteps, kGatherLimit);
  if (impl_->came.wait_for(lock, limit, [&] { return came() >= wanted; })) return came();
  impl_->hoped = came();
  impl_->hope_again = impl_->hoped * 2 >= answered ? kHopeSoon : kHopeLater;
  return impl_->hoped;
}

boost::asio::awaitable<bool> SyncCommits::wait(std::chrono::milliseconds timeout) {
  const auto impl = impl_;
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  std::shared_ptr<SyncWaiter> waiter;
  {
    const std::scoped_lock lock(impl->mutex);
    if (impl->behind) {
      ++impl->late;
      co_return false;
    }
    waiter = std::make_shared<SyncWaiter>(executor, impl->begun + 1);
    waiter->timer.expires_after(timeout);
    impl->waiters.push_back(waiter);
  }
  impl->came.notify_one();
  const SyncListed listed{impl, waiter};
  // A step's end posts its cancel to this executor: it comes after the wait has begun.
  co_await waiter->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  const std::scoped_lock lock(impl->mutex);
  const bool ended = impl->ended >= waiter->step;
  if (ended && impl->whole) co_return true;
  impl->behind = impl->behind || !ended;
  ++impl->late;
  co_return false;
}

bool SyncCommits::behind() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->behind;
}

std::uint64_t SyncCommits::late() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->late;
}

}  // namespace crossfade::migrate
