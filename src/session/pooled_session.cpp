#include "pooled_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "crossfade/observe/log.hpp"
#include "visit.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr auto kPooledTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kPooledReadBytes = 16 * 1024;
constexpr std::size_t kPooledForwardBytes = 64 * 1024;

}  // namespace

PooledSession::PooledSession(Visit& visit, Client& client, std::shared_ptr<postgres::Pool> pool, std::shared_ptr<const postgres::Startup> startup)
    : visit_(visit), client_(client), pool_(std::move(pool)), startup_(std::move(startup)) {}

PooledSession::~PooledSession() {
  if (asked_ && lease_) lease_->upstream->forget_listener();
}

asio::awaitable<void> PooledSession::serve() {
  if (!client_.greeted && !co_await greet()) co_return;
  std::exception_ptr thrown;
  try {
    co_await from_client();
  } catch (...) {
    thrown = std::current_exception();
  }
  client_.on_cancel = nullptr;
  co_await leave();
  if (thrown) std::rethrow_exception(thrown);
  if (farewell_ && !client_.channel.broken()) co_await client_.die(*farewell_);
}

bool PooledSession::greet_at_once() {
  std::optional<std::string> own_name;
  if (const auto name = client_.startup_options.find("application_name"); name != client_.startup_options.end())
    own_name = clean_application_name(name->second);
  auto greeting = pool_->greeting(startup_->key, own_name);
  if (!greeting) return false;
  client_.startup_options.clear();  // all that is asked of them is in `startup_` now
  client_.greeted = true;
  client_.channel.out() += *greeting->messages;
  wire::append_backend_key_data(client_.channel.out(), client_.pid, client_.secret);
  wire::append_ready_for_query(client_.channel.out(), 'I');
  tracker_.emplace(client_.hub.followed, std::move(greeting->told));
  client_.show(Activity::idle);
  client_.on_cancel = [this] {
    if (!lease_ || state_ != State::lent || tracker_->idle()) return;
    if (cancels_ == nullptr) cancels_ = std::make_shared<UpstreamCancels>(client_.channel.socket().get_executor());
    cancels_->start(lease_->upstream);
  };
  return true;
}

bool PooledSession::rest_at_once() {
  Channel& channel = client_.channel;
  if (client_.draining || !channel.flush_now() || channel.broken() || !channel.drained() || channel.has_bytes()) return false;
  listen();
  return true;
}

/// The first client of its kind waits for a connection: PostgreSQL judges its database and parameters. Others are told what was said.
asio::awaitable<bool> PooledSession::greet() {
  if (greet_at_once()) co_return true;
  auto lease = co_await borrow_connection(client_, *pool_, startup_);
  if (!lease) {
    co_await client_.die(std::move(lease).error());
    co_return false;
  }
  lease->give_back();
  if (!greet_at_once()) throw std::logic_error("a connection was made, and says nothing of itself");
  co_return true;
}

asio::awaitable<void> PooledSession::from_client() {
  Channel& channel = client_.channel;
  while (!lost_) {
    if (!channel.has_frame()) {
      if (!out_.empty()) co_await to_server();
      if (state_ == State::free) co_await channel.flush();
    } else if (out_.size() >= kPooledForwardBytes) {
      co_await to_server();
    }
    if (lost_ || channel.broken()) break;
    if (client_.draining && state_ != State::settling && tracker_->quiet()) {
      farewell_ = client_.shutdown_error();
      break;
    }
    if (ends_behind_its_batch()) co_await last_answers();
    if (channel.waits_for_bytes()) {  // the frame of one at rest is this one
      if (channel.drained()) {
        co_await client_speaks();
        if (channel.broken()) break;
        continue;
      }
      const auto [waited] = co_await channel.wait_for_bytes();
      (void)channel.take_bytes(waited);  // an error is broken(), or a call for the next round
      if (channel.broken()) break;
      continue;
    }
    auto frame = co_await channel.read();
    if (!frame) {
      // A message of no kind: the server says what it thinks of it, which depends on whether it takes COPY data.
      const bool last_word = lease_ && frame.error().state == "08P01"_state && !channel.silent();
      if (last_word) last_ = channel.take_unread();
      else if (!channel.broken()) farewell_ = std::move(frame).error();
      break;
    }
    if (!co_await handle(*frame)) break;
  }
}

