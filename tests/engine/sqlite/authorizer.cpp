#include "support.hpp"

using namespace crossfade;
using tests::must;
using tests::state_of;

TEST_CASE("what a client may not do is 42501, and nothing of it happens") {
  const tests::TemporaryFile file;
  must(file.open().execute("CREATE TABLE t (a); CREATE TABLE crossfade_journal (seq INTEGER PRIMARY KEY, t, k1)"));
  auto client = file.open(sqlite::Role::application);
  for (const char* sql : {"ATTACH ':memory:' AS x", "VACUUM INTO '/tmp/crossfade_stolen.db'", "PRAGMA writable_schema=ON",
                          "PRAGMA journal_mode=DELETE", "PRAGMA foreign_keys=OFF", "SELECT load_extension('x')",
                          "SELECT * FROM crossfade_journal", "INSERT INTO crossfade_journal VALUES (1, 2, 3)",
                          "DELETE FROM Crossfade_Journal", "DROP TABLE crossfade_journal", "CREATE TABLE crossfade_mine (a)",
                          "CREATE TRIGGER crossfade_x AFTER INSERT ON t BEGIN SELECT 1; END",
                          "CREATE TRIGGER y AFTER INSERT ON t BEGIN DELETE FROM crossfade_journal; END; INSERT INTO t VALUES (1)",
                          "CREATE VIEW v AS SELECT * FROM crossfade_journal; SELECT * FROM v",
                          "ALTER TABLE crossfade_journal RENAME TO mine", "BEGIN", "SAVEPOINT x"}) {
    INFO(sql);
    CHECK(state_of(client.execute(sql)) == "42501");
  }
  CHECK(state_of(client.execute("CREATE TEMP TABLE crossfade_x (a)")) == "42501");
  CHECK(state_of(client.execute("CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END")) == "42501");
  CHECK_FALSE(std::filesystem::exists("/tmp/crossfade_stolen.db"));
}

TEST_CASE("what a client reads about its tables stays allowed") {
  const tests::TemporaryFile file;
  auto client = file.open(sqlite::Role::application);
  must(client.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b); INSERT INTO t(b) VALUES (1); PRAGMA table_info(t); ANALYZE;"
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT * FROM n"));
}

TEST_CASE("the journal's triggers note what a client changes, though the client cannot see the journal") {
  const tests::TemporaryFile file;
  auto service = file.open();
  must(service.execute("CREATE TABLE t (a INTEGER PRIMARY KEY); CREATE TABLE crossfade_journal (seq INTEGER PRIMARY KEY, t, k1);"
                       "CREATE TRIGGER crossfade_t_insert AFTER INSERT ON t BEGIN INSERT INTO crossfade_journal(t, k1) VALUES ('t', "
                       "NEW.a); END"));
  auto client = file.open(sqlite::Role::application);
  must(client.execute("INSERT INTO t VALUES (7)"));
  CHECK(must(service.value("SELECT k1 FROM crossfade_journal")) == model::StorageValue{std::int64_t{7}});
}

TEST_CASE("the mirror's connection fires no triggers and checks no foreign keys") {
  const tests::TemporaryFile file;
  must(file.open().execute("CREATE TABLE p (a INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES p(a) ON DELETE CASCADE);"
                           "CREATE TABLE log (x); CREATE TRIGGER w AFTER DELETE ON p BEGIN INSERT INTO log VALUES (1); END;"
                           "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)"));
  auto mirror = file.open(sqlite::Role::mirror);
  must(mirror.execute("DELETE FROM p"));
  CHECK(must(mirror.value("SELECT count(*) FROM c")) == model::StorageValue{std::int64_t{1}});
  CHECK(must(mirror.value("SELECT count(*) FROM log")) == model::StorageValue{std::int64_t{0}});
}
