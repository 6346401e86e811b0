#include "file_mark.hpp"

#include <sys/stat.h>

#include <chrono>

namespace crossfade::migrate {
namespace {

constexpr int kAttempts = 50;

std::string mark_of(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0 || status.st_size == 0) return "-";
  return std::to_string(status.st_ino) + ":" + std::to_string(status.st_size) + ":" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

}  // namespace

std::string file_mark(const std::filesystem::path& file) {
  auto wal = file;
  wal += "-wal";
  return mark_of(file) + " " + mark_of(wal);
}

model::Result<std::string> pinned_mark(sqlite::Connection& connection, const std::filesystem::path& file) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto before = file_mark(file);
    CROSSFADE_CHECK(connection.value("SELECT count(*) FROM sqlite_schema"));  // BEGIN alone pins nothing (MIRROR 6)
    if (file_mark(file) == before) return before;
    CROSSFADE_CHECK(connection.execute("COMMIT; BEGIN"));
  }
  return "unknown " + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
}

}  // namespace crossfade::migrate
