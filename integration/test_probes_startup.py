"""Start-up packets of every kind, encryption requests and cancel requests: what PostgreSQL 15 answers to the same bytes."""
import contextlib
import os
import re
import socket
import struct

import pytest

from probing import PATIENCE, heard, told
from raw import FLUSH, SYNC, TERMINATE, describe, parse, query, text

SSL, GSS, CANCEL = 80877103, 80877104, 80877102
TLS_HELLO = bytes.fromhex("16030100c6010000c20303") + bytes(range(32)) + bytes.fromhex("00") + b"\0" * 155


def packet(body):
    return struct.pack("!I", len(body) + 4) + body


def request(code):
    return packet(struct.pack("!I", code))


def hello(server, version=(3, 0), tail=b"\0", user=None, database=None, **options):
    pairs = {"user": server.user if user is None else user, "database": server.database if database is None else database,
             **options}
    return packet(struct.pack("!HH", *version) + b"".join(text(key) + (value if isinstance(value, bytes) else value.encode())
                                                          + b"\0" for key, value in pairs.items()) + tail)


def parts(server, *strings, version=(3, 0)):
    """A packet of these strings; {u} and {d} are the server's user and database."""
    return packet(struct.pack("!HH", *version) + b"".join(text(one.format(u=server.user, d=server.database)) for one in strings))


def ending(server, data, letters=0):
    """Everything a server answers to the bytes when nothing follows them: `letters` single bytes first, then messages."""
    client = server.connect()
    with contextlib.suppress(OSError):
        client.send(data)
        socket.socket.shutdown(client.socket, socket.SHUT_WR)  # behind TLS, too: without its farewell
    seen = []
    try:
        for _ in range(letters):
            seen.append(client._exactly(1))
    except (EOFError, ConnectionError):
        seen.append("EOF")
    if "EOF" not in seen:
        seen += heard(client, 10**6, None, PATIENCE)
    client.close()
    return [comparable(line, server) for line in seen]


def comparable(line, server):
    """Names that differ by set-up, and the values of parameters that say who answers."""
    if isinstance(line, bytes):
        return line
    if line.startswith(("S server_version", "S is_superuser", "S session_authorization", "S TimeZone")):
        return line.split("=")[0]
    line = re.sub(r"a{100,}", "aaa", line)  # as many as the names leave room for
    line = re.sub(r"server supports 3\.0 to 3\.\d", "server supports what it supports", line)
    return line.replace(f'"{server.database}"', '"<database>"').replace(f'"{server.user}"', '"<user>"')


