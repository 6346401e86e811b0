#include <algorithm>

#include "copy_fixture.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/migrate/verify.hpp"

using namespace crossfade;
using namespace crossfade::migrate;
using test::File;
using test::Target;

namespace {

constexpr std::string_view kSmall =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, f REAL, n DECIMAL); INSERT INTO t VALUES (1, 'a', 0.1, 1.5), (2, 'b', 1e300, 2), (3, NULL, 2.5, NULL);"
    "CREATE TABLE w (k TEXT PRIMARY KEY, u UUID); INSERT INTO w VALUES ('Z', NULL), ('a', NULL), ('é', '0b2d9f0e-6f1e-4f3a-9a53-0d9a8d3b9b01');"
    "CREATE TABLE m (x INTEGER, y TEXT); INSERT INTO m VALUES (1, 'a'), (1, 'a'), (2, NULL); CREATE INDEX m_x ON m (x)";

const TableVerify& table(const VerifyReport& report, std::string_view name) {
  return *std::ranges::find(report.tables, name, &TableVerify::table);
}

}  // namespace

TEST_CASE("every planted difference is found, counted and shown with its key") {
  NEEDS_POSTGRES();
  const File file(kSmall);
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  REQUIRE(test::get(verify(file.path(), target.conninfo(), plan)).equal());

  target.run("UPDATE t SET v = 'A' WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (0, 'new', 1, 1); UPDATE t SET f = 2.5000000000000004 WHERE id = 3;"
             "INSERT INTO w VALUES ('b', NULL); DELETE FROM m WHERE ctid = (SELECT min(ctid) FROM m WHERE x = 1)");
  const auto report = test::get(verify(file.path(), target.conninfo(), plan));
  CHECK_FALSE(report.equal());
  const auto& t = table(report, "t");
  CHECK(t.only_sqlite == 1);
  CHECK(t.only_postgres == 1);
  CHECK(t.different_rows == 2);
  REQUIRE(t.examples.size() == 4);
  CHECK(t.examples[0].kind == RowDifference::Kind::only_postgres);
  CHECK(t.examples[0].key_text == "(0)");
  CHECK(t.examples[1].column == "v");
  CHECK(t.examples[1].sqlite == "a");
  CHECK(t.examples[1].postgres == "A");
  CHECK(t.examples[2].key_text == "(2)");
  CHECK(t.examples[3].sqlite == "2.5");
  CHECK(t.examples[3].postgres == "2.5000000000000004");
  const auto& w = table(report, "w");
  CHECK(w.only_postgres == 1);
  CHECK(w.examples.at(0).key_text == "('b')");
  const auto& m = table(report, "m");
  CHECK(m.keyless);
  CHECK(m.only_sqlite == 1);
  CHECK(m.examples.at(0).key_text == "(1, 'a')");
  CHECK(report.differences() == 6);
}

TEST_CASE("a missing index, a sequence left behind and another column type are problems") {
  NEEDS_POSTGRES();
  const File file(kSmall);
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  target.run("DROP INDEX m_x; SELECT setval(pg_get_serial_sequence('t', 'id'), 1); ALTER TABLE w ALTER u TYPE text");
  const auto report = test::get(verify(file.path(), target.conninfo(), plan));
  CHECK(report.differences() == 0);
  CHECK(report.problems == std::vector<std::string>{"w.u is text, the plan says uuid", "m: index m_x is not there, or not valid",
                                                    "t.id: its sequence has given 1, the largest value is 3"});
}

TEST_CASE("as many examples as asked are shown, and all rows are counted") {
  NEEDS_POSTGRES();
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); "
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, i FROM n");
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  target.run("UPDATE t SET v = -v");
  const auto report = test::get(verify(file.path(), target.conninfo(), plan, {.examples = 5}));
  CHECK(table(report, "t").different_rows == 500);
  CHECK(table(report, "t").examples.size() == 5);
}

TEST_CASE("a value that the plan refuses is a row missing in PostgreSQL, not the end of the verify") {
  NEEDS_POSTGRES();
  const File file(kSmall);
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  file.run("INSERT INTO t VALUES (9, char(0), 0, 0)");
  const auto report = test::get(verify(file.path(), target.conninfo(), plan));
  CHECK(table(report, "t").only_sqlite == 1);
  CHECK(table(report, "t").examples.at(0).key_text == "(INTEGER 9)");
}

TEST_CASE("rows with NULL in their key are compared as a multiset") {
  NEEDS_POSTGRES();
  const File file("CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (NULL, 1), ('a', 2), (NULL, 3), (NULL, 1)");
  const Target target;
  const auto plan = file.draft().plan;
  test::get(copy(file.path(), target.conninfo(), plan, {}));
  CHECK(test::get(verify(file.path(), target.conninfo(), plan)).equal());
  target.run("UPDATE t SET v = 4 WHERE v = 3");
  const auto report = test::get(verify(file.path(), target.conninfo(), plan));
  CHECK(table(report, "t").only_sqlite == 1);
  CHECK(table(report, "t").only_postgres == 1);
}
