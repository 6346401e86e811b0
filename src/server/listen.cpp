#include "listen.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cstring>
#include <system_error>
#include <utility>

namespace crossfade::server {

namespace asio = boost::asio;
using namespace model::literals;
using Tcp = asio::ip::tcp;

namespace {

constexpr int kBacklog = 128;

/// A client speaks first: it is worth waking up for when it has, and what it has said is there then. One that says nothing is there after this
/// time all the same. Source: tcp(7), TCP_DEFER_ACCEPT.
constexpr int kSecondsToSpeak = 1;

std::unexpected<model::Error> cannot(const std::string& name, const boost::system::error_code& error) {
  return model::fail("58000"_state, "could not listen on " + name + ": " + error.message());
}

model::Result<Acceptor> open(asio::io_context& io, const asio::generic::stream_protocol::endpoint& endpoint,
                             const std::string& name, std::chrono::milliseconds keepalive) {
  Acceptor acceptor(io);
  boost::system::error_code error;
  const asio::generic::stream_protocol protocol(endpoint.protocol().family(), 0);
  acceptor.open(protocol, error);
  if (!error && endpoint.protocol().family() != AF_UNIX) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && endpoint.protocol().family() == AF_INET6) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error && endpoint.protocol().family() != AF_UNIX) set_tcp_options(acceptor.native_handle(), keepalive);
  if (!error && endpoint.protocol().family() != AF_UNIX)
    ::setsockopt(acceptor.native_handle(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &kSecondsToSpeak, sizeof kSecondsToSpeak);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return cannot(name, error);
  return acceptor;
}

std::uint16_t port_of(const Acceptor& acceptor) {
  const auto endpoint = acceptor.local_endpoint();
  Tcp::endpoint tcp;
  tcp.resize(endpoint.size());
  std::memcpy(tcp.data(), endpoint.data(), endpoint.size());
  return tcp.port();
}

/// A socket that a service manager has bound.
model::Result<Acceptor> adopt(asio::io_context& io, int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  Acceptor acceptor(io);
  boost::system::error_code error;
  acceptor.assign(asio::generic::stream_protocol(address.ss_family, 0), descriptor, error);
  if (error) return cannot("descriptor " + std::to_string(descriptor), error);
  return acceptor;
}

model::Result<std::vector<Listener>> adopt_all(asio::io_context& io, const ServerOptions& options, std::uint16_t& port) {
  std::vector<Listener> listeners;
  for (std::size_t i = 0, tcp = 0; i < options.inherited.size(); ++i) {
    CROSSFADE_TRY(auto acceptor, adopt(io, options.inherited[i]));
    std::string name = "an inherited Unix socket";
    if (acceptor.local_endpoint().protocol().family() != AF_UNIX) {
      const std::uint16_t own = port_of(acceptor);
      if (tcp == 0) port = own;
      name = options.addresses[tcp++] + ":" + std::to_string(own);
    }
    listeners.emplace_back(std::move(acceptor), std::move(name));
  }
  return listeners;
}

/// A socket file that nobody listens on is left over from a crash.
model::Result<void> remove_stale(asio::io_context& io, const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  asio::local::stream_protocol::socket probe(io);
  boost::system::error_code refused;
  probe.connect(asio::local::stream_protocol::endpoint(file.string()), refused);
  if (refused != asio::error::connection_refused)
    return model::fail("58000"_state, "could not listen on " + file.string() + ": another process does");
  std::filesystem::remove(file, error);
  return {};
}

}  // namespace

void set_tcp_options(int descriptor, std::chrono::milliseconds keepalive) {
  constexpr int kOn = 1, kProbes = 5;
  const auto seconds = static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(keepalive).count());
  const auto set = [descriptor](int level, int option, int value) { ::setsockopt(descriptor, level, option, &value, sizeof value); };
  set(IPPROTO_TCP, TCP_NODELAY, kOn);
  set(SOL_SOCKET, SO_KEEPALIVE, kOn);
  if (seconds <= 0) return;
  set(IPPROTO_TCP, TCP_KEEPIDLE, seconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, std::max(1, seconds / kProbes));
  set(IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

Listener::Listener(Acceptor acceptor, std::string name, std::filesystem::path file)
    : acceptor_(std::move(acceptor)), name_(std::move(name)), file_(std::move(file)) {}
Listener::Listener(Listener&& other) noexcept
    : acceptor_(std::move(other.acceptor_)), name_(std::move(other.name_)), file_(std::exchange(other.file_, {})) {}
Listener::~Listener() {
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

model::Result<std::vector<Listener>> listen_all(asio::io_context& io, const ServerOptions& options, std::uint16_t& port) {
  if (!options.inherited.empty()) return adopt_all(io, options, port);
  std::vector<Listener> listeners;
  for (const std::string& address : options.addresses) {
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    const std::string name = address + ":" + std::to_string(port);
    if (error) return cannot(name, error);
    CROSSFADE_TRY(auto acceptor, open(io, asio::generic::stream_protocol::endpoint(Tcp::endpoint(ip, port)), name, options.keepalive));
    port = port_of(acceptor);
    listeners.emplace_back(std::move(acceptor), address + ":" + std::to_string(port));
  }
  if (!options.unix_directory.empty()) {
    const std::filesystem::path file = options.unix_directory / (".s.PGSQL." + std::to_string(port));
    CROSSFADE_CHECK(remove_stale(io, file));
    const asio::local::stream_protocol::endpoint endpoint(file.string());
    CROSSFADE_TRY(auto acceptor, open(io, asio::generic::stream_protocol::endpoint(endpoint), file.string(), options.keepalive));
    listeners.emplace_back(std::move(acceptor), file.string(), file);
  }
  return listeners;
}

}  // namespace crossfade::server
