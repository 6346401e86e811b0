#pragma once

#include <filesystem>
#include <string>

#include "crossfade/engine/sqlite/connection.hpp"

namespace crossfade::migrate {

/// Pins the snapshot of an open transaction and says which state of the file it is: sizes and times of change of the file and its WAL. The
/// same mark later means the same rows; another one means nothing (a checkpoint changes it too). When others write so often that no quiet
/// moment is found, the mark is one that never comes again.
model::Result<std::string> pinned_mark(sqlite::Connection& connection, const std::filesystem::path& file);
/// The same as it is at this moment, without a snapshot: equal marks mean that nobody has written between them.
std::string file_mark(const std::filesystem::path& file);

}  // namespace crossfade::migrate
