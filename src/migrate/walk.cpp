#include "walk.hpp"

#include <algorithm>

#include "back_record.hpp"
#include "backward_sequences.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "sqlite_journal.hpp"
#include "tombstone.hpp"
#include "walk_moves.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

StageState next_of(const StageState& from, Stage to) { return {to, from.epoch + 1, now_micros()}; }

model::Error plain(const StepFailure& failure) { return failure.error; }

/// The last step behind the guard. A row that the new primary could not take would be lost to its clients: the walk ends.
model::Result<void> last_step(Mirror& mirror, Side primary) {
  const StepResult step = mirror.step_to_end(primary);
  if (!step) return std::unexpected(plain(step.error()));
  if (step->aside == 0) return {};
  return model::fail("55000"_state, "the last step met rows that the new primary cannot hold",
                     std::to_string(step->aside) + " rows are in quarantine.", "SHOW READINESS names their gate.");
}

model::Result<void> check_epoch(const std::optional<TargetState>& locked, const StageState& from) {
  if (locked && locked->side.at.epoch == from.epoch && locked->side.at.stage == from.stage) return {};
  return model::fail("40001"_state, "PostgreSQL does not stand in epoch " + std::to_string(from.epoch) + " any more");
}

/// The gates were looked at while clients and other programs could still change PostgreSQL's tables.
model::Result<void> check_since(Mirror& mirror, const SchemaDifferences& known) {
  CROSSFADE_TRY(const std::optional<SchemaDifferences> now, mirror.differences());
  const SchemaDifferences fresh = now ? now->without(known) : SchemaDifferences{};
  if (now && fresh.empty()) return {};
  const std::string lacking = listed(fresh.lacking), alone = listed(fresh.alone);
  return model::fail("55000"_state, "PostgreSQL's tables were changed past the proxy while the switch began",
                     lacking + (lacking.empty() || alone.empty() ? "" : "; ") + (alone.empty() ? "" : "only there: " + alone), "SHOW READINESS names them with what to do.");
}

}  // namespace

model::Result<StageState> walk_to_copy(sqlite::Database& database, Mirror& mirror, const StageState& from, const plan::Plan& plan) {
  CROSSFADE_TRY(postgres::Connection * applier, mirror.links().applier());  // asks for replica role before anything is changed
  CROSSFADE_TRY(const std::optional<TargetState> there, read_target_state(*applier, Lock::none));
  if (there && there->side.at.stage != Stage::sqlite) {
    return model::fail("55000"_state, "PostgreSQL stands in stage " + std::string(to_string(there->side.at.stage)) + " of another pair");
  }
  const StageState next = next_of({from.stage, std::max(from.epoch, there ? there->side.at.epoch : 0), 0}, Stage::copy);
  std::string file_id;
  CROSSFADE_CHECK(move_file(database, mirror, [&](sqlite::Connection& file) -> model::Result<void> {
    CROSSFADE_TRY(const model::StorageValue version, file.value("PRAGMA main.schema_version"));
    if (version != model::StorageValue(mirror.schema().version)) {  // in the transaction that had the permit before us
      return model::fail("55000"_state, "the schema changed while the switch began", {}, "SWITCH TO copy again.");
    }
    CROSSFADE_CHECK(store_plan(file, plan));
    CROSSFADE_CHECK(install_journal(file, mirror.schema(), next));
    CROSSFADE_TRY(const std::optional<FileState> state, read_file_state(file));
    file_id = state->file_id;
    return {};
  }));
  observe::failpoint("switch-guarded");
  CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>&) -> model::Result<void> {
    CROSSFADE_CHECK(create_target_state(target, journal_keys(mirror.schema())));
    return write_target_state(target, {{next, false}, Fill::incomplete, file_id});
  }));
  observe::failpoint("switch-epoch");
  return next;
}

model::Result<StageState> walk_beside(sqlite::Database& database, Mirror& mirror, const StageState& from, Stage to) {
  const StageState next = next_of(from, to);
  CROSSFADE_CHECK(move_file(database, mirror, [&](sqlite::Connection& file) -> model::Result<void> {
    if (to == Stage::sqlite) CROSSFADE_CHECK(remove_journal(file));
    return write_file_state(file, {next, false});
  }));
  observe::failpoint("switch-guarded");
  CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>& locked) -> model::Result<void> {
    if (to == Stage::sqlite) CROSSFADE_CHECK(remove_target_triggers(target, mirror.schema()));
    const Fill fill = to == Stage::sqlite || !locked ? Fill::incomplete : locked->fill;
    return write_target_state(target, {{next, false}, fill, locked ? locked->file_id : ""});
  }));
  observe::failpoint("switch-epoch");
  return next;
}

