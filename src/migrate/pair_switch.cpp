#include <algorithm>
#include <array>

#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/log.hpp"
#include "pair_controller.hpp"
#include "walk_moves.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// Every change of stage there is; what is not in the table is refused.
enum class Way : std::uint8_t { to_copy, beside, to_canary, to_postgres, back, finish };
struct Passage { Stage from, to; Way way; };
constexpr std::array kPassages{
    Passage{Stage::sqlite, Stage::copy, Way::to_copy},      Passage{Stage::copy, Stage::shadow, Way::beside},
    Passage{Stage::shadow, Stage::postgres, Way::to_postgres}, Passage{Stage::postgres, Stage::shadow, Way::back},
    Passage{Stage::shadow, Stage::copy, Way::beside},       Passage{Stage::copy, Stage::sqlite, Way::beside},
    Passage{Stage::postgres, Stage::finished, Way::finish},    Passage{Stage::shadow, Stage::canary, Way::to_canary},
    Passage{Stage::canary, Stage::shadow, Way::beside},        Passage{Stage::canary, Stage::postgres, Way::to_postgres},
};

model::Result<StageState> refuse(Stage from, Stage to) {
  std::string reachable;
  for (const Passage& passage : kPassages) {
    if (passage.from == from) reachable += (reachable.empty() ? "" : ", ") + std::string(to_string(passage.to));
  }
  return model::fail("55000"_state, "stage " + std::string(to_string(to)) + " cannot be reached from stage " + std::string(to_string(from)),
                     "From here: " + reachable + ".");
}

}  // namespace

model::Result<StageState> PairController::switch_to(Stage stage, bool force, std::optional<int> percent) {
  const std::unique_lock one(switching_, std::try_to_lock);
  if (!one) return model::fail("55006"_state, "another switch is under way");
  if (stage == Stage::finished) {
    return model::fail("55000"_state, "stage finished is reached by FINISH", "There is no way back from it.", "FINISH [FORCE] on the console.");
  }
  percent_ = percent.value_or(options_.canary_percent);
  if (percent_ < 1 || percent_ > 100) return model::fail("22023"_state, "stage canary takes 1 to 100 percent of the sessions");
  return route(stage, force ? Force::yes : Force::no);
}

model::Result<StageState> PairController::finish(bool force) {
  const std::unique_lock one(switching_, std::try_to_lock);
  if (!one) return model::fail("55006"_state, "another switch is under way");
  return route(Stage::finished, force ? Force::yes : Force::no);
}

model::Result<StageState> PairController::switch_back(bool force) {
  constexpr std::array<std::pair<Stage, Stage>, 4> kBack{
      {{Stage::postgres, Stage::shadow}, {Stage::canary, Stage::shadow}, {Stage::shadow, Stage::copy}, {Stage::copy, Stage::sqlite}}};
  const std::unique_lock one(switching_, std::try_to_lock);
  if (!one) return model::fail("55006"_state, "another switch is under way");
  const Stage from = fence_.state().stage;
  const auto* to = std::ranges::find(kBack, from, &std::pair<Stage, Stage>::first);
  if (to == kBack.end()) return model::fail("55000"_state, "there is no stage before " + std::string(to_string(from)));
  return route(to->second, force ? Force::yes : Force::no);
}

model::Result<StageState> PairController::route(Stage to, Force force) {
  if (unsettled_) return model::fail("55000"_state, "the last switch has not been settled yet", mirror_.health().read().reason);
  const StageState from = fence_.state();
  if (from.stage != Stage::finished) {
    const std::scoped_lock work(work_);
    CROSSFADE_CHECK(mirror_.links().claim(std::chrono::seconds(2)));
  }
  if (from.stage == to && to == Stage::copy && !filled_) return wait_until_filled();
  if (from.stage == to && to == Stage::canary) return change_canary(from);
  if (from.stage == to) return from;
  const auto* passage = std::ranges::find_if(kPassages, [&](const Passage& p) { return p.from == from.stage && p.to == to; });
  if (passage == kPassages.end()) return refuse(from.stage, to);
  observe::log(observe::Level::info, "switch", {{"from", to_string(from.stage)}, {"to", to_string(to)}});
  await_mirror();
  switch (passage->way) {
    case Way::to_copy: return to_copy(from);
    case Way::beside: return beside(from, to, force);
    case Way::to_canary: return to_canary(from, force);
    case Way::to_postgres: return to_postgres(from, force);
    case Way::back: return back(from, force);
    case Way::finish: return bury(from, force);
  }
  return refuse(from.stage, to);
}

