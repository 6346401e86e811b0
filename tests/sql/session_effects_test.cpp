#include "crossfade/sql/session_effects.hpp"

#include <catch2/catch.hpp>

using namespace crossfade::sql;

namespace {

bool leaves_nothing(std::string_view text) {
  const SessionEffects effects = session_effects(text);
  return !effects.asks && !effects.frees && !effects.reads_sequences && effects.lasting.empty() && effects.names.empty() &&
         !effects.forgets_statements && !effects.resets_settings;
}
bool asks(std::string_view text) { return session_effects(text).asks; }
bool frees(std::string_view text) {
  const SessionEffects effects = session_effects(text);
  return effects.frees && !effects.asks;
}

}  // namespace

TEST_CASE("what ends with its transaction leaves nothing behind in its session") {
  for (const char* text : {
           "SELECT 1", "select abalance from pgbench_accounts where aid = 123;", "INSERT INTO t (a, b) VALUES (1, now())",
           "INSERT INTO public.t (a) SELECT count(*) FROM u", "INSERT INTO \"T\" (a) VALUES (lower('X'))", "UPDATE t SET (a, b) = (1, 2)",
           "WITH r(i) AS (SELECT 1) SELECT sum(i) FROM r", "SELECT CAST(1 AS numeric(10, 2)), x::timestamp(3)", "BEGIN; COMMIT",
           "SET LOCAL search_path = a", "SET LOCAL a.b = 1", "SELECT set_config('a.b', 'c', true)", "SELECT set_config('TimeZone', 'UTC', false)",
           "SET TimeZone = 'UTC'", "SET NAMES 'utf8'", "SET application_name = 'a'", "SHOW search_path",
           "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "NOTIFY a", "SELECT pg_advisory_xact_lock(1)", "DECLARE c CURSOR FOR SELECT 1",
           "COPY t FROM STDIN", "COPY (SELECT 1) TO STDOUT", "EXPLAIN ANALYZE SELECT 1", "VACUUM t", "TRUNCATE t", "LOCK TABLE t",
           "SELECT pg_catalog.lower('A')", "SELECT 'set_config(', $$ LISTEN a $$ -- pg_advisory_lock(1)", "SET standard_conforming_strings = off",
           "SELECT count(*), max ( a ) FROM t WHERE a IN (1, 2) AND (b = 'f(1)')", "insert into t(mine) values (1), (2)", "INSERT INTO t VALUES ((1))",
           " select\n1 ; ", "select(1)", "SELECT a-(1)", "UPDATE t SET a = 'into; f(', b = b + 1 WHERE id = 1", "SELECT 1 -- mine(1)", "SELECT 1 /* mine(1) */",
           "values (1)", "SELECT intolerable, pinto FROM t", "table t", "SELEC nonsense", "FETCH 1 FROM c", ""}) {
    INFO(text);
    if (std::string_view(text).starts_with("SELEC ")) CHECK(asks(text));  // a newer server may know it
    else CHECK(leaves_nothing(text));
  }
}

TEST_CASE("what may outlive its transaction is asked about") {
  for (const char* text : {
           "SET search_path = a", "SET SESSION work_mem = 1", "SELECT set_config('search_path', 'a', false)", "SELECT \"set_config\"('search_path', 'c', false)",
           "SELECT pg_catalog.set_config('search_path', 'c', $1)", "SELECT set_config($1, $2, false)", "SELECT 1; SET work_mem = 1", "SET ROLE a", "SET SESSION AUTHORIZATION a",
           "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "CREATE TEMP TABLE t (a int)", "SELECT 1 INTO TEMP t", "SELECT 1 AS a INTO t",
           "CREATE TABLE pg_temp.t (a int)", "LISTEN a", "SELECT pg_advisory_lock(1)", "SELECT * FROM t WHERE pg_try_advisory_lock(a)",
           "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "PREPARE p AS SELECT 1", "DO $$ BEGIN END $$", "CALL p()", "SELECT mine(1)",
           "SELECT s.mine(1)", "INSERT INTO t SELECT mine(1)", "INSERT INTO t VALUES (mine(1))", "COPY (SELECT mine()) TO STDOUT",
           "SELECT mine -- count\n(1)", "SELECT mine/* count */(1)", "SELECT mine /* */ (1)", "SELECT s . count(1)", "SELECT s.count (1)", "SELECT \"count\"(1), mine(1)",
           "INSERT INTO t (a) VALUES (mine(1))", "INSERT INTO t(a) SELECT mine(1) FROM u", "INSERT INTO t SELECT 1; SET work_mem = 1", "insert into t values (1, mine (2))",
           "select 1\ninto t", "SELECT 1;SET work_mem = 1;", "SELECT a, mine\t(1)", "SELECT count (1), countx(2)", "SELECT 'a' || mine(1)", "UPDATE t SET a = mine(1)",
           "EXPLAIN ANALYZE SELECT mine()", "SELECT query_to_xml('SELECT 1', true, true, '')", "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"}) {
    INFO(text);
    CHECK(asks(text));
  }
}