model::Result<StageState> walk_to_postgres(sqlite::Database& database, Mirror& mirror, const StageState& from) {
  const StageState next = next_of(from, Stage::postgres);
  if (const auto whole = mirror.finish_change(); !whole) return std::unexpected(plain(whole.error()));
  observe::failpoint("switch-fenced");
  CROSSFADE_CHECK(move_file(database, mirror, [&](sqlite::Connection& file) -> model::Result<void> {
    CROSSFADE_CHECK(raise_file_guard(file, mirror.schema()));
    return write_file_state(file, {from, true});
  }));
  observe::failpoint("switch-guarded");
  CROSSFADE_CHECK(last_step(mirror, Side::sqlite));
  observe::failpoint("switch-stepped");
  CROSSFADE_TRY(sqlite::Connection * reader, mirror.links().reader());
  CROSSFADE_TRY(postgres::Connection * applier, mirror.links().applier());
  CROSSFADE_CHECK(prime_sequences(*reader, *applier, mirror.schema()));
  observe::failpoint("switch-primed");
  CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>& locked) -> model::Result<void> {
    CROSSFADE_CHECK(check_epoch(locked, from));
    CROSSFADE_CHECK(target.execute(kBackTable));
    CROSSFADE_CHECK(target.execute("DELETE FROM crossfade.schema_back"));
    CROSSFADE_CHECK(allow_writers(target, mirror.schema(), Writers::clients));
    return move_target_epoch(target, from.epoch, {next, false});
  }));
  observe::failpoint("switch-epoch");
  CROSSFADE_CHECK(move_file(database, mirror, [&](sqlite::Connection& file) { return write_file_state(file, {next, false}); }));
  observe::failpoint("switch-handed-over");
  return next;
}

model::Result<StageState> walk_back(sqlite::Database& database, Mirror& mirror, const StageState& from, const SchemaDifferences& known) {
  const StageState next = next_of(from, Stage::shadow);
  observe::failpoint("switch-fenced");
  if (const auto whole = mirror.carry_waiting(); !whole) return std::unexpected(plain(whole.error()));  // from here on the two have one schema
  CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>& locked) -> model::Result<void> {
    CROSSFADE_CHECK(check_epoch(locked, from));
    CROSSFADE_CHECK(allow_writers(target, mirror.schema(), Writers::nobody));
    return move_target_epoch(target, from.epoch, {from, true});
  }));
  observe::failpoint("switch-guarded");
  CROSSFADE_CHECK(last_step(mirror, Side::postgres));
  CROSSFADE_CHECK(check_since(mirror, known));
  observe::failpoint("switch-stepped");
  CROSSFADE_TRY(postgres::Connection * service, mirror.links().service());
  CROSSFADE_CHECK(move_file(database, mirror, [&](sqlite::Connection& file) -> model::Result<void> {
    CROSSFADE_TRY(const std::optional<FileState> state, read_file_state(file));
    if (!state || state->side.at.epoch != from.epoch || state->side.at.stage != from.stage) {
      return model::fail("40001"_state, "the file does not stand in epoch " + std::to_string(from.epoch) + " any more");
    }
    CROSSFADE_CHECK(prime_file_sequences(file, *service, mirror.schema()));
    observe::failpoint("switch-primed");
    CROSSFADE_CHECK(drop_file_guard(file));
    return write_file_state(file, {next, false});
  }));
  observe::failpoint("switch-epoch");
  CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>&) -> model::Result<void> {
    CROSSFADE_CHECK(allow_writers(target, mirror.schema(), Writers::mirror));
    return move_target_epoch(target, from.epoch, {next, false});
  }));
  observe::failpoint("switch-handed-over");
  return next;
}

model::Result<StageState> walk_finish(sqlite::Database& database, Mirror& mirror, const StageState& from) {
  const StageState next = next_of(from, Stage::finished);
  CROSSFADE_TRY(postgres::Connection * service, mirror.links().service());
  CROSSFADE_TRY(const std::optional<TargetState> there, read_target_state(*service, Lock::none));
  CROSSFADE_CHECK(check_epoch(there, from));
  CROSSFADE_TRY(Tombstone tombstone, tombstone_for(*service, mirror.links().conninfo().redacted()));
  tombstone.finished_micros = next.since_micros;
  observe::failpoint("switch-fenced");
  CROSSFADE_CHECK(move_file(database, mirror, [&](sqlite::Connection& file) -> model::Result<void> {
    CROSSFADE_CHECK(bury_file(file, mirror.schema(), tombstone));
    return write_file_state(file, {next, false});
  }));
  observe::failpoint("finish-buried");
  CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>& locked) -> model::Result<void> {
    CROSSFADE_CHECK(check_epoch(locked, from));
    return remove_target_objects(target);
  }));
  observe::failpoint("finish-done");
  return next;
}

}  // namespace crossfade::migrate
