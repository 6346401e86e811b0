"""A full disk on either side, in either direction: whom it does not concern is not stopped, nothing acknowledged is lost, and it catches up."""
import os
import pathlib
import pwd
import subprocess

import psycopg2
import pytest

import mirror_load
from servers import wait_until
from test_mirror_outages import bring_to
from test_mirror_workloads import SEED, caught_up, serve_pair, stage

ROOM = 12 * 1024 * 1024


def mount(folder, size):
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True).returncode != 0:
        pytest.skip("no right to mount a small file system")
    return folder


class Disk:
    """A small file system that can be filled up to the last page, and given room again."""

    def __init__(self, folder):
        self.folder, self.ballast = mount(folder, ROOM), folder / "ballast"

    def fill(self):
        with open(self.ballast, "ab") as out:
            for size in (65536, 4096):
                try:
                    while True:
                        out.write(b"\0" * size)
                        out.flush()
                except OSError:
                    pass
                try:
                    out.close()
                except OSError:
                    pass
                out = open(self.ballast, "ab")

    def empty(self):
        self.ballast.unlink(missing_ok=True)

    def away(self):
        self.empty()
        subprocess.run(["umount", "-l", self.folder], check=True)


@pytest.fixture
def disk(tmp_path):
    one = Disk(tmp_path / "small")
    yield one
    one.away()


@pytest.fixture
def small_postgres(postgres):
    """A database whose tables lie on a small file system; the log does not."""
    disk = Disk(pathlib.Path(f"/tmp/crossfade-small-{os.urandom(4).hex()}"))
    owner = pwd.getpwnam("postgres")
    os.chown(disk.folder, owner.pw_uid, owner.pw_gid)
    (disk.folder / "space").mkdir()
    os.chown(disk.folder / "space", owner.pw_uid, owner.pw_gid)
    name = f"d{os.urandom(4).hex()}"
    connection = postgres.connect()
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLESPACE {name} LOCATION '{disk.folder}/space'")
    cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 TABLESPACE {name}")
    yield disk, postgres.conninfo(name)
    disk.empty()
    wait_until(lambda: dropped(cursor, name), 30, "the database to be left alone")
    connection.close()
    disk.away()
    disk.folder.rmdir()


def dropped(cursor, name):
    try:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"DROP TABLESPACE {name}")
        return True
    except psycopg2.Error:
        return False


class Growing(mirror_load.Workload):
    """Rows that need room. 53100 is an answer that the application expects: nothing happened."""

    @staticmethod
    def _item(cursor, token, _):
        cursor.execute("INSERT INTO item (token) VALUES (%s) RETURNING id", (token + "-" + "x" * 1500,))
        return cursor.fetchone()[0]

    def _failed(self, connection, what, error):
        if error.pgcode == "53100" and not connection.closed:
            with self.lock:
                self.refused["53100"] += 1
            return
        super()._failed(connection, what, error)


def tokens_as_written(load):
    """The workload knows its tokens without what was put behind them."""
    load.acknowledged = [(kind, what + "-" + "x" * 1500 if kind == "item" else what, given) for kind, what, given in load.acknowledged]
    load.doubtful = [(kind, what + "-" + "x" * 1500 if kind == "item" else what, given) for kind, what, given in load.doubtful]
    return load


def lag(proxy):
    return proxy.console("SHOW LAG")[0]


def settle(proxy, load, where):
    wait_until(lambda: caught_up(proxy), 90, "the mirror")
    print({"where": where, "acknowledged": load.count(), "refused": dict(load.refused), "doubts": len(load.doubtful), "errors": load.errors[:2]})
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [tokens_as_written(load)]) == []


@pytest.mark.parametrize("at", ["shadow", "postgres"])
def test_the_files_disk_is_full(crossfade, disk, pg_database, at):
    """shadow: clients' changes are 53100, whole. postgres: the way back waits, and clients do not notice."""
    proxy = serve_pair(crossfade, disk.folder, pg_database)
    bring_to(proxy, at)
    with Growing(proxy.url(), 4, SEED) as load:
        wait_until(lambda: load.count() > 50, 30, "work")
        disk.fill()
        if at == "shadow":
            wait_until(lambda: load.refused["53100"] > 20, 60, "a full disk")
        else:
            wait_until(lambda: lag(proxy)["state"] == "retrying", 60, "a step that fails")
            before = load.count()
            wait_until(lambda: load.count() > before + 50, 60, "work beside it")
            assert load.refused["53100"] == 0
        disk.empty()
        before = load.count()
        wait_until(lambda: load.count() > before + 20, 60, "work afterwards")
    settle(proxy, load, f"file, {at}")
    assert stage(proxy) == at


@pytest.mark.parametrize("at", ["shadow", "postgres"])
def test_postgresqls_disk_is_full(crossfade, small_postgres, tmp_path, at):
    """shadow: the mirror waits, and clients do not notice. postgres: clients' changes are 53100, whole."""
    disk, conninfo = small_postgres
    proxy = serve_pair(crossfade, tmp_path, conninfo)
    bring_to(proxy, at)
    with Growing(proxy.url(), 4, SEED) as load:
        wait_until(lambda: load.count() > 50, 30, "work")
        disk.fill()
        if at == "shadow":
            wait_until(lambda: lag(proxy)["state"] == "retrying", 60, "a step that fails")
            assert "No space left" in lag(proxy)["reason"], lag(proxy)
            before = load.count()
            wait_until(lambda: load.count() > before + 50, 60, "work beside it")
            assert load.refused["53100"] == 0
            with pytest.raises(psycopg2.Error):
                proxy.console("SWITCH TO postgres")
        else:
            wait_until(lambda: load.refused["53100"] > 20, 60, "a full disk")
        disk.empty()
        before = load.count()
        wait_until(lambda: load.count() > before + 20, 60, "work afterwards")
    settle(proxy, load, f"postgres, {at}")
    assert stage(proxy) == at
