#pragma once

#include <functional>
#include <span>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/migrate/analyze.hpp"

namespace crossfade::migrate {

using AddFinding = std::function<void(Finding)>;

/// One column's scan, and where it stands.
struct ColumnFacts {
  const plan::Table& table;
  const plan::Column& column;
  const ColumnScan& scan;
  std::string place() const { return table.sqlite_name + "." + column.sqlite_name; }
};

/// A check of one column: how many rows it is about (0: nothing to say).
struct ColumnCheck {
  std::string_view code;
  Finding::Severity severity;
  std::int64_t (*count)(const ColumnFacts&);
  std::string_view text;  // after the count: "rows hold TEXT in an integer column"
  std::string_view advice;
  std::optional<Sampled> sample;
};
std::span<const ColumnCheck> column_checks();

/// What the schema alone tells: names, keys, indexes, defaults, triggers, views, virtual tables.
void schema_findings(const plan::Schema& schema, const ScanReport& scan, const AddFinding& add);
/// Integrity and foreign keys: read from the file.
model::Result<void> file_findings(sqlite::Connection& connection, const AddFinding& add);

}  // namespace crossfade::migrate
