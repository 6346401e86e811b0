#include "sync_commits.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <algorithm>
#include <mutex>
#include <vector>

namespace crossfade::migrate {

namespace {

/// A commit that waits; its timer is the deadline, and is cancelled on its own executor.
struct SyncWaiter {
  SyncWaiter(boost::asio::any_io_executor on, std::uint64_t wanted) : executor(on), timer(on), step(wanted) {}
  boost::asio::any_io_executor executor;
  boost::asio::steady_timer timer;
  std::uint64_t step;  // any from this one on will do
};

}  // namespace

struct SyncCommitsImpl {
  mutable std::mutex mutex;
  std::uint64_t begun = 0, ended = 0, late = 0;
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
  return ++impl_->begun;
}

void SyncCommits::step_ended(std::uint64_t number, Carried carried) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->whole = carried == Carried::all;
  impl_->ended = std::max(impl_->ended, number);
  impl_->behind = false;
  for (const std::shared_ptr<SyncWaiter>& waiter : impl_->waiters) {
    if (waiter->step <= number) boost::asio::post(waiter->executor, [waiter] { waiter->timer.cancel(); });
  }
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
