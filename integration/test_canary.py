"""Stage canary: a share of the sessions reads on PostgreSQL before it is the primary, and knows what it has written; what differs trips it."""
import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
import time

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from servers import Postgres, crossfade_binary, wait_until
from test_mirror_outages import console
from test_mirror_workloads import SEED, caught_up, serve_pair, stage


def journal(proxy):
    return {row["what"]: int(row["value"]) for row in proxy.console("SHOW JOURNAL") if row["value"] is not None}


def reads(proxy):
    return journal(proxy)["canary reads"]


def shown(proxy):
    return proxy.console("SHOW STAGE")[0]["canary"]


def to_canary(crossfade, folder, conninfo, percent=100, **settings):
    settings = {"shadow": ["rate = 1", "queue = 10000"], "canary": ['wait = "5s"'], **settings}
    proxy = serve_pair(crossfade, folder, conninfo, settings=settings)
    for command in ("SWITCH TO copy", "SWITCH TO shadow", f"SWITCH TO canary {percent}"):
        proxy.console(command)
    assert stage(proxy) == "canary"
    return proxy


@pytest.fixture
def canary(crossfade, tmp_path, pg_database):
    return to_canary(crossfade, tmp_path, pg_database)


def client_of(proxy, **options):
    connection = proxy.connect(**options)
    connection.autocommit = True
    return connection


