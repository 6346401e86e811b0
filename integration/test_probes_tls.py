"""The corners of encrypted connections, held with a PostgreSQL 15 that has TLS; and handshakes that nobody could mean."""
import contextlib
import os
import pathlib
import random
import shutil
import socket
import ssl
import struct
import subprocess

import pytest

import test_probes_startup
from probing import PATIENCE, Server, compare, heard
from raw import SYNC, bind, execute, message, parse, query
from servers import Crossfade, Postgres, wait_until

Authority = pytest.importorskip("certificates").Authority
SSL = struct.pack("!II", 8, 80877103)
HELLO = bytes.fromhex("160301")  # a handshake record of TLS 1.0, as every ClientHello begins


class TlsServer(Server):
    """A server that is spoken to behind TLS asked for by SSLRequest."""

    context = None

    def connect(self):
        client = super().connect()
        client.send(SSL)
        assert client._exactly(1) == b"S"
        client.socket = self.context.wrap_socket(client.socket)
        return client

    def connect_plain(self):
        return super().connect()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder / "authority")
    proxy = Crossfade(folder=folder, sqlite=folder / "app.db", settings={"listen": [*authority.settings(),
        "max_connections = 200"]}).start()
    certificate, key = authority.issue("localhost", "postgres")
    keys = pathlib.Path("/tmp") / f"crossfade-tls-{os.getpid()}"  # where the user postgres can read
    keys.mkdir(mode=0o755)
    for source in (certificate, key):
        shutil.copy(source, keys)
        if os.geteuid() == 0:
            shutil.chown(keys / source.name, "postgres")
        os.chmod(keys / source.name, 0o600)
    postgres = Postgres.start(["ssl = on", f"ssl_cert_file = '{keys / certificate.name}'", f"ssl_key_file = '{keys / key.name}'"])
    TlsServer.context = ssl.create_default_context(cafile=str(authority.certificate))
    TlsServer.context.check_hostname = False
    yield TlsServer(proxy.port, "app", "app"), TlsServer(postgres.port, "postgres", postgres.create_database(), postgres.folder)
    assert proxy.process.poll() is None, proxy.log_tail()
    proxy.stop()
    postgres.stop()
    shutil.rmtree(keys)


@pytest.mark.parametrize("name", test_probes_startup.CASES)
def test_start_up_behind_tls_is_answered_as_postgresql_answers_it(pair, name):
    data, letters = test_probes_startup.CASES[name]
    through, direct = (test_probes_startup.ending(server, data(server), letters) for server in pair)
    assert through == direct


CASES = {
    "queries": [query("SELECT 1"), query("SELECT nope"), query("")],
    "a pipeline": [b"".join(parse("", "SELECT $1::int") + bind("", "", [b"%d" % n]) + execute() for n in range(200)) + SYNC],
    "a thousand Syncs": [SYNC * 1000],
    "10 MB up": [parse("", "SELECT length($1::text)") + bind("", "", [b"x" * 10_000_000]) + execute() + SYNC],
    "20,000 rows down": [query("SELECT i, 'a text' FROM generate_series(1, 20000) g(i)")],
    "an unknown message": [message("?")],
    "a length that cannot be": [b"Q\0\0\0\1"],
    "Terminate": [message("X")],
}


@pytest.mark.parametrize("name", CASES)
def test_sessions_behind_tls_say_the_same(pair, name):
    compare(pair, CASES[name])


