#include "crossfade/migrate/fence.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace crossfade::migrate {

using namespace model::literals;

/// One coroutine that waits for the fence: its timer is the wait's deadline and is cancelled on the coroutine's own executor.
struct Waiter {
  boost::asio::any_io_executor executor;
  boost::asio::steady_timer timer;
};

struct FenceImpl {
  std::mutex mutex;
  std::condition_variable drained;
  StageState state;
  bool open = true;
  std::chrono::steady_clock::time_point closed;
  std::chrono::microseconds held{};
  std::size_t passes = 0;
  std::vector<std::shared_ptr<Waiter>> waiters;

  void leave() {
    const std::scoped_lock lock(mutex);
    if (--passes == 0) drained.notify_all();
  }

  /// Under the lock: the waiters go on, each on its own executor; one that finds the fence closed again waits again.
  void wake_all() {
    for (const std::shared_ptr<Waiter>& waiter : waiters) {
      boost::asio::post(waiter->executor, [waiter] { waiter->timer.cancel(); });
    }
  }
};

namespace {

/// Keeps a waiter in the fence's list for as long as its coroutine waits, however that ends.
class Listed {
 public:
  Listed(std::shared_ptr<FenceImpl> fence, std::shared_ptr<Waiter> waiter)
      : fence_(std::move(fence)), waiter_(std::move(waiter)) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() {
    const std::scoped_lock lock(fence_->mutex);
    std::erase(fence_->waiters, waiter_);
  }

 private:
  std::shared_ptr<FenceImpl> fence_;
  std::shared_ptr<Waiter> waiter_;
};

}  // namespace

Fence::Fence(StageState state) : impl_(std::make_shared<FenceImpl>()) { impl_->state = state; }
Fence::~Fence() = default;

Fence::Pass::Pass(Pass&& other) noexcept
    : fence_(std::exchange(other.fence_, nullptr)), state_(other.state_) {}

Fence::Pass& Fence::Pass::operator=(Pass&& other) noexcept {
  if (this != &other) {
    release();
    fence_ = std::exchange(other.fence_, nullptr);
    state_ = other.state_;
  }
  return *this;
}

Fence::Pass::~Pass() { release(); }
Fence::Pass::operator bool() const { return fence_ != nullptr; }
const StageState& Fence::Pass::state() const { return state_; }

void Fence::Pass::release() {
  if (const std::shared_ptr<FenceImpl> fence = std::exchange(fence_, nullptr)) fence->leave();
}

Fence::Pass Fence::try_enter() {
  Pass pass;
  const std::scoped_lock lock(impl_->mutex);
  if (!impl_->open) return pass;
  ++impl_->passes;
  pass.fence_ = impl_;
  pass.state_ = impl_->state;
  return pass;
}

boost::asio::awaitable<model::Result<Fence::Pass>> Fence::enter(std::chrono::milliseconds timeout) {
  if (Pass pass = try_enter()) co_return pass;
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  auto waiter = std::make_shared<Waiter>(executor, boost::asio::steady_timer(executor));
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const Listed listed(impl_, waiter);
  while (true) {
    waiter->timer.expires_at(deadline);
    {
      // Listed before the fence is looked at again: an open() in between is not missed.
      const std::scoped_lock lock(impl_->mutex);
      if (std::ranges::find(impl_->waiters, waiter) == impl_->waiters.end()) {
        impl_->waiters.push_back(waiter);
      }
    }
    if (Pass pass = try_enter()) co_return pass;
    if (std::chrono::steady_clock::now() >= deadline) {
      co_return model::fail("57P03"_state, "a switch is under way", {},
                            "Try again; SHOW STAGE on the console tells how far it is.");
    }
    co_await waiter->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
}

StageState Fence::state() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->state;
}

std::size_t Fence::passes_out() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->passes;
}

model::Result<void> Fence::close(std::chrono::milliseconds drain) {
  std::unique_lock lock(impl_->mutex);
  impl_->open = false;
  impl_->closed = std::chrono::steady_clock::now();
  if (impl_->drained.wait_for(lock, drain, [this] { return impl_->passes == 0; })) return {};
  const std::size_t left = impl_->passes;
  impl_->open = true;
  impl_->wake_all();
  return model::fail("55006"_state,
                     std::to_string(left) + " transaction" + (left == 1 ? "" : "s") +
                         " did not end within " + std::to_string(drain.count()) + " ms",
                     "The switch was called off before anything was changed.",
                     "End the open transactions, or allow a longer drain (mirror.drain_timeout).");
}

void Fence::open(StageState state) {
  const std::scoped_lock lock(impl_->mutex);
  impl_->state = state;
  if (!impl_->open) impl_->held = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - impl_->closed);
  impl_->open = true;
  impl_->wake_all();
}

std::chrono::microseconds Fence::held() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->held;
}

}  // namespace crossfade::migrate
