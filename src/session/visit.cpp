#include "visit.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <utility>

#include "crossfade/observe/log.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kSilence{1'000};

void say_broken(Client& client, std::string_view what) {
  observe::log(observe::Level::error, "session failed", {{"pid", client.pid}, {"user", client.user}, {"what", what}});
  client.hub.errors.note(model::SqlState("XX000"));
  wire::append_error(client.channel.out(), wire::Severity::fatal, {model::SqlState("XX000"), "internal error: " + std::string(what)});
  client.channel.flush_if_possible();
}

}  // namespace

Visit::Visit(Hub::Impl& hub, Socket socket, std::string address, Departures& departures, std::size_t thread)
    : client_(hub, std::move(socket), std::move(address)), access_(hub.current_access()), home_(postgres::Upstream::context_of(client_.channel.socket().get_executor())),
      departures_(departures), thread_(thread) {}

void Visit::begin() {
  self_ = shared_from_this();
  started_up_by_ = Clock::now() + access_->startup_timeout;
  wait_for_start_up(access_->startup_timeout);
  client_.channel.begin_wait();
  edge_.listen_first(client_.channel.socket(), home_, *this);
}

void Visit::listen() {
  client_.channel.begin_wait();
  edge_.listen(client_.channel.socket(), home_, *this);
}

void Visit::on_edge(const postgres::EdgeWait&, boost::system::error_code error) {
  try {
    if (!hears(error)) return;
    if (proof_ == nullptr) read_startup();
    else read_proof();
  } catch (const std::exception& failure) {
    say_broken(client_, failure.what());
    if (self_ != nullptr) finish();
  }
}

bool Visit::hears(boost::system::error_code waited) {
  if (auto heard = client_.channel.take_bytes(waited); !heard) {
    spawn_to_tell(std::move(heard).error());
    return false;
  }
  if (client_.draining) spawn_to_tell(client_.shutdown_error());  // it may have been told so when this was on its way
  return !client_.draining;
}

/// The start-up message of one who need not prove who it is makes a session here, and one who does by SCRAM is asked to; anything else is the
/// coroutine's.
void Visit::read_startup() {
  Channel& channel = client_.channel;
  StartUp from{access_};
  const auto by_coroutine = [&] { spawn(std::make_unique<StartUp>(std::move(from))); };
  auto packet = channel.take_startup();
  if (!packet) return spawn_to_tell(std::move(packet).error());
  if (!*packet) return !channel.has_bytes() && channel.drained() ? listen() : by_coroutine();
  auto* const message = std::get_if<wire::StartupMessage>(&**packet);
  if (message == nullptr) {
    from.at = std::move(**packet);
    return by_coroutine();
  }
  const auto method = introduce(client_, *access_, std::move(*message));
  if (!method) return spawn_to_tell(method.error());
  from.at = *method;
  if (from.proven()) return enter();
  if (*method == AuthMethod::scram_sha_256) proof_ = ScramExchange::make_at_once(client_, *access_);
  if (proof_ == nullptr) return by_coroutine();
  proof_->begin(channel.out());
  read_proof();
}

void Visit::read_proof() {
  Channel& channel = client_.channel;
  channel.expect_password(ScramExchange::kExpected, ScramExchange::kLongest);
  while (const auto frame = channel.take_frame()) {
    const auto proven = proof_->take(frame->body, channel.out());
    if (!proven) return spawn_to_tell(proven.error());
    if (*proven) {
      channel.expect_password({});
      proof_.reset();
      return enter();
    }
  }
  if (channel.flush_now() && !channel.broken() && channel.waits_for_bytes() && channel.drained()) return listen();
  spawn(std::make_unique<StartUp>(StartUp{.access = access_, .at = AuthMethod::scram_sha_256, .exchange = std::move(proof_)}));
}

/// Who it is needs no proof any more.
void Visit::enter() {
  if (auto in = let_in(client_, *access_); !in) return spawn_to_tell(std::move(in).error());
  begin_session();
}

