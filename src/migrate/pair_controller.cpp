#include "pair_controller.hpp"

#include "crossfade/observe/log.hpp"
#include "postgres_state.hpp"
#include "tombstone.hpp"
#include "walk_moves.hpp"

namespace crossfade::migrate {

using namespace model::literals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds kBackoffLimit = 2'000ms;
/// At start: the last process may have been killed, and PostgreSQL may still be about to notice.
constexpr std::chrono::milliseconds kClaimPatience = 10'000ms;
constexpr std::chrono::seconds kClaimCheck = 1s;
constexpr std::chrono::milliseconds kTripPatience = 500ms;  // the mirror stands meanwhile

}  // namespace

PairController::PairController(sqlite::Database& database, postgres::Conninfo conninfo, std::shared_ptr<const plan::Plan> plan,
                               ControllerOptions options)
    : database_(&database), plan_(std::move(plan)), options_(options), mirror_(database, std::move(conninfo)), fence_(StageState{}),
      mismatches_(options.max_mismatches), canary_(database, options.canary_wait) {
  follower_ = make_follower(*this);
  mirror_.gives_way([this] { return changing_ != 0; });
  mirror_.on_change([this] { schema_changed(); });
  mirror_.before_commit([this](const StepReport& step) {
    if (step.aside != 0 || step.reach == Reach::partial) canary_.about_to_mix();
    if (step.aside != 0) trip_canary(std::to_string(step.aside) + " rows are in quarantine");
  });
}

PairController::~PairController() { stop(); }

model::Result<void> PairController::begin() {
  CROSSFADE_TRY(claim_, FileClaim::take(database_->options().file, FileClaim::Mode::exclusive));
  CROSSFADE_CHECK(mirror_.load(plan_));
  CROSSFADE_TRY(sqlite::Connection * reader, mirror_.links().reader());
  CROSSFADE_TRY(const std::optional<Tombstone> tombstone, read_tombstone(*reader));
  if (tombstone) {
    CROSSFADE_TRY(postgres::Connection * target_of, mirror_.links().service());
    CROSSFADE_CHECK(check_tombstone(*tombstone, *target_of));
  } else {
    CROSSFADE_CHECK(mirror_.links().claim(kClaimPatience));
  }
  CROSSFADE_TRY(const StageState settled, settle(*database_, mirror_));
  CROSSFADE_TRY(postgres::Connection * service, mirror_.links().service());
  CROSSFADE_TRY(const std::optional<TargetState> target, read_target_state(*service, Lock::none));
  filled_ = target && target->fill == Fill::complete;
  schema_ = mirror_.shared_schema();
  stand_in(settled);
  observe::log(observe::Level::info, "stage", {{"stage", to_string(settled.stage)}, {"epoch", settled.epoch}});
  const auto pair = [this]() -> std::optional<Pair> {
    if (!filled_ || !rule(fence_.state().stage).mirrored) return std::nullopt;
    model::Result<Pair> made = make_pair();
    return made ? std::optional<Pair>(std::move(*made)) : std::nullopt;
  };
  const auto schema = [this] {
    const std::scoped_lock lock(state_);
    return schema_;
  };
  const ShadowOptions shadow{.rate = options_.shadow_rate, .queue = options_.shadow_queue};
  const auto differs = [this](const Mismatch& seen) {
    trip_canary("class " + std::string(compare::to_string(seen.kind)) + " of " + seen.fingerprint);
  };
  shadow_ = std::make_unique<Shadow>(shadow, mismatches_, pair, schema, differs);
  if (filled_) work_once();  // so that the gates know at once how the mirror is
  applier_ = std::thread([this] { run(); });
  return {};
}

void PairController::stop() {
  if (stopping_.exchange(true)) return;
  wake();
  mirror_.links().cancel();
  canary_.stop();
  if (shadow_) shadow_->stop();
  if (applier_.joinable()) applier_.join();
}

void PairController::wake() {
  const std::scoped_lock lock(state_);
  ++wakes_;
  woken_.notify_all();
}

bool PairController::wants_sample(std::string_view fingerprint) {
  return rule(fence_.state().stage).mirrored && shadow_ && shadow_->wants(fingerprint);
}

