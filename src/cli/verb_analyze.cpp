#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "analysis_html.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using nlohmann::ordered_json;
using Severity = migrate::Finding::Severity;

ordered_json to_json(const migrate::ColumnScan& scan) {
  ordered_json shapes = ordered_json::object();
  for (const auto& [shape, count] : scan.shapes) shapes[migrate::to_string(shape)] = count;
  ordered_json out{{"name", scan.name}, {"declared", scan.declared}, {"nulls", scan.nulls}, {"integers", scan.integers}, {"reals", scan.reals},
                   {"texts", scan.texts}, {"blobs", scan.blobs}, {"longest", scan.longest}, {"largest_bytes", scan.largest},
                   {"empty_texts", scan.empty_texts}, {"shapes", shapes}};
  if (scan.min_integer) out["min_integer"] = *scan.min_integer, out["max_integer"] = *scan.max_integer;
  if (scan.min_real) out["min_real"] = *scan.min_real, out["max_real"] = *scan.max_real;
  return out;
}

ordered_json to_json(const plan::Table& table, const migrate::TableScan* scan) {
  ordered_json out{{"name", table.sqlite_name}, {"kind", table.view ? "view" : table.virtual_table ? "virtual table" : "table"}};
  if (scan == nullptr) return out;
  ordered_json columns = ordered_json::array(), indexes = ordered_json::array(), keys = ordered_json::array(), key = ordered_json::array();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    ordered_json column = to_json(scan->columns[i]);
    column["not_null"] = table.columns[i].not_null;
    column["generated"] = table.columns[i].generated;
    if (table.columns[i].default_sql) column["default"] = *table.columns[i].default_sql;
    columns.push_back(std::move(column));
  }
  for (const plan::Index& index : table.indexes) indexes.push_back({{"name", index.name}, {"unique", index.unique}, {"partial", index.predicate.has_value()}});
  for (const plan::ForeignKey& one : table.foreign_keys) keys.push_back({{"columns", one.columns}, {"target", one.target_table}, {"on_delete", one.on_delete}});
  for (const plan::Column* column : table.key()) key.push_back(column->sqlite_name);
  out.update({{"rows", scan->rows}, {"primary_key", key}, {"autoincrement", table.autoincrement}, {"without_rowid", table.without_rowid},
              {"strict", table.strict}, {"columns", columns}, {"indexes", indexes}, {"foreign_keys", keys}, {"checks", table.checks},
              {"triggers", scan->triggers}});
  return out;
}

ordered_json to_json(const migrate::Analysis& analysis) {
  ordered_json tables = ordered_json::array(), findings = ordered_json::array(), signals = ordered_json::array();
  for (const auto& [name, table] : analysis.schema.tables) tables.push_back(to_json(table, analysis.scan.find(table.sqlite_name)));
  for (const migrate::Finding& one : analysis.findings) {
    findings.push_back({{"code", one.code}, {"severity", migrate::to_string(one.severity)}, {"object", one.object}, {"count", one.count},
                        {"text", one.text}, {"advice", one.advice}, {"rowids", one.rowids}});
  }
  for (const migrate::Signal& one : analysis.signals)
    signals.push_back({{"signal", one.name}, {"says", migrate::to_string(one.says)}, {"evidence", one.evidence}});
  return {{"file", analysis.file.string()}, {"bytes", analysis.bytes}, {"advice", analysis.advice}, {"signals", signals}, {"findings", findings},
          {"tables", tables}, {"milliseconds", analysis.scan.elapsed.count()}};
}

std::string to_text(const migrate::Analysis& analysis) {
  Table tables{{{"table"}, {"rows", Align::right}, {"columns", Align::right}, {"indexes", Align::right}, {"key"}}, {}};
  std::int64_t rows = 0;
  for (const auto& [name, table] : analysis.schema.tables) {
    const migrate::TableScan* scan = analysis.scan.find(table.sqlite_name);
    std::string key;
    for (const plan::Column* column : table.key()) key += (key.empty() ? "" : ", ") + column->sqlite_name;
    tables.rows.push_back({table.sqlite_name, scan ? std::to_string(scan->rows) : table.view ? "view" : "virtual", std::to_string(table.columns.size()),
                           std::to_string(table.indexes.size()), key});
    rows += scan ? scan->rows : 0;
  }
  Table findings{{{"severity"}, {"code"}, {"where"}, {"what"}, {"rowids"}}, {}};
  for (const migrate::Finding& one : analysis.findings)
    findings.rows.push_back({std::string(migrate::to_string(one.severity)), std::string(one.code), one.object, finding_text(one), rowids_text(one)});
  Table signals{{{"signal"}, {"says"}, {"evidence"}}, {}};
  for (const migrate::Signal& one : analysis.signals)
    signals.rows.push_back({std::string(one.name), std::string(migrate::to_string(one.says)), one.evidence});
  return to_text(tables) + "\n" + (findings.rows.empty() ? "nothing found\n" : to_text(findings)) + "\nIs it time?\n" + to_text(signals) + "\n" +
         count_text(rows, "row", "rows") + " scanned in " + seconds_text(analysis.scan.elapsed) + "; " +
         count_text(analysis.count(Severity::blocker), "blocker", "blockers") + ", " + count_text(analysis.count(Severity::warning), "warning", "warnings") + "\n" +
         analysis.advice + "\nNext: crossfade plan " + analysis.file.string() + " -o plan.toml\n";
}

/// One line that is written over: rows, rate, and how long it will take.
migrate::ScanProgress progress() {
  return [begun = std::chrono::steady_clock::now()](std::int64_t rows, std::int64_t about) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const double rate = seconds > 0 ? static_cast<double>(rows) / seconds : 0;
    std::fprintf(stderr, "\r\033[K%lld of about %lld rows, %.0f rows/s, %.0f s left", static_cast<long long>(rows), static_cast<long long>(about), rate,
                 rate > 0 ? static_cast<double>(about - rows) / rate : 0.0);
  };
}

}  // namespace

model::Result<Exit> analyze(const Invocation& invocation) {
  CROSSFADE_TRY(Loaded loaded, settings_of(invocation));
  if (!invocation.file.empty()) loaded.settings.sqlite_file = invocation.file;
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  const bool shown = isatty(STDERR_FILENO) != 0 && invocation.output == Output::text;
  const auto done = migrate::analyze(file, shown ? progress() : migrate::ScanProgress());
  if (shown) std::fputs("\r\033[K", stderr);
  if (!done) return std::unexpected(done.error());
  std::string text = to_text(*done);
  if (invocation.output == Output::json || invocation.format == "json")
    text = to_json(*done).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (invocation.format == "html") text = to_html(*done);
  if (invocation.out_file.empty()) print(text);
  else CROSSFADE_CHECK(write_file(invocation.out_file, text));
  if (done->count(Severity::blocker) != 0) return Exit::cannot;
  return done->count(Severity::warning) != 0 ? Exit::warnings : Exit::ok;
}

}  // namespace crossfade::cli
