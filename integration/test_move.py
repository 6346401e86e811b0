"""A file's way into PostgreSQL by the verbs: the backup that copy wants, the schema in sections, edits that a plan keeps, rejects, kills."""
import json
import os
import random
import signal
import sqlite3
import subprocess
import time

import psycopg2
import pytest

from servers import crossfade_binary
from verbs import Move, answer, run


def make(path, *scripts):
    file = sqlite3.connect(path, isolation_level=None)
    for script in scripts:
        file.executescript(script)
    file.close()
    return path


def rows(conninfo, statement):
    with psycopg2.connect(conninfo) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def do(conninfo, statement):
    with psycopg2.connect(conninfo) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


SMALL = """CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, price DECIMAL(8,2) CHECK (price >= 0));
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent(id), note TEXT);
CREATE INDEX child_parent ON child (parent);
INSERT INTO parent VALUES (1, 'one', 1.5), (2, 'two', 2), (9, 'gone', 0); DELETE FROM parent WHERE id = 9;
INSERT INTO child VALUES (1, 1, 'a'), (2, 2, NULL);"""


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_copy_wants_a_backup_that_is_as_new_as_the_file(tmp_path, pg_database, journal):
    file = make(tmp_path / "app.db", f"PRAGMA journal_mode={journal};" + SMALL)
    move = Move(file, pg_database, tmp_path)
    move.plan()
    refused = run("copy", *move.pair, "--json", check=2)
    error = json.loads(refused.stdout)["error"]
    assert error["sqlstate"] == "55000" and "no backup" in error["message"] and "--no-backup" in error["hint"]
    untouched = sqlite3.connect(file)
    assert untouched.execute("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'crossfade%'").fetchone() == (0,), "refused before anything is written"
    untouched.close()

    run("backup", file, "-o", tmp_path / "old.db", check=0)
    make(file, "UPDATE child SET note = 'later' WHERE id = 2")
    assert "changed since" in run("copy", *move.pair, check=2).stderr
    run("backup", file, "-o", tmp_path / "new.db", check=0)
    (tmp_path / "new.db").rename(tmp_path / "away.db")
    assert "not there any more" in run("copy", *move.pair, check=2).stderr
    (tmp_path / "away.db").rename(tmp_path / "new.db")
    run("copy", *move.pair, check=0)
    again = answer("copy", *move.pair, check=0)  # a finished copy asks for none, and does nothing
    assert [(table["read"], table["resumed_at"]) for table in again["tables"]] == [(2, 2), (2, 2)]
    assert move.verify()["equal"]


