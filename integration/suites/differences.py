#!/usr/bin/python3
"""differences.py: counts what the suites of this folder left in build/suites/*.json by the causes of causes.tsv (the first pattern that
fits a check's name and our answer; `=` before a pattern: our answer only) and writes differences.md, with held.md at its end. Says what no
cause names."""
import collections
import json
import re

import running

HEAD = """# Where the SQLite side differs, by cause

Written by `integration/suites/differences.py` from the last run of the suites here ({counts}).
Each failed check is counted once, under the cause that its answer names; what only follows from another refusal stands under *follows*.

| checks | cause | example | where it would be mended |
|---:|---|---|---|
"""


def causes():
    for row in (running.HERE / "causes.tsv").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            pattern, cause, where = row.split("\t")
            yield re.compile(pattern.removeprefix("="), re.S), pattern.startswith("="), cause, where


def main():
    known = list(causes())
    totals, found, examples, unnamed = {}, collections.Counter(), {}, []
    for path in sorted(running.DIFFERENCES.glob("*.json")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        totals[path.stem] = kept["counts"]
        for entry in kept["differences"]:
            ours = entry["ours"].replace('\\"', '"')
            for pattern, answer_only, cause, where in known:
                if pattern.search(ours if answer_only else f"{entry['suite']}: {entry['name']}\n{ours}"):
                    found[cause, where] += 1
                    examples.setdefault(cause, f"{entry['suite']}: {entry['name']}")
                    break
            else:
                unnamed.append(entry)
    counts = "; ".join(f"{name} {count['passed']} of {count['passed'] + count['failed']}" for name, count in totals.items())
    rows = [f"| {count} | {cause} | `{' '.join(examples[cause].replace('|', '¦').replace('`', '').split())[:110]}` | {where} |" for (cause, where), count in found.most_common()]
    if unnamed:
        rows.append(f"| {len(unnamed)} | not named yet | `{unnamed[0]['suite']}: {unnamed[0]['name'][:100].replace('|', '¦')}` | |")
    (running.HERE / "differences.md").write_text(HEAD.format(counts=counts) + "\n".join(rows) + "\n\n" + (running.HERE / "held.md").read_text(encoding="utf-8"), encoding="utf-8")
    for entry in unnamed:
        print(f"{entry['suite']}: {entry['name']}\n    SQLite     {entry['ours'][:300]}\n    PostgreSQL {entry['theirs'][:300]}")
    print(f"{sum(found.values())} of {sum(found.values()) + len(unnamed)} differences named, {len(found)} causes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