/// After a walk, come to its end or not: the fence opens in the stage in which both rows stand. `work_` is held.
model::Result<StageState> PairController::finish_walk(model::Result<StageState> walked, Stage wanted) {
  if (walked) {
    stand_in(*walked);
    observe::log(observe::Level::info, "stage", {{"stage", to_string(walked->stage)}, {"epoch", walked->epoch}});
    return walked;
  }
  observe::log(observe::Level::warn, "switch failed", {{"error", walked.error().message}, {"detail", walked.error().detail}});
  unsettled_ = true;
  if (!settle_again()) {
    model::Error error = walked.error();
    error.detail += (error.detail.empty() ? "" : " ") + std::string("The two sides could not be settled yet; it is tried again until they are.");
    return std::unexpected(std::move(error));
  }
  const StageState settled = fence_.state();
  return settled.stage == wanted ? model::Result<StageState>(settled) : walked;
}

/// Into the history: for how long the fence was closed. It is open again, and the switch has come to its end with or without it.
model::Result<StageState> PairController::held(model::Result<StageState> walked) {
  if (!walked) return walked;
  const auto noted = move_file(*database_, mirror_, [&](sqlite::Connection& file) { return note_held(file, walked->epoch, fence_.held()); });
  if (!noted) observe::log(observe::Level::warn, "history", {{"error", noted.error().message}});
  return walked;
}

model::Result<StageState> PairController::to_copy(const StageState& from) {
  {
    const std::scoped_lock work(work_);
    CROSSFADE_CHECK(mirror_.load(plan_));
    if (!mirror_.plan()) {
      return model::fail("55000"_state, "there is no plan", {}, "Make one with `crossfade plan`, review it, and serve with it.");
    }
    CROSSFADE_CHECK(refuse_existing(*mirror_.plan()));
    {
      const std::scoped_lock lock(state_);
      schema_ = mirror_.shared_schema();
    }
    filled_ = false;
    mismatches_.clear();
    if (shadow_) shadow_->begin_anew();
    const model::Result<StageState> walked = finish_walk(walk_to_copy(*database_, mirror_, from, *mirror_.plan()), Stage::copy);
    if (!walked) return walked;
    mirror_.health().enter(Health::State::filling);
  }
  return wait_until_filled();
}

model::Result<StageState> PairController::wait_until_filled() {
  if (mirror_.health().read().state == Health::State::stopped) mirror_.health().enter(Health::State::filling);
  wake();
  std::unique_lock lock(state_);
  const auto ended = [this] { return stopping_ || filled_ || mirror_.health().read().state == Health::State::stopped; };
  while (!ended()) woken_.wait_for(lock, std::chrono::milliseconds(200));
  if (filled_) return fence_.state();
  if (stopping_) return model::fail("57P01"_state, "the program is ending; the copy starts again with it");
  return model::fail("55000"_state, "the tables could not be copied", mirror_.health().read().reason,
                     "Mend it and SWITCH TO copy again, or SWITCH BACK.");
}

model::Result<StageState> PairController::beside(const StageState& from, Stage to, Force force) {
  CROSSFADE_CHECK(pass_gates(from, to, force));
  const std::scoped_lock work(work_);
  model::Result<StageState> walked = finish_walk(walk_beside(*database_, mirror_, from, to), to);
  if (walked && to == Stage::sqlite) {
    filled_ = false;
    mirror_.health().enter(Health::State::off);
  }
  return walked;
}

