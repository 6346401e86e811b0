"""Who a client is here and there: users mapped to roles and databases of PostgreSQL, verifiers asked of it, TLS on the way to it."""
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

import psycopg2
import pytest

from certificates import Authority
from raw import RawClient, query, startup
from servers import Postgres, free_port, wait_until
from test_pool import connect, database_of, pooled, value


def who(connection):
    return value(connection, "SELECT session_user || '@' || current_database()")


@pytest.fixture
def roles(postgres):
    names = ("mapped_one", "mapped_two", "odd name")
    connection = postgres.connect()
    for name in names:
        connection.cursor().execute(f'DROP ROLE IF EXISTS "{name}"; CREATE ROLE "{name}" LOGIN')
    connection.close()
    return names


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_users_go_to_postgresql_as_the_first_line_that_matches_says(crossfade, postgres, pg_database, roles, mode):
    here, other = database_of(pg_database), postgres.create_database()
    lines = ["app user=mapped_one", f"app2/{here} user=mapped_two dbname={other}", '"odd name" user=$user application_name=$user', f"*/{other} user=$user"]
    proxy = pooled(crossfade, pg_database, f'mode = "{mode}"', settings={"postgres": ["users = [" + ", ".join(repr(line) for line in lines) + "]"]})

    def at(user, database=here):
        connection = proxy.connect(user, database) if " " not in user else psycopg2.connect(host="127.0.0.1", port=proxy.port, user=user, dbname=database)
        connection.autocommit = True
        return connection

    assert who(at("app")) == f"mapped_one@{here}"
    assert who(at("app2")) == f"mapped_two@{other}"
    assert who(at("odd name")) == f"odd name@{here}"
    assert who(at("mapped_two", other)) == f"mapped_two@{other}"
    assert who(at("nobody")) == f"postgres@{here}"  # as the conninfo says
    with pytest.raises(psycopg2.OperationalError, match='role "nobody" does not exist'):
        at("nobody", other).cursor().execute("SELECT 1")


