#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "crossfade/engine/postgres/pool.hpp"

namespace crossfade::postgres {

namespace asio = boost::asio;

Pools::Pools(UserMap users, PoolOptions options) : users_(std::move(users)), options_(options) {}
Pools::~Pools() { close(); }

std::shared_ptr<Pool> Pools::of(const PoolName& name) {
  const std::scoped_lock lock(mutex_);
  auto& pool = pools_[name];
  if (pool == nullptr) {
    pool = std::make_shared<Pool>(name, users_.of(name.user, name.database), options_);
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
  const auto io = co_await asio::this_coro::executor;
  for (const auto& pool : all()) {
    if (!pool->start_caring()) continue;
    asio::co_spawn(io, pool->look_after(), [pool](const std::exception_ptr&) { pool->stop_caring(); });
  }
  const std::scoped_lock lock(mutex_);
  std::erase_if(pools_, [](const auto& each) { return each.second.use_count() == 1 && each.second->empty(); });
}

void Pools::close() {
  for (const auto& pool : all()) pool->close();
}

}  // namespace crossfade::postgres
