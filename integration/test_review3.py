"""What a third review found: each test is headed by what went wrong. What PostgreSQL answers is asked of one."""
import io
import threading
import time

import psycopg2
import pytest
from raw import SYNC, RawClient, bind, describe, execute, parse, query, startup

TABLES = ("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)",
          "CREATE TABLE p (id integer PRIMARY KEY)",
          "CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)")


def ask(connection, sql):
    """Rows or the command tag; of an error the SQLSTATE and what it says first."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else cursor.statusmessage
        except psycopg2.Error as error:
            return error.pgcode, error.diag.message_primary


def raw_client(port, user, database):
    client = RawClient("127.0.0.1", port)
    client.socket.settimeout(120)
    client.send(startup(user, database))
    client.until_ready()
    return client


class Pair:
    """The proxy and PostgreSQL with the same tables."""

    def __init__(self, proxy, postgres, tables):
        self.proxy, self.postgres, self.database = proxy, postgres, postgres.create_database()
        for connect in self.connects():
            connection = connect()
            for statement in tables:
                assert isinstance(ask(connection, statement), str), statement
            connection.close()

    def connects(self):
        return self.connect, lambda: self.postgres.connect(self.database)

    def connect(self):
        connection = self.proxy.connect()
        connection.autocommit = True
        return connection

    def raws(self):
        return (raw_client(self.proxy.port, "app", self.proxy.database),
                raw_client(self.postgres.port, "postgres", self.database))

    def same(self, *statements):
        """The statements one by one on a connection of each side: the proxy's answers and PostgreSQL's."""
        answers = []
        for connect in self.connects():
            connection = connect()
            connection.autocommit = True
            answers.append([ask(connection, each) for each in statements])
            connection.close()
        assert answers[0] == answers[1]
        return answers[0]


@pytest.fixture
def pair(crossfade, postgres, tmp_path):
    def start(tables=TABLES, **options):
        return Pair(crossfade(sqlite=tmp_path / "app.db", **options), postgres, tables)

    return start


def test_a_returning_that_cannot_be_sent_is_not_committed(pair):
    """The result formats were looked at when the rows were sent: after the COMMIT."""
    pair = pair()
    answers = []
    for client in pair.raws():
        seen = []
        for batch in ((parse("", "INSERT INTO t VALUES (10) RETURNING id"), bind("", "", results=[7]), execute(), SYNC),
                      (parse("s", "INSERT INTO t VALUES ($1) RETURNING id", [23]), SYNC),
                      (bind("", "s", [b"11"], results=[7]), execute(), SYNC),
                      (bind("", "s", [b"12"], results=[1]), execute(), SYNC),
                      (bind("", "s", [b"12"], results=[7]), execute(), SYNC),
                      (parse("", "UPDATE t SET id = id + 100 WHERE id = 1 RETURNING id"), bind("", "", results=[7]), execute(), SYNC),
                      (parse("", "UPDATE t SET id = id + 100 WHERE id = 77 RETURNING id"), bind("", "", results=[7]), execute(), SYNC),
                      (query("SELECT id FROM t ORDER BY id"),)):
            client.send(*batch)
            seen.append(client.until_ready())
        answers.append(seen)
    assert answers[0] == answers[1]
    assert [each for each in answers[0][-1] if each.startswith("D")] == ["D [b'1']", "D [b'2']", "D [b'3']", "D [b'12']"]


@pytest.mark.parametrize("story", [
    ["BEGIN", "INSERT INTO c VALUES (1, 99)", "DECLARE h CURSOR WITH HOLD FOR SELECT id, p FROM c", "COMMIT", "FETCH ALL FROM h",
     "SELECT count(*) FROM c", "DECLARE h CURSOR WITH HOLD FOR SELECT 1", "FETCH ALL FROM h", "CLOSE h"],
    ["INSERT INTO c VALUES (1, 99); DECLARE h CURSOR WITH HOLD FOR SELECT id, p FROM c", "FETCH ALL FROM h", "SELECT count(*) FROM c"],
    ["BEGIN", "DECLARE h CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id", "DECLARE n CURSOR FOR SELECT id FROM t", "FETCH 1 FROM h",
     "COMMIT", "FETCH ALL FROM h", "FETCH 1 FROM n", "BEGIN", "ROLLBACK", "FETCH BACKWARD 1 FROM h"],
    ["BEGIN", "DECLARE h CURSOR WITH HOLD FOR SELECT 1", "ROLLBACK", "FETCH ALL FROM h"],
    ["BEGIN", "DECLARE h CURSOR WITH HOLD FOR SELECT 1", "SELECT 1/0", "COMMIT", "FETCH ALL FROM h"],
])
def test_a_held_cursor_goes_with_a_commit_that_fails(pair, story):
    """It was held before the COMMIT was tried."""
    pair().same(*story)


def test_a_statement_timeout_ends_no_other_statement(crossfade, tmp_path):
    """A timer that had run out when its statement ended cancelled the one behind it."""
    proxy = crossfade(sqlite=tmp_path / "app.db", settings={"listen": ["io_threads = 1"]})
    client = raw_client(proxy.port, "app", proxy.database)
    client.send(query("SET statement_timeout = '25ms'"))
    client.until_ready()
    size, cancelled = 20000.0, 0
    for _ in range(400):
        client.send(query(f"SELECT count(*) FROM generate_series(1, {int(size)}) AS s(g)"), query("SELECT 1"), query("SELECT 2"))
        late = any(each.startswith("E") for each in client.until_ready())
        cancelled += late
        size *= 0.997 if late else 1.003
        for _ in range(2):
            begin = time.monotonic()
            answer = client.until_ready()
            # One that a loaded machine kept waiting for its own 25 ms is cancelled in its own right.
            assert not any(each.startswith("E") for each in answer) or time.monotonic() - begin > 0.02, answer


def test_a_timeout_ends_the_wait_for_a_thread(pair):
    """COPY, EXECUTE, DECLARE and FETCH waited for a thread that reads, and nothing could end that wait."""
    pair = pair(TABLES, settings={"sqlite": ["engine_threads = 2"]})

    def copy_from(connection):
        connection.cursor().copy_expert("COPY t FROM STDIN", io.StringIO("100\n"))

    def copy_to(connection):
        connection.cursor().copy_expert("COPY t TO STDOUT", io.StringIO())

    cases = {"copy from": copy_from, "copy to": copy_to}
    for sql in ("EXECUTE p(1)", "EXECUTE w(5000)", "BEGIN; DECLARE k CURSOR FOR SELECT id FROM t", "FETCH 1 FROM k2"):
        cases[sql] = lambda connection, sql=sql: connection.cursor().execute(sql)
    clients = {}
    for name in cases:
        clients[name] = connection = pair.connect()
        ask(connection, "PREPARE p(int) AS SELECT id FROM t WHERE id = $1")
        ask(connection, "PREPARE w(int) AS INSERT INTO t VALUES ($1)")
        if name.startswith("FETCH"):
            ask(connection, "BEGIN")
            ask(connection, "DECLARE k2 CURSOR FOR SELECT id FROM t")
        ask(connection, "SET statement_timeout = '500ms'")
    busy, stop = [pair.connect() for _ in range(4)], threading.Event()

    def keep_busy(connection):
        ask(connection, "SELECT count(*) FROM generate_series(1, 4000000000) AS a(i) WHERE i % 3 = 0")

    threads = [threading.Thread(target=keep_busy, args=[each], daemon=True) for each in busy]
    for each in threads:
        each.start()
    time.sleep(1)
    took = {}
    try:
        for name, run in cases.items():
            done = threading.Event()

            def attempt(run=run, name=name, done=done):
                try:
                    run(clients[name])
                except psycopg2.Error as error:
                    assert error.pgcode == "57014", (name, error)
                done.set()

            begun = time.monotonic()
            threading.Thread(target=attempt, daemon=True).start()
            took[name] = (done.wait(20), time.monotonic() - begun)
    finally:
        stop.set()
        for each in busy:
            each.cancel()
        for each in threads:
            each.join(30)
    assert all(ended for ended, _ in took.values()), took


def test_lock_timeout_holds_for_a_write_that_was_put_back(pair):
    """It ran out while the write ran in its group; put aside, the write then waited without a limit."""
    pair = pair()
    holder, first, second, later = (pair.connect() for _ in range(4))
    later.autocommit = False
    ask(second, "SET lock_timeout = '320ms'")
    ask(holder, "BEGIN")
    ask(holder, "INSERT INTO t VALUES (10)")
    answers = {}

    def run(name, connection, sql):
        thread = threading.Thread(target=lambda: answers.__setitem__(name, ask(connection, sql)), daemon=True)
        thread.start()
        return thread

    waiting = [run("first", first, "INSERT INTO t VALUES (11)")]
    time.sleep(0.1)
    waiting.append(run("second", second, "INSERT INTO t SELECT 20 + count(*) FROM generate_series(1, 400000000) AS z(i) WHERE i % 3 = 0"))
    time.sleep(0.05)
    blocked = run("later", later, "INSERT INTO t VALUES (12)")
    time.sleep(0.05)
    ask(holder, "COMMIT")
    blocked.join(20)
    waiting[1].join(10)
    try:
        assert answers.get("second", ("still waiting",))[0] == "55P03", answers
    finally:
        later.rollback()
        second.cancel()
        waiting[1].join(60)


def test_aggregates_over_no_rows_on_many_threads(pair):
    """Threads that finished one at the same time wrote to the same place: seen by ThreadSanitizer only."""
    pair = pair()
    answers = []

    def run():
        connection = pair.connect()
        answers.extend(ask(connection, "SELECT sum(id::numeric), avg(id::numeric), array_agg(id) FROM t WHERE id < 0") for _ in range(50))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [[(None, None, None)]] * 200


def test_copy_finds_the_relation_as_from_does(pair):
    """The column list was passed over for what is not the file's table: all columns came, and views, and names that are none."""
    pair = pair()
    answers = []
    for connect in pair.connects():
        connection = connect()
        connection.autocommit = True
        ask(connection, "CREATE TEMP TABLE tt (a integer PRIMARY KEY, b text)")
        ask(connection, "INSERT INTO tt VALUES (1, 'x')")
        seen = []
        for sql, data in (
                ("COPY pg_am (amname) TO STDOUT", None), ("COPY pg_catalog.pg_am (amname, oid) TO STDOUT", None),
                ("COPY pg_am (zz) TO STDOUT", None), ("COPY pg_am (oid, oid) TO STDOUT", None), ("COPY pg_tables TO STDOUT", None),
                ("COPY information_schema.tables (table_name) TO STDOUT", None), ("COPY tt (b) TO STDOUT", None),
                ("COPY pg_temp.tt (b) TO STDOUT", None), ("COPY pg_temp.tt TO STDOUT", None), ("COPY pg_temp.tt (zz) TO STDOUT", None),
                ("COPY pg_temp.t TO STDOUT", None), ("COPY pg_am (amname) TO STDOUT (FORMAT csv, FORCE_QUOTE (amname))", None),
                ("COPY pg_am TO STDOUT (FORMAT csv, FORCE_QUOTE (zz))", None), ("COPY pg_temp.tt FROM STDIN", "2\ty\n"),
                ("COPY pg_temp.tt (b, a) FROM STDIN", "z\t3\n"), ("COPY tt FROM STDIN", "4\tw\n"),
                ("COPY pg_temp.tt TO STDOUT", None)):
            stream = io.StringIO(data or "")
            try:
                connection.cursor().copy_expert(sql, stream)
                got = sorted(stream.getvalue().splitlines()) if data is None else "done"
                seen.append((sql, [each for each in got if "heap" in each or "pg_am" not in sql] if data is None else got))
            except psycopg2.Error as error:
                seen.append((sql, error.pgcode, error.diag.message_primary))
        answers.append(seen)
    assert answers[0] == answers[1]


