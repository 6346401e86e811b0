"""What applications do through psycopg2, psycopg 3, asyncpg and node-postgres: the same outcomes on Crossfade as on PostgreSQL 15."""
import asyncio
import contextlib
import datetime
import decimal
import json
import math
import pathlib
import shutil
import subprocess
import uuid

import psycopg2
import psycopg2.extras
import pytest

HERE = pathlib.Path(__file__).resolve().parent
UTC = datetime.timezone.utc
TABLE = """CREATE TABLE driven (id SERIAL PRIMARY KEY, b BOOLEAN, i2 SMALLINT, i4 INTEGER, i8 BIGINT, f4 REAL, f8 DOUBLE PRECISION, n NUMERIC, np NUMERIC(12,2), t TEXT, v VARCHAR(10), c CHAR(4), y BYTEA,
                                d DATE, ti TIME, ts TIMESTAMP, tz TIMESTAMPTZ, iv INTERVAL, u UUID, jb JSONB)"""
VALUES = {
    "b": [True, False], "i2": [0, 32767, -32768], "i4": [0, 2**31 - 1, -2**31], "i8": [0, 2**63 - 1, -2**63, 2**53 + 1],
    "f4": [0.0, 1.5, -3.4028234663852886e38, math.inf, -math.inf],
    "f8": [0.0, 0.1, 5e-324, 1.7976931348623157e308, math.inf, -math.inf], "n": [decimal.Decimal(text)
        for text in ("0", "1.10", "-0.000", "NaN", "9" * 60, "1E-30", "-12345678901234567890.123456789")],
    "np": [decimal.Decimal("0"), decimal.Decimal("1.005"), decimal.Decimal("-9999999999.99")],
    "t": ["", "Grüße, 世界 🌍", "it's \\ \"quoted\"\n\t%s", "x" * 1_000_000], "v": ["", "ten chars!"], "c": ["", "ab", "abcd"],
    "y": [b"", bytes(range(256)), bytes(range(256)) * 4096], "d": [datetime.date(1, 1, 1), datetime.date(9999, 12, 31),
                                                                   datetime.date(2024, 2, 29)],
    "ti": [datetime.time(0), datetime.time(23, 59, 59, 999999)], "ts": [datetime.datetime(1, 1, 1),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), datetime.datetime(2024, 2, 29, 12, 0, 0, 1)],
    "tz": [datetime.datetime(2024, 2, 29, 12, tzinfo=UTC), datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
           datetime.datetime(2024, 7, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=45)))],
    "iv": [datetime.timedelta(0), datetime.timedelta(days=-1, microseconds=1), datetime.timedelta(days=999_999, hours=23)],
    "u": [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)],
}
KINDS = {"b": "boolean", "i2": "smallint", "i4": "integer", "i8": "bigint", "f4": "real", "f8": "double precision",
         "n": "numeric", "np": "numeric", "t": "text", "v": "varchar", "c": "char(4)", "y": "bytea", "d": "date", "ti": "time",
         "ts": "timestamp", "tz": "timestamptz", "iv": "interval", "u": "uuid"}


def url(server):
    return f"postgresql://{server.user}@{server.host}:{server.port}/{server.database}"


def cases():
    return [(column, value) for column, values in VALUES.items() for value in [*values, None]]


@pytest.fixture
def pair(probe_pair):
    """Both servers with the table made anew."""
    for server in probe_pair:
        connection = psycopg2.connect(url(server))
        with connection, connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS driven")
            cursor.execute(TABLE)
        connection.close()
    return probe_pair


def seen(value):
    """A value with its type, so that 1 is not True and Decimal('1.0') not Decimal('1.00')."""
    return (type(value).__name__, bytes(value) if isinstance(value, memoryview) else repr(value))


def both(pair, run):
    through, direct = (run(url(server)) for server in pair)
    assert through == direct
    assert len(through) > 3
    return through


