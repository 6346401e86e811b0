#!/usr/bin/env python3
"""An HTTP load on the music application, and what came of it.

load.py run PORT --log FILE --until FILE [--clients 8]     each request, its status, its wait and what it was told, a JSON line each
load.py check --log FILE [--sqlite FILE] --postgres CONNINFO [--windows FILE]   no request failed, and the databases hold what was answered
"""
import argparse
import collections
import http.client
import json
import pathlib
import random
import sqlite3
import sys
import threading
import time

import psycopg2


def client(port, number, until, note):
    rng, connection = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    mine = []
    while not until.exists():
        kind = rng.choices(["artist", "track", "playlist", "new", "append", "remove"], [4, 4, 4, 2, 4, 1])[0]
        # Twelve playlists are everybody's; from one of its own each client also removes.
        body, playlist = None, rng.choice([rng.randint(1, 12), 13 + number % 8])
        if kind == "artist":
            request = ("GET", f"/artists/{rng.randint(1, 40)}/tracks")
        elif kind == "track":
            request = ("GET", f"/tracks/{rng.randint(1, 3000)}")
        elif kind == "playlist":
            request = ("GET", f"/playlists/{playlist}")
        elif kind == "new":
            body = {"artist_id": rng.randint(1, 40), "track": {"title": f"New {number}", "seconds": rng.randint(90, 400), "tags": ["new"]}}
            request = ("POST", "/tracks")
        elif kind == "append":
            body = {"track_id": rng.randint(1, 3000)}
            request = ("POST", f"/playlists/{playlist}/tracks")
        elif mine:
            playlist, position = mine.pop(rng.randrange(len(mine)))
            request = ("DELETE", f"/playlists/{playlist}/tracks/{position}")
        else:
            continue
        began = time.time()
        try:
            connection.request(*request, body=json.dumps(body) if body else None)
            response = connection.getresponse()
            status, answer = response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            status, answer = 0, {"error": repr(error)}
            connection.close()
        told = {}
        if status == 200 and kind == "new":
            told = {"id": answer["id"]}
        elif status == 200 and kind == "append":
            told = {"playlist": playlist, "position": answer["position"], "track": body["track_id"]}
            if playlist > 12 and rng.random() < 0.6:
                mine.append((playlist, answer["position"]))
        elif status == 200 and kind == "remove":
            told = {"playlist": playlist, "position": position, "removed": answer["removed"]}
        note({"kind": kind, "status": status, "at": began, "wait": time.time() - began, **told, **({} if status == 200 else {"answer": answer})})
    connection.close()


def run(arguments):
    lock, until = threading.Lock(), pathlib.Path(arguments.until)
    with open(arguments.log, "a", buffering=1, encoding="utf-8") as out:
        def note(event):
            with lock:
                out.write(json.dumps(event) + "\n")

        threads = [threading.Thread(target=client, args=(arguments.port, n, until, note)) for n in range(arguments.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def faults(events, rows):
    """`rows`: (playlist, position) → track, and the ids of tracks, as a database has them. Positions are taken again after the last was removed."""
    positions, tracks = rows
    last = {}
    for event in events:
        if event["kind"] in ("append", "remove") and event["status"] == 200:
            last[event["playlist"], event["position"]] = event
    for (playlist, position), event in last.items():
        there = positions.get((playlist, position))
        if event["kind"] == "append" and there != event["track"]:
            yield f"track {event['track']} at {position} of playlist {playlist} is {there}"
        if event["kind"] == "remove" and there is not None:
            yield f"{position} of playlist {playlist} was removed, and is there"
    ids = [event["id"] for event in events if event["kind"] == "new" and event["status"] == 200]
    for number, times in collections.Counter(ids).items():
        if times > 1:
            yield f"track id {number} was given {times} times"
        if number not in tracks:
            yield f"track {number} is gone"


def read(query):
    return ({(playlist, position): track for playlist, position, track in query("SELECT playlist_id, position, track_id FROM playlist_tracks")},
            {number for number, in query("SELECT id FROM tracks")})


def check(arguments):
    events = sorted((json.loads(line) for line in open(arguments.log, encoding="utf-8")), key=lambda event: event["at"] + event["wait"])
    failed = [event for event in events if event["status"] != 200]
    waits = sorted(event["wait"] for event in events)
    print(f"{len(events)} requests, {len(failed)} failed; median {waits[len(waits) // 2] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms")
    for line in open(arguments.windows, encoding="utf-8") if arguments.windows else ():
        name, began, ended = line.rsplit(" ", 2)
        inside = [event for event in events if event["at"] < float(ended) and event["at"] + event["wait"] > float(began)]
        longest = max((event["wait"] for event in inside), default=0)
        print(f"  while {name}: {len(inside)} requests, the longest waited {longest * 1000:.0f} ms")
    found = [f"failed: {event}" for event in failed[:5]]
    with psycopg2.connect(arguments.postgres) as connection, connection.cursor() as cursor:
        def there(sql):
            cursor.execute(sql)
            return cursor.fetchall()

        sides = {"PostgreSQL": read(there)}
    if arguments.sqlite:
        sides["SQLite"] = read(sqlite3.connect(f"file:{arguments.sqlite}?mode=ro", uri=True).execute)
    for side, rows in sides.items():
        found += [f"{side}: {fault}" for fault in faults(events, rows)]
    if len(sides) == 2 and sides["SQLite"] != sides["PostgreSQL"]:
        found.append("the two databases differ")
    print("\n".join(found[:10]) if found else f"what was answered is in {' and in '.join(sides)}")
    return 3 if found else 0


def main():
    parser = argparse.ArgumentParser()
    verbs = parser.add_subparsers(dest="verb", required=True)
    running = verbs.add_parser("run")
    running.add_argument("port", type=int)
    running.add_argument("--log", required=True)
    running.add_argument("--until", required=True)
    running.add_argument("--clients", type=int, default=8)
    checking = verbs.add_parser("check")
    checking.add_argument("--log", required=True)
    checking.add_argument("--sqlite")
    checking.add_argument("--postgres", required=True)
    checking.add_argument("--windows")
    arguments = parser.parse_args()
    sys.exit(run(arguments) if arguments.verb == "run" else check(arguments))


if __name__ == "__main__":
    main()