def test_a_parameter_may_be_an_objects_name(pair):
    """A name for a parameter of regclass was read as a number: 22P02."""
    pair = pair()
    answers = []
    for client in pair.raws():
        seen = []
        for sql, types, value, formats in (
                ("SELECT $1::regclass", [], b"t", []), ("SELECT $1::regclass::oid > 0", [], b"t", []), ("SELECT $1::regclass::text", [], b"t", []),
                ("SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1", [], b"t", []),
                ("SELECT $1::regclass", [2205], b"pg_class", []), ("SELECT $1::regclass", [2205], (1259).to_bytes(4, "big"), [1]),
                ("SELECT $1::regclass", [], b"1259", []), ("SELECT $1::regclass", [], None, []), ("SELECT $1::regtype", [], b"int4", []),
                ("SELECT $1::regtype::oid", [], b"integer", []), ("SELECT $1::regnamespace", [], b"public", []),
                ("SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relname = 'pg_am'", [], b"pg_catalog", [])):
            client.send(parse("", sql, types), describe("S", ""), bind("", "", [value], formats), execute(), SYNC)
            seen.append((sql, client.until_ready()))
        client.send(parse("", "SELECT $1::regclass"), bind("", "", [b"nope"]), execute(), SYNC)
        seen.append([each for each in client.until_ready() if each[0] in "ED"])
        for sql in ("PREPARE r(regclass) AS SELECT $1, $1::oid = 't'::regclass", "EXECUTE r('t')"):
            client.send(query(sql))
            seen.append(client.until_ready())
        answers.append(seen)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("story", [
    ["SAVEPOINT s", "SET TRANSACTION READ ONLY", "SHOW transaction_read_only", "RELEASE s", "SHOW transaction_read_only",
     "INSERT INTO t VALUES (10)"],
    ["SAVEPOINT s", "SET TRANSACTION READ ONLY", "ROLLBACK TO s", "SHOW transaction_read_only", "INSERT INTO t VALUES (11)"],
    ["SET TRANSACTION READ ONLY", "SAVEPOINT s", "SET TRANSACTION READ WRITE", "ROLLBACK TO s", "SHOW transaction_read_only"],
    ["SET TRANSACTION READ ONLY", "SELECT 1", "SAVEPOINT s", "SET TRANSACTION READ WRITE"],
    ["SAVEPOINT s", "SET LOCAL transaction_read_only = on", "RELEASE s", "SHOW transaction_read_only"],
    ["SAVEPOINT a", "SAVEPOINT b", "SET TRANSACTION READ ONLY", "SAVEPOINT c", "RELEASE c", "SHOW transaction_read_only", "RELEASE a",
     "SHOW transaction_read_only"],
])
def test_read_only_ends_with_its_savepoint(pair, story):
    """It stayed after RELEASE and ROLLBACK TO, and READ WRITE was taken behind a savepoint."""
    pair().same("BEGIN", *story, "ROLLBACK")