def ask(connection, sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


def write_directly(proxy, sql, values=()):
    writer = sqlite3.connect(proxy.sqlite, timeout=10)
    writer.execute(sql, values)
    writer.commit()
    writer.close()


def behind_the_guard(conninfo, sql):
    """What only a superuser can do to the follower: the guard does not see it, nor does the mirror."""
    connection = psycopg2.connect(conninfo)
    connection.autocommit = True
    connection.cursor().execute("SET session_replication_role = replica; " + sql)
    connection.close()


def test_reads_go_to_postgresql_and_know_what_their_session_has_written(canary):
    client = client_of(canary)
    before = reads(canary)
    for n in range(30):
        row, = ask(client, "INSERT INTO item (token) VALUES (%s) RETURNING id", (f"own-{n}",))
        assert ask(client, "SELECT id FROM item WHERE token = %s", (f"own-{n}",)) == [row]
        assert ask(client, "SELECT count(*) FROM item WHERE token LIKE 'own-%%'") == [(n + 1,)]
    assert reads(canary) - before == 60, journal(canary)
    assert {row["class"] for row in canary.console("SHOW MISMATCHES")} == set()


def test_a_session_knows_what_another_has_committed(canary):
    one, other = client_of(canary), client_of(canary)
    for n in range(50):
        ask(one, "UPDATE hot SET n = n + 1 WHERE id = 1")
        assert ask(other, "SELECT n FROM hot WHERE id = 1") == [(n + 1,)]
    assert reads(canary) == 50


# name | the block's statements | how many of its reads PostgreSQL may answer
BLOCKS = [
    ("read committed, reads alone", ["BEGIN", "SELECT n FROM hot WHERE id = 1", "SELECT count(*) FROM item", "COMMIT"], 2),
    ("reads after the first write stay", ["BEGIN", "SELECT n FROM hot WHERE id = 1", "UPDATE hot SET n = n + 1 WHERE id = 1", "SELECT n FROM hot WHERE id = 1",
                                          "SELECT count(*) FROM item", "ROLLBACK"], 1),
    ("repeatable read", ["BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT n FROM hot WHERE id = 1", "COMMIT"], 0),
    ("FOR UPDATE", ["BEGIN", "SELECT n FROM hot WHERE id = 1 FOR UPDATE", "ROLLBACK"], 0),
    ("now() in a block is the block's", ["BEGIN", "SELECT now() FROM hot WHERE id = 1", "COMMIT"], 0),
    ("volatile functions", ["SELECT random() FROM hot WHERE id = 1"], 0),
    ("the user", ["SELECT current_user FROM hot WHERE id = 1", "SELECT n FROM hot WHERE id = 1 AND session_user = 'app'", "SELECT user, current_role FROM hot WHERE id = 1"], 0),
    ("the database and the schema", ["SELECT current_database(), current_catalog FROM hot WHERE id = 1", "SELECT current_schema, current_schemas(true) FROM hot WHERE id = 1"], 0),
    ("the server and its session", ["SELECT version() FROM hot WHERE id = 1", "SELECT pg_backend_pid() > 0 FROM hot WHERE id = 1", "SELECT current_setting('work_mem') FROM hot WHERE id = 1"], 0),
    ("privileges", ["SELECT has_table_privilege('hot', 'insert') FROM hot WHERE id = 1"], 0),
    ("numbers and names of objects", ["SELECT 'hot'::regclass FROM hot WHERE id = 1", "SELECT 'hot'::regclass::oid > 0 FROM hot WHERE id = 1", "SELECT pg_typeof(n) FROM hot WHERE id = 1",
                                      "SELECT count(*) FROM hot WHERE id = 1 AND 'hot'::regclass IS NOT NULL"], 0),
    ("in a subquery and in WITH", ["SELECT n FROM hot WHERE id = (SELECT count(*) FROM hot h WHERE h.id = 1 AND current_user = 'app')",
                                   "WITH w AS (SELECT current_user AS u) SELECT n FROM hot, w WHERE id = 1"], 0),
    ("the catalog beside a table", ["SELECT count(*) FROM pg_class c, hot WHERE hot.id = 1"], 0),
    ("what only the statement says", ["SELECT upper('a') || n::text, now() > '2000-01-01', to_char(now(), 'YYYY') <> '' FROM hot WHERE id = 1"], 1),
    ("no table", ["SELECT 1"], 0),
    ("the catalog", ["SELECT count(*) FROM pg_class"], 0),
    ("temporary tables", ["CREATE TEMP TABLE mine AS SELECT 1 AS n", "SELECT n FROM mine", "DROP TABLE mine"], 0),
    ("cursors", ["BEGIN", "DECLARE c CURSOR FOR SELECT id FROM item ORDER BY id", "FETCH 3 FROM c", "COMMIT"], 0),
]


@pytest.mark.parametrize("statements,answered", [pytest.param(*row[1:], id=row[0].replace(" ", "-")) for row in BLOCKS])
def test_only_reads_without_side_effects_before_the_first_write_go_there(canary, statements, answered):
    client = client_of(canary)
    for sql in statements:
        ask(client, sql)
    assert reads(canary) == answered, journal(canary)
    assert journal(canary)["canary reads that failed"] == 0 and shown(canary) == "100 % of the sessions"


def test_answers_are_the_same_with_the_clients_settings(crossfade, tmp_path, pg_database):
    """The READS of test_mirror_compared, asked in stage shadow (SQLite answers) and in canary."""
    import test_mirror_compared as compared
    file, plan = mirror_load.make_file(tmp_path / "app.db"), tmp_path / "plan.toml"
    compared.add_things(file)
    done = subprocess.run([crossfade_binary(), "plan", file, "-o", plan], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    proxy = crossfade(sqlite=file, postgres=pg_database, plan=plan, settings={"canary": ['wait = "5s"'], "shadow": ["rate = 1", "queue = 10000"]})
    for command in ("SWITCH TO copy", "SWITCH TO shadow"):
        proxy.console(command)
    client = client_of(proxy)
    ask(client, "SET timezone = 'Asia/Tokyo'; SET datestyle = 'ISO, DMY'; SET intervalstyle = 'iso_8601'; SET extra_float_digits = 0")

    def answers():
        rows = [ask(client, sql, (17,) if "%s" in sql else None) for sql in compared.READS]
        with client.cursor() as cursor:
            cursor.execute("SELECT seen::text, seen::timestamptz::text, rate::text, born::text FROM thing ORDER BY id")
            rows.append(cursor.fetchall())
        return [sorted(repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]) for row in each) for each in rows]

    here = answers()
    proxy.console("SWITCH TO canary 100")
    assert answers() == here
    assert reads(proxy) == len(here), journal(proxy)


