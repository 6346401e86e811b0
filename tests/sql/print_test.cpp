#include <catch2/catch.hpp>

#include "as_written.hpp"
#include "print/print.hpp"

using namespace crossfade::sql;
using crossfade::model::Bytes;
using crossfade::model::StorageValue;

namespace {

struct Printed { std::string_view postgres, sqlite; };

/// PostgreSQL's text, and SQLite's with all names as written.
constexpr Printed kPrinted[] = {
    {"select 1", "SELECT 1"},
    {"SELECT a, b AS \"B c\" FROM t x WHERE a=1 AND NOT b OR c IS NULL",
     "SELECT a, b AS \"B c\" FROM t AS x WHERE ((a = 1) AND (NOT b)) OR (c IS NULL)"},
    {"select 'it''s', E'a\\nb', null, true, -1, - a, 1.5e300", "SELECT 'it''s', 'a\nb', NULL, 1, -1, -a, 1.5e+300"},
    {"select a - -1", "SELECT a - (-1)"},
    {"select \"order\", \"Group\" from \"select\"", "SELECT \"order\", \"Group\" FROM \"select\""},
    {"select $2, $1", "SELECT ?2, ?1"},
    {"select distinct a from t order by a desc nulls last, b limit 5 offset 2",
     "SELECT DISTINCT a FROM t ORDER BY a DESC NULLS LAST, b LIMIT 5 OFFSET 2"},
    {"select a from t offset 3", "SELECT a FROM t LIMIT -1 OFFSET 3"},
    {"select a from t limit all", "SELECT a FROM t"},
    {"select a from t fetch first 2 rows only", "SELECT a FROM t LIMIT 2"},
    {"select count(*), count(distinct a), sum(a) filter (where b > 0) from t group by c having count(*) > 1",
     "SELECT count(*), count(DISTINCT a), sum(a) FILTER (WHERE b > 0) FROM t GROUP BY c HAVING count(*) > 1"},
    {"select rank() over (partition by a order by b desc), sum(c) over w, lag(a) over (w rows 2 preceding) from t window w as (order by d)",
     "SELECT rank() OVER (PARTITION BY a ORDER BY b DESC), sum(c) OVER w, lag(a) OVER (w ROWS 2 PRECEDING) FROM t WINDOW w AS (ORDER BY d)"},
    {"select sum(a) over (order by b range between unbounded preceding and 1 following exclude ties) from t",
     "SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM t"},
    {"select case when a then 1 else 2 end, case a when 1 then 'x' end",
     "SELECT CASE WHEN a THEN 1 ELSE 2 END, CASE a WHEN 1 THEN 'x' END"},
    {"select coalesce(a), coalesce(a, b, 1), nullif(a, 0)", "SELECT a, coalesce(a, b, 1), nullif(a, 0)"},
    {"select a in (1, 2), a not in (1), (a, b) in ((1, 2), (3, 4))",
     "SELECT a IN (1, 2), a NOT IN (1), (a, b) IN (VALUES (1, 2), (3, 4))"},
    {"select a in (select b from u), a not in (select b from u), a <> all (select b from u), exists (select 1), (select 1)",
     "SELECT a IN (SELECT b FROM u), NOT (a IN (SELECT b FROM u)), a NOT IN (SELECT b FROM u), EXISTS (SELECT 1), (SELECT 1)"},
    {"select a between 1 and 2, a not between b+1 and c", "SELECT a BETWEEN 1 AND 2, a NOT BETWEEN (b + 1) AND c"},
    {"select a is true, a is not false, a is unknown, a is distinct from b, a is not distinct from null",
     "SELECT a IS TRUE, a IS NOT FALSE, a IS NULL, a IS NOT b, a IS NULL"},
    {"select * from a, b left join c on b.x = c.x", "0A000 at 8: a * that was not expanded is not supported while SQLite answers"},
    {"select 1 from a, b left join c on b.x = c.x", "SELECT 1 FROM a, b LEFT JOIN c ON b.x = c.x"},
    {"select 1 from a, b right join c on b.x = c.x", "SELECT 1 FROM a, (b RIGHT JOIN c ON b.x = c.x)"},
    {"select 1 from a, b join c using (x)", "SELECT 1 FROM a, (b JOIN c USING (x))"},
    {"select 1 from a cross join b natural join c", "SELECT 1 FROM a JOIN b NATURAL JOIN c"},
    {"select 1 from a join (b join c on true) on false", "SELECT 1 FROM a JOIN (b JOIN c ON 1) ON 0"},
    {"select 1 from (select 2) as s", "SELECT 1 FROM (SELECT 2) AS s"},
    {"values (1, 'a'), (2, 'b') order by 1", "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) ORDER BY 1"},
    {"select 1 union all select 2 union select 3", "SELECT 1 UNION ALL SELECT 2 UNION SELECT 3"},
    {"select 1 union select 2 intersect select 3", "SELECT 1 UNION SELECT * FROM (SELECT 2 INTERSECT SELECT 3)"},
    {"(select 1 order by 1 limit 1) union all select 2 limit 3",
     "SELECT * FROM (SELECT 1 ORDER BY 1 LIMIT 1) UNION ALL SELECT 2 LIMIT 3"},
    {"with recursive r(n) as (select 1 union all select n + 1 from r), m as not materialized (select 2) select n from r",
     "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r), m AS NOT MATERIALIZED (SELECT 2) SELECT n FROM r"},
    {"select a collate nocase || 'x'", "SELECT (a COLLATE nocase) || 'x'"},
    {"insert into t (a, b) values (1, 2), ($1, $2) returning a, b as c",
     "INSERT INTO t (a, b) VALUES (1, 2), (?1, ?2) RETURNING a, b AS c"},
    {"insert into t default values", "INSERT INTO t DEFAULT VALUES"},
    {"insert into t select a from u on conflict (a, lower(b)) where c > 0 do update set (x, y) = (1, 2), z = excluded.z where t.q",
     "INSERT INTO t SELECT * FROM (SELECT a FROM u) WHERE 1 ON CONFLICT (a, lower(b)) WHERE c > 0 DO UPDATE SET x = 1, y = 2, "
     "z = excluded.z WHERE t.q"},
    {"insert into t as i (a) values (1) on conflict do nothing", "INSERT INTO t AS i (a) VALUES (1) ON CONFLICT DO NOTHING"},
    {"update only t as x set a = a + 1, (b, c) = (select 1, 2) from u where u.a = x.a returning x.a",
     "UPDATE t AS x SET a = a + 1, (b, c) = (SELECT 1, 2) FROM u WHERE u.a = x.a RETURNING x.a"},
    {"delete from t where a = any (select 1) returning *", "0A000 at 50: a * that was not expanded is not supported while SQLite answers"},
    {"with d as (select 1) delete from t where a in (select 1 from d)",
     "WITH d AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT 1 FROM d)"},
    {"create temp table if not exists t (id serial primary key, a text not null default 'x' unique, b text check (b <> ''), "
     "c text generated always as (a || b) stored, d text constraint fk references u (id) on update cascade on delete set null "
     "deferrable initially deferred, constraint k unique (a, b), foreign key (a) references u)",
     "CREATE TEMP TABLE IF NOT EXISTS t (id serial PRIMARY KEY AUTOINCREMENT, a text NOT NULL DEFAULT ('x') UNIQUE, b text CHECK (b <> ''), "
     "c text GENERATED ALWAYS AS (a || b) STORED, d text CONSTRAINT fk REFERENCES u (id) ON UPDATE CASCADE ON DELETE SET NULL "
     "DEFERRABLE INITIALLY DEFERRED, CONSTRAINT k UNIQUE (a, b), FOREIGN KEY (a) REFERENCES u)"},
    {"create unique index concurrently if not exists i on t (a desc, (lower(b))) where c > 0",
     "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a DESC, lower(b)) WHERE c > 0"},
    {"create view v (x) as select a from t", "CREATE VIEW v (x) AS SELECT a FROM t"},
    {"create table n as select a from t", "CREATE TABLE n AS SELECT a FROM t"},
    {"select a into n from t", "CREATE TABLE n AS SELECT a FROM t"},
    {"alter table t add column c text not null, drop column d", "ALTER TABLE t ADD COLUMN c text NOT NULL; ALTER TABLE t DROP COLUMN d"},
    {"alter table t rename column a to b", "ALTER TABLE t RENAME COLUMN a TO b"},
    {"alter table t rename to u", "ALTER TABLE t RENAME TO u"},
    {"drop table if exists s.t, u", "DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS u"},
};

Printed refused(std::string_view postgres, std::string_view sqlite) { return {postgres, sqlite}; }

}  // namespace

