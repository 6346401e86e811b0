#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crossfade/engine/postgres/pool.hpp"
#include "crossfade/wire/backend.hpp"

namespace crossfade::postgres {

namespace asio = boost::asio;
using CareClock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kUnaskedBytes = 4'096;
constexpr std::chrono::minutes kFailureRemembered{1};
constexpr std::size_t kMostGreetings = 100;  // before all are forgotten

/// Sends Sync and waits for its ReadyForQuery.
asio::awaitable<bool> answers(Server& server) {
  std::string bytes;
  wire::append_sync(bytes);
  if (co_await send(server.upstream, std::move(bytes))) co_return false;
  while (true) {
    wire::Step step = server.reader.next();
    if (const auto* frame = std::get_if<wire::Frame>(&step)) {
      if (frame->type == 'S') server.note_parameter(frame->body);
      if (frame->type == 'E') co_return false;
      if (frame->type == 'Z') co_return frame->body == "I";
      continue;
    }
    if (std::holds_alternative<wire::Refuse>(step)) co_return false;
    if (co_await receive(server.upstream, server.reader, kUnaskedBytes)) co_return false;
  }
}

}  // namespace

void Server::note_parameter(std::string_view body) {
  const std::size_t end = body.find('\0');
  if (end == std::string_view::npos || body.size() < end + 2) return;
  parameters.set(std::string(body.substr(0, end)), std::string(body.substr(end + 1, body.size() - end - 2)));
}

bool Server::still_good() {
  while (true) {
    const Upstream::Look look = upstream->look();
    if (look != Upstream::Look::speaks) return look == Upstream::Look::quiet && reader.empty();
    boost::system::error_code error;
    reader.commit(upstream->read_some(reader.prepare(kUnaskedBytes), error));
    if (error && error != asio::error::would_block) return false;  // TLS has messages of its own
    for (wire::Step step = reader.next(); !std::holds_alternative<wire::NeedBytes>(step); step = reader.next()) {
      const auto* frame = std::get_if<wire::Frame>(&step);
      if (frame == nullptr || (frame->type != 'S' && frame->type != 'N')) return false;  // 57P01, or nobody knows what
      if (frame->type == 'S') note_parameter(frame->body);
    }
  }
}

bool Pool::expired(const Server& server, CareClock::time_point now) const {
  if (options_.lifetime.count() == 0) return false;
  const auto early = options_.lifetime / 1'000 * static_cast<std::int64_t>(server.number * 37 % 100);  // not all at once
  return now - server.made >= options_.lifetime - early;
}

std::vector<std::unique_ptr<Server>> Pool::take_expired(CareClock::time_point now) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::unique_ptr<Server>> taken;
  std::erase_if(idle_, [&](std::unique_ptr<Server>& server) {
    const bool idle_for_too_long =
        options_.idle_timeout.count() != 0 && now - server->idle_since >= options_.idle_timeout && total_ > options_.min_connections;
    const bool dead = server->upstream->look() == Upstream::Look::gone;
    if (!idle_for_too_long && !dead && !expired(*server, now) && server->generation == generation_) return false;
    servers_.erase(server->number);
    --total_;
    taken.push_back(std::move(server));
    return true;
  });
  if (!taken.empty()) wake_first();
  return taken;
}

std::unique_ptr<Server> Pool::take_unchecked(CareClock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (options_.check_interval.count() == 0) return nullptr;
  const auto found = std::ranges::find_if(idle_, [&](const auto& server) {
    return now - std::max(server->idle_since, server->checked) >= options_.check_interval;
  });
  if (found == idle_.end()) return nullptr;
  std::unique_ptr<Server> taken = std::move(*found);
  idle_.erase(found);
  taken->info->state = ServerInfo::State::checked;
  return taken;
}

/// As which start-up one more connection is to be made for the minimum; it is counted as if it were being made. nullptr: none.
std::shared_ptr<const Startup> Pool::missing() {
  const std::scoped_lock lock(mutex_);
  const std::size_t wanted = std::min(options_.min_connections, options_.max_connections);
  if (total_ >= wanted || last_startup_ == nullptr || paused_ || closed_ || CareClock::now() < retry_at_ || connecting_ != 0) return nullptr;
  ++total_;
  ++connecting_;
  return last_startup_;
}

