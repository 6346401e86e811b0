"""The whole walk under load: copy, shadow, switch, back, switch again; killed at random moments and restarted."""
import collections
import os
import random
import shutil
import subprocess
import threading
import time

import psycopg2
import pytest

from chinook_load import Load, faults
from servers import crossfade_binary, wait_until

KILLS = int(os.environ.get("CROSSFADE_KILLS", "4"))
SEED = int(os.environ.get("CROSSFADE_SEED", "1"))


def stage(proxy):
    return proxy.console("SHOW STAGE")[0]["stage"]


def caught_up(proxy):
    return all(int(row["waiting"]) == 0 for row in proxy.console("SHOW LAG"))


def journal(proxy):
    return {row["what"]: int(row["value"]) for row in proxy.console("SHOW JOURNAL")}


def compared(proxy):
    return journal(proxy).get("samples compared", 0)


def moved_on(proxy, walk):
    """Whether the pair is past `copy`; else one more step of the walk is tried."""
    now = stage(proxy)
    if now not in ("sqlite", "copy"):
        return True
    try:
        proxy.console(walk[now][0])
    except psycopg2.errors.ObjectNotInPrerequisiteState:
        pass  # the tables are still being copied
    return False


@pytest.fixture
def pair(crossfade, chinook, pg_database, tmp_path):
    """Crossfade on a copy of Chinook and an empty PostgreSQL database, with the drafted plan."""
    shutil.copy(chinook, tmp_path / "original.db")
    plan = tmp_path / "plan.toml"
    done = subprocess.run([crossfade_binary(), "plan", chinook, "-o", plan], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    proxy = crossfade(sqlite=chinook, postgres=pg_database, plan=plan)
    proxy.pg = pg_database
    return proxy


def verify(proxy):
    return proxy.run("verify", "--sqlite", proxy.sqlite, "--postgres", proxy.pg, "--plan", proxy.plan)


def test_chinook_walks_there_and_back_under_load_and_loses_nothing(pair, tmp_path):
    with Load(pair.url(), tmp_path / "log", seed=SEED) as load:
        for command, wanted in (("SWITCH TO copy", "copy"), ("SWITCH TO shadow", "shadow"), ("SWITCH TO postgres", "postgres"),
                                ("SWITCH BACK", "shadow"), ("SWITCH TO postgres", "postgres")):
            before = sum(1 for _ in load.events())
            pair.console(command)
            assert stage(pair) == wanted
            wait_until(lambda: sum(1 for _ in load.events()) > before + 40, 60, f"work after {command}")
            if wanted in ("shadow", "postgres"):  # reads are run again on a pair, and equal: an empty SHOW MISMATCHES says something
                seen = compared(pair)
                wait_until(lambda: compared(pair) > seen, 60, f"a compared read after {command}")
    wait_until(lambda: caught_up(pair), 60, "the mirror")
    outcomes = collections.Counter(event["outcome"] for event in load.events())
    errors = [event for event in load.events() if event["outcome"] != "acknowledged"]
    assert not errors, errors[:5]
    assert outcomes["acknowledged"] > 200
    assert faults(load.events(), tmp_path / "original.db", pair.sqlite, pair.pg, SEED) == []
    assert [row for row in pair.console("SHOW MISMATCHES")] == []
    counts = journal(pair)
    assert counts["samples compared"] == counts["samples equal"] > 0 and counts["samples not translated"] == 0, counts


def test_killed_at_random_moments_of_the_walk_nothing_acknowledged_is_lost_or_doubled(pair, tmp_path):
    rng = random.Random(SEED)
    walk = {"sqlite": ["SWITCH TO copy"], "copy": ["SWITCH TO shadow"] * 2 + ["SWITCH BACK"],
            "shadow": ["SWITCH TO postgres"] * 2 + ["SWITCH BACK"], "postgres": ["SWITCH BACK"]}
    stopping = threading.Event()
    reached = collections.Counter()

    def walker():
        while not stopping.is_set():
            try:
                now = stage(pair)
                reached[now] += 1
                pair.console(rng.choice(walk[now]))
            except psycopg2.Error:
                pass
            stopping.wait(0.3)

    with Load(pair.url(), tmp_path / "log", seed=SEED) as load:
        thread = threading.Thread(target=walker)
        thread.start()
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.3, 6.0))
            pair.kill()
            pair.start()
        wait_until(lambda: reached["postgres"], 120, "the stage postgres")
        stopping.set()
        thread.join(120)
        wait_until(lambda: moved_on(pair, walk), 120, "a stage with both sides equal")
    wait_until(lambda: caught_up(pair), 120, "the mirror")
    assert faults(load.events(), tmp_path / "original.db", pair.sqlite, pair.pg, SEED) == []
    pair.stop()
    done = verify(pair)
    assert done.returncode == 0, done.stdout + done.stderr
    print({"kills": KILLS, "stages": dict(reached), "outcomes": dict(collections.Counter(e["outcome"] for e in load.events()))})
