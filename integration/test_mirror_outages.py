"""The mirror while others misbehave: a process that writes the file directly, PostgreSQL gone for a while, connections cut every second.

Nothing acknowledged may be lost or doubled, and both sides must be equal when the trouble is over.
"""
import collections
import os
import subprocess
import threading
import time

import psycopg2
import pytest

import mirror_load
from servers import Postgres, wait_until
from test_mirror_workloads import SEED, WALK, caught_up, serve_pair, stage

OUTAGE = float(os.environ.get("CROSSFADE_OUTAGE_SECONDS", "2"))
CUTS = float(os.environ.get("CROSSFADE_CUT_SECONDS", "6"))
CLIENTS = 4


def console(proxy, command):
    """The console's answer, or the error that it gave."""
    try:
        return proxy.console(command)
    except psycopg2.Error as error:
        return error


def bring_to(proxy, wanted, seconds=60):
    """Walks on until the stage is reached; a red gate, a drain that failed or PostgreSQL's absence may refuse meanwhile."""
    order = ["sqlite", "copy", "shadow", "postgres"] if wanted != "canary" else ["sqlite", "copy", "shadow", "canary", "postgres"]
    refusals = []

    def step():
        now = stage(proxy)
        if now == wanted:
            return True
        forward = order.index(wanted) > order.index(now)
        answer = console(proxy, "SWITCH TO " + order[order.index(now) + 1] if forward else "SWITCH BACK")
        if isinstance(answer, psycopg2.Error):
            refusals.append(str(answer))
        return False

    try:
        wait_until(step, seconds, f"stage {wanted}")
    except TimeoutError as error:
        raise AssertionError(f"{error}: {refusals[-1:]}") from None
    return refusals


def test_a_process_that_writes_the_file_directly_is_mirrored_until_the_guard_refuses_it(crossfade, tmp_path, pg_database):
    proxy = serve_pair(crossfade, tmp_path, pg_database, rows=60_000)
    accepted = {}
    with mirror_load.Workload(proxy.url(), CLIENTS, SEED) as load, mirror_load.Bypass(proxy.sqlite) as bypass:
        for command, wanted in WALK:
            before, refused = len(bypass.accepted), bypass.refused
            proxy.console(command)
            during = len(bypass.accepted) - before
            # SQLite asks for the lock every 100 ms and the clients hold it nearly always: how long the process waits is luck, up to its 30 s.
            wait_until(lambda: bypass.refused > refused if wanted == "postgres" else len(bypass.accepted) > before + during, 40, "a direct write")
            time.sleep(0.7)
            accepted[command] = (during, len(bypass.accepted) - before, bypass.refused - refused)
            if wanted == "postgres":
                end = len(bypass.accepted)
                time.sleep(0.3)
                assert len(bypass.accepted) == end, "the file took a write after the switch"
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    print({"direct writes while switching, in all, refused": accepted})
    assert accepted["SWITCH TO copy"][0] > 0, "no direct write fell into the copy"
    assert accepted["SWITCH TO shadow"][1] > 0 and accepted["SWITCH TO postgres"][2] > 0 and accepted["SWITCH BACK"][1] > 0
    assert bypass.errors == []
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load], bypass) == []


@pytest.fixture
def own_postgres():
    """A server that a test may stop."""
    server = Postgres.start()
    yield server
    try:
        server.stop()
    except Exception:  # it was down when the test failed
        server.up()
        server.stop()


