#!/usr/bin/python3
"""Blocks, savepoints, cursors, settings, sequences, temporary tables and DDL in random order on one connection of Crossfade's SQLite side and on
a PostgreSQL 15: after each statement the same rows, tag, SQLSTATE and transaction status. A script ends at the first refusal (0A000), since the
sides differ from there on.

    tests/generator/blocks.py --seconds 60 --seed 1

What is told apart otherwise is left out by name: an absent table in a READ ONLY block (25006 there, 42P01 here), and SET TRANSACTION behind
statements that take a snapshot in PostgreSQL alone (25001)."""
import argparse
import collections
import contextlib
import os
import pathlib
import random
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration" / "suites"))

import running  # noqa: E402
from compare import sqlite_side  # noqa: E402
from sides import Side  # noqa: E402

LENGTH = 60
BEGINNING = ["DROP TABLE IF EXISTS d, c, p CASCADE", "DROP SEQUENCE IF EXISTS s", *[f"DROP TABLE IF EXISTS x{i}" for i in range(1, 7)], "CREATE SEQUENCE s",
             "CREATE TABLE p (id int PRIMARY KEY, n int UNIQUE CHECK (n < 9))",
             "CREATE TABLE c (id int PRIMARY KEY, pid int REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE, x int)",
             "CREATE TABLE d (pid int REFERENCES p DEFERRABLE INITIALLY DEFERRED)"]
# {k} and {l}: 1 to 6; {n}: -2 to 9; {s}: a savepoint; {u}: a cursor; each anew.
STATEMENTS = [
    *["BEGIN"] * 6, "BEGIN ISOLATION LEVEL REPEATABLE READ", "BEGIN READ ONLY", *["COMMIT"] * 2, *["ROLLBACK"] * 2, "COMMIT AND CHAIN", "ROLLBACK AND CHAIN",
    *["SAVEPOINT {s}"] * 2, *["ROLLBACK TO {s}"] * 2, "RELEASE {s}", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET TRANSACTION READ ONLY",
    "SHOW transaction_isolation", "SHOW transaction_read_only",
    "INSERT INTO p (id, n) VALUES ({k}, {n}) RETURNING *", "INSERT INTO p (id, n) VALUES ({k}, {n}), ({l}, {n}) RETURNING n", "INSERT INTO c VALUES ({n}, {k}, {n}) RETURNING pid, x",
    "INSERT INTO p (id, n) VALUES ({k}, {n}) ON CONFLICT (id) DO UPDATE SET n = excluded.n + p.n RETURNING n, xmax = 0",
    "INSERT INTO p (id, n) SELECT id + 1, n FROM p WHERE id < {k} ON CONFLICT DO NOTHING RETURNING id", "UPDATE p SET n = n / {n} WHERE id < {k} RETURNING id, n",
    "UPDATE p SET id = {k} WHERE id = {l} RETURNING *", "DELETE FROM p WHERE id = {k} RETURNING *", "DELETE FROM c WHERE x > {n}", "INSERT INTO d VALUES ({k}) RETURNING pid",
    "UPDATE d SET pid = {k}", "DELETE FROM d", "TRUNCATE p CASCADE", "SET CONSTRAINTS ALL DEFERRED", "SET CONSTRAINTS ALL IMMEDIATE",
    "SELECT id, n FROM p ORDER BY id", "SELECT pid, x FROM c ORDER BY pid, x", "SELECT count(*), sum(n) FROM p", "SELECT n FROM p WHERE id = 1 FOR UPDATE", "LOCK TABLE p",
    "SET app.v = '{n}'", "SET LOCAL app.v = '{n}'", "RESET app.v", "SELECT current_setting('app.v', true)", "SELECT set_config('app.w', '{n}', {b})", "SELECT current_setting('app.w', true)",
    "SELECT nextval('s')", "SELECT currval('s')", "SELECT setval('s', {k})", "ALTER SEQUENCE s RESTART WITH {k}",
    "CREATE TABLE x{k} (a int)", "DROP TABLE x{k}", "INSERT INTO x{k} VALUES ({n})", "SELECT * FROM x{k} ORDER BY a", "ALTER TABLE x{k} ADD b int DEFAULT {n}", "ALTER TABLE x{k} RENAME TO x{l}", "TRUNCATE x{k}",
    *[f"CREATE TEMP TABLE w{{k}} (a int) ON COMMIT {action}" for action in ("DROP", "DELETE ROWS", "PRESERVE ROWS")], "INSERT INTO w{k} VALUES ({n})", "SELECT * FROM w{k} ORDER BY a",
    "DROP TABLE IF EXISTS w{k}", "DISCARD TEMP", "DISCARD ALL",
    "DECLARE {u} CURSOR FOR SELECT id FROM p ORDER BY id", "DECLARE {u} CURSOR WITH HOLD FOR SELECT n FROM p ORDER BY n", "DECLARE {u} SCROLL CURSOR FOR SELECT id, n FROM p ORDER BY id",
    *[f"FETCH {way} FROM {{u}}" for way in ("1", "ALL", "PRIOR", "LAST", "ABSOLUTE 2", "RELATIVE -1", "BACKWARD ALL", "0")], "MOVE ALL IN {u}", "MOVE PRIOR IN {u}", "CLOSE {u}", "CLOSE ALL",
    "UPDATE p SET n = {n} WHERE CURRENT OF {u} RETURNING id", "DELETE FROM p WHERE CURRENT OF {u} RETURNING id",
    "PREPARE q AS SELECT count(*) FROM p WHERE n > {n}", "EXECUTE q", "DEALLOCATE q", "DEALLOCATE ALL",
    "SELECT 1/0", "SELECT nope", "SELEC", "SELECT 1; SELECT 2", "INSERT INTO p (id) VALUES ({k}); SELECT 1/0", "INSERT INTO p (id) VALUES (1{k}); COMMIT; INSERT INTO p (id) VALUES (2{k}); SELECT 1/0",
]
LEFT_OUT = ("25006", "25001")


