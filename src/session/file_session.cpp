#include "file_session.hpp"

#include <algorithm>
#include <array>

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

bool is_copy_message(char type) { return type == 'd' || type == 'c' || type == 'f'; }

/// Takes off what answers a batch whose Sync did not come: PostgreSQL has not sent it when Terminate comes instead, unless an error or a
/// notice came behind it.
void forget_unfinished(std::string& out) {
  wire::FrameReader reader(wire::From::server);
  reader.feed(out);
  std::size_t at = 0, end = 0;
  for (wire::Step step = reader.next(); std::holds_alternative<wire::Frame>(step); step = reader.next()) {
    at += std::get<wire::Frame>(step).raw.size();
    const char type = std::get<wire::Frame>(step).type;
    if (type == 'Z' || type == 'E' || type == 'N') end = at;
  }
  out.resize(end);
}

}  // namespace

asio::awaitable<Next> serve_file(Client& client) {
  FileSession session(client, co_await asio::this_coro::executor);
  client.hub.describe(client.pid, [](ClientInfo& info) { info.side = "sqlite"; });
  co_return co_await session.serve();
}

FileSession::FileSession(Client& client, asio::any_io_executor io)
    : client_(client), database_(*client.hub.backends.database), session_(database_),
      canceller_(std::make_shared<Canceller>(io, session_)), groups_(client.hub.grouped()),
      inbox_(client.hub.notifications, [canceller = canceller_.get()] { canceller->wake_soon(); }),
      calls_(client, notifications_, [this](std::string_view name) { return transaction_setting(name); },
             [this](std::string_view cursor, std::string_view table) { return current_row(cursor, table); }) {
  client_.on_cancel = [weak = std::weak_ptr(canceller_)] {
    if (const auto canceller = weak.lock()) canceller->cancel({"57014"_state, "canceling statement due to user request"});
  };
  canceller_->set_wake([this] { client_.channel.interrupt_read(); });
  client_.on_vanished = [weak = std::weak_ptr(canceller_)] {
    if (const auto canceller = weak.lock()) canceller->cancel({"08006"_state, "client connection lost"});
  };
  sqlite::FunctionContext& context = session_.context();
  context.user = client_.user;
  context.database = client_.database;
  context.backend_pid = client_.pid;
  context.calls = &calls_;
  context.memory = &client_.memory;
  for (const std::string& channel : client_.channels) client_.hub.notifications.listen(inbox_, channel);
}

FileSession::~FileSession() {
  client_.on_cancel = nullptr;
  client_.on_vanished = nullptr;
  canceller_->forget();
  portals_.clear();
  session_.abandon();
}

/// A session between transactions (or in a block that can be opened elsewhere) holds no pass: the next message asks for one.
bool FileSession::may_move() const {
  if (session_.state() == sqlite::BlockState::idle) return !holds_cursors();
  return session_.state() == sqlite::BlockState::in_block && !session_.anchored() && portals_.empty() &&
         !sql::pins_snapshot(session_.block_options().isolation);
}

asio::awaitable<model::Result<wire::Frame>> FileSession::next_frame() {
  const char next = client_.channel.peek_type().value_or('\0');
  if (next == '\0' || client_.channel.out().size() >= kMostUnsent) {
    if (fresh_) co_await settle_bind(next);
    co_await client_.channel.flush();
  }
  const bool in_block = session_.state() != sqlite::BlockState::idle;
  const auto idle_limit =
      client_.settings.milliseconds(in_block ? "idle_in_transaction_session_timeout" : "idle_session_timeout");
  while (true) {
    if (!in_block && !extended_ && !inbox_.empty()) {
      send_notifications();
      co_await client_.channel.flush();
    }
    if (client_.draining && !in_block && !extended_) co_return std::unexpected(client_.shutdown_error());
    auto frame = co_await client_.channel.read(idle_limit);
    if (frame || frame.error().state != "57014"_state) {
      if (!frame && frame.error().state == "57P05"_state) {
        co_return in_block ? model::fail("25P03"_state, "terminating connection due to idle-in-transaction timeout")
                           : model::fail("57P05"_state, "terminating connection due to idle-session timeout");
      }
      co_return frame;
    }
  }
}

asio::awaitable<bool> FileSession::begin() {
  if (auto opened = co_await open_carried(); !opened) {
    co_await client_.die(std::move(opened).error());
    co_return false;
  }
  client_.greet();
  if (may_move()) client_.pass.release();
  co_return true;
}

bool FileSession::may_rest() {
  const bool in_block = session_.state() != sqlite::BlockState::idle;
  const auto limit = client_.settings.milliseconds(in_block ? "idle_in_transaction_session_timeout" : "idle_session_timeout");
  const bool to_tell = !in_block && !extended_ && (client_.draining || !inbox_.empty());
  return limit.count() == 0 && !to_tell && client_.channel.waits_for_bytes();
}

/// Its frame is that of a client at rest: what takes room is in the frames of what it calls.
asio::awaitable<Next> FileSession::serve() {
  if (!co_await begin()) co_return Next::close;
  while (true) {
    serve_at_once();
    if (may_rest()) {
      if (!client_.channel.flush_now()) co_await client_.channel.flush();
      const auto [waited] = co_await client_.channel.wait_for_bytes();
      (void)client_.channel.take_bytes(waited);  // an error is broken(), or a call for the next round
      if (client_.channel.broken()) co_return Next::close;
    } else if (const auto next = co_await serve_frame()) {
      co_return *next;
    }
  }
}

