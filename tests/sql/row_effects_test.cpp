#include <catch2/catch.hpp>

#include "crossfade/sql/row_effects.hpp"

using crossfade::sql::row_effects;

TEST_CASE("what is known to read changes no rows") {
  for (const char* text :
       {"", "-- nothing", "SELECT 1", "select * from t where id = $1", "SELECT count(*), lower(a) FROM t", "SELECT pg_catalog.now()", "VALUES (1)", "TABLE t",
        "WITH w AS (SELECT 1) SELECT * FROM w", "(SELECT 1) UNION SELECT 2", "SELECT * FROM t FOR UPDATE", "SELECT 'INSERT INTO t (a)'", "SHOW all", "SET a.b = 'c'",
        "BEGIN", "COMMIT AND CHAIN", "ROLLBACK TO s", "DECLARE c CURSOR FOR SELECT 1", "FETCH c", "LISTEN c", "NOTIFY c", "LOCK TABLE t", "EXPLAIN INSERT INTO t VALUES (1)",
        "EXPLAIN ANALYZE SELECT 1", "COPY t TO STDOUT", "COPY (SELECT 1) TO STDOUT", "CREATE TEMP TABLE t (a int)", "SELECT 1 INTO TEMP t", "CREATE TEMP TABLE t AS SELECT 1",
        "SELECT nextval('s')", "SELECT set_config('a.b', 'c', true)", "VACUUM", "PREPARE p AS INSERT INTO t VALUES (1)"}) {
    CAPTURE(text);
    CHECK_FALSE(row_effects(text).changes);
    CHECK(row_effects(text).executes.empty());
  }
}

TEST_CASE("everything else may change rows") {
  for (const char* text :
       {"INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t", "TRUNCATE t", "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE",
        "WITH w AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM w", "SELECT 1 WHERE EXISTS (SELECT mine())", "SELECT mine(1)", "SELECT public.lower('a')",
        "SELECT * FROM mine()", "VALUES (mine())", "DO $$ BEGIN END $$", "CALL p()", "COPY t FROM STDIN", "COPY (DELETE FROM t RETURNING a) TO STDOUT",
        "EXPLAIN ANALYZE DELETE FROM t", "EXPLAIN (COSTS off, ANALYZE) UPDATE t SET a = 1", "DECLARE c CURSOR FOR SELECT mine()", "SELECT 1 INTO t", "CREATE TABLE t AS SELECT 1",
        "CREATE TABLE t (a int)", "COMMIT PREPARED 'x'", "REFRESH MATERIALIZED VIEW v", "SELECT 1; TRUNCATE t", "select 1; delete from t", "SELECT query_to_xml('SELECT mine()', true, true, '')",
        "SELEC 1", "SELECT 'open"}) {
    CAPTURE(text);
    CHECK(row_effects(text).changes);
  }
}

TEST_CASE("what is prepared and executed is named") {
  CHECK(row_effects("PREPARE p AS SELECT 1").prepares == "p");
  CHECK_FALSE(row_effects("PREPARE p AS SELECT 1").prepared_changes);
  CHECK(row_effects("PREPARE \"P\" (int) AS INSERT INTO t VALUES ($1)").prepares == "P");
  CHECK(row_effects("PREPARE p AS INSERT INTO t VALUES (1)").prepared_changes);
  CHECK(row_effects("EXECUTE p (1)").executes == "p");
  CHECK(row_effects("EXPLAIN ANALYZE EXECUTE p").executes == "p");
  CHECK(row_effects("EXPLAIN EXECUTE p").executes.empty());
  CHECK(row_effects("EXECUTE p; EXECUTE q").changes);
}
