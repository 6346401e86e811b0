#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <string>

#include "client.hpp"
#include "crossfade/engine/postgres/pool.hpp"
#include "crossfade/engine/postgres/upstream.hpp"
#include "relay_aside.hpp"
#include "relay_tracker.hpp"

namespace crossfade::session {

/// One client with its own upstream connection: two coroutines, one for each direction; back-pressure by awaiting writes.
/// What the proxy itself refuses is forwarded as text that cannot be parsed, and the server's syntax error is replaced: so blocks
/// fail, batches are skipped and ReadyForQuery comes exactly as PostgreSQL has it.
struct Relay {
  Relay(Client& client_, std::shared_ptr<postgres::Upstream> upstream_, RelayTracker::Mode mode)
      : client(client_), upstream(std::move(upstream_)), tracker(client_, mode, 'I') {}

  Client& client;
  std::shared_ptr<postgres::Upstream> upstream;
  postgres::Lease lease;       // of the pool that it is from; empty: the session's own
  postgres::PoolCounters* counters = nullptr;  // the pool's, which outlives this
  wire::FrameReader reader{wire::From::server};
  RelayTracker tracker;
  std::map<std::string, model::Error> refusals;  // by the word in the text that cannot be parsed
  std::size_t refused = 0;
  std::unique_ptr<Aside> aside;  // made by the first talk
  bool changes_schema = false; // a statement that changes the schema was prepared
  bool leaving = false;        // the client's direction has ended
  bool returns = false;        // the connection goes back to its pool: nothing is said on it
  bool parting = false;        // likewise, but the server may have a last word: until it closes, or for kLastWords
  bool server_ended = false;   // nothing comes from it any more
  boost::asio::steady_timer* last_words = nullptr;
  boost::asio::steady_timer* waiting = nullptr;  // the client's direction, for what the session holds
  bool asking = false;         // the server is asked what the session holds; nothing of the client's is sent meanwhile
  std::string held;            // beyond the transaction, as the server told last: the session cannot move; else empty
  std::string told_held;       // as SHOW CLIENTS and the gate `sessions` have it
  bool upstream_lost = false;
  bool said_fatal = false;     // the server's own last word was forwarded
  Next next = Next::close;
  std::optional<model::Error> farewell;

  /// 57P01: why the session cannot go to the other side.
  std::optional<model::Error> stays() const;
  void tell_held();
  /// Whoever waits looks again.
  void wake();
};

/// Replies to what the proxy itself says to the upstream, up to one ReadyForQuery.
struct Reply {
  std::optional<model::Error> error;
  bool described = false;
  std::vector<model::Column> columns;
  std::vector<model::Oid> parameters;
  std::vector<std::pair<std::string, std::string>> reported;
};

/// Settings, prepared statements and the carried block are made on a fresh upstream as the session has them; deviations in what
/// the client was told go to it as ParameterStatus. Errors: 08006, or the server's own.
boost::asio::awaitable<model::Result<void>> replay(Relay& relay);

/// Both directions, until one of them ends. Cancels go to the backend that is the client's now. true: the client was told farewell.
boost::asio::awaitable<bool> run_relay(Relay& relay);

/// Asks the server what the session holds that the file's side cannot take over: WITH HOLD cursors, advisory locks, temporary objects … The words of
/// its statements say when to ask; what is so, and what is no more, the server knows.
boost::asio::awaitable<void> ask_what_is_held(Relay& relay);
/// Until that is known, or nobody can tell any more.
boost::asio::awaitable<void> await_what_is_held(Relay& relay);

/// Forwards in place of the client's message text that cannot be parsed; the server's error for it becomes `error`.
void refuse(Relay& relay, const wire::FrontendMessage& message, model::Error error, std::string& out);

/// relay_inspect.cpp: statements that may not run here whatever they say: changes of the schema in a form that the mirror cannot carry. nullopt: go on.
bool changes_schema(const sql::Parsed& statement);
std::optional<model::Error> inspect(const ParsedQuery& query, migrate::Stage stage);
/// By the words of a text that our grammar does not read: a statement of it may change the schema.
bool may_change_schema(std::string_view text);

/// relay_schema.cpp: a change of the schema, from the client's message to its answer. `out`: what is to be sent before it, and afterwards what is to be
/// sent of it still. false: it is none that is to be carried, and goes its way.
boost::asio::awaitable<bool> carry_change(Relay& relay, const wire::Frame& frame, const wire::FrontendMessage& message, std::shared_ptr<const ParsedQuery> query,
                                          std::string& out);

/// Offers a read that ran on PostgreSQL for being run again on a pair. Off the client's path: a text that is seen for the first
/// time is only translated, on a pool thread.
void offer_read(Client& client, RelayTracker::Read read);

boost::asio::awaitable<model::Result<void>> write_upstream(std::shared_ptr<postgres::Upstream> upstream, std::string bytes);

}  // namespace crossfade::session
