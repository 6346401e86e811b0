"""Counts and lengths at their limits: parameters, columns, names, rows and values, as PostgreSQL 15 has them."""
import struct

import pytest

from probing import compare, marked
from raw import SYNC, bind, describe, execute, message, parse, query, text


def parse_typed(sql, count, oid=23):
    return message("P", text("") + text(sql) + struct.pack("!H", count) + struct.pack("!I", oid) * count)


def numbers(count):
    return "SELECT " + ",".join(str(n) for n in range(count))


CASES = {
    "a hole of 65,533 parameters": [parse("", "SELECT 1 WHERE $65535::int = 5 AND $1::int = 5") + SYNC],
    "65,535 parameters": [parse_typed("SELECT $1::int + $65535::int", 65535) + bind("", "", [b"5"] * 65535) + execute() + SYNC],
    "65,536 parameters": [parse("", "SELECT $65536::int") + SYNC],
    "parameter 2147483647": [parse("", "SELECT $2147483647::int") + SYNC, parse("", "SELECT $99999999999::int") + SYNC],
    "a row of 1,664 columns": [query(numbers(1664))],
    "a row of 1,665 columns": [query(numbers(1665)), parse("", numbers(1665)) + SYNC],
    "1,664 result formats": [parse("", numbers(1664)) + bind("", "", [], [], [1] * 1664) + describe("P", "") + execute() + SYNC],
    "a statement name of 63 bytes and of 1,000": [parse("n" * 63, "SELECT 1") + parse("n" * 64, "SELECT 2")
                                                  + parse("n" * 1000, "SELECT 3") + SYNC,
                                                  *[bind("", "n" * size) + execute() + SYNC for size in (63, 64, 1000)]],
    "a portal name of 1,000 bytes": [parse("", "SELECT 1") + bind("c" * 1000, "") + execute("c" * 1000) + SYNC,
                                     execute("x" * 1000) + SYNC],
    "names beyond ASCII": [parse("größe", "SELECT 1") + bind("世界", "größe") + execute("世界") + SYNC, bind("", "größer") + SYNC],
    "a statement name that is no UTF-8": [message("P", b"\xff\0" + text("SELECT 1") + b"\0\0") + SYNC],
    "a portal name that is no UTF-8": [parse("", "SELECT 1") + message("B", b"\xff\0\0" + b"\0" * 6) + SYNC],
    "a Parse text that is no UTF-8": [message("P", b"\0SELECT '\xc3\x28'\0" + b"\0\0") + SYNC],
    "a Query text that is no UTF-8": [message("Q", b"SELECT '\xff'\0"), message("Q", b"SELECT 1 AS \xe4\0"),
                                      message("Q", b"-- \xff\nSELECT 1\0"), message("Q", b"SELECT '\xf0\x9f\x98'\0")],
    "UTF-8 in overlong and surrogate forms": [message("Q", b"SELECT '" + bad + b"'\0")
                                              for bad in (b"\xc0\x80", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
                                                          b"\xf8\x88\x80\x80\x80")],
    "names that are cut in the middle of a character": [parse("a" * 62 + "ä", "SELECT 1") + SYNC, bind("", "a" * 62 + "ö") + SYNC,
                                                        parse("a" * 62 + "ä" * 9, "SELECT 2") + SYNC],
    "application_name of 70 bytes": [query("SET application_name TO '" + "a" * 70 + "'"), query("SHOW application_name"),
                                     query("SET application_name TO '" + "ä" * 40 + "'"), query("RESET application_name")],
    "a row of 1,664 columns in a subquery": [query("SELECT count(*) FROM (" + numbers(1664) + ") q"), query("SELECT count(*) FROM ("
        + numbers(1665) + ") q")],
    "a text of 1 MB": [parse("", "SELECT $1::text, length($1::text)") + bind("", "", [b"x" * 1_000_000]) + execute() + SYNC],
    "a bytea of 1 MB": [parse("", "SELECT $1::bytea, length($1::bytea)") + bind("", "", [bytes(range(256)) * 4096], [1], [1])
                        + execute() + SYNC],
    "a query text of 1 MB": [query("SELECT length('" + "y" * 1_000_000 + "')")],
    "100,000 rows": [query("SELECT i FROM generate_series(1, 100000) g(i)")],
    "a hundred statements and portals": [b"".join(parse(f"s{n}", f"SELECT {n}") for n in range(100)) + SYNC, query("BEGIN"),
                                         b"".join(bind(f"c{n}", f"s{n}") for n in range(100)) + SYNC,
                                         b"".join(execute(f"c{n}") for n in range(99, -1, -1)) + SYNC, query("COMMIT")],
    "rows with 100,000 limits": [parse("", "SELECT i FROM generate_series(1, 3000) g(i)") + bind("c", "")
                                 + execute("c", 1) * 3001 + SYNC],
    "parentheses many deep": [query("SELECT " + "(" * 200 + "1" + ")" * 200)],
    "an AND of 2,000": [query("SELECT " + " AND ".join(["true"] * 2000))],
    "a sum of 1,500": [query("SELECT " + " + ".join(["1"] * 1500))],
    "sums of columns": [query("SELECT " + sign.join(["n"] * size) + " FROM p ORDER BY n") for sign in (" + ", " - ") for size in (30, 130, 900)],
    "products of columns": [query("SELECT " + " * ".join([value] * 25) + " - 5 * n + 1 FROM p WHERE n < 3 ORDER BY n") for value in ("n", "m", "n::int8", "n::float8")],
    "sums of other types": [query("SELECT " + " + ".join([value] * 250) + " FROM p ORDER BY n") for value in ("m", "n::int8", "n::float8", "n::int2")],
    "a sum that overflows on its way": [parse("", f"SELECT {sum} FROM p ORDER BY n") + bind("", "") + execute() + SYNC for sum in (
        "n + 2147483640 - 2000000000" + " + 1" * 20, "n + 2147483647 - 2000000000" + " + 1" * 20, "9223372036854775807" + " + n" * 20,
        "n + NULL" + " + 1" * 20, "n - 2 + NULL::int" + " + 1" * 20, "1e308::float8 * n" + " + 1e308" * 20, "n::int2 + 32767::int2" + " - 1::int2" * 20)],
    "a concatenation of 900": [query("SELECT length(" + " || ".join(["'ab'"] * 900) + ")"), query("SELECT length(" + " || ".join(["t"] * 300)
        + ") FROM p ORDER BY n")],
    "an IN of 5,000": [query("SELECT 4999 IN (" + ",".join(map(str, range(5000))) + ")")],
    "VALUES of 3,000 rows": [query("SELECT count(*) FROM (VALUES " + ",".join(f"({n})" for n in range(3000)) + ") v(n)")],
    "an INSERT of 2,000 rows": [query("INSERT INTO p (n) VALUES " + ",".join(f"({n})" for n in range(10, 2010))),
                                query("SELECT count(*), sum(n) FROM p")],
}

KNOWN = {
    "a sum of 1,500": "PostgreSQL computes it; here 54001: a statement's tree is read, bound and printed by recursion, at most 1,000 levels deep",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN))
def test_limits_are_postgresqls(probe_pair, name):
    compare(probe_pair, CASES[name])
