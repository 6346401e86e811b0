#include "support.hpp"

using namespace crossfade;
using tests::must;
using tests::state_of;

namespace {

sql::Translated making(std::string text) {
  sql::Translated made = tests::statement(sql::Kind::create_table, std::move(text));
  made.temporary = made.writes_temporary = true;
  return made;
}

}  // namespace

TEST_CASE("a session's temporary table is in its schema alone, and hides a permanent one of its name") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)");
  tests::Client one{*database}, two{*database};
  must(one.start(making("CREATE TEMP TABLE t (b TEXT, c INTEGER)")));
  const auto seen = must(one.session.schema());
  REQUIRE(seen->find("t") != nullptr);
  CHECK(seen->find("t")->temporary);
  CHECK(seen->find("t")->columns.size() == 2);
  CHECK(seen->find("public", "t")->columns.size() == 1);
  CHECK(seen->find("pg_temp", "t") == seen->find("t"));
  CHECK(seen->find("elsewhere", "t") == nullptr);
  CHECK(must(two.session.schema())->temporary.empty());
  CHECK(must(two.number("SELECT a FROM t")) == 1);
  CHECK(must(one.number("SELECT count(*) FROM t")) == 0);
}

TEST_CASE("the schema with temporary tables has a version of its own after each change, and after a rollback") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  tests::Client client{*database};
  must(client.start(making("CREATE TEMP TABLE u (a INTEGER)")));
  const auto first = must(client.session.schema());
  CHECK(first->version < 0);
  CHECK(must(client.session.schema()) == first);
  must(client.begin());
  must(client.start(making("CREATE TEMP TABLE v (a INTEGER)")));
  CHECK(must(client.session.schema())->find("v") != nullptr);
  must(client.control(tests::Client::Verb::rollback));
  must(client.start(making("CREATE TEMP TABLE w (a INTEGER)")));
  const auto last = must(client.session.schema());
  CHECK(last->find("v") == nullptr);
  CHECK(last->find("w") != nullptr);
}

TEST_CASE("temporary tables are gone for the next session, and after discard_temporary()") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  {
    tests::Client client{*database};
    must(client.start(making("CREATE TEMP TABLE u (a INTEGER)")));
    CHECK(client.session.has_temporary());
    must(client.session.discard_temporary());
    CHECK_FALSE(client.session.has_temporary());
    CHECK(state_of(client.number("SELECT count(*) FROM u")) == "42P01");
    must(client.begin());
    must(client.start(making("CREATE TEMP TABLE u (a INTEGER)")));
    must(client.session.discard_temporary());
    CHECK_FALSE(client.session.has_temporary());
    must(client.control(tests::Client::Verb::commit));
    must(client.start(making("CREATE TEMP TABLE u (a INTEGER)")));
  }
  for (int i = 0; i < 3; ++i) {
    tests::Client client{*database};
    CHECK(state_of(client.number("SELECT count(*) FROM u")) == "42P01");
  }
}

TEST_CASE("a row of a temporary table may be changed in a READ ONLY block, a permanent one may not") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER)");
  tests::Client client{*database};
  must(client.start(making("CREATE TEMP TABLE u (a INTEGER)")));
  must(client.begin({}, true));
  sql::Translated insert = tests::statement(sql::Kind::insert, "INSERT INTO u VALUES (1)");
  insert.temporary = insert.writes_temporary = true;
  must(client.start(insert));
  CHECK(state_of(client.change("INSERT INTO t VALUES (1)")) == "25006");
}
