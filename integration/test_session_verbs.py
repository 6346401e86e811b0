"""PREPARE, DECLARE, LISTEN, SET and their kin: every script is run on PostgreSQL 15 and on SQLite through Crossfade, and the two
conversations must be the same, message by message, with SQLSTATE, message, detail, hint and position."""
import struct
import time

import psycopg2
import psycopg2.extensions
import pytest

from raw import (SYNC, RawClient, bind, close, data_row, describe, execute, fields, parse, query, row_description, startup)

TABLE = ["CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)",
         "INSERT INTO t VALUES (1, 'r1'), (2, 'r2'), (3, 'r3'), (4, 'r4'), (5, 'r5')"]
IGNORED = {"is_superuser", "server_version", "session_authorization"}


class Side:
    """One server to talk to: connections as the user `app`."""

    def __init__(self, port, database):
        self.port, self.database, self.clients = port, database, []

    def client(self, **parameters):
        client = RawClient("127.0.0.1", self.port)
        client.socket.sendall(startup("app", self.database, **parameters))
        self.clients.append(client)
        client.pid = None
        while True:
            kind, body = client.receive()
            if kind == "K":
                client.pid = struct.unpack("!I", body[:4])[0]
            assert kind != "E", fields(body)
            if kind == "Z":
                return client

    def conninfo(self):
        return f"host=127.0.0.1 port={self.port} user=app dbname={self.database}"


@pytest.fixture
def sides(crossfade, postgres, tmp_path):
    """PostgreSQL and Crossfade, each with the table; PostgreSQL's `app` is no superuser and owns its database."""
    name = postgres.create_database()
    with_admin = postgres.connect()
    cursor = with_admin.cursor()
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'app'")
    if cursor.fetchone() is None:
        cursor.execute("CREATE ROLE app LOGIN")
    cursor.execute(f"ALTER DATABASE {name} OWNER TO app")
    cursor.execute(f"ALTER DATABASE {name} SET TimeZone = 'UTC'")
    with_admin.close()
    proxy = crossfade(sqlite=tmp_path / "app.db")
    both = [Side(postgres.port, name), Side(proxy.port, proxy.database)]
    for side in both:
        client = side.client()
        for statement in TABLE:
            assert not [m for m in said(client, query(statement)) if m[0] == "E"]
    yield both
    for side in both:
        for client in side.clients:
            client.close()


def heard(kind, body, client):
    """A message without what must differ: OIDs of tables, process numbers (our own is "self"), file and line."""
    if kind in "EN":
        error = fields(body)
        return (kind, *(error.get(key) for key in "SCMDHP"))
    if kind == "T":
        return (kind, [(name, oid, form) for name, oid, _, _, form in row_description(body)])
    if kind == "D":
        return (kind, data_row(body))
    if kind == "S":
        name, value = body.rstrip(b"\0").split(b"\0")[0].decode(), body.split(b"\0")[1].decode()
        return (kind, name, value)
    if kind == "A":
        pid = struct.unpack("!I", body[:4])[0]
        channel, payload = body[4:].split(b"\0")[:2]
        return (kind, "self" if pid == client.pid else "other", channel.decode(), payload.decode())
    if kind == "t":
        return (kind, body)
    return (kind, body.rstrip(b"\0").decode())


def said(client, *messages):
    """Sends, and gives what came up to ReadyForQuery."""
    client.socket.sendall(b"".join(messages))
    seen = []
    while not seen or seen[-1][0] != "Z":
        message = heard(*client.receive(), client)
        if message[0] == "E":  # PostgreSQL sends the rows before the one that fails, Crossfade a batch or nothing
            while seen and seen[-1][0] in "TD":
                seen.pop()
        if message[0] != "S" or message[1] not in IGNORED:
            seen.append(message)
    return seen


def compare(sides, script, setup=()):
    """Each entry is a query string, or a list of messages that ends with Sync. One session on each side."""
    clients = [side.client() for side in sides]
    for statement in setup:
        for client in clients:
            said(client, query(statement))
    differences = []
    for step in script:
        messages = [query(step)] if isinstance(step, str) else step
        on_postgres, on_sqlite = (said(client, *messages) for client in clients)
        if on_postgres != on_sqlite:
            differences.append(f"{step}\n  PostgreSQL: {on_postgres}\n  Crossfade:  {on_sqlite}")
    assert not differences, "\n".join(differences)


def lines(text):
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


