"""Cursors, PREPARE, LISTEN and DISCARD between the messages of the extended protocol, held with PostgreSQL 15."""
import pytest

from probing import PATIENCE, TABLE, compare, heard, marked
from raw import SYNC, bind, close, describe, execute, message, parse, query

N = "SELECT n FROM p ORDER BY n"


def session(*statements):
    return [query(statement) for statement in statements]


def run(sql, *values):
    return parse("", sql) + bind("", "", values) + execute()


CASES = {
    # cursors are portals
    "Execute of a declared cursor": [query("BEGIN"), query(f"DECLARE c CURSOR FOR {N}"), describe("P", "c") + execute("c", 2)
                                     + SYNC, query("FETCH 5 FROM c"), execute("c") + SYNC, query("COMMIT")],
    "FETCH from a bound portal": [query("BEGIN"), parse("", N) + bind("c", "") + execute("c", 1) + SYNC, query("FETCH 1 FROM c"),
                                  query("MOVE 1 FROM c"), query("FETCH 1 FROM c"), query("CLOSE c"), execute("c") + SYNC,
                                  query("ROLLBACK")],
    "Close of a declared cursor": [query("BEGIN"), query(f"DECLARE c CURSOR FOR {N}"), close("P", "c") + SYNC, query("FETCH c"),
                                   query("ROLLBACK")],
    "DECLARE over a bound portal": [query("BEGIN"), parse("", N) + bind("c", "") + SYNC, query(f"DECLARE c CURSOR FOR {N}"),
                                    query("ROLLBACK")],
    "Bind over a declared cursor": [query("BEGIN"), query(f"DECLARE c CURSOR FOR {N}"), parse("", N) + bind("c", "") + SYNC,
                                    query("ROLLBACK")],
    "a cursor fetched through a portal with a limit": [query("BEGIN"), query(f"DECLARE c CURSOR FOR {N}"),
                                                       parse("", "FETCH ALL FROM c") + describe("S", "")
                                                       + bind("", "", [], [], [1]) + describe("P", "") + execute("", 1)
                                                       + execute("", 1) + execute("") + SYNC, query("COMMIT")],
    "DECLARE outside a block": session(f"DECLARE c CURSOR FOR {N}", f"DECLARE c CURSOR FOR {N}; FETCH c"),
    "FETCH in all directions": session("BEGIN", f"DECLARE c SCROLL CURSOR FOR {N}", "FETCH NEXT FROM c", "FETCH LAST FROM c",
                                       "FETCH PRIOR FROM c", "FETCH FIRST FROM c", "FETCH ABSOLUTE 2 FROM c",
                                       "FETCH ABSOLUTE -1 FROM c",
                                       "FETCH RELATIVE -1 FROM c", "FETCH RELATIVE 0 FROM c", "FETCH 0 FROM c",
                                       "FETCH FORWARD ALL FROM c", "FETCH BACKWARD 2 FROM c", "FETCH BACKWARD ALL FROM c",
                                       "FETCH -1 FROM c", "FETCH c", "MOVE ALL IN c",
                                       "MOVE BACKWARD 1 IN c", "MOVE 0 IN c", "COMMIT"),
    "a cursor that cannot scroll": session("BEGIN", f"DECLARE c NO SCROLL CURSOR FOR {N}", "FETCH 2 FROM c",
                                           "FETCH PRIOR FROM c", "ROLLBACK"),
    "WITH HOLD lives on": session("BEGIN", f"DECLARE c CURSOR WITH HOLD FOR {N}", "FETCH 1 FROM c", "COMMIT", "DELETE FROM p",
                                  "FETCH ALL FROM c", "CLOSE c", "CLOSE c"),
    "WITH HOLD of a block that failed": session("BEGIN", f"DECLARE c CURSOR WITH HOLD FOR {N}", "SELECT nope", "COMMIT",
                                                "FETCH c"),
    "a cursor does not see later writes": session("BEGIN", f"DECLARE c CURSOR FOR {N}", "INSERT INTO p (n) VALUES (50)",
                                                  "UPDATE p SET n = n + 100", "FETCH ALL FROM c", "ROLLBACK"),
    "a savepoint's cursor": session("BEGIN", "SAVEPOINT a", f"DECLARE c CURSOR FOR {N}", "FETCH c", "ROLLBACK TO a", "FETCH c",
                                    "ROLLBACK"),
    "an older cursor keeps its place": session("BEGIN", f"DECLARE c CURSOR FOR {N}", "FETCH c", "SAVEPOINT a", "FETCH c",
                                               "ROLLBACK TO a", "FETCH c", "COMMIT"),
    "a cursor that fails": session("BEGIN", "DECLARE c CURSOR FOR SELECT 1 / (3 - n) FROM p ORDER BY n", "FETCH 2 FROM c",
                                   "FETCH 1 FROM c", "FETCH 1 FROM c", "ROLLBACK"),
    "names of cursors": session("BEGIN", f'DECLARE "C c" CURSOR FOR {N}', 'FETCH "C c"', "FETCH C", "ROLLBACK", "CLOSE nope",
                                "CLOSE ALL"),
    "what cannot be declared": session("BEGIN", "DECLARE c CURSOR FOR INSERT INTO p (n) VALUES (9) RETURNING n", "ROLLBACK",
                                       "BEGIN", "DECLARE c CURSOR FOR SELECT nope", "ROLLBACK"),
    "WHERE CURRENT OF": session("BEGIN", "DECLARE c CURSOR FOR SELECT n FROM p", "FETCH c",
                                "UPDATE p SET t = 'x' WHERE CURRENT OF nope", "ROLLBACK"),
    "WHERE CURRENT OF in all places": session(
        "UPDATE p SET t = 'x' WHERE CURRENT OF c", "BEGIN", "DECLARE c CURSOR FOR SELECT n FROM p ORDER BY n", "UPDATE p SET t = 'x' WHERE CURRENT OF c",
        "ROLLBACK", "BEGIN", "DECLARE c CURSOR FOR SELECT count(*) FROM p", "FETCH c", "UPDATE p SET t = 'x' WHERE CURRENT OF c", "ROLLBACK",
        "BEGIN", "DECLARE c CURSOR FOR SELECT n FROM p ORDER BY n", "FETCH 2 FROM c", "UPDATE p SET t = 'x' WHERE CURRENT OF c RETURNING n",
        "UPDATE p AS q SET t = 'y' WHERE CURRENT OF c RETURNING n, t", "DELETE FROM p WHERE CURRENT OF c", "DELETE FROM p WHERE CURRENT OF c",
        "FETCH c", "UPDATE p SET n = 33 WHERE CURRENT OF c", "FETCH c", "UPDATE p SET n = 34 WHERE CURRENT OF c", "ROLLBACK",
        "BEGIN", "DECLARE c CURSOR FOR SELECT * FROM p ORDER BY n FOR UPDATE", "FETCH c", "UPDATE p SET t = 'x' WHERE CURRENT OF c", "COMMIT",
        "BEGIN", "DECLARE c SCROLL CURSOR FOR SELECT n FROM p ORDER BY n", "FETCH LAST FROM c", "FETCH PRIOR FROM c",
        "DELETE FROM p WHERE CURRENT OF c", "MOVE FIRST FROM c", "UPDATE p SET t = 'first' WHERE CURRENT OF c", "COMMIT",
        "SELECT n, t FROM p ORDER BY n", "BEGIN", "DECLARE c CURSOR WITH HOLD FOR SELECT n FROM p ORDER BY n", "COMMIT", "FETCH c",
        "UPDATE p SET t = 'x' WHERE CURRENT OF c", "CLOSE c", "BEGIN", "DECLARE c CURSOR FOR SELECT n FROM p ORDER BY n", "FETCH c",
        "CREATE TABLE other (n INT)", "DELETE FROM other WHERE CURRENT OF c", "ROLLBACK"),
    "WHERE CURRENT OF in a pipeline": [query("BEGIN"), run("DECLARE c CURSOR FOR SELECT n FROM p") + run("FETCH c")
                                       + run("UPDATE p SET t = $1 WHERE CURRENT OF c", b"here") + run("SELECT n, t FROM p ORDER BY n") + SYNC,
                                       query("ROLLBACK")],
    # PREPARE and Parse
    "EXECUTE of a parsed statement": [parse("s", "SELECT $1::int + 1") + SYNC, query("EXECUTE s(41)"), query("EXECUTE s"),
                                      query("EXECUTE s(1, 2)"), query("EXECUTE s('x')"), query("DEALLOCATE s"),
                                      query("EXECUTE s(1)")],
    "Bind of a PREPAREd one": [query("PREPARE s (int, text) AS SELECT $1, $2"), describe("S", "s") + bind("", "s", [b"1", b"x"])
                               + execute() + SYNC, close("S", "s") + SYNC, query("EXECUTE s(1, 'x')")],
    "PREPARE twice": session("PREPARE s AS SELECT 1", "PREPARE s AS SELECT 2", "EXECUTE s", "DEALLOCATE PREPARE s",
                             "DEALLOCATE s", "DEALLOCATE ALL"),
    "EXECUTE through a portal": [query("PREPARE s (int) AS SELECT n FROM p WHERE n >= $1 ORDER BY n"), parse("", "EXECUTE s(1)")
                                 + describe("S", "") + bind("c", "", [], [], [1]) + describe("P", "c") + execute("c", 2)
                                 + execute("c", 2) + SYNC],
    "EXECUTE with a parameter of its own": [query("PREPARE s (int) AS SELECT $1 + 1"), parse("", "EXECUTE s($1)") + SYNC],
    "types are inferred": session("PREPARE s AS SELECT n FROM p WHERE n = $1", "EXECUTE s(1)", "EXECUTE s('2')",
                                  "EXECUTE s(1.5)", "EXECUTE s(1 + 1)", "EXECUTE s((SELECT 1))"),
    "PREPARE outlives a rollback": session("BEGIN", "PREPARE s AS SELECT 7", "ROLLBACK", "EXECUTE s"),
    "DEALLOCATE in a rolled back block": session("PREPARE s AS SELECT 7", "BEGIN", "DEALLOCATE s", "ROLLBACK", "EXECUTE s"),
    "PREPARE of a write": session("PREPARE s (int) AS INSERT INTO p (n) VALUES ($1)", "EXECUTE s(60)", "EXECUTE s(60)",
                                  "SELECT count(*) FROM p"),
    "PREPARE of what cannot be": session("PREPARE s AS CREATE TABLE x (a INT)", "PREPARE s AS SELECT nope", "PREPARE s AS SELEC",
                                         "PREPARE s (nope) AS SELECT $1"),
    "DISCARD ALL drops statements": [parse("s", "SELECT 1") + SYNC, query("DISCARD ALL"), bind("", "s") + SYNC, query("BEGIN"),
                                     query("DISCARD ALL"), query("ROLLBACK")],
    "DISCARD in its forms": session("DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP", "DISCARD TEMPORARY"),
    # LISTEN and NOTIFY
    "a session hears itself": session("LISTEN a", "NOTIFY a, 'payload'", "NOTIFY a", "NOTIFY b", "UNLISTEN a",
                                      "NOTIFY a, 'unheard'"),
    "after the commit, once each": session("LISTEN a", "BEGIN", "NOTIFY a, 'x'", "NOTIFY a, 'y'", "NOTIFY a, 'x'", "SELECT 1",
                                           "COMMIT", "SELECT 2"),
    "not after a rollback": session("LISTEN a", "BEGIN", "NOTIFY a, 'x'", "ROLLBACK", "SELECT 1"),
    "a savepoint's notification": session("LISTEN a", "BEGIN", "NOTIFY a, 'kept'", "SAVEPOINT s", "NOTIFY a, 'gone'",
                                          "ROLLBACK TO s", "COMMIT"),
    "LISTEN in a rolled back block": session("BEGIN", "LISTEN a", "ROLLBACK", "NOTIFY a"),
    "names of channels": session('LISTEN "A b"', 'NOTIFY "A b", \'1\'', "LISTEN Xy", "NOTIFY xY", "UNLISTEN *", "NOTIFY xy"),
    "NOTIFY in a pipeline": [query("LISTEN a"), run("NOTIFY a, '1'") + run("NOTIFY a, '2'") + SYNC, run("NOTIFY a, '3'")
                             + run("SELECT nope") + SYNC],
    "pg_notify": session("LISTEN a", "SELECT pg_notify('a', 'by function')"),
    "payloads at their limit": session("LISTEN a", f"NOTIFY a, '{'x' * 7999}'", f"NOTIFY a, '{'x' * 8000}'"),
    "NOTIFY in a read only block": session("LISTEN a", "BEGIN READ ONLY", "NOTIFY a", "COMMIT"),
    "UNLISTEN of nothing": session("UNLISTEN nothing", "UNLISTEN *"),
    "DISCARD ALL ends LISTEN": session("LISTEN a", "DISCARD ALL", "NOTIFY a"),
}
KNOWN = {}


