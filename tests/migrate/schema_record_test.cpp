#include "schema_record.hpp"

#include <catch2/catch.hpp>

#include "copy_fixture.hpp"

namespace crossfade::migrate::test {

TEST_CASE("the record of a change of the schema gives each statement and setting back, whatever characters they hold") {
  const File file;
  auto connection = file.open();
  CHECK_FALSE(get(read_change(connection)));
  const std::vector<sqlite::SchemaStatement> said{{"CREATE TABLE \"a=1:\" (id bigint)", {{"search_path", "\"x\x1eTimeZone\x1fUTC\", public"}, {"DateStyle", ""}, {"TimeZone", "=3:a"}}, 2},
                                                  {"COMMENT ON TABLE t IS ''", {}, 0}};
  CHECK(get(record_change(connection, said)).number == 1);
  CHECK(get(record_change(connection, said)).number == 2);
  const auto record = get(read_change(connection));
  REQUIRE(record);
  CHECK(record->number == 2);
  REQUIRE(record->statements.size() == said.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    CHECK(record->statements[i].text == said[i].text);
    CHECK(record->statements[i].settings == said[i].settings);
    CHECK(record->statements[i].skipped == said[i].skipped);
  }
  get(connection.execute("UPDATE crossfade_schema_change SET settings = 'TimeZone=99:UTC'"));
  const auto damaged = read_change(connection);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().state.code() == "XX001");
}

}  // namespace crossfade::migrate::test
