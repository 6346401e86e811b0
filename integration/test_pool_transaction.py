"""Transaction pooling: a connection for each transaction. Nothing of one client shows to the next, and no client misses anything."""
import asyncio
import io
import json
import pathlib
import shutil
import subprocess
import threading
import time

import psycopg
import psycopg2
import pytest

from raw import FLUSH, SYNC, RawClient, bind, close, describe, execute, message, parse, query, startup
from servers import wait_until
from test_pool import connect, database_of, pool_row, pooled, value

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture
def one_connection(crossfade, pg_database):
    """A proxy whose clients share a single connection."""
    proxy = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 1", 'acquire_timeout = "3s"')
    proxy.pg = pg_database
    return proxy


@pytest.fixture
def two_connections(crossfade, pg_database):
    proxy = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 2", 'acquire_timeout = "5s"')
    proxy.pg = pg_database
    return proxy


def raw(proxy, **parameters):
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", database_of(proxy.pg), **parameters))
    client.until_ready()
    return client


def pinned(proxy):
    return [row["pinned"] for row in proxy.console("SHOW CLIENTS") if row["pinned"]]


def test_clients_take_turns_on_one_connection(one_connection):
    clients = [connect(one_connection, one_connection.pg) for _ in range(5)]
    assert len({value(client, "SELECT pg_backend_pid()") for client in clients}) == 1
    assert pool_row(one_connection)["sv_idle"] == "1"
    holder = clients[0].cursor()
    holder.execute("BEGIN")
    with pytest.raises(psycopg2.errors.TooManyConnections):  # an ERROR: the session lives
        clients[1].cursor().execute("SELECT 1")
    holder.execute("COMMIT")
    assert value(clients[1], "SELECT 1") == 1
    for client in clients:
        client.close()


def test_set_search_path_does_not_leak_to_the_next_client(two_connections):
    """Two well-known poolers hand the search_path of one client to the next."""
    setter, other = (connect(two_connections, two_connections.pg) for _ in range(2))
    setter.cursor().execute("SET search_path = pg_catalog")
    wait_until(lambda: pinned(two_connections) == ["settings: search_path"], 5, "the pinning")
    for _ in range(3):
        assert value(other, "SHOW search_path") == '"$user", public'
        assert value(setter, "SHOW search_path") == "pg_catalog"
    setter.cursor().execute("RESET search_path")
    wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")
    setter.cursor().execute("BEGIN; SET search_path = pg_catalog; ROLLBACK")
    wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")


STATES = {
    "settings: work_mem": ("SET work_mem = '1MB'", "RESET work_mem"),
    "settings: my.own": ("SELECT set_config('my.own', 'x', false)", "DISCARD ALL"),
    "settings: my.name": ("SET my.name = '1'", "RESET ALL"),
    "temporary objects": ("CREATE TEMP TABLE tt (a int)", "DROP TABLE tt"),
    "LISTEN: a": ("LISTEN a", "UNLISTEN *"),
    "advisory locks": ("SELECT pg_advisory_lock(7)", "SELECT pg_advisory_unlock(7)"),
    "cursors WITH HOLD: c": ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "CLOSE c"),
    "PREPARE: p": ("PREPARE p AS SELECT 1", "DEALLOCATE p"),
    "role pg_monitor": ("SET ROLE pg_monitor", "RESET ROLE"),
    "session authorization pg_monitor": ("SET SESSION AUTHORIZATION pg_monitor", "RESET SESSION AUTHORIZATION"),
    "a random seed (setseed)": ("SELECT setseed(0.5)", None),
}


