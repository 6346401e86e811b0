#include <csignal>
#include <sys/wait.h>

#include "copy_fixture.hpp"
#include "crossfade/migrate/copy.hpp"
#include "crossfade/migrate/verify.hpp"

using namespace crossfade;
using namespace crossfade::migrate;
using test::File;
using test::Target;

namespace {

constexpr std::string_view kManyRows =
    "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) NOT NULL UNIQUE, price DECIMAL(10,2), ok BOOLEAN, at DATETIME, data BLOB);"
    "CREATE TABLE c (a INTEGER, b TEXT, p INTEGER REFERENCES p(id), PRIMARY KEY (a, b)) WITHOUT ROWID;"
    "CREATE TABLE keyless (x REAL, y TEXT);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO p SELECT i * 3, 'name ' || i, i / 4.0, "
    "i % 2, strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i * 1000, 'unixepoch'), randomblob(i % 20) FROM n;"
    "INSERT INTO c SELECT id % 7, 'ä' || id, id FROM p; INSERT INTO keyless SELECT id * 0.1, CASE id % 5 WHEN 0 THEN NULL ELSE 'v' END FROM p;"
    "INSERT INTO keyless SELECT * FROM keyless; DELETE FROM p WHERE id > 2900 AND id NOT IN (SELECT p FROM c);"
    "INSERT INTO p (id, name) VALUES (5000, 'gone'); DELETE FROM p WHERE id = 5000";

/// A copy in a process of its own that is killed after so many chunks.
void copy_and_die(const File& file, const Target& target, const plan::Plan& plan, int chunks) {
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int left = chunks;
    static_cast<void>(copy(file.path(), target.conninfo(), plan, {.chunk_rows = 97}, [&left](const TableCopy&) {
      if (--left == 0) ::kill(::getpid(), SIGKILL);
    }));
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("a copied file is equal in every value, with indexes, keys and sequences") {
  NEEDS_POSTGRES();
  const File file(kManyRows);
  const Target target;
  const auto plan = file.draft().plan;
  const auto report = test::get(copy(file.path(), target.conninfo(), plan, {}));
  REQUIRE(report.tables.size() == 3);
  CHECK_FALSE(report.rejects());
  const auto verified = test::get(verify(file.path(), target.conninfo(), plan));
  for (const auto& problem : verified.problems) FAIL_CHECK(problem);
  CHECK(verified.differences() == 0);
  CHECK(verified.equal());
  CHECK(target.number("SELECT count(*) FROM p") == 1000);
  CHECK(target.number("INSERT INTO p (name) VALUES ('next') RETURNING id") == 5001);  // sqlite_sequence remembers the deleted 5000
  CHECK(target.number("SELECT count(*) FROM pg_constraint WHERE conrelid = 'c'::regclass AND contype = 'f' AND condeferrable") == 1);
  CHECK(target.text("SELECT plan FROM crossfade.plan") == plan::to_toml(plan));
  auto connection = file.open();
  CHECK(plan::hash(test::get(stored_plan(connection)).value()) == plan::hash(plan));
}

TEST_CASE("a copy killed anywhere goes on after its last chunk, nothing lost or doubled") {
  NEEDS_POSTGRES();
  const File file(kManyRows);
  const Target target;
  const auto plan = file.draft().plan;
  for (const int chunks : {1, 5, 9, 4}) copy_and_die(file, target, plan, chunks);
  const auto report = test::get(copy(file.path(), target.conninfo(), plan, {.chunk_rows = 97}));
  CHECK_FALSE(report.started_again);
  std::int64_t resumed = 0;
  for (const auto& table : report.tables) resumed += table.resumed_at;
  CHECK(resumed >= 4 * 97);
  CHECK(test::get(verify(file.path(), target.conninfo(), plan)).equal());
  const auto again = test::get(copy(file.path(), target.conninfo(), plan, {}));
  CHECK(again.tables[0].read == again.tables[0].resumed_at);
  CHECK(test::get(verify(file.path(), target.conninfo(), plan)).equal());
}

TEST_CASE("an unfinished copy starts again when the file has changed, a finished one is never thrown away") {
  NEEDS_POSTGRES();
  const File file(kManyRows);
  const Target target;
  const auto plan = file.draft().plan;
  copy_and_die(file, target, plan, 6);
  file.run("UPDATE c SET p = p WHERE a = 0; DELETE FROM keyless WHERE y IS NULL; UPDATE p SET price = -1 WHERE id = 3");
  const auto report = test::get(copy(file.path(), target.conninfo(), plan, {}));
  CHECK(report.started_again);
  CHECK(test::get(verify(file.path(), target.conninfo(), plan)).equal());
  file.run("UPDATE p SET price = -2 WHERE id = 3");
  const auto refused = copy(file.path(), target.conninfo(), plan, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().state.code() == "55000");
  CHECK(refused.error().message == "a finished copy is in the target");
  CHECK(target.number("SELECT count(*) FROM p") == 1000);
}

TEST_CASE("a target with rows is refused with their counts") {
  NEEDS_POSTGRES();
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
  const Target target;
  target.run("CREATE TABLE t (id bigint); INSERT INTO t VALUES (7), (8)");
  const auto refused = copy(file.path(), target.conninfo(), file.draft().plan, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().state.code() == "55000");
  CHECK(refused.error().message == "target is not empty");
  CHECK(refused.error().detail == "Rows: t 2.");
}

TEST_CASE("a misfit is refused by name, made NULL, or put aside, as the plan says") {
  NEEDS_POSTGRES();
  const File file("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'fine'), (17, 'a' || char(0) || 'b'), (18, 'too')");
  auto plan = file.draft().plan;
  auto& column = plan.tables[0].columns[1];

  const Target refusing;
  const auto refused = copy(file.path(), refusing.conninfo(), plan, {});
  REQUIRE_FALSE(refused);
  INFO(refused.error().detail);
  CHECK(refused.error().state.family() == "22");
  CHECK(refused.error().detail.find("Table \"t\", column \"v\", rowid 17 holds TEXT x'610062'") == 0);

  column.misfit = plan::Misfit::null;
  const auto nulled = test::get(copy(file.path(), refusing.conninfo(), plan, {}));  // the other plan's unfinished copy makes way
  CHECK(nulled.started_again);
  CHECK(nulled.rejects());
  CHECK(nulled.tables[0].nulled == 1);
  CHECK(refusing.number("SELECT count(*) FROM t WHERE v IS NULL") == 1);
  CHECK(test::get(verify(file.path(), refusing.conninfo(), plan)).equal());

  const Target quarantining;
  column.misfit = plan::Misfit::quarantine;
  const auto aside = test::get(copy(file.path(), quarantining.conninfo(), plan, {}));
  CHECK(aside.tables[0].quarantined == 1);
  CHECK(aside.tables[0].written == 2);
  CHECK(quarantining.text("SELECT row_key || ' ' || content FROM crossfade.quarantine") == "rowid 17 TEXT x'610062'");
  const auto verified = test::get(verify(file.path(), quarantining.conninfo(), plan));
  CHECK(verified.equal());
  CHECK(verified.tables[0].quarantined == 1);
}
