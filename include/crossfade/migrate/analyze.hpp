#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/migrate/scan.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// What a person must know before the data moves. `code` is stable (docs/analyze.md lists them). note: nothing to do; warning: a decision
/// is due; blocker: the copy would refuse it.
struct Finding {
  enum class Severity : std::uint8_t { note, warning, blocker } severity = Severity::note;
  std::string_view code;
  std::string object;                // table, table.column, or the file
  std::string text;
  std::string_view advice;
  std::int64_t count = 0;            // rows, where rows are meant
  std::vector<std::int64_t> rowids;  // a few of them
};
std::string_view to_string(Finding::Severity severity);

/// One of the five signs that it is time for PostgreSQL.
struct Signal {
  enum class Says : std::uint8_t { no, yes, unknown } says = Says::unknown;
  std::string_view name;
  std::string evidence;
};
std::string_view to_string(Signal::Says says);

/// Everything in the file, and what it means for a migration.
struct Analysis {
  std::filesystem::path file;
  std::int64_t bytes = 0;  // the file and its WAL
  plan::Schema schema;
  ScanReport scan;
  std::vector<Finding> findings;  // blockers first
  std::vector<Signal> signals;
  std::chrono::seconds copy_estimate{0};
  std::string advice;  // which way to go
  std::int64_t count(Finding::Severity severity) const;
};

/// Scans all data once, in one read transaction and through SQLite alone; then the integrity and foreign keys. The file stays as it is.
/// `progress`: as scan()'s. Errors: SQLite's own, naming the file.
model::Result<Analysis> analyze(const std::filesystem::path& file, const ScanProgress& progress = {});

}  // namespace crossfade::migrate
