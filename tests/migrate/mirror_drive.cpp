#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/migrate/scan.hpp"

namespace crossfade::migrate {
namespace {

void print(const ConsoleTable& table) {
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) std::cout << (i ? " | " : "  ") << table.columns[i] << '=' << row[i].value_or("NULL");
    std::cout << '\n';
  }
}

void print(const model::Error& error) {
  std::string line = "error " + std::string(error.state.code()) + ' ' + error.message + " | " + error.detail + " | " + error.hint;
  std::ranges::replace(line, '\n', ';');
  std::cout << line << '\n';
}

template <class T>
void answer(const model::Result<T>& result) {
  if (!result) print(result.error());
  else if constexpr (std::is_same_v<T, StageState>) std::cout << "ok " << to_string(result->stage) << ' ' << result->epoch << '\n';
  else print(*result), std::cout << "ok\n";
  std::cout.flush();
}

/// "switch copy", "switch postgres force", "back", "repair", "show STAGE": what the console hands to the controller.
void run_command(Controller& controller, const std::string& line) {
  std::istringstream words(line);
  std::string verb, what, how;
  words >> verb >> what >> how;
  if (verb == "switch") return answer(controller.switch_to(parse_stage(what).value_or(Stage::sqlite), how == "force"));
  if (verb == "back") return answer(controller.switch_back());
  if (verb == "repair") return answer(controller.repair());
  if (verb == "show") return answer(controller.show(what));
  if (verb == "read") {  // a sample of a client's read: the rest of the line
    controller.offer({.text = line.substr(5), .declared = {}, .values = {}, .types = {}});
    std::cout << "ok\n" << std::flush;
    return;
  }
  std::cout << "error unknown command\n" << std::flush;
}

/// Not a test: mirror_soak.py drives a controller through it, kills it and starts it again. Reads commands from standard input.
TEST_CASE("drive a controller by commands", "[.drive]") {
  const char* file = std::getenv("CROSSFADE_DRIVE_FILE");
  const char* target = std::getenv("CROSSFADE_DRIVE_PG");
  REQUIRE(file);
  REQUIRE(target);
  auto scanned = sqlite::Connection::open(file, {});
  REQUIRE(scanned);
  auto drafted = draft_plan(*scanned);
  if (!drafted) print(drafted.error());
  REQUIRE(drafted);
  const auto plan = std::make_shared<const plan::Plan>(drafted->plan);
  auto database = sqlite::Database::open({.file = file}, plan);
  if (!database) print(database.error());
  REQUIRE(database);
  ControllerOptions options;
  options.step_interval = std::chrono::milliseconds(5);
  auto controller = Controller::start(database->get(), *postgres::Conninfo::parse(target), plan, options);
  if (!controller) print(controller.error());
  REQUIRE(controller);
  std::cout << "ready " << to_string((*controller)->fence().state().stage) << ' ' << (*controller)->fence().state().epoch << std::endl;
  for (std::string line; std::getline(std::cin, line);) run_command(**controller, line);
  (*controller)->stop();
}

}  // namespace
}  // namespace crossfade::migrate
