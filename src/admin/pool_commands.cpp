#include "pool_commands.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "crossfade/model/text_format.hpp"

namespace crossfade::admin {

using namespace model::literals;
using session::ConsoleAnswer;

namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
  return text;
}

/// The words as they are, without quotes.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) {
    std::erase_if(word, [](char c) { return c == '"' || c == ';'; });
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

std::string instant_text(std::chrono::system_clock::time_point time) {
  constexpr std::int64_t kUnixTo2000 = 946'684'800'000'000;
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count() - kUnixTo2000;
  return model::to_text(model::TimestampTz{micros}, {model::oid::timestamptz, -1});
}

std::string_view state_name(postgres::ServerInfo::State state) {
  switch (state) {
    case postgres::ServerInfo::State::connecting: return "login";
    case postgres::ServerInfo::State::idle: return "idle";
    case postgres::ServerInfo::State::active: return "active";
    case postgres::ServerInfo::State::checked: return "tested";
  }
  return "";
}

std::string_view mode_name(session::PoolSettings::Mode mode) {
  return mode == session::PoolSettings::Mode::transaction ? "transaction" : "session";
}

ConsoleAnswer show_pools(session::Hub& hub, const postgres::Pools& pools) {
  std::map<postgres::PoolName, std::size_t> clients;
  for (const session::ClientInfo& client : hub.clients())
    if (client.side == "postgres") ++clients[{client.user, client.database}];
  ConsoleAnswer answer{{{"database", "user", "cl_active", "cl_waiting", "sv_active", "sv_idle", "sv_tested", "sv_login", "maxwait",
                         "maxwait_us", "pool_mode", "max_connections", "paused", "failure"}, {}}, "SHOW"};
  for (const auto& pool : pools.all()) {
    const postgres::PoolInfo info = pool->info();
    const std::size_t all = clients[info.name];
    const auto wait = info.longest_wait.count();
    answer.table.rows.push_back({info.name.database, info.name.user, std::to_string(all - std::min(all, info.waiting)),
                                 std::to_string(info.waiting), std::to_string(info.active), std::to_string(info.idle),
                                 std::to_string(info.checked), std::to_string(info.connecting), std::to_string(wait / 1'000'000),
                                 std::to_string(wait % 1'000'000), std::string(mode_name(hub.options().pool.mode)), std::to_string(info.max),
                                 info.paused ? "1" : "0", info.failure});
  }
  return answer;
}

ConsoleAnswer show_servers(const postgres::Pools& pools) {
  ConsoleAnswer answer{{{"user", "database", "state", "connect_time", "request_time", "link", "remote_pid"}, {}}, "SHOW"};
  std::vector<postgres::ServerInfo> servers;
  for (const auto& pool : pools.all()) pool->add_servers(servers);
  for (const postgres::ServerInfo& server : servers) {
    answer.table.rows.push_back({server.pool.user, server.pool.database, std::string(state_name(server.state)), instant_text(server.connected),
                                 instant_text(server.requested), server.client_pid == 0 ? "" : std::to_string(server.client_pid),
                                 std::to_string(server.remote_pid)});
  }
  return answer;
}

ConsoleAnswer show_stats(const postgres::Pools& pools) {
  struct Sum { std::uint64_t transactions = 0, queries = 0, received = 0, sent = 0, waited = 0; };
  std::map<std::string, Sum> sums;
  for (const auto& pool : pools.all()) {
    Sum& sum = sums[pool->name().database];
    sum.transactions += pool->counters.transactions;
    sum.queries += pool->counters.queries;
    sum.received += pool->counters.received;
    sum.sent += pool->counters.sent;
    sum.waited += pool->counters.waited_micros;
  }
  ConsoleAnswer answer{{{"database", "total_xact_count", "total_query_count", "total_received", "total_sent", "total_wait_time"}, {}}, "SHOW"};
  for (const auto& [database, sum] : sums) {
    answer.table.rows.push_back({database, std::to_string(sum.transactions), std::to_string(sum.queries), std::to_string(sum.received),
                                 std::to_string(sum.sent), std::to_string(sum.waited)});
  }
  return answer;
}

/// Idle connections are closed, so that the server can be stopped.
model::Result<ConsoleAnswer> pause(session::Hub& hub, postgres::Pools& pools, const std::string& database) {
  pools.pause(database);
  const auto end = std::chrono::steady_clock::now() + hub.options().pool.limits.acquire_timeout;
  std::size_t lent = 0;
  for (const auto& pool : pools.all())
    if (database.empty() || pool->name().database == database) lent += pool->wait_until_unused(end);
  if (lent != 0) {
    return model::fail("55006"_state, std::to_string(lent) + " connections to PostgreSQL are still in use", {},
                       "New transactions wait all the same; RESUME lets them go on.");
  }
  for (const auto& pool : pools.all())
    if (database.empty() || pool->name().database == database) pool->renew();
  return ConsoleAnswer{{}, "PAUSE"};
}

model::Result<ConsoleAnswer> kill(session::Hub& hub, const std::string& target) {
  std::int32_t pid = 0;
  const auto [end, error] = std::from_chars(target.data(), target.data() + target.size(), pid);
  if (error == std::errc{} && end == target.data() + target.size()) {
    if (hub.kill(pid)) return ConsoleAnswer{{}, "KILL"};
    return model::fail("42704"_state, "there is no session " + target, {}, "SHOW CLIENTS lists them.");
  }
  bool any = false;
  for (const session::ClientInfo& client : hub.clients())
    if (client.database == target && client.side != "console") any = hub.kill(client.pid) || any;
  if (any) return ConsoleAnswer{{}, "KILL"};
  return model::fail("42704"_state, "database \"" + target + "\" has no sessions");
}

}  // namespace

model::Result<ConsoleAnswer> pool_command(session::Hub& hub, std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  const std::string verb = upper(words.front());
  const std::string target = words.size() > 1 ? words[1] : "";
  const bool show = verb == "SHOW", needs_target = verb == "KILL";
  if (words.size() > 2 || (target.empty() && (show || needs_target)))
    return model::fail("42601"_state, "syntax error in the console command", {}, "PAUSE [database], RESUME [database], KILL number|database");
  if (verb == "KILL") return kill(hub, target);
  postgres::Pools* pools = hub.pools();
  if (pools == nullptr)
    return model::fail("55000"_state, "there are no connection pools here", {}, "Sessions with a SQLite side have connections of their own.");
  if (verb == "PAUSE") return pause(hub, *pools, target);
  if (verb == "RESUME") {
    pools->resume(target);
    return ConsoleAnswer{{}, "RESUME"};
  }
  const std::string what = upper(target);
  if (what == "POOLS") return show_pools(hub, *pools);
  if (what == "SERVERS") return show_servers(*pools);
  return show_stats(*pools);
}

}  // namespace crossfade::admin
