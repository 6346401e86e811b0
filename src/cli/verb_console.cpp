#include <array>
#include <nlohmann/json.hpp>

#include "console_link.hpp"
#include "output.hpp"
#include "pair.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using nlohmann::ordered_json;

constexpr std::chrono::hours kLongestSwitch{1};

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
  CROSSFADE_TRY(postgres::Connection console, connect_console(loaded.settings));
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
  CROSSFADE_TRY(postgres::Connection console, connect_console(loaded.settings));
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
