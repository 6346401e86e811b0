#include "half_closed.hpp"

#include <chrono>
#include <utility>

#include "channel.hpp"

namespace crossfade::session {

namespace {

constexpr std::chrono::milliseconds kTick{500};
constexpr std::uint64_t kSilentTicks = 2;

}  // namespace

boost::asio::execution_context::id HalfClosed::id;

HalfClosed::HalfClosed(boost::asio::execution_context& context)
    : boost::asio::execution_context::service(context), timer_(static_cast<boost::asio::io_context&>(context)) {}

void HalfClosed::shutdown() { timer_.reset(); }

void HalfClosed::Place::leave() {
  if (!std::exchange(queued_, false)) return;
  (before_ != nullptr ? before_->after_ : io_->first_) = after_;
  (after_ != nullptr ? after_->before_ : io_->last_) = before_;
  before_ = after_ = nullptr;
}

void HalfClosed::waits(Place& place) {
  place.leave();
  if (place.io_ == nullptr) {
    auto& context = boost::asio::query(place.channel_.socket().get_executor(), boost::asio::execution::context);
    place.io_ = &boost::asio::use_service<HalfClosed>(context);
  }
  place.io_->add(place);
}

void HalfClosed::add(Place& place) {
  place.queued_ = true;
  place.before_ = last_;
  place.since_ = now_;
  (last_ != nullptr ? last_->after_ : first_) = &place;
  last_ = &place;
  if (!ticking_) set_timer();
}

void HalfClosed::set_timer() {
  if (!timer_) return;
  ticking_ = true;
  timer_->expires_after(kTick);
  timer_->async_wait([this](boost::system::error_code failed) {
    if (!failed) tick();
  });
}

void HalfClosed::tick() {
  ++now_;
  while (first_ != nullptr && first_->since_ + kSilentTicks < now_) {
    Place& place = *first_;
    place.leave();
    place.channel_.hear_end();
  }
  ticking_ = first_ != nullptr;
  if (ticking_) set_timer();
}

}  // namespace crossfade::session
