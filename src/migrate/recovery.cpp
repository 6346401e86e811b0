#include "recovery.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace crossfade::migrate {
namespace {

constexpr std::array<std::string_view, 6> kVerdicts{"agree", "follow", "cancel", "finish-cancel", "forward", "refuse"};

bool neighbours(Stage a, Stage b) { return std::abs(static_cast<int>(a) - static_cast<int>(b)) == 1; }

/// A switch that changes the primary: between shadow (canary) and postgres.
bool changes_primary(Stage a, Stage b) { return rule(a).primary != rule(b).primary; }

Decision settle(Verdict verdict, Side old_primary, const SideState& old_side, const SideState& new_side) {
  const Stage stage = verdict == Verdict::forward ? new_side.at.stage : old_side.at.stage;
  return {verdict, old_primary,
          {stage, old_side.at.epoch + 1, std::max(old_side.at.since_micros, new_side.at.since_micros)}};
}

/// One side is handing over. It does so only as the primary of its stage.
Decision decide_handing_over(Side old_primary, const SideState& old_side, const SideState& new_side) {
  if (rule(old_side.at.stage).primary != old_primary || new_side.handing_over) return {};
  if (new_side.at.epoch == old_side.at.epoch && new_side.at.stage == old_side.at.stage) {
    return settle(Verdict::cancel, old_primary, old_side, new_side);
  }
  if (new_side.at.epoch != old_side.at.epoch + 1) return {};
  if (new_side.at.stage == old_side.at.stage) return settle(Verdict::finish_cancel, old_primary, old_side, new_side);
  if (!changes_primary(old_side.at.stage, new_side.at.stage)) return {};
  return settle(Verdict::forward, old_primary, old_side, new_side);
}

}  // namespace

std::string_view to_string(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }

Decision decide(const SideState& sqlite, const SideState& postgres) {
  if (sqlite.handing_over) return decide_handing_over(Side::sqlite, sqlite, postgres);
  if (postgres.handing_over) return decide_handing_over(Side::postgres, postgres, sqlite);
  if (sqlite.at.stage == postgres.at.stage && sqlite.at.epoch == postgres.at.epoch) {
    return {Verdict::agree, rule(sqlite.at.stage).primary, sqlite.at};
  }
  const bool one_ahead = sqlite.at.epoch == postgres.at.epoch + 1 && neighbours(sqlite.at.stage, postgres.at.stage);
  if (one_ahead && !changes_primary(sqlite.at.stage, postgres.at.stage)) {
    return {Verdict::follow, Side::sqlite, sqlite.at};
  }
  return {};
}

}  // namespace crossfade::migrate
