#include "crossfade/session/hub.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <cstring>

#include "crossfade/wire/scram.hpp"
#include "hub_impl.hpp"

namespace crossfade::session {

std::string_view to_string(Activity activity) {
  constexpr std::array<std::string_view, 6> kNames{"starting", "idle", "active", "waiting", "idle in transaction", "idle in transaction (aborted)"};
  return kNames[static_cast<std::size_t>(activity)];
}

Hub::Hub(Options options, Backends backends) : impl_(std::make_unique<Impl>(std::move(options), std::move(backends))) {}
Hub::~Hub() { impl_->pool.join(); }

const Options& Hub::options() const { return impl_->options; }
const Backends& Hub::backends() const { return impl_->backends; }
void Hub::set_console(Console* console) { impl_->console = console; }
void Hub::set_server_parameters(std::map<std::string, std::string> parameters) {
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

TranslationStatistics Hub::translations() const { return impl_->translations.statistics(); }

std::pair<std::int32_t, std::int32_t> Hub::Impl::add(Connected* session, ClientInfo info) {
  std::int32_t secret = 0;
  std::memcpy(&secret, wire::random_bytes(sizeof secret).data(), sizeof secret);
  const std::scoped_lock lock(mutex);
  info.pid = next_pid++;
  const std::int32_t pid = info.pid;
  entries.insert_or_assign(pid, Entry{session, secret, std::move(info)});
  return {pid, secret};
}

void Hub::Impl::remove(std::int32_t pid) {
  const std::scoped_lock lock(mutex);
  entries.erase(pid);
}

void Hub::Impl::describe(std::int32_t pid, const std::function<void(ClientInfo&)>& change) {
  const std::scoped_lock lock(mutex);
  if (const auto found = entries.find(pid); found != entries.end()) change(found->second.info);
}

void Hub::Impl::cancel(std::int32_t pid, std::int32_t secret) {
  Connected* session = nullptr;
  {
    const std::scoped_lock lock(mutex);
    const auto found = entries.find(pid);
    if (found != entries.end() && found->second.secret == secret) session = found->second.session;
  }
  if (session != nullptr) session->cancel();
}

bool Hub::Impl::full() const {
  const std::scoped_lock lock(mutex);
  return entries.size() > options.max_connections;  // the one who asks is among them
}

sqlite::GroupCommit& Hub::Impl::groups_on(boost::asio::any_io_executor io) {
  if (groups != nullptr) return *groups;
  sqlite::GroupThreads threads{
      .engine =
          [this](std::move_only_function<void()> work) {
            pool.post(Lane::holder, [work = std::move(work)](EnginePool::Turn) mutable { work(); });
          },
      .deliver =
          [io](std::move_only_function<void()> answers) {
            boost::asio::post(io, [answers = std::move(answers)]() mutable { answers(); });
          }};
  groups = std::make_unique<sqlite::GroupCommit>(*backends.database, std::move(threads));
  return *groups;
}

void join_engine(Hub& hub) { hub.impl().pool.join(); }

std::vector<Connected*> Hub::Impl::sessions() const {
  const std::scoped_lock lock(mutex);
  std::vector<Connected*> all;
  for (const auto& [pid, entry] : entries) all.push_back(entry.session);
  return all;
}

void shut_down_clients(Hub& hub, Shutdown how) {
  hub.impl().draining = true;
  for (Connected* session : hub.impl().sessions()) session->shut_down(how);
}

void end_vanished_clients(Hub& hub) {
  for (Connected* session : hub.impl().sessions()) session->check_peer();
}

}  // namespace crossfade::session