asio::awaitable<std::optional<Next>> FileSession::serve_frame() {
  auto frame = co_await next_frame();
  if (!frame) {
    if (!client_.channel.broken()) co_await client_.die(std::move(frame).error());
    co_return Next::close;
  }
  if (frame->type == 'X') {
    if (extended_) forget_unfinished(client_.channel.out());
    co_return Next::close;
  }
  if (is_copy_message(frame->type)) co_return std::nullopt;  // PostgreSQL too throws away what a failed COPY's client still sends
  if (!client_.enter_now() && !co_await client_.enter_or_die()) co_return Next::close;
  if (client_.side() != migrate::Side::sqlite) {
    if (client_.stays && co_await engine([this] { return session_.has_temporary(); })) {
      co_await client_.die(*client_.stays);
      co_return Next::close;
    }
    if (session_.context().advisory.holds_for_session()) {
      co_await client_.die({"57P01"_state, "terminating connection: the session moves to PostgreSQL and holds advisory locks"});
      co_return Next::close;
    }
    client_.stays.reset();
    client_.tell_stays({});
    client_.channel.put_back(*frame);
    if (session_.state() == sqlite::BlockState::in_block) client_.carried = CarriedBlock{session_.block_options(), savepoints_};
    co_return Next::other_side;
  }
  auto message = wire::parse_frontend(*frame);
  if (!message) {
    co_await handle_malformed(frame->type, std::move(message).error());
    co_return std::nullopt;
  }
  client_.show(Activity::active);
  co_await handle(std::move(*message));
  if (client_.channel.broken()) co_return Next::close;
  co_return std::nullopt;
}

/// A message of the extended protocol has failed: all up to Sync is passed over.
void FileSession::fail_batch(model::Error error) {
  client_.send_error(error);
  session_.mark_failed();
  skip_to_sync_ = failed_batch_ = extended_ = true;
}

/// As in PostgreSQL: the message fails, the connection goes on.
asio::awaitable<void> FileSession::handle_malformed(char type, model::Error error) {
  if (fresh_) co_await settle_bind(type);
  if (skip_to_sync_ && type != 'S') co_return;
  const bool answered_by_ready = type == 'Q' || type == 'F' || type == 'S';
  if (!answered_by_ready) co_return fail_batch(std::move(error));
  client_.send_error(error);
  session_.mark_failed();
  skip_to_sync_ = false;
  if (auto ended = co_await end_implicit(false); !ended) client_.send_error(ended.error());
  co_await finish_batch();
}

asio::awaitable<void> FileSession::handle(wire::FrontendMessage message) {
  const bool is_sync = std::holds_alternative<wire::Sync>(message);
  if (fresh_ && !goes_with_bind(message)) co_await settle_bind(is_sync ? 'S' : 'P');
  if (is_sync) skip_to_sync_ = false;
  if (skip_to_sync_) co_return;  // a Query too
  if (auto* query = std::get_if<wire::Query>(&message)) co_return co_await simple_query(std::string(query->text));
  if (auto* call = std::get_if<wire::FunctionCall>(&message)) co_return co_await function_call(std::move(*call));
  if (!is_sync) extended_ = true;
  if (auto done = co_await extended(std::move(message)); !done) {
    model::Error why = canceller_->reason().value_or(done.error());
    canceller_->end();
    if (is_sync) client_.send_error(why);
    else fail_batch(std::move(why));
    session_.mark_failed();
  }
  if (is_sync) co_await finish_batch();
}

asio::awaitable<void> FileSession::finish_batch() {
  if (session_.state() == sqlite::BlockState::idle) {
    co_await drop_portals();
    const bool look = std::exchange(look_for_temporary_, false) && client_.stays;
    if (look && !co_await engine([this] { return session_.has_temporary(); }, Lane::brief)) client_.stays.reset();
  }
  finish_batch_at_once();
}

void FileSession::finish_batch_at_once() {
  canceller_->end();
  extended_ = failed_batch_ = false;
  const sqlite::BlockState state = session_.state();
  if (state == sqlite::BlockState::idle) {
    savepoints_.clear();
    std::erase_if(portals_, [](const auto& entry) { return entry.second.hold != Portal::Hold::held; });
    if (std::exchange(wrote_, false) && client_.hub.backends.controller != nullptr) client_.hub.backends.controller->wake();
    send_notifications();
    tell_what_stays();
  }
  constexpr std::string_view kStatus = "ITE";
  constexpr std::array kActivities{Activity::idle, Activity::in_block, Activity::failed_block};
  client_.send_ready(kStatus[static_cast<std::size_t>(state)]);
  client_.show(kActivities[static_cast<std::size_t>(state)]);
  if (may_move()) client_.pass.release();
}

asio::awaitable<FileSession::Status> FileSession::open_carried() {
  if (!client_.carried) co_return Status{};
  const CarriedBlock block = *std::exchange(client_.carried, std::nullopt);
  std::vector<sql::TransactionControl> controls(1);
  controls[0] = {.verb = sql::TransactionControl::Verb::begin, .name = {}, .isolation = block.options.isolation,
                 .read_only = block.options.read_only, .deferrable = {}, .chain = false};
  for (const std::string& name : block.savepoints)
    controls.push_back({.verb = sql::TransactionControl::Verb::savepoint,
                        .name = name,
                        .isolation = {},
                        .read_only = {},
                        .deferrable = {},
                        .chain = false});
  for (const sql::TransactionControl& control : controls) {
    std::vector<model::Error> warnings;
    auto done = co_await engine([&] { return session_.control(control, warnings); }, Lane::brief);
    if (!done) co_return std::unexpected(std::move(done).error());
  }
  savepoints_ = block.savepoints;
  co_return Status{};
}

}  // namespace crossfade::session
