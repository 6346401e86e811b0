#!/usr/bin/env python3
"""A small music application: four worker processes behind one port, each with a pool of psycopg2 connections. It knows nothing of Crossfade:
it has a DATABASE_URL.

app.py PORT [--workers 4]

GET  /artists/ID/tracks    GET /tracks/ID    GET /playlists/ID
POST /tracks {"artist_id": 1, "track": {…}}            → {"id": …}
POST /playlists/ID/tracks {"track_id": 1}              → {"position": …}: behind the last one
DELETE /playlists/ID/tracks/POSITION
"""
import argparse
import json
import os
import re
import signal
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from psycopg2.extras import Json
from psycopg2.pool import ThreadedConnectionPool


def artist_tracks(cursor, artist):
    cursor.execute("SELECT t.id, t.track FROM tracks t JOIN artists a ON a.id = t.artist_id WHERE a.id = %s ORDER BY t.id LIMIT 50", (artist,))
    return [{"id": number, **track} for number, track in cursor.fetchall()]


def one_track(cursor, number):
    cursor.execute("SELECT t.id, a.name, t.track FROM tracks t JOIN artists a ON a.id = t.artist_id WHERE t.id = %s", (number,))
    row = cursor.fetchone()
    return {"id": row[0], "artist": row[1], **row[2]} if row else None


def playlist(cursor, number):
    cursor.execute("SELECT p.position, p.track_id, t.track FROM playlist_tracks p JOIN tracks t ON t.id = p.track_id"
                   " WHERE p.playlist_id = %s ORDER BY p.position DESC LIMIT 30", (number,))
    return [{"position": position, "track_id": track_id, **track} for position, track_id, track in cursor.fetchall()]


def new_track(cursor, body):
    cursor.execute("INSERT INTO tracks (artist_id, track) VALUES (%s, %s) RETURNING id", (body["artist_id"], Json(body["track"])))
    return {"id": cursor.fetchone()[0]}


def append(cursor, number, body):
    cursor.execute("SELECT name FROM playlists WHERE id = %s FOR UPDATE", (number,))  # one at a time for each playlist
    cursor.execute("SELECT coalesce(max(position), 0) + 1 FROM playlist_tracks WHERE playlist_id = %s", (number,))
    position = cursor.fetchone()[0]
    cursor.execute("INSERT INTO playlist_tracks (playlist_id, position, track_id) VALUES (%s, %s, %s)", (number, position, body["track_id"]))
    return {"position": position}


def remove(cursor, number, position):
    cursor.execute("DELETE FROM playlist_tracks WHERE playlist_id = %s AND position = %s", (number, position))
    return {"removed": cursor.rowcount}


ROUTES = [
    ("GET", r"/artists/(\d+)/tracks", lambda cursor, found, _: artist_tracks(cursor, int(found[1]))),
    ("GET", r"/tracks/(\d+)", lambda cursor, found, _: one_track(cursor, int(found[1]))),
    ("GET", r"/playlists/(\d+)", lambda cursor, found, _: playlist(cursor, int(found[1]))),
    ("POST", r"/tracks", lambda cursor, _, body: new_track(cursor, body)),
    ("POST", r"/playlists/(\d+)/tracks", lambda cursor, found, body: append(cursor, int(found[1]), body)),
    ("DELETE", r"/playlists/(\d+)/tracks/(\d+)", lambda cursor, found, _: remove(cursor, int(found[1]), int(found[2]))),
]
pool = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
        for method, pattern, run in ROUTES:
            found = re.fullmatch(pattern, self.path)
            if method != self.command or not found:
                continue
            connection = pool.getconn()
            try:
                with connection, connection.cursor() as cursor:
                    result = run(cursor, found, body)
                self.send(200 if result is not None else 404, result)
            except Exception as error:  # what is wrong is the caller's to count
                self.send(500, {"error": f"{type(error).__name__}: {error}"})
            finally:
                pool.putconn(connection, close=bool(connection.closed))
            return
        self.send(404, None)

    def send(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, listening):
        super().__init__(listening.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening


def work(listening):
    global pool
    pool = ThreadedConnectionPool(1, 16, os.environ["DATABASE_URL"])
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Server(listening).serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--workers", type=int, default=4)
    arguments = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", arguments.port), backlog=128)
    workers = []
    for _ in range(arguments.workers):
        child = os.fork()
        if child == 0:
            work(listening)
            os._exit(0)
        workers.append(child)

    def stop(*_):
        for child in workers:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    for _ in workers:
        os.wait()


if __name__ == "__main__":
    main()
