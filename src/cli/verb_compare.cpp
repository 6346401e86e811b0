#include <array>
#include <nlohmann/json.hpp>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/statement_log.hpp"
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
  return {{"equal", differences.equal() && !differences.undecided}, {"undecided", differences.undecided}, {"summary", differences.summary}, {"counts", counts}};
}

ordered_json to_json(const migrate::StatementComparison& done) {
  return {{"fingerprint", done.fingerprint}, {"sqlite_text", done.sqlite_text}, {"sqlite", side_json(done.sqlite)},
          {"postgres", side_json(done.postgres)}, {"differences", differences_json(done.differences)}};
}

std::string to_text(const migrate::StatementComparison& done) {
  const std::string why = done.differences.summary;
  const std::string verdict = !done.differences.equal() ? "different: " + why : done.differences.undecided ? "undecided: " + why : "equal";
  return side_text("SQLite", done.sqlite) + side_text("PostgreSQL", done.postgres) + verdict + "\n";
}

std::int64_t average(std::chrono::microseconds all, const migrate::FingerprintComparison& group) {
  const std::int64_t compared = group.equal + group.different;
  return compared == 0 ? 0 : all.count() / compared;
}

/// One line, blanks and line ends as one blank, at most so many characters.
std::string shortened(std::string_view statement, std::size_t most) {
  std::string out;
  for (const char c : statement) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.size() <= most) return out;
  while (most > 0 && (out[most] & 0xC0) == 0x80) --most;
  return out.substr(0, most) + "…";
}

struct Sums { std::int64_t equal = 0, different = 0, not_compared = 0; };

ordered_json to_json(const std::vector<migrate::FingerprintComparison>& groups, const Sums& sums) {
  ordered_json list = ordered_json::array();
  for (const auto& group : groups) {
    list.push_back({{"fingerprint", group.fingerprint}, {"first", group.first}, {"line", group.line}, {"runs", group.runs}, {"equal", group.equal},
                    {"different", group.different}, {"not_compared", group.not_compared}, {"why_not", group.why_not},
                    {"sqlite_microseconds", average(group.sqlite, group)}, {"postgres_microseconds", average(group.postgres, group)}});
    if (group.example) list.back()["example"] = to_json(*group.example), list.back()["example_line"] = group.example_line;
  }
  return {{"equal", sums.equal}, {"different", sums.different}, {"not_compared", sums.not_compared}, {"fingerprints", list}};
}

std::string to_text(const std::vector<migrate::FingerprintComparison>& groups, const Sums& sums) {
  constexpr std::size_t kShown = 60;
  Table table{{{"fingerprint"}, {"runs", Align::right}, {"equal", Align::right}, {"different", Align::right}, {"not compared", Align::right},
               {"SQLite µs", Align::right}, {"PostgreSQL µs", Align::right}, {"line", Align::right}, {"statement"}}, {}};
  std::string examples;
  for (const auto& group : groups) {
    const auto number = [](std::int64_t value) { return std::optional(std::to_string(value)); };
    table.rows.push_back({group.fingerprint, number(group.runs), number(group.equal), number(group.different), number(group.not_compared),
                          number(average(group.sqlite, group)), number(average(group.postgres, group)), number(group.line), shortened(group.first, kShown)});
    if (group.not_compared != 0)
      examples += "\n" + group.fingerprint + ": " + std::to_string(group.not_compared) + " not compared: " + group.why_not + "\n";
    if (group.example) examples += "\n" + group.fingerprint + ", line " + std::to_string(group.example_line) + "\n" + to_text(*group.example);
  }
  return to_text(table) + examples + "\n" + count_text(sums.equal, "statement", "statements") + " equal, " + std::to_string(sums.different) + " different, " +
         std::to_string(sums.not_compared) + " not compared; " + count_text(static_cast<std::int64_t>(groups.size()), "fingerprint", "fingerprints") + "\n";
}

model::Result<Exit> compare_many(const Invocation& invocation, sqlite::Database& database, postgres::Connection& connection) {
  CROSSFADE_TRY(const std::string text, read_text_file(invocation.log.empty() ? invocation.script : invocation.log));
  CROSSFADE_TRY(const auto statements, invocation.log.empty() ? migrate::read_script(text) : migrate::read_statement_log(text));
  CROSSFADE_TRY(const auto groups, migrate::compare_statements(database, connection, statements));
  Sums sums;
  for (const auto& group : groups) sums.equal += group.equal, sums.different += group.different, sums.not_compared += group.not_compared;
  if (invocation.output == Output::json) print_json(to_json(groups, sums));
  else print(to_text(groups, sums));
  return sums.different != 0 ? Exit::different : sums.equal == 0 ? Exit::warnings : Exit::ok;
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
  if (invocation.sql.empty()) return compare_many(invocation, *database, connection);
  CROSSFADE_TRY(const migrate::StatementComparison done, migrate::compare_statement(*database, connection, invocation.sql));
  if (invocation.output == Output::json) print_json(to_json(done));
  else print(to_text(done));
  if (!done.differences.equal()) return Exit::different;
  return done.differences.undecided ? Exit::warnings : Exit::ok;
}

}  // namespace crossfade::cli
