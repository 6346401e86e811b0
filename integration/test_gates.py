"""The gates before a switch, each red for what it stands for and green again when that is mended; FORCE is recorded."""
import json
import time

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from raw import FLUSH, SYNC, RawClient, bind, execute, parse, query, startup
from servers import wait_until
from test_mirror_workloads import SEED, caught_up, serve_pair, stage


def readiness(proxy):
    return {row["gate"]: row for row in proxy.console("SHOW READINESS")}


def light(proxy, gate):
    return readiness(proxy)[gate]["state"]


def to_shadow(crossfade, folder, conninfo, *gates, **settings):
    proxy = serve_pair(crossfade, folder, conninfo, settings={"shadow": ["rate = 1"], "gates": list(gates), **settings})
    for command in ("SWITCH TO copy", "SWITCH TO shadow"):
        proxy.console(command)
    return proxy


def run(proxy, *statements):
    """As one client, each its own transaction; the rows of the last."""
    connection = proxy.connect()
    connection.autocommit = True
    cursor = connection.cursor()
    rows = None
    for sql in statements:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else None
    connection.close()
    return rows


def refused(proxy, command, gate):
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState) as caught:
        proxy.console(command)
    assert f"{gate}: " in caught.value.diag.message_detail, caught.value.diag.message_detail
    return caught.value.diag.message_detail


