"""Load through a gate while PostgreSQL is restarted, cut off and delayed: every acknowledged write is there once, every error that a client
hears has an SQLSTATE, and descriptors and memory come back to where they were.

CROSSFADE_CHAOS_SECONDS (12): how long; CROSSFADE_SEED: which misfortunes in which order."""
import os
import pathlib
import random
import threading
import time

import pytest

from raw import SYNC, RawClient, bind, execute, parse, query, startup
from servers import Postgres, optimised_binary, wait_until
from test_pool import descriptors

SECONDS = float(os.environ.get("CROSSFADE_CHAOS_SECONDS", "12"))
SEED = int(os.environ.get("CROSSFADE_SEED", "1"))
WRITERS = 8


def resident(proxy):
    for line in pathlib.Path(f"/proc/{proxy.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise KeyError("VmRSS")


class Writer(threading.Thread):
    """Writes (its number, 1), (its number, 2) …: each once, never again; notes which were acknowledged and what it heard otherwise."""

    def __init__(self, proxy, number, stop):
        super().__init__()
        self.proxy, self.number, self.stop = proxy, number, stop
        self.random = random.Random(SEED * 1000 + number)
        self.next, self.acknowledged, self.states, self.amiss = 0, [], {}, []

    def rows(self, count):
        self.next += count
        return list(range(self.next - count + 1, self.next + 1))

    def simple(self, rows):
        values = ", ".join(f"({self.number}, {row})" for row in rows)
        return [query(f"INSERT INTO log VALUES {values}")], 1

    def block(self, rows):
        return [query("BEGIN"), *[query(f"INSERT INTO log VALUES ({self.number}, {row})") for row in rows], query("COMMIT")], len(rows) + 2

    def prepared(self, rows):
        steps = [parse("", "INSERT INTO log SELECT $1, $2", (23, 23)) if self.random.random() < 0.3 else parse("", "INSERT INTO log VALUES ($1, $2)", (23, 23))]
        for row in rows:
            steps += [bind("", "", (str(self.number).encode(), str(row).encode())), execute()]
        return [*steps, SYNC], 1

    def run(self):
        while not self.stop.is_set():
            try:
                client = RawClient("127.0.0.1", self.proxy.port)
            except OSError as failure:
                self.amiss.append(f"the proxy's own port: {failure}")
                return
            client.socket.settimeout(60)
            try:
                self.session(client)
            except TimeoutError:
                self.amiss.append("no answer within 60 s")
            finally:
                client.close()

    def heard(self, lines):
        """true: the connection goes on. What ends it must have said an SQLSTATE."""
        errors = [line.split() for line in lines if line.startswith("E ")]
        for words in errors:
            self.states[words[2]] = self.states.get(words[2], 0) + 1
            if len(words[2]) != 5 or not words[2].isalnum() or words[2] == "XX000":
                self.amiss.append(" ".join(words))
        if lines and lines[-1] == "EOF":
            if not errors or errors[-1][1] != "FATAL":
                self.amiss.append(f"the connection ended without a word: {lines}")
            return False
        return True

    def session(self, client):
        client.send(startup(f"writer{self.number % 3}", "postgres"))
        if not self.heard(client.until_ready()):
            time.sleep(0.05)
            return
        for _ in range(self.random.randint(1, 60)):
            if self.stop.is_set():
                return
            rows = self.rows(self.random.randint(1, 3))
            steps, readies = self.random.choice((self.simple, self.block, self.prepared))(rows)
            try:
                client.send(*steps)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it was told already: what it said is read
            lines = client.until_ready(readies)
            alive = self.heard(lines)
            done = alive and not any(line.startswith("E ") for line in lines) and lines[-1] == "Z I" and "C ROLLBACK" not in lines
            if done:
                self.acknowledged += rows
            if not alive:
                return
            if lines[-1] != "Z I":
                client.send(query("ROLLBACK"))
                if not self.heard(client.until_ready()):
                    return


def misfortunes(proxy, way, server, stop):
    chance = random.Random(SEED)
    counts = {}
    while not stop.wait(chance.uniform(0.2, 1.0)):
        kind = chance.choice(("cut", "cut", "refuse", "delay", "terminate", "restart", "crash", "reload", "pause"))
        counts[kind] = counts.get(kind, 0) + 1
        if kind == "cut":
            way.cut()
        elif kind == "refuse":
            way.refuse()
            stop.wait(chance.uniform(0.1, 1.0))
            way.refuse(False)
        elif kind == "delay":
            way.delay = chance.uniform(0.01, 0.2)
            stop.wait(1)
            way.delay = 0.0
        elif kind == "terminate":
            connection = server.connect()
            connection.cursor().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
            connection.close()
        elif kind in ("restart", "crash"):
            server.down("fast" if kind == "restart" else "immediate")
            stop.wait(chance.uniform(0, 1.5))
            server.up()
        elif kind == "reload":
            proxy.console("RELOAD")
        elif kind == "pause":
            try:
                proxy.console("PAUSE")
            except Exception:  # noqa: BLE001 55006: a transaction did not end meanwhile
                pass
            proxy.console("RESUME")
    return counts


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_no_acknowledged_write_is_lost_or_doubled_and_every_error_has_its_sqlstate(crossfade, gate, mode):
    server = Postgres.start(["fsync = on", "synchronous_commit = on"])
    try:
        connection = server.connect()
        connection.cursor().execute("CREATE TABLE log (writer int, n int)")
        connection.close()
        way = gate("127.0.0.1", server.port)
        proxy = crossfade(postgres=f"host=127.0.0.1 port={way.port} user=postgres connect_timeout=5", binary=optimised_binary(),
                          settings={"pool": [f'mode = "{mode}"', "max_connections = 6", 'acquire_timeout = "5s"', 'check_interval = "1s"'],
                                    "postgres": ['connect_timeout = "3s"']})
        load(proxy, 3, lambda stop: stop.wait(3))  # what is made once is made
        wait_until(lambda: quiet(proxy), 30, "the end of the first load")
        before = descriptors(proxy), resident(proxy)
        counts = {}
        writers = load(proxy, SECONDS, lambda stop: counts.update(misfortunes(proxy, way, server, stop)))
        amiss = [each for writer in writers for each in writer.amiss]
        states = {}
        for writer in writers:
            for state, count in writer.states.items():
                states[state] = states.get(state, 0) + count
        acknowledged = {(writer.number, row) for writer in writers for row in writer.acknowledged}
        connection = server.connect()
        cursor = connection.cursor()
        cursor.execute("SELECT writer, n, count(*) FROM log GROUP BY 1, 2")
        there = {(writer, row): count for writer, row, count in cursor.fetchall()}
        connection.close()
        print(f"{mode}: {len(acknowledged)} acknowledged, {len(there)} there; misfortunes {counts}; errors {states}")
        assert not amiss, amiss[:5]
        lost, doubled = [key for key in acknowledged if key not in there], [key for key, count in there.items() if count > 1]
        assert not lost and not doubled, (lost[:5], doubled[:5])
        assert len(acknowledged) > 100
        wait_until(lambda: quiet(proxy) and descriptors(proxy) <= before[0] + 2, 30, "the descriptors")
        grown = resident(proxy) - before[1]
        print(f"descriptors {before[0]} before, {descriptors(proxy)} after; memory grown by {grown / 1e6:.1f} MB")
        assert grown < 8e6
    finally:
        server.stop()


def quiet(proxy):
    return not [client for client in proxy.console("SHOW CLIENTS") if client["side"] == "postgres"]


def load(proxy, seconds, meanwhile):
    """Writers for so long, and what happens to them. Numbers go on from call to call: no row is written twice."""
    load.number = getattr(load, "number", 0) + WRITERS
    stop = threading.Event()
    writers = [Writer(proxy, load.number + index, stop) for index in range(WRITERS)]
    for writer in writers:
        writer.start()
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    meanwhile(stop)
    timer.join()
    for writer in writers:
        writer.join(120)
    return writers
