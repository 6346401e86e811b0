#include <array>
#include <fstream>
#include <map>

#include "crossfade/migrate/backup.hpp"
#include "file_mark.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

using Note = std::map<std::string, std::string, std::less<>>;  // keys and values, one pair a line
constexpr std::string_view kHint = "Run `crossfade backup FILE -o COPY`, or give --no-backup if the file is backed up otherwise.";

std::filesystem::path note_of(const std::filesystem::path& file) { return file.string() + "-crossfade-backup"; }

Note read_note(const std::filesystem::path& file) {
  Note note;
  std::ifstream in(note_of(file));
  for (std::string line; std::getline(in, line);) {
    const auto blank = line.find(' ');
    if (blank != line.npos) note[line.substr(0, blank)] = line.substr(blank + 1);
  }
  return note;
}

model::Result<void> write_note(const std::filesystem::path& file, const Note& note) {
  const auto path = note_of(file), made = std::filesystem::path(path.string() + ".new");
  std::ofstream out(made, std::ios::trunc);
  for (const auto& [key, value] : note) out << key << ' ' << value << '\n';
  out.close();
  std::error_code problem;
  if (out) std::filesystem::rename(made, path, problem);
  if (out && !problem) return {};
  return model::fail("58030"_state, "the backup is made, but cannot be noted in \"" + path.string() + "\"", {}, "copy will want --no-backup.");
}

std::unexpected<model::Error> missing(const std::filesystem::path& file, std::string why) {
  return model::fail("55000"_state, "there is no backup of \"" + file.string() + "\" as it is now", std::move(why), std::string(kHint));
}

}  // namespace

model::Result<sqlite::BackupReport> backup(const std::filesystem::path& file, const std::filesystem::path& out, const sqlite::BackupProgress& progress) {
  // Before the copy's snapshot: what is written meanwhile makes the note too old, never too new.
  const auto mark = file_mark(file);
  CROSSFADE_TRY(auto report, sqlite::backup(file, out, progress));
  CROSSFADE_CHECK(write_note(file, {{"backup", std::filesystem::absolute(out).string()}, {"sha256", report.sha256},
                                    {"bytes", std::to_string(report.bytes)}, {"mark", mark}}));
  return report;
}

namespace {

/// A backup was noted, and the copy is there as it was made.
model::Result<Note> noted_backup(const std::filesystem::path& file) {
  auto note = read_note(file);
  constexpr std::array<std::string_view, 4> kKeys{"backup", "bytes", "mark", "sha256"};
  for (const auto key : kKeys) {
    if (!note.contains(key)) return missing(file, "None was made by `crossfade backup`.");
  }
  const auto& copy = note.find("backup")->second;
  std::error_code problem;
  const auto bytes = std::filesystem::file_size(copy, problem);
  if (problem) return missing(file, "The last one, \"" + copy + "\", is not there any more.");
  if (std::to_string(bytes) != note.find("bytes")->second) return missing(file, "The last one, \"" + copy + "\", has been changed since.");
  return note;
}

}  // namespace

model::Result<std::chrono::seconds> backup_age(const std::filesystem::path& file) {
  CROSSFADE_TRY(const Note note, noted_backup(file));
  std::error_code problem;
  const auto made = std::filesystem::last_write_time(note.find("backup")->second, problem);
  if (problem) return missing(file, problem.message());
  return std::chrono::duration_cast<std::chrono::seconds>(std::filesystem::file_time_type::clock::now() - made);
}

model::Result<void> check_backup(const std::filesystem::path& file) {
  CROSSFADE_TRY(const Note note, noted_backup(file));
  const auto& copy = note.find("backup")->second;
  if (file_mark(file) != note.find("mark")->second) return missing(file, "The file has changed since the last one, \"" + copy + "\".");
  return {};
}

model::Result<void> renew_backup_note(const std::filesystem::path& file) {
  auto note = read_note(file);
  if (note.empty()) return {};
  note["mark"] = file_mark(file);
  return write_note(file, note);
}

}  // namespace crossfade::migrate
