#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/session/console.hpp"
#include "crossfade/session/hub.hpp"

namespace crossfade::admin {

/// The console's commands (DESIGN §6): SHOW …, SWITCH TO … [FORCE], SWITCH BACK; later ones are 0A000 naming the issue.
/// Errors: 42601 for an unknown command with the list of those that are known.
class Console : public session::Console {
 public:
  /// `settings`: name and value of SHOW CONFIG, secrets already redacted. `controller` may be null: then stage commands are
  /// 55000.
  Console(session::Hub& hub, migrate::Controller* controller, std::vector<std::pair<std::string, std::string>> settings);
  model::Result<session::ConsoleAnswer> run(std::string_view command) override;

 private:
  session::Hub* hub_;
  migrate::Controller* controller_;
  std::vector<std::pair<std::string, std::string>> settings_;
};

}  // namespace crossfade::admin
