#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "blocking.hpp"
#include "pooled_session.hpp"
#include "relay.hpp"
#include "upstream_cancels.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr std::size_t kRelayReadBytes = 64 * 1024;
constexpr std::size_t kForwardBytes = 64 * 1024;
constexpr std::chrono::milliseconds kLastWords{1'000};

/// Why a message that names a prepared statement cannot be forwarded.
std::optional<model::Error> unusable(const Relay& relay, const wire::FrontendMessage& message) {
  std::string_view name;
  if (const auto* bind = std::get_if<wire::Bind>(&message)) {
    name = bind->statement;
  } else if (const auto* describe = std::get_if<wire::Describe>(&message);
             describe != nullptr && describe->kind == wire::Named::statement) {
    name = describe->name;
  } else {
    return std::nullopt;
  }
  const auto found = relay.client.prepared.find(name_key(name));
  if (found == relay.client.prepared.end()) return std::nullopt;
  return found->second->unusable;
}

/// A client's message as the proxy understands it. `error`: why it is not forwarded.
struct Seen {
  std::optional<wire::FrontendMessage> message;  // none: malformed; the server says how
  std::shared_ptr<const ParsedQuery> query;
  std::optional<model::Error> error;
  std::optional<model::Error> unread;  // the server may understand the text, we do not
};

/// A long text is parsed on the pool: it would hold every other client up.
asio::awaitable<model::Result<std::shared_ptr<const ParsedQuery>>> parse_for(Relay& relay, std::string_view text) {
  constexpr std::size_t kAtOnce = 4 * 1024;
  const auto parse = [&cache = relay.client.hub.translations, text] { return cache.parse(text, sql::Dialect::postgres); };
  if (text.size() <= kAtOnce) co_return parse();
  co_return co_await on_pool(relay.client.hub.pool, parse);
}

/// Before the pass is taken, which another message from the server may give back while this waits.
asio::awaitable<Seen> read_message(Relay& relay, wire::Frame frame) {
  Seen seen;
  if (auto message = wire::parse_frontend(frame)) {
    seen.message = std::move(*message);
  } else {  // in another encoding, as the server reads it
    const std::string_view name = frame.body.substr(0, frame.body.find('\0'));
    if (message.error().state != "22021"_state || !may_change_schema(frame.type == 'P' ? frame.body.substr(std::min(name.size() + 1, frame.body.size())) : name)) co_return seen;
    if (frame.type == 'Q') seen.message = wire::Query{};
    if (frame.type == 'P') seen.message = wire::Parse{name, {}, {}};
    seen.unread = std::move(message).error();
    co_return seen;
  }
  std::string_view text;
  if (const auto* query = std::get_if<wire::Query>(&*seen.message)) text = query->text;
  if (const auto* parse = std::get_if<wire::Parse>(&*seen.message)) text = parse->text;
  if (text.empty()) co_return seen;
  auto parsed = co_await parse_for(relay, text);
  if (parsed) seen.query = std::move(*parsed);
  else if (parsed.error().state != "42601"_state && may_change_schema(text)) seen.unread = std::move(parsed).error();
  co_return seen;
}

void look_at(Relay& relay, Seen& seen) {
  if (!seen.message) return;
  seen.error = unusable(relay, *seen.message);
  if (!seen.error && seen.unread && relay.client.stage() == migrate::Stage::postgres)
    seen.error = model::Error{"0A000"_state, "a change of the schema that the proxy cannot read is not supported in stage \"postgres\"", seen.unread->message,
                              "Send it in UTF-8: SET client_encoding = 'UTF8'."};
  if (!seen.error && seen.query) {
    seen.error = inspect(*seen.query, relay.client.stage());
    if (std::holds_alternative<wire::Parse>(*seen.message)) relay.changes_schema |= std::ranges::any_of(*seen.query, changes_schema);
  }
  const migrate::Controller* controller = relay.client.hub.backends.controller;
  if (!seen.error && controller != nullptr && controller->refuses_changes() && relay.tracker.may_change(*seen.message, seen.query.get()))
    seen.error = migrate::refused_change();
}

/// Appends what is forwarded in place of a message, most often itself.
void forward(Relay& relay, const wire::Frame& frame, Seen seen, std::string& out) {
  if (!seen.message) {
    if (frame.type == 'Q' || frame.type == 'S' || frame.type == 'F') relay.tracker.sent(wire::Sync{}, nullptr);
  } else if (seen.error) {
    return refuse(relay, *seen.message, std::move(*seen.error), out);
  } else {
    relay.tracker.sent(*seen.message, std::move(seen.query), frame.type == 'B' ? frame.body : std::string_view{});
  }
  out += frame.raw;
}

/// The client's direction ends: the other one sees its socket closed. `last`: what the client still said.
asio::awaitable<void> leave(Relay& relay, std::string last) {
  boost::system::error_code ignored;
  relay.returns = relay.lease && !relay.parting && !relay.upstream_lost && relay.tracker.quiet() && last.empty();
  if (relay.returns) {
    relay.leaving = true;
    relay.upstream->socket().cancel(ignored);
    co_return;
  }
  if (!relay.parting) wire::Message(last, 'X');
  relay.leaving = !relay.parting;
  if (!relay.upstream_lost) (void)co_await write_upstream(relay.upstream, std::move(last));
  if (relay.parting && !relay.server_ended) {
    asio::steady_timer timer(co_await asio::this_coro::executor, kLastWords);
    relay.last_words = &timer;
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    relay.last_words = nullptr;
  }
  relay.leaving = true;
  relay.upstream->socket().close(ignored);
}

/// Between transactions: is this session still to run here? Otherwise says where it goes.
asio::awaitable<bool> may_go_on(Relay& relay) {
  Client& client = relay.client;
  if (!relay.tracker.quiet()) co_return true;
  if (relay.asking || relay.tracker.asks()) co_await await_what_is_held(relay);
  if (auto entered = co_await client.enter(); !entered) {
    relay.farewell = std::move(entered).error();
    co_return false;
  }
  if (client.side() == migrate::Side::postgres) co_return true;
  relay.next = Next::other_side;
  relay.farewell = relay.stays();
  co_return false;
}

asio::awaitable<void> from_client(Relay& relay) {
  Channel& channel = relay.client.channel;
  std::string out;
  while (true) {
    if (!out.empty() && (!channel.has_frame() || out.size() >= kForwardBytes)) {
      if (auto written = co_await write_upstream(relay.upstream, std::exchange(out, {})); !written) relay.upstream_lost = true;
    }
    if (relay.upstream_lost) break;
    if (relay.client.draining && relay.tracker.quiet()) {
      relay.farewell = relay.client.shutdown_error();
      break;
    }
    auto frame = co_await channel.read();
    if (!frame && frame.error().state == "57014"_state) continue;
    if (!frame) {
      // A message of no kind: the server says what it thinks of it, which depends on whether it takes COPY data.
      relay.parting = frame.error().state == "08P01"_state && !channel.silent();
      if (relay.parting) out += channel.take_unread();
      if (!channel.broken()) relay.farewell = std::move(frame).error();
      break;
    }
    if (frame->type == 'X') {
      relay.parting = !relay.tracker.quiet();
      if (!relay.lease || relay.parting) out += frame->raw;
      break;
    }
    Seen seen;
    if (relay.tracker.mode() == RelayTracker::Mode::inspected) seen = co_await read_message(relay, *frame);
    if (!co_await may_go_on(relay)) {
      if (!relay.farewell) channel.put_back(*frame);
      break;
    }
    if (relay.tracker.mode() == RelayTracker::Mode::raw) {
      relay.tracker.sent_raw(frame->type);
      if (relay.counters != nullptr) relay.counters->received.fetch_add(frame->raw.size(), std::memory_order_relaxed);
      out += frame->raw;
      continue;
    }
    look_at(relay, seen);
    if (!seen.error && seen.message && relay.client.stage() == migrate::Stage::postgres &&
        co_await carry_change(relay, *frame, *seen.message, seen.query, out))
      continue;
    forward(relay, *frame, std::move(seen), out);
    if (relay.tracker.quiet()) relay.client.pass.release();  // a Flush: no answer will release it
  }
  co_await leave(relay, std::move(out));
}

/// What is to be sent to the client. `commits`: where in `out` a ReadyForQuery stands that may follow a commit of changed rows.
struct Answers {
  std::string out;
  std::vector<std::size_t> commits;
};

/// One message from the server, as the client is to see it.
void answer(Relay& relay, const wire::Frame& frame, Answers& answers) {
  std::string& out = answers.out;
  relay.tracker.received(frame);
  if (frame.type == 'Z' && relay.tracker.take_committed()) answers.commits.push_back(out.size());
  if (frame.type == 'S' && relay.lease) relay.lease->note_parameter(frame.body);
  if (frame.type == 'Z') relay.client.count_statement();
  if (frame.type == 'Z' && relay.counters != nullptr) {
    relay.counters->queries.fetch_add(1, std::memory_order_relaxed);
    if (frame.body == "I") relay.counters->transactions.fetch_add(1, std::memory_order_relaxed);
  }
  if (frame.type == 'E') {
    const model::Error error = wire::parse_error(frame.body);
    relay.said_fatal = frame.body.find(std::string_view("VFATAL\0", 7)) != std::string_view::npos;
    for (auto refusal = relay.refusals.begin(); refusal != relay.refusals.end(); ++refusal) {
      if (error.message.find("\"" + refusal->first + "\"") == std::string::npos) continue;
      relay.client.hub.errors.note(refusal->second.state);
      wire::append_error(out, wire::Severity::error, refusal->second);
      relay.refusals.erase(refusal);
      return;
    }
    relay.client.hub.errors.note(error.state);
  }
  out += frame.raw;
}

/// A message that was kept whole.
wire::Frame frame_of(std::string_view raw) { return {raw.front(), raw.substr(5), raw}; }

/// A transaction that wrote has ended: with mode = "sync" its answer waits for the mirror. true: too long.
asio::awaitable<bool> is_late(Client& client) {
  migrate::Controller* controller = client.hub.backends.controller;
  if (controller == nullptr || client.stage() != migrate::Stage::postgres) co_return false;
  controller->wake();
  co_return controller->syncs() && !co_await controller->committed();
}

/// Whatever the server has said after a ReadyForQuery (a notification, a FATAL) stays behind it.
void warn_before_ready(Answers& answers) {
  std::string warning;
  wire::append_error(warning, wire::Severity::warning, migrate::late_commit());
  for (auto at = answers.commits.rbegin(); at != answers.commits.rend(); ++at) answers.out.insert(*at, warning);
}

asio::awaitable<void> from_server(Relay& relay) {
  Client& client = relay.client;
  struct End {
    Relay& relay;
    ~End() {
      relay.server_ended = true;
      relay.wake();
      if (relay.aside) relay.aside->lost();
    }
  } const end{relay};
  while (!relay.leaving) {
    Answers answers;
    while (true) {
      if (relay.aside && relay.aside->complete()) {
        if (!answers.out.empty()) co_await client.channel.send(answers.out);
        answers = {};
        co_await relay.aside->hand_over();
        for (const std::string& raw : relay.aside->take_released()) answer(relay, frame_of(raw), answers);
        continue;
      }
      wire::Step step = relay.reader.next();
      if (auto* frame = std::get_if<wire::Frame>(&step)) {
        if (!relay.aside || !relay.aside->take(*frame)) answer(relay, *frame, answers);
        continue;
      }
      relay.upstream_lost = relay.upstream_lost || std::holds_alternative<wire::Refuse>(step);
      break;
    }
    if (relay.counters != nullptr) relay.counters->sent.fetch_add(answers.out.size(), std::memory_order_relaxed);
    if (!answers.commits.empty() && co_await is_late(client)) warn_before_ready(answers);
    if (!answers.out.empty()) co_await client.channel.send(answers.out);
    if (relay.aside) relay.aside->note_progress();
    if (relay.tracker.quiet() && !(relay.aside && relay.aside->talks())) {
      for (RelayTracker::Read& read : relay.tracker.take_reads())
        if (client.stage() == migrate::Stage::postgres) offer_read(client, std::move(read));
      if (relay.tracker.asks() && !relay.upstream_lost && !relay.leaving) co_await ask_what_is_held(relay);
      else relay.tell_held();
      client.pass.release();
      relay.refusals.clear();
    }
    if (relay.upstream_lost || client.channel.broken() || (client.draining && relay.tracker.quiet()))
      client.channel.interrupt_read();
    if (relay.upstream_lost || (relay.parting && client.channel.broken())) co_return;
    if (co_await postgres::receive(relay.upstream, relay.reader, kRelayReadBytes)) {
      relay.upstream_lost = !relay.leaving && !relay.parting;
      client.channel.interrupt_read();
      co_return;
    }
  }
}

}  // namespace

