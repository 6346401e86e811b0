#pragma once

#include "step.hpp"

namespace crossfade::migrate {

/// One step of the way back, from PostgreSQL to SQLite (MIRROR 15). `reader` begins a REPEATABLE READ transaction here and keeps it open,
/// also for a pair: the caller ends it. `service` makes the commit that flushes what the snapshot saw, and deletes the journal entries
/// that were read, and moves the watermark to an entry that the step left in the file: one that was set back is recognised (MIRROR 5).
/// `target` has triggers and foreign keys off (role mirror). Doing it again changes nothing.
struct BackwardOptions { std::size_t chunk_entries = 20'000; };
StepResult step_backward(postgres::Connection& reader, postgres::Connection& service, sqlite::Connection& target,
                         const MirrorTables& tables, const BackwardOptions& options);

}  // namespace crossfade::migrate
