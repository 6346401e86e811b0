#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client.hpp"
#include "crossfade/engine/postgres/edge_wait.hpp"
#include "crossfade/engine/postgres/pool.hpp"
#include "pool_tracker.hpp"
#include "rare.hpp"
#include "upstream_cancels.hpp"

namespace crossfade::session {

class Visit;

/// A client of a transaction pool. The client's direction is its coroutine; while a connection is lent, another one brings the server's
/// answers and gives the connection back when all is answered and no transaction is open. What is common, one batch and its answer, is done
/// without them (pooled_exchange.cpp): the client's coroutine waits in client_speaks() all the while, or there is none, and it is woken or
/// made for anything else.
class PooledSession final : private postgres::EdgeListener {
 public:
  PooledSession(Visit& visit, Client& client, std::shared_ptr<postgres::Pool> pool, std::shared_ptr<const postgres::Startup> startup);
  ~PooledSession();
  PooledSession(const PooledSession&) = delete;
  /// Puts into the client's out() what it is told first. false: no connection of its kind was made yet that says it.
  bool greet_at_once();
  /// Sends that and waits. false: serve() has to.
  bool rest_at_once();
  /// The client's coroutine, from its greeting or from a rest to its end.
  boost::asio::awaitable<void> serve();
  /// It was at rest for a while.
  void silent();

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
  /// What from_server() begins with: to the client first, and whether all is answered already, or the server gone.
  struct Begin {
    std::optional<std::string> rest = {};
    bool answered = false, broken = false;
  };
  void start_from_server(Begin begin);
  boost::asio::awaitable<void> from_server(Begin begin);
  boost::asio::awaitable<void> bring_answers(Begin begin);
  boost::asio::awaitable<bool> receive();
  /// Puts behind `out` what was read of the server, as the client sees it. When all is answered the connection is given back
  /// (State::settling then).
  enum class Brought : std::uint8_t { right, broken };
  Brought take_answers(std::size_t count, std::string& out);
  boost::asio::awaitable<void> settle();
  bool all_answered() const { return tracker_->quiet() && !writing_ && last_.empty(); }
  void become_free();
  void count_ready(const wire::Frame& ready);
  void show_pinned();
  /// Waits for the other coroutine to change something.
  boost::asio::awaitable<void> change();
  void say_changed();
  bool cancels() const { return cancels_ != nullptr && cancels_->any(); }
  boost::asio::awaitable<void> leave();
  /// The client's TLS has ended behind what was read of it, and the server works for it.
  bool ends_behind_its_batch();
  boost::asio::awaitable<void> last_answers();

  // pooled_exchange.cpp
  /// Until there is something of the client that only its coroutine can do. Only when the channel is drained() and waits_for_bytes().
  auto client_speaks() {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        [this](auto handler) {
          resume_ = std::move(handler);
          listen();
        },
        boost::asio::use_awaitable);
  }
  void listen();
  void wake();
  void on_edge(const postgres::EdgeWait& which, boost::system::error_code error) override;
  void on_dropped(const postgres::EdgeWait& which) override;
  void client_spoke(boost::system::error_code waited);
  bool goes() const;
  bool ask();
  void answer_came(boost::system::error_code waited);

  Visit& visit_;
  Client& client_;
  std::shared_ptr<postgres::Pool> pool_;
  std::shared_ptr<const postgres::Startup> startup_;
  std::optional<PoolTracker> tracker_;  // from the greeting on
  postgres::Lease lease_;
  std::shared_ptr<UpstreamCancels> cancels_;  // null: there was none yet
  std::unique_ptr<Signal> changed_;  // of state_; null: nobody has waited yet
  State state_ = State::free;
  std::string out_;           // to the server
  std::string last_;          // what ends the session in the middle of things: the server does what was said before, and may have a last word
  std::string pinned_;        // as the console was told
  Rare<model::Error> farewell_;
  bool writing_ = false;      // to the server, and not yet done
  bool unwritable_ = false;   // the server takes nothing any more: what it has said before is read, then it is lost
  bool fresh_ = false;        // the connection was lent, and nothing was read from it since
  bool pumping_ = false;      // from_server() runs
  bool lost_ = false;         // the server went while it was lent
  bool leaving_ = false;
  bool skip_to_sync_ = false;
  bool terminated_ = false;   // the client said so

  std::move_only_function<void()> resume_;  // the client's coroutine, in client_speaks()
  std::optional<boost::system::error_code> heard_;  // the client's edge has ended while asked_
  bool client_waits_ = false;  // the client's edge has not ended
  bool asked_ = false;        // the answer is waited for without from_server()
};

std::unique_ptr<PooledSession> make_pooled(Visit& visit, Client& client);

/// A connection of the pool, waited for in its queue. A client that goes, is cancelled or told to go does not wait any longer.
boost::asio::awaitable<model::Result<postgres::Lease>> borrow_connection(Client& client, postgres::Pool& pool,
                                                                         std::shared_ptr<const postgres::Startup> startup);

/// Gives a quiet connection back after the settings' reset has taken away what its session holds; closes it when that fails.
boost::asio::awaitable<void> return_connection(Hub::Impl& hub, postgres::Lease lease);

}  // namespace crossfade::session
