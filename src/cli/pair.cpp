#include "pair.hpp"

#include <cstdlib>
#include <filesystem>

#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/observe/log.hpp"
#include "output.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;
using observe::Level;

model::Result<std::optional<plan::Plan>> plan_in_file(const std::string& file) {
  if (file.empty() || !std::filesystem::exists(file)) return std::optional<plan::Plan>{};
  CROSSFADE_TRY(sqlite::Connection connection, sqlite::Connection::open(file, {.mode = sqlite::OpenMode::read_only}));
  return migrate::stored_plan(connection);
}

}  // namespace

model::Result<Loaded> read_settings_of(const Invocation& invocation) {
  const auto environment = [](const char* name) -> const char* { return std::getenv(name); };
  return load_settings(invocation.config, invocation.flags, environment);
}

model::Result<void> use_log(const Settings& settings) {
  const auto format = settings.log_format == "json" ? observe::LogFormat::json : observe::LogFormat::text;
  const auto problem = observe::configure_log({*observe::parse_level(settings.log_level), format, settings.log_file});
  if (problem) return model::fail("58030"_state, "cannot write the log: " + *problem);
  return {};
}

model::Result<Loaded> settings_of(const Invocation& invocation) {
  CROSSFADE_TRY(Loaded loaded, read_settings_of(invocation));
  CROSSFADE_CHECK(use_log(loaded.settings));
  for (const std::string& warning : loaded.warnings) observe::log(Level::warn, "setting ignored", {{"why", warning}});
  return loaded;
}

model::Result<std::string> need_file(const Settings& settings) {
  if (!settings.sqlite_file.empty()) return settings.sqlite_file;
  return model::fail("F0000"_state, "no SQLite file is named", {}, "Give --sqlite FILE, or sqlite.file in proxy.conf.");
}

model::Result<postgres::Conninfo> need_postgres(const Settings& settings) {
  if (!settings.conninfo.empty()) return postgres::Conninfo::parse(settings.conninfo);
  return model::fail("F0000"_state, "no PostgreSQL is named", {},
                     "Give --postgres CONNINFO, or postgres.conninfo in proxy.conf.");
}

model::Result<std::optional<plan::Plan>> find_plan(const Settings& settings, Rules rules) {
  std::optional<plan::Plan> named;
  if (!settings.plan.empty()) {
    CROSSFADE_TRY(const std::string text, read_text_file(settings.plan));
    CROSSFADE_TRY(named, plan::from_toml(text, settings.plan));
    if (rules == Rules::named) return named;
  }
  CROSSFADE_TRY(std::optional<plan::Plan> stored, plan_in_file(settings.sqlite_file));
  if (stored && named && plan::hash(*stored) != plan::hash(*named)) {
    observe::log(Level::warn, "plan ignored",
                 {{"file", settings.plan}, {"why", "copy has stored another plan in the database, and that one rules"}});
  }
  return stored ? std::move(stored) : std::move(named);
}

model::Result<plan::Plan> need_plan(const Settings& settings, Rules rules) {
  CROSSFADE_TRY(std::optional<plan::Plan> found, find_plan(settings, rules));
  if (found) return std::move(*found);
  return model::fail("F0000"_state, "no plan is named, and the file holds none", {},
                     "Draft one with `crossfade plan --sqlite FILE -o plan.toml`, review it, and give --plan plan.toml.");
}

}  // namespace crossfade::cli
