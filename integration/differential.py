"""Random schemas, rows and statements from a seed, run on SQLite through Crossfade and on PostgreSQL 15: the same columns,
type OIDs, rows, counts and SQLSTATEs, or 0A000. `differential.py PROXY_DSN POSTGRES_DSN [SEED …]` prints what differs."""
import random
import sys

import psycopg2
import psycopg2.extensions

KINDS = {"i2": "smallint", "i4": "integer", "i8": "bigint", "n": "numeric", "np": "numeric(10,2)", "f": "double precision",
         "t": "text", "v": "varchar(6)", "c": "character(4)", "b": "boolean", "d": "date", "ts": "timestamp", "tz": "timestamptz",
         "iv": "interval", "j": "jsonb", "u": "uuid", "y": "bytea"}
# What a kind of expression can be made of besides its own columns: `{x}` is an expression of kind x.
WORDS = ["''", "' '", "'a'", "'A'", "'ab '", "'b%'", "'_x'", "'ä'", "'Äb'", "'10'", "'9'", "'1e3'", "'a\\b'", "'%'", "'abcdef'", "'ß'", "'A_B%C'"]
POOL = {
    "i2": ["0::smallint", "32767::smallint", "(-7)::smallint"],
    "i4": ["0", "1", "2", "-3", "7", "2147483647", "(-2147483648)"],
    "i8": ["0::bigint", "5::bigint", "9223372036854775807", "3000000000", "(-9223372036854775808)"],
    "n": ["0.0", "1.5", "2.50", "-0.005", "1.10", "100", "12345678901234567890.123", "0.1", "3::numeric", "'NaN'::numeric", "1e-10", "-7.0"],
    "np": ["1.005::numeric(10,2)", "'7'::numeric(10,2)", "-2.345::numeric(10,2)"],
    "f": ["0.1::float8", "1.5::float8", "-2.5::float8", "1e15::float8", "1e16::float8", "0::float8", "'-0'::float8", "1e-5::float8", "1234567.891::float8"],
    "t": WORDS, "v": [w + "::varchar" for w in WORDS[:9]] + ["'abcdef'::varchar(3)"], "c": ["'a'::char(4)", "'a  '::char(4)", "'ab'::char(2)"],
    "b": ["true", "false", "NULL::boolean", "'t'::boolean"],
    "d": ["date '2024-02-29'", "date '2023-03-26'", "date '1999-12-31'", "'0001-01-01'::date"],
    "ts": ["timestamp '2024-03-31 02:30:00'", "timestamp '2024-10-27 02:30:00.5'", "timestamp '1970-01-01'", "'2000-02-29 23:59:59.999999'::timestamp"],
    "tz": ["timestamptz '2024-03-31 00:59:59+00'", "timestamptz '2024-10-27 01:30:00+01'", "'1999-12-31 23:59:59.5+00'::timestamptz", "timestamptz '2024-07-01'"],
    "iv": ["interval '1 month'", "interval '-1 day 2 hours'", "interval '36:00:00.5'", "interval '1 year 2 mons 3 days'", "interval '0'"],
    "j": ["""'{"b": 1, "a": [1, 2.50, null], "b": "x"}'::jsonb""", "'[1, \"a\", {}]'::jsonb", "'null'::jsonb", "'1e3'::jsonb", "'\"t\"'::jsonb"],
    "u": ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "'{a0eebc99-9c0b-4ef8-bb6d6bb9bd380a12}'::uuid"],
    "y": ["'\\x00ff'::bytea", "'\\x'::bytea", "'ab'::bytea"]}
