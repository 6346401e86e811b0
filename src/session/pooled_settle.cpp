#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "pooled_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr auto kSettleTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPooledLastWords{1'000};

}  // namespace

/// All is answered: the connection is given back, unless something of this client stays in it.
asio::awaitable<void> PooledSession::settle() {
  state_ = State::settling;
  if (cancels() && !co_await cancels_->arrived()) {
    if (tracker_->is_pinned()) {
      farewell_ = model::Error{"08006"_state, "connection to the PostgreSQL server was given up: a cancel request got lost"};
      lost_ = true;
    }
    tracker_->detach(*lease_);
    lease_.drop();
    co_return;
  }
  if (!tracker_->quiet() || tracker_->said_fatal()) {
    state_ = State::lent;
    co_return;
  }
  if (tracker_->asks()) {
    std::string probe;
    tracker_->probe(*lease_, probe);
    const auto upstream = lease_->upstream;
    (void)co_await postgres::send(upstream, std::move(probe));
    while (!tracker_->quiet())
      if (!co_await receive()) {
        lost_ = !leaving_;
        break;
      }
    if (!lease_ || lost_ || leaving_) co_return;
  }
  if (!tracker_->is_pinned()) {
    tracker_->detach(*lease_);
    lease_.give_back();
    co_return;
  }
  show_pinned();
  client_.show(Activity::idle);
  state_ = State::lent;
  say_changed();
  if (client_.draining) client_.channel.interrupt_read();
}

void PooledSession::show_pinned() {
  if (!tracker_->is_pinned() && pinned_.empty()) return;
  const std::string pinned = tracker_->pinned();
  if (pinned == pinned_) return;
  pinned_ = pinned;
  client_.hub.describe(client_.pid, [&pinned](ClientInfo& info) { info.pinned = pinned; });
}

bool PooledSession::ends_behind_its_batch() {
  Channel& channel = client_.channel;
  return pumping_ && !tracker_->in_batch() && channel.tls() != nullptr && !channel.has_frame() && !channel.waits_for_bytes();
}

/// What it has asked for is answered before its end is read, which is the channel's too: PostgreSQL reads nothing while it works. One that is gone
/// altogether does not hold its connection for long.
asio::awaitable<void> PooledSession::last_answers() {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, kPooledLastWords);
  bool in_time = true;
  while (in_time && pumping_ && !lost_) in_time = (co_await (change() || timer.async_wait(kSettleTuple))).index() == 0;
}

/// The client's direction has ended. A connection that is still lent is reset, or closed when a transaction is open on it: the server
/// rolls it back. What a client said before it said Terminate is still done.
asio::awaitable<void> PooledSession::leave() {
  while (state_ == State::settling && pumping_) co_await change();
  const bool quiet = !lost_ && lease_ && tracker_->quiet() && !writing_ && last_.empty();
  if (lease_ && !lost_ && !last_.empty()) {
    out_ += last_;
    co_await to_server();
    asio::steady_timer timer(co_await asio::this_coro::executor, kPooledLastWords);
    using namespace asio::experimental::awaitable_operators;
    bool in_time = true;
    while (in_time && pumping_) in_time = (co_await (change() || timer.async_wait(kSettleTuple))).index() == 0;
  }
  leaving_ = true;
  boost::system::error_code ignored;
  if (lease_) lease_->upstream->socket().cancel(ignored);
  while (pumping_) co_await change();
  const bool arrived = !cancels() || co_await cancels_->arrived();
  if (!lease_) co_return;
  const bool fatal = tracker_->said_fatal();
  if (lost_ && !fatal && !farewell_ && !terminated_) farewell_ = model::Error{"08006"_state, "connection to the PostgreSQL server was lost"};
  if (fatal) farewell_.reset();
  if (!quiet || !arrived || fatal || lost_) co_return lease_.drop();
  tracker_->detach(*lease_);
  co_await return_connection(client_.hub, std::move(lease_));
}

}  // namespace crossfade::session