def test_prepare_execute_and_deallocate(sides):
    compare(sides, lines("""
        PREPARE p (int) AS SELECT * FROM t WHERE a = $1
        EXECUTE p(2)
        EXECUTE p(1 + 1)
        EXECUTE p('3')
        EXECUTE p
        EXECUTE p(1, 2)
        EXECUTE p('x')
        EXECUTE p(true)
        EXECUTE p((SELECT 1))
        EXECUTE p(count(*))
        EXECUTE p(zz)
        EXECUTE p($1)
        EXECUTE p(NULL)
        EXECUTE p(2.6)
        EXECUTE p(99999999999)
        EXECUTE nope
        EXECUTE nope(1)
        PREPARE p AS SELECT 1
        PREPARE q (foo) AS SELECT 1
        PREPARE q (int, nope.bar) AS SELECT 1
        PREPARE q AS SELECT $1
        EXECUTE q('text')
        DEALLOCATE q
        PREPARE q AS SELECT nope FROM t
        PREPARE q AS SELECT 1; SELECT 2
        DEALLOCATE PREPARE q
        DEALLOCATE q
        prepare "Q q" as insert into t values ($1, $2) returning a, b
        execute "Q q" (10, upper('x'))
        EXECUTE "Q q" (10, 'y')
        EXECUTE "q q" (10, 'y')
        PREPARE up(text) AS UPDATE t SET b = $1 WHERE a > 4
        EXECUTE up('changed')
        PREPARE del AS DELETE FROM t WHERE a = 10
        EXECUTE del
        PREPARE v(int, text) AS VALUES ($1, $2), (2, 'b')
        EXECUTE v(1, 'a''(,)')
        BEGIN
        EXECUTE nope
        EXECUTE p(1)
        ROLLBACK
        EXECUTE p(1); EXECUTE p(2)
        DEALLOCATE ALL
        EXECUTE p(1)
        PREPARE p AS SELECT a FROM t ORDER BY a
        BEGIN
        PREPARE gone AS SELECT 1
        ROLLBACK
        EXECUTE gone
        DEALLOCATE ALL
        """))


def test_statements_of_sql_and_of_the_protocol_share_their_names(sides):
    compare(sides, [
        "PREPARE p (int) AS SELECT * FROM t WHERE a = $1",
        [parse("p", "SELECT 1"), SYNC],
        [bind("", "p", [b"3"]), describe("P", ""), execute(), SYNC],
        [describe("S", "p"), SYNC],
        [parse("w", "SELECT a FROM t WHERE a < $1 ORDER BY a", [23]), SYNC],
        "EXECUTE w(3)",
        "PREPARE w AS SELECT 1",
        [parse("e", "EXECUTE w(4)"), describe("S", "e"), SYNC],
        [bind("", "e"), describe("P", ""), execute(), SYNC],
        [bind("", "e"), execute("", 2), execute("", 1), execute("", 5), SYNC],
        [parse("", "EXECUTE nope(1)"), describe("S", ""), bind("", ""), execute(), SYNC],
        [parse("", "DEALLOCATE w"), bind("", ""), execute(), SYNC],
        [bind("", "e"), SYNC],
        [close("S", "p"), SYNC],
        "EXECUTE p(1)",
        [parse("", "PREPARE z AS SELECT b FROM t WHERE a = $1"), describe("S", ""), bind("", ""), execute(), SYNC],
        "EXECUTE z(5)",
        "PREPARE one AS SELECT b FROM t WHERE a = 1",
        [parse("again", "EXECUTE one"), bind("", "again"), execute(), SYNC],
        *[[bind("", "again"), execute(), SYNC]] * 3,
        "DEALLOCATE one",
        "PREPARE one AS SELECT b FROM t WHERE a = 2",
        [bind("", "again"), execute(), SYNC],
        "DEALLOCATE one",
        [bind("", "again"), execute(), SYNC],
        [parse("self", "EXECUTE z(1)"), SYNC],
        "EXECUTE self",
    ])


