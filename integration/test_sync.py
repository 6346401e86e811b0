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
    assert time.monotonic() - began < 2, "degraded: none waits"
    assert len(client.notices) == 6 and lag(proxy) == ("degraded", 6)
    between.refuse(False)
    wait_until(lambda: lag(proxy)[0] == "sync", 30, "the mirror")
    del client.notices[:]
    run(client, "INSERT INTO item (token) VALUES ('again')")
    assert client.notices == [] and lag(proxy) == ("sync", 6)
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    assert [f for f in mirror_load.faults(proxy.sqlite, proxy.pg, []) if "never committed" not in f and "hot" not in f] == []


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
