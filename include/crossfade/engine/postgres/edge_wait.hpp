#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace crossfade::postgres {

class EdgeWait;

/// One that waits without a coroutine. On the socket's io thread.
class EdgeListener {
 public:
  /// The wait has ended. The last thing that is done with `which`: it may be started again, and go.
  virtual void on_edge(const EdgeWait& which, boost::system::error_code error) = 0;
  /// Its io_context goes, and it will never end.
  virtual void on_dropped(const EdgeWait& which) = 0;

 protected:
  ~EdgeListener() = default;
};

/// A wait for the next bytes of a socket that costs no system call. Asio's own, async_wait, tells epoll each time (EPOLL_CTL_MOD), so that it
/// is woken also by what lies there already; but the socket is registered edge-triggered once and for all. This one waits for the next edge,
/// or ends at once when there was one since the last such wait.
/// Only where the last read left nothing, and where an end of the stream is heard otherwise that came together with the last bytes, which has
/// no edge of its own: something will be sent that is answered (by a reset), or somebody looks after a while (session/silences).
/// Lifetime: outlives the wait, one at a time. Uses what Boost.Asio 1.81 keeps in its namespace `detail`.
class EdgeWait final : public boost::asio::detail::reactor_op {
  using Socket = boost::asio::generic::stream_protocol::socket;
  using Reactor = boost::asio::detail::epoll_reactor;
  /// Lends what a socket keeps for those that derive from it.
  struct Inside : Socket {
    static auto& of(Socket& socket) { return socket.*(&Inside::impl_); }
  };

 public:
  EdgeWait() : reactor_op({}, &perform_at_once, &complete) {}
  EdgeWait(const EdgeWait&) = delete;

  /// `home`: the io_context that the socket lives on; asking the socket for it costs more than all else here.
  template <class Token>
  auto start(Socket& socket, boost::asio::execution_context& home, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
        [this, &socket, &home](auto handler) {
          handler_ = std::move(handler);
          enqueue(socket, home);
        },
        token);
  }
  /// The same for a listener, without an allocation. `keep` lives until the wait is over.
  void listen(Socket& socket, boost::asio::execution_context& home, EdgeListener& listener, std::shared_ptr<void> keep = {}) {
    listener_ = &listener;
    keep_ = std::move(keep);
    enqueue(socket, home);
  }
  /// The same for the first wait on a socket that nobody has read from: what lies there already has an edge of its own, from when the socket was
  /// registered.
  void listen_first(Socket& socket, boost::asio::execution_context& home, EdgeListener& listener) {
    first_ = true;
    listen(socket, home, listener);
    first_ = false;
  }
  /// Nobody else holds `socket`'s descriptor: epoll forgets it when it is closed, and need not be told so before.
  static void be_sole_holder(Socket& socket) {
    using namespace boost::asio::detail;
    Inside::of(socket).get_implementation().state_ &= static_cast<socket_ops::state_type>(~socket_ops::possible_dup);
  }
  /// The listener goes before its wait has ended.
  void forget_listener() { listener_ = nullptr; }

 private:
  void enqueue(Socket& socket, boost::asio::execution_context& home) {
    ec_ = {};
    auto& place = Inside::of(socket).get_implementation();
    if (std::exchange(context_, &home) != &home) reactor_ = &boost::asio::use_service<Reactor>(home);
    reactor_->start_op(Reactor::read_op, place.socket_, place.reactor_data_, this, false, true);
  }
  /// Asked only when there was an edge, or nobody knows: the next wait is for another one.
  static status perform_at_once(reactor_op* base) { return static_cast<EdgeWait*>(base)->first_ ? not_done : done_and_exhausted; }
  static void complete(void* owner, boost::asio::detail::operation* base, const boost::system::error_code&, std::size_t) {
    auto* const self = static_cast<EdgeWait*>(base);
    const std::shared_ptr<void> kept = std::exchange(self->keep_, nullptr);
    const boost::system::error_code error = self->ec_;
    if (EdgeListener* const listener = std::exchange(self->listener_, nullptr); listener != nullptr)
      return owner != nullptr ? listener->on_edge(*self, error) : listener->on_dropped(*self);
    auto handler = std::exchange(self->handler_, nullptr);  // which may hold what this lies in
    if (owner != nullptr && handler) handler(error);
  }

  std::move_only_function<void(boost::system::error_code)> handler_;
  EdgeListener* listener_ = nullptr;
  std::shared_ptr<void> keep_;
  bool first_ = false;  // it is just being begun, and what asks it knows of no edge
  boost::asio::execution_context* context_ = nullptr;  // whose reactor it is: looking it up costs a lock
  Reactor* reactor_ = nullptr;
};

}  // namespace crossfade::postgres
