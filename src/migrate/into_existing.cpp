#include "crossfade/migrate/into_existing.hpp"

#include <algorithm>
#include <set>

#include "bookkeeping.hpp"
#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "existing_target.hpp"
#include "into_form.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

/// By the plan's name, else by the file's, else in any case. `several`: more than one in another case.
template <class Named>
const Named* find_named(const std::vector<Named>& all, std::string_view planned, std::string_view source, bool& several) {
  for (const auto name : {planned, source}) {
    const auto found = std::ranges::find(all, name, &Named::name);
    if (found != all.end()) return &*found;
  }
  const auto same = [&](const Named& candidate) { return plan::fold(candidate.name) == plan::fold(source); };
  const auto found = std::ranges::find_if(all, same);
  several = found != all.end() && std::find_if(std::next(found), all.end(), same) != all.end();
  return found == all.end() || several ? nullptr : &*found;
}

std::string in_quotes(std::string_view name) { return "\"" + std::string(name) + "\""; }

/// Lays a drafted plan over PostgreSQL's tables.
class IntoExisting {
 public:
  IntoExisting(sqlite::Connection& source, postgres::Connection& target, Drafted& drafted, const std::string& zone)
      : source_(source), target_(target), drafted_(drafted), zone_(zone) {}

  model::Result<void> run() {
    drafted_.plan.schema = plan::TargetSchema::existing;
    CROSSFADE_TRY(const auto schema, sqlite::read_schema(source_, nullptr));
    CROSSFADE_TRY(there_, read_target_tables(target_));
    for (auto& table : drafted_.plan.tables) {
      const auto file = std::ranges::find_if(schema.tables, [&](const auto& entry) { return entry.second.sqlite_name == table.source; });
      if (file != schema.tables.end()) CROSSFADE_CHECK(lay_table(table, file->second));
    }
    CROSSFADE_CHECK(look_around());
    CROSSFADE_CHECK(look_at_rows());
    if (!faults_.empty()) return refuse_together("the schema in PostgreSQL cannot take the file", faults_);
    return {};
  }

 private:
  model::Result<void> lay_table(plan::PlannedTable& table, const plan::Table& file);
  model::Result<void> lay_column(const plan::PlannedTable& table, plan::PlannedColumn& column, const Evidence& evidence, const TargetColumn& there);
  void only_there(const TargetTable& there, const std::set<std::string>& taken);
  model::Result<void> look_around();
  model::Result<void> look_at_rows();
  void fault(model::SqlState state, std::string message, std::string hint) { faults_.push_back({state, std::move(message), {}, std::move(hint)}); }

  sqlite::Connection& source_;
  postgres::Connection& target_;
  Drafted& drafted_;
  const std::string& zone_;
  std::vector<TargetTable> there_;
  std::set<std::string> found_;  // PostgreSQL's tables that are the file's
  std::vector<model::Error> faults_;
};

model::Result<void> IntoExisting::lay_table(plan::PlannedTable& table, const plan::Table& file) {
  bool several = false;
  const auto* there = find_named(there_, table.name, table.source, several);
  if (!there) {
    if (several) fault("42702"_state, "more than one table of PostgreSQL is called " + in_quotes(table.source) + " in some case", "Name the one that is meant in plan.toml.");
    else fault("42P01"_state, "table " + in_quotes(table.source) + " of the file is not in schema public",
               "Run the application's own migrations against PostgreSQL first; drop tables that it no longer has from the file.");
    return {};
  }
  if (there->inherits) {
    fault("0A000"_state, "table " + in_quotes(there->name) + " of PostgreSQL inherits, or is inherited from", "Its rows and another table's could not be told apart; partitioned tables can.");
  }
  const auto* scan = drafted_.report.find(table.source);
  table.name = there->name;
  found_.insert(there->name);
  std::set<std::string> taken;
  for (std::size_t i = 0; i < table.columns.size() && scan; ++i) {
    auto& column = table.columns[i];
    const auto* known = find_named(there->columns, column.name, column.source, several);
    const auto place = table.name + "." + column.source;
    if (!known) {
      if (several) fault("42702"_state, "more than one column of PostgreSQL is called " + place + " in some case", "Name the one that is meant in plan.toml.");
      else fault("42703"_state, "column " + place + " of the file is not in PostgreSQL", "Run the application's migrations on both sides; drop columns that it no longer has from the file.");
      continue;
    }
    for (auto& key : table.key) {
      if (key == column.name) key = known->name;
    }
    column.name = known->name;
    taken.insert(known->name);
    const auto& declared = file.columns[i];
    CROSSFADE_CHECK(lay_column(table, column, Evidence{declared, scan->columns[i], Declaration{declared.declared}}, *known));
  }
  only_there(*there, taken);
  return {};
}

