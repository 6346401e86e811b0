#include <array>
#include <nlohmann/json.hpp>

#include "crossfade/engine/postgres/connection.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using nlohmann::ordered_json;

constexpr std::chrono::hours kLongestSwitch{1};

/// Where the console is: --console, else our own address as the first admin user.
model::Result<postgres::Conninfo> console_of(const Settings& settings) {
  if (!settings.console_conninfo.empty()) return postgres::Conninfo::parse(settings.console_conninfo);
  CROSSFADE_TRY(postgres::Conninfo conninfo, postgres::Conninfo::parse("dbname=crossfade"));
  conninfo = conninfo.with("host", settings.addresses.empty() ? settings.unix_directory : settings.addresses.front())
                 .with("port", std::to_string(settings.port));
  if (!settings.admin_users.empty()) conninfo = conninfo.with("user", settings.admin_users.front());
  return conninfo;
}

model::Result<postgres::Connection> connect(const Settings& settings) {
  CROSSFADE_TRY(const postgres::Conninfo conninfo, console_of(settings));
  return postgres::Connection::connect(conninfo, settings.connect_timeout, "crossfade console");
}

std::optional<std::string> text_of(const model::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? std::optional(*text) : std::nullopt;
}

ordered_json to_json(const model::ResultSet& result) {
  ordered_json rows = ordered_json::array();
  for (const model::Row& row : result.rows) {
    ordered_json object = ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::optional<std::string> text = text_of(row[i]);
      object[result.columns[i].name] = text ? ordered_json(*text) : ordered_json();
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

std::string to_text(const model::ResultSet& result) {
  Table table;
  for (const model::Column& column : result.columns) table.headings.push_back({column.name});
  for (const model::Row& row : result.rows) {
    auto& cells = table.rows.emplace_back();
    for (const model::Value& value : row) cells.push_back(text_of(value));
  }
  return to_text(table);
}

/// "back" is SWITCH BACK, "finish" FINISH; only words reach the console, never a client's text.
model::Result<std::string> switch_command(const Invocation& invocation) {
  constexpr std::array<std::string_view, 5> kTargets{"sqlite", "copy", "shadow", "canary", "postgres"};
  const std::string force = invocation.force ? " FORCE" : "";
  if (invocation.target == "back") return "SWITCH BACK" + force;
  if (invocation.target == "finish") return "FINISH" + force;
  for (const std::string_view target : kTargets) {
    if (invocation.target != target) continue;
    if (invocation.percent == 0) return "SWITCH TO " + invocation.target + force;
    if (target != "canary") return model::fail("22023"_state, "--percent is canary's");
    return "SWITCH TO canary " + std::to_string(invocation.percent) + force;
  }
  return model::fail("22023"_state, "\"" + invocation.target + "\" is no stage to switch to", {},
                     "Stages: sqlite, copy, shadow, canary, postgres; or back; or finish, from which there is no way back.");
}

/// A red gate has its reasons in the detail of a 55000.
bool refused_by_gate(const model::Error& error) { return error.state == "55000"_state && !error.detail.empty(); }

}  // namespace

model::Result<Exit> switch_stage(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(const std::string command, switch_command(invocation));
  CROSSFADE_TRY(postgres::Connection console, connect(loaded.settings));
  console.set_deadline(std::chrono::steady_clock::now() + kLongestSwitch);
  const auto done = console.query(command);
  if (!done && refused_by_gate(done.error())) {
    print_error(done.error(), invocation.output);
    return Exit::gate_refused;
  }
  if (!done) return std::unexpected(done.error());
  invocation.output == Output::json ? print_json(to_json(*done)) : print(to_text(*done));
  return Exit::ok;
}

model::Result<Exit> status(const Invocation& invocation) {
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  CROSSFADE_TRY(postgres::Connection console, connect(loaded.settings));
  console.set_deadline(std::chrono::steady_clock::now() + loaded.settings.connect_timeout);
  ordered_json document = ordered_json::object();
  std::string text;
  for (const std::string name : {"STAGE", "LAG", "MISMATCHES", "READINESS"}) {
    CROSSFADE_TRY(const model::ResultSet result, console.query("SHOW " + name));
    std::string key = name;
    for (char& c : key) c = static_cast<char>(c - 'A' + 'a');
    document[key] = to_json(result);
    text += (text.empty() ? "" : "\n") + name + "\n" + to_text(result);
  }
  invocation.output == Output::json ? print_json(document) : print(text);
  return Exit::ok;
}

}  // namespace crossfade::cli
