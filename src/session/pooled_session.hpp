#pragma once

#include <memory>
#include <string>

#include "client.hpp"
#include "crossfade/engine/postgres/pool.hpp"
#include "pool_tracker.hpp"
#include "upstream_cancels.hpp"

namespace crossfade::session {

/// A client of a transaction pool. The client's direction is its coroutine; while a connection is lent, another one brings the server's
/// answers and gives the connection back when all is answered and no transaction is open.
class PooledSession {
 public:
  PooledSession(Client& client, std::shared_ptr<postgres::Pool> pool, std::shared_ptr<const postgres::Startup> startup);
  boost::asio::awaitable<void> serve();

 private:
  enum class State : std::uint8_t { free, lent, settling };  // settling: it is being looked at whether the connection can go
  using Lent = boost::asio::awaitable<model::Result<void>>;

  boost::asio::awaitable<bool> greet();
  boost::asio::awaitable<void> from_client();
  boost::asio::awaitable<bool> handle(wire::Frame frame);
  /// What needs no server. true: that was it.
  bool answer_here(const wire::Frame& frame);
  void refuse_batch(const wire::Frame& frame, const model::Error& error);
  Lent borrow();
  boost::asio::awaitable<void> to_server();
  boost::asio::awaitable<void> from_server();
  boost::asio::awaitable<void> bring_answers();
  boost::asio::awaitable<bool> receive();
  boost::asio::awaitable<void> settle();
  void count_ready(const wire::Frame& ready);
  void show_pinned();
  /// Waits for the other coroutine to change something.
  boost::asio::awaitable<void> change();
  void say_changed();
  bool cancels() const { return cancels_ != nullptr && cancels_->any(); }
  boost::asio::awaitable<void> leave();

  Client& client_;
  std::shared_ptr<postgres::Pool> pool_;
  std::shared_ptr<const postgres::Startup> startup_;
  std::unique_ptr<PoolTracker> tracker_;
  postgres::Lease lease_;
  std::shared_ptr<UpstreamCancels> cancels_;  // null: there was none yet
  std::unique_ptr<Signal> changed_;  // of state_; null: nobody has waited yet
  State state_ = State::free;
  std::string out_;           // to the server
  std::string last_;          // what ends the session in the middle of things: the server does what was said before, and may have a last word
  std::string pinned_;        // as the console was told
  std::optional<model::Error> farewell_;
  bool writing_ = false;      // to the server, and not yet done
  bool unwritable_ = false;   // the server takes nothing any more: what it has said before is read, then it is lost
  bool fresh_ = false;        // the connection was lent, and nothing was read from it since
  bool pumping_ = false;      // from_server() runs
  bool lost_ = false;         // the server went while it was lent
  bool leaving_ = false;
  bool skip_to_sync_ = false;
  bool terminated_ = false;   // the client said so
};

/// A connection of the pool, waited for in its queue. A client that goes, is cancelled or told to go does not wait any longer.
boost::asio::awaitable<model::Result<postgres::Lease>> borrow_connection(Client& client, postgres::Pool& pool,
                                                                         std::shared_ptr<const postgres::Startup> startup);

/// Gives a quiet connection back after the settings' reset has taken away what its session holds; closes it when that fails.
boost::asio::awaitable<void> return_connection(Hub::Impl& hub, postgres::Lease lease);

}  // namespace crossfade::session
