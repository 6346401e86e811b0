#!/usr/bin/python3
"""The table of docs/crash-matrix.md, of the kills that test_crash_matrix.py noted: crash_table.py RUNS.jsonl…, one line a kill."""
import json
import sys

import crash_sites

HEAD = """| killed during | at failpoint | runs | stage afterwards | acknowledged writes | in doubt | lost, doubled or different |
|---|---|---|---|---|---|---|"""


def row(way, point, kills):
    stages = ", ".join(sorted({kill["stage afterwards"] for kill in kills}))
    numbers = [sum(kill[what] for kill in kills) for what in ("acknowledged", "in doubt", "faults")]
    return f"| {way} | `{point}` | {len(kills)} | {stages} | " + " | ".join(map(str, numbers)) + " |"


def main():
    kills = [json.loads(line) for path in sys.argv[1:] for line in open(path, encoding="utf-8")]
    print(HEAD)
    for (name, *_), point in crash_sites.cases():
        of_it = [kill for kill in kills if (kill["way"], kill["point"]) == (name, point)]
        print(row(name, point, of_it))
    seeds = sorted({kill["seed"] for kill in kills})
    waits = sorted(kill["serves again after"] for kill in kills)
    print(f"{len(kills)} kills, seeds {seeds}, {sum(kill['acknowledged'] for kill in kills):,} acknowledged, "
          f"{sum(kill['in doubt'] for kill in kills):,} in doubt, {sum(kill['faults'] for kill in kills)} faults; serves again after "
          f"{waits[len(waits) // 2]} s in the median, {waits[-1]} s at most", file=sys.stderr)


if __name__ == "__main__":
    main()
