"""What a review of values found wrong on SQLite, silently: each statement runs through Crossfade and on PostgreSQL 15 itself, with the
same columns, type OIDs, rows and SQLSTATEs. Statements of one list share their session."""
import struct

import pytest

from raw import SYNC, RawClient, bind, data_row, describe, execute, fields, parse, query, row_description, startup

GROUPS = {
    "jsonb by its value": """
SELECT array_agg(x ORDER BY x) FROM (VALUES ('10'::jsonb), ('9')) v(x)
SELECT string_agg(x::text, ',' ORDER BY x DESC) FROM (VALUES ('10'::jsonb), ('9'), ('"a"'), ('null'), ('[1]'), ('{}'), ('true')) v(x)
SELECT array_agg(DISTINCT x) FROM (VALUES ('10'::jsonb), ('9'), ('10.0')) v(x)
SELECT greatest('10'::jsonb, '9'), least('[1, 2]'::jsonb, '[3]'), '1.0'::jsonb = '1'
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES ('10'::jsonb), ('9'), ('100')) v(x)
SELECT jsonb_agg(x ORDER BY x) FROM (VALUES ('10'::jsonb), ('9')) v(x)
""",
    "the fields of an interval": """
SELECT interval '7' day, interval '7' hour, interval '7' minute, interval '7' second, interval '7' month, interval '7' year, interval '7'
SELECT interval '1-2' year to month, interval '1 2' day to hour, interval '1:2' hour to minute, interval '1:2' minute to second, interval '1:2'
SELECT interval '1 year 2 mons 3 days 4:5:6.789' year, interval '1 year 2 mons 3 days 4:5:6.789' month, interval '1 year 2 mons 3 days 4:5:6.789' day
SELECT interval '3 days 4:5:6.789' hour, interval '3 days 4:5:6.789' minute, interval '3 days 4:5:6.789' second(1), interval '3 days -4:5:6.789' day to second(0)
SELECT '1 day 25:00'::interval day, CAST('1' AS interval month), interval '1.5' hour, interval(0) '1.5', ('26:00:00.5'::interval)::interval hour to second(0)
CREATE TABLE spans (id int PRIMARY KEY, a interval day, b interval year to month, c interval hour to second(0), d interval(2), e interval day[])
INSERT INTO spans VALUES (1, '1 day 5:00', '1 year 2 mons 3 days', '1 day 1:00:00.7', '1.567', '{5,1 day 3:00}') RETURNING *
INSERT INTO spans VALUES (2, '5', '5', '5', '5', NULL) RETURNING *
INSERT INTO spans SELECT 3, b, a, d, c FROM spans WHERE id = 1 RETURNING *
UPDATE spans SET a = a + interval '90 minutes', b = interval '13 mons 4 days' WHERE id = 2 RETURNING a, b
DROP TABLE spans
""",
    "an interval's text": """
SELECT interval '0.0000015 s', interval '0.0000025 s', interval '1.5 week', interval '1.3 months', interval '1.7 years', interval '-0.7 mon'
SELECT interval '1d2h', interval '1 yr 2 mons 3 hrs', interval '1 day ago', interval '1 day, 2 hours ago', interval '@ 1 day 2:03 ago'
SELECT interval '2024-02-29'
SELECT interval '1 ago'
SELECT interval '1-2-3'
SELECT interval 'ago'
SELECT interval '1 day 2 days'
SELECT interval '2562047788:00:54.775808'
SELECT interval '2562047788:00:54.775807'
SELECT interval '178956971 years'
SELECT interval '2147483648 days'
SELECT interval '1-13'
SELECT interval '1 fortnight'
SELECT interval 'P1Y2M3DT4H5M6.7S', interval 'P0001-02-03T04:05:06', interval 'P1.5M', interval 'PT-1.5S', interval 'P-1Y'
SELECT interval '1 day' / 3, interval '1 mon' / 7, interval '7 mons' / 49, interval '1 year 2 mons' / 0.7, interval '35 days 23:59:59.999999' / 13
SELECT interval '1 day' / 0
SELECT avg(x) FROM (VALUES (interval '1 mon'), ('1 day'), ('7:00')) v(x)
""",
    "one call, one value": """
CREATE TABLE twice (id int PRIMARY KEY, a uuid, b uuid)
INSERT INTO twice SELECT id, u, u FROM (SELECT id, gen_random_uuid() u FROM generate_series(1, 20) g(id)) s
SELECT count(*) FROM twice WHERE a = b
SELECT count(*) FROM (SELECT random() r FROM twice) s WHERE r <> r
SELECT count(*) FROM (SELECT CASE WHEN random() < 0.5 THEN 1 ELSE 2 END k FROM twice) s WHERE k = 1 AND k = 2
WITH s AS (SELECT id, gen_random_uuid() u FROM twice) SELECT count(*) FROM s WHERE u <> u
WITH s AS (SELECT id, random() r FROM twice) SELECT count(*) FROM s a JOIN s b USING (id) WHERE a.r = b.r
SELECT count(DISTINCT u) FROM (SELECT gen_random_uuid() u FROM twice LIMIT 5) s
DROP TABLE twice
""",
    "time zones": """
SET timezone = 'Africa/Cairo'
SELECT timestamptz '2024-07-01 12:00+00', timestamptz '2022-07-01 12:00+00', timestamp '2024-07-01 12:00' AT TIME ZONE 'America/Ciudad_Juarez'
SET timezone = 'America/Ciudad_Juarez'
SELECT timestamptz '2023-01-15 12:00+00', timestamptz '1900-01-15 12:00+00', timestamptz '2100-07-15 12:00+00'
SET timezone = 'Europe/Berlin'
SELECT timestamptz '2024-03-31 02:30', timestamptz '2024-10-27 02:30', timestamptz '1890-01-01', timestamptz '2500-07-01 12:00', timestamptz '0001-01-01'
SELECT timestamptz '2011-12-30 12:00 Pacific/Apia', timestamptz '2024-04-07 01:45 Australia/Lord_Howe', timestamptz '2090-06-01 Africa/Casablanca'
SET timezone = '+05:30'
SHOW timezone
SELECT timestamptz '2024-01-01 00:00+00', current_setting('timezone')
SET timezone = 'FOO3'
SELECT timestamptz '2024-01-01 00:00+00'
SET timezone = 16
SHOW timezone
SELECT timestamptz '2024-01-01 00:00+00'
SET timezone = 167
SET timezone = 168
SET timezone = '-12.5'
SHOW timezone
SET TIME ZONE INTERVAL '-05:30' HOUR TO MINUTE
SHOW timezone
SET TIME ZONE INTERVAL '1 day'
SET timezone = 'posix/Europe/Berlin'
SHOW timezone
SET timezone = 'europe/BERLIN'
SHOW timezone
SET timezone = 'Nowhere/Land'
SELECT timestamptz '2024-01-01 00:00+00' AT TIME ZONE '+5', timestamp '2024-01-01' AT TIME ZONE '-3', timestamptz '2024-07-01 00:00+00' AT TIME ZONE 'FOO3'
SELECT timestamp '2024-07-01 12:00' AT TIME ZONE 'PST', timestamptz '2024-07-01 12:00+00' AT TIME ZONE 'EST5EDT', timestamp '2024-07-01 12:00' AT TIME ZONE 'CET'
SELECT timestamp '2024-07-01' AT TIME ZONE 'Nowhere'
SET timezone = 'America/New_York'
SELECT timestamptz '2024-02-10 02:30' + interval '1 mon 1 day', timestamptz '2024-02-09 02:30' + interval '1 mon 1 day 1:00', timestamptz '2024-12-10 02:30' - interval '9 mons 1 day'
SET timezone = 'UTC'
""",
    "real": """
CREATE TABLE reals (id int PRIMARY KEY, r real, d float8)
INSERT INTO reals VALUES (1, 0.1, 0.1), (2, 16777216, 1), (3, 1.1, 2), (4, 3e38, 5)
SELECT r + r, r * r, r - 1.5::real, r / 3::real, -r, +r, r + d, r + 1, r + 1.5, abs(r), @ r FROM reals ORDER BY id LIMIT 3
SELECT r + '1', '0.3' * r FROM reals ORDER BY id LIMIT 2
SELECT 16777216::real + 1::real, 0.1::real + 0.2::real, 1::real / 3::real, 1::real / 3, 0.1::real = 0.1, 0.1::real = '0.1'
SELECT r * r FROM reals WHERE id = 4
SELECT 1e-30::real * 1e-30::real
SELECT 1::real / 0::real
SELECT 1e-50::float8::real
SELECT 1e-50::numeric::real
SELECT 1e50::numeric::real
SELECT 1e-1000::numeric::float8
SELECT 1e-300::float8::float4
SELECT sum(r), avg(r), sum(d), avg(d) FROM reals WHERE id < 4
SELECT sum(r) FROM (VALUES (3e38::real), (3e38::real)) v(r)
SELECT id, sum(r) OVER (ORDER BY id ROWS 1 PRECEDING), avg(d) OVER (ORDER BY id ROWS 1 PRECEDING) FROM reals WHERE id < 4 ORDER BY id
SELECT sum(x) FROM (VALUES (1e308::float8), (1e308)) v(x)
SELECT avg(x) FROM (VALUES (1e308::float8), (1e308)) v(x)
SELECT avg(x) FROM (VALUES (1e200::float8), (-1e200)) v(x)
SELECT sum(x), avg(x) FROM (VALUES ('inf'::float8), (1)) v(x)
SELECT sum(x), avg(x) FROM (VALUES (0.1::float8), (0.2), (0.3), (NULL)) v(x)
SELECT radians(g), degrees(g) FROM (VALUES (1::float8), (7), (33.3), (123.456), (359.99), (0.001)) v(g)
DROP TABLE reals
""",
    "infinite moments": """
SELECT date_part('epoch', timestamp 'infinity'), date_part('epoch', timestamp '-infinity'), date_part('year', date 'infinity'), date_part('day', timestamp 'infinity')
SELECT date 'infinity' + 1, date '-infinity' - 5, date 'infinity' + 2147483647, date 'infinity' + time '1:00', date 'infinity' + interval '1 day'
SELECT date '2024-01-01' - date 'infinity'
SELECT date 'infinity' - date 'infinity'
SELECT date '5874897-12-31' + 1
SELECT date '5874897-12-31' + time '1:00'
SELECT date '5874897-12-31' + interval '1 day'
SELECT (date '5874897-12-31')::timestamp
SELECT make_timestamp(300000, 1, 1, 0, 0, 0)
SELECT make_timestamp(294276, 12, 31, 23, 59, 60)
SELECT make_timestamp(2024, 2, 29, 23, 59, 60)
SELECT timestamp '294276-12-31 23:59' AT TIME ZONE 'America/New_York'
""",
    "sorted in an aggregate": """
SELECT array_agg(x ORDER BY x), string_agg(x::text, ' ' ORDER BY x) FROM (VALUES (timetz '12:00+02'), ('11:00+00'), ('10:00-03')) v(x)
SELECT array_agg(DISTINCT x), min(x), max(x) FROM (VALUES (timetz '12:00+02'), ('10:00-03'), ('11:00+00'), ('11:00+00')) v(x)
SELECT array_agg(id ORDER BY x) FROM (VALUES (1, timetz '12:00+02'), (2, '11:00+00'), (3, '10:00-03')) v(id, x)
SELECT array_agg(id ORDER BY x, id) FROM (VALUES (1, 'a '::char(3)), (2, 'a'), (3, ' a')) v(id, x)
SELECT array_agg(DISTINCT x) FROM (VALUES ('a '::char(3)), ('a')) v(x)
SELECT string_agg(id::text, ',' ORDER BY x DESC, id) FROM (VALUES (1, 10.5), (2, 9), (3, 100)) v(id, x)
SELECT array_agg(x ORDER BY x) FROM (VALUES ('1'::json), ('2')) v(x)
SELECT string_agg('a', ',' ORDER BY x) FROM (VALUES ('1'::json), ('2')) v(x)
SELECT array_agg(DISTINCT x) FROM (VALUES ('1'::json), ('1')) v(x)
SELECT greatest(timetz '12:00+02', '11:00+00'), least('a '::char(3), 'a')
""",
    "oid beside integers": """
SELECT (-1)::int4 < 5::oid, 5::oid > (-1)::int2, 7::oid = 7, 7::int8 = 7::oid, (-1)::int4::oid
SELECT (-1)::int8 = 5::oid
""",
    "texts of moments": r"""
SELECT to_char(timestamp '2024-02-29', 'Y,YYY YYY YY Y'), to_char(timestamp '0044-03-15 BC', 'IYYY YYYY'), to_char(timestamp '2024-02-29', '\"Q\"')
SELECT extract(julian from timestamp '2024-02-29 12:34:56.7'), extract(julian from timestamp '2024-02-29'), extract(julian from date '2024-02-29')
SELECT (timestamp '2024-01-01 10:00:00.6')::time(0), (interval '10:00:00.6')::time(0), (timestamp '2024-01-01 23:59:59.6')::time(0)
SELECT time '12:00' + interval '1 hour', interval '1 day 1:00' + time '23:30', time '1:00' + date '2024-02-29', time '12:00' - time '1:00', time '12:00' - NULL
SELECT time '1:00' + time '2:00'
SELECT time '12:00 America/New_York'
SELECT timetz '12:00 America/New_York'
SELECT time '12:00 UTC', timetz '12:00 PST', time '2024-07-01 12:00 America/New_York'
SELECT extract(us from date '2024-01-01')
SELECT extract(day from time '12:00')
SELECT extract(hour from time '12:34:56.7'), extract(second from time '12:34:56.7'), extract(epoch from time '12:34:56.7'), date_part('minute', time '12:34')
SELECT extract(timezone from timetz '12:00+05:30'), extract(epoch from timetz '12:00+05:30'), extract(timezone_minute from timetz '12:00-05:30')
SELECT extract(yr from date '2024-02-29'), extract(hr from timestamp '2024-02-29 10:00'), date_trunc('h', timestamp '2024-02-29 10:30'), date_trunc('mons', timestamp '2024-02-29')
SELECT extract(foo from date '2024-02-29')
SELECT (time '12:34:56.7')::timetz, (timetz '12:00+05')::time, (timestamptz '2024-02-29 12:00+00')::timetz, (timetz '12:00:00.6+05')::timetz(0)
""",
    "types": """
SELECT true::name, true::varchar(2), true::char(4), true::"char"
SELECT true::bool[]
SELECT '1'::text || '{2}'::int[]
SELECT 'a'::varchar || '{b}'::text[], 'a'::char(3) || '{x}'::text[], '{x}'::text[] || 'a'::varchar
SELECT 1 = ANY (ARRAY['{1,2}'::int[]])
SELECT 1 = ANY (ARRAY[1, 2])
SELECT array_cat('[0:1][0:1]={{1,2},{3,4}}'::int[], '{{5,6}}'::int[])
SELECT '{abcd}'::varchar(1)[], '{ab,c}'::char(1)[]
SELECT chr(-1)
SELECT nullif(1::int2, 2), nullif(1, 2.5), nullif('a'::varchar, 'b'), nullif(1.5::real, 2::float8), nullif(date '2024-01-01', timestamp '2024-01-02'), nullif('a'::char(3), 'b')
SELECT 5::int2 & 3::int2, 5::int2 | 3::int2, 5::int2 # 3::int2, ~ 5::int2, 1::int2 << 3, 8::int2 >> 1, @ (-3)::int2, @ (-1.5)::float8
SELECT - (-3), + (-3), date '2024-01-01' - (-3)
""",
    "settings": """
SET datestyle = 'postgres us'
SHOW datestyle
SET client_min_messages = info
SHOW client_min_messages
SET My.Value = 'q'
SELECT current_setting('MY.value'), current_setting('my.other', true)
SELECT current_setting('nosuch', true), current_setting('Transaction_Isolation')
SELECT current_setting('nosuch')
SHOW names
""",
}

