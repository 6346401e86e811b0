"""Arrays, time with time zone, and the settings that change the text of values: one list of statements, run on SQLite through
Crossfade and on PostgreSQL 15 itself; the same columns, type OIDs, rows, SQLSTATEs, messages and details."""
import asyncio
import datetime
import decimal
import uuid

import psycopg2
import pytest

FIXTURE = r"""
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, tags TEXT[], marks INT[], prices NUMERIC(8,2)[], flags BOOLEAN[],
                    stamps TIMESTAMPTZ[], days DATE[], small SMALLINT[], reals DOUBLE PRECISION[], words VARCHAR(5)[], ids UUID[],
                    docs JSONB[], raw BYTEA[], spans INTERVAL[], at TIMETZ, big BIGINT, price NUMERIC, born DATE, seen TIMESTAMPTZ, ok BOOLEAN);
INSERT INTO items (id, name, tags, marks, prices, flags, at, big, price, born, seen, ok) VALUES
  (1, 'ann', '{red,"dark blue",NULL}', '{1,2,3}', '{1.5,2}', '{t,f}', '12:00+02', 10, 1.50, '2024-02-29', '2024-02-29 12:00+00', true),
  (2, 'bob', '{}', ARRAY[4,5], NULL, '{NULL}', '10:00:00.5+00', 20, 2, '1999-12-31', '2024-06-30 12:00+02', false),
  (3, 'cyd', ARRAY['red','{x}'], '[0:1]={1,2}', '{}', NULL, '10:00+00', 30, 1.5, NULL, NULL, NULL),
  (4, NULL, NULL, '{{1,2},{3,4}}', '{NULL}', '{t}', NULL, NULL, NULL, '0001-01-01', '1969-12-31 23:59:59.999999+00', true);
INSERT INTO items (id, stamps, days, small, reals, words, ids, docs, raw, spans) VALUES
  (5, '{2024-02-29 12:00:00+02,infinity}', '{2024-02-29,-infinity}', '{1,-32768}', '{1.5,NaN,-Infinity,1e300}', '{abc,"a b"}',
   '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{"{\"b\": 1, \"a\": [1, 2]}",null,"null"}', '{"\\x00ff","\\x"}', '{1 day,"1 mon -02:00:00"}');
"""

