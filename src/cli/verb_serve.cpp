#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "crossfade/admin/console.hpp"
#include "crossfade/admin/http.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/controller.hpp"
#include "crossfade/model/time_zone.hpp"
#include "crossfade/observe/log.hpp"
#include "crossfade/server/server.hpp"
#include "crossfade/session/hub.hpp"
#include "pair.hpp"
#include "reload.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using observe::Level;

std::size_t session_memory(const Settings& settings) { return static_cast<std::size_t>(settings.session_memory) << 20U; }

session::Options session_options(const Settings& settings) {
  session::Options options;
  options.database = settings.database.empty() ? std::filesystem::path(settings.sqlite_file).stem().string() : settings.database;
  options.lock_timeout = settings.lock_timeout;
  options.fence_timeout = settings.fence_timeout;
  options.connect_timeout = settings.connect_timeout;
  options.write_timeout = settings.write_timeout;
  options.engine_threads = static_cast<std::size_t>(settings.engine_threads);
  options.translations = static_cast<std::size_t>(settings.translations);
  options.session_memory = session_memory(settings);
  options.pool = pool_settings(settings);
  return options;
}

/// A proxy that only passes messages on is bound by the kernel: with more threads each finds less to do when it wakes, and PostgreSQL has use
/// for the cores.
std::size_t io_threads(const Settings& settings) {
  if (settings.io_threads != 0 || !settings.sqlite_file.empty()) return static_cast<std::size_t>(settings.io_threads);
  return std::clamp<std::size_t>(std::thread::hardware_concurrency() / 2, 1, 4);
}

server::ServerOptions server_options(const Settings& settings) {
  return {.addresses = settings.addresses,
          .port = static_cast<std::uint16_t>(settings.port),
          .unix_directory = settings.unix_directory,
          .drain_timeout = settings.shutdown_timeout,
          .keepalive = settings.tcp_keepalive,
          .io_threads = io_threads(settings),
          .inherited = {}};
}

migrate::GateLimits gate_limits(const Settings& settings) {
  const auto seconds = [](const Duration& time) { return std::chrono::duration_cast<std::chrono::seconds>(time); };
  return {.waiting = settings.max_lag,
          .verify_max_age = seconds(settings.verify_max_age),
          .compared_reads = static_cast<std::uint64_t>(settings.compared_reads),
          .compared_statements = static_cast<std::size_t>(settings.compared_statements),
          .compared_time = seconds(settings.compared_time),
          .canary_reads = static_cast<std::uint64_t>(settings.canary_reads),
          .backup_max_age = seconds(settings.backup_max_age),
          .free_disk = settings.free_disk,
          .postgres_only = {settings.postgres_only.begin(), settings.postgres_only.end()}};
}

migrate::ControllerOptions controller_options(const Settings& settings) {
  migrate::ControllerOptions options;
  options.step_interval = settings.step_interval;
  options.drain_timeout = settings.drain_timeout;
  options.shadow_rate = settings.shadow_rate;
  options.shadow_queue = static_cast<std::size_t>(settings.shadow_queue);
  options.max_mismatches = static_cast<std::size_t>(settings.max_mismatches);
  options.gates = gate_limits(settings);
  options.sync = {.mode = settings.mirror_mode == "sync" ? migrate::SyncOptions::Mode::sync : migrate::SyncOptions::Mode::async,
                  .timeout = settings.sync_timeout,
                  .late = settings.on_sync_timeout == "refuse" ? migrate::SyncOptions::Late::refuse : migrate::SyncOptions::Late::degrade};
  options.canary_percent = static_cast<int>(settings.canary_percent);
  options.canary_wait = settings.canary_wait;
  return options;
}

/// Takes all the descriptors that the system gives, and says how many connections to the file may be open: each has two, and clients,
/// the listeners and the log need theirs.
std::size_t raise_descriptor_limit(const Settings& settings) {
  constexpr std::size_t kOthers = 128, kWanted = 65'536, kLeast = 32;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kLeast;
  if (limit.rlim_cur < kWanted && limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = std::min<rlim_t>(limit.rlim_max, kWanted);
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  const std::size_t taken = kOthers + 2 * static_cast<std::size_t>(settings.max_connections);  // a client on PostgreSQL has two sockets
  const std::size_t all = static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, kWanted));
  return std::max(kLeast, all > taken ? (all - taken) / 2 : 0);
}

/// Opens the file once with the right to write, before it is read: a writer that was killed may have left a journal to roll back.
/// Makes an empty file where there is none: an application that starts on Crossfade has no SQLite file yet.
model::Result<void> settle_file(const Settings& settings) {
  if (settings.read_only || settings.sqlite_file.empty()) return {};
  const bool fresh = !std::filesystem::exists(settings.sqlite_file);
  const auto opened = sqlite::Connection::open(settings.sqlite_file, {.mode = sqlite::OpenMode::create, .busy_timeout = settings.busy_timeout});
  if (!opened) return std::unexpected(opened.error());
  if (fresh) observe::log(Level::info, "new file", {{"file", settings.sqlite_file}});
  return {};
}

