#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "settings.hpp"
#include "settings_table.hpp"
#include "source_dir.hpp"

using namespace crossfade;
using namespace crossfade::cli;

namespace {

Environment none() {
  return [](const char*) -> const char* { return nullptr; };
}
Environment of(std::map<std::string, std::string> variables) {
  auto kept = std::make_shared<std::map<std::string, std::string>>(std::move(variables));
  return [kept](const char* name) -> const char* {
    const auto found = kept->find(name);
    return found == kept->end() ? nullptr : found->second.c_str();
  };
}

std::vector<std::string> findings(std::string_view text) {
  Settings settings = default_settings();
  std::vector<std::size_t> seen;
  return read_settings(text, "proxy.conf", settings, seen);
}

std::string file_text(const std::string& path) {
  std::ifstream file(source_dir() + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct TemporaryFile {
  explicit TemporaryFile(std::string_view text) : path(std::string(std::tmpnam(nullptr)) + ".proxy.conf") {
    std::ofstream(path) << text;
  }
  ~TemporaryFile() { std::remove(path.c_str()); }
  std::string path;
};

}  // namespace

TEST_CASE("an unknown key is named with its line and the nearest valid key") {
  CHECK(findings("[listen]\n\nprot = 1\n") ==
        std::vector<std::string>{R"(proxy.conf:3: unknown key "prot"; did you mean "port"?)"});
  CHECK(findings("[lisen]\nport = 1\n") ==
        std::vector<std::string>{R"(proxy.conf:1: unknown section "lisen"; did you mean "listen"?)"});
  CHECK(findings("[gates]\nzzzzzz = 1\n") ==
        std::vector<std::string>{R"(proxy.conf:2: unknown key "zzzzzz"; known: max_lag compared_reads compared_statements compared_time canary_reads backup_max_age )"
                                 "free_disk verify_max_age postgres_only"});
}

TEST_CASE("wrong types and values out of range are errors, all of them reported") {
  CHECK(findings("[listen]\nport = \"6432\"\naddresses = \"::1\"\nauth = \"md5\"\n[log]\nlevel = 3\n[shadow]\nrate = 1.5\n") ==
        std::vector<std::string>{
            R"(proxy.conf:2: listen.port is text, but must be a whole number)",
            R"(proxy.conf:3: listen.addresses is text, but must be a list of text: ["…"])",
            R"(proxy.conf:4: listen.auth: "md5" is none of "trust", "password", "scram-sha-256", "cert")",
            R"(proxy.conf:6: log.level is a whole number, but must be text in quotes)",
            R"(proxy.conf:8: shadow.rate: 1.5 is out of range: 0 to 1)",
        });
  CHECK(findings("[listen]\nport = 70000\n") ==
        std::vector<std::string>{"proxy.conf:2: listen.port: 70000 is out of range: 0 to 65535"});
  CHECK(findings("[mirror]\nstep_interval = 50\n").size() == 1);
  CHECK(findings("[mirror]\nstep_interval = \"50 parsecs\"\n").size() == 1);
  CHECK(findings("listen = 5\n") == std::vector<std::string>{R"(proxy.conf:1: "listen" is a section: write [listen])"});
}

TEST_CASE("a file that is no TOML is an error with its line") {
  const auto found = findings("[listen]\nport = = 1\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("proxy.conf:2: "));
}

TEST_CASE("flags win over the environment, the environment over the file, the file over the defaults") {
  const TemporaryFile file("[listen]\nport = 1001\nmax_connections = 7\n[log]\nlevel = \"debug\"\n");
  const auto loaded = load_settings(file.path, {{find_setting("listen.port"), "1003"}},
                                    of({{"CROSSFADE_LISTEN_PORT", "1002"}, {"CROSSFADE_LOG_LEVEL", "warn"}}));
  REQUIRE(loaded.has_value());
  CHECK(loaded->settings.port == 1003);
  CHECK(loaded->settings.log_level == "warn");
  CHECK(loaded->settings.max_connections == 7);
  CHECK(loaded->settings.auth == "trust");
  const auto source = [&](std::string_view path) {
    return loaded->sources[static_cast<std::size_t>(find_setting(path) - kSettings.data())];
  };
  CHECK(source("listen.port") == Source::flag);
  CHECK(source("log.level") == Source::environment);
  CHECK(source("listen.max_connections") == Source::file);
  CHECK(source("listen.auth") == Source::fallback);
}

TEST_CASE("a wrong value in the environment or in a flag names where it came from") {
  const auto variable = load_settings("", {}, of({{"CROSSFADE_LISTEN_PORT", "x"}}));
  REQUIRE_FALSE(variable.has_value());
  CHECK(variable.error().message == R"(CROSSFADE_LISTEN_PORT: "x" is not a whole number)");
  const auto flag = load_settings("", {{find_setting("listen.port"), "-1"}}, none());
  REQUIRE_FALSE(flag.has_value());
  CHECK(flag.error().message == "--port: -1 is out of range: 0 to 65535");
}

TEST_CASE("PostgreSQL is found by CROSSFADE_POSTGRES_CONNINFO, then DATABASE_URL, then libpq's variables") {
  const auto conninfo = [](std::map<std::string, std::string> variables) {
    return load_settings("", {}, of(std::move(variables))).value().settings.conninfo;
  };
  CHECK(conninfo({}).empty());
  CHECK(conninfo({{"DATABASE_URL", "postgres://h/d"}}) == "postgres://h/d");
  CHECK(conninfo({{"DATABASE_URL", "postgres://h/d"}, {"CROSSFADE_POSTGRES_CONNINFO", "host=x"}}) == "host=x");
  CHECK_FALSE(conninfo({{"PGHOST", "h"}}).empty());
  CHECK(conninfo({{"PGHOST", "h"}, {"DATABASE_URL", "postgres://h/d"}}) == "postgres://h/d");
}

TEST_CASE("an application's DATABASE_URL that names this proxy is not taken for the upstream") {
  const auto loaded = load_settings("", {}, of({{"DATABASE_URL", "postgresql://weather@127.0.0.1:6432/weather"}}));
  REQUIRE(loaded.has_value());
  CHECK(loaded->settings.conninfo.empty());
  CHECK(loaded->warnings.size() == 1);
  CHECK(load_settings("", {}, of({{"DATABASE_URL", "postgresql://127.0.0.1:64321/x"}}))->settings.conninfo != "");
}

TEST_CASE("relative paths of the file are taken from its folder") {
  const TemporaryFile file("plan = \"plan.toml\"\n[sqlite]\nfile = \"/data/app.db\"\n");
  const auto loaded = load_settings(file.path, {}, none());
  REQUIRE(loaded.has_value());
  CHECK(loaded->settings.plan == file.path.substr(0, file.path.rfind('/')) + "/plan.toml");
  CHECK(loaded->settings.sqlite_file == "/data/app.db");
}

TEST_CASE("a configuration file that cannot be read is an error, also when the environment names it") {
  CHECK(load_settings("/nowhere/proxy.conf", {}, none()).error().message ==
        R"(cannot read the configuration file "/nowhere/proxy.conf")");
  CHECK_FALSE(load_settings("", {}, of({{"CROSSFADE_CONFIG", "/nowhere/proxy.conf"}})).has_value());
}

TEST_CASE("durations are text with a unit") {
  CHECK(parse_duration("250ms") == Duration{250});
  CHECK(parse_duration("30s") == Duration{30'000});
  CHECK(parse_duration("5min") == Duration{300'000});
  CHECK(parse_duration("24h") == Duration{86'400'000});
  CHECK(parse_duration("0") == Duration{0});
  for (std::string_view wrong : {"", "30", "s", "-1s", "1.5s", "1 s", "9999999999999999h"})
    CHECK_FALSE(parse_duration(wrong).has_value());
  for (const std::int64_t millis : {0, 1, 999, 1'000, 90'000, 3'600'000})
    CHECK(parse_duration(duration_text(Duration{millis})) == Duration{millis});
}

TEST_CASE("every default is written in its normal form and within its own limits") {
  const Settings defaults = default_settings();
  for (const Setting& setting : kSettings) {
    INFO(path_of(setting));
    CHECK(to_toml(setting, defaults) == setting.fallback);
    CHECK(check_value(setting, defaults).has_value());
    CHECK(setting.description.ends_with("."));
  }
}

TEST_CASE("no two settings share a flag or a variable") {
  std::map<std::string, int> names;
  for (const Setting& setting : kSettings) {
    if (!setting.flag.empty()) ++names[std::string(setting.flag)];
    ++names[variable_of(setting)];
  }
  for (const auto& [name, count] : names) CHECK(count == 1);
}

TEST_CASE("secrets are masked where settings are shown") {
  Settings settings = default_settings();
  settings.conninfo = "postgres://u:hunter2@h/d";
  CHECK(shown(*find_setting("postgres.conninfo"), settings) == "postgres://u:***@h/d");
}

TEST_CASE("proxy.conf.example and docs/settings.md are what the table says") {
  CHECK(file_text("proxy.conf.example") == example_text());
  CHECK(file_text("docs/settings.md") == settings_document());
}