/// false: the client has said that it goes.
asio::awaitable<bool> PooledSession::handle(wire::Frame frame) {
  if (frame.type == 'X') {
    terminated_ = true;
    if (lease_ && !tracker_->quiet()) last_ = frame.raw;
    co_return false;
  }
  while (true) {
    while (state_ == State::settling && pumping_) co_await change();
    if (lost_) co_return true;
    if (state_ != State::lent || !pumping_ || !tracker_->unsettled(frame, *lease_, out_)) break;
    if (!out_.empty()) co_await to_server();
    else co_await change();
  }
  if (state_ == State::free) {
    if (answer_here(frame)) co_return true;
    if (auto lent = co_await borrow(); !lent) {
      if (!client_.draining) refuse_batch(frame, lent.error());
      co_return true;
    }
  }
  if (frame.type == 'H' && tracker_->idle()) co_return true;
  pool_->counters.received.fetch_add(frame.raw.size(), std::memory_order_relaxed);
  tracker_->forward(frame, *lease_, out_);
  client_.show(Activity::active);
  co_return true;
}

bool PooledSession::answer_here(const wire::Frame& frame) {
  if (skip_to_sync_ && frame.type != 'S') return true;
  switch (frame.type) {
    case 'S':
      skip_to_sync_ = false;
      wire::append_ready_for_query(client_.channel.out(), 'I');
      return true;
    case 'H':
    case 'd':
    case 'c':
    case 'f': return true;  // nothing to flush; PostgreSQL passes over COPY messages outside of a COPY
    default: return false;
  }
}

void PooledSession::refuse_batch(const wire::Frame& frame, const model::Error& error) {
  client_.hub.errors.note(error.state);
  wire::append_error(client_.channel.out(), wire::Severity::error, error);
  client_.show(Activity::idle);
  skip_to_sync_ = frame.type != 'Q' && frame.type != 'F';
  if (!skip_to_sync_) wire::append_ready_for_query(client_.channel.out(), 'I');
}

PooledSession::Lent PooledSession::borrow() {
  auto lease = co_await borrow_connection(client_, *pool_, startup_);
  if (!lease) co_return std::unexpected(std::move(lease).error());
  lease_ = std::move(*lease);
  tracker_->attach(*lease_, out_, client_.channel.out());
  co_await client_.channel.flush();
  state_ = State::lent;
  fresh_ = true;
  unwritable_ = false;
  start_from_server({});
  co_return model::Result<void>{};
}

void PooledSession::start_from_server(Begin begin) {
  pumping_ = true;
  asio::co_spawn(client_.channel.socket().get_executor(), from_server(std::move(begin)), asio::detached);
}

asio::awaitable<void> PooledSession::to_server() {
  if (!lease_) co_return out_.clear();  // a Flush, COPY data behind an error: nobody waits for it
  const auto upstream = lease_->upstream;
  boost::system::error_code error;
  const std::size_t count = upstream->write_some(out_, error);
  if (error == asio::error::would_block || error == asio::error::try_again) error = {};
  if (!error && count == out_.size()) {
    out_.clear();
    co_return;
  }
  std::string rest = std::exchange(out_, {}).substr(count);
  if (error) {  // from_server() reads what the server said before
    unwritable_ = true;
    upstream->socket().cancel(error);
    co_return;
  }
  writing_ = true;
  (void)co_await postgres::send(upstream, std::move(rest));
  writing_ = false;
  if (lease_ && tracker_->quiet()) upstream->socket().cancel(error);  // all was answered before this was sent: from_server() looks again
}

