"""Rows as values in their binary form: asyncpg reads the fields' types out of it."""
import asyncio

import asyncpg
import psycopg2
import pytest

ROWS = [
    "SELECT ROW(1, 'a b', NULL, 1.50, true, '2020-02-29'::date, '1 day'::interval, 1.25::float8, '\\x01'::bytea) AS r",
    "SELECT ROW(1, ROW(2::bigint, 'x'::varchar)) AS r",
    "SELECT ROW('2020-01-01 00:00:00+00'::timestamptz, '{\"a\": 1}'::jsonb, '00000000-0000-0000-0000-000000000001'::uuid) AS r",
    "SELECT s AS r FROM (SELECT 1 AS a, 'x'::text AS b) s",
]


async def read(dsn):
    connection = await asyncpg.connect(dsn)
    try:
        return [repr((await connection.fetchrow(sql))["r"]) for sql in ROWS]
    finally:
        await connection.close()


def test_a_record_in_binary_is_postgresqls(crossfade, tmp_path, postgres):
    proxy = crossfade(sqlite=tmp_path / "d.db")
    ours = asyncio.run(read(f"postgres://app@127.0.0.1:{proxy.port}/{proxy.database}"))
    name = postgres.create_database()
    theirs = asyncio.run(read(f"postgres://postgres@127.0.0.1:{postgres.port}/{name}"))
    assert ours == theirs and len(ours) == len(ROWS)


def test_a_relations_row_is_a_record_with_postgresqls_text(crossfade, tmp_path, postgres):
    connections = [crossfade(sqlite=tmp_path / "d.db").connect(), psycopg2.connect(postgres.conninfo(postgres.create_database()))]
    answers = []
    for connection in connections:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE r (id int, a text, c char(3)); CREATE VIEW v AS SELECT a, id FROM r")
        said = []
        for sql in ("INSERT INTO r VALUES (1, 'a b', 'x'), (2, NULL, ''), (NULL, NULL, NULL), (3, 'q\"x\\y', '(') RETURNING r", "SELECT r FROM r ORDER BY id", "SELECT v FROM v ORDER BY id", "SELECT x AS y FROM r AS x WHERE id = 1",
                    "UPDATE v SET a = 'z' WHERE id = 1 RETURNING v", "DELETE FROM r WHERE id = 1 RETURNING r, (r).a"):
            cursor.execute(sql)
            assert connection is connections[1] or cursor.description[0].type_code == 2249
            said.append((cursor.description[0].name, cursor.fetchall()))
        answers.append(said)
        connection.close()
    assert answers[0] == answers[1]


@pytest.mark.parametrize("statement", ["SELECT DISTINCT ROW(1)", "SELECT ROW(1) UNION SELECT ROW(2)", "SELECT b FROM a LEFT JOIN b ON a.x = b.x", "SELECT a FROM a ORDER BY a",
                                       "SELECT r FROM (SELECT ROW(1, 2) AS r) s", "SELECT array_agg(a) FROM a", "CREATE TABLE c AS SELECT a FROM a", "SELECT a = a FROM a", "INSERT INTO a SELECT ROW(1)"])
def test_what_a_row_cannot_do_is_refused_by_name(crossfade, tmp_path, statement):
    connection = crossfade(sqlite=tmp_path / "d.db").connect()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE a (x int); CREATE TABLE b (x int); INSERT INTO a VALUES (1)")
    with pytest.raises(Exception) as error:
        cursor.execute(statement)
    connection.close()
    assert error.value.pgcode in ("0A000", "42804", "42P16"), error.value
