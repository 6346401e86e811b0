#include "back_schema.hpp"

#include <catch2/catch.hpp>

#include "copy_fixture.hpp"
#include "crossfade/engine/sqlite/schema_change.hpp"
#include "crossfade/migrate/copy.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate::test {

namespace {

/// A file in stage `postgres`: with plan, journal and two tables.
struct Behind {
  File file{"CREATE TABLE s1 (id INTEGER PRIMARY KEY, a INTEGER); CREATE TABLE s2 (id INTEGER PRIMARY KEY, a INTEGER); "
            "INSERT INTO s1 VALUES (1, NULL), (2, 7), (3, 7)"};
  sqlite::Connection connection = get(sqlite::Connection::open(file.path(), {.role = sqlite::Role::mirror}));
  Behind() {
    const plan::Plan plan = file.draft().plan;
    get(store_plan(connection, plan));
    get(install_journal(connection, get(sqlite::read_schema(connection, &plan)), {Stage::postgres, 4, 0}));
  }
};

void say(BackSchema& schema, const std::string& text) { get(schema.say({text, {}})); }

}  // namespace

TEST_CASE("tables whose names change places keep what they were called, and each asks for triggers of its own") {
  Behind behind;
  BackSchema schema = get(BackSchema::of(behind.connection));
  for (const char* text : {"ALTER TABLE s1 RENAME TO s3", "ALTER TABLE s2 RENAME TO s1", "ALTER TABLE s3 RENAME TO s2"}) say(schema, text);
  const auto& tables = schema.tables();
  REQUIRE(tables.size() == 2);
  CHECK(tables.at("s1").names == std::set<std::string>{"s1", "s2"});
  CHECK(tables.at("s2").names == std::set<std::string>{"s1", "s2", "s3"});
  CHECK_FALSE(tables.at("s1").whole);
  CHECK(tables.at("s1").installed != 0);
  CHECK(tables.at("s1").installed != tables.at("s2").installed);
}

TEST_CASE("a table that is made anew under its name asks for other triggers than the one before it, and comes whole") {
  Behind behind;
  BackSchema schema = get(BackSchema::of(behind.connection));
  say(schema, "CREATE TABLE made (id integer PRIMARY KEY)");
  const int first = schema.tables().at("made").installed;
  say(schema, "DROP TABLE made");
  say(schema, "CREATE TABLE made (id integer PRIMARY KEY)");
  CHECK(schema.tables().at("made").installed != first);
  CHECK(schema.tables().at("made").whole);
  CHECK(schema.tables().at("made").names == std::set<std::string>{"made"});
}

TEST_CASE("rows that a constraint does not let be are taken out, and their table comes whole; others stay") {
  Behind behind;
  BackSchema schema = get(BackSchema::of(behind.connection));
  say(schema, "ALTER TABLE s2 ADD COLUMN b integer");
  CHECK_FALSE(schema.tables().at("s2").whole);
  say(schema, "CREATE UNIQUE INDEX u ON s1 (a)");
  CHECK(schema.tables().at("s1").whole);
  CHECK_FALSE(schema.tables().at("s2").whole);
  CHECK(std::get<std::int64_t>(get(behind.connection.value("SELECT count(*) FROM s1"))) == 0);
  say(schema, "ALTER TABLE s2 ADD COLUMN c timestamptz DEFAULT now()");
  CHECK(schema.tables().at("s2").whole);
}

TEST_CASE("what the file cannot make, or the mirror not carry, leaves it as it was") {
  Behind behind;
  BackSchema schema = get(BackSchema::of(behind.connection));
  const auto before = get(behind.connection.query("SELECT name, sql FROM sqlite_schema ORDER BY 1"));
  for (const char* text : {"CREATE TABLE keyless (n integer)", "CREATE TABLE made AS SELECT 1 AS id", "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                           "ALTER TABLE s1 DROP COLUMN nobody", "CREATE TABLE s1 (id integer PRIMARY KEY)"})
    CHECK_FALSE(schema.say({text, {}}).has_value());
  CHECK(get(behind.connection.query("SELECT name, sql FROM sqlite_schema ORDER BY 1")) == before);
  const BackSchema::Said skipped = get(schema.say({"CREATE TABLE IF NOT EXISTS s1 (id integer PRIMARY KEY)", {}}));
  CHECK_FALSE(skipped.changes);
  CHECK(skipped.skipped == 1);
}

TEST_CASE("a schema alone has all of a file's objects, its plan, and no row of anybody's") {
  Behind behind;
  get(behind.connection.execute("CREATE VIEW v AS SELECT a FROM s1; CREATE INDEX i ON s2 (a); CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('word')"));
  auto copy = get(sqlite::schema_alone(behind.connection));
  const std::string all = "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2";
  CHECK(get(copy.query(all)) == get(behind.connection.query(all)));
  CHECK(std::get<std::int64_t>(get(copy.value("SELECT (SELECT count(*) FROM s1) + (SELECT count(*) FROM crossfade_journal)"))) == 0);
  CHECK(get(stored_plan(copy)).has_value());
}

}  // namespace crossfade::migrate::test