/// The gate `quarantine` again, and no FORCE: rows that PostgreSQL has not cannot be read there. `work_` is held.
model::Result<void> PairController::nothing_aside() {
  CROSSFADE_TRY(const std::int64_t aside, put_aside());
  if (aside == 0) return {};
  return model::fail("55000"_state, "the canary is not begun: " + std::to_string(aside) + " rows are in quarantine", {},
                     "Mend them in the file; the mirror takes them out when PostgreSQL holds them. Those of the copy: then SWITCH BACK to stage sqlite and copy anew.");
}

/// Every value is compared before the first client reads one there.
model::Result<StageState> PairController::to_canary(const StageState& from, Force force) {
  CROSSFADE_CHECK(verify_if_stale());
  CROSSFADE_CHECK(pass_gates(from, Stage::canary, force));
  const std::scoped_lock work(work_);
  CROSSFADE_CHECK(nothing_aside());
  CROSSFADE_CHECK(move_file(*database_, mirror_, [this](sqlite::Connection& file) { return store_canary(file, percent_); }));
  return finish_walk(walk_beside(*database_, mirror_, from, Stage::canary), Stage::canary);
}

model::Result<StageState> PairController::change_canary(const StageState& at) {
  const std::scoped_lock work(work_);
  CROSSFADE_CHECK(nothing_aside());
  CROSSFADE_CHECK(move_file(*database_, mirror_, [this](sqlite::Connection& file) { return store_canary(file, percent_); }));
  canary_.begin(percent_);
  observe::log(observe::Level::info, "canary", {{"percent", std::to_string(percent_)}});
  return at;
}

/// A connection that broke is opened again in a moment: that alone does not refuse a switch.
void PairController::await_mirror() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (!stopping_ && mirror_.health().read().state == Health::State::retrying && std::chrono::steady_clock::now() < end) {
    std::unique_lock lock(state_);
    woken_.wait_for(lock, std::chrono::milliseconds(20));
  }
}

/// Changes that clients made just now are planned in a moment: that alone does not refuse a switch.
void PairController::await_rehearsals() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  const auto planned = [this] { return stopping_ || !shadow_ || shadow_->rehearsals().read().waiting == 0; };
  while (!planned() && std::chrono::steady_clock::now() < end) {
    std::unique_lock lock(state_);
    woken_.wait_for(lock, std::chrono::milliseconds(20));
  }
}

model::Result<StageState> PairController::to_postgres(const StageState& from, Force force) {
  CROSSFADE_CHECK(verify_if_stale());
  await_rehearsals();
  CROSSFADE_CHECK(pass_gates(from, Stage::postgres, force));
  CROSSFADE_CHECK(fence_.close(options_.drain_timeout));
  const std::scoped_lock work(work_);
  return held(finish_walk(walk_to_postgres(*database_, mirror_, from), Stage::postgres));
}

/// A change of the schema that a client made just now is carried in a moment: that alone does not refuse a switch.
void PairController::carry_changes() {
  const std::scoped_lock work(work_);
  if (unsettled_ || mirror_.health().read().state == Health::State::stopped) return;
  if (const StepResult done = mirror_.step_to_end(Side::postgres); !done) observe::log(observe::Level::warn, "step failed", {{"error", done.error().error.message}});
}

model::Result<StageState> PairController::back(const StageState& from, Force force) {
  carry_changes();
  CROSSFADE_TRY(const GateFacts passed, pass_gates(from, Stage::shadow, force));
  CROSSFADE_CHECK(fence_.close(options_.drain_timeout));
  const std::scoped_lock work(work_);
  return held(finish_walk(walk_back(*database_, mirror_, from, *passed.differences), Stage::shadow));
}

/// The fence is closed although the primary stays: dropping our triggers waits for every open transaction, and would hold up all others.
model::Result<StageState> PairController::bury(const StageState& from, Force force) {
  CROSSFADE_CHECK(pass_gates(from, Stage::finished, force));
  CROSSFADE_CHECK(fence_.close(options_.drain_timeout));
  const std::scoped_lock work(work_);
  model::Result<StageState> walked = held(finish_walk(walk_finish(*database_, mirror_, from), Stage::finished));
  if (walked) {
    filled_ = false;
    mirror_.health().enter(Health::State::off);
    mirror_.links().give_up_claim();
  }
  return walked;
}

}  // namespace crossfade::migrate
