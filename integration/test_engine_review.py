"""What a review of the engine and its sessions found: each test is headed by what went wrong. What PostgreSQL answers is asked of one
where it is not plain."""
import os
import sqlite3
import threading
import time

import psycopg2
import psycopg2.errors
import pytest
from raw import RawClient, bind, describe, execute, message, parse, query, startup
from servers import wait_until

FIXTURE = """
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE u (id INTEGER PRIMARY KEY);
CREATE TABLE plain (id INTEGER);
"""
SYNC = message("S")
# Ends by itself when it is asked to; and does not: it makes no record, no text, and calls no function.
LONG = "INSERT INTO plain SELECT count(*) FROM generate_series(1, 4000000000) AS z(i) WHERE i % 3 = 0"
DEAF = "DELETE FROM u WHERE (SELECT count(*) FROM many a, many b, many c, many d, many e WHERE a.n < b.n) = 7"


@pytest.fixture
def served(crossfade, tmp_path):
    def start(sql=FIXTURE, **options):
        file = tmp_path / "app.db"
        with sqlite3.connect(file) as made:
            made.executescript(sql)
        made.close()
        return crossfade(sqlite=file, **options)

    return start


def connect(proxy, autocommit=True):
    connection = proxy.connect()
    connection.autocommit = autocommit
    return connection


# trusted_schema was off, and SQLite 3.40 does not count its JSON functions as harmless: no Django file with a JSONField could be served.
def test_a_file_whose_schema_calls_json_functions_is_served(served):
    proxy = served("""CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT CHECK (json_valid(body)), name TEXT GENERATED ALWAYS AS (json_extract(body, '$.name')));
                      CREATE INDEX doc_kind ON doc (json_extract(body, '$.kind'));
                      CREATE VIEW named AS SELECT id, body ->> '$.name' AS name FROM doc;
                      CREATE TABLE checked (body TEXT CHECK (json_valid(body)));
                      CREATE TABLE hostile (id INTEGER PRIMARY KEY);
                      CREATE TRIGGER ours AFTER INSERT ON hostile BEGIN SELECT crossfade_now(); END;
                      CREATE TABLE noted (id INTEGER PRIMARY KEY);
                      CREATE TRIGGER notes BEFORE UPDATE ON noted BEGIN SELECT crossfade_note_row(1, 5); END;
                      INSERT INTO noted VALUES (1);""")
    connection = connect(proxy)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO doc (body) VALUES ('{\"name\": \"a\", \"kind\": 1}')")
        cursor.execute("SELECT name, body FROM doc")
        assert cursor.fetchall() == [("a", '{"name": "a", "kind": 1}')]
        with pytest.raises(psycopg2.errors.CheckViolation):
            cursor.execute("INSERT INTO checked VALUES ('no JSON')")
        with pytest.raises(psycopg2.Error, match="unsafe use of crossfade_now"):  # ours stay out of a schema's reach
            cursor.execute("INSERT INTO hostile VALUES (1)")
        with pytest.raises(psycopg2.Error, match="unsafe use of crossfade_note_row"):
            cursor.execute("UPDATE noted SET id = 2")


def raw(proxy):
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", "app"))
    client.until_ready()
    return client


def ask(connection, sql):
    """Rows, a command tag, or the SQLSTATE of the error."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else cursor.statusmessage
        except psycopg2.Error as error:
            return error.pgcode


def both(proxy, postgres, *statements):
    """The answers of Crossfade, once they are PostgreSQL's too."""
    answers = []
    for connection in (connect(proxy), postgres.connect(postgres.create_database())):
        connection.autocommit = True
        if answers:
            for statement in FIXTURE.split(";")[:-1]:
                ask(connection, statement)
        answers.append([ask(connection, statement) for statement in statements])
        connection.close()
    assert answers[0] == answers[1]
    return answers[0]


class Background:
    """An ask() on a thread of its own."""

    def __init__(self, connection, sql):
        self.answer = None
        self.thread = threading.Thread(target=self._run, args=(connection, sql), daemon=True)
        self.thread.start()

    def _run(self, connection, sql):
        self.answer = ask(connection, sql)

    def wait(self, seconds=30):
        self.thread.join(seconds)
        return self.answer


# A write inside a savepoint could not be ended by anything: everybody's writes waited for it.
def test_a_write_in_a_savepoint_ends_by_itself_at_a_timeout_and_its_savepoint_stays(served):
    proxy = served()
    connection = connect(proxy)
    assert ask(connection, "BEGIN") == "BEGIN"
    ask(connection, "INSERT INTO t VALUES (1, 'kept')")
    ask(connection, "SAVEPOINT s")
    ask(connection, "SET LOCAL statement_timeout = '300ms'")
    assert ask(connection, LONG) == "57014"
    assert ask(connection, "ROLLBACK TO s") == "ROLLBACK"
    assert ask(connection, "COMMIT") == "COMMIT"
    assert ask(connection, "SELECT a FROM t") == [("kept",)]


