"""Views that another program made in the file: their computed columns have no declared type. Each can be read, with SQLite's own values: by its
text where the text says what SQLite computes, as text where it does not."""
import decimal
import random
import sqlite3

import psycopg2
import psycopg2.extensions
import pytest

TABLES = """
CREATE TABLE item (id INTEGER PRIMARY KEY, n INT, price REAL, amount DECIMAL(10,2), name VARCHAR(20), code TEXT COLLATE NOCASE, made DATETIME, day DATE, ok BOOLEAN, raw BLOB, ref INTEGER);
CREATE TABLE "Odd Name" ("Mixed Case" INTEGER, [in brackets] TEXT, `ticks` REAL);
INSERT INTO item VALUES (1, 3, 1.5, 2, 'ab', 'Xy', '2024-02-29 10:00:00', '2024-02-29', 1, x'00ff', 2), (2, NULL, 2, 2.25, '7', 'b', '1999-12-31 23:59:59', '1999-12-31', 0, x'', 1),
  (3, -4, NULL, 1000000.5, 'äb c', NULL, NULL, NULL, NULL, NULL, 3), (4, 9007199254740993, 1e300, 0.1, '', 'XY', '2000-01-01 00:00:00', '2000-01-01', 1, x'61', NULL);
INSERT INTO "Odd Name" VALUES (1, 'one', 0.5), (2, NULL, 7.0);
"""
# The view's text, and the types that its columns have; any: text of whatever is there.
VIEWS = [
    ("SELECT count(*), sum(n), avg(n), total(price), max(made), min(day), group_concat(name, '; ') FROM item GROUP BY ok",
     "bigint, bigint, double precision, double precision, timestamp without time zone, date, text"),
    ("SELECT n + 1, price * n, amount * 2, n / 2, n % 2, -n, ~n, n || name, name || '!' FROM item", "bigint, double precision, numeric, bigint, bigint, bigint, bigint, text, text"),
    ("SELECT n = 1, n == 1, n IS 1, n IS NOT name, name GLOB 'a*', name NOT GLOB 'a*', name NOTNULL, NOT ok, n IN (1, 2), n BETWEEN 1 AND 4, name LIKE 'a%' FROM item", ", ".join(["bigint"] * 11)),
    ("SELECT CASE WHEN n > 1 THEN 'many' ELSE 'few' END, iif(n > 1, 1, 2), ifnull(n, 0), coalesce(price, 0), nullif(name, ''), coalesce(made, '2000-01-01 00:00:00') FROM item",
     "text, bigint, bigint, double precision, text, text"),
    ("SELECT date(made), time(made), datetime(made), strftime('%Y', made), julianday(made), current_date IS NULL FROM item", "text, text, text, text, double precision, bigint"),
    ("SELECT length(name), upper(name), substr(raw, 1), substr(name, 1, 2), typeof(n), hex(raw), round(n), round(price, 1), abs(n), instr(name, 'b'), printf('%d', n), char(65) FROM item",
     "bigint, text, bytea, text, text, text, double precision, double precision, bigint, bigint, text, text"),
    ("SELECT (SELECT count(*) FROM item i WHERE i.ref = item.id), EXISTS (SELECT 1 FROM \"Odd Name\"), (SELECT max(price) FROM item) FROM item", "bigint, bigint, double precision"),
    ("SELECT row_number() OVER (ORDER BY id), sum(n) OVER (PARTITION BY ok), lag(made) OVER (ORDER BY id), rank() OVER w FROM item WINDOW w AS (ORDER BY name)",
     "bigint, bigint, timestamp without time zone, bigint"),
    ("SELECT cast(name AS INTEGER), cast(n AS TEXT), cast(n AS REAL), cast(price AS DECIMAL(5,1)), cast(name AS BLOB) FROM item", "bigint, text, double precision, numeric, bytea"),
    ("SELECT id, n FROM item UNION ALL SELECT 9, 'text'", "bigint, text"),
    ("SELECT n AS 'Total n', id 'quoted' FROM item", "bigint, bigint"),
    ("WITH big(x, y) AS (SELECT n * 2, name FROM item), more AS (SELECT * FROM big) SELECT x, y, x + 1 FROM more", "bigint, text, bigint"),
    ("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3) SELECT i, i * 1.5 FROM c", "bigint, double precision"),
    ('SELECT o.*, o."Mixed Case" + 1, [in brackets] || `ticks` FROM "Odd Name" AS o', "bigint, text, double precision, bigint, text"),
    ("SELECT a.*, b.price + 1 FROM item a JOIN item b USING (id)", "bigint, bigint, double precision, numeric, text, text, timestamp without time zone, date, boolean, bytea, bigint, double precision"),
    ("SELECT * FROM item NATURAL JOIN (SELECT id, 1.5 AS extra FROM item)", "bigint, bigint, double precision, numeric, text, text, timestamp without time zone, date, boolean, bytea, bigint, double precision"),
    ("SELECT json_extract('{\"a\": 5}', '$.a'), json_array(n), n -> '$', 7, 3000000000, 1.5, 'k', NULL, x'61', TRUE FROM item", "text, text, text, bigint, bigint, double precision, text, text, bytea, bigint"),
    ("SELECT x.id, x.c FROM (SELECT id, count(*) AS c FROM item GROUP BY id) AS x ORDER BY 1 LIMIT 1, 2", "bigint, bigint"),
    ("SELECT key, value FROM json_each('[1, \"a\", 2.0, 0.1]')", "text, text"),  # its text is not understood: all as they are
    ("SELECT id FROM item NOT INDEXED", "bigint"),
    ("SELECT user, x.localtime, session_user + 1, current_role FROM (SELECT n AS user, n AS localtime, n AS session_user, n AS current_role FROM item) x", "bigint, bigint, bigint, bigint"),  # names there
    ("SELECT code || name + 1, code || ' ' || n * 2, n + code || name, n | code || name, name || (n + 1), ~n + price FROM item", "text, text, text, text, text, numeric"),  # || binds closer there
    ("WITH RECURSIVE c(i, j, k) AS (SELECT 1, 1, 1 UNION ALL SELECT i + 1, k, 'a' FROM c WHERE i < 5) SELECT i, j, k FROM c", "bigint, text, text"),
    ("SELECT * FROM (SELECT 1 AS i, 'x' AS q) RIGHT JOIN (SELECT 'y' AS i UNION ALL SELECT 1) USING (i)", "text, text"),
    ("SELECT i FROM (SELECT 1 AS i, 'x' AS q) NATURAL FULL JOIN (SELECT 2.5 AS i UNION ALL SELECT 1)", "double precision"),
]