def test_psycopg2_types_batches_and_transactions(pair):
    psycopg2.extras.register_uuid()

    def run(target):
        outcomes = []
        connection = psycopg2.connect(target, options="-c timezone=UTC")
        cursor = connection.cursor()
        for column, value in cases():
            cursor.execute(f"INSERT INTO driven ({column}) VALUES (%s) RETURNING id, {column}", (value,))
            outcomes.append((column, [seen(item) for item in cursor.fetchone()], cursor.statusmessage))
            cursor.execute(f"SELECT {column} FROM driven WHERE id = (SELECT max(id) FROM driven)")
            outcomes.append((seen(cursor.fetchone()[0]), [tuple(part) for part in cursor.description]))
        connection.commit()
        psycopg2.extras.execute_values(cursor, "INSERT INTO driven (i4, t) VALUES %s RETURNING i4",
                                       [(n, f"row {n}") for n in range(250)], page_size=100)
        outcomes.append(cursor.fetchall())
        psycopg2.extras.execute_batch(cursor, "UPDATE driven SET t = %s WHERE i4 = %s", [("new", n) for n in range(20)])
        cursor.execute("SELECT count(*) FROM driven WHERE t = 'new'")
        outcomes.append(cursor.fetchall())
        for statement in ("SELECT 1/0", "SELECT 1", "INSERT INTO driven (v) VALUES ('longer than ten')"):
            try:
                cursor.execute(statement)
            except psycopg2.Error as error:
                outcomes.append((error.pgcode, error.diag.message_primary, connection.info.transaction_status))
        connection.rollback()
        with connection, connection.cursor() as other:
            other.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            other.execute("SHOW transaction_isolation")
            outcomes.append(other.fetchone())
        connection.set_session(readonly=True, autocommit=True)
        try:
            cursor.execute("DELETE FROM driven")
        except psycopg2.Error as error:
            outcomes.append(error.pgcode)
        connection.close()
        return outcomes

    both(pair, run)


@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_psycopg3_types_prepared_and_not(pair, binary):
    psycopg = pytest.importorskip("psycopg")

    def run(target):
        outcomes = []
        with psycopg.connect(target, options="-c timezone=UTC", prepare_threshold=1, autocommit=True) as connection:
            cursor = connection.cursor(binary=binary)
            for column, value in cases():
                mark = "%b" if binary else "%s"
                row = cursor.execute(f"INSERT INTO driven ({column}) VALUES ({mark}) RETURNING id, {column}", (value,)).fetchone()
                outcomes.append((column, [seen(item) for item in row], cursor.statusmessage,
                                 [(part.name, part.type_code, part.display_size, part.internal_size, part.precision, part.scale)
                                  for part in cursor.description]))
                if value is not None:
                    cursor.execute(f"SELECT {column} FROM driven WHERE id = %s", (row[0],))
                    outcomes.append(seen(cursor.fetchone()[0]))
            cursor.executemany("INSERT INTO driven (i4, t) VALUES (%s, %s)", [(n, f"row {n}") for n in range(250)])
            outcomes.append(cursor.rowcount)
            cursor.executemany("INSERT INTO driven (i4) VALUES (%s) RETURNING i4", [(1,), (2,), (3,)], returning=True)
            while True:
                outcomes.append(cursor.fetchall())
                if not cursor.nextset():
                    break
            for statement, parameters in (("SELECT %s::int / 0", (1,)), ("SELECT nope", ()), ("SELECT %s::int", ("x",)),
                                          ("INSERT INTO driven (id) VALUES (%s)", (1,))):
                with pytest.raises(psycopg.Error) as caught:
                    cursor.execute(statement, parameters)
                outcomes.append((caught.value.sqlstate, caught.value.diag.message_primary))
            try:
                with connection.transaction():
                    cursor.execute("INSERT INTO driven (i4) VALUES (777)")
                    with pytest.raises(psycopg.errors.DivisionByZero), connection.transaction():
                        cursor.execute("INSERT INTO driven (i4) VALUES (778)")
                        cursor.execute("SELECT 1 / (i4 - i4) FROM driven")
                    cursor.execute("SELECT i4 FROM driven WHERE i4 > 700 ORDER BY i4")
                    outcomes.append(cursor.fetchall())
                    raise KeyError
            except KeyError:
                outcomes.append(cursor.execute("SELECT count(*) FROM driven WHERE i4 > 700").fetchone())
        return outcomes

    both(pair, run)


