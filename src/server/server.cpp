#include "crossfade/server/server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "crossfade/engine/postgres/upstream.hpp"
#include "crossfade/observe/log.hpp"
#include "crossfade/session/serve_client.hpp"
#include "accepting.hpp"
#include "io_threads.hpp"
#include "listen.hpp"
#include "service_manager.hpp"

namespace crossfade::server {

namespace asio = boost::asio;
using namespace model::literals;
using session::Shutdown;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kBetweenLooks{1};  // after clients that are gone
constexpr std::size_t kSlack = 64;  // connections beyond the limit that are told so, or carry a cancel request
constexpr std::size_t kAddressSlack = 8;  // the same of one address

/// Connections by the address they come from; from accept on, so that those who say nothing count too. Thread: any.
class ByAddress {
 public:
  /// How many there are from there, with this one.
  std::size_t enter(std::string_view host) {
    const std::scoped_lock lock(mutex_);
    const auto here = counts_.find(host);
    return here != counts_.end() ? ++here->second : (counts_[std::string(host)] = 1);
  }
  void leave(std::string_view host) {
    const std::scoped_lock lock(mutex_);
    const auto here = counts_.find(host);
    if (--here->second == 0) counts_.erase(here);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::size_t, std::less<>> counts_;
};

/// An address without its port.
std::string_view host_of(std::string_view address) { return address.substr(0, address.rfind(':')); }

/// What those who accept, the signals and the sessions of one run() share. On the first io thread, but for left().
struct Running final : session::Departures {
  Running(IoThreads& threads_, session::Hub& hub_, const ServerOptions& options_)
      : threads(threads_), hub(hub_), options(options_), ended(threads.first()) {
    ended.expires_at(asio::steady_timer::time_point::max());
  }
  /// true: it is one too many, beyond what start-up would refuse in words of its own.
  bool session_began(const std::string& address) {
    const std::string_view host = host_of(address);
    const std::size_t all = ++sessions, here = by_address.enter(host);
    const auto access = hub.access();
    if (all > access->max_connections + kSlack) return true;
    const std::size_t most = access->max_connections_per_address;
    return most != 0 && host != "local" && here > most + kAddressSlack;
  }
  /// Thread: any.
  void left(std::size_t thread, const std::string& address) override {
    threads.left(thread);
    by_address.leave(host_of(address));
    if (--sessions != 0 || !draining) return;
    asio::post(threads.first(), [this] { ended.cancel(); });
  }
  IoThreads& threads;
  session::Hub& hub;
  const ServerOptions& options;
  std::vector<Listener> listeners;
  std::vector<std::shared_ptr<Accepting>> accepting;  // of each
  asio::steady_timer ended;  // cancelled when the last session has gone while draining
  std::atomic<std::size_t> sessions = 0;
  ByAddress by_address;
  std::atomic<bool> draining = false;
};

std::string describe(const sockaddr_storage& peer) {
  if (peer.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &peer, sizeof address);
    std::array<char, sizeof "255.255.255.255:65535"> text{};
    char* at = text.data();
    const auto put = [&at, &text](unsigned number) { at = std::to_chars(at, text.data() + text.size(), number).ptr; };
    const std::uint32_t bytes = ntohl(address.sin_addr.s_addr);
    for (const int shift : {24, 16, 8, 0}) {
      put(bytes >> shift & 255U);
      *at++ = shift == 0 ? ':' : '.';
    }
    put(ntohs(address.sin_port));
    return {text.data(), at};
  }
  if (peer.ss_family != AF_INET6) return "local";
  asio::ip::tcp::endpoint tcp{asio::ip::tcp::v6(), 0};
  std::memcpy(tcp.data(), &peer, tcp.size());
  return tcp.address().to_string() + ":" + std::to_string(tcp.port());
}

asio::awaitable<void> refuse(Running& running, std::size_t thread, asio::generic::stream_protocol::socket socket, std::string address) {
  try {
    co_await session::refuse_client(running.hub, std::move(socket));
  } catch (const std::exception& failure) {
    observe::log(observe::Level::error, "refusing failed", {{"what", failure.what()}});
  }
  running.left(thread, address);
}

/// On the client's io thread.
void serve_one(Running& running, std::size_t thread, int descriptor, const sockaddr_storage& peer) {
  std::string address = describe(peer);
  asio::generic::stream_protocol::socket socket(running.threads.executor(thread));
  boost::system::error_code failed;
  socket.assign(asio::generic::stream_protocol(peer.ss_family, 0), descriptor, failed);
  postgres::EdgeWait::be_sole_holder(socket);
  const bool many = running.session_began(address);
  if (failed) {
    ::close(descriptor);
    running.left(thread, address);
  } else if (many) {
    const auto io = socket.get_executor();
    asio::co_spawn(io, refuse(running, thread, std::move(socket), std::move(address)), asio::detached);
  } else {
    session::serve_client(running.hub, std::move(socket), std::move(address), running, thread);
  }
}

/// On the first io thread, to the one where the client will live.
void take_client(Running& running, int descriptor, const sockaddr_storage& peer) {
  if (!running.options.inherited.empty() && peer.ss_family != AF_UNIX) set_tcp_options(descriptor, running.options.keepalive);
  const std::size_t thread = running.threads.enter();
  if (thread == 0) return serve_one(running, thread, descriptor, peer);
  asio::post(running.threads.executor(thread), [&running, thread, descriptor, peer] { serve_one(running, thread, descriptor, peer); });
}

asio::awaitable<void> look_after_clients(Running& running) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (true) {
    timer.expires_after(kBetweenLooks);
    co_await timer.async_wait(kTuple);
    session::end_vanished_clients(running.hub);
  }
}

