"""Temporary relations while PostgreSQL is the primary: the session's own, statement by statement as PostgreSQL answers them, and nothing of them in the file."""
import contextlib
import threading
import time

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from raw import SYNC, RawClient, bind, execute, parse, query, startup
from test_mirror_ddl import block, bring, say, schemas, session
from test_mirror_ddl_back import assert_equal_there, go_back, waiting_changes
from test_mirror_workloads import serve_pair

# Each runs in a session of its own; what comes of each statement is what PostgreSQL alone says of it.
SCRIPTS = {
    "made, altered and dropped": """
        CREATE TEMP TABLE mine (id serial PRIMARY KEY, n integer CHECK (n > 0), name text UNIQUE)
        INSERT INTO mine (n, name) VALUES (1, 'a'), (2, 'b') RETURNING id, n
        INSERT INTO mine (n) VALUES (-1)
        ALTER TABLE mine ADD COLUMN more text DEFAULT 'x'
        ALTER TABLE mine RENAME COLUMN n TO m
        ALTER TABLE mine ALTER COLUMN m TYPE numeric(10,2) USING m + 0.5
        ALTER TABLE mine ADD CONSTRAINT low CHECK (m < 9), DROP CONSTRAINT mine_n_check
        ALTER TABLE mine RENAME CONSTRAINT low TO lower
        CREATE INDEX mine_m ON mine (m)
        CREATE UNIQUE INDEX ON pg_temp.mine (id, m) WHERE m > 0
        ALTER INDEX mine_m RENAME TO mine_n
        DROP INDEX mine_n
        DROP INDEX mine_n
        COMMENT ON TABLE mine IS 'x'
        COMMENT ON COLUMN mine.m IS 'y'
        COMMENT ON CONSTRAINT lower ON mine IS 'z'
        GRANT SELECT ON mine TO PUBLIC
        CREATE STATISTICS pg_temp.st ON id, m FROM mine
        SELECT obj_description('mine'::regclass), col_description('mine'::regclass, 2)
        ALTER TABLE mine RENAME TO ours
        ALTER TABLE mine ADD COLUMN q integer
        SELECT * FROM ours ORDER BY id
        CREATE TEMP TABLE ours (a integer)
        CREATE TEMP TABLE IF NOT EXISTS ours (a integer)
        TRUNCATE ours RESTART IDENTITY
        DROP TABLE ours
        DROP TABLE ours
        DROP TABLE IF EXISTS pg_temp.ours
    """,
    "filled by a query": """
        CREATE TEMP TABLE a AS SELECT id, n FROM hot
        SELECT 1 AS n, 'x' AS t INTO TEMP b
        SELECT id INTO TEMPORARY TABLE c FROM hot WHERE id > 2
        WITH q AS (SELECT 1 AS w) SELECT w INTO TEMP d FROM q UNION ALL SELECT 2
        CREATE TABLE pg_temp.e AS SELECT 1 AS x
        SELECT 2 AS y INTO pg_temp.f
        CREATE TEMP TABLE g (LIKE hot INCLUDING ALL)
        CREATE TEMP TABLE h (v tsvector, r int4range, a integer[], p point)
        CREATE TEMP TABLE IF NOT EXISTS a AS SELECT 2 AS other
        PREPARE p AS SELECT n FROM hot WHERE id = 1
        CREATE TEMP TABLE i AS EXECUTE p
        CREATE TEMP TABLE j (n) ON COMMIT DELETE ROWS AS SELECT 1 WITH NO DATA
        CREATE UNLOGGED TABLE pg_temp.k (id integer)
        SELECT (SELECT count(*) FROM a), (SELECT n FROM b), (SELECT count(*) FROM c), (SELECT sum(w) FROM d), (SELECT x FROM e), (SELECT y FROM f), (SELECT count(*) FROM i)
        INSERT INTO g SELECT * FROM hot
        CREATE INDEX ON h USING gin (v)
        CREATE TEMP VIEW v AS SELECT a.n FROM a JOIN hot USING (id)
        CREATE OR REPLACE TEMP VIEW v AS SELECT a.n, 1 AS one FROM a
        SELECT count(*) FROM v
        ALTER VIEW v RENAME TO w
        DROP TABLE a
        DROP TABLE a CASCADE
        SELECT * FROM w
        CREATE TEMP SEQUENCE s START 5
        ALTER SEQUENCE s INCREMENT 2
        SELECT nextval('s'), nextval('s')
        ALTER SEQUENCE s OWNED BY b.n
        DROP SEQUENCE s
        DROP TABLE b, nobodys
        DROP TABLE b, c, d, e, f, g, h, i, j
        SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()
    """,
    "over a table of all": """
        CREATE TEMP TABLE hot (id integer, colour text)
        ALTER TABLE hot ADD COLUMN more text
        CREATE INDEX hot_colour ON hot (colour)
        INSERT INTO hot VALUES (5, 'red', 'x')
        UPDATE public.hot SET n = 3 WHERE id = 1
        SELECT h.n, t.colour FROM public.hot h, hot t WHERE h.id = 1
        ALTER TABLE pg_temp.hot DROP COLUMN more
        ALTER TABLE hot ADD PRIMARY KEY (id)
        CREATE TEMP TABLE kid (id integer REFERENCES hot)
        INSERT INTO kid VALUES (6)
        CREATE TABLE hot (id integer PRIMARY KEY)
        CREATE TABLE stands (id integer PRIMARY KEY REFERENCES hot)
        CREATE TABLE stands (id integer PRIMARY KEY, FOREIGN KEY (id) REFERENCES pg_temp.hot)
        ALTER TABLE account ADD FOREIGN KEY (id) REFERENCES hot (id)
        SELECT * FROM hot
        DROP TABLE hot
        DROP TABLE kid, hot
        SELECT n FROM hot WHERE id = 1
        CREATE TEMP TABLE ticket (id integer)
        CREATE TEMP VIEW account AS SELECT 1 AS id
        DROP TABLE IF EXISTS ticket
        DROP VIEW account
        SELECT count(*) FROM ticket, account
        SET search_path = public, pg_temp
        CREATE TEMP TABLE hot (id integer)
        SELECT count(*) FROM hot
        DROP TABLE pg_temp.hot
        RESET search_path
    """,
    "in blocks": """
        BEGIN
        CREATE TEMP TABLE hot (a integer) ON COMMIT DROP
        INSERT INTO hot VALUES (1)
        ALTER TABLE hot ADD COLUMN b integer
        SAVEPOINT s
        DROP TABLE hot
        ROLLBACK TO s
        SELECT * FROM hot
        COMMIT
        SELECT count(*) FROM hot
        BEGIN ISOLATION LEVEL SERIALIZABLE
        CREATE TEMP TABLE kept (a integer)
        CREATE INDEX ON kept (a)
        COMMIT
        BEGIN
        DROP TABLE kept
        ROLLBACK
        SELECT count(*) FROM kept
        BEGIN
        ALTER TABLE kept ADD COLUMN a integer
        SELECT 1
        COMMIT
        DISCARD TEMP
        SELECT count(*) FROM kept
    """,
    "several in one message": """
        CREATE TEMP TABLE hot (id integer); INSERT INTO hot VALUES (9); CREATE INDEX hot_id ON hot (id); DROP INDEX hot_id; ALTER TABLE hot RENAME TO cold; DROP TABLE cold
        SELECT count(*) FROM hot
        CREATE TEMP TABLE hot (id integer); ALTER TABLE hot ADD COLUMN x integer DEFAULT 4; SELECT 1; DROP TABLE hot
        SELECT 7 AS id INTO TEMP hot; DROP TABLE hot; SELECT count(*) FROM hot
        BEGIN; CREATE TEMP TABLE hot (id integer); DROP TABLE hot; COMMIT
        CREATE TEMP TABLE hot (id integer); DROP TABLE nobodys
        SELECT n FROM hot WHERE id = 2
        EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) CREATE TEMP TABLE explained AS SELECT 1 AS n
        DROP TABLE explained
        BEGIN; CREATE TEMP TABLE own (id integer); COMMIT; ALTER TABLE own ADD COLUMN n integer; DROP TABLE own
        BEGIN; CREATE TEMP TABLE own (id integer); SAVEPOINT s; ALTER TABLE own ADD COLUMN n integer; ROLLBACK TO s; DROP TABLE own; COMMIT
        CREATE TEMP TABLE own (id integer); DISCARD TEMP; CREATE TEMP TABLE own (n integer); DROP TABLE own
        SET search_path = public, pg_temp
        CREATE TEMP TABLE own (id integer); CREATE INDEX ON own (id); DROP TABLE own
        RESET search_path
    """,
}


