"""Types of CREATE TYPE and CREATE DOMAIN, and schemas, are kept in the file: they outlive the proxy, and the way to PostgreSQL names them."""
import json
import sqlite3

import psycopg2
import pytest

from servers import Crossfade
from verbs import Move, run

MADE = ["CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')", "CREATE DOMAIN posint AS integer CHECK (VALUE > 0)", "CREATE SCHEMA app",
        "CREATE TABLE people (id int PRIMARY KEY, m mood DEFAULT 'ok', n posint)", "INSERT INTO people VALUES (1, 'happy', 1), (2, 'sad', NULL)"]


@pytest.fixture
def file(tmp_path):
    """A file with all of them, made through a proxy that is gone."""
    proxy = Crossfade(folder=tmp_path, sqlite=tmp_path / "app.db").start()
    connection = proxy.connect()
    connection.autocommit = True
    for statement in MADE:
        connection.cursor().execute(statement)
    connection.close()
    proxy.stop()
    return tmp_path / "app.db"


def outcome(cursor, statement, values=None):
    try:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.statusmessage
    except psycopg2.Error as error:
        return error.pgcode, error.diag.message_primary


def test_they_survive_a_restart(tmp_path, file):
    proxy = Crossfade(folder=tmp_path, sqlite=file).start()
    connection = proxy.connect()
    connection.autocommit = True
    cursor = connection.cursor()
    assert outcome(cursor, "SELECT id, m, pg_typeof(m)::text, pg_typeof(n)::text FROM people ORDER BY m DESC") == [
        (1, "happy", "mood", "posint"), (2, "sad", "mood", "posint")]
    assert outcome(cursor, "INSERT INTO people VALUES (3, 'glad', 1)") == ("22P02", 'invalid input value for enum mood: "glad"')
    assert outcome(cursor, "INSERT INTO people VALUES (3, 'ok', 0)") == ("23514", 'value for domain posint violates check constraint "posint_check"')
    assert outcome(cursor, "SELECT nspname FROM pg_namespace WHERE nspname = 'app'") == [("app",)]
    assert outcome(cursor, "CREATE TABLE app.t (a int)")[0] == "0A000"
    connection.close()
    proxy.stop()


def test_an_oid_stays_when_the_proxy_goes_and_another_session_sees_a_change(tmp_path, file):
    numbers = []
    for _ in range(2):
        proxy = Crossfade(folder=tmp_path, sqlite=file).start()
        first, second = proxy.connect(), proxy.connect()
        first.autocommit = second.autocommit = True
        numbers.append(outcome(second.cursor(), "SELECT oid::bigint, typarray::bigint FROM pg_type WHERE typname = 'mood'"))
        assert outcome(second.cursor(), "SELECT m FROM people WHERE m < 'happy'") == [("sad",)]
        first.cursor().execute(f"ALTER TYPE mood ADD VALUE 'n{len(numbers)}' BEFORE 'sad'")
        assert outcome(second.cursor(), f"SELECT m FROM people WHERE m > 'n{len(numbers)}' ORDER BY m") == [("sad",), ("happy",)]
        first.close()
        second.close()
        proxy.stop()
    assert numbers[0] == numbers[1]


def test_parameters_in_text_and_binary_are_labels(tmp_path, file):
    asyncpg = pytest.importorskip("asyncpg")
    import asyncio
    proxy = Crossfade(folder=tmp_path, sqlite=file).start()

    async def talk():
        connection = await asyncpg.connect(proxy.url())
        assert await connection.fetchval("SELECT id FROM people WHERE m = $1", "happy") == 1
        assert await connection.fetchval("INSERT INTO people VALUES (5, $1, $2) RETURNING m", "sad", 4) == "sad"
        with pytest.raises(asyncpg.exceptions.InvalidTextRepresentationError):
            await connection.fetchval("INSERT INTO people VALUES (6, $1, 1)", "glad")
        await connection.copy_records_to_table("people", records=[(7, "ok", 2)])
        assert await connection.fetchval("SELECT max(m) FROM people WHERE id > 4") == "ok"
        await connection.close()

    asyncio.run(talk())
    proxy.stop()


def test_copy_takes_the_labels_as_text_and_says_so(tmp_path, file, pg_database):
    report = run("analyze", file)
    assert "NAMED_TYPE" in report.stdout
    move = Move(file, pg_database, tmp_path)
    assert "mood does not come along" in json.dumps(move.plan())
    move.copy(check=(0, 1))
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        assert outcome(cursor, "SELECT id, m, n FROM people ORDER BY id") == [(1, "happy", 1), (2, "sad", None)]
        assert outcome(cursor, "SELECT pg_typeof(m)::text, pg_typeof(n)::text FROM people LIMIT 1") == [("text", "integer")]
        assert outcome(cursor, "INSERT INTO people VALUES (9, 'x', 0)")[0] == "23514"


def test_other_programs_go_on_writing_the_file(tmp_path, file):
    other = sqlite3.connect(file)
    other.execute("INSERT INTO people VALUES (8, 'unheard of', 3)")
    other.commit()
    with pytest.raises(sqlite3.IntegrityError):
        other.execute("INSERT INTO people VALUES (9, 'ok', 0)")
    other.close()
    proxy = Crossfade(folder=tmp_path, sqlite=file).start()
    connection = proxy.connect()
    assert outcome(connection.cursor(), "SELECT m FROM people ORDER BY m") == [("sad",), ("happy",), ("unheard of",)]
    connection.close()
    proxy.stop()
