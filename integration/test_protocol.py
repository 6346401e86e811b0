"""Sequences of raw protocol messages: what Crossfade on SQLite answers is, message by message, what PostgreSQL 15 answers."""
import struct

import pytest

from raw import (FLUSH, SYNC, RawClient, bind, close, describe, execute, message, parse, query, startup, text)

TABLE = query("CREATE TABLE p (id SERIAL PRIMARY KEY, n INTEGER UNIQUE, t TEXT, b BOOLEAN, m NUMERIC(10,2), w TIMESTAMP)")
ROWS = query("INSERT INTO p (n, t, b, m, w) VALUES (1, 'one', true, 1.5, '2024-02-29 12:00:00'), (2, NULL, false, -2.25, NULL), (3, 'drei', NULL, NULL, NULL)")

SEQUENCES = {
    "several statements in one query are one transaction": [query("INSERT INTO p (n) VALUES (10); SELECT 1 / 0"), query("SELECT count(*) FROM p")],
    "explicit blocks inside a query string": [query("BEGIN; INSERT INTO p (n) VALUES (10); COMMIT; SELECT n FROM p WHERE n = 10")],
    "an empty query": [query(""), query(" ; ; ")],
    "a failed block answers 25P02 until it ends": [query("BEGIN"), query("SELECT 1 / 0"), query("SELECT 1"), query("COMMIT"), query("SELECT 1")],
    "savepoints heal a failed block": [query("BEGIN"), query("SAVEPOINT a"), query("INSERT INTO p (n) VALUES (1)"), query("ROLLBACK TO a"),
                                       query("INSERT INTO p (n) VALUES (11)"), query("RELEASE a"), query("COMMIT"), query("SELECT count(*) FROM p")],
    "savepoints nest and roll back": [query("BEGIN"), query("INSERT INTO p (n) VALUES (20)"), query("SAVEPOINT a"), query("INSERT INTO p (n) VALUES (21)"),
                                      query("SAVEPOINT b"), query("INSERT INTO p (n) VALUES (22)"), query("ROLLBACK TO a"), query("COMMIT"),
                                      query("SELECT n FROM p WHERE n >= 20 ORDER BY n")],
    "an unknown savepoint": [query("BEGIN"), query("ROLLBACK TO nope"), query("ROLLBACK")],
    "savepoint outside a block": [query("SAVEPOINT a"), query("RELEASE a"), query("ROLLBACK TO a")],
    "BEGIN twice, COMMIT without a block": [query("BEGIN"), query("BEGIN"), query("COMMIT"), query("COMMIT"), query("ROLLBACK")],
    "read only transactions refuse writes": [query("BEGIN READ ONLY"), query("INSERT INTO p (n) VALUES (30)"), query("ROLLBACK")],
    "isolation levels": [query("BEGIN ISOLATION LEVEL REPEATABLE READ"), query("SHOW transaction_isolation"), query("COMMIT"),
                         query("BEGIN ISOLATION LEVEL SERIALIZABLE"), query("SELECT count(*) FROM p"), query("COMMIT")],
    "unnamed statement, all messages": [parse("", "SELECT n, t FROM p WHERE n >= $1 ORDER BY n") + describe("S", "") + bind("", "", [b"2"])
                                        + describe("P", "") + execute() + SYNC],
    "binary parameters and results": [parse("", "SELECT n, t, b, m, w FROM p WHERE n >= $1 ORDER BY n", [23])
                                      + bind("", "", [struct.pack("!i", 1)], [1], [1]) + describe("P", "") + execute() + SYNC],
    "a named statement is used twice": [parse("s", "SELECT $1::int + 1") + SYNC, bind("", "s", [b"1"]) + execute() + bind("", "s", [b"41"]) + execute() + SYNC],
    "a named statement twice": [parse("s", "SELECT 1") + SYNC, parse("s", "SELECT 2") + SYNC],
    "a named statement after Close": [parse("s", "SELECT 1") + close("S", "s") + parse("s", "SELECT 2") + bind("", "s") + execute() + SYNC],
    "an unknown statement": [bind("", "nope") + SYNC, describe("S", "nope") + SYNC, close("S", "nope") + SYNC],
    "an unknown portal": [execute("nope") + SYNC, describe("P", "nope") + SYNC, close("P", "nope") + SYNC],
    "Execute without Bind": [parse("", "SELECT 1") + execute() + SYNC],
    "a wrong number of parameters": [parse("", "SELECT $1::int") + bind("", "") + SYNC, parse("", "SELECT 1") + bind("", "", [b"1"]) + SYNC],
    "a wrong number of formats": [parse("", "SELECT $1::int, $2::int") + bind("", "", [b"1", b"2"], [0, 0, 0]) + SYNC],
    "a bad text parameter": [parse("", "SELECT $1::int") + bind("", "", [b"x"]) + execute() + SYNC],
    "a bad binary parameter": [parse("", "SELECT $1::int") + bind("", "", [b"xyz"], [1]) + execute() + SYNC],
    "after an error everything up to Sync is skipped": [parse("", "SELECT 1 / (n - n) FROM p") + bind("", "") + execute() + parse("", "SELECT 1") + bind("", "") + execute() + SYNC,
                                                        query("SELECT 1")],
    "a row limit suspends the portal": [parse("", "SELECT n FROM p ORDER BY n") + bind("c", "") + execute("c", 2) + execute("c", 2) + execute("c", 2) + SYNC],
    "a portal dies with its transaction": [parse("", "SELECT n FROM p ORDER BY n") + bind("c", "") + execute("c", 1) + SYNC, execute("c", 1) + SYNC],
    "a portal lives in a block": [query("BEGIN"), parse("", "SELECT n FROM p ORDER BY n") + bind("c", "") + execute("c", 1) + SYNC, execute("c", 1) + SYNC, query("COMMIT")],
    "an existing portal": [query("BEGIN"), parse("", "SELECT 1") + bind("c", "") + bind("c", "") + SYNC, query("ROLLBACK")],
    "describe of a statement without rows": [parse("", "INSERT INTO p (n, t) VALUES ($1, $2)") + describe("S", "") + bind("", "", [b"40", b"x"])
                                             + describe("P", "") + execute() + SYNC],
    "INSERT RETURNING": [parse("", "INSERT INTO p (n, t) VALUES ($1, $2) RETURNING id, t") + describe("S", "") + bind("", "", [b"41", None])
                         + execute() + SYNC],
    "an empty prepared statement": [parse("", "") + describe("S", "") + bind("", "") + execute() + SYNC],
    "several statements cannot be prepared": [parse("", "SELECT 1; SELECT 2") + SYNC],
    "a syntax error in Parse": [parse("", "SELEC 1") + SYNC],
    "a pipeline of writes": [b"".join(parse("", "INSERT INTO p (n) VALUES ($1)") + bind("", "", [str(n).encode()]) + execute() for n in range(50, 60)) + SYNC,
                             query("SELECT count(*) FROM p")],
    "a failing pipeline undoes itself": [parse("", "INSERT INTO p (n) VALUES (70)") + bind("", "") + execute() + parse("", "INSERT INTO p (n) VALUES (1)")
                                         + bind("", "") + execute() + SYNC, query("SELECT n FROM p WHERE n = 70")],
    "inferred parameter types": [parse("", "SELECT t FROM p WHERE n = $1 AND m > $2 AND w < $3 AND b = $4 AND t LIKE $5") + describe("S", "") + SYNC],
    "a parameter nobody types": [parse("", "SELECT $1") + describe("S", "") + SYNC, parse("", "SELECT $2::int") + describe("S", "") + SYNC],
    "types of an insert's parameters": [parse("", "INSERT INTO p (n, t, b, m, w) VALUES ($1, $2, $3, $4, $5)") + describe("S", "") + SYNC],
    "a limit's parameter": [parse("", "SELECT n FROM p ORDER BY n LIMIT $1 OFFSET $2") + describe("S", "") + bind("", "", [b"1", b"1"]) + execute() + SYNC],
    "a deferred key is broken: complete, then the error comes with Sync": [
        query("CREATE TABLE IF NOT EXISTS q (id integer PRIMARY KEY, p integer REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)"),
        parse("", "INSERT INTO q VALUES (1, 999)") + bind("", "") + execute() + SYNC, query("INSERT INTO q VALUES (2, 999)"),
        parse("", "INSERT INTO q VALUES (3, NULL)") + bind("", "") + execute() + SYNC, query("SELECT id FROM q"), query("DROP TABLE q")],
    "a query that has been analysed fixes the isolation level": [query("BEGIN"), query("PREPARE a AS SELECT 1"), query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
        query("ROLLBACK"), query("BEGIN"), parse("", "SELECT 1") + SYNC, query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"), query("ROLLBACK"), query("DEALLOCATE a")],
    "an unknown message": [message("?", b"") ],
    "a message with an impossible length": [b"Q" + struct.pack("!I", 3)],
    "Describe of a wrong kind": [message("D", b"X" + text("")) + SYNC],
    "Bind cut short": [message("B", text("") + text("") + b"\0") + SYNC],
    "CopyData outside COPY": [message("d", b"x") + message("c") + query("SELECT 1")],
    "Sync alone": [SYNC, SYNC + SYNC],
}


def answers(host, port, user, database, steps):
    client = RawClient(host, port)
    client.send(startup(user, database))
    client.until_ready()
    for setup in (query("DROP TABLE IF EXISTS p"), TABLE, ROWS, query("SET client_min_messages = warning")):
        client.send(setup)
        client.until_ready()
    seen = []
    for step in steps:
        try:
            client.send(step)
        except OSError:
            return seen + ["EOF"]
        seen.append(client.until_ready(2 if step == SYNC + SYNC else 1))
        if seen[-1][-1] == "EOF":
            break
    client.close()
    return seen


@pytest.fixture(scope="module")
def servers(tmp_path_factory, postgres):
    from servers import Crossfade
    folder = tmp_path_factory.mktemp("protocol")
    proxy = Crossfade(folder=folder, sqlite=folder / "app.db").start()
    yield ("127.0.0.1", proxy.port, "app", "app"), ("127.0.0.1", postgres.port, "postgres", postgres.create_database())
    proxy.stop()


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_answer_is_postgresqls(servers, name):
    through, direct = (answers(*server, SEQUENCES[name]) for server in servers)
    assert through == direct


def start(server, *packets):
    client = RawClient(*server[:2])
    client.send(*packets)
    return client


def test_ssl_and_gss_requests_are_answered_no_and_the_session_goes_on(servers):
    server = servers[0]
    client = start(server, struct.pack("!II", 8, 80877103))
    assert client._exactly(1) == b"N"
    client.send(struct.pack("!II", 8, 80877104))
    assert client._exactly(1) == b"N"
    client.send(startup(server[2], server[3]))
    assert client.until_ready()[-1] == "Z I"
    client.close()


def test_a_newer_minor_version_is_negotiated_down_to_the_newest_there_is(servers):
    """PostgreSQL 15 knows 3.0, we know 3.2."""
    newest = ["v 2", "v 0"]
    for server, version in zip(servers, newest):
        client = start(server, startup(server[2], server[3], (3, 9999), **{"_pq_.nothing": "1"}))
        assert client.until_ready() == [version, "R 0", "Z I"]
        client.close()


@pytest.mark.parametrize("packet", [b"GET / HTTP/1.1\r\n\r\n", struct.pack("!I", 3), struct.pack("!IHH", 8, 2, 0), struct.pack("!IHH", 9, 3, 0) + b"x",
                                    struct.pack("!I", 20_000) + b"\0" * 16, startup("", "x")])
def test_start_up_garbage_ends_that_connection_alone_as_postgresql_ends_it(servers, packet):
    seen = []
    for server in servers:
        client = start(server, packet)
        seen.append(client.until_end())
        client.close()
        alive = start(server, startup(server[2], server[3]))
        assert alive.until_ready()[-1] == "Z I"
        alive.close()
    assert seen[0] == seen[1]


def test_an_unknown_database_is_3d000(servers):
    seen = []
    for server in servers:
        client = start(server, startup(server[2], "no_such_database"))
        seen.append(client.until_end())
        client.close()
    assert seen[0] == seen[1]


def test_a_query_sent_byte_by_byte_is_answered_once(servers):
    for server in servers:
        client = start(server, startup(server[2], server[3]))
        client.until_ready()
        for byte in query("SELECT 1 AS one"):
            client.send(bytes([byte]))
        assert client.until_ready() == ["T [('one', 23, 4, -1, 0)]", "D [b'1']", "C SELECT 1", "Z I"]
        client.close()
