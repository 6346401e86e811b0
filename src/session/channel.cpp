#include "channel.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "crossfade/engine/postgres/at_once.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kKeepOut = 256 * 1024;  // a larger buffer is given back after it was sent
constexpr std::size_t kSmallOut = 64;         // not worth a change of hands

/// The io thread's buffers for the client that is served next: those that wait hold none.
struct Spare { wire::FrameReader::Buffer in; std::string out; };
Spare& spare() {
  static thread_local Spare buffers;
  return buffers;
}

}  // namespace

Channel::Channel(Socket socket, std::chrono::milliseconds write_timeout) : socket_(std::move(socket)), write_timeout_(write_timeout) {}

/// What it was told last is of no use any more; the buffers are.
Channel::~Channel() {
  if (auto unused = reader_.give_buffer(); !unused.empty()) spare().in = std::move(unused);
}

/// Waits without a buffer: one wait and one recv for all that has come, where async_read_some would try a recv first that fails.
asio::awaitable<model::Result<void>> Channel::fill(std::chrono::milliseconds timeout) {
  if (tls_ && std::exchange(tls_->unread, false)) co_return open_sealed({});
  boost::system::error_code error;
  if (timeout.count() == 0) {
    std::tie(error) = co_await wait_for_bytes();
  } else {
    asio::steady_timer timer(co_await asio::this_coro::executor, timeout);
    auto first = co_await (wait_for_bytes() || timer.async_wait(kTuple));
    if (first.index() == 1) {
      reading_ = false;
      co_return model::fail("57P05"_state, "nothing was received in time");
    }
    std::tie(error) = std::get<0>(first);
  }
  co_return take_bytes(error);
}

model::Result<void> Channel::take_bytes(boost::system::error_code waited) {
  reading_ = false;
  const bool nudged = std::exchange(nudged_, false);
  if (waited == asio::error::operation_aborted && std::exchange(interrupted_, false))
    return model::fail("57014"_state, "the wait for a message was ended");
  if (waited && !(nudged && waited == asio::error::operation_aborted)) {
    broken_ = true;
    return model::fail("08006"_state, "client connection lost: " + waited.message());
  }
  take_up_buffers();
  return receive();
}

bool Channel::waits_for_bytes() {
  if (tls_ && tls_->unread) return false;
  wire::Step step = reader_.next();
  if (const auto* frame = std::get_if<wire::Frame>(&step)) reader_.put_back(*frame);
  return std::holds_alternative<wire::NeedBytes>(step);
}

/// One recv of what is there; nothing is no error.
model::Result<void> Channel::receive() {
  const auto room = tls_ ? sealed_room() : reader_.prepare(kReadBytes);
  boost::system::error_code error;
  const std::size_t count = postgres::receive_at_once(socket_.native_handle(), room, error);
  Channel::count(received_, count);
  drained_ = error == asio::error::would_block || (!error && count < room.size());  // epoll(7): a stream socket that gives less than was asked for has no more
  if (tls_ && !error) return open_sealed({room.data(), count});
  if (!tls_) reader_.commit(count);
  if (!error || error == asio::error::would_block || error == asio::error::try_again) return {};
  broken_ = true;
  return model::fail("08006"_state, "client connection lost: " + error.message());
}

void Channel::lay_down_buffers() {
  if (reader_.empty())
    if (auto unused = reader_.give_buffer(); !unused.empty()) spare().in = std::move(unused);
  if (!out_.empty() || out_.capacity() <= kSmallOut) return;
  std::string large = std::exchange(out_, {});
  if (large.capacity() <= kKeepOut) spare().out = std::move(large);
}

void Channel::take_up_buffers() {
  if (reader_.empty()) reader_.take_buffer(std::exchange(spare().in, {}));
  if (out_.capacity() <= kSmallOut && out_.empty()) out_ = std::exchange(spare().out, {});
}

asio::awaitable<model::Result<wire::Frame>> Channel::read(std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> end;  // a message that comes byte by byte has no more time than a whole one
  while (true) {
    wire::Step step = reader_.next();
    if (auto* frame = std::get_if<wire::Frame>(&step)) co_return *frame;
    if (auto* refuse = std::get_if<wire::Refuse>(&step)) {
      silent_ = refuse->told == wire::Refuse::Told::no;
      co_return std::unexpected(std::move(refuse->error));
    }
    auto left = timeout;
    if (timeout.count() != 0) {
      if (!end) end = Clock::now() + timeout;
      left = std::max(std::chrono::ceil<std::chrono::milliseconds>(*end - Clock::now()), std::chrono::milliseconds(1));
    }
    if (auto filled = co_await fill(left); !filled) co_return std::unexpected(std::move(filled).error());
  }
}