void Visit::begin_session() {
  leave();
  access_.reset();
  if (!is_pooled()) return spawn(nullptr);
  pooled_ = make_pooled(*this, client_);
  if (!pooled_->greet_at_once() || !pooled_->rest_at_once()) spawn(nullptr);
}

bool Visit::is_pooled() const {
  return client_.hub.backends.database == nullptr && client_.database != kConsoleDatabase && client_.hub.options.pool.mode == PoolSettings::Mode::transaction;
}

void Visit::wait_silently() { Silences::wait(*this, home_, Silences::Kind::at_rest, kSilence); }

void Visit::wait_for_start_up(std::chrono::milliseconds left) { Silences::wait(*this, home_, Silences::Kind::starting, std::min(left, kSilence)); }

/// Of the pooled session when there is one: before, an end that came with its last bytes is looked for, up to the deadline of the start-up.
void Visit::silent() {
  if (pooled_ != nullptr) return pooled_->silent();
  if (const auto left = std::chrono::ceil<std::chrono::milliseconds>(started_up_by_ - Clock::now()); left.count() > 0) {
    client_.channel.hear_end();
    return wait_for_start_up(left);
  }
  client_.late = true;
  client_.channel.close();
}

void Visit::go_on() { spawn(nullptr); }

void Visit::finish() {
  client_.channel.close();
  end(std::exchange(self_, nullptr));
}

void Visit::spawn_to_tell(model::Error error) {
  spawn(std::make_unique<StartUp>(StartUp{.access = access_, .at = std::unexpected(std::move(error))}));
}

void Visit::spawn(std::unique_ptr<StartUp> from) {
  const auto io = client_.channel.socket().get_executor();
  asio::co_spawn(io, serve(std::exchange(self_, nullptr), std::move(from)), asio::detached);
}

/// `from`: what of the start-up is done; null: all of it.
asio::awaitable<void> Visit::serve(std::shared_ptr<Visit> self, std::unique_ptr<StartUp> from) {
  Client& client = self->client_;
  try {
    bool started = true;
    if (from != nullptr) {
      started = co_await start_up(client, *from);
      from.reset();
      self->leave();
      self->access_.reset();
    }
    if (started) co_await self->serve_database();
    co_await client.channel.flush();  // also to one who said Terminate behind its last message
  } catch (const std::exception& failure) {
    say_broken(client, failure.what());
  }
  client.channel.close();
  end(std::move(self));
}

/// Everything after the start-up.
asio::awaitable<void> Visit::serve_database() {
  if (client_.database == kConsoleDatabase) return serve_console(client_);
  if (is_pooled()) {
    if (pooled_ == nullptr) pooled_ = make_pooled(*this, client_);
    return pooled_->serve();
  }
  return client_.hub.backends.database == nullptr ? serve_by_session(client_) : serve_sides(client_);
}

void Visit::end(std::shared_ptr<Visit> self) {
  Departures& departures = self->departures_;
  const std::size_t thread = self->thread_;
  const std::string address = std::move(self->client_.address);
  self.reset();
  departures.left(thread, address);
}

void serve_client(Hub& hub, Socket socket, std::string address, Departures& departures, std::size_t thread) {
  const std::string from = address;
  try {
    std::make_shared<Visit>(hub.impl(), std::move(socket), std::move(address), departures, thread)->begin();
  } catch (const std::exception& failure) {
    observe::log(observe::Level::error, "session failed", {{"address", from}, {"what", failure.what()}});
    departures.left(thread, from);
  }
}

asio::awaitable<void> refuse_client(Hub& hub, Socket socket) {
  Channel channel(std::move(socket), hub.options().write_timeout);
  hub.impl().errors.note(model::SqlState("53300"));
  wire::append_error(channel.out(), wire::Severity::fatal, {model::SqlState("53300"), "sorry, too many clients already"});
  co_await channel.flush();
  channel.close();
}

}  // namespace crossfade::session