def test_psycopg3_streams_rows_one_by_one(pair):
    psycopg = pytest.importorskip("psycopg")

    def run(target):
        with psycopg.connect(target) as connection, connection.cursor() as cursor:
            rows = [row[0] for row in cursor.stream("SELECT i FROM generate_series(1, 2000) g(i)")]
            broken = []
            with pytest.raises(psycopg.errors.DivisionByZero):
                for row in cursor.stream("SELECT 100 / (50 - i) FROM generate_series(1, 100) g(i)"):
                    broken.append(row[0])
            return [len(rows), sum(rows), rows[:3], connection.info.transaction_status]

    both(pair, run)


def test_libpq_pipelines_of_psycopg3(pair):
    psycopg = pytest.importorskip("psycopg")
    if not psycopg.Pipeline.is_supported():
        pytest.skip("libpq before 14 has no pipelines")

    def run(target):
        outcomes = []
        with psycopg.connect(target, autocommit=True) as connection:
            with connection.pipeline():
                cursors = [connection.execute("SELECT %s::int + 1", (n,)) for n in range(300)]
                outcomes.append(sum(cursor.fetchone()[0] for cursor in cursors))
            with connection.pipeline() as pipeline, connection.cursor() as cursor:
                cursor.executemany("INSERT INTO driven (i4, t) VALUES (%s, %s) RETURNING id", [(n, str(n)) for n in range(500)],
                                   returning=True)
                pipeline.sync()
                outcomes.append(cursor.fetchone())
            try:
                with connection.pipeline():
                    connection.execute("INSERT INTO driven (i4) VALUES (1000)")
                    connection.execute("INSERT INTO driven (id) VALUES (1)")
                    connection.execute("INSERT INTO driven (i4) VALUES (1001)")
            except psycopg.Error as error:
                outcomes.append(error.sqlstate)
            with contextlib.suppress(psycopg.errors.PipelineAborted), connection.pipeline() as pipeline:
                good = connection.execute("SELECT 'before'")
                pipeline.sync()
                outcomes.append(good.fetchone())
                met = []
                try:  # whichever call is the first to read the answer raises it
                    for cursor in (connection.execute("SELECT nope"), connection.execute("SELECT 'never'")):
                        cursor.fetchone()
                except psycopg.Error as error:
                    met.append((type(error).__name__, error.sqlstate))
                outcomes.append(met)
            with connection.pipeline(), connection.transaction():
                connection.execute("INSERT INTO driven (i4) VALUES (2000)")
                connection.execute("INSERT INTO driven (i4) VALUES (2001)")
            outcomes.append(connection.execute("SELECT i4 FROM driven WHERE i4 >= 1000 ORDER BY i4").fetchall())
            outcomes.append(connection.execute("SELECT count(*), sum(i4) FROM driven").fetchall())
        return outcomes

    both(pair, run)


