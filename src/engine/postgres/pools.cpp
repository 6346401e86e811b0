#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "crossfade/engine/postgres/pool.hpp"

namespace crossfade::postgres {

namespace asio = boost::asio;

Pools::Pools(Conninfo conninfo, PoolOptions options) : conninfo_(std::move(conninfo)), options_(options) {}
Pools::~Pools() { close(); }

std::shared_ptr<Pool> Pools::of(const PoolName& name) {
  const std::scoped_lock lock(mutex_);
  auto& pool = pools_[name];
  if (pool == nullptr) {
    pool = std::make_shared<Pool>(name, conninfo_, options_);
    if (paused_) pool->pause();
  }
  return pool;
}

void Pools::set_options(PoolOptions options) {
  {
    const std::scoped_lock lock(mutex_);
    options_ = options;
  }
  for (const auto& pool : all()) pool->set_options(options);
}

std::vector<std::shared_ptr<Pool>> Pools::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<Pool>> pools;
  for (const auto& [name, pool] : pools_) pools.push_back(pool);
  return pools;
}

void Pools::pause(const std::string& database) {
  {
    const std::scoped_lock lock(mutex_);
    paused_ = paused_ || database.empty();
  }
  for (const auto& pool : all())
    if (database.empty() || pool->name().database == database) pool->pause();
}

void Pools::resume(const std::string& database) {
  {
    const std::scoped_lock lock(mutex_);
    paused_ = paused_ && !database.empty();
  }
  for (const auto& pool : all())
    if (database.empty() || pool->name().database == database) pool->resume();
}

asio::awaitable<void> Pools::look_after() {
  const auto pools = all();
  for (const auto& pool : pools) co_await pool->look_after();
  const std::scoped_lock lock(mutex_);
  std::erase_if(pools_, [&](const auto& each) { return each.second.use_count() == 2 && each.second->empty(); });  // this list's, and the map's
}

void Pools::close() {
  for (const auto& pool : all()) pool->close();
}

}  // namespace crossfade::postgres
