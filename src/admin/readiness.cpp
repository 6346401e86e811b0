#include <algorithm>
#include <chrono>
#include <optional>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/observe/redact.hpp"
#include "metrics.hpp"

namespace crossfade::admin {
namespace {

constexpr std::chrono::milliseconds kReadyTimeout{3'000};

/// The side that statements run on now.
migrate::Side side_now(const session::Hub& hub, migrate::Controller* controller) {
  const session::Backends& backends = hub.backends();
  if (backends.database == nullptr) return migrate::Side::postgres;
  if (!backends.postgres || controller == nullptr) return migrate::Side::sqlite;
  return migrate::rule(controller->fence().state().stage).primary;
}

std::string why_not(std::string_view side, const model::Error& error) {
  return std::string(side) + ": " + std::string(error.state.code()) + " " + observe::redact(error.message);
}

/// A pooled connection that was made and not lost since is proof enough; else one is made now.
std::string upstream_reason(const session::Hub& hub) {
  if (hub.pools() != nullptr) {
    const auto pools = hub.pools()->all();
    const bool connected = std::ranges::any_of(pools, [](const auto& pool) {
      const postgres::PoolInfo info = pool->info();
      return info.failure.empty() && info.active + info.idle > 0;
    });
    if (connected) return {};
  }
  const auto made = postgres::Connection::connect(*hub.backends().postgres, std::min(kReadyTimeout, hub.options().connect_timeout), "crossfade readyz");
  return made ? std::string{} : why_not("postgres", made.error());
}

}  // namespace

std::string not_ready_because(const session::Hub& hub, migrate::Controller* controller) {
  if (hub.draining()) return "shutting down";
  if (side_now(hub, controller) == migrate::Side::postgres) return upstream_reason(hub);
  const auto schema = hub.backends().database->schema();
  return schema ? std::string{} : why_not("sqlite", schema.error());
}

}  // namespace crossfade::admin
