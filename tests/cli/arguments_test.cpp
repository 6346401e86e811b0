#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cli.hpp"
#include "settings_table.hpp"

using namespace crossfade::cli;

namespace {
Arguments read(std::vector<const char*> words) {
  words.insert(words.begin(), "crossfade");
  return read_arguments(static_cast<int>(words.size()), words.data());
}
int run_words(std::vector<const char*> words) {
  words.insert(words.begin(), "crossfade");
  return run(static_cast<int>(words.size()), words.data());
}
}  // namespace

TEST_CASE("flags of settings are kept with their setting, whatever their value") {
  const Arguments arguments = read({"serve", "--sqlite", "a.db", "--read-only", "--port", "x"});
  REQUIRE_FALSE(arguments.exit.has_value());
  REQUIRE(arguments.invocation.flags.size() == 3);
  CHECK(arguments.verb->name == "serve");
  for (const Override& flag : arguments.invocation.flags) {
    if (flag.setting == find_setting("sqlite.file")) CHECK(flag.text == "a.db");
    if (flag.setting == find_setting("sqlite.read_only")) CHECK(flag.text == "true");
    if (flag.setting == find_setting("listen.port")) CHECK(flag.text == "x");
  }
}

TEST_CASE("a wrong command line exits 2, never with a code that means something else") {
  CHECK(read({}).exit == Exit::cannot);
  CHECK(read({"serv"}).exit == Exit::cannot);
  CHECK(read({"serve", "--prot", "1"}).exit == Exit::cannot);
  CHECK(read({"compare"}).exit == Exit::cannot);
  CHECK(read({"status", "--sqlite", "a.db"}).exit == Exit::cannot);
}

TEST_CASE("--json is a verb's answer in JSON, and for serve its log") {
  CHECK(read({"verify", "--json"}).invocation.output == Output::json);
  const Arguments serve = read({"serve", "--json"});
  REQUIRE(serve.invocation.flags.size() == 1);
  CHECK(serve.invocation.flags[0].setting == find_setting("log.format"));
  CHECK(serve.invocation.flags[0].text == "json");
}

TEST_CASE("help and version exit 0") {
  CHECK(read({"--help"}).exit == Exit::ok);
  CHECK(read({"serve", "--help"}).exit == Exit::ok);
  CHECK(read({"--version"}).exit == Exit::ok);
}

TEST_CASE("a verb with arguments that it does not know exits 2") {
  for (const char* verb : {"doctor", "backup", "analyze", "report", "clean"})
    CHECK(run_words({verb, "file.db", "--anything"}) == 2);
}

TEST_CASE("serve without anything to serve, and with a wrong setting, exits 2") {
  CHECK(run_words({"serve", "--port", "99999"}) == 2);
  CHECK(run_words({"serve", "--config", "/nowhere/proxy.conf"}) == 2);
}