def test_a_line_of_users_that_says_nothing_ends_the_start(binary, tmp_path, pg_database):
    for line, words in (("app", "it says nothing"), ("app nonsense=1", "invalid connection option"), ("", "it names nobody"), ("app/ dbname=x", "it names nobody")):
        config = tmp_path / "proxy.conf"
        config.write_text(f'[listen]\nport = {free_port()}\n[postgres]\nconninfo = "{pg_database}"\nusers = ["{line}"]\n')
        done = subprocess.run([str(binary), "serve", "--config", str(config)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and words in done.stderr, (line, done.stderr)
    config.write_text(f'[listen]\nport = {free_port()}\n[postgres]\nconninfo = "{pg_database}"\nusers = ["* user=$user"]\n')
    done = subprocess.run([str(binary), "serve", "--config", str(config), "--sqlite", str(tmp_path / "a.db")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "without a SQLite side" in done.stderr


@pytest.fixture
def asked(crossfade, gate, postgres, pg_database):
    """A proxy that asks PostgreSQL for verifiers, through a gate."""
    connection = postgres.connect()
    connection.cursor().execute("DROP ROLE IF EXISTS looked_up, no_password, old_password; CREATE ROLE looked_up LOGIN PASSWORD 'right'; CREATE ROLE no_password LOGIN;"
                                "SET password_encryption = md5; CREATE ROLE old_password LOGIN PASSWORD 'right'")
    connection.close()
    way = gate("127.0.0.1", postgres.port)
    text = "SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin AND rolname = $1"
    proxy = pooled(crossfade, pg_database.replace(f"port={postgres.port}", f"port={way.port}"),
                   settings={"listen": ['auth = "scram-sha-256"', f'auth_query = "{text}"'], "postgres": ['connect_timeout = "2s"']})
    proxy.way, proxy.pg = way, pg_database
    return proxy


def enter(proxy, user, password):
    connection = psycopg2.connect(host="127.0.0.1", port=proxy.port, user=user, password=password, dbname=database_of(proxy.pg))
    connection.autocommit = True
    return connection


def test_a_verifier_of_postgresql_lets_its_user_in(asked, postgres):
    assert value(enter(asked, "looked_up", "right"), "SELECT 1") == 1
    for user, password in (("looked_up", "wrong"), ("nobody", "right"), ("no_password", "right"), ("old_password", "right"), ("x' OR true --", "right")):
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            enter(asked, user, password)
    connection = postgres.connect()
    connection.cursor().execute("ALTER ROLE looked_up PASSWORD 'new'")  # counts at once
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        enter(asked, "looked_up", "right")
    assert value(enter(asked, "looked_up", "new"), "SELECT 1") == 1
    assert value(connection, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crossfade auth query'") == 1
    connection.close()


def test_a_look_up_that_fails_is_told_without_details_and_heals(asked):
    value(enter(asked, "looked_up", "right"), "SELECT 1")
    asked.way.refuse()
    with pytest.raises(psycopg2.OperationalError, match='the password of user "looked_up" could not be looked up') as error:
        enter(asked, "looked_up", "right")
    assert str(asked.way.port) not in str(error.value).split("FATAL:")[1]
    assert "auth_query failed" in asked.log_text()
    asked.way.refuse(False)
    wait_until(lambda: enters(asked), 20, "a way in")


def test_a_name_that_is_no_utf8_is_nobody_and_a_statement_that_fails_shuts_nobody_else_out(asked, postgres):
    def answer_to(name):
        body = b"\x00\x03\x00\x00user\0" + name + b"\0database\0" + database_of(asked.pg).encode() + b"\0\0"
        with socket.create_connection(("127.0.0.1", asked.port), timeout=20) as client:
            client.sendall((len(body) + 4).to_bytes(4, "big") + body)
            return client.recv(13)

    for _ in range(5):  # asked for a proof like anybody
        assert answer_to(b"\xff\xfe") == answer_to(b"nobody") != b""
        assert value(enter(asked, "looked_up", "right"), "SELECT 1") == 1
    assert "auth_query failed" not in asked.log_text()


def test_a_query_that_fails_for_one_name_is_asked_again_for_the_next(crossfade, postgres, pg_database):
    connection = postgres.connect()
    connection.cursor().execute("DROP ROLE IF EXISTS looked_up; CREATE ROLE looked_up LOGIN PASSWORD 'right'")
    connection.close()
    text = "SELECT CASE $1 WHEN 'breaks' THEN (1 / (length($1) - 6))::text ELSE rolpassword END FROM pg_authid WHERE rolname = $1 OR $1 = 'breaks' LIMIT 1"
    proxy = pooled(crossfade, pg_database, settings={"listen": ['auth = "scram-sha-256"', f'auth_query = "{text}"']})
    proxy.pg = pg_database
    for _ in range(3):
        with pytest.raises(psycopg2.OperationalError, match="could not be looked up"):
            enter(proxy, "breaks", "right")
        assert value(enter(proxy, "looked_up", "right"), "SELECT 1") == 1


def test_the_query_that_is_suggested_respects_valid_until(crossfade, postgres, pg_database):
    guide = (pathlib.Path(__file__).parent.parent / "docs/service.md").read_text()
    text = re.search(r'`auth_query = "(SELECT [^"]*)"`', guide)[1]
    connection = postgres.connect()
    for name, until in (("for_ever", ""), ("still_good", "VALID UNTIL '2999-01-01'"), ("expired", "VALID UNTIL '2001-01-01'")):
        connection.cursor().execute(f"DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN PASSWORD 'right' {until}")
    connection.close()
    proxy = pooled(crossfade, pg_database, settings={"listen": ['auth = "scram-sha-256"', f'auth_query = "{text}"']})
    proxy.pg = pg_database
    for name in ("for_ever", "still_good"):
        assert value(enter(proxy, name, "right"), "SELECT 1") == 1
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        enter(proxy, "expired", "right")


def test_no_password_of_the_users_is_shown(crossfade, binary, postgres, pg_database, roles):
    lines = ["app user=mapped_one password=SECRET1", "other password='SECRET 2' user=x", "third password = SECRET\\ 3&4 user=y"]
    proxy = pooled(crossfade, pg_database, settings={"postgres": ["users = [" + ", ".join('"' + line.replace("\\", "\\\\") + '"' for line in lines) + "]"]})
    shown = {row["name"]: row["setting"] for row in proxy.console("SHOW CONFIG")}["postgres.users"]
    assert shown == '["app user=mapped_one password=***", "other password=*** user=x", "third password = *** user=y"]'
    for flags in ([], ["--json"]):
        done = subprocess.run([str(binary), "check-config", "--config", str(proxy.config()), *flags], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "mapped_one" in done.stdout and "SECRET" not in done.stdout + done.stderr, done.stdout


def enters(proxy):
    try:
        return value(enter(proxy, "looked_up", "right"), "SELECT 1") == 1
    except psycopg2.OperationalError:
        return False


@pytest.fixture(scope="module")
def tls_postgres(tmp_path_factory):
    """A PostgreSQL that takes TLS connections only."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    certificate, key = authority.issue("localhost", "postgres")
    server = Postgres.start()
    for file in (certificate, key):
        target = server.folder / "data" / pathlib.Path(file).name
        shutil.copy(file, target)
        if server.as_user:
            shutil.chown(target, "postgres", "postgres")
        target.chmod(0o600)
    with open(server.folder / "data" / "postgresql.conf", "a", encoding="utf-8") as conf:
        conf.write(f"ssl = on\nssl_cert_file = '{pathlib.Path(certificate).name}'\nssl_key_file = '{pathlib.Path(key).name}'\n")
    (server.folder / "data" / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 trust\n")
    server.down()
    server.up()
    server.authority = authority
    yield server
    server.stop()


@pytest.mark.parametrize("mode", ["session", "transaction"])
@pytest.mark.parametrize("sslmode", ["verify-full", "require", "unsaid"])
def test_the_way_to_postgresql_is_encrypted_where_it_is_to_be(crossfade, tls_postgres, tmp_path, mode, sslmode):
    """`unsaid`: the server insists on TLS, and gets it."""
    said = "" if sslmode == "unsaid" else f" sslmode={sslmode} sslrootcert={tls_postgres.authority.certificate}"
    conninfo = tls_postgres.conninfo()
    proxy = crossfade(postgres=conninfo + said, settings={"pool": [f'mode = "{mode}"', "max_connections = 3", 'check_interval = "1s"']})
    client = connect(proxy, conninfo)
    assert value(client, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    client.cursor().execute("DROP TABLE IF EXISTS t; CREATE TABLE t (a int, b text)")
    large = "x" * 3_000_000
    assert value(client, "SELECT %s", large) == large  # more than one record, more than one buffer, both ways
    assert value(client, "SELECT count(*) FROM generate_series(1, 200000)") == 200_000
    cursor = client.cursor()
    cursor.execute("SELECT g, repeat('y', 100) FROM generate_series(1, 50000) g")
    assert sum(len(row[1]) for row in cursor) == 5_000_000
    with open(tmp_path / "rows", "w+", encoding="ascii") as file:
        file.write("".join(f"{number}\t{'z' * 50}\n" for number in range(100_000)))
        file.seek(0)
        cursor.copy_expert("COPY t FROM STDIN", file)
    assert value(client, "SELECT count(*) FROM t") == 100_000
    canceller = threading.Timer(0.5, client.cancel)
    canceller.start()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        value(client, "SELECT pg_sleep(20)")
    canceller.join()
    backend = value(client, "SELECT pg_backend_pid()")
    client.close()
    time.sleep(2.5)  # it is asked for a sign of life meanwhile, and gives it
    again = connect(proxy, conninfo)
    assert value(again, "SELECT count(*) FROM pg_stat_activity WHERE pid = %s", backend) == 1


def test_pipelines_through_an_encrypted_way_come_whole_and_in_order(crossfade, tls_postgres):
    proxy = crossfade(postgres=tls_postgres.conninfo() + " sslmode=require", settings={"pool": ['mode = "transaction"']})
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", "postgres"))
    client.until_ready()
    client.send(*[query(f"SELECT {number}, repeat('a', {number * 37 % 20_000})") for number in range(300)])
    heard = client.until_ready(300)
    assert [line for line in heard if line.startswith("C ")] == ["C SELECT 1"] * 300 and "EOF" not in heard


def test_a_certificate_that_nobody_vouches_for_is_refused(crossfade, tls_postgres, tmp_path):
    stranger = Authority(tmp_path / "stranger")
    proxy = crossfade(postgres=tls_postgres.conninfo() + f" sslmode=verify-full sslrootcert={stranger.certificate}")
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        connect(proxy, tls_postgres.conninfo())
    named = crossfade(postgres=tls_postgres.conninfo().replace("127.0.0.1", "127.0.0.2") + f" sslmode=verify-full sslrootcert={tls_postgres.authority.certificate}")
    with pytest.raises(psycopg2.OperationalError, match="127.0.0.2|does not match|Connection refused"):
        connect(named, tls_postgres.conninfo())
