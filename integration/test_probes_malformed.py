"""Messages that are broken, unknown, too long, cut or in the wrong place: what PostgreSQL 15 answers, and that connection alone ends."""
import contextlib
import socket
import struct

import pytest

from probing import PATIENCE, compare, heard, told
from raw import FLUSH, SYNC, TERMINATE, bind, close, describe, execute, message, parse, query, text


def framed(kind, length, body=b""):
    """A message whose length says what it is told to say."""
    return kind.encode() + struct.pack("!I", length) + body


def words(*numbers):
    return struct.pack(f"!{len(numbers)}H", *numbers)


# Bind's body after the two names: formats, values, result formats.
BINDS = {
    "no counts": b"", "half a count": b"\0", "no values": words(0), "no result formats": words(0, 0),
    "half a result count": words(0, 0) + b"\0",
    "a format is missing": words(1), "a value's length is missing": words(0, 1),
    "a value is shorter than its length": words(0, 1) + struct.pack("!I", 5) + b"abc",
    "a value's length is 2^31-1": words(0, 1) + struct.pack("!I", 2**31 - 1) + b"abc", "a value's length is -2": words(0, 1)
    + struct.pack("!i", -2) + words(0),
    "a value's length is -2^31": words(0, 1) + struct.pack("!i", -2**31) + words(0),
    "65,535 formats announced": words(65535, 0, 0),
    "65,535 values announced": words(0, 65535), "65,535 result formats announced": words(0, 0, 65535),
    "bytes after the end": words(0, 0, 0) + b"x",
    "a result format is missing": words(0, 0, 1), "a result format is cut": words(0, 0, 1) + b"\0",
    "everything twice": words(0, 0, 0, 0, 0, 0),
}
FUNCTION_CALLS = {
    "empty": b"", "an OID alone": struct.pack("!I", 1397), "no result format": struct.pack("!IHH", 1397, 0, 0),
    "an argument is cut": struct.pack("!IHHI", 1397, 0, 1, 9),
}

CASES = {
    **{f"Bind: {name}": [parse("", "SELECT 1") + message("B", text("") + text("") + body) + SYNC, query("SELECT 1")] for name,
       body in BINDS.items()},
    **{f"Bind with one parameter: {name}": [parse("", "SELECT $1::int") + message("B", text("") + text("") + body) + SYNC,
                                            query("SELECT 1")] for name, body in BINDS.items()},
    **{f"FunctionCall: {name}": [message("F", body), query("SELECT 1")] for name, body in FUNCTION_CALLS.items()},
    "Bind without its names' ends": [message("B", b"abc") + SYNC, message("B", b"") + SYNC, message("B", text("a")) + SYNC,
                                     message("B", text("a") + b"b") + SYNC],
    "Parse without a terminator": [message("P", b"s") + SYNC, message("P", text("s")) + SYNC,
                                   message("P", text("s") + b"SELECT 1") + SYNC, message("P", text("s") + text("SELECT 1"))
                                   + SYNC],
    "Parse with a cut count": [message("P", text("") + text("SELECT 1") + b"\0") + SYNC,
                               message("P", text("") + text("SELECT 1") + words(1)) + SYNC,
                               message("P", text("") + text("SELECT 1") + words(1, 0)) + SYNC],
    "Parse with bytes after its end": [message("P", text("") + text("SELECT 1") + words(0) + b"x") + SYNC],
    "Parse with 65,535 types announced": [message("P", text("") + text("SELECT 1") + words(65535)) + SYNC],
    "an empty Parse, Describe, Execute, Close": [message("P") + SYNC, message("D") + SYNC, message("E") + SYNC, message("C")
                                                 + SYNC],
    "Describe cut short": [message("D", b"S") + SYNC, message("D", b"Sx") + SYNC],
    "Describe with bytes after its end": [parse("", "SELECT 1") + message("D", b"S" + text("") + b"x") + SYNC],
    "Close cut short": [message("C", b"S") + SYNC, message("C", b"Sx") + SYNC, message("C", b"P" + text("") + b"x") + SYNC],
    "Execute cut short": [message("E", text("")) + SYNC, message("E", text("") + b"\0\0\0") + SYNC, message("E", b"x") + SYNC],
    "Execute with bytes after its end": [parse("", "SELECT 1") + bind("", "") + message("E", text("") + struct.pack("!I", 0)
        + b"x") + SYNC],
    "Query without a terminator": [message("Q", b"SELECT 1"), query("SELECT 1")],
    "an empty Query body": [message("Q", b""), query("SELECT 1")],
    "a NUL inside a query": [message("Q", b"SELECT 1\0SELECT 2\0"), query("SELECT 1")],
    "a NUL inside Parse": [message("P", text("") + b"SELECT 1\0SELECT 2\0" + words(0)) + SYNC, query("SELECT 1")],
    "Sync with a body": [message("S", b"x"), query("SELECT 1")],
    "Flush with a body": [message("H", b"x") + SYNC, query("SELECT 1")],
    "Terminate with a body": [message("X", b"bye")],
    "Terminate": [TERMINATE],
    "Terminate in a block": [query("BEGIN"), query("INSERT INTO p (n) VALUES (60)"), TERMINATE],
    "COPY messages outside COPY are passed over": [message("d", b"1\n"), message("c"), message("f", text("no")), message("d")
                                                   + message("c") + message("f") + query("SELECT 1")],
    "COPY messages between extended ones": [parse("", "SELECT 1") + message("d", b"x") + bind("", "") + message("c") + execute()
                                            + message("f", text("no")) + SYNC],
    "a password outside authentication": [message("p", text("secret"))],
    "a pipelined message after a fatal one": [message("?") + query("SELECT 1")],
    "a fatal message in a block": [query("BEGIN"), query("INSERT INTO p (n) VALUES (60)"), message("?")],
    "a thousand Syncs": [SYNC * 1000],
    "ten thousand Syncs": [SYNC * 10_000],
    "Syncs between everything": [SYNC + parse("s", "SELECT 1") + SYNC + SYNC + query("SELECT 2") + SYNC + FLUSH + SYNC
                                 + bind("", "s") + execute() + SYNC],
    "ten thousand Flushes": [FLUSH * 10_000 + SYNC],
    "a thousand Closes of nothing": [close("S", "x") * 1000 + SYNC],
    "a thousand errors": [(parse("", "SELEC") + SYNC) * 300],
}
# Every byte that is no frontend message, and every length that none can have.
LETTERS = [chr(code) for code in range(256) if chr(code) not in "BCDEFHPQSXcdfp"]
CASES |= {f"letter {letter!r}": [framed(letter, 4).replace(letter.encode(), bytes([ord(letter)]), 1)]
          for letter in ("?", "\0", "A", "G", "R", "T", "Z", "q", "v", "\x7f", "\x80", "\xff", "\n")}
