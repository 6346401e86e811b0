#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/session/hub.hpp"

namespace crossfade::server {

struct ServerOptions {
  std::vector<std::string> addresses{"127.0.0.1"};  // numeric; empty: no TCP
  std::uint16_t port = 6432;                        // 0: any free one
  std::filesystem::path unix_directory;             // holds .s.PGSQL.<port>; empty: none
  std::chrono::milliseconds drain_timeout{30'000};  // from SIGTERM to the end of the last session
  std::chrono::milliseconds keepalive{0};           // silence after which a client's machine is asked for a sign; 0: the system's
  std::size_t io_threads = 0;                       // that serve clients; 0: as many as the machine has cores, at most 4
  std::vector<int> inherited;                       // listening sockets of a service manager, in place of binding
};

/// Takes over the sockets that a service manager has opened (LISTEN_FDS, when LISTEN_PID is this process): they replace
/// `addresses` and `unix_directory`. Once, before threads start. Errors: F0000 when one is no listening stream socket. Source:
/// sd_listen_fds(3).
model::Result<void> inherit_sockets(ServerOptions& options);

/// F0000 when an address is not numeric; when `trust`, or `password` without TLS, would let in others than this machine's clients
/// (`serve` then exits 2).
model::Result<void> check(const ServerOptions& options, const session::Access& access);

struct Hooks {
  std::function<void(std::uint16_t)> ready = {};  // called once with the TCP port when clients can connect
  std::function<void()> reload = {};              // on SIGHUP, on a thread of its own; may block
  std::function<void()> ending = {};              // once, after the sessions' time is up: lets go whoever still blocks an engine thread
};

/// Listens, serves and returns after SIGTERM or SIGINT when all sessions have ended or the drain timeout has passed; a second
/// SIGINT returns at once. SIGHUP reloads. The service manager (NOTIFY_SOCKET) is told when it is ready, reloads and stops.
/// Errors: F0000 from check(), 58000 when an address cannot be bound (named in the message).
model::Result<void> run(ServerOptions options, session::Hub& hub, Hooks hooks = {});

}  // namespace crossfade::server
