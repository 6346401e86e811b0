#include "crossfade/admin/console.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "crossfade/model/text_format.hpp"
#include "pool_commands.hpp"

namespace crossfade::admin {

using namespace model::literals;
using session::ConsoleAnswer;

namespace {

using Words = std::vector<std::string>;

/// A command of the console. `words`: what it begins with.
struct Command {
  enum class Verb : std::uint8_t {
    show_clients,
    show_config,
    show_version,
    show_stage_table,
    switch_to,
    switch_back,
    finish,
    repair,
    compare,
    reload,
    set,
    pools
  };
  std::string_view words;
  Verb verb;
};

using Verb = Command::Verb;
constexpr std::array kCommands{
    Command{"SHOW CLIENTS", Verb::show_clients},
    Command{"SHOW CONFIG", Verb::show_config},
    Command{"SHOW TRANSLATIONS", Verb::show_stage_table},
    Command{"SHOW VERSION", Verb::show_version},
    Command{"SHOW STAGE", Verb::show_stage_table},
    Command{"SHOW LAG", Verb::show_stage_table},
    Command{"SHOW MISMATCHES", Verb::show_stage_table},
    Command{"SHOW COMPARED", Verb::show_stage_table},
    Command{"SHOW READINESS", Verb::show_stage_table},
    Command{"SHOW JOURNAL", Verb::show_stage_table},
    Command{"SHOW FORCED", Verb::show_stage_table},
    Command{"SHOW HISTORY", Verb::show_stage_table},
    Command{"SHOW POOLS", Verb::pools},
    Command{"SHOW SERVERS", Verb::pools},
    Command{"SHOW STATS", Verb::pools},
    Command{"SWITCH TO", Verb::switch_to},
    Command{"SWITCH BACK", Verb::switch_back},
    Command{"FINISH", Verb::finish},
    Command{"REPAIR", Verb::repair},
    Command{"RELOAD", Verb::reload},
    Command{"SET", Verb::set},  // drivers send it when they connect; every answer of the console is text, which it does not change
    Command{"COMPARE", Verb::compare},
    Command{"PAUSE", Verb::pools},
    Command{"RESUME", Verb::pools},
    Command{"KILL", Verb::pools},
};

Words split(std::string_view text) {
  Words words;
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';') {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
    } else {
      word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

const Command* find_command(const Words& words) {
  const std::string text = joined(words) + " ";
  for (const Command& command : kCommands)
    if (text.starts_with(std::string(command.words) + " ")) return &command;
  return nullptr;
}

std::string known_commands() {
  std::string list;
  for (const Command& command : kCommands)
    list += (list.empty() ? "" : ", ") + std::string(command.words);
  return list;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string time_text(std::int64_t micros) { return model::to_text(model::TimestampTz{micros}, {model::oid::timestamptz, -1}); }

ConsoleAnswer show_clients(session::Hub& hub) {
  ConsoleAnswer answer{{{"pid", "user", "database", "application_name", "address", "tls", "side", "state", "stays",
                         "pinned", "connected"}, {}}, "SHOW"};
  for (const session::ClientInfo& client : hub.clients()) {
    answer.table.rows.push_back({std::to_string(client.pid), client.user, client.database, client.application_name,
                                 client.address, client.tls, client.side, client.state, client.stays, client.pinned,
                                 time_text(client.connected_micros)});
  }
  return answer;
}

ConsoleAnswer stage_answer(const migrate::StageState& state) {
  return {{{session::kSwitchColumns.begin(), session::kSwitchColumns.end()},
           {{std::string(migrate::to_string(state.stage)), std::to_string(state.epoch), time_text(state.since_micros)}}},
          "SWITCH"};
}

constexpr std::string_view kSwitchForms = "SWITCH TO copy|shadow|canary [PERCENT]|postgres [FORCE]";

model::Result<ConsoleAnswer> switch_to(migrate::Controller& controller, const Words& words) {
  const bool force = words.back() == "FORCE";
  const std::size_t count = words.size() - (force ? 1 : 0);
  if (count < 3) return model::fail("42601"_state, "SWITCH TO needs a stage", {}, std::string(kSwitchForms));
  const auto stage = migrate::parse_stage(lower(words[2]));
  if (!stage)
    return model::fail("42601"_state, "unknown stage \"" + lower(words[2]) + "\"", {}, std::string(kSwitchForms));
  const bool takes_share = *stage == migrate::Stage::canary;
  if (count > (takes_share ? 4 : 3)) return model::fail("42601"_state, "syntax error at or near \"" + words[takes_share ? 4 : 3] + "\"");
  std::optional<int> percent;
  if (count == 4) {
    percent = 0;
    const auto& word = words[3];
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), *percent);
    if (problem != std::errc{} || end != word.data() + word.size()) return model::fail("42601"_state, "syntax error at or near \"" + word + "\"");
  }
  CROSSFADE_TRY(const auto state, controller.switch_to(*stage, force, percent));
  return stage_answer(state);
}

}  // namespace

Console::Console(session::Hub& hub, migrate::Controller* controller, ConsoleHooks hooks)
    : hub_(&hub), controller_(controller), hooks_(std::move(hooks)) {}

model::Result<ConsoleAnswer> Console::run(std::string_view text) {
  const Words words = split(text);
  const Command* command = find_command(words);
  if (command == nullptr)
    return model::fail("42601"_state, "unknown console command \"" + joined(words) + "\"", {},
                       "Known: " + known_commands() + ".");
  const bool needs_stages = command->verb == Verb::show_stage_table || command->verb == Verb::switch_to ||
                            command->verb == Verb::switch_back || command->verb == Verb::finish || command->verb == Verb::repair ||
                            command->verb == Verb::compare;
  if (needs_stages && controller_ == nullptr) return model::fail("55000"_state, "this server has no stages");
  switch (command->verb) {
    case Verb::show_clients: return show_clients(*hub_);
    case Verb::show_version: return ConsoleAnswer{{{"version"}, {{"Crossfade " CROSSFADE_VERSION}}}, "SHOW"};
    case Verb::show_config: {
      ConsoleAnswer answer{{{"name", "setting"}, {}}, "SHOW"};
      for (const auto& [name, value] : hooks_.settings()) answer.table.rows.push_back({name, value});
      return answer;
    }
    case Verb::show_stage_table: {
      CROSSFADE_TRY(auto table, controller_->show(lower(words[1])));
      return ConsoleAnswer{std::move(table), "SHOW"};
    }
    case Verb::switch_to: return switch_to(*controller_, words);
    case Verb::switch_back: {
      if (words.size() > 2 && words.back() != "FORCE") return model::fail("42601"_state, "syntax error at or near \"" + words.back() + "\"");
      CROSSFADE_TRY(const auto state, controller_->switch_back(words.back() == "FORCE"));
      return stage_answer(state);
    }
    case Verb::finish: {
      if (words.size() > 1 && words.back() != "FORCE") return model::fail("42601"_state, "syntax error at or near \"" + words.back() + "\"");
      CROSSFADE_TRY(const auto state, controller_->finish(words.back() == "FORCE"));
      auto answer = stage_answer(state);
      answer.command_tag = "FINISH";
      return answer;
    }
    case Verb::repair: {
      CROSSFADE_TRY(auto table, controller_->repair());
      return ConsoleAnswer{std::move(table), "REPAIR"};
    }
    case Verb::compare: {
      const std::size_t word = text.find_first_not_of(" \t\r\n");
      CROSSFADE_TRY(auto table, controller_->compare(text.substr(word + std::string_view("COMPARE").size())));
      return ConsoleAnswer{std::move(table), "COMPARE"};
    }
    case Verb::reload: {
      CROSSFADE_TRY(auto table, hooks_.reload());
      return ConsoleAnswer{std::move(table), "RELOAD"};
    }
    case Verb::set: return ConsoleAnswer{{}, "SET"};
    case Verb::pools: return pool_command(*hub_, text);
  }
  return model::fail("XX000"_state, "a console command without an answer");
}

}  // namespace crossfade::admin