@pytest.mark.parametrize("reason", STATES)
def test_what_cannot_be_followed_pins_its_client_and_says_why(two_connections, reason):
    client, other = (connect(two_connections, two_connections.pg) for _ in range(2))
    do, undo = STATES[reason]
    client.cursor().execute(do)
    wait_until(lambda: pinned(two_connections) == [reason], 5, f"{reason}, not {pinned(two_connections)}")
    backend = value(client, "SELECT pg_backend_pid()")
    assert all(value(other, "SELECT pg_backend_pid()") != backend for _ in range(3))
    if undo is None:
        client.close()
    else:
        client.cursor().execute(undo)
        wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")
        client.close()
    wait_until(lambda: pool_row(two_connections)["sv_active"] == "0", 5, "the connection back")
    for _ in range(2):
        assert value(other, "SELECT count(*) FROM pg_settings WHERE source = 'session' AND name IN ('work_mem', 'my.own')") == 0
        assert value(other, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
        assert value(other, "SELECT current_user = session_user")


def test_what_execute_leaves_behind_is_what_its_statement_does(two_connections):
    """The words of EXECUTE say nothing of it: a LISTEN, or a search_path, stayed for the next client."""
    client = raw(two_connections)
    for name, sql, reason in (("l", "LISTEN a", "LISTEN: a"), ("p", "SELECT set_config('search_path', 'nowhere', false)", "settings: search_path")):
        client.send(parse(name, sql) + SYNC + query(f"EXECUTE {name}"))
        assert client.until_ready(2)[-1] == "Z I"
        wait_until(lambda: any(reason in why for why in pinned(two_connections)), 5, f"{reason}, not {pinned(two_connections)}")
        client.send(query("UNLISTEN *"), query("RESET search_path"))
        client.until_ready(2)
        wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")


def test_a_function_or_a_block_that_changes_the_session_is_found_out(two_connections):
    client = connect(two_connections, two_connections.pg)
    client.cursor().execute("CREATE FUNCTION harmless() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert value(client, "SELECT harmless()") == 1
    assert pinned(two_connections) == []
    client.cursor().execute("CREATE FUNCTION sneaky() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 'x', false); END $$")
    client.cursor().execute("DISCARD ALL")
    client.cursor().execute("SELECT sneaky()")
    wait_until(lambda: "search_path" in "".join(pinned(two_connections)), 5, "the pinning")
    client.cursor().execute("DISCARD ALL")
    wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")
    client.cursor().execute("BEGIN; SET my.own = 'x'; ROLLBACK")  # in doubt
    client.cursor().execute("BEGIN; RESET ALL; ROLLBACK")
    assert pinned(two_connections) == ["settings: my.own"]
    client.cursor().execute("RESET ALL")
    wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")
    client.cursor().execute("CREATE FUNCTION login(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('my.name', $1, false); END $$")
    client.cursor().execute("SELECT login('ann')")
    wait_until(lambda: pinned(two_connections) == ["settings: those that a function may have set (login)"], 5, "the pinning")
    assert value(client, "SHOW my.name") == "ann"
    client.cursor().execute("DISCARD ALL")
    client.cursor().execute("DROP FUNCTION login(text); DROP FUNCTION sneaky()")
    wait_until(lambda: not pinned(two_connections), 5, "the end of the pinning")
    client.cursor().execute("DO $$ BEGIN CREATE TEMP TABLE x (a int); END $$")
    wait_until(lambda: pinned(two_connections) == ["temporary objects"], 5, "the pinning")
    client.close()


def test_a_pinned_client_hears_its_notifications(two_connections):
    listener, other = (connect(two_connections, two_connections.pg) for _ in range(2))
    listener.cursor().execute("LISTEN news")
    other.cursor().execute("NOTIFY news, 'hello'")

    def heard():
        listener.poll()
        return listener.notifies

    wait_until(heard, 10, "the notification")
    assert listener.notifies[0].payload == "hello"


def test_reported_settings_are_as_each_client_was_told(one_connection):
    tokyo, paris = (connect(one_connection, one_connection.pg, application_name=name) for name in ("tokyo", "paris"))
    tokyo.cursor().execute("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'")
    paris.cursor().execute("SET TimeZone = 'Europe/Paris'")
    for _ in range(3):
        assert value(tokyo, "SHOW TimeZone") == "Asia/Tokyo" and value(tokyo, "SHOW DateStyle") == "German, DMY"
        assert value(paris, "SHOW TimeZone") == "Europe/Paris" and value(paris, "SHOW DateStyle") == "ISO, MDY"
        assert value(tokyo, "SHOW application_name") == "tokyo" and value(paris, "SHOW application_name") == "paris"
    assert pinned(one_connection) == []
    assert tokyo.get_parameter_status("TimeZone") == "Asia/Tokyo" and paris.get_parameter_status("TimeZone") == "Europe/Paris"
    tokyo.cursor().execute("BEGIN; SET TimeZone = 'UTC'; ROLLBACK")
    assert value(tokyo, "SHOW TimeZone") == "Asia/Tokyo"
    tokyo.cursor().execute("RESET ALL")
    assert value(tokyo, "SHOW application_name") == "tokyo"
    assert value(tokyo, "SHOW TimeZone") not in ("Asia/Tokyo", "Europe/Paris")
    assert value(paris, "SHOW TimeZone") == "Europe/Paris"


def test_set_local_and_transaction_state_pin_nobody(one_connection):
    client = connect(one_connection, one_connection.pg)
    client.cursor().execute("BEGIN; SET LOCAL search_path = x; SELECT pg_advisory_xact_lock(1); DECLARE c CURSOR FOR SELECT 1; FETCH c; COMMIT")
    client.cursor().execute("BEGIN ISOLATION LEVEL SERIALIZABLE; SET TRANSACTION READ ONLY; COMMIT")
    assert pinned(one_connection) == []


def test_named_statements_follow_their_client(two_connections):
    a, b = raw(two_connections), raw(two_connections)
    a.send(parse("s", "SELECT 'a' || $1"), SYNC)
    b.send(parse("s", "SELECT 'b' || $1"), SYNC)
    assert a.until_ready() == ["1", "Z I"] and b.until_ready() == ["1", "Z I"]
    holder = connect(two_connections, two_connections.pg)
    for turn in range(4):  # on either connection, since the other is taken
        if turn == 2:
            holder.cursor().execute("BEGIN")
        for client, letter in ((a, b"a"), (b, b"b")):
            client.send(bind("", "s", [b"!"]), execute(), SYNC)
            assert client.until_ready() == ["2", f"D [{letter + b'!'}]", "C SELECT 1", "Z I"]
    a.send(parse("s", "SELECT 1"), SYNC)
    assert a.until_ready() == ["E ERROR 42P05", "Z I"]
    a.send(bind("", "none"), SYNC)
    assert a.until_ready() == ["E ERROR 26000", "Z I"]
    a.send(describe("S", "s"), close("S", "s"), close("S", "nothing"), SYNC)
    assert a.until_ready() == ["t [25]", "T [('?column?', 25, -1, -1, 0)]", "3", "3", "Z I"]
    a.send(bind("", "s", [b"!"]), SYNC)
    assert a.until_ready() == ["E ERROR 26000", "Z I"]
    b.send(bind("", "s", [b"!"]), execute(), SYNC)
    assert b.until_ready()[1] == "D [b'b!']"


def test_errors_speak_of_statements_by_their_clients_names(one_connection):
    connection = psycopg2.connect(one_connection.url("app", database_of(one_connection.pg)))
    client = raw(one_connection)
    client.send(parse("mine", "SELECT 1"), SYNC, parse("mine", "SELECT 2"), SYNC)
    client.until_ready(1)
    kind, body = client.receive()
    assert kind == "E" and b'prepared statement "mine" already exists' in body
    client.until_ready()
    connection.close()


def test_a_failed_parse_leaves_no_statement(one_connection):
    client = raw(one_connection)
    client.send(parse("s", "SELECT * FROM not_there"), SYNC)
    assert client.until_ready() == ["E ERROR 42P01", "Z I"]
    client.send(bind("", "s"), SYNC)
    assert client.until_ready() == ["E ERROR 26000", "Z I"]
    client.send(query("BEGIN"), parse("s", "SELECT nonsense"), parse("t", "SELECT 1"), SYNC)
    assert client.until_ready(2) == ["C BEGIN", "Z T", "E ERROR 42703", "Z E"]
    client.send(query("ROLLBACK"), bind("", "t"), SYNC, parse("s", "SELECT 5"), bind("", "s"), execute(), SYNC)
    assert client.until_ready(3) == ["C ROLLBACK", "Z I", "E ERROR 26000", "Z I", "1", "2", "D [b'5']", "C SELECT 1", "Z I"]


def test_the_unnamed_statement_is_its_clients_own(one_connection):
    a, b = raw(one_connection), raw(one_connection)
    a.send(parse("", "SELECT 'a'"), SYNC)
    a.until_ready()
    b.send(bind("", ""), execute(), SYNC)
    assert b.until_ready() == ["E ERROR 26000", "Z I"]  # not the one of a
    b.send(parse("", "SELECT 'b'"), SYNC)
    b.until_ready()
    for _ in range(2):
        a.send(bind("", ""), execute(), SYNC)
        assert a.until_ready()[1] == "D [b'a']"
        b.send(describe("S", ""), bind("", ""), execute(), SYNC)
        assert b.until_ready()[3] == "D [b'b']"
    a.send(query("SELECT 1"))
    a.until_ready()
    a.send(bind("", ""), SYNC)
    assert a.until_ready() == ["E ERROR 26000", "Z I"]


def test_deallocate_and_discard_forget_statements_as_postgresql_does(one_connection):
    a, b = raw(one_connection), raw(one_connection)
    for client in (a, b):
        client.send(parse("s", "SELECT 1"), parse("t", "SELECT 2"), SYNC)
        client.until_ready()
    a.send(query("DEALLOCATE s"))
    assert a.until_ready() == ["C DEALLOCATE", "Z I"]
    a.send(bind("", "s"), SYNC, bind("", "t"), execute(), SYNC)
    assert a.until_ready(2) == ["E ERROR 26000", "Z I", "2", "D [b'2']", "C SELECT 1", "Z I"]
    a.send(query("DEALLOCATE s"))
    assert a.until_ready() == ["E ERROR 26000", "Z I"]
    for words, tag in (("DEALLOCATE ALL", "DEALLOCATE ALL"), ("DISCARD ALL", "DISCARD ALL")):
        a.send(parse("u", "SELECT 3"), SYNC, query(words), bind("", "u"), SYNC)
        assert a.until_ready(3) == ["1", "Z I", f"C {tag}", "Z I", "E ERROR 26000", "Z I"]
        b.send(bind("", "s"), execute(), SYNC, bind("", "t"), execute(), SYNC)
        assert b.until_ready(2) == ["2", "D [b'1']", "C SELECT 1", "Z I", "2", "D [b'2']", "C SELECT 1", "Z I"]
    b.send(parse("", "DEALLOCATE s"), bind("", ""), execute(), SYNC, bind("", "s"), SYNC)  # psycopg does it so in a pipeline
    assert b.until_ready(2) == ["1", "2", "C DEALLOCATE", "Z I", "E ERROR 26000", "Z I"]
    b.send(query("EXECUTE t"))  # SQL's EXECUTE of what Parse has made
    assert b.until_ready()[1:] == ["D [b'2']", "C SELECT 1", "Z I"]


def test_pipelines_of_any_depth_and_flush_without_sync(one_connection):
    client = raw(one_connection)
    depth = 500
    client.send(parse("s", "SELECT $1::int"), FLUSH)
    assert client.receive()[0] == "1"
    for i in range(depth):
        client.send(bind("", "s", [str(i).encode()]), execute())
    client.send(SYNC, *([query("SELECT 1")] * depth), *([SYNC] * depth))
    rows = [row for row in client.until_ready(1) if row.startswith("D")]
    assert rows == [f"D [{str(i).encode()}]" for i in range(depth)]
    assert client.until_ready(depth).count("D [b'1']") == depth
    assert client.until_ready(depth) == ["Z I"] * depth
    client.send(parse("", "SELECT 1/0"), bind("", ""), execute(), parse("x", "SELECT 1"), SYNC, bind("", "x"), SYNC)
    assert client.until_ready(2) == ["1", "E ERROR 22012", "Z I", "E ERROR 26000", "Z I"]  # as PostgreSQL: when it plans


def test_copy_both_ways(one_connection):
    client = connect(one_connection, one_connection.pg)
    cursor = client.cursor()
    cursor.execute("CREATE TABLE c (a int)")
    cursor.copy_expert("COPY c FROM STDIN", io.StringIO("".join(f"{i}\n" for i in range(50_000))))
    out = io.StringIO()
    cursor.copy_expert("COPY c TO STDOUT", out)
    assert out.getvalue().count("\n") == 50_000
    with pytest.raises(psycopg2.errors.InvalidTextRepresentation):
        cursor.copy_expert("COPY c FROM STDIN", io.StringIO("nonsense\n" * 200_000))
    assert value(client, "SELECT count(*) FROM c") == 50_000
    assert pool_row(one_connection)["sv_idle"] == "1"
    extended = raw(one_connection)
    extended.send(parse("", "COPY c FROM STDIN"), bind("", ""), describe("P", ""), execute(), SYNC)
    while extended.receive()[0] != "G":
        pass
    extended.send(message("d", b"1\n"), message("c"), SYNC)
    assert extended.until_ready() == ["C COPY 1", "Z I"]
    assert pool_row(one_connection)["sv_idle"] == "1"


def test_currval_and_lastval_never_speak_of_another_client(one_connection):
    a, b = (connect(one_connection, one_connection.pg) for _ in range(2))
    a.cursor().execute("CREATE TABLE t (id serial)")
    b.cursor().execute("INSERT INTO t DEFAULT VALUES")
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState, match="lastval is not yet defined in this session"):
        a.cursor().execute("SELECT lastval()")
    a.cursor().execute("BEGIN; INSERT INTO t DEFAULT VALUES")
    assert value(a, "SELECT lastval()") == 2
    a.cursor().execute("COMMIT")
    extended = raw(one_connection)
    extended.send(parse("", "SELECT lastval()"), bind("", ""), execute(), SYNC)
    assert extended.until_ready() == ["1", "2", "E ERROR 55000", "Z I"]


def test_a_pinned_client_does_not_hear_what_another_has_drawn_before(one_connection):
    a, b = (connect(one_connection, one_connection.pg) for _ in range(2))
    a.cursor().execute("CREATE TABLE t (id serial)")
    b.cursor().execute("INSERT INTO t DEFAULT VALUES")
    a.cursor().execute("SET search_path = pg_catalog, public")
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState, match="lastval is not yet defined in this session"):
        a.cursor().execute("SELECT lastval()")
    a.cursor().execute("INSERT INTO t DEFAULT VALUES")
    assert value(a, "SELECT lastval()") == 2  # its own, as long as it keeps the connection
    assert value(a, "SELECT currval('t_id_seq')") == 2
    a.cursor().execute("RESET search_path")
    with pytest.raises(psycopg2.errors.ObjectNotInPrerequisiteState):
        b.cursor().execute("SELECT lastval()")