asio::awaitable<void> look_after_pools(Running& running) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (true) {
    timer.expires_after(kBetweenLooks);
    co_await timer.async_wait(kTuple);
    co_await session::look_after_pools(running.hub);
  }
}

/// The first SIGTERM or SIGINT drains, bounded; a second SIGINT stops at once.
asio::awaitable<void> wait_for_end(Running& running, asio::signal_set& signals, asio::signal_set& interrupt) {
  const auto [error, number] = co_await signals.async_wait(kTuple);
  if (error) co_return;
  interrupt.add(SIGINT);  // not before: it would have heard the first one, too
  notify_service_manager(ServiceState::stopping);
  observe::log(observe::Level::info, "draining", {{"signal", number}, {"sessions", running.sessions.load()}});
  running.draining = true;
  for (const auto& accepting : running.accepting) accepting->stop();
  session::shut_down_clients(running.hub, Shutdown::drain);
  if (running.sessions != 0) {
    running.ended.expires_after(running.options.drain_timeout);
    asio::steady_timer& ended = running.ended;
    interrupt.async_wait([&ended](boost::system::error_code failed, int) {
      if (!failed) ended.cancel();
    });
    co_await ended.async_wait(kTuple);
  }
  interrupt.cancel();
}

/// What the upstream reports, so that a client is told the same on both sides. An upstream that is not there changes nothing.
asio::awaitable<void> learn_parameters(session::Hub& hub) {
  const auto& postgres = hub.backends().postgres;
  if (!postgres || !hub.options().server_parameters.empty()) co_return;
  auto upstream = co_await postgres::Upstream::connect(*postgres, {}, hub.options().connect_timeout);
  if (!upstream) {
    observe::log(observe::Level::warn, "upstream not reached", {{"message", upstream.error().message}});
    co_return;
  }
  auto parameters = (*upstream)->parameters();
  std::erase_if(parameters, [](const auto& entry) {
    return entry.first == "application_name" || entry.first == "session_authorization" || entry.first == "client_encoding";
  });
  hub.set_server_parameters(std::move(parameters));
}

asio::awaitable<void> call_reload(const Hooks& hooks) {
  try {
    if (hooks.reload) hooks.reload();
  } catch (const std::exception& failure) {
    observe::log(observe::Level::error, "reload failed", {{"what", failure.what()}});
  }
  co_return;
}