def cursor(proxy):
    connection = psycopg2.connect(proxy.url())
    connection.autocommit = True
    raw = psycopg2.extensions.new_type((16, 17, 20, 25, 701, 1082, 1114, 1700), "AS_SENT", lambda value, _: value)
    psycopg2.extensions.register_type(raw, connection)
    return connection.cursor()


def same(oid, sent, stored):
    """Is the text that was sent what SQLite has?"""
    if sent is None or stored is None:
        return sent is stored
    if isinstance(stored, bytes):
        return sent == "\\x" + stored.hex()
    if oid == 16:
        return sent == {0: "f", 1: "t"}[stored]
    if oid == 20:
        return sent == str(stored) and isinstance(stored, int)
    if oid in (701, 1700):
        return decimal.Decimal(sent) == decimal.Decimal(repr(stored)) if oid == 1700 else float(sent) == stored
    return float(sent) == stored and not sent.isdigit() if isinstance(stored, float) else sent == str(stored)


def check(asked, plain, view):
    """Rows of the view through the proxy and by SQLite itself."""
    expected = plain.execute(f"SELECT * FROM {view}").fetchall()
    beyond = any(isinstance(value, float) and abs(value) >= 2**63 for row in expected for value in row)
    try:
        asked.execute(f"SELECT * FROM {view}")
    except psycopg2.errors.InvalidTextRepresentation:  # an integer that SQLite computes as a REAL, as it is too large
        assert beyond, view
        return
    rows, types = asked.fetchall(), [column.type_code for column in asked.description]
    assert len(rows) == len(expected), view
    for row, stored in zip(rows, expected):
        assert all(map(same, types, row, stored)), (view, row, stored, types)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "views.db"
    with sqlite3.connect(path) as plain:
        plain.executescript(TABLES)
    return path


def test_columns_of_views_have_the_types_of_what_sqlite_computes(file, crossfade):
    with sqlite3.connect(file) as plain:
        for i, (text, _) in enumerate(VIEWS):
            plain.execute(f"CREATE VIEW v{i} AS {text}")
        plain.execute("CREATE VIEW named(a, b) AS SELECT n * 2, name FROM item")
        plain.execute("CREATE TEMP VIEW gone AS SELECT 1")
        plain.execute("CREATE VIEW over AS SELECT a + 1 AS c, v0.*, (SELECT max(b) FROM named) AS d FROM named, v0")
    asked = cursor(crossfade(sqlite=file))
    for i, (text, types) in enumerate(VIEWS):
        check(asked, plain, f"v{i}")
        asked.execute("SELECT string_agg(data_type, ', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = %s", (f"v{i}",))
        assert asked.fetchone()[0] == types, text
    check(asked, plain, "named")
    check(asked, plain, "over")
    asked.execute("SELECT sum(c), max(d) FROM over")  # sum(bigint) is numeric
    assert [column.type_code for column in asked.description] == [1700, 25]