@pytest.mark.parametrize("where", ["copy", "shadow", "canary", "postgres", "back"])
def test_postgresql_is_away_for_a_while_and_nothing_is_lost(crossfade, tmp_path, own_postgres, where):
    """`copy`: it goes while the tables are copied. `back`: in shadow after SWITCH BACK."""
    proxy = serve_pair(crossfade, tmp_path, own_postgres.conninfo(own_postgres.create_database()), rows=100_000 if where == "copy" else 200)
    with mirror_load.Workload(proxy.url(), CLIENTS, SEED) as load, mirror_load.Bypass(proxy.sqlite) as bypass:
        if where == "copy":
            copying = threading.Thread(target=console, args=(proxy, "SWITCH TO copy"))
            copying.start()
            wait_until(lambda: stage(proxy) == "copy", 30, "the copy")
        else:
            bring_to(proxy, "postgres" if where in ("postgres", "back") else where)
            if where == "back":
                bring_to(proxy, "shadow")
        time.sleep(0.3)
        sqlite_serves = where != "postgres"
        own_postgres.down("immediate")
        before, errors = load.count(), len(load.errors) + len(load.doubtful)
        time.sleep(OUTAGE)
        during, went_wrong = load.count() - before, len(load.errors) + len(load.doubtful) - errors
        readiness, refused = console(proxy, "SHOW READINESS"), console(proxy, "SWITCH BACK" if where == "postgres" else "SWITCH TO postgres")
        after_refusal = load.count()
        if sqlite_serves:
            wait_until(lambda: load.count() > after_refusal, 30, "work after a refused switch")
        own_postgres.up()
        if where == "copy":
            copying.join(120)
            bring_to(proxy, "shadow", 120)
        resumed = load.count()
        wait_until(lambda: load.count() > resumed + 20, 60, "work after the outage")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    print({"where": where, "acknowledged while away": during, "errors and doubts while away": went_wrong, "all": load.count(),
           "doubts": len(load.doubtful), "refused": dict(load.refused), "longest": round(load.longest, 3)})
    assert isinstance(refused, psycopg2.Error), "a switch went through without PostgreSQL"
    assert any(row["state"] == "red" for row in readiness), readiness
    if sqlite_serves:
        assert during > 0 and load.doubtful == [], "SQLite is the primary: PostgreSQL's absence is nobody's business"
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load], bypass) == []


# A switch must fit between two cuts, else it is cancelled: how often it does is a matter of the machine, so the walk is the soak's.
WHERE = ["copy", "shadow", "canary", "postgres"] + (["walking"] if "CROSSFADE_CUT_SECONDS" in os.environ else [])


@pytest.mark.parametrize("where", WHERE)
def test_every_connection_to_postgresql_is_cut_once_a_second(crossfade, tmp_path, postgres, gate, where):
    """`copy`: during SWITCH TO copy, which ends when the cuts have. `walking`: there and back, again and again."""
    name = postgres.create_database()
    between = gate("127.0.0.1", postgres.port)
    proxy = serve_pair(crossfade, tmp_path, f"host=127.0.0.1 port={between.port} user=postgres dbname={name}", rows=20_000)
    proxy.pg = postgres.conninfo(name)
    ending, cuts, walks, refusals = threading.Event(), [], 0, collections.Counter()

    def cutter():
        while not ending.wait(1.0):
            between.cut()
            cuts.append(time.monotonic())

    with mirror_load.Workload(proxy.url(), CLIENTS, SEED) as load, mirror_load.Bypass(proxy.sqlite) as bypass:
        copying = threading.Thread(target=console, args=(proxy, "SWITCH TO copy"))
        if where != "copy":
            bring_to(proxy, where if where in ("postgres", "canary") else "shadow")
        thread = threading.Thread(target=cutter)
        thread.start()
        end = time.monotonic() + CUTS
        if where == "copy":
            copying.start()
        while time.monotonic() < end:
            if where == "walking":
                answer = console(proxy, "SWITCH BACK" if stage(proxy) == "postgres" else "SWITCH TO postgres")
                if isinstance(answer, psycopg2.Error):
                    refusals[str(answer).splitlines()[0]] += 1
                else:
                    walks += 1
            time.sleep(0.2)
        ending.set()
        thread.join()
        if where == "copy":
            copying.join(120)
            bring_to(proxy, "shadow", 120)
        if where == "walking":
            bring_to(proxy, "postgres", 60)
            bring_to(proxy, "shadow", 60)
        resumed = load.count()
        wait_until(lambda: load.count() > resumed + 20, 60, "work after the cuts")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    print({"where": where, "cuts": len(cuts), "walks": walks, "cancelled": dict(refusals), "acknowledged": load.count(),
           "doubts": len(load.doubtful), "refused": dict(load.refused), "longest": round(load.longest, 3)})
    if where in ("copy", "shadow", "canary"):
        assert load.doubtful == [], "SQLite is the primary"
    if where == "walking":
        assert walks > 0, refusals
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load], bypass) == []