# name -> (bytes of a server, single letters that come first)
CASES = {
    "nothing at all": (lambda s: b"", 0),
    "one byte": (lambda s: b"\0", 0),
    "three bytes of a length": (lambda s: b"\0\0\0", 0),
    **{f"length {length}": (lambda s, length=length: struct.pack("!I", length) + b"\0" * 32, 0)
       for length in (0, 1, 3, 4, 5, 7, 2**31 - 1, 2**31, 2**32 - 1, 10_005, 100_000)},
    "length 8 and a version alone": (lambda s: packet(struct.pack("!HH", 3, 0)), 0),
    "a packet that is cut": (lambda s: hello(s)[:-3], 0),
    "the largest packet": (lambda s: hello(s, application_name=b"a" * (10_000 - len(hello(s)) - len("application_name") - 2
        + 4)), 0),
    "one byte more than the largest": (lambda s: hello(s,
                                                       application_name=b"a" * (10_000 - len(hello(s)) - len("application_name") - 2 + 5)), 0),
    "no terminator": (lambda s: hello(s, tail=b""), 0),
    "a name without a value": (lambda s: hello(s, tail=b"application_name\0"), 0),
    "a name without its end": (lambda s: hello(s, tail=b"application_name"), 0),
    "bytes after the terminator": (lambda s: hello(s, tail=b"\0x"), 0),
    "two terminators": (lambda s: hello(s, tail=b"\0\0"), 0),
    "no parameters": (lambda s: packet(struct.pack("!HH", 3, 0) + b"\0"), 0),
    "no user": (lambda s: parts(s, "database", "{d}", ""), 0),
    "an empty user": (lambda s: hello(s, user=""), 0),
    "a user twice": (lambda s: parts(s, "user", "someone_else", "user", "{u}", "database", "{d}", ""), 0),
    "an empty database is the user's": (lambda s: parts(s, "user", "{u}", "database", "", ""), 0),
    "no database is the user's": (lambda s: parts(s, "user", "{u}", ""), 0),
    "an unknown database": (lambda s: hello(s, database="no_such_database"), 0),
    "a database of 64 bytes": (lambda s: hello(s, database="d" * 64), 0),
    "a database that is no UTF-8": (lambda s: hello(s, database=b"\xff\xfe"), 0),
    "an unknown parameter": (lambda s: hello(s, nonsense="1"), 0),
    "an unknown parameter with a dot": (lambda s: hello(s, **{"my.thing": "1"}), 0),
    "application_name": (lambda s: hello(s, application_name="probe"), 0),
    "application_name beyond ASCII": (lambda s: hello(s, application_name="Grüße"), 0),
    "application_name of 100 bytes": (lambda s: hello(s, application_name="a" * 100), 0),
    "application_name of 40 letters of two bytes": (lambda s: hello(s, application_name="ä" * 40), 0),
    "application_name of 64 bytes by options": (lambda s: hello(s, options="-c application_name=" + "b" * 64), 0),
    "styles": (lambda s: hello(s, DateStyle="German", IntervalStyle="iso_8601"), 0),
    "several parameters": (lambda s: hello(s, DateStyle="ISO, DMY", TimeZone="Asia/Tokyo", client_encoding="UTF8",
                                           extra_float_digits="2"), 0),
    "a parameter's bad value": (lambda s: hello(s, extra_float_digits="many"), 0),
    "a bad DateStyle": (lambda s: hello(s, DateStyle="nonsense"), 0),
    "a bad time zone": (lambda s: hello(s, TimeZone="Nowhere/Land"), 0),
    "a bad encoding": (lambda s: hello(s, client_encoding="klingon"), 0),
    "encodings in other spellings": (lambda s: hello(s, client_encoding="utf-8"), 0),
    "a parameter that cannot be set": (lambda s: hello(s, server_version="16"), 0),
    "options": (lambda s: hello(s, options="-c application_name=fromoptions -c extra_float_digits=0"), 0),
    "options with --": (lambda s: hello(s, options="--application_name=dashes --search-path=public"), 0),
    "options with escapes": (lambda s: hello(s, options="-c application_name=two\\ words"), 0),
    "options without a value": (lambda s: hello(s, options="-c"), 0),
    "options without =": (lambda s: hello(s, options="-c application_name"), 0),
    "options with an unknown parameter": (lambda s: hello(s, options="-c nonsense=1"), 0),
    "empty options": (lambda s: hello(s, options=""), 0),
    "blank options": (lambda s: hello(s, options="   "), 0),
    "a parameter and the same option": (lambda s: hello(s, application_name="parameter", options="-c application_name=option"),
                                        0),
    "replication off": (lambda s: hello(s, replication="false"), 0),
    "replication that is no word": (lambda s: hello(s, replication="perhaps"), 0),
    "protocol 3.0 with an option of its own": (lambda s: hello(s, **{"_pq_.one": "1"}), 0),
    "HTTP": (lambda s: b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0),
    "a TLS hello": (lambda s: TLS_HELLO, 0),
    "SSH": (lambda s: b"SSH-2.0-OpenSSH_9.6\r\n", 0),
    "all bytes 255": (lambda s: b"\xff" * 64, 0),
    "all bytes 0": (lambda s: b"\0" * 64, 0),
    "a message where a start-up packet is due": (lambda s: query("SELECT 1"), 0),
    "a request of 1234.5678 plus one": (lambda s: request(80877101), 0),
    "1234.5681": (lambda s: request(80877105), 0),
    "SSL then nothing": (lambda s: request(SSL), 1),
    "SSL with a body": (lambda s: packet(struct.pack("!I", SSL) + b"body"), 1),
    "a cancel request alone": (lambda s: packet(struct.pack("!III", CANCEL, 0, 0)), 0),
    "a cancel request that is cut": (lambda s: packet(struct.pack("!II", CANCEL, 1)), 0),
    "a cancel request without anything": (lambda s: packet(struct.pack("!I", CANCEL)), 0),
    "a cancel request that is long": (lambda s: packet(struct.pack("!III", CANCEL, 1, 2) + b"xyz"), 0),
    "a session that ends at once": (lambda s: hello(s), 0),
    "a session that terminates": (lambda s: hello(s) + TERMINATE, 0),
    "a query behind the start-up packet": (lambda s: hello(s) + query("SELECT 1") + TERMINATE, 0),
    "a password that nobody asked for": (lambda s: hello(s) + b"p\0\0\0\x05\0", 0),
}
@pytest.mark.parametrize("name", CASES)
def test_start_up_is_answered_as_postgresql_answers_it(probe_pair, name):
    data, letters = CASES[name]
    through, direct = (ending(server, data(server), letters) for server in probe_pair)
    assert through == direct
    assert probe_pair[0].alive()


