"""mode = "sync": a COMMIT is answered when the other database holds it too, or late with a warning; then it degrades or refuses."""
import time

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from servers import wait_until
from test_mirror_workloads import SEED, caught_up, serve_pair, stage


def sync_pair(crossfade, folder, postgres, gate, at, late="degrade", timeout="1s"):
    """A pair behind a gate that can cut PostgreSQL off; `pg`: past the gate."""
    name = postgres.create_database()
    between = gate("127.0.0.1", postgres.port)
    proxy = serve_pair(crossfade, folder, f"host=127.0.0.1 port={between.port} user=postgres dbname={name}",
                       settings={"mirror": ['mode = "sync"', f'sync_timeout = "{timeout}"', f'on_sync_timeout = "{late}"']})
    proxy.pg = postgres.conninfo(name)
    for wanted in ("copy", "shadow", "canary", "postgres"):
        if stage(proxy) != at:
            proxy.console(f"SWITCH TO {wanted}")
    assert stage(proxy) == at
    return proxy, between


def client_of(proxy):
    connection = proxy.connect()
    connection.autocommit = True
    return connection


def run(connection, sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


def lag(proxy):
    row = proxy.console("SHOW LAG")[0]
    return row["commits"], int(row["late_commits"])


WRITES = [
    ("autocommit", ["INSERT INTO item (token) VALUES ('{}')"]),
    ("block", ["BEGIN", "INSERT INTO item (token) VALUES ('{}')", "UPDATE hot SET n = n + 1 WHERE id = 1", "COMMIT"]),
    ("one message", ["INSERT INTO item (token) VALUES ('{}'); UPDATE hot SET n = n + 1 WHERE id = 2"]),
    ("RETURNING", ["INSERT INTO item (token) VALUES ('{}') RETURNING id"]),
]


@pytest.mark.parametrize("at", ["shadow", "canary"])
def test_what_is_acknowledged_is_in_postgresql_at_that_moment(crossfade, tmp_path, postgres, gate, at):
    proxy, _ = sync_pair(crossfade, tmp_path, postgres, gate, at, timeout="20s")
    other = psycopg2.connect(proxy.pg)
    other.autocommit = True
    client = client_of(proxy)
    for round_ in range(10):
        for name, statements in WRITES:
            token = f"{name}-{round_}"
            for sql in statements:
                run(client, sql.format(token))
            assert run(other, "SELECT count(*) FROM item WHERE token = %s", (token,)) == [(1,)], token
    with client.cursor() as cursor:
        cursor.copy_expert("COPY item (token) FROM STDIN", __import__("io").StringIO("copied-1\ncopied-2\n"))
    assert run(other, "SELECT count(*) FROM item WHERE token LIKE 'copied-%%'") == [(2,)]
    assert client.notices == [] and lag(proxy) == ("sync", 0)
    run(client, "SELECT count(*) FROM item")
    run(client, "BEGIN"), run(client, "UPDATE hot SET n = 0"), run(client, "ROLLBACK")
    other.close()


def test_in_stage_postgres_what_is_acknowledged_is_in_the_file_at_that_moment(crossfade, tmp_path, postgres, gate):
    import sqlite3
    proxy, _ = sync_pair(crossfade, tmp_path, postgres, gate, "postgres", timeout="20s")
    client = client_of(proxy)
    for round_ in range(10):
        for name, statements in WRITES:
            token = f"{name}-{round_}"
            for sql in statements:
                run(client, sql.format(token))
            with sqlite3.connect(f"file:{proxy.sqlite}?mode=ro", uri=True) as file:
                assert file.execute("SELECT count(*) FROM item WHERE token = ?", (token,)).fetchone() == (1,), token
    assert client.notices == [] and lag(proxy) == ("sync", 0)


def test_a_late_commit_is_answered_with_a_warning_and_counted_and_the_next_do_not_wait(crossfade, tmp_path, postgres, gate):
    proxy, between = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", "degrade")
    client = client_of(proxy)
    run(client, "INSERT INTO item (token) VALUES ('before')")
    assert client.notices == []
    between.refuse()
    began = time.monotonic()
    run(client, "INSERT INTO item (token) VALUES ('late')")
    waited = time.monotonic() - began
    assert 0.9 <= waited < 5, waited
    assert len(client.notices) == 1 and client.notices[0].startswith("WARNING:  the transaction is committed, but the other database"), client.notices
    began = time.monotonic()
    for n in range(5):
        run(client, f"INSERT INTO item (token) VALUES ('later-{n}')")
    assert time.monotonic() - began < 4, "degraded: none waits; each would have waited 0.9 s"
    assert len(client.notices) == 6 and lag(proxy) == ("degraded", 6)
    between.refuse(False)
    wait_until(lambda: lag(proxy)[0] == "sync", 30, "the mirror")
    del client.notices[:]
    run(client, "INSERT INTO item (token) VALUES ('again')")
    assert client.notices == [] and lag(proxy) == ("sync", 6)
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    assert [f for f in mirror_load.faults(proxy.sqlite, proxy.pg, []) if "never committed" not in f and "hot" not in f] == []


def test_a_commit_is_not_said_to_be_there_while_a_row_is_in_quarantine(crossfade, tmp_path, postgres, gate):
    """The row may be its own. None waits for it: the mirror is not behind."""
    proxy, _ = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", timeout="20s")
    client = client_of(proxy)
    run(client, "INSERT INTO item (token) VALUES ('good')")
    assert client.notices == []
    writer = __import__("sqlite3").connect(proxy.sqlite, timeout=10)
    writer.execute("UPDATE item SET token = CAST(x'610062' AS TEXT) WHERE id = 1")
    writer.commit()
    writer.close()
    begun = time.monotonic()
    run(client, "UPDATE hot SET n = n + 1 WHERE id = 1")
    run(client, "UPDATE hot SET n = n + 1 WHERE id = 1")
    assert time.monotonic() - begun < 10
    assert len(client.notices) == 2 and all("does not hold it yet" in notice for notice in client.notices), client.notices
    assert lag(proxy) == ("sync", 2)
    client.notices.clear()
    run(client, "UPDATE item SET token = 'mended' WHERE id = 1")
    run(client, "UPDATE hot SET n = n + 1 WHERE id = 1")
    assert client.notices == []


def test_the_warning_has_sqlstate_01000(crossfade, tmp_path, postgres, gate):
    import raw
    proxy, between = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", timeout="100ms")
    between.refuse()
    client = raw.RawClient("127.0.0.1", proxy.port)
    client.send(raw.startup("app", "app"))
    client.until_ready()
    client.send(raw.query("INSERT INTO item (token) VALUES ('raw')"))
    assert sorted(client.until_ready()) == ["C INSERT 0 1", "N WARNING 01000", "Z I"]
    client.close()


def test_with_refuse_changes_are_57p03_until_it_has_caught_up_and_reads_go_on(crossfade, tmp_path, postgres, gate):
    proxy, between = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", "refuse")
    client = client_of(proxy)
    run(client, "PREPARE more AS INSERT INTO item (token) VALUES ($1)")
    between.refuse()
    run(client, "INSERT INTO item (token) VALUES ('committed')")  # a committed one is answered as such
    assert len(client.notices) == 1
    for sql in ("INSERT INTO item (token) VALUES ('refused')", "UPDATE hot SET n = n + 1", "DELETE FROM item WHERE id = 1", "EXECUTE more ('refused')", "TRUNCATE item"):
        with pytest.raises(psycopg2.errors.CannotConnectNow, match="the other database is behind"):
            run(client, sql)
    with pytest.raises(psycopg2.errors.CannotConnectNow), client.cursor() as cursor:
        cursor.copy_expert("COPY item (token) FROM STDIN", __import__("io").StringIO("refused\n"))
    assert run(client, "SELECT count(*) FROM item WHERE token = 'committed'") == [(1,)]
    assert lag(proxy) == ("refusing changes", 1)
    between.refuse(False)
    wait_until(lambda: lag(proxy)[0] == "sync", 30, "the mirror")
    run(client, "INSERT INTO item (token) VALUES ('again')")
    assert run(client, "SELECT count(*) FROM item WHERE token = 'refused'") == [(0,)]
    other = psycopg2.connect(proxy.pg)
    assert run(other, "SELECT count(*) FROM item WHERE token IN ('committed', 'again')") == [(2,)]
    other.close()


def test_the_workloads_run_in_sync_through_a_walk_and_both_sides_are_equal(crossfade, tmp_path, postgres, gate):
    proxy, _ = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", timeout="20s")
    with mirror_load.Workload(proxy.url(), 8, SEED) as load:
        for command in ("SWITCH TO postgres", "SWITCH BACK"):
            before = load.count()
            wait_until(lambda: load.count() > before + 60, 60, "work")
            proxy.console(command)
            before = load.count()
            wait_until(lambda: load.count() > before + 60, 60, "work")
    assert lag(proxy)[0] == "sync" and load.doubtful == []
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []


def locked_pair(crossfade, folder, postgres, gate, late="degrade", timeout="200ms"):
    """In stage postgres, behind: the file's lock is ours, and one commit was late. (proxy, client, release)"""
    import sqlite3
    proxy, _ = sync_pair(crossfade, folder, postgres, gate, "postgres", late, timeout)
    ours = sqlite3.connect(proxy.sqlite, timeout=20, isolation_level=None)
    ours.execute("BEGIN IMMEDIATE")
    client = client_of(proxy)
    run(client, "INSERT INTO item (token) VALUES ('late')")
    assert len(client.notices) == 1
    del client.notices[:]
    return proxy, client, ours.close


HELD = [
    ("a CTE", ["WITH w AS (INSERT INTO item (token) VALUES ('{}') RETURNING id) SELECT * FROM w"], 1),
    ("DO", ["DO $$ BEGIN INSERT INTO item (token) VALUES ('{}'); END $$"], 1),
    ("a function", ["SELECT writes('{}')"], 1),
    ("CALL", ["CALL writes_and_commits('{}')"], 1),
    ("MERGE", ["MERGE INTO hot USING (VALUES (1)) v (i) ON hot.id = v.i WHEN MATCHED THEN UPDATE SET n = 0"], 1),
    ("EXECUTE", ["PREPARE more AS INSERT INTO item (token) VALUES ('{}')", "EXECUTE more"], 1),
    ("arguments of EXECUTE", ["PREPARE argument (int) AS SELECT $1", "EXECUTE argument (writes('{}'))"], 1),
    ("a name used again", ["PREPARE again AS SELECT 1", "EXECUTE again", "DEALLOCATE again", "PREPARE again AS INSERT INTO item (token) VALUES ('{}')", "EXECUTE again"], 1),
    ("EXPLAIN ANALYZE", ["EXPLAIN ANALYZE INSERT INTO item (token) VALUES ('{}')"], 1),
    ("AND CHAIN", ["BEGIN", "INSERT INTO item (token) VALUES ('{}')", "COMMIT AND CHAIN", "SELECT 1", "COMMIT"], 1),
    ("COMMIT; BEGIN", ["BEGIN", "INSERT INTO item (token) VALUES ('{}')", "COMMIT; BEGIN", "COMMIT"], 1),
    ("reads", ["SELECT count(*) FROM item", "WITH w AS (SELECT 1) SELECT * FROM w", "EXPLAIN INSERT INTO item (token) VALUES ('no')", "BEGIN",
               "DECLARE c CURSOR FOR SELECT id FROM item", "FETCH 2 FROM c", "COMMIT", "PREPARE one AS SELECT 1", "EXECUTE one", "SHOW search_path"], 0),
    ("ROLLBACK", ["BEGIN", "INSERT INTO item (token) VALUES ('{}')", "ROLLBACK"], 0),
]


def test_every_way_to_commit_a_change_on_postgresql_is_held_and_reads_are_not(crossfade, tmp_path, postgres, gate):
    proxy, client, release = locked_pair(crossfade, tmp_path, postgres, gate)
    other = psycopg2.connect(proxy.pg)
    other.autocommit = True
    run(other, "CREATE FUNCTION writes(t text) RETURNS int LANGUAGE sql AS 'INSERT INTO item (token) VALUES (t) RETURNING 1';"
               "CREATE PROCEDURE writes_and_commits(t text) LANGUAGE plpgsql AS 'BEGIN INSERT INTO item (token) VALUES (t); COMMIT; END'")
    other.close()
    for name, statements, warnings in HELD:
        for sql in statements:
            run(client, sql.format(name))
        assert len(client.notices) == warnings, (name, client.notices)
        del client.notices[:]
    with client.cursor() as cursor:
        cursor.copy_expert("COPY item TO STDOUT", __import__("io").StringIO())
        assert client.notices == []
    release()


def test_pipelined_transactions_are_each_held(crossfade, tmp_path, postgres, gate):
    import raw
    proxy, _, release = locked_pair(crossfade, tmp_path, postgres, gate)
    client = raw.RawClient("127.0.0.1", proxy.port)
    client.send(raw.startup("app", "app"))
    client.until_ready()
    batch = [raw.parse("", "INSERT INTO item (token) VALUES ('a')"), raw.bind("", ""), raw.execute(), raw.SYNC,
             raw.query("BEGIN; INSERT INTO item (token) VALUES ('b')"), raw.query("COMMIT; BEGIN"), raw.query("ROLLBACK"), raw.query("SELECT 1")]
    client.send(*batch)
    heard = client.until_ready(5)
    assert [said for said in heard if said[0] in "NZ"] == ["N WARNING 01000", "Z I", "Z T", "N WARNING 01000", "Z T", "Z I", "Z I"], heard
    # A portal that was read in part has done all that it does to rows, and Sync commits it.
    client.send(raw.parse("", "INSERT INTO item (token) VALUES ('c'), ('d') RETURNING id"), raw.bind("", ""), raw.execute("", 1), raw.SYNC)
    assert [said for said in client.until_ready() if said[0] in "NsZ"] == ["s", "N WARNING 01000", "Z I"]
    # A name of SQL's PREPARE that Parse takes up again.
    client.send(raw.query("PREPARE p AS SELECT 1"), raw.query("DEALLOCATE p"), raw.parse("p", "INSERT INTO item (token) VALUES ('e')"), raw.SYNC)
    client.until_ready(3)
    client.send(raw.query("EXECUTE p"))
    assert "N WARNING 01000" in client.until_ready()
    client.close()
    release()


def test_a_commit_that_chains_on_sqlite_is_held(crossfade, tmp_path, postgres, gate):
    proxy, between = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", timeout="200ms")
    client = client_of(proxy)
    between.refuse()
    for statements in (["BEGIN", "INSERT INTO item (token) VALUES ('chain')", "COMMIT AND CHAIN", "COMMIT"],
                       ["BEGIN", "INSERT INTO item (token) VALUES ('begin')", "COMMIT; BEGIN", "COMMIT"]):
        for sql in statements:
            run(client, sql)
        assert len(client.notices) == 1, (statements, client.notices)
        del client.notices[:]
    with pytest.raises(psycopg2.errors.DivisionByZero):
        run(client, "INSERT INTO item (token) VALUES ('batch'); COMMIT; SELECT 1 / 0")
    no_block, late = client.notices  # the first is PostgreSQL's own
    assert "there is no transaction in progress" in no_block and "does not hold it yet" in late


def test_what_the_server_says_behind_a_late_answer_stays_behind_it(crossfade, tmp_path, postgres, gate):
    import threading
    proxy, client, release = locked_pair(crossfade, tmp_path, postgres, gate, timeout="20ms")
    run(client, "LISTEN noise")
    done = threading.Event()

    def noise():
        other = psycopg2.connect(proxy.pg)
        other.autocommit = True
        while not done.is_set():
            run(other, "NOTIFY noise, 'x'")
        other.close()

    threads = [threading.Thread(target=noise) for _ in range(2)]
    for each in threads:
        each.start()
    try:
        heard, begin, count = 0, time.monotonic(), 0
        while time.monotonic() - begin < 10:
            run(client, "UPDATE hot SET n = n + 1 WHERE id = 1")  # "lost synchronization with server" when the stream is broken
            count += 1
            heard += len(client.notifies)
            assert len(client.notices) == 1
            del client.notices[:], client.notifies[:]
        assert count > 50 and heard > 50, (count, heard)
    finally:
        done.set()
        for each in threads:
            each.join()
        release()


REFUSED = [
    "INSERT INTO item (token) VALUES ('refused')",
    "WITH w AS (INSERT INTO item (token) VALUES ('refused') RETURNING id) SELECT * FROM w",
    "DO $$ BEGIN INSERT INTO item (token) VALUES ('refused'); END $$",
    "SELECT writes('refused')",
    "MERGE INTO hot USING (VALUES (1)) v (i) ON hot.id = v.i WHEN MATCHED THEN UPDATE SET n = 0",
    "EXECUTE more",
    "EXPLAIN ANALYZE EXECUTE more",
    "EXPLAIN (ANALYZE) INSERT INTO item (token) VALUES ('refused')",
    "COPY item (token) FROM STDIN",
    "SELECT 1; TRUNCATE item",
]
NOT_REFUSED = [
    "SELECT count(*) FROM item", "VALUES (1)", "WITH w AS (SELECT 1) SELECT * FROM w", "SELECT * FROM item FOR UPDATE", "EXPLAIN UPDATE hot SET n = 0", "SHOW timezone",
    "BEGIN", "LOCK TABLE item IN ACCESS SHARE MODE", "DECLARE c CURSOR FOR SELECT 1", "FETCH c", "ROLLBACK", "PREPARE one AS SELECT 1", "EXECUTE one",
    "DEALLOCATE one", "SET work_mem = '8MB'", "CREATE TEMP TABLE mine (a int)", "SELECT set_config('a.b', 'c', false)", "SELECT pg_advisory_lock(1)",
]


def test_with_refuse_in_stage_postgres_only_known_reads_go_on(crossfade, tmp_path, postgres, gate):
    import io
    import raw
    import sqlite3
    proxy, _ = sync_pair(crossfade, tmp_path, postgres, gate, "postgres", "refuse", "200ms")
    other = psycopg2.connect(proxy.pg)
    other.autocommit = True
    run(other, "CREATE FUNCTION writes(t text) RETURNS int LANGUAGE sql AS 'INSERT INTO item (token) VALUES (t) RETURNING 1'")
    client = client_of(proxy)
    run(client, "PREPARE more AS INSERT INTO item (token) VALUES ('refused')")
    low = raw.RawClient("127.0.0.1", proxy.port)
    low.send(raw.startup("app", "app"))
    low.until_ready()
    low.send(raw.query("SET standard_conforming_strings = off; PREPARE more AS INSERT INTO item (token) VALUES ('refused')"), raw.parse("write", "INSERT INTO item (token) VALUES ('refused')"),
             raw.parse("read", "SELECT 1"), raw.parse("again", "EXECUTE again"), raw.SYNC)
    low.until_ready(2)
    ours = sqlite3.connect(proxy.sqlite, timeout=20, isolation_level=None)
    ours.execute("BEGIN IMMEDIATE")
    run(client, "INSERT INTO item (token) VALUES ('late')")
    for sql in REFUSED:
        with pytest.raises(psycopg2.errors.CannotConnectNow, match="the other database is behind"):
            run(client, sql)
    for sql in NOT_REFUSED:
        run(client, sql)
    with client.cursor() as cursor:
        for sql in ("COPY (SELECT 1) TO STDOUT", "COPY item TO STDOUT"):
            cursor.copy_expert(sql, io.StringIO())
        with pytest.raises(psycopg2.errors.CannotConnectNow):
            cursor.copy_expert("COPY (WITH w AS (DELETE FROM item RETURNING 1) SELECT * FROM w) TO STDOUT", io.StringIO())

    def says(*messages):
        low.send(*messages, raw.SYNC)
        return [each for each in low.until_ready() if each[0] in "EC"]

    for name, said in (("write", ["E ERROR 57P03"]), ("more", ["E ERROR 57P03"]), ("again", ["E ERROR 57P03"]), ("read", ["C SELECT 1"])):
        assert says(raw.bind("", name), raw.execute()) == said, name
    for sql in ("INSERT INTO item (token) VALUES ('a\\'b')", "SELECT '\\', '; INSERT INTO item (token) VALUES (1); --'"):
        assert says(raw.parse("", sql), raw.bind("", ""), raw.execute()) == ["E ERROR 57P03"], sql
    assert says(raw.parse("", "SELECT 1"), raw.bind("", ""), raw.execute()) == ["C SELECT 1"]
    low.close()
    ours.close()
    assert run(other, "SELECT count(*) FROM item WHERE token <> 'late' AND token LIKE '%%refused%%'") == [(0,)]
    wait_until(lambda: lag(proxy)[0] == "sync", 30, "the mirror")
    run(client, "EXECUTE more")
    other.close()


def test_with_refuse_a_cte_that_inserts_into_the_file_is_refused_too(crossfade, tmp_path, postgres, gate):
    proxy, between = sync_pair(crossfade, tmp_path, postgres, gate, "shadow", "refuse", "200ms")
    client = client_of(proxy)
    between.refuse()
    run(client, "INSERT INTO item (token) VALUES ('late')")
    with pytest.raises(psycopg2.errors.CannotConnectNow):
        run(client, "WITH w AS (INSERT INTO item (token) VALUES ('refused') RETURNING id) SELECT * FROM w")
    assert run(client, "SELECT count(*) FROM item WHERE token = 'refused'") == [(0,)]
