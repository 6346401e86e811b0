"""verify finds every planted difference and no other; verify --repair mends them all."""
import collections
import os
import random
import struct

import psycopg2
import pytest

from test_move import make, rows
from verbs import Move, answer, run

CHANGES = 300
FILE = """PRAGMA journal_mode=wal;
CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, price REAL, amount DECIMAL(12,4), made DATETIME, seen TIMESTAMP,
                   day DATE, active BOOLEAN, note TEXT, data BLOB, doc JSON, big INTEGER);
CREATE TABLE pair (a TEXT, b INTEGER, v TEXT, w REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE loose (x REAL, y TEXT);
CREATE TABLE line (id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES item(id), n INTEGER);
CREATE INDEX item_price ON item (price); CREATE INDEX line_item ON line (item);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO item SELECT i, 'code ' || i, i * 0.37, i * 1.5,
  strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i * 997, 'unixepoch'), 1700000000123 + i, date(1700000000 + i * 86400, 'unixepoch'), i % 2,
  CASE i % 3 WHEN 0 THEN '' WHEN 1 THEN 'text ' || i ELSE NULL END, randomblob(i % 30), '{"b": ' || i || ', "a": [1, 2]}', i * 9007199254740993 % 4611686018427387904 FROM n;
INSERT INTO pair SELECT 'key ' || (id % 10), id, 'v' || id, id / 7.0 FROM item;
INSERT INTO loose SELECT id / 3.0, 'y' || (id % 5) FROM item; INSERT INTO loose SELECT * FROM loose;
INSERT INTO line SELECT id, id, id % 4 FROM item;"""


def next_double(value):
    return struct.unpack("<d", struct.pack("<q", struct.unpack("<q", struct.pack("<d", value))[0] ^ 1))[0]


# name → table, key column(s), changed column, the row's condition, the new value as SQL over the old one
SPOILERS = {
    "a bit of a real": ("item", "price", "true", None),
    "a trailing space": ("item", "code", "true", "code || ' '"),
    "NULL for an empty text": ("item", "note", "note = ''", "NULL"),
    "an empty text for NULL": ("item", "note", "note IS NULL", "''"),
    "one second of a timestamp": ("item", "made", "true", "made + interval '1 second'"),
    "one millisecond of a timestamptz": ("item", "seen", "true", "seen - interval '1 millisecond'"),
    "a day": ("item", "day", "true", "day + 1"),
    "the last digit of a numeric": ("item", "amount", "true", "amount + 0.0001"),
    "a boolean": ("item", "active", "true", "NOT active"),
    "a byte of a bytea": ("item", "data", "length(data) > 0", "set_byte(data, 0, (get_byte(data, 0) + 1) %% 256)"),
    "a blank in a json": ("item", "doc", "true", "(replace(doc::text, ': ', ':'))::json"),
    "one of a bigint": ("item", "big", "true", "big + 1"),
    "a letter's case": ("pair", "v", "true", "upper(v)"),
    "a bit of a real under a compound key": ("pair", "w", "true", None),
}


def spoil(cursor, chance, spoiled):
    name, (table, column, condition, value) = chance.choice(list(SPOILERS.items()))
    key = "id" if table == "item" else "a, b"
    cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {condition}")
    found = [row for row in cursor.fetchall() if (table, row[:-1]) not in spoiled]
    if not found:
        return False
    row = chance.choice(found)
    where = "id = %s" if table == "item" else "a = %s AND b = %s"
    if value is None:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {where}", (next_double(row[-1]), *row[:-1]))
    else:
        cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE {where}", row[:-1])
    assert cursor.rowcount == 1, name
    spoiled[table, row[:-1]] = {column}
    return True


def key_text(key):
    return "(" + ", ".join(str(part) if isinstance(part, int) else f"'{part}'" for part in key) + ")"


def found_by(report):
    seen = collections.defaultdict(set)
    for table in report["tables"]:
        for one in table["examples"]:
            seen[table["table"], one["key"]].add(one["column"] if one["kind"] == "value" else one["kind"])
    return dict(seen)