void refuse(Relay& relay, const wire::FrontendMessage& message, model::Error error, std::string& out) {
  const std::string word = "crossfade_refusal_" + std::to_string(++relay.refused);
  relay.refusals.emplace(word, std::move(error));
  wire::FrontendMessage replaced = wire::Parse{"crossfade_refused", word, {}};
  if (std::holds_alternative<wire::Query>(message)) {
    wire::append_query(out, word);
    replaced = wire::Query{word};
  } else {
    const auto* parse = std::get_if<wire::Parse>(&message);
    wire::append_parse(out, parse != nullptr ? parse->statement : "crossfade_refused", word, {});
  }
  relay.tracker.sent(replaced, nullptr);
}

asio::awaitable<bool> run_relay(Relay& relay) {
  Client& client = relay.client;
  co_await client.channel.flush();
  const auto cancels = std::make_shared<UpstreamCancels>(co_await asio::this_coro::executor);
  client.on_cancel = [cancels, weak = std::weak_ptr(relay.upstream)] {
    if (auto live = weak.lock()) cancels->start(std::move(live));
  };
  if (relay.tracker.quiet()) client.pass.release();
  client.show(Activity::idle);
  co_await (from_client(relay) && from_server(relay));
  client.on_cancel = nullptr;
  if (relay.upstream_lost && !relay.farewell && !relay.said_fatal)
    relay.farewell = model::Error{"08006"_state, "connection to the PostgreSQL server was lost"};
  if (relay.said_fatal) relay.farewell.reset();
  const bool farewell = relay.farewell.has_value();
  if (farewell && !client.channel.broken()) co_await client.die(std::move(*relay.farewell));
  if (!relay.returns || !relay.reader.empty() || !co_await cancels->arrived()) co_return farewell;
  client.channel.close();
  co_await return_connection(client.hub, std::move(relay.lease));
  co_return farewell;
}

asio::awaitable<Next> serve_upstream(Client& client) {
  client.hub.describe(client.pid, [](ClientInfo& info) { info.side = "postgres"; });
  std::map<std::string, std::string> options{{"application_name", client.settings.show("application_name").value_or("")}};
  auto upstream = co_await postgres::Upstream::connect(*client.hub.backends.postgres, std::move(options), client.hub.options.connect_timeout);
  if (!upstream) {
    co_await client.die(std::move(upstream).error());
    co_return Next::close;
  }
  const bool moves = client.stage() != migrate::Stage::finished;
  Relay relay(client, std::move(*upstream), moves ? RelayTracker::Mode::inspected : RelayTracker::Mode::raw);
  if (auto made = co_await replay(relay); !made) {
    co_await client.die(std::move(made).error());
    co_return Next::close;
  }
  relay.changes_schema = std::ranges::any_of(client.prepared, [](const auto& each) { return changes_schema(*each.second->statement); });
  client.greet();
  for (const auto& [name, value] : client.settings.take_changes()) wire::append_parameter_status(client.channel.out(), name, value);
  const bool farewell = co_await run_relay(relay);
  co_return farewell ? Next::close : relay.next;
}

}  // namespace crossfade::session
