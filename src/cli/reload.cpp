#include "reload.hpp"

#include <algorithm>

#include "crossfade/observe/log.hpp"
#include "crossfade/session/console.hpp"
#include "pair.hpp"
#include "settings_table.hpp"
#include "users_file.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using observe::Level;
using session::AuthMethod;
using session::TlsMode;

struct TlsWord { std::string_view word; TlsMode mode; };
constexpr std::array kTlsWords{TlsWord{"off", TlsMode::off}, TlsWord{"on", TlsMode::on}, TlsWord{"required", TlsMode::required}};

model::Result<void> add_rules(const Settings& settings, session::Access& access) {
  access.auth = session::parse_auth_method(settings.auth).value_or(AuthMethod::reject);
  for (const std::string& line : settings.rules) {
    auto rule = session::parse_access_rule(line);
    if (!rule) return model::fail(rule.error().state, "listen.rules: " + rule.error().message, {}, rule.error().hint);
    access.rules.push_back(std::move(*rule));
  }
  return {};
}

bool uses(const session::Access& access, AuthMethod method) {
  if (access.rules.empty()) return access.auth == method;
  return std::ranges::any_of(access.rules, [method](const session::AccessRule& rule) { return rule.method == method; });
}

model::Result<void> add_users(const Settings& settings, session::Access& access) {
  if (!settings.users_file.empty()) {
    CROSSFADE_TRY(access.users, read_users(settings.users_file));
  }
  access.auth_query = settings.auth_query;
  if (!access.auth_query.empty() && settings.conninfo.empty())
    return model::fail("F0000"_state, "listen.auth_query asks PostgreSQL, but postgres.conninfo names none");
  access.usual_iterations = session::usual_iterations(access.users);
  for (const std::string_view word : {"scram-sha-256", "password"}) {
    if (!access.users.empty() || !access.auth_query.empty() || !uses(access, *session::parse_auth_method(word))) continue;
    return model::fail("F0000"_state, "clients are to be asked for passwords (" + std::string(word) + "), but there are no users",
                       {}, "Make lines with `crossfade passwd NAME`, and name their file in listen.users_file.");
  }
  return {};
}

model::Result<void> add_tls(const Settings& settings, session::Access& access) {
  for (const TlsWord& each : kTlsWords)
    if (each.word == settings.tls) access.tls_mode = each.mode;
  if (access.tls_mode == TlsMode::off) return {};
  if (settings.tls_cert.empty() || settings.tls_key.empty())
    return model::fail("F0000"_state,
                       "listen.tls is \"" + settings.tls + "\", but listen.tls_cert and listen.tls_key name no files");
  CROSSFADE_TRY(access.tls, wire::TlsContext::load({settings.tls_cert, settings.tls_key, settings.tls_client_ca}));
  return {};
}

/// A rule that can never let anybody in is a mistake.
model::Result<void> check_rules(const session::Access& access) {
  const bool no_tls = access.tls == nullptr, no_ca = no_tls || !access.tls->asks_for_certificates();
  if (no_ca && uses(access, AuthMethod::cert))
    return model::fail("F0000"_state,
                       "client certificates can only be checked if listen.tls_client_ca names who vouches for them");
  for (const session::AccessRule& rule : access.rules) {
    if (no_ca && rule.client_certificate != session::AccessRule::ClientCertificate::not_asked)
      return model::fail("F0000"_state,
                         "client certificates can only be checked if listen.tls_client_ca names who vouches for them");
    if (no_tls && rule.type == session::AccessRule::Type::hostssl)
      return model::fail("F0000"_state, "a hostssl rule never matches: listen.tls is off");
  }
  return {};
}

}  // namespace

model::Result<session::Access> access_of(const Settings& settings) {
  session::Access access;
  CROSSFADE_CHECK(add_rules(settings, access));
  CROSSFADE_CHECK(add_users(settings, access));
  CROSSFADE_CHECK(add_tls(settings, access));
  CROSSFADE_CHECK(check_rules(access));
  access.console_admins = {settings.admin_users.begin(), settings.admin_users.end()};
  access.max_connections = static_cast<std::size_t>(settings.max_connections);
  access.max_connections_per_address = static_cast<std::size_t>(settings.max_connections_per_address);
  access.max_connections_per_user = static_cast<std::size_t>(settings.max_connections_per_user);
  access.startup_timeout = settings.startup_timeout;
  return access;
}

session::PoolSettings pool_settings(const Settings& settings) {
  session::PoolSettings pool;
  if (settings.pool_mode == "transaction") pool.mode = session::PoolSettings::Mode::transaction;
  pool.limits = {.min_connections = static_cast<std::size_t>(settings.pool_min),
                 .max_connections = static_cast<std::size_t>(settings.pool_max),
                 .connect_timeout = settings.connect_timeout,
                 .acquire_timeout = settings.pool_acquire_timeout,
                 .idle_timeout = settings.pool_idle_timeout,
                 .lifetime = settings.pool_lifetime,
                 .check_interval = settings.pool_check_interval};
  pool.reset = settings.pool_reset;
  return pool;
}

Reloader::Reloader(Invocation invocation, Settings current, const server::ServerOptions& listen, session::Hub& hub)
    : invocation_(std::move(invocation)), listen_(listen), hub_(hub), current_(std::move(current)) {}

model::Result<migrate::ConsoleTable> Reloader::reload() {
  const std::scoped_lock lock(mutex_);
  CROSSFADE_TRY(const Loaded loaded, read_settings_of(invocation_));
  CROSSFADE_TRY(session::Access access, access_of(loaded.settings));
  CROSSFADE_CHECK(server::check(listen_, access));
  CROSSFADE_CHECK(use_log(loaded.settings));
  migrate::ConsoleTable table{{session::kReloadColumns.begin(), session::kReloadColumns.end()}, {}};
  Settings counts = current_;  // what needs a restart stays as it was
  for (const Setting& setting : kSettings) {
    if (to_toml(setting, current_) == to_toml(setting, loaded.settings)) continue;
    const bool now = setting.change == Change::reload;
    if (now) std::visit([&](auto member) { counts.*member = loaded.settings.*member; }, setting.member);
    const std::string_view effect = now ? "now" : "after a restart";
    observe::log(now ? Level::info : Level::warn, "setting changed", {{"setting", path_of(setting)}, {"counts", effect}});
    table.rows.push_back({path_of(setting), shown(setting, loaded.settings), std::string(effect)});
  }
  hub_.set_access(std::move(access));
  hub_.set_pool_limits(pool_settings(counts).limits);
  current_ = std::move(counts);
  observe::log(Level::info, "reloaded", {{"changes", table.rows.size()}});
  return table;
}

std::vector<std::pair<std::string, std::string>> Reloader::shown_settings() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Setting& setting : kSettings) rows.emplace_back(path_of(setting), shown(setting, current_));
  return rows;
}

}  // namespace crossfade::cli
