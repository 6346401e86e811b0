#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite {

struct BackupReport {
  std::int64_t bytes = 0, pages = 0;
  std::string sha256;        // of the whole copy, lower-case hex, as sha256sum prints it
  bool writers_waited = false;  // the file is not in WAL mode: nobody could write while it was read
  std::chrono::milliseconds elapsed{0};
};

/// Pages copied, of how many. Called now and then from the copying thread.
using BackupProgress = std::function<void(std::int64_t done, std::int64_t pages)>;

/// Copies one snapshot of the file, its WAL included, by SQLite's backup API; checks the copy (quick_check) and makes it durable before
/// it gets its name. In WAL mode others go on writing meanwhile.
/// Errors: 42710 `out` is there already; 58P01, 42501, XX001 of the source; XX001 the copy does not pass quick_check, with its first line;
/// 53100 and 58030 of the disk. After an error nothing is left under `out`.
model::Result<BackupReport> backup(const std::filesystem::path& file, const std::filesystem::path& out, const BackupProgress& progress = {});

/// nullopt: the file is sound; else the first lines of PRAGMA quick_check. `limit`: 57014 when it took longer.
class Connection;
model::Result<std::optional<std::string>> quick_check(Connection& connection, std::optional<std::chrono::milliseconds> limit = {});

}  // namespace crossfade::sqlite
