"""Pools before a PostgreSQL that is not what it should be: it answers garbage, it is a standby, one of several, it hangs."""
import shutil
import signal
import subprocess
import threading
import time

import psycopg2
import pytest

from false_server import WELCOME, FalseServer
from raw import SYNC, RawClient, bind, execute, message, parse, query, startup
from servers import Postgres, free_port, wait_until
from test_pool import connect, database_of, descriptors, pooled, value

OK = message("C", b"SELECT 1\0") + message("Z", b"I")
GARBAGE = {
    "a message of no kind": b"\x01\x02\x03\x04\x05\x06\x07\x08",
    "HTTP": b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
    "a length below four": b"C\0\0\0\x02",
    "a length of two gigabytes": b"D\x7f\xff\xff\xff" + b"x" * 100,
    "half a message": b"D\0\0\1\0abc",
    "an empty ReadyForQuery": message("Z"),
    "a start-up's message": message("R", b"\0\0\0\5abcd"),
}


@pytest.fixture
def false_server():
    made = []

    def make(answer, welcome=WELCOME):
        made.append(FalseServer(answer, welcome))
        return made[-1]

    yield make
    for server in made:
        server.close()


def raw(proxy, database="postgres"):
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", database))
    client.until_ready()
    return client


@pytest.mark.parametrize("mode", ["session", "transaction"])
@pytest.mark.parametrize("said", GARBAGE)
def test_garbage_from_postgresql_ends_its_client_with_08006_and_nobody_else(crossfade, false_server, mode, said):
    """A server that says nothing more after half a message looks like one that works: the client cancels, or goes."""
    def answer(data):
        if b"strange" not in data:
            return OK
        return GARBAGE[said]

    server = false_server(answer)
    proxy = pooled(crossfade, server.conninfo(), f'mode = "{mode}"')
    other = raw(proxy)
    before = descriptors(proxy)
    client = raw(proxy)
    client.send(query("strange"))
    if said not in ("half a message", "a start-up's message"):
        assert client.until_end() == ["E FATAL 08006", "EOF"]
    client.close()
    other.send(query("SELECT 1"))
    assert other.until_ready() == ["C SELECT 1", "Z I"]
    fresh = raw(proxy)
    fresh.send(query("SELECT 1"))
    assert fresh.until_ready() == ["C SELECT 1", "Z I"]
    fresh.close()
    # The pool keeps the connection of the fresh one: its socket, as libpq has it and as Asio has it.
    wait_until(lambda: descriptors(proxy) <= before + 2, 20, "the descriptors")
    assert proxy.process.poll() is None


