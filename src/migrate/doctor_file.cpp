#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <map>

#include "crossfade/engine/sqlite/backup.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/migrate/doctor.hpp"

namespace crossfade::migrate {

namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kCheckLimit{5};

std::string megabytes(std::int64_t bytes) { return std::to_string((bytes + (1 << 20) - 1) >> 20) + " MiB"; }

Diagnosis soundness(sqlite::Connection& connection, const fs::path& file) {
  const std::string backup = "crossfade backup " + file.string() + " -o " + file.stem().string() + "-backup.db";
  const auto problems = sqlite::quick_check(connection, kCheckLimit);
  if (!problems && problems.error().state.code() == "57014")
    return {Diagnosis::Light::warn, "sound", "quick_check did not end within " + std::to_string(kCheckLimit.count()) + " s", backup + "   (checks all of it)"};
  if (!problems) return {Diagnosis::Light::fail, "sound", problems.error().message, "see sqlite.org/recovery.html; restore a backup"};
  if (*problems) return {Diagnosis::Light::fail, "sound", "quick_check: " + **problems, "see sqlite.org/recovery.html; restore a backup"};
  return {Diagnosis::Light::ok, "sound", "quick_check found nothing", {}};
}

Diagnosis journal_mode(sqlite::Connection& connection) {
  const auto mode = connection.value("PRAGMA journal_mode");
  if (!mode) return {Diagnosis::Light::fail, "journal mode", mode.error().message, {}};
  const auto* text = std::get_if<std::string>(&*mode);
  const std::string name = text != nullptr ? *text : "unknown";
  if (name == "wal") return {Diagnosis::Light::ok, "journal mode", "WAL", {}};
  return {Diagnosis::Light::warn, "journal mode", name + ": readers and the writer wait for each other", "none: crossfade serve turns WAL on and says so; FINISH restores it"};
}

Diagnosis write_ahead_log(const fs::path& file) {
  const std::int64_t bytes = bytes_of(file.string() + "-wal");
  if (bytes == 0) return {Diagnosis::Light::ok, "WAL file", "nothing waits in it", {}};
  return {Diagnosis::Light::warn, "WAL file", megabytes(bytes) + " of changes may stand only in " + file.filename().string() + "-wal: a copy of the file alone loses them",
          "copy the file by crossfade backup only"};
}

/// "python3 (pid 17)": every process that has the file open and whose descriptors may be looked at.
std::map<int, std::string> who_has_open(const fs::path& file) {
  std::map<int, std::string> out;
  struct stat wanted {};
  if (::stat(file.c_str(), &wanted) != 0) return out;
  std::error_code ignored;
  for (const auto& process : fs::directory_iterator("/proc", fs::directory_options::skip_permission_denied, ignored)) {
    const std::string name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos || name == std::to_string(::getpid())) continue;
    std::error_code denied;
    for (const auto& descriptor : fs::directory_iterator(process.path() / "fd", denied)) {
      struct stat found {};
      if (::stat(descriptor.path().c_str(), &found) != 0 || found.st_dev != wanted.st_dev || found.st_ino != wanted.st_ino) continue;
      std::string command;
      std::getline(std::ifstream(process.path() / "comm"), command);
      out.emplace(std::stoi(name), command);
      break;
    }
  }
  return out;
}

Diagnosis others(const fs::path& file) {
  std::string list;
  for (const auto& [pid, command] : who_has_open(file)) list += (list.empty() ? "" : ", ") + command + " (pid " + std::to_string(pid) + ")";
  const std::string unseen = ::geteuid() == 0 ? "" : "; other users' processes cannot be seen from here";
  if (list.empty()) return {Diagnosis::Light::ok, "open elsewhere", "no" + unseen, {}};
  return {Diagnosis::Light::warn, "open elsewhere", list + unseen, "point these at crossfade serve before the switch; writes past it are carried, but it cannot fence them"};
}

}  // namespace

std::int64_t bytes_of(const fs::path& path) {
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  return problem ? 0 : static_cast<std::int64_t>(size);
}

std::string_view to_string(Diagnosis::Light light) {
  constexpr std::array<std::string_view, 3> kNames{"ok", "warn", "fail"};
  return kNames[static_cast<std::size_t>(light)];
}

std::vector<Diagnosis> examine_file(const fs::path& file) {
  auto connection = sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only});
  if (!connection) {
    const model::Error& error = connection.error();
    return {{Diagnosis::Light::fail, "file", error.message + (error.detail.empty() ? "" : ": " + error.detail), error.hint}};
  }
  std::vector<Diagnosis> out;
  out.push_back({Diagnosis::Light::ok, "file", file.string() + ", " + megabytes(bytes_of(file)), {}});
  out.push_back(write_ahead_log(file));
  out.push_back(journal_mode(*connection));
  out.push_back(soundness(*connection, file));
  out.push_back(others(file));
  return out;
}

}  // namespace crossfade::migrate
