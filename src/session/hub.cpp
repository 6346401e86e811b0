#include "crossfade/session/hub.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crossfade/engine/postgres/upstream.hpp"
#include "crossfade/model/datetime.hpp"
#include "crossfade/wire/scram.hpp"
#include "crossfade/wire/startup.hpp"
#include "hub_impl.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

/// Where a client comes from, without its port. Empty: a Unix socket.
std::string_view host_of(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  return colon == address.npos ? std::string_view{} : address.substr(0, colon);
}

void add_counts(HubCounters& counters, const Connected& session) {
  const Connected::Bytes bytes = session.bytes();
  counters.received += bytes.received;
  counters.sent += bytes.sent;
  counters.statements += session.statements();
}

}  // namespace

std::string_view to_string(Activity activity) {
  constexpr std::array<std::string_view, 6> kNames{"starting", "idle", "active", "waiting", "idle in transaction", "idle in transaction (aborted)"};
  return kNames[static_cast<std::size_t>(activity)];
}

Hub::Hub(Options options, Access access, Backends backends)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(access), std::move(backends))) {}
Hub::~Hub() { impl_->pool.join(); }

const Options& Hub::options() const { return impl_->options; }
std::shared_ptr<const Access> Hub::access() const { return impl_->current_access(); }
void Hub::set_access(Access access) {
  auto changed = std::make_shared<const Access>(std::move(access));
  const std::scoped_lock lock(impl_->mutex);
  impl_->access = std::move(changed);
}
const Backends& Hub::backends() const { return impl_->backends; }
void Hub::set_console(Console* console) { impl_->console = console; }
void Hub::set_server_parameters(std::map<std::string, std::string> parameters) {
  auto defaults = Settings::shared_defaults(parameters);
  const std::scoped_lock lock(impl_->mutex);  // clients of other io threads may be coming in
  impl_->defaults = std::move(defaults);
  impl_->options.server_parameters = std::move(parameters);
}

std::vector<ClientInfo> Hub::clients() const {
  const std::scoped_lock lock(impl_->mutex);
  std::vector<ClientInfo> clients;
  for (const auto& [pid, entry] : impl_->entries) {
    clients.push_back(entry.info);
    clients.back().state = to_string(entry.session->activity());
  }
  return clients;
}

HubCounters Hub::counters() const {
  const std::scoped_lock lock(impl_->mutex);
  HubCounters counters = impl_->gone;
  for (const auto& [pid, entry] : impl_->entries) add_counts(counters, *entry.session);
  counters.connections = static_cast<std::uint64_t>(impl_->next_pid - 1);
  counters.errors = impl_->errors.all();
  return counters;
}

bool Hub::draining() const { return impl_->draining; }

TranslationStatistics Hub::translations() const { return impl_->translations.statistics(); }

bool Hub::kill(std::int32_t pid) {
  return impl_->ask(pid, [](Connected& session) { session.kill(); });
}
postgres::Pools* Hub::pools() const { return impl_->pools.get(); }
void Hub::set_pool_limits(postgres::PoolOptions limits) {
  if (impl_->pools != nullptr) impl_->pools->set_options(limits);
}

std::int32_t Hub::Impl::add(Connected* session, std::size_t home, const std::string& address) {
  const std::int64_t now = model::now_micros();
  const std::scoped_lock lock(mutex);
  ClientInfo& info = entries.try_emplace(entries.end(), next_pid, session, home)->second.info;
  info.pid = next_pid++;
  info.address = address;
  info.connected_micros = now;
  return info.pid;
}

void Hub::Impl::remove(std::int32_t pid) {
  const std::scoped_lock lock(mutex);
  const auto found = entries.find(pid);
  if (found == entries.end()) return;
  add_counts(gone, *found->second.session);
  started -= found->second.started ? 1 : 0;
  entries.erase(found);
}

void Hub::Impl::describe(std::int32_t pid, const std::function<void(ClientInfo&)>& change) {
  const std::scoped_lock lock(mutex);
  if (const auto found = entries.find(pid); found != entries.end()) change(found->second.info);
}

void Hub::Impl::cancel(std::int32_t pid, std::string_view secret) {
  {
    const std::scoped_lock lock(mutex);
    const auto found = entries.find(pid);
    if (found == entries.end() || !wire::same_secret(found->second.secret, secret)) return;
  }
  ask(pid, [](Connected& session) { session.cancel(); });
}

bool Hub::Impl::ask(std::int32_t pid, std::function<void(Connected&)> what) {
  std::size_t home = 0;
  {
    const std::scoped_lock lock(mutex);
    const auto found = entries.find(pid);
    if (found == entries.end()) return false;
    home = found->second.home;
  }
  run_at_home(home, [this, pid, what = std::move(what)] {
    Connected* session = nullptr;
    {
      const std::scoped_lock lock(mutex);
      if (const auto found = entries.find(pid); found != entries.end()) session = found->second.session;
    }
    if (session != nullptr) what(*session);  // it ends on this thread only
  });
  return true;
}