# What comes instead of a ClientHello after the S: how the server ends it.
NONSENSE = {
    "a start-up packet in plaintext": lambda server: server.hello(),
    "a query": lambda server: query("SELECT 1"),
    "HTTP": lambda server: b"GET / HTTP/1.1\r\n\r\n",
    "zeros": lambda server: b"\0" * 100,
    "a record of another kind": lambda server: b"\x17\x03\x03\x00\x05hello",
    "an alert": lambda server: b"\x15\x03\x03\x00\x02\x02\x28",
    "a record too long": lambda server: HELLO + b"\xff\xff" + b"x" * 100,
    "an empty record": lambda server: HELLO + b"\0\0",
    "a handshake message that is no hello": lambda server: HELLO + b"\0\4" + b"\x0e\0\0\0",
    "a hello that is cut short inside": lambda server: HELLO + b"\0\6" + b"\1\0\0\2\3\3",
    "a hello with a wrong length": lambda server: HELLO + b"\0\x0a" + b"\1\xff\xff\xff\3\3abcd",
    "SSL 2": lambda server: b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + b"\x01\x00\x80" * 7 + b"0123456789abcdef",
    "a second SSLRequest": lambda server: SSL,
}


@pytest.mark.parametrize("name", NONSENSE)
def test_what_is_no_handshake_ends_the_connection_without_a_message_in_plaintext(pair, name):
    """PostgreSQL ends it with a TLS alert or nothing, depending on what OpenSSL found: never with an ErrorResponse."""
    seen = []
    for server in pair:
        client = server.connect_plain()
        client.send(SSL)
        assert client._exactly(1) == b"S"
        with contextlib.suppress(OSError):
            client.send(NONSENSE[name](server))
            client.socket.shutdown(socket.SHUT_WR)
        came = b""
        with contextlib.suppress(ConnectionError):
            while part := client.socket.recv(4096):
                came += part
        client.close()
        seen.append(came[:1] in (b"", b"\x15"))
    assert seen == [True, True]
    assert pair[0].alive()


def test_random_handshakes_leave_the_server_well(pair):
    source = random.Random(11)
    server = pair[0]
    for _ in range(150):
        client = server.connect_plain()
        client.send(SSL)
        assert client._exactly(1) == b"S"
        body = b"\1" + source.randbytes(source.randrange(1, 300))
        with contextlib.suppress(OSError):
            client.send(HELLO + struct.pack("!H", len(body)) + body)
            client.socket.shutdown(socket.SHUT_WR)
            while client.socket.recv(4096):
                pass
        client.close()
    assert server.alive()


def test_half_handshakes_leave_no_descriptor(pair):
    """The client's own hello, cut at every byte; half of the connections are reset."""
    server = pair[0]
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    wrapped = server.context.wrap_bio(incoming, outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        wrapped.do_handshake()
    hello = outgoing.read()
    process = int(subprocess.run(["fuser", f"{server.port}/tcp"], capture_output=True,
                                 text=True).stdout.split()[0]) if shutil.which("fuser") else None
    folder = pathlib.Path("/proc") / str(process) / "fd" if process else None
    assert server.alive()
    before = wait_until(lambda: len(list(folder.iterdir())), 5) if folder else 0
    for place in range(0, len(hello), 2):
        client = server.connect_plain()
        client.send(SSL)
        assert client._exactly(1) == b"S"
        client.send(hello[:place])
        if place % 4:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
    assert server.alive()
    if folder:
        wait_until(lambda: len(list(folder.iterdir())) <= before, 30, "the descriptors' end")


def test_a_client_that_asks_to_renegotiate_is_not_heard(pair):
    """TLS 1.2, where it was possible: PostgreSQL and Crossfade both refuse with no_renegotiation, and the process lives."""
    seen = []
    for server in pair:
        done = subprocess.run(["openssl", "s_client", "-starttls", "postgres", "-tls1_2", "-connect",
                               f"127.0.0.1:{server.port}"], input="R\n", capture_output=True, text=True, timeout=PATIENCE)
        seen.append("no renegotiation" in done.stdout + done.stderr)
    assert seen == [True, True]
    assert pair[0].alive()


def test_tls_records_of_one_byte_each_are_read(pair):
    client = pair[0].connect()
    for byte in pair[0].hello() + query("SELECT 1 AS one"):
        client.socket.sendall(bytes([byte]))
    assert heard(client, 2, None, PATIENCE)[-4:] == ["T [('one', 23, 4, -1, 0)]", "D [b'1']", "C SELECT 1", "Z I"]
    client.close()
