"""COPY in the corners of the protocol, held with PostgreSQL 15 and with Crossfade on SQLite; and COPY that breaks off."""
import contextlib
import random
import struct

import psycopg2
import pytest

from probing import PATIENCE, TABLE, compare, heard, marked
from raw import FLUSH, SYNC, TERMINATE, bind, close, describe, execute, message, parse, query, text
from servers import wait_until

INTO = "COPY p (n, t) FROM STDIN"
COUNT = query("SELECT count(*), sum(n) FROM p")


def data(*lines):
    return b"".join(message("d", line) for line in lines)


DONE, ROW = message("c"), data(b"10\tten\n")


def fail(reason):
    return message("f", text(reason))


def run(sql):
    return parse("", sql) + bind("", "") + execute()


CASES = {
    "rows in one message": [query(INTO) + data(b"10\tten\n11\televen\n") + DONE, COUNT],
    "a row cut into single bytes": [query(INTO) + data(*(bytes([byte]) for byte in b"10\tten\n11\t\\N\n")) + DONE, COUNT],
    "empty CopyData": [query(INTO) + data(b"", b"10\tten", b"", b"\n", b"") + DONE, COUNT],
    "CopyDone twice": [query(INTO) + ROW + DONE + DONE, COUNT],
    "data after CopyDone": [query(INTO) + ROW + DONE + ROW, COUNT],
    "CopyFail": [query(INTO) + ROW + fail("changed my mind"), COUNT],
    "CopyFail without words": [query(INTO) + fail(""), COUNT],
    "CopyFail after an error": [query(INTO) + data(b"x\ty\n") + fail("late"), COUNT],
    "data after an error is passed over": [query(INTO) + data(b"x\ty\n") + ROW + ROW + DONE, COUNT],
    "an error, then a query without CopyDone": [query(INTO) + data(b"x\ty\n") + COUNT],
    "Sync and Flush inside COPY of a simple query": [query(INTO) + SYNC + ROW + FLUSH + SYNC + DONE, COUNT],
    "a Query inside COPY": [query(INTO) + ROW + query("SELECT 1"), COUNT],
    "a Parse inside COPY": [query(INTO) + ROW + parse("", "SELECT 1") + SYNC, COUNT],
    "a Bind inside COPY": [query(INTO) + ROW + bind("", "") + SYNC, COUNT],
    "an unknown message inside COPY": [query(INTO) + ROW + message("?")],
    "Terminate inside COPY": [query(INTO) + ROW + TERMINATE],
    "COPY in several statements": [query(f"{INTO}; SELECT 1; {INTO}") + ROW + DONE + data(b"11\tx\n") + DONE, COUNT],
    "an error after COPY undoes it": [query(f"{INTO}; SELECT nope") + ROW + DONE, COUNT],
    "CopyFail ends the statements after it": [query(f"{INTO}; SELECT 1") + ROW + fail("no"), COUNT],
    "COPY in a block that is rolled back": [query("BEGIN"), query(INTO) + ROW + DONE, query("ROLLBACK"), COUNT],
    "an error of COPY fails the block": [query("BEGIN"), query(INTO) + data(b"x\n") + DONE, query("SELECT 1"), query("ROLLBACK"),
                                         COUNT],
    "a savepoint heals a failed COPY": [query("BEGIN"), query("SAVEPOINT a"), query(INTO) + ROW + fail("no"),
                                        query("ROLLBACK TO a"), query(INTO) + ROW + DONE, query("COMMIT"), COUNT],
    "COPY in a read only block": [query("BEGIN READ ONLY"), query(INTO), query("ROLLBACK"), COUNT],
    "COPY in a failed block": [query("BEGIN"), query("SELECT nope"), query(INTO), query("COPY p TO STDOUT"), query("ROLLBACK")],
    "a unique violation at the end": [query(INTO) + data(b"10\ta\n1\tb\n") + DONE, COUNT],
    "extended COPY": [run(INTO) + ROW + DONE + SYNC, COUNT],
    "extended COPY, described": [parse("s", INTO) + describe("S", "s") + bind("c", "s") + describe("P", "c") + execute("c")
                                 + ROW + DONE + close("P", "c") + SYNC, COUNT],
    "extended COPY with a row limit": [parse("", INTO) + bind("", "") + execute("", 1) + ROW + ROW.replace(b"10", b"12") + DONE
                                       + SYNC, COUNT],
    "extended COPY, Sync before CopyDone": [run(INTO) + SYNC + ROW + DONE + SYNC, COUNT],
    "extended COPY, CopyFail": [run(INTO) + ROW + fail("no") + run("SELECT 1") + SYNC, COUNT],
    "extended COPY, an error skips to Sync": [run(INTO) + data(b"x\ty\n") + ROW + DONE + run("SELECT 1") + SYNC, COUNT],
    "extended COPY in a pipeline": [run("INSERT INTO p (n) VALUES (90)") + run(INTO) + ROW + DONE
                                    + run("SELECT count(*) FROM p") + SYNC, COUNT],
    "a portal of COPY executed twice": [parse("", INTO) + bind("c", "") + execute("c") + ROW + DONE + execute("c") + SYNC, COUNT],
    "a temporary table": [query("CREATE TEMP TABLE mine (n INT UNIQUE, t TEXT, at TIMESTAMP DEFAULT '2024-01-01')"),
                          query("COPY mine (n, t) FROM STDIN") + ROW + DONE, query("COPY mine TO STDOUT"),
                          query("COPY mine (n) FROM STDIN") + data(b"x\n") + DONE,
                          query("BEGIN READ ONLY"), query("COPY mine (n, t) FROM STDIN") + data(b"12\t\\N\n") + DONE,
                          query(INTO), query("ROLLBACK"), query("BEGIN"), query("COPY mine (n) FROM STDIN") + data(b"13\n") + DONE,
                          query("SELECT count(*) FROM mine"), query("ROLLBACK"), query("SELECT count(*) FROM mine")],
    "a temporary table that hides another": [query("CREATE TEMP TABLE p (n INT, t TEXT)"), query(INTO) + ROW + DONE,
                                             query("SELECT * FROM p"), query("COPY p TO STDOUT"), query("COPY public.p (n) TO STDOUT"),
                                             query("COPY public.p (n) FROM STDIN") + data(b"77\n") + DONE,
                                             query("SELECT count(*) FROM public.p"), query("DROP TABLE pg_temp.p"), COUNT],
    "a temporary table that is emptied at COMMIT": [query("CREATE TEMP TABLE mine (n INT) ON COMMIT DELETE ROWS"),
                                                    query("COPY mine FROM STDIN") + data(b"1\n") + DONE, query("SELECT * FROM mine"),
                                                    query("BEGIN"), query("COPY mine FROM STDIN") + data(b"2\n3\n") + DONE,
                                                    query("SELECT * FROM mine"), query("COMMIT"), query("COPY mine TO STDOUT")],
    "COPY TO": [query("COPY p TO STDOUT"), query("COPY p (t, n) TO STDOUT"),
                query("COPY (SELECT n, t FROM p ORDER BY n DESC) TO STDOUT")],
    "COPY TO, extended": [run("COPY p TO STDOUT") + SYNC, parse("", "COPY p TO STDOUT") + describe("S", "")
                          + bind("", "", [], [], [1]) + describe("P", "") + execute("", 1) + SYNC],
    "COPY TO among statements": [query("SELECT 1; COPY p (n) TO STDOUT; SELECT 2"), run("COPY p (n) TO STDOUT")
                                 + run("SELECT 1") + SYNC],
    "COPY TO of an empty table": [query("DELETE FROM p"), query("COPY p TO STDOUT"),
                                  query("COPY p TO STDOUT (FORMAT csv, HEADER)"), query("COPY p TO STDOUT (FORMAT binary)")],
    "COPY TO in three formats": [query("COPY p TO STDOUT (FORMAT csv, HEADER)"), query("COPY p TO STDOUT (FORMAT binary)"),
                                 query("COPY p TO STDOUT (DELIMITER '|', NULL 'none')")],
    "COPY TO and COPY messages from the client": [query("COPY p (n) TO STDOUT") + ROW + DONE + fail("no"), COUNT],
    "COPY TO that fails while it runs": [query("COPY (SELECT 1 / (n - n) FROM p) TO STDOUT"), COUNT],
    "what cannot be copied": [query(sql) for sql in ("COPY nope FROM STDIN", "COPY p (nope) FROM STDIN",
                                                     "COPY p (n, n) FROM STDIN", "COPY nope TO STDOUT",
                                                     "COPY (INSERT INTO p (n) VALUES (1)) TO STDOUT",
                                                     "COPY p FROM STDIN (FORMAT x)",
                                                     "COPY p FROM STDIN (DELIMITER 'ab')", "COPY p FROM STDIN (nope 1)",
                                                     "COPY p FROM STDIN (FORMAT binary, DELIMITER ',')")],
    "COPY with a parameter": [parse("", "COPY (SELECT $1::int) TO STDOUT") + describe("S", "") + SYNC],
    "COPY prepared by name and run twice": [parse("s", INTO) + bind("", "s") + execute() + ROW + DONE + SYNC, bind("", "s")
                                            + execute() + data(b"20\tx\n") + DONE + SYNC, COUNT],
}
KNOWN = {}


