"""Simple queries in every form and every transaction status, held with PostgreSQL 15 and with Crossfade on SQLite."""
import pytest

from probing import compare, marked
from raw import SYNC, bind, execute, parse, query

COUNT = "SELECT count(*) FROM p"


def session(*statements):
    return [query(statement) for statement in statements]


CASES = {
    # nothing at all
    "empty in all forms": session("", " ", ";", ";;;", " ; ; ", "\n\t\r", "-- comment", "/* comment */", "/* a /* nested */ b */", "-- comment\n;", "/**/;/**/"),
    "an empty statement between others": session("SELECT 1;;SELECT 2", ";SELECT 1;", "SELECT 1; -- end", "SELECT 1 /* ; */; SELECT 2"),
    "an unended comment": session("/* never ends", "SELECT 1 /* never"),
    "an unended string": session("SELECT 'abc", "SELECT \"abc", "SELECT $$abc", "SELECT $a$abc$b$"),
    "only what is no token": session("\\", "@", "?", "#!", "\x01"),
    "empty in a block": session("BEGIN", "", ";", "-- x", "COMMIT"),
    "empty in a failed block": session("BEGIN", "SELECT 1/0", "", ";", "-- x", "ROLLBACK"),
    "keywords alone": session("FROM", "INSERT", "VALUES", "TABLE", "SET", "SHOW"),
    "a query with no columns": session("SELECT FROM p", "SELECT", "SELECT FROM p WHERE n = 1"),
    # several statements
    "an error in the middle": session("SELECT 1; SELECT 1/0; SELECT 2", COUNT),
    "a syntax error at the end undoes nothing, for nothing ran": session("INSERT INTO p (n) VALUES (50); SELEC", COUNT),
    "an unknown table in the middle": session("INSERT INTO p (n) VALUES (50); SELECT * FROM nope; INSERT INTO p (n) VALUES (51)", COUNT),
    "writes then an error are undone": session("INSERT INTO p (n) VALUES (50); INSERT INTO p (n) VALUES (51); INSERT INTO p (n) VALUES (1)", COUNT),
    "BEGIN in the middle takes the earlier statements along": session("INSERT INTO p (n) VALUES (50); BEGIN; INSERT INTO p (n) VALUES (51)", "ROLLBACK", COUNT),
    "COMMIT in the middle keeps what was before": session("INSERT INTO p (n) VALUES (50); COMMIT; INSERT INTO p (n) VALUES (51); SELECT 1/0", COUNT),
    "ROLLBACK in the middle": session("INSERT INTO p (n) VALUES (50); ROLLBACK; INSERT INTO p (n) VALUES (51)", "SELECT n FROM p ORDER BY n"),
    "BEGIN and COMMIT in one": session("BEGIN; INSERT INTO p (n) VALUES (50); COMMIT; SELECT 1/0", COUNT),
    "an error inside BEGIN and COMMIT in one": session("BEGIN; INSERT INTO p (n) VALUES (50); SELECT 1/0; COMMIT", "SELECT 1", "ROLLBACK", COUNT),
    "a block that ends and a new one": session("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2", "COMMIT"),
    "SAVEPOINT in several statements": session("SAVEPOINT a; SELECT 1", "BEGIN; SAVEPOINT a; SELECT 1/0", "ROLLBACK TO a", "COMMIT"),
    "SET LOCAL in several statements": session("SET LOCAL application_name = 'x'; SHOW application_name", "SHOW application_name"),
    "SET then an error": session("SET application_name = 'gone'; SELECT 1/0", "SHOW application_name"),
    "SET in a block that is rolled back": session("SET application_name = 'before'", "BEGIN", "SET application_name = 'gone'", "ROLLBACK", "SHOW application_name"),
    "SET TRANSACTION in several statements": session("SET TRANSACTION READ ONLY; INSERT INTO p (n) VALUES (50)", "BEGIN; SET TRANSACTION READ ONLY; INSERT INTO p (n) VALUES (50)", "ROLLBACK"),
    "DDL and its use in one": session("CREATE TABLE made (a INT); INSERT INTO made VALUES (1); SELECT * FROM made; DROP TABLE made"),
    "DDL and an error in one": session("CREATE TABLE made (a INT); SELECT 1/0", "SELECT * FROM made"),
    "a hundred statements": session("; ".join(f"SELECT {n}" for n in range(100))),
    # transaction statements
    "BEGIN in all forms": session("BEGIN", "COMMIT", "BEGIN WORK", "END", "BEGIN TRANSACTION", "ABORT", "begin isolation level serializable, read only", "END TRANSACTION"),
    "START TRANSACTION": session("START TRANSACTION", "COMMIT WORK", "START TRANSACTION READ ONLY", "ROLLBACK WORK"),
    "modes of BEGIN": session("BEGIN READ WRITE", "SHOW transaction_read_only", "COMMIT", "BEGIN READ ONLY, DEFERRABLE", "SHOW transaction_read_only", "COMMIT"),
    "READ UNCOMMITTED is shown": session("BEGIN ISOLATION LEVEL READ UNCOMMITTED", "SHOW transaction_isolation", "COMMIT"),
    "transaction_deferrable is shown": session("BEGIN READ ONLY, DEFERRABLE", "SHOW transaction_deferrable", "COMMIT"),
    "COMMIT of a failed block": session("BEGIN", "INSERT INTO p (n) VALUES (50)", "SELECT 1/0", "COMMIT", COUNT),
    "END and ABORT outside a block": session("END", "ABORT", "COMMIT", "ROLLBACK"),
    "BEGIN in a failed block": session("BEGIN", "SELECT 1/0", "BEGIN", "ROLLBACK"),
    "SAVEPOINT in a failed block": session("BEGIN", "SELECT 1/0", "SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "ROLLBACK"),
    "AND CHAIN": session("BEGIN ISOLATION LEVEL REPEATABLE READ", "COMMIT AND CHAIN", "SHOW transaction_isolation", "ROLLBACK AND CHAIN", "COMMIT AND NO CHAIN", "COMMIT AND CHAIN"),
    "AND CHAIN of a failed block": session("BEGIN", "SELECT 1/0", "COMMIT AND CHAIN", "SELECT 1", "COMMIT"),
    "SET TRANSACTION outside a block": session("SET TRANSACTION READ ONLY", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SHOW transaction_isolation"),
    "SET TRANSACTION after a query": session("BEGIN", "SELECT 1", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "ROLLBACK"),
    "SET SESSION CHARACTERISTICS": session("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "INSERT INTO p (n) VALUES (50)", "SHOW default_transaction_read_only", "SET default_transaction_read_only = off"),
    "read only to read write": session("BEGIN READ ONLY", "SET TRANSACTION READ WRITE", "INSERT INTO p (n) VALUES (50)", "ROLLBACK", "BEGIN READ ONLY", "SELECT 1", "SET TRANSACTION READ WRITE", "ROLLBACK"),
    "read only refuses everything that writes": session(*[item for statement in ("INSERT INTO p (n) VALUES (9)", "UPDATE p SET n = 9", "DELETE FROM p", "CREATE TABLE x (a INT)", "DROP TABLE p", "TRUNCATE p",
                                                                                 "ALTER TABLE p ADD COLUMN z INT", "CREATE INDEX z ON p (t)", "SELECT n FROM p FOR UPDATE")
                                                          for item in ("BEGIN READ ONLY", statement, "ROLLBACK")]),
    "savepoints of one name": session("BEGIN", "SAVEPOINT a", "INSERT INTO p (n) VALUES (50)", "SAVEPOINT a", "INSERT INTO p (n) VALUES (51)", "ROLLBACK TO a", "RELEASE a", "ROLLBACK TO a", "COMMIT", COUNT),
    "savepoints are case folded, quoted ones are not": session("BEGIN", "SAVEPOINT Abc", "ROLLBACK TO aBC", 'SAVEPOINT "Abc"', 'RELEASE "ABC"', "ROLLBACK"),
    "RELEASE takes the later ones along": session("BEGIN", "SAVEPOINT a", "SAVEPOINT b", "RELEASE a", "ROLLBACK TO b", "ROLLBACK"),
    "DDL rolled back to a savepoint": session("BEGIN", "SAVEPOINT a", "CREATE TABLE made (a INT)", "ROLLBACK TO a", "SELECT * FROM made", "ROLLBACK"),
    "a savepoint many deep": session("BEGIN", *[f"SAVEPOINT s{n}" for n in range(50)], "SELECT 1/0", "ROLLBACK TO s25", "RELEASE s0", "COMMIT"),
    # errors and their fields
    "errors name constraint, table and column": session("INSERT INTO p (n) VALUES (1)", "INSERT INTO p (id, n) VALUES (1, 77)", "INSERT INTO p (id) VALUES (NULL)", "UPDATE p SET n = 1 WHERE n = 2"),
    "errors of values": session("SELECT 'x'::int", "SELECT '1' + 'a'", "INSERT INTO p (m) VALUES (123456789012)", "INSERT INTO p (n) VALUES ('x')", "INSERT INTO p (w) VALUES ('2024-02-30')", "INSERT INTO p (b) VALUES ('maybe')"),
    "errors of names": session("SELECT nope FROM p", "SELECT p.nope FROM p", "SELECT q.n FROM p", "SELECT * FROM nope", "SELECT nope(1)", "SELECT 1::nope", "INSERT INTO p (nope) VALUES (1)", "UPDATE p SET nope = 1",
                               "SELECT n FROM p ORDER BY nope", "SELECT n FROM p GROUP BY t", "DROP TABLE nope", "DROP VIEW nope", "SELECT n, n FROM p a, p b"),
    "an unknown index": session("DROP INDEX nope"),
    "ALTER of an unknown table": session("ALTER TABLE nope ADD COLUMN a INT"),
    "too many and too few expressions": session("INSERT INTO p (n) VALUES (1, 2)", "INSERT INTO p (n, t) VALUES (1)", "SELECT n FROM p UNION SELECT n, t FROM p"),
    "a negative LIMIT": session("SELECT * FROM p LIMIT -1", "SELECT * FROM p OFFSET -1"),
    "errors of shape": session("SELECT * FROM p WHERE", "SELECT 1 +", "SELECT (SELECT n, t FROM p)", "SELECT 1 FROM p HAVING n > 1",
                               "SELECT sum(n) FROM p WHERE sum(n) > 1", "VALUES (1), (1, 2)", "SELECT DISTINCT n FROM p ORDER BY t", "INSERT INTO p (n, n) VALUES (1, 2)", "SELECT * FROM p LIMIT 'a'"),
    "a subquery of more than one row": session("SELECT (SELECT n FROM p)", "SELECT n FROM p WHERE n = (SELECT n FROM p)"),
    "an error after the first rows": session("SELECT 1 / (3 - n) FROM p ORDER BY n", "SELECT 1"),
    "objects that exist": session("CREATE TABLE p (a INT)", "CREATE INDEX z ON p (t)", "CREATE INDEX z ON p (t)", "ALTER TABLE p ADD COLUMN n INT", "DROP TABLE IF EXISTS nope, nope2"),
    "statements that need no block": session("VACUUM", "BEGIN", "VACUUM", "ROLLBACK"),
    "tags of writes": session("INSERT INTO p (n) VALUES (50), (51)", "UPDATE p SET t = 'x' WHERE n >= 50", "DELETE FROM p WHERE n >= 50", "DELETE FROM p WHERE false", "INSERT INTO p (n) SELECT n + 100 FROM p", "INSERT INTO p (n) VALUES (1) ON CONFLICT DO NOTHING",
                              "WITH x AS (SELECT 1) INSERT INTO p (n) SELECT 60 FROM x", "TRUNCATE p", "SELECT count(*) FROM p"),
    "tags of everything else": session("CREATE TABLE made (a INT)", "CREATE INDEX made_a ON made (a)", "CREATE VIEW seen AS SELECT a FROM made", "ALTER TABLE made RENAME TO made2", "DROP VIEW seen", "DROP INDEX made_a", "DROP TABLE made2",
                                       "SET timezone = 'Asia/Tokyo'", "VALUES (1)", "TABLE p", "SELECT 1 WHERE false"),
    "ANALYZE": session("ANALYZE p", "ANALYZE"),
    "IF NOT EXISTS of what exists": session("CREATE TABLE IF NOT EXISTS p (a INT)", "CREATE INDEX IF NOT EXISTS p_pkey ON p (t)"),
    "NOTICEs": session("DROP TABLE IF EXISTS nothing", "SET client_min_messages = warning", "DROP TABLE IF EXISTS nothing", "COMMIT", "SET client_min_messages = error", "COMMIT", "RESET client_min_messages", "COMMIT"),
    # settings that are reported
    "reported settings": session("SET application_name = 'probe'", "SET DateStyle = 'ISO, DMY'", "SET TimeZone = 'Europe/Berlin'", "SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on",
                                 "RESET DateStyle", "RESET ALL", "SET timezone TO DEFAULT"),
    "styles": session("SET DateStyle = 'SQL, DMY'", "SET IntervalStyle = iso_8601", "SHOW DateStyle", "RESET ALL"),
    "the text of a bad style": session("SET DateStyle = 'nonsense'", "SET IntervalStyle = 'x'", "SET bytea_output = 'x'"),
    "a reset setting of an extension's form is empty": session("SET my.thing = 'x'", "RESET my.thing", "SHOW my.thing"),
    "reported settings and a rollback": session("BEGIN", "SET TimeZone = 'Asia/Tokyo'", "ROLLBACK", "BEGIN", "SET LOCAL TimeZone = 'Asia/Tokyo'", "COMMIT"),
    "settings that cannot be": session("SET TimeZone = 'Nowhere/Land'", "SET client_encoding = 'klingon'", "SET nope = 1", "SHOW nope", "RESET nope", "SET server_version = '1'", 
                                       "SET statement_timeout = 'x'", "SET statement_timeout = -1", "SET extra_float_digits = 99"),
    "settings of an extension's form": session("SET my.thing = 'x'", "SHOW my.thing", "SET my.thing = ''", "SHOW my.thing", "SHOW other.thing"),
    "units of time-outs": session("SET statement_timeout = '2s'", "SHOW statement_timeout", "SET statement_timeout = 1500", "SHOW statement_timeout", "SET lock_timeout = '1min'", "SHOW lock_timeout", "SET idle_in_transaction_session_timeout = '1h'",
                                  "SHOW idle_in_transaction_session_timeout", "RESET ALL"),
    # mixed protocols
    "a simple block around extended messages": [query("BEGIN"), parse("", "INSERT INTO p (n) VALUES (50)") + bind("", "") + execute() + SYNC, query("ROLLBACK"), query(COUNT)],
    "an extended block around simple ones": [parse("", "BEGIN") + bind("", "") + execute() + SYNC, query("INSERT INTO p (n) VALUES (50)"), parse("", "ROLLBACK") + bind("", "") + execute() + SYNC, query(COUNT)],
    "queries in one segment": [b"".join(session("BEGIN", "INSERT INTO p (n) VALUES (50)", "SELECT 1/0", "SELECT 1", "ROLLBACK", COUNT))],
    "a hundred queries in one segment": [query("SELECT 1") * 100],
    "a statement that the server splits by itself": session("SELECT ';'", "SELECT ';'; SELECT \"n;\" FROM (SELECT 1 AS \"n;\") x", "SELECT $$;$$; SELECT 2", "SELECT E'\\';'; SELECT 3"),
    # text
    "text beyond ASCII": session("SELECT 'Grüße 世界 🌍'", "SELECT 1 AS \"Größe\"", "SELECT 1 AS größe", "SELECT length('🌍')"),
    "text that is no UTF-8": [b"Q" + b"\0\0\0\x10" + b"SELECT '\xff\xfe'\0", query("SELECT 1")],
    "a name of 63 bytes": session(f"SELECT 1 AS {'a' * 63}", f"SELECT {'x' * 63} FROM p", f"CREATE TABLE {'t' * 63} (a INT)", f"DROP TABLE {'t' * 63}"),
    "a name of 64 bytes": session(f"SELECT 1 AS {'a' * 64}", f"SELECT 1 AS {'a' * 1000}", f"SELECT 1 AS \"{'ä' * 32}\"", f"CREATE TABLE {'t' * 64} (a INT)", f"DROP TABLE {'t' * 63}", f"SELECT {'x' * 64} FROM p"),
    "a zero-length name": session('SELECT 1 AS ""', 'SELECT "" FROM p', 'SELECT * FROM ""'),
    "escapes": session(r"SELECT E'\u00e9\x41\101'", r"SELECT E'\ud83d\ude00'", r"SELECT E'\ud83d'", r"SELECT U&'\00e9'", r"SELECT E'\0'", r"SELECT E'\x00'", r"SELECT E'\xff'", r"SELECT 'a\b'"),
    "a Unicode escape that is none": session(r"SELECT U&'\zzzz'", r"SELECT E'\uzzzz'"),
    "a control character in text": session("SELECT 'a\x01b'", "SELECT\x0b1", "SELECT\x0c1"),
    "numbers in all forms": session("SELECT 1, 1., .5, 1e3, 1E-3, 1.5e+2", "SELECT 2147483647, 2147483648, 9223372036854775807, 9223372036854775808", "SELECT -2147483648, -9223372036854775808", "SELECT 1a", "SELECT 1e", "SELECT 1e400::float8", "SELECT 1..2"),
    "numbers with junk": session("SELECT 0x10", "SELECT 1_000"),
    "operators next to each other": session("SELECT 1--2", "SELECT 1+-2", "SELECT 1*-2", "SELECT - - 1", "SELECT 5!=4", "SELECT 2^3^2", "SELECT |/ 4.0", "SELECT 5 % -3", "SELECT @ -5"),
}

NO_COLUMNS = "a SELECT without columns is 0A000 on SQLite"
DESCRIBED = "PostgreSQL sends RowDescription (and the rows before) before the error; here the error alone"
DETAIL = "PostgreSQL's DETAIL is missing"
KNOWN = {
    "a query with no columns": NO_COLUMNS,
    "writes then an error are undone": DETAIL,
    "SET LOCAL in several statements": "several statements of one Query are a block: SET LOCAL holds to its end; here WARNING 25P01 and no effect",
    "SET TRANSACTION in several statements": "several statements of one Query are a block: READ ONLY holds (25006); here WARNING 25P01 and the INSERT succeeds",
    "START TRANSACTION": "the tag is START TRANSACTION in PostgreSQL; here BEGIN",
    "READ UNCOMMITTED is shown": "PostgreSQL shows read uncommitted; here read committed",
    "transaction_deferrable is shown": "SHOW transaction_deferrable is 42704 here",
    "errors name constraint, table and column": DETAIL,
    "an unknown index": "42704 in PostgreSQL; here 42P01",
    "ALTER of an unknown table": "the error has a position here and none in PostgreSQL",
    "too many and too few expressions": "the positions of the errors",
    "a negative LIMIT": DESCRIBED,
    "a subquery of more than one row": DESCRIBED,
    "an error after the first rows": DESCRIBED,
    "IF NOT EXISTS of what exists": "the NOTICE is 42P07 in PostgreSQL; here 00000",
    "statements that need no block": "VACUUM is 0A000 on SQLite",
    "ANALYZE": "ANALYZE is 0A000 on SQLite",
    "styles": "DateStyle and IntervalStyle other than the defaults are 0A000 on SQLite",
    "the text of a bad style": "DETAIL and the parameter's spelling; the order of the available values",
    "a reset setting of an extension's form is empty": "PostgreSQL shows an empty value; here 42704",
    "a name of 64 bytes": "PostgreSQL sends NOTICE 42622 when it cuts an identifier; here it is cut without a word",
    "a Unicode escape that is none": "PostgreSQL's hint is missing",
    "numbers with junk": "the text quotes 0x and 1_ where PostgreSQL quotes 0x10 and 1_000",
}


@pytest.mark.parametrize("name", marked(CASES, KNOWN))
def test_the_messages_are_postgresqls(probe_pair, name):
    compare(probe_pair, CASES[name])