CURSORS = """
BEGIN
DECLARE c CURSOR FOR SELECT * FROM t ORDER BY a
FETCH c
FETCH PRIOR c
FETCH ALL c
FETCH NEXT FROM c
FETCH BACKWARD 2 FROM c
FETCH ABSOLUTE 2 c
FETCH RELATIVE 0 c
FETCH RELATIVE -1 c
FETCH RELATIVE 2 IN c
MOVE LAST c
FETCH FIRST FROM c
FETCH 0 c
MOVE 0 c
FETCH ABSOLUTE -2 c
FETCH ABSOLUTE -9 c
FETCH ABSOLUTE 9 c
FETCH ABSOLUTE 0 c
MOVE 2 c
MOVE FORWARD ALL c
MOVE BACKWARD 3 c
FETCH NEXT c
MOVE BACKWARD ALL IN c
FETCH FORWARD 2 c
FETCH FORWARD c
FETCH FORWARD ALL c
FETCH BACKWARD ALL c
FETCH -1 c
FETCH 3 c
FETCH FORWARD -2 c
FETCH BACKWARD -2 c
DECLARE c CURSOR FOR SELECT 1
ROLLBACK
BEGIN
DECLARE c NO SCROLL CURSOR FOR SELECT * FROM t ORDER BY a
FETCH 2 c
SAVEPOINT s
FETCH ABSOLUTE 1 c
ROLLBACK TO s
FETCH c
ROLLBACK
BEGIN
DECLARE c NO SCROLL CURSOR FOR SELECT * FROM t ORDER BY a
FETCH ABSOLUTE 3 c
FETCH RELATIVE 1 c
MOVE BACKWARD 1 c
ROLLBACK
BEGIN
DECLARE c NO SCROLL CURSOR FOR SELECT * FROM t
FETCH ABSOLUTE -1 c
ROLLBACK
BEGIN
DECLARE c NO SCROLL CURSOR FOR SELECT * FROM t
FETCH 0 c
FETCH c
FETCH 0 c
ROLLBACK
BEGIN
DECLARE c SCROLL CURSOR FOR SELECT * FROM t WHERE a > 100
FETCH c
FETCH PRIOR c
FETCH LAST c
FETCH FIRST c
MOVE ALL c
ROLLBACK
BEGIN
DECLARE c BINARY CURSOR FOR SELECT a, b FROM t ORDER BY a
FETCH 2 c
ROLLBACK
DECLARE c CURSOR FOR SELECT 1
DECLARE c CURSOR FOR SELECT nope FROM t
DECLARE c CURSOR FOR SELECT 1; SELECT 2
FETCH c
MOVE c
CLOSE c
CLOSE ALL
BEGIN; DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a; FETCH 2 c; COMMIT
DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a; FETCH 2 c
BEGIN
DECLARE c SCROLL NO SCROLL CURSOR FOR SELECT 1
ROLLBACK
BEGIN
DECLARE c INSENSITIVE ASENSITIVE CURSOR FOR SELECT 1
ROLLBACK
BEGIN
DECLARE c SCROLL CURSOR FOR SELECT * FROM t FOR UPDATE
ROLLBACK
BEGIN
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM t FOR UPDATE
ROLLBACK
BEGIN
DECLARE c INSENSITIVE CURSOR FOR SELECT * FROM t FOR UPDATE
ROLLBACK
BEGIN
DECLARE c CURSOR FOR SELECT * FROM t ORDER BY a FOR UPDATE
FETCH 2 c
CLOSE c
FETCH c
ROLLBACK
BEGIN
DECLARE "C c" CURSOR WITHOUT HOLD FOR VALUES (1), (2)
FETCH ALL FROM "C c"
CLOSE "C c"
DECLARE next CURSOR FOR VALUES (1), (2)
FETCH next
FETCH FORWARD FROM next
CLOSE ALL
COMMIT
"""


def test_cursors_walk_and_refuse_as_in_postgres(sides):
    compare(sides, lines(CURSORS))


def test_cursors_with_hold_outlive_their_transaction(sides):
    compare(sides, lines("""
        DECLARE h CURSOR WITH HOLD FOR SELECT * FROM t ORDER BY a
        FETCH 2 h
        FETCH BACKWARD 1 h
        BEGIN
        FETCH h
        SAVEPOINT a
        FETCH h
        ROLLBACK TO a
        FETCH h
        ROLLBACK
        FETCH h
        CLOSE h
        BEGIN
        DECLARE h CURSOR WITH HOLD FOR SELECT * FROM t ORDER BY a
        FETCH 3 h
        COMMIT
        DELETE FROM t WHERE a = 4
        FETCH h
        FETCH PRIOR h
        FETCH ABSOLUTE 1 h
        CLOSE h
        INSERT INTO t VALUES (4, 'r4')
        BEGIN
        DECLARE h NO SCROLL CURSOR WITH HOLD FOR SELECT * FROM t ORDER BY a
        FETCH 3 h
        COMMIT
        FETCH h
        FETCH PRIOR h
        CLOSE h
        BEGIN
        DECLARE h CURSOR WITH HOLD FOR SELECT 1
        ROLLBACK
        FETCH h
        BEGIN
        DECLARE h CURSOR WITH HOLD FOR SELECT 10 / (a - 2) FROM t
        COMMIT
        FETCH h
        SELECT 1
        DECLARE h CURSOR WITH HOLD FOR SELECT 7
        DISCARD ALL
        FETCH h
        """))


def test_savepoints_end_the_cursors_made_since(sides):
    compare(sides, lines("""
        BEGIN
        SAVEPOINT a
        DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a
        FETCH c
        ROLLBACK TO a
        FETCH c
        ROLLBACK
        BEGIN
        SAVEPOINT a
        DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a
        FETCH c
        RELEASE a
        FETCH c
        SAVEPOINT b
        FETCH c
        SELECT 1 / 0
        ROLLBACK TO b
        FETCH c
        ROLLBACK
        BEGIN
        DECLARE c CURSOR FOR SELECT 10 / (a - 2) FROM t ORDER BY a
        FETCH c
        SAVEPOINT a
        FETCH c
        ROLLBACK TO a
        FETCH c
        ROLLBACK
        """))


