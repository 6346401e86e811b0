#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "crossfade/migrate/copy.hpp"
#include "output.hpp"
#include "pair.hpp"
#include "progress.hpp"

namespace crossfade::cli {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const migrate::CopyReport& report) {
  ordered_json tables = ordered_json::array();
  for (const migrate::TableCopy& table : report.tables) {
    tables.push_back({{"table", table.table}, {"read", table.read}, {"written", table.written}, {"nulled", table.nulled},
                      {"cast", table.cast}, {"quarantined", table.quarantined}, {"bytes", table.bytes},
                      {"resumed_at", table.resumed_at}, {"milliseconds", table.elapsed.count()}});
  }
  return {{"tables", tables}, {"untranslated", report.untranslated}, {"plan_hash", report.plan_hash},
          {"started_again", report.started_again}, {"rejects", report.rejects()}, {"milliseconds", report.elapsed.count()}};
}

std::string rate_text(std::int64_t rows, std::chrono::milliseconds elapsed) {
  return elapsed.count() == 0 ? "" : std::to_string(rows * 1'000 / elapsed.count());
}

std::string to_text(const migrate::CopyReport& report) {
  Table table{{{"table"}, {"read", Align::right}, {"written", Align::right}, {"nulled", Align::right}, {"cast", Align::right},
               {"quarantined", Align::right}, {"bytes", Align::right}, {"time", Align::right}, {"rows/s", Align::right}}, {}};
  for (const migrate::TableCopy& row : report.tables) {
    table.rows.push_back({row.table, std::to_string(row.read), std::to_string(row.written), std::to_string(row.nulled),
                          std::to_string(row.cast), std::to_string(row.quarantined), bytes_text(row.bytes),
                          seconds_text(row.elapsed), rate_text(row.read - row.resumed_at, row.elapsed)});
  }
  std::string text = to_text(table);
  for (const std::string& object : report.untranslated) text += "not translated: " + object + "\n";
  if (report.started_again) text += "The file had changed since an earlier run: its chunks were copied again.\n";
  const auto rejected = [](const migrate::TableCopy& table) { return table.nulled != 0 || table.quarantined != 0; };
  if (std::ranges::any_of(report.tables, rejected)) text += "Values made NULL and rows put aside are in crossfade.quarantine.\n";
  return text + "copied in " + seconds_text(report.elapsed) + "\nNext: crossfade verify with the same arguments\n";
}

migrate::CopyProgress shown(Progress& progress) {
  return [&progress](const migrate::TableCopy& table) {
    progress.all(table.about_all);
    progress.table(table.table, {.rows = table.read, .about = table.about, .bytes = table.bytes, .skipped = table.resumed_at});
  };
}

}  // namespace

model::Result<Exit> copy(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
  CROSSFADE_TRY(const plan::Plan plan, need_plan(loaded.settings, Rules::named));
  std::optional<Progress> progress(std::in_place, "copy");
  const auto done = migrate::copy(file, target, plan,
                                  {.chunk_rows = invocation.chunk_rows,
                                   .backup = invocation.no_backup ? migrate::CopyOptions::Backup::not_wanted : migrate::CopyOptions::Backup::wanted,
                                   .connections = invocation.connections},
                                  shown(*progress));
  progress.reset();
  if (!done) return std::unexpected(done.error());
  invocation.output == Output::json ? print_json(to_json(*done)) : print(to_text(*done));
  return done->rejects() ? Exit::warnings : Exit::ok;
}

}  // namespace crossfade::cli
