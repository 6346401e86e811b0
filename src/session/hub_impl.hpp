#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "auth_query.hpp"
#include "crossfade/engine/sqlite/group_commit.hpp"
#include "crossfade/session/console.hpp"
#include "crossfade/session/hub.hpp"
#include "crossfade/session/serve_client.hpp"
#include "engine_pool.hpp"
#include "error_counts.hpp"
#include "followed_statements.hpp"
#include "notifications.hpp"
#include "settings.hpp"
#include "translation_cache.hpp"

namespace crossfade::session {

/// What a session does now, for SHOW CLIENTS; to_string() in hub.cpp.
enum class Activity : std::uint8_t { starting, idle, active, waiting, in_block, failed_block };
std::string_view to_string(Activity activity);

/// What the hub can ask of a connected session. Called on that session's io thread.
class Connected {
 public:
  virtual ~Connected() = default;
  /// Two of these go with every statement: no lock. activity() may be asked by any thread.
  void show(Activity activity) { activity_.store(activity, std::memory_order_relaxed); }
  Activity activity() const { return activity_.load(std::memory_order_relaxed); }
  virtual void cancel() = 0;              // what runs now, as CancelRequest means it
  virtual void shut_down(Shutdown how) = 0;
  virtual void check_peer() = 0;  // ends what runs for a client that is gone
  virtual void kill() = 0;        // at once, whatever runs: 57P01
  /// Of the client's socket, both ways. Thread: any.
  struct Bytes { std::uint64_t received = 0, sent = 0; };
  virtual Bytes bytes() const = 0;
  /// A ReadyForQuery goes to the client. Only from its io thread, so that it costs no more than an addition.
  void count_statement() { statements_.store(statements_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  std::uint64_t statements() const { return statements_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Activity> activity_ = Activity::starting;
  std::atomic<std::uint64_t> statements_ = 0;
};

struct Hub::Impl {
  Impl(Options options_, Access access_, Backends backends_)
      : options(std::move(options_)),
        backends(std::move(backends_)),
        translations(options.translations),
        sampled(options.translations, TranslationCache::kMostBytes),
        defaults(Settings::shared_defaults(options.server_parameters)),
        pools(backends.postgres && backends.database == nullptr
                  ? std::make_unique<postgres::Pools>(options.pool.users.value_or(postgres::UserMap(*backends.postgres)), options.pool.limits) : nullptr),
        auth_query(backends.postgres ? std::make_unique<AuthQuery>(*backends.postgres, options.connect_timeout) : nullptr),
        pool(options.engine_threads),
        access(std::make_shared<const Access>(std::move(access_))) {}

  /// `started`: its start-up message has come; those who are silent take no place of `max_connections`, and have no secret.
  struct Entry { Connected* session; std::size_t home; ClientInfo info = {}; std::string secret = {}; bool started = false; };

  /// The number of an io thread, by its executor. A session lives on one for its whole life.
  std::size_t home_of(const boost::asio::any_io_executor& io);
  /// Runs `work` there: at once when this is it.
  void run_at_home(std::size_t home, std::move_only_function<void()> work);
  /// Asks all sessions, each on its own io thread.
  void ask_all(std::function<void(Connected&)> what);
  void forget_homes();

  /// Its new number.
  std::int32_t add(Connected* session, std::size_t home, const std::string& address);
  /// Its start-up message has come; `secret` is what it may be cancelled with. 53300 when there are more than `limits` allows, in all or from
  /// this one's address.
  model::Result<void> note_started(const Access& limits, std::int32_t pid, const std::string& secret);
  void remove(std::int32_t pid);
  void describe(std::int32_t pid, const std::function<void(ClientInfo&)>& change);
  void cancel(std::int32_t pid, std::string_view secret);
  /// Asks one session, on its own io thread. false: there is none of that number.
  bool ask(std::int32_t pid, std::function<void(Connected&)> what);
  std::shared_ptr<const Access> current_access() const;
  /// Notes who it is. 53300 when the user is here too often.
  model::Result<void> admit(const Access& limits, std::int32_t pid, const std::string& user);
  /// Of the file; answers are given on each write's own io thread.
  sqlite::GroupCommit& grouped();
  /// Of one io thread, and from it: there they stay what they are.
  std::vector<Connected*> sessions_of(std::size_t home) const;

  Options options;
  Backends backends;
  Console* console = nullptr;
  TranslationCache translations;
  LruCache<sql::Translated> sampled;  // reads seen on PostgreSQL, by types and text; Kind::empty: the file's side cannot say it
  std::shared_ptr<const Settings::Defaults> defaults;  // of every session's settings; under `mutex`
  std::shared_ptr<const Settings::Defaults> current_defaults() const {
    const std::scoped_lock lock(mutex);
    return defaults;
  }
  std::once_flag groups_made;
  std::unique_ptr<sqlite::GroupCommit> groups;  // made by the first file session
  std::unique_ptr<postgres::Pools> pools;  // where PostgreSQL is alone
  std::unique_ptr<AuthQuery> auth_query;   // where there is PostgreSQL
  FollowedStatements followed;
  ErrorCounts errors;
  std::atomic<std::size_t> canary_reads = 0;  // on threads of `pool`
  EnginePool pool;
  std::atomic<bool> draining = false;
  NotificationBoard notifications;

  mutable std::mutex mutex;  // guards what follows; sessions themselves are touched on their own io thread only
  std::shared_ptr<const Access> access;
  std::map<std::int32_t, Entry> entries;
  std::vector<boost::asio::any_io_executor> homes;
  std::size_t started = 0;  // of `entries`
  std::int32_t next_pid = 1;
  HubCounters gone;  // of clients that have gone
};

}  // namespace crossfade::session
