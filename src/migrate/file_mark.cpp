#include "file_mark.hpp"

#include <sys/stat.h>

namespace crossfade::migrate {
namespace {

using namespace model::literals;

constexpr int kAttempts = 50;

std::string mark_of(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0 || status.st_size == 0) return "-";
  return std::to_string(status.st_ino) + ":" + std::to_string(status.st_size) + ":" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

std::string mark_of_pair(const std::filesystem::path& file) {
  auto wal = file;
  wal += "-wal";
  return mark_of(file) + " " + mark_of(wal);
}

}  // namespace

model::Result<std::string> pinned_mark(sqlite::Connection& connection, const std::filesystem::path& file) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto before = mark_of_pair(file);
    CROSSFADE_CHECK(connection.value("SELECT count(*) FROM sqlite_schema"));  // BEGIN alone pins nothing (MIRROR 6)
    if (mark_of_pair(file) == before) return before;
    CROSSFADE_CHECK(connection.execute("COMMIT; BEGIN"));
  }
  return model::fail("40001"_state, "the file is being written all the time", "No quiet moment was found in which its state could be noted.",
                     "Copy it through the running proxy (SWITCH TO copy), which follows the writes.");
}

}  // namespace crossfade::migrate