std::size_t Hub::Impl::home_of(const boost::asio::any_io_executor& io) {
  const std::scoped_lock lock(mutex);
  const auto found = std::ranges::find(homes, io);
  const auto home = static_cast<std::size_t>(found - homes.begin());
  if (found == homes.end()) homes.push_back(io);
  return home;
}

void Hub::Impl::run_at_home(std::size_t home, std::move_only_function<void()> work) {
  boost::asio::any_io_executor io;
  {
    const std::scoped_lock lock(mutex);
    if (home < homes.size()) io = homes[home];
  }
  if (io) boost::asio::dispatch(io, [work = std::move(work)]() mutable { work(); });
}

void Hub::Impl::ask_all(std::function<void(Connected&)> what) {
  std::size_t count = 0;
  {
    const std::scoped_lock lock(mutex);
    count = homes.size();
  }
  for (std::size_t home = 0; home < count; ++home) {
    run_at_home(home, [this, home, what] {
      for (Connected* session : sessions_of(home)) what(*session);
    });
  }
}

void Hub::Impl::forget_homes() {
  const std::scoped_lock lock(mutex);
  homes.clear();
}

std::shared_ptr<const Access> Hub::Impl::current_access() const {
  const std::scoped_lock lock(mutex);
  return access;
}

model::Result<void> Hub::Impl::note_started(const Access& limits, std::int32_t pid, const std::string& secret) {
  const std::scoped_lock lock(mutex);
  const auto self = entries.find(pid);
  if (self == entries.end()) return {};
  started += self->second.started ? 0 : 1;
  self->second.started = true;
  self->second.secret = secret;
  if (started > limits.max_connections) return model::fail("53300"_state, "sorry, too many clients already");
  const std::string_view host = host_of(self->second.info.address);
  if (limits.max_connections_per_address == 0 || host.empty()) return {};
  const auto from_there = std::ranges::count_if(entries, [host](const auto& each) {
    return each.second.started && host_of(each.second.info.address) == host;
  });
  if (static_cast<std::size_t>(from_there) <= limits.max_connections_per_address) return {};
  return model::fail("53300"_state, "too many connections from address \"" + std::string(host) + "\"");
}

model::Result<void> Hub::Impl::admit(const Access& limits, std::int32_t pid, const std::string& user) {
  const std::scoped_lock lock(mutex);
  const auto self = entries.find(pid);
  if (self == entries.end()) return {};
  self->second.info.user = user;
  if (limits.max_connections_per_user == 0) return {};
  const auto here = std::ranges::count_if(entries, [&user](const auto& each) { return each.second.info.user == user; });
  if (static_cast<std::size_t>(here) <= limits.max_connections_per_user) return {};
  return model::fail("53300"_state, "too many connections for role \"" + user + "\"");
}

sqlite::GroupCommit& Hub::Impl::grouped() {
  std::call_once(groups_made, [this] {
    sqlite::GroupThreads threads{
        .engine =
            [this](std::move_only_function<void()> work) {
              pool.post(Lane::holder, [work = std::move(work)](EnginePool::Turn) mutable { work(); });
            },
        .deliver = [this](std::size_t home, std::move_only_function<void()> answers) { run_at_home(home, std::move(answers)); }};
    groups = std::make_unique<sqlite::GroupCommit>(*backends.database, std::move(threads));
  });
  return *groups;
}

void join_engine(Hub& hub) {
  hub.impl().pool.join();
  if (hub.impl().auth_query != nullptr) hub.impl().auth_query->end();
  if (hub.impl().pools != nullptr) hub.impl().pools->close();
  postgres::Upstream::end_connects();
  hub.impl().forget_homes();
}

std::vector<Connected*> Hub::Impl::sessions_of(std::size_t home) const {
  const std::scoped_lock lock(mutex);
  std::vector<Connected*> there;
  for (const auto& [pid, entry] : entries)
    if (entry.home == home) there.push_back(entry.session);
  return there;
}

void shut_down_clients(Hub& hub, Shutdown how) {
  hub.impl().draining = true;
  hub.impl().ask_all([how](Connected& session) { session.shut_down(how); });
}

boost::asio::awaitable<void> look_after_pools(Hub& hub) {
  if (hub.impl().pools != nullptr) co_await hub.impl().pools->look_after();
}

void end_vanished_clients(Hub& hub) {
  hub.impl().ask_all([](Connected& session) { session.check_peer(); });
}

}  // namespace crossfade::session
