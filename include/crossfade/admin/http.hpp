#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/session/hub.hpp"

namespace crossfade::admin {

struct HttpOptions {
  std::string listen;  // "127.0.0.1:9187", "[::1]:9187"; port 0: any free one, the log says which
};

/// What machines ask, on a thread of its own beside the io threads: `/metrics` (Prometheus' text), `/healthz` (200 as long as the process
/// lives), `/readyz` (200 when a statement could be answered now, else 503 and why). GET and HEAD.
/// Limits: 64 connections at the same time, one more is closed at once; 10 s for a request and for its answer; 8 KiB of header.
/// What asks the databases runs on one more thread, one at a time, and is waited for 5 s (503).
/// Lifetime: `hub` and `controller` outlive it. It has stopped when it dies.
class HttpServer {
 public:
  /// `controller`: null where there are no stages. Errors: F0000 the address cannot be understood, 58000 it cannot be listened on.
  static model::Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options, session::Hub& hub, migrate::Controller* controller);
  virtual ~HttpServer() = default;
};

/// F0000 when `listen` is no numeric address with a port.
model::Result<void> check(const HttpOptions& options);

}  // namespace crossfade::admin