@pytest.mark.parametrize("welcome", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 200, message("R", b"\0\0\0\x63"), message("E", b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"), b""])
def test_garbage_at_start_up_is_told_with_an_sqlstate(crossfade, false_server, welcome):
    server = false_server(lambda data: None, welcome)
    proxy = pooled(crossfade, server.conninfo(), 'acquire_timeout = "1s"', settings={"postgres": ['connect_timeout = "1s"']})
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", "postgres"))
    heard = [line for line in client.until_end() if not line.startswith("R")]
    assert len(heard) == 2 and heard[0].split()[:2] == ["E", "FATAL"] and heard[0].split()[2] in ("08001", "57P03"), heard
    assert proxy.process.poll() is None


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_the_end_comes_while_a_connection_is_made(crossfade, false_server, mode):
    """libpq was still connecting when the io threads' contexts were gone: heap-use-after-free."""
    server = false_server(lambda data: None, welcome=b"")
    proxy = pooled(crossfade, server.conninfo(), f'mode = "{mode}"', settings={"postgres": ['connect_timeout = "2s"']})
    clients = [RawClient("127.0.0.1", proxy.port) for _ in range(20)]  # more than there are threads to connect
    for client in clients:
        client.send(startup("app", "postgres"))
    wait_until(lambda: server.accepted > 0, 20, "the connection")
    proxy.process.send_signal(signal.SIGTERM)
    assert proxy.process.wait(20) == 0


def test_garbage_to_the_question_whether_it_lives_closes_the_connection_only(crossfade, false_server):
    server = false_server(lambda data: b"\x01\x02\x03\x04\x05\x06" if data == SYNC else OK)
    proxy = pooled(crossfade, server.conninfo(), 'mode = "transaction"', 'check_interval = "500ms"')
    client = raw(proxy)
    for _ in range(3):
        client.send(query("SELECT 1"))
        assert client.until_ready() == ["C SELECT 1", "Z I"]
        time.sleep(1.7)
    assert server.accepted >= 3


def test_a_pool_that_hangs_holds_no_other_up(crossfade, gate, postgres):
    """The care for one database waits for its connect_timeout; another's connection, closed by its server, is noticed all the same."""
    hanging, lively = postgres.create_database(), postgres.create_database()
    way = gate("127.0.0.1", postgres.port)
    users = [f'"*/{hanging} port={way.port}"']
    proxy = pooled(crossfade, postgres.conninfo(), 'mode = "transaction"', 'check_interval = "1s"', 'idle_timeout = "2s"',
                   settings={"postgres": ["users = [" + ", ".join(users) + "]", 'connect_timeout = "30s"']})
    slow, quick = connect(proxy, f"dbname={hanging}"), connect(proxy, f"dbname={lively}")
    assert value(slow, "SELECT 1") == value(quick, "SELECT 1") == 1
    way.delay = 60
    time.sleep(2.5)  # the slow one's connection is being asked whether it lives
    value(quick, "SELECT 1")
    rows = lambda: {row["database"]: row for row in proxy.console("SHOW POOLS")}  # noqa: E731
    assert rows()[hanging]["sv_tested"] == "1" or rows()[hanging]["sv_idle"] == "0", rows()
    wait_until(lambda: lively not in rows() or rows()[lively]["sv_idle"] == "0", 8, "the other pool's care")


def test_cancels_that_hang_hold_no_connection_up_and_not_the_end(crossfade, gate, postgres):
    """libpq waits without end for the postmaster: eight such waits held the threads that connect, and one the end of the process."""
    hanging, lively = postgres.create_database(), postgres.create_database()
    way = gate("127.0.0.1", postgres.port)
    proxy = pooled(crossfade, postgres.conninfo(), 'mode = "transaction"', settings={"postgres": [f'users = ["*/{hanging} port={way.port}"]']})
    slow = [connect(proxy, f"dbname={hanging}") for _ in range(10)]
    for each in slow:
        assert value(each, "SELECT 1") == 1
    sleeping = [threading.Thread(target=ended, args=(each, "SELECT pg_sleep(60)")) for each in slow]
    for each in sleeping:
        each.start()
    wait_until(lambda: {row["database"]: row for row in proxy.console("SHOW POOLS")}[hanging]["sv_active"] == "10", 20, "the statements")
    way.delay = 300
    for each in slow:
        each.cancel()
    assert value(connect(proxy, f"dbname={lively}"), "SELECT 2") == 2
    proxy.process.send_signal(signal.SIGINT)
    assert proxy.process.wait(40) == 0
    for each in sleeping:
        each.join()


def ended(connection, statement):
    with pytest.raises(psycopg2.Error):
        value(connection, statement)


# Each sign of life began the time anew that a connection may be unused: with the usual settings none of those beyond the minimum ever went.
def test_a_connection_that_is_asked_whether_it_lives_is_unused_all_the_same(crossfade, postgres):
    name = postgres.create_database()
    proxy = pooled(crossfade, postgres.conninfo(), 'mode = "transaction"', 'check_interval = "100ms"', 'idle_timeout = "3s"')
    client = connect(proxy, f"dbname={name}")
    assert value(client, "SELECT 1") == 1
    here = lambda: {row["database"]: row for row in proxy.console("SHOW POOLS")}[name]  # noqa: E731
    assert here()["sv_idle"] == "1"
    wait_until(lambda: here()["sv_idle"] == here()["sv_tested"] == "0", 12, "the end of a connection that nobody uses")
    assert value(client, "SELECT 1") == 1


@pytest.fixture(scope="module")
def standby():
    """A primary and its hot standby."""
    primary = Postgres.start(["wal_level = replica", "max_wal_senders = 4"])
    follower = Postgres(primary.folder.with_name(primary.folder.name + "-standby"), free_port())
    follower.folder.mkdir()
    if follower.as_user:
        subprocess.run(["chown", "postgres:postgres", str(follower.folder)], check=True)
    follower.run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "-D", follower.folder / "data", "-R")
    with open(follower.folder / "data" / "postgresql.conf", "a", encoding="utf-8") as conf:
        conf.write(f"port = {follower.port}\nunix_socket_directories = '{follower.folder}'\nhot_standby = on\n")
    follower.up()
    yield primary, follower
    follower.stop()
    primary.stop()


def hosts(*servers, session):
    return f"host={','.join(['127.0.0.1'] * len(servers))} port={','.join(str(server.port) for server in servers)} user=postgres dbname=postgres target_session_attrs={session}"


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_of_several_hosts_the_one_is_taken_that_is_asked_for(crossfade, standby, mode):
    primary, follower = standby
    for session, recovers in (("read-write", False), ("primary", False), ("standby", True), ("prefer-standby", True), ("read-only", True), ("any", True)):
        proxy = pooled(crossfade, hosts(follower, primary, session=session), f'mode = "{mode}"')
        assert value(connect(proxy, "dbname=postgres"), "SELECT pg_is_in_recovery()") is recovers, session


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_standby_where_a_primary_is_asked_for_is_08001_and_a_promotion_heals(crossfade, mode):
    primary = Postgres.start(["wal_level = replica", "max_wal_senders = 4"])
    follower = Postgres(primary.folder.with_name(primary.folder.name + "-standby"), free_port())
    try:
        follower.folder.mkdir()
        if follower.as_user:
            subprocess.run(["chown", "postgres:postgres", str(follower.folder)], check=True)
        follower.run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "-D", follower.folder / "data", "-R")
        with open(follower.folder / "data" / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"port = {follower.port}\nunix_socket_directories = '{follower.folder}'\n")
        follower.up()
        proxy = pooled(crossfade, hosts(primary, follower, session="read-write"), f'mode = "{mode}"', 'acquire_timeout = "2s"')
        client = connect(proxy, "dbname=postgres")
        assert value(client, "SHOW in_hot_standby") == "off"
        primary.down()
        stranger = RawClient("127.0.0.1", proxy.port)
        stranger.send(startup("other", "postgres"))
        heard = [line for line in stranger.until_end() if not line.startswith("R")]
        assert heard[0] == "E FATAL 08001", heard
        follower.run("pg_ctl", "-D", follower.folder / "data", "-w", "promote")
        wait_until(lambda: works(proxy), 20, "the promoted server")
        if mode == "transaction":
            wait_until(lambda: value(client, "SELECT 1") == 1, 10, "the client that was in")
    finally:
        follower.stop()
        shutil.rmtree(primary.folder, ignore_errors=True)  # it is down already


