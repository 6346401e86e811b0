#include <algorithm>
#include <set>

#include "bind/schema_binder.hpp"
#include "crossfade/sql/catalog.hpp"
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

/// SQLite's own REINDEX makes the indexes anew; in which order rows lie is no answer's matter.
Result<void> SchemaBinder::bind(Reorder& reorder, Statement&) {
  using What = Reorder::What;
  RelationName& name = reorder.relation;
  if (reorder.what == What::cluster && name.name.empty()) return {};  // no table has been clustered
  const bool of_database = reorder.what == What::database || reorder.what == What::system;
  if (of_database && !name.name.empty() && name.name != context_.database) return refuse("0A000"_state, "can only reindex the currently open database", kNowhere);
  if (reorder.what == What::schema) CROSSFADE_CHECK(check_schema({.schema = name.name}));
  if (of_database || (reorder.what == What::schema && name.name == "public")) result_.own_texts.emplace_back("REINDEX");
  if (of_database || reorder.what == What::schema) return {};
  const auto [owner, index] = find_index(name);
  const plan::Table* table = context_.schema->find(name.schema, name.name);
  const bool key = !index && !table && names_key(name);
  if (reorder.what == What::index) {
    if (table) return refuse("42809"_state, "\"" + name.name + "\" is not an index", kNowhere);
    if (!index && !key) CROSSFADE_CHECK(find(name, "relation"));
    if (index) result_.own_texts.push_back(std::string{"REINDEX "} + (owner->temporary ? "temp." : "main.") + quoted(index->name));
    return {};
  }
  if (index || key || is_sequence(name)) return refuse("42809"_state, "\"" + name.name + "\" is not a table or materialized view", kNowhere);
  CROSSFADE_CHECK(find(name, "relation"));
  if (table->view) return refuse("42809"_state, "\"" + name.name + "\" is not a table or materialized view", kNowhere);
  if (reorder.what == What::table) {
    result_.own_texts.push_back(std::string{"REINDEX "} + (table->temporary ? "temp." : "main.") + quoted(table->sqlite_name));
    return {};
  }
  if (reorder.index.empty()) return refuse("42704"_state, "there is no previously clustered index for table \"" + table->name + "\"", kNowhere);
  const bool its_own = std::ranges::any_of(table->indexes, [&](const plan::Index& each) { return each.name == reorder.index; }) || names_key({.name = reorder.index});
  if (!its_own) return refuse("42704"_state, "index \"" + reorder.index + "\" for table \"" + table->name + "\" does not exist", kNowhere);
  return unsupported("CLUSTER … USING", kNowhere, "SQLite keeps a table's rows by their key.");
}

/// The weakest lock is what each query has too: its snapshot, whatever others change. Any other keeps a writer out, and here they all
/// wait for one permit.
Result<void> SchemaBinder::bind(LockTable& lock, Statement&) {
  for (RelationName& name : lock.relations) {
    if (!name.catalog.empty() && name.catalog != context_.database) {
      return refuse("0A000"_state, "cross-database references are not implemented: \"" + name.catalog + "." + name.schema + "." + name.name + "\"", name.position);
    }
    const plan::Schema& schema = *context_.schema;
    const bool table = schema.find(name.schema, name.name) != nullptr;
    if (!table && find_catalog_relation(name.schema, name.name)) {
      return refuse("42501"_state, "permission denied: \"" + name.name + "\" is a system catalog", name.position);
    }
    if (!table && (find_index(name).second || is_sequence(name))) {
      return refuse("42809"_state, "\"" + name.name + "\" is not a table or view", kNowhere);
    }
    CROSSFADE_CHECK(find(name, "relation"));
  }
  result_.writes = lock.mode != LockTable::Mode::access_share && permanent_;
  result_.texts = {"SELECT 1 WHERE 0"};
  return {};
}

}  // namespace crossfade::sql
