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
};

/// F0000 when an address is not numeric, or `trust` is asked for on an address that is not loopback (`serve` then exits 2).
model::Result<void> check(const ServerOptions& options, const session::Options& session);

/// Listens, serves and returns after SIGTERM or SIGINT when all sessions have ended or the drain timeout has passed; a second
/// SIGINT returns at once. `ready` is called once with the TCP port when clients can connect.
/// Errors: F0000 from check(), 58000 when an address cannot be bound (named in the message).
model::Result<void> run(ServerOptions options, session::Hub& hub, std::function<void(std::uint16_t)> ready = {});

}  // namespace crossfade::server
