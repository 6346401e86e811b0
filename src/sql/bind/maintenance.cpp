#include <algorithm>
#include <set>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

/// ANALYZE gathers SQLite's statistics, table by table. A plain VACUUM gives the space of dead rows back to its table: SQLite does
/// that by itself, so that nothing is left to do. VACUUM FULL would give rows without a key other row numbers.
Result<void> SchemaBinder::bind(Maintenance& maintenance, Statement&) {
  const std::string command = maintenance.vacuum ? "VACUUM" : "ANALYZE";
  if (maintenance.full) {
    return unsupported("VACUUM FULL", kNowhere, "With the proxy stopped, SQLite's own VACUUM does it: sqlite3 FILE VACUUM.");
  }
  if (maintenance.verbose) return unsupported(command + " VERBOSE", kNowhere, "SQLite has no such report.");
  std::vector<const plan::Table*> tables;
  for (Maintenance::Target& target : maintenance.targets) {
    if (!maintenance.analyze && !target.columns.empty()) {
      return refuse("0A000"_state, "ANALYZE option must be specified when a column list is provided", kNowhere);
    }
    CROSSFADE_TRY(const plan::Table* table, find(target.relation, "relation"));
    std::set<std::string> seen;
    for (const std::string& column : target.columns) {
      const std::string name = "column \"" + column + "\" of relation \"" + table->name + "\"";
      if (table->find_column(column) == nullptr) return refuse("42703"_state, name + " does not exist", kNowhere);
      if (!seen.insert(column).second) return refuse("42701"_state, name + " appears more than once", kNowhere);
    }
    tables.push_back(table);
  }
  if (maintenance.targets.empty())
    for (const auto& [name, table] : context_.schema->tables) tables.push_back(&table);
  for (const plan::Table* table : tables) {
    if (table->view && !maintenance.targets.empty()) {
      result_.notices.push_back({"01000"_state, "skipping \"" + table->name + "\" --- cannot " + (maintenance.vacuum ? "vacuum" : "analyze") +
                                                    " non-tables or special system tables"});
    }
    if (table->view || !maintenance.analyze) continue;
    result_.texts.push_back(std::string{"ANALYZE "} + (table->temporary ? "temp." : "main.") + quote_identifier(table->sqlite_name, context_.target));
  }
  return {};
}

}  // namespace crossfade::sql
