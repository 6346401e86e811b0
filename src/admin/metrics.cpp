#include "metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace crossfade::admin {
namespace {

using Labels = std::vector<prometheus::ClientMetric::Label>;
using Type = prometheus::MetricType;

/// A row of the console's tables by its column names.
using Row = std::map<std::string, std::string>;

/// What one scrape has found.
struct Facts {
  const session::Hub& hub;
  std::vector<session::ClientInfo> clients;
  session::HubCounters counters;
  std::vector<std::pair<std::shared_ptr<postgres::Pool>, postgres::PoolInfo>> pools;
  Row stage, lag;  // empty: no stages
};

class Family {
 public:
  explicit Family(prometheus::MetricFamily& family) : family_(family) {}
  void add(double value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    if (family_.type == Type::Counter) metric.counter.value = value;
    else metric.gauge.value = value;
    family_.metric.push_back(std::move(metric));
  }
  /// Nothing where `text` is no number.
  void add_text(const Row& row, const std::string& column) {
    const auto found = row.find(column);
    if (found == row.end()) return;
    double value = 0;
    const auto [end, error] = std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    if (error == std::errc{} && end == found->second.data() + found->second.size()) add(value);
  }

 private:
  prometheus::MetricFamily& family_;
};

double of(std::uint64_t count) { return static_cast<double>(count); }
Labels labels_of(const postgres::PoolName& pool) { return {{"user", pool.user}, {"database", pool.database}}; }
Labels with(Labels labels, std::string name, std::string value) {
  labels.push_back({std::move(name), std::move(value)});
  return labels;
}

void add_clients(const Facts& facts, Family& family) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const session::ClientInfo& client : facts.clients) ++counts[{client.side.empty() ? "none" : client.side, client.state}];
  for (const auto& [key, count] : counts) family.add(of(count), {{"side", key.first}, {"state", key.second}});
}

void add_pinned(const Facts& facts, Family& family) {
  std::size_t pinned = 0;
  for (const session::ClientInfo& client : facts.clients) pinned += client.pinned.empty() ? 0 : 1;
  family.add(of(pinned));
}

void add_pool_connections(const Facts& facts, Family& family) {
  for (const auto& [pool, info] : facts.pools) {
    const Labels labels = labels_of(info.name);
    family.add(of(info.active), with(labels, "state", "active"));
    family.add(of(info.idle), with(labels, "state", "idle"));
    family.add(of(info.checked), with(labels, "state", "tested"));
    family.add(of(info.connecting), with(labels, "state", "login"));
  }
}

/// One value for each pool.
template <class Value>
void each_pool(const Facts& facts, Family& family, Value value) {
  for (const auto& [pool, info] : facts.pools) family.add(value(*pool, info), labels_of(info.name));
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  std::error_code error;
  double count = 0;
  for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", error); !error && entry != std::filesystem::directory_iterator{};
       entry.increment(error))
    ++count;
  return count;
}

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

struct MetricRow {
  std::string_view name;
  Type type;
  std::string_view help;
  void (*collect)(const Facts& facts, Family& family);
};

