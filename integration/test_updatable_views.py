"""Changes through views, and DEFAULTs that are kept in PostgreSQL's words: what messages say, in files of other programs, and on both sides of a mirror."""
import sqlite3

import psycopg2
import pytest

import differential
from test_mirror_ddl import assert_equal, bring, session
from test_mirror_workloads import serve_pair

MADE = """CREATE TABLE base (id int PRIMARY KEY, a int, b text); INSERT INTO base VALUES (1, 1, 'x');
CREATE VIEW part AS SELECT id, a + 1 AS n FROM base; CREATE VIEW groups AS SELECT a, count(*) AS n FROM base GROUP BY a; CREATE VIEW over AS SELECT a FROM groups;
CREATE VIEW computed AS SELECT a + 1 AS n FROM base; CREATE VIEW joined AS SELECT x.id FROM base x JOIN base y ON x.id = y.id; CREATE VIEW one AS SELECT DISTINCT a FROM base;
CREATE VIEW cut AS SELECT a FROM base LIMIT 1; CREATE VIEW both AS SELECT a FROM base UNION SELECT id FROM base; CREATE VIEW most AS SELECT max(a) AS m FROM base;
CREATE VIEW counted AS SELECT row_number() OVER (ORDER BY id) AS n FROM base; CREATE VIEW named AS WITH w AS (SELECT 1 AS a) SELECT a FROM w"""
REFUSED = ["UPDATE part SET n = 1", "INSERT INTO part VALUES (1, 2)", "INSERT INTO part (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 2", "UPDATE part SET id = 1, id = 2",
           "UPDATE groups SET a = 1", "INSERT INTO over VALUES (1)", "DELETE FROM over", "INSERT INTO computed VALUES (1)", "UPDATE computed SET n = 1", "DELETE FROM joined", "UPDATE one SET a = 1",
           "DELETE FROM cut", "INSERT INTO both VALUES (1)", "DELETE FROM most", "UPDATE counted SET n = 1", "DELETE FROM named", "UPDATE part SET nobody = 1", "DELETE FROM part WHERE nobody = 1"]


def test_what_a_view_does_not_take_is_said_in_postgresqls_words(crossfade, tmp_path, postgres):
    proxy = crossfade(sqlite=tmp_path / "d.db")
    through, direct = differential.connect(proxy.url()), differential.connect(postgres.conninfo(postgres.create_database()))
    for statement in MADE.split(";"):
        assert differential.run(through, statement) == differential.run(direct, statement)
    for statement in REFUSED:
        assert differential.run(through, statement) == differential.run(direct, statement)
    for connection in (through, direct):
        connection.close()


def test_a_view_of_another_program_is_changed_where_its_text_is_read_and_its_triggers_are_not_passed_over(crossfade, tmp_path):
    file = sqlite3.connect(tmp_path / "d.db")
    file.executescript("""CREATE TABLE base (id INTEGER PRIMARY KEY, a INT, b TEXT); INSERT INTO base VALUES (1, 1, 'x'), (2, 9, 'y'), (3, 9, 'z');
        create view plain as select * from base where a > 5; CREATE VIEW renamed AS SELECT id key, a "A b" FROM base;
        CREATE VIEW inner_query AS SELECT id, b FROM base WHERE a IN (SELECT id FROM base);
        CREATE VIEW fired AS SELECT id, a FROM base; CREATE TRIGGER f INSTEAD OF UPDATE ON fired BEGIN SELECT 1; END""")
    file.close()
    cursor = session(crossfade(sqlite=tmp_path / "d.db"))
    cursor.execute("UPDATE plain SET b = b || '!' RETURNING id, b")
    assert sorted(cursor.fetchall()) == [(2, "y!"), (3, "z!")]
    cursor.execute("DELETE FROM plain WHERE id = 1")
    assert cursor.rowcount == 0
    cursor.execute("INSERT INTO renamed (key) VALUES (4) RETURNING key")
    assert cursor.fetchall() == [(4,)]
    for statement in ("UPDATE inner_query SET b = 'q'", "UPDATE fired SET a = 5"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported, match="changing rows through view"):
            cursor.execute(statement)
    cursor.execute("SELECT table_name FROM information_schema.views WHERE is_updatable = 'YES' ORDER BY 1")
    assert cursor.fetchall() == [("plain",), ("renamed",)]
    cursor.execute("SELECT id, a, b FROM base ORDER BY id")
    assert cursor.fetchall() == [(1, 1, "x"), (2, 9, "y!"), (3, 9, "z!"), (4, None, None)]


