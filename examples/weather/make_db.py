#!/usr/bin/env python3
"""Writes the weather-history sample: the same bytes of data at every run.

make_db.py FILE [--days N]: one reading an hour for six places. Dates are ISO text, as Python's sqlite3 module writes them.
"""
import argparse
import datetime
import math
import pathlib
import sqlite3

PLACES = [
    ("Berlin", 52.52, 13.405), ("Bergen", 60.3913, 5.3221), ("Cádiz", 36.527, -6.2886),
    ("Reykjavík", 64.1466, -21.9426), ("Sapporo", 43.0618, 141.3545), ("Quito", -0.1807, -78.4678),
]
CONDITIONS = ["clear", "cloudy", "rain", "fog", "snow", "storm"]
SCHEMA = """
CREATE TABLE locations (
  id INTEGER PRIMARY KEY,
  name VARCHAR(40) NOT NULL UNIQUE,
  latitude REAL NOT NULL,
  longitude REAL NOT NULL,
  active BOOLEAN NOT NULL DEFAULT 1
);
CREATE TABLE weather_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  location VARCHAR(40) NOT NULL REFERENCES locations(name),
  timestamp DATETIME NOT NULL,
  temperature REAL NOT NULL,
  humidity INTEGER,
  conditions TEXT NOT NULL,
  reading TEXT UNIQUE
);
CREATE INDEX weather_history_recent ON weather_history(location, timestamp);
"""


def readings(days):
    """Deterministic numbers: a yearly and a daily wave, a little noise from a linear congruence."""
    start = datetime.datetime(2026, 1, 1)
    noise = 12345
    for hour in range(days * 24):
        when = start + datetime.timedelta(hours=hour)
        for index, (name, latitude, _) in enumerate(PLACES):
            noise = (noise * 1103515245 + 12345) % 2**31
            season = math.cos((when.timetuple().tm_yday - 200) / 365 * 2 * math.pi)
            day = math.cos((when.hour - 14) / 24 * 2 * math.pi)
            temperature = round(28 - abs(latitude) / 2.5 + 9 * season + 4 * day + noise % 40 / 10 - 2, 1)
            humidity = None if noise % 97 == 0 else 30 + noise % 70
            yield (name, when.isoformat(" "), temperature, humidity, CONDITIONS[(noise >> 8) % 6],
                   f"seed-{index}-{hour:05d}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--days", type=int, default=40)
    arguments = parser.parse_args()
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(f"{arguments.file}{suffix}").unlink(missing_ok=True)
    database = sqlite3.connect(arguments.file)
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO locations(name, latitude, longitude) VALUES (?, ?, ?)", PLACES)
    database.executemany(
        "INSERT INTO weather_history(location, timestamp, temperature, humidity, conditions, reading)"
        " VALUES (?, ?, ?, ?, ?, ?)", readings(arguments.days))
    database.commit()
    rows = database.execute("SELECT count(*) FROM weather_history").fetchone()[0]
    database.close()
    print(f"{arguments.file}: {len(PLACES)} locations, {rows} readings")


if __name__ == "__main__":
    main()
