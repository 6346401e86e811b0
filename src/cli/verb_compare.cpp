#include <array>
#include <nlohmann/json.hpp>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/verify.hpp"
#include "crossfade/model/text_format.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using nlohmann::ordered_json;
constexpr std::size_t kRowsShown = 20;

std::optional<std::string> cell(const model::Value& value, model::Type type) {
  if (model::is_null(value)) return std::nullopt;
  return model::to_text(value, type);
}

ordered_json side_json(const migrate::SideOutcome& side) {
  ordered_json out{{"microseconds", side.elapsed.count()}};
  if (!side.result) {
    out["error"] = {{"sqlstate", side.result.error().state.code()}, {"message", side.result.error().message}};
    return out;
  }
  ordered_json columns = ordered_json::array(), rows = ordered_json::array();
  for (const model::Column& column : side.result->columns)
    columns.push_back({{"name", column.name}, {"type", model::format_type(column.type)}});
  for (const model::Row& row : side.result->rows) {
    ordered_json values = ordered_json::array();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::optional<std::string> text = cell(row[i], side.result->columns[i].type);
      values.push_back(text ? ordered_json(*text) : ordered_json());
    }
    rows.push_back(std::move(values));
  }
  out["columns"] = std::move(columns);
  out["rows"] = std::move(rows);
  return out;
}

std::string side_text(std::string_view name, const migrate::SideOutcome& side) {
  std::string out = std::string(name) + ": ";
  if (!side.result) {
    return out + "ERROR " + std::string(side.result.error().state.code()) + ": " + side.result.error().message + "\n";
  }
  out += count_text(static_cast<std::int64_t>(side.result->rows.size()), "row", "rows") + " in " +
         std::to_string(side.elapsed.count()) + " µs\n";
  Table table;
  for (const model::Column& column : side.result->columns)
    table.headings.push_back({column.name + " " + model::format_type(column.type)});
  for (const model::Row& row : side.result->rows) {
    if (table.rows.size() == kRowsShown) break;
    auto& cells = table.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(cell(row[i], side.result->columns[i].type).value_or("NULL"));
  }
  out += to_text(table);
  if (side.result->rows.size() > kRowsShown) out += "… (all rows with --json)\n";
  return out;
}

ordered_json differences_json(const compare::Differences& differences) {
  ordered_json counts = ordered_json::object();
  for (std::size_t i = 0; i < compare::kClasses; ++i) {
    if (differences.counts[i] > 0)
      counts[std::string(compare::to_string(static_cast<compare::Class>(i)))] = differences.counts[i];
  }
  return {{"equal", differences.equal()}, {"summary", differences.summary}, {"counts", counts}};
}

}  // namespace

model::Result<Exit> compare(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string file, need_file(loaded.settings));
  CROSSFADE_TRY(const postgres::Conninfo target, need_postgres(loaded.settings));
  CROSSFADE_TRY(std::optional<plan::Plan> plan, find_plan(loaded.settings, Rules::stored));
  auto shared = plan ? std::make_shared<const plan::Plan>(std::move(*plan)) : nullptr;
  // Read-only: comparing must not change the file, not even its journal mode.
  CROSSFADE_TRY(const auto database, sqlite::Database::open({.file = file, .read_only = true}, shared));
  CROSSFADE_TRY(postgres::Connection connection,
                postgres::Connection::connect(target, loaded.settings.connect_timeout, "crossfade compare"));
  CROSSFADE_TRY(const migrate::StatementComparison done, migrate::compare_statement(*database, connection, invocation.sql));
  if (invocation.output == Output::json) {
    print_json({{"fingerprint", done.fingerprint}, {"sqlite_text", done.sqlite_text}, {"sqlite", side_json(done.sqlite)},
                {"postgres", side_json(done.postgres)}, {"differences", differences_json(done.differences)}});
  } else {
    const std::string verdict = done.differences.equal() ? "equal" : "different: " + done.differences.summary;
    print(side_text("SQLite", done.sqlite) + side_text("PostgreSQL", done.postgres) + verdict + "\n");
  }
  return done.differences.equal() ? Exit::ok : Exit::different;
}

}  // namespace crossfade::cli