def outcomes(cursor, script):
    out = []
    for line in filter(None, map(str.strip, script.splitlines())):
        try:
            cursor.execute(line)
            out.append((line, cursor.statusmessage, cursor.fetchall() if cursor.description else None))
        except psycopg2.Error as error:
            out.append((line, error.pgcode, error.diag.message_primary))
    return out


@pytest.fixture
def pair(crossfade, tmp_path, pg_database):
    return bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")


def test_each_statement_is_answered_as_postgresql_does_and_the_file_knows_nothing_of_it(pair, postgres):
    alone = postgres.connect(postgres.create_database())
    say(alone.cursor(), ["CREATE TABLE hot (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n bigint NOT NULL)", "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL)", "CREATE TABLE ticket (number bigint PRIMARY KEY, token text)",
                         "INSERT INTO ticket VALUES (1, 'seed')", "INSERT INTO hot SELECT i, 0 FROM generate_series(1, 4) i", "INSERT INTO account SELECT i, 1000 FROM generate_series(1, 10) i"])
    before = schemas(pair)
    for what, script in SCRIPTS.items():
        cursor, there = session(pair), alone.cursor()
        assert outcomes(cursor, script) == outcomes(there, script), what
        cursor.connection.close()
        assert schemas(pair) == before and waiting_changes(pair) == 0, what
    alone.close()
    cursor = session(pair)
    cursor.execute("ALTER TABLE hot ADD COLUMN fine integer")
    assert_equal_there(pair, ["hot", "account", "ticket"])