CASES |= {f"a {kind} of length {length}": [framed(kind, length)] for kind in "QPBDECSHXFdcfp" for length in (0, 1, 3)}
CASES |= {f"a {kind} of length {length}": [framed(kind, length, b"some bytes")] for kind in "QPSXcp?"
          for length in (2**31, 2**32 - 1)}
CASES |= {f"a {kind} of length {length}": [framed(kind, length, b"some bytes")] for kind in "DECSHXcfp"
          for length in (10_005, 2**30, 2**31 - 1)}


@pytest.mark.parametrize("name", CASES)
def test_what_is_malformed_is_answered_as_postgresql_answers_it(probe_pair, name):
    compare(probe_pair, CASES[name])


def test_every_letter_that_is_no_message_ends_the_connection(probe_pair):
    """One connection each; PostgreSQL's text names the letter's number, which is compared above for some of them."""
    through, direct = probe_pair
    for letter in LETTERS:
        client = through.session()
        client.send(bytes([ord(letter)]) + struct.pack("!I", 4))
        seen = heard(client, 1, None, PATIENCE)
        client.close()
        assert seen == [f"E S=FATAL | C=08P01 | M=invalid frontend message type {ord(letter)}", "EOF"]
    assert through.alive()


CONVERSATION = (query("SELECT n FROM p ORDER BY n") + parse("s", "SELECT $1::int + 1") + describe("S", "s")
                + bind("c", "s", [b"41"]) + execute("c") + close("P", "c") + SYNC
                + query("") + parse("", "SELEC") + execute() + SYNC + query("SELECT 'end'"))


def test_several_messages_cut_at_every_place_are_answered_the_same(probe_pair):
    """Two writes, split at each byte; the first has been sent before the second is."""
    expected = None
    for server in reversed(probe_pair):
        client = server.session("DROP TABLE IF EXISTS p; CREATE TABLE p (n INT); INSERT INTO p VALUES (1), (2)")
        places = range(1, len(CONVERSATION)) if server is probe_pair[0] else [1]
        for place in places:
            client.send(CONVERSATION[:place])
            client.send(CONVERSATION[place:])
            seen = heard(client, 5, None, PATIENCE)
            expected = expected or seen
            assert seen == expected, place
            client.send(close("S", "s") + SYNC)
            assert heard(client, 1, None, PATIENCE) == ["3", "Z I"]
        client.close()


def test_a_whole_conversation_byte_by_byte(probe_pair):
    seen = []
    for server in probe_pair:
        client = server.session("DROP TABLE IF EXISTS p; CREATE TABLE p (n INT); INSERT INTO p VALUES (1), (2)")
        for byte in CONVERSATION:
            client.send(bytes([byte]))
        seen.append(heard(client, 5, None, PATIENCE))
        client.close()
    assert seen[0] == seen[1]


def test_a_conversation_that_breaks_off_at_every_place_leaves_the_server_well(probe_pair):
    through = probe_pair[0]
    for place in range(0, len(CONVERSATION), 3):
        client = through.session()
        client.send(CONVERSATION[:place])
        client.close()
    assert through.alive()


def test_a_client_that_resets_its_connection_leaves_the_server_well(probe_pair):
    through = probe_pair[0]
    for step in (CONVERSATION, query("SELECT * FROM generate_series(1, 100000)"), SYNC * 10_000):
        client = through.session("DROP TABLE IF EXISTS p; CREATE TABLE p (n INT)")
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.send(step)
        client.close()
    assert through.alive()


def test_a_message_larger_than_the_limit_is_refused_before_its_body_comes(probe_pair):
    """PostgreSQL's limit of a Query is 1 GB less one byte; a length beyond it ends the connection at once."""
    seen = []
    for server in probe_pair:
        client = server.session()
        with contextlib.suppress(OSError):
            client.send(framed("Q", 0x3FFFFFFF + 5, b"SELECT 1"))
        seen.append(heard(client, 1, None, PATIENCE))
        client.close()
    assert seen[0] == seen[1]


def test_two_of_three_bytes_of_a_length_are_waited_for(probe_pair):
    for server in probe_pair:
        client = server.session()
        client.send(query("SELECT 1")[:3])
        client.socket.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.receive()
        client.send(query("SELECT 1")[3:])
        assert told(*client.receive()) == "T [('?column?', 23, 4, -1, 0)]"
        client.close()