def test_the_share_is_of_sessions_and_sticky(crossfade, tmp_path, pg_database):
    proxy = to_canary(crossfade, tmp_path, pg_database, 40)
    clients = [client_of(proxy) for _ in range(40)]

    def chosen():
        out = set()
        for number, client in enumerate(clients):
            before = reads(proxy)
            ask(client, "SELECT n FROM hot WHERE id = 1")
            if reads(proxy) > before:
                out.add(number)
        return out

    some = chosen()
    assert 6 <= len(some) <= 26, some
    assert chosen() == some
    proxy.console("SWITCH TO canary 70")
    more = chosen()
    assert some < more and len(more) < 40
    assert shown(proxy) == "70 % of the sessions"
    proxy.stop()
    proxy.start()
    assert (stage(proxy), shown(proxy)) == ("canary", "70 % of the sessions")  # the share is the pair's, not the process's
    for wrong in ("SWITCH TO canary 0", "SWITCH TO canary 101"):
        with pytest.raises(psycopg2.errors.InvalidParameterValue):
            proxy.console(wrong)
    for wrong in ("SWITCH TO canary many", "SWITCH TO canary 5 5", "SWITCH TO shadow 5"):
        with pytest.raises(psycopg2.errors.SyntaxError):
            proxy.console(wrong)


def test_a_planted_difference_trips_it_and_turns_the_gate_red_until_it_is_mended(canary):
    client = client_of(canary)
    behind_the_guard(canary.pg, "UPDATE hot SET n = 77 WHERE id = 3")
    assert ask(client, "SELECT n FROM hot WHERE id = 3") == [(77,)]  # PostgreSQL answers: the difference is there to be found
    wait_until(lambda: shown(canary).startswith("tripped: class value of "), 30, "the trip")
    assert ask(client, "SELECT n FROM hot WHERE id = 3") == [(0,)]  # and no read goes there any more
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState) as refused:
        canary.console("SWITCH TO postgres")
    assert "canary: " in refused.value.diag.message_detail and "tripped" in refused.value.diag.message_detail
    canary.console("REPAIR")
    assert canary.console("SHOW MISMATCHES") == []
    canary.console("SWITCH TO canary 100")
    assert shown(canary) == "100 % of the sessions"
    assert ask(client, "SELECT n FROM hot WHERE id = 3") == [(0,)] and reads(canary) == 1
    canary.console("SWITCH TO postgres")
    assert stage(canary) == "postgres"


def test_a_read_that_postgresql_alone_fails_is_answered_by_sqlite_and_trips_it(canary):
    client = client_of(canary)
    behind_the_guard(canary.pg, "ALTER TABLE ticket RENAME COLUMN token TO gone")
    assert ask(client, "SELECT token FROM ticket WHERE number = 1") == [("seed",)]
    wait_until(lambda: shown(canary).startswith("tripped"), 10, "the trip")
    assert journal(canary)["canary reads that failed"] == 1
    wait_until(lambda: any(row["class"] == "error" for row in canary.console("SHOW MISMATCHES")), 30, "the mismatch")


def test_an_error_that_both_sides_give_is_the_clients(canary):
    client = client_of(canary)
    with pytest.raises(psycopg2.errors.DivisionByZero):
        ask(client, "SELECT 1 / n FROM hot WHERE id = 1")
    assert journal(canary)["canary reads that failed"] == 0 and shown(canary) == "100 % of the sessions"


def test_too_few_reads_are_no_proof(crossfade, tmp_path, pg_database):
    proxy = to_canary(crossfade, tmp_path, pg_database, gates=["canary_reads = 5"])
    client = client_of(proxy)
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState, match="not ready"):
        proxy.console("SWITCH TO postgres")
    for _ in range(5):
        ask(client, "SELECT n FROM hot WHERE id = 1")
    proxy.console("SWITCH TO postgres")


