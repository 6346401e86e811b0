#include "explain.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "bind/binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

/// The options of PostgreSQL 15. Source: its manual, EXPLAIN.
constexpr std::array<std::string_view, 8> kExplainOptions{"analyze", "verbose", "costs", "settings", "buffers", "wal", "timing", "summary"};
constexpr std::array<std::string_view, 2> kOfAnalyze{"wal", "timing"};
constexpr std::array<std::string_view, 6> kBooleans{"true", "false", "on", "off", "1", "0"};
constexpr std::array<std::string_view, 4> kFormats{"text", "xml", "json", "yaml"};

std::string upper(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

model::Result<void> check_options(const Explain& explain) {
  for (const auto& [name, value, position] : explain.options) {
    if (name == "format") {
      if (std::ranges::find(kFormats, value) == kFormats.end())
        return refuse("22023"_state, "unrecognized value for EXPLAIN option \"format\": \"" + value + "\"", position);
      if (value == "xml") return unsupported("EXPLAIN (FORMAT XML)", position, "FORMAT JSON and YAML work.");
      continue;
    }
    if (std::ranges::find(kExplainOptions, name) == kExplainOptions.end()) return refuse("42601"_state, "unrecognized EXPLAIN option \"" + name + "\"", position);
    if (!value.empty() && std::ranges::find(kBooleans, value) == kBooleans.end()) return refuse("42601"_state, name + " requires a Boolean value", kNowhere);
    const bool on = value.empty() || value == "true" || value == "on" || value == "1";
    if (on && !explain.analyze && std::ranges::find(kOfAnalyze, name) != kOfAnalyze.end())
      return refuse("22023"_state, "EXPLAIN option " + upper(name) + " requires ANALYZE", kNowhere);
  }
  return {};
}

/// An option's last word; nullopt: it is not written.
std::optional<bool> switched(const Explain& explain, std::string_view option) {
  std::optional<bool> on;
  for (const auto& [name, value, position] : explain.options)
    if (name == option) on = value.empty() || value == "true" || value == "on" || value == "1";
  return on;
}

std::string format_of(const Explain& explain) {
  std::string format = "text";
  for (const auto& [name, value, position] : explain.options)
    if (name == "format") format = value;
  return format;
}

/// What is run within another statement has no parameters, takes no permit and has no steps of its own.
model::Result<void> check_run(const Translated& inner, Kind kind) {
  if (kind != Kind::select || inner.writes || !inner.steps.empty()) return unsupported("EXPLAIN ANALYZE of a statement that changes something", kNowhere, "EXPLAIN alone says what SQLite would do.");
  if (!inner.parameters.empty()) return unsupported("EXPLAIN ANALYZE of a statement with parameters", kNowhere, "Say the values.");
  return {};
}

/// nullopt: SQLite has no plan of it.
std::optional<Kind> kind_of(const Statement& statement) {
  if (std::holds_alternative<Query>(statement.node)) return Kind::select;
  if (std::holds_alternative<Insert>(statement.node)) return Kind::insert;
  if (std::holds_alternative<Update>(statement.node)) return Kind::update;
  if (std::holds_alternative<Delete>(statement.node)) return Kind::delete_;
  return std::nullopt;
}

}  // namespace

model::Result<Translated> translate_explain(const Explain& explain, std::uint32_t highest_parameter, const Context& context, std::span<const model::Oid> declared) {
  CROSSFADE_CHECK(check_options(explain));
  Statement bound = *explain.statement;
  const std::optional<Kind> kind = kind_of(bound);
  if (!kind) return unsupported("EXPLAIN of this statement", kNowhere);
  Binder binder{context, declared, context.takes_parameters ? highest_parameter : 0};
  CROSSFADE_TRY(Translated inner, binder.statement(bound, *kind));
  CROSSFADE_TRY(const auto texts, print(bound, context.target));
  if (explain.analyze) CROSSFADE_CHECK(check_run(inner, *kind));
  const bool times = switched(explain, "summary").value_or(explain.analyze);
  const std::string format = format_of(explain), what = std::string{explain.analyze ? "a" : ""} + (times ? "s" : "");
  Translated result{.kind = Kind::explain};
  result.parameters = std::move(inner.parameters);
  result.tables = std::move(inner.tables);
  result.notices = std::move(inner.notices);
  result.temporary = inner.temporary;
  result.volatile_functions = true;  // no two servers have the same plan: nothing to compare
  result.texts.push_back("SELECT c1 FROM crossfade_rows(crossfade_plan(" + quote_text(texts.front()) + ", '" + format + "', '" + what + "'))");
  OutputColumn column;
  column.name = "QUERY PLAN";
  column.type = {format == "json" ? model::oid::json : model::oid::text, -1};
  column.form = plan::runtime_form(column.type);
  result.columns.push_back(std::move(column));
  return result;
}

}  // namespace crossfade::sql
