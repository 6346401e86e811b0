#include <algorithm>
#include <array>
#include <chrono>
#include <expected>
#include <optional>
#include <span>

#include "blocking.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "relay_talk.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::chrono::milliseconds kTurnWait{5'000}, kTurnPause{20};

/// The client's statements with the settings that decide what the file makes of them.
std::vector<sqlite::SchemaStatement> statements_of(const Client& client, std::span<const sql::Parsed> statements) {
  constexpr std::array<std::string_view, 3> kOrders{"ymd", "mdy", "dmy"};
  const model::TextStyle& style = client.settings.style();
  std::vector<sqlite::SchemaStatement> out;
  for (const sql::Parsed& each : statements) {
    const bool ends = each.kind == sql::Kind::transaction || each.kind == sql::Kind::discard;
    if (!changes_schema(each) && !each.temporary && !ends) continue;  // what it makes for itself, or loses, another statement of the message may name
    out.push_back({each.text, {{"TimeZone", std::string(style.zone.name())}, {"DateOrder", std::string(kOrders[static_cast<std::size_t>(style.date_order)])},
                               {"IntervalStyle", std::to_string(static_cast<int>(style.interval_style))}}});
  }
  return out;
}

/// `tells`: the server says in English what IF [NOT] EXISTS has it leave out, or at all.
/// `refuses`: why the file does not make it; PostgreSQL is asked all the same, for it may have an error of its own for the client.
struct Beforehand { migrate::ChangeBack change; model::ResultSet tables, forms; bool tells = true; std::optional<model::Error> refuses; };

/// An error that PostgreSQL would have, too, if it is one.
bool may_be_postgres_own(const model::Error& error) {
  constexpr std::array<std::string_view, 4> kFamilies{"22", "23", "2B", "42"};
  return error.state.code() != "42501" && std::ranges::find(kFamilies, error.state.family()) != kFamilies.end();
}

