"""psql, psycopg2, asyncpg and node-postgres connect, create, insert and read back every type: on SQLite, on PostgreSQL, equal."""
import asyncio
import datetime
import decimal
import json
import pathlib
import shutil
import subprocess
import uuid

import psycopg2
import pytest

from type_samples import CREATE, cases

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(params=["sqlite", "postgres", "direct"])
def url(request, crossfade, tmp_path, postgres):
    """The same client against: Crossfade on SQLite, Crossfade on PostgreSQL, PostgreSQL itself (the oracle)."""
    if request.param == "sqlite":
        return crossfade(sqlite=tmp_path / "app.db").url()
    name = postgres.create_database()
    if request.param == "direct":
        return f"postgresql://postgres@127.0.0.1:{postgres.port}/{name}"
    return crossfade(postgres=postgres.conninfo(name)).url("postgres", name)


def psql(url, *commands):
    arguments = ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", url]
    for command in commands:
        arguments += ["-c", command]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_psql_reads_back_every_type_as_it_was_written(url):
    psql(url, CREATE)
    inserts, columns = [], []
    for column, _, value in cases():
        literal = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
        inserts.append(f"INSERT INTO samples ({column}) VALUES ({literal})")
        columns.append(column)
    psql(url, "SET timezone = 'UTC'", *inserts)
    reads = [f"SELECT {column} FROM samples WHERE id = {index}" for index, column in enumerate(columns, 1)]
    got = psql(url, "SET timezone = 'UTC'", "\\pset null '<null>'", *reads)
    assert got == "".join(f"{'<null>' if value is None else value}\n" for _, _, value in cases())


def test_psycopg2_reads_back_every_type_as_it_was_written(url):
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute(CREATE)
    for column, kind, value in cases():
        with connection, connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO samples ({column}) VALUES (%s) RETURNING id", (value,))
            row_id = cursor.fetchone()[0]
            cursor.execute(f"SELECT {column}, {column}::text FROM samples WHERE id = %s", (row_id,))
            if value in ("infinity", "-infinity"):  # psycopg2 cannot make a date of them
                cursor.execute(f"SELECT {column}::text, {column}::text FROM samples WHERE id = %s", (row_id,))
            python, text = cursor.fetchone()
            if kind == "boolean" and value is not None:
                assert python is (value == "t")
            else:
                assert text == value, (column, value)
            if kind == "numeric" and value not in (None, "NaN"):
                assert isinstance(python, decimal.Decimal) and str(python) == value
    connection.close()


def python_value(kind, value):
    """What asyncpg wants as a parameter and gives back."""
    if value is None:
        return None
    convert = {
        "boolean": lambda text: text == "t", "smallint": int, "integer": int, "bigint": int, "double precision": float,
        "numeric": decimal.Decimal, "numeric(12,2)": decimal.Decimal, "bytea": lambda text: bytes.fromhex(text[2:]),
        "uuid": uuid.UUID, "date": datetime.date.fromisoformat, "timestamp": datetime.datetime.fromisoformat,
        "timestamptz": lambda text: datetime.datetime.fromisoformat(text + ":00"),
    }
    if value in ("infinity", "-infinity"):
        limit = {"date": datetime.date, "timestamp": datetime.datetime}.get(kind)
        if limit is None:
            return (datetime.datetime.max if value == "infinity" else datetime.datetime.min)
        return limit.max if value == "infinity" else limit.min
    return convert.get(kind, str)(value)


def test_asyncpg_sends_and_reads_every_type_in_binary(url):
    asyncpg = pytest.importorskip("asyncpg")

    async def run():
        connection = await asyncpg.connect(url)
        await connection.execute(CREATE)
        for column, kind, value in cases():
            if kind == "timestamptz" and value == "infinity":
                continue  # asyncpg has no aware datetime for it
            sent = python_value(kind, value)
            if kind == "timestamptz" and sent is not None and sent.tzinfo is None:
                sent = sent.replace(tzinfo=datetime.timezone.utc)
            row_id = await connection.fetchval(f"INSERT INTO samples ({column}) VALUES ($1) RETURNING id", sent)
            got = await connection.fetchval(f"SELECT {column} FROM samples WHERE id = $1", row_id)
            if kind == "numeric" and value == "NaN":
                assert got.is_nan()
                continue
            assert got == sent, (column, value)
            if isinstance(sent, decimal.Decimal) and "." in value:  # asyncpg folds zeros of whole numbers itself
                assert str(got) == str(sent), (column, value)
        await connection.close()

    asyncio.run(run())


ARRAYS_OF_INTEGERS = [[1, 2, 3], [1, None, -2**31], [], [[1, 2], [3, 4]], [[[7]]], [2**31 - 1] * 3000, None]
DOCUMENTS = [{"a": [1, 2.5, None], "b": {"c": "ä\"\\"}}, [], "text", 7, True, [{"deep": [[]]}]]


