#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "crossfade/observe/log.hpp"

using namespace crossfade::observe;

TEST_CASE("a text line holds level, event and fields, quoting only what needs it") {
  CHECK(format_line(LogFormat::text, Level::info, "listening",
                    {{"address", "127.0.0.1"}, {"port", 6432}, {"share", 0.05}, {"mirrored", true}}) ==
        "info  listening address=127.0.0.1 port=6432 share=0.05 mirrored=true");
  CHECK(format_line(LogFormat::text, Level::warn, "refused", {{"why", "no \"x\""}, {"empty", ""}}) ==
        R"(warn  refused why="no \"x\"" empty="")");
}

TEST_CASE("a line break in a field stays inside its line") {
  CHECK(format_line(LogFormat::text, Level::error, "x", {{"text", "a\nb"}}).find('\n') == std::string::npos);
  CHECK(format_line(LogFormat::json, Level::error, "x", {{"text", "a\nb"}}).find('\n') == std::string::npos);
}

TEST_CASE("a JSON line keeps types and survives bytes that are not UTF-8") {
  CHECK(format_line(LogFormat::json, Level::info, "listening", {{"port", 6432}, {"ok", false}}) ==
        R"({"level":"info","event":"listening","port":6432,"ok":false})");
  CHECK(format_line(LogFormat::json, Level::info, "x", {{"bytes", std::string("\xff")}}).find("\xff") == std::string::npos);
}

TEST_CASE("secrets do not reach the log in either format") {
  for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
    CHECK(format_line(format, Level::info, "upstream", {{"conninfo", "host=x password=hunter2"}}).find("hunter2") ==
          std::string::npos);
  }
}

TEST_CASE("levels are words") {
  CHECK(parse_level("warn") == Level::warn);
  CHECK_FALSE(parse_level("WARN").has_value());
}

TEST_CASE("the log goes to a file from its level on, and a file that cannot be opened is an error") {
  const std::string path = std::string(std::tmpnam(nullptr)) + ".crossfade.log";
  REQUIRE_FALSE(configure_log({Level::warn, LogFormat::json, path}).has_value());
  CHECK_FALSE(enabled(Level::info));
  log(Level::info, "not written");
  log(Level::warn, "written", {{"n", 1}});
  CHECK(configure_log({Level::warn, LogFormat::json, "/proc/nowhere/crossfade.log"}).has_value());
  REQUIRE_FALSE(configure_log({}).has_value());
  std::ifstream file(path);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  CHECK(content.find("not written") == std::string::npos);
  CHECK(content.starts_with(R"({"time":"2)"));
  CHECK(content.ends_with("Z\",\"level\":\"warn\",\"event\":\"written\",\"n\":1}\n"));
  std::remove(path.c_str());
}
