"""What 18 real clients sent to PostgreSQL 15 (../shared/corpus/clients), sent again to a PostgreSQL and to a SQLite file through
Crossfade, both with fixture-common.sql: the same columns, type OIDs, rows and SQLSTATE. OIDs are compared by the names of what they
number. `corpus_clients.py [CLIENT …] [--show N]` starts servers of its own and prints `client: N same, M differ` and what differs.
"""
import collections
import json
import pathlib
import re
import struct
import sys
import tempfile

import psycopg2

import raw
from servers import ROOT, Crossfade, Postgres

CORPUS = ROOT.parent / "shared" / "corpus"
FIRST_USER_OID = 16384
RECORDED_AUTHORS = 16406  # the OID of the table authors where the statements were recorded
# Values that are another on every server or at every call: only columns and types are compared.
OWN_VALUES = re.compile(r"now\(\)|current_timestamp|clock_timestamp|random|gen_random_uuid|version\(\)|server_version|backend_pid|_size|pg_stat|inet_|"
                        r"pg_postmaster|txid|transaction_timestamp|pg_settings|nextval|system_identifier|pg_current|datcollate|pg_database|relpages|pg_locks", re.I)
# Session state and other databases: not of the catalog, and one statement alone says nothing.
OWN_CELLS = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}\b|\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+(\+00)?")
SKIPPED = re.compile(r"^\s*(begin|start|commit|rollback|savepoint|release|abort|end|deallocate|close|fetch|move|execute|listen|unlisten|copy|"
                     r"create database|drop database|vacuum|lock|declare|set|reset|show|discard|prepare)\b", re.I)
# What SQLite cannot have (its file uses SQLite's own functions only) is an ordinary column on both sides.
GENERATED = "total numeric GENERATED ALWAYS AS (price * 2) STORED", "total numeric"
NAMES = """SELECT oid::bigint, 'r:' || relname FROM pg_class WHERE oid >= 16384 AND relname !~ '^pg_toast'
UNION ALL SELECT oid::bigint, 't:' || typname FROM pg_type WHERE oid >= 16384 AND typname !~ '^_?pg_toast'
UNION ALL SELECT oid::bigint, 'k:' || conname FROM pg_constraint WHERE oid >= 16384
UNION ALL SELECT oid::bigint, 'n:' || nspname FROM pg_namespace WHERE oid >= 16384
UNION ALL SELECT d.oid::bigint, 'd:' || c.relname || '.' || a.attname FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
UNION ALL SELECT w.oid::bigint, 'w:' || c.relname FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class WHERE w.oid >= 16384
UNION ALL SELECT oid::bigint, 'b:' || datname FROM pg_database WHERE oid >= 16384"""


def statements(client):
    """The distinct statements of a client, with the values of the first Bind."""
    seen = set()
    for line in (CORPUS / "clients" / "wire" / f"{client}.jsonl").read_text().splitlines():
        entry = json.loads(line)
        key = entry.get("kind"), entry.get("sql")
        if entry.get("kind") in ("simple", "extended") and entry.get("sql", "").strip() and key not in seen and not SKIPPED.match(entry["sql"]):
            seen.add(key)
            yield entry


def clients():
    return sorted(path.stem for path in (CORPUS / "clients" / "wire").glob("*.jsonl"))


class Side:
    """One server: a raw connection that is rolled back after each statement."""

    def __init__(self, port, database, oids):
        self.port, self.database, self.oids = port, database, oids
        self.connect()
        connection = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname=database)
        cursor = connection.cursor()
        cursor.execute(NAMES)
        self.names = dict(cursor.fetchall())
        self.numbers = {name: oid for oid, name in self.names.items()}
        connection.close()

    def connect(self):
        self.client = raw.RawClient("127.0.0.1", self.port)
        self.client.socket.settimeout(120)  # a bound for a wedged run
        self.client.send(raw.startup("postgres", self.database))
        self.wait()

    def wait(self):
        messages = []
        while True:
            kind, body = self.client.receive()
            messages.append((kind, body))
            if kind == "Z":
                return messages

    def text(self, sql):
        """The statement with the recorder's OIDs as this server's."""
        def number(match):
            name = self.oids.get(int(match.group()))
            return match.group() if name is None else str(self.numbers.get(name, 99999))
        return re.sub(r"\b1[67]\d{3}\b", number, sql)

    def named(self, cell):
        """A cell with this server's OIDs as names."""
        if cell is None:
            return None
        cell = OWN_CELLS.sub("…", cell)
        return re.sub(r"\d{5,10}", lambda match: self.names.get(int(match.group()), match.group()), cell)

    def run(self, entry):
        sql = self.text(entry["sql"])
        self.client.send(raw.query("BEGIN"))
        self.wait()
        if entry["kind"] == "simple":
            self.client.send(raw.query(sql))
        else:
            values = [bytes.fromhex(value["hex"]) if isinstance(value, dict) else None if value is None else self.text(value).encode()
                      for value in entry.get("bind_values") or []]
            parts = [raw.parse("", sql, entry.get("param_oids") or []), raw.describe("S", "")]
            if entry.get("binds"):
                parts += [raw.bind("", "", values, entry.get("bind_formats") or []), raw.describe("P", ""), raw.execute()]
            self.client.send(*parts, raw.SYNC)
        answer = self.wait()
        self.client.send(raw.query("ROLLBACK"))
        self.wait()
        return self.outcome(answer)

    def outcome(self, messages):
        """(SQLSTATE or None, message, types of parameters, [columns], [rows])"""
        state, message, parameters, columns, rows = None, "", None, [], []
        for kind, body in messages:
            if kind == "E":
                fields = {part[:1]: part[1:].decode() for part in body.split(b"\0") if part}
                state, message = fields[b"C"], fields[b"M"]
            elif kind == "t":
                count = struct.unpack("!H", body[:2])[0]
                parameters = struct.unpack(f"!{count}I", body[2:])
            elif kind == "T":
                columns.append(self.columns(body))
            elif kind == "D":
                rows.append(self.row(body))
        return state, message, parameters, columns, rows

    def columns(self, body):
        found, at = [], 2
        for _ in range(struct.unpack("!H", body[:2])[0]):
            end = body.index(b"\0", at)
            type_oid, _, modifier = struct.unpack("!IhI", body[end + 7:end + 17])
            found.append((body[at:end].decode(), self.names.get(type_oid, type_oid), modifier))
            at = end + 19
        return found

    def row(self, body):
        cells, at = [], 2
        for _ in range(struct.unpack("!H", body[:2])[0]):
            length = struct.unpack("!i", body[at:at + 4])[0]
            at += 4
            cells.append(None if length < 0 else self.named(body[at:at + length].decode("utf-8", "replace")))
            at += max(length, 0)
        return tuple(cells)


