"""FINISH: the end of the way back. The file keeps its guard and a tombstone, PostgreSQL nothing of ours; killed in between, it is finished."""
import signal
import sqlite3

import psycopg2
import psycopg2.errors
import pytest

from servers import wait_until

TABLES = "CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT NOT NULL); CREATE TABLE tags (name TEXT PRIMARY KEY, note INTEGER REFERENCES notes)"
OURS = """SELECT count(*) FROM pg_namespace WHERE nspname = 'crossfade'
          UNION ALL SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'crossfade%'
          UNION ALL SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'crossfade'"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(TABLES)
        connection.executemany("INSERT INTO notes VALUES (?, ?)", [(number, f"note {number}") for number in range(1, 51)])
        connection.execute("INSERT INTO tags VALUES ('a', 1)")
    return path


@pytest.fixture
def start(crossfade, file, pg_database, tmp_path):
    plan = tmp_path / "plan.toml"

    def begin(**options):
        proxy = crossfade(sqlite=file, postgres=pg_database, **options)
        proxy.pg = pg_database
        return proxy

    begin.plan = plan
    return begin


def to_postgres(proxy):
    for command in ("SWITCH TO copy", "SWITCH TO shadow", "SWITCH TO postgres"):
        proxy.console(command)


def planned(start, file):
    """A proxy in stage postgres."""
    first = start()
    done = first.run("plan", file, "-o", start.plan)
    assert done.returncode in (0, 1), done.stderr
    first.stop()
    proxy = start(plan=start.plan)
    to_postgres(proxy)
    return proxy


def of_ours(conninfo):
    with psycopg2.connect(conninfo) as connection, connection.cursor() as cursor:
        cursor.execute(OURS)
        return [count for count, in cursor.fetchall()]


def objects(file):
    with sqlite3.connect(file) as connection:
        return {(kind, name) for kind, name in connection.execute("SELECT type, name FROM sqlite_schema WHERE name LIKE 'crossfade%'")}


def one(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_finish_leaves_a_guard_and_a_tombstone_here_and_nothing_there(start, file, crossfade):
    proxy = planned(start, file)
    client = proxy.connect()
    client.autocommit = True
    assert one(client, "INSERT INTO notes (said) VALUES ('before') RETURNING id") == 51
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        client.cursor().execute("CREATE TABLE more (id integer)")
    assert proxy.console("FINISH")[0]["stage"] == "finished"

    # The clients went on, and what only PostgreSQL can do is theirs now.
    assert one(client, "INSERT INTO notes (said) VALUES ('after') RETURNING id") == 52
    client.cursor().execute("CREATE TABLE more (id integer, found tsvector); CREATE INDEX ON more USING gin (found)")
    assert of_ours(proxy.pg) == [0, 0, 0]
    kept = objects(file)
    assert {name for kind, name in kept if kind == "table"} <= {"crossfade_history", "crossfade_state", "crossfade_tombstone", "crossfade_types"}
    assert all("_guard_" in name for kind, name in kept if kind == "trigger"), kept
    with sqlite3.connect(file) as direct, pytest.raises(sqlite3.Error, match="crossfade"):
        direct.execute("INSERT INTO notes (said) VALUES ('lost?')")
    for command in ("SWITCH BACK", "SWITCH TO postgres", "SWITCH TO shadow"):
        with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState):
            proxy.console(command)
    client.close()

    # Started again as before, it serves PostgreSQL; the file alone is refused by name, and is an ordinary one after `clean`.
    proxy.stop()
    proxy.start()
    with proxy.connect() as again:
        assert one(again, "SELECT count(*) FROM notes") == 52
    assert proxy.console("SHOW STAGE")[0]["stage"] == "finished"
    proxy.stop()
    alone = proxy.run("serve", "--sqlite", file, "--port", "0")
    assert alone.returncode == 2 and "finished" in alone.stderr and "dbname" in alone.stderr, alone.stderr
    cleaned = proxy.run("clean", file)
    assert cleaned.returncode == 0 and "removed table crossfade_tombstone" in cleaned.stdout, cleaned.stdout + cleaned.stderr
    assert {name for _, name in objects(file)} <= {"crossfade_types"}
    with sqlite3.connect(file) as direct:
        direct.execute("INSERT INTO notes (said) VALUES ('mine again')")
    assert proxy.run("clean", file).returncode == 0
    served = crossfade(sqlite=file)
    with served.connect() as connection:
        assert one(connection, "SELECT count(*) FROM notes WHERE said = 'mine again'") == 1


@pytest.mark.parametrize("point", ["switch-fenced", "finish-buried", "finish-done"])
def test_killed_in_the_middle_it_is_cancelled_or_finished(start, file, point):
    proxy = planned(start, file)
    with proxy.connect() as client:
        one(client, "INSERT INTO notes (said) VALUES ('before') RETURNING id")
    proxy.stop()
    proxy.environment = {"CROSSFADE_FAILPOINT": point}
    proxy.start()
    with pytest.raises(psycopg2.OperationalError):
        proxy.console("FINISH")
    assert proxy.process.wait(30) == -signal.SIGKILL
    proxy.environment = {}
    proxy.start()
    wanted = "postgres" if point == "switch-fenced" else "finished"
    wait_until(lambda: proxy.console("SHOW STAGE")[0]["stage"] == wanted, 30, f"stage {wanted}")
    with proxy.connect() as client:
        assert one(client, "SELECT count(*) FROM notes") == 51
    if wanted == "postgres":
        assert proxy.console("FINISH")[0]["stage"] == "finished"
    assert of_ours(proxy.pg) == [0, 0, 0]


def test_a_finished_file_is_not_served_beside_another_database(start, file, postgres, crossfade):
    proxy = planned(start, file)
    proxy.console("FINISH")
    proxy.stop()
    other = postgres.conninfo(postgres.create_database())
    refused = proxy.run("serve", "--sqlite", file, "--postgres", other, "--port", "0")
    assert refused.returncode == 2 and "another PostgreSQL database" in refused.stderr, refused.stderr


def test_clean_refuses_a_file_that_a_pair_still_uses(start, file):
    proxy = planned(start, file)
    proxy.stop()
    refused = proxy.run("clean", file)
    assert refused.returncode == 2 and "stage postgres" in refused.stderr, refused.stderr
    assert ("table", "crossfade_journal") in objects(file)
    proxy.start()
    assert proxy.console("SHOW STAGE")[0]["stage"] == "postgres"


def test_finish_is_refused_before_stage_postgres_and_over_a_mismatch(start, file):
    proxy = start()
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState):
        proxy.console("FINISH")
    assert proxy.console("SHOW STAGE")[0]["stage"] == "sqlite"
