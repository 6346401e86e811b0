"""Temporary tables on SQLite: the same script on PostgreSQL, statement by statement; and what no other session may see of them."""
import sqlite3

import psycopg2
import psycopg2.errors
import pytest

FIXTURE = """
CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO things VALUES (1, 'permanent'), (2, 'also');
"""

SCRIPTS = {
    "ordinary": """
        CREATE TEMP TABLE t (id SERIAL PRIMARY KEY, name VARCHAR(5), n NUMERIC(6,2) DEFAULT 1.5, at TIMESTAMP)
        INSERT INTO t (name, at) VALUES ('a', '2024-02-29 10:00:00'), ('b', NULL) RETURNING id, n
        SELECT * FROM t ORDER BY id
        SELECT t.name, things.name FROM t JOIN things USING (id) ORDER BY t.id
        UPDATE t SET n = n * 2 WHERE id = 1 RETURNING *
        INSERT INTO t (name) VALUES ('too long')
        INSERT INTO t (id) VALUES (1)
        CREATE TEMP TABLE t (a INTEGER)
        CREATE TEMP TABLE IF NOT EXISTS t (a INTEGER)
        CREATE INDEX t_name ON t (name)
        SELECT id FROM pg_temp.t WHERE name = 'a'
        SELECT id FROM public.t
        DELETE FROM t WHERE id = 2
        ALTER TABLE t ADD COLUMN extra INTEGER DEFAULT 7
        SELECT * FROM t
        ALTER TABLE t RENAME COLUMN extra TO more
        SELECT more FROM t
        ALTER TABLE t RENAME TO u
        SELECT more FROM u
        TRUNCATE u
        SELECT count(*) FROM u
        DROP INDEX t_name
        DROP TABLE u
        SELECT * FROM u
    """,
    "shadowing": """
        CREATE TEMP TABLE things (id INTEGER, colour TEXT)
        SELECT * FROM things
        INSERT INTO things VALUES (5, 'red')
        SELECT * FROM things
        SELECT * FROM pg_temp.things
        SELECT * FROM public.things ORDER BY id
        UPDATE public.things SET name = 'changed' WHERE id = 1
        SELECT p.name, t.colour FROM public.things p, things t ORDER BY p.id
        INSERT INTO public.things VALUES (3, 'three') RETURNING name
        DELETE FROM public.things WHERE id = 3
        CREATE INDEX things_colour ON things (colour)
        CREATE INDEX things_name ON public.things (name)
        TRUNCATE things
        SELECT count(*) FROM things
        SELECT count(*) FROM public.things
        DROP TABLE things
        SELECT * FROM things ORDER BY id
    """,
    "on commit": """
        CREATE TEMP TABLE kept (a INTEGER) ON COMMIT PRESERVE ROWS
        CREATE TEMP TABLE emptied (a INTEGER) ON COMMIT DELETE ROWS
        INSERT INTO kept VALUES (1)
        INSERT INTO emptied VALUES (1)
        SELECT count(*) FROM kept
        SELECT count(*) FROM emptied
        BEGIN
        CREATE TEMP TABLE gone (a INTEGER) ON COMMIT DROP
        INSERT INTO gone VALUES (1)
        INSERT INTO emptied VALUES (2), (3)
        SELECT count(*) FROM emptied
        SELECT count(*) FROM gone
        COMMIT
        SELECT count(*) FROM emptied
        SELECT count(*) FROM gone
        SELECT count(*) FROM kept
        CREATE TEMP TABLE at_once (a INTEGER) ON COMMIT DROP
        SELECT * FROM at_once
        CREATE TABLE permanent (a INTEGER) ON COMMIT DROP
        CREATE TEMP TABLE public.wrong (a INTEGER)
        CREATE TABLE pg_temp.right_one (a INTEGER)
        SELECT count(*) FROM right_one
        BEGIN
        CREATE TEMP TABLE rolled_back (a INTEGER)
        INSERT INTO rolled_back VALUES (1)
        SAVEPOINT s
        DROP TABLE rolled_back
        ROLLBACK TO s
        SELECT count(*) FROM rolled_back
        ROLLBACK
        SELECT count(*) FROM rolled_back
    """,
    "read only": """
        CREATE TEMP TABLE t (a INTEGER)
        BEGIN READ ONLY
        INSERT INTO t VALUES (1), (2)
        UPDATE t SET a = a + 1
        SELECT sum(a) FROM t
        COMMIT
        BEGIN READ ONLY
        INSERT INTO things VALUES (9, 'no')
        ROLLBACK
        BEGIN READ ONLY
        CREATE TEMP TABLE u (a INTEGER)
        ROLLBACK
        SELECT sum(a) FROM t
    """,
    "views and references": """
        CREATE TEMP TABLE t (id INTEGER PRIMARY KEY, thing INTEGER)
        INSERT INTO t VALUES (1, 1), (2, 2)
        CREATE TEMP VIEW v AS SELECT t.id, things.name FROM t JOIN things ON things.id = t.thing
        SELECT * FROM v ORDER BY id
        CREATE VIEW w AS SELECT id FROM t
        SELECT * FROM w ORDER BY id
        CREATE TEMP TABLE c (t_id INTEGER REFERENCES t(id))
        INSERT INTO c VALUES (9)
        INSERT INTO c VALUES (1)
        DELETE FROM t WHERE id = 1
        CREATE TEMP TABLE d (thing INTEGER REFERENCES things(id))
        CREATE TABLE e (t_id INTEGER REFERENCES t(id))
        DROP TABLE c
        DROP VIEW v
        DROP VIEW w
        SELECT * FROM v
    """,
    "discard": """
        CREATE TEMP TABLE t (a INTEGER)
        CREATE TEMP VIEW v AS SELECT a + 1 AS b FROM t
        INSERT INTO t VALUES (1)
        DISCARD TEMP
        SELECT * FROM t
        SELECT * FROM v
        CREATE TEMP TABLE t (b TEXT)
        SELECT * FROM t
        DISCARD ALL
        SELECT * FROM t
        BEGIN
        CREATE TEMP TABLE t (c INTEGER)
        INSERT INTO t VALUES (1)
        DISCARD TEMP
        SELECT * FROM t
        ROLLBACK
    """,
}


