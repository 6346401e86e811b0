#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "settings.hpp"
#include "settings_table.hpp"

namespace crossfade::cli {
namespace {

using namespace model::literals;

constexpr std::size_t index_of(const Setting* setting) { return static_cast<std::size_t>(setting - kSettings.data()); }

/// libpq's own variables name a server, without a conninfo of ours.
constexpr std::array kLibpqVariables{"PGHOST", "PGHOSTADDR", "PGSERVICE"};

model::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return model::fail("58P01"_state, "cannot read the configuration file \"" + path + "\"");
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

/// Relative paths in proxy.conf are taken from its folder, so that it does not matter where the program was started.
void resolve_paths(Settings& settings, const std::vector<std::size_t>& seen, const std::filesystem::path& folder) {
  for (const std::size_t index : seen) {
    if (kSettings[index].meaning != Meaning::path) continue;
    std::string& path = settings.*std::get<std::string Settings::*>(kSettings[index].member);
    if (!path.empty() && !std::filesystem::path(path).is_absolute()) path = (folder / path).string();
  }
}

model::Result<void> load_file(const std::string& path, Loaded& loaded) {
  CROSSFADE_TRY(const std::string text, read_file(path));
  std::vector<std::size_t> seen;
  const std::vector<std::string> findings = read_settings(text, path, loaded.settings, seen);
  if (!findings.empty()) {
    std::string message;
    for (const std::string& finding : findings) message.append(message.empty() ? "" : "\n").append(finding);
    return model::fail("F0000"_state, message);
  }
  resolve_paths(loaded.settings, seen, std::filesystem::path(path).parent_path());
  for (const std::size_t index : seen) loaded.sources[index] = Source::file;
  return {};
}

model::Result<void> set(const Setting& setting, const std::string& name, std::string_view text, Source source, Loaded& loaded) {
  const auto done = set_from_text(setting, text, loaded.settings);
  if (!done) return model::fail("F0000"_state, name + ": " + done.error());
  loaded.sources[index_of(&setting)] = source;
  return {};
}

/// An application's DATABASE_URL may name this very proxy: that is no upstream.
bool names_ourselves(std::string_view url, const Settings& settings) {
  const std::string port = ":" + std::to_string(settings.port);
  constexpr std::array<std::string_view, 3> kLoopback{"127.0.0.1", "localhost", "[::1]"};
  return std::ranges::any_of(kLoopback, [&](std::string_view host) {
    const std::size_t at = url.find(std::string(host) + port);
    const std::size_t end = at + host.size() + port.size();
    return at != url.npos && (end == url.size() || url[end] == '/' || url[end] == '?');
  });
}

model::Result<void> load_environment(const Environment& environment, Loaded& loaded) {
  for (const Setting& setting : kSettings) {
    const std::string own = variable_of(setting);
    if (const char* text = environment(own.c_str())) {
      CROSSFADE_CHECK(set(setting, own, text, Source::environment, loaded));
    } else if (!setting.other_variable.empty()) {
      const std::string other(setting.other_variable);
      if (const char* value = environment(other.c_str()); value && *value) {
        if (names_ourselves(value, loaded.settings)) {
          loaded.warnings.push_back(other + " names this proxy's own address and is not taken for postgres.conninfo");
          continue;
        }
        CROSSFADE_CHECK(set(setting, other, value, Source::environment, loaded));
      }
    }
  }
  const Setting* conninfo = find_setting("postgres.conninfo");
  const bool libpq = std::ranges::any_of(kLibpqVariables, [&](const char* name) { return environment(name) != nullptr; });
  if (libpq && loaded.sources[index_of(conninfo)] < Source::environment) {
    // The rest is libpq's to fill in; an empty conninfo would mean "no PostgreSQL".
    CROSSFADE_CHECK(set(*conninfo, "PGHOST", "application_name=crossfade", Source::environment, loaded));
  }
  return {};
}

}  // namespace

Settings default_settings() {
  static const Settings defaults = [] {
    Settings settings;
    std::vector<std::size_t> seen;
    const std::vector<std::string> findings = read_settings(example_text(), "defaults", settings, seen);
    if (!findings.empty()) std::abort();  // the table contradicts itself; a unit test shows where
    return settings;
  }();
  return defaults;
}

std::string_view to_string(Source source) {
  constexpr std::array<std::string_view, 4> kNames{"default", "file", "environment", "flag"};
  return kNames[static_cast<std::size_t>(source)];
}

model::Result<Loaded> load_settings(const std::string& file, const std::vector<Override>& flags, const Environment& environment) {
  Loaded loaded{default_settings(), std::vector<Source>(kSettings.size(), Source::fallback), {}};
  std::string path = file;
  if (const char* named = environment("CROSSFADE_CONFIG"); path.empty() && named) path = named;
  if (!path.empty()) CROSSFADE_CHECK(load_file(path, loaded));
  // The port is needed to know our own address: flags are laid over twice.
  for (const Override& flag : flags) {
    CROSSFADE_CHECK(set(*flag.setting, std::string(flag.setting->flag), flag.text, Source::flag, loaded));
  }
  CROSSFADE_CHECK(load_environment(environment, loaded));
  for (const Override& flag : flags) {
    CROSSFADE_CHECK(set(*flag.setting, std::string(flag.setting->flag), flag.text, Source::flag, loaded));
  }
  return loaded;
}

}  // namespace crossfade::cli
