"""Who comes in: methods, rules, limits, cancel keys; answers compared with PostgreSQL's own where it has the same rule."""
import struct
import subprocess
import threading
import time

import psycopg2
import pytest

from certificates import Authority
from raw import RawClient, message, query, readable, startup, text
from servers import wait_until

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def users_file(folder, binary, **passwords):
    path = folder / "users"
    lines = [subprocess.run([str(binary), "passwd", name], input=password + "\n", capture_output=True, text=True, check=True).stdout
             for name, password in passwords.items()]
    path.write_text("".join(lines))
    path.chmod(0o600)
    return path


def rules(*lines):
    return "rules = [" + ", ".join("'" + line + "'" for line in lines) + "]"


def refused(server, user="ann", **options):
    """SQLSTATE and message of the FATAL that a connection ends with; PostgreSQL's libpq puts the address before it."""
    with pytest.raises(psycopg2.OperationalError) as caught:
        psycopg2.connect(server.url(user), **options)
    return str(caught.value).strip().rpartition("FATAL:  ")[2]


@pytest.fixture
def guarded(crossfade, tmp_path, authority, binary):
    """A server that asks for all there is, by the user's name."""
    path = users_file(tmp_path, binary, ann=PASSWORD, bob="other", plain=PASSWORD, vera=PASSWORD)
    listed = rules("host crossfade admin 127.0.0.1/32 trust", "host all guest 127.0.0.1/32 trust", "hostssl all certified all cert",
                   "hostssl all vera all scram-sha-256 clientcert=verify-ca", "host all plain 127.0.0.1/32 password", "host all mallory all reject",
                   "host app ann,bob,nobody all scram-sha-256")
    return crossfade(sqlite=tmp_path / "app.db", settings={"listen": [*authority.settings(clients=True), f'users_file = "{path}"', listed]})


def test_the_right_password_comes_in_the_wrong_one_and_the_unknown_user_hear_the_same(guarded):
    psycopg2.connect(guarded.url("ann"), password=PASSWORD, sslmode="disable").close()
    psycopg2.connect(guarded.url("ann"), password=PASSWORD, sslmode="require").close()
    psycopg2.connect(guarded.url("plain"), password=PASSWORD).close()
    for user, method in (("ann", "scram"), ("nobody", "scram"), ("plain", "password")):
        for sslmode in ("disable", "require"):
            assert refused(guarded, user, password="wrong", sslmode=sslmode) == f'password authentication failed for user "{user}"', method


def test_an_unknown_user_is_asked_the_same_way_each_time(guarded):
    """Salt and iterations must not tell a user who is there from one who is not."""
    seen = {}
    for user in ("ann", "nobody"):
        for _ in range(2):
            client = RawClient("127.0.0.1", guarded.port)
            client.send(startup(user, "app"))
            kind, body = client.receive()
            assert (kind, body) == ("R", struct.pack("!I", 10) + b"SCRAM-SHA-256\0\0")
            first = b"n,,n=,r=abcdefgh"
            client.send(message("p", text("SCRAM-SHA-256") + struct.pack("!I", len(first)) + first))
            kind, body = client.receive()
            parts = dict(part.split("=", 1) for part in body[4:].decode().split(","))
            seen.setdefault(user, set()).add((len(parts["r"]), parts["s"], parts["i"]))
            client.close()
    assert all(len(answers) == 1 for answers in seen.values())
    (known,), (unknown,) = seen["ann"], seen["nobody"]
    assert (known[0], len(known[1]), known[2]) == (unknown[0], len(unknown[1]), unknown[2])


def test_channel_binding_is_offered_behind_tls_and_libpq_takes_it(guarded):
    psycopg2.connect(guarded.url("ann"), password=PASSWORD, sslmode="require", channel_binding="require").close()
    with pytest.raises(psycopg2.OperationalError, match="channel binding"):
        psycopg2.connect(guarded.url("ann"), password=PASSWORD, sslmode="disable", channel_binding="require")


def test_rules_speak_as_pg_hba_does(guarded):
    psycopg2.connect(guarded.url("guest")).close()
    assert refused(guarded, "mallory", sslmode="disable") == \
        'pg_hba.conf rejects connection for host "127.0.0.1", user "mallory", database "app", no encryption'
    assert refused(guarded, "stranger", sslmode="require") == \
        'no pg_hba.conf entry for host "127.0.0.1", user "stranger", database "app", SSL encryption'


