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

asio::awaitable<void> serve_by_session(Client& client, std::shared_ptr<postgres::Pool> pool, std::shared_ptr<const postgres::Startup> startup) {
  auto lease = co_await borrow_connection(client, *pool, std::move(startup));
  if (!lease) co_return co_await client.die(std::move(lease).error());
  Relay relay(client, (*lease)->upstream, RelayTracker::Mode::raw);
  relay.lease = std::move(*lease);
  relay.counters = &pool->counters;
  greet_from(client, relay.lease->parameters);
  co_await run_relay(relay);
}

}  // namespace

/// What a client at rest holds lies in this frame and those below it: that of its kind of pool only.
asio::awaitable<void> serve_pooled(Client& client) {
  client.hub.describe(client.pid, [](ClientInfo& info) { info.side = "postgres"; });
  auto pool = client.hub.pools->of({client.user, client.database});
  auto startup = pool->shared(startup_of(client));
  if (client.hub.options.pool.mode == PoolSettings::Mode::session)
    co_return co_await serve_by_session(client, std::move(pool), std::move(startup));
  const auto session = std::make_unique<PooledSession>(client, std::move(pool), std::move(startup));
  co_await session->serve();
}

}  // namespace crossfade::session
