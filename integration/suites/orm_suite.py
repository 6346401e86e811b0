#!/usr/bin/python3
"""orm_suite.py sqlalchemy|alembic [--driver psycopg2|asyncpg] [--side sqlite|postgres|both] [--least PERCENT] [pytest arguments…]

The compliance suite that SQLAlchemy or Alembic keeps for authors of dialects, on Crossfade's SQLite side and on PostgreSQL directly.
Prints `NAME: N passed, M failed, K skipped` for each side, then what passes on PostgreSQL only, with its error.
Exit 1 when of the tests that pass on PostgreSQL fewer than PERCENT pass here."""
import argparse
import collections
import pathlib
import shutil
import tempfile

import running


def run(suite, side, driver, arguments):
    with running.SIDES[side]() as at, tempfile.TemporaryDirectory() as folder:
        junit = pathlib.Path(folder) / "junit.xml"
        uri = f"postgresql+{driver}://{at['user']}@{at['host']}:{at['port']}/{at['database']}"
        place = shutil.copytree(running.HERE / suite, pathlib.Path(folder) / suite)  # Alembic's tests write beside themselves
        done = running.pytest(place, junit, "--dburi", uri, *arguments)
        if not junit.exists():
            raise SystemExit(done.stdout + done.stderr)
        found = running.outcomes(junit)
        running.line(f"{suite} {driver} {side}", found)
        return found, running.first_errors(junit)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=("sqlalchemy", "alembic"))
    parser.add_argument("--driver", default="psycopg2", choices=("psycopg2", "asyncpg"))
    parser.add_argument("--side", default="both", choices=("sqlite", "postgres", "both"))
    parser.add_argument("--least", type=float, default=0)
    options, rest = parser.parse_known_args()
    if options.side != "both":
        _, errors = run(options.suite, options.side, options.driver, rest)
        for text, count in collections.Counter(errors.values()).most_common():
            print(f"{count:4} {text}")
        return 0
    direct, _ = run(options.suite, "postgres", options.driver, rest)
    ours, errors = run(options.suite, "sqlite", options.driver, rest)
    passing = [name for name, outcome in direct.items() if outcome == "passed"]
    worse = sorted(name for name in passing if ours.get(name) != "passed")
    for name in worse:
        print(f"  {name}: {errors.get(name, ours.get(name, 'missing'))}")
    percent = 100 * (len(passing) - len(worse)) / max(1, len(passing))
    print(f"{options.suite} {options.driver}: of {len(passing)} that pass on PostgreSQL, {len(passing) - len(worse)} pass on SQLite ({percent:.1f} %)")
    return 0 if passing and percent >= options.least else 1


if __name__ == "__main__":
    raise SystemExit(main())