def test_client_certificates(guarded, authority):
    def files(name):
        certificate, key = authority.issue(name)
        return {"sslcert": str(certificate), "sslkey": str(key), "sslmode": "require"}

    certified = files("certified")
    psycopg2.connect(guarded.url("certified"), **certified).close()
    assert refused(guarded, "certified", **files("somebody")) == 'certificate authentication failed for user "certified"'
    assert refused(guarded, "certified", sslmode="require", sslcert="/nonexistent") == "connection requires a valid client certificate"
    psycopg2.connect(guarded.url("vera"), password=PASSWORD, **certified).close()
    assert refused(guarded, "vera", password="wrong", **certified) == 'password authentication failed for user "vera"'
    assert refused(guarded, "vera", password=PASSWORD, sslmode="require", sslcert="/nonexistent") == "connection requires a valid client certificate"


def test_a_certificate_that_nobody_vouches_for_ends_the_handshake(guarded, tmp_path):
    certificate, key = Authority(tmp_path / "elsewhere").issue("certified")
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(guarded.url("certified"), sslmode="require", sslcert=str(certificate), sslkey=str(key))
    psycopg2.connect(guarded.url("guest")).close()


@pytest.mark.parametrize("answer", [message("Q", text("SELECT 1")), message("p", b""), message("p", b"no end"), message("p", text("")),
                                    message("p", text("SCRAM-SHA-256") + struct.pack("!I", 2**31)), b"p" + struct.pack("!I", 2**30), b"\0" * 20])
@pytest.mark.parametrize("user", ["ann", "plain"])
def test_malformed_answers_end_that_connection_alone(guarded, user, answer):
    client = RawClient("127.0.0.1", guarded.port)
    client.send(startup(user, "app"))
    client.receive()
    client.send(answer)
    seen = client.until_end()
    assert seen == ["EOF"] or (len(seen) == 2 and seen[0] in ("E FATAL 08P01", "E FATAL 28P01")), seen
    client.close()
    psycopg2.connect(guarded.url("guest")).close()


@pytest.mark.parametrize(("body", "state"), [(b"", "08P01"), (b"ab", "08P01"), (b"a\0b\0", "08P01"), (b"\0", "28P01"), (b"ab\0", "28P01")])
def test_a_password_message_is_one_text(guarded, body, state):
    client = RawClient("127.0.0.1", guarded.port)
    client.send(startup("plain", "app"))
    client.receive()
    client.send(message("p", body))
    assert client.until_end() == [f"E FATAL {state}", "EOF"]
    client.close()


def test_a_large_message_before_authentication_is_not_kept(crossfade, binary, tmp_path):
    # 200 MB of a Query from somebody who had not said who it was stood in memory.
    users = users_file(tmp_path, binary, ann=PASSWORD)
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": ['auth = "scram-sha-256"', f'users_file = "{users}"']})
    client = RawClient("127.0.0.1", server.port)
    client.send(startup("ann", "app"))
    client.receive()
    client.send(b"Q" + struct.pack("!I", 100_000_000) + b"x" * 1_000)
    with pytest.raises((EOFError, ConnectionError)):
        while client.receive():
            pass


