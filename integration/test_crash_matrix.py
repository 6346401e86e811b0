"""SIGKILL at every failpoint of transaction, step, copy, switch, way back, FINISH and a change of the schema, under load; then it is started again and goes on.

What must hold is looked at from outside (mirror_load.faults: sqlite3 and psycopg2, and what each client was told): nothing acknowledged is
lost or there twice, nothing refused is there, both databases hold the same rows. CROSSFADE_CRASH_SEEDS: "1,2,3". CROSSFADE_CRASH_MODE: "sync". CROSSFADE_CRASH_RUNS: a
file that gets a line for each kill; integration/crash_table.py makes the table of docs/crash-matrix.md of it.
"""
import collections
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import psycopg2
import psycopg2.errors
import pytest

import crash_sites
import mirror_load
from servers import Crossfade, crossfade_binary, wait_until
from test_mirror_outages import bring_to, console
from test_mirror_workloads import caught_up, stage

# Without a seed, as in CI: each failpoint once, by one of the ways that lead to it. With one, as in the soak: by all of them.
WHOLE = bool({"CROSSFADE_CRASH_SEEDS", "CROSSFADE_SEED"} & os.environ.keys())
SEEDS = [int(seed) for seed in os.environ.get("CROSSFADE_CRASH_SEEDS", os.environ.get("CROSSFADE_SEED", "1")).split(",")]
CLIENTS = 4
MIRROR = [f'mode = "{os.environ.get("CROSSFADE_CRASH_MODE", "async")}"']
STAGES = ("sqlite", "copy", "shadow", "canary", "postgres")


def test_every_failpoint_of_the_source_is_in_the_matrix():
    assert crash_sites.unreached() == [], "no way of crash_sites.WAYS leads there"
    assert {name for name, _ in crash_sites.sites()} == crash_sites.known_names()
    assert len(crash_sites.cases()) >= 45


def copy_file(source, target):
    for ending in ("", "-wal"):
        if os.path.exists(f"{source}{ending}"):
            shutil.copy(f"{source}{ending}", f"{target}{ending}")
    return target


def copy_database(postgres, template, name):
    """A connection to the template may be about to end."""
    connection = postgres.connect()
    try:
        wait_until(lambda: copied(connection, template, name), 20, "the template to be left alone")
    finally:
        connection.close()


def copied(connection, template, name):
    try:
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    except psycopg2.errors.ObjectInUse:
        return False
    return True


@pytest.fixture(scope="module")
def templates(tmp_path_factory, postgres):
    """By stage: a small file and a database that stand in it, to be copied for each case."""
    folder = tmp_path_factory.mktemp("templates")
    file, plan = mirror_load.make_file(folder / "app.db", rows=30), folder / "plan.toml"
    done = subprocess.run([crossfade_binary(), "plan", file, "-o", plan], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    name, made = postgres.create_database(), {}
    proxy = Crossfade(folder, sqlite=file, postgres=postgres.conninfo(name), plan=plan)
    for at in STAGES:
        proxy.start()
        if at != "sqlite":
            proxy.console(f"SWITCH TO {at}")
        assert stage(proxy) == at
        proxy.stop()
        copy_database(postgres, name, f"{name}_{at}")
        made[at] = (copy_file(file, folder / f"{at}.db"), f"{name}_{at}")
    return plan, made


class Pair:
    """A pair in a stage, its proxy with a failpoint that can be armed while it runs."""

    def __init__(self, folder, postgres, templates, at):
        plan, made = templates
        file, template = made[at]
        self.armed = folder / "armed"
        self.disarm()
        name = f"c{os.urandom(5).hex()}"
        copy_database(postgres, template, name)
        self.pg = postgres.conninfo(name)
        self.proxy = Crossfade(folder, sqlite=copy_file(file, folder / "app.db"), postgres=self.pg, plan=plan,
                               settings={"shadow": ["rate = 0.2"], "mirror": MIRROR}, environment={"CROSSFADE_FAILPOINT": f"@{self.armed}"})
        self.proxy.start()

    def arm(self, name):
        self.armed.with_suffix(".new").write_text(name + "\n")
        os.replace(self.armed.with_suffix(".new"), self.armed)

    def disarm(self):
        self.armed.write_text("\n")

    def dies(self, name, seconds=40):
        try:
            code = self.proxy.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"failpoint {name} was not reached") from None
        assert code == -signal.SIGKILL, (code, self.proxy.log_tail())


@pytest.fixture
def pair(tmp_path, postgres, templates, request):
    one = Pair(tmp_path, postgres, templates, request.param)
    yield one
    one.disarm()
    if one.proxy.process.poll() is None:
        one.proxy.stop()
    print(one.proxy.log_tail(40))
    connection = postgres.connect()
    connection.cursor().execute(f"DROP DATABASE IF EXISTS {one.pg.split('dbname=')[1]} WITH (FORCE)")
    connection.close()


def say_until_dead(proxy, command):
    """A gate may be red for a moment, a drain may fail."""
    process = proxy.process  # the one that is to die, not the one started after it
    while process.poll() is None:
        if command.startswith(("BEGIN", "ALTER")):
            change_schema(proxy, command)
        else:
            console(proxy, command)
        time.sleep(0.1)


