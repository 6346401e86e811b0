#include <filesystem>
#include <nlohmann/json.hpp>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/migrate/into_existing.hpp"
#include "crossfade/migrate/redraft.hpp"
#include "crossfade/migrate/scan.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using nlohmann::ordered_json;

/// The plan whose edits stay: --plan, else the file that is about to be replaced.
model::Result<std::optional<plan::Plan>> previous_plan(const Settings& settings, const std::string& out_file) {
  const std::string& path = settings.plan.empty() ? out_file : settings.plan;
  if (path.empty() || !std::filesystem::exists(path)) return std::optional<plan::Plan>{};
  CROSSFADE_TRY(const std::string text, read_text_file(path));
  CROSSFADE_TRY(plan::Plan plan, migrate::read_reviewed(text, path));
  return std::optional(std::move(plan));
}

/// Against the plan that was there.
struct Changes { std::vector<std::string> kept, changed; };

ordered_json to_json(const migrate::Drafted& drafted, const Changes& changes) {
  ordered_json tables = ordered_json::array();
  for (const plan::PlannedTable& table : drafted.plan.tables) {
    ordered_json columns = ordered_json::array();
    for (const plan::PlannedColumn& column : table.columns) {
      columns.push_back({{"name", column.name},
                         {"type", model::format_type(column.type)},
                         {"form", plan::to_string(column.form)},
                         {"note", column.note}});
    }
    const migrate::TableScan* scan = drafted.report.find(table.source);
    tables.push_back({{"name", table.name}, {"source", table.source}, {"rows", scan ? scan->rows : 0}, {"columns", columns}});
  }
  ordered_json demotions = ordered_json::array();
  for (const migrate::Demotion& demotion : drafted.demotions) {
    demotions.push_back({{"table", demotion.table}, {"column", demotion.column}, {"reason", demotion.reason}});
  }
  return {{"hash", plan::hash(drafted.plan)}, {"tables", tables}, {"demotions", demotions}, {"kept", changes.kept}, {"changed", changes.changed}, {"warnings", drafted.warnings},
          {"notes", drafted.notes},
          {"not_scanned", drafted.report.not_scanned}, {"milliseconds", drafted.report.elapsed.count()}};
}

void print_findings(const migrate::Drafted& drafted, const Changes& changes, const std::string& out_file) {
  std::int64_t rows = 0;
  for (const migrate::TableScan& table : drafted.report.tables) rows += table.rows;
  std::string text = count_text(static_cast<std::int64_t>(drafted.plan.tables.size()), "table", "tables") + ", " +
                     count_text(rows, "row", "rows") + " scanned in " + seconds_text(drafted.report.elapsed) + "\n";
  for (const std::string& column : changes.kept) text += "kept: " + column + "\n";
  for (const std::string& change : changes.changed) text += "changed: " + change + "\n";
  for (const migrate::Demotion& demotion : drafted.demotions) {
    text += "widened: " + demotion.table + "." + demotion.column + ": " + demotion.reason + "\n";
  }
  for (const std::string& warning : drafted.warnings) text += "warning: " + warning + "\n";
  for (const std::string& note : drafted.notes) text += "note: " + note + "\n";
  for (const std::string& object : drafted.report.not_scanned) text += "not scanned: " + object + "\n";
  print(text + "Review " + out_file + ", then: crossfade copy --plan " + out_file + "\n");
}

migrate::Section section_of(std::string_view word) {
  return word == "pre" ? migrate::Section::pre : word == "post" ? migrate::Section::post : migrate::Section::all;
}

model::Result<migrate::Drafted> drafted_by(const Invocation& invocation, sqlite::Connection& connection, const plan::Plan* previous) {
  if (invocation.into_existing.empty()) return migrate::draft_plan(connection, previous);
  CROSSFADE_TRY(const postgres::Conninfo at, postgres::Conninfo::parse(invocation.into_existing));
  CROSSFADE_TRY(postgres::Connection target, postgres::Connection::connect(at, std::chrono::seconds(10), "crossfade plan"));
  return migrate::draft_into_existing(connection, target, previous, invocation.zone);
}

}  // namespace

model::Result<Exit> plan(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  Settings settings = loaded.settings;
  if (!invocation.file.empty()) settings.sqlite_file = invocation.file;
  CROSSFADE_TRY(const std::string file, need_file(settings));
  CROSSFADE_TRY(const std::optional<plan::Plan> previous, previous_plan(settings, invocation.out_file));
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only}));
  CROSSFADE_TRY(migrate::Drafted drafted, drafted_by(invocation, connection, previous ? &*previous : nullptr));
  migrate::note_drafts(drafted.plan);
  const Changes changes{migrate::kept_columns(drafted.plan), previous ? migrate::plan_changes(*previous, drafted.plan) : std::vector<std::string>{}};
  const std::string text = plan::to_toml(drafted.plan);
  if (!invocation.out_file.empty()) CROSSFADE_CHECK(write_file(invocation.out_file, text));
  if (invocation.output == Output::json) {
    print_json(to_json(drafted, changes));
  } else if (invocation.out_file.empty()) {
    print(text);
  } else {
    print_findings(drafted, changes, invocation.out_file);
  }
  return drafted.warnings.empty() ? Exit::ok : Exit::warnings;
}

model::Result<Exit> schema(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  CROSSFADE_TRY(const plan::Plan plan, need_plan(loaded.settings, Rules::named));
  CROSSFADE_CHECK(migrate::refuse_existing(plan));
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only}));
  CROSSFADE_TRY(const plan::Schema schema, sqlite::read_schema(connection, &plan));
  const migrate::SchemaScript script = migrate::schema_script(schema, plan);
  const migrate::Section section = section_of(invocation.section);
  if (invocation.apply) {
    CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
    CROSSFADE_CHECK(migrate::apply_schema(file, target, plan, section));
  }
  if (!invocation.out_file.empty()) CROSSFADE_CHECK(write_file(invocation.out_file, script.text(section)));
  if (invocation.output == Output::json) {
    print_json({{"tables", script.tables}, {"indexes", script.indexes}, {"foreign_keys", script.foreign_keys},
                {"checks", script.checks}, {"untranslated", script.untranslated}});
  } else if (invocation.out_file.empty()) {
    print(script.text(section));
  }
  return script.untranslated.empty() ? Exit::ok : Exit::warnings;
}

}  // namespace crossfade::cli
