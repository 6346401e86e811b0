"""A load on Chinook through Crossfade, and a checker that uses neither Crossfade nor its code.

Each worker writes down what was acknowledged and what is in doubt (the connection broke before the answer). Afterwards an
acknowledged sale is there once with all its lines, a refunded one is gone, a track was played exactly as often as was
acknowledged (at most the doubtful ones more), and both databases hold the same.
"""
import collections
import datetime
import decimal
import json
import multiprocessing
import random
import sqlite3
import time

import psycopg2

TRACKS = 3503


def run_worker(url, number, workers, log, stop, seed):
    rng = random.Random(f"{seed}/{number}")
    mine = [track for track in range(1, TRACKS + 1) if track % workers == number]
    connection, count, sales = None, 0, []
    with open(log, "a", buffering=1, encoding="utf-8") as out:
        def note(kind, outcome, **fields):
            out.write(json.dumps({"kind": kind, "outcome": outcome, **fields}) + "\n")

        while not stop.is_set():
            if connection is None or connection.closed:
                try:
                    connection = psycopg2.connect(url, connect_timeout=5)
                except psycopg2.OperationalError:
                    time.sleep(0.05)
                    continue
            kind = rng.choices(["sale", "play", "refund", "read"], [4, 3, 1, 4])[0]
            if kind == "refund" and not sales:
                continue
            count += 1
            fields, committing = {}, False
            began = time.time()
            try:
                cursor = connection.cursor()
                if kind == "sale":
                    token, lines = f"{seed}-{number}-{count}", rng.randint(1, 3)
                    fields = {"token": token, "lines": lines}
                    cursor.execute(
                        "INSERT INTO invoice (customerid, invoicedate, billingaddress, total) VALUES (%s, %s, %s, %s)"
                        " RETURNING invoiceid",
                        (rng.randint(1, 59), datetime.datetime(2026, 11, 23, 12, 0, 0), token, decimal.Decimal("0.99") * lines))
                    fields["id"] = cursor.fetchone()[0]
                    for _ in range(lines):
                        cursor.execute("INSERT INTO invoiceline (invoiceid, trackid, unitprice, quantity) VALUES (%s, %s, %s, %s)",
                                       (fields["id"], rng.choice(mine), decimal.Decimal("0.99"), 1))
                elif kind == "play":
                    fields = {"track": rng.choice(mine)}
                    cursor.execute("UPDATE track SET milliseconds = milliseconds + 1 WHERE trackid = %s", (fields["track"],))
                    assert cursor.rowcount == 1, cursor.rowcount
                elif kind == "refund":
                    fields = sales.pop(rng.randrange(len(sales)))
                    cursor.execute("DELETE FROM invoiceline WHERE invoiceid = %s", (fields["id"],))
                    cursor.execute("DELETE FROM invoice WHERE invoiceid = %s", (fields["id"],))
                    assert cursor.rowcount == 1, cursor.rowcount
                else:
                    cursor.execute(
                        "SELECT i.invoiceid, i.invoicedate, i.total, count(*) AS lines, sum(l.unitprice * l.quantity) AS amount"
                        " FROM invoice i JOIN invoiceline l ON l.invoiceid = i.invoiceid WHERE i.customerid = %s"
                        " GROUP BY i.invoiceid, i.invoicedate, i.total ORDER BY i.invoicedate DESC, i.invoiceid LIMIT 20",
                        (rng.randint(1, 59),))
                    for _, _, total, _, amount in cursor.fetchall():
                        assert total == amount, (total, amount)
                committing = True
                connection.commit()
                note(kind, "acknowledged", wait=time.time() - began, **fields)
                if kind == "sale":
                    sales.append(fields)
            except (psycopg2.OperationalError, psycopg2.InterfaceError, psycopg2.DatabaseError) as error:
                # An answer with an SQLSTATE other than a lost connection's is a refusal: nothing happened.
                state = getattr(error, "pgcode", None)
                lost = connection.closed or state is None
                note(kind, "doubt" if lost and committing else "failed", error=f"{state} {error}", **fields)
                if kind == "refund" and not (lost and committing):
                    sales.append(fields)
                if lost:
                    connection = None
                else:
                    connection.rollback()
            except AssertionError as error:
                note(kind, "wrong", error=repr(error), **fields)
                connection.rollback()
            time.sleep(rng.random() * 0.004)


