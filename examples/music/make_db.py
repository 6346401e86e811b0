#!/usr/bin/env python3
"""make_db.py FILE: the music application's SQLite database, as it has grown in production: artists, tracks as JSON objects, playlists."""
import json
import random
import sqlite3
import sys

SCHEMA = """
PRAGMA foreign_keys = ON;
CREATE TABLE artists (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
CREATE TABLE tracks (id INTEGER PRIMARY KEY AUTOINCREMENT, artist_id INTEGER NOT NULL REFERENCES artists (id), track JSON NOT NULL);
CREATE INDEX tracks_of_artist ON tracks (artist_id);
CREATE TABLE playlists (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE playlist_tracks (
  playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  PRIMARY KEY (playlist_id, position)
);
"""
FIRST = ["Blue", "Night", "Silver", "Paper", "Northern", "Slow", "Red", "Glass", "Late", "Green"]
SECOND = ["Train", "River", "Bells", "Garden", "Lights", "Weather", "Harbour", "Letters", "Engines", "Moon"]
TAGS = ["jazz", "folk", "live", "instrumental", "remastered", "demo"]


def track_of(rng):
    return {"title": f"{rng.choice(FIRST)} {rng.choice(SECOND)}", "seconds": rng.randint(95, 540), "tags": sorted(rng.sample(TAGS, rng.randint(0, 3)))}


def main(path):
    rng = random.Random(7)
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    artists = [f"{a} {b} {ending}" for a in FIRST for b in SECOND[:4] for ending in ("Band",)]
    connection.executemany("INSERT INTO artists (name) VALUES (?)", [(name,) for name in artists])
    connection.executemany("INSERT INTO tracks (artist_id, track) VALUES (?, ?)",
                           [(rng.randint(1, len(artists)), json.dumps(track_of(rng))) for _ in range(3_000)])
    connection.executemany("INSERT INTO playlists (name) VALUES (?)", [(f"Playlist {n}",) for n in range(1, 21)])
    connection.executemany("INSERT INTO playlist_tracks VALUES (?, ?, ?)",
                           [(playlist, position, rng.randint(1, 3_000)) for playlist in range(1, 21) for position in range(1, 16)])
    connection.commit()
    print(f"{path}: {len(artists)} artists, 3000 tracks, 20 playlists of 15 tracks")


if __name__ == "__main__":
    main(sys.argv[1])
