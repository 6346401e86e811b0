#include "file_conditions.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

/// Source: sqlite.org/fileformat2.html, "The Database Header".
constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kPageSizeAt = 16, kWriteVersionAt = 18, kReadVersionAt = 19, kChangesAt = 24,
                      kPagesAt = 28, kValidForAt = 92;
constexpr int kNewestVersion = 2;  // 1: rollback journal, 2: WAL

using Header = std::array<char, kHeaderBytes>;

std::string named_file(const std::filesystem::path& file) {
  return "database file \"" + file.string() + "\"";
}

std::uint32_t big_endian(const Header& header, std::size_t at, std::size_t bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    value = value << 8U | static_cast<unsigned char>(header[at + i]);
  return value;
}

struct NetworkRow {
  std::uint64_t type;
  std::string_view name;
};
constexpr std::array kNetworks{
    NetworkRow{0x6969, "NFS"},      NetworkRow{0x517B, "SMB"},
    NetworkRow{0xFF534D42, "CIFS"}, NetworkRow{0xFE534D42, "SMB2"},
    NetworkRow{0x5346414F, "AFS"},  NetworkRow{0x73757245, "Coda"},
    NetworkRow{0x564C, "NCP"},      NetworkRow{0x00C36400, "Ceph"},
    NetworkRow{0x01021997, "9P"},   NetworkRow{0x0BD00BD0, "Lustre"},
    NetworkRow{0x47504653, "GPFS"}, NetworkRow{0x01161970, "GFS2"},
};

model::Result<void> check_file_system(const std::filesystem::path& file) {
  struct statfs found{};
  const std::filesystem::path folder =
      file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  if (statfs(folder.c_str(), &found) != 0) return {};
  const auto type = static_cast<std::uint64_t>(static_cast<std::uint32_t>(found.f_type));
  const auto row = std::ranges::find(kNetworks, type, &NetworkRow::type);
  if (row == kNetworks.end()) return {};
  return model::fail(
      "58030"_state,
      named_file(file) + " is on a network file system (" + std::string{row->name} + ")",
      "WAL needs memory that all who open the file share, which only one machine's own disks give.",
      "Move the file to a local disk.");
}

/// What a family of result codes means for the file. Extended codes first.
struct ConditionRow {
  int code;
  model::SqlState state;
  std::string_view before, after, hint;
};
constexpr std::array kConditions{
    ConditionRow{SQLITE_READONLY_DBMOVED, "58P01"_state, "",
                 " was deleted or replaced while it was served",
                 "Restart to serve what is there now."},
    ConditionRow{SQLITE_READONLY_DIRECTORY, "42501"_state, "",
                 " cannot be written: its folder is not writable",
                 "SQLite makes its WAL beside the file."},
    ConditionRow{
        SQLITE_READONLY_ROLLBACK, "42501"_state, "",
        " has a journal of an interrupted write that cannot be rolled back: no right to write",
        "Open it once with the right to write."},
    ConditionRow{SQLITE_READONLY_RECOVERY, "42501"_state, "",
                 " has a WAL that cannot be recovered: no right to write",
                 "Open it once with the right to write."},
    ConditionRow{SQLITE_READONLY_CANTINIT, "42501"_state, "",
                 " is in WAL mode, and its shared memory cannot be made: no right to write",
                 "SQLite makes its WAL beside the file."},
    ConditionRow{SQLITE_IOERR_CORRUPTFS, "XX001"_state, "the file system of ", " is corrupt", ""},
    ConditionRow{SQLITE_CORRUPT, "XX001"_state, "", " is corrupt",
                 "Restore it from a backup, or save what can be read with sqlite3's \".recover\"."},
    ConditionRow{SQLITE_NOTADB, "XX001"_state, "", " is not a SQLite database, or is encrypted",
                 ""},
    ConditionRow{SQLITE_FULL, "53100"_state, "could not extend ", ": No space left on device",
                 "Check free disk space."},
    ConditionRow{SQLITE_IOERR, "58030"_state, "could not read or write ", "", ""},
    ConditionRow{SQLITE_CANTOPEN, "58030"_state, "could not open ", "", ""},
};

bool is_full(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

}  // namespace