def test_changes_through_views_and_computed_defaults_are_the_same_on_both_sides_of_a_mirror(crossfade, tmp_path, pg_database):
    proxy = serve_pair(crossfade, tmp_path, pg_database)
    cursor = session(proxy)
    cursor.execute("CREATE TABLE before (id integer PRIMARY KEY, told text NOT NULL DEFAULT now(), short varchar(3) DEFAULT 5, n integer DEFAULT (1 + 2))")
    cursor.execute("INSERT INTO before (id) VALUES (1)")
    bring(proxy, "shadow")
    for statement in ("CREATE VIEW seen AS SELECT id, n FROM hot WHERE n >= 0", "UPDATE seen SET n = n + 1 WHERE id < 3", "DELETE FROM seen WHERE id = 4",
                      "INSERT INTO seen (id, n) VALUES (900, 5)", "INSERT INTO seen (id, n) VALUES (900, 6) ON CONFLICT (id) DO UPDATE SET n = seen.n + excluded.n",
                      "INSERT INTO before (id) VALUES (2)", "ALTER TABLE hot ADD COLUMN told text NOT NULL DEFAULT clock_timestamp()", "ALTER TABLE hot ADD COLUMN chance integer DEFAULT (random() * 1000)",
                      "CREATE TABLE late (id integer PRIMARY KEY, told text DEFAULT now(), who text DEFAULT 'a' || 'b')", "INSERT INTO late (id) VALUES (1)"):
        cursor.execute(statement)
    assert_equal(proxy, ["hot", "before", "late"])
    with psycopg2.connect(proxy.pg) as target, target.cursor() as there:
        there.execute("SELECT column_default FROM information_schema.columns WHERE table_name = 'before' AND column_name <> 'id' ORDER BY ordinal_position")
        assert there.fetchall() == [("now()",), ("5",), ("(1 + 2)",)]
    proxy.console("SWITCH TO postgres")
    for statement in ("INSERT INTO before (id) VALUES (3)", "UPDATE seen SET n = 77 WHERE id = 900", "INSERT INTO late (id) VALUES (2)", "ALTER TABLE late ADD COLUMN more text DEFAULT clock_timestamp()",
                      "ALTER TABLE late ADD COLUMN chance integer DEFAULT (random() * 1000)", "INSERT INTO late (id) VALUES (3)"):
        cursor.execute(statement)
    assert_equal(proxy, ["hot", "before", "late"])
    proxy.console("SWITCH BACK")
    cursor.execute("INSERT INTO late (id) VALUES (4) RETURNING more IS NOT NULL, chance BETWEEN 0 AND 1000, who")
    assert cursor.fetchall() == [(True, True, "ab")]
    cursor.execute("UPDATE seen SET n = 78 WHERE id = 900 RETURNING n")
    assert cursor.fetchall() == [(78,)]


def test_a_view_whose_own_columns_are_named_behind_from_is_still_known_to_read_its_relation(crossfade, tmp_path):
    cursor = session(crossfade(sqlite=tmp_path / "d.db"))
    for statement in ("CREATE TABLE own (id int PRIMARY KEY, n int)", "INSERT INTO own VALUES (1, 1), (2, 2)", "CREATE VIEW low AS SELECT id, n FROM own WHERE id > 0",
                      "CREATE VIEW high AS SELECT id, n FROM low WHERE id > 0", "CREATE VIEW joined AS SELECT y.n FROM own x JOIN low y ON y.id = x.id"):
        cursor.execute(statement)
    for statement in ("ALTER VIEW low RENAME TO lower", "UPDATE own SET n = n + 1 RETURNING id, (SELECT sum(n) FROM high)", "UPDATE own SET n = n + 1 RETURNING id, (SELECT sum(n) FROM joined)"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported):
            cursor.execute(statement)
    cursor.execute("SELECT * FROM high ORDER BY id")
    assert cursor.fetchall() == [(1, 1), (2, 2)]