MADE = {
    "i2": ["{i2} + {i2}", "{i2} / {i2}", "abs({i2})", "CASE WHEN {b} THEN {i2} END"],
    "i4": ["{i4} + {i4}", "{i4} - {i2}", "{i4} * {i2}", "{i4} / {i4}", "{i4} % {i4}", "-{i4}", "abs({i4})", "length({t})", "length({c})", "position({t} in {t})",
           "{d} - {d}", "coalesce({i4}, {i2})", "nullif({i4}, {i2})", "greatest({i4}, {i2})", "CASE WHEN {b} THEN {i4} ELSE {i2} END", "{n}::int", "{f}::int",
           "{b}::int", "{i4} & {i4}", "{i4} # {i4}", "{i4} >> 2", "~{i4}", "octet_length({t})", "ascii({t})", "{t}::int", "length({y})", "strpos({v}, {t})",
           "bit_length({t})", "sign({i4})::int", "mod({i4}, {i2})", "(SELECT max(i4) FROM @T WHERE i4 < {i4})"],
    "i8": ["{i8} + {i4}", "{i8} * {i4}", "{i4}::bigint * {i4}", "{i8} / {i4}", "{i8} % {i4}", "abs({i8})", "{n}::bigint", "{f}::bigint", "coalesce({i8}, {i4})", "(SELECT count(*) FROM @T WHERE {b})",
           "least({i8}, {i4})", "CASE {i4} WHEN {i2} THEN {i8} WHEN 1 THEN {i4} END"],
    "n": ["{n} + {n}", "{n} - {i4}", "{n} * {n}", "{n} / {n}", "{n} / {i4}", "{n} % {n}", "round({n})", "round({n}, 1)", "round({n}, -1)", "trunc({n}, 1)", "ceil({n})", "floor({n})", "-{n}", "abs({n})",
          "{np} * {i4}", "{np} + {np}", "{i4} * {np}", "coalesce({n}, {i4})", "{i8}::numeric", "{f}::numeric", "{t}::numeric", "{np}::numeric(5,1)", "extract(epoch FROM {ts})", "extract(year FROM {d})",
          "extract(second FROM {ts})", "extract(day FROM {iv})", "extract(dow FROM {d})", "extract(week FROM {d})", "extract(hour FROM {tz})", "greatest({n}, {np})", "mod({n}, {i4})", "sign({n})", "nullif({n}, {i4})",
          "CASE WHEN {b} THEN {n} ELSE {i4} END", "power({n}, 2)", "(SELECT sum(np) FROM @T WHERE {b})", "extract(doy FROM {ts})", "extract(quarter FROM {ts})", "extract(isodow FROM {ts})", "extract(epoch FROM {iv})", "date_part('hour', {ts})::numeric"],
    "np": ["{n}::numeric(10,2)", "{i4}::numeric(10,2)", "coalesce({np}, {np})"],
    "f": ["{f} + {f}", "{f} * {i4}", "{f} / {f}", "{f} - {n}", "-{f}", "abs({f})", "round({f})", "floor({f})", "ceil({f})", "trunc({f})", "{i4}::float8", "{n}::float8", "coalesce({f}, {i4})", "sqrt(abs({f}))", "sign({f})",
          "date_part('minute', {ts})", "nullif({f}, {i4})", "greatest({f}, {n})", "power({f}, 2::float8)", "{t}::float8", "{f}::real"],
    "t": ["{t} || {t}", "{t} || {i4}", "{n} || {t}", "{c} || {t}", "{v} || {v}", "upper({t})", "lower({t})", "initcap({t})", "substr({t}, {i2})", "substr({t}, 2, 2)", "substring({t} FROM 0 FOR 2)", "left({t}, -1)", "right({t}, 2)", "trim({t})", "trim({c})",
          "ltrim({t}, 'a ')", "rtrim({t})", "replace({t}, {t}, 'Q')", "reverse({t})", "lpad({t}, 5, 'xy')", "rpad({t}, 3)", "repeat({t}, 2)", "{i4}::text", "{n}::text", "{np}::text", "{f}::text", "{b}::text", "{d}::text", "{ts}::text", "{tz}::text",
          "{iv}::text", "{j}::text", "{u}::text", "{c}::text", "{v}::text", "{y}::text", "coalesce({t}, {v})", "nullif({t}, {t})", "greatest({t}, {t})", "CASE WHEN {b} THEN {t} ELSE {c} END", "concat({t}, {i4}, {c}, {b})", "concat_ws('-', {t}, {n}, {d})",
          "{j}->>'a'", "{j}->>0", "split_part({t}, 'b', 1)", "md5({t})", "to_char({ts}, 'YYYY-MM-DD HH24:MI:SS.MS')", "to_char({d}, 'DD.MM.YYYY')", "translate({t}, 'ab', 'x')", "quote_literal({t})", "(SELECT min(t) FROM @T WHERE t > {t})", "{t}::varchar(2)", "{v}::char(3)",
          "to_char({tz}, 'HH24:MI TZ')", "overlay({t} placing 'zz' from 2 for 1)", "chr(65 + abs({i2} % 20))", "to_char({n}, 'FM999990.00')", "{j} #>> '{{a,1}}'", "encode({y}, 'hex')", "jsonb_typeof({j})"],
    "v": ["{t}::varchar", "{t}::varchar(3)", "coalesce({v}, 'z')"], "c": ["{t}::char(4)", "coalesce({c}, 'z')"],
    "b": ["{i4} < {i8}", "{i4} = {i2}", "{n} > {i4}", "{n} = {np}", "{f} >= {n}", "{f} = {i4}", "{t} = {t}", "{t} < {v}", "{c} = {c}", "{c} = {v}", "{c} = {t}", "{c} < {c}", "{v} <> {t}", "{d} < {d}", "{d} = {ts}", "{ts} < {ts}", "{tz} > {tz}", "{ts} < {tz}", "{iv} < {iv}", "{iv} = {iv}",
          "{d} <= {tz}", "{u} = {u}", "{u} < {u}", "{y} = {y}", "{y} < {y}", "{b} AND {b}", "{b} OR {b}", "NOT {b}", "{b} = {b}", "{b} < {b}", "{i4} IS NULL", "{t} IS NOT NULL", "{b} IS TRUE", "{b} IS NOT FALSE", "{b} IS UNKNOWN", "{n} IS DISTINCT FROM {i4}", "{t} IS NOT DISTINCT FROM {t}",
          "{t} LIKE {t}", "{t} LIKE 'a%'", "{t} NOT LIKE '%b_'", "{t} ILIKE 'ä%'", "{t} ILIKE {t}", "{v} LIKE '_\\%%'", "{c} LIKE 'a%'", "{c} LIKE 'a'", "{t} LIKE '%x%%' ESCAPE 'x'", "{t} ~ '^[a-c]'", "{i4} BETWEEN {i2} AND {i4}", "{t} IN ({t}, {t}, NULL)", "{i4} IN (1, {i2}, {i4})",
          "{n} IN (1, 1.5, {n})", "{n} NOT IN (1, {np})", "{i4} IN (SELECT i2 FROM @T)", "{i4} NOT IN (SELECT i4 FROM @T)", "{n} IN (SELECT np FROM @T)", "{c} IN (SELECT v FROM @T)", "EXISTS (SELECT 1 FROM @T x WHERE x.i4 > {i4})", "{i4} = ANY (SELECT i2 FROM @T)", "{i4} > ALL (SELECT i2 FROM @T WHERE i2 IS NOT NULL)",
          "({i4}, {t}) = ({i2}, {t})", "({i4}, {t}) < ({i2}, {t})", "{i4}::boolean", "coalesce({b}, false)", "CASE WHEN {b} THEN {b} ELSE {b} END", "{j} = {j}", "{j} @> '{{\"a\": 1}}'", "{j} ? 'a'", "{t} SIMILAR TO 'a%'", "starts_with({t}, {t})", "{d} BETWEEN '2000-01-01' AND {d}", "{ts} IN ('1970-01-01', {ts})",
          "{i4} = '7'", "{t} = 'a'", "{np} = 1.5", "{tz} = '2024-07-01'", "{d} > '2000-01-01'", "{iv} > '1 day'", "{c} = 'a'", "{c} = 'a  '", "{v} = 'a '", "{u} = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "{f} = 0.1", "{n} = 0.10"],
    "d": ["{d} + {i2}", "{d} - {i2}", "{ts}::date", "{tz}::date", "coalesce({d}, {d})", "greatest({d}, {d})", "least({d}, {d})"],
    "ts": ["{ts} + {iv}", "{ts} - {iv}", "{d} + {iv}", "{d}::timestamp", "{tz}::timestamp", "date_trunc('month', {ts})", "date_trunc('week', {ts})", "date_trunc('hour', {ts})", "date_trunc('quarter', {ts})", "{tz} AT TIME ZONE 'America/New_York'", "coalesce({ts}, {d})", "{ts}::timestamp(0)"],
    "tz": ["{tz} + {iv}", "{tz} - {iv}", "{ts}::timestamptz", "{d}::timestamptz", "date_trunc('day', {tz})", "{ts} AT TIME ZONE 'Europe/Berlin'", "coalesce({tz}, {ts})", "greatest({tz}, {ts})", "{ts} AT TIME ZONE 'UTC'", "to_timestamp({i4})"],
    "iv": ["{ts} - {ts}", "{tz} - {tz}", "{iv} + {iv}", "{iv} * 2", "-{iv}", "{iv} / 3", "{iv} * 1.5", "age({ts}, {ts})", "coalesce({iv}, {iv})", "{i2} * interval '1 hour'", "justify_days({iv})", "make_interval(days => {i2})"],
    "j": ["{j}->'a'", "{j}->0", "to_jsonb({i4})", "to_jsonb({t})", "jsonb_build_object('k', {n}, 'b', {t})", "coalesce({j}, {j})", "to_jsonb({ts})", "jsonb_build_array({i4}, {t}, {b})"],
    "u": ["coalesce({u}, {u})"], "y": ["coalesce({y}, {y})", "{y} || {y}"]}
AGGREGATES = ["count(*)", "count({t})", "count(DISTINCT {i4})", "count(DISTINCT {c})", "sum({i2})", "sum({i4})", "sum({i8})", "sum({n})", "sum({np})", "avg({i4})", "avg({n})", "avg({i8})", "min({t})", "max({c})", "min({n})", "max({np})", "min({d})", "max({ts})",
              "min({tz})", "max({iv})", "sum({iv})", "bool_and({b})", "bool_or({b})", "count(*) FILTER (WHERE {b})", "sum({i4}) FILTER (WHERE {b})", "min({v})", "sum(DISTINCT {i4})", "sum(DISTINCT {n})", "max({i4} + 1)", "avg(DISTINCT {i4})", "string_agg({t}, ',' ORDER BY id)", "every({b})",
              "max({f})", "min({f})", "stddev({i4})", "variance({n})", "jsonb_agg({i4} ORDER BY id)", "max({u}::text)", "string_agg({t}, '' ORDER BY {t} DESC, id)", "avg({iv})"]
WINDOWS = ["row_number()", "rank()", "dense_rank()", "ntile(2)", "lag({i4})", "lead({t}, 1, 'none')", "first_value({n})", "last_value({t})", "sum({i4})", "count(*)", "avg({np})", "max({d})", "nth_value({t}, 2)", "percent_rank()", "cume_dist()", "sum({n})", "min({c})", "bool_and({b})"]
FRAMES = ["", "", " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", " GROUPS 1 PRECEDING"]
COLUMN_OIDS = (16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 3802,
               1000, 1005, 1007, 1009, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951, 3807)


class Generator:
    """Statements over two tables `a` and `b` (b refers to a), the same ones for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, values):
        return self.random.choice(values)

    def fill(self, template, depth, columns):
        out, rest = "", template
        while rest:
            head, brace, rest = rest.partition("{")
            out += head
            if brace and rest.startswith("{"):
                inner, _, rest = rest[1:].partition("}}")
                out += "{" + inner + "}"
            elif brace:
                kind, _, rest = rest.partition("}")
                out += self.expression(kind, depth - 1, columns)
        return out.replace("@T", self.pick(["a", "b"]))

    def expression(self, kind, depth, columns):
        roll = self.random.random()
        if depth <= 0 or roll < 0.15:
            if columns and self.random.random() < 0.7:
                return self.pick(columns) + kind
            return self.pick(POOL[kind]) if self.random.random() < 0.95 else f"NULL::{KINDS[kind]}"
        return "(" + self.fill(self.pick(MADE[kind]), depth, columns) + ")"

    def any_expression(self, depth, columns):
        return self.expression(self.pick(list(KINDS)), depth, columns)

    def literal(self, kind):  # -0 is refused in a column (22003), a documented bound of SQLite
        return "NULL" if self.random.random() < 0.2 else self.pick([value for value in POOL[kind] if value != "'-0'::float8"])

    def schema(self):
        columns = ", ".join(f"{name} {kind}" for name, kind in KINDS.items())
        action = self.pick(["ON DELETE CASCADE", "ON DELETE SET NULL", "ON DELETE RESTRICT", "ON DELETE CASCADE ON UPDATE CASCADE", "", "ON DELETE SET DEFAULT"])
        yield f"CREATE TABLE a (id INTEGER PRIMARY KEY, {columns}, UNIQUE (i2, c), CHECK (i2 < 32000), CHECK (np IS NULL OR np <= 5000))"
        yield f"CREATE TABLE b (id INTEGER PRIMARY KEY, ref INTEGER DEFAULT 1 REFERENCES a(id) {action}, {columns}, tag VARCHAR(5) UNIQUE DEFAULT NULL, n2 NUMERIC(6,3) NOT NULL DEFAULT 1.5, made TIMESTAMP DEFAULT '2024-01-01', flag BOOLEAN DEFAULT false, CONSTRAINT positive CHECK (n2 > 0))"
        if self.random.random() < 0.5:
            yield "CREATE UNIQUE INDEX b_part ON b (i4) WHERE flag"
            yield "CREATE INDEX b_ts ON b (ts DESC)"
            yield "CREATE INDEX a_t ON a (t)"
        for index in range(1, 9):
            names = list(KINDS)
            yield f"INSERT INTO a (id, {', '.join(names)}) VALUES ({index}, {', '.join(self.literal(kind) for kind in names)})"
            yield f"INSERT INTO b (id, ref, {', '.join(names)}) VALUES ({index}, {self.pick([1, 2, 3, 'NULL', 99])}, {', '.join(self.literal(kind) for kind in names)})"

    def ordered(self, expressions=()):
        keys = [f"{e} {self.pick(['', 'ASC', 'DESC', 'DESC NULLS LAST', 'NULLS FIRST'])}" for e in expressions]
        return " ORDER BY " + ", ".join(keys + ["id"])

    def select(self):
        shape = self.random.randrange(12)
        items = ", ".join(self.any_expression(2, [""]) for _ in range(self.pick([1, 2, 3])))
        if shape <= 2:
            return f"SELECT id, {items} FROM {self.pick('ab')} WHERE {self.expression('b', 2, [''])} ORDER BY id"
        if shape == 3:
            kind = self.pick([k for k in KINDS if k != "j"])
            return f"SELECT id, {kind} FROM {self.pick('ab')}{self.ordered([self.expression(kind, 1, [''])])} LIMIT {self.pick([3, 'ALL', 5])} OFFSET {self.pick([0, 1, 2])}"
        if shape == 4:
            return f"SELECT {', '.join(self.fill(self.pick(AGGREGATES), 1, ['']) for _ in range(2))} FROM {self.pick('ab')} WHERE {self.pick(['false', 'true', self.expression('b', 1, [''])])}"
        if shape == 5:
            kind = self.pick(["i2", "i4", "n", "np", "t", "v", "c", "b", "d", "ts", "iv", "u", "f"])
            key = self.expression(kind, self.pick([0, 1]), [""])
            if key not in KINDS:
                key = f"{key}"
            key = kind if not any(k in key for k in KINDS) else key
            return (f"SELECT {key} AS k, {self.fill(self.pick(AGGREGATES), 1, [''])} AS x FROM {self.pick('ab')} GROUP BY {self.pick(['k', '1'])} "
                    f"HAVING {self.pick(['count(*) > 0', 'count(*) = 1', 'max(i4) IS NOT NULL', 'sum(np) >= 0'])} ORDER BY 1{self.pick([' DESC', '', ' NULLS FIRST'])}")
        if shape == 6:
            over = self.pick(["", f"PARTITION BY {self.pick(['b', 'c', 'i2', 'np'])} "])
            order = f"ORDER BY {self.expression(self.pick(['i4', 'n', 't', 'd']), 1, [''])} {self.pick(['', 'DESC'])}, id"
            return f"SELECT id, {self.fill(self.pick(WINDOWS), 1, [''])} OVER ({over}{order}{self.pick(FRAMES)}) FROM {self.pick('ab')} ORDER BY id"
        if shape == 7:
            pairs = [("i2", "i4"), ("i4", "i8"), ("i4", "n"), ("n", "f"), ("v", "t"), ("c", "v"), ("c", "t"), ("d", "ts"), ("ts", "tz"), ("np", "n"), ("t", "t"), ("iv", "iv"), ("b", "b"), ("n", "n"), ("u", "u")]
            left, right = self.pick(pairs)
            return f"SELECT {left} FROM a {self.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'])} SELECT {self.expression(right, 1, [''])} FROM b ORDER BY 1{self.pick([' DESC', ''])}"
        if shape == 8:
            join = self.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
            kind = self.pick(list(KINDS))
            on = self.pick(["b.ref = a.id", "b.i4 = a.i2", "b.c = a.v", "b.n = a.np", "b.t = a.c", "b.f = a.n", f"b.ref = a.id AND {self.expression('b', 1, ['a.', 'b.'])}"])
            return f"SELECT a.id, b.id, {self.expression(kind, 1, ['a.', 'b.'])} FROM a {join} b ON {on} ORDER BY a.id, b.id"
        if shape == 9:
            kind = self.pick(list(KINDS))
            return f"WITH w AS (SELECT id, {self.expression(kind, 2, [''])} AS k, i4 AS m FROM a) SELECT w.k, w.m, (SELECT count(*) FROM b WHERE b.ref = w.id) FROM w WHERE {self.pick(['true', 'k IS NOT NULL', 'm > 0'])} ORDER BY id"
        if shape == 10:
            kind = self.pick([k for k in KINDS if k != "j"])
            return f"SELECT DISTINCT {self.expression(kind, 1, [''])} FROM {self.pick('ab')} ORDER BY 1{self.pick([' DESC', '', ' NULLS FIRST'])}"
        return f"SELECT {self.any_expression(3, [])}, {self.any_expression(2, [])}"

    def change(self):
        shape = self.random.randrange(11)
        kind = self.pick(list(KINDS))
        value = self.expression(kind, 2, [""])
        if shape <= 1:
            source = self.pick([k for k in KINDS])
            return f"UPDATE a SET {kind} = {self.pick([value, self.expression(source, 1, [''])])} WHERE {self.expression('b', 1, [''])} RETURNING id, {kind}"
        if shape == 2:
            return f"UPDATE b SET {kind} = {self.expression(kind, 1, ['a.', 'b.'])}, flag = DEFAULT FROM a WHERE a.id = b.ref AND {self.expression('b', 1, ['a.', 'b.'])}"
        if shape == 3:
            return f"DELETE FROM a WHERE {self.pick(['id = 1', 'id < 3', self.expression('b', 1, [''])])}"
        if shape == 4:
            return f"DELETE FROM b USING a WHERE a.id = b.ref AND {self.expression('b', 1, ['a.', 'b.'])}"
        if shape == 5:
            return f"INSERT INTO b (id, ref, {kind}, tag) SELECT id + 100, id, {value}, {self.pick(['NULL', 't', 'c', 'id::text', 'v'])} FROM a WHERE {self.expression('b', 1, [''])} ORDER BY id"
        if shape == 6:
            return f"INSERT INTO a (id, {kind}) VALUES ({self.pick([1, 2, 50])}, {self.expression(kind, 2, [])}) ON CONFLICT (id) DO {self.pick(['NOTHING', f'UPDATE SET {kind} = excluded.{kind}', f'UPDATE SET {kind} = coalesce(excluded.{kind}, a.{kind}) WHERE a.id = 1'])} RETURNING *"
        if shape == 7:
            other = self.pick(list(KINDS))
            return f"INSERT INTO b (id, ref, n2, {kind}) VALUES (70, {self.pick([1, 2, 77])}, {self.pick(['DEFAULT', '1.0005', '-1', '999.9996', '7', self.expression('n', 1, [])])}, {self.expression(self.pick([kind, other]), 1, [])}) RETURNING *"
        if shape == 8:
            return f"INSERT INTO b (id, ref, tag) VALUES (81, 1, {self.expression(self.pick(['t', 'v', 'c']), 1, [])}), (82, 2, {self.expression('t', 1, [])}) ON CONFLICT (tag) DO UPDATE SET i4 = 5 RETURNING id, tag, i4"
        if shape == 9:
            return f"UPDATE a SET id = id + {self.pick([1, 10])} WHERE id {self.pick(['= 8', '> 5', '= 1', '< 100'])} RETURNING id"
        return f"INSERT INTO a (id, {kind}) VALUES (60, {self.pick(POOL[self.pick(['t', 'i4', 'n', kind])])}) RETURNING {kind}, {kind} IS NULL, {kind}::text"


def connect(dsn, zone="Europe/Berlin"):
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    for oid in COLUMN_OIDS:  # every value as the server's text
        psycopg2.extensions.register_type(psycopg2.extensions.new_type((oid,), f"raw{oid}", lambda text, _: text), connection)
    connection.cursor().execute(f"SET timezone = '{zone}'")
    return connection


def run(connection, statement):
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
        description = cursor.description
        return {"columns": [(c.name, c.type_code, c.internal_size if c.type_code in (1042, 1043) else 0) for c in description or []],
                "rows": cursor.fetchall() if description else [], "count": cursor.rowcount, "state": "00000"}
    except psycopg2.Error as error:
        return {"state": error.pgcode or "lost", "message": str(error).strip()}


def change(connection, statement):
    """The statement's outcome and the tables after it; undone."""
    run(connection, "BEGIN")
    result = run(connection, statement)
    if result["state"] == "00000":
        result["after"] = [run(connection, f"SELECT * FROM {table} ORDER BY id").get("rows") for table in "ab"]
        result["rows"] = sorted(result["rows"], key=repr)
    run(connection, "ROLLBACK")
    return result


def compared(statement, result):
    """What must be equal. Which of several equal values stands for a group, and the order of ties, PostgreSQL leaves open."""
    result = {key: value for key, value in result.items() if key != "message"}
    if "rows" in result and any(word in statement for word in ("DISTINCT", "GROUP BY", "UNION", "INTERSECT", "EXCEPT")):
        def plain(value):
            return value if value is None else (value.rstrip("0").rstrip(".") if "." in value else value).rstrip(" ")
        result["rows"] = sorted((tuple(map(plain, row)) for row in result["rows"]), key=repr)
    if "columns" in result:  # a constant folded by PostgreSQL's planner keeps its length, an expression does not
        result["columns"] = [column[:2] for column in result["columns"]]
    return result


# An error where PostgreSQL has rows, or the other way round, that is no wrong answer: (ours, PostgreSQL's, why).
KNOWN = [
    ("22003", "00000", "NaN and -0 of double precision cannot be held by SQLite"),
    ("22012", "00000", "both rows of a row comparison are computed, PostgreSQL stops at the first difference"),
    ("00000", "21000", "ON CONFLICT DO UPDATE of a row that the same statement inserted"),
    ("00000", "42804", "PostgreSQL wants a type for the constant in last_value('x')"),
]


class Tally:
    def __init__(self):
        self.same = self.refused = self.errors = self.known = 0
        self.refusals, self.wrong = {}, []

    @property
    def run(self):
        return self.same + self.refused + self.known + len(self.wrong)

    @staticmethod
    def is_known(through, direct):
        states = (through["state"], direct["state"])
        # PostgreSQL computes constants before it reads a row: an error there, no row here.
        folded = states[0] == "00000" and states[1].startswith("22") and not through.get("rows") and through.get("count", 0) <= 0
        return folded or any(states == (ours, theirs) for ours, theirs, _ in KNOWN)

    def add(self, seed, statement, through, direct):
        if through["state"] == "0A000" and direct["state"] != "0A000":
            self.refused += 1
            self.refusals.setdefault(through["message"].splitlines()[0], statement)
        elif compared(statement, through) == compared(statement, direct):
            self.same += 1
            self.errors += direct["state"] != "00000"
        elif self.is_known(through, direct):
            self.known += 1
        else:
            self.wrong.append((seed, statement, through, direct))


def run_seed(seed, through, direct, tally, queries=150, changes=60):
    """One schema, its rows, and so many statements; both databases must be empty of `a` and `b`, and are again after it."""
    generator = Generator(seed)
    for statement in generator.schema():
        tally.add(seed, statement, run(through, statement), run(direct, statement))
    for index in range(queries + changes):
        statement, how = (generator.select(), run) if index % 7 < 5 else (generator.change(), change)
        tally.add(seed, statement, how(through, statement), how(direct, statement))
    for connection in (through, direct):
        run(connection, "DROP TABLE b")
        run(connection, "DROP TABLE a")


def main():
    through, direct = connect(sys.argv[1]), connect(sys.argv[2])
    tally = Tally()
    for seed in map(int, sys.argv[3:] or ["1"]):
        run_seed(seed, through, direct, tally)
    for seed, statement, ours, theirs in tally.wrong:
        print(f"--- seed {seed}: {statement}")
        for key in ("state", "message", "columns", "count", "rows", "after"):
            if ours.get(key) != theirs.get(key):
                mine, other = ours.get(key), theirs.get(key)
                if key == "after":
                    mine, other = sum(mine or [], []), sum(other or [], [])
                if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
                    mine, other = zip(*[(m, o) for m, o in zip(mine, other) if m != o][:3])
                print(f"    {key}: {str(mine)[:500]}\n      PG: {str(other)[:500]}")
    if "-v" in sys.argv:
        print(tally.refusals)
    print(f"run {tally.run} same {tally.same} (of them errors {tally.errors}) refused {tally.refused} known {tally.known} wrong {len(tally.wrong)}")
    return 3 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
