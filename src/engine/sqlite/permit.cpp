#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::sqlite {

struct PermitQueue::Impl {
  struct Waiter { Id id; Granted granted; std::int32_t pid; };

  std::mutex mutex;
  std::deque<Waiter> waiters;
  bool held = false;
  Id last_id = 0;
  std::int32_t holder = 0;

  static Permit permit(std::shared_ptr<Impl> queue) {
    Permit made;
    made.queue_ = std::move(queue);
    return made;
  }

  /// The permit passes to the first waiter, whose callback runs outside the lock: it may ask for other permits or let go at once.
  static void release(std::shared_ptr<Impl> queue) {
    Granted granted;
    {
      const std::lock_guard lock{queue->mutex};
      if (queue->waiters.empty()) {
        queue->held = false;
        queue->holder = 0;
        return;
      }
      granted = std::move(queue->waiters.front().granted);
      queue->holder = queue->waiters.front().pid;
      queue->waiters.pop_front();
    }
    granted(permit(std::move(queue)));
  }
};

PermitQueue::PermitQueue() : impl_(std::make_shared<Impl>()) {}
PermitQueue::~PermitQueue() = default;

PermitQueue::Id PermitQueue::acquire(Granted granted, std::int32_t pid) {
  Id id;
  {
    const std::lock_guard lock{impl_->mutex};
    id = ++impl_->last_id;
    if (std::exchange(impl_->held, true)) {
      impl_->waiters.push_back({id, std::move(granted), pid});
      return id;
    }
    impl_->holder = pid;
  }
  granted(Impl::permit(impl_));
  return id;
}

bool PermitQueue::cancel(Id id) {
  const std::lock_guard lock{impl_->mutex};
  return std::erase_if(impl_->waiters, [&](const Impl::Waiter& waiter) { return waiter.id == id; }) != 0;
}

std::size_t PermitQueue::waiting() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->waiters.size();
}

std::int32_t PermitQueue::holder() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->holder;
}

Permit::Permit(Permit&& other) noexcept = default;
Permit& Permit::operator=(Permit&& other) noexcept {
  if (this != &other) {
    release();
    queue_ = std::move(other.queue_);
  }
  return *this;
}
Permit::~Permit() { release(); }
Permit::operator bool() const { return queue_ != nullptr; }
void Permit::release() {
  if (queue_ != nullptr) PermitQueue::Impl::release(std::exchange(queue_, nullptr));
}

}  // namespace crossfade::sqlite