ARRAYS = [line for line in r"""
SELECT * FROM items ORDER BY id
SELECT id FROM items WHERE id = ANY('{1,3,99}') ORDER BY id
SELECT id FROM items WHERE id = ANY('{}') ORDER BY id
SELECT id FROM items WHERE id = ANY(NULL) ORDER BY id
SELECT id FROM items WHERE NOT id = ANY(NULL::int[]) ORDER BY id
SELECT id FROM items WHERE id <> ALL('{1,2}') ORDER BY id
SELECT id FROM items WHERE id <> ALL('{1,NULL}') ORDER BY id
SELECT id FROM items WHERE id <> ALL(NULL::int[]) ORDER BY id
SELECT id FROM items WHERE id < ANY('{2,3}') ORDER BY id
SELECT id FROM items WHERE id > ALL('{2,3}') ORDER BY id
SELECT id, id > ANY('{3,NULL}') FROM items ORDER BY id
SELECT id, id >= ALL('{3,NULL}') FROM items ORDER BY id
SELECT id FROM items WHERE name = ANY('{ann,cyd}') ORDER BY id
SELECT id FROM items WHERE name LIKE ANY('{a%,%d}') ORDER BY id
SELECT id FROM items WHERE name NOT LIKE ALL('{a%,%d}') ORDER BY id
SELECT id FROM items WHERE price = ANY('{1.5,7}') ORDER BY id
SELECT id FROM items WHERE price = ANY(ARRAY[1.50]) ORDER BY id
SELECT id FROM items WHERE big = ANY('{10,20}'::int[]) ORDER BY id
SELECT id FROM items WHERE born = ANY('{2024-02-29,0001-01-01}') ORDER BY id
SELECT id FROM items WHERE seen = ANY('{2024-06-30 10:00+00}') ORDER BY id
SELECT id FROM items WHERE ok = ANY('{t}') ORDER BY id
SELECT id FROM items WHERE 'red' = ANY(tags) ORDER BY id
SELECT id FROM items WHERE 2 = ANY(marks) ORDER BY id
SELECT id FROM items WHERE 5 = SOME(marks)
SELECT id FROM items WHERE tags @> ARRAY['red'] ORDER BY id
SELECT id FROM items WHERE tags @> '{red,"dark blue"}' ORDER BY id
SELECT id FROM items WHERE marks <@ '{1,2,3,4}' ORDER BY id
SELECT id FROM items WHERE marks && ARRAY[3,5] ORDER BY id
SELECT id FROM items WHERE marks = '{1,2,3}' ORDER BY id
SELECT id FROM items WHERE marks <> '{1,2,3}' ORDER BY id
SELECT id FROM items WHERE marks > '{1,2}' ORDER BY id
SELECT id FROM items WHERE prices = '{1.50,2.0}' ORDER BY id
SELECT id, marks FROM items WHERE marks IS NOT NULL ORDER BY marks
SELECT id, tags FROM items WHERE id < 5 ORDER BY tags DESC, id
SELECT DISTINCT flags FROM items ORDER BY flags
SELECT flags, count(*) FROM items GROUP BY flags ORDER BY flags
SELECT marks FROM items WHERE id = 1 UNION SELECT '{1,2,3}'::int[]
SELECT marks[1], marks[2], marks[0], marks[9], tags[2] FROM items ORDER BY id
SELECT marks[1][2], marks[2][1], marks[3][1] FROM items ORDER BY id
SELECT marks[2:3], marks[:2], marks[2:], marks[:], tags[1:1] FROM items ORDER BY id
SELECT marks[1:1][2:2], marks[1:2][1] FROM items WHERE id = 4
SELECT marks[NULL], tags[id] FROM items ORDER BY id
SELECT (ARRAY[1,2,3])[2], (ARRAY['a','b'])[1:1], ('{1,2}'::int[])[2]
SELECT ARRAY[1,2,3], ARRAY[1.5,2], ARRAY['a',NULL], ARRAY[true], ARRAY[NULL], ARRAY[1,NULL::int]
SELECT ARRAY[[1,2],[3,4]], ARRAY[ARRAY[1],ARRAY[2]], ARRAY[]::int[], ARRAY['1','2']::int[], ARRAY[1,2]::text[], ARRAY[[1],[2]]::bigint[]
SELECT ARRAY[id, id + 1] FROM items ORDER BY id
SELECT ARRAY[marks, '{7,8}'] FROM items WHERE id = 2
SELECT ARRAY[date '2024-02-29', 'infinity'], ARRAY[timestamp '2024-02-29 12:00'], ARRAY[interval '1 day'], ARRAY[1::int8, 2]
SELECT '{1,2}'::int[], '{a,b}'::text[], '{1.50}'::numeric[], '{}'::text[], '[2:3]={1,2}'::int[], '{{1},{2}}'::int2[]
SELECT '{1,x}'::int[]
SELECT '{1,2'::int[]
SELECT '1'::int[]
SELECT '{"a"b}'::text[]
SELECT ARRAY[]
SELECT ARRAY[1,'x']
SELECT ARRAY[1,true]
SELECT ARRAY[[1,2],[3]]
SELECT 1 = ANY(5)
SELECT 'a' = ANY(ARRAY[1,2])
SELECT ARRAY[1] = ARRAY['a']
SELECT ARRAY[1] = ARRAY[1::bigint]
SELECT ARRAY[1,2] || 3, 0 || ARRAY[1], ARRAY[1] || ARRAY[2,3], ARRAY[1] || NULL, ARRAY[1] || '{2,3}', ARRAY[[1,2]] || ARRAY[3,4]
SELECT ARRAY[1] || 2::bigint, ARRAY['a'] || 'b'::text, ARRAY['a']::text[] || ARRAY['b']
SELECT ARRAY[[1,2]] || ARRAY[[1]]
SELECT tags || 'new'::text, tags || ARRAY['x'], 'y'::text || tags FROM items ORDER BY id
SELECT ARRAY[1] @> ARRAY['a']
SELECT ARRAY[1,2] @> ARRAY[2], ARRAY[1,2] <@ ARRAY[1,2,3], ARRAY[1] && ARRAY[2], ARRAY[1,NULL] @> ARRAY[NULL::int], '{}' <@ ARRAY[1]
SELECT array_length(ARRAY[1,2,3], 1), array_length(ARRAY[[1,2],[3,4]], 2), array_length('{}'::int[], 1), array_length(ARRAY[1], 2), array_length(NULL::int[], 1)
SELECT array_upper(marks, 1), array_lower(marks, 1), array_ndims(marks), array_dims(marks), cardinality(marks) FROM items ORDER BY id
SELECT array_append(ARRAY[1], 2), array_append(NULL::int[], 1), array_append(ARRAY[1], NULL), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[2]), array_cat(NULL, ARRAY[1])
SELECT array_append(marks, 9), array_prepend(0, marks) FROM items WHERE id IN (1, 2, 3) ORDER BY id
SELECT array_position(ARRAY['a','b','a'], 'a'), array_position(ARRAY['a','b','a'], 'a', 2), array_position(ARRAY[1,2], 3), array_position(ARRAY[1,NULL], NULL), array_positions(ARRAY[1,2,1], 1)
SELECT array_remove(ARRAY[1,2,1], 1), array_remove(ARRAY[1,NULL], NULL), array_remove(ARRAY[1], 1), array_replace(ARRAY[1,2,1], 1, 9), array_replace(ARRAY[1,NULL], NULL, 3)
SELECT array_to_string(ARRAY[1,NULL,3], ','), array_to_string(ARRAY[1,NULL,3], ',', '*'), array_to_string(ARRAY['a','b'], ''), array_to_string('{}'::int[], ','), array_to_string(ARRAY[true,false], ' '), array_to_string(NULL::text[], ',')
SELECT string_to_array('a,b,,c', ','), string_to_array('a,b', ',', 'b'), string_to_array('abc', NULL), string_to_array('', ','), string_to_array(NULL, ','), string_to_array('a,b', ''), string_to_array('a--b', '--')
SELECT trim_array(ARRAY[1,2,3], 2), trim_array(ARRAY[1], 0)
SELECT trim_array(ARRAY[1,2,3], 4)
SELECT array_length(1, 1)
SELECT unnest(ARRAY[1,2,3])
SELECT unnest('{a,b,NULL}'::text[]) AS word
SELECT id, unnest(marks) FROM items WHERE id < 4 ORDER BY id
SELECT * FROM unnest(ARRAY[1,2,3])
SELECT * FROM unnest(ARRAY['a','b']) WITH ORDINALITY AS t(word, place)
SELECT x FROM unnest('{3,1,2}'::int[]) AS x ORDER BY x
SELECT u.id, t.tag FROM items u, unnest(u.tags) AS t(tag) ORDER BY u.id, t.tag
SELECT u.id, t FROM items u LEFT JOIN unnest(u.marks) AS t ON true ORDER BY u.id, t
SELECT u.id, t FROM items u CROSS JOIN LATERAL unnest(u.tags) AS t WHERE t = 'red' ORDER BY u.id
SELECT sum(x), count(*) FROM unnest(ARRAY[1,2,3]) AS x
SELECT id FROM items WHERE id IN (SELECT unnest('{1,2}'::int[])) ORDER BY id
SELECT id FROM items JOIN unnest(ARRAY[3,1]) AS wanted ON wanted = id ORDER BY id
SELECT array_agg(id ORDER BY id), array_agg(name ORDER BY id DESC), array_agg(price ORDER BY price NULLS FIRST, id) FROM items
SELECT array_agg(id ORDER BY id) FILTER (WHERE ok), array_agg(DISTINCT ok), array_agg(DISTINCT ok ORDER BY ok DESC) FROM items
SELECT ok, array_agg(id ORDER BY id) FROM items GROUP BY ok ORDER BY ok
SELECT array_agg(id) FROM items WHERE false
SELECT array_agg(born ORDER BY id), array_agg(seen ORDER BY id) FROM items
SELECT ARRAY(SELECT id FROM items ORDER BY id DESC), ARRAY(SELECT name FROM items WHERE false)
SELECT id, ARRAY(SELECT o.id FROM items o WHERE o.id < items.id ORDER BY o.id) FROM items ORDER BY id
SELECT id, tags::text, marks::text[] FROM items ORDER BY id
SELECT marks::numeric[], marks::bigint[] FROM items WHERE id < 4 ORDER BY id
SELECT tags::int[] FROM items WHERE id = 1
SELECT CASE WHEN id = 1 THEN marks ELSE '{}' END, coalesce(marks, '{0}') FROM items ORDER BY id
SELECT count(DISTINCT marks), count(tags) FROM items
UPDATE items SET tags = array_append(tags, 'more'), marks = marks || 9 WHERE id = 1 RETURNING tags, marks
UPDATE items SET marks = '{5,6}', words = ARRAY['one','two'] WHERE id = 2 RETURNING marks, words
UPDATE items SET words = '{toolong}' WHERE id = 2
UPDATE items SET prices = ARRAY[1.005, 2] WHERE id = 2 RETURNING prices
UPDATE items SET marks = '{a}' WHERE id = 2
UPDATE items SET marks = ARRAY['1']  WHERE id = 2
INSERT INTO items (id, marks, days) VALUES (6, ARRAY[1::bigint], ARRAY[date '2024-01-01']) RETURNING marks, days
SELECT at, at::text, at = '10:00+00', at < '11:00+01' FROM items ORDER BY id
SELECT id FROM items WHERE at IS NOT NULL ORDER BY at, id
SELECT min(id), count(*) FROM items GROUP BY at ORDER BY 1
SELECT '12:00+02'::timetz, '24:00:00'::timetz, timetz '10:30:15.123456-03:30', '10:30:15.127+00'::timetz(2)
SELECT '25:00'::timetz
SELECT 1 AS "done"
""".strip().splitlines() if line]

