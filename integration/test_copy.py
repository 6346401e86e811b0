"""COPY on SQLite is PostgreSQL's: data, tags, errors with their context, message by message; in text, csv and binary."""
import asyncio
import io
import os
import pathlib
import struct
import subprocess
import threading

import psycopg2
import pytest

from raw import FLUSH, SYNC, RawClient, bind, describe, execute, fields, message, parse, query, row_description, startup
from servers import Crossfade, optimised_binary, wait_until
from type_samples import SAMPLES

SETUP = """
DROP VIEW IF EXISTS v; DROP TABLE IF EXISTS c; DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS s;
CREATE TABLE t (a INTEGER PRIMARY KEY CHECK (a < 1000), b VARCHAR(3) NOT NULL, c TEXT DEFAULT 'x');
CREATE TABLE s (id SERIAL PRIMARY KEY, n INTEGER, f DOUBLE PRECISION);
CREATE TABLE c (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES c (id));
CREATE VIEW v AS SELECT a FROM t;
INSERT INTO t VALUES (1, 'a', 'b')"""

DONE = message("c")
HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack("!II", 0, 0)


def data(content):
    return message("d", content)


def fail(reason):
    return message("f", reason.encode() + b"\0")


def answer(kind, body):
    """A message with all that a client sees of it, but for the detail of an error (SQLite does not tell every row)."""
    if kind in "EN":
        error = fields(body)
        return kind, {letter: error[letter] for letter in "SCMHWP" if letter in error}
    return kind, row_description(body) if kind == "T" else body  # not the table's OID


def answers(server, steps):
    """What comes to each step, up to its ReadyForQuery; a step that is a list is sent piece by piece."""
    host, port, user, database = server
    client = RawClient(host, port)
    client.send(startup(user, database))
    client.until_ready()
    client.send(query(SETUP))
    client.until_ready()
    client.send(query("SET client_min_messages = warning"))
    client.until_ready()
    seen = []
    for step in steps:
        for piece in step if isinstance(step, list) else [step]:
            client.send(piece)
        while True:
            try:
                kind, body = client.receive()
            except (EOFError, ConnectionResetError):
                return seen + ["EOF"]
            if kind not in "SK":
                seen.append(answer(kind, body))
            if kind == "Z":
                break
    client.close()
    return seen


@pytest.fixture(scope="module")
def servers(tmp_path_factory, postgres):
    folder = tmp_path_factory.mktemp("copy")
    proxy = Crossfade(folder=folder, sqlite=folder / "app.db").start()
    yield ("127.0.0.1", proxy.port, "app", "app"), ("127.0.0.1", postgres.port, "postgres", postgres.create_database())
    proxy.stop()