MANY = FIXTURE + """CREATE TABLE many (n INTEGER);
WITH RECURSIVE s(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM s WHERE i < 500) INSERT INTO many SELECT i FROM s;
INSERT INTO u VALUES (1);"""


def test_one_that_cannot_end_by_itself_takes_the_block_with_it(served):
    proxy = served(MANY)
    connection, other = connect(proxy), connect(proxy)
    ask(connection, "BEGIN")
    ask(connection, "INSERT INTO t VALUES (1, 'gone')")
    ask(connection, "SAVEPOINT s")
    ask(connection, "SET LOCAL statement_timeout = '300ms'")
    assert ask(connection, DEAF) == "57014"
    assert ask(other, "INSERT INTO t VALUES (2, 'other')") == "INSERT 0 1"  # while the block is not ended
    assert ask(connection, "ROLLBACK TO s") == "40000"
    assert ask(connection, "SELECT 1") == "25P02"
    assert ask(connection, "COMMIT") == "ROLLBACK"
    assert ask(connection, "SELECT a FROM t") == [("other",)]


def test_a_client_that_goes_away_in_a_savepoint_frees_the_file(served):
    proxy = served(MANY)
    client, other = raw(proxy), connect(proxy)
    for sql in ("BEGIN", "SAVEPOINT s"):
        client.send(query(sql))
        client.until_ready()
    client.send(query(DEAF))
    time.sleep(0.5)
    client.close()
    ask(other, "SET lock_timeout = '20s'")
    assert ask(other, "INSERT INTO t VALUES (2, 'other')") == "INSERT 0 1"


def test_a_server_that_stops_ends_a_write_in_a_savepoint(served):
    proxy = served(MANY)
    client = raw(proxy)
    for sql in ("BEGIN", "SAVEPOINT s"):
        client.send(query(sql))
        client.until_ready()
    client.send(query(DEAF))
    time.sleep(0.5)
    proxy.process.terminate()
    proxy.process.wait(30)


# An autocommit ALTER that failed after its wait kept the right to write, idle.
def test_a_change_that_fails_after_its_wait_gives_the_right_to_write_back(served):
    proxy = served()
    holder, waiting, other = connect(proxy, False), connect(proxy), connect(proxy)
    ask(holder, "INSERT INTO u VALUES (1)")
    altered = Background(waiting, "ALTER TABLE t ADD COLUMN z text")
    time.sleep(0.5)
    ask(holder, "DROP TABLE t")
    holder.commit()
    assert altered.wait() == "42P01"
    ask(other, "SET lock_timeout = '5s'")
    assert ask(other, "INSERT INTO u VALUES (2)") == "INSERT 0 1"


# A crash: the connection with the temporary tables went under an open cursor when the file was not there.
def test_a_file_that_is_moved_away_under_a_cursor_and_a_temporary_table(served):
    proxy = served(FIXTURE + "INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');")
    connection = connect(proxy)
    for sql in ("CREATE TEMP TABLE mine (i integer)", "INSERT INTO mine VALUES (7)", "BEGIN", "DECLARE c CURSOR FOR SELECT id FROM t"):
        ask(connection, sql)
    assert ask(connection, "FETCH 1 FROM c") == [(1,)]
    os.rename(proxy.sqlite, f"{proxy.sqlite}.away")
    assert ask(connection, "INSERT INTO t VALUES (5, 'five')") == "58P01"
    os.rename(f"{proxy.sqlite}.away", proxy.sqlite)
    assert ask(connection, "ROLLBACK") == "ROLLBACK"
    assert ask(connection, "SELECT i FROM mine") == [(7,)]


# After a CREATE TEMP TABLE … ON COMMIT that was rolled back, every COMMIT of the session failed.
@pytest.mark.parametrize("way", [
    ("BEGIN", "CREATE TEMP TABLE d (i integer) ON COMMIT DROP", "ROLLBACK"),
    ("BEGIN", "INSERT INTO u VALUES (3)", "SAVEPOINT s", "CREATE TEMP TABLE d (i integer) ON COMMIT DROP", "ROLLBACK TO s", "COMMIT"),
    ("BEGIN", "CREATE TEMP TABLE m (i integer) ON COMMIT DELETE ROWS", "INSERT INTO u VALUES (4)", "DISCARD TEMP", "COMMIT"),
])
def test_what_was_to_happen_at_commit_goes_with_its_table(served, postgres, way):
    proxy = served()
    answers = both(proxy, postgres, *way, "INSERT INTO u VALUES (1)", "UPDATE u SET id = 2 WHERE id = 1", "BEGIN", "INSERT INTO u VALUES (5)", "COMMIT",
                   "SELECT count(*) > 0 FROM u")
    assert answers[-2:] == ["COMMIT", [(True,)]]