TEST_CASE("a tree prints as the SQLite text that says the same") {
  for (const Printed& each : kPrinted) CHECK(print_as_written(each.postgres) == each.sqlite);
}

TEST_CASE("what SQLite cannot say is refused by its name and place") {
  const Printed cases[] = {
      refused("select distinct on (a) a from t", "0A000: DISTINCT ON"),
      refused("select a from t for update", "0A000: a row lock that was not resolved"),
      refused("select a like 'x%'", "0A000 at 10: a pattern match that was not resolved"),
      refused("select a::int", "0A000 at 9: a cast to int4"),
      refused("select greatest(a, b)", "0A000 at 8: GREATEST"),
      refused("select a = any (array[1])", "0A000 at 10: ANY or ALL of an array"),
      refused("select a > all (select 1)", "0A000 at 10: > ANY or ALL of a query"),
      refused("select a ^ 2", "0A000 at 10: operator ^"),
      refused("select array_agg(a order by b)", "0A000 at 8: ORDER BY in the arguments of a function"),
      refused("select percentile_cont(0.5) within group (order by a)", "0A000 at 8: WITHIN GROUP"),
      refused("select 1 from t, lateral (select 2) s", "0A000: LATERAL"),
      refused("select 1 from t as x (a, b)", "0A000 at 15: an alias with a column list"),
      refused("select 1 intersect all select 2", "0A000: INTERSECT ALL"),
      refused("select a from t order by a fetch first 1 row with ties", "0A000: WITH TIES"),
      refused("delete from t using u", "0A000 at 13: DELETE … USING"),
      refused("insert into t overriding user value select 1", "0A000 at 13: OVERRIDING"),
      refused("insert into t values (1) on conflict on constraint k do nothing", "0A000 at 26: ON CONFLICT ON CONSTRAINT"),
      refused("with x as (delete from t returning 1) select 1", "0A000 at 6: INSERT, UPDATE or DELETE in WITH"),
      refused("create table t (a serial)", "0A000 at 17: a serial column that is not the primary key"),
      refused("create index i on t using gin (a)", "0A000 at 19: index method \"gin\""),
      refused("create unlogged table t (a int)", "0A000 at 23: UNLOGGED"),
      refused("truncate t", "0A000: TRUNCATE"),
  };
  for (const Printed& each : cases) {
    CHECK(print_as_written(each.postgres) == std::string{each.sqlite} + " is not supported while SQLite answers");
  }
}