def test_what_the_text_does_not_say_compares_as_text(file, crossfade):
    with sqlite3.connect(file) as plain:
        plain.execute("CREATE VIEW v AS SELECT value AS x FROM json_each('[5, \"5\", 2.0, 0.30000000000000004, \"a\", null]')")
    asked = cursor(crossfade(sqlite=file))
    asked.execute("SELECT x FROM v WHERE x = '5'")
    assert asked.fetchall() == [("5",), ("5",)]
    asked.execute("SELECT x, count(*) FROM v GROUP BY x ORDER BY x")
    assert asked.fetchall() == [("0.30000000000000004", "1"), ("2.0", "1"), ("5", "2"), ("a", "1"), (None, "1")]
    asked.execute("SELECT x || '!', upper(x), x > '2', x IN ('2.0', 'a'), x::varchar(1) FROM v ORDER BY x LIMIT 2")
    assert asked.fetchall() == [("0.30000000000000004!", "0.30000000000000004", "f", "f", "0"), ("2.0!", "2.0", "t", "t", "2")]
    asked.execute("SELECT DISTINCT x FROM v WHERE x LIKE '%0%' ORDER BY 1")
    assert asked.fetchall() == [("0.30000000000000004",), ("2.0",)]


class Expressions:
    """Random expressions of SQLite over the columns of item."""

    LEAVES = ["n", "price", "amount", "name", "code", "made", "day", "ok", "raw", "id", "ref", "1", "-3", "2.5", "'x'", "'12'", "NULL", "x'62'", "TRUE"]
    MADE = ["{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} % {}", "{} || {}", "{} = {}", "{} < {}", "{} IS {}", "{} & {}", "-{}", "+{}", "NOT {}", "abs({})", "round({})", "length({})",
            "upper({})", "substr({}, 1, 2)", "coalesce({}, {})", "ifnull({}, {})", "nullif({}, {})", "max({}, {})", "min({}, {})", "iif({}, {}, {})", "CASE WHEN {} THEN {} ELSE {} END",
            "CASE {} WHEN {} THEN {} END", "cast({} AS INTEGER)", "cast({} AS TEXT)", "cast({} AS REAL)", "cast({} AS NUMERIC)", "{} IN ({}, {})", "{} BETWEEN {} AND {}", "typeof({})",
            "likely({})", "quote({})", "trim({})", "hex({})", "{} COLLATE NOCASE", "(SELECT {})", "{} IS NOT NULL", "replace({}, 'a', 'b')", "unicode({})", "json_array({})", "date({})"]
    OVER_ALL = ["sum({})", "total({})", "avg({})", "max({})", "min({})", "count({})", "group_concat({})", "sum({}) + max({})"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def make(self, depth):
        if depth == 0 or self.random.random() < 0.2:
            return self.random.choice(self.LEAVES)
        template = self.random.choice(self.MADE)
        return template.format(*(f"({self.make(depth - 1)})" for _ in range(template.count("{}"))))

    def query(self):
        roll = self.random.random()
        if roll < 0.2:
            template = self.random.choice(self.OVER_ALL)
            return f"SELECT {template.format(*(self.make(1) for _ in range(template.count('{}'))))} AS x FROM item" + self.random.choice(["", " GROUP BY ok", " GROUP BY id"])
        if roll < 0.35:
            return f"SELECT {self.make(1)} AS x FROM item UNION ALL SELECT {self.make(1)} FROM item"
        return f"SELECT {self.make(self.random.choice([1, 2, 3]))} AS x FROM item"


def test_random_views_are_read_as_sqlite_reads_them(file, crossfade):
    made = Expressions(12)
    with sqlite3.connect(file) as plain:
        for i in range(600):
            query = made.query()
            try:
                plain.execute(query).fetchall()
                plain.execute(f"CREATE VIEW r{i} AS {query}")
            except (sqlite3.Error, OverflowError):  # sum() beyond 64 bits, json_array() of a BLOB
                pass
    views = [name for name, in plain.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
    assert len(views) > 500
    asked = cursor(crossfade(sqlite=file))
    wrong = []
    for view in views:
        try:
            check(asked, plain, view)
        except (AssertionError, psycopg2.Error) as failure:
            wrong.append((plain.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (view,)).fetchone()[0], str(failure)[:300]))
    assert not wrong, f"{len(wrong)} of {len(views)}:\n" + "\n".join(map(str, wrong[:20]))


def test_a_union_is_sorted_by_code_points_whatever_the_columns_collation(file, crossfade):
    asked = cursor(crossfade(sqlite=file))
    asked.execute("SELECT code FROM item WHERE code IS NOT NULL UNION ALL SELECT 'c' ORDER BY 1")
    assert asked.fetchall() == [("XY",), ("Xy",), ("b",), ("c",)]
