#pragma once

#include "postgres_state.hpp"
#include "step.hpp"

namespace crossfade::migrate {

/// One step of the way back, from PostgreSQL to SQLite (MIRROR 15), in a schema that both have: `reader` stands in the transaction of begin_reading(),
/// which stays open, also for a pair: the caller ends it. `service` makes the commit that flushes what the snapshot saw, and deletes the journal entries
/// that were read, and moves the watermark to an entry that the step left in the file: one that was set back is recognised (MIRROR 5).
/// `target` has triggers and foreign keys off (role mirror). Doing it again changes nothing.
struct BackwardOptions { std::size_t chunk_entries = 20'000; };
StepResult step_backward(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target,
                         const MirrorTables& tables, const BackwardOptions& options);

/// Begins the reader's transaction: the tables are locked before the snapshot is taken, for an older one would read a truncated table as empty
/// (MIRROR 15). Waits for a lock only a moment (55P03): a transaction that changes the schema holds some, and wants those that we have.
model::Result<void> begin_reading(postgres::Connection& reader, const std::vector<std::string>& names);
/// The pieces of a step that one with a change of the schema is made of, too (carry_schema.hpp).
std::expected<Watermark, StepFailure> joined_watermark(postgres::Connection& service, sqlite::Connection& target);
model::Result<JournalEntry> leave_entry(sqlite::Connection& target, const Watermark& watermark);
model::Result<void> flush_postgres(postgres::Connection& service);
model::Result<std::int64_t> count_aside(sqlite::Connection& target);
/// Exactly the entries that were read go, and the watermark moves, in the caller's transaction.
model::Result<void> forget_read(postgres::Connection& service, const std::string& entries, const Watermark& watermark);

}  // namespace crossfade::migrate
