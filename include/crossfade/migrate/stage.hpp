#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crossfade::migrate {

/// DESIGN §2. The order is the order of the walk; neighbours may be switched between.
enum class Stage : std::uint8_t { sqlite, copy, shadow, canary, postgres, finished };
enum class Side : std::uint8_t { sqlite, postgres };

std::string_view to_string(Stage stage);
std::optional<Stage> parse_stage(std::string_view text);

/// Who answers and who is primary at a stage.
struct StageRule { Stage stage; Side answers; Side primary; bool journal; bool mirrored; };
const StageRule& rule(Stage stage);

/// Where the pair stands: equal in both databases when at rest.
struct StageState {
  Stage stage = Stage::sqlite;
  std::int64_t epoch = 0;
  std::int64_t since_micros = 0;  // µs since 2000-01-01 UTC
  bool operator==(const StageState&) const = default;
};

}  // namespace crossfade::migrate
