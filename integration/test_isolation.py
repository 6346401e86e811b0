"""What READ COMMITTED, REPEATABLE READ and SERIALIZABLE allow, in the same interleavings on PostgreSQL 15 and on a SQLite file behind
Crossfade: the same, or less. docs/isolation.md is the table; `test_isolation.py --write` in CROSSFADE_DOCS makes it anew."""
import os
import pathlib
import threading

import psycopg2
import pytest

from isolation import ANOMALIES, LEVELS, Sessions, outcome

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "isolation.md"


def connector(server):
    return lambda: server.connect("u")


def waits_here(server):
    return lambda pid: any(row["pid"] == str(pid) and row["state"] == "waiting" for row in server.console("SHOW CLIENTS"))


@pytest.fixture
def sides(crossfade, tmp_path, postgres, pg_database):
    server = crossfade(sqlite=tmp_path / "app.db")
    watcher = postgres.connect()

    def waits_there(pid):
        cursor = watcher.cursor()
        cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", (pid,))
        return cursor.fetchone() == (True,)

    yield {"Crossfade": (connector(server), waits_here(server)), "PostgreSQL": (lambda: psycopg2.connect(pg_database), waits_there)}
    watcher.close()


def words(found):
    state, errors = found
    return state + (f" ({', '.join(errors)})" if errors else "")