def difference(entry, ours, theirs):
    """None, or what differs, in one line."""
    if ours[0] != theirs[0]:
        return f"SQLSTATE {ours[0]} {ours[1]!r}, PostgreSQL {theirs[0]} {theirs[1]!r}"
    if ours[2] != theirs[2]:
        return f"parameters {ours[2]}, PostgreSQL {theirs[2]}"
    if ours[3] != theirs[3]:
        return f"columns {[c for c in ours[3] if c not in theirs[3]]}, PostgreSQL {[c for c in theirs[3] if c not in ours[3]]}"
    if ours[0] or OWN_VALUES.search(entry["sql"]):
        return None
    mine, other = (sorted(side[4], key=repr) for side in (ours, theirs))
    if mine == other:
        return None
    extra = [row for row in mine if row not in other]
    missing = [row for row in other if row not in mine]
    return f"{len(mine)} rows, PostgreSQL {len(other)}; only ours {extra[:3]}, only PostgreSQL's {missing[:3]}"


def load(postgres, port):
    """fixture-common.sql on both; a statement that SQLite refuses is on neither. Gives the recorder's OIDs by number and the names of
    both databases."""
    text = re.sub(r"^--.*\n", "", (CORPUS / "fixture-common.sql").read_text(), flags=re.M)
    text = text.replace(*GENERATED)
    database = "fixture"
    connection = postgres.connect()
    connection.cursor().execute(f"CREATE DATABASE {database} TEMPLATE template0")
    connection.close()
    theirs = postgres.connect(database).cursor()
    connection = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="fixture")
    connection.autocommit = True
    ours = connection.cursor()
    refused = []
    for statement in filter(str.strip, text.split(";\n")):
        try:
            ours.execute(statement)
        except psycopg2.Error as error:
            refused.append(f"{statement.strip()[:60]}: {error}".strip())
            continue
        theirs.execute(statement)
    connection.close()
    wider = postgres.create_database()
    cursor = postgres.connect(wider).cursor()
    cursor.execute((CORPUS / "clients" / "fixture.sql").read_text())
    cursor.execute("SELECT 'authors'::regclass::oid::bigint")
    shift = cursor.fetchone()[0] - RECORDED_AUTHORS
    cursor.execute(NAMES)
    return {oid - shift: name for oid, name in cursor.fetchall()}, database, refused


def compare(postgres, port, only=(), show=0):
    """{client: (same, differ)} and the differences as (client, statement, what)."""
    oids, database, refused = load(postgres, port)
    for each in refused:
        print(f"on neither: {each}")
    ours, theirs = Side(port, "fixture", oids), Side(postgres.port, database, oids)
    counts, found = {}, []
    for client in only or clients():
        tally = collections.Counter()
        for entry in statements(client):
            outcomes = []
            for side in (ours, theirs):
                try:
                    outcomes.append(side.run(entry))
                except (EOFError, OSError) as error:
                    outcomes.append(("lost", repr(error), None, [], []))
                    side.connect()
            what = difference(entry, *outcomes)
            tally["differ" if what else "same"] += 1
            if what:
                found.append((client, entry["sql"], what))
        counts[client] = (tally["same"], tally["differ"])
        print(f"{client}: {tally['same']} same, {tally['differ']} differ", flush=True)
    total = [sum(column) for column in zip(*counts.values())]
    print(f"all: {total[0]} same, {total[1]} differ, {100 * total[0] / sum(total):.1f} %")
    for client, sql, what in found[:show]:
        print(f"--- {client}: {' '.join(sql.split())[:int(1500)]}\n    {what[:900]}")
    return counts, found


def main(arguments):
    show = int(arguments[arguments.index("--show") + 1]) if "--show" in arguments else 0
    only = [each for each in arguments if each in clients()]
    postgres = Postgres.start()
    with tempfile.TemporaryDirectory() as folder:
        proxy = Crossfade(folder=folder, sqlite=pathlib.Path(folder) / "fixture.db").start()
        try:
            compare(postgres, proxy.port, only, show)
        finally:
            proxy.kill()
            postgres.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
