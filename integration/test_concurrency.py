"""Many writers on one file: what was acknowledged is there, once, and nobody meets a lock.

CROSSFADE_CLIENTS and CROSSFADE_TRANSACTIONS make the large test smaller: 16 processes of 500 transactions each."""
import multiprocessing
import os
import random
import sqlite3
import threading
import time

import psycopg2
import psycopg2.errors

from raw import SYNC, RawClient, bind, execute, message, parse, query, startup
from servers import wait_until

CLIENTS = int(os.environ.get("CROSSFADE_CLIENTS", "16"))
TRANSACTIONS = int(os.environ.get("CROSSFADE_TRANSACTIONS", "500"))
ACCOUNTS = 50
ENDLESS = "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000000) SELECT count(*) FROM r"


def connect(server):
    connection = server.connect("u")
    connection.autocommit = True
    return connection


def rows(connection, sql, *values):
    cursor = connection.cursor()
    cursor.execute(sql, values or None)
    return cursor.fetchall()


def transfer(cursor, chance):
    source, target = chance.sample(range(ACCOUNTS), 2)
    cursor.execute("UPDATE account SET balance = balance - 1 WHERE id = %s", (source,))
    cursor.execute("UPDATE account SET balance = balance + 1 WHERE id = %s", (target,))


def one_transaction(connection, cursor, chance, number):
    """Returns how many rows it added to `entry`."""
    kind = chance.randrange(6)
    if kind == 0:
        cursor.execute("INSERT INTO entry (writer, n) VALUES (%s, 1) RETURNING id", (number,))
        cursor.fetchone()
        return 1
    if kind == 1:
        cursor.execute("UPDATE account SET balance = balance WHERE id = %s", (chance.randrange(ACCOUNTS),))
        return 0
    if kind == 2:
        try:
            cursor.execute("INSERT INTO entry (id, writer, n) VALUES (1, %s, 1000000)", (number,))
            raise AssertionError("the key was there already")
        except psycopg2.errors.UniqueViolation:
            return 0
    if kind == 3:
        cursor.execute("SELECT sum(balance) FROM account")
        assert cursor.fetchone()[0] == 1000 * ACCOUNTS
        return 0
    level = "READ COMMITTED" if kind == 4 else "REPEATABLE READ"
    while True:
        try:
            cursor.execute(f"BEGIN ISOLATION LEVEL {level}")
            if chance.randrange(2):
                cursor.execute("SELECT sum(balance) FROM account")
                assert cursor.fetchone()[0] == 1000 * ACCOUNTS
            transfer(cursor, chance)
            cursor.execute("INSERT INTO entry (writer, n) VALUES (%s, 1)", (number,))
            undone = chance.randrange(5) == 0
            cursor.execute("ROLLBACK" if undone else "COMMIT")
            return 0 if undone else 1
        except psycopg2.errors.SerializationFailure:
            cursor.execute("ROLLBACK")


def client(url, number, results):
    chance = random.Random(number)
    try:
        connection = psycopg2.connect(url)
        connection.autocommit = True
        cursor = connection.cursor()
        results.put((number, sum(one_transaction(connection, cursor, chance, number) for _ in range(TRANSACTIONS)), None))
    except Exception as error:  # noqa: BLE001: whatever it is, the test must see it
        results.put((number, 0, repr(error)))


def direct_writer(path, number, results):
    """Another program with the SQLite library: as patient as a good one is."""
    chance = random.Random(number)
    try:
        file = sqlite3.connect(path, timeout=60, isolation_level=None)
        for _ in range(TRANSACTIONS):
            file.execute("BEGIN IMMEDIATE")
            source, target = chance.sample(range(ACCOUNTS), 2)
            file.execute("UPDATE account SET balance = balance - 1 WHERE id = ?", (source,))
            file.execute("UPDATE account SET balance = balance + 1 WHERE id = ?", (target,))
            file.execute("INSERT INTO entry (writer, n) VALUES (?, 1)", (number,))
            file.execute("COMMIT")
        file.close()
        results.put((number, TRANSACTIONS, None))
    except Exception as error:  # noqa: BLE001
        results.put((number, 0, repr(error)))


