#include "copy_fixture.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/migrate/verify.hpp"

using namespace crossfade;
using namespace crossfade::migrate;
using compare::Class;
using test::File;
using test::Target;

TEST_CASE("a statement is run on both sides and its answers are compared") {
  NEEDS_POSTGRES();
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL)");
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  const auto database = test::get(sqlite::Database::open({.file = file.path(), .read_only = true}, std::make_shared<const plan::Plan>(plan)));
  auto connection = target.open();
  const auto compared = [&](std::string_view sql) { return test::get(compare_statement(*database, connection, sql)); };

  const auto same = compared("SELECT v, count(*) FROM t GROUP BY v ORDER BY v");
  CHECK(same.differences.equal());
  CHECK(same.sqlite.result.value().rows.size() == 3);
  CHECK(same.fingerprint.size() == 16);
  target.run("UPDATE t SET v = 'B' WHERE id = 2");
  CHECK(compared("SELECT v FROM t WHERE id = 1").differences.equal());
  const auto value = compared("SELECT v FROM t WHERE id > 1");
  CHECK(value.differences.worst() == Class::value);
  REQUIRE(value.differences.examples.size() == 1);
  CHECK(value.differences.examples[0].left == model::Row{std::string("b")});
  CHECK(value.differences.examples[0].right == model::Row{std::string("B")});
  CHECK(compared("SELECT 1 / id FROM t WHERE 1 / (id - 1) > 5").differences.equal());  // 22012 on both
}

TEST_CASE("compare runs one statement, and only one that reads") {
  NEEDS_POSTGRES();
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  const auto database = test::get(sqlite::Database::open({.file = file.path(), .read_only = true}, std::make_shared<const plan::Plan>(plan)));
  auto connection = target.open();
  struct Row { std::string_view sql, state; };
  for (const auto& row : {Row{"DELETE FROM t", "25006"}, Row{"SELECT 1; SELECT 2", "42601"}, Row{"", "42601"}, Row{"SELECT * FROM t FOR UPDATE", "25006"}}) {
    INFO(row.sql);
    const auto refused = compare_statement(*database, connection, row.sql);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().state.code() == row.state);
  }
  CHECK(target.number("SELECT count(*) FROM t") == 1);
}