bool PairController::wants_rehearsal(std::string_view fingerprint) {
  const StageRule& at = rule(fence_.state().stage);
  return at.mirrored && at.primary == Side::sqlite && shadow_ && shadow_->rehearsals().wants(fingerprint);
}

void PairController::offer(Sample sample) {
  if (shadow_) shadow_->offer(std::move(sample));
}

void PairController::run() {
  std::chrono::milliseconds pause = options_.step_interval;
  std::uint64_t seen = 0;
  while (!stopping_) {
    {
      const std::scoped_lock work(work_);
      check_claim();
      if (!unsettled_ || settle_again()) work_once();
      save_trip();
    }
    sync_.gather();
    const Health::State state = mirror_.health().read().state;
    pause = state == Health::State::retrying ? std::min(pause * 2, kBackoffLimit) : options_.step_interval;
    std::unique_lock lock(state_);
    woken_.notify_all();  // whoever waits for the fill or for a step
    if (state == Health::State::retrying) woken_.wait_for(lock, pause, [this] { return stopping_.load(); });
    else woken_.wait_for(lock, pause, [&] { return stopping_ || wakes_ != seen; });
    seen = wakes_;
  }
  const std::scoped_lock work(work_);
  save_trip();
}

/// The fence opens in this stage; the canary is that of the stage.
void PairController::stand_in(const StageState& at) {
  if (at.stage != Stage::canary) {
    canary_.end();
  } else if (canary_.wanted() == 0) {
    begin_canary();
  }
  fence_.open(at);
}

/// As it stood when the program ended: what it had tripped over stays until SWITCH TO canary.
void PairController::begin_canary() {
  model::Result<sqlite::Connection> file = mirror_.links().open_file(sqlite::Role::service);
  const model::Result<std::optional<StoredCanary>> stored = file ? stored_canary(*file) : std::unexpected(file.error());
  const StoredCanary as = stored && *stored ? **stored : StoredCanary{options_.canary_percent, ""};
  canary_.begin(as.percent);
  if (!stored) return trip_canary("what it stood at could not be read: " + stored.error().message);
  if (!as.tripped.empty()) {
    canary_.trip(as.tripped);
    canary_.saved();
    return;
  }
  const model::Result<std::int64_t> aside = put_aside();
  if (!aside) trip_canary("what is in quarantine could not be read: " + aside.error().message);
  else if (*aside != 0) trip_canary(std::to_string(*aside) + " rows are in quarantine");
}

model::Result<std::int64_t> PairController::put_aside() {
  CROSSFADE_TRY(postgres::Connection * target, mirror_.links().service());
  CROSSFADE_TRY(const model::Value count, target->value("SELECT count(*) FROM crossfade.quarantine WHERE origin <> 'copy' OR reason NOT LIKE 'made NULL: %'"));
  return std::get<std::int64_t>(count);
}

void PairController::trip_canary(const std::string& why) {
  if (canary_.percent() == 0) return;
  canary_.trip(why);
  observe::log(observe::Level::warn, "canary tripped", {{"reason", why}});
  wake();  // save_trip()
}

/// On the applier's thread, with `work_`; tried again until it is done.
void PairController::save_trip() {
  const std::optional<std::string> why = canary_.unsaved();
  if (!why) return;
  const model::Result<void> stored = move_file(*database_, mirror_, [&](sqlite::Connection& file) { return store_trip(file, *why); }, kTripPatience);
  if (stored) canary_.saved();
  else observe::log(observe::Level::warn, "the canary's trip is not stored yet", {{"error", stored.error().message}});
}

void PairController::note_canary(CanaryOutcome outcome) {
  canary_.note(outcome);
  if (outcome == CanaryOutcome::failed) trip_canary("PostgreSQL failed a read that SQLite answered");
}

bool PairController::syncs() const { return options_.sync.mode == SyncOptions::Mode::sync && filled_ && rule(fence_.state().stage).mirrored; }

bool PairController::refuses_changes() const {
  return options_.sync.late == SyncOptions::Late::refuse && syncs() && sync_.behind();
}

model::Error late_commit() {
  return {"01000"_state, "the transaction is committed, but the other database does not hold it yet", {},
          "SHOW LAG on Crossfade's console tells how far the mirror is."};
}

model::Error refused_change() {
  return {"57P03"_state, "changes are refused: the other database is behind", {},
          "They are taken again when it has caught up (mirror.on_sync_timeout)."};
}

