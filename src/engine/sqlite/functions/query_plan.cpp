#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../connection_impl.hpp"
#include "json_tree.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using Clock = std::chrono::steady_clock;

std::int64_t integer_in(const StorageValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

/// A step of EXPLAIN QUERY PLAN with those that belong to it.
struct Step { std::string detail; std::vector<std::size_t> below; std::size_t depth = 0; };

/// What is said beside the steps: milliseconds and rows that were counted, where they were asked for.
struct Measured { std::optional<double> planning, execution; std::optional<std::int64_t> rows; };

std::string milliseconds(double time) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.3f", time);
  return text.data();
}

double since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

/// The first of the steps is the statement itself.
model::Result<std::vector<Step>> steps_of(Connection::Impl& connection, const std::string& sql) {
  CROSSFADE_TRY(Statement plan, connection.prepare("EXPLAIN QUERY PLAN " + sql, Author::proxy));
  std::vector<Step> steps(1);
  std::map<std::int64_t, std::size_t> places{{0, 0}};  // by the step's number; that of the whole is 0
  for (;;) {
    CROSSFADE_TRY(const bool more, plan.step());
    if (!more) return steps;
    const auto above = places.find(integer_in(plan.column(1)));
    const std::size_t parent = above == places.end() ? 0 : above->second;
    const auto detail = plan.column(3);
    const auto* text = std::get_if<std::string>(&detail);
    places[integer_in(plan.column(0))] = steps.size();
    steps[parent].below.push_back(steps.size());
    steps.push_back({text != nullptr ? *text : std::string{}, {}, steps[parent].depth + 1});
  }
}

void add_lines(PackedRows& rows, const std::vector<Step>& steps, std::size_t step) {
  const std::size_t depth = steps[step].depth;
  if (depth > 0) rows.begin_row().add((depth == 1 ? std::string{} : std::string((depth - 1) * 6 - 4, ' ') + "->  ") + steps[step].detail);
  for (const std::size_t below : steps[step].below) add_lines(rows, steps, below);
}

void write_text(PackedRows& rows, const std::vector<Step>& steps, const Measured& measured) {
  add_lines(rows, steps, 0);
  if (steps.size() == 1) rows.begin_row().add(std::string{"no table is read"});
  if (measured.rows) rows.begin_row().add("Actual Rows: " + std::to_string(*measured.rows));
  if (measured.planning) rows.begin_row().add("Planning Time: " + milliseconds(*measured.planning) + " ms");
  if (measured.execution) rows.begin_row().add("Execution Time: " + milliseconds(*measured.execution) + " ms");
}

std::string json_step(const std::vector<Step>& steps, std::size_t step, const Measured& measured, std::size_t indent) {
  const std::string space(indent, ' ');
  std::string out = space + "\"Node Type\": " + quote_json(step == 0 ? "Statement" : steps[step].detail);
  if (step == 0 && measured.rows) out += ",\n" + space + "\"Actual Rows\": " + std::to_string(*measured.rows);
  if (steps[step].below.empty()) return out;
  out += ",\n" + space + "\"Plans\": [";
  bool first = true;
  for (const std::size_t below : steps[step].below) {
    out += std::string(first ? "" : ",") + "\n" + space + "  {\n" + json_step(steps, below, measured, indent + 4) + "\n" + space + "  }";
    first = false;
  }
  return out + "\n" + space + "]";
}

std::string json_of(const std::vector<Step>& steps, const Measured& measured) {
  std::string out = "[\n  {\n    \"Plan\": {\n" + json_step(steps, 0, measured, 6) + "\n    }";
  if (measured.planning) out += ",\n    \"Planning Time\": " + milliseconds(*measured.planning);
  if (measured.execution) out += ",\n    \"Execution Time\": " + milliseconds(*measured.execution);
  return out + "\n  }\n]";
}

std::string yaml_step(const std::vector<Step>& steps, std::size_t step, const Measured& measured, std::size_t indent) {
  const std::string space(indent, ' ');
  std::string out = "Node Type: " + quote_json(step == 0 ? "Statement" : steps[step].detail);
  if (step == 0 && measured.rows) out += "\n" + space + "Actual Rows: " + std::to_string(*measured.rows);
  if (!steps[step].below.empty()) out += "\n" + space + "Plans: ";
  for (const std::size_t below : steps[step].below) out += "\n" + space + "  - " + yaml_step(steps, below, measured, indent + 4);
  return out;
}

std::string yaml_of(const std::vector<Step>& steps, const Measured& measured) {
  std::string out = "- Plan: \n    " + yaml_step(steps, 0, measured, 4);
  if (measured.planning) out += "\n  Planning Time: " + milliseconds(*measured.planning);
  if (measured.execution) out += "\n  Execution Time: " + milliseconds(*measured.execution);
  return out;
}

/// crossfade_plan(text of SQLite, format, what): its EXPLAIN QUERY PLAN as lines, what belongs to a step below it, or as one document in
/// "json" or "yaml". It is prepared and, unless `what` holds 'a', not run; 's': with the times. Rows are counted for the whole: SQLite does
/// not count them by step. Source: sqlite.org/eqp.html
Answer plan_of(const Call& call) {
  Connection::Impl* const connection = call.session().connection;
  if (connection == nullptr) return model::fail("55000"_state, "there is no connection to ask");
  const std::string sql{call.string(0)}, format{call.string(1)}, what{call.string(2)};
  Measured measured;
  const bool times = what.contains('s');
  const auto begin = Clock::now();
  CROSSFADE_TRY(const std::vector<Step> steps, steps_of(*connection, sql));
  if (what.contains('a')) {
    CROSSFADE_TRY(Statement statement, connection->prepare(sql, Author::proxy));
    if (times) measured.planning = since(begin);
    const auto started = Clock::now();
    std::int64_t rows = 0;
    for (;; ++rows) {
      CROSSFADE_TRY(const bool more, statement.step());
      if (!more) break;
    }
    measured.rows = rows;
    if (times) measured.execution = since(started);
  } else if (times) {
    measured.planning = since(begin);
  }
  PackedRows rows;
  if (format == "json") rows.begin_row().add(json_of(steps, measured));
  else if (format == "yaml") rows.begin_row().add(yaml_of(steps, measured));
  else write_text(rows, steps, measured);
  return rows.take();
}

constexpr std::array kPlanFunctions{Function{"crossfade_plan", 3, plan_of}};

}  // namespace

std::span<const Function> query_plan_functions() { return kPlanFunctions; }

}  // namespace crossfade::sqlite::functions
