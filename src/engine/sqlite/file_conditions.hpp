#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "crossfade/engine/sqlite/connection.hpp"

namespace crossfade::sqlite {

/// What a look at a database file tells before SQLite opens it. Reads its header only. An empty file is an empty database.
/// Errors, each one line that names the file: 58P01 missing, a directory or no file; 42501 no right to read it; XX001 not a database
/// (an encrypted one cannot be told from that), or truncated; 0A000 a newer file format; 58030 a network file system, where WAL
/// does not work.
model::Result<void> check_file(const std::filesystem::path& file, OpenMode mode);

/// File systems whose clients do not share memory, by statfs's f_type. Source: statfs(2), linux/magic.h; sqlite.org/wal.html.
bool is_network_file_system(std::uint64_t type);

/// SQLite's failure in words that name the file: corrupt, full, moved away, not writable, input and output errors. Any other stays.
model::Error file_error(const std::string& file, int code, int system_error, model::Error error);

/// Which file a path is. A served file that becomes another one takes no writes to the old.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};
model::Result<FileIdentity> identify(const std::filesystem::path& file);
/// Errors: 58P01 when the path is gone or leads to another file.
model::Result<void> check_identity(const std::filesystem::path& file, const FileIdentity& known);

}  // namespace crossfade::sqlite