REFUSED = set()

STYLES = ["ISO, MDY", "ISO, DMY", "ISO, YMD", "SQL, MDY", "SQL, DMY", "SQL, YMD", "German, DMY", "Postgres, MDY", "Postgres, DMY", "Postgres, YMD"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "5.5", "-3"]
DATES = ["2024-02-29", "0001-01-01", "0044-03-15 BC", "5874897-12-31", "infinity", "-infinity"]
STAMPS = ["2024-02-29 12:34:56", "2024-07-01 00:00:00.5", "1999-12-31 23:59:59.999999", "0001-01-01 00:00:00 BC", "294276-12-31 23:59:59", "infinity"]
AMBIGUOUS = ["01/02/2003", "1-2-2003", "13/02/2003", "02/13/2003", "2003-02-01", "01.02.2003", "1 Feb 2003", "Feb 1 03", "99-01-08"]
SPANS = ["0", "1 year 2 mons 3 days 04:05:06.7", "-1 year -2 mons +3 days -04:05:06", "1 year -1 hour", "-3 days", "-1 mon", "00:00:01",
         "-00:00:00.5", "1 day 00:00:01.5", "10 years", "-1 days +02:03:00", "100:00:00", "1-2", "-1-2 3 -4:05:06", "1 2:03:04", "-1 2:03:04",
         "P1Y2M3DT4H5M6.7S", "PT-1.5S", "-178000000 years"]


