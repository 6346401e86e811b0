"""Stands between a client that uses the simple protocol and a server, with a second server behind: every statement goes to both.
The client gets the first one's answer; where that is an error and the second's is none, the second's without its rows (with them
when the statement names an object of `public`), so that one refusal does not hide what comes after it. Numbers of the first server's
objects are the second's of the same names in what the second is asked. `log` has (statement, ours, theirs), an answer being
{columns, rows, tag, error}."""
import re
import socket
import struct
import threading

import psycopg2

import running  # noqa: F401  (its folder on the path)
from raw import RawClient, fields, message, query, row_description, startup

OBJECTS = """SELECT 'class', oid, relname FROM pg_class UNION ALL SELECT 'type', oid, typname FROM pg_type UNION ALL SELECT 'namespace', oid, nspname FROM pg_namespace
             UNION ALL SELECT 'role', oid, rolname FROM pg_roles UNION ALL SELECT 'constraint', oid, conrelid::regclass::text || conname FROM pg_constraint"""


def objects(at):
    """{(kind, name): number} of what has a number of its own on each server."""
    connection = psycopg2.connect(host=at["host"], port=at["port"], user="app", dbname=at["database"])
    cursor = connection.cursor()
    cursor.execute(OBJECTS)
    found = {(kind, name): number for kind, number, name in cursor.fetchall() if number >= 16384}
    connection.close()
    return found


class Tap:
    def __init__(self, ours, theirs):
        self.ours, self.theirs, self.log = ours, theirs, []
        there = objects(theirs)
        self.numbers = {str(number): str(there[name]) for name, number in objects(ours).items() if name in there}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, client):
        def exactly(count):
            data = b""
            while len(data) < count:
                part = client.recv(count - len(data))
                if not part:
                    raise EOFError
                data += part
            return data

        try:
            while True:
                length, code = struct.unpack("!II", exactly(8))
                rest = exactly(length - 8)
                if code in (80877103, 80877104):  # TLS, GSSAPI
                    client.sendall(b"N")
                    continue
                break
            first, second = (RawClient(at["host"], at["port"]) for at in (self.ours, self.theirs))
            words = rest.split(b"\0")
            parameters = {key.decode(): value.decode() for key, value in zip(words[::2], words[1::2]) if key}
            database, user = parameters.pop("database"), parameters.pop("user")
            for server, at in ((first, self.ours), (second, self.theirs)):
                server.socket.settimeout(60)
                server.send(startup(user, at["database"] if at is self.theirs else database, **parameters))
            second.until_ready()
            while True:
                kind, body = first.receive()
                client.sendall(message(kind, body))
                if kind == "Z":
                    break
            status = "I"
            while True:
                kind, length = struct.unpack("!cI", exactly(5))
                body = exactly(length - 4)
                if kind != b"Q":
                    return
                sql = body[:-1].decode()
                mapped = re.sub(r"\b\d{5,}\b", lambda found: self.numbers.get(found.group(), found.group()), sql)
                answers = [self.asked(first, sql, status), self.asked(second, mapped, status)]
                (parts, ours), (their_parts, theirs) = answers
                self.log.append((sql, ours, theirs))
                if ours["error"] and not theirs["error"]:
                    parts = [part for part in their_parts if part[0] not in "Dd" or "FROM public." in sql]
                client.sendall(b"".join(message(*part) for part in parts))
                status = parts[-1][1].decode() if parts[-1][0] == "Z" else status
        except (EOFError, OSError):
            pass
        finally:
            client.close()

    @staticmethod
    def asked(server, sql, status):
        guard = status == "T" and not sql.lstrip().upper().startswith(("COMMIT", "ROLLBACK", "END", "ABORT", "SET TRANSACTION"))
        if guard:
            server.send(query("SAVEPOINT tap"))
            server.until_ready()
        server.send(query(sql))
        parts, answer = [], {"columns": None, "rows": 0, "tag": None, "error": None}
        while True:
            kind, body = server.receive()
            parts.append((kind, body))
            if kind == "T":
                answer["columns"] = [(name, oid) for name, oid, *_ in row_description(body)]
            elif kind in "Dd":
                answer["rows"] += 1
            elif kind == "C":
                answer["tag"] = body[:-1].decode()
            elif kind == "E":
                error = fields(body)
                answer["error"] = f"{error['C']} {error['M']}"
            elif kind == "Z":
                break
        if guard:
            server.send(query("ROLLBACK TO tap" if answer["error"] else "RELEASE tap"))
            server.until_ready()
            parts[-1] = ("Z", b"T")
        return parts, answer
