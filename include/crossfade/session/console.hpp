#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/model/error.hpp"

namespace crossfade::session {

/// What a console command answers: rows of text (possibly none) and a command tag ("SHOW", "SWITCH").
struct ConsoleAnswer {
  migrate::ConsoleTable table;
  std::string command_tag;
};

/// What a command that changes something answers with, known before it has run: Describe must not run it.
struct ActionColumns { std::string_view word; std::span<const std::string_view> columns; };
inline constexpr std::array<std::string_view, 3> kSwitchColumns{"stage", "epoch", "since"};
inline constexpr std::array<std::string_view, 6> kRepairColumns{"table", "key", "column", "sqlite", "postgres", "outcome"};
inline constexpr std::array<std::string_view, 3> kReloadColumns{"setting", "value", "counts"};
inline constexpr std::array kActions{ActionColumns{"SWITCH", kSwitchColumns}, ActionColumns{"REPAIR", kRepairColumns},
                                     ActionColumns{"RELOAD", kReloadColumns}, ActionColumns{"PAUSE", {}},
                                     ActionColumns{"RESUME", {}},             ActionColumns{"KILL", {}}};

/// The commands of the database `crossfade`. Implemented in `admin`, handed to the hub by `cli`.
class Console {
 public:
  virtual ~Console() = default;
  /// One command without its semicolon. Blocks (a switch takes as long as it takes); called from pool threads.
  virtual model::Result<ConsoleAnswer> run(std::string_view command) = 0;
};

}  // namespace crossfade::session
