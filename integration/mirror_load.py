"""The workloads that break naive dual writing, run by threads through Crossfade, and a checker that reads both databases directly.

hot: a few rows that everybody adds to. item: autoincrement ids. transfer: two accounts, the sum stays. ticket: max + 1.
A write is acknowledged (its answer came), refused (an SQLSTATE came: nothing happened) or in doubt (the connection broke).
"""
import collections
import random
import sqlite3
import threading
import time

import psycopg2

SCHEMA = """
CREATE TABLE hot(id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE item(id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE);
CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
CREATE TABLE transfer(token TEXT PRIMARY KEY NOT NULL, source INTEGER NOT NULL REFERENCES account, target INTEGER NOT NULL REFERENCES account,
                      amount INTEGER NOT NULL);
CREATE TABLE ticket(number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE);
CREATE TABLE direct(id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, n INTEGER NOT NULL);
"""
TABLES = ("hot", "item", "account", "transfer", "ticket", "direct")
HOT, ACCOUNTS, START = 4, 10, 1_000
KINDS = ("hot", "item", "transfer", "ticket")
# Concurrency that PostgreSQL itself refuses; the application tries again.
RETRIED = {"23505": "ticket", "40P01": "transfer", "40001": ""}
# A switch or PostgreSQL's end: refused, nothing happened.
AWAY = ("57P01", "57P02", "57P03", "08006", "08003", "08001", "53300")


def make_file(path, rows=200):
    """`rows`: items that are there before; more make the copy longer."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=wal")
    connection.executescript(SCHEMA)
    connection.executemany("INSERT INTO hot VALUES (?, 0)", [(n,) for n in range(1, HOT + 1)])
    connection.executemany("INSERT INTO account VALUES (?, ?)", [(n, START) for n in range(1, ACCOUNTS + 1)])
    connection.executemany("INSERT INTO item(token) VALUES (?)", [(f"seed-{n}",) for n in range(rows)])
    connection.executemany("INSERT INTO transfer VALUES (?, 1, 2, 0)", [("seed",)])
    connection.executemany("INSERT INTO ticket VALUES (?, ?)", [(1, "seed")])
    connection.executemany("INSERT INTO direct(token, n) VALUES (?, ?)", [("seed", 0)])
    connection.commit()
    connection.close()
    return path


class Workload:
    """`clients` threads on `url`. `acknowledged`: (kind, token or row, id) once each; `errors`: answers that no application expects."""

    def __init__(self, url, clients, seed=1, pause=0.002):
        self.url, self.seed, self.pause = url, seed, pause
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.acknowledged, self.doubtful, self.errors = [], [], []
        self.refused = collections.Counter()
        self.longest = 0.0
        self.threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(90)
        hanging = sum(thread.is_alive() for thread in self.threads)
        if hanging:
            raise RuntimeError(f"{hanging} clients hang: no answer within 90 s")

    def count(self):
        with self.lock:
            return len(self.acknowledged)

    def _connect(self):
        while not self.ending.is_set():
            try:
                connection = psycopg2.connect(self.url, connect_timeout=10)
                connection.autocommit = True
                return connection
            except psycopg2.OperationalError:
                time.sleep(0.05)
        return None

    def _run(self, number):
        rng, n, connection = random.Random(f"{self.seed}/{number}"), 0, None
        while not self.ending.is_set():
            if connection is None or connection.closed:
                connection = self._connect()
                continue
            n += 1
            kind, token = rng.choice(KINDS), f"{self.seed}-{number}-{n}"
            began, what = time.monotonic(), None
            try:
                what = [kind, rng.randint(1, HOT) if kind == "hot" else token, None]
                with connection.cursor() as cursor:
                    what[2] = getattr(self, "_" + kind)(cursor, what[1], rng)
                with self.lock:
                    self.acknowledged.append(tuple(what))
                    self.longest = max(self.longest, time.monotonic() - began)
            except psycopg2.Error as error:
                self._failed(connection, what, error)
                if connection.closed:
                    connection = None
                else:
                    self._roll_back(connection)
            if self.pause:
                time.sleep(rng.random() * self.pause)
        if connection:
            connection.close()

    def _failed(self, connection, what, error):
        state = error.pgcode
        with self.lock:
            if state is None or (connection.closed and state not in AWAY):
                self.doubtful.append(tuple(what))
            elif RETRIED.get(state) in (what[0], ""):
                self.refused[state] += 1
            elif state in AWAY:
                # The answer may be that of a COMMIT whose outcome is not known.
                self.doubtful.append(tuple(what))
                self.refused[state] += 1
            else:
                self.errors.append(f"{what[0]}: {state} {error}".strip())

    @staticmethod
    def _roll_back(connection):
        try:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        except psycopg2.Error:
            connection.close()

    @staticmethod
    def _hot(cursor, row, _):
        cursor.execute("UPDATE hot SET n = n + 1 WHERE id = %s RETURNING n", (row,))
        return cursor.fetchone()[0]

    @staticmethod
    def _item(cursor, token, _):
        cursor.execute("INSERT INTO item (token) VALUES (%s) RETURNING id", (token,))
        return cursor.fetchone()[0]

    @staticmethod
    def _transfer(cursor, token, rng):
        source, target = rng.sample(range(1, ACCOUNTS + 1), 2)
        amount = rng.randint(1, 9)
        cursor.execute("BEGIN")
        cursor.execute("INSERT INTO transfer VALUES (%s, %s, %s, %s)", (token, source, target, amount))
        for account in sorted((source, target)):  # in one order: in PostgreSQL two that cross would wait deadlock_timeout
            change = amount if account == target else -amount
            cursor.execute("UPDATE account SET balance = balance + %s WHERE id = %s", (change, account))
        cursor.execute("COMMIT")

    @staticmethod
    def _ticket(cursor, token, _):
        cursor.execute("INSERT INTO ticket (number, token) SELECT max(number) + 1, %s FROM ticket RETURNING number", (token,))
        return cursor.fetchone()[0]


class Bypass:
    """A process that knows nothing of Crossfade and writes the file. `accepted`: tokens whose COMMIT returned; `refused`: by the guard."""

    def __init__(self, path, pause=0.005):
        self.path, self.pause = path, pause
        self.accepted, self.errors, self.refused = [], [], 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join(60)

    def _run(self):
        connection, n = sqlite3.connect(self.path, isolation_level=None, timeout=30), 0
        while not self.ending.is_set():
            n += 1
            token = f"direct-{n}"
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO direct(token, n) VALUES (?, ?)", (token, n))
                connection.execute("UPDATE direct SET n = n + 1 WHERE id = 1")
                if n % 3 == 0:
                    connection.execute("INSERT OR REPLACE INTO direct(id, token, n) VALUES (2, ?, ?)", (f"replaced-{n}", n))
                connection.execute("COMMIT")
                self.accepted.append(token)
            except sqlite3.Error as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if "handed over" in str(error):
                    self.refused += 1
                elif "locked" not in str(error):
                    self.errors.append(str(error))
            time.sleep(self.pause)
        connection.close()


def both_sides(path, conninfo):
    """The rows of all tables, read by each database's own driver: {table: rows of the file}, {table: rows of PostgreSQL}."""
    here = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    there = psycopg2.connect(conninfo, options="-c idle_in_transaction_session_timeout=0 -c statement_timeout=0")
    file = {table: sorted(here.execute(f"SELECT * FROM {table}")) for table in TABLES}
    target = {}
    with there.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            target[table] = sorted(cursor.fetchall())
    here.close()
    there.close()
    return file, target