TEST_CASE("what a statement draws from sequences is noted whether or not its words are looked at one by one") {
  for (const char* text : {"INSERT INTO t VALUES (1)", "insert into t (a) values (1); select 1", "INSERT INTO \"T\" VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t",
                           "WITH a AS (SELECT 1) SELECT 1"}) {
    INFO(text);
    CHECK(session_effects(text).draws);
  }
  for (const char* text : {"SELECT 1", "SELECT count(*) FROM t; SELECT 2", "VALUES (1)", "BEGIN"}) {
    INFO(text);
    CHECK_FALSE(session_effects(text).draws);
  }
}

TEST_CASE("settings of no module are noted by their names, since no server lists them") {
  CHECK(session_effects("SET app.tenant = '1'").custom == "app.tenant");
  CHECK(session_effects("SELECT set_config('app.tenant', $1, false)").custom == "app.tenant");
  CHECK_FALSE(session_effects("SELECT set_config($1, $2, false)").custom.empty());
  CHECK_FALSE(session_effects("DO $$ BEGIN EXECUTE 'SET ' || 'a.b = 1'; END $$").custom.empty());
  CHECK(session_effects("DO $$ BEGIN PERFORM 1; END $$").custom.empty());
  CHECK(session_effects("SELECT mine(1)").calls);
  CHECK(session_effects("BEGIN; RESET ALL; ROLLBACK").transaction);
}

TEST_CASE("what may take a session's state away is noted as that") {
  for (const char* text : {"CLOSE c", "CLOSE ALL", "UNLISTEN *", "RESET search_path", "DISCARD TEMP", "DROP TABLE t", "SELECT pg_advisory_unlock(1)",
                           "SET search_path TO DEFAULT", "RESET ROLE"}) {
    INFO(text);
    CHECK(frees(text));
  }
  CHECK(session_effects("DISCARD ALL").forgets_statements);
  CHECK(session_effects("DISCARD ALL").resets_settings);
  CHECK(session_effects("DEALLOCATE ALL").forgets_statements);
  CHECK(session_effects("RESET ALL").resets_settings);
  CHECK_FALSE(session_effects("RESET TimeZone").resets_settings);
  CHECK(session_effects("SELECT setseed(0.5)").lasting == "a random seed (setseed)");
  CHECK(session_effects("LOAD 'auto_explain'").lasting == "a loaded library (LOAD)");
}

TEST_CASE("what speaks of the session's sequences is known, and what may have moved them") {
  CHECK(session_effects("SELECT lastval()").reads_sequences);
  CHECK(session_effects("SELECT currval('s')").reads_sequences);
  CHECK_FALSE(session_effects("SELECT nextval('s')").reads_sequences);
  CHECK(session_effects("SELECT nextval('s')").draws);
  CHECK(session_effects("INSERT INTO t VALUES (1)").draws);
  CHECK_FALSE(session_effects("SELECT 1").draws);
  CHECK_FALSE(session_effects("BEGIN").draws);
}

TEST_CASE("the names in DEALLOCATE and EXECUTE are found where they stand") {
  const auto uses = [](std::string_view text) { return session_effects(text).names; };
  const std::string_view text = "SELECT 1; DEALLOCATE PREPARE \"A b\" ; EXECUTE _pg3_0 (1, 'x')";
  const auto names = uses(text);
  REQUIRE(names.size() == 2);
  CHECK(names[0].name == "A b");
  CHECK(text.substr(names[0].begin, names[0].length) == "\"A b\"");
  CHECK(names[0].deallocates);
  CHECK(names[1].name == "_pg3_0");
  CHECK(text.substr(names[1].begin, names[1].length) == "_pg3_0");
  CHECK_FALSE(names[1].deallocates);
  CHECK(uses("DEALLOCATE prepare").size() == 1);
}