def test_many_processes_and_another_program_write_one_file(crossfade, tmp_path):
    path = tmp_path / "app.db"
    server = crossfade(sqlite=path, settings={"sqlite": ['busy_timeout = "60s"']})
    one = connect(server)
    one.cursor().execute("CREATE TABLE account (id INT PRIMARY KEY, balance BIGINT); CREATE TABLE entry (id SERIAL PRIMARY KEY, "
                         "writer INT, n BIGINT); INSERT INTO entry (writer, n) VALUES (-1, 1)")
    one.cursor().execute("INSERT INTO account VALUES " + ", ".join(f"({i}, 1000)" for i in range(ACCOUNTS)))
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=client, args=(server.url("u"), number, results)) for number in range(CLIENTS)]
    processes.append(context.Process(target=direct_writer, args=(str(path), CLIENTS, results)))
    for process in processes:
        process.start()
    answers = [results.get(timeout=900) for _ in processes]
    for process in processes:
        process.join(60)
    assert [error for _, _, error in answers if error] == []
    assert rows(one, "SELECT sum(balance), min(id), max(id) FROM account") == [(1000 * ACCOUNTS, 0, ACCOUNTS - 1)]
    expected = {number: added for number, added, _ in answers if added}
    assert dict(rows(one, "SELECT writer, sum(n)::bigint FROM entry WHERE writer >= 0 GROUP BY writer")) == expected
    one.close()
    server.stop()
    file = sqlite3.connect(path)
    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def prepared(server, text):
    raw = RawClient("127.0.0.1", server.port)
    raw.send(startup("u", server.database))
    raw.until_ready()
    raw.send(parse("s", text), SYNC)
    raw.until_ready()
    return raw


def test_an_error_in_a_group_is_its_own_member_s_alone(crossfade, tmp_path):
    """All wait behind one block, so that they are one group when it ends."""
    server = crossfade(sqlite=tmp_path / "app.db")
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (id INT PRIMARY KEY, n INT CHECK (n < 100))")
    holder = server.connect("u")
    holder.cursor().execute("INSERT INTO t VALUES (0, 0)")
    members = [prepared(server, f"INSERT INTO t VALUES ({i // 2}, {200 if i == 6 else i}) RETURNING id, n") for i in range(2, 12)]
    for member in members:
        member.send(bind("", "s"), execute(""), SYNC)
    wait_until(lambda: sum(row["state"] == "waiting" for row in server.console("SHOW CLIENTS")) == len(members), 30, "the members")
    holder.commit()
    answers = [[line for line in member.until_ready() if line[0] in "DEC"] for member in members]
    assert sum(lines[-1] == "C INSERT 0 1" for lines in answers) == 5
    assert sorted(lines[-1] for lines in answers if lines[-1][0] == "E") == ["E ERROR 23505"] * 4 + ["E ERROR 23514"]
    assert rows(one, "SELECT count(*), sum(id) FROM t") == [(6, 15)]


