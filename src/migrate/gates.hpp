#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/migrate/stage.hpp"
#include "crossfade/model/error.hpp"
#include "health.hpp"

namespace crossfade::migrate {

/// What a full comparison found, and when.
struct VerifyOutcome { std::int64_t at_micros = 0; std::int64_t differences = 0; std::size_t problems = 0; };

/// Everything that the gates read, gathered at one moment. An empty optional: it could not be had, see `unreachable`.
struct GateFacts {
  Stage stage = Stage::sqlite;
  Health::Snapshot health;
  bool filled = false;
  std::optional<std::int64_t> waiting, quarantined, orphans;
  std::optional<VerifyOutcome> verify;
  std::size_t mismatches = 0;
  std::int64_t now_micros = 0;
  std::string unreachable;
};

struct GateLimits {
  std::int64_t waiting = 10'000;  // entries: the last step is done while clients wait
  std::chrono::hours verify_max_age{24};
};

enum class Light : std::uint8_t { green, red };
enum class Override : std::uint8_t { never, by_force };
struct Gate {
  std::string_view name;
  Light light = Light::red;
  std::string value, threshold, reason;
  Override overridable = Override::never;
};

/// The gates that stand before a switch from `facts.stage` to `to`. Pure.
std::vector<Gate> gates_before(Stage to, const GateFacts& facts, const GateLimits& limits);

/// Errors: 55000 with the red gates, one a line, in detail. `force` passes those that may be overridden.
enum class Force : std::uint8_t { no, yes };
model::Result<void> check_gates(Stage to, const std::vector<Gate>& gates, Force force);

}  // namespace crossfade::migrate