@pytest.fixture(scope="module", autouse=True)
def there(probe_pair):
    client = probe_pair[0].session(TABLE)
    client.send(query("DISCARD PLANS; BEGIN; DECLARE c CURSOR FOR SELECT 1; COMMIT"))
    if any("C=0A000" in line for line in heard(client, 1, None, PATIENCE)):
        pytest.skip("DECLARE is refused on SQLite")
    client.close()


@pytest.mark.parametrize("name", marked(CASES, KNOWN))
def test_the_messages_are_postgresqls(probe_pair, name):
    compare(probe_pair, CASES[name])


def test_others_hear_at_once_when_they_are_idle_and_after_their_block_when_not(probe_pair):
    seen = []
    for server in probe_pair:
        idle, busy, speaker = (server.session("LISTEN news") for _ in range(3))
        busy.send(query("BEGIN"))
        got = heard(busy, 1, None, PATIENCE)
        speaker.send(query("UNLISTEN *") + query("NOTIFY news, 'one'") + query("BEGIN; NOTIFY news, 'two'; COMMIT"))
        got += heard(speaker, 3, None, PATIENCE)
        got += heard(idle, 1, 2, PATIENCE)
        busy.send(query("SELECT 1"))
        got += heard(busy, 1, None, PATIENCE)
        busy.send(query("COMMIT") + query("SELECT 2"))
        got += sorted(heard(busy, 2, None, PATIENCE))
        for client in (idle, busy, speaker):
            client.close()
        seen.append(got)
    assert seen[0] == seen[1]


def test_a_listener_that_has_gone_is_not_waited_for(probe_pair):
    server = probe_pair[0]
    for _ in range(20):
        gone = server.session("LISTEN news")
        gone.send(message("S"))
        gone.close()
    speaker = server.session("LISTEN news")
    speaker.send(query("NOTIFY news, 'still'"))
    assert [line for line in heard(speaker, 1, None, PATIENCE) if line[0] in "AZ"] == ["A b'news\\x00still\\x00'", "Z I"]
    speaker.close()
