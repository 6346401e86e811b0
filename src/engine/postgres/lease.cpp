#include <algorithm>

#include "coarse_clock.hpp"
#include "crossfade/engine/postgres/pool.hpp"

namespace crossfade::postgres {

void Pool::put_back(std::unique_ptr<Server> server, Lease::Use use) {
  const auto now = coarse_now<std::chrono::steady_clock>(CLOCK_MONOTONIC_COARSE);
  if (use == Lease::Use::used) server->idle_since = now;
  std::unique_ptr<Server> closed;
  const std::scoped_lock lock(mutex_);
  if (closed_ || server->generation != generation_ || total_ > options_.max_connections || expired(*server, now)) {
    closed = std::move(server);
    servers_.erase(closed->number);
    --total_;
  } else {
    server->info->state = ServerInfo::State::idle;
    server->info->client_pid = 0;
    auto place = idle_.end();  // where it was, if others came back while it was looked at
    while (place != idle_.begin() && (*std::prev(place))->idle_since > server->idle_since) --place;
    idle_.insert(place, std::move(server));
  }
  wake_first();
  returned_.notify_all();
}

void Pool::forget(std::unique_ptr<Server> server) {
  const std::scoped_lock lock(mutex_);
  servers_.erase(server->number);
  --total_;
  wake_first();
  returned_.notify_all();
}

Lease::Lease(std::shared_ptr<Pool> pool, std::unique_ptr<Server> server) : pool_(std::move(pool)), server_(std::move(server)) {}
Lease::Lease(Lease&& other) noexcept = default;
Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    drop();
    pool_ = std::move(other.pool_);
    server_ = std::move(other.server_);
  }
  return *this;
}
Lease::~Lease() { drop(); }

void Lease::give_back(Use use) {
  if (server_ == nullptr) return;
  if (!server_->reader.empty()) return drop();
  pool_->put_back(std::move(server_), use);
}

void Lease::drop() {
  if (server_ == nullptr) return;
  boost::system::error_code ignored;
  server_->upstream->socket().close(ignored);
  pool_->forget(std::move(server_));
}

}  // namespace crossfade::postgres
