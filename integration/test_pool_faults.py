"""Pools when PostgreSQL refuses, restarts, vanishes in the middle, is full or is a standby: clients hear an SQLSTATE, the pool heals itself."""
import io
import os
import socket
import threading
import time

import psycopg2
import pytest

from raw import RawClient, query, startup
from servers import Postgres, wait_until
from test_pool import connect, database_of, descriptors, pool_row, pooled, value


@pytest.fixture(params=["session", "transaction"])
def gated(request, crossfade, gate, postgres, pg_database):
    """A proxy in either mode, with a gate before its PostgreSQL."""
    way = gate("127.0.0.1", postgres.port)
    proxy = pooled(crossfade, pg_database.replace(f"port={postgres.port}", f"port={way.port}"), f'mode = "{request.param}"',
                   'acquire_timeout = "5s"', settings={"postgres": ['connect_timeout = "2s"']})
    proxy.way, proxy.pg, proxy.mode = way, pg_database, request.param
    return proxy


def raw(proxy):
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", database_of(proxy.pg)))
    client.until_ready()
    return client


def state_of(error):
    return error.value.pgcode or str(error.value)


def test_an_upstream_that_refuses_is_08001_and_is_found_again(gated):
    connect(gated, gated.pg).close()
    before = descriptors(gated)
    gated.way.refuse()
    time.sleep(0.1)
    for _ in range(5):
        with pytest.raises(psycopg2.OperationalError) as error:
            connection = connect(gated, gated.pg)
            connection.cursor().execute("SELECT 1")
        assert "cannot connect to PostgreSQL" in str(error.value) or "server closed" in str(error.value) or state_of(error) == "08001", error.value
    assert pool_row(gated) is None or pool_row(gated)["failure"]
    gated.way.refuse(False)
    wait_until(lambda: works(gated), 20, "a working connection")
    wait_until(lambda: descriptors(gated) <= before + 1, 20, "the descriptors")


def works(proxy):
    try:
        connection = connect(proxy, proxy.pg)
        right = value(connection, "SELECT 7") == 7
        connection.close()
        return right
    except psycopg2.Error:
        return False


