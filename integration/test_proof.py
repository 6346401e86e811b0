"""A proof by SCRAM, raw: cut at every place, sent ahead, broken off. It is answered without a coroutine (session/visit, session/scram_exchange)."""
import base64
import hashlib
import hmac
import signal
import socket
import struct
import time

import pytest

from raw import RawClient, message, query, readable, startup, text
from servers import wait_until

PASSWORD, SALT, ROUNDS = b"correct horse", b"0123456789abcdef", 4096
SALTED = hashlib.pbkdf2_hmac("sha256", PASSWORD, SALT, ROUNDS)


def keyed(key, data):
    return hmac.new(key, data, "sha256").digest()


def in_base64(data):
    return base64.b64encode(data).decode()


CLIENT_KEY, SERVER_KEY = keyed(SALTED, b"Client Key"), keyed(SALTED, b"Server Key")
STORED_KEY = hashlib.sha256(CLIENT_KEY).digest()
VERIFIER = f"SCRAM-SHA-256${ROUNDS}:{in_base64(SALT)}${in_base64(STORED_KEY)}:{in_base64(SERVER_KEY)}"
FIRST_BARE = "n=,r=client-nonce"
OPENING = message("p", text("SCRAM-SHA-256") + struct.pack("!I", len(FIRST_BARE) + 3) + b"n,," + FIRST_BARE.encode())


@pytest.fixture(params=["transaction", "session"])
def guarded(request, crossfade, tmp_path, pg_database):
    path = tmp_path / "users"
    path.write_text(f'"ann" "{VERIFIER}"\n')
    path.chmod(0o600)
    return crossfade(postgres=f"{pg_database} user=postgres", settings={
        "listen": ['auth = "scram-sha-256"', f'users_file = "{path}"', 'startup_timeout = "2s"'], "pool": [f'mode = "{request.param}"'],
        "postgres": ['users = ["* user=postgres"]']})


class Prover(RawClient):
    def __init__(self, server, database="postgres"):
        super().__init__("127.0.0.1", server.port)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.hello = startup("ann", database)

    def send_in_pieces(self, data):
        for i in range(len(data)):
            self.send(data[i:i + 1])
            time.sleep(0.002)

    def asked(self, code):
        kind, body = self.receive()
        assert kind == "R" and struct.unpack_from("!I", body)[0] == code, (kind, body)
        return body[4:]

    def proof(self, challenge, key=CLIENT_KEY):
        """The message that answers a challenge, and what the server has to say to it."""
        without = f"c=biws,r={challenge.split(',')[0][2:]}"
        said = f"{FIRST_BARE},{challenge},{without}".encode()
        signed = keyed(STORED_KEY, said)
        proof = bytes(a ^ b for a, b in zip(key, signed))
        return message("p", f"{without},p={in_base64(proof)}".encode()), f"v={in_base64(keyed(SERVER_KEY, said))}"

    def enters(self, send=None, behind=b""):
        send = send or self.send
        send(self.hello)
        self.asked(10)
        send(OPENING)
        answer, expected = self.proof(self.asked(11).decode())
        send(answer + behind)
        assert self.asked(12).decode() == expected
        return self.until_ready()


def test_messages_that_come_byte_by_byte_are_whole_in_the_end(guarded):
    prover = Prover(guarded)
    assert prover.enters(prover.send_in_pieces)[-1] == "Z I"
    prover.send(query("SELECT 1"))
    assert prover.until_ready()[-1] == "Z I"
    prover.close()


def test_what_is_sent_ahead_waits_for_its_turn(guarded):
    ahead = Prover(guarded)
    ahead.send(ahead.hello + OPENING)
    ahead.asked(10)
    answer, expected = ahead.proof(ahead.asked(11).decode())
    ahead.send(answer + query("SELECT 7"))
    assert ahead.asked(12).decode() == expected
    assert ahead.until_ready()[-1] == "Z I"
    assert "C SELECT 1" in " ".join(ahead.until_ready())
    ahead.close()


@pytest.mark.parametrize("at", ["opening", "proof"])
def test_another_message_in_place_of_an_answer_is_refused_by_its_type(guarded, at):
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    if at == "proof":
        prover.send(OPENING)
        prover.asked(11)
    prover.send(query("SELECT 1"))
    kind, body = prover.receive()
    assert readable(kind, body) == "E FATAL 08P01" and b"expected SASL response, got message type 81" in body
    assert prover.until_end() == ["EOF"]
    prover.close()


def test_a_wrong_proof_is_28p01_and_the_next_one_comes_in(guarded):
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    prover.send(OPENING)
    prover.send(prover.proof(prover.asked(11).decode(), key=bytes(32))[0])
    assert prover.until_end() == ["E FATAL 28P01", "EOF"]
    prover.close()
    other = Prover(guarded)
    assert other.enters()[-1] == "Z I"
    other.close()


def test_one_who_goes_or_falls_silent_in_the_middle_leaves_nothing(guarded):
    begin = time.monotonic()
    silent, gone = Prover(guarded), Prover(guarded)
    for each in (silent, gone):
        each.send(each.hello)
        each.asked(10)
        each.send(OPENING)
        each.asked(11)
    gone.close()
    assert silent.until_end() == ["EOF"]  # by the start-up's deadline, without a word
    assert 1.9 < time.monotonic() - begin < 10
    wait_until(lambda: "start-up took too long" in guarded.log_text(), 10, "the log's line")
    other = Prover(guarded)
    assert other.enters()[-1] == "Z I"
    other.close()


def test_one_who_is_asked_hears_of_the_end(guarded):
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    guarded.process.send_signal(signal.SIGTERM)
    assert prover.until_end() == ["E FATAL 57P01", "EOF"]
    assert guarded.process.wait(20) == 0
    assert "sqlstate=57P01" in guarded.log_text()  # 57014: what ended the wait, and what nobody was told


