#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "crossfade/session/console.hpp"
#include "crossfade/session/hub.hpp"
#include "crossfade/session/serve_client.hpp"
#include "notifications.hpp"
#include "translation_cache.hpp"

namespace crossfade::session {

/// What the hub can ask of a connected session. Called on the io thread.
class Connected {
 public:
  virtual ~Connected() = default;
  virtual void cancel() = 0;              // what runs now, as CancelRequest means it
  virtual void shut_down(Shutdown how) = 0;
  virtual void check_peer() = 0;  // ends what runs for a client that is gone
};

struct Hub::Impl {
  Impl(Options options_, Backends backends_)
      : options(std::move(options_)),
        backends(std::move(backends_)),
        translations(options.translations),
        sampled(options.translations),
        pool(options.engine_threads) {}

  struct Entry { Connected* session; std::int32_t secret; ClientInfo info; };

  /// With a new number and an unguessable secret.
  std::pair<std::int32_t, std::int32_t> add(Connected* session, ClientInfo info);
  void remove(std::int32_t pid);
  void describe(std::int32_t pid, const std::function<void(ClientInfo&)>& change);
  void cancel(std::int32_t pid, std::int32_t secret);
  bool full() const;
  std::vector<Connected*> sessions() const;

  Options options;
  Backends backends;
  Console* console = nullptr;
  TranslationCache translations;
  LruCache<sql::Translated> sampled;  // reads seen on PostgreSQL, by types and text; Kind::empty: the file's side cannot say it
  boost::asio::thread_pool pool;
  std::atomic<bool> draining = false;
  NotificationBoard notifications;

  mutable std::mutex mutex;  // guards `entries`; sessions themselves are touched on the io thread only
  std::map<std::int32_t, Entry> entries;
  std::int32_t next_pid = 1;
};

}  // namespace crossfade::session