def test_a_foreign_key_does_not_set_a_column_to_a_default_that_sqlite_does_not_compute(crossfade, tmp_path):
    """It set NULL."""
    cursor = session(crossfade(sqlite=tmp_path / "d.db"))
    cursor.execute("CREATE TABLE top (id int PRIMARY KEY); CREATE TABLE known (id int, p int DEFAULT 2 REFERENCES top ON DELETE SET DEFAULT)")
    cursor.execute("CREATE TABLE free (id int, p int DEFAULT 1 + 1); INSERT INTO top VALUES (2), (5); INSERT INTO known VALUES (1, 5); CREATE SEQUENCE counted")
    for statement in ("CREATE TABLE a (p int DEFAULT 1 + 1 REFERENCES top ON DELETE SET DEFAULT)", "CREATE TABLE a (p int REFERENCES top ON UPDATE SET DEFAULT DEFAULT 1 + 1)",
                      "CREATE TABLE a (p int DEFAULT 1 + 1, FOREIGN KEY (p) REFERENCES top ON DELETE SET DEFAULT)", "ALTER TABLE free ADD FOREIGN KEY (p) REFERENCES top ON DELETE SET DEFAULT",
                      "CREATE TABLE a (p int DEFAULT nextval('counted') REFERENCES top ON DELETE SET DEFAULT)",
                      "ALTER TABLE free ADD COLUMN q int DEFAULT 1 + 1 REFERENCES top ON DELETE SET DEFAULT", "ALTER TABLE known ALTER COLUMN p SET DEFAULT 1 + 2"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported, match="computed DEFAULT"):
            cursor.execute(statement)
    cursor.execute("DELETE FROM top WHERE id = 5; SELECT p FROM known")
    assert cursor.fetchall() == [(2,)]


def test_a_view_with_a_subquery_among_its_columns_is_not_changed(crossfade, tmp_path):
    """RETURNING gave another sum: what the subquery refers to was looked for in its own table. And it is no aggregate of the view's (55000)."""
    cursor = session(crossfade(sqlite=tmp_path / "d.db"))
    for statement in ("CREATE TABLE whole (id int PRIMARY KEY, a int)", "CREATE TABLE part (id int PRIMARY KEY, of int, n int)", "INSERT INTO whole VALUES (1, 1)", "INSERT INTO part VALUES (1, 1, 5), (2, 1, 6)",
                      "CREATE VIEW totals AS SELECT id, a, (SELECT sum(p.n) FROM part p WHERE p.of = whole.id) AS total FROM whole", "CREATE VIEW over AS SELECT id, total FROM totals",
                      "CREATE VIEW lasts AS SELECT id, (SELECT p.n FROM part p WHERE p.of = whole.id ORDER BY p.n DESC LIMIT 1) AS n FROM whole"):
        cursor.execute(statement)
    for statement in ("UPDATE totals SET a = total RETURNING *", "DELETE FROM over RETURNING total", "INSERT INTO lasts (id) VALUES (2) RETURNING *", "UPDATE lasts SET id = 1 RETURNING n"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported, match="changing rows through view"):
            cursor.execute(statement)
    cursor.execute("SELECT * FROM totals")
    assert cursor.fetchall() == [(1, 1, 11)]


def test_several_rows_on_conflict_through_a_view_that_asks_its_own_table_are_refused(crossfade, tmp_path):
    """What the first row makes of the table is not what PostgreSQL's view looks at for the second."""
    cursor = session(crossfade(sqlite=tmp_path / "d.db"))
    for statement in ("CREATE TABLE base (id int PRIMARY KEY, a int)", "INSERT INTO base VALUES (1, 10)", "CREATE TABLE other (id int)", "INSERT INTO other VALUES (1)",
                      "CREATE VIEW most AS SELECT id, a FROM base WHERE a = (SELECT max(b.a) FROM base b)", "CREATE VIEW chosen AS SELECT id, a FROM base WHERE id IN (SELECT o.id FROM other o)"):
        cursor.execute(statement)
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="ON CONFLICT DO UPDATE of several rows"):
        cursor.execute("INSERT INTO most VALUES (4, 100), (1, 5) ON CONFLICT (id) DO UPDATE SET a = 6")
    cursor.execute("INSERT INTO most VALUES (1, 5) ON CONFLICT (id) DO UPDATE SET a = 6 RETURNING a")
    assert cursor.fetchall() == [(6,)]
    cursor.execute("INSERT INTO chosen VALUES (7, 1), (1, 5) ON CONFLICT (id) DO UPDATE SET a = excluded.a RETURNING id, a")
    assert cursor.fetchall() == [(7, 1), (1, 5)]
