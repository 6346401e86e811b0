#pragma once

#include <chrono>
#include <filesystem>

#include "crossfade/engine/sqlite/backup.hpp"

namespace crossfade::migrate {

/// sqlite::backup, and a note of it beside the file ("app.db-crossfade-backup": where the copy is, its SHA-256, and which state of the file
/// it holds), so that `copy` finds it.
model::Result<sqlite::BackupReport> backup(const std::filesystem::path& file, const std::filesystem::path& out, const sqlite::BackupProgress& progress = {});

/// Is there a backup of the file as it is now? Errors: 55000 saying what is missing: none was noted, it is gone or was changed, or the
/// file has changed since.
model::Result<void> check_backup(const std::filesystem::path& file);
/// How long ago the last noted backup was finished. Errors: 55000 when none was noted, or it is gone or was changed.
model::Result<std::chrono::seconds> backup_age(const std::filesystem::path& file);
/// The file was changed by ourselves, in our own tables alone: the backup that check_backup found still counts.
model::Result<void> renew_backup_note(const std::filesystem::path& file);

}  // namespace crossfade::migrate
