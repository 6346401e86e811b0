#pragma once

#include <sys/socket.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "crossfade/engine/postgres/edge_wait.hpp"
#include "listen.hpp"

namespace crossfade::server {

/// Takes the clients of one listener, on the first io thread: without a coroutine, and all that are there at a time.
/// Lifetime: held by its own wait, too.
class Accepting final : public std::enable_shared_from_this<Accepting>, private postgres::EdgeListener {
 public:
  /// Owns `descriptor`, which does not block.
  using Taken = std::function<void(int descriptor, const sockaddr_storage& peer)>;
  /// Takes the socket over from `listener`.
  Accepting(boost::asio::io_context& io, Listener& listener, Taken taken);
  void start() { wait(); }
  /// No more of them.
  void stop();

 private:
  void on_edge(const postgres::EdgeWait& which, boost::system::error_code error) override;
  void on_dropped(const postgres::EdgeWait&) override {}
  void wait();
  void take_all();
  /// false: no more for now.
  bool take();
  void later();

  boost::asio::io_context& io_;
  const std::string name_;
  boost::asio::generic::stream_protocol::socket socket_;
  boost::asio::steady_timer pause_;
  postgres::EdgeWait edge_;
  Taken taken_;
};

}  // namespace crossfade::server