# What comes one after the other, each waited for: letters, then the session.
REQUESTS = {
    "SSL": [SSL], "GSS": [GSS], "GSS then SSL": [GSS, SSL], "SSL then GSS": [SSL, GSS], "SSL twice": [SSL, SSL],
    "GSS twice": [GSS, GSS],
    "SSL, GSS, SSL": [SSL, GSS, SSL], "GSS, SSL, GSS": [GSS, SSL, GSS],
}

@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_encryption_requests_are_answered_one_by_one(probe_pair, name):
    """Of PostgreSQL without TLS and GSSAPI: through its Unix socket, for a PostgreSQL built with GSSAPI offers it over TCP."""
    seen = []
    for server in probe_pair:
        client, got = server.connect() if server is probe_pair[0] else server.connect_unix(), []
        for code in REQUESTS[name]:
            client.send(request(code))
            try:
                got.append(client._exactly(1))
            except EOFError:
                got.append("EOF")
                break
            if got[-1] == b"E":  # an error in place of the letter: its rest tells nothing but the text
                client.buffer = b"E" + client.buffer
                got[-1:] = [comparable(line, server) for line in heard(client, 10**6, None, PATIENCE)]
                break
        if got[-1] == b"N":
            client.send(hello(server) + query("SELECT 1"))
            got += [comparable(line, server) for line in heard(client, 2, None, PATIENCE)]
        client.close()
        seen.append(got)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("version", [
    (2, 0), (1, 0), (4, 0), (255, 255), (65535, 65535), (0, 0)])
def test_other_major_versions_are_refused(probe_pair, version):
    """The text ends with the versions a server speaks, which are its own."""
    seen = []
    for server in probe_pair:
        client = server.connect()
        client.send(hello(server, version))
        seen.append([line.split(": server supports")[0] for line in heard(client, 10**6, None, PATIENCE)])
        client.close()
    assert seen[0] == seen[1]


@pytest.mark.parametrize("options", [{}, {"_pq_.one": "1", "_pq_.two": "", "application_name": "x"}],
                         ids=["alone", "with options of its own"])
def test_a_newer_minor_version_is_negotiated_down(probe_pair, options):
    """To each server's own newest, which decides the length of the key, too."""
    seen = []
    for server in probe_pair:
        client = server.connect()
        client.send(hello(server, (3, 9999), **options))
        kind, body = client.receive()
        seen.append((kind, body[4:], [line.split()[0] if line.startswith("K") else comparable(line, server)
                                      for line in heard(client, 1, None, PATIENCE)]))
        client.close()
    assert seen[0] == seen[1]


def test_protocol_3_2_is_spoken(probe_pair):
    """PostgreSQL 15 negotiates it down to 3.0; Crossfade answers it as PostgreSQL 18 does: nothing to negotiate, and a longer key."""
    for server, negotiated, key in zip(probe_pair, (False, True), (32, 4)):
        client = server.connect()
        client.send(hello(server, (3, 2)) + query("SELECT 1"))
        seen = heard(client, 2, None, PATIENCE)
        assert (seen[0][0] == "v") == negotiated
        assert f"K {4 + key}" in seen
        assert seen[-4:] == ["T [('?column?', 23, 4, -1, 0)]", "D [b'1']", "C SELECT 1", "Z I"]
        client.close()


def test_start_up_byte_by_byte(probe_pair):
    seen = []
    for server in probe_pair:
        client, got = server.connect(), []
        for byte in request(SSL):
            client.send(bytes([byte]))
        got.append(client._exactly(1))
        for byte in hello(server) + query("SELECT 1"):
            client.send(bytes([byte]))
        got += [comparable(line, server) for line in heard(client, 2, None, PATIENCE)]
        client.close()
        seen.append(got)
    assert seen[0] == seen[1]


def test_start_up_cut_at_every_place_leaves_the_server_well(probe_pair):
    through = probe_pair[0]
    whole = request(SSL) + hello(through)
    for place in range(len(whole)):
        client = through.connect()
        client.send(whole[:place])
        client.close()
    assert through.alive()