def answer(connection, statement):
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement)
            columns = [(column.name, column.type_code) for column in cursor.description or []]
            rows = [tuple(map(repr, row)) for row in cursor.fetchall()] if cursor.description else cursor.rowcount
            return columns, rows
        except psycopg2.Error as error:
            return error.pgcode, error.diag.message_primary, error.diag.message_detail


@pytest.fixture
def both(crossfade, tmp_path, postgres):
    proxy = crossfade(sqlite=tmp_path / "app.db").url()
    direct = f"postgresql://postgres@127.0.0.1:{postgres.port}/{postgres.create_database()}"
    connections = [psycopg2.connect(url) for url in (proxy, direct)]
    for connection in connections:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET timezone = 'UTC'")
            for statement in FIXTURE.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
    yield connections
    for connection in connections:
        connection.close()


def differences(both, statements):
    proxy, direct = both
    found = []
    for statement in statements:
        ours, theirs = answer(proxy, statement), answer(direct, statement)
        if ours != theirs and not (ours[0] == "0A000" and statement in REFUSED):
            found.append(f"{statement}\n   ours   {ours}\n   theirs {theirs}")
    return found


def test_arrays_answer_as_on_postgresql(both):
    found = differences(both, ARRAYS)
    assert not found, "\n".join(found)