def test_portals_and_cursors_share_their_names(sides):
    compare(sides, [
        "BEGIN",
        [parse("s", "SELECT a, b FROM t ORDER BY a"), bind("c", "s"), SYNC],
        "FETCH 2 FROM c",
        "FETCH PRIOR FROM c",
        "ROLLBACK",
        "BEGIN",
        [bind("c", "s"), execute("c", 1), SYNC],
        "FETCH 1 FROM c",
        [execute("c", 2), execute("c", 5), SYNC],
        "DECLARE c CURSOR FOR SELECT 1",
        "ROLLBACK",
        "BEGIN",
        "DECLARE d CURSOR FOR SELECT a FROM t ORDER BY a",
        [describe("P", "d"), execute("d", 2), SYNC],
        "FETCH d",
        [execute("d", 0), SYNC],
        [bind("d", "s"), SYNC],
        "ROLLBACK",
        "BEGIN",
        "DECLARE d CURSOR FOR SELECT a FROM t ORDER BY a",
        [close("P", "d"), SYNC],
        "FETCH d",
        "ROLLBACK",
        "BEGIN",
        [parse("", "DECLARE e CURSOR FOR SELECT a FROM t WHERE a > $1 ORDER BY a", [23]), describe("S", ""), bind("", "", [b"2"]),
         execute(), SYNC],
        [parse("f", "FETCH 2 FROM e"), describe("S", "f"), bind("", "f", (), (), (1,)), describe("P", ""), execute(), SYNC],
        [parse("g", "FETCH ALL FROM nope"), describe("S", "g"), SYNC],
        [bind("", "g"), execute(), SYNC],
        "ROLLBACK",
        "BEGIN",
        "DECLARE e CURSOR FOR SELECT a FROM t ORDER BY a",
        [parse("f2", "FETCH ALL FROM e"), bind("x", "f2"), execute("x", 2), execute("x", 2), execute("x", 2), SYNC],
        [parse("", "CLOSE ALL"), bind("", ""), execute(), SYNC],
        "COMMIT",
    ])


def test_a_cursor_keeps_its_snapshot_while_others_commit(sides):
    for statement in ("DECLARE c CURSOR FOR SELECT a FROM t ORDER BY a", "DECLARE c SCROLL CURSOR FOR SELECT a FROM t ORDER BY a"):
        answers = []
        for side in sides:
            reader, writer = side.client(), side.client()
            seen = said(reader, query("BEGIN")) + said(reader, query(statement))
            seen += said(writer, query("DELETE FROM t WHERE a = 3")) + said(writer, query("INSERT INTO t VALUES (9, 'new')"))
            seen += said(reader, query("FETCH 3 c"))
            seen += said(reader, query("UPDATE t SET b = 'mine' WHERE a = 4")) + said(reader, query("DELETE FROM t WHERE a = 5"))
            seen += said(reader, query("FETCH ALL c")) + said(reader, query("SELECT a FROM t ORDER BY a"))
            seen += said(reader, query("ROLLBACK")) + said(writer, query("DELETE FROM t WHERE a = 9"))
            seen += said(writer, query("INSERT INTO t VALUES (3, 'r3')"))
            answers.append(seen)
        assert answers[0] == answers[1]


@pytest.mark.parametrize("options", [{}, {"scrollable": True}, {"scrollable": False}])
def test_named_cursors_of_psycopg2(sides, options):
    results = []
    for side in sides:
        connection = psycopg2.connect(side.conninfo())
        seen = []
        with connection.cursor(name="named", **options) as cursor:
            cursor.itersize = 2
            cursor.execute("SELECT a, b FROM t WHERE a > %s ORDER BY a", (1,))
            seen.append(cursor.fetchone())
            seen.append(cursor.fetchmany(2))
            if options.get("scrollable"):
                cursor.scroll(-2)
                seen.append(cursor.fetchone())
            seen.append(list(cursor))
        connection.rollback()
        held = connection.cursor(name="held", withhold=True)
        held.execute("SELECT a FROM t ORDER BY a")
        seen.append(held.fetchone())
        connection.commit()
        seen.append(held.fetchall())
        held.close()
        connection.close()
        results.append(seen)
    assert results[0] == results[1]


def test_explain_execute_and_create_table_as_execute_are_refused(sides):
    client = sides[1].client()
    said(client, query("PREPARE p AS SELECT 1"))
    for statement in ("EXPLAIN EXECUTE p", "CREATE TABLE x AS EXECUTE p"):
        assert said(client, query(statement))[0][2] == "0A000"


def test_explain_shows_what_sqlite_would_do_and_runs_nothing(sides):
    connection = psycopg2.connect(sides[1].conninfo())
    connection.autocommit = True
    cursor = connection.cursor()

    def plan(sql):
        cursor.execute(sql)
        assert [column.name for column in cursor.description] == ["QUERY PLAN"] and cursor.statusmessage == "EXPLAIN"
        return [line for line, in cursor.fetchall()]

    cursor.execute("CREATE TABLE planned (id integer PRIMARY KEY, at date); CREATE INDEX planned_at ON planned (at)")
    assert plan("EXPLAIN SELECT * FROM planned WHERE id = 1") == ["SEARCH planned USING INDEX sqlite_autoindex_planned_1 (id=?)"]
    assert any("planned_at" in line for line in plan("EXPLAIN (COSTS off, VERBOSE) SELECT * FROM planned WHERE at = '2024-01-31'"))
    assert any(line.startswith("  ->  ") for line in plan("EXPLAIN SELECT id FROM planned UNION SELECT 1"))
    assert plan("EXPLAIN INSERT INTO planned VALUES (1, now())") and plan("EXPLAIN DELETE FROM planned WHERE id IN (SELECT 1)")
    cursor.execute("SELECT count(*) FROM planned")
    assert cursor.fetchone() == (0,)
    client = sides[1].client()
    client.send(parse("", "EXPLAIN SELECT * FROM planned WHERE id = $1"), describe("S", ""), bind("", "", [b"1"]), execute(), SYNC)
    answers = client.until_ready()
    assert [one[0] for one in answers] == ["1", "t", "T", "2", "D", "C", "Z"] and answers[1] == "t [23]", answers