# Refused honestly: SQLite has no NaN, and jsonb has no order there yet.
REFUSED = """
SELECT avg(x) FROM (VALUES ('inf'::float8), ('-inf')) v(x)
SELECT current_setting('max_connections', true)
"""


def connect(server, password_free_user):
    client = RawClient("127.0.0.1", server.port)
    client.send(startup(password_free_user, server.database))
    client.until_ready()
    return client


def answer(client, statement):
    """Columns with their OIDs, rows as text, and the SQLSTATE."""
    client.send(query(statement))
    columns, rows, state = [], [], "00000"
    while True:
        kind, body = client.receive()
        if kind == "T":
            columns = [(column[0], column[1]) for column in row_description(body)]
        elif kind == "D":
            rows.append(data_row(body))
        elif kind == "E":
            state = fields(body)["C"]
        elif kind == "Z":
            return columns if state == "00000" else [], rows, state


@pytest.fixture
def sides(probe_pair):
    clients = [connect(server, server.user) for server in probe_pair]
    for client in clients:
        answer(client, "SET timezone = 'UTC'")
    yield clients
    for client in clients:
        client.socket.close()


@pytest.mark.parametrize("group", GROUPS)
def test_values_are_those_of_postgresql(sides, group):
    found = []
    for statement in GROUPS[group].strip().splitlines():
        ours, theirs = (answer(client, statement) for client in sides)
        if ours != theirs:
            found.append(f"{statement}\n   ours   {ours}\n   theirs {theirs}")
    assert not found, "\n".join(found)


