#include <algorithm>
#include <array>
#include <set>

#include "crossfade/model/text_format.hpp"
#include "crossfade/plan/plan.hpp"
#include "pair_controller.hpp"

namespace crossfade::migrate {

using namespace model::literals;

using Show = model::Result<ConsoleTable> (PairController::*)() const;
struct ShowRule {
  std::string_view name;
  Show show;
  static std::span<const ShowRule> all();
};

std::span<const ShowRule> ShowRule::all() {
  static constexpr std::array kRules{
      ShowRule{"STAGE", &PairController::show_stage},           ShowRule{"LAG", &PairController::show_lag},
      ShowRule{"MISMATCHES", &PairController::show_mismatches}, ShowRule{"READINESS", &PairController::show_readiness},
      ShowRule{"JOURNAL", &PairController::show_journal},       ShowRule{"FORCED", &PairController::show_forced},
      ShowRule{"COMPARED", &PairController::show_compared},     ShowRule{"HISTORY", &PairController::show_history},
      ShowRule{"TRANSLATIONS", &PairController::show_translations}, ShowRule{"VERSION", &PairController::show_version},
  };
  return kRules;
}

std::string micros_text(std::int64_t micros) {
  if (micros == 0) return "";
  return model::to_text(model::TimestampTz{micros}, {model::oid::timestamptz});
}

namespace {

std::string_view to_string(Side side) { return side == Side::sqlite ? "sqlite" : "postgres"; }

/// The stage whose gates SHOW READINESS shows: the next one, or the way back from the last.
Stage next_stage(Stage stage) {
  constexpr std::array<std::pair<Stage, Stage>, 5> kNext{{{Stage::sqlite, Stage::copy}, {Stage::copy, Stage::shadow},
                                                          {Stage::shadow, Stage::postgres}, {Stage::canary, Stage::postgres},
                                                          {Stage::postgres, Stage::shadow}}};
  const auto* found = std::ranges::find(kNext, stage, &std::pair<Stage, Stage>::first);
  return found == kNext.end() ? stage : found->second;
}

}  // namespace

model::Result<ConsoleTable> PairController::show(std::string_view what) {
  std::string names;
  for (const ShowRule& rule : ShowRule::all()) {
    if (plan::fold(rule.name) == plan::fold(what)) return (this->*rule.show)();
    names += (names.empty() ? "" : ", ") + std::string(rule.name);
  }
  return model::fail("42601"_state, "there is no SHOW " + std::string(what), "Known: " + names + ".");
}

/// "25 % of the sessions", or why there are none any more; empty outside of the stage.
std::string PairController::canary_text() const {
  if (fence_.state().stage != Stage::canary) return "";
  const CanaryCounts counts = canary_.counts();
  if (!counts.tripped.empty()) return "tripped: " + counts.tripped;
  const std::string share = std::to_string(canary_.percent()) + " % of the sessions";
  return counts.silent == 0 ? share : share + ", paused: PostgreSQL did not answer " + std::to_string(counts.silent) + " reads in turn";
}

/// How commits are answered now.
std::string PairController::sync_text() const {
  if (!syncs()) return "async";
  if (!sync_.behind()) return "sync";
  return options_.sync.late == SyncOptions::Late::refuse ? "refusing changes" : "degraded";
}

model::Result<ConsoleTable> PairController::show_stage() const {
  const StageState now = fence_.state();
  const StageRule& at = rule(now.stage);
  const Health::Snapshot health = mirror_.health().read();
  ConsoleTable table{.columns = {"stage", "epoch", "since", "answers", "primary", "mirror", "filled", "canary"}, .rows = {}};
  table.rows.push_back({std::string(migrate::to_string(now.stage)), std::to_string(now.epoch), micros_text(now.since_micros),
                        std::string(to_string(at.answers)), std::string(to_string(at.primary)),
                        unsettled_ ? "settling" : std::string(migrate::to_string(health.state)), filled_ ? "all tables" : health.filling, canary_text()});
  return table;
}

model::Result<ConsoleTable> PairController::show_lag() const {
  const Side primary = rule(fence_.state().stage).primary;
  const Health::Snapshot health = mirror_.health().read();
  ConsoleTable table{.columns = {"direction", "state", "waiting", "last_step", "steps", "keys", "quarantined", "reason", "commits", "late_commits"}, .rows = {}};
  std::optional<std::string> waiting;
  if (rule(fence_.state().stage).journal) {
    if (const model::Result<std::int64_t> count = mirror_.waiting(primary)) waiting = std::to_string(*count);
  }
  const std::string direction = primary == Side::sqlite ? "sqlite to postgres" : "postgres to sqlite";
  table.rows.push_back({direction, std::string(migrate::to_string(health.state)), waiting, micros_text(health.last_step_micros),
                        std::to_string(health.steps), std::to_string(health.keys), std::to_string(health.quarantined), health.reason, sync_text(), std::to_string(sync_.late())});
  return table;
}

model::Result<ConsoleTable> PairController::show_mismatches() const {
  ConsoleTable table{.columns = {"fingerprint", "class", "count", "first_seen", "last_seen", "advice", "summary", "tables"}, .rows = {}};
  for (const Mismatch& one : mismatches_.list()) {
    std::string tables;
    for (const std::string& name : one.tables) tables += (tables.empty() ? "" : ", ") + name;
    table.rows.push_back({one.fingerprint, std::string(compare::to_string(one.kind)), std::to_string(one.count), micros_text(one.first_seen),
                          micros_text(one.last_seen), std::string(advice(one.kind)), one.summary, tables});
  }
  return table;
}

/// Microseconds.
model::Result<ConsoleTable> PairController::show_compared() const {
  ConsoleTable table{.columns = {"fingerprint", "compared", "equal", "timed", "sqlite_us", "postgres_us", "sqlite_max_us", "postgres_max_us", "undecided"}, .rows = {}};
  if (!shadow_) return table;
  for (const KindOfRead& one : shadow_->kinds()) {
    const auto micros = [&](std::chrono::microseconds time) { return one.timed == 0 ? std::optional<std::string>() : std::to_string(time.count()); };
    table.rows.push_back({one.fingerprint, std::to_string(one.compared), std::to_string(one.equal), std::to_string(one.timed), micros(one.median.sqlite),
                          micros(one.median.postgres), micros(one.longest.sqlite), micros(one.longest.postgres),
                          std::to_string(one.undecided)});
  }
  return table;
}

model::Result<ConsoleTable> PairController::show_readiness() const {
  ConsoleTable table{.columns = {"gate", "state", "value", "threshold", "reason"}, .rows = {}};
  const GateFacts now = facts();
  for (const Gate& gate : gates_before(next_stage(now.stage), now, options_.gates)) {
    table.rows.push_back({std::string(gate.name), gate.light == Light::green ? "green" : "red", gate.value, gate.threshold, gate.reason});
  }
  return table;
}

model::Result<ConsoleTable> PairController::show_journal() const {
  const Health::Snapshot health = mirror_.health().read();
  ConsoleTable table{.columns = {"what", "value"}, .rows = {}};
  table.rows.push_back({"steps with changes", std::to_string(health.steps)});
  table.rows.push_back({"keys carried", std::to_string(health.keys)});
  table.rows.push_back({"pairs made", std::to_string(health.pairs)});
  if (shadow_) {
    const Shadow::Counts counts = shadow_->counts();
    table.rows.push_back({"samples compared", std::to_string(counts.compared)});
    table.rows.push_back({"samples equal", std::to_string(counts.equal)});
    table.rows.push_back({"samples undecided", std::to_string(counts.undecided)});
    table.rows.push_back({"samples skipped", std::to_string(counts.skipped)});
    table.rows.push_back({"samples not translated", std::to_string(counts.untranslated)});
    table.rows.push_back({"reads not comparable", std::to_string(uncomparable_)});
    const Rehearsed rehearsed = shadow_->rehearsals().read();
    table.rows.push_back({"changes rehearsed", std::to_string(rehearsed.planned)});
    table.rows.push_back({"changes refused in rehearsal", std::to_string(rehearsed.refused.size())});
  }
  const CanaryCounts canary = canary_.counts();
  table.rows.push_back({"canary reads", std::to_string(canary.reads)});
  table.rows.push_back({"canary reads that stayed", std::to_string(canary.stayed)});
  table.rows.push_back({"canary reads that failed", std::to_string(canary.failed)});
  const auto held = rule(fence_.state().stage).journal ? mirror_.entries() : model::Result<std::int64_t>(0);
  table.rows.push_back({"entries in the file", held ? std::optional(std::to_string(*held)) : std::nullopt});
  return table;
}

model::Result<ConsoleTable> PairController::show_forced() const {
  ConsoleTable table{.columns = {"at", "from", "to", "epoch", "gates"}, .rows = {}};
  CROSSFADE_TRY(const std::vector<Forced> all, mirror_.forced());
  for (const Forced& one : all) {
    table.rows.push_back({micros_text(one.at_micros), std::string(to_string(one.from)), std::string(to_string(one.to)), std::to_string(one.epoch), one.gates});
  }
  return table;
}

/// What PostgreSQL does not take as clients say it, or answers otherwise: it is rewritten before the proxy is taken out. All else is the same there.
model::Result<ConsoleTable> PairController::show_translations() const {
  ConsoleTable table{.columns = {"fingerprint", "kind", "seen", "why", "advice", "statement"}, .rows = {}};
  std::set<std::string> changes;
  if (shadow_) {
    for (const Rehearsals::Refused& one : shadow_->rehearsals().refused()) {
      changes.insert(one.fingerprint);
      table.rows.push_back({one.fingerprint, "change", std::nullopt, "PostgreSQL refuses it with " + one.state, "write it so that both databases take it", one.statement});
    }
  }
  for (const Mismatch& one : mismatches_.list()) {
    if (changes.contains(one.fingerprint)) continue;
    const std::string why = std::string(compare::to_string(one.kind)) + (one.summary.empty() ? "" : ": " + one.summary);
    table.rows.push_back({one.fingerprint, "read", std::to_string(one.count), why, std::string(advice(one.kind)), one.statement});
  }
  return table;
}

/// held_ms: the longest that a client can have waited for the switch.
model::Result<ConsoleTable> PairController::show_history() const {
  ConsoleTable table{.columns = {"at", "from", "to", "epoch", "held_ms"}, .rows = {}};
  CROSSFADE_TRY(const std::vector<StageChange> all, mirror_.history());
  for (const StageChange& one : all) {
    const auto held = one.held ? std::optional(std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(*one.held).count())) : std::nullopt;
    table.rows.push_back({micros_text(one.at_micros), std::string(to_string(one.from)), std::string(to_string(one.to)), std::to_string(one.epoch), held});
  }
  return table;
}

model::Result<ConsoleTable> PairController::show_version() const {
  ConsoleTable table{.columns = {"program", "version"}, .rows = {}};
  table.rows.push_back({"crossfade", CROSSFADE_VERSION});
  return table;
}

}  // namespace crossfade::migrate
