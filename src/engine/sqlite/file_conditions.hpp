#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "crossfade/engine/sqlite/connection.hpp"

namespace crossfade::sqlite {

/// What a path tells before SQLite opens it. Does not open the file: closing it would drop the locks that SQLite's other connections of
/// this process hold on it (POSIX). Errors, each one line that names the file: 58P01 missing, a directory or no file; 42501 no right to
/// look at it; 58030 a network file system, where WAL does not work. Source: sqlite.org/howtocorrupt.html, 2.2.
model::Result<void> check_file(const std::filesystem::path& file, OpenMode mode);

/// What the header of an opened file tells, read through SQLite's own file. An empty file is an empty database. Errors: XX001 not a
/// database (an encrypted one cannot be told from that), or truncated; 0A000 a newer file format.
model::Result<void> check_header(sqlite3* database, const std::filesystem::path& file);

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
