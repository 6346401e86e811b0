#include "crossfade/engine/postgres/pool.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <utility>

#include "coarse_clock.hpp"
#include "crossfade/observe/log.hpp"

namespace crossfade::postgres {

namespace asio = boost::asio;
using namespace model::literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kFirstBackoff{50}, kLongestBackoff{5'000};
constexpr std::chrono::milliseconds kSurelyAlive{10};
constexpr std::size_t kMostStartups = 1'000;  // before those that nobody has any more are forgotten

/// From half of it to one and a half.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds duration) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return duration / 2 + std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, duration.count())(random));
}

model::Error full_error(const PoolName& name, const PoolOptions& options) {
  return {"53300"_state, "no connection to PostgreSQL became free in time", {},
          "pool.max_connections is " + std::to_string(options.max_connections) + " for user \"" + name.user + "\" and database \"" +
              name.database + "\"; pool.acquire_timeout is " + std::to_string(options.acquire_timeout.count()) + " ms."};
}

}  // namespace

Startup::Startup(std::map<std::string, std::string> all) : parameters(std::move(all)) {
  for (const auto& [name, value] : parameters) ((key += name) += '=').append(value).append(1, '\0');
}

/// What one who wants a connection is to do now.
struct Pool::Turn {
  enum class What : std::uint8_t { take, connect, wait, fail } what = What::wait;
  std::unique_ptr<Server> server;
  Clock::time_point until = Clock::time_point::max();  // of the wait, whatever its end
  bool paused = false;
  std::unique_ptr<Server> evicted;  // closed outside of the lock
};

/// However an acquire() ends, its place does not stay in the queue.
struct Pool::Departure {
  Pool& pool;
  const Place* place;
  ~Departure() {
    const std::scoped_lock lock(pool.mutex_);
    pool.leave_queue(place);
    pool.wake_first();
  }
};

Pool::Pool(PoolName name, UserMap::Target target, PoolOptions options)
    : name_(std::move(name)), target_(std::move(target)), options_(std::move(options)) {}
Pool::~Pool() = default;

void Pool::leave_queue(const Place* place) {
  std::erase_if(queue_, [place](const auto& each) { return each.get() == place; });
}

void Pool::wake_first() {
  if (queue_.empty() || closed_) return;
  asio::post(queue_.front()->timer.get_executor(), [place = queue_.front()] { place->timer.cancel(); });
}

/// The one used last, of this io thread before others': its socket need not move.
std::unique_ptr<Server> Pool::take_idle(const std::string& startup, const asio::execution_context& home) {
  const auto fits = [&](const std::unique_ptr<Server>& server) { return server->startup == startup; };
  const auto near = [&](const std::unique_ptr<Server>& server) { return server->upstream->home() == &home && fits(server); };
  auto found = std::find_if(idle_.rbegin(), idle_.rend(), near);
  if (found == idle_.rend()) found = std::find_if(idle_.rbegin(), idle_.rend(), fits);
  if (found == idle_.rend()) return nullptr;
  std::unique_ptr<Server> taken = std::move(*found);
  idle_.erase(std::next(found).base());
  return taken;
}

Pool::Turn Pool::next_turn(const std::shared_ptr<Place>& place, const std::string& startup, const asio::execution_context& home) {
  Turn turn;
  const auto self = std::ranges::find(queue_, place);
  const bool first = self == queue_.end() ? queue_.empty() : self == queue_.begin();
  turn.paused = paused_;
  if (place->error) turn.what = Turn::What::fail;
  if (turn.what == Turn::What::wait && first && !paused_ && !closed_) {
    turn.server = take_idle(startup, home);
    const auto now = Clock::now();
    const bool room = total_ < options_.max_connections || !idle_.empty();
    if (turn.server != nullptr) {
      turn.what = Turn::What::take;
    } else if (room && now < retry_at_) {
      turn.until = retry_at_;
    } else if (room && (failure_.empty() || connecting_ == 0)) {
      turn.what = Turn::What::connect;
      if (total_ >= options_.max_connections) {  // an idle one of another start-up makes way: the one unused for longest
        turn.evicted = std::move(idle_.front());
        idle_.erase(idle_.begin());
        servers_.erase(turn.evicted->number);
        --total_;
      }
      ++total_;
      ++connecting_;
    }
  }
  if (turn.what == Turn::What::wait) {
    if (self == queue_.end()) queue_.push_back(place);
  } else {
    leave_queue(place.get());
    wake_first();
  }
  return turn;
}

void Pool::go_first(std::shared_ptr<Place> place) {
  const std::scoped_lock lock(mutex_);
  queue_.insert(queue_.begin(), std::move(place));
}

/// Under the lock.
void Pool::note_lent(Server& server, const std::shared_ptr<const Startup>& startup, std::int32_t client_pid) {
  server.info->state = ServerInfo::State::active;
  server.info->client_pid = client_pid;
  server.info->requested = coarse_now<std::chrono::system_clock>(CLOCK_REALTIME_COARSE);
  if (last_startup_ != startup) last_startup_ = startup;
}

/// Empty when it turned out to be dead. One that was given back a moment ago is not looked at: it lived then.
Lease Pool::lend(std::unique_ptr<Server> server, asio::execution_context& home) {
  Lease lease(shared_from_this(), std::move(server));
  const bool known_good = coarse_now<Clock>(CLOCK_MONOTONIC_COARSE) - lease->idle_since < kSurelyAlive;
  if (!lease->upstream->move_to(home) || (!known_good && !lease->still_good())) return {};
  return lease;
}

