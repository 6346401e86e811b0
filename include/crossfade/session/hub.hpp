#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/postgres/pool.hpp"
#include "crossfade/session/access.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sqlite {
class Database;
}
namespace crossfade::migrate {
class Controller;
}

namespace crossfade::session {

class Console;

/// How sessions of PostgreSQL alone get their connections.
struct PoolSettings {
  enum class Mode : std::uint8_t { session, transaction } mode = Mode::session;
  postgres::PoolOptions limits;
  std::optional<postgres::UserMap> users;  // nothing: all as the conninfo says
  std::string reset = "DISCARD ALL";  // before a session's connection serves another; empty: it is closed
};

struct Options {
  std::string database;  // what clients call the file; unused without one
  /// What the upstream reports (server_version, TimeZone, DateStyle …), so that nothing a client was told changes at a switch.
  /// server::run fills it from the upstream when it is empty.
  std::map<std::string, std::string> server_parameters;
  sql::Dialect dialect = sql::Dialect::postgres;
  std::chrono::milliseconds lock_timeout{30'000};      // wait for the write permit; a client's lock_timeout overrides it
  std::chrono::milliseconds fence_timeout{60'000};     // wait for a switch to end
  std::chrono::milliseconds connect_timeout{10'000};   // to the upstream
  std::chrono::milliseconds write_timeout{120'000};    // a client that does not read its answer
  std::size_t engine_threads = 16;                     // blocking engine calls at the same time
  std::size_t translations = 10'000;                   // cached, least recently used goes
  std::size_t session_memory = 256U << 20U;            // bytes that are kept for one session, then 53200
  PoolSettings pool;
};

/// The two databases of a pair. Without `controller` the session layer knows no stages: SQLite when there is a database, else
/// PostgreSQL.
struct Backends {
  sqlite::Database* database = nullptr;
  std::optional<postgres::Conninfo> postgres;
  migrate::Controller* controller = nullptr;
};

/// A connected client, for SHOW CLIENTS.
struct ClientInfo {
  std::int32_t pid = 0;
  std::string user, database, application_name, address;
  std::string side;   // "sqlite", "postgres", "console"
  std::string tls;    // "TLSv1.3"; empty: not encrypted
  std::string state;  // "idle", "active", "idle in transaction"
  std::string pinned; // why a client of a transaction pool keeps its connection; else empty
  std::string stays;  // what keeps it on its side at a switch: "temporary tables"; else empty
  std::int64_t connected_micros = 0;  // µs since 2000-01-01 UTC
};

/// What has gone through since the start, to the console and by clients that are gone too.
struct HubCounters {
  std::uint64_t connections = 0, statements = 0;  // accepted; ended by ReadyForQuery
  std::uint64_t received = 0, sent = 0;           // bytes of clients' sockets
  std::map<std::string, std::uint64_t> errors;    // that clients were told, by SQLSTATE; "other": of a kind too many
};

struct TranslationStatistics { std::size_t entries = 0; std::uint64_t hits = 0, misses = 0; };

/// What all sessions of the process share: options, backends, the engine's threads, the translation cache and who is connected.
/// Lifetime: outlives the server that runs on it. Thread: any.
class Hub {
 public:
  Hub(Options options, Access access, Backends backends);
  ~Hub();

  const Options& options() const;
  std::shared_ptr<const Access> access() const;
  /// For those who connect from now on.
  void set_access(Access access);
  const Backends& backends() const;
  /// Before server::run.
  void set_console(Console* console);
  void set_server_parameters(std::map<std::string, std::string> parameters);
  std::vector<ClientInfo> clients() const;
  TranslationStatistics translations() const;
  HubCounters counters() const;
  /// Clients are being told to go.
  bool draining() const;
  /// Ends a session at once with 57P01. false: there is none of that number.
  bool kill(std::int32_t pid);
  /// nullptr: no session of this hub runs on pooled connections.
  postgres::Pools* pools() const;
  /// For connections that are made from now on. Not the mode.
  void set_pool_limits(postgres::PoolOptions limits);

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace crossfade::session
