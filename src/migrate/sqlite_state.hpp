#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"
#include "recovery.hpp"

namespace crossfade::migrate {

/// The file's side of the pair: crossfade_state, crossfade_journal, crossfade_baseline and our triggers. The functions that write run
/// inside the caller's transaction. Errors: SQLite's own.

/// `file_id` is new with every installation of the journal: part of the watermark (MIRROR 5).
struct FileState { SideState side; std::string file_id; };
/// nullopt: the file was never mirrored.
model::Result<std::optional<FileState>> read_file_state(sqlite::Connection& connection);
/// One that is not of a file handing over is also noted in the history.
model::Result<void> write_file_state(sqlite::Connection& connection, const SideState& side);

/// Makes journal, triggers, state and baseline anew, with one first entry that belongs to no table. Errors: 0A000 naming the table or
/// index that cannot be mirrored.
model::Result<void> install_journal(sqlite::Connection& connection, const plan::Schema& schema, const StageState& at);
/// The journal's triggers of one table. Errors: 0A000 as install_journal().
model::Result<void> install_triggers(sqlite::Connection& connection, const plan::Table& table);
/// What changed_objects() compares with is the schema as it is now.
model::Result<void> renew_baseline(sqlite::Connection& connection);
/// Triggers and journal go; the state stays, for its epoch.
model::Result<void> remove_journal(sqlite::Connection& connection);

model::Result<void> raise_file_guard(sqlite::Connection& connection, const plan::Schema& schema);
model::Result<void> drop_file_guard(sqlite::Connection& connection);

/// A stage that the pair has come to. They stay in the file, after FINISH too, until `crossfade clean`.
struct StageChange {
  std::int64_t at_micros = 0;
  Stage from = Stage::sqlite, to = Stage::sqlite;
  std::int64_t epoch = 0;
  std::optional<std::chrono::microseconds> held;  // clients were kept waiting; nullopt: the fence stayed open, or the process ended with the switch
};
model::Result<void> note_held(sqlite::Connection& connection, std::int64_t epoch, std::chrono::microseconds held);
model::Result<std::vector<StageChange>> read_history(sqlite::Connection& connection);

/// A switch over red gates, as it was asked for. They stay in the file, after FINISH too, until `crossfade clean`.
struct Forced { std::int64_t at_micros = 0; Stage from = Stage::sqlite, to = Stage::sqlite; std::int64_t epoch = 0; std::string gates; };
model::Result<void> record_forced(sqlite::Connection& connection, const Forced& forced);
model::Result<std::vector<Forced>> read_forced(sqlite::Connection& connection);

/// Tables, indexes and journal triggers that are not what they were when the journal was installed (MIRROR 4): their names, sorted.
model::Result<std::vector<std::string>> changed_objects(sqlite::Connection& connection);

/// An entry of the journal: what the watermark names.
struct JournalEntry { std::int64_t seq = 0; std::int64_t nonce = 0; };
/// The newest one; the journal is never empty.
model::Result<JournalEntry> newest_entry(sqlite::Connection& connection);
model::Result<std::optional<JournalEntry>> entry_at(sqlite::Connection& connection, std::int64_t seq);
/// Entries before the watermark go. Its own entry stays, by which the next step knows the file again (MIRROR 5); so seq never goes back.
model::Result<void> prune_journal(sqlite::Connection& connection, std::int64_t watermark);
/// Notes a key as changed: how a row found different is mended.
model::Result<void> mark_dirty(sqlite::Connection& connection, const plan::Table& table, const sqlite::StorageRow& key);

}  // namespace crossfade::migrate
