#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "crossfade/engine/sqlite/database.hpp"
#include "rare.hpp"

namespace crossfade::session {

/// Ends what a file session runs: a client's cancel, statement_timeout, the server's stop. On the client's io thread; the engine may be on
/// another one. SQLite forgets an interrupt that comes before its statement has begun to step, so it is said again while the
/// engine is at it.
class Canceller : public std::enable_shared_from_this<Canceller> {
 public:
  Canceller(boost::asio::any_io_executor io, sqlite::Session& session);

  /// A statement begins; `timeout` 0: none.
  void begin(std::chrono::milliseconds timeout);
  void end();
  /// The session is about to go: nothing of it may be touched any more.
  void forget();
  /// Ignored when no statement runs.
  void cancel(model::Error reason);
  /// Why the running statement is to end.
  const Rare<model::Error>& reason() const { return reason_; }
  /// It is to end. Thread: any.
  bool asked() const { return asked_; }

  void enter_engine() { in_engine_ = true; }
  void leave_engine() { in_engine_ = false; }
  /// What a wait for the permit or for a group is cut short with.
  void set_wait(boost::asio::steady_timer* wait) { wait_ = wait; }
  /// What takes a statement out of the queue for a thread; nullptr: it is not there.
  void set_queued(std::function<void()> withdraw) { withdraw_ = std::move(withdraw); }
  /// The same for a wait for the client's data.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }
  /// Ends a wait for the client's next message: there is something to tell it. Thread: any; nothing happens when the session is gone.
  void wake_soon();

 private:
  void interrupt();

  sqlite::Session* session_;
  boost::asio::any_io_executor io_;
  std::unique_ptr<boost::asio::steady_timer> deadline_, again_;  // made when they are needed
  boost::asio::steady_timer* wait_ = nullptr;
  std::function<void()> withdraw_;
  std::function<void()> wake_;
  Rare<model::Error> reason_;
  std::uint64_t statement_ = 0;  // a timer that has run out may come to be heard when the next statement runs: it looks whose it was
  std::atomic<bool> asked_ = false;
  bool running_ = false;
  bool in_engine_ = false;
};

}  // namespace crossfade::session