def test_a_switch_goes_through_after_every_idle_connection_was_cut(crossfade, tmp_path, postgres, gate):
    """Nothing is lost with a connection that does nothing: it is opened again, the switch need not be cancelled for it."""
    name = postgres.create_database()
    between = gate("127.0.0.1", postgres.port)
    proxy = serve_pair(crossfade, tmp_path, f"host=127.0.0.1 port={between.port} user=postgres dbname={name}")
    for command, wanted in WALK + WALK[2:]:
        between.cut()
        proxy.console(command)
        assert stage(proxy) == wanted


def test_a_postgresql_that_loses_unflushed_commits_does_not_stop_the_mirror(crossfade, tmp_path):
    """synchronous_commit = off, as an owner may have it: a crash undoes steps whose entries the file's journal need no longer hold."""
    server = Postgres.start(("synchronous_commit = off", "wal_writer_delay = 10s"))
    try:
        proxy = serve_pair(crossfade, tmp_path, server.conninfo(server.create_database()))
        bring_to(proxy, "shadow")
        with mirror_load.Workload(proxy.url(), CLIENTS, SEED, pause=0) as load:
            wait_until(lambda: load.count() > 1_500, 60, "enough entries for the journal to be pruned")
        server.down("immediate")
        server.up()
        wait_until(lambda: proxy.console("SHOW LAG")[0]["state"] == "stopped" or caught_up(proxy), 30, "the mirror")
        lag = proxy.console("SHOW LAG")[0]
        assert lag["state"] == "running", lag["reason"]
        assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
    finally:
        server.stop()


def test_sigterm_ends_the_proxy_while_a_console_waits_for_the_copy(crossfade, tmp_path, postgres, gate):
    between = gate("127.0.0.1", postgres.port)
    conninfo = f"host=127.0.0.1 port={between.port} user=postgres dbname={postgres.create_database()}"
    proxy = serve_pair(crossfade, tmp_path, conninfo, rows=50_000, settings={"listen": ['shutdown_timeout = "1s"']})
    copying = threading.Thread(target=console, args=(proxy, "SWITCH TO copy"), daemon=True)
    copying.start()
    wait_until(lambda: stage(proxy) == "copy", 30, "the copy")
    between.refuse()
    wait_until(lambda: proxy.console("SHOW STAGE")[0]["mirror"] == "retrying", 30, "the copy's interruption")
    proxy.process.terminate()
    try:
        proxy.process.wait(20)
    except subprocess.TimeoutExpired:
        proxy.kill()
        pytest.fail("it still runs 20 s after SIGTERM")


def test_a_database_that_is_read_only_for_its_applications_is_mirrored(crossfade, tmp_path, postgres):
    """PostgreSQL reports that default, so clients have it at every stage and write nothing: a program beside the proxy does."""
    name = postgres.create_database()
    connection = postgres.connect()
    connection.cursor().execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    connection.close()
    proxy = serve_pair(crossfade, tmp_path, postgres.conninfo(name), rows=20_000)
    with mirror_load.Bypass(proxy.sqlite) as bypass:
        for command in ("SWITCH TO copy", "SWITCH TO shadow"):
            proxy.console(command)
        before = len(bypass.accepted)
        wait_until(lambda: len(bypass.accepted) > before + 100, 60, "work in stage shadow")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [], bypass) == []


@pytest.mark.parametrize("default", ["statement_timeout = '20ms'", "idle_in_transaction_session_timeout = '20ms'"])
def test_a_database_whose_defaults_are_meant_for_applications_is_mirrored(crossfade, tmp_path, postgres, default):
    name = postgres.create_database()
    connection = postgres.connect()
    connection.cursor().execute(f"ALTER DATABASE {name} SET {default}")
    connection.close()
    proxy = serve_pair(crossfade, tmp_path, postgres.conninfo(name), rows=20_000)
    with mirror_load.Workload(proxy.url(), CLIENTS, SEED) as load:
        for command in ("SWITCH TO copy", "SWITCH TO shadow"):
            proxy.console(command)
        before = load.count()
        wait_until(lambda: load.count() > before + 100, 60, "work in stage shadow")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