// clang-format off
constexpr std::array kMetrics{
    MetricRow{"crossfade_info", Type::Gauge, "Always 1; the program's version.",
              [](const Facts&, Family& family) { family.add(1, {{"version", CROSSFADE_VERSION}}); }},
    MetricRow{"crossfade_clients", Type::Gauge, "Connected clients, by the side that serves them and by what they do.", add_clients},
    MetricRow{"crossfade_clients_pinned", Type::Gauge, "Clients of a transaction pool that keep their connection.", add_pinned},
    MetricRow{"crossfade_connections_total", Type::Counter, "Connections of clients that were accepted.",
              [](const Facts& facts, Family& family) { family.add(of(facts.counters.connections)); }},
    MetricRow{"crossfade_statements_total", Type::Counter, "Statements, or batches of the extended protocol, that ReadyForQuery has ended.",
              [](const Facts& facts, Family& family) { family.add(of(facts.counters.statements)); }},
    MetricRow{"crossfade_errors_total", Type::Counter, "Errors that clients were told, by SQLSTATE.",
              [](const Facts& facts, Family& family) {
                for (const auto& [state, count] : facts.counters.errors) family.add(of(count), {{"sqlstate", state}});
              }},
    MetricRow{"crossfade_received_bytes_total", Type::Counter, "Bytes from clients' sockets.",
              [](const Facts& facts, Family& family) { family.add(of(facts.counters.received)); }},
    MetricRow{"crossfade_sent_bytes_total", Type::Counter, "Bytes to clients' sockets.",
              [](const Facts& facts, Family& family) { family.add(of(facts.counters.sent)); }},
    MetricRow{"crossfade_translations", Type::Gauge, "Translated statements that are kept.",
              [](const Facts& facts, Family& family) { family.add(of(facts.hub.translations().entries)); }},
    MetricRow{"crossfade_translation_hits_total", Type::Counter, "Statements whose translation was there.",
              [](const Facts& facts, Family& family) { family.add(of(facts.hub.translations().hits)); }},
    MetricRow{"crossfade_translation_misses_total", Type::Counter, "Statements that had to be translated.",
              [](const Facts& facts, Family& family) { family.add(of(facts.hub.translations().misses)); }},

    MetricRow{"crossfade_pool_connections", Type::Gauge, "Connections of a pool to PostgreSQL, by state.", add_pool_connections},
    MetricRow{"crossfade_pool_max_connections", Type::Gauge, "The most that a pool may have.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool&, const postgres::PoolInfo& info) { return of(info.max); });
              }},
    MetricRow{"crossfade_pool_waiting", Type::Gauge, "Clients in a pool's queue.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool&, const postgres::PoolInfo& info) { return of(info.waiting); });
              }},
    MetricRow{"crossfade_pool_longest_wait_seconds", Type::Gauge, "How long the first of a pool's queue has waited.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool&, const postgres::PoolInfo& info) { return static_cast<double>(info.longest_wait.count()) / 1e6; });
              }},
    MetricRow{"crossfade_pool_paused", Type::Gauge, "1 between PAUSE and RESUME.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool&, const postgres::PoolInfo& info) { return info.paused ? 1.0 : 0.0; });
              }},
    MetricRow{"crossfade_pool_failing", Type::Gauge, "1 when PostgreSQL could not be reached at the last attempt.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool&, const postgres::PoolInfo& info) { return info.failure.empty() ? 0.0 : 1.0; });
              }},
    MetricRow{"crossfade_pool_transactions_total", Type::Counter, "Transactions that have ended.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool& pool, const postgres::PoolInfo&) { return of(pool.counters.transactions); });
              }},
    MetricRow{"crossfade_pool_queries_total", Type::Counter, "ReadyForQuery messages of PostgreSQL.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool& pool, const postgres::PoolInfo&) { return of(pool.counters.queries); });
              }},
    MetricRow{"crossfade_pool_received_bytes_total", Type::Counter, "Bytes of messages from clients.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool& pool, const postgres::PoolInfo&) { return of(pool.counters.received); });
              }},
    MetricRow{"crossfade_pool_sent_bytes_total", Type::Counter, "Bytes of messages to clients.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool& pool, const postgres::PoolInfo&) { return of(pool.counters.sent); });
              }},
    MetricRow{"crossfade_pool_wait_seconds_total", Type::Counter, "Time that clients have waited for connections.",
              [](const Facts& facts, Family& family) {
                each_pool(facts, family, [](const postgres::Pool& pool, const postgres::PoolInfo&) { return of(pool.counters.waited_micros) / 1e6; });
              }},

    MetricRow{"crossfade_stage", Type::Gauge, "1 for the stage that the pair is at.",
              [](const Facts& facts, Family& family) {
                if (const auto stage = facts.stage.find("stage"); stage != facts.stage.end()) family.add(1, {{"stage", stage->second}});
              }},
    MetricRow{"crossfade_epoch", Type::Gauge, "How often the stage has changed.",
              [](const Facts& facts, Family& family) { family.add_text(facts.stage, "epoch"); }},
    MetricRow{"crossfade_journal_waiting", Type::Gauge, "Keys in the journal that the other database has not got yet.",
              [](const Facts& facts, Family& family) { family.add_text(facts.lag, "waiting"); }},
    MetricRow{"crossfade_mirror_state", Type::Gauge, "1 for the state that the mirror is in.",
              [](const Facts& facts, Family& family) {
                if (const auto state = facts.lag.find("state"); state != facts.lag.end()) family.add(1, {{"state", state->second}});
              }},
    MetricRow{"crossfade_mirror_steps_total", Type::Counter, "Steps that have carried changes.",
              [](const Facts& facts, Family& family) { family.add_text(facts.lag, "steps"); }},
    MetricRow{"crossfade_mirror_keys_total", Type::Counter, "Keys that were carried.",
              [](const Facts& facts, Family& family) { family.add_text(facts.lag, "keys"); }},
    MetricRow{"crossfade_mirror_quarantined", Type::Gauge, "Rows that the other database cannot hold.",
              [](const Facts& facts, Family& family) { family.add_text(facts.lag, "quarantined"); }},

    MetricRow{"process_cpu_seconds_total", Type::Counter, "User and system time.",
              [](const Facts&, Family& family) { family.add(cpu_seconds()); }},
    MetricRow{"process_resident_memory_bytes", Type::Gauge, "Resident memory.",
              [](const Facts&, Family& family) { family.add(resident_bytes()); }},
    MetricRow{"process_open_fds", Type::Gauge, "Open descriptors.",
              [](const Facts&, Family& family) { family.add(open_descriptors()); }},
};
// clang-format on

Row first_row(migrate::Controller* controller, std::string_view what) {
  Row row;
  if (controller == nullptr) return row;
  const auto table = controller->show(what);
  if (!table || table->rows.empty()) return row;
  for (std::size_t i = 0; i < table->columns.size() && i < table->rows.front().size(); ++i)
    if (const auto& value = table->rows.front()[i]) row.emplace(table->columns[i], *value);
  return row;
}

}  // namespace

std::string metrics_text(const session::Hub& hub, migrate::Controller* controller) {
  const bool stages = controller != nullptr && hub.backends().database != nullptr && hub.backends().postgres.has_value();
  Facts facts{.hub = hub, .clients = hub.clients(), .counters = hub.counters(), .pools = {},
              .stage = first_row(stages ? controller : nullptr, "stage"), .lag = first_row(stages ? controller : nullptr, "lag")};
  if (hub.pools() != nullptr)
    for (auto& pool : hub.pools()->all()) {
      auto info = pool->info();
      facts.pools.emplace_back(std::move(pool), std::move(info));
    }
  std::vector<prometheus::MetricFamily> families;
  for (const MetricRow& row : kMetrics) {
    prometheus::MetricFamily family;
    family.name = row.name;
    family.help = row.help;
    family.type = row.type;
    Family values(family);
    row.collect(facts, values);
    if (!family.metric.empty()) families.push_back(std::move(family));
  }
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace crossfade::admin