def test_dates_and_times_are_written_and_read_in_every_style(both):
    statements = []
    for style in STYLES:
        for zone in ZONES:
            statements += [f"SET datestyle = '{style}'", f"SET timezone = '{zone}'", "SHOW datestyle"]
            statements += [f"SELECT date '{text}', (date '{text}')::text" for text in DATES] if zone == "UTC" else []
            statements += [f"SELECT (timestamp '{text}')::text" for text in STAMPS] if zone == "UTC" else []
            statements.append("SELECT seen::text, born::text, stamps::text, days::text FROM items ORDER BY id")
            statements += [f"SELECT (timestamptz '{text}+00')::text" for text in STAMPS[:3]]
        statements += [f"SELECT '{text}'::date - date '2000-01-01'" for text in AMBIGUOUS]
        statements += ["RESET timezone", "SET timezone = 'UTC'"]
    plain = [("iso",), ("german",), ("sql", "dmy"), ("postgres", "us"), ("european",), ("iso", "sql"), ("dmy", "mdy"), ("nothing",)]
    for words in plain:
        statements += [f"SET datestyle = {', '.join(words)}", "SHOW datestyle"]
    # psycopg2 cannot read dates in the other styles: everything above comes as text.
    statements = [statement.replace("SELECT date", "SELECT 0, (date").replace("', (date", "')::text, (date") if statement.startswith("SELECT date") else statement for statement in statements]
    found = differences(both, statements)
    assert not found, "\n".join(found)


def test_intervals_are_written_and_read_in_every_style(both):
    statements = []
    for style in ["postgres", "postgres_verbose", "sql_standard", "iso_8601"]:
        statements += [f"SET intervalstyle = '{style}'", "SHOW intervalstyle"]
        statements += [f"SELECT (interval '{text}')::text" for text in SPANS]
        statements += [f"SELECT (interval '{text}')::text FROM items WHERE id = 1" for text in SPANS]
        statements.append("SELECT spans::text FROM items WHERE id = 5")
    found = differences(both, statements)
    assert not found, "\n".join(found)


def test_digits_and_bytes_follow_their_settings(both):
    statements = []
    for digits in [-15, -3, 0, 1, 3]:
        statements.append(f"SET extra_float_digits = {digits}")
        statements += [f"SELECT ('{text}'::{kind})::text" for kind in ("float8", "float4")
                       for text in ("0.1", "1e15", "123456789.123", "1e-5", "-Infinity", "1e30", "-0", "3.0000001")]
        statements.append("SELECT reals::text FROM items WHERE id = 5")
    for output in ["escape", "hex"]:
        statements += [f"SET bytea_output = '{output}'", r"SELECT ('\x00ff5c41'::bytea)::text", "SELECT raw::text FROM items WHERE id = 5"]
    found = differences(both, statements)
    assert not found, "\n".join(found)


