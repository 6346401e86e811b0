"""Interleavings of sessions, run the same way on any server, and the anomalies that they would show."""
import collections
import queue
import threading
import time

import psycopg2

LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
TABLE = "test"
PATIENCE = 30  # seconds; a bound for a wedged run


class Worker:
    """One session that runs its steps in order on a thread of its own: a step may wait for another session."""

    def __init__(self, connection):
        self.connection = connection
        connection.autocommit = True
        self.pid = connection.info.backend_pid
        self.steps, self.results, self.busy = queue.Queue(), {}, 0
        self.done = threading.Condition()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while (step := self.steps.get()) is not None:
            sql, label = step
            try:
                cursor = self.connection.cursor()
                cursor.execute(sql(self.results) if callable(sql) else sql)
                result = cursor.fetchall() if cursor.description else cursor.statusmessage
            except psycopg2.Error as error:
                result = error.pgcode
                self.results.setdefault("error", error.pgcode)
            if label:
                self.results[label] = result
            with self.done:
                self.busy -= 1
                self.done.notify_all()

    def submit(self, sql, label=None):
        with self.done:
            self.busy += 1
        self.steps.put((sql, label))

    def settle(self, waits):
        """Until all steps are done, or the server says that this session waits for another."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.done:
                if self.done.wait_for(lambda: self.busy == 0, 0.01):
                    return
            if waits(self.pid):
                return
        raise TimeoutError("a step neither ended nor waited")

    def finish(self):
        with self.done:
            assert self.done.wait_for(lambda: self.busy == 0, PATIENCE), "a session waits for ever"
        self.steps.put(None)
        self.thread.join()
        self.connection.close()


class Sessions:
    """`connect` gives a psycopg2 connection; `waits(pid)` says whether that session waits for a lock."""

    def __init__(self, connect, waits):
        self.connect, self.waits, self.workers = connect, waits, {}

    def step(self, name, sql, label=None):
        if name not in self.workers:
            self.workers[name] = Worker(self.connect())
        self.workers[name].submit(sql, label)
        for worker in self.workers.values():
            worker.settle(self.waits)

    def finish(self):
        for worker in self.workers.values():
            worker.finish()
        return {name: worker.results for name, worker in self.workers.items()}


Anomaly = collections.namedtuple("Anomaly", "name steps happened")


def committed(results, *names):
    return all(results[name].get("commit") == "COMMIT" and "error" not in results[name] for name in names)


def value(key):
    return f"SELECT value FROM test WHERE id = {key}"


def put(key, number):
    return f"UPDATE test SET value = {number} WHERE id = {key}"


BOTH = "SELECT value FROM test WHERE id < 3 ORDER BY id"
THIRDS = "SELECT count(*) FROM test WHERE value % 3 = 0"
END = ("COMMIT", "commit")


def steps(*written):
    """("A", sql) or ("A", sql, label)"""
    return [(step + (None,))[:3] for step in written]


# The rows are (1, 10), (2, 20). `happened` gets what each session read, by label, and the rows at the end.
ANOMALIES = (
    Anomaly("dirty write", steps(("A", put(1, 11)), ("B", put(1, 12)), ("A", put(2, 21)), ("A", *END), ("B", put(2, 22)), ("B", *END)),
            lambda r, rows: (rows[1], rows[2]) not in ((11, 21), (12, 22))),
    Anomaly("dirty read", steps(("A", put(1, 101)), ("B", value(1), "seen"), ("A", "ROLLBACK"), ("B", *END)),
            lambda r, rows: r["B"]["seen"] == [(101,)]),
    Anomaly("intermediate read", steps(("A", put(1, 101)), ("B", value(1), "seen"), ("A", put(1, 11)), ("A", *END), ("B", *END)),
            lambda r, rows: r["B"]["seen"] == [(101,)]),
    Anomaly("circular information flow",
            steps(("A", put(1, 11)), ("B", put(2, 22)), ("A", value(2), "seen"), ("B", value(1), "seen"), ("A", *END), ("B", *END)),
            lambda r, rows: r["A"]["seen"] == [(22,)] and r["B"]["seen"] == [(11,)]),
    Anomaly("non-repeatable read", steps(("A", value(1), "first"), ("B", put(1, 12)), ("B", *END), ("A", value(1), "second"), ("A", *END)),
            lambda r, rows: r["A"]["first"] != r["A"]["second"]),
    Anomaly("phantom", steps(("A", THIRDS, "first"), ("B", "INSERT INTO test VALUES (3, 30)"), ("B", *END), ("A", THIRDS, "second"),
                             ("A", *END)),
            lambda r, rows: r["A"]["first"] != r["A"]["second"]),
    Anomaly("read skew", steps(("A", value(1), "first"), ("B", put(1, 12)), ("B", put(2, 18)), ("B", *END), ("A", value(2), "second"),
                               ("A", *END)),
            lambda r, rows: r["A"]["first"][0][0] + r["A"]["second"][0][0] != 30),
    Anomaly("lost update", steps(("A", value(1)), ("B", value(1)), ("A", put(1, 11)), ("B", put(1, 11)), ("A", *END), ("B", *END)),
            lambda r, rows: committed(r, "A", "B")),
    Anomaly("lost update in one statement",
            steps(("A", put(1, "value + 1")), ("B", put(1, "value + 1")), ("A", *END), ("B", *END)),
            lambda r, rows: committed(r, "A", "B") and rows[1] != 12),
    Anomaly("lost update under FOR UPDATE",
            steps(("A", value(1) + " FOR UPDATE", "seen"), ("B", value(1) + " FOR UPDATE", "seen"),
                  ("A", lambda r: put(1, r["seen"][0][0] + 1)), ("A", *END),
                  ("B", lambda r: put(1, r["seen"][0][0] + 1) if r["seen"] != "40001" else "SELECT 1"), ("B", *END)),
            lambda r, rows: committed(r, "A", "B") and rows[1] != 12),
    Anomaly("write skew", steps(("A", BOTH), ("B", BOTH), ("A", put(1, 11)), ("B", put(2, 21)), ("A", *END), ("B", *END)),
            lambda r, rows: committed(r, "A", "B")),
    Anomaly("write skew through a predicate",
            steps(("A", THIRDS), ("B", THIRDS), ("A", "INSERT INTO test VALUES (3, 30)"), ("B", "INSERT INTO test VALUES (4, 42)"),
                  ("A", *END), ("B", *END)),
            lambda r, rows: committed(r, "A", "B")),
    Anomaly("read-only anomaly",
            steps(("A", BOTH), ("B", value(2)), ("B", put(2, 40)), ("B", *END), ("C", BOTH, "seen"), ("C", *END), ("A", put(1, -1)),
                  ("A", *END)),
            lambda r, rows: committed(r, "A", "B", "C") and r["C"]["seen"] == [(10,), (40,)] and rows[1] == -1),
)


def outcome(anomaly, level, connect, waits):
    """("allowed" or "prevented", the SQLSTATEs that sessions met)."""
    setup = connect()
    setup.autocommit = True
    cursor = setup.cursor()
    cursor.execute("DROP TABLE IF EXISTS test")
    cursor.execute("CREATE TABLE test (id INT PRIMARY KEY, value INT)")
    cursor.execute("INSERT INTO test VALUES (1, 10), (2, 20)")
    sessions = Sessions(connect, waits)
    for name in sorted({step[0] for step in anomaly.steps}):
        sessions.step(name, f"BEGIN ISOLATION LEVEL {level}")
    for name, sql, label in anomaly.steps:
        sessions.step(name, sql, label)
    results = sessions.finish()
    cursor.execute("SELECT id, value FROM test")
    rows = dict(cursor.fetchall())
    setup.close()
    errors = sorted({result["error"] for result in results.values() if "error" in result})
    return "allowed" if anomaly.happened(results, rows) else "prevented", errors