model::Result<void> check_header(sqlite3* database, const std::filesystem::path& file) {
  sqlite3_file* opened = nullptr;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &opened);
  sqlite3_int64 size = 0;
  if (opened == nullptr || opened->pMethods == nullptr || opened->pMethods->xFileSize(opened, &size) != SQLITE_OK || size == 0) return {};
  Header header{};  // a short read leaves zeros behind what there is
  const int read = opened->pMethods->xRead(opened, header.data(), static_cast<int>(header.size()), 0);
  if (read != SQLITE_OK && read != SQLITE_IOERR_SHORT_READ) return {};  // SQLite's own first read says it
  if (std::string_view{header.data(), kMagic.size()} != kMagic)
    return model::fail("XX001"_state,
                       named_file(file) + " is not a SQLite database, or is encrypted");
  const int version =
      std::max(static_cast<int>(header[kWriteVersionAt]), static_cast<int>(header[kReadVersionAt]));
  if (static_cast<std::size_t>(size) < kHeaderBytes)
    return model::fail("XX001"_state, named_file(file) + " is truncated: it ends in its header");
  if (version > kNewestVersion)
    return model::fail("0A000"_state,
                       named_file(file) + " is of file format " + std::to_string(version) +
                           ", which is newer than SQLite " + sqlite3_libversion() + " knows");
  const std::uint32_t written = big_endian(header, kPageSizeAt, 2);
  const std::uintmax_t page = written == 1 ? 65'536 : written;
  const bool counted = big_endian(header, kChangesAt, 4) == big_endian(header, kValidForAt, 4);
  const std::uintmax_t pages = big_endian(header, kPagesAt, 4);
  // A journal or WAL may have the rest.
  std::error_code none;
  const bool alone = !std::filesystem::exists(file.string() + "-wal", none) &&
                     !std::filesystem::exists(file.string() + "-journal", none);
  if (counted && alone && static_cast<std::uintmax_t>(size) < pages * page)
    return model::fail("XX001"_state,
                       named_file(file) + " is truncated: it has " + std::to_string(size) +
                           " bytes, where its header counts " + std::to_string(pages) +
                           " pages of " + std::to_string(page));
  return {};
}


bool is_network_file_system(std::uint64_t type) {
  return std::ranges::find(kNetworks, type, &NetworkRow::type) != kNetworks.end();
}

model::Result<void> check_file(const std::filesystem::path& file, OpenMode mode) {
  std::error_code failure;
  const auto status = std::filesystem::status(file, failure);
  if (failure && failure != std::errc::no_such_file_or_directory)
    return model::fail("42501"_state,
                       "cannot look at " + named_file(file) + ": " + failure.message());
  if (std::filesystem::is_directory(status))
    return model::fail("58P01"_state, named_file(file) + " is a directory");
  if (!std::filesystem::exists(status)) {
    if (mode == OpenMode::create) return check_file_system(file);
    return model::fail("58P01"_state, named_file(file) + " does not exist");
  }
  if (!std::filesystem::is_regular_file(status))
    return model::fail("58P01"_state, named_file(file) + " is not a regular file");
  return check_file_system(file);
}

model::Error file_error(const std::string& file, int code, int system_error, model::Error error) {
  for (const int wanted : {code, code & 0xff}) {
    const auto row = std::ranges::find(kConditions, wanted, &ConditionRow::code);
    if (row == kConditions.end()) continue;
    const auto* found = &*row;
    if (found->code == SQLITE_IOERR && is_full(system_error))
      found = &*std::ranges::find(kConditions, SQLITE_FULL, &ConditionRow::code);
    const std::string words = std::exchange(
        error.message, std::string{found->before} + named_file(file) + std::string{found->after});
    if (found->after.empty())
      error.message +=
          ": " + (system_error != 0 ? std::string{std::strerror(system_error)} : words);
    if (error.detail.empty())
      error.detail = "SQLite: " + words + " (result code " + std::to_string(code) + ")";
    error.hint = found->hint;
    error.state = found->state;
    return error;
  }
  return error;
}

model::Result<FileIdentity> identify(const std::filesystem::path& file) {
  struct stat found{};
  if (stat(file.c_str(), &found) == 0) return FileIdentity{found.st_dev, found.st_ino};
  if (errno == ENOENT || errno == ENOTDIR)
    return model::fail("58P01"_state, named_file(file) + " does not exist");
  return model::fail("42501"_state,
                     "cannot look at " + named_file(file) + ": " + std::strerror(errno));
}

model::Result<void> check_identity(const std::filesystem::path& file, const FileIdentity& known) {
  const auto now = identify(file);
  if (now && *now == known) return {};
  const bool gone = !now && now.error().state == "58P01"_state;
  if (!now && !gone) return std::unexpected(now.error());
  return model::fail(
      "58P01"_state,
      named_file(file) + (gone ? " was deleted or moved away while it was served"
                               : " was replaced by another file while it was served"),
      {},
      gone ? "Move it back, or restart to serve another." : "Restart to serve what is there now.");
}

}  // namespace crossfade::sqlite