def test_the_schema_comes_in_sections_and_can_be_applied(tmp_path, pg_database):
    move = Move(make(tmp_path / "app.db", SMALL), pg_database, tmp_path)
    move.plan()
    pre, post = run("schema", *move.pair, "--section", "pre", check=0).stdout, run("schema", *move.pair, "--section", "post", check=0).stdout
    assert "CREATE TABLE" in pre and "FOREIGN KEY" not in pre and "CREATE INDEX" not in pre
    assert "CREATE TABLE" not in post and all(word in post for word in ("FOREIGN KEY", "CREATE INDEX", "CHECK", "UNIQUE"))
    assert pre + post == run("schema", *move.pair, check=0).stdout
    early = run("schema", *move.pair, "--section", "post", "--apply", check=2)
    assert "the rows are not there yet" in early.stderr
    run("schema", *move.pair, "--section", "pre", "--apply", check=0)
    assert rows(pg_database, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == [(0,)]
    move.copy()
    assert rows(pg_database, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated") == [(1,)]
    do(pg_database, "DROP INDEX child_parent; ALTER TABLE child DROP CONSTRAINT child_parent_fkey")
    assert not move.verify(check=3)["equal"]
    run("schema", *move.pair, "--section", "post", "--apply", check=0)
    assert move.verify()["equal"]


def test_a_foreign_key_that_the_rows_break_fails_by_name_and_goes_on_once_they_are_mended(tmp_path, pg_database):
    file = make(tmp_path / "app.db", "PRAGMA foreign_keys=OFF;", SMALL, "INSERT INTO child VALUES (3, 77, 'orphan')")
    move = Move(file, pg_database, tmp_path)
    move.plan()
    done = run("copy", *move.pair, "--no-backup", "--json", check=2)
    error = json.loads(done.stdout)["error"]
    assert error["sqlstate"] == "23503" and "(77)" in error["detail"] and "rows are copied" in error["hint"]
    do(pg_database, "DELETE FROM child WHERE id = 3")  # mended there: the copy goes on to its end
    move.copy()
    left = move.verify(check=3)
    assert [(one["kind"], one["key"]) for table in left["tables"] for one in table["examples"]] == [("only-sqlite", "(3)")]


def test_a_plan_drafted_again_keeps_what_its_owner_has_edited_and_says_what_changed(tmp_path):
    file = make(tmp_path / "app.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s VARCHAR(5), gone TEXT, at DATETIME);"
                                     "INSERT INTO t VALUES (1, 5, 'abc', 'x', '2024-01-01 10:00:00')")
    move = Move(file, "host=nowhere", tmp_path)
    assert move.plan(check=0)["kept"] == []
    move.edit("n", type="numeric", form="number")
    assert move.plan()["kept"] == ["t.n numeric as number, refuse"], "no keep = true was needed"
    make(file, "ALTER TABLE t DROP COLUMN gone; ALTER TABLE t ADD COLUMN fresh INTEGER; UPDATE t SET s = 'longer than five';"
               "CREATE TABLE other (id INTEGER PRIMARY KEY)")
    redrafted = move.plan()
    assert redrafted["kept"] == ["t.n numeric as number, refuse"]
    assert redrafted["changed"] == ["other: a new table", "t.s: s character varying(5) as text, refuse → s text as text, refuse",
                                    "t.fresh: new, fresh bigint as integer, refuse", "t.gone: not in the file any more"]
    assert "drafted: n bigint as integer, refuse" in move.plan_file.read_text(), "what the draft would be is said beside it"
    shown = run("plan", file, "-o", move.plan_file, check=0).stdout
    assert "kept: t.n numeric as number, refuse\n" in shown and "changed:" not in shown


def test_misfits_go_where_the_plan_says_and_the_reject_table_has_every_one(tmp_path, pg_database):
    file = make(tmp_path / "app.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, e INTEGER, q TEXT)",
                "INSERT INTO t VALUES (1, 1, 1, 'fine'), (2, 'toto', '', 'fine'), (3, 3, 3, 'a' || char(0) || printf('%.*c', 500, 'b')), (4, x'00ff', '', 'fine')")
    move = Move(file, pg_database, tmp_path)
    move.plan()
    move.edit("n", type="bigint", form="integer", misfit="null")
    move.edit("e", type="bigint", form="integer", misfit="set-null-when-empty")
    move.edit("q", misfit="quarantine")
    copied = move.copy(check=1)["tables"][0]
    assert {name: copied[name] for name in ("read", "written", "nulled", "cast", "quarantined")} == {
        "read": 4, "written": 3, "nulled": 4, "cast": 0, "quarantined": 1}
    assert rows(pg_database, "SELECT * FROM t ORDER BY id") == [(1, 1, 1, "fine"), (2, None, None, "fine"), (4, None, None, "fine")]
    assert rows(pg_database, "SELECT row_key, column_name, content FROM crossfade.quarantine ORDER BY row_key, column_name") == [
        ("rowid 2", "e", "TEXT x''"), ("rowid 2", "n", "TEXT x'746f746f'"),
        ("rowid 3", "q", "TEXT x'6100" + "62" * 500 + "'"), ("rowid 4", "e", "TEXT x''"), ("rowid 4", "n", "BLOB x'00ff'")]
    verified = move.verify()
    assert verified["tables"][0]["quarantined"] == 1

    other = make(tmp_path / "other.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, e INTEGER)", "INSERT INTO t VALUES (1, 'word')")
    refused = Move(other, pg_database, tmp_path)
    refused.plan()
    refused.edit("e", type="bigint", form="integer", misfit="set-null-when-empty")
    assert run("copy", *refused.pair, "--no-backup", check=2).returncode == 2, "it is for empty texts alone"


KILLS = int(os.environ.get("CROSSFADE_KILLS", "8"))
MANY = """PRAGMA journal_mode={journal};
CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, price DECIMAL(10,2), at DATETIME);
CREATE TABLE child (a INTEGER, b TEXT, parent INTEGER REFERENCES parent(id), data BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE loose (x REAL, y TEXT);
CREATE INDEX child_parent ON child (parent); CREATE INDEX loose_x ON loose (x);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO parent
  SELECT i * 3, 'name ' || i, i / 4.0, strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i * 1000, 'unixepoch') FROM n;
INSERT INTO child SELECT id % 7, 'ä' || id, id, randomblob(id % 50) FROM parent;
INSERT INTO loose SELECT id * 0.1, CASE WHEN id % 100 = 0 THEN 'a' || char(0) ELSE 'v' || (id % 3) END FROM parent;"""


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_copy_killed_at_random_moments_ends_equal_with_every_reject_once(tmp_path, pg_database, journal):
    """CROSSFADE_KILLS of SIGKILL (scripts/soak move: 60), the copy run again each time: nothing lost, nothing twice, in the reject table neither."""
    seed = int(os.environ.get("CROSSFADE_SEED", "1"))
    chance = random.Random(seed)
    file = make(tmp_path / "app.db", MANY.format(rows=20000, journal=journal))
    move = Move(file, pg_database, tmp_path)
    move.plan()
    move.edit("y", misfit="quarantine")
    command = [str(crossfade_binary()), "copy", *map(str, move.pair), "--no-backup", "--json", "--chunk-rows", "300", "--connections", "3"]
    start = time.monotonic()
    kills, span = 0, None
    while kills < KILLS:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        begun = time.monotonic()
        try:
            process.wait(chance.uniform(0, span or 1.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            continue
        finished = process.communicate()
        assert process.returncode == 1, (process.returncode, finished)  # 1: there are rejects
        span = max(time.monotonic() - begun, 0.05)
        if kills < KILLS:  # it came to its end: begin anew
            verify_whole(move, pg_database)
            do(pg_database, "DROP SCHEMA crossfade CASCADE; DROP TABLE child, parent, loose")
    report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    verify_whole(move, pg_database)
    assert sum(table["read"] for table in report["tables"]) == 60000
    print(f"{kills} kills in {time.monotonic() - start:.0f} s, seed {seed}: equal")


def verify_whole(move, conninfo):
    verified = move.verify()
    assert verified["equal"] and {table["table"]: table["quarantined"] for table in verified["tables"]} == {"parent": 0, "child": 0, "loose": 200}
    assert rows(conninfo, "SELECT count(*), count(DISTINCT row_key), count(*) FILTER (WHERE column_name = 'y') FROM crossfade.quarantine") == [(200, 200, 200)]
    assert rows(conninfo, "SELECT (SELECT count(*) FROM parent), (SELECT count(*) FROM child), (SELECT count(*) FROM loose)") == [(20000, 20000, 19800)]


def test_a_copy_whose_connections_are_cut_says_so_and_goes_on(tmp_path, pg_database, postgres):
    file = make(tmp_path / "app.db", MANY.format(rows=20000, journal="wal"))
    move = Move(file, pg_database, tmp_path)
    move.plan()
    move.edit("y", misfit="quarantine")
    other = postgres.connect()
    cuts = 0
    for _ in range(20):
        process = subprocess.Popen([str(crossfade_binary()), "copy", *map(str, move.pair), "--no-backup", "--chunk-rows", "200"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while process.poll() is None:
            cursor = other.cursor()
            cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'crossfade copy' AND query ~ '^(COPY|COMMIT|INSERT)'")
            if cursor.fetchone()[0]:
                break
        said = process.communicate()[1].decode()
        if process.returncode == 1:  # through, with its rejects
            break
        assert process.returncode == 2 and ("terminat" in said or "closed" in said), said
        cuts += 1
    other.close()
    assert cuts > 0
    move.copy(check=1)
    verify_whole(move, pg_database)