def test_it_is_walked_there_and_back_under_load_and_nothing_is_lost(crossfade, tmp_path, pg_database):
    proxy = to_canary(crossfade, tmp_path, pg_database, 50)
    with mirror_load.Workload(proxy.url(), 8, SEED) as load:
        for command, wanted in (("SWITCH BACK", "shadow"), ("SWITCH TO canary", "canary"), ("SWITCH TO canary 100", "canary"), ("SWITCH TO postgres", "postgres"),
                                ("SWITCH BACK", "shadow"), ("SWITCH TO canary 30", "canary"), ("SWITCH TO postgres", "postgres")):
            before = load.count()
            wait_until(lambda: not isinstance(console(proxy, command), psycopg2.Error) or stage(proxy) == wanted, 60, command)
            assert stage(proxy) == wanted
            wait_until(lambda: load.count() > before + 20, 60, f"work after {command}")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    assert load.doubtful == [] and mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
    assert proxy.console("SHOW MISMATCHES") == []


def test_each_read_under_load_is_of_the_newest_commit(canary):
    """A counter that one client raises and others read: nobody ever reads less than was acknowledged before he asked."""
    ending, acknowledged, errors, seen = threading.Event(), [0], [], [0]

    def reader():
        client = client_of(canary)
        while not ending.is_set():
            least = acknowledged[0]
            (n,), = ask(client, "SELECT n FROM hot WHERE id = 2")
            seen[0] += 1
            if n < least:
                errors.append((least, n))
        client.close()

    threads = [threading.Thread(target=reader) for _ in range(3)]
    writer = client_of(canary)
    for thread in threads:
        thread.start()
    end = time.monotonic() + 5
    while time.monotonic() < end:
        ask(writer, "UPDATE hot SET n = n + 1 WHERE id = 2")
        acknowledged[0] += 1
    ending.set()
    for thread in threads:
        thread.join(30)
    counts = journal(canary)
    print({"writes": acknowledged[0], "reads": seen[0], **{key: value for key, value in counts.items() if "canary" in key}})
    assert errors == [] and seen[0] > 50 and counts["canary reads"] > seen[0] / 2


def test_postgresql_away_is_nobodys_business(crossfade, tmp_path):
    server = Postgres.start()
    try:
        proxy = to_canary(crossfade, tmp_path, server.conninfo(server.create_database()), canary=['wait = "100ms"'])
        client = client_of(proxy)
        assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(0,)]
        server.down("immediate")
        for n in range(5):
            ask(client, "UPDATE hot SET n = n + 1 WHERE id = 1")
            assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(n + 1,)]
        counts = journal(proxy)
        assert counts["canary reads"] == 1 and counts["canary reads that stayed"] == 5 and counts["canary reads that failed"] == 0
        server.up()
        wait_until(lambda: caught_up(proxy), 60, "the mirror")
        wait_until(lambda: ask(client, "SELECT n FROM hot WHERE id = 1") == [(5,)] and reads(proxy) > 1, 30, "reads there again")
    finally:
        server.stop()


