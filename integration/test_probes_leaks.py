"""After a thousand conversations that break off in every way the server holds the descriptors and the memory it began with."""
import contextlib
import pathlib
import socket
import struct
import time

import psycopg2
import pytest

from probing import Server, heard
from raw import FLUSH, SYNC, bind, execute, message, parse, query
from servers import Crossfade, wait_until

ROWS = "SELECT i, 'some text of a row' FROM generate_series(1, 20000) g(i)"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: the connection is reset, not ended


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaks")
    proxy = Crossfade(folder=folder, sqlite=folder / "app.db", settings={"listen": ["max_connections = 200"],
        "sqlite": ["max_readers = 2"]}).start()
    process = pathlib.Path("/proc") / str(proxy.process.pid)
    at_rest(process)  # the connection that found the port open is gone
    yield Server(proxy.port, "app", "app"), process, descriptors(process)[0]
    assert proxy.process.poll() is None, proxy.log_tail()
    proxy.stop()


def descriptors(process):
    """(sockets, everything else) that the process has open."""
    links = []
    for entry in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            links.append(str(entry.readlink()))
    sockets = sum(link.startswith("socket:") for link in links)
    return sockets, len(links) - sockets


def at_rest(process):
    """Waits until the process uses no more CPU time: it has done what it could."""
    def ticks():
        return (process / "stat").read_text().rsplit(")", 1)[1].split()[11:13]

    def quiet():
        before = ticks()
        time.sleep(0.3)
        return ticks() == before

    wait_until(quiet, 60, "rest")


def resident(process):
    """KiB."""
    return int(next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])


def breaking(server):
    """The ways to break off: (bytes after the start-up, whether something is read first, whether the connection is reset)."""
    whole = parse("s", "SELECT $1::int") + bind("c", "s", [b"7"]) + execute("c") + SYNC
    steps = [b"", query("SELECT 1")[:3], query("SELECT 1")[:-1], query("SELECT 1"), query(ROWS), whole[:11], whole[:-5] + FLUSH,
             whole, message("?"), b"Q" + struct.pack("!I", 2),
             b"Q" + struct.pack("!I", 1_000_000) + b"x" * 1000, query("BEGIN") + query("INSERT INTO leaked VALUES (1)"),
             query("BEGIN") + query("SELECT nope"),
             parse("", ROWS) + bind("c", "") + execute("c", 3) + FLUSH, query("BEGIN") + parse("", ROWS) + bind("c", "")
             + execute("c", 3) + SYNC, SYNC * 1000, parse("", "SELEC") + FLUSH]
    return [(step, reads, resets) for step in steps for reads in (False, True) for resets in (False, True)]


def break_off(server, step, reads, resets):
    client = server.session()
    if resets:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with contextlib.suppress(OSError):
        client.send(step)
    if reads and step:
        client.socket.settimeout(0.02)
        with contextlib.suppress(OSError, EOFError):
            client.receive()
    client.close()


def rounds(server, times):
    for _ in range(times):
        for way in breaking(server):
            break_off(server, *way)
        for cut in (0, 3, 8, 20):  # and start-up packets that break off
            client = server.connect()
            client.send(server.hello()[:cut])
            client.close()


def settled(process, sockets):
    """Waits until every session has gone; how many files are open then."""
    wait_until(lambda: descriptors(process)[0] == sockets, 30, f"{sockets} sockets")
    return descriptors(process)[1]


def test_a_thousand_broken_conversations_leave_nothing_behind(server):
    where, process, sockets = server
    where.session("CREATE TABLE IF NOT EXISTS leaked (a INT)").close()
    rounds(where, 2)  # caches and pools fill
    files = settled(process, sockets)
    memory = resident(process)
    rounds(where, 14)  # 72 ways each
    assert settled(process, sockets) <= files + 10  # SQLite keeps a closed connection's files while another holds a lock
    grown = resident(process) - memory
    assert grown < 16 * 1024, f"{grown} KiB more after a thousand broken conversations"
    client = where.session()
    client.send(query("SELECT count(*) FROM leaked"))
    assert "D [b'0']" in heard(client, 1, None, 10), "a broken block has left its rows"
    client.close()


def test_a_client_that_breaks_off_frees_the_permit_to_write(server):
    where, _, _ = server
    for _ in range(5):
        break_off(where, query("BEGIN") + query("CREATE TABLE IF NOT EXISTS leaked (a INT)")
                  + query("INSERT INTO leaked VALUES (1)"), True, True)
        client = where.session("SET lock_timeout = '10s'", "DROP TABLE IF EXISTS freed", "CREATE TABLE freed (a INT)",
                               "INSERT INTO freed VALUES (1)")
        client.close()


def test_statements_and_portals_of_a_session_are_freed_when_they_are_closed(server):
    """20,000 named statements made and dropped in one session, and as many replaced unnamed ones."""
    where, process, sockets = server
    client = where.session()

    def make(count):
        for start in range(0, count, 500):
            step = b"".join(parse(f"s{n}", "SELECT $1::int, 'a text that is long enough to be seen'")
                            + bind(f"c{n}", f"s{n}", [b"1"]) + execute(f"c{n}") + message("C", b"P" + f"c{n}".encode() + b"\0")
                            + message("C", b"S" + f"s{n}".encode() + b"\0") for n in range(start, start + 500))
            client.send(step + SYNC)
            assert heard(client, 1, None, 30)[-1] == "Z I"

    make(2000)
    memory = resident(process)
    make(18_000)
    client.close()
    settled(process, sockets)
    assert resident(process) - memory < 8 * 1024


def test_rows_that_nobody_reads_wait_in_the_file_not_in_memory(server):
    """100 MB of rows to ten clients that do not read: what the server holds for each is bounded (the socket's buffers are the kernel's)."""
    where, process, sockets = server
    where.session("SELECT 1").close()
    memory = resident(process)
    clients = [where.session() for _ in range(10)]
    for client in clients:
        client.send(query("SELECT repeat('x', 1000) FROM generate_series(1, 100000) g(i)"))
        client.receive()
    at_rest(process)
    grown = resident(process) - memory
    for client in clients:
        client.close()
    settled(process, sockets)
    assert grown < 10 * 5 * 1024, f"{grown} KiB for ten clients"


def test_the_gate_cuts_a_session_at_any_byte(server, gate):
    """Through a gate that ends both sides after so many bytes: no session lives on, no row is kept of a block that was cut."""
    where, process, sockets = server
    where.session("DROP TABLE IF EXISTS cut", "CREATE TABLE cut (a INT)").close()
    for after in range(40, 2600, 65):
        passage = gate(where.host, where.port)
        passage.cut_after = after
        with contextlib.suppress(psycopg2.Error):
            connection = psycopg2.connect(host="127.0.0.1", port=passage.port, user="app", dbname="app")
            cursor = connection.cursor()
            for n in range(20):
                cursor.execute("INSERT INTO cut VALUES (%s)", (n,))
            connection.commit()
            cursor.execute("SELECT count(*) FROM cut")
        passage.close()
    settled(process, sockets)
    connection = psycopg2.connect(host=where.host, port=where.port, user="app", dbname="app")
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) % 20 FROM cut")
    assert cursor.fetchone() == (0,)
    connection.close()
