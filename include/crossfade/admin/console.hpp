#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/session/console.hpp"
#include "crossfade/session/hub.hpp"

namespace crossfade::admin {

/// What the program does for the console.
struct ConsoleHooks {
  std::function<std::vector<std::pair<std::string, std::string>>()> settings = {};  // SHOW CONFIG: secrets already masked
  std::function<model::Result<migrate::ConsoleTable>()> reload = {};                // columns: session::kReloadColumns
};

/// The console's commands (DESIGN §6): SHOW …, SWITCH TO … [FORCE], SWITCH BACK, RELOAD; later ones are 0A000 naming the issue.
/// Errors: 42601 for an unknown command with the list of those that are known.
class Console : public session::Console {
 public:
  /// `controller` may be null: then stage commands are 55000.
  Console(session::Hub& hub, migrate::Controller* controller, ConsoleHooks hooks);
  model::Result<session::ConsoleAnswer> run(std::string_view command) override;

 private:
  session::Hub* hub_;
  migrate::Controller* controller_;
  ConsoleHooks hooks_;
};

}  // namespace crossfade::admin
