#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "crossfade/migrate/backup.hpp"
#include "crossfade/migrate/doctor.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using nlohmann::ordered_json;
using migrate::Diagnosis;

Exit exit_of(const std::vector<Diagnosis>& lines) {
  const auto worst = std::ranges::max(lines, {}, &Diagnosis::light).light;
  return worst == Diagnosis::Light::ok ? Exit::ok : worst == Diagnosis::Light::warn ? Exit::warnings : Exit::cannot;
}

ordered_json to_json(const std::vector<Diagnosis>& lines) {
  ordered_json out = ordered_json::array();
  for (const Diagnosis& line : lines)
    out.push_back({{"state", migrate::to_string(line.light)}, {"what", line.what}, {"found", line.found}, {"next", line.next}});
  return out;
}

std::string to_text(const std::vector<Diagnosis>& lines) {
  Table table{{{"state"}, {"what"}, {"found"}}, {}};
  std::string next;
  for (const Diagnosis& line : lines) {
    table.rows.push_back({std::string(migrate::to_string(line.light)), line.what, line.found});
    if (!line.next.empty()) next += "  " + line.what + ": " + line.next + "\n";
  }
  return to_text(table) + (next.empty() ? "" : "\nWhat to do:\n" + next);
}

}  // namespace

model::Result<Exit> doctor(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  const std::string file = invocation.file.empty() ? loaded.settings.sqlite_file : invocation.file;
  if (file.empty() && loaded.settings.conninfo.empty()) CROSSFADE_CHECK(need_file(loaded.settings));
  std::vector<Diagnosis> lines;
  std::int64_t bytes = 0;
  if (!file.empty()) {
    lines = migrate::examine_file(file);
    bytes = migrate::bytes_of(file);
  }
  if (!loaded.settings.conninfo.empty()) {
    CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
    std::ranges::move(migrate::examine_postgres(target, bytes), std::back_inserter(lines));
  }
  invocation.output == Output::json ? print_json(to_json(lines)) : print(to_text(lines));
  return exit_of(lines);
}

model::Result<Exit> backup(const Invocation& invocation) {
  CROSSFADE_TRY(Loaded loaded, settings_of(invocation));
  if (!invocation.file.empty()) loaded.settings.sqlite_file = invocation.file;
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  const bool shown = invocation.output == Output::text && isatty(STDERR_FILENO) != 0;
  const auto progress = [](std::int64_t done, std::int64_t pages) {
    std::fprintf(stderr, "\r\033[K%lld of %lld pages", static_cast<long long>(done), static_cast<long long>(pages));
  };
  const auto made = migrate::backup(file, invocation.out_file, shown ? sqlite::BackupProgress(progress) : sqlite::BackupProgress());
  if (shown) std::fputs("\r\033[K", stderr);
  if (!made) return std::unexpected(made.error());
  if (invocation.output == Output::json) {
    print_json({{"file", invocation.out_file}, {"bytes", made->bytes}, {"pages", made->pages}, {"sha256", made->sha256},
                {"writers_waited", made->writers_waited}, {"milliseconds", made->elapsed.count()}});
  } else {
    print(made->sha256 + "  " + invocation.out_file + "\n" + bytes_text(made->bytes) + ", checked by quick_check, in " + seconds_text(made->elapsed) +
          (made->writers_waited ? "; nobody could write meanwhile: the file is not in WAL mode" : "") + "\nNext: crossfade analyze " + file + "\n");
  }
  return Exit::ok;
}

}  // namespace crossfade::cli