def test_the_table_of_all_is_changed_beside_a_temporary_one_of_its_name(pair):
    cursor = session(pair)
    say(cursor, ["CREATE TEMP TABLE hot (id integer)", "ALTER TABLE public.hot ADD COLUMN more text", "CREATE INDEX by_more ON public.hot (more)", "UPDATE public.hot SET more = 'x'", "CREATE TEMP TABLE n (id integer)",
                 "ALTER TABLE public.hot DROP COLUMN n"])  # a column, whatever else is called so
    block(cursor, ["DROP TABLE hot", "CREATE TEMP TABLE mine (id integer)", "CREATE TABLE made (id integer PRIMARY KEY)", "DROP TABLE mine", "INSERT INTO made VALUES (1)"])
    cursor.execute("CREATE TEMP TABLE ours (id integer); CREATE TABLE other (id integer PRIMARY KEY); DROP TABLE IF EXISTS ours; INSERT INTO other VALUES (2)")
    cursor.execute("DROP TABLE n")
    assert_equal_there(pair, ["hot", "made", "other"])
    cursor.connection.close()
    go_back(pair, ["hot", "made", "other"])


def test_what_would_hang_on_a_temporary_one_or_is_of_both_is_refused(pair):
    cursor = session(pair)
    say(cursor, ["CREATE TEMP TABLE mine (id integer PRIMARY KEY)", "CREATE TEMP TABLE hot (id integer)"])
    before = schemas(pair)
    for sql, hint in (("CREATE TABLE made (LIKE mine)", "temporary"), ("DROP TABLE mine, direct", "one for the others"), ("CREATE VIEW made AS SELECT * FROM mine", "CREATE TEMP VIEW"),
                      ("CREATE TABLE made (id integer PRIMARY KEY) INHERITS (mine)", "")):
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute(sql)
        assert error.value.pgcode in ("0A000", "42P16", "42809") and hint in (error.value.diag.message_hint or "") + error.value.diag.message_primary, (sql, error.value)
    assert schemas(pair) == before and waiting_changes(pair) == 0
    cursor.execute("SELECT count(*) FROM mine, hot")