model::Result<std::optional<wire::StartupPacket>> Channel::take_startup() {
  wire::StartupStep step = reader_.next_startup();
  if (auto* packet = std::get_if<wire::StartupPacket>(&step)) return std::move(*packet);
  auto* const refuse = std::get_if<wire::Refuse>(&step);
  if (refuse == nullptr) return std::nullopt;
  silent_ = refuse->told != wire::Refuse::Told::yes;
  if (refuse->told == wire::Refuse::Told::in_old_form) wire::append_old_error(out_, refuse->error);
  return std::unexpected(std::move(refuse->error));
}

asio::awaitable<model::Result<wire::StartupPacket>> Channel::read_startup() {
  while (true) {
    auto packet = take_startup();
    if (!packet) co_return std::unexpected(std::move(packet).error());
    if (*packet) co_return std::move(**packet);
    if (auto filled = co_await fill({}); !filled) co_return std::unexpected(std::move(filled).error());
  }
}

std::optional<char> Channel::peek_type() {
  const auto frame = take_frame();
  if (!frame) return std::nullopt;
  reader_.put_back(*frame);
  return frame->type;
}

bool Channel::flush_now() {
  if (broken_) out_.clear();
  if (out_.empty()) return true;
  if (tls_) return false;  // send() seals it
  boost::system::error_code error;
  const std::size_t count = postgres::send_at_once(socket_.native_handle(), out_, error);
  Channel::count(sent_, count);
  if (error && error != asio::error::would_block && error != asio::error::try_again) broken_ = true;
  if (broken_ || count == out_.size()) {
    out_.clear();
    return true;
  }
  out_.erase(0, count);
  return false;
}

asio::awaitable<void> Channel::flush() {
  if (flush_now()) co_return;
  const std::string bytes = std::exchange(out_, {});
  co_await send(bytes);
}

asio::awaitable<void> Channel::send(std::string_view bytes) {
  std::string sealed;
  std::string_view part = next_to_send(bytes, sealed);
  while (!part.empty() && !broken_) {
    boost::system::error_code error;
    const std::size_t count = postgres::send_at_once(socket_.native_handle(), part, error);
    Channel::count(sent_, count);
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

std::optional<std::string> Channel::send_now(std::string_view bytes) {
  std::string sealed;
  std::string_view part = next_to_send(bytes, sealed);
  while (!part.empty() && !broken_) {
    boost::system::error_code error;
    const std::size_t count = postgres::send_at_once(socket_.native_handle(), part, error);
    Channel::count(sent_, count);
    part.remove_prefix(count);
    if (part.empty()) {
      part = next_to_send(bytes, sealed);
    } else if (error == asio::error::would_block || error == asio::error::try_again) {
      if (!tls_) return std::string(part);
      tls_->rest = std::string(part);  // goes first; tls_->sending stays: nothing of its own is said in between
      return std::string(bytes);
    } else if (error) {
      broken_ = true;
    }
  }
  return std::nullopt;
}

void Channel::flush_if_possible() {
  boost::system::error_code ignored;
  std::string sealed;
  std::string_view bytes = out_;
  const std::string_view part = broken_ ? std::string_view{} : next_to_send(bytes, sealed);
  if (!part.empty()) Channel::count(sent_, postgres::send_at_once(socket_.native_handle(), part, ignored));
  out_.clear();
}

void Channel::interrupt_read() {
  if (!reading_) return;
  interrupted_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Channel::hear_end() {
  if (!reading_) return;
  if (!broken_) {  // a write that failed may have been all that was to be heard
    char byte = 0;
    const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;  // whatever comes from now on has an edge
  }
  nudged_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

bool Channel::vanished() {
  constexpr std::string_view kGoodbye("X\0\0\0\4", 5);
  if (reading_ || broken_ || reader_.waiting().ends_with(kGoodbye)) return false;
  if (tls_) return vanished_behind_tls();
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

void Channel::close() {
  boost::system::error_code ignored;
  if (tls_ && !broken_) say_goodbye();
  broken_ = true;
  socket_.close(ignored);
}

}  // namespace crossfade::session