def test_a_cancel_hits_its_own_clients_statement_only(two_connections):
    """Cancels in a storm, most of them late: none may end a statement of a client that never asked for it."""
    victim = connect(two_connections, two_connections.pg)
    stop, amiss, counted = threading.Event(), [], []

    def innocent():
        connection = connect(two_connections, two_connections.pg)
        done = 0
        while not stop.is_set():
            try:
                value(connection, "SELECT pg_sleep(0.002)")
                done += 1
            except psycopg2.Error as error:
                amiss.append(str(error))
        counted.append(done)
        connection.close()

    threads = [threading.Thread(target=innocent) for _ in range(3)]
    for thread in threads:
        thread.start()
    end, cancelled = time.monotonic() + 4, 0
    while time.monotonic() < end:
        timer = threading.Timer(0.001, victim.cancel)
        timer.start()
        try:
            value(victim, "SELECT pg_sleep(0.002)")
        except psycopg2.errors.QueryCanceled:
            cancelled += 1
        timer.join()
    stop.set()
    for thread in threads:
        thread.join()
    assert not amiss, amiss[:3]
    assert sum(counted) > 50 and cancelled > 0, (counted, cancelled)


def test_a_client_that_waits_can_be_cancelled_and_lives(one_connection):
    holder, waiter = (connect(one_connection, one_connection.pg) for _ in range(2))
    holder.cursor().execute("BEGIN")
    threading.Timer(0.3, waiter.cancel).start()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        waiter.cursor().execute("SELECT 1")
    holder.cursor().execute("COMMIT")
    assert value(waiter, "SELECT 1") == 1


