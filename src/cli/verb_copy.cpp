#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "crossfade/migrate/copy.hpp"
#include "crossfade/migrate/verify.hpp"
#include "output.hpp"
#include "pair.hpp"

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

std::string to_text(const migrate::CopyReport& report) {
  Table table{{{"table"}, {"read", Align::right}, {"written", Align::right}, {"nulled", Align::right}, {"cast", Align::right},
               {"quarantined", Align::right}, {"bytes", Align::right}, {"time", Align::right}}, {}};
  for (const migrate::TableCopy& row : report.tables) {
    table.rows.push_back({row.table, std::to_string(row.read), std::to_string(row.written), std::to_string(row.nulled),
                          std::to_string(row.cast), std::to_string(row.quarantined), bytes_text(row.bytes),
                          seconds_text(row.elapsed)});
  }
  std::string text = to_text(table);
  for (const std::string& object : report.untranslated) text += "not translated: " + object + "\n";
  if (report.started_again) text += "The file had changed since an earlier run: its chunks were copied again.\n";
  return text + "copied in " + seconds_text(report.elapsed) + "\n";
}

/// One line that is written over, on a terminal only.
migrate::CopyProgress progress(Output output) {
  if (output == Output::json || isatty(STDERR_FILENO) == 0) return {};
  return [](const migrate::TableCopy& table) {
    std::fprintf(stderr, "\r\033[K%s: %lld rows", table.table.c_str(), static_cast<long long>(table.written));
  };
}

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
  return {{"equal", report.equal()}, {"differences", report.differences()}, {"tables", tables}, {"problems", report.problems},
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
  const std::string verdict = report.equal() ? "equal" : count_text(report.differences(), "difference", "differences") + ", " +
                              count_text(static_cast<std::int64_t>(report.problems.size()), "problem", "problems");
  return text + verdict + " (" + seconds_text(report.elapsed) + ")\n";
}

}  // namespace

model::Result<Exit> copy(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
  CROSSFADE_TRY(const plan::Plan plan, need_plan(loaded.settings, Rules::named));
  const auto done = migrate::copy(file, target, plan, {.chunk_rows = invocation.chunk_rows}, progress(invocation.output));
  if (progress(invocation.output)) std::fputs("\r\033[K", stderr);
  if (!done) return std::unexpected(done.error());
  invocation.output == Output::json ? print_json(to_json(*done)) : print(to_text(*done));
  return done->rejects() ? Exit::warnings : Exit::ok;
}

model::Result<Exit> verify(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
  CROSSFADE_TRY(const plan::Plan plan, need_plan(loaded.settings, Rules::stored));
  CROSSFADE_TRY(const migrate::VerifyReport report,
                migrate::verify(file, target, plan, {.examples = static_cast<std::size_t>(invocation.examples)}));
  invocation.output == Output::json ? print_json(to_json(report)) : print(to_text(report));
  return report.equal() ? Exit::ok : Exit::different;
}

}  // namespace crossfade::cli