def test_every_gate_of_a_switch_is_shown_with_its_number_and_threshold(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    shown = readiness(proxy)
    assert list(shown) == ["mirror", "filled", "lag", "quarantine", "foreign-keys", "verify", "mismatches", "compared", "rehearsed",
                           "sequences", "way-back", "sessions", "backup", "disk"]
    assert all(row["value"] and row["threshold"] for row in shown.values()), shown
    assert {gate for gate, row in shown.items() if row["state"] == "red"} == {"verify"}  # the switch makes it
    proxy.console("SWITCH TO postgres")
    assert list(readiness(proxy)) == ["mirror", "lag", "quarantine", "way-back", "schema", "postgres-only", "sessions", "disk"]
    assert all(row["state"] == "green" for row in readiness(proxy).values()), readiness(proxy)


def test_production_asks_for_time_reads_and_a_backup(binary):
    import subprocess
    shown = subprocess.run([binary, "check-config", "--json"], capture_output=True, text=True, timeout=30)
    text = subprocess.run([binary, "check-config", "--print-settings-doc"], capture_output=True, text=True, timeout=30).stdout
    for key, value in (("compared_reads", "10000"), ("compared_time", '"1h"'), ("backup_max_age", '"24h"'), ("free_disk", "1024"), ("max_lag", "10000")):
        assert f"| `{key}` |" in text and f"`{value}`" in next(line for line in text.splitlines() if f"| `{key}` |" in line), (key, shown.stdout)


def test_too_few_compared_reads_of_too_few_statements_in_too_short_a_time(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database, "compared_reads = 20", "compared_statements = 2", 'compared_time = "3s"')
    refused(proxy, "SWITCH TO postgres", "compared")
    ids = [f"SELECT token FROM item WHERE id = {n}" for n in range(1, 26)]
    run(proxy, *ids)
    wait_until(lambda: readiness(proxy)["compared"]["value"].startswith("25 reads of 1 statements"), 30, "25 compared reads")
    refused(proxy, "SWITCH TO postgres", "compared")
    run(proxy, "SELECT n FROM hot WHERE id = 1")
    wait_until(lambda: light(proxy, "compared") == "green", 30, "the gate")
    proxy.console("SWITCH TO postgres")


def test_a_change_that_postgresql_would_refuse_is_known_before_the_first_real_one(crossfade, tmp_path, pg_database):
    """A column of PostgreSQL's was renamed behind the proxy's back: no read touches it, and no comparison of values has it."""
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    run(proxy, "INSERT INTO item (token) VALUES ('one')", "UPDATE hot SET n = n + 1 WHERE id = 2", "DELETE FROM item WHERE token = 'one'",
        "INSERT INTO item (token) VALUES ('another')")
    wait_until(lambda: readiness(proxy)["rehearsed"]["value"] == "3 of 3 statements", 30, "the rehearsals")
    assert light(proxy, "rehearsed") == "green"
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE ticket CASCADE")
    run(proxy, "UPDATE ticket SET token = token || '!' WHERE number = -1")  # no row: nothing for the mirror to carry
    # Before that it is red because the change waits to be planned.
    wait_until(lambda: "42P01" in readiness(proxy)["rehearsed"]["reason"], 30, "the rehearsal's error")
    assert light(proxy, "rehearsed") == "red"
    assert any(row["class"] == "error" and "42P01" in row["summary"] for row in proxy.console("SHOW MISMATCHES"))
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM item WHERE token = 'another'")
        assert cursor.fetchone()[0] <= 1  # a rehearsal writes nothing: the mirror may have carried it, and only that


def test_a_sequence_that_is_gone_or_ends_too_early(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    assert readiness(proxy)["sequences"]["value"] == "0"
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('item', 'id')")
        sequence, = cursor.fetchone()
        cursor.execute(f"ALTER SEQUENCE {sequence} MAXVALUE 200")
    detail = refused(proxy, "SWITCH TO postgres FORCE", "sequences")
    assert "1 (0)" in detail
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE {sequence} NO MAXVALUE")
    assert light(proxy, "sequences") == "green"


def test_the_way_back_needs_its_triggers(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER crossfade_note ON item")
    refused(proxy, "SWITCH TO postgres FORCE", "way-back")
    assert stage(proxy) == "shadow"


@pytest.mark.parametrize("what,statements,mend", [
    ("temporary tables", ["CREATE TEMP TABLE mine (n integer)"], "DROP TABLE mine"),
    ("cursors WITH HOLD", ["DECLARE kept CURSOR WITH HOLD FOR SELECT id FROM item"], "CLOSE kept"),
    ("session advisory locks", ["SELECT pg_advisory_lock(7)"], "SELECT pg_advisory_unlock(7)"),
])
def test_a_session_that_cannot_be_moved_is_named_and_force_ends_it(crossfade, tmp_path, pg_database, what, statements, mend):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    held = proxy.connect()
    held.autocommit = True
    cursor = held.cursor()
    for sql in statements:
        cursor.execute(sql)
    wait_until(lambda: light(proxy, "sessions") == "red", 10, "the red gate")
    detail = refused(proxy, "SWITCH TO postgres", "sessions")
    assert f"{held.info.backend_pid} ({what})" in detail, detail
    cursor.execute(mend)
    wait_until(lambda: light(proxy, "sessions") == "green", 10, "the green gate")
    for sql in statements:
        cursor.execute(sql)
    wait_until(lambda: light(proxy, "sessions") == "red", 10, "the red gate")
    proxy.console("SWITCH TO postgres FORCE")
    with pytest.raises(psycopg2.OperationalError) as ended:
        cursor.execute("SELECT 1")
    assert ended.value.pgcode in ("57P01", None)
    recorded = proxy.console("SHOW FORCED")
    assert [(row["from"], row["to"]) for row in recorded] == [("shadow", "postgres")] and what in recorded[0]["gates"]


def test_a_backup_that_is_missing_old_or_gone(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database, 'backup_max_age = "4s"')
    assert "None was made" in refused(proxy, "SWITCH TO postgres", "backup")
    copy = tmp_path / "copy.db"
    proxy.run("backup", proxy.sqlite, "-o", copy, check=0)
    assert light(proxy, "backup") == "green"
    time.sleep(5.5)
    assert "run `crossfade backup`" in refused(proxy, "SWITCH TO postgres", "backup")
    copy.unlink()
    assert "is not there any more" in refused(proxy, "SWITCH TO postgres", "backup")
    proxy.run("backup", proxy.sqlite, "-o", copy, check=0)
    proxy.console("SWITCH TO postgres")


def test_a_lock_on_the_mirrors_own_tables_makes_gates_red_and_holds_nobody_up(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    other = psycopg2.connect(pg_database)
    other.cursor().execute("LOCK TABLE crossfade.watermark, crossfade.quarantine IN ACCESS EXCLUSIVE MODE")
    begun = time.monotonic()
    shown = readiness(proxy)
    assert time.monotonic() - begun < 12
    assert (shown["lag"]["state"], shown["lag"]["value"]) == ("red", "unknown") and "deadline" in shown["lag"]["reason"], shown["lag"]
    assert shown["quarantine"]["state"] == "red"
    other.rollback()
    wait_until(lambda: light(proxy, "lag") == "green", 30, "the lock to be gone")
    other.close()


def test_a_disk_that_is_nearly_full(crossfade, tmp_path, pg_database):
    proxy = serve_pair(crossfade, tmp_path, pg_database, settings={"gates": ["free_disk = 1000000000"]})
    proxy.console("SWITCH TO copy")
    refused(proxy, "SWITCH TO shadow", "disk")
    proxy.console("SWITCH TO shadow FORCE")
    recorded = proxy.console("SHOW FORCED")
    assert len(recorded) == 1 and recorded[0]["gates"].startswith("disk: "), recorded


def test_what_force_passed_over_is_recorded_and_outlives_a_restart_and_finish(crossfade, tmp_path, pg_database):
    import sqlite3
    proxy = to_shadow(crossfade, tmp_path, pg_database, "compared_reads = 1000000")
    refused(proxy, "SWITCH TO postgres", "compared")
    assert proxy.console("SHOW FORCED") == []
    with mirror_load.Workload(proxy.url(), 4, SEED) as load:
        proxy.console("SWITCH TO postgres FORCE")
        proxy.console("SWITCH BACK")
        proxy.console("SWITCH TO postgres FORCE")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
    proxy.stop()
    proxy.start()
    recorded = proxy.console("SHOW FORCED")
    assert [(row["from"], row["to"], row["gates"].split(":")[0]) for row in recorded] == [("shadow", "postgres", "compared")] * 2, json.dumps(recorded)
    assert "forced" in proxy.log_text()
    proxy.console("FINISH")
    with sqlite3.connect(proxy.sqlite) as file:
        assert file.execute("SELECT count(*) FROM crossfade_forced").fetchone() == (2,)
    proxy.stop()
    assert "removed table crossfade_forced" in proxy.run("clean", proxy.sqlite, check=0).stdout


@pytest.mark.parametrize("what,sql,mend", [
    ("advisory locks", "SELECT pg_advisory_lock(7)", "SELECT pg_advisory_unlock(7)"),
    ("cursors WITH HOLD: kept", "DECLARE kept CURSOR WITH HOLD FOR SELECT id FROM item", "CLOSE kept"),
    ("temporary objects", "CREATE TEMP TABLE mine (n integer)", "DISCARD TEMP"),
    ("PREPARE: asked", "PREPARE asked AS SELECT 1", "DEALLOCATE asked"),
    ("LISTEN: jobs", "LISTEN jobs", "UNLISTEN jobs"),
])
def test_a_session_that_cannot_be_moved_back_is_named_and_force_ends_it(crossfade, tmp_path, pg_database, what, sql, mend):
    """What it holds is PostgreSQL's to tell: an advisory lock was lost in silence at SWITCH BACK, and a table that was dropped again kept its session."""
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    proxy.console("SWITCH TO postgres")
    held = proxy.connect()
    held.autocommit = True
    cursor = held.cursor()
    cursor.execute(sql)
    wait_until(lambda: light(proxy, "sessions") == "red", 10, "the red gate")
    assert f"{held.info.backend_pid} ({what})" in refused(proxy, "SWITCH BACK", "sessions")
    cursor.execute(mend)
    wait_until(lambda: light(proxy, "sessions") == "green", 10, "the green gate")
    proxy.console("SWITCH BACK")
    cursor.execute("SELECT count(*) FROM item")
    assert cursor.fetchone() and stage(proxy) == "shadow"
    proxy.console("SWITCH TO postgres")
    cursor.execute(sql)
    wait_until(lambda: light(proxy, "sessions") == "red", 10, "the red gate")
    proxy.console("SWITCH BACK FORCE")
    with pytest.raises(psycopg2.OperationalError) as ended:
        cursor.execute("SELECT 1")
    assert ended.value.pgcode in ("57P01", None)


def test_what_a_prepared_statement_holds_is_asked_for_and_its_clients_batches_stay_whole(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    proxy.console("SWITCH TO postgres")
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", "app"))
    client.until_ready()
    client.send(parse("l", "SELECT pg_advisory_lock($1)", [20]), parse("u", "SELECT pg_advisory_unlock($1)", [20]), parse("", "SELECT 'mine'"), SYNC)
    client.until_ready()
    assert light(proxy, "sessions") == "green"
    client.send(bind("", "l", [b"7"]), execute(), SYNC)
    client.until_ready()
    client.send(bind("", ""), FLUSH)  # its batch is open, and no question comes between; the statement without a name is still there
    assert client.receive()[0] == "2"
    client.send(execute(), SYNC)
    assert [client.receive()[0] for _ in range(3)] == ["D", "C", "Z"]
    wait_until(lambda: light(proxy, "sessions") == "red", 10, "the red gate")
    client.send(query("BEGIN"), query("SELECT 1"), bind("", "u", [b"7"]), execute(), SYNC, query("COMMIT"))
    client.until_ready(4)
    wait_until(lambda: light(proxy, "sessions") == "green", 10, "the green gate")
    proxy.console("SWITCH BACK")
    client.send(query("SELECT 1"))
    assert client.until_ready()[-1][0] == "Z" and light(proxy, "sessions") == "green"
    client.close()
