#pragma once

#include <optional>
#include <string>

#include "crossfade/migrate/copy.hpp"

namespace crossfade::migrate {

/// A row of crossfade.chunks: how far a table has been copied.
struct Checkpoint {
  TableCopy counts;      // of this and earlier runs
  std::string mark;      // the file as it was when its copy began; empty in a mirrored one
  std::string position;  // to_position of the last row read
  bool done = false;
};
/// The whole copy has a row of its own.
inline constexpr std::string_view kWholeCopy = "";

/// nullopt: not begun. In the caller's transaction when there is one.
model::Result<std::optional<Checkpoint>> read_checkpoint(postgres::Connection& connection, std::string_view table);
/// A pair that is mirrored is written by the running proxy, never by a verb. Errors: 55000 naming the stage, with the hint.
model::Result<void> refuse_mirrored(postgres::Connection& target, std::string_view hint);
model::Result<void> write_checkpoint(postgres::Connection& connection, std::string_view table, const Checkpoint& checkpoint);

}  // namespace crossfade::migrate
