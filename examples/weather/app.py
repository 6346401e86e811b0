#!/usr/bin/env python3
"""A small weather application on psycopg2. It knows nothing of Crossfade: it has a DATABASE_URL.

app.py save LOCATION TEMPERATURE CONDITIONS
app.py recent LOCATION [--hours N]
app.py load --log DIR [--workers 4] [--seconds N | --until FILE]   four processes that save and read, and write down
                                                                  what was acknowledged and how long each call took
"""
import argparse
import datetime
import json
import multiprocessing
import os
import pathlib
import random
import signal
import sys
import time

import psycopg2

HERE = pathlib.Path(__file__).resolve().parent
PLACES = ["Berlin", "Bergen", "Cádiz", "Reykjavík", "Sapporo", "Quito"]
CONDITIONS = ["clear", "cloudy", "rain", "fog", "snow", "storm"]


def load_env(path=HERE / ".env"):
    """KEY=VALUE lines; what the environment already says wins."""
    if path.exists():
        for line in path.read_text().splitlines():
            line = line.strip()
            if line and not line.startswith("#") and "=" in line:
                key, value = line.split("=", 1)
                os.environ.setdefault(key.strip(), value.strip().strip('"'))


def connect():
    return psycopg2.connect(os.environ["DATABASE_URL"])


def save(connection, location, timestamp, temperature, conditions, humidity=None, reading=None):
    """Commits one reading and returns its id."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO weather_history (location, timestamp, temperature, humidity, conditions, reading)"
            " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            (location, timestamp, temperature, humidity, conditions, reading))
        return cursor.fetchone()[0]


def recent(connection, location, since):
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, timestamp, temperature, humidity, conditions FROM weather_history"
            " WHERE location = %s AND timestamp >= %s ORDER BY timestamp DESC, id DESC LIMIT 50",
            (location, since))
        return cursor.fetchall()


def correct(connection, row_id, temperature):
    """A station corrects a reading: a transaction that reads first and writes then."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT temperature FROM weather_history WHERE id = %s", (row_id,))
        if cursor.fetchone() is None:
            raise RuntimeError(f"reading {row_id} is gone")
        cursor.execute("UPDATE weather_history SET temperature = %s WHERE id = %s", (temperature, row_id))
        if cursor.rowcount != 1:
            raise RuntimeError(f"reading {row_id}: {cursor.rowcount} rows corrected")


def worker(number, log, stop, seed):
    """Saves, reads and corrects until `stop()`; one JSON line for each acknowledged call."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    rng = random.Random(seed * 1000 + number)
    connection = connect()
    count, mine = 0, []
    with open(log / f"worker-{number}.jsonl", "a", buffering=1) as out:
        def note(kind, began, **fields):
            out.write(json.dumps({"kind": kind, "at": began, "wait": round(time.time() - began, 6), **fields}) + "\n")

        while not stop():
            began = time.time()
            try:
                chance = rng.random()
                if chance < 0.4:
                    count += 1
                    reading = f"{seed}-w{number}-{count:06d}"
                    temperature = rng.randint(-200, 400) / 10
                    row_id = save(connection, rng.choice(PLACES), datetime.datetime.now(), temperature,
                                  rng.choice(CONDITIONS), rng.choice([None, 55, 80]), reading)
                    mine.append((row_id, reading))
                    note("save", began, id=row_id, reading=reading, temperature=temperature)
                elif chance < 0.5 and mine:
                    row_id, reading = rng.choice(mine)
                    temperature = rng.randint(-200, 400) / 10
                    correct(connection, row_id, temperature)
                    note("correct", began, id=row_id, reading=reading, temperature=temperature)
                else:
                    since = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=rng.randint(0, 320))
                    rows = recent(connection, rng.choice(PLACES), since)
                    stamps = [row[1] for row in rows]
                    if stamps != sorted(stamps, reverse=True):
                        raise RuntimeError("recent() is not in order")
                    note("read", began, rows=len(rows))
            except Exception as error:  # every error is counted; the demonstration wants none
                note("error", began, error=f"{type(error).__name__}: {getattr(error, 'pgcode', None)} {error}")
                if connection.closed:
                    time.sleep(0.2)
                    try:
                        connection = connect()
                    except psycopg2.OperationalError:
                        pass
            time.sleep(rng.random() * 0.01)
    connection.close()


def load(arguments):
    arguments.log.mkdir(parents=True, exist_ok=True)
    end = time.time() + arguments.seconds

    def stop():
        return time.time() > end or (arguments.until is not None and arguments.until.exists())

    workers = [multiprocessing.Process(target=worker, args=(n, arguments.log, stop, arguments.seed))
               for n in range(arguments.workers)]
    for process in workers:
        process.start()
    for process in workers:
        process.join()
    return max(abs(process.exitcode) for process in workers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("save")
    verb.add_argument("location")
    verb.add_argument("temperature", type=float)
    verb.add_argument("conditions")
    verb = verbs.add_parser("recent")
    verb.add_argument("location")
    verb.add_argument("--hours", type=int, default=24)
    verb = verbs.add_parser("load")
    verb.add_argument("--log", type=pathlib.Path, required=True)
    verb.add_argument("--workers", type=int, default=4)
    verb.add_argument("--seconds", type=float, default=3600)
    verb.add_argument("--until", type=pathlib.Path)
    verb.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    load_env()
    if arguments.verb == "load":
        return load(arguments)
    connection = connect()
    if arguments.verb == "save":
        row_id = save(connection, arguments.location, datetime.datetime.now(), arguments.temperature,
                      arguments.conditions)
        print(f"saved as {row_id}")
    else:
        since = datetime.datetime.now() - datetime.timedelta(hours=arguments.hours)
        for row_id, timestamp, temperature, humidity, conditions in recent(connection, arguments.location, since):
            print(f"{row_id:>8}  {timestamp:%Y-%m-%d %H:%M}  {temperature:6.1f} °C  {humidity or '-':>3} %  {conditions}")
    connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
