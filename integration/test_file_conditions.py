"""What a file may be in: at `serve` one clear line and exit code 2; at run time the right SQLSTATE, and the other sessions live on."""
import os
import shutil
import sqlite3
import subprocess
import threading

import psycopg2
import psycopg2.errors
import pytest

from servers import crossfade_binary, free_port


def make(path, rows=1000, journal="wal"):
    with sqlite3.connect(path) as file:
        file.execute(f"PRAGMA journal_mode={journal}")
        file.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        file.executemany("INSERT INTO t VALUES (?, ?)", [(n, "x" * 200) for n in range(1, rows + 1)])
    file.close()
    return path


def config(folder, path):
    made = folder / "conditions.conf"
    made.write_text(f'[listen]\nport = {free_port()}\nauth = "trust"\n[sqlite]\nfile = "{path}"\n')
    return made


def refused(tmp_path, path):
    """The one line that `serve` ends with."""
    done = subprocess.run([str(crossfade_binary()), "serve", "--config", str(config(tmp_path, path))], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 2, done
    named = [line for line in done.stderr.splitlines() if str(path) in line]
    assert len(named) == 1, done
    return named[0]


def connect(server):
    connection = server.connect()
    connection.autocommit = True
    return connection


def value(connection, sql):
    cursor = connection.cursor()
    cursor.execute(sql)
    return cursor.fetchone()[0]


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "folder.db").mkdir()
    assert "is a directory" in refused(tmp_path, tmp_path / "folder.db")


def test_a_missing_file_in_a_missing_folder(tmp_path):
    refused(tmp_path, tmp_path / "nowhere" / "app.db")


def test_text_is_no_database_nor_is_an_encrypted_one(tmp_path):
    for name, content in (("text.db", b"hello, world\n" * 100), ("encrypted.db", os.urandom(8192)), ("short.db", b"SQLite")):
        (tmp_path / name).write_bytes(content)
        assert "is not a SQLite database, or is encrypted" in refused(tmp_path, tmp_path / name)


def test_a_newer_file_format_is_named(tmp_path):
    path = make(tmp_path / "newer.db")
    with open(path, "r+b") as file:
        file.seek(18)
        file.write(b"\3\3")
    assert "is of file format 3, which is newer than SQLite" in refused(tmp_path, path)


