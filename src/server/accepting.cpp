#include "accepting.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "crossfade/observe/log.hpp"

namespace crossfade::server {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kAfterAcceptError{100};  // descriptors may have run out: others must end first
constexpr int kAtATime = 64;                                 // then it is the turn of those who are there
/// Of a connection that is gone already. Source: accept(2), "Error handling".
constexpr std::array kOfThatConnection{ECONNABORTED, EPROTO, EINTR, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};

}  // namespace

Accepting::Accepting(asio::io_context& io, Listener& listener, Taken taken)
    : io_(io), name_(listener.name()), socket_(io), pause_(io), taken_(std::move(taken)) {
  listener.acceptor().native_non_blocking(true);
  const int family = listener.acceptor().local_endpoint().protocol().family();
  socket_.assign(asio::generic::stream_protocol(family, 0), listener.acceptor().release());
}

void Accepting::stop() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
}

void Accepting::wait() { edge_.listen(socket_, io_, *this, shared_from_this()); }

void Accepting::on_edge(const postgres::EdgeWait&, boost::system::error_code error) {
  if (!error) take_all();
}

void Accepting::take_all() {
  for (int taken = 0; socket_.is_open(); ++taken) {
    if (taken == kAtATime) return asio::post(io_, [self = shared_from_this()] { self->take_all(); });
    if (!take()) return;
  }
}

bool Accepting::take() {
  sockaddr_storage peer{};
  peer.ss_family = AF_UNIX;  // whose clients have no name
  socklen_t size = sizeof peer;
  const int descriptor = ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor >= 0) {
    taken_(descriptor, peer);
    return true;
  }
  const int error = errno;
  if (error == EAGAIN || error == EWOULDBLOCK) {
    wait();
    return false;
  }
  if (std::ranges::find(kOfThatConnection, error) != kOfThatConnection.end()) return true;
  observe::log(observe::Level::warn, "accept failed", {{"listener", name_}, {"error", boost::system::error_code(error, boost::system::system_category()).message()}});
  later();
  return false;
}

void Accepting::later() {
  pause_.expires_after(kAfterAcceptError);
  pause_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (!cancelled) self->take_all();
  });
}

}  // namespace crossfade::server