@pytest.mark.parametrize("statement", [
    "EXPLAIN SELECT * FROM nobody", "EXPLAIN (fast) SELECT 1", "EXPLAIN (format verse) SELECT 1", "EXPLAIN (timing) SELECT 1", "EXPLAIN (wal) SELECT 1",
    "EXPLAIN SELECT nothing FROM pg_class",
])
def test_explain_refuses_what_postgresql_refuses(sides, statement):
    compare(sides, [statement])


def test_explain_gives_documents_and_counts_the_rows_of_what_it_runs(sides):
    connection = psycopg2.connect(sides[1].conninfo())
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TEMP TABLE counted (id integer); INSERT INTO counted VALUES (1), (2), (3)")
    cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) SELECT id FROM counted WHERE id > 1 UNION ALL SELECT 7")
    assert cursor.description[0].type_code == 114 and cursor.statusmessage == "EXPLAIN"
    [[[document]]] = cursor.fetchall()
    assert document["Plan"]["Actual Rows"] == 3 and document["Execution Time"] >= 0 and document["Planning Time"] >= 0
    assert "counted" in str(document["Plan"]["Plans"])
    cursor.execute("EXPLAIN (FORMAT JSON) SELECT 1")
    assert list(cursor.fetchone()[0][0]) == ["Plan"]
    cursor.execute("EXPLAIN (ANALYZE, SUMMARY off) SELECT id FROM counted")
    assert [line for line, in cursor.fetchall()] == ["SCAN counted", "Actual Rows: 3"]
    cursor.execute("EXPLAIN (FORMAT YAML) SELECT id FROM counted")
    assert cursor.fetchall() == [('- Plan: \n    Node Type: "Statement"\n    Plans: \n      - Node Type: "SCAN counted"',)]
    for failing, state in (("EXPLAIN ANALYZE SELECT 1 / (id - 1) FROM counted", "22012"), ("EXPLAIN ANALYZE SELECT nextval('nobody')", "42P01")):
        with pytest.raises(psycopg2.Error) as error:
            cursor.execute(failing)
        assert error.value.pgcode == state


@pytest.mark.parametrize("statement", ["EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1", "EXPLAIN (format xml) SELECT 1", "EXPLAIN CREATE TABLE t AS SELECT 1"])
def test_what_sqlite_has_no_plan_of_is_refused_by_name(sides, statement):
    assert said(sides[1].client(), query(statement))[0][2] == "0A000"


def test_notifications_come_after_the_commit_in_order_and_once(sides):
    compare(sides, lines("""
        LISTEN a
        NOTIFY a
        NOTIFY a, 'x'
        BEGIN
        NOTIFY a, '1'
        NOTIFY a, '2'
        NOTIFY a, '1'
        SAVEPOINT s
        NOTIFY a, '3'
        ROLLBACK TO s
        NOTIFY b, 'z'
        COMMIT
        BEGIN
        NOTIFY a, 'never'
        ROLLBACK
        SELECT pg_notify('a', 'by function')
        SELECT pg_notify('a', b) FROM t ORDER BY a
        SELECT pg_notify('a', 'undone'), 1 / (a - 2) FROM t ORDER BY a
        NOTIFY a, 'm1'; NOTIFY a, 'm2'
        NOTIFY a, 'm3'; SELECT 1 / 0
        BEGIN
        LISTEN later
        NOTIFY later, 'own'
        COMMIT
        BEGIN
        LISTEN never
        ROLLBACK
        NOTIFY never
        UNLISTEN a
        NOTIFY a
        UNLISTEN *
        UNLISTEN nothing
        NOTIFY later
        LISTEN "Upper Case"
        NOTIFY "Upper Case", ''
        SELECT pg_notify(NULL, 'x')
        SELECT pg_notify('', '')
        SELECT pg_notify('a', NULL)
        LISTEN d
        DISCARD ALL
        NOTIFY d
        """) + [f"SELECT pg_notify('{'x' * 64}', '')", f"SELECT pg_notify('a', '{'y' * 8000}')", f"NOTIFY a, '{'y' * 8000}'",
                [parse("", "LISTEN e"), bind("", ""), execute(), SYNC], [parse("", "NOTIFY e, 'p'"), bind("", ""), execute(), SYNC]])


def test_an_idle_client_is_told_at_once_and_a_client_in_a_block_at_its_end(sides):
    answers = []
    for side in sides:
        idle, busy, sender = side.client(), side.client(), side.client()
        said(idle, query("LISTEN a"))
        said(busy, query("LISTEN a"))
        said(busy, query("BEGIN"))
        said(sender, query("BEGIN"))
        said(sender, query("NOTIFY a, 'one'"))
        said(sender, query("NOTIFY a, 'two'"))
        said(sender, query("COMMIT"))
        told = [heard(*idle.receive(), idle) for _ in range(2)]
        answers.append((told, said(busy, query("SELECT 1")), said(busy, query("COMMIT")), said(idle, query("SELECT 2"))))
    assert answers[0] == answers[1]