@contextlib.contextmanager
def frozen(server):
    """All processes of a PostgreSQL are stopped: it takes connections and says nothing."""
    postmaster = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False).stdout.split()
    pids = [postmaster, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def in_background(connection, sql):
    out = {}

    def run():
        begun = time.monotonic()
        try:
            out["rows"] = ask(connection, sql)
        except psycopg2.Error as error:
            out["error"] = error
        out["seconds"] = time.monotonic() - begun

    out["thread"] = threading.Thread(target=run, daemon=True)
    out["thread"].start()
    return out


@pytest.fixture
def own_postgres():
    server = Postgres.start()
    yield server
    server.stop()


def test_a_postgresql_that_hangs_keeps_nobody_from_sqlite(crossfade, tmp_path, own_postgres):
    """Half of the threads wait for it at most, for a bounded time; then it is given a pause, and says so. SIGTERM ends the program."""
    proxy = to_canary(crossfade, tmp_path, own_postgres.conninfo(own_postgres.create_database()), sqlite=["engine_threads = 4"])
    clients = [client_of(proxy) for _ in range(24)]
    for client in clients:
        assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(0,)]
    assert reads(proxy) == 24
    outsider = client_of(proxy)
    with frozen(own_postgres):
        begun = [in_background(client, "SELECT n FROM hot WHERE id = 1") for client in clients]
        time.sleep(0.5)
        slowest = 0.0
        for _ in range(20):  # random(): of no canary
            before = time.monotonic()
            assert len(ask(outsider, "SELECT random() FROM hot WHERE id = 1")) == 1
            slowest = max(slowest, time.monotonic() - before)
            time.sleep(0.2)
        assert slowest < 2, slowest
        for each in begun:
            each["thread"].join(30)
        assert [each.get("rows") for each in begun] == [[(0,)]] * 24, begun
        waited = sorted(each["seconds"] for each in begun)
        print({"slowest outsider": slowest, "slowest of the share": waited[-1], "waited": sum(each > 2 for each in waited)})
        assert waited[-1] < 15 and sum(each > 2 for each in waited) <= 2, waited
        for client in clients[:4]:
            assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(0,)]
        wait_until(lambda: ask(clients[0], "SELECT n FROM hot WHERE id = 1") == [(0,)] and "paused: PostgreSQL did not answer" in shown(proxy), 60, "the pause")
        before = time.monotonic()
        for client in clients:
            assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(0,)]
        print({"24 reads while paused": time.monotonic() - before})
    before = reads(proxy)
    wait_until(lambda: ask(clients[0], "SELECT n FROM hot WHERE id = 1") == [(0,)] and reads(proxy) > before, 60, "reads there again")
    assert shown(proxy) == "100 % of the sessions"
    with frozen(own_postgres):
        stuck = [in_background(client, "SELECT n FROM hot WHERE id = 1") for client in clients[:3]]
        time.sleep(1)
        begun = time.monotonic()
        proxy.process.terminate()
        proxy.process.wait(45)
        print({"SIGTERM": time.monotonic() - begun})
        for each in stuck:
            each["thread"].join(10)


def test_rows_in_quarantine_trip_it_before_a_read_can_miss_them(canary):
    client = client_of(canary)
    assert ask(client, "SELECT count(*) FROM item WHERE token IS NOT NULL") == [(200,)] and reads(canary) == 1
    writer = sqlite3.connect(canary.sqlite, timeout=10)
    writer.execute("INSERT INTO item (id, token) VALUES (900, CAST(x'610062' AS TEXT))")
    writer.commit()
    writer.close()
    for _ in range(20):
        assert ask(client, "SELECT count(*) FROM item") == [(201,)]
    # Whichever sees it first: the step that puts the row aside, or a read that is compared.
    assert shown(canary) == "tripped: 1 rows are in quarantine" or shown(canary).startswith("tripped: class value")
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState, match="1 rows are in quarantine"):
        canary.console("SWITCH TO canary 100")
    assert shown(canary).startswith("tripped")
    ask(client, "UPDATE item SET token = 'mended' WHERE id = 900")
    assert ask(client, "SELECT token FROM item WHERE id = 900") == [("mended",)]
    wait_until(lambda: caught_up(canary) and canary.console("SHOW LAG")[0]["quarantined"] == "0", 30, "the mirror")
    canary.console("SWITCH TO canary 100")
    before = reads(canary)
    assert ask(client, "SELECT count(*) FROM item") == [(201,)] and reads(canary) == before + 1


