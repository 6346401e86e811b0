#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "channel.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/fence.hpp"
#include "crossfade/model/memory_budget.hpp"
#include "hub_impl.hpp"
#include "rare.hpp"
#include "settings.hpp"

namespace crossfade::session {

/// What the console is called where clients name their database.
inline constexpr std::string_view kConsoleDatabase = "crossfade";
/// The address of one who comes through a Unix socket.
inline constexpr std::string_view kLocalAddress = "local";

/// Names of statements and portals are as long as PostgreSQL's: what is longer is the same as its front.
inline std::string_view name_key(std::string_view name) { return name.substr(0, 63); }

inline std::shared_ptr<const sql::Parsed> no_statement() {
  static const sql::Parsed nothing;
  return {std::shared_ptr<void>(), &nothing};
}
inline std::shared_ptr<const sql::Parsed> first_of(std::shared_ptr<const ParsedQuery> query) {
  const sql::Parsed* first = query->data();
  return {std::move(query), first};
}

/// A prepared statement as the client knows it, whichever side it runs on.
struct Prepared {
  std::string text;
  std::vector<model::Oid> declared;        // as Parse sent them
  std::vector<model::Oid> announced;       // as ParameterDescription or the first translation said; used when it is parsed again
  bool described = false;                  // the client was told `columns`
  std::vector<model::Column> columns;
  model::MemoryBudget::Share memory = {};
  Rare<model::Error> unusable;             // on this side: its use is answered with this
  std::shared_ptr<const sql::Parsed> statement = no_statement();  // shared with the cache; Kind::empty for an empty text
  std::shared_ptr<const sql::Translated> translated;  // last one used (SQLite side)
  /// A translation that sqlite::Session::learn_short was asked about, and what it was made under. `lasting`: it was found long.
  struct Short {
    std::shared_ptr<const sql::Translated> translated;
    std::uint64_t settings = 0, plan = 0;
    std::uint32_t runs = 0;
    bool lasting = false;
  } short_read;

  const std::vector<model::Oid>& types() const { return announced.empty() ? declared : announced; }
};

/// A READ COMMITTED block that has not written and is opened again on the other side.
struct CarriedBlock {
  sqlite::BeginOptions options;
  std::vector<std::string> savepoints;
};

/// Why a side's loop ended.
enum class Next : std::uint8_t { close, other_side };

/// The small state that start-up, both sides and the console share. One per connection, on one io thread for its whole life.
class Client final : public Connected {
 public:
  Client(Hub::Impl& hub, Socket socket, std::string address);
  ~Client() override;

  void cancel() override;
  void shut_down(Shutdown how) override;
  void check_peer() override;
  void kill() override;
  Bytes bytes() const override { return {.received = channel.received(), .sent = channel.sent()}; }

  /// Takes a pass when none is held, waiting while a switch runs. Without stages: at once. Errors: 57P03.
  boost::asio::awaitable<model::Result<void>> enter();
  /// The same without waiting; false: a switch runs.
  bool enter_now();
  /// enter(), and die() of its error. false: that was it.
  boost::asio::awaitable<bool> enter_or_die();
  /// Where the pass says that statements run now.
  migrate::Side side() const;
  migrate::Stage stage() const;
  /// Error and Notice messages into out(); a FATAL one ends the session.
  void send_error(const model::Error& error) {
    hub.errors.note(error.state);
    wire::append_error(channel.out(), wire::Severity::error, error, std::exchange(error_context, {}));
  }
  /// Unless client_min_messages is above it.
  void send_notice(const model::Error& error, wire::Severity severity);
  boost::asio::awaitable<void> die(model::Error error);
  /// Changed ParameterStatus values, then ReadyForQuery.
  void send_ready(char status);
  /// The first ReadyForQuery and what goes before it; once.
  void greet();
  model::Error shutdown_error() const;
  /// For SHOW CLIENTS and the gate `sessions`: what keeps it here; empty: nothing. `why` lives for ever.
  void tell_stays(std::string_view why);