def test_random_bytes_leave_the_server_well(probe_pair):
    through = probe_pair[0]
    for index in range(60):
        client = through.connect()
        with contextlib.suppress(OSError):
            client.send(os.urandom(1 + index * 7))
            client.socket.shutdown(socket.SHUT_WR)
        assert heard(client, 10**6, None, PATIENCE)[-1] == "EOF"
        client.close()
    assert through.alive()


def keyed(server):
    """A session and its (process number, key)."""
    client = server.connect()
    client.send(server.hello())
    key = None
    while True:
        kind, body = client.receive()
        if kind == "K":
            key = body
        if kind == "Z":
            return client, key


def cancel(server, key):
    """Sends a cancel request and waits until the server has closed its connection; what it said before."""
    client = server.connect()
    client.send(packet(struct.pack("!I", CANCEL) + key))
    seen = heard(client, 10**6, None, PATIENCE)
    client.close()
    return seen


LONG = "SELECT count(*) FROM generate_series(1, 100000) a(i), generate_series(1, 100000) b(j)"
SHORT = "SELECT count(*) FROM generate_series(1, 300) a(i), generate_series(1, 300) b(j)"


def test_a_cancel_request_with_the_key_ends_the_statement_and_nothing_else(probe_pair):
    seen = []
    for server in probe_pair:
        client, key = keyed(server)
        client.send(query(LONG))
        got = []
        while True:  # the request may come before the statement has begun: then it does nothing, as the manual says
            got.append(cancel(server, key))
            client.socket.settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                line = told(*client.receive())
                if line.startswith("T"):  # PostgreSQL describes the rows of a simple query before it computes them
                    line = told(*client.receive())
                got = got[-1:] + [line]
                break
        got += heard(client, 1, None, PATIENCE)
        client.send(query("SELECT 1"))
        got += heard(client, 1, None, PATIENCE)
        client.close()
        seen.append(got)
    assert seen[0] == seen[1]
    assert any("57014" in line for line in seen[0] if isinstance(line, str))


def test_a_cancel_request_ends_one_statement_and_not_the_preparation_of_the_next(probe_pair):
    """As asyncpg prepares: Parse, Describe and Flush, behind a statement that its time-out has cancelled."""
    seen = []
    for server in probe_pair:
        client, key = keyed(server)
        client.send(query(LONG))
        ended = []
        while not ended or ended[-1][0] not in "EZ":
            cancel(server, key)
            client.socket.settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                ended.append(told(*client.receive()))
        got = [ended[-1], *heard(client, 1, None, PATIENCE)]
        for name in ("one", "two"):
            client.send(parse(name, "SELECT 'well'") + describe("S", name) + FLUSH)
            got += heard(client, 1, 3, 1.0)
            client.send(SYNC)
            got += heard(client, 1, None, PATIENCE)
        client.close()
        seen.append(got)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("change", ["a key of zeros", "another process", "one bit of the key"])
def test_a_cancel_request_with_another_key_is_passed_over(probe_pair, change):
    seen = []
    for server in probe_pair:
        client, key = keyed(server)
        client.send(query(SHORT))
        wrong = {"a key of zeros": key[:4] + bytes(len(key) - 4), "another process": struct.pack("!I",
            struct.unpack("!I", key[:4])[0] ^ 1) + key[4:],
                 "one bit of the key": key[:-1] + bytes([key[-1] ^ 1])}[change]
        seen.append((cancel(server, wrong), heard(client, 1, None, PATIENCE)))
        client.close()
    assert seen[0] == seen[1]


def test_a_cancel_request_between_statements_does_nothing(probe_pair):
    seen = []
    for server in probe_pair:
        client, key = keyed(server)
        client.send(query("BEGIN"))
        got = heard(client, 1, None, PATIENCE)
        got.append(cancel(server, key))
        client.send(query("SELECT 1"))
        got += heard(client, 1, None, PATIENCE)
        client.send(query("COMMIT"))
        got += heard(client, 1, None, PATIENCE)
        client.close()
        seen.append(got)
    assert seen[0] == seen[1]


def test_keys_of_sessions_are_their_own(probe_pair):
    through = probe_pair[0]
    sessions = [keyed(through) for _ in range(8)]
    assert len({key for _, key in sessions}) == len({key[:4] for _, key in sessions}) == 8
    for client, _ in sessions:
        client.close()
