#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "channel.hpp"
#include "crossfade/engine/postgres/at_once.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kSealedBytes = 16 * 1024 + 512;  // a record and what goes round it
constexpr std::size_t kPlainBytes = 64 * 1024;         // sealed at once: a large answer is not held twice

}  // namespace

/// The io thread's own, for one recv: a client that waits holds none.
std::span<char> Channel::sealed_room() {
  static thread_local std::array<char, kSealedBytes> room;
  return room;
}

model::Result<void> Channel::open_sealed(std::string_view sealed) {
  tls_->server.feed(sealed);
  if (!tls_->server.established()) return {};
  auto opened = open_all();
  answer_tls();
  return opened;
}

model::Result<void> Channel::open_all() {
  for (bool any = false;; any = true) {
    auto opened = tls_->server.read(reader_.prepare(kSealedBytes));
    if (opened && *opened == 0) return {};
    if (opened) {
      reader_.commit(*opened);
      continue;
    }
    tls_->unread = any;  // what came before the end is handled first
    if (any) return {};
    broken_ = true;
    return std::unexpected(std::move(opened).error());
  }
}

std::string_view Channel::next_to_send(std::string_view& bytes, std::string& sealed) {
  if (!tls_) return std::exchange(bytes, {});
  const std::string_view part = bytes.substr(0, std::min(bytes.size(), kPlainBytes));
  bytes.remove_prefix(part.size());
  sealed = std::exchange(tls_->rest, {});
  if (!part.empty() && tls_->server.established() && !tls_->server.write(part)) broken_ = true;
  tls_->server.take(sealed);
  tls_->sending = !sealed.empty();
  return sealed;
}

void Channel::answer_tls() {
  if (tls_->sending) return;
  tls_->server.take(tls_->rest);
  boost::system::error_code ignored;
  if (!tls_->rest.empty()) tls_->rest.erase(0, postgres::send_at_once(socket_.native_handle(), tls_->rest, ignored));
}

asio::awaitable<model::Result<void>> Channel::start_tls(std::shared_ptr<const wire::TlsContext> context, wire::TlsStart start) {
  tls_ = std::make_unique<Tls>(Tls{wire::TlsServer(std::move(context), start)});
  tls_->server.feed(reader_.take_all());
  while (true) {
    auto done = tls_->server.handshake();
    co_await send({});
    if (!done) {
      silent_ = true;
      co_return std::unexpected(std::move(done).error());
    }
    if (broken_) co_return model::fail(model::SqlState{"08006"}, "client connection lost");
    if (*done) break;
    if (auto filled = co_await fill({}); !filled) co_return std::unexpected(std::move(filled).error());
  }
  // Its first message may have come with the end of the handshake.
  co_return open_sealed({});
}

/// Close-notify lies behind the last message, so the end is looked for behind both. Nothing goes to `reader_`: a statement runs
/// and may still use its message.
bool Channel::vanished_behind_tls() {
  pollfd hung_up{socket_.native_handle(), POLLRDHUP, 0};
  if (::poll(&hung_up, 1, 0) != 1) return false;
  const auto room = sealed_room();
  const auto count = ::recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (count > 0) tls_->server.feed(std::string_view(room.data(), static_cast<std::size_t>(count)));
  tls_->unread = true;
  const bool ended = count == 0 || (count < 0 && errno == ECONNRESET);
  return ended && !tls_->server.has_plaintext();
}

void Channel::say_goodbye() {
  tls_->server.close();
  std::string sealed;
  tls_->server.take(sealed);
  boost::system::error_code ignored;
  if (!sealed.empty()) postgres::send_at_once(socket_.native_handle(), sealed, ignored);
}

}  // namespace crossfade::session