# A change was committed before its rows were sent, and a timeout while they were sent told the client that it had failed.
@pytest.mark.parametrize("sql", [
    "INSERT INTO t SELECT g, repeat('x', 100000) FROM generate_series(1, 300) AS s(g) RETURNING *",
    "COPY (INSERT INTO t SELECT g, repeat('x', 100000) FROM generate_series(1, 300) AS s(g) RETURNING *) TO STDOUT",
])
def test_a_committed_change_does_not_fail_while_its_rows_are_sent(served, sql):
    proxy = served()
    client, other = raw(proxy), connect(proxy)
    client.send(query("SET statement_timeout = '15s'"))
    client.until_ready()
    client.send(query(sql))
    wait_until(lambda: ask(other, "SELECT count(*) FROM t") == [(300,)], what="the commit")
    time.sleep(16)  # 30 MB are more than the sockets hold
    answers = [line for line in client.until_ready() if line[0] in "EC"]
    assert len(answers) == 1 and answers[0].startswith("C"), answers


# EXECUTE of a change prepared before wrote to the permanent table behind a new temporary one.
def test_a_prepared_change_goes_to_the_temporary_table_of_that_name(served, postgres):
    answers = both(served(), postgres, "PREPARE p (integer) AS INSERT INTO plain VALUES ($1)", "EXECUTE p(1)", "CREATE TEMP TABLE plain (id integer)",
                   "EXECUTE p(2)", "SELECT id FROM plain", "SELECT id FROM public.plain")
    assert answers[-2:] == [[(2,)], [(1,)]]


# The second run, for an error's detail, was interrupted after a second, which undid the client's whole transaction.
def test_an_error_after_a_long_run_leaves_the_savepoint_there(served):
    proxy = served(FIXTURE + "INSERT INTO u VALUES (1);")
    connection = connect(proxy)
    slow = ("INSERT INTO u SELECT g FROM generate_series(1, 1) AS s(g) "
            "WHERE (SELECT count(*) FROM generate_series(1, 1500000) AS z(i) WHERE i % 3 = 0) > 5")
    ask(connection, "BEGIN")
    ask(connection, "INSERT INTO t VALUES (1, 'precious')")
    ask(connection, "SAVEPOINT s")
    assert ask(connection, slow) == "23505"
    assert ask(connection, "ROLLBACK TO s") == "ROLLBACK"
    assert ask(connection, "COMMIT") == "COMMIT"
    assert ask(connection, "SELECT a FROM t") == [("precious",)]


# COPY FROM wrote to the columns that the table had before it waited.
def test_a_copy_whose_columns_were_changed_while_it_waited_is_to_be_run_again(served):
    proxy = served()
    holder, client = connect(proxy, False), raw(proxy)
    ask(holder, "INSERT INTO t VALUES (100, 'h')")
    client.send(query("COPY t FROM STDIN"))
    time.sleep(0.3)
    client.send(message("d", b"1\tone\n"), message("c"))
    time.sleep(0.5)
    ask(holder, "ALTER TABLE t RENAME COLUMN a TO z")
    ask(holder, "ALTER TABLE t ADD COLUMN a integer")
    holder.commit()
    assert any("40001" in line for line in client.until_ready())
    assert ask(connect(proxy), "SELECT * FROM t") == [(100, "h", None)]


# What followed a COMMIT or ROLLBACK in a query string was committed statement by statement.
@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_what_follows_the_end_of_a_block_in_a_query_string_is_one_transaction(served, postgres, end):
    answers = both(served(), postgres, "INSERT INTO u VALUES (1)", "BEGIN", f"{end}; INSERT INTO u VALUES (10); INSERT INTO u VALUES (1)",
                   "SELECT id FROM u")
    assert answers[-2:] == ["23505", [(1,)]]


