#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>

#include "crossfade/engine/postgres/upstream.hpp"

namespace crossfade::session {

/// Lets one coroutine wait for another on the same io thread. A wait ends with any set(): what was waited for is looked at again.
class Signal {
 public:
  explicit Signal(const boost::asio::any_io_executor& io) : timer_(io) {}
  boost::asio::awaitable<void> wait();
  void set() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

/// Cancel requests on their way to the backend of a lent connection. It may serve nobody else before they have arrived there: one that
/// comes late would hit a stranger's statement.
class UpstreamCancels : public std::enable_shared_from_this<UpstreamCancels> {
 public:
  explicit UpstreamCancels(const boost::asio::any_io_executor& io) : io_(io), done_(io) {}
  void start(std::shared_ptr<postgres::Upstream> upstream);
  /// Waits for all of them. false: one got lost on its way, and may come at any time.
  boost::asio::awaitable<bool> arrived();
  bool any() const { return running_ != 0 || lost_; }
  /// For the next connection.
  void forget_lost() { lost_ = false; }

 private:
  static boost::asio::awaitable<void> run(std::shared_ptr<UpstreamCancels> self, std::shared_ptr<postgres::Upstream> upstream);

  boost::asio::any_io_executor io_;
  Signal done_;
  std::size_t running_ = 0;
  bool lost_ = false;
};

}  // namespace crossfade::session
