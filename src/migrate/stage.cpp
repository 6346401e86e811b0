#include "crossfade/migrate/stage.hpp"

#include <algorithm>
#include <array>

namespace crossfade::migrate {
namespace {

struct StageRow {
  std::string_view name;
  StageRule rule;
};

/// DESIGN §2, one row a stage, in the order of the walk.
constexpr std::array kStages{
    StageRow{"sqlite", {Stage::sqlite, Side::sqlite, Side::sqlite, false, false}},
    StageRow{"copy", {Stage::copy, Side::sqlite, Side::sqlite, true, false}},
    StageRow{"shadow", {Stage::shadow, Side::sqlite, Side::sqlite, true, true}},
    StageRow{"canary", {Stage::canary, Side::sqlite, Side::sqlite, true, true}},
    StageRow{"postgres", {Stage::postgres, Side::postgres, Side::postgres, true, true}},
    StageRow{"finished", {Stage::finished, Side::postgres, Side::postgres, false, false}},
};

constexpr bool every_stage_has_its_row() {
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (static_cast<std::size_t>(kStages[i].rule.stage) != i) return false;
  }
  return kStages.size() == static_cast<std::size_t>(Stage::finished) + 1;
}
static_assert(every_stage_has_its_row());

}  // namespace

std::string_view to_string(Stage stage) { return kStages[static_cast<std::size_t>(stage)].name; }

std::optional<Stage> parse_stage(std::string_view text) {
  const auto* row = std::ranges::find(kStages, text, &StageRow::name);
  if (row == kStages.end()) return std::nullopt;
  return row->rule.stage;
}

const StageRule& rule(Stage stage) { return kStages[static_cast<std::size_t>(stage)].rule; }

}  // namespace crossfade::migrate