/// Now and then: our connection may have broken, and somebody else may have been quicker to claim the pair. Then we touch it no more.
void PairController::check_claim() {
  const auto now = std::chrono::steady_clock::now();
  if (now - claimed_ < kClaimCheck || fence_.state().stage == Stage::finished) return;
  claimed_ = now;
  const model::Result<void> held = mirror_.links().claim(0ms);
  if (held || held.error().state != "55006"_state || mirror_.health().read().state == Health::State::stopped) return;
  mirror_.health().enter(Health::State::stopped, held.error().message + " (" + held.error().detail + ")");
  observe::log(observe::Level::error, "claim lost", {{"error", held.error().message}, {"detail", held.error().detail}});
}

void PairController::work_once() {
  const Stage stage = fence_.state().stage;
  const Health::State state = mirror_.health().read().state;
  if (!rule(stage).journal) {
    if (state != Health::State::off) mirror_.health().enter(Health::State::off);
    return;
  }
  if (state == Health::State::stopped) return trip_canary("the mirror stands still: " + mirror_.health().read().reason);
  if (!filled_) return fill();
  const std::uint64_t number = sync_.step_begins();
  const StepResult step = mirror_.step(rule(stage).primary);
  // Before any read may know of the watermark: PostgreSQL has not the rows that this step, a pair's or one whose answer was lost put aside.
  if (step && step->aside != 0) trip_canary(std::to_string(step->aside) + " rows are in quarantine");
  if (step && step->reach == Reach::snapshot) {
    sync_.step_ended(number, step->aside == 0 ? SyncCommits::Carried::all : SyncCommits::Carried::part);
    if (rule(stage).primary == Side::sqlite) canary_.stepped({{step->seq, step->nonce}, mirror_.checked_version()});
  }
  if (step && rule(stage).primary == Side::sqlite) mirror_.prune(*step);
  if (!step) {
    if (step.error().remedy == Remedy::stop) trip_canary("the mirror stands still: " + step.error().error.message);
    observe::log(observe::Level::warn, step.error().remedy == Remedy::stop ? "mirror stopped" : "step failed",
                 {{"error", step.error().error.message}, {"detail", step.error().error.detail}});
  } else if (step->quarantined != 0) {
    observe::log(observe::Level::warn, "rows put into quarantine", {{"rows", step->quarantined}});
  } else if (step->reach == Reach::partial) {
    wake();  // more is waiting
  }
}

void PairController::fill() {
  const model::Result<void> filled = mirror_.fill([this] { return !stopping_.load(); });
  if (filled) {
    filled_ = true;
    observe::log(observe::Level::info, "filled", {});
    return;
  }
  mirror_.links().tidy();
  const std::string_view family = filled.error().state.family();
  const bool again = family == "08" || family == "57" || family == "55" || family == "40";
  mirror_.health().enter(again && filled.error().state != "55000"_state ? Health::State::retrying : Health::State::stopped,
                         filled.error().message + (filled.error().detail.empty() ? "" : " (" + filled.error().detail + ")"));
  observe::log(observe::Level::warn, "fill failed", {{"error", filled.error().message}, {"detail", filled.error().detail}});
}

bool PairController::settle_again() {
  mirror_.links().tidy();
  const model::Result<StageState> settled = settle(*database_, mirror_);
  if (!settled) {
    mirror_.health().enter(Health::State::retrying, settled.error().message);
    return false;
  }
  unsettled_ = false;
  mirror_.health().enter(Health::State::running);
  stand_in(*settled);
  observe::log(observe::Level::info, "settled", {{"stage", to_string(settled->stage)}, {"epoch", settled->epoch}});
  return true;
}

model::Result<Pair> PairController::make_pair() {
  const std::scoped_lock work(work_);
  if (unsettled_) return model::fail("55000"_state, "a switch has not been settled yet");
  if (mirror_.health().read().state == Health::State::stopped) {
    return model::fail("55000"_state, "the mirror is stopped", mirror_.health().read().reason);
  }
  std::expected<Pair, StepFailure> made = mirror_.pair(rule(fence_.state().stage).primary);
  if (!made) return std::unexpected(made.error().error);
  return std::move(*made);
}

}  // namespace crossfade::migrate