@pytest.mark.parametrize(("signals", "answer"), [([signal.SIGTERM], True), ([signal.SIGINT], True), ([signal.SIGTERM, signal.SIGINT], False), ([signal.SIGINT, signal.SIGINT], False)])
def test_the_first_signal_drains_and_a_second_sigint_ends_at_once(crossfade, pg_database, signals, answer):
    """A first SIGINT was heard twice, and ended the sessions by force; and where sessions ended so, a cancel request that was on its way had the
    process end with SIGSEGV."""
    server = crossfade(postgres=pg_database)
    clients = [RawClient("127.0.0.1", server.port) for _ in range(6)]
    for client in clients:
        client.send(startup("postgres", pg_database.rpartition("dbname=")[2]))
        client.until_ready()
        client.send(query("SELECT pg_sleep(1.5)"))
    time.sleep(0.3)
    begin = time.monotonic()
    for each in signals:
        server.process.send_signal(each)
        time.sleep(0.3)
    for client in clients:
        assert ("C SELECT 1" in client.until_end()) == answer
        client.close()
    assert (time.monotonic() - begin > 1) == answer
    assert server.process.wait(20) == 0


LONGEST = 1024  # of a SASL message, in PostgreSQL 15; its length field counts

@pytest.mark.parametrize("length", [0, 3, LONGEST + 1, 70_000, 2**30, 2**32 - 1])
@pytest.mark.parametrize("at", ["opening", "proof"])
def test_a_length_that_no_answer_has_is_28p01(guarded, at, length):
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    if at == "proof":
        prover.send(OPENING)
        prover.asked(11)
    prover.send(b"p" + struct.pack("!I", length) + b"x" * min(max(length - 4, 0), 2000))
    kind, body = prover.receive()
    assert readable(kind, body) == "E FATAL 28P01" and b'password authentication failed for user "ann"' in body
    prover.close()


def test_an_opening_may_be_as_long_as_postgresqls(guarded):
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    first = b"n,,n=,r=" + b"x" * (LONGEST - 4 - 14 - 4 - 8)
    prover.send(message("p", text("SCRAM-SHA-256") + struct.pack("!I", len(first)) + first))
    assert prover.asked(11).startswith(b"r=xxx")
    prover.close()


def test_an_opening_without_a_response_is_asked_for_it(guarded):
    """The length -1 of the initial response. Source: PostgreSQL 15 manual, "Message Formats", SASLInitialResponse."""
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    prover.send(message("p", text("SCRAM-SHA-256") + struct.pack("!i", -1)))
    assert prover.asked(11) == b""
    prover.send(message("p", b"n,," + FIRST_BARE.encode()))
    answer, expected = prover.proof(prover.asked(11).decode())
    prover.send(answer)
    assert prover.asked(12).decode() == expected
    assert prover.until_ready()[-1] == "Z I"
    prover.close()


@pytest.mark.parametrize("first", [b"", b"n,,n=\0,r=abc", b"n,,n=,r=abc\0"])
def test_an_opening_that_is_empty_or_holds_a_nul_is_malformed(guarded, first):
    prover = Prover(guarded)
    prover.send(prover.hello)
    prover.asked(10)
    prover.send(message("p", text("SCRAM-SHA-256") + struct.pack("!i", len(first)) + first))
    assert prover.until_end() == ["E FATAL 08P01", "EOF"]
    prover.close()


def starting(proxy):
    return [row for row in proxy.console("SHOW CLIENTS") if row["user"] == "" and row["database"] == ""]


@pytest.fixture
def patient(crossfade, tmp_path, pg_database):
    """With a start-up time that is longer than any test here, and a console that needs no proof."""
    path = tmp_path / "users"
    path.write_text(f'"ann" "{VERIFIER}"\n')
    path.chmod(0o600)
    return crossfade(postgres=f"{pg_database} user=postgres", settings={
        "listen": ["rules = ['host crossfade admin 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256']", f'users_file = "{path}"',
                   'startup_timeout = "1min"'], "postgres": ['users = ["* user=postgres"]']})


def corked(client, data):
    """The end of the stream comes with the last bytes: it has no edge of its own."""
    client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    client.send(data)
    client.socket.shutdown(socket.SHUT_WR)
    client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)


def reset(client):
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.socket.close()


@pytest.mark.parametrize("at", ["half a start-up", "start-up", "half an opening", "opening", "half a proof"])
def test_an_end_of_the_stream_that_comes_with_the_last_bytes_of_a_start_up_is_heard(patient, at):
    """Each of them held its place until `startup_timeout`, where PostgreSQL ends at once."""
    prover = Prover(patient)
    begin = time.monotonic()
    if at == "half a start-up":
        prover.send(prover.hello[:9])
        time.sleep(0.2)
        corked(prover, prover.hello[9:12])
    elif at == "start-up":
        corked(prover, prover.hello)
    else:
        prover.send(prover.hello)
        prover.asked(10)
        if at == "half a proof":
            prover.send(OPENING)
            answer = prover.proof(prover.asked(11).decode())[0]
            corked(prover, answer[:20])
        else:
            corked(prover, OPENING if at == "opening" else OPENING[:9])
    while prover.socket.recv(65536):
        pass
    assert time.monotonic() - begin < 10
    prover.close()
    wait_until(lambda: not starting(patient), 10, "the client's end")


def test_a_connection_that_is_reset_right_behind_its_start_up_leaves_nothing(patient):
    for _ in range(20):
        prover = Prover(patient)
        prover.send(prover.hello)
        reset(prover)
    wait_until(lambda: not starting(patient), 10, "the clients' end")