ALL = query("SELECT * FROM t ORDER BY a")
INPUTS = {
    "one row": ("COPY t FROM STDIN", b"2\tab\tc\n"),
    "no row": ("COPY t FROM STDIN", b""),
    "no line end at the end": ("COPY t FROM STDIN", b"2\tab\tc"),
    "the end marker": ("COPY t FROM STDIN", b"2\tab\tc\n\\.\njunk\n"),
    "the end marker behind data": ("COPY t FROM STDIN", b"2\tab\tc\\.\njunk\n"),
    "the end marker without a line end": ("COPY t FROM STDIN", b"2\tab\tc\n\\."),
    "the end marker with more": ("COPY t FROM STDIN", b"2\tab\tc\n\\.x\n"),
    "escapes": ("COPY t FROM STDIN", b"2\t\\101\t\\x41\\t\\\\\\n\\q\n"),
    "CRLF": ("COPY t FROM STDIN", b"2\ta\tb\r\n3\tc\td\r\n\\.\r\n"),
    "CR": ("COPY t FROM STDIN", b"2\ta\tb\r3\tc\td\r"),
    "mixed line ends": ("COPY t FROM STDIN", b"2\ta\tb\r\n3\tc\td\n"),
    "a stray CR": ("COPY t FROM STDIN", b"2\ta\tb\n3\tc\td\r\n"),
    "a column list": ("COPY t (b, a) FROM STDIN", b"z\t2\n"),
    "a serial column": ("COPY s (n) FROM STDIN", b"7\n8\n"),
    "not a number": ("COPY t FROM STDIN", b"2\tab\tc\nx\tab\tc\n"),
    "not a number, shown in part": ("COPY t FROM STDIN", ("ä" * 70).encode() + b"\ta\tb\n"),
    "an empty line": ("COPY t FROM STDIN", b"\n"),
    "too long": ("COPY t FROM STDIN", b"2\tabcd\tc\n"),
    "NULL in a NOT NULL column": ("COPY t FROM STDIN", b"2\t\\N\tc\n"),
    "NULL in the key": ("COPY t FROM STDIN", b"\\N\ta\tc\n"),
    "a broken CHECK": ("COPY t FROM STDIN", b"2000\ta\tc\n"),
    "a key that is there": ("COPY t FROM STDIN", b"2\tab\tc\n1\tab\tc\n3\ta\tb\n"),
    "a key that is there, then a row that cannot be read": ("COPY t FROM STDIN", b"2\tab\tc\n1\tab\tc\nx\ta\tb\n"),
    "a key that is there, then a NULL": ("COPY t FROM STDIN", b"2\tab\tc\n1\tab\tc\n3\t\\N\tb\n"),
    "a column too few": ("COPY t FROM STDIN", b"2\tab\n"),
    "a column too few behind a bad value": ("COPY t FROM STDIN", b"x\tab\n"),
    "a column too many": ("COPY t FROM STDIN", b"2\tab\tc\td\n"),
    "bytes that are not UTF-8": ("COPY t FROM STDIN", b"2\ta\xff\tc\n"),
    "escapes that are not UTF-8": ("COPY t FROM STDIN", b"2\ta\\xff\tc\n"),
    "options": ("COPY t FROM STDIN (DELIMITER ';', NULL 'nil')", b"2;ab;nil\n"),
    "the old options": ("COPY t FROM STDIN WITH DELIMITER AS ';' NULL AS 'nil'", b"2;ab;nil\n"),
    "csv": ("COPY t FROM STDIN (FORMAT csv)", b'2,"a,""",\n3,"","c\nd"\n'),
    "the old csv": ("COPY t FROM STDIN CSV HEADER QUOTE '$' ESCAPE '!'", b"a,b,c\n2,$a!$$,c\n"),
    "csv: a quote that is not closed": ("COPY t FROM STDIN (FORMAT csv)", b'2,a,"b\n'),
    "csv: an error behind lines in quotes": ("COPY t FROM STDIN (FORMAT csv)", b'2,a,"b\nc"\nx,a,b\n'),
    "csv: the end marker": ("COPY t FROM STDIN (FORMAT csv)", b"2,a,b\n\\.\n"),
    "csv: the end marker as a value": ("COPY t FROM STDIN (FORMAT csv)", b"2,a,b\n\\.x,\n"),
    "csv: NULL": ("COPY t FROM STDIN (FORMAT csv)", b"2,,b\n"),
    "csv: forced": ("COPY t FROM STDIN (FORMAT csv, FORCE_NOT_NULL (b), FORCE_NULL (c))", b'2,,""\n'),
    "a header that names the columns": ("COPY t FROM STDIN (FORMAT csv, HEADER match)", b"a,b,c\n2,a,b\n"),
    "a header too short": ("COPY t FROM STDIN (FORMAT csv, HEADER match)", b"a,b\n"),
    "a header with another name": ("COPY t FROM STDIN (FORMAT csv, HEADER match)", b"a,x,c\n"),
    "a header without a name": ("COPY t FROM STDIN (FORMAT csv, HEADER match)", b"a,,c\n"),
    "a header in text": ("COPY t FROM STDIN (HEADER)", b"a\tb\tc\n2\ta\tb\n"),
    "WHERE": ("COPY t FROM STDIN WHERE a > 2 AND b <> 'no'", b"2\ta\tb\n3\tno\tb\n4\tyes\tb\n"),
    "WHERE that reads no row": ("COPY t FROM STDIN WHERE c IS NULL", b"2\ta\tb\n"),
    "a view": ("COPY v FROM STDIN", b"1\n"),
    "FREEZE": ("COPY t FROM STDIN (FREEZE)", b"2\ta\tb\n"),
    "rows that reference later ones": ("COPY c FROM STDIN", b"1\t2\n2\t\\N\n"),
    "rows that reference nothing": ("COPY c FROM STDIN", b"1\t2\n3\t\\N\n"),
    "binary": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\4\0\0\0\2\0\0\0\1a\xff\xff\xff\xff\xff\xff"),
    "binary: the old way": ("COPY BINARY t FROM STDIN", HEAD + b"\0\3\0\0\0\4\0\0\0\2\0\0\0\1a\xff\xff\xff\xff"),
    "binary: no signature": ("COPY t FROM STDIN (FORMAT binary)", b"1\ta\tb\n"),
    "binary: OIDs": ("COPY t FROM STDIN (FORMAT binary)", HEAD[:11] + struct.pack("!II", 1 << 16, 0)),
    "binary: unknown flags": ("COPY t FROM STDIN (FORMAT binary)", HEAD[:11] + struct.pack("!II", 1 << 17, 0)),
    "binary: a header cut short": ("COPY t FROM STDIN (FORMAT binary)", HEAD[:15]),
    "binary: an extension cut short": ("COPY t FROM STDIN (FORMAT binary)", HEAD[:15] + b"\0\0\0\5ab"),
    "binary: an extension": ("COPY t FROM STDIN (FORMAT binary)", HEAD[:15] + b"\0\0\0\2ab" + b"\0\3\0\0\0\4\0\0\0\2\0\0\0\1a\xff\xff\xff\xff"),
    "binary: a wrong number of fields": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\1"),
    "binary: more behind the end": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\xff\xffx"),
    "binary: a field cut short": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\4\0\0\0\2\0\0\0\x09ab"),
    "binary: a field of negative length": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\4\0\0\0\2\xff\0\0\0"),
    "binary: an integer too long": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\5\0\0\0\0\2\0\0\0\1a\xff\xff\xff\xff"),
    "binary: an integer too short": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\3\0\0\2\0\0\0\1a\xff\xff\xff\xff"),
    "binary: text too long": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\4\0\0\0\2\0\0\0\4abcd\xff\xff\xff\xff"),
    "binary: text that is not UTF-8": ("COPY t FROM STDIN (FORMAT binary)", HEAD + b"\0\3\0\0\0\4\0\0\0\2\0\0\0\2a\xff\xff\xff\xff\xff"),
}


