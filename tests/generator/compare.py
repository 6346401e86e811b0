#!/usr/bin/python3
"""compare.py [--seconds N] [--seed S] [--statements K] [--show error,wrong,crash] [--causes N]

Random tables, rows, queries and changes (`grammar.py`, `changes.py`) on Crossfade's SQLite side and on a PostgreSQL 15, seed after seed until the
time is over: columns, types, rows, tags, SQLSTATEs and the tables behind each change. Half of the statements go through the extended protocol
with parameters. What is wrong is printed with its seed and cut down to what still shows it; `--seconds 0` runs the one seed."""
import argparse
import collections
import contextlib
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration" / "suites"))
import running  # noqa: E402
from changes import Changes  # noqa: E402
from grammar import Statement  # noqa: E402
from servers import Crossfade  # noqa: E402
from sides import Side, minimised, verdict  # noqa: E402

KINDS = ("same", "refused", "known", "error", "slow", "wrong", "crash")
ZONES = ["Europe/Berlin", "UTC", "America/New_York", "Asia/Kolkata"]
STYLES = ["ISO, MDY", "ISO, MDY", "ISO, DMY", "German, DMY", "SQL, MDY"]


class Tally:
    def __init__(self, show=("wrong", "crash")):
        self.counts, self.refusals, self.shown, self.show = collections.Counter(), collections.Counter(), [], show

    def line(self):
        return ", ".join(f"{self.counts[kind]} {kind}" for kind in KINDS)


def connect(at, seed):
    return Side(at["port"], at["user"], at["database"], at.get("revive"), TimeZone=ZONES[seed % len(ZONES)], DateStyle=STYLES[seed % len(STYLES)], statement_timeout="5000")


def differs(ours, theirs):
    """The parts that differ, shortened."""
    lines = []
    for key in ("state", "message", "parameters", "columns", "tag", "rows", "after", "at the end"):
        mine, other = ours.get(key), theirs.get(key)
        if mine == other:
            continue
        if key == "after":
            mine, other = ([row for rows in side or [] for row in rows or []] for side in (mine, other))
        if isinstance(mine, list) and isinstance(other, list):
            left, right = collections.Counter(map(repr, mine)), collections.Counter(map(repr, other))
            mine, other = list((left - right).elements())[:3] or mine[:6], list((right - left).elements())[:3] or other[:6]
        lines.append(f"    {key}: {str(mine)[:500]}\n      PG: {str(other)[:500]}")
    return "\n".join(lines)


