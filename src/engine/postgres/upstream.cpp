#include "crossfade/engine/postgres/upstream.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "crossfade/engine/postgres/at_once.hpp"
#include "crossfade/wire/tls.hpp"
#include "libpq.hpp"

namespace crossfade::postgres {
namespace {

namespace asio = boost::asio;
using namespace model::literals;

constexpr std::chrono::seconds kCancelTimeout{5};

/// What PostgreSQL 15 reports of its own accord. Source: manual, "Asynchronous Operations".
constexpr std::array kReported{
    "application_name", "client_encoding",    "DateStyle",        "default_transaction_read_only", "in_hot_standby",
    "integer_datetimes", "IntervalStyle",     "is_superuser",     "server_encoding",               "server_version",
    "session_authorization", "standard_conforming_strings", "TimeZone",
};

/// How a start-up parameter of the client reaches the upstream.
enum class Passing : std::uint8_t { keyword, command_line, credential, refused };
struct ParameterRow { std::string_view name, keyword; Passing passing; };
constexpr std::array kParameters{
    ParameterRow{"user", {}, Passing::credential},  // the proxy's own credentials are used upstream
    ParameterRow{"database", "dbname", Passing::keyword},
    ParameterRow{"application_name", "application_name", Passing::keyword},
    ParameterRow{"client_encoding", "client_encoding", Passing::keyword},
    ParameterRow{"options", {}, Passing::command_line},
    ParameterRow{"replication", {}, Passing::refused},
};

/// libpq's calls block while they look up names; they have these threads.
struct BlockingThreads : asio::thread_pool {
  BlockingThreads() : asio::thread_pool(8) { made = this; }
  using asio::execution_context::shutdown;
  inline static std::atomic<BlockingThreads*> made = nullptr;  // null: nobody has needed them
};
asio::thread_pool& blocking_threads() {
  static BlockingThreads pool;
  return pool;
}

/// "-c name=value" with PostgreSQL's backslash rule for spaces. Source: manual, "Parameter Key Words", options.
std::string setting(std::string_view name, std::string_view value) {
  std::string text = "-c ";
  (text += name) += '=';
  for (const char c : value) {
    if (c == ' ' || c == '\\' || c == '\t' || c == '\n') text += '\\';
    text += c;
  }
  return text;
}

/// Whether the owner has said something of `keyword`: in the conninfo, by its variable, or maybe in a service file.
bool is_said(const Conninfo& conninfo, std::string_view keyword, const char* variable) {
  const bool service = !conninfo.value("service").empty() || std::getenv("PGSERVICE") != nullptr;
  return service || !conninfo.value(keyword).empty() || std::getenv(variable) != nullptr;
}

/// Where the owner has not said how: plain when the server takes that, since libpq's own choice (TLS when the server offers it) costs
/// much and proves nothing.
Conninfo with_default_encryption(Conninfo conninfo) {
  if (!is_said(conninfo, "sslmode", "PGSSLMODE")) conninfo = conninfo.with("sslmode", "allow");
  if (!is_said(conninfo, "gssencmode", "PGGSSENCMODE")) conninfo = conninfo.with("gssencmode", "disable");
  return conninfo;
}

model::Result<Conninfo> with_parameters(const Conninfo& base, const std::map<std::string, std::string>& parameters) {
  Conninfo conninfo = with_default_encryption(base);
  std::string options = conninfo.value("options");
  const auto add = [&](const std::string& text) { options += (options.empty() ? "" : " ") + text; };
  for (const auto& [name, value] : parameters) {
    if (name.starts_with("_pq_.")) continue;  // protocol extensions are between the client and the proxy
    const ParameterRow* row = nullptr;
    for (const ParameterRow& known : kParameters)
      if (known.name == name) row = &known;
    if (row == nullptr) {
      add(setting(name, value));
      continue;
    }
    switch (row->passing) {
      case Passing::keyword: conninfo = conninfo.with(row->keyword, value); break;
      case Passing::command_line: add(value); break;
      case Passing::credential: break;
      case Passing::refused:
        if (value != "false" && value != "off" && value != "0" && value != "no")
          return model::fail("0A000"_state, "replication connections are not relayed", {}, "connect to PostgreSQL itself");
    }
  }
  return options.empty() ? conninfo : conninfo.with("options", options);
}

class LibpqUpstream final : public Upstream {
 public:
  LibpqUpstream(ConnectionHandle handle, Socket socket, int family)
      : handle_(std::move(handle)), canceller_(PQgetCancel(handle_.get()), &PQfreeCancel), socket_(std::move(socket)), family_(family) {
    home_ = &context_of(socket_.get_executor());
    for (const char* name : kReported)
      if (const char* value = PQparameterStatus(handle_.get(), name); value != nullptr) parameters_[name] = value;
    if (void* const ssl = PQsslStruct(handle_.get(), "OpenSSL"); ssl != nullptr) tls_.emplace(ssl);
  }
  Socket& socket() override { return socket_; }
  std::size_t read_some(std::span<char> room, boost::system::error_code& error) override;
  std::size_t write_some(std::string_view bytes, boost::system::error_code& error) override;
  bool has_unread() const override { return tls_ && tls_->has_plaintext(); }
  bool read_empty() const override { return read_empty_; }
  const std::map<std::string, std::string>& parameters() const override { return parameters_; }
  std::int32_t backend_pid() const override { return PQbackendPID(handle_.get()); }
  asio::awaitable<bool> cancel() override;
  Look look() override;
  bool move_to(asio::execution_context& home) override;