@pytest.fixture(scope="module", autouse=True)
def there(probe_pair):
    client = probe_pair[0].session(TABLE)
    client.send(query("COPY p TO STDOUT"))
    if any("C=0A000" in line for line in heard(client, 1, None, PATIENCE)):
        pytest.skip("COPY is refused on SQLite")
    client.close()


@pytest.mark.parametrize("name", marked(CASES, KNOWN))
def test_the_messages_are_postgresqls(probe_pair, name):
    compare(probe_pair, CASES[name], setup=(TABLE,))


def test_a_copy_that_the_gate_cuts_keeps_no_row(crossfade, tmp_path, gate):
    """Cut at any byte of the way, rows or answer: either the whole COPY is there (its end was sent) or nothing of it."""
    proxy = crossfade(sqlite=tmp_path / "app.db")
    connection = proxy.connect()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE c (n INTEGER, t TEXT)")
    rows = b"".join(b"%d\tsome text of the row\n" % n for n in range(1000))
    whole = len(rows)
    for after in [*range(150, 900, 75), *range(1000, whole, 3001), whole + 200]:
        passage = gate("127.0.0.1", proxy.port)
        client = psycopg2.connect(host="127.0.0.1", port=passage.port, user="app", dbname=proxy.database)
        client.autocommit = True
        passage.cut_after = passage.passed + after - 150
        with contextlib.suppress(psycopg2.Error):
            client.cursor().copy_expert("COPY c FROM STDIN", Bytes(rows))
        passage.close()
        wait_until(lambda: len(proxy.console("SHOW CLIENTS")) <= 2, 30, "the cut session's end")
        cursor.execute("SELECT count(*) % 1000 FROM c")
        assert cursor.fetchone() == (0,), after
    cursor.execute("INSERT INTO c VALUES (1, 'the permit to write is free')")
    connection.close()


