#include "crossfade/observe/failpoint.hpp"
#include "sqlite_journal.hpp"
#include "tombstone.hpp"
#include "walk.hpp"
#include "walk_moves.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

std::string shown(const SideState& side) {
  return "stage " + std::string(to_string(side.at.stage)) + ", epoch " + std::to_string(side.at.epoch) +
         (side.handing_over ? ", handing over" : "");
}

struct Rows { SideState file, target; std::string file_id; std::optional<TargetState> target_row; };

/// A side without a row stands before the first `copy`; beside a file that has just gone there, one epoch behind it.
Rows complete(const std::optional<FileState>& file, const std::optional<TargetState>& target) {
  Rows rows{.target_row = target};
  if (file) rows.file = file->side, rows.file_id = file->file_id;
  if (target) rows.target = target->side;
  if (!target && rows.file.at.stage == Stage::finished) {
    rows.target = rows.file;  // nothing of ours is left there
  } else if (!target) {
    rows.target.at = {Stage::sqlite, rows.file.at.epoch - (rows.file.at.stage == Stage::copy ? 1 : 0), rows.file.at.since_micros};
  }
  if (!file && target && target->side.at.stage == Stage::sqlite) rows.file.at = target->side.at;
  return rows;
}

model::Error refusal(const Rows& rows) {
  return {"55000"_state, "the file and PostgreSQL do not agree on stage and epoch",
          "The file: " + shown(rows.file) + ". PostgreSQL: " + shown(rows.target) + ".",
          "One of them was restored from an older state, or belongs to another pair. Nothing is served until that is settled by hand."};
}

/// PostgreSQL's half, while its row is locked.
model::Result<void> settle_target(Mirror& mirror, postgres::Connection& target, const Rows& rows, const Decision& decision) {
  const StageState& at = decision.settle;
  const bool sqlite_primary = rule(at.stage).primary == Side::sqlite;
  if (at.stage == Stage::finished) return remove_target_objects(target);
  if (decision.verdict == Verdict::follow) {
    CROSSFADE_CHECK(create_target_state(target, journal_keys(mirror.schema())));
    if (at.stage == Stage::sqlite) CROSSFADE_CHECK(remove_target_triggers(target, mirror.schema()));
    const bool anew = at.stage == Stage::sqlite || !rows.target_row || rows.target.at.stage == Stage::sqlite;
    return write_target_state(target, {{at, false}, anew ? Fill::incomplete : rows.target_row->fill, rows.file_id});
  }
  CROSSFADE_CHECK(allow_writers(target, mirror.schema(), sqlite_primary ? Writers::mirror : Writers::clients));
  return move_target_epoch(target, rows.target.at.epoch, {at, false});
}

model::Result<void> settle_file(sqlite::Database& database, Mirror& mirror, const Decision& decision) {
  return move_file(database, mirror, [&](sqlite::Connection& file) -> model::Result<void> {
    if (rule(decision.settle.stage).primary == Side::sqlite) CROSSFADE_CHECK(drop_file_guard(file));
    return write_file_state(file, {decision.settle, false});
  });
}

/// Cancelling begins in the new primary: after that no commit in flight can make it primary any more.
model::Result<void> act(sqlite::Database& database, Mirror& mirror, postgres::Connection& target, const Rows& rows, const Decision& decision) {
  switch (decision.verdict) {
    case Verdict::agree: return {};
    case Verdict::refuse: return std::unexpected(refusal(rows));
    case Verdict::follow: return settle_target(mirror, target, rows, decision);
    case Verdict::forward:
    case Verdict::finish_cancel:
      return decision.old_primary == Side::sqlite ? settle_file(database, mirror, decision) : settle_target(mirror, target, rows, decision);
    case Verdict::cancel:
      if (decision.old_primary == Side::sqlite) return settle_target(mirror, target, rows, decision);
      return settle_file(database, mirror, decision);
  }
  return {};
}

}  // namespace

model::Result<StageState> settle(sqlite::Database& database, Mirror& mirror) {
  // A cancelling takes two rounds: the new primary's row first, then, that being durable, the old one's.
  for (int round = 0; round < 3; ++round) {
    Decision decision;
    CROSSFADE_CHECK(move_target(mirror, [&](postgres::Connection& target, const std::optional<TargetState>& locked) -> model::Result<void> {
      CROSSFADE_TRY(sqlite::Connection * reader, mirror.links().reader());
      CROSSFADE_TRY(const std::optional<FileState> file, read_file_state(*reader));
      const Rows rows = complete(file, locked);
      const bool finishing = rows.file.at.stage == Stage::finished;
      const bool mirrored = (finishing || rule(rows.file.at.stage).journal) && rule(rows.target.at.stage).journal;
      decision = decide(rows.file, rows.target);
      if (mirrored && locked && locked->file_id != rows.file_id) decision = {};
      return act(database, mirror, target, rows, decision);
    }));
    if (decision.verdict == Verdict::agree) return decision.settle;
    observe::failpoint("cancel-primary");
    if (decision.verdict != Verdict::cancel) {
      observe::failpoint("cancel-done");
      return decision.settle;
    }
  }
  return model::fail("XX000"_state, "the stage could not be settled");
}

}  // namespace crossfade::migrate
