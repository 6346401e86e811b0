#include "channel.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kKeepOut = 256 * 1024;  // a larger buffer is given back after it was sent

}  // namespace

Channel::Channel(Socket socket, std::chrono::milliseconds write_timeout)
    : socket_(std::move(socket)), write_timeout_(write_timeout) {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  // Fails on a Unix socket, which needs it not.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

asio::awaitable<model::Result<void>> Channel::fill(std::chrono::milliseconds timeout) {
  if (tls_ && std::exchange(tls_->unread, false)) co_return open_sealed(0);
  const auto room = tls_ ? sealed_room() : reader_.prepare(kReadBytes);
  const auto buffer = asio::buffer(room.data(), room.size());
  boost::system::error_code error;
  std::size_t count = 0;
  reading_ = true;
  if (timeout.count() == 0) {
    std::tie(error, count) = co_await socket_.async_read_some(buffer, kTuple);
  } else {
    asio::steady_timer timer(co_await asio::this_coro::executor, timeout);
    auto first = co_await (socket_.async_read_some(buffer, kTuple) || timer.async_wait(kTuple));
    if (first.index() == 1) {
      reading_ = false;
      co_return model::fail("57P05"_state, "nothing was received in time");
    }
    std::tie(error, count) = std::get<0>(first);
  }
  reading_ = false;
  if (error == asio::error::operation_aborted && std::exchange(interrupted_, false))
    co_return model::fail("57014"_state, "the wait for a message was ended");
  if (error) {
    broken_ = true;
    co_return model::fail("08006"_state, "client connection lost: " + error.message());
  }
  if (tls_) co_return open_sealed(count);
  reader_.commit(count);
  co_return model::Result<void>{};
}

asio::awaitable<model::Result<wire::Frame>> Channel::read(std::chrono::milliseconds timeout) {
  while (true) {
    wire::Step step = reader_.next();
    if (auto* frame = std::get_if<wire::Frame>(&step)) co_return *frame;
    if (auto* refuse = std::get_if<wire::Refuse>(&step)) {
      silent_ = refuse->told == wire::Refuse::Told::no;
      co_return std::unexpected(std::move(refuse->error));
    }
    if (auto filled = co_await fill(timeout); !filled) co_return std::unexpected(std::move(filled).error());
  }
}

asio::awaitable<model::Result<wire::StartupPacket>> Channel::read_startup() {
  while (true) {
    wire::StartupStep step = reader_.next_startup();
    if (auto* packet = std::get_if<wire::StartupPacket>(&step)) co_return std::move(*packet);
    if (auto* refuse = std::get_if<wire::Refuse>(&step)) {
      silent_ = refuse->told != wire::Refuse::Told::yes;
      if (refuse->told == wire::Refuse::Told::in_old_form) wire::append_old_error(out_, refuse->error);
      co_return std::unexpected(std::move(refuse->error));
    }
    if (auto filled = co_await fill({}); !filled) co_return std::unexpected(std::move(filled).error());
  }
}

std::optional<char> Channel::peek_type() {
  wire::Step step = reader_.next();
  if (auto* frame = std::get_if<wire::Frame>(&step)) {
    reader_.put_back(*frame);
    return frame->type;
  }
  return std::nullopt;
}

asio::awaitable<void> Channel::flush() {
  const std::string bytes = std::exchange(out_, {});
  co_await send(bytes);
  if (out_.empty() && bytes.capacity() <= kKeepOut) out_.reserve(bytes.capacity());
}

asio::awaitable<void> Channel::send(std::string_view bytes) {
  std::string sealed;
  std::string_view part = next_to_send(bytes, sealed);
  while (!part.empty() && !broken_) {
    boost::system::error_code error;
    const std::size_t count = socket_.write_some(asio::buffer(part.data(), part.size()), error);
    part.remove_prefix(count);
    if (part.empty()) part = next_to_send(bytes, sealed);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      asio::steady_timer timer(co_await asio::this_coro::executor, write_timeout_);
      const auto first = co_await (socket_.async_wait(Socket::wait_write, kTuple) || timer.async_wait(kTuple));
      if (first.index() == 1) {
        broken_ = true;
      } else if (const auto& failed = std::get<0>(std::get<0>(first)); failed && failed != asio::error::operation_aborted) {
        broken_ = true;  // an interrupted read ends this wait too: go on
      }
    } else if (error) {
      broken_ = true;
    }
  }
}

void Channel::flush_if_possible() {
  boost::system::error_code ignored;
  std::string sealed;
  std::string_view bytes = out_;
  const std::string_view part = broken_ ? std::string_view{} : next_to_send(bytes, sealed);
  if (!part.empty()) socket_.write_some(asio::buffer(part.data(), part.size()), ignored);
  out_.clear();
}

void Channel::interrupt_read() {
  if (!reading_) return;
  interrupted_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

bool Channel::vanished() {
  if (reading_ || broken_ || has_frame()) return false;
  if (tls_) return vanished_behind_tls();
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

void Channel::close() {
  boost::system::error_code ignored;
  if (tls_ && !broken_) say_goodbye();
  broken_ = true;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace crossfade::session
