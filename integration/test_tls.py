"""Encrypted connections: by SSLRequest and direct, what is refused in plaintext, and handshakes that are cut short."""
import os
import socket
import ssl
import struct
import subprocess
import threading

import psycopg2
import pytest

from certificates import Authority
from raw import RawClient, query, readable, startup
from servers import wait_until

SSL_REQUEST, GSS_REQUEST = struct.pack("!II", 8, 80877103), struct.pack("!II", 8, 80877104)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(crossfade, tmp_path, authority):
    return crossfade(sqlite=tmp_path / "app.db", settings={"listen": [*authority.settings(), 'startup_timeout = "5s"']})


def trusting(authority, alpn=("postgresql",)):
    context = ssl.create_default_context(cafile=str(authority.certificate))
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


def negotiated(server, context):
    """A raw client behind TLS that was asked for by SSLRequest."""
    client = RawClient("127.0.0.1", server.port)
    client.send(SSL_REQUEST)
    assert client._exactly(1) == b"S"
    client.socket = context.wrap_socket(client.socket, server_hostname="localhost")
    return client


def direct(server, context):
    client = RawClient("127.0.0.1", server.port)
    client.socket = context.wrap_socket(client.socket, server_hostname="localhost")
    return client


def works(client):
    client.send(startup("u", "app"))
    assert client.until_ready()[-1] == "Z I"
    client.send(query("SELECT 1"))
    return client.until_ready()[-2:] == ["C SELECT 1", "Z I"]


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def test_psycopg2_verifies_the_server_and_moves_much_both_ways(server, authority):
    connection = psycopg2.connect(server.url(), sslmode="verify-full", sslrootcert=str(authority.certificate), host="localhost", hostaddr="127.0.0.1")
    assert connection.info.ssl_in_use and connection.info.ssl_attribute("protocol") == "TLSv1.3"
    cursor = connection.cursor()
    big = "x" * 3_000_000
    cursor.execute("CREATE TABLE t (id INTEGER, v TEXT)")
    cursor.execute("INSERT INTO t VALUES (1, %s)", (big,))
    cursor.execute("SELECT v FROM t")
    assert cursor.fetchone()[0] == big
    cursor.execute("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 100000) SELECT i FROM r")
    assert sum(row[0] for row in cursor) == 100000 * 100001 // 2
    connection.close()
    plain = psycopg2.connect(server.url(), sslmode="disable")
    assert not plain.info.ssl_in_use
    plain.close()


def test_show_clients_says_who_is_encrypted(server):
    connection = psycopg2.connect(server.url("ann"), sslmode="require")
    tls = {row["user"]: row["tls"] for row in server.console("SHOW CLIENTS")}
    assert tls["ann"] == "TLSv1.3"
    connection.close()


def test_direct_tls_needs_alpn_postgresql(server, authority):
    client = direct(server, trusting(authority))
    assert client.socket.selected_alpn_protocol() == "postgresql"
    assert works(client)
    client.close()
    with pytest.raises((ssl.SSLError, ConnectionError)):  # the alert comes in the handshake
        direct(server, trusting(authority, ["http/1.1"]))
    nobody = direct(server, trusting(authority, None))
    nobody.send(startup("u", "app"))
    with pytest.raises((EOFError, ssl.SSLError, ConnectionError)):
        nobody.receive()


def test_tls_1_1_is_refused(server, authority):
    context = trusting(authority)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        negotiated(server, context)


def test_gss_then_ssl_and_ssl_after_gss(server, authority):
    client = RawClient("127.0.0.1", server.port)
    client.send(GSS_REQUEST)
    assert client._exactly(1) == b"N"
    client.send(SSL_REQUEST)
    assert client._exactly(1) == b"S"
    client.socket = trusting(authority).wrap_socket(client.socket, server_hostname="localhost")
    assert works(client)
    client.close()


@pytest.mark.parametrize("request_,letter", [(SSL_REQUEST, b""), (GSS_REQUEST, b"N")])
def test_what_comes_behind_a_request_without_waiting_is_refused(server, request_, letter):
    """A man in the middle puts it there: it must not be taken for the client's, neither before nor after the handshake."""
    client = RawClient("127.0.0.1", server.port)
    client.send(request_ + startup("u", "app"))
    assert client._exactly(len(letter)) == letter
    kind, body = client.receive()
    assert readable(kind, body) == "E FATAL 08P01" and b"received unencrypted data after" in body
    assert client.until_end() == ["EOF"]
    client.close()