class Run:
    def __init__(self, seed, ours, theirs, tally):
        self.seed, self.sides, self.tally = seed, (ours, theirs), tally
        self.generator = Changes(seed)
        self.made = []

    def judge(self, statement, binary=False):
        names = [table.name for table in self.generator.tables]
        answers = [side.run(statement, binary, names) for side in self.sides]
        return verdict(statement, *answers, binary), *answers

    def add(self, statement, found, ours, theirs, binary=False):
        self.tally.counts[found] += 1
        if found == "refused":
            self.tally.refusals[re.sub(r'"[^"]*"', '"…"', ours["message"])] += 1
        if found in self.tally.show:
            self.report(statement, found, ours, theirs, binary)

    def report(self, statement, found, ours, theirs, binary):
        def still(text):
            again, mine, other = self.judge(dataclasses.replace(statement, text=text), binary)
            return again == found and (mine["state"], other["state"]) == (ours["state"], theirs["state"])

        for index, (value, _) in reversed(list(enumerate(statement.values, 1))):  # as constants, where that still shows it
            constant = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
            text = re.sub(rf"\${index}(?!\d)", lambda _: constant, statement.text)
            fewer = dataclasses.replace(statement, text=text, values=statement.values[:index - 1])
            again, mine, other = self.judge(fewer, binary and bool(fewer.values))
            if not (again == found and (mine["state"], other["state"]) == (ours["state"], theirs["state"])):
                break
            statement = fewer
        unordered = dataclasses.replace(statement, ordered=False)
        if statement.ordered and self.judge(unordered, binary)[0] == found:
            statement = unordered
        if found != "crash" and not (statement.ordered and found == "wrong"):
            statement = dataclasses.replace(statement, text=minimised(statement.text, still))
            _, ours, theirs = self.judge(statement, binary)
        self.tally.shown.append(f"--- seed {self.seed} {found}: {statement.text}{f'  -- {statement.values}' if statement.values else ''}\n{differs(ours, theirs)}")
        print(self.tally.shown[-1], flush=True)

    def make(self):
        """The tables and their rows, for good: what one side does not take, the other loses too."""
        for statement in list(self.generator.schema()):
            for text in filter(None, (statement.text, statement.fallback)):
                answers = [side.simple(text) for side in self.sides]
                found = verdict(statement, *answers)
                self.add(dataclasses.replace(statement, text=text), found, *answers) if found in ("same", "refused") else self.note(text, found, *answers)
                states = [answer["state"] for answer in answers]
                if states == ["00000", "00000"]:
                    break
                if re.match("CREATE TABLE", text):
                    for side in self.sides:
                        side.simple("DROP TABLE IF EXISTS " + text.split()[2])
        for statement in self.generator.rows():
            answers = [side.simple(statement.text) for side in self.sides]
            found = verdict(statement, *answers)
            self.tally.counts[found] += 1
            if found in self.tally.show:
                self.note(statement.text, found, *answers, count=False)
            if found != "same":
                table, number = statement.text.split()[2], re.search(r"VALUES \((\d+)", statement.text).group(1)
                for side in self.sides:
                    side.simple(f"DELETE FROM {table} WHERE id = {number}")

    def note(self, text, found, ours, theirs, count=True):
        self.tally.counts[found] += count
        if found in self.tally.show:
            self.tally.shown.append(f"--- seed {self.seed} {found}: {text}\n{differs(ours, theirs)}")
            print(self.tally.shown[-1], flush=True)

    def drop(self):
        for side in self.sides:
            for table in reversed([table.name for table in self.generator.tables]):
                side.simple(f"DROP TABLE IF EXISTS {table} CASCADE")

    def all(self, statements, until=float("inf")):
        self.make()
        for index in range(statements):
            if time.monotonic() > until:
                break
            extended = index % 2 == 1
            made = self.generator.change(extended) if index % 7 > 4 else self.generator.select(extended)
            binary = extended and index % 3 == 0 and not made.changes and not made.loose
            self.add(made, *self.judge(made, binary), binary)
        self.drop()


def run_seed(seed, ours, theirs, tally, statements=200, until=float("inf")):
    """`ours`, `theirs`: host, port, user and database of databases without tables t0, t1, t2; they are without them again after it."""
    with contextlib.closing(connect(ours, seed)) as left, contextlib.closing(connect(theirs, seed)) as right:
        Run(seed, left, right, tally).all(statements, until)


@contextlib.contextmanager
def sqlite_side():
    """Crossfade on a new file; started again when it has died."""
    with tempfile.TemporaryDirectory(prefix="crossfade-generator-") as folder:
        proxy = Crossfade(folder=folder, sqlite=pathlib.Path(folder) / "app.db").start()

        def revive():
            with contextlib.suppress(subprocess.TimeoutExpired):
                print(f"--- crossfade ended with {proxy.process.wait(0.2)}:\n{proxy.log_tail(5)}", flush=True)
                proxy.start()

        try:
            yield {"port": proxy.port, "user": "app", "database": "app", "revive": revive}
        finally:
            proxy.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CROSSFADE_SEED", "1")))
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--show", default="wrong,crash")
    parser.add_argument("--causes", type=int, default=0)
    options = parser.parse_args()
    tally, seed = Tally(options.show.split(",")), options.seed
    with sqlite_side() as ours, running.postgres_side() as theirs:
        until = time.monotonic() + options.seconds
        while True:
            run_seed(seed, ours, theirs, tally, options.statements, until if options.seconds else float("inf"))
            seed += 1
            if time.monotonic() > until:
                break
    for message, count in tally.refusals.most_common(options.causes):
        print(f"{count:6} {message}")
    print(f"generator: seeds {options.seed} to {seed - 1}, {sum(tally.counts.values())} statements: {tally.line()}")
    return 3 if tally.counts["wrong"] or tally.counts["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
