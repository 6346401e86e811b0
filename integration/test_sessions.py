"""Sessions from outside: clients that vanish, cancels that come while something waits, writers at once, and a server told to stop."""
import os
import signal
import sqlite3
import threading
import time

import psycopg2

from raw import SYNC, RawClient, bind, describe, execute, message, parse, query, startup
from servers import wait_until

ENDLESS = "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000000) SELECT count(*) FROM r"
ENDLESS_WRITE = ENDLESS.replace("WITH", "INSERT INTO t (n) WITH", 1)


def raw(server, database):
    client = RawClient("127.0.0.1", server.port)
    client.send(startup("u", database))
    client.until_ready()
    return client


def connect(server, database="app"):
    connection = psycopg2.connect(host="127.0.0.1", port=server.port, user="u", dbname=database)
    connection.autocommit = True
    return connection


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def with_table(crossfade, tmp_path, **options):
    server = crossfade(sqlite=tmp_path / "app.db", **options)
    one = connect(server)
    one.cursor().execute("CREATE TABLE t (id SERIAL PRIMARY KEY, n BIGINT)")
    return server, one


def test_a_client_that_vanishes_gives_the_permit_back(crossfade, tmp_path):
    """Amiss once: a client killed during a long write kept the permit until its statement ended, and all writers got 55P03."""
    server, one = with_table(crossfade, tmp_path)
    before = descriptors(server)
    for statements in (["BEGIN", "INSERT INTO t (n) VALUES (-1)"], [ENDLESS_WRITE], ["BEGIN", "INSERT INTO t (n) VALUES (-1)", ENDLESS]):
        gone = raw(server, "app")
        for statement in statements[:-1]:
            gone.send(query(statement))
            gone.until_ready()
        gone.send(query(statements[-1]))
        if statements[-1].endswith("FROM r"):
            time.sleep(0.3)  # it is running now; sooner would prove less, not fail
        else:
            gone.until_ready()
        gone.close()
        one.cursor().execute("SET lock_timeout = '10s'; INSERT INTO t (n) VALUES (1)")
    counted = one.cursor()
    counted.execute("SELECT count(*), min(n) FROM t")
    assert counted.fetchone() == (3, 1)
    wait_until(lambda: descriptors(server) <= before + 4, 10, "the descriptors")  # reader connections are kept open


def test_a_client_that_says_goodbye_is_let_finish(crossfade, tmp_path):
    server, one = with_table(crossfade, tmp_path)
    leaving = raw(server, "app")
    leaving.send(query("INSERT INTO t (n) WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 300000) SELECT i FROM r"),
                 message("X"))
    leaving.close()
    counted = one.cursor()

    def rows():
        counted.execute("SELECT count(*) FROM t")
        return counted.fetchone()[0] == 300000

    wait_until(rows, 30, "the rows")


def test_a_cancel_while_a_writer_waits_for_a_thread_is_not_forgotten(crossfade, tmp_path):
    """Amiss once: it came before the wait for the permit, which then took all of lock_timeout."""
    server, one = with_table(crossfade, tmp_path, settings={"sqlite": ["engine_threads = 1"]})
    holder = raw(server, "app")
    holder.send(query("BEGIN"), query("INSERT INTO t (n) VALUES (1)"))
    holder.until_ready(2)
    busy = connect(server)
    threading.Timer(2, busy.cancel).start()
    reading = threading.Thread(target=lambda: expect(busy, ENDLESS))
    reading.start()
    time.sleep(0.5)  # the only thread is taken
    threading.Timer(0.5, one.cancel).start()
    start = time.monotonic()
    assert expect(one, "INSERT INTO t (n) VALUES (2)") == "57014"
    assert time.monotonic() - start < 10
    reading.join()
    holder.close()


def expect(connection, statement):
    """The SQLSTATE that it ends with."""
    try:
        connection.cursor().execute(statement)
    except psycopg2.Error as error:
        return error.pgcode
    return "00000"


def test_cancel_and_statement_timeout_end_long_reads_and_writes(crossfade, tmp_path):
    server, one = with_table(crossfade, tmp_path)
    for statement in (ENDLESS, ENDLESS_WRITE):
        threading.Timer(0.3, one.cancel).start()
        assert expect(one, statement) == "57014"
        one.cursor().execute("SET statement_timeout = '300ms'")
        assert expect(one, statement) == "57014"
        one.cursor().execute("SET statement_timeout = 0")
    assert expect(one, "SELECT 1 / count(*) FROM t") == "22012"


def test_many_writers_and_one_that_bypasses_lose_nothing(crossfade, tmp_path):
    server, one = with_table(crossfade, tmp_path)
    one.cursor().execute("CREATE TABLE account (id INTEGER PRIMARY KEY, balance BIGINT)")
    one.cursor().execute("INSERT INTO account VALUES (1, 0), (2, 0), (3, 0)")
    amiss = []

    def through(number):
        try:
            connection = connect(server)
            connection.autocommit = False
            cursor = connection.cursor()
            for i in range(15):
                cursor.execute("UPDATE account SET balance = balance - 1 WHERE id = %s", (1 + number % 2,))
                cursor.execute("SAVEPOINT s")
                cursor.execute("UPDATE account SET balance = balance + 100 WHERE id = 3")
                cursor.execute("ROLLBACK TO s")
                cursor.execute("UPDATE account SET balance = balance + 1 WHERE id = 3")
                cursor.execute("INSERT INTO t (n) VALUES (%s)", (i,))
                connection.rollback() if i % 5 == 4 else connection.commit()
            connection.close()
        except psycopg2.Error as error:
            amiss.append(str(error))

    def past():
        file = sqlite3.connect(tmp_path / "app.db", timeout=30, isolation_level=None)
        for _ in range(30):
            file.execute("BEGIN IMMEDIATE")
            file.execute("UPDATE account SET balance = balance - 1 WHERE id = 1")
            file.execute("UPDATE account SET balance = balance + 1 WHERE id = 3")
            file.execute("COMMIT")
        file.close()

    threads = [threading.Thread(target=through, args=(number,)) for number in range(16)] + [threading.Thread(target=past)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not amiss
    cursor = one.cursor()
    cursor.execute("SELECT sum(balance), max(balance), (SELECT count(*) FROM t) FROM account")
    assert cursor.fetchone() == (0, 16 * 12 + 30, 16 * 12)


def test_a_relay_that_saw_copy_in_by_the_extended_protocol_stops_when_told(crossfade, postgres, pg_database):
    """Amiss once: PostgreSQL passes over the Sync that libpq sends before the data; it was waited for until shutdown_timeout."""
    name = pg_database.rpartition("=")[2]
    server = crossfade(postgres=f"host=127.0.0.1 port={postgres.port} user=postgres")
    client = raw(server, name)
    client.send(query("CREATE TABLE c (a int)"))
    client.until_ready()
    client.send(parse("", "COPY c FROM STDIN"), bind("", ""), describe("P", ""), execute(), SYNC)
    while client.receive()[0] != "G":
        pass
    client.send(message("d", b"1\n"), message("c"), SYNC)
    assert client.until_ready() == ["C COPY 1", "Z I"]
    client.send(query("COPY c FROM STDIN"))
    while client.receive()[0] != "G":
        pass
    client.send(message("d", b"2\n"), message("c"))
    assert client.until_ready() == ["C COPY 1", "Z I"]
    client.send(query("SELECT sum(a) FROM c"))
    assert client.until_ready()[1:] == ["D [b'3']", "C SELECT 1", "Z I"]
    start = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert client.until_end() == ["E FATAL 57P01", "EOF"]
    assert time.monotonic() - start < 10