/// Before the change: it is the only one under way, and the file can make it.
asio::awaitable<Talked<Beforehand>> ask_before(Relay& relay, Place place, std::vector<sqlite::SchemaStatement> said) {
  const migrate::BackQuestions questions = migrate::back_questions();
  auto own = co_await say(relay, place, {std::string(questions.temporary)});
  if (!own) co_return std::unexpected(std::move(own).error());
  // The session's own relations: it waits for nobody, and keeps nobody waiting.
  if (migrate::concerns_session_alone(own->at(0), said)) co_return Beforehand{.change = {}, .tables = {}, .forms = {}, .tells = false, .refuses = {}};
  const auto end = std::chrono::steady_clock::now() + kTurnWait;
  const auto is = [](const model::Value& value, const auto& wanted) { return value == model::Value(wanted); };
  while (true) {
    auto sets = co_await say(relay, place, {"SELECT pg_catalog.current_setting('transaction_isolation'), pg_catalog.current_setting('client_min_messages') NOT IN ('warning', 'error') "
                                            "AND pg_catalog.current_setting('lc_messages') ~ '^(C|POSIX|en_)'", std::string(questions.only_one), std::string(questions.recorded),
                                            std::string(questions.tables), std::string(questions.forms)});
    if (!sets) co_return std::unexpected(std::move(sets).error());
    const bool sees_others = is(sets->at(0).rows.at(0).at(0), std::string("read committed"));
    if (is(sets->at(1).rows.at(0).at(0), true)) {
      migrate::Controller& controller = *relay.client.hub.backends.controller;
      migrate::BackAnswers answers{std::move(sets->at(2)), own->at(0), std::move(sets->at(3))};
      auto change = co_await on_pool(relay.client.hub.pool, [&controller, &answers, &said] { return controller.rehearse_back(answers, said); });
      if (!sees_others && (!change || change->changes))
        co_return std::unexpected(ours({"0A000"_state, "a change of the schema in stage \"postgres\" needs isolation level READ COMMITTED", {}, "Begin the transaction without another one."}));
      if (!change && may_be_postgres_own(change.error())) co_return Beforehand{.change = {}, .tables = {}, .forms = {}, .tells = false, .refuses = std::move(change).error()};
      if (!change) co_return std::unexpected(ours(std::move(change).error()));
      const bool tells = !change->uncounted && is(sets->at(0).rows.at(0).at(1), true);
      co_return Beforehand{.change = std::move(*change), .tables = std::move(answers.tables), .forms = std::move(sets->at(4)), .tells = tells, .refuses = {}};
    }
    if (std::chrono::steady_clock::now() >= end)
      co_return std::unexpected(ours({"55P03"_state, "another transaction is changing the schema", {}, "Try again when it has ended."}));
    if (relay.client.draining || relay.client.channel.broken() || relay.client.channel.vanished())
      co_return std::unexpected(ours({"57P01"_state, "terminating connection: it has not changed the schema"}));
    asio::steady_timer pause(co_await asio::this_coro::executor, kTurnPause);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

std::int64_t count_skipped(const std::vector<std::string>& frames) {
  return std::ranges::count_if(frames, [](const std::string& raw) { return raw[0] == 'N' && wire::parse_error(std::string_view(raw).substr(5)).message.ends_with(", skipping"); });
}

/// Behind the change: its record, the forms of its columns, triggers; and that it came out as in the file.
asio::awaitable<Talked<void>> say_behind(Relay& relay, Place place, Beforehand asked, std::int64_t skipped) {
  if (asked.refuses)
    co_return std::unexpected(ours({"0A000"_state, "the file cannot follow this change of the schema: " + asked.refuses->message, "Neither side is changed.",
                                    "Say it so that both databases do the same, or after FINISH."}));
  if (asked.tells && skipped != asked.change.skipped && asked.change.adopted.empty())
    co_return std::unexpected(ours({"0A000"_state, "IF [NOT] EXISTS finds something else in PostgreSQL than in the file", "Neither side is changed.", {}}));
  if (!asked.change.changes) co_return Talked<void>{};
  const migrate::BackQuestions questions = migrate::back_questions();
  std::vector<std::string> statements = asked.change.records;
  statements.emplace_back(questions.forms);
  auto sets = co_await say(relay, place, statements);
  if (!sets) co_return std::unexpected(std::move(sets).error());
  statements = migrate::own_forms(asked.change, asked.forms, sets->back());
  std::ranges::copy(asked.change.triggers, std::back_inserter(statements));
  statements.emplace_back(questions.tables);
  statements.push_back(asked.change.missing);
  sets = co_await say(relay, place, statements);
  if (!sets) co_return std::unexpected(std::move(sets).error());
  if (auto same = migrate::check_change(asked.change, asked.tables, sets->at(sets->size() - 2), sets->back()); !same) co_return std::unexpected(ours(std::move(same).error()));
  observe::failpoint("schema-back-recorded");
  co_return Talked<void>{};
}

bool has_error(const std::vector<std::string>& frames) {
  return std::ranges::any_of(frames, [](const std::string& raw) { return raw[0] == 'E'; });
}

/// ReadyForQuery says that no block is open: it was ours.
void mark_idle(std::vector<std::string>& frames) {
  for (std::string& raw : frames)
    if (raw[0] == 'Z') raw[5] = 'I';
}

bool controls_transaction(const ParsedQuery& query) {
  return std::ranges::any_of(query, [](const sql::Parsed& each) { return each.kind == sql::Kind::transaction; });
}

/// Of a Query message: between BEGIN and COMMIT of ours where the client has none.
class QueryOnWay {
 public:
  QueryOnWay(Relay& relay, std::shared_ptr<const ParsedQuery> query) : relay_(relay), query_(std::move(query)), alone_(relay.tracker.status() == 'I') {}
  /// What goes to the client; nothing: the message has nothing to do with us after all.
  asio::awaitable<Talked<std::vector<std::string>>> go(std::string_view raw);

 private:
  asio::awaitable<Talked<std::vector<std::string>>> in_block(std::string_view raw);

  Relay& relay_;
  std::shared_ptr<const ParsedQuery> query_;
  bool alone_;
};

asio::awaitable<Talked<std::vector<std::string>>> QueryOnWay::in_block(std::string_view raw) {
  auto asked = co_await ask_before(relay_, Place::between, statements_of(relay_.client, *query_));
  if (!asked) co_return std::unexpected(std::move(asked).error());
  if (controls_transaction(*query_)) {
    if (!asked->change.changes && !asked->refuses) co_return std::vector<std::string>{};
    co_return std::unexpected(ours({"0A000"_state, "a change of the schema is not supported with BEGIN or COMMIT in one message in stage \"postgres\"", {},
                                    "Send each statement in a message of its own."}));
  }
  auto frames = co_await converse(relay_, std::string(raw), Aside::Until::ready, 0);
  if (!frames || has_error(*frames)) co_return frames;
  if (auto done = co_await say_behind(relay_, Place::between, std::move(*asked), count_skipped(*frames)); !done) co_return std::unexpected(std::move(done).error());
  co_return frames;
}

asio::awaitable<Talked<std::vector<std::string>>> QueryOnWay::go(std::string_view raw) {
  if (!alone_) co_return co_await in_block(raw);
  if (auto begun = co_await say(relay_, Place::between, {query_->size() == 1 ? "BEGIN ISOLATION LEVEL READ COMMITTED" : "BEGIN"}); !begun) co_return std::unexpected(std::move(begun).error());
  auto frames = co_await in_block(raw);
  if (relay_.upstream_lost) co_return frames;
  if (!frames || frames->empty() || has_error(*frames)) {
    if (auto undone = co_await say(relay_, Place::between, {"ROLLBACK"}); !undone && relay_.upstream_lost) co_return std::unexpected(std::move(undone).error());
    if (frames) mark_idle(*frames);
    co_return frames;
  }
  mark_idle(*frames);
  auto committed = co_await say(relay_, Place::between, {"COMMIT"});
  if (!committed && committed.error().raw.empty()) co_return std::unexpected(std::move(committed).error());
  if (!committed) co_return std::vector<std::string>{std::move(committed.error().raw), frames->back()};
  observe::failpoint("schema-back-acknowledged");
  co_return frames;
}

asio::awaitable<bool> carry_query(Relay& relay, const wire::Frame& frame, const wire::FrontendMessage& message, std::shared_ptr<const ParsedQuery> query, std::string& out) {
  QueryOnWay way(relay, query);
  auto frames = co_await way.go(frame.raw);
  if (relay.upstream_lost) {
    relay.aside->end({});
    co_return true;
  }
  if (frames && frames->empty()) {
    relay.aside->end({});
    co_return false;
  }
  if (!frames) {
    relay.aside->end({});
    refuse(relay, message, std::move(frames.error().error), out);
    co_return true;
  }
  relay.tracker.sent(message, std::move(query));
  relay.aside->end(std::move(*frames));
  relay.client.hub.backends.controller->wake();
  co_return true;
}

/// Of an Execute: in the client's block, or the transaction that its batch is. An error has the server pass over what follows, up to Sync.
asio::awaitable<bool> carry_execute(Relay& relay, const wire::Frame& frame, const wire::FrontendMessage& message, std::shared_ptr<const sql::Parsed> statement, std::string& out) {
  const auto fail = [&](Trouble trouble) {
    if (relay.upstream_lost || trouble.raw.empty()) relay.aside->end({});
    if (relay.upstream_lost) return;
    if (trouble.raw.empty()) return refuse(relay, message, std::move(trouble.error), out);
    relay.tracker.sent(message, nullptr);
    relay.aside->end({std::move(trouble.raw)});
  };
  auto asked = co_await ask_before(relay, Place::batch, statements_of(relay.client, std::span(statement.get(), 1)));
  if (!asked) {
    fail(std::move(asked).error());
    co_return true;
  }
  std::string bytes(frame.raw);
  wire::Message(bytes, 'H');
  auto frames = co_await converse(relay, std::move(bytes), Aside::Until::statement, 0);
  if (!frames) {
    fail(std::move(frames).error());
    co_return true;
  }
  if (!has_error(*frames)) {
    if (auto done = co_await say_behind(relay, Place::batch, std::move(*asked), count_skipped(*frames)); !done) {
      fail(std::move(done).error());
      co_return true;
    }
  }
  relay.tracker.sent(message, nullptr);
  relay.aside->end(std::move(*frames));
  relay.client.hub.backends.controller->wake();
  co_return true;
}

model::Error written_otherwise() {
  return {"0A000"_state, "a change of the schema with a backslash is not supported while standard_conforming_strings is off", {}, "SET standard_conforming_strings = on."};
}

}  // namespace

asio::awaitable<bool> carry_change(Relay& relay, const wire::Frame& frame, const wire::FrontendMessage& message, std::shared_ptr<const ParsedQuery> query,
                                   std::string& out) {
  const auto* executed = std::get_if<wire::Execute>(&message);
  const bool whole = std::holds_alternative<wire::Query>(message) && query && std::ranges::any_of(*query, changes_schema);
  std::shared_ptr<const sql::Parsed> statement;
  if (executed != nullptr && relay.changes_schema) statement = relay.tracker.to_execute(name_key(executed->portal));
  if (!whole && (!statement || !changes_schema(*statement))) co_return false;
  begin_talk(relay);  // first of all: the answers that are waited for would give the session's pass back
  if (!co_await await_answers(relay, out)) {
    relay.aside->end({});
    co_return true;
  }
  if (relay.tracker.skipping() || relay.tracker.status() == 'E' || relay.tracker.copies_in()) {  // the server says what it thinks of it
    relay.aside->end({});
    co_return false;
  }
  const auto unclear = [&](const sql::Parsed& each) { return changes_schema(each) && each.text.contains('\\'); };
  if (relay.tracker.backslashes() && (whole ? std::ranges::any_of(*query, unclear) : unclear(*statement))) {
    relay.aside->end({});
    refuse(relay, message, written_otherwise(), out);
    co_return true;
  }
  if (whole) co_return co_await carry_query(relay, frame, message, std::move(query), out);
  co_return co_await carry_execute(relay, frame, message, std::move(statement), out);
}

}  // namespace crossfade::session
