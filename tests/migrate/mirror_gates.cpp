#include "gates.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace crossfade::migrate {
namespace {

GateFacts ready(Stage stage) {
  GateFacts facts{.stage = stage, .filled = true, .waiting = 0, .quarantined = 0, .orphans = 0, .now_micros = 1'000'000};
  facts.health.state = Health::State::running;
  facts.verify = VerifyOutcome{.at_micros = 500'000};
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
  CHECK(names(gates_before(Stage::shadow, ready(Stage::copy), {})) == "mirror filled lag");
  CHECK(names(gates_before(Stage::postgres, ready(Stage::shadow), {})) == "mirror filled lag quarantine foreign-keys verify mismatches");
  CHECK(names(gates_before(Stage::shadow, ready(Stage::postgres), {})) == "mirror lag quarantine");
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

}  // namespace
}  // namespace crossfade::migrate