/// One reload at a time, each on `thread`, so that files are not read on the io thread.
asio::awaitable<void> reload_on_signal(asio::signal_set& signals, asio::thread_pool& thread, const Hooks& hooks) {
  while (true) {
    const auto [error, number] = co_await signals.async_wait(kTuple);
    if (error) co_return;
    notify_service_manager(ServiceState::reloading);
    co_await asio::co_spawn(thread, call_reload(hooks), asio::use_awaitable);
    notify_service_manager(ServiceState::ready);
  }
}

/// A rule that lets clients in who need not prove who they are, or whose password anybody on the way can read.
bool needs_loopback(session::AuthMethod method, session::AccessRule::Type type) {
  if (method == session::AuthMethod::trust) return true;
  return method == session::AuthMethod::password && type != session::AccessRule::Type::hostssl;
}

std::string_view name_of(session::AuthMethod method) {
  return method == session::AuthMethod::trust ? "trust authentication" : "a password in clear text";
}

}  // namespace

model::Result<void> check(const ServerOptions& options, const session::Access& access) {
  for (const std::string& address : options.addresses) {
    const auto ip = session::IpAddress::parse(address);
    if (!ip) return model::fail("F0000"_state, "listen address \"" + address + "\" is not a numeric IP address");
    if (ip->is_loopback()) continue;
    if (access.rules.empty() && needs_loopback(access.auth, session::AccessRule::Type::host)) {
      return model::fail("F0000"_state, std::string(name_of(access.auth)) + " is refused on " + address, {},
                         "Use scram-sha-256, or listen on 127.0.0.1 only.");
    }
    for (const session::AccessRule& rule : access.rules) {
      if (!needs_loopback(rule.method, rule.type) || rule.is_for_loopback()) continue;
      return model::fail("F0000"_state,
                         std::string(name_of(rule.method)) + " is refused for others than this machine on " + address, {},
                         "Give the rule the network 127.0.0.1/32 or ::1/128, or use scram-sha-256.");
    }
  }
  return {};
}

model::Result<void> run(ServerOptions options, session::Hub& hub, Hooks hooks) {
  CROSSFADE_CHECK(check(options, *hub.access()));
  std::signal(SIGPIPE, SIG_IGN);
  IoThreads threads(options.io_threads);
  asio::io_context& io = threads.first();
  asio::thread_pool reloader(1);
  asio::signal_set signals(io, SIGTERM, SIGINT), interrupt(io), hang_up(io, SIGHUP);
  Running running(threads, hub, options);
  std::uint16_t port = options.port;
  CROSSFADE_TRY(running.listeners, listen_all(io, options, port));
  asio::co_spawn(io, learn_parameters(hub), asio::detached);
  io.run();
  io.restart();
  for (Listener& listener : running.listeners) {
    observe::log(observe::Level::info, "listening", {{"address", listener.name()}});
    const auto take = [&running](int descriptor, const sockaddr_storage& peer) { take_client(running, descriptor, peer); };
    running.accepting.push_back(std::make_shared<Accepting>(io, listener, take));
    running.accepting.back()->start();
  }
  asio::co_spawn(io, look_after_clients(running), asio::detached);
  asio::co_spawn(io, look_after_pools(running), asio::detached);
  threads.start();
  asio::co_spawn(io, wait_for_end(running, signals, interrupt), [&](const std::exception_ptr&) { io.stop(); });
  asio::co_spawn(io, reload_on_signal(hang_up, reloader, hooks), asio::detached);
  if (hooks.ready) hooks.ready(port);
  notify_service_manager(ServiceState::ready);
  io.run();  // not one by one: the memory of coroutines is used again within a run
  io.restart();
  if (running.sessions != 0) {
    observe::log(observe::Level::warn, "sessions ended by force", {{"sessions", running.sessions.load()}});
    session::shut_down_clients(hub, Shutdown::now);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (running.sessions != 0 && std::chrono::steady_clock::now() < until) io.run_one_for(std::chrono::milliseconds(100));
  }
  threads.join();
  reloader.join();
  if (hooks.ending) hooks.ending();
  session::join_engine(hub);
  observe::log(observe::Level::info, "stopped");
  return {};
}

}  // namespace crossfade::server