def test_long_reads_do_not_hold_up_writers_and_those_that_wait_can_be_ended(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db", settings={"sqlite": ["engine_threads = 2"]})
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (id SERIAL PRIMARY KEY, n INT)")
    readers = [connect(server) for _ in range(4)]
    states = {}

    def read(reader):
        try:
            reader.cursor().execute(ENDLESS)
            states[reader] = "00000"
        except psycopg2.Error as error:
            states[reader] = error.pgcode

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    wait_until(lambda: sum(row["state"] == "active" for row in server.console("SHOW CLIENTS") if row["user"] == "u") == 4, 30, "the readers")
    # Two of them run, two wait. Writes, blocks that write and commands of the console go on.
    one.cursor().execute("INSERT INTO t (n) VALUES (1)")
    block = server.connect("u")
    cursor = block.cursor()
    cursor.execute("INSERT INTO t (n) VALUES (2) RETURNING n")
    assert cursor.fetchall() == [(2,)]
    cursor.execute("SELECT sum(n) FROM t")  # its own thread, as it holds the permit
    assert cursor.fetchall() == [(3,)]
    block.commit()
    one.cursor().execute("SET statement_timeout = '300ms'")
    try:
        one.cursor().execute("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 3) SELECT count(*) FROM r")
        raise AssertionError("there was a thread for it")
    except psycopg2.errors.QueryCanceled as error:
        assert "statement timeout" in str(error)
    for reader in reversed(readers):  # those that wait first, and they end at once
        reader.cancel()
    for thread in threads:
        thread.join(30)
    assert set(states.values()) == {"57014"}
    one.cursor().execute("RESET statement_timeout")
    assert rows(one, "SELECT count(*) FROM t") == [(2,)]


def test_a_cancelled_write_in_a_group_hurts_no_other(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (id SERIAL PRIMARY KEY, n BIGINT)")
    holder = server.connect("u")
    holder.cursor().execute("INSERT INTO t (n) VALUES (0)")
    states, order = {}, {}
    texts = {"first": "INSERT INTO t (n) VALUES (1)", "endless": ENDLESS.replace("WITH", "INSERT INTO t (n) WITH", 1),
             "last": "INSERT INTO t (n) VALUES (2)"}
    connections = {name: connect(server) for name in texts}

    def run(name):
        try:
            connections[name].cursor().execute(texts[name])
            states[name] = "00000"
        except psycopg2.Error as error:
            states[name] = error.pgcode
        order[name] = len(order)

    threads = []
    for waiting, name in enumerate(texts, 1):
        threads.append(threading.Thread(target=run, args=(name,)))
        threads[-1].start()
        wait_until(lambda: sum(row["state"] == "waiting" for row in server.console("SHOW CLIENTS")) == waiting, 30, "the member")
    holder.commit()
    threads[0].join(30)  # it does not wait for the endless one
    assert states == {"first": "00000"}
    connections["endless"].cancel()
    for thread in threads:
        thread.join(30)
    assert states == {"first": "00000", "endless": "57014", "last": "00000"}
    assert rows(one, "SELECT count(*), sum(n)::int FROM t") == [(3, 3)]


def test_a_client_that_vanishes_while_it_waits_writes_nothing(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (id SERIAL PRIMARY KEY, n INT)")
    holder = server.connect("u")
    holder.cursor().execute("INSERT INTO t (n) VALUES (0)")
    gone = prepared(server, "INSERT INTO t (n) VALUES (1)")
    gone.send(bind("", "s"), execute(""), SYNC)

    def clients(state=None):
        return sum(row["user"] == "u" and state in (None, row["state"]) for row in server.console("SHOW CLIENTS"))

    wait_until(lambda: clients("waiting") == 1, 30, "the member")
    gone.close()
    wait_until(lambda: clients() == 2, 30, "its end")
    holder.commit()
    assert rows(one, "SELECT count(*) FROM t") == [(1,)]


def test_another_program_s_lock_is_waited_for_as_long_as_busy_timeout_and_no_longer(crossfade, tmp_path):
    path = tmp_path / "app.db"
    server = crossfade(sqlite=path, settings={"sqlite": ['busy_timeout = "1s"']})
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (n INT)")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    for statement in ("INSERT INTO t VALUES (1)", "BEGIN; INSERT INTO t VALUES (1); COMMIT"):
        try:
            one.cursor().execute(statement)
            raise AssertionError("it was written")
        except psycopg2.errors.LockNotAvailable as error:
            assert "another process" in str(error)
            one.cursor().execute("ROLLBACK")
    letting_go = threading.Timer(0.2, lambda: other.execute("COMMIT"))
    letting_go.start()
    one.cursor().execute("INSERT INTO t VALUES (1)")
    letting_go.join()
    assert rows(one, "SELECT n FROM t") == [(1,)]


def test_a_cancel_ends_the_wait_for_another_program(crossfade, tmp_path):
    path = tmp_path / "app.db"
    server = crossfade(sqlite=path, settings={"sqlite": ['busy_timeout = "60s"']})
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (n INT)")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for statement in ("INSERT INTO t VALUES (1)", "BEGIN; INSERT INTO t VALUES (1)"):
        threading.Timer(0.3, one.cancel).start()
        start = time.monotonic()
        try:
            one.cursor().execute(statement)
            raise AssertionError("it was written")
        except psycopg2.errors.QueryCanceled:
            pass
        assert time.monotonic() - start < 30  # half of what it would have waited
        one.cursor().execute("ROLLBACK")
    other.execute("COMMIT")
