#include "relay_aside.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

asio::awaitable<bool> Aside::answered() {
  while (!complete_ && !lost_) co_await whole_.async_wait(asio::as_tuple(asio::use_awaitable));
  asked_ = false;
  co_return complete_;
}

asio::awaitable<void> Aside::progress() {
  if (!lost_) co_await whole_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> Aside::hand_over() {
  parked_ = true;
  whole_.cancel();
  while (parked_ && !lost_) co_await go_.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// What comes of itself (a notification, a changed setting) is the client's.
bool Aside::take(const wire::Frame& frame) {
  if (!talks_ || !asked_ || complete_) return false;
  if (frame.type == 'A' || frame.type == 'S') return false;
  frames_.emplace_back(frame.raw);
  switch (until_) {
    case Until::closed:
      if (frame.type == '3' && left_ > 0) --left_;
      complete_ = left_ == 0 || frame.type == 'E';
      break;
    case Until::statement: complete_ = frame.type == 'C' || frame.type == 'E' || frame.type == 'I' || frame.type == 's'; break;
    case Until::ready: complete_ = frame.type == 'Z'; break;
  }
  return true;
}

}  // namespace crossfade::session
