#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <utility>

#include "crossfade/model/error.hpp"
#include "mirror_table.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate {

/// A step that came to nothing. `again`: the same step may go through later (a lost connection, a busy file). `stop`: doing it again
/// cannot help, and going on would be wrong: the mirror stands still with a red gate until somebody has looked.
enum class Remedy : std::uint8_t { again, stop };
struct StepFailure {
  StepFailure(model::Error cause, Remedy what = Remedy::again) : error(std::move(cause)), remedy(what) {}
  model::Error error;
  Remedy remedy;
};

/// `reached`: the other side now holds exactly the reader's snapshot, so that a pair can be made of it.
enum class Reach : std::uint8_t { partial, snapshot };
struct StepReport {
  Reach reach = Reach::snapshot;
  std::int64_t seq = 0, nonce = 0;  // the watermark afterwards
  std::size_t keys = 0;         // dirty keys looked at
  std::size_t written = 0, deleted = 0, quarantined = 0;
  bool plain = false;           // no row stood in quarantine or was refused: the next step may go on from this watermark at once
  std::int64_t aside = 0;       // rows that stand in quarantine at that watermark, whichever step put them there; not those of the copy
};
using StepResult = std::expected<StepReport, StepFailure>;

/// The row's own fault, not the connection's or the server's.
inline bool row_is_at_fault(const model::Error& error) { return error.state.family() == "22" || error.state.family() == "23"; }

/// A row that the other side cannot hold, by key and reason.
struct Poison { const MirrorTable* table; sqlite::StorageRow key; std::string column, reason; };

}  // namespace crossfade::migrate
