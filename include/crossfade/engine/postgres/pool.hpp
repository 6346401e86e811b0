#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crossfade/engine/postgres/reported.hpp"
#include "crossfade/engine/postgres/upstream.hpp"
#include "crossfade/engine/postgres/user_map.hpp"
#include "crossfade/wire/frame_reader.hpp"

namespace crossfade::postgres {

/// Of each pool; a pool is made for each pair of user and database. 0 means "no limit" for the durations.
struct PoolOptions {
  std::size_t min_connections = 0, max_connections = 100;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds acquire_timeout{60'000};  // in the queue
  std::chrono::milliseconds idle_timeout{600'000};    // unused connections beyond the minimum
  std::chrono::milliseconds lifetime{3'600'000};      // then it is closed when it is given back, a tenth earlier at most
  std::chrono::milliseconds check_interval{30'000};   // an unused connection is asked whether it still answers
};

struct PoolName {
  std::string user, database;
  auto operator<=>(const PoolName&) const = default;
};

/// The start-up parameters of a connection. Connections are lent to those who asked for exactly these, so that RESET means the same.
struct Startup {
  explicit Startup(std::map<std::string, std::string> parameters);
  std::map<std::string, std::string> parameters;
  std::string key;
};

struct ServerInfo;

/// A connection of a pool, and what it remembers. Used by one io thread at a time.
struct Server {
  std::shared_ptr<Upstream> upstream;
  wire::FrameReader reader{wire::From::server};
  std::string startup;                             // Startup::key
  Reported parameters;                             // as reported last
  std::string login;                               // session_authorization as it began
  /// A statement that was prepared on it under a name of ours. `sure`: its ParseComplete has come.
  struct Known { bool sure = false; std::uint64_t batch = 0, used = 0; };
  std::unordered_map<std::uint64_t, Known> statements;
  std::uint64_t unnamed = 0;                       // whose text the unnamed statement has; 0: nobody's
  std::uint64_t batch = 1;                         // one more than ReadyForQuerys asked for
  std::uint64_t uses = 0;                          // of statements
  std::uint64_t drawn_by = 0;                      // which client's draws from sequences it may remember (PoolTracker's number); 0: nobody's
  std::uint64_t number = 0;                        // in its pool
  ServerInfo* info = nullptr;                      // in its pool, and under its lock
  std::uint32_t generation = 0;                    // of its pool: renew() makes it old
  std::chrono::steady_clock::time_point made, idle_since, checked;

  /// Notes ParameterStatus messages that came while nobody listened. false: it is of no use any more.
  bool still_good();
  /// The body of a ParameterStatus.
  void note_parameter(std::string_view body);
};

/// For SHOW POOLS and SHOW SERVERS.
struct ServerInfo {
  enum class State : std::uint8_t { connecting, idle, active, checked } state = State::idle;
  PoolName pool;
  std::int32_t remote_pid = 0, client_pid = 0;
  std::chrono::system_clock::time_point connected, requested;
};
/// Of a pool's clients, since it was made.
struct PoolCounters {
  std::atomic<std::uint64_t> transactions = 0, queries = 0;  // ReadyForQuery outside of a block; any
  std::atomic<std::uint64_t> received = 0, sent = 0;         // bytes from clients, to clients
  std::atomic<std::uint64_t> waited_micros = 0;              // in the queue, and for connections that were being made
};
struct PoolInfo {
  PoolName name;
  std::size_t active = 0, idle = 0, connecting = 0, checked = 0, waiting = 0, max = 0;
  std::chrono::microseconds longest_wait{0};
  bool paused = false;
  std::string failure;  // why connecting failed last; empty: it did not
};

class Pool;

/// A connection that is somebody's until it is given back; one that is only dropped is closed.
class Lease {
 public:
  Lease() = default;
  Lease(std::shared_ptr<Pool> pool, std::unique_ptr<Server> server);
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();
  explicit operator bool() const { return server_ != nullptr; }
  Server* operator->() const { return server_.get(); }
  Server& operator*() const { return *server_; }
  /// It is idle, outside a transaction, all that it said was read, and nothing of the borrower is left in it. unused: the pool itself had it, to see
  /// whether it lives; it has been idle all the while.
  enum class Use : std::uint8_t { used, unused };
  void give_back(Use use = Use::used);
  /// Closes it.
  void drop();

 private:
  std::shared_ptr<Pool> pool_;
  std::unique_ptr<Server> server_;
};

/// One place in a pool's queue. On the io thread of the one who waits.
class Place {
 public:
  explicit Place(const boost::asio::any_io_executor& io) : timer(io) {}
  /// Ends the wait with this error.
  void abandon(model::Error why) {
    error = std::move(why);
    timer.cancel();
  }

 private:
  friend class Pool;
  boost::asio::steady_timer timer;
  std::optional<model::Error> error;
  std::chrono::steady_clock::time_point since;
};

/// The connections of one user to one database, and the queue for them: first come, first served. Thread-safe.
/// While PostgreSQL cannot be reached one at a time tries, at growing intervals with jitter; whoever waits then learns why. A server
/// that starts up (57P03), and one that is full (53300) while this pool has connections to it, is waited for.
class Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(PoolName name, UserMap::Target target, PoolOptions options);
  ~Pool();

  /// Errors: the server's own (28P01, 3D000 …), 08001 unreachable, 53300 `no connection … became free`, what the place was abandoned
  /// with. `client_pid`: for SHOW SERVERS.
  boost::asio::awaitable<model::Result<Lease>> acquire(std::shared_ptr<const Startup> startup, std::int32_t client_pid, std::shared_ptr<Place> place);
  /// The same at once, for the io thread of `home`; empty when it would have to wait or connect.
  Lease try_acquire(const std::shared_ptr<const Startup>& startup, std::int32_t client_pid, boost::asio::execution_context& home);
  PoolCounters counters;
  /// What connections of a start-up have reported first, with a client's own name for itself, and the messages that say it.
  struct Greeting {
    Reported told;
    std::shared_ptr<const std::string> messages;
  };
  /// Clients that call themselves alike share one. `application_name`: nullopt: the server's. nullopt: no connection was made yet.
  std::optional<Greeting> greeting(const std::string& startup, const std::optional<std::string>& application_name);
  /// The same start-up, shared with those clients of this pool who asked for it too.
  std::shared_ptr<const Startup> shared(Startup startup);

  void set_options(PoolOptions options);
  /// New lendings wait.
  void pause();
  void resume();
  /// Connections made until now are closed when they are given back, idle ones at once.
  void renew();
  /// Blocks until no connection is lent or the time has come. Returns how many are.
  std::size_t wait_until_unused(std::chrono::steady_clock::time_point end) const;
  PoolInfo info() const;
  const PoolName& name() const { return name_; }
  void add_servers(std::vector<ServerInfo>& servers) const;
  /// Closes what is too old, idle for too long or dead; asks the others for a sign of life; makes the minimum. Now and then.
  boost::asio::awaitable<void> look_after();
  /// true: the caller looks after it, and says stop_caring() when it is done; false: somebody does already.
  bool start_caring() { return !cared_for_.exchange(true); }
  void stop_caring() { cared_for_ = false; }
  /// Nothing is there, nobody waits, and there is nothing to remember.
  bool empty() const;
  /// No more connections; idle ones are closed.
  void close();

 private:
  friend class Lease;
  struct Turn;
  struct Departure;
  enum class Failure : std::uint8_t { of_this_startup, unreachable, starting, full };

  Turn next_turn(const std::shared_ptr<Place>& place, const std::string& startup, const boost::asio::execution_context& home);
  std::unique_ptr<Server> take_idle(const std::string& startup, const boost::asio::execution_context& home);
  void leave_queue(const Place* place);
  void wake_first();
  void note_lent(Server& server, const std::shared_ptr<const Startup>& startup, std::int32_t client_pid);
  Lease lend(std::unique_ptr<Server> server, boost::asio::execution_context& home);
  /// A place whose turn came to nothing.
  void go_first(std::shared_ptr<Place> place);
  boost::asio::awaitable<model::Result<std::unique_ptr<Server>>> connect(std::shared_ptr<const Startup> startup);
  std::unique_ptr<Server> admit(std::unique_ptr<Upstream> upstream, const Startup& startup);
  bool note_failure(const model::Error& error);
  void put_back(std::unique_ptr<Server> server, Lease::Use use);
  void forget(std::unique_ptr<Server> server);
  std::vector<std::unique_ptr<Server>> take_expired(std::chrono::steady_clock::time_point now);
  std::unique_ptr<Server> take_unchecked(std::chrono::steady_clock::time_point now);
  std::shared_ptr<const Startup> missing();
  boost::asio::awaitable<void> check(Lease lease);
  std::size_t lent() const { return total_ - idle_.size() - connecting_; }
  bool expired(const Server& server, std::chrono::steady_clock::time_point now) const;

  const PoolName name_;
  const UserMap::Target target_;
  std::atomic<bool> cared_for_ = false;
  mutable std::mutex mutex_;  // guards what follows
  mutable std::condition_variable returned_;
  PoolOptions options_;
  std::vector<std::unique_ptr<Server>> idle_;  // by idle_since: the one used last is lent first
  std::vector<std::shared_ptr<Place>> queue_;
  std::map<std::uint64_t, ServerInfo> servers_;  // all, by number
  std::map<std::string, Reported> welcomes_;
  std::map<std::string, Greeting> greetings_;
  std::map<std::string, std::weak_ptr<const Startup>> startups_;
  std::shared_ptr<const Startup> last_startup_;
  std::size_t total_ = 0, connecting_ = 0;
  std::uint64_t last_number_ = 0;
  std::uint32_t generation_ = 0;
  bool paused_ = false, closed_ = false;
  std::string failure_;  // of the last attempt to connect
  std::chrono::milliseconds backoff_{0};
  std::chrono::steady_clock::time_point retry_at_{};
};

/// All pools of the process. Thread-safe.
class Pools {
 public:
  Pools(UserMap users, PoolOptions options);
  ~Pools();
  std::shared_ptr<Pool> of(const PoolName& name);
  void set_options(PoolOptions options);
  std::vector<std::shared_ptr<Pool>> all() const;
  /// New pools begin paused too. Empty: all databases.
  void pause(const std::string& database);
  void resume(const std::string& database);
  /// Each by itself: one that hangs holds no other up. Returns at once; what it began goes on where it was called.
  boost::asio::awaitable<void> look_after();
  void close();

 private:
  const UserMap users_;
  mutable std::mutex mutex_;
  PoolOptions options_;
  std::map<PoolName, std::shared_ptr<Pool>> pools_;
  bool paused_ = false;
};

}  // namespace crossfade::postgres