def test_a_copy_out_that_the_gate_cuts_leaves_the_server_well(crossfade, tmp_path, gate):
    proxy = crossfade(sqlite=tmp_path / "app.db")
    for after in (0, 1, 5, 100, 70_000, 1_000_000):
        passage = gate("127.0.0.1", proxy.port)
        client = psycopg2.connect(host="127.0.0.1", port=passage.port, user="app", dbname=proxy.database)
        passage.cut_after = passage.passed + 80 + after
        with pytest.raises(psycopg2.Error):
            client.cursor().copy_expert("COPY (SELECT i, 'some text' FROM generate_series(1, 500000) g(i)) TO STDOUT", Bytes(b""))
        passage.close()
    wait_until(lambda: len(proxy.console("SHOW CLIENTS")) <= 1, 30, "the end of the cut sessions")


class Bytes:
    """A file for psycopg2: reads these bytes in small parts, and takes what is written."""

    def __init__(self, content):
        self.content, self.place = content, 0

    def read(self, size=-1):
        part = self.content[self.place:self.place + min(size, 1000)]
        self.place += len(part)
        return part

    def write(self, _):
        pass


def test_binary_copy_of_random_bytes_ends_as_on_postgresql(probe_pair):
    seen = []
    for server in probe_pair:
        source = random.Random(7)
        client = server.session(TABLE)
        head = b"PGCOPY\n\xff\r\n\0" + struct.pack("!II", 0, 0)
        answers = []
        for _ in range(200):
            junk = source.randbytes(source.randrange(1, 60))
            client.send(query("COPY p (n, t) FROM STDIN (FORMAT binary)") + data(head + junk) + DONE)
            answers.append(heard(client, 1, None, PATIENCE))
        client.close()
        seen.append(answers)
    assert seen[0] == seen[1]