model::Result<std::unique_ptr<sqlite::Database>> open_database(const Settings& settings,
                                                               const std::shared_ptr<const plan::Plan>& plan) {
  if (settings.sqlite_file.empty()) return std::unique_ptr<sqlite::Database>{};
  std::string synchronous = settings.synchronous;
  for (char& c : synchronous) c = static_cast<char>(c - 'a' + 'A');
  // PostgreSQL must not know more than the file (MIRROR 5).
  if (!settings.conninfo.empty() && synchronous == "NORMAL") synchronous = "FULL";
  return sqlite::Database::open({.file = settings.sqlite_file,
                                 .read_only = settings.read_only,
                                 .max_readers = static_cast<std::size_t>(settings.max_readers),
                                 .max_open = raise_descriptor_limit(settings),
                                 .max_value_bytes = session_memory(settings),
                                 .busy_timeout = settings.busy_timeout,
                                 .synchronous = synchronous,
                                 .wal_autocheckpoint = static_cast<int>(settings.wal_autocheckpoint)},
                                plan);
}

std::vector<migrate::StayingSession> staying_sessions(const session::Hub& hub) {
  std::vector<migrate::StayingSession> out;
  for (const session::ClientInfo& client : hub.clients())
    if (!client.stays.empty()) out.push_back({client.pid, client.stays});
  return out;
}

/// glibc gives each thread that allocates an arena of its own and returns little of it: with two dozen threads that run in turn, a large
/// answer would leave its traces in all of them.
void keep_memory_small() {
  constexpr int kArenas = 4, kLarge = 256 * 1024, kSlack = 128 * 1024;
  mallopt(M_ARENA_MAX, kArenas);
  mallopt(M_MMAP_THRESHOLD, kLarge);  // larger pieces go back to the system at once
  mallopt(M_TRIM_THRESHOLD, kSlack);
}

}  // namespace

model::Result<Exit> serve(const Invocation& invocation) {
  keep_memory_small();
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  const Settings& settings = loaded.settings;
  if (settings.sqlite_file.empty() && settings.conninfo.empty()) {
    return model::fail("F0000"_state, "nothing to serve", {}, "Give --sqlite FILE, --postgres CONNINFO, or both.");
  }
  session::Options options = session_options(settings);
  CROSSFADE_TRY(const session::Access access, access_of(settings));
  server::ServerOptions listen = server_options(settings);
  CROSSFADE_CHECK(server::inherit_sockets(listen));
  CROSSFADE_CHECK(server::check(listen, access));
  CROSSFADE_CHECK(admin::check({settings.http_listen}));

  CROSSFADE_CHECK(settle_file(settings));
  CROSSFADE_TRY(std::optional<plan::Plan> found, find_plan(settings, Rules::stored));
  const auto plan = found ? std::make_shared<const plan::Plan>(std::move(*found)) : nullptr;
  CROSSFADE_TRY(const std::unique_ptr<sqlite::Database> database, open_database(settings, plan));
  std::optional<postgres::Conninfo> upstream;
  if (!settings.conninfo.empty()) {
    CROSSFADE_TRY(upstream, postgres::Conninfo::parse(settings.conninfo));
  }
  if (!settings.upstream_users.empty()) {
    if (!upstream || !settings.sqlite_file.empty())
      return model::fail("F0000"_state, "postgres.users is for a PostgreSQL without a SQLite side");
    CROSSFADE_TRY(options.pool.users, postgres::UserMap::parse(*upstream, settings.upstream_users));
  }
  CROSSFADE_TRY(const auto controller, migrate::Controller::start(database.get(), upstream, plan, controller_options(settings)));

  session::Hub hub(options, access, {database.get(), upstream, controller.get()});
  Reloader reloader(invocation, settings, listen, hub);
  admin::Console console(hub, controller.get(),
                         {.settings = [&reloader] { return reloader.shown_settings(); }, .reload = [&reloader] { return reloader.reload(); }});
  hub.set_console(&console);
  std::unique_ptr<admin::HttpServer> http;
  if (!settings.http_listen.empty()) {
    CROSSFADE_TRY(http, admin::HttpServer::start({settings.http_listen}, hub, controller.get()));
  }
  controller->set_sessions({.staying = [&hub] { return staying_sessions(hub); }, .end = [&hub](std::int32_t pid) { hub.kill(pid); }});
  const auto ready = [&](std::uint16_t port) {
    if (!model::TimeZone::uses_system_files()) {
      observe::log(Level::warn, "no zoneinfo files: time zones are of ICU's own data, which may be old", {{"package", "tzdata"}});
    }
    observe::log(Level::info, "ready", {{"port", port}, {"database", options.database}, {"auth", settings.auth},
                                        {"postgres", upstream ? upstream->redacted() : "none"}});
  };
  const auto reload = [&reloader] {
    if (const auto done = reloader.reload(); !done)
      observe::log(Level::error, "not reloaded: nothing has changed", {{"message", done.error().message}});
  };
  // A console's SWITCH TO copy waits on an engine thread until the tables are filled: it is let go before that thread is joined.
  const auto served = server::run(listen, hub, {.ready = ready, .reload = reload, .ending = [&controller] { controller->stop(); }});
  controller->stop();
  observe::log(Level::info, "stopped");
  if (!served) return std::unexpected(served.error());
  return Exit::ok;
}

}  // namespace crossfade::cli