class Load:
    def __init__(self, url, folder, workers=4, seed=1):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        context = multiprocessing.get_context("fork")
        self.stop_event = context.Event()
        self.processes = [context.Process(target=run_worker, daemon=True,
                                          args=(url, n, workers, folder / f"worker-{n}.jsonl", self.stop_event, seed))
                          for n in range(workers)]

    def __enter__(self):
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *_):
        self.stop_event.set()
        for process in self.processes:
            process.join(60)
            if process.is_alive():
                process.kill()
                raise RuntimeError("a client hangs: it got no answer within 60 s")

    def events(self):
        for path in sorted(self.folder.glob("worker-*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                yield json.loads(line)


QUERIES = {
    "invoices": "SELECT invoiceid, billingaddress FROM invoice WHERE billingaddress LIKE %s",
    "lines": "SELECT invoiceid, count(*) FROM invoiceline GROUP BY invoiceid",
    "plays": "SELECT trackid, milliseconds FROM track",
}


def sides(sqlite_file, conninfo):
    """(name, query function) of both databases, read directly."""
    database = sqlite3.connect(f"file:{sqlite_file}?mode=ro", uri=True)
    connection = psycopg2.connect(conninfo)

    def in_postgres(sql, *arguments):
        with connection.cursor() as cursor:
            cursor.execute(sql, arguments or None)
            return cursor.fetchall()

    return [("SQLite", lambda sql, *arguments: database.execute(sql.replace("%s", "?"), arguments).fetchall()),
            ("PostgreSQL", in_postgres)]


def faults(events, original, sqlite_file, conninfo, seed=1):
    """Every way in which the databases contradict what clients were told. `original`: the file before the load."""
    events = list(events)
    sales = {e["token"]: e for e in events if e["kind"] == "sale" and e["outcome"] == "acknowledged"}
    doubtful = {e["token"] for e in events if e["kind"] == "sale" and e["outcome"] == "doubt"}
    refunded = {e["token"] for e in events if e["kind"] == "refund" and e["outcome"] == "acknowledged"}
    maybe_refunded = {e["token"] for e in events if e["kind"] == "refund" and e["outcome"] == "doubt"}
    plays = collections.Counter(e["track"] for e in events if e["kind"] == "play" and e["outcome"] == "acknowledged")
    maybe_played = collections.Counter(e["track"] for e in events if e["kind"] == "play" and e["outcome"] == "doubt")
    before = dict(sqlite3.connect(original).execute("SELECT TrackId, Milliseconds FROM Track").fetchall())
    found = [f"wrong answer: {e}" for e in events if e["outcome"] == "wrong"]
    for name, query in sides(sqlite_file, conninfo):
        invoices = collections.defaultdict(list)
        for invoice, token in query(QUERIES["invoices"], f"{seed}-%"):
            invoices[token].append(invoice)
        lines = dict(query(QUERIES["lines"]))
        for token, sale in sales.items():
            there = invoices.get(token, [])
            if token in refunded and there:
                found.append(f"{name}: refunded sale {token} is back")
            elif token not in refunded and token not in maybe_refunded and there != [sale["id"]]:
                found.append(f"{name}: sale {token} acknowledged as {sale['id']} is {there}")
        for token, there in invoices.items():
            if len(there) > 1:
                found.append(f"{name}: sale {token} is there {len(there)} times")
            if token not in sales and token not in doubtful:
                found.append(f"{name}: sale {token} was never committed")
            if token in sales and lines.get(there[0]) != sales[token]["lines"]:
                found.append(f"{name}: sale {token} has {lines.get(there[0])} lines, not {sales[token]['lines']}")
        for track, milliseconds in query(QUERIES["plays"]):
            extra = milliseconds - before[track] - plays[track]
            if not 0 <= extra <= maybe_played[track]:
                found.append(f"{name}: track {track} counts {extra:+d} plays against what was acknowledged")
    return found + differences(sqlite_file, conninfo)


def differences(sqlite_file, conninfo):
    """Tables whose rows are not the same on both sides, values brought to one form."""
    def plain(value):
        if isinstance(value, datetime.datetime):
            return value.isoformat(" ")
        if isinstance(value, (float, decimal.Decimal)):
            return decimal.Decimal(str(value)).normalize()
        return value

    (_, in_sqlite), (_, in_postgres) = sides(sqlite_file, conninfo)
    found = []
    tables = [row[0] for row in in_sqlite("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'"
                                          " AND name NOT LIKE 'crossfade%%'")]
    for table in tables:
        columns = [row[1] for row in in_sqlite(f"PRAGMA table_info([{table}])")]
        left = collections.Counter(tuple(map(plain, row)) for row in in_sqlite(
            f"SELECT {', '.join(f'[{c}]' for c in columns)} FROM [{table}]"))
        right = collections.Counter(tuple(map(plain, row)) for row in in_postgres(
            f"SELECT {', '.join(c.lower() for c in columns)} FROM {table.lower()}"))
        if left != right:
            found.append(f"{table}: only SQLite {list((left - right))[:3]}, only PostgreSQL {list((right - left))[:3]}")
    return found