def test_asking_twice_or_inside_tls_is_refused(server, authority):
    client = negotiated(server, trusting(authority))
    client.send(SSL_REQUEST)
    assert client.until_end() == ["E FATAL 0A000", "EOF"]
    client.close()
    client = RawClient("127.0.0.1", server.port)
    client.send(GSS_REQUEST)
    assert client._exactly(1) == b"N"
    client.send(GSS_REQUEST)
    assert client.until_end() == ["E FATAL 0A000", "EOF"]
    client.close()


def test_without_a_certificate_ssl_is_n_and_direct_tls_is_closed_without_a_word(crossfade, tmp_path, authority):
    server = crossfade(sqlite=tmp_path / "app.db")
    client = RawClient("127.0.0.1", server.port)
    client.send(SSL_REQUEST)
    assert client._exactly(1) == b"N"
    assert works(client)
    client.close()
    with pytest.raises((ssl.SSLError, ConnectionError)):
        direct(server, trusting(authority))


def test_required_refuses_plaintext_in_postgresqls_words(crossfade, tmp_path, authority):
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": authority.settings("required")})
    with pytest.raises(psycopg2.OperationalError, match='no pg_hba.conf entry for host "127.0.0.1", user "app", database "app", no encryption'):
        psycopg2.connect(server.url(), sslmode="disable")
    psycopg2.connect(server.url(), sslmode="require").close()


def test_messages_cut_at_every_tls_record(server, authority):
    client = direct(server, trusting(authority))
    for byte in startup("u", "app") + query("SELECT 1"):
        client.send(bytes([byte]))
    assert client.until_ready(2)[-2:] == ["C SELECT 1", "Z I"]
    client.close()


def test_a_cancel_request_comes_through_tls(server, authority):
    connection = psycopg2.connect(server.url(), sslmode="require")
    client = negotiated(server, trusting(authority))
    client.send(startup("u", "app"))
    key = None
    while key is None:
        kind, body = client.receive()
        key = body if kind == "K" else None
    client.until_ready()
    client.send(query("WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000000) SELECT count(*) FROM r"))
    ended = []
    waiting = threading.Thread(target=lambda: ended.extend(client.until_ready()))
    waiting.start()

    def cancel():
        other = negotiated(server, trusting(authority))
        other.send(struct.pack("!II", 8 + len(key), 80877102) + key)
        other.close()
        return bool(ended)

    wait_until(cancel, 30, "the cancel")
    waiting.join()
    assert ended[-2:] == ["E ERROR 57014", "Z I"]
    client.close()
    connection.close()


def test_handshakes_cut_at_every_place_leave_nothing_behind(server, authority, gate):
    works(direct(server, trusting(authority)))
    before = descriptors(server)
    for cut_after in [*range(1, 40, 6), *range(60, 2600, 160)]:
        one = gate("127.0.0.1", server.port)
        one.cut_after = cut_after
        for connect in (direct, negotiated):
            try:
                client = RawClient("127.0.0.1", one.port)
                client.socket.settimeout(5)
                if connect is negotiated:
                    client.send(SSL_REQUEST)
                    client._exactly(1)
                client.socket = trusting(authority).wrap_socket(client.socket, server_hostname="localhost")
                client.send(startup("u", "app"))
                client.until_ready()
            except (OSError, EOFError, AssertionError):
                pass
            finally:
                client.close()
        one.close()
    wait_until(lambda: descriptors(server) <= before, 15, "the descriptors")
    assert works(negotiated(server, trusting(authority)))


def test_a_handshake_that_does_not_go_on_ends_with_the_startup_timeout(crossfade, tmp_path, authority):
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": [*authority.settings(), 'startup_timeout = "1s"']})
    before = descriptors(server)
    hanging = []
    for opening in (b"", b"\x16", SSL_REQUEST, SSL_REQUEST[:4]):
        hanging.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        hanging[-1].sendall(opening)
    for one in hanging:
        while one.recv(100):
            pass
        one.close()
    wait_until(lambda: descriptors(server) <= before, 10, "the descriptors")


def test_a_client_that_vanishes_behind_tls_is_noticed_while_its_statement_runs(server, authority):
    one = psycopg2.connect(server.url(), sslmode="require")
    one.autocommit = True
    one.cursor().execute("CREATE TABLE t (n BIGINT)")
    gone = negotiated(server, trusting(authority))
    gone.send(startup("u", "app"))
    gone.until_ready()
    gone.send(query("INSERT INTO t WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000000) SELECT i FROM r"))
    gone.close()
    one.cursor().execute("SET lock_timeout = '15s'; INSERT INTO t VALUES (1)")
    one.close()


def test_psql_speaks_tls(server, authority):
    done = subprocess.run(["psql", "-X", "-At", f"{server.url()}?sslmode=verify-ca&sslrootcert={authority.certificate}", "-c", "SELECT 6 * 7"],
                          capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "42", done.stderr
