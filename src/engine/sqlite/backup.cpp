#include "crossfade/engine/sqlite/backup.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "connection_impl.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "errors.hpp"
#include "file_conditions.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

constexpr int kPagesAtOnce = 4096;
constexpr std::size_t kReadBytes = 1 << 20;
constexpr int kProgressSteps = 10'000;  // virtual machine instructions between two looks at the clock
constexpr std::int64_t kMostProblems = 5;

struct FinishBackup { void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); } };
struct CloseDescriptor {
  int descriptor;
  ~CloseDescriptor() { ::close(descriptor); }
};
struct FreeDigest { void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); } };

/// Goes away with its SQLite companions unless keep() was called.
class Unfinished {
 public:
  explicit Unfinished(std::filesystem::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    for (const char* ending : {"", "-journal", "-wal", "-shm"})
      if (!kept_ || *ending != '\0') std::filesystem::remove(path_.string() + ending, ignored);
  }
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

model::Error disk_error(const std::filesystem::path& path, int number) {
  return {number == ENOSPC || number == EDQUOT ? "53100"_state : "58030"_state, "cannot write \"" + path.string() + "\": " + std::strerror(number)};
}

model::Result<Handle> open_target(const std::filesystem::path& path, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle{raw};
  if (code != SQLITE_OK) return std::unexpected(file_error(path.string(), code, sqlite3_system_errno(raw), last_error(raw)));
  sqlite3_extended_result_codes(raw, 1);
  return handle;
}

model::Result<std::int64_t> copy_pages(sqlite3* source, sqlite3* target, const std::filesystem::path& out, int pages_at_once,
                                       const BackupProgress& progress) {
  const std::unique_ptr<sqlite3_backup, FinishBackup> copying{sqlite3_backup_init(target, "main", source, "main")};
  if (!copying) return std::unexpected(last_error(target));
  int code = SQLITE_OK;
  while ((code = sqlite3_backup_step(copying.get(), pages_at_once)) == SQLITE_OK)
    if (progress) progress(sqlite3_backup_pagecount(copying.get()) - sqlite3_backup_remaining(copying.get()), sqlite3_backup_pagecount(copying.get()));
  const std::int64_t pages = sqlite3_backup_pagecount(copying.get());
  if (code == SQLITE_DONE) return pages;
  if ((code & 0xff) == SQLITE_BUSY) return std::unexpected(code_error(code, "the file could not be read: another program is writing it"));
  return std::unexpected(file_error(out.string(), code, sqlite3_system_errno(target), code_error(code, "the copy failed")));
}

/// The bytes are on the disk when this returns.
model::Result<void> make_durable(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(disk_error(path, errno));
  const CloseDescriptor closed{descriptor};
  if (::fsync(descriptor) != 0) return std::unexpected(disk_error(path, errno));
  return {};
}

model::Result<std::string> sha256_of(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(disk_error(path, errno));
  const CloseDescriptor closed{descriptor};
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context{EVP_MD_CTX_new()};
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return model::fail("XX000"_state, "SHA-256 is not available");
  std::vector<unsigned char> block(kReadBytes);
  while (true) {
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count < 0) return model::fail("58030"_state, "cannot read \"" + path.string() + "\": " + std::strerror(errno));
    if (count == 0) break;
    EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(count));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &length);
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    constexpr std::string_view kHex = "0123456789abcdef";
    text += {kHex[digest[i] >> 4], kHex[digest[i] & 15]};
  }
  return text;
}

/// A snapshot that stays: without a reader of its own the backup would begin again with every commit of another program.
model::Result<bool> pin(Connection& source) {
  CROSSFADE_TRY(const auto mode, source.value("PRAGMA journal_mode"));
  const auto* text = std::get_if<std::string>(&mode);
  if (text == nullptr || *text != "wal") return false;
  CROSSFADE_CHECK(source.execute("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1"));
  return true;
}

}  // namespace

model::Result<std::optional<std::string>> quick_check(Connection& connection, std::optional<std::chrono::milliseconds> limit) {
  struct Clock { std::chrono::steady_clock::time_point end; };
  Clock clock{std::chrono::steady_clock::now() + limit.value_or(std::chrono::milliseconds{0})};
  if (limit) {
    sqlite3_progress_handler(connection.handle(), kProgressSteps, [](void* data) {
      return std::chrono::steady_clock::now() > static_cast<Clock*>(data)->end ? 1 : 0;
    }, &clock);
  }
  const auto lines = connection.query("PRAGMA quick_check(" + std::to_string(kMostProblems) + ")");
  sqlite3_progress_handler(connection.handle(), 0, nullptr, nullptr);
  if (!lines) return std::unexpected(lines.error());
  std::string problems;
  for (const StorageRow& row : *lines)
    if (const auto* line = std::get_if<std::string>(&row.at(0)); line != nullptr && *line != "ok") problems += (problems.empty() ? "" : "\n") + *line;
  return problems.empty() ? std::optional<std::string>{} : problems;
}

model::Result<BackupReport> backup(const std::filesystem::path& file, const std::filesystem::path& out, const BackupProgress& progress) {
  const auto start = std::chrono::steady_clock::now();
  std::error_code problem;
  if (std::filesystem::exists(out, problem)) return model::fail("42710"_state, "\"" + out.string() + "\" exists already", {}, "Name another file; a backup is never written over.");
  CROSSFADE_TRY(Connection source, Connection::open(file, {.mode = OpenMode::read_only}));
  CROSSFADE_TRY(const bool pinned, pin(source));
  const std::filesystem::path made = out.string() + ".unfinished";
  std::filesystem::remove(made, problem);
  Unfinished unfinished{made};
  BackupReport report;
  report.writers_waited = !pinned;
  {
    CROSSFADE_TRY(const Handle target, open_target(made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    // Without a snapshot in one go, under SQLite's shared lock.
    CROSSFADE_TRY(report.pages, copy_pages(source.handle(), target.get(), out, pinned ? kPagesAtOnce : -1, progress));
  }
  {
    CROSSFADE_TRY(Connection copy, Connection::open(made, {.mode = OpenMode::read_write}));
    CROSSFADE_TRY(const auto problems, quick_check(copy));
    if (problems) {
      return model::fail("XX001"_state, "the copy of \"" + file.string() + "\" is not sound: it does not pass quick_check", *problems,
                         "The file itself is damaged: see sqlite.org/recovery.html.");
    }
  }
  CROSSFADE_CHECK(make_durable(made));
  CROSSFADE_TRY(report.sha256, sha256_of(made));
  report.bytes = static_cast<std::int64_t>(std::filesystem::file_size(made, problem));
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, out.c_str(), RENAME_NOREPLACE) != 0) return std::unexpected(disk_error(out, errno));
  unfinished.keep();
  CROSSFADE_CHECK(make_durable(out.has_parent_path() ? out.parent_path() : std::filesystem::path(".")));
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  return report;
}

}  // namespace crossfade::sqlite