def script(seed):
    choose = random.Random(seed)
    values = {"k": lambda: choose.randint(1, 6), "l": lambda: choose.randint(1, 6), "n": lambda: choose.randint(-2, 9), "s": lambda: choose.choice(["a", "b", "A1"]),
              "u": lambda: choose.choice(["c0", "c1"]), "b": lambda: choose.choice(["true", "false"])}
    return [re.sub(r"\{(\w)\}", lambda found: str(values[found[1]]()), choose.choice(STATEMENTS)) for _ in range(LENGTH)]


def answer(side, text):
    given = side.simple(text)
    told = given.get("rows"), given.get("tag"), [column[1] for column in given.get("columns", [])]
    return given["state"], told if given["state"] == "00000" else None, given.get("status"), given.get("message", "")


def run(seed, at, counts):
    with contextlib.ExitStack() as stack:
        ours, theirs = (stack.enter_context(contextlib.closing(Side(one["port"], one["user"], one["database"], one.get("revive")))) for one in at)
        for text in BEGINNING:
            ours.simple(text), theirs.simple(text)
        said = []
        for text in script(seed):
            said.append(text)
            mine, other = answer(ours, text), answer(theirs, text)
            same = mine[:3] == other[:3]
            kind = "same" if same else "refused" if mine[0] == "0A000" else "left out" if other[0] in LEFT_OUT else "wrong"
            counts[kind] += 1
            if kind == "wrong":
                print(f"--- seed {seed}:\n    " + ";\n    ".join(said) + f"\n  ours       {mine}\n  PostgreSQL {other}", flush=True)
            if kind != "same":
                return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--scripts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CROSSFADE_SEED", "1")))
    options = parser.parse_args()
    counts, seed = collections.Counter(), options.seed
    with sqlite_side() as ours, running.postgres_side() as theirs:
        until = time.monotonic() + options.seconds
        while seed < options.seed + options.scripts or time.monotonic() < until:
            run(seed, (ours, theirs), counts)
            seed += 1
    print(f"blocks: seeds {options.seed} to {seed - 1}, {sum(counts.values())} statements: " + ", ".join(f"{counts[kind]} {kind}" for kind in ("same", "refused", "left out", "wrong")))
    return 3 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