def test_psycopg2_gets_notifications_of_another_connection(sides):
    listener, sender = (psycopg2.connect(sides[1].conninfo()) for _ in range(2))
    for connection in (listener, sender):
        connection.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    listener.cursor().execute("LISTEN news")
    sender.cursor().execute("NOTIFY news, 'hello'")
    end = time.monotonic() + 20
    while not listener.notifies and time.monotonic() < end:
        listener.poll()
        time.sleep(0.01)
    assert [(note.channel, note.payload, note.pid) for note in listener.notifies] == [("news", "hello", sender.get_backend_pid())]


SETTINGS = """
SET work_mem = '64kB'
SHOW work_mem
SET work_mem = 2048
SHOW work_mem
SET work_mem = '1.5GB'
SHOW work_mem
SET work_mem = '1 kB'
SET work_mem = '1XB'
SET work_mem = '-1'
SET work_mem = '3000000000kB'
SET work_mem = 1, 2
SET effective_cache_size = 1
SHOW effective_cache_size
SET wal_sender_timeout = '2min'
SHOW wal_sender_timeout
SET vacuum_freeze_table_age = 123456789
SHOW vacuum_freeze_table_age
SET statement_timeout = '90s'
SHOW statement_timeout
SET statement_timeout = '1500ms'
SHOW statement_timeout
SET statement_timeout = '2h'
SHOW statement_timeout
SET statement_timeout = '-1'
SET statement_timeout = '1x'
SET statement_timeout = '100000000000'
SET statement_timeout = 'abc'
SET statement_timeout = ''
SET statement_timeout = '0.4ms'
SHOW statement_timeout
SET enable_seqscan = maybe
SET enable_seqscan = of
SHOW enable_seqscan
SET enable_seqscan = 1
SHOW enable_seqscan
SET enable_seqscan = 2
SET enable_seqscan = 'o'
SET random_page_cost = 1.1
SHOW random_page_cost
SET random_page_cost = 'x'
SET random_page_cost = -1
SET random_page_cost = '1ms'
SET extra_float_digits = 4
SET extra_float_digits = 2.7
SHOW extra_float_digits
SET extra_float_digits = '0x2'
SHOW extra_float_digits
SET extra_float_digits = 0
SELECT 0.1::float8 + 0.2::float8
RESET extra_float_digits
SELECT 0.1::float8 + 0.2::float8
SET bytea_output = escape
SELECT '\\x00416263'::bytea
SET bytea_output = foo
RESET bytea_output
SET client_min_messages = foo
SET client_min_messages = 'WARNING'
SHOW client_min_messages
SET client_min_messages = debug
SHOW client_min_messages
SET client_min_messages = error
COMMIT
RESET client_min_messages
COMMIT
SET intervalstyle = foo
SET datestyle = 'foo'
SET datestyle = 'ISO, DMY'
SHOW datestyle
SELECT '01/02/2024'::date
SET datestyle TO default
SELECT '01/02/2024'::date
SET default_transaction_isolation = 'foo'
SET default_transaction_isolation = 'REPEATABLE READ'
SHOW default_transaction_isolation
SHOW transaction_isolation
BEGIN
SHOW transaction_isolation
COMMIT
SET default_transaction_isolation = default
SET transaction_isolation = 'serializable'
BEGIN
SET transaction_isolation = 'serializable'
SHOW transaction_isolation
SELECT 1
SET transaction_isolation = 'read committed'
ROLLBACK
BEGIN
SET transaction_read_only = on
SHOW transaction_read_only
SELECT current_setting('transaction_read_only'), current_setting('transaction_isolation')
INSERT INTO t VALUES (77, 'x')
ROLLBACK
BEGIN READ ONLY
SELECT 1
SET TRANSACTION READ WRITE
ROLLBACK
BEGIN
SET transaction_deferrable = on
SHOW transaction_deferrable
ROLLBACK
SHOW transaction_deferrable
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY, DEFERRABLE
SHOW default_transaction_isolation
SHOW default_transaction_read_only
SHOW default_transaction_deferrable
SHOW transaction_read_only
INSERT INTO t VALUES (77, 'x')
RESET ALL
SHOW default_transaction_read_only
SET server_version = 'x'
SET max_connections = 5
SET log_connections = on
SET wal_level = minimal
SET fsync = off
SET block_size = 4
SET log_statement = 'all'
SET session_replication_role = replica
SET zero_damaged_pages = on
RESET block_size
SHOW block_size
SHOW session_replication_role
SHOW max_identifier_length
SET search_path = a, "B c", 'd,e'
SHOW search_path
SET search_path = ''
SHOW search_path
SELECT set_config('search_path', '', false)
SHOW search_path
SELECT set_config('search_path', 'public, pg_catalog', false)
SHOW search_path
RESET search_path
SHOW search_path
SET application_name = 'a b'
SHOW application_name
SET application_name = E'a\\tb\u00e9'
SHOW application_name
RESET application_name
SET NAMES 'utf8'
SHOW client_encoding
SET NAMES
SET client_encoding = 'nope'
SET client_encoding TO DEFAULT
SET lc_monetary = 'C'
SET default_tablespace = ''
SET temp_tablespaces = ''
SET default_table_access_method = heap
SET xmloption = document
SET xmloption = x
SET foo = 1
SHOW nope
RESET nope
SET my.z = '1'
SHOW my.z
RESET my.z
SHOW my.z
SET foo.bar.baz = 1
SET "a b.c" = 1
SET my.list = 'a', 'b'
SHOW my.list
SET local my.z = '2'
SELECT set_config('my.x', '1', true), current_setting('my.x')
SELECT current_setting('my.x')
SELECT current_setting('nope.x')
SELECT current_setting('nope')
SELECT current_setting('nope', true)
SELECT current_setting('nope', false)
SELECT current_setting('my.x', true) IS NULL
SELECT current_setting(NULL)
SELECT set_config(NULL, 'a', false)
SELECT set_config('my.y', NULL, false)
SELECT set_config('TimeZone', 'Europe/Berlin', NULL)
SHOW timezone
SELECT set_config('work_mem', 'abc', false)
SELECT set_config('my.undone', 'x', false), 1 / (a - 2) FROM t
SELECT current_setting('my.undone', true)
SET ROLE none
SET ROLE app
SET ROLE nope
RESET ROLE
SHOW role
SET SESSION AUTHORIZATION DEFAULT
SET SESSION AUTHORIZATION app
SET SESSION AUTHORIZATION nope
RESET SESSION AUTHORIZATION
SHOW session_authorization
SHOW is_superuser
SHOW seed
DISCARD PLANS
DISCARD SEQUENCES
DISCARD TEMP
DISCARD TEMPORARY
BEGIN
DISCARD ALL
ROLLBACK
BEGIN
DISCARD PLANS
ROLLBACK
SELECT 1; DISCARD ALL
DISCARD ALL
SHOW timezone
"""