def change_schema(proxy, statements):
    try:
        client = proxy.connect()
        client.autocommit = True
        client.cursor().execute(statements)
        client.close()
    except psycopg2.Error:
        pass  # a lock, or the crash


def crash(pair, point, first, command, rng):
    """Until the process is dead at `point`: after `first`, where the way needs a crash before."""
    time.sleep(rng.uniform(0.05, 0.3))
    pair.arm(first or point)
    if command:
        threading.Thread(target=say_until_dead, args=(pair.proxy, command), daemon=True).start()
    pair.dies(first or point)
    if first:
        pair.arm(point)
        pair.proxy.start(wait=False)
        pair.dies(point)
    pair.disarm()


def faults(pair, load, now):
    if now != "finished":
        return mirror_load.faults(pair.proxy.sqlite, pair.pg, [load])
    _, target = mirror_load.both_sides(pair.proxy.sqlite, pair.pg)
    found = list(mirror_load._contradictions(target, load.acknowledged, load.doubtful, None)) + load.errors
    with psycopg2.connect(pair.pg) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'crossfade'")
        found += ["schema crossfade is still there"] if cursor.fetchone()[0] else []
    with sqlite3.connect(pair.proxy.sqlite) as file:
        found += [] if file.execute("SELECT count(*) FROM crossfade_tombstone").fetchone()[0] == 1 else ["no tombstone"]
    return found


PLANTED = {
    "an acknowledged row is gone on both sides": ("DELETE FROM item WHERE id = (SELECT max(id) FROM item)",) * 2,
    "a row is only in the file": ("INSERT INTO ticket VALUES (1000000, 'planted')", None),
    "a row is only in PostgreSQL": (None, "INSERT INTO ticket VALUES (1000000, 'planted')"),
    "a write is there twice": ("INSERT INTO item (id, token) VALUES (1000000, 'twice')",) * 2,
    "a hot row counts one too few": ("UPDATE hot SET n = n - 1 WHERE id = 1",) * 2,
    "money is gone": ("UPDATE account SET balance = balance - 1 WHERE id = 1",) * 2,
    "a transfer is there without its balances": ("INSERT INTO transfer VALUES ('planted', 1, 2, 5)",) * 2,
}


@pytest.mark.parametrize("pair", ["shadow"], indirect=True)
def test_the_checker_finds_what_is_planted(pair, postgres):
    with mirror_load.Workload(pair.proxy.url(), CLIENTS, "planted") as load:
        wait_until(lambda: load.count() > 60, 30, "work")
    wait_until(lambda: caught_up(pair.proxy), 60, "the mirror")
    assert mirror_load.faults(pair.proxy.sqlite, pair.pg, [load]) == []
    pair.proxy.stop()
    for what, (here, there) in PLANTED.items():
        file = copy_file(pair.proxy.sqlite, pair.proxy.folder / "planted.db")
        with sqlite3.connect(file) as connection:
            connection.execute(here) if here else None
        name = f"p{os.urandom(5).hex()}"
        copy_database(postgres, pair.pg.split("dbname=")[1], name)
        target = postgres.connect(name)
        target.cursor().execute("SET session_replication_role = replica; " + (there or ""))
        target.close()
        assert mirror_load.faults(file, postgres.conninfo(name), [load]) != [], what


def chosen():
    if WHOLE:
        return crash_sites.cases()
    ways = collections.defaultdict(list)
    for way, point in crash_sites.cases():
        ways[point].append(way)
    return [(random.Random(point).choice(found), point) for point, found in ways.items()]


CASES = [pytest.param(way[1], way, point, seed, id=f"{way[0]}-{point}-{seed}".replace(" ", "_"))
         for seed in SEEDS for way, point in chosen()]


def note(kill):
    print(kill)
    if path := os.environ.get("CROSSFADE_CRASH_RUNS"):
        with open(path, "a", encoding="utf-8") as out:
            out.write(json.dumps(kill) + "\n")


@pytest.mark.parametrize("pair,way,point,seed", CASES, indirect=["pair"])
def test_killed_there_under_load_nothing_is_lost_or_doubled_and_both_sides_agree(pair, way, point, seed):
    name, begin, first, command, end, _ = way
    rng = random.Random(f"{seed}/{name}/{point}")
    began = time.monotonic()
    with mirror_load.Workload(pair.proxy.url(), CLIENTS, f"{seed}-{point}", pause=0.001) as load:
        wait_until(lambda: load.count() > 10, 30, "work before the crash")
        crash(pair, point, first, command, rng)
        died = time.monotonic()
        before = load.count()
        pair.proxy.start()
        wait_until(lambda: load.count() > before + 10, 60, "work after the crash")
        recovered = time.monotonic() - died
        settled = stage(pair.proxy)
        if settled in ("sqlite", "copy"):
            bring_to(pair.proxy, "shadow", 60)
        now = stage(pair.proxy)
    if now != "finished":
        wait_until(lambda: caught_up(pair.proxy), 60, "the mirror")
    found = faults(pair, load, now)
    note({"way": name, "point": point, "seed": seed, "stage afterwards": settled, "acknowledged": load.count(), "in doubt": len(load.doubtful),
          "faults": len(found), "serves again after": round(recovered, 2), "all": round(time.monotonic() - began, 1)})
    assert found == []
    assert settled in (begin, end), settled