UTC = datetime.timezone.utc
PARAMETERS = [
    ("id = ANY($1)", [1, 3, 99]), ("name = ANY($1)", ["ann", "cyd", None]), ("big = ANY($1)", [10, 2**60]), ("price = ANY($1)", [decimal.Decimal("1.5")]),
    ("born = ANY($1)", [datetime.date(2024, 2, 29)]), ("seen = ANY($1)", [datetime.datetime(2024, 6, 30, 10, tzinfo=UTC)]), ("ok = ANY($1)", [True, None]),
    ("id <> ALL($1)", [1, 2]), ("id = ANY($1)", []), ("id = ANY($1::int[])", [2]), ("tags @> $1", ["red"]), ("marks && $1", [5, 3]), ("marks = $1", [1, 2, 3]),
    ("id < ANY($1)", [2]), ("$1 = ANY(tags)", "red"), ("cardinality($1::int[]) = id", [7, 7]), ("name LIKE ANY($1)", ["a%"]),
]
VALUES = [
    ("tags", ["a", None, 'b"c', "{x}", "", "NULL"]), ("marks", [1, None, -2**31]), ("prices", [decimal.Decimal("1.50"), None]), ("flags", [True, False, None]),
    ("stamps", [datetime.datetime(2024, 2, 29, 12, tzinfo=UTC), None]), ("days", [datetime.date(1, 1, 1)]), ("small", [-32768, 32767]),
    ("reals", [1.5, float("inf"), -0.0, 5e-324]), ("words", ["five5", ""]), ("ids", [uuid.UUID(int=5)]), ("docs", ['{"a": 1}', "[1, 2]"]), ("raw", [b"\0\xff", b""]),
    ("spans", [datetime.timedelta(days=1, seconds=5)]), ("marks", []), ("marks", [[1, 2], [3, 4]]), ("marks", None), ("at", datetime.time(12, 30, 5, 7, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))),
]


def test_asyncpg_sends_and_reads_arrays_in_binary(crossfade, tmp_path, postgres):
    asyncpg = pytest.importorskip("asyncpg")
    urls = [crossfade(sqlite=tmp_path / "app.db").url(), f"postgresql://postgres@127.0.0.1:{postgres.port}/{postgres.create_database()}"]

    async def answers(url):
        connection = await asyncpg.connect(url)
        await connection.execute("SET timezone = 'UTC'")
        await connection.execute(FIXTURE)
        got = []
        for condition, value in PARAMETERS:
            rows = await connection.fetch(f"SELECT id FROM items WHERE {condition} ORDER BY id", value)
            got.append((condition, [row["id"] for row in rows]))
        for column, value in VALUES:
            back = await connection.fetchval(f"UPDATE items SET {column} = $1 WHERE id = 2 RETURNING {column}", value)
            got.append((column, repr(back), await connection.fetchval(f"SELECT {column}::text FROM items WHERE id = 2")))
            assert back == value, column
        await connection.close()
        return got

    ours, theirs = (asyncio.run(answers(url)) for url in urls)
    assert ours == theirs
    assert ours[0] == ("id = ANY($1)", [1, 3])


def test_psycopg3_sends_and_reads_arrays(crossfade, tmp_path, postgres):
    psycopg = pytest.importorskip("psycopg")
    urls = [crossfade(sqlite=tmp_path / "app.db").url(), f"postgresql://postgres@127.0.0.1:{postgres.port}/{postgres.create_database()}"]
    answers = []
    for url in urls:
        got = []
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET timezone = 'UTC'")
            for statement in FIXTURE.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            for binary in (False, True):
                cursor = connection.cursor(binary=binary)
                for condition, value in PARAMETERS:
                    try:
                        cursor.execute(f"SELECT id FROM items WHERE {condition.replace('$1', '%s')} ORDER BY id", (value,))
                        got.append((condition, cursor.fetchall()))
                    except psycopg.Error as error:  # marks && smallint[]: an error on both sides
                        got.append((condition, error.sqlstate, error.diag.message_primary))
                for column, value in VALUES:
                    try:
                        cursor.execute(f"UPDATE items SET {column} = %s WHERE id = 2 RETURNING {column}, {column}::text", (value,))
                        got.append((column, repr(cursor.fetchall())))
                    except psycopg.Error as error:
                        got.append((column, error.sqlstate, error.diag.message_primary))
                cursor.execute("SELECT tags, marks, prices, flags, stamps::text, days::text, small, reals, words, ids, spans, at FROM items ORDER BY id")
                got.append(repr(cursor.fetchall()))
        answers.append(got)
    assert answers[0] == answers[1]
    assert answers[0][0] == ("id = ANY($1)", [(1,), (3,)])
