#!/usr/bin/env python3
"""Compares what the workers were told with what both databases hold. Uses neither Crossfade nor its code.

check.py --log DIR --sqlite FILE --postgres CONNINFO [--windows FILE]
Exit 3 when an acknowledged reading is missing, doubled or changed on either side, or the two sides differ.
"""
import argparse
import collections
import json
import pathlib
import sqlite3
import sys

import psycopg2

COLUMNS = "id, location, timestamp, temperature, humidity, conditions, reading"


def read_log(folder):
    for path in sorted(folder.glob("worker-*.jsonl")):
        for line in path.read_text().splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                pass  # the last line of a killed worker


def acknowledged(events):
    """reading -> (id, the last temperature that was acknowledged)."""
    rows = {}
    for event in events:
        if event["kind"] in ("save", "correct"):
            rows[event["reading"]] = (event["id"], event["temperature"])
    return rows


def sqlite_rows(file):
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    return database.execute(f"SELECT {COLUMNS} FROM weather_history ORDER BY id").fetchall()


def postgres_rows(conninfo):
    with psycopg2.connect(conninfo) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM weather_history ORDER BY id")
        return [(row[0], row[1], row[2].isoformat(" "), *row[3:]) for row in cursor.fetchall()]


def missing_or_changed(name, rows, expected):
    seen = collections.Counter(row[6] for row in rows)
    by_reading = {row[6]: row for row in rows}
    faults = [f"{name}: {reading} is there {count} times" for reading, count in seen.items() if count > 1]
    for reading, (row_id, temperature) in expected.items():
        row = by_reading.get(reading)
        if row is None:
            faults.append(f"{name}: acknowledged {reading} is missing")
        elif (row[0], row[3]) != (row_id, temperature):
            faults.append(f"{name}: {reading} is {(row[0], row[3])}, acknowledged {(row_id, temperature)}")
    return faults


def print_waits(events, windows):
    waits = sorted(event["wait"] for event in events)
    if not waits:
        return
    middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"client waits: median {middle * 1000:.1f} ms, 99 % {late * 1000:.1f} ms, longest {waits[-1] * 1000:.0f} ms")
    for line in windows.read_text().splitlines() if windows else []:
        name, begin, end = line.rsplit(" ", 2)
        inside = [event["wait"] for event in events
                  if event["at"] <= float(end) and event["at"] + event["wait"] >= float(begin)]
        longest = f"{max(inside) * 1000:.0f} ms" if inside else "no call was under way"
        print(f"  {name}: longest client wait {longest} ({(float(end) - float(begin)) * 1000:.0f} ms in all)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=pathlib.Path, required=True)
    parser.add_argument("--sqlite", type=pathlib.Path, required=True)
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--windows", type=pathlib.Path, help="lines: name, begin, end (seconds since 1970)")
    parser.add_argument("--allow-errors", action="store_true")
    arguments = parser.parse_args()

    events = list(read_log(arguments.log))
    kinds = collections.Counter(event["kind"] for event in events)
    expected = acknowledged(events)
    in_sqlite, in_postgres = sqlite_rows(arguments.sqlite), postgres_rows(arguments.postgres)
    faults = missing_or_changed("SQLite", in_sqlite, expected)
    faults += missing_or_changed("PostgreSQL", in_postgres, expected)
    if in_sqlite != in_postgres:
        only_sqlite, only_postgres = set(in_sqlite) - set(in_postgres), set(in_postgres) - set(in_sqlite)
        faults.append(f"the sides differ: {len(only_sqlite)} rows only in SQLite {sorted(only_sqlite)[:3]}, "
                      f"{len(only_postgres)} only in PostgreSQL {sorted(only_postgres)[:3]}")
    errors = [event["error"] for event in events if event["kind"] == "error"]
    if errors and not arguments.allow_errors:
        faults += [f"client error: {text} ({count} times)" for text, count in collections.Counter(errors).items()]

    print(f"calls: {kinds['save']} saves, {kinds['correct']} corrections, {kinds['read']} reads, {kinds['error']} errors")
    print(f"rows: {len(expected)} acknowledged, {len(in_sqlite)} in SQLite, {len(in_postgres)} in PostgreSQL")
    print_waits(events, arguments.windows)
    for fault in faults[:20]:
        print(f"FAULT {fault}")
    print("equal: everything acknowledged is on both sides, once" if not faults else f"{len(faults)} faults")
    return 3 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
