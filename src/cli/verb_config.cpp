#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "crossfade/wire/scram.hpp"
#include "output.hpp"
#include "pair.hpp"
#include "reload.hpp"
#include "settings_table.hpp"
#include "users_file.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using nlohmann::ordered_json;

/// Turns the terminal's echo off while a password is typed.
class Silence {
 public:
  Silence() {
    if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    if (silent_) std::cerr << "password: " << std::flush;
  }
  ~Silence() {
    if (!silent_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
  bool silent_ = false;
};

model::Result<std::string> read_password() {
  const Silence silence;
  std::string password;
  std::getline(std::cin, password);
  if (password.empty()) return model::fail("28P01"_state, "an empty password lets nobody in");
  return password;
}

}  // namespace

model::Result<Exit> check_config(const Invocation& invocation) {
  if (invocation.print_example || invocation.print_settings_doc) {
    if (invocation.print_example) print(example_text());
    if (invocation.print_settings_doc) print(settings_document());
    return Exit::ok;
  }
  CROSSFADE_TRY(const Loaded loaded, settings_of(invocation));
  if (const auto access = access_of(loaded.settings); !access) return std::unexpected(access.error());
  ordered_json document = ordered_json::array();
  Table table{{{"setting"}, {"value"}, {"default"}, {"source"}}, {}};
  for (std::size_t i = 0; i < kSettings.size(); ++i) {
    const std::string value = shown(kSettings[i], loaded.settings), source(to_string(loaded.sources[i]));
    const std::string fallback = shown(kSettings[i], default_settings());
    document.push_back(
        {{"setting", path_of(kSettings[i])}, {"value", value}, {"default", fallback}, {"source", source}, {"change", to_string(kSettings[i].change)}});
    table.rows.push_back({path_of(kSettings[i]), value, fallback, source});
  }
  invocation.output == Output::json ? print_json(document) : print(to_text(table));
  return Exit::ok;
}

model::Result<Exit> passwd(const Invocation& invocation) {
  CROSSFADE_TRY(const std::string password, read_password());
  CROSSFADE_TRY(const wire::ScramVerifier verifier, wire::make_scram_verifier(password));
  if (invocation.output == Output::json) {
    print_json({{"name", invocation.user}, {"verifier", verifier.text()}});
  } else {
    print(user_line(invocation.user, verifier.text()));
  }
  return Exit::ok;
}

}  // namespace crossfade::cli
