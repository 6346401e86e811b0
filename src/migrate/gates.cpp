#include "gates.hpp"

#include <algorithm>
#include <array>

namespace crossfade::migrate {

using namespace model::literals;

namespace {

struct Reading { Light light; std::string value, threshold, reason; };
using Read = Reading (*)(const GateFacts&, const GateLimits&);

Light green_if(std::same_as<bool> auto good) { return good ? Light::green : Light::red; }

Reading counted(const std::optional<std::int64_t>& count, std::int64_t limit, const GateFacts& facts, std::string reason) {
  if (!count) return {Light::red, "unknown", std::to_string(limit), facts.unreachable};
  const bool good = *count <= limit;
  return {green_if(good), std::to_string(*count), std::to_string(limit), good ? "" : std::move(reason)};
}

/// "90 s", "15 min", "24 h", "30 d": whole, rounded down.
std::string shown(std::chrono::seconds time) {
  struct Unit { std::int64_t seconds; std::string_view name; };
  constexpr std::array kUnits{Unit{86'400 * 3, " d"}, Unit{3'600 * 2, " h"}, Unit{180, " min"}};
  constexpr std::array<std::int64_t, 3> kSizes{86'400, 3'600, 60};
  for (std::size_t i = 0; i < kUnits.size(); ++i)
    if (time.count() >= kUnits[i].seconds) return std::to_string(time.count() / kSizes[i]) + std::string(kUnits[i].name);
  return std::to_string(time.count()) + " s";
}

Reading read_mirror(const GateFacts& facts, const GateLimits&) {
  const bool runs = facts.health.state == Health::State::running;
  return {green_if(runs), std::string(to_string(facts.health.state)), "running", facts.health.reason};
}
Reading read_filled(const GateFacts& facts, const GateLimits&) {
  return {green_if(facts.filled), facts.filled ? "all tables" : facts.health.filling, "all tables",
          facts.filled ? "" : "the tables are still being copied"};
}
Reading read_lag(const GateFacts& facts, const GateLimits& limits) {
  return counted(facts.waiting, limits.waiting, facts, "the other side is behind: wait, or write less");
}
Reading read_quarantine(const GateFacts& facts, const GateLimits&) {
  return counted(facts.quarantined, 0, facts, "rows that the other side cannot hold: see the quarantine table, mend them and write them again");
}
Reading read_mismatches(const GateFacts& facts, const GateLimits&) {
  return counted(static_cast<std::int64_t>(facts.mismatches), 0, facts, "SHOW MISMATCHES lists them with what to do");
}
Reading read_orphans(const GateFacts& facts, const GateLimits&) {
  return counted(facts.orphans, 0, facts, "rows whose foreign key points nowhere: PRAGMA foreign_key_check lists them");
}
Reading read_verify(const GateFacts& facts, const GateLimits& limits) {
  const std::string threshold = "equal, at most " + shown(limits.verify_max_age) + " old";
  if (!facts.verify) return {Light::red, "never", threshold, "every value is compared by the switch itself, before clients wait, or by REPAIR"};
  const std::int64_t age = facts.now_micros - facts.verify->at_micros;
  const std::int64_t limit = std::chrono::duration_cast<std::chrono::microseconds>(limits.verify_max_age).count();
  const std::string value = std::to_string(facts.verify->differences) + " differences, " + std::to_string(facts.verify->problems) + " problems";
  if (facts.verify->differences != 0) return {Light::red, value, threshold, "REPAIR on the console mends rows that differ"};
  if (facts.verify->problems != 0) return {Light::red, value, threshold, "`crossfade verify` names the constraint, sequence or type"};
  if (age > limit) return {Light::red, value, threshold, "the comparison is too old; the switch makes a new one"};
  return {Light::green, value, threshold, ""};
}

Reading read_compared(const GateFacts& facts, const GateLimits& limits) {
  const auto told = [](std::uint64_t reads, std::size_t statements, std::chrono::seconds time) {
    return std::to_string(reads) + " reads of " + std::to_string(statements) + " statements in " + shown(time);
  };
  const Compared& seen = facts.compared;
  const auto time = std::chrono::seconds(seen.since_micros == 0 ? 0 : (facts.now_micros - seen.since_micros) / 1'000'000);
  const bool enough = seen.reads >= limits.compared_reads && seen.statements >= limits.compared_statements && time >= limits.compared_time;
  return {green_if(enough), told(seen.reads, seen.statements, time),
          told(limits.compared_reads, limits.compared_statements, limits.compared_time),
          enough ? "" : "reads are still being compared: wait, or raise shadow.rate"};
}
Reading read_rehearsed(const GateFacts& facts, const GateLimits&) {
  const Rehearsed& seen = facts.rehearsed;
  const std::size_t all = seen.planned + seen.waiting + seen.refused.size();
  std::string value = std::to_string(seen.planned) + " of " + std::to_string(all) + " statements";
  if (!seen.refused.empty()) {
    std::string which;
    for (const std::string& one : seen.refused) which += (which.empty() ? "" : ", ") + one;
    return {Light::red, std::move(value), "all", "PostgreSQL refuses changes that clients make: " + which + "; SHOW MISMATCHES has them"};
  }
  return {green_if(seen.waiting == 0), std::move(value), "all", seen.waiting == 0 ? "" : "changes wait to be planned on PostgreSQL"};
}
Reading read_unprimable(const GateFacts& facts, const GateLimits&) {
  return counted(facts.unprimable, 0, facts, "columns that give ids themselves, and have no sequence in PostgreSQL that goes so far");
}
Reading read_way_back(const GateFacts& facts, const GateLimits&) {
  if (facts.changes != 0) return counted(facts.changes, 0, facts, "changes of the schema are not in the file yet");
  return counted(facts.missing_triggers, 0, facts, "triggers of ours are missing in PostgreSQL: SWITCH BACK to stage sqlite and SWITCH TO copy again");
}
/// Its difference is not known, and not worth a colour of its own while the file has changes to take over.
Reading not_compared(const GateFacts& facts, std::string threshold) {
  return {Light::red, "unknown", std::move(threshold), facts.changes.value_or(0) != 0 || facts.unreachable.empty() ? "changes of the schema are not in the file yet" : facts.unreachable};
}
Reading read_schema(const GateFacts& facts, const GateLimits&) {
  if (!facts.differences) return not_compared(facts, "0");
  const auto& lacking = facts.differences->lacking;
  return {green_if(lacking.empty()), std::to_string(lacking.size()), "0",
          lacking.empty() ? "" : "PostgreSQL's tables were changed past the proxy: " + listed(lacking) +
                                     "; put them back, or say the change again through the proxy (DROP … IF EXISTS, ALTER COLUMN … TYPE)"};
}
Reading read_alone(const GateFacts& facts, const GateLimits& limits) {
  if (!facts.differences) return not_compared(facts, "0");
  const std::set<std::string> alone = not_named(facts.differences->alone, limits.postgres_only);
  return {green_if(alone.empty()), std::to_string(alone.size()), "0",
          alone.empty() ? "" : listed(alone) + ": the file has not got what is in there; say it again through the proxy (CREATE TABLE or ADD COLUMN IF NOT EXISTS), "
                                               "or name it in gates.postgres_only; FORCE leaves it in PostgreSQL"};
}
Reading read_sessions(const GateFacts& facts, const GateLimits&) {
  constexpr std::size_t kNamed = 5;
  std::string who;
  for (std::size_t i = 0; i < std::min(kNamed, facts.staying.size()); ++i)
    who += (who.empty() ? "" : ", ") + std::to_string(facts.staying[i].pid) + " (" + facts.staying[i].why + ")";
  return {green_if(facts.staying.empty()), std::to_string(facts.staying.size()), "0",
          who.empty() ? "" : "sessions that cannot be moved: " + who + "; FORCE ends them"};
}
Reading read_backup(const GateFacts& facts, const GateLimits& limits) {
  if (limits.backup_max_age.count() == 0) return {Light::green, facts.backup.problem.empty() ? shown(facts.backup.age) : "none", "not asked for", ""};
  const std::string threshold = "at most " + shown(limits.backup_max_age) + " old";
  if (!facts.backup.problem.empty()) return {Light::red, "none", threshold, facts.backup.problem};
  const bool fresh = facts.backup.age <= limits.backup_max_age;
  return {green_if(fresh), shown(facts.backup.age), threshold, fresh ? "" : "run `crossfade backup`"};
}
Reading read_disk(const GateFacts& facts, const GateLimits& limits) {
  const std::string threshold = std::to_string(limits.free_disk) + " MB free";
  if (!facts.free_disk) return {Light::red, "unknown", threshold, "the file system does not say"};
  const bool room = *facts.free_disk >= limits.free_disk;
  return {green_if(room), std::to_string(*facts.free_disk) + " MB free", threshold, room ? "" : "a full disk would fail clients' writes"};
}
Reading read_canary(const GateFacts& facts, const GateLimits& limits) {
  const CanaryCounts& seen = facts.canary;
  const std::string value = std::to_string(seen.reads) + " reads, " + std::to_string(seen.failed) + " failed";
  const std::string threshold = std::to_string(limits.canary_reads) + " reads, 0 failed";
  if (!seen.tripped.empty()) return {Light::red, value, threshold, "tripped: " + seen.tripped + "; mend it, then SWITCH TO canary again"};
  if (seen.failed != 0) return {Light::red, value, threshold, "reads that PostgreSQL failed went to SQLite: see the log; SWITCH TO canary counts anew"};
  const bool enough = seen.reads >= limits.canary_reads;
  return {green_if(enough), value, threshold, enough ? "" : "PostgreSQL has not answered enough reads yet"};
}

/// Which gates stand before which stage; the order is that of SHOW READINESS.
constexpr int kToShadow = 1, kToCanary = 2, kToPostgres = 4, kFromCanary = 8, kBack = 16, kToFinished = 32;
struct GateRule {
  std::string_view name;
  int before;  // bits of those
  Override overridable;
  Read read;
};
constexpr std::array kGateRules{
    GateRule{"mirror", kToShadow | kToCanary | kToPostgres | kBack, Override::never, read_mirror},
    GateRule{"filled", kToShadow | kToCanary | kToPostgres, Override::never, read_filled},
    GateRule{"lag", kToShadow | kToCanary | kToPostgres | kBack, Override::by_force, read_lag},
    GateRule{"quarantine", kToCanary | kToPostgres | kBack, Override::never, read_quarantine},
    GateRule{"foreign-keys", kToCanary | kToPostgres, Override::by_force, read_orphans},
    GateRule{"verify", kToCanary | kToPostgres, Override::by_force, read_verify},
    GateRule{"mismatches", kToCanary | kToPostgres | kToFinished, Override::by_force, read_mismatches},
    GateRule{"compared", kToCanary | kToPostgres, Override::by_force, read_compared},
    GateRule{"rehearsed", kToPostgres, Override::by_force, read_rehearsed},
    GateRule{"canary", kFromCanary, Override::by_force, read_canary},
    GateRule{"sequences", kToPostgres, Override::never, read_unprimable},
    GateRule{"way-back", kToPostgres | kBack, Override::never, read_way_back},
    GateRule{"schema", kBack, Override::never, read_schema},
    GateRule{"postgres-only", kBack, Override::by_force, read_alone},
    GateRule{"sessions", kToPostgres | kBack, Override::by_force, read_sessions},
    GateRule{"backup", kToPostgres, Override::by_force, read_backup},
    GateRule{"disk", kToShadow | kToCanary | kToPostgres | kBack, Override::by_force, read_disk},
};

bool stands_before(const GateRule& gate, Stage from, Stage to) {
  const auto stands = [&gate](int where) { return (gate.before & where) != 0; };
  if (to == Stage::finished) return stands(kToFinished);
  if (from == Stage::postgres) return stands(kBack);
  if (to == Stage::postgres) return stands(from == Stage::canary ? kToPostgres | kFromCanary : kToPostgres);
  if (to == Stage::canary) return from == Stage::shadow && stands(kToCanary);
  return to == Stage::shadow && from == Stage::copy && stands(kToShadow);
}

std::string line_of(const Gate& gate) {
  return std::string(gate.name) + ": " + gate.value + " (" + gate.threshold + ")" + (gate.reason.empty() ? "" : ": " + gate.reason);
}

}  // namespace

std::vector<Gate> gates_before(Stage to, const GateFacts& facts, const GateLimits& limits) {
  std::vector<Gate> out;
  for (const GateRule& gate : kGateRules) {
    if (!stands_before(gate, facts.stage, to)) continue;
    Reading reading = gate.read(facts, limits);
    out.push_back({gate.name, reading.light, std::move(reading.value), std::move(reading.threshold), std::move(reading.reason), gate.overridable});
  }
  return out;
}

model::Result<void> check_gates(Stage to, const std::vector<Gate>& gates, Force force) {
  std::string red;
  bool final = false;
  for (const Gate& gate : gates) {
    if (gate.light == Light::green || (force == Force::yes && gate.overridable == Override::by_force)) continue;
    red += (red.empty() ? "" : "\n") + line_of(gate);
    final |= gate.overridable == Override::never;
  }
  if (red.empty()) return {};
  return model::fail("55000"_state, "stage " + std::string(to_string(to)) + " is not ready", std::move(red),
                     final ? "SHOW READINESS lists all gates; these cannot be overridden."
                           : "SHOW READINESS lists all gates; FORCE overrides these.");
}

std::string overridden(const std::vector<Gate>& gates) {
  std::string red;
  for (const Gate& gate : gates) {
    if (gate.light == Light::red && gate.overridable == Override::by_force) red += (red.empty() ? "" : "\n") + line_of(gate);
  }
  return red;
}

}  // namespace crossfade::migrate