std::shared_ptr<const Startup> Pool::shared(Startup startup) {
  const std::scoped_lock lock(mutex_);
  auto& known = startups_[startup.key];
  auto shared = known.lock();
  if (shared == nullptr) known = shared = std::make_shared<const Startup>(std::move(startup));
  if (startups_.size() > kMostStartups) std::erase_if(startups_, [](const auto& each) { return each.second.expired(); });
  return shared;
}

Lease Pool::try_acquire(const std::shared_ptr<const Startup>& startup, std::int32_t client_pid, asio::execution_context& home) {
  while (true) {
    std::unique_ptr<Server> server;
    {
      const std::scoped_lock lock(mutex_);
      if (!queue_.empty() || paused_ || closed_) return {};
      server = take_idle(startup->key, home);
      if (server != nullptr) note_lent(*server, startup, client_pid);
    }
    if (server == nullptr) return {};
    if (Lease lease = lend(std::move(server), home)) return lease;
  }
}

asio::awaitable<model::Result<Lease>> Pool::acquire(std::shared_ptr<const Startup> startup, std::int32_t client_pid,
                                                    std::shared_ptr<Place> place) {
  asio::execution_context& home = Upstream::context_of(co_await asio::this_coro::executor);
  place->since = Clock::now();  // nobody else knows it yet
  std::optional<model::Error> last;
  const Departure departure{*this, place.get()};
  while (true) {
    Turn turn;
    PoolOptions options;
    Clock::time_point end;
    {
      const std::scoped_lock lock(mutex_);
      turn = next_turn(place, startup->key, home);
      if (turn.server != nullptr) note_lent(*turn.server, startup, client_pid);
      options = options_;
      end = place->since + options.acquire_timeout;
    }
    turn.evicted.reset();
    if (turn.what == Turn::What::fail) co_return std::unexpected(std::move(*place->error));
    if (turn.what == Turn::What::connect) {
      auto made = co_await connect(startup);
      if (made) {
        turn.server = std::move(*made);
        const std::scoped_lock lock(mutex_);
        note_lent(*turn.server, startup, client_pid);
      } else {
        const bool waits = note_failure(made.error());
        if (!waits || Clock::now() >= end) co_return std::unexpected(std::move(made).error());
        last = std::move(made).error();
      }
    }
    if (turn.server != nullptr) {
      if (Lease lease = lend(std::move(turn.server), home)) co_return lease;
    }
    if (turn.what != Turn::What::wait) {
      go_first(place);
      continue;
    }
    if (!turn.paused && Clock::now() >= end) co_return std::unexpected(last ? std::move(*last) : full_error(name_, options));
    place->timer.expires_at(turn.paused ? Clock::time_point::max() : std::min(end, turn.until));
    co_await place->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

/// `connecting_` and `total_` count it already; when it fails they do not any more.
asio::awaitable<model::Result<std::unique_ptr<Server>>> Pool::connect(std::shared_ptr<const Startup> startup) {
  struct Attempt {
    Pool& pool;
    bool made = false;
    ~Attempt() {
      const std::scoped_lock lock(pool.mutex_);
      --pool.connecting_;
      if (!made) --pool.total_;
    }
  } attempt{*this};
  std::chrono::milliseconds timeout;
  {
    const std::scoped_lock lock(mutex_);
    timeout = options_.connect_timeout;
  }
  std::map<std::string, std::string> parameters = startup->parameters;
  if (!target_.database.empty()) parameters.insert_or_assign("database", target_.database);
  auto upstream = co_await Upstream::connect(target_.conninfo, std::move(parameters), timeout);
  if (!upstream) co_return std::unexpected(std::move(upstream).error());
  attempt.made = true;
  co_return admit(std::move(*upstream), *startup);
}

std::unique_ptr<Server> Pool::admit(std::unique_ptr<Upstream> upstream, const Startup& startup) {
  auto server = std::make_unique<Server>();
  server->upstream = std::move(upstream);
  server->startup = startup.key;
  server->parameters = Reported(server->upstream->parameters());
  if (const std::string* login = server->parameters.find("session_authorization"); login != nullptr) server->login = *login;
  server->made = server->idle_since = server->checked = Clock::now();
  const std::scoped_lock lock(mutex_);
  if (!failure_.empty()) observe::log(observe::Level::info, "PostgreSQL is reached again", {{"database", name_.database}});
  failure_.clear();
  backoff_ = {};
  retry_at_ = {};
  server->number = ++last_number_;
  server->generation = generation_;
  if (Reported& welcome = welcomes_[startup.key]; welcome != server->parameters) {
    welcome = server->parameters;
    greetings_.clear();
  }
  ServerInfo info;
  info.pool = name_;
  info.remote_pid = server->upstream->backend_pid();
  info.connected = info.requested = std::chrono::system_clock::now();
  server->info = &servers_.insert_or_assign(server->number, std::move(info)).first->second;
  return server;
}

/// true: it may be otherwise in a moment, so that one who has the time waits.
bool Pool::note_failure(const model::Error& error) {
  const std::scoped_lock lock(mutex_);
  const bool starting = error.state == "57P03"_state, full = error.state == "53300"_state;
  const bool unreachable = error.state.family() == "08" || error.state.family() == "57";
  if (!starting && !full && !unreachable) {  // the matter of whoever asked for this start-up
    wake_first();
    return false;
  }
  if (failure_ != error.message) observe::log(observe::Level::warn, "PostgreSQL is not reached", {{"database", name_.database}, {"message", error.message}});
  failure_ = error.message;
  backoff_ = backoff_.count() == 0 ? kFirstBackoff : std::min(backoff_ * 2, kLongestBackoff);
  retry_at_ = Clock::now() + with_jitter(backoff_);
  if (starting || (full && total_ > 0)) return true;
  for (const auto& place : queue_) {
    asio::post(place->timer.get_executor(), [place, error] { place->abandon(error); });
  }
  return false;
}

}  // namespace crossfade::postgres
