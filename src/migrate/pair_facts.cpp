#include <filesystem>

#include "crossfade/migrate/backup.hpp"
#include "crossfade/observe/log.hpp"
#include "pair_controller.hpp"
#include "walk_moves.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

BackupAge read_backup_age(const std::filesystem::path& file) {
  const model::Result<std::chrono::seconds> age = backup_age(file);
  return age ? BackupAge{*age, ""} : BackupAge{{}, age.error().detail.empty() ? age.error().message : age.error().detail};
}

std::optional<std::int64_t> free_megabytes(const std::filesystem::path& file) {
  constexpr std::uintmax_t kMegabyte = 1U << 20U;
  std::error_code problem;
  const auto room = std::filesystem::space(std::filesystem::absolute(file).parent_path(), problem);
  if (problem) return std::nullopt;
  return static_cast<std::int64_t>(room.available / kMegabyte);
}

}  // namespace

void PairController::set_sessions(SessionsHook hook) {
  const std::scoped_lock lock(state_);
  sessions_ = std::move(hook);
}

std::vector<StayingSession> PairController::staying() const {
  SessionsHook hook;
  {
    const std::scoped_lock lock(state_);
    hook = sessions_;
  }
  return hook.staying ? hook.staying() : std::vector<StayingSession>{};
}

GateFacts PairController::facts() const {
  GateFacts out{.stage = fence_.state().stage, .health = mirror_.health().read(), .filled = filled_, .now_micros = now_micros()};
  out.mismatches = mismatches_.kinds();
  {
    const std::scoped_lock lock(state_);
    out.verify = verify_;
  }
  if (shadow_) {
    out.compared = shadow_->compared();
    out.rehearsed = shadow_->rehearsals().read();
  }
  out.canary = canary_.counts();
  out.staying = staying();
  out.backup = read_backup_age(database_->options().file);
  out.free_disk = free_megabytes(database_->options().file);
  const Side primary = rule(out.stage).primary;
  if (!rule(out.stage).journal) return out;
  MirrorCounts counts = mirror_.counts(primary, filled_ ? Mirror::Counted::all : Mirror::Counted::before_filling);
  out.waiting = counts.waiting;
  out.quarantined = counts.quarantined;
  out.orphans = counts.orphans;
  out.unprimable = counts.unprimable;
  out.missing_triggers = counts.missing_triggers;
  out.changes = counts.changes;
  out.differences = std::move(counts.differences);
  out.unreachable = std::move(counts.unreachable);
  return out;
}

/// What a connection that breaks just now says of the gates is not their colour: it is asked again, within three seconds. A PostgreSQL that is
/// away refuses soon.
GateFacts PairController::steady_facts() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  GateFacts now = facts();
  while (!stopping_ && std::chrono::steady_clock::now() < end && (!now.unreachable.empty() || now.health.state == Health::State::retrying)) {
    await_mirror();
    now = facts();
  }
  return now;
}

/// Green, or forced: what FORCE passes over is written into the file, before anything is changed. Sessions that stay are ended.
model::Result<GateFacts> PairController::pass_gates(const StageState& from, Stage to, Force force) {
  GateFacts now = steady_facts();
  const std::vector<Gate> gates = gates_before(to, now, options_.gates);
  CROSSFADE_CHECK(check_gates(to, gates, force));
  const std::string red = overridden(gates);
  if (red.empty()) return now;
  observe::log(observe::Level::warn, "forced", {{"from", to_string(from.stage)}, {"to", to_string(to)}, {"gates", red}});
  {
    const std::scoped_lock work(work_);
    CROSSFADE_CHECK(move_file(*database_, mirror_, [&](sqlite::Connection& file) {
      return record_forced(file, {now.now_micros, from.stage, to, from.epoch, red});
    }));
  }
  SessionsHook hook;
  {
    const std::scoped_lock lock(state_);
    hook = sessions_;
  }
  if (!hook.end || rule(from.stage).primary == rule(to).primary) return now;
  for (const StayingSession& session : now.staying) hook.end(session.pid);
  return now;
}

}  // namespace crossfade::migrate
