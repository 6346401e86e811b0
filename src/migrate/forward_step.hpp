#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "postgres_state.hpp"
#include "step.hpp"

namespace crossfade::migrate {

/// One step of the mirror from SQLite to PostgreSQL (MIRROR 5 to 12): reads what the journal notes between the watermark and the newest
/// entry of `reader`'s snapshot, and writes those rows' state and the watermark in one transaction of `target`. Doing it again changes
/// nothing. `reader` stands in a read transaction that has read; `target` is in replica role and in no transaction.
/// Failures: `stop` when the journal no longer joins the watermark (MIRROR 5), or objects of the file have changed (MIRROR 4).
struct ForwardOptions {
  std::size_t chunk_entries = 20'000;  // a longer journal is caught up in several steps
  std::function<void(const StepReport&)> before_commit = {};
  std::optional<JournalEntry> after = {};  // where this process' last step ended, which was plain: nothing is asked before this one is written
};
StepResult step_forward(sqlite::Connection& reader, postgres::Connection& target, const MirrorTables& tables,
                        const ForwardOptions& options);

/// The same inside the caller's transaction of `target`, all of the journal at once: the watermark moves with whatever else that does.
StepResult step_within(sqlite::Connection& reader, postgres::Connection& target, const MirrorTables& tables);

}  // namespace crossfade::migrate
