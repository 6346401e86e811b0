#include "gates.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

namespace crossfade::migrate {
namespace {

GateFacts ready(Stage stage) {
  GateFacts facts{.stage = stage, .filled = true, .waiting = 0, .quarantined = 0, .orphans = 0, .now_micros = 1'000'000};
  facts.health.state = Health::State::running;
  facts.verify = VerifyOutcome{.at_micros = 500'000};
  facts.unprimable = facts.missing_triggers = 0;
  facts.differences.emplace();
  facts.free_disk = 5'000;
  return facts;
}

std::string names(const std::vector<Gate>& gates) {
  std::string out;
  for (const Gate& gate : gates) out += (out.empty() ? "" : " ") + std::string(gate.name);
  return out;
}

TEST_CASE("a pair that is ready passes every gate", "[gates]") {
  for (const Stage to : {Stage::shadow, Stage::postgres}) {
    CHECK(check_gates(to, gates_before(to, ready(to == Stage::shadow ? Stage::copy : Stage::shadow), {}), Force::no));
  }
  CHECK(check_gates(Stage::shadow, gates_before(Stage::shadow, ready(Stage::postgres), {}), Force::no));
}

TEST_CASE("each stage has its own gates", "[gates]") {
  CHECK(names(gates_before(Stage::shadow, ready(Stage::copy), {})) == "mirror filled lag disk");
  CHECK(names(gates_before(Stage::postgres, ready(Stage::shadow), {})) ==
        "mirror filled lag quarantine foreign-keys verify mismatches compared rehearsed sequences way-back sessions backup disk");
  CHECK(names(gates_before(Stage::canary, ready(Stage::shadow), {})) == "mirror filled lag quarantine foreign-keys verify mismatches compared disk");
  CHECK(names(gates_before(Stage::postgres, ready(Stage::canary), {})) ==
        "mirror filled lag quarantine foreign-keys verify mismatches compared rehearsed canary sequences way-back sessions backup disk");
  CHECK(names(gates_before(Stage::shadow, ready(Stage::postgres), {})) == "mirror lag quarantine way-back schema postgres-only sessions disk");
  CHECK(names(gates_before(Stage::copy, ready(Stage::shadow), {})).empty());
  CHECK(names(gates_before(Stage::finished, ready(Stage::postgres), {})) == "mismatches");
}

TEST_CASE("red gates are named, with their values and reasons", "[gates]") {
  GateFacts facts = ready(Stage::shadow);
  facts.mismatches = 3;
  facts.waiting.reset();
  facts.unreachable = "connection refused";
  const auto checked = check_gates(Stage::postgres, gates_before(Stage::postgres, facts, {}), Force::no);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().state.code() == "55000");
  CHECK(checked.error().detail == "lag: unknown (10000): connection refused\nmismatches: 3 (0): SHOW MISMATCHES lists them with what to do");
}

TEST_CASE("FORCE overrides what is only doubtful, never what would lose rows", "[gates]") {
  GateFacts doubtful = ready(Stage::shadow);
  doubtful.mismatches = 3;
  doubtful.verify->differences = 1;
  CHECK(check_gates(Stage::postgres, gates_before(Stage::postgres, doubtful, {}), Force::yes));
  for (const auto spoil : {+[](GateFacts& f) { f.health.state = Health::State::stopped; }, +[](GateFacts& f) { f.quarantined = 1; },
                           +[](GateFacts& f) { f.filled = false; }}) {
    GateFacts losing = ready(Stage::shadow);
    spoil(losing);
    CHECK_FALSE(check_gates(Stage::postgres, gates_before(Stage::postgres, losing, {}), Force::yes));
  }
}

TEST_CASE("a comparison that is too old, differs or was never made is no proof", "[gates]") {
  GateFacts facts = ready(Stage::shadow);
  const auto light = [&] {
    const auto gates = gates_before(Stage::postgres, facts, {});
    return std::ranges::find(gates, "verify", &Gate::name)->light;
  };
  CHECK(light() == Light::green);
  facts.now_micros = 500'000 + 25LL * 3'600'000'000;
  CHECK(light() == Light::red);
  facts = ready(Stage::shadow);
  facts.verify->problems = 1;
  CHECK(light() == Light::red);
  facts.verify.reset();
  CHECK(light() == Light::red);
}

TEST_CASE("every threshold of [gates] turns its gate red below it and green at it", "[gates]") {
  constexpr std::int64_t kHour = 3'600'000'000;
  struct Row { std::string_view gate; void (*short_of)(GateFacts&); void (*enough)(GateFacts&); };
  const GateLimits limits{.waiting = 10, .compared_reads = 100, .compared_statements = 3, .compared_time = std::chrono::hours(1),
                          .canary_reads = 20, .backup_max_age = std::chrono::hours(2), .free_disk = 50};
  const auto full = [](Stage stage) {
    GateFacts facts = ready(stage);
    facts.now_micros = 10 * kHour;
    facts.verify->at_micros = 10 * kHour;
    facts.compared = {.reads = 100, .statements = 3, .since_micros = 9 * kHour};
    facts.canary.reads = 20;
    facts.backup.age = std::chrono::hours(2);
    facts.free_disk = 50;
    return facts;
  };
  const std::array rows{
      Row{"lag", +[](GateFacts& f) { f.waiting = 11; }, +[](GateFacts& f) { f.waiting = 10; }},
      Row{"compared", +[](GateFacts& f) { f.compared.reads = 99; }, +[](GateFacts& f) { f.compared.reads = 100; }},
      Row{"compared", +[](GateFacts& f) { f.compared.statements = 2; }, +[](GateFacts& f) { f.compared.statements = 3; }},
      Row{"compared", +[](GateFacts& f) { f.compared.since_micros = 9 * kHour + 2'000'000; }, +[](GateFacts& f) { f.compared.since_micros = 9 * kHour; }},
      Row{"compared", +[](GateFacts& f) { f.compared.since_micros = 0; }, +[](GateFacts& f) { f.compared.since_micros = kHour; }},
      Row{"rehearsed", +[](GateFacts& f) { f.rehearsed.waiting = 1; }, +[](GateFacts& f) { f.rehearsed.planned = 1; }},
      Row{"rehearsed", +[](GateFacts& f) { f.rehearsed.refused = {"42703 0123456789abcdef"}; }, +[](GateFacts&) {}},
      Row{"canary", +[](GateFacts& f) { f.canary.reads = 19; }, +[](GateFacts& f) { f.canary.reads = 20; }},
      Row{"canary", +[](GateFacts& f) { f.canary.tripped = "value"; }, +[](GateFacts&) {}},
      Row{"canary", +[](GateFacts& f) { f.canary.failed = 1; }, +[](GateFacts&) {}},
      Row{"sequences", +[](GateFacts& f) { f.unprimable = 1; }, +[](GateFacts& f) { f.unprimable = 0; }},
      Row{"way-back", +[](GateFacts& f) { f.missing_triggers = 1; }, +[](GateFacts& f) { f.missing_triggers = 0; }},
      Row{"way-back", +[](GateFacts& f) { f.missing_triggers.reset(), f.unreachable = "connection refused"; }, +[](GateFacts& f) { f.missing_triggers = 0; }},
      Row{"sessions", +[](GateFacts& f) { f.staying = {{7, "temporary tables"}}; }, +[](GateFacts& f) { f.staying.clear(); }},
      Row{"backup", +[](GateFacts& f) { f.backup.age = std::chrono::hours(3); }, +[](GateFacts& f) { f.backup.age = std::chrono::hours(2); }},
      Row{"backup", +[](GateFacts& f) { f.backup.problem = "none"; }, +[](GateFacts&) {}},
      Row{"disk", +[](GateFacts& f) { f.free_disk = 49; }, +[](GateFacts& f) { f.free_disk = 50; }},
      Row{"disk", +[](GateFacts& f) { f.free_disk.reset(); }, +[](GateFacts& f) { f.free_disk = 51; }},
  };
  for (const Row& row : rows) {
    for (const bool enough : {false, true}) {
      GateFacts facts = full(Stage::canary);
      (enough ? row.enough : row.short_of)(facts);
      const auto gates = gates_before(Stage::postgres, facts, limits);
      const auto gate = std::ranges::find(gates, row.gate, &Gate::name);
      INFO(row.gate);
      REQUIRE(gate != gates.end());
      CHECK((gate->light == Light::green) == enough);
      CHECK(gate->reason.empty() == enough);
      CHECK((std::ranges::count(gates, Light::red, &Gate::light) == 0) == enough);
    }
  }
}

TEST_CASE("what PostgreSQL alone has stands before the way back until it is named or forced, what it lacks always", "[gates]") {
  GateFacts facts = ready(Stage::postgres);
  const auto passes = [&](const GateLimits& limits, Force force) { return check_gates(Stage::shadow, gates_before(Stage::shadow, facts, limits), force).has_value(); };
  facts.differences->alone = {"apart", "hot.more"};
  CHECK_FALSE(passes({}, Force::no));
  CHECK(passes({}, Force::yes));
  CHECK_FALSE(passes({.postgres_only = {"apart"}}, Force::no));
  CHECK(passes({.postgres_only = {"HOT.more", "apart", "nobody"}}, Force::no));
  CHECK(overridden(gates_before(Stage::shadow, facts, {})).starts_with("postgres-only: 2 (0): apart, hot.more: "));
  facts.differences->lacking.insert({LackingPart::Kind::type, "hot", "n", "bigint", "text"});
  CHECK_FALSE(passes({.postgres_only = {"apart", "hot.more"}}, Force::yes));
  facts.differences.reset();
  facts.changes = 1;
  const auto gates = gates_before(Stage::shadow, facts, {});
  CHECK(std::ranges::find(gates, "schema", &Gate::name)->value == "unknown");
  CHECK(names(gates_before(Stage::finished, facts, {})) == "mismatches");
}

TEST_CASE("what FORCE passes over is told for the record", "[gates]") {
  GateFacts facts = ready(Stage::shadow);
  facts.staying = {{7, "temporary tables"}};
  facts.mismatches = 2;
  const auto gates = gates_before(Stage::postgres, facts, {});
  CHECK(check_gates(Stage::postgres, gates, Force::yes));
  CHECK(overridden(gates) == "mismatches: 2 (0): SHOW MISMATCHES lists them with what to do\n"
                             "sessions: 1 (0): sessions that cannot be moved: 7 (temporary tables); FORCE ends them");
  CHECK(overridden(gates_before(Stage::postgres, ready(Stage::shadow), {})).empty());
}

}  // namespace
}  // namespace crossfade::migrate