# With temporary tables, an open cursor and another's commit made a READ COMMITTED block's first write fail with 40001.
def test_read_committed_writes_behind_an_open_cursor_with_temporary_tables(served):
    proxy = served(FIXTURE + "INSERT INTO plain VALUES (1), (2), (3);")
    connection, other = connect(proxy), connect(proxy)
    ask(connection, "CREATE TEMP TABLE mine (i integer)")
    ask(connection, "BEGIN")
    ask(connection, "DECLARE c CURSOR FOR SELECT id FROM plain")
    assert ask(connection, "FETCH 1 FROM c") == [(1,)]
    ask(other, "INSERT INTO plain VALUES (9)")
    assert ask(connection, "INSERT INTO plain VALUES (5)") == "INSERT 0 1"
    assert ask(connection, "FETCH ALL FROM c") == [(2,), (3,)]
    assert ask(connection, "COMMIT") == "COMMIT"


# There DECLARE took its snapshot with the first FETCH.
def test_declare_takes_its_snapshot_with_temporary_tables_too(served):
    proxy = served()
    connection, other = connect(proxy), connect(proxy)
    ask(connection, "CREATE TEMP TABLE mine (i integer)")
    ask(connection, "BEGIN")
    ask(connection, "DECLARE c CURSOR FOR SELECT count(*) FROM plain")
    ask(connection, "DECLARE d CURSOR FOR SELECT 1 / (count(*)::integer) FROM plain")  # its error is the FETCH's
    ask(other, "INSERT INTO plain VALUES (9)")
    assert ask(connection, "FETCH c") == [(0,)]
    assert ask(connection, "FETCH d") == "22012"


# After the wait for the right to write, rows had other columns than the client had been told.
def test_columns_that_were_changed_during_a_wait_are_an_error(served):
    proxy = served()
    holder, client = connect(proxy, False), raw(proxy)
    ask(holder, "INSERT INTO t VALUES (1, 'one')")
    client.send(query("BEGIN"))
    client.until_ready()
    client.send(parse("s", "INSERT INTO t (id, a) VALUES (2, 'two') RETURNING *"), describe("S", "s"), SYNC)
    client.until_ready()
    client.send(bind("", "s"), execute(), SYNC)
    time.sleep(0.5)
    ask(holder, "ALTER TABLE t ADD COLUMN extra integer DEFAULT 42")
    holder.commit()
    answers = client.until_ready()
    assert any("0A000" in line for line in answers) and not any(line.startswith("D") for line in answers), answers


# A read's interrupt hit the next FETCH of another cursor on the same connection.
def test_a_cancelled_read_leaves_other_cursors_alone(served, postgres):
    answers = both(served(), postgres, "INSERT INTO plain VALUES (1), (2), (3)", "BEGIN ISOLATION LEVEL REPEATABLE READ",
                   "DECLARE a CURSOR FOR SELECT id FROM plain", "FETCH 1 FROM a", "SAVEPOINT s", "SET LOCAL statement_timeout = '300ms'",
                   "SELECT count(*) FROM generate_series(1, 1000000000) AS g(i) WHERE i % 3 = 0", "ROLLBACK TO s", "FETCH 1 FROM a")
    assert answers[-3:] == ["57014", "ROLLBACK", [(2,)]]


# Reserved names could be made in another case, and were out of reach from then on.
@pytest.mark.parametrize("sql", ['ALTER TABLE t RENAME TO "Crossfade_x"', 'CREATE TABLE "CROSSFADE_JOURNAL" (id integer)', 'CREATE TABLE "SQLITE_x" (id integer)',
                                 'CREATE INDEX "Crossfade_i" ON t (a)', 'CREATE VIEW "Crossfade_v" AS SELECT 1 AS a', 'CREATE TEMP TABLE "Crossfade_types" (a text)'])
def test_reserved_names_are_reserved_in_any_case(served, sql):
    assert ask(connect(served()), sql) == "42939"


# A BEGIN within a block lost its options: a write went through that was said to be READ ONLY.
def test_a_nested_begin_has_options_too(served, postgres):
    answers = both(served(), postgres, "BEGIN", "BEGIN READ ONLY", "INSERT INTO u VALUES (1)", "ROLLBACK", "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ",
                   "SHOW transaction_isolation", "ROLLBACK", "BEGIN", "SELECT 1", "BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT 1", "ROLLBACK")
    assert answers[2] == "25006" and answers[6] == [("repeatable read",)] and answers[10:12] == ["25001", "25P02"]


# DECLARE … WITH HOLD; COMMIT in one string lost its cursor.
def test_a_held_cursor_outlives_the_commit_of_its_own_query_string(served, postgres):
    answers = both(served(), postgres, "INSERT INTO u VALUES (1)", "DECLARE c CURSOR WITH HOLD FOR SELECT id FROM u; COMMIT", "FETCH 2 FROM c")
    assert answers[-1] == [(1,)]