def outcome(connection, sql):
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
    except psycopg2.Error as error:
        return error.diag.sqlstate, error.diag.message_primary, error.diag.message_detail, error.diag.constraint_name
    columns = [(column.name, column.type_code) for column in cursor.description or ()]
    return cursor.statusmessage, columns, cursor.fetchall() if cursor.description else None


@pytest.fixture
def both(crossfade, tmp_path, postgres):
    served = crossfade(sqlite=tmp_path / "app.db")
    connections = [served.connect(), psycopg2.connect(postgres.conninfo(postgres.create_database()))]
    for connection in connections:
        connection.autocommit = True
        connection.cursor().execute(FIXTURE)
    yield [*connections, served]
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_answer_as_postgresql_does(both, name):
    ours, theirs, _ = both
    different = []
    for line in SCRIPTS[name].splitlines():
        if not line.strip():
            continue
        got, wanted = outcome(ours, line), outcome(theirs, line)
        if got != wanted:
            different.append(f"{line.strip()}\n  ours   {got}\n  theirs {wanted}")
    assert not different, "\n".join(different)


def test_no_other_session_sees_them_and_they_end_with_theirs(both, tmp_path):
    _, _, served = both
    one, two = served.connect(), served.connect()
    for connection in (one, two):
        connection.autocommit = True
    one.cursor().execute("CREATE TEMP TABLE secret (a INTEGER)")
    one.cursor().execute("CREATE TEMP TABLE things (a INTEGER)")
    one.cursor().execute("INSERT INTO secret VALUES (1)")
    for _ in range(3):  # whichever pooled connection it gets
        with pytest.raises(psycopg2.errors.UndefinedTable):
            two.cursor().execute("SELECT * FROM secret")
        cursor = two.cursor()
        cursor.execute("SELECT name FROM things WHERE id = 1")
        assert cursor.fetchone() == ("permanent",)
    two.cursor().execute("CREATE TEMP TABLE secret (b TEXT)")
    cursor = two.cursor()
    cursor.execute("SELECT * FROM secret")
    assert [column.name for column in cursor.description] == ["b"]
    one.close()
    three = served.connect()
    with pytest.raises(psycopg2.errors.UndefinedTable):
        three.cursor().execute("SELECT * FROM secret")
    with sqlite3.connect(tmp_path / "app.db") as file:
        assert file.execute("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%secret%'").fetchone() == (0,)


def test_a_session_with_them_reads_what_others_commit(both):
    _, _, served = both
    one, two = served.connect(), served.connect()
    for connection in (one, two):
        connection.autocommit = True
    one.cursor().execute("CREATE TEMP TABLE t (a INTEGER)")
    cursor = one.cursor()
    for n in range(10, 14):
        two.cursor().execute("INSERT INTO things VALUES (%s, 'new')", (n,))
        cursor.execute("SELECT max(id) FROM things")
        assert cursor.fetchone() == (n,)
    two.cursor().execute("CREATE TABLE later (a INTEGER)")
    cursor.execute("SELECT count(*) FROM later")
    assert cursor.fetchone() == (0,)
    one.cursor().execute("INSERT INTO things SELECT 100, 'from ' || count(*) FROM t")
    cursor = two.cursor()
    cursor.execute("SELECT name FROM things WHERE id = 100")
    assert cursor.fetchone() == ("from 0",)


def test_a_prepared_statement_follows_a_table_that_hides_another(both):
    ours, theirs, _ = both
    psycopg3 = pytest.importorskip("psycopg")
    answers = []
    for url in (ours.dsn, theirs.dsn):
        with psycopg3.connect(url, autocommit=True, prepare_threshold=0) as connection:
            rows = [connection.execute("SELECT name FROM things WHERE id = %s", (1,)).fetchall()]
            connection.execute("CREATE TEMP TABLE things (id INTEGER, name TEXT)")
            connection.execute("INSERT INTO things VALUES (1, 'hidden')")
            rows.append(connection.execute("SELECT name FROM things WHERE id = %s", (1,)).fetchall())
            connection.execute("DROP TABLE things")
            rows.append(connection.execute("SELECT name FROM things WHERE id = %s", (1,)).fetchall())
            answers.append(rows)
    assert answers[0] == answers[1] == [[("permanent",)], [("hidden",)], [("permanent",)]]


def test_the_console_says_what_keeps_the_session(both):
    ours, _, served = both
    ours.cursor().execute("CREATE TEMP TABLE t (a INTEGER)")
    assert [row["stays"] for row in served.console("SHOW CLIENTS") if row["side"] == "sqlite"] == ["temporary tables"]
    ours.cursor().execute("DISCARD ALL")
    assert [row["stays"] for row in served.console("SHOW CLIENTS") if row["side"] == "sqlite"] == [""]
