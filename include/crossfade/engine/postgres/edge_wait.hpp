#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <utility>

namespace crossfade::postgres {

/// A wait for the next bytes of a socket that costs no system call. Asio's own, async_wait, tells epoll each time (EPOLL_CTL_MOD), so that it
/// is woken also by what lies there already; but the socket is registered edge-triggered once and for all. This one waits for the next edge,
/// or ends at once when there was one since the last such wait.
/// Only where the last read left nothing, and something will be sent that is answered: an end of the stream that came together with the last
/// bytes has no edge of its own, but the answer to what is sent then (a reset) has.
/// Lifetime: outlives the wait, one at a time. Uses what Boost.Asio 1.81 keeps in its namespace `detail`.
class EdgeWait final : public boost::asio::detail::reactor_op {
  using Socket = boost::asio::generic::stream_protocol::socket;
  /// Lends what a socket keeps for those that derive from it.
  struct Inside : Socket {
    static auto& of(Socket& socket) { return socket.*(&Inside::impl_); }
  };

 public:
  EdgeWait() : reactor_op({}, &perform_at_once, &complete) {}
  EdgeWait(const EdgeWait&) = delete;

  template <class Token>
  auto start(Socket& socket, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
        [this, &socket](auto handler) {
          ec_ = {};
          handler_ = std::move(handler);
          auto& place = Inside::of(socket).get_implementation();
          auto& context = boost::asio::query(socket.get_executor(), boost::asio::execution::context);
          using Reactor = boost::asio::detail::epoll_reactor;
          boost::asio::use_service<Reactor>(context).start_op(Reactor::read_op, place.socket_, place.reactor_data_, this, false, true);
        },
        token);
  }

 private:
  /// Asked only when there was an edge: the next wait is for another one.
  static status perform_at_once(reactor_op*) { return done_and_exhausted; }
  static void complete(void* owner, boost::asio::detail::operation* base, const boost::system::error_code&, std::size_t) {
    auto* const self = static_cast<EdgeWait*>(base);
    auto handler = std::exchange(self->handler_, nullptr);  // which may hold what this lies in
    if (owner != nullptr) handler(self->ec_);
  }

  std::move_only_function<void(boost::system::error_code)> handler_;
};

}  // namespace crossfade::postgres