def test_what_sqlite_cannot_say_is_refused(sides):
    for statement in REFUSED.strip().splitlines():
        assert answer(sides[0], statement)[2] == "0A000", statement


PARAMETERS = """
SELECT 1 FROM announced WHERE v IN ($1, $2)
SELECT 1 FROM announced WHERE v IN ($1)
SELECT 1 FROM announced WHERE v = ANY ($1)
SELECT 1 FROM announced WHERE c = ANY ($1)
SELECT 1 FROM announced WHERE c IN ($1, $2)
SELECT 1 FROM announced WHERE r + $1 > 1
SELECT nullif(v, $1), nullif(r, $2), abs(r), r * $3, v || $4::text[] FROM announced
SELECT $1::interval day, $2::interval year to month, d + $3::interval FROM announced
SELECT 1 FROM announced WHERE o = $1 AND d - $2 > 5
""".strip().splitlines()


def test_parameters_and_columns_are_announced_as_by_postgresql(sides):
    found = []
    for client in sides:
        answer(client, "CREATE TABLE announced (id int PRIMARY KEY, v varchar(9), c char(3), r real, d date, o oid)")
    for statement in PARAMETERS:
        said = []
        for client in sides:
            client.send(parse("", statement), describe("S", ""), SYNC)
            lines = []
            while True:
                kind, body = client.receive()
                if kind == "t":
                    lines.append(struct.unpack(f"!{(len(body) - 2) // 4}I", body[2:]))
                elif kind == "T":
                    lines.append([column[:2] for column in row_description(body)])
                elif kind == "E":
                    lines.append(fields(body)["C"])
                elif kind == "Z":
                    break
            said.append(lines)
        if said[0] != said[1]:
            found.append(f"{statement}\n   ours   {said[0]}\n   theirs {said[1]}")
    for client in sides:
        answer(client, "DROP TABLE announced")
    assert not found, "\n".join(found)


def test_binary_intervals_and_names_keep_what_their_type_does(sides):
    """A year to month sent in binary loses its days; a name of 64 bytes is refused."""
    statements = ["SELECT $1::interval year to month", "SELECT $1::interval day", "SELECT $1::name"]
    values = [struct.pack("!qii", 3_723_000_000, 3, 14), struct.pack("!qii", 90_000_000_000, 3, 14), b"a" * 64]
    types = [1186, 1186, 19]
    for statement, value, oid in zip(statements, values, types):
        said = []
        for client in sides:
            client.send(parse("", statement, (oid,)), bind("", "", (value,), (1,)), execute(), SYNC)
            lines = []
            while True:
                kind, body = client.receive()
                if kind == "D":
                    lines.append(data_row(body))
                elif kind == "E":
                    lines.append(fields(body)["C"])
                elif kind == "Z":
                    break
            said.append(lines)
        assert said[0] == said[1], statement
