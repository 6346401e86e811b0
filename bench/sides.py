"""The two servers of a measurement on scratch data: 100,000 rows of `items`, an empty `events`."""
import importlib.machinery
import importlib.util
import os
import pathlib
import sqlite3
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "integration"))
import servers  # noqa: E402

ITEM = "'item number ' || n, n * 0.25, '2024-01-01'"
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {keys})"
TABLES = """CREATE TABLE items (id {key} PRIMARY KEY, name text NOT NULL, price double precision, made text);
            CREATE TABLE events (id {serial} PRIMARY KEY, item bigint, note text);"""


def program(name):
    """bench/run has no .py at its end: it is a program."""
    loader = importlib.machinery.SourceFileLoader(name, str(ROOT / "bench" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def cpu_seconds(pids):
    """User and system time of whole processes, ended threads too. A process's CPU clock: clock_getcpuclockid(3)."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def children(pid):
    return [int(child) for task in os.listdir(f"/proc/{pid}/task")
            for child in pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()]


def memory_bytes(pid, field="VmRSS"):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise KeyError(field)


class CrossfadeSide:
    name = "crossfade"

    def __init__(self, build, folder, keys, settings=None):
        path = folder / "bench.db"
        file = sqlite3.connect(path)
        file.executescript(TABLES.format(key="INTEGER", serial="INTEGER"))
        file.execute(f"{NUMBERS.format(keys=keys)} INSERT INTO items SELECT n, {ITEM} FROM numbers")
        file.commit()
        file.close()
        os.environ["CROSSFADE_BIN"] = str(build / "crossfade")
        listen = {"listen": ["max_connections = 5000"]}
        self.server = servers.Crossfade(folder, sqlite=path, settings={**listen, **(settings or {})}).start()
        self.port, self.database = self.server.port, self.server.database

    @property
    def pid(self):
        return self.server.process.pid

    def cpu_seconds(self):
        return cpu_seconds([self.pid])

    def stop(self):
        self.server.stop()


class PostgresSide:
    name = "postgres 15"
    database = "postgres"

    def __init__(self, keys, durable):
        self.server = servers.Postgres.start(["fsync = on"] if durable else [])
        self.port = self.server.port
        connection = self.server.connect()
        cursor = connection.cursor()
        cursor.execute(TABLES.format(key="bigint", serial="bigserial"))
        cursor.execute(f"{NUMBERS.format(keys=keys)} INSERT INTO items SELECT n, {ITEM} FROM numbers")
        cursor.execute("VACUUM ANALYZE")
        connection.close()

    def cpu_seconds(self):
        postmaster = int((self.server.folder / "data" / "postmaster.pid").read_text().split()[0])
        return cpu_seconds([postmaster, *children(postmaster)])

    def stop(self):
        self.server.stop()
