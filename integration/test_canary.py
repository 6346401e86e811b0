"""Stage canary: a share of the sessions reads on PostgreSQL before it is the primary, and knows what it has written; what differs trips it."""
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