def test_psycopg2_commits_and_rolls_back(two_connections):
    first = psycopg2.connect(two_connections.url("app", database_of(two_connections.pg)))
    cursor = first.cursor()
    cursor.execute("CREATE TABLE p2 (a int)")
    first.commit()
    cursor.execute("INSERT INTO p2 VALUES (1)")
    first.rollback()
    with first.cursor("named") as named:
        named.itersize = 10
        named.execute("SELECT generate_series(1, 100)")
        assert len(named.fetchall()) == 100
    first.commit()
    first.set_session(readonly=True, autocommit=True)
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        cursor.execute("INSERT INTO p2 VALUES (1)")
    other = connect(two_connections, two_connections.pg)
    other.cursor().execute("INSERT INTO p2 VALUES (2)")
    assert value(other, "SELECT count(*) FROM p2") == 1
    assert pinned(two_connections) == []


def test_psycopg3_prepares_and_its_statements_survive_any_connection(two_connections):
    url = two_connections.url("app", database_of(two_connections.pg))
    amiss = []

    def work(number):
        try:
            with psycopg.connect(url, autocommit=True, prepare_threshold=1) as connection:
                for i in range(60):
                    assert connection.execute("SELECT %s::int + %s", (i, number)).fetchone() == (i + number,)
                    assert connection.execute(f"SELECT %s::text || '{i % 7}'", ("x",)).fetchone() == (f"x{i % 7}",)
                with connection.pipeline():
                    for i in range(20):
                        connection.execute("SELECT %s::int", (i,))
                connection.prepared_max = 2  # it says DEALLOCATE now
                for i in range(20):
                    connection.execute(f"SELECT {i % 5}, %s::int", (i,))
        except Exception as error:  # noqa: BLE001
            amiss.append(repr(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not amiss, amiss
    assert pinned(two_connections) == []


def test_asyncpg_with_its_statement_cache_and_pool(two_connections):
    asyncpg = pytest.importorskip("asyncpg")

    async def work(pool, number):
        for i in range(30):
            async with pool.acquire() as connection:
                assert await connection.fetchval("SELECT $1::int + $2::int", i, number) == i + number
                async with connection.transaction():
                    assert await connection.fetchval(f"SELECT $1::text || '{i % 5}'", "x") == f"x{i % 5}"

    async def run():
        async with asyncpg.create_pool(two_connections.url("app", database_of(two_connections.pg)), min_size=4, max_size=4) as pool:
            await asyncio.gather(*(work(pool, number) for number in range(4)))

    asyncio.run(run())
    wait_until(lambda: pinned(two_connections) == [], 5, "no pinned client")


def test_node_postgres_with_named_statements(two_connections):
    if shutil.which("node") is None or not (HERE / "node/node_modules/pg").exists():
        pytest.skip("node-postgres is not installed (scripts/setup installs it)")
    program = """
      const { Pool } = require('pg');
      (async () => {
        const pool = new Pool({ connectionString: process.argv[1], max: 4 });
        const work = async (n) => {
          for (let i = 0; i < 40; i++) {
            const named = await pool.query({ name: 'sum', text: 'SELECT $1::int + $2::int AS s', values: [i, n] });
            if (named.rows[0].s !== i + n) throw new Error('wrong sum');
            const client = await pool.connect();
            await client.query('BEGIN');
            const { rows } = await client.query({ name: 'txt' + i % 3, text: `SELECT $1::text || '${i % 3}' AS t`, values: ['x'] });
            if (rows[0].t !== 'x' + i % 3) throw new Error('wrong text');
            await client.query('COMMIT');
            client.release();
          }
        };
        await Promise.all([0, 1, 2, 3, 4, 5].map(work));
        await pool.end();
        console.log(JSON.stringify({ done: true }));
      })().catch((error) => { console.error(error); process.exit(1); });
    """
    done = subprocess.run(["node", "-e", program, two_connections.url("app", database_of(two_connections.pg))], capture_output=True, text=True,
                          timeout=120, cwd=HERE / "node")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"done": True}


@pytest.mark.parametrize("protocol", ["simple", "extended", "prepared"])
def test_pgbench_in_every_mode(two_connections, protocol):
    pgbench = shutil.which("pgbench") or "/usr/lib/postgresql/15/bin/pgbench"
    url = two_connections.url("app", database_of(two_connections.pg))
    subprocess.run([pgbench, "-i", "-s", "1", "-q", url], check=True, capture_output=True, timeout=120)
    done = subprocess.run([pgbench, "-n", "-M", protocol, "-c", "6", "-j", "6", "-t", "100", url], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "number of transactions actually processed: 600/600" in done.stdout
    assert pinned(two_connections) == []


def test_a_stopping_server_ends_idle_clients_and_lets_a_transaction_end(one_connection):
    busy, idle = (connect(one_connection, one_connection.pg) for _ in range(2))
    busy.cursor().execute("BEGIN; CREATE TABLE kept (a int)")
    one_connection.process.terminate()
    with pytest.raises(psycopg2.OperationalError):  # 57P01, which psycopg2 does not read when it was idle
        wait_until(lambda: idle.cursor().execute("SELECT 1"), 10, "the end")
    busy.cursor().execute("INSERT INTO kept VALUES (1); COMMIT")
    one_connection.process.wait(20)