def works(proxy):
    try:
        connection = connect(proxy, "dbname=postgres")
        connection.cursor().execute("CREATE TABLE IF NOT EXISTS proof (a int)")
        connection.close()
        return True
    except psycopg2.Error:
        return False


def test_a_server_that_recovers_for_long_is_waited_for_as_long_as_the_queue_is(crossfade, false_server):
    starting = message("E", b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0")
    server = false_server(lambda data: OK, starting)
    proxy = pooled(crossfade, server.conninfo(), 'acquire_timeout = "20s"')
    threading.Timer(2, lambda: setattr(server, "welcome", WELCOME)).start()
    client = RawClient("127.0.0.1", proxy.port)
    begin = time.monotonic()
    client.send(startup("app", "postgres"))
    assert client.until_ready()[-1] == "Z I" and time.monotonic() - begin > 1.5


def test_an_error_without_a_sync_and_a_query_behind_it_leave_the_connection_as_it_was(crossfade, pg_database):
    """The server passes the Query over; when the Sync has come all is as before, and the connection serves the next session."""
    proxy = pooled(crossfade, pg_database, "max_connections = 1")
    client = raw(proxy, database_of(pg_database))
    client.send(query("SELECT pg_backend_pid()"))
    backend = client.until_ready()[1]
    client.send(parse("", "SELEC 1"), message("H"))
    assert client.receive()[0] == "E"
    client.send(query("SELECT 1"), query("SELECT 2"), parse("", "SELECT 3"), bind("", ""), execute())
    client.send(SYNC)
    assert client.until_ready() == ["Z I"]
    client.send(query("SELECT 4"))
    assert client.until_ready()[-2:] == ["C SELECT 1", "Z I"]
    client.send(message("X"))
    client.close()
    again = raw(proxy, database_of(pg_database))
    again.send(query("SELECT pg_backend_pid()"))
    assert again.until_ready()[1] == backend