def faults(path, conninfo, loads, bypass=None):
    """Every way in which the databases contradict each other or what clients were told. `loads`: the Workloads of the run."""
    file, target = both_sides(path, conninfo)
    found = []
    for table in TABLES:
        left, right = collections.Counter(file[table]), collections.Counter(target[table])
        if left != right:
            found.append(f"{table}: only in the file {list((left - right).elements())[:3]}, only in PostgreSQL {list((right - left).elements())[:3]}"
                         f" ({(left - right).total()} and {(right - left).total()} rows)")
    acknowledged = [one for load in loads for one in load.acknowledged]
    doubtful = [one for load in loads for one in load.doubtful]
    found += [f"error: {error}" for load in loads for error in load.errors[:3]]
    for side, tables in (("file", file), ("PostgreSQL", target)):
        found += [f"{side}: {fault}" for fault in _contradictions(tables, acknowledged, doubtful, bypass)]
    return found


def _contradictions(tables, acknowledged, doubtful, bypass):
    hot, maybe = collections.Counter(), collections.Counter()
    for counter, events in ((hot, acknowledged), (maybe, doubtful)):
        counter.update(row for kind, row, _ in events if kind == "hot")
    for row, n in tables["hot"]:
        if not hot[row] <= n <= hot[row] + maybe[row]:
            yield f"hot row {row} counts {n}, acknowledged {hot[row]}, in doubt {maybe[row]}"
    for table, token_at, id_at in (("item", 1, 0), ("ticket", 1, 0), ("transfer", 0, None)):
        there = collections.defaultdict(list)
        for row in tables[table]:
            there[row[token_at]].append(row[id_at] if id_at is not None else None)
        known = {token for kind, token, _ in acknowledged + doubtful if kind == table}
        for kind, token, given in acknowledged:
            if kind == table and there[token] != [given]:
                yield f"{table} {token}: acknowledged as {given}, there as {there[token]}"
        for token in there:
            if token not in known and not token.startswith("seed"):
                yield f"{table} {token} was never committed"
    balances = {n: START for n in range(1, ACCOUNTS + 1)}
    for _, source, target, amount in tables["transfer"]:
        balances[source] -= amount
        balances[target] += amount
    if dict(tables["account"]) != balances:
        yield f"balances {dict(tables['account'])} are not those of the transfers {balances}"
    if bypass:
        there = collections.Counter(row[1] for row in tables["direct"])
        lost = [token for token in bypass.accepted if there[token] != 1]
        replaced = {f"direct-{n}" for n in range(1, 4)}  # id 2 is written over again and again
        if set(lost) - replaced:
            yield f"{len(lost)} rows written to the file directly are not there: {lost[:3]}"
