"""Connections to PostgreSQL, shared by clients one after the other: sizes, the queue, what is left of a session, what goes stale."""
import os
import threading
import time

import psycopg2
import pytest

from servers import wait_until


def pooled(crossfade, conninfo, *lines, **options):
    return crossfade(postgres=conninfo, settings={"pool": list(lines), **options.pop("settings", {})}, **options)


def database_of(conninfo):
    return conninfo.rpartition("=")[2]


def connect(proxy, conninfo, **options):
    connection = proxy.connect("app", database_of(conninfo), **options)
    connection.autocommit = True
    return connection


def value(connection, statement, *arguments):
    cursor = connection.cursor()
    cursor.execute(statement, arguments or None)
    return cursor.fetchone()[0]


def pool_row(proxy):
    rows = proxy.console("SHOW POOLS")
    return rows[0] if rows else None


def descriptors(proxy):
    return len(os.listdir(f"/proc/{proxy.process.pid}/fd"))


def test_a_connection_serves_one_session_after_another_and_keeps_nothing_of_the_first(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1")
    one = connect(proxy, pg_database)
    backend = value(one, "SELECT pg_backend_pid()")
    one.cursor().execute("SET search_path = pg_catalog; CREATE TEMP TABLE t (a int); LISTEN a; SELECT pg_advisory_lock(1); PREPARE p AS SELECT 1;"
                         "SET TimeZone = 'Asia/Tokyo'; DECLARE c CURSOR WITH HOLD FOR SELECT 1; SELECT set_config('my.own', 'x', false)")
    one.close()
    two = connect(proxy, pg_database)
    assert value(two, "SELECT pg_backend_pid()") == backend
    assert two.get_parameter_status("TimeZone") != "Asia/Tokyo"
    assert value(two, "SHOW search_path") == '"$user", public'
    for statement in ("SELECT count(*) FROM pg_class WHERE relname = 't'", "SELECT count(*) FROM pg_listening_channels()",
                      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", "SELECT count(*) FROM pg_prepared_statements",
                      "SELECT count(*) FROM pg_cursors WHERE is_holdable", "SELECT count(*) FROM pg_settings WHERE source = 'session'"):
        assert value(two, statement) == 0, statement
    two.close()


def test_start_up_parameters_are_the_connections_own(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1")
    one = connect(proxy, pg_database, options="-c search_path=a,b -c TimeZone=Asia/Tokyo", application_name="one")
    one.cursor().execute("SET search_path = c; RESET search_path")
    assert value(one, "SHOW search_path") == "a,b"
    assert one.get_parameter_status("TimeZone") == "Asia/Tokyo"
    one.close()
    two = connect(proxy, pg_database, application_name="two")  # the only connection makes way: it began otherwise
    assert value(two, "SHOW search_path") == '"$user", public'
    assert value(two, "SHOW application_name") == "two"
    two.close()
    with pytest.raises(psycopg2.OperationalError, match='unrecognized configuration parameter "nonsense"'):
        connect(proxy, pg_database, options="-c nonsense=1")
    with pytest.raises(psycopg2.OperationalError, match='database "nowhere" does not exist'):
        proxy.connect("app", "nowhere")


def test_a_session_that_leaves_in_a_transaction_is_rolled_back(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1")
    one = connect(proxy, pg_database)
    one.cursor().execute("CREATE TABLE t (a int)")
    one.cursor().execute("BEGIN; INSERT INTO t VALUES (1)")
    one.close()
    two = connect(proxy, pg_database)
    assert value(two, "SELECT count(*) FROM t") == 0
    two.close()


def test_the_queue_is_first_come_first_served_and_its_length_is_shown(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1")
    holder = connect(proxy, pg_database)
    order, threads = [], []

    def wait_for_it(number):
        connection = connect(proxy, pg_database)
        order.append(number)
        connection.close()

    for number in range(4):
        threads.append(threading.Thread(target=wait_for_it, args=(number,)))
        threads[-1].start()
        wait_until(lambda: int(pool_row(proxy)["cl_waiting"]) == number + 1, 10, "the queue")
    row = pool_row(proxy)
    assert (row["sv_active"], row["sv_idle"], row["cl_active"], row["pool_mode"]) == ("1", "0", "1", "session")
    holder.close()
    for thread in threads:
        thread.join(20)
    assert order == [0, 1, 2, 3]
    wait_until(lambda: (pool_row(proxy)["sv_idle"], pool_row(proxy)["cl_waiting"]) == ("1", "0"), 10, "the connection back")


def test_who_waits_too_long_is_told_53300_and_who_goes_leaves_the_queue(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1", 'acquire_timeout = "400ms"')
    holder = connect(proxy, pg_database)
    begin = time.monotonic()
    with pytest.raises(psycopg2.OperationalError, match="no connection to PostgreSQL became free in time"):
        connect(proxy, pg_database)
    assert 0.3 < time.monotonic() - begin < 10
    assert pool_row(proxy)["cl_waiting"] == "0"
    holder.close()
    connect(proxy, pg_database).close()


def test_idle_connections_go_but_for_the_minimum_and_old_ones_are_replaced(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "min_connections = 1", 'idle_timeout = "500ms"')
    many = [connect(proxy, pg_database) for _ in range(4)]
    for one in many:
        one.close()
    wait_until(lambda: int(pool_row(proxy)["sv_idle"]) == 1, 20, "the minimum")
    proxy = pooled(crossfade, pg_database, 'lifetime = "1s"')
    one = connect(proxy, pg_database)
    first = value(one, "SELECT pg_backend_pid()")
    time.sleep(1.2)  # its lifetime
    assert value(one, "SELECT pg_backend_pid()") == first  # not while it is lent
    one.close()
    two = connect(proxy, pg_database)
    assert value(two, "SELECT pg_backend_pid()") != first
    two.close()


def test_a_backend_that_was_terminated_while_it_was_idle_is_not_lent(crossfade, postgres, pg_database):
    proxy = pooled(crossfade, pg_database)
    one = connect(proxy, pg_database)
    backend = value(one, "SELECT pg_backend_pid()")
    one.close()
    wait_until(lambda: pool_row(proxy)["sv_idle"] == "1", 10, "the connection back")
    direct = postgres.connect()
    assert value(direct, "SELECT pg_terminate_backend(%s, 5000)", backend)
    direct.close()
    two = connect(proxy, pg_database)
    assert value(two, "SELECT pg_backend_pid()") != backend
    two.close()


def test_a_connection_that_does_not_answer_its_check_is_closed(crossfade, gate, postgres, pg_database):
    way = gate("127.0.0.1", postgres.port)
    conninfo = pg_database.replace(f"port={postgres.port}", f"port={way.port}")
    proxy = pooled(crossfade, conninfo, 'check_interval = "200ms"', settings={"postgres": ['connect_timeout = "500ms"']})
    connect(proxy, conninfo).close()
    wait_until(lambda: pool_row(proxy) and pool_row(proxy)["sv_idle"] == "1", 10, "the connection back")
    way.delay = 3  # the network goes, and nobody says so
    wait_until(lambda: not proxy.console("SHOW SERVERS"), 20, "its end")
    way.delay = 0
    connect(proxy, conninfo).close()


def test_a_cancel_reaches_the_backend_of_its_client_and_no_later_one(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1")
    one = connect(proxy, pg_database)
    threading.Timer(0.3, one.cancel).start()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        one.cursor().execute("SELECT pg_sleep(20)")
    assert value(one, "SELECT 1") == 1
    one.close()


def test_descriptors_return_to_the_start(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, 'idle_timeout = "200ms"')
    connect(proxy, pg_database).close()
    wait_until(lambda: not proxy.console("SHOW SERVERS"), 20, "the end of idle connections")
    before = descriptors(proxy)
    for _ in range(3):
        many = [connect(proxy, pg_database) for _ in range(10)]
        for one in many:
            one.close()
    wait_until(lambda: descriptors(proxy) <= before, 20, "the descriptors")


def test_pause_lets_sessions_end_and_others_wait_until_resume(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, 'acquire_timeout = "2s"')
    one = connect(proxy, pg_database)
    with pytest.raises(psycopg2.errors.ObjectInUse):
        proxy.console("PAUSE")
    one.close()
    assert proxy.console("PAUSE") == []
    assert proxy.console("SHOW SERVERS") == [] and pool_row(proxy)["paused"] == "1"
    done = []
    waiter = threading.Thread(target=lambda: done.append(value(connect(proxy, pg_database), "SELECT 7")))
    waiter.start()
    wait_until(lambda: pool_row(proxy)["cl_waiting"] == "1", 10, "the one who waits")
    time.sleep(2.5)  # longer than acquire_timeout: a pause is nobody's fault
    assert not done
    assert proxy.console("RESUME") == []
    waiter.join(10)
    assert done == [7]


def test_kill_ends_a_session_and_unknown_ones_are_42704(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database)
    one, two = connect(proxy, pg_database), connect(proxy, pg_database)
    victims = [row["pid"] for row in proxy.console("SHOW CLIENTS") if row["side"] == "postgres"]
    proxy.console(f"KILL {victims[0]}")
    with pytest.raises(psycopg2.OperationalError):  # 57P01, which psycopg2 does not read when it was idle
        one.cursor().execute("SELECT 1")
    assert value(two, "SELECT 1") == 1
    proxy.console(f"KILL {database_of(pg_database)}")
    with pytest.raises(psycopg2.OperationalError):
        two.cursor().execute("SELECT 1")
    for target in ("99999", "nowhere"):
        with pytest.raises(psycopg2.errors.UndefinedObject):
            proxy.console(f"KILL {target}")


def test_limits_change_on_reload(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, "max_connections = 1", 'acquire_timeout = "300ms"')
    one = connect(proxy, pg_database)
    path = proxy.folder / f"proxy-{proxy.port}.conf"
    path.write_text(path.read_text().replace("max_connections = 1", "max_connections = 2"))
    assert proxy.console("RELOAD") == [{"setting": "pool.max_connections", "value": "2", "counts": "now"}]
    two = connect(proxy, pg_database)
    one.close()
    two.close()