ZONES = """
SET TIME ZONE 'Europe/Berlin'
SHOW TIME ZONE
SELECT '2024-07-01 12:00:00+00'::timestamptz
SET TIME ZONE LOCAL
SHOW TIME ZONE
SET TIME ZONE DEFAULT
SET TIME ZONE 2
SHOW timezone
SELECT '2024-07-01 12:00:00+00'::timestamptz
SET TIME ZONE -3.5
SHOW timezone
SELECT '2024-07-01 12:00:00+00'::timestamptz
SET TIME ZONE INTERVAL '-5:30' HOUR TO MINUTE
SHOW timezone
SET TIME ZONE 'nope'
SET timezone = '+03'
SHOW timezone
SET timezone = 'EST5EDT'
SHOW timezone
SET timezone TO 'utc'
SHOW timezone
SET timezone = 5
SHOW timezone
SET timezone = 14.5
SHOW timezone
SET timezone = 200
SET timezone = 'america/new_york'
SHOW timezone
"""

BLOCKS = """
SET work_mem = '5MB'
BEGIN
SET work_mem = '8MB'
SAVEPOINT a
SET work_mem = '9MB'
ROLLBACK TO a
SHOW work_mem
COMMIT
SHOW work_mem
BEGIN
SET work_mem = '7MB'
SELECT 1 / 0
SET work_mem = '6MB'
ROLLBACK
SHOW work_mem
BEGIN
SET LOCAL work_mem = '7MB'
SET work_mem = '6MB'
SHOW work_mem
COMMIT
SHOW work_mem
BEGIN
SET work_mem = '6MB'
SET LOCAL work_mem = '7MB'
SHOW work_mem
COMMIT
SHOW work_mem
BEGIN
SET LOCAL TimeZone = 'Asia/Tokyo'
SELECT '2024-01-01 00:00:00+00'::timestamptz
SAVEPOINT b
SET LOCAL TimeZone = 'America/New_York'
SHOW TimeZone
RELEASE b
SHOW TimeZone
COMMIT
SHOW TimeZone
BEGIN
SET LOCAL my.z = '2'
SAVEPOINT s
SELECT set_config('my.z', '3', true)
ROLLBACK TO s
SHOW my.z
COMMIT
SHOW my.z
SET work_mem = '3MB'; SELECT 1 / 0
SHOW work_mem
SET work_mem = '3MB'; SHOW work_mem; SET LOCAL work_mem = '2MB'; SHOW work_mem
SHOW work_mem
BEGIN
RESET ALL
SHOW work_mem
ROLLBACK
SHOW work_mem
"""


@pytest.mark.parametrize("script", [SETTINGS, ZONES, BLOCKS], ids=["values", "zones", "blocks"])
def test_settings_are_taken_shown_refused_and_undone_as_in_postgres(sides, script):
    compare(sides, lines(script))


