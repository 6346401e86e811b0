#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "pooled_session.hpp"
#include "relay.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

namespace {

/// Of a client of PostgreSQL alone: its own, but for the name that says who it is in a pool whose connections many share. That stays where it is.
postgres::Startup startup_of(Client& client) {
  std::map<std::string, std::string> options = std::exchange(client.startup_options, {});
  options.erase("user");
  options["database"] = client.database;
  if (client.hub.options.pool.mode == PoolSettings::Mode::transaction) client.startup_options.insert(options.extract("application_name"));
  std::erase_if(options, [](const auto& each) { return each.first.starts_with("_pq_."); });
  return postgres::Startup(std::move(options));
}

/// What a client of PostgreSQL alone is told: the upstream's own parameters, our cancel key.
void greet_from(Client& client, const postgres::Reported& parameters) {
  client.greeted = true;
  for (const auto& [name, value] : parameters) wire::append_parameter_status(client.channel.out(), name, value);
  wire::append_backend_key_data(client.channel.out(), client.pid, client.secret);
  wire::append_ready_for_query(client.channel.out(), 'I');
}

/// Where a client's connections come from, and as what they start up.
struct PoolOf { std::shared_ptr<postgres::Pool> pool; std::shared_ptr<const postgres::Startup> startup; };

/// Many clients of an io thread come with the same start-up message, one after the other.
struct LastCome {
  const Hub::Impl* hub = nullptr;
  std::map<std::string, std::string> options;
  std::weak_ptr<postgres::Pool> pool;
  std::weak_ptr<const postgres::Startup> startup;
};

PoolOf pool_of(Client& client) {
  static thread_local LastCome last;
  if (last.hub == &client.hub && last.options == client.startup_options)
    if (PoolOf known{last.pool.lock(), last.startup.lock()}; known.pool != nullptr && known.startup != nullptr) return known;
  last.options = client.startup_options;
  auto pool = client.hub.pools->of({client.user, client.database});
  auto startup = pool->shared(startup_of(client));
  last.hub = &client.hub;
  last.pool = pool;
  last.startup = startup;
  return {std::move(pool), std::move(startup)};
}

}  // namespace

asio::awaitable<void> serve_by_session(Client& client) {
  const auto [pool, startup] = pool_of(client);
  client.startup_options.clear();
  auto lease = co_await borrow_connection(client, *pool, startup);
  if (!lease) co_return co_await client.die(std::move(lease).error());
  Relay relay(client, (*lease)->upstream, RelayTracker::Mode::raw);
  relay.lease = std::move(*lease);
  relay.counters = &pool->counters;
  greet_from(client, relay.lease->parameters);
  co_await run_relay(relay);
}

std::unique_ptr<PooledSession> make_pooled(Visit& visit, Client& client) {
  auto [pool, startup] = pool_of(client);
  return std::make_unique<PooledSession>(visit, client, std::move(pool), std::move(startup));
}

}  // namespace crossfade::session