TEST_CASE("a long AND prints as a balanced tree, so that SQLite's depth limit is far") {
  std::string query = "select 1 from t where a = 0";
  for (int i = 1; i < 3'000; ++i) query += " and a = " + std::to_string(i);
  const std::string printed = print_as_written(query);
  int depth = 0, deepest = 0;
  for (const char c : printed) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    deepest = std::max(deepest, depth);
  }
  CHECK(depth == 0);
  CHECK(deepest < 12);
  CHECK(printed.find("(a = 2999)") != std::string::npos);
}

TEST_CASE("constants print as literals that read back as the same value") {
  const auto printed = [](StorageValue value) { return print(Expression{Constant{std::move(value)}}, Target::sqlite).value(); };
  CHECK(printed(INT64_MIN) == "-9223372036854775808");
  CHECK(printed(0.1) == "0.1");
  CHECK(printed(1.0) == "1.0");
  CHECK(printed(1e22) == "1e+22");
  CHECK(printed(-0.0) == "-0.0");
  CHECK(printed(HUGE_VAL) == "9e999");
  CHECK(printed(std::string{"a'b"}) == "'a''b'");
  CHECK(printed(std::string("a\0b", 3)) == "CAST(X'610062' AS TEXT)");
  CHECK(printed(Bytes{"\xff\x01"}) == "X'FF01'");
  CHECK_FALSE(print(Expression{Constant{NAN}}, Target::sqlite).has_value());
}

TEST_CASE("a template prints its arguments in place, a call without parentheses round it") {
  const Expression a{ColumnReference{.printed_column = "a"}}, sum{Operation{.name = "+", .left = a, .right = a}};
  const auto printed = [&](std::string text) { return print(Expression{Template{std::move(text), {a, sum}}}, Target::sqlite).value(); };
  CHECK(printed("instr($1, $2)") == "instr(a, (a + a))");
  CHECK(printed("$2 / $1") == "((a + a) / a)");
  CHECK(printed("f($1) + f($2)") == "(f(a) + f((a + a)))");
  CHECK(printed("json_array($*)") == "json_array(a, a + a)");
  CHECK_FALSE(print(Expression{Template{"$3", {a}}}, Target::sqlite).has_value());
}