def test_rows_that_a_pair_put_into_quarantine_trip_it_before_its_watermark_is_known(crossfade, tmp_path, pg_database):
    """The pair of a comparison steps to its own snapshot; the applier's next step meets nothing new there."""
    canary = to_canary(crossfade, tmp_path, pg_database, mirror=['step_interval = "1min"'])
    client = client_of(canary)
    write_directly(canary, "INSERT INTO item (id, token) VALUES (900, CAST(x'610062' AS TEXT))")
    assert canary.console("COMPARE SELECT n FROM hot WHERE id = 1")[0]["class"] == "equal"
    ask(client, "UPDATE hot SET n = n + 1 WHERE id = 1")  # wakes the applier
    for _ in range(20):
        assert ask(client, "SELECT count(*) FROM item") == [(201,)]
    assert shown(canary) == "tripped: 1 rows are in quarantine"


def test_a_row_put_aside_while_a_read_is_under_way_is_not_missing_in_it(canary):
    """PostgreSQL has not even the row's old state then; the read had passed the watermark before, and sees the step all the same."""
    client, holder = client_of(canary), psycopg2.connect(canary.pg)
    ask(client, "SELECT n FROM hot WHERE id = 1")
    holder.cursor().execute("LOCK TABLE hot IN ACCESS EXCLUSIVE MODE")
    read = in_background(client, "SELECT count(*) FROM item, hot WHERE hot.id = 1")
    time.sleep(0.5)  # it stands in PostgreSQL
    write_directly(canary, "UPDATE item SET token = CAST(x'610062' AS TEXT) WHERE id = 1")
    wait_until(lambda: shown(canary).startswith("tripped"), 10, "the step")
    there = psycopg2.connect(canary.pg)
    wait_until(lambda: counted_in(there) == 199, 10, "the row to be put aside")
    there.close()
    holder.rollback()
    holder.close()
    read["thread"].join(20)
    assert read["rows"] == [(200,)], read


def counted_in(connection):
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM item")
        return cursor.fetchone()[0]


def test_a_journal_begun_anew_is_not_taken_for_the_old_one(crossfade, tmp_path, pg_database):
    """Its numbers begin at 1 again: the watermark of before would stand for everything."""
    proxy = to_canary(crossfade, tmp_path, pg_database, mirror=['step_interval = "1min"'], canary=['wait = "200ms"'])
    client = client_of(proxy)
    for n in range(40):
        ask(client, "UPDATE hot SET n = n + 1 WHERE id = 1")
    assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(40,)]
    for command in ("SWITCH BACK", "SWITCH BACK", "SWITCH BACK", "SWITCH TO copy", "SWITCH TO shadow", "SWITCH TO canary 100"):
        proxy.console(command)
    write_directly(proxy, "UPDATE hot SET n = 4711 WHERE id = 1")
    assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(4711,)]


def restore(proxy, backup):
    with contextlib.closing(sqlite3.connect(backup)) as source, contextlib.closing(sqlite3.connect(proxy.sqlite, timeout=10)) as target:
        source.backup(target)


def make_anew(proxy):
    """As another program's migration makes a table anew: the journal's triggers go with the old one."""
    with contextlib.closing(sqlite3.connect(proxy.sqlite, timeout=10)) as writer:
        writer.executescript("BEGIN IMMEDIATE; CREATE TABLE other (id INTEGER PRIMARY KEY, n INTEGER NOT NULL); INSERT INTO other SELECT id, n FROM hot;"
                             "DROP TABLE hot; ALTER TABLE other RENAME TO hot; UPDATE hot SET n = 4711; COMMIT")


@pytest.mark.parametrize("how", ["a table made anew", "a backup put back"])
def test_a_file_that_is_not_the_one_that_was_stepped_from_answers_for_itself(canary, tmp_path, how):
    client = client_of(canary)
    with contextlib.closing(sqlite3.connect(canary.sqlite, timeout=10)) as source, contextlib.closing(sqlite3.connect(tmp_path / "backup.db")) as target:
        source.backup(target)
    for _ in range(5):
        ask(client, "UPDATE hot SET n = n + 1 WHERE id = 1")
    assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(5,)]
    wait_until(lambda: caught_up(canary), 30, "the mirror")
    make_anew(canary) if how == "a table made anew" else restore(canary, tmp_path / "backup.db")
    for _ in range(20):
        assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(4711 if how == "a table made anew" else 0,)]
        time.sleep(0.02)
    wait_until(lambda: shown(canary).startswith("tripped: the mirror stands still"), 30, "the trip")
    assert any(row["gate"] == "canary" and row["state"] == "red" for row in canary.console("SHOW READINESS"))


