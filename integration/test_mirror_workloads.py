"""The workloads that break naive dual writing, through the stages and back: 0 rows differ, each acknowledged write is there once."""
import os
import subprocess
import time

import pytest

import mirror_load
from servers import crossfade_binary, wait_until

SECONDS = float(os.environ.get("CROSSFADE_WORKLOAD_SECONDS", "1.5"))  # of load in each stage
SEED = int(os.environ.get("CROSSFADE_SEED", "1"))
WALK = (("SWITCH TO copy", "copy"), ("SWITCH TO shadow", "shadow"), ("SWITCH TO postgres", "postgres"), ("SWITCH BACK", "shadow"))


def serve_pair(crossfade, folder, conninfo, rows=200, settings=None):
    """Crossfade on a file with the workloads' tables and an empty PostgreSQL database, with the drafted plan."""
    file = mirror_load.make_file(folder / "app.db", rows)
    plan = folder / "plan.toml"
    done = subprocess.run([crossfade_binary(), "plan", file, "-o", plan], capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    proxy = crossfade(sqlite=file, postgres=conninfo, plan=plan, settings=settings)
    proxy.pg = conninfo
    return proxy


def stage(proxy):
    return proxy.console("SHOW STAGE")[0]["stage"]


def caught_up(proxy):
    return all(row["waiting"] == "0" and row["state"] == "running" for row in proxy.console("SHOW LAG"))


@pytest.mark.parametrize("clients", [8, 32])
def test_hot_rows_ids_transfers_and_max_plus_one_are_the_same_on_both_sides_after_the_walk(crossfade, tmp_path, pg_database, clients):
    proxy = serve_pair(crossfade, tmp_path, pg_database)
    done = {}
    with mirror_load.Workload(proxy.url(), clients, SEED) as load:
        wait_until(lambda: load.count() > clients, 30, "work at stage sqlite")
        for command, wanted in WALK:
            before = load.count()
            proxy.console(command)
            assert stage(proxy) == wanted
            time.sleep(SECONDS)
            wait_until(lambda: load.count() > before + 2 * clients, 60, f"work after {command}")
            done[command] = load.count() - before
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    print({"clients": clients, "acknowledged": load.count(), "by stage": done, "refused": dict(load.refused),
           "longest wait": round(load.longest, 3)})
    assert load.doubtful == [], "nobody is disconnected by a switch"
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
    assert proxy.console("SHOW MISMATCHES") == []
    assert set(load.refused) <= {"23505", "40P01"}  # PostgreSQL's own: two clients drew one max + 1, two transfers crossed