def test_settings_of_the_start_up_packet_are_what_reset_goes_back_to(sides):
    answers = []
    for side in sides:
        client = side.client(application_name="start", options="-c work_mem=7MB -c search_path=a,public --statement-timeout=9s")
        answers.append([said(client, query(text)) for text in (
            "SHOW work_mem", "SHOW search_path", "SHOW statement_timeout", "SET work_mem = '9MB'", "SET application_name = 'x'",
            "RESET ALL", "SHOW work_mem", "SHOW application_name", "SHOW search_path")])
    assert answers[0] == answers[1]


def test_what_every_client_sets_on_connecting_is_taken(sides):
    """pg_dump, psql, JDBC, Django, SQLAlchemy, asyncpg and Rails, as they are."""
    compare(sides, lines("""
        SET statement_timeout = 0
        SET lock_timeout = 0
        SET idle_in_transaction_session_timeout = 0
        SET client_encoding = 'UTF8'
        SET standard_conforming_strings = on
        SELECT pg_catalog.set_config('search_path', '', false)
        SET check_function_bodies = false
        SET xmloption = content
        SET client_min_messages = warning
        SET row_security = off
        SET synchronize_seqscans TO off
        SET quote_all_identifiers = true
        SET default_tablespace = ''
        SET default_table_access_method = heap
        SET extra_float_digits = 3
        SET DateStyle = ISO
        SET INTERVALSTYLE = POSTGRES
        SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE
        SET application_name = 'PostgreSQL JDBC Driver'
        SET SESSION timezone TO 'UTC'
        SET bytea_output = 'hex'
        SET jit = off
        SET jit_above_cost = -1
        SET synchronous_commit = off
        SET idle_session_timeout = 0
        SET tcp_user_timeout = 0
        SET plan_cache_mode = force_custom_plan
        SET max_parallel_workers_per_gather = 0
        SET enable_nestloop = off
        SET maintenance_work_mem = '1GB'
        SET cursor_tuple_fraction = 1.0
        SET escape_string_warning = off
        SET backslash_quote = safe_encoding
        SET constraint_exclusion = on
        SET geqo = off
        SET join_collapse_limit = 1
        SET lc_messages = 'C'
        SHOW transaction isolation level
        SHOW standard_conforming_strings
        """))


def test_what_has_no_effect_here_and_would_change_answers_is_refused_by_name(sides):
    client = sides[1].client()
    for statement in ("SET array_nulls = off", "SET transform_null_equals = on", "SET standard_conforming_strings = off",
                      "SET backslash_quote = on", "SHOW shared_buffers", "SET NAMES 'latin1'"):
        error = said(client, query(statement))[0]
        assert (error[0], error[2]) == ("E", "0A000"), (statement, error)


def test_an_idle_session_and_an_idle_transaction_are_ended(sides):
    for setting, begin, state in (("idle_session_timeout", "SELECT 1", "57P05"),
                                  ("idle_in_transaction_session_timeout", "BEGIN", "25P03")):
        ends = []
        for side in sides:
            client = side.client()
            said(client, query(f"SET {setting} = 100"))
            said(client, query(begin))
            client.socket.settimeout(20)
            ends.append(heard(*client.receive(), client)[:4])
            with pytest.raises((EOFError, ConnectionResetError)):
                client.receive()
        assert ends[0] == ends[1] and ends[0][2] == state


def test_a_statement_and_a_wait_for_the_lock_are_ended_in_time(sides):
    client = sides[1].client()
    said(client, query("SET statement_timeout = 200"))
    slow = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000000) SELECT count(*) FROM r"
    assert said(client, query(slow))[0][2:4] == ("57014", "canceling statement due to statement timeout")
    holder, waiter = sides[1].client(), sides[1].client()
    said(holder, query("BEGIN"))
    said(holder, query("UPDATE t SET b = 'held' WHERE a = 1"))
    said(waiter, query("SET lock_timeout = 100"))
    assert said(waiter, query("UPDATE t SET b = 'wait' WHERE a = 1"))[0][2] == "55P03"
    said(holder, query("ROLLBACK"))


def test_a_cursor_of_many_rows_is_read_forward_without_keeping_them(sides):
    """8 MB of rows are more than a cursor that did not ask for SCROLL keeps: it goes on forward, and back it refuses as PostgreSQL can."""
    client = sides[1].client()
    said(client, query("CREATE TABLE big (a INTEGER PRIMARY KEY, b TEXT)"))
    said(client, query("INSERT INTO big WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 8000) "
                       "SELECT n, repeat('x', 1000) FROM r"))
    said(client, query("BEGIN"))
    said(client, query("DECLARE c CURSOR FOR SELECT a, b FROM big ORDER BY a"))
    assert said(client, query("MOVE 7999 c"))[0] == ("C", "MOVE 7999")
    assert said(client, query("FETCH c"))[1][1][0] == b"8000"
    assert said(client, query("FETCH PRIOR c"))[0][2:4] == ("55000", "cursor can only scan forward")
    said(client, query("ROLLBACK"))
    said(client, query("BEGIN"))
    said(client, query("DECLARE c SCROLL CURSOR FOR SELECT a, b FROM big ORDER BY a"))
    assert said(client, query("MOVE ALL c"))[0] == ("C", "MOVE 8000")
    assert said(client, query("FETCH FIRST c"))[1][1][0] == b"1"
