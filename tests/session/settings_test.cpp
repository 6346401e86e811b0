#include "settings.hpp"

#include <catch2/catch.hpp>

using namespace crossfade::session;

namespace {

crossfade::model::Result<void> set(Settings& settings, std::string_view name, std::string value, bool local = false) {
  const std::array values{std::move(value)};
  return settings.set(name, values, local);
}

}  // namespace

TEST_CASE("settings are shown as PostgreSQL shows them") {
  struct Case { std::string_view name, written, shown; };
  const std::vector<Case> cases{{"statement_timeout", "1500", "1500ms"},
                                {"statement_timeout", "30 s", "30s"},
                                {"statement_timeout", "120000", "2min"},
                                {"statement_timeout", "0", "0"},
                                {"lock_timeout", "1.5s", "1500ms"},
                                {"DATESTYLE", "German, dmy", "German, DMY"},
                                {"datestyle", "german", "German, DMY"},
                                {"datestyle", "sql, european", "SQL, DMY"},
                                {"datestyle", "ymd", "ISO, YMD"},
                                {"intervalstyle", "ISO_8601", "iso_8601"},
                                {"datestyle", "iso, dmy", "ISO, DMY"},
                                {"timezone", "europe/berlin", "Europe/Berlin"},
                                {"client_encoding", "'utf-8'", "UTF8"},
                                {"bytea_output", "ESCAPE", "escape"},
                                {"extra_float_digits", "3", "3"},
                                {"default_transaction_read_only", "yes", "on"},
                                {"standard_conforming_strings", "1", "on"},
                                {"application_name", "psql", "psql"},
                                {"work_mem", "2048", "2MB"},
                                {"work_mem", "1.5GB", "1536MB"},
                                {"effective_cache_size", "1", "8kB"},
                                {"tcp_keepalives_idle", "120", "2min"},
                                {"random_page_cost", "1.10", "1.1"},
                                {"extra_float_digits", "0x2", "2"},
                                {"timezone", "-3.5", "<-03:30>+03:30"},
                                {"timezone", "<+02>-02", "<+02>-02"},
                                {"search_path", "B c", "\"B c\""},
                                {"application_name", "a\tb", "a?b"},
                                {"client_min_messages", "debug", "debug2"},
                                {"my.user", "42", "42"}};
  for (const Case& each : cases) {
    Settings settings;
    const auto done = set(settings, each.name, std::string(each.written));
    INFO(each.name << " " << each.written);
    REQUIRE(done);
    CHECK(settings.show(each.name) == std::string(each.shown));
  }
}

TEST_CASE("values and names that PostgreSQL refuses are refused with its states") {
  struct Case { std::string_view name, value, state; };
  const std::vector<Case> cases{
      {"no_such_thing", "1", "42704"},     {"statement_timeout", "-1", "22023"},    {"statement_timeout", "5 parsecs", "22023"},
      {"TimeZone", "Mars/Base", "22023"},  {"client_encoding", "klingon", "22023"}, {"client_encoding", "latin1", "0A000"},
      {"server_version", "16", "55P02"},   {"extra_float_digits", "4", "22023"},    {"IntervalStyle", "iso", "22023"},
      {"work_mem", "1XB", "22023"},        {"work_mem", "3000000000kB", "22023"},   {"enable_seqscan", "o", "22023"},
      {"fsync", "off", "55P02"},           {"log_statement", "all", "42501"},       {"my.1", "x", "42602"},
      {"array_nulls", "off", "0A000"},     {"TimeZone", "200", "22023"},
      {"DateStyle", "iso, sql", "22023"},     {"DateStyle", "mdy, dmy", "22023"},
      {"bytea_output", "base64", "22023"}, {"row_security", "maybe", "22023"},      {"crossfade.nothing", "1", "42704"}};
  for (const Case& each : cases) {
    Settings settings;
    const auto done = set(settings, each.name, std::string(each.value));
    REQUIRE_FALSE(done);
    CHECK(done.error().state.code() == each.state);
  }
  CHECK(set(*std::make_unique<Settings>(), "x", "1").error().message == "unrecognized configuration parameter \"x\"");
}

TEST_CASE("a rolled-back block leaves the settings as they were, a committed one only its locals") {
  Settings settings;
  settings.begin();
  REQUIRE(set(settings, "TimeZone", "Europe/Berlin"));
  REQUIRE(set(settings, "extra_float_digits", "0", true));
  settings.rollback();
  CHECK(settings.show("timezone") == "UTC");
  CHECK(settings.style().extra_float_digits == 1);

  settings.begin();
  REQUIRE(set(settings, "TimeZone", "Europe/Berlin"));
  settings.savepoint("s");
  REQUIRE(set(settings, "TimeZone", "Asia/Tokyo"));
  REQUIRE(set(settings, "application_name", "x", true));
  settings.rollback_to("s");
  CHECK(settings.show("timezone") == "Europe/Berlin");
  REQUIRE(set(settings, "application_name", "y", true));
  settings.commit();
  CHECK(settings.show("timezone") == "Europe/Berlin");
  CHECK(settings.show("application_name") == "");
}

TEST_CASE("what a client was told is told again only when it has changed") {
  Settings settings({{"server_version", "15.4 (Debian 15.4-1)"}, {"TimeZone", "Europe/Paris"}});
  CHECK(settings.take_changes().size() == 13);
  CHECK(settings.take_changes().empty());
  CHECK(settings.show("server_version_num") == "150004");
  REQUIRE(set(settings, "TimeZone", "UTC"));
  const auto changes = settings.take_changes();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0] == std::pair<std::string, std::string>{"TimeZone", "UTC"});
  REQUIRE(settings.reset("timezone"));
  CHECK(settings.show("TimeZone") == "Europe/Paris");
}

TEST_CASE("RESET goes back to what the start-up packet said") {
  Settings settings;
  REQUIRE(settings.set_startup("TimeZone", "Europe/Rome"));
  REQUIRE(set(settings, "TimeZone", "UTC"));
  REQUIRE(settings.reset("all"));
  CHECK(settings.show("timezone") == "Europe/Rome");
  REQUIRE(settings.overrides().size() == 1);
  CHECK(settings.overrides()[0].name == "TimeZone");
}

TEST_CASE("a custom setting that was once set stays known, and empty") {
  Settings settings;
  CHECK_FALSE(settings.show("my.x"));
  settings.begin();
  REQUIRE(set(settings, "my.x", "1", true));
  CHECK(settings.show("my.x") == "1");
  settings.commit();
  CHECK(settings.show("my.x") == "");
}

TEST_CASE("set_config() takes a list as one text, SET as its members") {
  Settings settings;
  REQUIRE(settings.set_text("search_path", "", false));
  CHECK(settings.show("search_path") == "");
  REQUIRE(set(settings, "search_path", ""));
  CHECK(settings.show("search_path") == "\"\"");
  REQUIRE(settings.set_startup("search_path", "a, b"));
  REQUIRE(settings.reset("search_path"));
  CHECK(settings.show("search_path") == "a, b");
}

TEST_CASE("every setting's first value is one that it takes, and shows as it is") {
  for (const SettingInfo& info : setting_infos()) {
    if (info.access != SettingAccess::user || info.kind == SettingKind::names || info.kind == SettingKind::date_style) continue;
    INFO(info.name);
    Settings settings;
    REQUIRE(set(settings, info.name, std::string(info.initial)));
    CHECK(settings.show(info.name) == std::string(info.initial));
  }
}