def test_limits_by_address_and_by_user(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": ["max_connections_per_address = 3", "max_connections_per_user = 2"]})
    two = [psycopg2.connect(server.url("ann")) for _ in range(2)]
    assert refused(server, "ann") == 'too many connections for role "ann"'
    wait_until(lambda: try_connect(server, "bob", two), 10, "the place of the one refused")
    assert refused(server, "carl") == 'too many connections from address "127.0.0.1"'
    for one in two:
        one.close()
    wait_until(lambda: try_connect(server, "ann", []), 10, "their places")


def try_connect(server, user, kept):
    try:
        kept.append(psycopg2.connect(server.url(user)))
        return True
    except psycopg2.OperationalError:
        return False


def test_max_connections_is_53300_as_postgresql_words_it(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": ["max_connections = 1"]})
    kept = []
    wait_until(lambda: try_connect(server, "ann", kept), 10, "the first")
    assert refused(server, "bob") == "sorry, too many clients already"


def cancel_key(server, version):
    client = RawClient("127.0.0.1", server.port)
    client.send(startup("u", server.database, version))
    negotiated, key = None, None
    while True:
        kind, body = client.receive()
        if kind == "v":
            negotiated = readable(kind, body)
        if kind == "K":
            key = body
        if kind == "Z":
            return client, negotiated, key


@pytest.mark.parametrize("version,negotiated,length", [((3, 0), None, 4), ((3, 2), None, 32), ((3, 9999), "v 2", 32)])
def test_cancel_keys_are_as_long_as_the_protocol_allows(crossfade, tmp_path, version, negotiated, length):
    server = crossfade(sqlite=tmp_path / "app.db")
    client, said, key = cancel_key(server, version)
    assert (said, len(key) - 4) == (negotiated, length)
    client.send(query("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000000) SELECT count(*) FROM r"))

    def cancel(with_key):
        other = RawClient("127.0.0.1", server.port)
        other.send(struct.pack("!II", 8 + len(with_key), 80877102) + with_key)
        assert other.until_end() == ["EOF"]

    for wrong in (key[:-1] + bytes([key[-1] ^ 1]), key[:8] if length > 4 else key + b"x", key[:4] + b"\0" * length):
        cancel(wrong)
    client.socket.settimeout(1)
    with pytest.raises(TimeoutError):
        client.receive()
    client.socket.settimeout(20)
    for _ in range(3):
        cancel(key)
    assert client.until_ready()[-2:] == ["E ERROR 57014", "Z I"]
    client.close()


def test_clear_text_passwords_and_trust_are_refused_where_others_can_connect(crossfade, tmp_path, binary):
    path = users_file(tmp_path, binary, ann=PASSWORD)
    for line in ('auth = "password"', 'auth = "trust"', rules("host all all all trust"), rules("host all all 10.0.0.0/8 password")):
        config = tmp_path / "refused.conf"
        config.write_text(f'[listen]\naddresses = ["0.0.0.0"]\nusers_file = "{path}"\n{line}\n[sqlite]\nfile = "{tmp_path / "x.db"}"\n')
        done = subprocess.run([str(binary), "serve", "--config", str(config)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and "refused" in done.stderr, done.stderr


@pytest.mark.parametrize("opening", ["BEGIN", "BEGIN; SELECT 1 / 0"])
def test_an_idle_transaction_ends_in_postgresqls_words(crossfade, tmp_path, postgres, opening):
    server = crossfade(sqlite=tmp_path / "app.db")
    seen = []
    for port, user, database in ((server.port, "u", "app"), (postgres.port, "postgres", "postgres")):
        client = RawClient("127.0.0.1", port)
        client.send(startup(user, database))
        client.until_ready()
        client.send(query("SET idle_in_transaction_session_timeout = '300ms'"), query(opening))
        client.until_ready(2)
        kind, body = client.receive()
        seen.append((readable(kind, body), [part for part in body.split(b"\0") if part[:1] == b"M"]))
        assert client.until_end() == ["EOF"]
        client.close()
    assert seen[0] == seen[1] and seen[0][0] == "E FATAL 25P03"


def test_a_long_read_on_the_only_thread_keeps_no_password_and_no_end_of_a_batch_waiting(crossfade, tmp_path, binary):
    path = users_file(tmp_path, binary, plain=PASSWORD)
    listed = rules("host all plain 127.0.0.1/32 password", "host all all 127.0.0.1/32 trust")
    server = crossfade(sqlite=tmp_path / "app.db", settings={"sqlite": ["engine_threads = 1"], "listen": [f'users_file = "{path}"', listed]})
    busy, idle = psycopg2.connect(server.url("guest")), psycopg2.connect(server.url("guest"))
    idle.autocommit = True

    def read():
        with pytest.raises(psycopg2.errors.QueryCanceled):
            busy.cursor().execute("SELECT count(*) FROM generate_series(1, 100000000000)")

    reading = threading.Thread(target=read)
    reading.start()
    time.sleep(0.5)  # the only thread is taken
    start = time.monotonic()
    psycopg2.connect(server.url("plain"), password=PASSWORD).close()
    idle.cursor().execute("SET application_name = 'idle'; BEGIN")
    assert time.monotonic() - start < 10
    assert reading.is_alive()
    busy.cancel()
    reading.join(30)
    assert not reading.is_alive()
