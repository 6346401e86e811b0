#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/migrate/stage.hpp"
#include "crossfade/model/error.hpp"
#include "health.hpp"
#include "schema_differences.hpp"

namespace crossfade::migrate {

/// What a full comparison found, and when.
struct VerifyOutcome { std::int64_t at_micros = 0; std::int64_t differences = 0; std::size_t problems = 0; };

/// Reads that were run again on pairs since the copy, or since the program began. `since_micros` 0: none yet.
struct Compared { std::uint64_t reads = 0; std::size_t statements = 0; std::int64_t since_micros = 0; };
/// Kinds of changes that clients have made, and what PostgreSQL thinks of them. `refused`: by SQLSTATE and fingerprint.
struct Rehearsed { std::size_t planned = 0, waiting = 0; std::vector<std::string> refused; };
/// How old the last backup is; a `problem` when there is none that counts.
struct BackupAge { std::chrono::seconds age{0}; std::string problem; };
/// Reads that PostgreSQL has answered in stage canary. `tripped`: why it answers none any more. `silent`: how many it did not answer in turn,
/// once that has it paused.
struct CanaryCounts { std::uint64_t reads = 0, stayed = 0, failed = 0; std::string tripped; int silent = 0; };

/// Everything that the gates read, gathered at one moment. An empty optional: it could not be had, see `unreachable`.
struct GateFacts {
  Stage stage = Stage::sqlite;
  Health::Snapshot health;
  bool filled = false;
  std::optional<std::int64_t> waiting, quarantined, orphans;
  std::optional<VerifyOutcome> verify;
  std::size_t mismatches = 0;
  Compared compared;
  Rehearsed rehearsed;
  std::optional<std::int64_t> unprimable;        // identity columns whose sequence is not there or cannot go so far
  std::optional<std::int64_t> missing_triggers;  // of ours in PostgreSQL, which the way back needs
  std::optional<std::int64_t> changes = 0;       // of the schema, that only PostgreSQL has as the primary
  std::optional<SchemaDifferences> differences;  // while it is the primary, of its tables and the file's; empty too while `changes` wait
  std::vector<StayingSession> staying;
  BackupAge backup;
  std::optional<std::int64_t> free_disk;         // MB
  CanaryCounts canary;
  std::int64_t now_micros = 0;
  std::string unreachable;
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
/// The red ones that FORCE passes, one a line: for the record.
std::string overridden(const std::vector<Gate>& gates);

}  // namespace crossfade::migrate
