"""SIGKILL of the proxy while many clients write to the file: what was acknowledged is there afterwards, once, and nothing is half there."""
import os
import random
import sqlite3
import threading
import time
from collections import Counter

import psycopg2

KILLS = int(os.environ.get("CROSSFADE_KILLS", "4"))
SEED = int(os.environ.get("CROSSFADE_SEED", "1"))
WORKERS, ACCOUNTS = 8, 20


class Worker(threading.Thread):
    """Single durable INSERTs, and transfers that write two accounts and a note in one block. Every piece of work has its own number."""

    def __init__(self, proxy, number, stop):
        super().__init__(daemon=True)
        self.proxy, self.number, self.stop = proxy, number, stop
        self.random = random.Random(SEED * 1000 + number)
        self.acknowledged, self.failed, self.doubtful = [], [], []
        self.errors = Counter()
        self.crash = None

    def run(self):
        try:
            work = 0
            connection = None
            while not self.stop.is_set():
                work += 1
                name = f"{self.number}-{work}"
                sent = False
                try:
                    if connection is None:
                        connection = psycopg2.connect(self.proxy.url(), connect_timeout=5)
                        connection.autocommit = True
                    cursor = connection.cursor()
                    if self.random.random() < 0.6:
                        sent = True
                        cursor.execute("INSERT INTO notes (name) VALUES (%s)", (name,))
                    else:
                        give, take = self.random.sample(range(1, ACCOUNTS + 1), 2)
                        cursor.execute("BEGIN")
                        cursor.execute("UPDATE accounts SET balance = balance - 1 WHERE id = %s", (give,))
                        cursor.execute("UPDATE accounts SET balance = balance + 1 WHERE id = %s", (take,))
                        cursor.execute("INSERT INTO notes (name) VALUES (%s)", (name,))
                        if self.random.random() < 0.1:
                            cursor.execute("ROLLBACK")
                            self.failed.append(name)
                            continue
                        sent = True
                        cursor.execute("COMMIT")
                    self.acknowledged.append(name)
                except psycopg2.OperationalError as error:
                    self.errors[error.pgcode or "gone"] += 1
                    (self.doubtful if sent and error.pgcode is None else self.failed).append(name)
                    connection = None
                    time.sleep(0.02)
        except BaseException as error:  # shown by the test: a thread's own traceback is easily missed
            self.crash = error


def test_killed_under_load_nothing_acknowledged_is_lost_or_doubled(tmp_path, crossfade):
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        file.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)")
        file.executemany("INSERT INTO accounts VALUES (?, 100)", [(i,) for i in range(1, ACCOUNTS + 1)])
    file.close()
    proxy = crossfade(sqlite=path)
    stop = threading.Event()
    workers = [Worker(proxy, number, stop) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    moments = random.Random(SEED)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.1, 1.2))  # a random moment, not a wait for something
        proxy.kill()
        proxy.start()
    time.sleep(0.5)
    stop.set()
    for worker in workers:
        worker.join(60)
        assert not worker.is_alive()
        assert worker.crash is None, worker.crash
    proxy.stop()

    acknowledged = [name for worker in workers for name in worker.acknowledged]
    failed = {name for worker in workers for name in worker.failed}
    doubtful = {name for worker in workers for name in worker.doubtful}
    with sqlite3.connect(path) as file:
        stored = Counter(name for (name,) in file.execute("SELECT name FROM notes"))
        total = file.execute("SELECT sum(balance) FROM accounts").fetchone()[0]
        healthy = file.execute("PRAGMA integrity_check").fetchone()[0]
    print(f"{KILLS} kills, seed {SEED}: {len(acknowledged)} acknowledged, {len(failed)} failed, {len(doubtful)} in doubt, "
          f"errors {dict(sum((worker.errors for worker in workers), Counter()))}")
    assert [name for name in acknowledged if stored[name] != 1] == []
    assert [name for name in failed if stored[name] != 0] == []
    assert [name for name, times in stored.items() if times != 1] == []
    assert total == ACCOUNTS * 100
    assert healthy == "ok"
    assert len(acknowledged) > KILLS * 10