def test_verify_finds_three_hundred_changes_and_no_other_and_repairs_them(tmp_path, pg_database):
    seed = int(os.environ.get("CROSSFADE_SEED", "1"))
    chance = random.Random(seed)
    move = Move(make(tmp_path / "app.db", FILE), pg_database, tmp_path)
    move.plan()
    move.copy()
    assert move.verify()["equal"]
    assert rows(pg_database, "SELECT string_agg(format_type(atttypid, atttypmod), ' ' ORDER BY attnum) FROM pg_attribute "
                             "WHERE attrelid = 'item'::regclass AND attnum > 0") == [
        ("bigint text double precision numeric(12,4) timestamp without time zone timestamp with time zone date boolean text bytea json bigint",)]

    spoiled = {}
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        while len(spoiled) < CHANGES - 20:
            spoil(cursor, chance, spoiled)
        expected = {(table, key_text(key)): columns for (table, key), columns in spoiled.items()}
        free = [number for number in range(1, 2001) if ("item", (number,)) not in spoiled]
        chance.shuffle(free)
        for number in free[:5]:  # dropped rows
            cursor.execute("DELETE FROM item WHERE id = %s", (number,))
            expected["item", f"({number})"] = {"only-sqlite"}
        for number in range(9001, 9006):  # rows that nobody knows
            cursor.execute("INSERT INTO pair (a, b) VALUES ('extra', %s)", (number,))
            expected["pair", f"('extra', {number})"] = {"only-postgres"}
        for one, other in zip(free[5:10], free[10:15]):  # rows swapped: a unique value, too
            cursor.execute("SELECT code FROM item WHERE id IN (%s, %s) ORDER BY id = %s", (one, other, other))
            (mine,), (theirs,) = cursor.fetchall()
            for number, code in ((one, "parked"), (other, mine), (one, theirs)):
                cursor.execute("UPDATE item SET code = %s WHERE id = %s", (code, number))
            expected["item", f"({one})"] = expected["item", f"({other})"] = {"code"}
        cursor.execute("DELETE FROM loose WHERE ctid IN (SELECT ctid FROM loose ORDER BY x LIMIT 1)")
        cursor.execute("UPDATE loose SET y = 'else' WHERE ctid IN (SELECT ctid FROM loose WHERE x = 2)")
        changed_loose = cursor.rowcount
    report = move.verify("--examples", 2000, check=3)
    seen = {place: what for place, what in found_by(report).items() if place[0] != "loose"}
    assert seen == expected, {place: (seen.get(place), expected.get(place)) for place in {*seen, *expected} if seen.get(place) != expected.get(place)}
    loose = next(table for table in report["tables"] if table["table"] == "loose")
    assert (loose["only_sqlite"], loose["only_postgres"]) == (1 + changed_loose, changed_loose) and changed_loose == 2
    assert report["problems"] == []

    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("DROP INDEX item_price; ALTER TABLE item DROP CONSTRAINT item_code_key; ALTER TABLE line DROP CONSTRAINT line_item_fkey;"
                       "ALTER TABLE item ALTER COLUMN code DROP NOT NULL; ALTER TABLE pair DROP CONSTRAINT pair_pkey;"
                       "SELECT setval(pg_get_serial_sequence('item', 'id'), 17)")
    problems = move.verify(check=3)["problems"]
    assert sorted(problem.split(" is not ")[0] for problem in problems if "sequence" not in problem) == [
        "item: NOT NULL of code", "item: constraint item_code_key", "item: index item_price", "line: constraint line_item_fkey",
        "pair: constraint pair_pkey"]
    assert sum("sequence has given 17" in problem for problem in problems) == 1 and len(problems) == 6

    mended = answer("verify", *move.pair, "--repair", check=0)
    assert mended["equal"] and mended["failed"] == [] and mended["before"]["differences"] == report["differences"]
    assert move.verify()["equal"]
    assert "nothing to mend" in run("verify", *move.pair, "--repair", check=0).stdout
    print(f"seed {seed}: {len(expected) + 3} rows spoiled, all found and no other; mended {mended['rows']} rows, made again {mended['made']}")


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_each_kind_of_change_alone_is_found_with_both_values(tmp_path, pg_database, spoiler):
    move = Move(make(tmp_path / "app.db", FILE.replace("i < 2000", "i < 30")), pg_database, tmp_path)
    move.plan()
    move.copy()
    spoiled = {}
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        chance = random.Random(spoiler)
        chance.choice = lambda choices, pick=chance.choice: (spoiler, SPOILERS[spoiler]) if isinstance(choices[0], tuple) and choices[0][0] in SPOILERS else pick(choices)
        assert spoil(cursor, chance, spoiled)
    (table, key), columns = spoiled.popitem()
    report = move.verify(check=3)
    assert report["differences"] == 1 and found_by(report) == {(table, key_text(key)): columns}
    one = next(one for found in report["tables"] for one in found["examples"])
    assert one["sqlite"] != one["postgres"]
    assert run("verify", *move.pair, "--table", "line", check=0).stdout.splitlines()[1].startswith("line")
    assert run("verify", *move.pair, "--table", "nothing", check=2).stderr.startswith("crossfade: the file has no table")