@pytest.mark.parametrize("story", [
    ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT 1/0", "ROLLBACK AND CHAIN"],
    ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT 1/0", "COMMIT AND CHAIN"],
    ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT 1", "ROLLBACK AND CHAIN"],
    ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "COMMIT AND CHAIN", "SELECT 1/0", "ROLLBACK AND CHAIN"],
    ["BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE", "ROLLBACK AND CHAIN", "SELECT 1/0", "COMMIT AND CHAIN"],
    ["BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE", "SELECT 1/0", "ROLLBACK AND CHAIN"],
    ["BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE", "SAVEPOINT s", "SELECT 1/0", "ROLLBACK AND CHAIN"],
    ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SAVEPOINT s", "SET TRANSACTION READ ONLY", "COMMIT AND CHAIN"],
    ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SAVEPOINT s", "SET TRANSACTION READ ONLY", "ROLLBACK AND CHAIN"],
    ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SAVEPOINT s", "SET TRANSACTION READ ONLY", "SELECT 1/0", "ROLLBACK AND CHAIN"],
])
def test_what_and_chain_takes_over(pair, story):
    """A failed block's isolation and READ ONLY were taken over."""
    pair().same(*story, "SHOW transaction_isolation", "SHOW transaction_read_only", "SHOW transaction_deferrable", "ROLLBACK")


def test_a_refused_release_changes_nothing(pair):
    """In a failed block it gave the cursors to the level above, so that ROLLBACK TO left them open."""
    pair().same("BEGIN", "SAVEPOINT s", "DECLARE k CURSOR FOR SELECT id FROM t ORDER BY id", "FETCH 1 FROM k", "SELECT 1/0", "RELEASE s",
                "ROLLBACK TO s", "FETCH 1 FROM k")


def test_random_goes_on_behind_a_write_that_failed(pair):
    """The write was run again for the error's detail, and took the numbers of random() twice."""
    seen = pair().same("SELECT setseed(0.5)", "INSERT INTO t SELECT 1 WHERE random() >= 0", "SELECT random()",
                       "INSERT INTO t SELECT (random() * 0)::integer + 2", "SELECT random()")
    assert seen[1][0] == seen[3][0] == "23505"
