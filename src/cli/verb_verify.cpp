#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "crossfade/migrate/verify.hpp"
#include "output.hpp"
#include "pair.hpp"
#include "progress.hpp"

namespace crossfade::cli {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const migrate::VerifyReport& report) {
  constexpr std::array<std::string_view, 3> kKinds{"only-sqlite", "only-postgres", "value"};
  ordered_json tables = ordered_json::array();
  for (const migrate::TableVerify& table : report.tables) {
    ordered_json examples = ordered_json::array();
    for (const migrate::RowDifference& difference : table.examples) {
      examples.push_back({{"kind", kKinds[static_cast<std::size_t>(difference.kind)]}, {"key", difference.key_text},
                          {"column", difference.column}, {"sqlite", difference.sqlite}, {"postgres", difference.postgres}});
    }
    tables.push_back({{"table", table.table}, {"keyless", table.keyless}, {"sqlite_rows", table.sqlite_rows},
                      {"postgres_rows", table.postgres_rows}, {"values", table.values}, {"only_sqlite", table.only_sqlite},
                      {"only_postgres", table.only_postgres}, {"different_rows", table.different_rows},
                      {"quarantined", table.quarantined}, {"examples", examples}, {"milliseconds", table.elapsed.count()}});
  }
  return {{"equal", report.equal()}, {"differences", report.differences()}, {"tables", tables}, {"problems", report.problems}, {"notes", report.notes},
          {"milliseconds", report.elapsed.count()}};
}

std::string to_text(const migrate::RowDifference& difference, const std::string& table) {
  switch (difference.kind) {
    case migrate::RowDifference::Kind::only_sqlite: return table + " " + difference.key_text + ": only in SQLite\n";
    case migrate::RowDifference::Kind::only_postgres: return table + " " + difference.key_text + ": only in PostgreSQL\n";
    case migrate::RowDifference::Kind::value:
      return table + " " + difference.key_text + "." + difference.column + ": SQLite " + difference.sqlite + ", PostgreSQL " +
             difference.postgres + "\n";
  }
  return {};
}

std::string to_text(const migrate::VerifyReport& report) {
  Table table{{{"table"}, {"rows in SQLite", Align::right}, {"in PostgreSQL", Align::right}, {"values", Align::right},
               {"only SQLite", Align::right}, {"only PostgreSQL", Align::right}, {"different", Align::right},
               {"quarantined", Align::right}, {"time", Align::right}}, {}};
  std::string examples;
  for (const migrate::TableVerify& row : report.tables) {
    table.rows.push_back({row.table, std::to_string(row.sqlite_rows), std::to_string(row.postgres_rows),
                          std::to_string(row.values), std::to_string(row.only_sqlite), std::to_string(row.only_postgres),
                          std::to_string(row.different_rows), std::to_string(row.quarantined), seconds_text(row.elapsed)});
    for (const migrate::RowDifference& difference : row.examples) examples += to_text(difference, row.table);
  }
  std::string text = to_text(table) + examples;
  for (const std::string& problem : report.problems) text += "problem: " + problem + "\n";
  for (const std::string& note : report.notes) text += "note: " + note + "\n";
  const std::string verdict = report.equal() ? "equal" : count_text(report.differences(), "difference", "differences") + ", " +
                              count_text(static_cast<std::int64_t>(report.problems.size()), "problem", "problems");
  return text + verdict + " (" + seconds_text(report.elapsed) + ")\n";
}

ordered_json to_json(const migrate::RepairReport& report) {
  return {{"equal", report.after.equal()}, {"rows", report.rows}, {"made", report.made}, {"failed", report.failed}, {"before", to_json(report.before)},
          {"after", to_json(report.after)}};
}

std::string to_text(const migrate::RepairReport& report) {
  std::string text = to_text(report.before);
  if (report.before.equal()) return text + "nothing to mend\n";
  for (const std::string& object : report.made) text += "made again: " + object + "\n";
  for (const std::string& failure : report.failed) text += "not mended: " + failure + "\n";
  return text + count_text(report.rows, "row", "rows") + " mended; verified again:\n" + to_text(report.after);
}

}  // namespace

model::Result<Exit> verify(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
  CROSSFADE_TRY(const plan::Plan plan, need_plan(loaded.settings, Rules::stored));
  std::optional<Progress> progress(std::in_place, "verify");
  const migrate::VerifyOptions options{.examples = static_cast<std::size_t>(invocation.examples), .tables = invocation.tables,
                                       .progress = [&progress](const migrate::VerifyProgress& table) {
                                         progress->table(std::string(table.table), {.rows = table.rows, .about = table.about});
                                       },
                                       .postgres_only = loaded.settings.postgres_only};
  if (invocation.repair) {
    const auto repaired = migrate::repair(file, target, plan, options);
    progress.reset();
    if (!repaired) return std::unexpected(repaired.error());
    invocation.output == Output::json ? print_json(to_json(*repaired)) : print(to_text(*repaired));
    return repaired->after.equal() ? Exit::ok : Exit::different;
  }
  const auto report = migrate::verify(file, target, plan, options);
  progress.reset();
  if (!report) return std::unexpected(report.error());
  invocation.output == Output::json ? print_json(to_json(*report)) : print(to_text(*report));
  return report->equal() ? Exit::ok : Exit::different;
}

}  // namespace crossfade::cli