model::Result<void> IntoExisting::lay_column(const plan::PlannedTable& table, plan::PlannedColumn& column, const Evidence& evidence, const TargetColumn& there) {
  if (column.owner_edited && (column.type != there.type || !plan::holds(column.form, column.type))) {
    fault("42804"_state, table.name + "." + there.name + " is " + there.type_name + " in PostgreSQL, and " + model::format_type(column.type) + " in the plan that its owner has edited",
          "PostgreSQL's type rules here: take out the edit, or ALTER the column.");
    return {};
  }
  CROSSFADE_TRY(auto into, form_into(source_, table, column, evidence, there, zone_));
  if (into.fault) {
    faults_.push_back(*std::move(into.fault));
    return {};
  }
  column.type = there.type;
  column.form = std::move(into.form);
  column.zone = column.form.zone;
  if (!column.owner_edited) column.misfit = into.misfit;
  if (!column.owner_edited) column.note = std::move(into.note);
  if (!into.warning.empty()) drafted_.warnings.push_back(std::move(into.warning));
  if (there.generated) drafted_.notes.push_back(table.name + "." + there.name + ": PostgreSQL generates it; left out of the copy, compared by verify");
  if (there.foreign_sequence) drafted_.warnings.push_back(table.name + "." + there.name + ": its default is nextval() of a sequence that it does not own, which is not primed");
  if (there.not_null && evidence.scan.nulls != 0) {
    fault("23502"_state, table.name + "." + there.name + " takes no NULL in PostgreSQL; the file holds " + std::to_string(evidence.scan.nulls), "Mend the rows in the file.");
  }
  return {};
}

/// Columns that the file does not have.
void IntoExisting::only_there(const TargetTable& there, const std::set<std::string>& taken) {
  for (const auto& column : there.columns) {
    if (taken.contains(column.name)) continue;
    const auto place = there.name + "." + column.name;
    const bool filled = column.defaulted || column.generated || column.identity;
    if (column.not_null && !filled) {
      fault("23502"_state, "column " + place + " is not in the file, and is NOT NULL without a default",
            "Run the application's migrations on the file as well, or give the column a default for the copy.");
    } else {
      drafted_.notes.push_back(place + ": only in PostgreSQL; it gets " + (filled ? "its default" : "NULL"));
    }
  }
}

/// What acts on rows even under replica role, and tables that the file does not have.
model::Result<void> IntoExisting::look_around() {
  CROSSFADE_TRY(const auto found, target_.query(
      "SELECT c.relname::text, 'trigger ' || t.tgname, false FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid "
      "WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND t.tgenabled IN ('A', 'R') UNION ALL "
      "SELECT c.relname::text, 'exclusion constraint ' || k.conname, true FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
      "WHERE c.relnamespace = 'public'::regnamespace AND k.contype = 'x' AND k.condeferrable ORDER BY 1, 2"));
  for (const auto& row : found.rows) {
    const auto& table = std::get<std::string>(row.at(0));
    const auto object = std::get<std::string>(row.at(1));
    if (!found_.contains(table)) continue;
    if (std::get<bool>(row.at(2))) fault("0A000"_state, object + " of " + table + " is deferrable: nobody would check it", "Drop it for the copy, and make it again afterwards.");
    else drafted_.warnings.push_back(table + ": " + object + " is ENABLE ALWAYS or REPLICA: it fires for every row that is copied");
  }
  for (const auto& table : drafted_.report.tables) {
    for (const auto& trigger : table.triggers) drafted_.notes.push_back(table.source + ": trigger " + trigger + " of the file: the application has its own in PostgreSQL, or none");
  }
  for (const auto& table : there_) {
    if (!found_.contains(table.name)) drafted_.notes.push_back(table.name + ": only in PostgreSQL; it stays as it is");
  }
  return {};
}

/// Seeded rows, and versions of migration tools. Of tables whose columns are all there.
model::Result<void> IntoExisting::look_at_rows() {
  plan::Plan whole = drafted_.plan;
  std::erase_if(whole.tables, [&](const plan::PlannedTable& table) { return !found_.contains(table.name); });
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(source_, &whole));
  for (const auto& name : found_) {
    const auto table = schema.tables.find(name);
    const auto there = std::ranges::find(there_, name, &TargetTable::name);
    if (table == schema.tables.end() || there == there_.end()) continue;
    const auto versions = version_columns(table->second);
    const auto known = [&](const plan::Column* column) { return there->find(column->name) != nullptr; };
    if (!std::ranges::all_of(versions, known)) continue;
    CROSSFADE_TRY(auto rows, standing_rows(source_, target_, table->second));
    std::ranges::move(rows, std::back_inserter(faults_));
  }
  return {};
}

}  // namespace

model::Result<Drafted> draft_into_existing(sqlite::Connection& connection, postgres::Connection& target, const plan::Plan* previous, const std::string& zone) {
  if (!zone.empty() && !model::TimeZone::find(zone)) return model::fail("22023"_state, "time zone \"" + zone + "\" not recognized");
  CROSSFADE_TRY(auto out, draft_unproved(connection, previous));
  CROSSFADE_CHECK(IntoExisting(connection, target, out, zone).run());
  return out;
}

}  // namespace crossfade::migrate
