"""Corners of the extended protocol, held with PostgreSQL 15 and with Crossfade on SQLite: the same messages with the same texts."""
import struct

import pytest

from probing import PATIENCE, TABLE, compare, heard, marked
from raw import FLUSH, SYNC, bind, close, describe, execute, message, parse, query, text

N = "SELECT n FROM p ORDER BY n"
FAILS = "SELECT 1 / (n - n) FROM p"  # in Execute; PostgreSQL computes constants in Bind already
BROKEN = "SELECT nope"
INSERT = "INSERT INTO p (n) VALUES ($1)"


def run(sql, *values, portal="", rows=0):
    return parse("", sql) + bind(portal, "", values) + execute(portal, rows)


def call(function, arguments, formats=(), result=0):
    body = struct.pack(f"!IH{len(formats)}HH", function, len(formats), *formats, len(arguments))
    for value in arguments:
        body += struct.pack("!i", -1) if value is None else struct.pack("!I", len(value)) + value
    return message("F", body + struct.pack("!H", result))


CASES = {
    # Parse
    "Parse alone has no answer before Flush": [parse("", "SELECT 1"), FLUSH, SYNC],
    "Flush alone": [FLUSH, FLUSH + FLUSH, SYNC],
    "each message with its own Flush": [parse("s", "SELECT $1::int") + FLUSH, describe("S", "s") + FLUSH, bind("c", "s", [b"7"])
                                        + FLUSH,
                                        describe("P", "c") + FLUSH, execute("c") + FLUSH, close("P", "c") + FLUSH,
                                        close("S", "s") + FLUSH, SYNC],
    "the same name twice without a Sync between": [parse("s", "SELECT 1") + parse("s", "SELECT 2") + SYNC, bind("", "s")
                                                   + execute() + SYNC],
    "the unnamed statement is replaced": [parse("", "SELECT 1") + parse("", "SELECT 'two'") + bind("", "") + execute() + SYNC],
    "a failed Parse of the unnamed statement drops the one before": [parse("", "SELECT 1") + SYNC, parse("", "SELEC 2") + SYNC,
                                                                     bind("", "") + SYNC],
    "a simple query drops the unnamed statement": [parse("", "SELECT 1") + SYNC, query("SELECT 2"), bind("", "") + execute()
                                                   + SYNC],
    "a simple query keeps named statements": [parse("s", "SELECT 1") + SYNC, query("SELECT 2"), bind("", "s") + execute() + SYNC],
    "an empty simple query drops the unnamed statement": [parse("", "SELECT 1") + SYNC, query(""), bind("", "") + execute()
                                                          + SYNC],
    "a failed Parse keeps a named statement's name free": [parse("s", "SELEC") + SYNC, parse("s", "SELECT 5") + bind("", "s")
                                                           + execute() + SYNC],
    "Parse in a failed transaction": [query("BEGIN"), query(BROKEN), parse("", "SELECT 1") + SYNC, parse("", "ROLLBACK")
                                      + bind("", "") + execute() + SYNC],
    "an empty Parse in a failed transaction": [query("BEGIN"), query(BROKEN), parse("", "") + bind("", "") + execute() + SYNC,
                                               query("ROLLBACK")],
    "Bind in a failed transaction": [parse("s", "SELECT 1") + parse("r", "ROLLBACK") + SYNC, query("BEGIN"), query(BROKEN),
                                     bind("", "s") + SYNC,
                                     bind("", "r") + execute() + SYNC],
    "Describe in a failed transaction": [parse("s", "SELECT 1") + parse("r", "ROLLBACK") + SYNC, query("BEGIN"), query(BROKEN),
                                         describe("S", "s") + SYNC,
                                         describe("S", "r") + SYNC, query("ROLLBACK")],
    "Close works in a failed transaction": [parse("s", "SELECT 1") + SYNC, query("BEGIN"), query(BROKEN), close("S", "s") + SYNC,
                                            query("ROLLBACK"),
                                            bind("", "s") + SYNC],
    "a syntax error has its position": [parse("", "SELECT 1 FROM WHERE") + SYNC],
    "an unknown column has its position": [parse("", "SELECT nope FROM p") + SYNC],
    "an unknown table in Parse": [parse("s", "SELECT * FROM nope") + SYNC, bind("", "s") + SYNC],
    "several statements": [parse("", "SELECT 1; SELECT 2") + SYNC, parse("", "SELECT 1;;") + bind("", "") + execute() + SYNC,
                           parse("", ";SELECT 1") + bind("", "") + execute() + SYNC],
    "comments only": [parse("", "-- nothing") + describe("S", "") + bind("", "") + describe("P", "") + execute() + SYNC,
                      parse("", "/* a /* b */ */ ;") + bind("", "") + execute() + SYNC],
    "a declared type nobody knows": [parse("", "SELECT $1", [999999]) + SYNC],
    "a declared type of a parameter that is not used": [parse("", "SELECT 1", [23]) + describe("S", "") + bind("", "", [b"1"])
                                                        + execute() + SYNC],
    "more declared types than parameters": [parse("", "SELECT $1::int", [23, 25, 16]) + describe("S", "") + SYNC,
                                            bind("", "", [b"1"]) + SYNC],
    "a declared type beyond the used ones stays unknown": [parse("", "SELECT $1::int", [0, 0]) + describe("S", "") + SYNC],
    "type zero and unknown are inferred": [parse("", "SELECT $1::int, $2::text", [0, 705]) + describe("S", "")
                                           + bind("", "", [b"1", b"x"]) + execute() + SYNC],
    "a declared type that does not fit": [parse("", "SELECT n FROM p WHERE n = $1", [25]) + SYNC,
                                          parse("", "SELECT $1 + 1", [16]) + SYNC],
    "a declared type that is cast": [parse("", "SELECT $1::int", [25]) + describe("S", "") + bind("", "", [b"42"]) + execute()
                                     + SYNC],
    "one parameter with two types": [parse("", "SELECT $1::int, $1::text") + describe("S", "") + SYNC,
                                     parse("", "SELECT $1::text, $1 + 1") + SYNC],
    "parameter numbers with a hole": [parse("", "SELECT $3::int") + describe("S", "") + SYNC,
                                      parse("", "SELECT $1::int, $3::int") + describe("S", "") + SYNC],
    "parameter zero": [parse("", "SELECT $0") + SYNC],
    "a parameter in a simple query": [query("SELECT $1"), query("SELECT $1::int")],
    "a parameter in a statement without a plan": [parse("", "BEGIN") + describe("S", "") + bind("", "", [b"1"]) + SYNC],
    # Bind
    "Bind of an unknown statement": [bind("", "nope") + SYNC, bind("c", "nope", [b"1"], [1], [1]) + SYNC],
    "Bind without a Parse": [bind("", "") + SYNC],
    "too few values": [parse("", "SELECT $1::int, $2::int") + bind("", "", [b"1"]) + SYNC],
    "too many values": [parse("s", "SELECT $1::int") + bind("", "s", [b"1", b"2"]) + SYNC],
    "two formats for three values": [parse("", "SELECT $1::int, $2::int, $3::int") + bind("", "", [b"1", b"2", b"3"], [0, 0])
                                     + SYNC],
    "formats but no values": [parse("", "SELECT 1") + bind("", "", [], [0]) + execute() + SYNC, parse("", "SELECT 1")
                              + bind("", "", [], [0, 0]) + SYNC],
    "one format for all values": [parse("", "SELECT $1::int, $2::int") + bind("", "", [b"\0\0\0\1", b"\0\0\0\2"], [1])
                                  + execute() + SYNC],
    "an unknown parameter format": [parse("", "SELECT $1::int") + bind("", "", [b"1"], [2]) + SYNC, parse("", "SELECT $1::int")
                                    + bind("", "", [b"1"], [65535]) + SYNC],
    "an unknown format for a NULL": [parse("", "SELECT $1::int") + bind("", "", [None], [2]) + execute() + SYNC],
    "an unknown result format": [parse("", "SELECT 1") + bind("", "", [], [], [2]) + execute() + SYNC],
    "more result formats than columns": [parse("", "SELECT 1") + bind("", "", [], [], [0, 0]) + SYNC],
    "fewer result formats than columns": [parse("", "SELECT 1, 2, 3") + bind("", "", [], [], [0, 1]) + SYNC],
    "one result format for all columns": [parse("", "SELECT 1, 2, 3") + bind("", "", [], [], [1]) + describe("P", "")
                                          + execute() + SYNC],
    "result formats column by column": [parse("", "SELECT 1, 2, 3") + bind("", "", [], [], [1, 0, 1]) + describe("P", "")
                                        + execute() + SYNC],
    "result formats for a statement without rows": [parse("", INSERT) + bind("", "", [b"70"], [], [1]) + describe("P", "")
                                                    + execute() + SYNC],
    "three result formats for a statement without rows": [parse("", INSERT) + bind("", "", [b"71"], [], [1, 1, 1]) + execute()
                                                          + SYNC],
    "a NULL parameter": [parse("", "SELECT $1::int, $2::text IS NULL") + bind("", "", [None, None]) + execute() + SYNC],
    "an empty string is not NULL": [parse("", "SELECT $1::text, $1::text IS NULL") + bind("", "", [b""]) + execute() + SYNC],
    "an empty number": [parse("", "SELECT $1::int") + bind("", "", [b""]) + SYNC],
    "blanks around a number": [parse("", "SELECT $1::int, $2::numeric, $3::bool") + bind("", "", [b" 7 ", b" 1.5 ", b" yes "])
                               + execute() + SYNC],
    "a number out of range": [parse("", "SELECT $1::int") + bind("", "", [b"2147483648"]) + SYNC,
                              parse("", "SELECT $1::smallint") + bind("", "", [b"-32769"]) + SYNC],
    "bad text for each type": [parse("", f"SELECT $1::{kind}") + bind("", "", [b"?"]) + execute() + SYNC
                               for kind in ("bool", "bigint", "float8", "numeric", "date", "timestamp", "timestamptz", "uuid",
                                            "jsonb")],
    "binary values of a wrong size": [parse("", f"SELECT $1::{kind}") + bind("", "", [b"abc"], [1]) + execute() + SYNC
                                      for kind in ("int", "bigint", "float8", "date", "timestamp", "uuid")],
    "binary values that are too long": [parse("", f"SELECT $1::{kind}") + bind("", "", [b"\0" * 17], [1]) + execute() + SYNC
                                        for kind in ("bool", "int", "bigint", "float8", "date", "timestamp", "uuid")],
    "binary bool of any byte": [parse("", "SELECT $1::bool") + bind("", "", [b"\2"], [1]) + execute() + SYNC],
    "binary numerics that are none": [parse("", "SELECT $1::numeric") + bind("", "", [value], [1]) + execute() + SYNC for value in
                                      (b"", b"\0\1", struct.pack("!hhHH", 1, 0, 0, 0), struct.pack("!hhHHh", 1, 0, 1, 0, 5),
                                       struct.pack("!hhHHh", 1, 0, 0, 0, 10000),
                                       struct.pack("!hhHHh", 1, 0, 0, 0, -1), struct.pack("!hhHHh", 0, 0, 0, 0, 5),
                                       struct.pack("!hhHH", -1, 0, 0, 0))],
    "binary jsonb with a wrong version": [parse("", "SELECT $1::jsonb") + bind("", "", [b"\2{}"], [1]) + execute() + SYNC,
                                          parse("", "SELECT $1::jsonb") + bind("", "", [b""], [1]) + SYNC],
    "binary text that is no UTF-8": [parse("", "SELECT $1::text") + bind("", "", [b"\xff\xfe"], [1]) + execute() + SYNC],
    "text that is no UTF-8": [parse("", "SELECT $1::text") + bind("", "", [b"a\xc3"]) + execute() + SYNC,
                              parse("", "SELECT $1::text") + bind("", "", [b"\xed\xa0\x80"]) + SYNC],
    "text with a NUL": [parse("", "SELECT $1::text") + bind("", "", [b"a\0b"]) + execute() + SYNC],
    "binary text with a NUL": [parse("", "SELECT $1::text") + bind("", "", [b"a\0b"], [1]) + execute() + SYNC],
    "bytea with a NUL": [parse("", "SELECT $1::bytea") + bind("", "", [b"a\0b"], [1]) + execute() + SYNC,
                         parse("", "SELECT $1::bytea") + bind("", "", [b"\\xzz"]) + SYNC,
                         parse("", "SELECT $1::bytea") + bind("", "", [b"\\x123"]) + SYNC],
    "a constant that cannot be computed fails in Bind": [run("SELECT 1/0") + SYNC, parse("", "SELECT 1/0 FROM p WHERE n = $1")
                                                         + SYNC, bind("", "", [b"1"]) + SYNC],
    "a query that fails while it runs has described its rows": [query(FAILS), query("BEGIN"), query(FAILS), query("ROLLBACK"),
                                                                parse("", FAILS) + bind("", "") + describe("P", "") + execute()
                                                                + SYNC],
    # portals
    "the unnamed portal is replaced": [parse("", "SELECT 1") + bind("", "") + bind("", "") + execute() + SYNC],
    "a named portal is not": [parse("", "SELECT 1") + bind("c", "") + bind("c", "") + SYNC],
    "a named portal closed and bound again": [parse("", "SELECT 1") + bind("c", "") + close("P", "c") + bind("c", "")
                                              + execute("c") + SYNC],
    "two portals of one statement, interleaved": [parse("s", N) + bind("a", "s") + bind("b", "s") + execute("a", 1)
                                                  + execute("b", 2) + execute("a", 1) + execute("b", 0) + execute("a", 0) + SYNC],
    "Execute after the end": [parse("", N) + bind("c", "") + execute("c") + execute("c") + execute("c", 1) + SYNC],
    "Execute of a write after the end": [parse("", INSERT) + bind("c", "", [b"80"]) + execute("c") + execute("c") + SYNC,
                                         query("SELECT count(*) FROM p")],
    "Execute of an empty query again": [parse("", "") + bind("c", "") + execute("c") + execute("c") + SYNC],
    "Execute of BEGIN again": [parse("", "BEGIN") + bind("c", "") + execute("c") + execute("c") + SYNC, query("ROLLBACK")],
    "Execute with a limit that is the number of rows": [parse("", N) + bind("c", "") + execute("c", 3) + execute("c", 3) + SYNC],
    "a negative limit is none": [parse("", N) + bind("c", "") + execute("c", 2**32 - 1) + SYNC],
    "a limit of 2^31-1": [parse("", N) + bind("c", "") + execute("c", 2**31 - 1) + SYNC],
    "the unnamed portal with a limit": [parse("", N) + bind("", "") + execute("", 1) + execute("", 1) + execute("", 0) + SYNC],
    "the unnamed portal after Sync outside a block": [parse("", N) + bind("", "") + execute("", 1) + SYNC, execute("", 1) + SYNC],
    "the unnamed portal after Sync in a block": [query("BEGIN"), parse("", N) + bind("", "") + execute("", 1) + SYNC,
                                                 execute("", 1) + SYNC, query("COMMIT")],
    "a simple query drops the unnamed portal": [query("BEGIN"), parse("", N) + bind("", "") + execute("", 1) + SYNC,
                                                query("SELECT 1"), execute("", 1) + SYNC, query("COMMIT")],
    "a named portal outlives a simple query in a block": [query("BEGIN"), parse("", N) + bind("c", "") + execute("c", 1) + SYNC,
                                                          query("SELECT count(*) FROM p"), execute("c", 1) + SYNC,
                                                          query("COMMIT"), execute("c") + SYNC],
    "a suspended portal and other statements": [parse("", N) + bind("c", "") + execute("c", 1) + run(INSERT, b"90")
                                                + run("SELECT count(*) FROM p") + execute("c", 0) + SYNC],
    "a suspended portal does not see later writes": [query("BEGIN"), parse("", N) + bind("c", "") + execute("c", 1) + SYNC,
                                                     query("INSERT INTO p (n) VALUES (91)"),
                                                     query("UPDATE p SET n = n + 100"), query("DELETE FROM p WHERE t IS NULL"),
                                                     execute("c", 0) + SYNC, query("ROLLBACK")],
    "a portal bound before a write does not see it": [query("BEGIN"), parse("", N) + bind("c", "") + SYNC,
                                                      query("INSERT INTO p (n) VALUES (91)"), execute("c", 0) + SYNC,
                                                      query("ROLLBACK")],
    "a savepoint's rollback drops its portals": [query("BEGIN"), query("SAVEPOINT a"), parse("", N) + bind("c", "")
                                                 + execute("c", 1) + SYNC, query("ROLLBACK TO a"), execute("c", 1) + SYNC,
                                                 query("ROLLBACK")],
    "a portal older than the savepoint survives its rollback": [query("BEGIN"), parse("", N) + bind("c", "") + execute("c", 1)
                                                                + SYNC, query("SAVEPOINT a"), query("ROLLBACK TO a"),
                                                                execute("c", 1) + SYNC, query("ROLLBACK")],
    "an error drops the portals of a block": [query("BEGIN"), parse("", N) + bind("c", "") + execute("c", 1) + SYNC,
                                              query(BROKEN), execute("c", 1) + SYNC, query("ROLLBACK"),
                                              execute("c", 1) + SYNC],
    "a savepoint heals but does not bring back portals": [query("BEGIN"), query("SAVEPOINT a"), parse("", N) + bind("c", "")
                                                          + execute("c", 1) + SYNC, query(BROKEN), query("ROLLBACK TO a"),
                                                          execute("c", 1) + SYNC, query("ROLLBACK")],
    "RETURNING with a limit": [parse("", "UPDATE p SET t = 'x' RETURNING n") + bind("c", "") + execute("c", 1) + execute("c", 0)
                               + SYNC, query("SELECT n, t FROM p ORDER BY n")],
    "INSERT RETURNING with a limit, left suspended": [parse("", "INSERT INTO p (n) VALUES (101), (102) RETURNING n")
                                                      + bind("c", "") + execute("c", 1) + SYNC, query("SELECT count(*) FROM p")],
    "VALUES with a limit": [parse("", "VALUES (1), (2), (3)") + bind("c", "") + execute("c", 2) + execute("c", 2) + SYNC],
    "SHOW through a portal": [parse("", "SHOW server_encoding") + describe("S", "") + bind("", "") + describe("P", "")
                              + execute() + SYNC],
    "SHOW with a limit": [parse("", "SHOW server_encoding") + bind("c", "") + execute("c", 1) + execute("c", 1) + SYNC],
    "SET through a portal": [parse("", "SET datestyle TO 'ISO'") + describe("S", "") + bind("", "") + describe("P", "")
                             + execute() + SYNC],
    "SET of a reported parameter": [parse("", "SET application_name TO 'x'") + bind("", "") + execute() + SYNC,
                                    query("SET application_name TO 'y'"), query("RESET application_name")],
    # Describe
    "Describe before and after Execute": [parse("", "SELECT n, t FROM p ORDER BY n") + describe("S", "")
                                          + bind("c", "", [], [], [1, 0]) + describe("P", "c") + execute("c", 1)
                                          + describe("P", "c")
                                          + execute("c", 0) + describe("P", "c") + describe("S", "") + SYNC],
    "Describe twice": [parse("", "SELECT 1") + describe("S", "") + describe("S", "") + SYNC],
    "Describe of a wrong kind": [message("D", b"X" + text("")) + SYNC, message("D", b"\0" + text("")) + SYNC],
    "Close of a wrong kind": [message("C", b"X" + text("")) + SYNC],
    "Describe of what is not there": [describe("S", "") + SYNC, describe("P", "") + SYNC, describe("S", "gone") + SYNC,
                                      describe("P", "gone") + SYNC],
    "Close of what is not there": [close("S", "") + close("P", "") + close("S", "x") + close("P", "x") + SYNC],
    "Close of the statement keeps its portal": [parse("s", N) + bind("c", "s") + close("S", "s") + execute("c") + SYNC],
    "Close of a suspended portal": [parse("", N) + bind("c", "") + execute("c", 1) + close("P", "c") + execute("c", 1) + SYNC],
    "Close of the unnamed statement": [parse("", "SELECT 1") + close("S", "") + bind("", "") + SYNC],
    "Close of the unnamed portal": [parse("", "SELECT 1") + bind("", "") + close("P", "") + execute() + SYNC],
    # pipelines
    "Execute without Bind": [execute() + SYNC, execute("x") + SYNC, parse("", "SELECT 1") + execute() + SYNC],
    "an error skips everything to Sync": [run(FAILS) + query("SELECT 1") + run("SELECT 2") + FLUSH + close("S", "x")
                                          + describe("S", "") + SYNC, query("SELECT 3")],
    "an error skips unknown COPY messages too": [run(FAILS) + message("d", b"x") + message("c") + message("f", text("no"))
                                                 + SYNC],
    "errors in two pipelines of one segment": [run(FAILS) + SYNC + run("SELECT 2") + SYNC + run("SELEC") + SYNC
                                               + run("SELECT 4") + SYNC],
    "an error after a Flush is skipped to Sync": [run(FAILS) + FLUSH, run("SELECT 2") + FLUSH, SYNC],
    "a pipeline is one transaction": [run(INSERT, b"60") + run(INSERT, b"61") + run(FAILS) + run(INSERT, b"62") + SYNC,
                                      query("SELECT count(*) FROM p")],
    "Sync ends the implicit transaction": [run(INSERT, b"60") + SYNC + run(FAILS) + SYNC, query("SELECT count(*) FROM p")],
    "Flush does not end it": [run(INSERT, b"60") + FLUSH, run(FAILS) + SYNC, query("SELECT count(*) FROM p")],
    "a Query in the middle of a pipeline": [run(INSERT, b"60") + query("SELECT count(*) FROM p") + run(FAILS) + SYNC,
                                            query("SELECT count(*) FROM p")],
    "BEGIN in the middle of a pipeline": [run(INSERT, b"60") + run("BEGIN") + run(INSERT, b"61") + SYNC, run("ROLLBACK") + SYNC,
                                          query("SELECT count(*) FROM p")],
    "COMMIT in the middle of a pipeline": [run("BEGIN") + run(INSERT, b"60") + run("COMMIT") + run(FAILS) + SYNC,
                                           query("SELECT count(*) FROM p")],
    "COMMIT of a pipeline's implicit transaction": [run(INSERT, b"60") + run("COMMIT") + run(FAILS) + SYNC,
                                                    query("SELECT count(*) FROM p")],
    "ROLLBACK of a pipeline's implicit transaction": [run(INSERT, b"60") + run("ROLLBACK") + run(INSERT, b"61") + SYNC,
                                                      query("SELECT n FROM p ORDER BY n")],
    "SAVEPOINT in a pipeline's implicit transaction": [run(INSERT, b"60") + run("SAVEPOINT a") + SYNC,
                                                       query("SELECT count(*) FROM p")],
    "SET in a pipeline that fails": [run("SET application_name TO 'gone'") + run(FAILS) + SYNC, query("SHOW application_name")],
    "DDL in a pipeline that fails": [run("CREATE TABLE gone (a INT)") + run("INSERT INTO gone VALUES (1)") + run(FAILS) + SYNC,
                                     query("SELECT * FROM gone")],
    "DDL in a pipeline that succeeds": [run("DROP TABLE IF EXISTS kept") + run("CREATE TABLE kept (a INT)")
                                        + run("INSERT INTO kept VALUES (1)") + run("SELECT * FROM kept") + SYNC,
                                        query("DROP TABLE kept")],
    "a pipeline inside a block survives Sync": [query("BEGIN"), run(INSERT, b"60") + SYNC + run(INSERT, b"61") + SYNC,
                                                query("SELECT count(*) FROM p"), query("ROLLBACK"),
                                                query("SELECT count(*) FROM p")],
    "Terminate in the middle of a pipeline": [run(INSERT, b"60") + message("X") + SYNC],
    "a unique violation in a pipeline": [run(INSERT, b"60") + run(INSERT, b"1") + SYNC, query("SELECT count(*) FROM p")],
    # the schema moves under a prepared statement
    "a dropped table": [query("CREATE TABLE IF NOT EXISTS moving (a INT)"), parse("s", "SELECT * FROM moving") + SYNC,
                        query("DROP TABLE moving"), bind("", "s") + execute() + SYNC, describe("S", "s") + SYNC],
    "a table dropped and made again": [query("CREATE TABLE moving (a INT)"), parse("s", "SELECT a FROM moving") + SYNC,
                                       query("DROP TABLE moving"), query("CREATE TABLE moving (a INT)"),
                                       bind("", "s") + execute() + SYNC, query("DROP TABLE moving")],
    "a column added under SELECT *": [query("CREATE TABLE moving (a INT)"), parse("s", "SELECT * FROM moving") + bind("", "s")
                                      + execute() + SYNC, query("ALTER TABLE moving ADD COLUMN b TEXT"),
                                      bind("", "s") + execute() + SYNC, describe("S", "s") + SYNC, query("DROP TABLE moving")],
    "a column renamed": [query("CREATE TABLE moving (a INT)"), parse("s", "SELECT a FROM moving") + bind("", "s") + execute()
                         + SYNC, query("ALTER TABLE moving RENAME COLUMN a TO z"),
                         bind("", "s") + execute() + SYNC, query("DROP TABLE moving")],
    "a table dropped in the transaction": [query("CREATE TABLE moving (a INT)"), parse("s", "SELECT a FROM moving") + SYNC,
                                           query("BEGIN"), query("DROP TABLE moving"), bind("", "s") + execute() + SYNC,
                                           query("ROLLBACK"), bind("", "s") + execute() + SYNC, query("DROP TABLE moving")],
    "a table altered in the transaction and rolled back": [query("CREATE TABLE moving (a INT)"),
                                                           parse("s", "SELECT * FROM moving") + bind("", "s") + execute() + SYNC,
                                                           query("BEGIN"),
                                                           query("ALTER TABLE moving ADD COLUMN b INT"),
                                                           query("SELECT * FROM moving"), query("ROLLBACK"), bind("", "s")
                                                           + execute() + SYNC, query("DROP TABLE moving")],
    "a table made in the transaction": [query("BEGIN"), query("CREATE TABLE moving (a INT)"), parse("s", "SELECT a FROM moving")
                                        + bind("", "s") + execute() + SYNC, query("ROLLBACK"), bind("", "s") + execute() + SYNC],
    "a table dropped under a suspended portal": [query("CREATE TABLE moving (a INT)"),
                                                 query("INSERT INTO moving VALUES (1), (2)"), query("BEGIN"),
                                                 parse("", "SELECT a FROM moving") + bind("c", "") + execute("c", 1) + SYNC,
                                                 query("DROP TABLE moving"), query("ROLLBACK"), query("DROP TABLE moving")],
    "PREPARE and Parse share their names": [query("PREPARE s AS SELECT 1"), parse("s", "SELECT 2") + SYNC, bind("", "s")
                                            + execute() + SYNC, parse("t", "SELECT 3") + SYNC, query("EXECUTE t"),
                                            query("PREPARE t AS SELECT 4"),
                                            query("DEALLOCATE t"), bind("", "t") + SYNC],
    "a portal's snapshot is taken when it runs first": [query("BEGIN"), parse("", N) + bind("c", "") + execute("c", 1) + SYNC,
                                                        query("INSERT INTO p (n) VALUES (91)"), execute("c", 0) + SYNC,
                                                        query("ROLLBACK")],
    "a table altered under an open portal": [query("DROP TABLE IF EXISTS held; CREATE TABLE held (a INT, b INT)"),
                                             query("INSERT INTO held VALUES (1, 1), (2, 2)"), query("BEGIN"),
                                             parse("", "SELECT a FROM held") + bind("c", "") + execute("c", 1) + SYNC,
                                             query("SAVEPOINT s"), query("ALTER TABLE held RENAME COLUMN b TO c"), query("ROLLBACK TO s"),
                                             query("ALTER TABLE held ADD COLUMN z INT"), query("ROLLBACK TO s"), query("TRUNCATE held"),
                                             query("ROLLBACK TO s"), query("CREATE INDEX ON held (a)"), query("ROLLBACK TO s"),
                                             query("ALTER TABLE held RENAME TO kept"), query("ROLLBACK TO s"), query("DROP TABLE p"),
                                             query("ROLLBACK TO s"), query("INSERT INTO held VALUES (3, 3)"),
                                             execute("c", 0) + SYNC, query("DROP TABLE held"), query("ROLLBACK"),
                                             query("DROP TABLE held")],
    "a table dropped under a portal that was only bound": [query("CREATE TABLE held (a INT)"), query("BEGIN"),
                                                           parse("", "SELECT a FROM held") + bind("c", "") + SYNC, query("SAVEPOINT s"),
                                                           query("DROP TABLE held"), query("ROLLBACK TO s"), close("P", "c") + SYNC,
                                                           query("DROP TABLE held"), query("COMMIT")],
    "a table dropped under a cursor": [query("CREATE TABLE held (a INT)"), query("BEGIN"), query("DECLARE c CURSOR FOR SELECT a FROM held"),
                                       query("SAVEPOINT s"), query("DROP TABLE held"), query("ROLLBACK TO s"), query("CLOSE c"),
                                       query("DROP TABLE held"), query("COMMIT")],
    "a table dropped under a portal of RETURNING": [query("CREATE TABLE held (a INT)"), query("INSERT INTO held VALUES (1), (2)"), query("BEGIN"),
                                                    parse("", "UPDATE held SET a = a RETURNING a") + bind("c", "") + execute("c", 1) + SYNC,
                                                    query("DROP TABLE held"), query("COMMIT")],
    "a statement that does not stand fails in Bind, whatever follows it": [
        query("CREATE TABLE moving (a INT)"), parse("s", "SELECT a FROM moving") + parse("i", "INSERT INTO moving VALUES (1)") + SYNC,
        query("DROP TABLE moving"), bind("", "s") + SYNC, bind("", "s") + describe("P", "") + execute() + SYNC, bind("", "s") + FLUSH, SYNC,
        bind("", "s") + bind("c", "s") + SYNC, bind("", "i") + execute() + SYNC, bind("", "i") + SYNC, bind("", "s") + query("SELECT 1") + SYNC,
        describe("S", "i") + SYNC, bind("", "s") + message("B", text("") + text("s") + b"\0") + SYNC],
    "DDL is looked at when it runs": [parse("", statement) + describe("S", "") + bind("", "") + execute() + SYNC for statement in (
        "DROP TABLE nope", "CREATE TABLE p (a INT)", "ALTER TABLE nope ADD a INT", "CREATE INDEX i ON nope (a)", "TRUNCATE nope",
        "CREATE VIEW v AS SELECT nope", "SET nope TO 1", "SHOW nope", "DEALLOCATE nope", "FETCH nope", "EXECUTE nope", "SAVEPOINT x")],
    "an empty query keeps the unnamed portal": [query("BEGIN"), parse("", N) + bind("", "") + execute("", 1) + SYNC, query(""),
                                                execute("", 1) + SYNC, query("-- nothing"), execute("", 1) + SYNC, query("COMMIT")],
    "a name that is taken is found last": [parse("s", "SELECT 1") + parse("s", "SELEC") + SYNC, parse("s", "SELECT nope") + SYNC,
                                           parse("s", "SELECT 2") + SYNC, bind("", "s") + execute() + SYNC],
    "an error skips calls and broken messages too": [run(FAILS) + message("F", struct.pack("!IHHH", 0, 0, 0, 0)) + message("Q", b"open")
                                                     + message("F") + message("P") + query("SELECT 1") + SYNC, query("SELECT 3")],
    "Terminate behind an error": [run(FAILS) + query("SELECT 1") + message("X")],
    "Terminate behind a Flush and more": [run(INSERT, b"60") + FLUSH, run(INSERT, b"61") + message("X")],
    "Terminate behind two batches and more": [run("SELECT 1") + SYNC + query("SELECT 2") + run("SELECT 3") + message("X")],
    "portals bound before writes of their batch": [parse("", N) + bind("a", "") + bind("b", "") + run(INSERT, b"91") + execute("a") + execute("b", 2)
                                                   + run("DELETE FROM p") + execute("b") + SYNC, query("SELECT count(*) FROM p")],
    "a portal bound in a batch of its own": [bind("a", "") + SYNC, parse("", N) + bind("a", "") + SYNC, execute("a") + SYNC],
    "result formats nobody knows": [parse("", "SELECT n FROM p WHERE n = $1") + bind("", "", [b"1"], [], [7]) + describe("P", "") + SYNC,
                                    bind("", "", [b"99"], [], [7]) + execute() + SYNC, bind("", "", [b"1"], [], [7]) + execute() + SYNC,
                                    parse("", "SHOW server_encoding") + bind("", "", [], [], [2]) + execute() + SYNC],
    "SHOW with a larger limit": [parse("", "SHOW server_encoding") + bind("c", "") + execute("c", 2) + execute("c", 1) + SYNC],
    "RETURNING in three parts": [parse("", "DELETE FROM p RETURNING n") + bind("c", "") + execute("c", 2) + execute("c", 1) + execute("c", 1)
                                 + execute("c", 1) + SYNC, parse("", "INSERT INTO p (n) VALUES (7), (8) RETURNING n") + bind("c", "")
                                 + execute("c", 1) + execute("c", 1) + execute("c", 1) + SYNC],
    "FETCH with a limit": [query("BEGIN"), query("DECLARE c CURSOR FOR SELECT n FROM p ORDER BY n"), parse("", "FETCH 3 FROM c") + bind("f", "")
                           + execute("f", 2) + execute("f", 2) + SYNC, query("ROLLBACK")],
    "parameters in queries that cannot have any": [query("SELECT n FROM p WHERE n = $1"), query("INSERT INTO p (n) VALUES ($1)"),
                                                   query("SELECT $2, nope"), query("PREPARE q AS SELECT $1::int"), query("EXECUTE q(5)"),
                                                   query("BEGIN"), query("DECLARE c CURSOR FOR SELECT $1::int"), query("ROLLBACK")],
    "ROLLBACK with a parameter in a failed block": [parse("r", "ROLLBACK", [23]) + describe("S", "r") + SYNC, query("BEGIN"), query(BROKEN),
                                                    bind("", "r") + execute() + SYNC, query("ROLLBACK")],
    # FunctionCall
    "a function call of nothing": [message("F", struct.pack("!IHHH", 0, 0, 0, 0))],
    "a function call of an unknown function": [message("F", struct.pack("!IHHH", 999999, 0, 0, 0))],
    "function calls in text and binary": [call(1397, [b"-5"]), call(1397, [struct.pack("!i", -7)], [1], 1), call(1397, [b"-5"], [], 1),
                                          call(870, ["Ää".encode()]), call(1317, ["Grüße".encode()], [1]), call(1397, [None]),
                                          call(870, [None], [], 1)],
    "function calls that fail": [call(1397, []), call(1397, [b"1", b"2"]), call(1397, [b"x"]), call(1397, [b"abcde"], [1]),
                                 call(1397, [b"\0"], [1]), call(1397, [b"1"], [2]), call(1397, [b"-5"], [], 7), call(1397, [b"1"], [0, 0]),
                                 call(1397, [b"-2147483648"]), call(870, [b"\xff"]), call(1397, [None], [2])],
    "function calls in blocks": [query("BEGIN"), call(1397, [b"-5"]), call(1397, [b"x"]), call(1397, [b"-5"]), call(999999, []), query("ROLLBACK"),
                                 run(INSERT, b"60") + call(1397, [b"-1"]) + run(FAILS) + SYNC, query("SELECT count(*) FROM p")],
}

KNOWN = {
    "a constant that cannot be computed fails in Bind": "PostgreSQL folds constants in Bind; here the error comes in Execute or not at all",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN))
def test_the_messages_are_postgresqls(probe_pair, name):
    compare(probe_pair, CASES[name])


def test_a_portal_sees_what_was_there_at_its_bind(probe_pair):
    """Another session commits between Bind and Execute: PostgreSQL has taken the snapshot by then."""
    seen = []
    for server in probe_pair:
        client, other = server.session(TABLE), server.session()
        got = []
        for begin in (b"", query("BEGIN")):
            if begin:
                client.send(begin)
                got += heard(client, 1, None, PATIENCE)
            client.send(parse("", "SELECT count(*) FROM p") + bind("c", "") + FLUSH)
            got += heard(client, 1, 2, PATIENCE)
            other.send(query("INSERT INTO p (n) VALUES (1000) ON CONFLICT DO NOTHING") + query("DELETE FROM p WHERE n = 1"))
            got += heard(other, 2, None, PATIENCE)
            client.send(execute("c") + SYNC)
            got += heard(client, 1, None, PATIENCE)
        client.close()
        other.close()
        seen.append(got)
    assert seen[0] == seen[1]