asio::awaitable<void> Pool::check(Lease lease) {
  using namespace asio::experimental::awaitable_operators;
  if (!lease->upstream->move_to(Upstream::context_of(co_await asio::this_coro::executor)) || !lease->still_good()) co_return;
  std::chrono::milliseconds patience;
  {
    const std::scoped_lock lock(mutex_);
    patience = options_.connect_timeout;
  }
  asio::steady_timer timer(co_await asio::this_coro::executor, patience);
  const auto first = co_await (answers(*lease) || timer.async_wait(asio::as_tuple(asio::use_awaitable)));
  if (first.index() == 1 || !std::get<0>(first)) co_return;
  lease->checked = CareClock::now();
  lease.give_back(Lease::Use::unused);
}

asio::awaitable<void> Pool::look_after() {
  const auto self = shared_from_this();
  const auto now = CareClock::now();
  take_expired(now).clear();
  while (auto server = take_unchecked(now)) co_await check(Lease(self, std::move(server)));
  while (const auto startup = missing()) {
    auto made = co_await connect(startup);
    if (!made) {
      note_failure(made.error());
      co_return;
    }
    Lease(self, std::move(*made)).give_back();
  }
}

void Pool::set_options(PoolOptions options) {
  const std::scoped_lock lock(mutex_);
  options_ = options;
  wake_first();
}

void Pool::pause() {
  const std::scoped_lock lock(mutex_);
  paused_ = true;
}

void Pool::resume() {
  const std::scoped_lock lock(mutex_);
  paused_ = false;
  for (const auto& place : queue_) {
    place->since = CareClock::now();  // its time begins again
    asio::post(place->timer.get_executor(), [place] { place->timer.cancel(); });
  }
}

void Pool::renew() {
  {
    const std::scoped_lock lock(mutex_);
    ++generation_;
  }
  take_expired(CareClock::now()).clear();
}

std::size_t Pool::wait_until_unused(CareClock::time_point end) const {
  std::unique_lock lock(mutex_);
  returned_.wait_until(lock, end, [this] { return lent() == 0; });
  return lent();
}

PoolInfo Pool::info() const {
  const std::scoped_lock lock(mutex_);
  PoolInfo info{.name = name_, .idle = idle_.size(), .connecting = connecting_, .waiting = queue_.size(), .max = options_.max_connections,
                .paused = paused_, .failure = failure_};
  for (const auto& [number, server] : servers_) info.checked += server.state == ServerInfo::State::checked ? 1 : 0;
  info.active = total_ - info.idle - info.connecting - info.checked;
  const auto now = CareClock::now();
  for (const auto& place : queue_)
    info.longest_wait = std::max(info.longest_wait, std::chrono::duration_cast<std::chrono::microseconds>(now - place->since));
  return info;
}

void Pool::add_servers(std::vector<ServerInfo>& servers) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [number, info] : servers_) servers.push_back(info);
}

std::optional<Pool::Greeting> Pool::greeting(const std::string& startup, const std::optional<std::string>& application_name) {
  const std::string key = application_name ? startup + '=' + *application_name : startup;
  const std::scoped_lock lock(mutex_);
  const auto known = welcomes_.find(startup);
  if (known == welcomes_.end()) return std::nullopt;
  if (greetings_.size() >= kMostGreetings && !greetings_.contains(key)) greetings_.clear();
  Greeting& greeting = greetings_[key];
  if (greeting.messages == nullptr) {
    greeting.told = known->second;
    if (application_name) greeting.told.set("application_name", *application_name);
    std::string messages;
    for (const auto& [name, value] : greeting.told) wire::append_parameter_status(messages, name, value);
    greeting.messages = std::make_shared<const std::string>(std::move(messages));
  }
  if (!idle_.empty()) greeting.told.unify(idle_.back()->parameters);  // so that it need not be compared when it is lent to this client
  return greeting;
}

bool Pool::empty() const {
  const std::scoped_lock lock(mutex_);
  return total_ == 0 && queue_.empty() && !paused_ && (failure_.empty() || CareClock::now() - retry_at_ > kFailureRemembered);
}

void Pool::close() {
  std::vector<std::unique_ptr<Server>> idle;
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  idle.swap(idle_);
  total_ -= idle.size();
  for (const auto& server : idle) servers_.erase(server->number);
}

}  // namespace crossfade::postgres