def table(found):
    """Crossfade's outcome; where PostgreSQL's is another, that one after a slash."""
    lines = ["| anomaly | " + " | ".join(level.lower() for level in LEVELS) + " |", "|---|" + "---|" * len(LEVELS)]
    for anomaly in ANOMALIES:
        cells = []
        for level in LEVELS:
            ours, theirs = (words(found[anomaly.name, level, side]) for side in ("Crossfade", "PostgreSQL"))
            cells.append(ours if ours == theirs else f"{ours} / {theirs}")
        lines.append(f"| {anomaly.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def test_no_level_allows_what_postgresql_forbids_and_the_table_says_so(sides):
    found = {(anomaly.name, level, side): outcome(anomaly, level, *how)
             for anomaly in ANOMALIES for level in LEVELS for side, how in sides.items()}
    for anomaly in ANOMALIES:
        for level in LEVELS:
            if found[anomaly.name, level, "PostgreSQL"][0] == "prevented":
                assert found[anomaly.name, level, "Crossfade"][0] == "prevented", (anomaly.name, level)
    page = PAGE.read_text()
    begin, end = page.index("<!-- table -->\n") + len("<!-- table -->\n"), page.index("\n<!-- /table -->")
    if os.environ.get("CROSSFADE_WRITE_DOCS"):
        PAGE.write_text(page[:begin] + table(found) + page[end:])
    else:
        assert page[begin:end] == table(found)


def make(server, rows="(1, 10), (2, 20)"):
    one = server.connect("u")
    one.autocommit = True
    one.cursor().execute(f"CREATE TABLE test (id INT PRIMARY KEY, value INT); INSERT INTO test VALUES {rows}")
    return one


def rows(connection, sql):
    cursor = connection.cursor()
    cursor.execute(sql)
    return cursor.fetchall()


def failure(connection, sql):
    with pytest.raises(psycopg2.Error) as caught:
        connection.cursor().execute(sql)
    return caught.value


def test_what_lost_the_race_works_when_it_is_run_again_however_busy_the_others_are(crossfade, tmp_path):
    """After three losses in a row the block gets its turn to write at its start, where no commit of others can overtake it."""
    server = crossfade(sqlite=tmp_path / "app.db")
    other = make(server)
    one = server.connect("u")
    one.autocommit = True
    states = []
    for attempt in range(5):
        one.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        seen = rows(one, "SELECT value FROM test WHERE id = 1")[0][0]
        # Another commits between the two, if it can: lock_timeout says when not.
        other.cursor().execute("SET lock_timeout = '200ms'")
        try:
            other.cursor().execute("UPDATE test SET value = value + 1 WHERE id = 2")
        except psycopg2.errors.LockNotAvailable:
            pass
        try:
            one.cursor().execute(f"UPDATE test SET value = {seen + 1} WHERE id = 1")
            one.cursor().execute("COMMIT")
            states.append("00000")
        except psycopg2.Error as error:
            states.append(error.pgcode)
            one.cursor().execute("ROLLBACK")
    assert states[:4] == ["40001", "40001", "40001", "00000"]


def test_serializable_read_only_deferrable_reads_one_snapshot_and_writes_nothing(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    other = make(server)
    one = server.connect("u")
    one.autocommit = True
    one.cursor().execute("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE")
    before = rows(one, "SELECT sum(value) FROM test")
    other.cursor().execute("UPDATE test SET value = 0")
    assert rows(one, "SELECT sum(value) FROM test") == before
    assert failure(one, "UPDATE test SET value = 1").pgcode == "25006"
    one.cursor().execute("ROLLBACK")


def test_for_update_waits_nowait_does_not_and_skip_locked_waits_for_the_one_writer(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    one = make(server)
    holder = server.connect("u")
    cursor = holder.cursor()
    for strength in ("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"):
        cursor.execute(f"SELECT value FROM test WHERE id = 1 FOR {strength}")
        refused = failure(one, "SELECT value FROM test WHERE id = 1 FOR UPDATE NOWAIT")
        assert refused.pgcode == "55P03"
        assert f"Process {holder.info.backend_pid} " in refused.diag.message_detail
        holder.commit()
        assert rows(one, "SELECT value FROM test WHERE id = 1 FOR UPDATE NOWAIT") == [(10,)]
    cursor.execute("UPDATE test SET value = 11 WHERE id = 1")
    one.cursor().execute("SET lock_timeout = '200ms'")
    assert failure(one, "SELECT value FROM test FOR UPDATE SKIP LOCKED").pgcode == "55P03"
    one.cursor().execute("SET lock_timeout = '10s'")
    holder.commit()
    assert rows(one, "SELECT value FROM test WHERE id = 1 FOR UPDATE SKIP LOCKED") == [(11,)]


def test_workers_that_skip_locked_rows_share_a_queue_without_doing_a_job_twice(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    one = server.connect("u")
    one.autocommit = True
    one.cursor().execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY, worker INTEGER)")
    one.cursor().execute("INSERT INTO jobs SELECT i FROM generate_series(1, 60) AS g(i)")
    taken = []

    def work(number):
        worker = server.connect("u")
        while True:
            cursor = worker.cursor()
            cursor.execute("SELECT id FROM jobs WHERE worker IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
            job = cursor.fetchone()
            if job is None:
                break
            cursor.execute("UPDATE jobs SET worker = %s WHERE id = %s", (number, job[0]))
            worker.commit()
            taken.append(job[0])
        worker.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == list(range(1, 61))


@pytest.mark.parametrize("statement", ["UPDATE test SET value = 1", "SELECT * FROM test FOR UPDATE", "CREATE TABLE more (a INT)"])
def test_a_wait_ends_by_lock_timeout_statement_timeout_and_cancel(crossfade, tmp_path, statement):
    server = crossfade(sqlite=tmp_path / "app.db")
    one = make(server)
    holder = server.connect("u")
    holder.cursor().execute("UPDATE test SET value = 0 WHERE id = 1")
    one.cursor().execute("SET lock_timeout = '100ms'")
    refused = failure(one, statement)
    assert refused.pgcode == "55P03" and f"Process {holder.info.backend_pid} " in refused.diag.message_detail
    one.cursor().execute("RESET lock_timeout; SET statement_timeout = '100ms'")
    assert failure(one, statement).pgcode == "57014"
    one.cursor().execute("RESET statement_timeout")
    sessions = Sessions(connector(server), waits_here(server))
    sessions.step("A", statement, "answer")
    waiting = sessions.workers["A"].connection
    waiting.cancel()
    assert sessions.finish()["A"]["answer"] == "57014"
    holder.rollback()
    assert rows(one, "SELECT value FROM test ORDER BY id") == [(10,), (20,)]


def test_a_cursor_survives_the_commits_of_others(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    one = make(server, ", ".join(f"({i}, {i})" for i in range(2000)))
    reader = server.connect("u")
    cursor = reader.cursor("slow")
    cursor.itersize = 10
    cursor.execute("SELECT id, value FROM test ORDER BY id")
    seen = [cursor.fetchone() for _ in range(10)]
    writers = [threading.Thread(target=write, args=(server, start)) for start in (0, 1)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    one.cursor().execute("DELETE FROM test WHERE id >= 1000")
    seen += cursor.fetchall()
    assert seen == [(i, i) for i in range(2000)]


def write(server, start):
    connection = server.connect("u")
    connection.autocommit = True
    for i in range(start, 200, 2):
        connection.cursor().execute("UPDATE test SET value = -1 WHERE id = %s", (i,))
    connection.close()