def test_a_session_s_own_waits_for_nobody_s_change_of_the_schema_and_keeps_nobody_waiting(pair):
    first, second = session(pair), session(pair)
    say(first, ["CREATE TEMP TABLE mine (id integer)", "CREATE TEMP TABLE more (id integer)"])
    say(second, ["BEGIN", "CREATE TABLE made (id integer PRIMARY KEY)"])
    begun = time.monotonic()
    say(first, ["BEGIN", "ALTER TABLE mine ADD COLUMN n integer", "DROP TABLE mine"])
    assert time.monotonic() - begun < 2
    second.execute("COMMIT")
    begun = time.monotonic()
    second.execute("CREATE TABLE made_too (id integer PRIMARY KEY)")
    assert time.monotonic() - begun < 2
    say(first, ["COMMIT", "DROP TABLE more"])
    assert_equal_there(pair, ["made", "made_too"])


def test_in_the_extended_protocol(pair):
    before = schemas(pair)
    client = RawClient("127.0.0.1", pair.port)
    client.send(startup("app", pair.database))
    client.until_ready()

    def said(*messages):
        client.send(*messages)
        return [one for one in client.until_ready() if one[0] in "CEZ"]

    for sql, tag in (("CREATE TEMP TABLE hot (id integer)", "CREATE TABLE"), ("ALTER TABLE hot ADD COLUMN n integer", "ALTER TABLE"), ("SELECT 1 AS id INTO TEMP b", "SELECT 1"), ("CREATE INDEX ON b (id)", "CREATE INDEX"),
                     ("DROP TABLE hot", "DROP TABLE"), ("DROP TABLE b", "DROP TABLE")):
        assert said(parse("", sql), bind("", ""), execute(), SYNC) == [f"C {tag}", "Z I"], sql
    # In one batch: what the first makes, the next drops.
    assert said(parse("", "CREATE TEMP TABLE hot (id integer)"), bind("", ""), execute(), parse("", "DROP TABLE hot"), bind("", ""), execute(), parse("", "SELECT n FROM hot WHERE id = 1"), bind("", ""), execute(),
                SYNC) == ["C CREATE TABLE", "C DROP TABLE", "C SELECT 1", "Z I"]
    client.close()
    assert schemas(pair) == before and waiting_changes(pair) == 0


# A message in which the name of a table of all is the temporary one's first, and then its own again.
GIVEN_BACK = [(["CREATE TEMP TABLE direct (a integer)"], "DISCARD TEMP; DROP TABLE direct"), (["SET search_path = public, pg_temp"], "CREATE TEMP TABLE direct (a integer); DROP TABLE direct"),
              (["SET search_path = public, pg_temp"], "CREATE TEMP TABLE direct (a integer); ALTER TABLE direct ADD COLUMN more integer"), ([], "BEGIN; CREATE TEMP TABLE direct (a integer); ROLLBACK; DROP TABLE direct"),
              ([], "BEGIN; CREATE TEMP TABLE direct (a integer) ON COMMIT DROP; COMMIT; ALTER TABLE direct ADD COLUMN more integer"), (["BEGIN", "CREATE TEMP TABLE direct (a integer)"], "ROLLBACK; DROP TABLE direct"),
              (["BEGIN", "SAVEPOINT s", "CREATE TEMP TABLE direct (a integer)"], "ROLLBACK TO s; ALTER TABLE direct ADD COLUMN more integer")]


@pytest.mark.parametrize("before, message", GIVEN_BACK)
def test_no_table_of_all_is_changed_as_if_it_were_the_session_s_own(pair, before, message):
    cursor = session(pair)
    say(cursor, before)
    was = schemas(pair)
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        cursor.execute(message)
    cursor.execute("ROLLBACK")
    assert schemas(pair) == was and waiting_changes(pair) == 0
    assert_equal_there(pair, ["direct"])