 private:
  ConnectionHandle handle_;  // says Terminate when it goes
  std::shared_ptr<PGcancel> canceller_;
  Socket socket_;
  std::optional<wire::TlsStream> tls_;  // libpq's, on the same socket
  int family_;
  bool read_empty_ = false;
  std::map<std::string, std::string> parameters_;
};

boost::system::error_code error_of(wire::TlsStream::Outcome outcome) {
  switch (outcome) {
    case wire::TlsStream::Outcome::done: return {};
    case wire::TlsStream::Outcome::would_block: return asio::error::would_block;
    case wire::TlsStream::Outcome::closed: return asio::error::eof;
    case wire::TlsStream::Outcome::broken: break;
  }
  return asio::error::connection_reset;
}

std::size_t LibpqUpstream::read_some(std::span<char> room, boost::system::error_code& error) {
  if (!tls_) {
    const std::size_t plain = receive_at_once(socket_.native_handle(), room, error);
    read_empty_ = error == asio::error::would_block || (!error && plain < room.size());  // epoll(7): a stream socket that gives less than was asked for has no more
    return plain;
  }
  std::size_t count = 0;
  error = error_of(tls_->read(room, count));
  return count;
}

std::size_t LibpqUpstream::write_some(std::string_view bytes, boost::system::error_code& error) {
  if (!tls_) return send_at_once(socket_.native_handle(), bytes, error);
  std::size_t all = 0;
  error = {};
  while (all < bytes.size() && !error) {
    std::size_t count = 0;
    error = error_of(tls_->write(bytes.substr(all), count));
    all += count;
  }
  return all;
}

asio::awaitable<model::Result<ConnectionHandle>> connect_here(Conninfo conninfo, std::chrono::milliseconds timeout) {
  co_return open_connection(conninfo, std::chrono::steady_clock::now() + timeout);
}

asio::awaitable<void> cancel_here(std::shared_ptr<PGcancel> canceller) {
  std::array<char, 256> message{};
  PQcancel(canceller.get(), message.data(), static_cast<int>(message.size()));
  co_return;
}

asio::awaitable<bool> LibpqUpstream::cancel() {
  using namespace asio::experimental::awaitable_operators;
  if (canceller_ == nullptr) co_return true;
  asio::steady_timer timer{co_await asio::this_coro::executor, kCancelTimeout};
  const auto first = co_await (asio::co_spawn(blocking_threads(), cancel_here(canceller_), asio::use_awaitable) ||
                               timer.async_wait(asio::use_awaitable));
  co_return first.index() == 0;  // libpq returns when the postmaster has closed its end, after it has sent the signal
}

Upstream::Look LibpqUpstream::look() {
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count > 0) return Look::speaks;
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Look::quiet : Look::gone;
}

bool LibpqUpstream::move_to(asio::execution_context& home) {
  if (home_ == &home) return true;
  boost::system::error_code failure;
  const int descriptor = socket_.release(failure);
  if (failure) return false;
  Socket moved{static_cast<asio::io_context&>(home).get_executor()};
  moved.assign(asio::generic::stream_protocol{family_, 0}, descriptor, failure);
  if (failure) {
    close(descriptor);
    return false;
  }
  moved.non_blocking(true, failure);
  socket_ = std::move(moved);
  home_ = &home;
  return !failure;
}

/// The same socket under a descriptor of ours, so that libpq's can be closed by libpq.
model::Result<int> second_descriptor(PGconn* connection, sockaddr_storage& address) {
  socklen_t length = sizeof address;
  if (getsockname(PQsocket(connection), reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return model::fail("08006"_state, "the upstream's socket has no name");
  const int descriptor = fcntl(PQsocket(connection), F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) return model::fail("53300"_state, "no descriptor is left for the upstream's socket");
  return descriptor;
}

}  // namespace

void Upstream::drop_blocking_calls() {
  BlockingThreads* const threads = BlockingThreads::made;
  if (threads == nullptr) return;
  threads->stop();
  threads->join();
  threads->shutdown();
}

asio::awaitable<boost::system::error_code> receive(std::shared_ptr<Upstream> upstream, wire::FrameReader& reader, std::size_t room) {
  static thread_local wire::FrameReader::Buffer spare;  // one that waits holds no buffer
  if (!upstream->has_unread()) {
    if (reader.empty()) spare = reader.give_buffer();
    const auto [failed] = co_await upstream->socket().async_wait(Upstream::Socket::wait_read, asio::as_tuple(asio::use_awaitable));
    if (failed) co_return failed;
    if (reader.empty()) reader.take_buffer(std::exchange(spare, {}));
  }
  boost::system::error_code error;
  reader.commit(upstream->read_some(reader.prepare(room), error));
  if (error == asio::error::would_block || error == asio::error::try_again) co_return boost::system::error_code{};
  co_return error;
}

asio::awaitable<boost::system::error_code> send(std::shared_ptr<Upstream> upstream, std::string bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    boost::system::error_code error;
    rest.remove_prefix(upstream->write_some(rest, error));
    if (error && error != asio::error::would_block && error != asio::error::try_again) co_return error;
    if (rest.empty()) break;
    const auto [failed] = co_await upstream->socket().async_wait(Upstream::Socket::wait_write, asio::as_tuple(asio::use_awaitable));
    if (failed) co_return failed;
  }
  co_return boost::system::error_code{};
}

asio::awaitable<model::Result<std::unique_ptr<Upstream>>> Upstream::connect(Conninfo conninfo,
                                                                            std::map<std::string, std::string> options,
                                                                            std::chrono::milliseconds timeout) {
  const auto complete = with_parameters(conninfo, options);
  if (!complete) co_return std::unexpected(complete.error());
  auto made = co_await asio::co_spawn(blocking_threads(), connect_here(*complete, timeout), asio::use_awaitable);
  if (!made) co_return std::unexpected(std::move(made).error());
  if (PQgssEncInUse(made->get()) != 0)
    co_return model::fail("0A000"_state, "the upstream connection is encrypted by GSSAPI, which is not relayed", {}, "Use gssencmode=disable.");
  sockaddr_storage address{};
  const auto descriptor = second_descriptor(made->get(), address);
  if (!descriptor) co_return std::unexpected(descriptor.error());
  Socket socket{co_await asio::this_coro::executor};
  boost::system::error_code failure;
  socket.assign(asio::generic::stream_protocol{address.ss_family, 0}, *descriptor, failure);
  if (!failure) socket.non_blocking(true, failure);
  if (failure) {
    close(*descriptor);
    co_return model::fail("08006"_state, "the upstream's socket cannot be used: " + failure.message());
  }
  co_return std::make_unique<LibpqUpstream>(*std::move(made), std::move(socket), static_cast<int>(address.ss_family));
}

}  // namespace crossfade::postgres
