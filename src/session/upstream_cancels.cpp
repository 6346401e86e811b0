#include "upstream_cancels.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace crossfade::session {

namespace asio = boost::asio;

asio::awaitable<void> Signal::wait() {
  timer_.expires_at(asio::steady_timer::time_point::max());
  co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void UpstreamCancels::start(std::shared_ptr<postgres::Upstream> upstream) {
  ++running_;
  asio::co_spawn(io_, run(shared_from_this(), std::move(upstream)), asio::detached);
}

asio::awaitable<void> UpstreamCancels::run(std::shared_ptr<UpstreamCancels> self, std::shared_ptr<postgres::Upstream> upstream) {
  const bool arrived = co_await upstream->cancel();
  self->lost_ = self->lost_ || !arrived;
  --self->running_;
  self->done_.set();
}

asio::awaitable<bool> UpstreamCancels::arrived() {
  while (running_ != 0) co_await done_.wait();
  co_return !std::exchange(lost_, false);
}

}  // namespace crossfade::session