def test_rows_that_the_copy_put_aside_are_not_read_there(crossfade, tmp_path, pg_database):
    file, plan = mirror_load.make_file(tmp_path / "app.db"), tmp_path / "plan.toml"
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE odd (id INTEGER PRIMARY KEY, n)")
        connection.executemany("INSERT INTO odd VALUES (?, ?)", [(1, 1), (2, "two"), (3, 3)])
    done = subprocess.run([crossfade_binary(), "plan", file, "-o", plan], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    text = plan.read_text()
    odd = text.index('source = "odd"')
    column = text.index('source = "n"', odd)
    end = text.find("[[table", column)
    block = text[column:end if end != -1 else len(text)]
    mended = "\n".join(line for line in block.splitlines() if not line.startswith(("type", "form", "misfit"))) + '\ntype = "bigint"\nform = "integer"\nmisfit = "quarantine"\n'
    plan.write_text(text.replace(block, mended))
    proxy = crossfade(sqlite=file, postgres=pg_database, plan=plan)
    for command in ("SWITCH TO copy", "SWITCH TO shadow"):
        proxy.console(command)
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState, match="1 rows are in quarantine"):
        proxy.console("SWITCH TO canary 100")
    assert stage(proxy) == "shadow"


@pytest.mark.parametrize("how", ["statement_timeout", "cancel"])
def test_a_read_there_ends_by_the_clients_own_limits(canary, how):
    client, holder = client_of(canary), psycopg2.connect(canary.pg)
    assert ask(client, "SELECT n FROM hot WHERE id = 1") == [(0,)]
    holder.cursor().execute("LOCK TABLE hot IN ACCESS EXCLUSIVE MODE")
    if how == "statement_timeout":
        ask(client, "SET statement_timeout = '300ms'")
    read = in_background(client, "SELECT n FROM hot WHERE id = 1")
    if how == "cancel":
        time.sleep(0.5)
        client.cancel()
    read["thread"].join(20)
    assert isinstance(read.get("error"), psycopg2.errors.QueryCanceled) and read["seconds"] < 4, read
    holder.rollback()
    holder.close()
    assert "paused" not in shown(canary)


def test_a_tenants_rows_are_the_clients_not_those_of_the_proxys_role(canary):
    client = client_of(canary)
    user, = ask(client, "SELECT current_user FROM hot WHERE id = 1")[0]
    ask(client, "INSERT INTO item (token) VALUES (%s)", (user,))
    ask(client, "INSERT INTO item (token) VALUES ('postgres')")
    before = reads(canary)
    assert ask(client, "SELECT token FROM item WHERE token = current_user") == [(user,)] and user != "postgres"
    assert reads(canary) == before


def test_what_it_tripped_over_outlives_the_program(canary):
    client = client_of(canary)
    behind_the_guard(canary.pg, "UPDATE hot SET n = 77 WHERE id = 3")
    ask(client, "SELECT n FROM hot WHERE id = 3")
    wait_until(lambda: shown(canary).startswith("tripped: class value of "), 30, "the trip")
    why = shown(canary)
    wait_until(lambda: sqlite3.connect(canary.sqlite).execute("SELECT tripped FROM crossfade_canary").fetchone()[0], 10, "the reason in the file")
    canary.kill()
    canary.start()
    assert shown(canary) == why
    assert ask(client_of(canary), "SELECT n FROM hot WHERE id = 3") == [(0,)]
    canary.stop()
    canary.start()
    assert shown(canary) == why
    canary.console("REPAIR")
    canary.console("SWITCH TO canary 100")
    canary.stop()
    canary.start()
    assert shown(canary) == "100 % of the sessions"
