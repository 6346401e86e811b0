#include "crossfade/migrate/analyze.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <set>
#include <tuple>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/doctor.hpp"
#include "findings.hpp"

namespace crossfade::migrate {
namespace {

// What a copy did per second on two slow cores, indexes and foreign keys included: an estimate, not a promise.
constexpr std::int64_t kRowsPerSecond = 100'000, kBytesPerSecond = 20'000'000;
constexpr std::chrono::minutes kEvening{5};
constexpr std::int64_t kLargeFile = 1'000'000'000;
// foreign_key_check goes from row to row of the tables referred to: with SQLite's own 2 MB each is a page read again.
constexpr std::string_view kCache = "PRAGMA cache_size = -65536";

/// Other names for tables whose names are one to PostgreSQL, so that the rest can be looked at.
model::Result<plan::Plan> told_apart(sqlite::Connection& connection) {
  CROSSFADE_TRY(const auto rows, connection.query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND lower(name) NOT GLOB 'sqlite_*' "
                                                  "AND lower(name) NOT GLOB 'crossfade_*' ORDER BY name"));
  plan::Plan out;
  std::set<std::string> taken;
  for (const auto& row : rows) {
    const auto& source = std::get<std::string>(row.at(0));
    std::string name = plan::fold(source);
    if (taken.insert(name).second) continue;
    plan::PlannedTable other;
    other.source = source;
    for (int number = 2; !taken.insert(other.name = name + "_" + std::to_string(number)).second;) ++number;
    out.tables.push_back(std::move(other));
  }
  return out;
}

void column_findings(const Analysis& analysis, const AddFinding& add) {
  for (const auto& [name, table] : analysis.schema.tables) {
    const TableScan* scanned = analysis.scan.find(table.sqlite_name);
    if (scanned == nullptr) continue;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const ColumnFacts at{table, table.columns[i], scanned->columns[i]};
      for (const ColumnCheck& check : column_checks()) {
        const std::int64_t count = check.count(at);
        if (count <= 0) continue;
        Finding found{.severity = check.severity, .code = check.code, .object = at.place(), .text = std::string(check.text), .advice = check.advice, .count = count};
        if (check.sample) {
          const auto rows = at.scan.samples.find(*check.sample);
          if (rows != at.scan.samples.end()) found.rowids = rows->second;
        }
        add(std::move(found));
      }
    }
  }
}

bool wants_features(const plan::Schema& schema, std::string& why) {
  for (const auto& [name, table] : schema.tables) {
    if (table.virtual_table) why += (why.empty() ? "" : ", ") + table.sqlite_name + " (virtual table)";
    for (const plan::Column& column : table.columns)
      if (plan::fold(column.declared).contains("json")) why += (why.empty() ? "" : ", ") + table.sqlite_name + "." + column.sqlite_name + " (JSON)";
  }
  return !why.empty();
}

std::vector<Signal> signals_of(const Analysis& analysis) {
  using enum Signal::Says;
  std::string features;
  const bool wanted = wants_features(analysis.schema, features);
  return {
      {unknown, "lock contention", "not to be seen in the file: look for \"database is locked\" in the application's log, or SHOW STATS of a running crossfade serve"},
      {unknown, "network access", "not to be seen in the file: yes, when more than one machine wants the data"},
      {unknown, "many clients", "not to be seen in the file: `crossfade doctor` lists the programs that have it open now"},
      {wanted ? yes : no, "features", wanted ? features : "nothing in the schema asks for what only PostgreSQL has"},
      {analysis.bytes > kLargeFile ? yes : no, "size", std::to_string(analysis.bytes >> 20) + " MiB"},
  };
}

std::string advice_of(const Analysis& analysis) {
  if (analysis.count(Finding::Severity::blocker) != 0) return "Mend the blockers first; then crossfade plan.";
  if (analysis.copy_estimate < kEvening)
    return "You do not need the live cutover: the copy takes about " + std::to_string(std::max<std::int64_t>(analysis.copy_estimate.count(), 1)) +
           " s. Stop the application, crossfade plan, copy, verify, and start it on PostgreSQL.";
  return "The copy takes about " + std::to_string(analysis.copy_estimate.count() / 60) + " minutes: serve the file through crossfade and fade over while it is used.";
}

/// What SQLite's own checks find, on a connection of its own beside the scan: a file that is written meanwhile is looked at by each as of
/// the moment that it began.
model::Result<std::vector<Finding>> check_file(const std::filesystem::path& file) {
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only}));
  CROSSFADE_CHECK(connection.execute(kCache));
  std::vector<Finding> found;
  CROSSFADE_CHECK(file_findings(connection, [&found](Finding finding) { found.push_back(std::move(finding)); }));
  return found;
}

}  // namespace

std::string_view to_string(Finding::Severity severity) {
  constexpr std::array<std::string_view, 3> kNames{"note", "warning", "blocker"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view to_string(Signal::Says says) {
  constexpr std::array<std::string_view, 3> kNames{"no", "yes", "unknown"};
  return kNames[static_cast<std::size_t>(says)];
}

std::int64_t Analysis::count(Finding::Severity severity) const { return std::ranges::count(findings, severity, &Finding::severity); }

model::Result<Analysis> analyze(const std::filesystem::path& file, const ScanProgress& progress) {
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only}));
  Analysis out{.file = file, .bytes = bytes_of(file) + bytes_of(file.string() + "-wal")};
  CROSSFADE_TRY(auto snapshot, sqlite::Transaction::begin(connection, sqlite::Transaction::Mode::deferred));
  CROSSFADE_TRY(const plan::Plan names, told_apart(connection));
  CROSSFADE_TRY(out.schema, sqlite::read_schema(connection, &names));
  const AddFinding add = [&out](Finding finding) { out.findings.push_back(std::move(finding)); };
  auto checks = std::async(std::launch::async, check_file, std::cref(file));
  auto scanned = scan(connection, progress, &names);
  CROSSFADE_TRY(out.findings, checks.get());
  CROSSFADE_TRY(out.scan, std::move(scanned));
  schema_findings(out.schema, out.scan, add);
  column_findings(out, add);
  std::ranges::sort(out.findings, [](const Finding& a, const Finding& b) {
    return std::tie(b.severity, a.object, a.code) < std::tie(a.severity, b.object, b.code);
  });
  std::int64_t rows = 0;
  for (const TableScan& table : out.scan.tables) rows += table.rows;
  out.copy_estimate = std::chrono::seconds(std::max(rows / kRowsPerSecond, out.bytes / kBytesPerSecond));
  out.signals = signals_of(out);
  out.advice = advice_of(out);
  return out;
}

}  // namespace crossfade::migrate
