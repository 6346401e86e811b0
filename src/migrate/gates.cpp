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
  const std::string threshold = "equal, at most " + std::to_string(limits.verify_max_age.count()) + " h old";
  if (!facts.verify) return {Light::red, "never", threshold, "every value is compared by the switch itself, before clients wait, or by REPAIR"};
  const std::int64_t age = facts.now_micros - facts.verify->at_micros;
  const std::int64_t limit = std::chrono::duration_cast<std::chrono::microseconds>(limits.verify_max_age).count();
  const std::string value = std::to_string(facts.verify->differences) + " differences, " + std::to_string(facts.verify->problems) + " problems";
  if (facts.verify->differences != 0) return {Light::red, value, threshold, "REPAIR on the console mends rows that differ"};
  if (facts.verify->problems != 0) return {Light::red, value, threshold, "`crossfade verify` names the constraint, sequence or type"};
  if (age > limit) return {Light::red, value, threshold, "the comparison is too old; the switch makes a new one"};
  return {Light::green, value, threshold, ""};
}

/// Which gates stand before which stage; the order is that of SHOW READINESS.
struct GateRule {
  std::string_view name;
  bool to_shadow, to_postgres, back, to_finished;
  Override overridable;
  Read read;
};
constexpr std::array kGateRules{
    GateRule{"mirror", true, true, true, false, Override::never, read_mirror},
    GateRule{"filled", true, true, false, false, Override::never, read_filled},
    GateRule{"lag", true, true, true, false, Override::by_force, read_lag},
    GateRule{"quarantine", false, true, true, false, Override::never, read_quarantine},
    GateRule{"foreign-keys", false, true, false, false, Override::by_force, read_orphans},
    GateRule{"verify", false, true, false, false, Override::by_force, read_verify},
    GateRule{"mismatches", false, true, false, true, Override::by_force, read_mismatches},
};

bool stands_before(const GateRule& gate, Stage from, Stage to) {
  if (to == Stage::finished) return gate.to_finished;
  if (from == Stage::postgres) return gate.back;
  if (to == Stage::postgres || to == Stage::canary) return gate.to_postgres;
  return to == Stage::shadow && gate.to_shadow;
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
    red += (red.empty() ? "" : "\n") + std::string(gate.name) + ": " + gate.value + " (" + gate.threshold + ")" +
           (gate.reason.empty() ? "" : ": " + gate.reason);
    final |= gate.overridable == Override::never;
  }
  if (red.empty()) return {};
  return model::fail("55000"_state, "stage " + std::string(to_string(to)) + " is not ready", std::move(red),
                     final ? "SHOW READINESS lists all gates; these cannot be overridden."
                           : "SHOW READINESS lists all gates; FORCE overrides these.");
}

}  // namespace crossfade::migrate
