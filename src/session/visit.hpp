#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "client.hpp"
#include "crossfade/engine/postgres/edge_wait.hpp"
#include "crossfade/session/serve_client.hpp"
#include "pooled_session.hpp"
#include "scram_exchange.hpp"
#include "silences.hpp"

namespace crossfade::session {

/// A client from its connection to its end, on its io thread. What is common goes without a coroutine: a start-up without TLS that asks for no
/// password, or for a proof by SCRAM (here), a batch and its answer in a transaction pool (pooled_exchange.cpp). serve() is the coroutine for
/// all else; a client of a transaction pool that is at rest has none, and holds next to nothing.
/// Lifetime: it holds itself while it waits here or at rest; its coroutine holds it while there is one.
class Visit final : public std::enable_shared_from_this<Visit>, private postgres::EdgeListener, private Silences::Place {
 public:
  Visit(Hub::Impl& hub, Socket socket, std::string address, Departures& departures, std::size_t thread);
  void begin();

  // For the pooled session, at rest:
  postgres::EdgeWait& edge() { return edge_; }
  boost::asio::execution_context& home() { return home_; }
  void wait_silently();
  /// Its coroutine is wanted.
  void go_on();
  /// The client is done with, and there was no coroutine.
  void finish();
  /// The coroutine may go.
  void hold_itself() { self_ = shared_from_this(); }
  void let_go() { self_.reset(); }

 private:
  void on_edge(const postgres::EdgeWait& which, boost::system::error_code error) override;
  void on_dropped(const postgres::EdgeWait&) override { let_go(); }
  void silent() override;

  using Clock = std::chrono::steady_clock;
  void wait_for_start_up(std::chrono::milliseconds left);
  void listen();
  /// What has come was read. false: that was its end, and the coroutine says so.
  bool hears(boost::system::error_code waited);
  void read_startup();
  void read_proof();
  void enter();
  void begin_session();
  bool is_pooled() const;
  void spawn(std::unique_ptr<StartUp> from);
  void spawn_to_tell(model::Error error);
  static boost::asio::awaitable<void> serve(std::shared_ptr<Visit> self, std::unique_ptr<StartUp> from);
  boost::asio::awaitable<void> serve_database();
  static void end(std::shared_ptr<Visit> self);

  Client client_;
  postgres::EdgeWait edge_;  // for the client's next bytes
  std::unique_ptr<PooledSession> pooled_;
  std::shared_ptr<const Access> access_;  // until it has started up
  std::unique_ptr<ScramExchange> proof_;  // while it proves who it is
  Clock::time_point started_up_by_;
  std::shared_ptr<Visit> self_;
  boost::asio::execution_context& home_;
  Departures& departures_;
  const std::size_t thread_;
};

}  // namespace crossfade::session