def test_asyncpg_types_cursors_and_batches(pair):
    asyncpg = pytest.importorskip("asyncpg")

    async def talk(target):
        outcomes = []
        connection = await asyncpg.connect(target)
        for column, value in cases():
            row = await connection.fetchrow(f"INSERT INTO driven ({column}) VALUES ($1) RETURNING id, {column}", value)
            outcomes.append((column, seen(row[column])))
            if value is not None and not (isinstance(value, decimal.Decimal) and value.is_nan()):
                outcomes.append(seen(await connection.fetchval(f"SELECT {column} FROM driven WHERE {column} = $1 AND id = $2",
                                                               value, row["id"])))
                outcomes.append(seen(await connection.fetchval(f"SELECT $1::{KINDS[column]}", value)))
        statement = await connection.prepare("SELECT i4, t FROM driven WHERE i4 > $1 ORDER BY i4")
        outcomes.append(([(a.name, a.type.name) for a in statement.get_attributes()],
                         [p.name for p in statement.get_parameters()], statement.get_statusmsg()))
        await connection.executemany("INSERT INTO driven (i4, t) VALUES ($1, $2)", [(n, f"row {n}") for n in range(500)])
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.executemany("INSERT INTO driven (id) VALUES ($1)", [(100_000,), (100_001,), (1,), (100_002,)])
        outcomes.append(await connection.fetchval("SELECT count(*) FROM driven"))
        async with connection.transaction():
            rows = [row["i4"] async for row in connection.cursor("SELECT i4 FROM driven WHERE i4 BETWEEN 1 AND 400 ORDER BY i4",
                                                                 prefetch=7)]
            outcomes.append((len(rows), sum(rows)))
            cursor = await connection.cursor("SELECT i4 FROM driven WHERE i4 BETWEEN 1 AND 400 ORDER BY i4")
            outcomes.append([row[0] for row in await cursor.fetch(3)])
            outcomes.append((await cursor.fetchrow())[0])
        outcomes.append([tuple(row) for row in await statement.fetch(497)])
        for sql, *arguments in (("SELECT 1/0",), ("SELECT nope",), ("SELECT $1::int", 2**31 - 1), ("SELECT * FROM nope",),
                                ("INSERT INTO driven (id) VALUES (1)",), ("SELEC",)):
            try:
                outcomes.append(await connection.fetchval(sql, *arguments))
            except asyncpg.PostgresError as error:
                outcomes.append((type(error).__name__, error.sqlstate, error.message))
        async with connection.transaction(isolation="serializable", readonly=True, deferrable=True):
            outcomes.append(await connection.fetchval("SELECT count(*) FROM driven"))
        try:
            async with connection.transaction():
                await connection.execute("INSERT INTO driven (i4) VALUES (900)")
                with pytest.raises(asyncpg.DivisionByZeroError):
                    async with connection.transaction():
                        await connection.execute("INSERT INTO driven (i4) VALUES (901)")
                        await connection.fetch("SELECT 1 / (i4 - i4) FROM driven")
                outcomes.append(await connection.fetchval("SELECT count(*) FROM driven WHERE i4 >= 900"))
                raise KeyError
        except KeyError:
            outcomes.append(await connection.fetchval("SELECT count(*) FROM driven WHERE i4 >= 900"))
        outcomes.append(await connection.execute("UPDATE driven SET t = 'x'; SELECT 1; DELETE FROM driven WHERE i4 > 10"))
        await connection.close()
        return outcomes

    both(pair, lambda target: asyncio.run(talk(target)))


def test_asyncpg_goes_on_behind_a_time_out(pair):
    asyncpg = pytest.importorskip("asyncpg")

    async def talk(target):
        connection = await asyncpg.connect(target)
        outcomes = [await connection.fetchval("SELECT 1")]
        with pytest.raises(asyncio.TimeoutError):
            await connection.fetchval("SELECT count(*) FROM generate_series(1, 100000) a(i), generate_series(1, 100000) b(j)",
                                      timeout=0.3)
        for text in ("SELECT 'well'", "SELECT 'again'", "SELECT 'and again'"):
            try:
                outcomes.append(await connection.fetchval(text))
            except asyncpg.PostgresError as error:
                outcomes.append(error.sqlstate)
        await connection.close()
        return outcomes

    both(pair, lambda target: asyncio.run(talk(target)))


def test_asyncpg_cursors_move_forward(pair):
    asyncpg = pytest.importorskip("asyncpg")

    async def talk(target):
        connection = await asyncpg.connect(target)
        async with connection.transaction():
            cursor = await connection.cursor("SELECT i FROM generate_series(1, 100) g(i)")
            outcomes = [(await cursor.fetchrow())[0], await cursor.forward(10), (await cursor.fetchrow())[0],
                        await cursor.forward(1000), await cursor.fetchrow()]
        await connection.close()
        return outcomes

    both(pair, lambda target: asyncio.run(talk(target)))


def test_node_postgres_types_and_errors(pair):
    if shutil.which("node") is None or not (HERE / "node/node_modules/pg").exists():
        pytest.skip("node-postgres is not installed (scripts/setup installs it)")

    def run(target):
        done = subprocess.run(["node", HERE / "node/probe.js"], capture_output=True, text=True, timeout=120,
                              input=json.dumps({"url": target}), env={"PGTZ": "UTC", "TZ": "UTC", "PATH": "/usr/bin:/bin"})
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    both(pair, run)