def test_an_upstream_that_is_away_is_said_once_in_the_log(gated):
    gated.way.refusing = True
    end = time.monotonic() + 4
    threads = [threading.Thread(target=hammer, args=(gated, end)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = len([line for line in gated.log_text().splitlines() if "PostgreSQL is not reached" in line])
    assert count <= 3, gated.log_tail()  # the same failure is said once
    gated.way.refusing = False
    wait_until(lambda: works(gated), 20, "a working connection")
    assert "PostgreSQL is reached again" in gated.log_text()


def hammer(proxy, end):
    while time.monotonic() < end:
        works(proxy)


def test_a_connection_that_is_cut_in_the_middle_ends_its_client_with_08006(gated):
    client, other = raw(gated), connect(gated, gated.pg)
    value(other, "SELECT 1")
    threading.Timer(0.5, gated.way.cut).start()
    client.send(query("SELECT pg_sleep(10)"))
    assert client.until_end() == ["E FATAL 08006", "EOF"]
    if gated.mode == "transaction":
        assert value(other, "SELECT 2") == 2  # it had none
    wait_until(lambda: works(gated), 20, "a working connection")


def test_a_block_whose_connection_is_cut_is_lost_as_a_whole(gated):
    client = connect(gated, gated.pg)
    client.cursor().execute("CREATE TABLE t (a int)")
    client.cursor().execute("BEGIN; INSERT INTO t VALUES (1)")
    gated.way.cut()
    with pytest.raises(psycopg2.OperationalError):
        client.cursor().execute("COMMIT")
    wait_until(lambda: works(gated), 20, "a working connection")
    assert value(connect(gated, gated.pg), "SELECT count(*) FROM t") == 0


@pytest.fixture
def own_postgres():
    server = Postgres.start(settings=("max_connections = 8", "superuser_reserved_connections = 2"))
    yield server
    server.stop()


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_restart_is_57p01_for_those_who_are_in_and_heals(crossfade, own_postgres, mode):
    conninfo = own_postgres.conninfo()
    proxy = pooled(crossfade, conninfo, f'mode = "{mode}"', 'acquire_timeout = "10s"')
    proxy.pg = conninfo
    idle, busy = connect(proxy, conninfo), raw(proxy)
    value(idle, "SELECT 1")
    before = descriptors(proxy)
    busy.send(query("BEGIN"), query("SELECT pg_sleep(20)"))
    watcher = own_postgres.connect()
    wait_until(lambda: value(watcher, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(20)'"), 10, "the sleeper")
    watcher.close()
    own_postgres.down()
    heard = busy.until_end()
    assert [line for line in heard if not line.startswith("T ")] == ["C BEGIN", "Z T", "E FATAL 57P01", "EOF"]
    own_postgres.up()
    if mode == "transaction":
        wait_until(lambda: value(idle, "SELECT 1") == 1, 10, "the idle client's next transaction")
    wait_until(lambda: works(proxy), 20, "a working connection")
    idle.close()
    busy.close()
    wait_until(lambda: descriptors(proxy) <= before, 20, "the descriptors")


def test_a_full_server_makes_clients_wait_for_the_pools_own_connections(crossfade, own_postgres):
    """PostgreSQL takes fewer connections than the pool may have: its 53300 is no client's while the pool has some."""
    admin = own_postgres.connect()
    admin.cursor().execute("CREATE ROLE plain LOGIN")
    others = [psycopg2.connect(own_postgres.conninfo().replace("user=postgres", "user=plain")) for _ in range(3)]
    conninfo = own_postgres.conninfo().replace("user=postgres", "user=plain")
    proxy = pooled(crossfade, conninfo, 'mode = "transaction"', 'acquire_timeout = "20s"')
    clients = [connect(proxy, conninfo) for _ in range(6)]
    amiss, done = [], []

    def work(client):
        try:
            for _ in range(5):
                value(client, "SELECT pg_sleep(0.02)")
            done.append(client)
        except psycopg2.Error as error:
            amiss.append(str(error))

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not amiss and len(done) == 6, amiss[:2]
    for other in others:
        other.close()
    admin.close()


def test_a_full_server_is_53300_for_a_pool_that_has_nothing(crossfade, own_postgres):
    admin = own_postgres.connect()
    admin.cursor().execute("CREATE ROLE plain LOGIN")
    conninfo = own_postgres.conninfo().replace("user=postgres", "user=plain")
    others = []
    with pytest.raises(psycopg2.OperationalError):
        while True:
            others.append(psycopg2.connect(conninfo))
    proxy = pooled(crossfade, conninfo, 'acquire_timeout = "2s"')
    with pytest.raises(psycopg2.OperationalError, match="remaining connection slots are reserved|too many clients"):
        connect(proxy, conninfo)
    for other in others:
        other.close()
    admin.close()
    proxy.pg = conninfo
    wait_until(lambda: works(proxy), 20, "a working connection")


def test_clients_that_vanish_leave_neither_descriptors_nor_transactions(gated):
    keep = connect(gated, gated.pg)
    keep.cursor().execute("CREATE TABLE v (a int)")
    value(keep, "SELECT 1")
    wait_until(lambda: pool_row(gated) is not None, 10, "the pool")
    before = descriptors(gated)
    for statement in ("BEGIN; INSERT INTO v VALUES (1)", "SELECT pg_sleep(0.5)", "COPY v FROM STDIN"):
        client = psycopg2.connect(gated.url("app", database_of(gated.pg)))
        client.autocommit = True
        if statement.startswith("BEGIN"):
            client.cursor().execute(statement)
        else:
            threading.Thread(target=quietly, args=(client, statement), daemon=True).start()
            time.sleep(0.2)
        socket.socket(fileno=os.dup(client.fileno())).shutdown(socket.SHUT_RDWR)
    wait_until(lambda: descriptors(gated) <= before + 1, 20, "the descriptors")
    assert value(keep, "SELECT count(*) FROM v") == 0


def quietly(client, statement):
    try:
        if statement.startswith("COPY"):
            client.cursor().copy_expert(statement, Slow(io.StringIO("1\n" * 100)))
        else:
            client.cursor().execute(statement)
    except psycopg2.Error:
        pass


class Slow:
    def __init__(self, source):
        self.source = source

    def read(self, size=-1):
        time.sleep(0.05)
        return self.source.readline()
