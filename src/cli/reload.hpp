#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/server/server.hpp"
#include "crossfade/session/hub.hpp"
#include "invocation.hpp"

namespace crossfade::cli {

/// Who comes in, by the settings: reads the users file and the certificates.
/// Errors: F0000 naming the setting, the file or the rule.
model::Result<session::Access> access_of(const Settings& settings);

/// How sessions of PostgreSQL alone get their connections.
session::PoolSettings pool_settings(const Settings& settings);

/// Reads proxy.conf and the files that it names again, for SIGHUP and RELOAD. Either all that can change at run time changes, or,
/// when anything is wrong, nothing. Thread: any.
class Reloader {
 public:
  /// `current`: what runs now. `listen`, `hub`: outlive it.
  Reloader(Invocation invocation, Settings current, const server::ServerOptions& listen, session::Hub& hub);

  /// A row for each setting that differs: its name, its value, and whether it counts now or after a restart.
  model::Result<migrate::ConsoleTable> reload();
  /// Name and value of the settings that count now, secrets masked.
  std::vector<std::pair<std::string, std::string>> shown_settings() const;

 private:
  Invocation invocation_;
  const server::ServerOptions& listen_;
  session::Hub& hub_;
  mutable std::mutex mutex_;  // guards `current_`
  Settings current_;
};

}  // namespace crossfade::cli