/// One read of what the server has said, to the client. false: the server is gone.
asio::awaitable<bool> PooledSession::receive() {
  postgres::Server& server = *lease_;
  const auto upstream = server.upstream;  // lives as long as its wait, also when the io_context goes with it queued
  boost::system::error_code error;
  if (!upstream->has_unread() && !unwritable_) {
    if (fresh_ && upstream->read_empty()) std::tie(error) = co_await upstream->wait_for_answer();
    else std::tie(error) = co_await upstream->socket().async_wait(postgres::Upstream::Socket::wait_read, kPooledTuple);
    if (error == asio::error::operation_aborted && !leaving_ && !unwritable_) co_return true;
    if ((error && !unwritable_) || leaving_) co_return false;
  }
  const std::size_t count = upstream->read_some(server.reader.prepare(kPooledReadBytes), error);
  if (error == asio::error::would_block || error == asio::error::try_again) co_return !unwritable_;
  if (error) co_return false;
  std::string out;
  const Brought brought = take_answers(count, out);
  if (!out.empty()) co_await client_.channel.send(out);
  co_return brought == Brought::right;
}

PooledSession::Brought PooledSession::take_answers(std::size_t count, std::string& out) {
  postgres::Server& server = *lease_;
  fresh_ = false;
  server.reader.commit(count);
  out.reserve(server.reader.waiting().size());
  while (const auto frame = server.reader.take()) {
    const std::size_t before = out.size();
    tracker_->answer(*frame, server, out);
    if (frame->type == 'E' && out.size() != before) client_.hub.errors.note(wire::parse_error(frame->body).state);
    if (frame->type == 'Z') count_ready(*frame);
  }
  const bool right = server.reader.empty() || std::holds_alternative<wire::NeedBytes>(server.reader.next());
  if (right && all_answered() && !tracker_->asks() && !cancels() && !tracker_->is_pinned() && !tracker_->said_fatal()) {
    tracker_->detach(server);  // before the client is told, so that it need not read for the next one to go on
    state_ = State::settling;
    lease_.give_back();
  }
  pool_->counters.sent.fetch_add(out.size(), std::memory_order_relaxed);
  return right ? Brought::right : Brought::broken;
}

asio::awaitable<void> PooledSession::change() {
  if (changed_ == nullptr) changed_ = std::make_unique<Signal>(client_.channel.socket().get_executor());
  co_await changed_->wait();
}

void PooledSession::say_changed() {
  if (changed_ != nullptr) changed_->set();
}

/// The proxy's own are among them.
void PooledSession::count_ready(const wire::Frame& ready) {
  client_.count_statement();
  pool_->counters.queries.fetch_add(1, std::memory_order_relaxed);
  if (ready.body == "I") pool_->counters.transactions.fetch_add(1, std::memory_order_relaxed);
}

void PooledSession::become_free() {
  state_ = State::free;
  client_.show(Activity::idle);
  show_pinned();
}

/// Detached: leave() waits for its end.
asio::awaitable<void> PooledSession::from_server(Begin begin) {
  try {
    co_await bring_answers(std::move(begin));
  } catch (const std::exception& failure) {
    observe::log(observe::Level::error, "session failed", {{"pid", client_.pid}, {"user", client_.user}, {"what", failure.what()}});
    lost_ = true;
  }
  if (!lease_) become_free();
  pumping_ = false;
  say_changed();
  if (lost_ || client_.draining || client_.channel.broken()) client_.channel.interrupt_read();
}

asio::awaitable<void> PooledSession::bring_answers(Begin begin) {
  if (begin.rest) co_await client_.channel.send(*begin.rest);
  bool answered = begin.answered;
  while (lease_ && !leaving_) {
    if (begin.broken || (!std::exchange(answered, false) && !co_await receive())) {
      lost_ = !leaving_;
      co_return;
    }
    if (lease_ && all_answered()) co_await settle();
    say_changed();
    if (!lease_ || tracker_->status() == 'I' || !tracker_->idle()) continue;
    client_.show(tracker_->status() == 'T' ? Activity::in_block : Activity::failed_block);
  }
}

}  // namespace crossfade::session