# asyncpg asks pg_catalog for the elements' type of every array but text[], and for the OID of a type that gets a codec.
def test_asyncpg_sends_and_reads_arrays_and_documents(url):
    asyncpg = pytest.importorskip("asyncpg")

    async def run():
        connection = await asyncpg.connect(url)
        for value in ARRAYS_OF_INTEGERS:
            assert await connection.fetchval("SELECT $1::int[]", value) == value
        assert await connection.fetchval("SELECT array_length($1::int[], 1)", [4, 5]) == 2
        assert [tuple(row) for row in await connection.fetch("SELECT * FROM unnest($1::int[]) AS u(x) ORDER BY x DESC", [3, 9, 5])] == [(9,), (5,), (3,)]
        with pytest.raises(asyncpg.DataError):
            await connection.fetchval("SELECT $1::int[]", [2**31])
        statement = await connection.prepare("SELECT $1::int[] AS marks, $2::bigint[] AS big")
        assert [each.type.name for each in statement.get_attributes()] == ["int4[]", "int8[]"]
        assert [each.name for each in statement.get_parameters()] == ["int4[]", "int8[]"]

        await connection.execute("CREATE TABLE kept (id INT PRIMARY KEY, marks INT[], doc JSON, binary_doc JSONB, docs JSONB[])")
        for number, value in enumerate(ARRAYS_OF_INTEGERS):
            assert await connection.fetchval("INSERT INTO kept (id, marks) VALUES ($1, $2) RETURNING marks", number, value) == value
            assert await connection.fetchval("SELECT marks FROM kept WHERE id = $1", number) == value
        assert [row["id"] for row in await connection.fetch("SELECT id FROM kept WHERE marks = $1 OR id = ANY($2) ORDER BY id", [1, 2, 3], [2, 4, 99])] == [0, 2, 4]
        assert await connection.execute("UPDATE kept SET marks = array_append(marks, $2) WHERE marks = $1", [1, 2, 3], 8) == "UPDATE 1"
        await connection.execute("DELETE FROM kept")

        await connection.executemany("INSERT INTO kept (id, marks) VALUES ($1, $2)", [(n, [n, None, n * 2]) for n in range(400)])
        rows = await connection.fetch("SELECT id, marks FROM kept ORDER BY id")
        assert [tuple(row) for row in rows] == [(n, [n, None, n * 2]) for n in range(400)]
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.executemany("INSERT INTO kept (id, marks) VALUES ($1, $2)", [(1000, [1]), (7, [1]), (1001, [1])])
        assert await connection.fetchval("SELECT count(*) FROM kept") == 400
        await connection.copy_records_to_table("kept", records=[(500, [5, 6]), (501, None)], columns=["id", "marks"])
        assert [row["marks"] for row in await connection.fetch("SELECT marks FROM kept WHERE id >= 500 ORDER BY id")] == [[5, 6], None]

        assert await connection.fetchval("SELECT $1::json", '{"a":  1}') == '{"a":  1}'  # without a codec, a text
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
            for value in DOCUMENTS:
                assert await connection.fetchval(f"SELECT $1::{kind}", value) == value
        await connection.execute("DELETE FROM kept")
        await connection.executemany("INSERT INTO kept (id, doc, binary_doc, docs) VALUES ($1, $2, $3, $4)",
                                     [(number, value, value, [{"of": value}, None]) for number, value in enumerate(DOCUMENTS)])
        rows = await connection.fetch("SELECT doc, binary_doc, docs FROM kept ORDER BY id")
        assert [tuple(row) for row in rows] == [(value, value, [{"of": value}, None]) for value in DOCUMENTS]
        await connection.reset_type_codec("json", schema="pg_catalog")
        assert json.loads(await connection.fetchval("SELECT doc FROM kept WHERE id = 0")) == DOCUMENTS[0]
        await connection.close()

    asyncio.run(run())


def test_asyncpg_pools_reset_their_connections(url):
    asyncpg = pytest.importorskip("asyncpg")

    async def run():
        async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
            for _ in range(3):  # each release runs asyncpg's reset query
                async with pool.acquire() as connection, connection.transaction():
                    assert await connection.fetchval("SELECT $1::int + 1", 41) == 42

    asyncio.run(run())


def test_node_postgres_reads_back_every_type_as_it_was_written(url):
    if shutil.which("node") is None or not (HERE / "node/node_modules/pg").exists():
        pytest.skip("node-postgres is not installed (scripts/setup installs it)")
    wanted = list(cases())
    done = subprocess.run(["node", HERE / "node/types.js"], capture_output=True, text=True, timeout=120,
                          input=json.dumps({"url": url, "create": CREATE, "cases": wanted}), env={"PGTZ": "UTC", "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    back = json.loads(done.stdout)
    assert len(back) == len(wanted)
    oids = {"boolean": 16, "smallint": 21, "integer": 23, "bigint": 20, "double precision": 701, "numeric": 1700,
            "numeric(12,2)": 1700, "text": 25, "varchar(10)": 1043, "bytea": 17, "timestamp": 1114, "timestamptz": 1184,
            "date": 1082, "jsonb": 3802, "uuid": 2950}
    for (column, kind, value), (got_column, oid, got) in zip(wanted, back):
        assert (got_column, oid) == (column, oids[kind])
        if value is None:
            assert got is None
        elif kind == "boolean":
            assert got == {"t": "true", "f": "false"}[value]
        elif kind == "double precision":
            assert float(got) == float(value), (column, value)
        else:
            assert got == value, (column, value)


@pytest.mark.parametrize("value", ["-0", "NaN"])
def test_a_double_that_sqlite_would_alter_is_22003(crossfade, tmp_path, value):
    """SQLite keeps -0.0 in a REAL column as 0 and NaN as NULL: refused by name, never altered in silence."""
    connection = crossfade(sqlite=tmp_path / "app.db").connect()
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE d (v DOUBLE PRECISION)")
    with pytest.raises(psycopg2.errors.NumericValueOutOfRange):
        cursor.execute("INSERT INTO d VALUES (%s)", (value,))
    cursor.execute("SELECT count(*) FROM d")
    assert cursor.fetchone() == (0,)
    connection.close()