  Hub::Impl& hub;
  Channel channel;
  std::size_t home;  // its io thread, for the hub
  std::string user, database, address;
  std::map<std::string, std::string> startup_options;  // kept for an upstream that judges them itself
  std::int32_t pid = 0;
  std::string secret;  // the cancel key
  Settings settings;
  model::MemoryBudget memory;  // of what is kept for the session: outlives what is counted
  std::map<std::string, std::shared_ptr<Prepared>, std::less<>> prepared;
  std::set<std::string> channels;  // LISTENed to, as committed
  migrate::Fence::Pass pass;
  std::optional<CarriedBlock> carried;
  Rare<model::Error> stays;  // why the session cannot go to the other side: said when it has to
  std::string_view stays_told;  // as SHOW CLIENTS and the gate `sessions` have it; of static texts
  std::string error_context;  // what the next error happened in: "COPY t, line 3"; sent with it, once
  bool draining = false;
  bool late = false;     // it has not started up in time
  bool greeted = false;  // ParameterStatus, BackendKeyData and the first ReadyForQuery were sent
  std::function<void()> on_cancel;    // set by the side that runs
  std::function<void()> on_drain;     // likewise, while it waits for what may take long
  std::function<void()> on_vanished;  // likewise, where a statement of a client that is gone is in others' way
};

inline model::Error plan_changed() {
  using namespace model::literals;
  return {"0A000"_state, "cached plan must not change result type"};
}

/// How a client has to prove who it is, by the first rule that matches. In authenticate.cpp. Errors: 28000.
model::Result<AuthMethod> proof_of(const Client& client, const Access& access);
/// It does so. `exchange`: with SCRAM, begun already; null: not. Errors: 28000, 28P01, 08P01.
class ScramExchange;
boost::asio::awaitable<model::Result<void>> prove(Client& client, std::shared_ptr<const Access> access, AuthMethod method, std::unique_ptr<ScramExchange> exchange);

/// Where a start-up stands when a coroutine goes on with it: nothing was taken, this packet was, the client was found to have to prove who it is.
/// An error: it is told so.
struct StartUp {
  std::shared_ptr<const Access> access;
  model::Result<std::variant<std::monostate, wire::StartupPacket, AuthMethod>> at = {};
  std::unique_ptr<ScramExchange> exchange = {};  // its proof, begun already
  /// Who it is need not be proven, or is.
  bool proven() const {
    const AuthMethod* const method = at ? std::get_if<AuthMethod>(&*at) : nullptr;
    return method != nullptr && (*method == AuthMethod::trust || *method == AuthMethod::cert);
  }
};
/// What the start-up message says; then proof_of(). Errors: 53300, 22023, 0A000 and those of proof_of().
model::Result<AuthMethod> introduce(Client& client, const Access& access, wire::StartupMessage message);
/// All that follows the proof, to where ReadyForQuery may be sent. Errors: 53300, 3D000, 28000, 57P01, those of settings.
model::Result<void> let_in(Client& client, const Access& access);
/// The whole of it, from there on. false: the connection is done with (cancel request, refused, gone).
boost::asio::awaitable<bool> start_up(Client& client, StartUp& from);
/// As PostgreSQL 15 keeps an application_name: printable ASCII, at most 63 bytes.
std::string clean_application_name(std::string name);
/// The sides: each serves until the client goes or its next transaction belongs to the other side.
boost::asio::awaitable<Next> serve_file(Client& client);
boost::asio::awaitable<Next> serve_upstream(Client& client);
/// Both of them, in turn.
boost::asio::awaitable<void> serve_sides(Client& client);
/// A client of PostgreSQL alone, with a connection of its own.
boost::asio::awaitable<void> serve_by_session(Client& client);
boost::asio::awaitable<void> serve_console(Client& client);

}  // namespace crossfade::session