@pytest.mark.parametrize("name", INPUTS)
def test_the_same_data_make_the_same_rows_or_the_same_error(servers, name):
    sql, content = INPUTS[name]
    halves = [query(sql), data(content[:len(content) // 2]), data(content[len(content) // 2:]), DONE]
    byte_by_byte = [query(sql), *(data(content[i:i + 1]) for i in range(len(content))), DONE]
    rows = [ALL, query("SELECT n FROM s ORDER BY id"), query("SELECT * FROM c ORDER BY id")]
    through, direct = (answers(server, [halves, *rows]) for server in servers)
    assert through == direct
    assert answers(servers[0], [byte_by_byte, *rows]) == direct


STATEMENTS = [
    "COPY t TO STDOUT", "COPY t (c, a) TO STDOUT", "COPY t TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)", "COPY t TO STDOUT CSV FORCE QUOTE a, b",
    "COPY t TO STDOUT (FORMAT binary)", "COPY (SELECT 1 AS x, NULL AS y WHERE false) TO STDOUT (FORMAT binary)", "COPY t TO STDOUT (HEADER)",
    "COPY (SELECT a, b || E'\\t\\\\\\n' AS e, 'é', NULL FROM t) TO STDOUT", "COPY (SELECT a AS \"x,y\", '\\.' FROM t) TO STDOUT (FORMAT csv, HEADER)",
    "COPY (SELECT '\\.' FROM t) TO STDOUT (FORMAT csv)", "COPY (VALUES (1, 'a'), (2, NULL)) TO STDOUT (NULL 'nil', DELIMITER '|')",
    "COPY (INSERT INTO t VALUES (5, 'new') RETURNING a, c) TO STDOUT", "COPY (UPDATE t SET b = 'upd' RETURNING *) TO STDOUT",
    "COPY (DELETE FROM t RETURNING a) TO STDOUT", "COPY (SELECT 1 / (a - a) FROM t) TO STDOUT", "COPY t TO STDOUT (FREEZE)",
    "COPY t TO STDOUT (FORMAT foo)", "COPY t TO STDOUT (FORMAT csv, FORMAT text)", "COPY t TO STDOUT (bar)", "COPY t TO STDOUT (FORMAT binary, DELIMITER ',')",
    "COPY t TO STDOUT (FORMAT binary, NULL ',')", "COPY t TO STDOUT (FORMAT binary, HEADER)", "COPY t TO STDOUT (DELIMITER 'ab')",
    "COPY t TO STDOUT (DELIMITER '')", "COPY t TO STDOUT (DELIMITER E'\\n')", "COPY t TO STDOUT (NULL E'\\n')", "COPY t TO STDOUT (DELIMITER 'a')",
    "COPY t TO STDOUT (QUOTE '\"')", "COPY t TO STDOUT (FORMAT csv, QUOTE 'ab')", "COPY t TO STDOUT (FORMAT csv, QUOTE ',')", "COPY t TO STDOUT (ESCAPE ',')",
    "COPY t TO STDOUT (FORMAT csv, ESCAPE ',,')", "COPY t TO STDOUT (FORCE_QUOTE (a))", "COPY t FROM STDIN (FORMAT csv, FORCE_QUOTE (a))",
    "COPY t TO STDOUT (FORCE_NOT_NULL (a))", "COPY t TO STDOUT (FORMAT csv, FORCE_NOT_NULL (a))", "COPY t TO STDOUT (FORCE_NULL (a))",
    "COPY t TO STDOUT (FORMAT csv, FORCE_NULL (a))", "COPY t TO STDOUT (NULL E'a\\t')", "COPY t TO STDOUT (FORMAT csv, NULL 'a\"')",
    "COPY t TO STDOUT (FORMAT csv, FORCE_QUOTE 1)", "COPY t TO STDOUT (FORMAT csv, FORCE_QUOTE (zz))", "COPY t (a, b) FROM STDIN (FORMAT csv, FORCE_NULL (c))",
    "COPY t TO STDOUT (ENCODING 'foo')", "COPY t TO STDOUT (ENCODING 'utf-8')", "COPY t TO STDOUT (HEADER foo)", "COPY t TO STDOUT (HEADER match)",
    "COPY t TO STDOUT (HEADER 2)", "COPY t TO STDOUT (FREEZE foo)", "COPY t TO STDOUT (FORMAT)", "COPY t TO STDOUT (DELIMITER)", "COPY t (zz) TO STDOUT",
    "COPY t (a, a) TO STDOUT", "COPY zz TO STDOUT", "COPY zz FROM STDIN", "COPY v TO STDOUT", "COPY (SELECT * FROM v) TO STDOUT", "COPY t TO STDOUT WHERE a = 1",
    "COPY t FROM STDIN WHERE zz = 1", "COPY t FROM STDIN WHERE a", "COPY t FROM STDIN WHERE a IN (SELECT 1)", "COPY t FROM STDIN WHERE count(*) > 1",
    "COPY (INSERT INTO t VALUES (9, 'a')) TO STDOUT", "COPY (SELECT a FROM t WHERE zz) TO STDOUT", "COPY (SELECT 1) FROM STDIN",
    "COPY t FROM STDIN BINARY CSV", "BEGIN READ ONLY; COPY t FROM STDIN", "COPY public.t TO STDOUT", "COPY t TO STDIN",
]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_statement_is_answered_as_postgresql_answers_it(servers, sql):
    through, direct = (answers(server, [query(sql), query("ROLLBACK"), ALL]) for server in servers)
    assert through == direct


@pytest.mark.parametrize("sql", ["COPY t TO '/tmp/x'", "COPY t FROM '/etc/passwd'", "COPY t TO PROGRAM 'cat'", "COPY t FROM PROGRAM 'true'",
                                 "COPY t TO STDOUT (ENCODING 'latin1')"])
def test_files_programs_and_other_encodings_are_refused_by_name(servers, sql):
    refused = answers(servers[0], [query(sql)])[0][1]
    assert refused["C"] == ("0A000" if "ENCODING" in sql else "42501")
    assert refused["H"]


def extended(sql, between=b""):
    return parse("", sql) + bind("", "") + describe("P", "") + execute() + between


SEQUENCES = {
    "the extended protocol, in": [[extended("COPY t FROM STDIN"), data(b"2\ta\tb\n"), DONE, SYNC], ALL],
    "the extended protocol, out": [extended("COPY t TO STDOUT") + SYNC],
    "an error in the extended protocol skips to Sync": [[extended("COPY t FROM STDIN"), data(b"x\ta\tb\n"), DONE, parse("", "SELECT 1"), SYNC], ALL],
    "an unknown table in the extended protocol": [extended("COPY zz FROM STDIN") + SYNC],
    "Sync and Flush within the data are passed over": [[extended("COPY t FROM STDIN", SYNC + FLUSH), data(b"2\ta\tb\n"), SYNC, DONE, SYNC], ALL],
    "Sync and Flush in a simple query": [[query("COPY t FROM STDIN"), FLUSH, SYNC, data(b"2\ta\tb\n"), DONE], ALL],
    "a described statement": [parse("s", "COPY t FROM STDIN") + describe("S", "s") + SYNC],
    "executed twice": [[extended("COPY t TO STDOUT"), execute(), SYNC]],
    "CopyFail": [[query("COPY t FROM STDIN"), data(b"2\ta\tb\n3\t"), fail("because")], ALL],
    "CopyFail at once": [[query("COPY t FROM STDIN"), fail("")], ALL],
    "CopyFail in the extended protocol": [[extended("COPY t FROM STDIN"), fail("no"), SYNC], ALL],
    "CopyFail behind a bad row": [[query("COPY t FROM STDIN"), data(b"x\ta\tb\n"), fail("because")], ALL],
    "CopyFail in binary": [[query("COPY t FROM STDIN (FORMAT binary)"), fail("because")], ALL],
    "another message in the data": [[query("COPY t FROM STDIN"), data(b"2\ta\tb\n"), query("SELECT 1")], ALL],
    "Terminate in the data": [[query("COPY t FROM STDIN"), message("X")]],
    "several statements": [[query("COPY t FROM STDIN; SELECT count(*) FROM t; COPY t TO STDOUT"), data(b"2\ta\tb\n"), DONE]],
    "two COPYs in one query": [[query("COPY t FROM STDIN; COPY s (n) FROM STDIN"), data(b"2\ta\tb\n"), DONE, data(b"5\n"), DONE], ALL],
    "several statements, the second COPY fails": [[query("COPY t FROM STDIN; COPY s (n) FROM STDIN"), data(b"2\ta\tb\n"), DONE, data(b"x\n"), DONE], ALL],
    "a block": [query("BEGIN"), [query("COPY t FROM STDIN"), data(b"2\ta\tb\n"), DONE], ALL, query("ROLLBACK"), ALL],
    "a failed block": [query("BEGIN"), [query("COPY t FROM STDIN"), data(b"x\ta\tb\n"), DONE], query("COPY t TO STDOUT"), query("COMMIT"), ALL],
    "a savepoint": [query("BEGIN"), query("SAVEPOINT a"), [query("COPY t FROM STDIN"), data(b"2\ta\tb\n1\ta\tb\n"), DONE], query("ROLLBACK TO a"),
                    [query("COPY t FROM STDIN"), data(b"3\ta\tb\n"), DONE], query("COMMIT"), ALL],
    "repeatable read": [query("BEGIN ISOLATION LEVEL REPEATABLE READ"), ALL, [query("COPY t FROM STDIN"), data(b"2\ta\tb\n"), DONE], query("COMMIT"), ALL],
    "data outside COPY": [data(b"x") + DONE + fail("x") + query("SELECT 1")],
    "data behind an error": [[query("COPY zz FROM STDIN"), data(b"1\n"), DONE], ALL],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_messages_around_the_data_are_answered_as_postgresql_answers_them(servers, name):
    through, direct = (answers(server, SEQUENCES[name]) for server in servers)
    assert through == direct


def connect(server):
    host, port, user, database = server
    connection = psycopg2.connect(host=host, port=port, user=user, dbname=database)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(SETUP)
    return connection


def test_a_client_that_vanishes_in_mid_copy_leaves_nothing_and_no_permit(servers):
    host, port, user, database = servers[0]
    watcher = connect(servers[0])
    client = RawClient(host, port)
    client.send(startup(user, database))
    client.until_ready()
    client.send(query("COPY t FROM STDIN"), *(data(f"{n}\ta\tb\n".encode()) for n in range(2, 900)), data(b"x" * 100))
    assert client.receive()[0] == "G"
    client.close()
    cursor = watcher.cursor()
    cursor.execute("SET lock_timeout = '20s'")
    cursor.execute("INSERT INTO t VALUES (2, 'two')")
    cursor.execute("SELECT a FROM t ORDER BY a")
    assert cursor.fetchall() == [(1,), (2,)]
    watcher.close()


def test_a_copy_that_waits_for_its_client_heeds_statement_timeout_and_cancel(servers):
    connection = connect(servers[0])
    cursor = connection.cursor()
    cursor.execute("SET statement_timeout = '300ms'")
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, pytest.raises(psycopg2.errors.QueryCanceled) as failed:
        threading.Timer(3, os.close, [writing]).start()
        cursor.copy_expert("COPY t FROM STDIN", source)
    assert "statement timeout" in str(failed.value)
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SELECT count(*) FROM t")
    assert cursor.fetchone() == (1,)
    connection.close()


def test_a_small_copy_does_not_hold_others_up_while_its_client_thinks(servers):
    host, port, user, database = servers[0]
    other = connect(servers[0])
    client = RawClient(host, port)
    client.send(startup(user, database))
    client.until_ready()
    client.send(query("COPY t FROM STDIN"), data(b"2\ta\tb\n"))
    assert client.receive()[0] == "G"
    cursor = other.cursor()
    cursor.execute("SET lock_timeout = '20s'")
    cursor.execute("INSERT INTO t VALUES (3, 'c')")
    client.send(DONE)
    assert [client.receive() for _ in range(2)] == [("C", b"COPY 1\0"), ("Z", b"I")]
    cursor.execute("SELECT a FROM t ORDER BY a")
    assert cursor.fetchall() == [(1,), (2,), (3,)]
    client.close()
    other.close()


def round_trip(server, way):
    """Every value of every type, out and in again in a format; what the second table holds then."""
    connection = connect(server)
    cursor = connection.cursor()
    columns = ", ".join(f"{name} {kind}" for name, kind, _ in SAMPLES)
    for table in ("samples", "again"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {columns})")
    for row in range(max(len(values) for _, _, values in SAMPLES) + 1):
        values = [values[row] if row < len(values) else None for _, _, values in SAMPLES]
        cursor.execute(f"INSERT INTO samples VALUES ({row}, {', '.join('%s' for _ in values)})", values)
    buffer = io.BytesIO()
    cursor.copy_expert(f"COPY (SELECT * FROM samples ORDER BY id) TO STDOUT ({way})", buffer)
    buffer.seek(0)
    cursor.copy_expert(f"COPY again FROM STDIN ({way})", buffer)
    counted = cursor.rowcount
    held = []
    for table in ("samples", "again"):
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        held.append([[bytes(value) if isinstance(value, memoryview) else repr(value) for value in row] for row in cursor.fetchall()])
    connection.close()
    assert held[0] == held[1]
    return buffer.getvalue(), counted, held[1]


@pytest.mark.parametrize("way", ["FORMAT text", "FORMAT csv", "FORMAT csv, HEADER, FORCE_QUOTE *", "FORMAT binary"])
def test_every_type_goes_round_in_every_format_with_postgresqls_bytes(servers, way):
    if "FORCE_QUOTE" in way:
        through, direct = (connect(server) for server in servers)
        buffers = [io.BytesIO(), io.BytesIO()]
        for connection, buffer in zip((through, direct), buffers):
            connection.cursor().copy_expert(f"COPY t TO STDOUT ({way})", buffer)
            connection.close()
        assert buffers[0].getvalue() == buffers[1].getvalue()
        return
    through, direct = (round_trip(server, way) for server in servers)
    assert through == direct


def test_psql_copies_from_and_to_files(servers, tmp_path):
    (tmp_path / "in.csv").write_text('a,b,c\n2,zz,"say ""hi"""\n3,yy,\n')
    seen = []
    for number, server in enumerate(servers):
        host, port, user, database = server
        connect(server).close()
        out = tmp_path / f"out{number}"
        done = subprocess.run(["psql", "-X", "-h", host, "-p", str(port), "-U", user, database, "-v", "ON_ERROR_STOP=1",
                               "-c", f"\\copy t from '{tmp_path}/in.csv' csv header", "-c", f"\\copy t to '{out}'",
                               "-c", f"\\copy (select a, c from t where a > 1 order by a) to '{out}.csv' csv header"],
                              capture_output=True, text=True, timeout=60)
        seen.append((done.returncode, done.stdout, done.stderr, out.read_text(), pathlib.Path(f"{out}.csv").read_text()))
    assert seen[0] == seen[1]
    assert seen[0][0] == 0


def test_psycopg2_copies_rows(servers):
    seen = []
    for server in servers:
        connection = connect(server)
        cursor = connection.cursor()
        cursor.copy_from(io.StringIO("2|zz|\\N\n3|yy|text\n"), "t", sep="|")
        buffer = io.StringIO()
        cursor.copy_to(buffer, "t", null="nil", columns=("b", "c"))
        seen.append((cursor.rowcount, buffer.getvalue()))
        connection.close()
    assert seen[0] == seen[1]


def test_asyncpg_copies_records_in_binary(servers):
    asyncpg = pytest.importorskip("asyncpg")

    async def run(server):
        host, port, user, database = server
        connection = await asyncpg.connect(host=host, port=port, user=user, database=database, ssl=False)
        tag = await connection.copy_records_to_table("t", records=[(n, f"r{n}", None if n % 2 else "ü") for n in range(2, 90)])
        buffer = io.BytesIO()
        out = await connection.copy_from_query("SELECT * FROM t WHERE a > 50 ORDER BY a", output=buffer, format="binary")
        try:
            await connection.copy_records_to_table("t", records=[(95, "ok", "x"), (1, "dup", "y")])
        except asyncpg.UniqueViolationError as error:
            failed = str(error).split("\n", maxsplit=1)[0]
        rows = [tuple(row) for row in await connection.fetch("SELECT * FROM t ORDER BY a")]
        await connection.close()
        return tag, out, buffer.getvalue(), failed, rows

    for server in servers:
        connect(server).close()
    assert asyncio.run(run(servers[0])) == asyncio.run(run(servers[1]))


def resident(process):
    for line in pathlib.Path(f"/proc/{process.process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM")


def test_a_copy_of_200_mb_needs_no_more_memory_than_a_small_one(crossfade, tmp_path):
    proxy = crossfade(sqlite=tmp_path / "big.db", binary=optimised_binary())
    connection = proxy.connect()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE big (id INTEGER PRIMARY KEY, filler TEXT)")
    rows, width = 20_000, 10_000

    class Source(io.RawIOBase):
        """`rows` lines of `width` bytes, made as they are read."""
        next = 0

        def read(self, size=-1):
            if self.next == rows:
                return b""
            self.next += 1
            return f"{self.next}\t{'x' * width}\n".encode()

    small = io.BytesIO(b"".join(f"{-n}\t{'x' * width}\n".encode() for n in range(1, 500)))
    cursor.copy_expert("COPY big FROM STDIN", small)
    cursor.copy_expert("COPY big TO STDOUT", io.BytesIO())
    before = resident(proxy)
    cursor.copy_expert("COPY big FROM STDIN", Source())
    assert cursor.rowcount == rows
    with open(os.devnull, "wb") as sink:
        cursor.copy_expert("COPY big TO STDOUT", sink)
    assert cursor.rowcount == rows + 499
    connection.close()
    # Bounded buffers and SQLite's page cache: far from the data's 200 MB.
    assert resident(proxy) - before < 32 * 1024 * 1024