def test_a_truncated_file_is_named_with_both_sizes(tmp_path):
    path = make(tmp_path / "cut.db")
    os.truncate(path, path.stat().st_size // 2)
    line = refused(tmp_path, path)
    assert "is truncated" in line and "pages of 4096" in line


def test_an_empty_file_is_an_empty_database(crossfade, tmp_path):
    (tmp_path / "empty.db").write_bytes(b"")
    connection = connect(crossfade(sqlite=tmp_path / "empty.db"))
    connection.cursor().execute("CREATE TABLE t (a INTEGER)")
    assert value(connection, "SELECT count(*) FROM t") == 0


def test_serve_says_that_it_changes_the_journal_mode(crossfade, tmp_path):
    server = crossfade(sqlite=make(tmp_path / "rollback.db", journal="delete"))
    assert "journal mode changed" in server.log_text()


def test_a_corrupt_page_fails_its_statement_and_no_other(crossfade, tmp_path):
    path = tmp_path / "corrupt.db"
    with sqlite3.connect(path) as file:
        file.executescript("CREATE TABLE good (a INTEGER); INSERT INTO good VALUES (1); CREATE TABLE bad (a INTEGER, text TEXT);")
        file.executemany("INSERT INTO bad VALUES (?, ?)", [(n, "y" * 500) for n in range(400)])
        root = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'bad'").fetchone()[0]
    file.close()
    with open(path, "r+b") as raw:
        raw.seek((root - 1) * 4096)
        raw.write(os.urandom(4096))
    server = crossfade(sqlite=path)
    one, two = connect(server), connect(server)
    with pytest.raises(psycopg2.errors.DataCorrupted) as failure:
        one.cursor().execute("SELECT * FROM bad")
    assert failure.value.diag.message_primary == f'database file "{path}" is corrupt'
    assert value(one, "SELECT a FROM good") == 1
    assert value(two, "SELECT a FROM good") == 1
    two.cursor().execute("INSERT INTO good VALUES (2)")
    assert value(one, "SELECT count(*) FROM good") == 2


def test_a_file_deleted_underneath_takes_no_writes_that_would_be_lost(crossfade, tmp_path):
    path = make(tmp_path / "gone.db")
    connection = connect(crossfade(sqlite=path))
    connection.cursor().execute("INSERT INTO t VALUES (5000, 'before')")
    kept = {name: tmp_path / (name + ".kept") for name in ("gone.db", "gone.db-wal", "gone.db-shm")}
    for name, place in kept.items():
        os.rename(tmp_path / name, place)
    with pytest.raises(psycopg2.errors.UndefinedFile) as failure:
        connection.cursor().execute("INSERT INTO t VALUES (5001, 'lost')")
    assert "was deleted or moved away while it was served" in failure.value.diag.message_primary
    for name, place in kept.items():
        os.rename(place, tmp_path / name)
    connection.cursor().execute("INSERT INTO t VALUES (5002, 'after')")
    assert value(connection, "SELECT count(*) FROM t WHERE id >= 5000") == 2


def test_a_file_replaced_underneath_is_recognised(crossfade, tmp_path):
    path = make(tmp_path / "first.db")
    other = make(tmp_path / "second.db", rows=3)
    connection = connect(crossfade(sqlite=path))
    assert value(connection, "SELECT count(*) FROM t") == 1000
    os.replace(other, path)
    with pytest.raises(psycopg2.errors.UndefinedFile) as failure:
        connection.cursor().execute("INSERT INTO t VALUES (5001, 'lost')")
    assert "was replaced by another file while it was served" in failure.value.diag.message_primary


@pytest.fixture
def full_disk(tmp_path):
    """A folder with 2 MiB of room."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder], capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_53100_and_loses_nothing_that_was_acknowledged(crossfade, full_disk):
    path = make(full_disk / "full.db", rows=10)
    server = crossfade(sqlite=path)
    connection, other = connect(server), connect(server)
    acknowledged = 10
    with pytest.raises(psycopg2.errors.DiskFull) as failure:
        for n in range(100, 1000):
            connection.cursor().execute("INSERT INTO t VALUES (%s, %s)", (n, "z" * 20_000))
            acknowledged += 1
    assert failure.value.diag.message_primary == f'could not extend database file "{path}": No space left on device'
    assert value(other, "SELECT count(*) FROM t") == acknowledged
    assert value(connection, "SELECT count(*) FROM t") == acknowledged


@pytest.fixture
def immutable():
    """Makes files unchangeable, even for root; undone at the end."""
    changed = []

    def make_immutable(*paths):
        for path in paths:
            if os.geteuid() != 0 or subprocess.run(["chattr", "+i", path], capture_output=True).returncode != 0:
                pytest.skip("no right to make a file immutable")
            changed.append(path)

    yield make_immutable
    for path in changed:
        subprocess.run(["chattr", "-i", path], check=True)


def test_a_file_without_the_right_to_write_is_refused_unless_read_only(tmp_path, immutable, crossfade):
    path = make(tmp_path / "fixed.db")
    immutable(path)
    assert "is read-only" in refused(tmp_path, path)
    server = crossfade(sqlite=path, settings={"sqlite": ["read_only = true"]})
    connection = connect(server)
    assert value(connection, "SELECT count(*) FROM t") == 1000
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        connection.cursor().execute("INSERT INTO t VALUES (5000, 'no')")


def test_a_folder_without_the_right_to_write_is_named(tmp_path, immutable):
    folder = tmp_path / "fixed"
    folder.mkdir()
    path = make(folder / "app.db")
    immutable(folder)
    refused(tmp_path, path)


def test_a_journal_of_a_killed_writer_is_rolled_back(crossfade, tmp_path):
    path = make(tmp_path / "hot.db", journal="delete")
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA cache_size=2")  # so that pages reach the file before the COMMIT
    writer.execute("UPDATE t SET text = 'half'")
    shutil.copy(path, tmp_path / "copy.db")
    shutil.copy(str(path) + "-journal", tmp_path / "copy.db-journal")
    writer.rollback()
    writer.close()
    connection = connect(crossfade(sqlite=tmp_path / "copy.db"))
    assert value(connection, "SELECT count(*) FROM t WHERE text = 'half'") == 0


def test_foreign_keys_that_rows_break_are_not_enforced_and_the_log_names_them(crossfade, tmp_path):
    path = tmp_path / "broken.db"
    with sqlite3.connect(path) as file:
        file.executescript("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p(id));"
                           "INSERT INTO c VALUES (1), (2); CREATE TABLE d (p INTEGER REFERENCES p(id)); INSERT INTO d VALUES (9);")
    server = crossfade(sqlite=path)
    assert "c (2), d (1)" in server.log_text()
    connect(server).cursor().execute("INSERT INTO c VALUES (3)")
    with sqlite3.connect(path) as file:
        file.executescript("DELETE FROM c; DELETE FROM d;")
    server.stop()
    again = connect(crossfade(sqlite=path))
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        again.cursor().execute("INSERT INTO c VALUES (3)")


def test_another_process_that_holds_the_lock_is_waited_for_and_then_55P03(crossfade, tmp_path):
    path = make(tmp_path / "busy.db")
    server = crossfade(sqlite=path, settings={"sqlite": ['busy_timeout = "300ms"']})
    connection = connect(server)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(psycopg2.errors.LockNotAvailable):
        connection.cursor().execute("INSERT INTO t VALUES (5000, 'busy')")
    assert value(connection, "SELECT count(*) FROM t") == 1000
    patient = connect(crossfade(sqlite=path, settings={"sqlite": ['busy_timeout = "60s"']}))
    waiting = threading.Thread(target=lambda: patient.cursor().execute("INSERT INTO t VALUES (5001, 'waited')"))
    waiting.start()
    other.execute("COMMIT")
    waiting.join()
    assert value(connection, "SELECT text FROM t WHERE id = 5001") == "waited"
    other.close()
