"""One conversation held with PostgreSQL 15 and with Crossfade, byte for byte the same, and what both said in a readable form.

PostgreSQL speaks first: the number of messages it answers a step with is the number that Crossfade is waited for, so that an
answer which never comes shows as a difference, not as a hung test. Both conversations end with Terminate, which shows what was
left over.
"""
import contextlib
import socket
import struct

from raw import RawClient, SYNC, TERMINATE, fields, message, query, readable, startup

PATIENCE = 10.0  # seconds: a bound for a wedged run, never reached by an answer that comes
QUIET = 0.15     # seconds without a message that end a step on PostgreSQL when no ReadyForQuery is due
TABLE = """DROP TABLE IF EXISTS p; CREATE TABLE p (id SERIAL PRIMARY KEY, n INTEGER UNIQUE, t TEXT, b BOOLEAN, m NUMERIC(10,2), w TIMESTAMP);
INSERT INTO p (n, t, b, m, w) VALUES (1, 'one', true, 1.5, '2024-02-29 12:00:00'), (2, NULL, false, -2.25, NULL), (3, 'drei', NULL, NULL, NULL)"""


class Server:
    """Where to connect, and the names that its start-up packet carries."""

    def __init__(self, port, user, database, unix_folder=None):
        self.host, self.port, self.user, self.database = "127.0.0.1", port, user, database
        self.unix_folder = unix_folder

    def connect(self):
        client = RawClient(self.host, self.port)
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.socket.settimeout(PATIENCE)
        return client

    def connect_unix(self):
        """The same through the Unix socket, where PostgreSQL offers neither TLS nor GSSAPI."""
        client = RawClient.__new__(RawClient)
        client.socket, client.buffer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), b""
        client.socket.settimeout(PATIENCE)
        client.socket.connect(f"{self.unix_folder}/.s.PGSQL.{self.port}")
        return client

    def hello(self, version=(3, 0), **options):
        return startup(self.user, self.database, version, **options)

    def session(self, *setup):
        """A client that is past its start-up and has run these statements."""
        client = self.connect()
        client.send(self.hello())
        seen = client.until_ready()
        assert seen[-1] == "Z I", seen
        for statement in setup:
            client.send(query(statement))
            seen = client.until_ready()
            assert not any(line.startswith("E") for line in seen), seen
        return client

    def alive(self):
        client = self.session()
        client.send(query("SELECT 1 AS one"))
        seen = client.until_ready()
        client.close()
        return seen == ["T [('one', 23, 4, -1, 0)]", "D [b'1']", "C SELECT 1", "Z I"]


def frames(data):
    """(kind, body) of every whole message in the bytes; what is malformed ends the list."""
    place = 0
    while place + 5 <= len(data):
        length = struct.unpack("!I", data[place + 1:place + 5])[0]
        if length < 4 or place + 1 + length > len(data):
            return
        yield chr(data[place]), data[place + 5:place + 1 + length]
        place += 1 + length


def readies_due(step):
    return sum(kind in "QSF" for kind, _ in frames(step))


def told(kind, body):
    """A message as the comparison sees it: errors with every field that is not about source lines."""
    if kind in "EN":
        error = fields(body)
        return f"{kind} " + " | ".join(f"{key}={error[key]}" for key in "SCMDHPcnst" if key in error)
    if kind == "S":
        name, value = body[:-1].split(b"\0")
        return f"S {name.decode()}={value.decode()}".replace("=Etc/UTC", "=UTC")  # two names of one zone, by the machine's set-up
    if kind == "K":
        return f"K {len(body)}"
    if kind in "GHW":
        return f"{kind} {body[0]} {list(struct.unpack(f'!{(len(body) - 1) // 2}H', body[1:]))}"
    if kind == "A":
        return f"A {body[4:]!r}"
    if kind == "d":
        return f"d {body!r}"
    if kind == "V":
        return f"V {body!r}"
    return readable(kind, body)


def heard(client, readies, count, patience):
    """What comes until `readies` ReadyForQuery (or `count` messages, when given) have, or nothing more comes."""
    seen = []
    client.socket.settimeout(patience)
    while (count is None and readies) or (count is not None and len(seen) < count):
        try:
            seen.append(told(*client.receive()))
        except (TimeoutError, socket.timeout):
            break
        except (EOFError, ConnectionError):
            seen.append("EOF")
            break
        readies -= seen[-1][0] == "Z"
        if count is not None and readies == 0:  # what is still missing would be out of turn
            client.socket.settimeout(QUIET)
    return seen


def converse(server, steps, setup, counts=None):
    """What the server answers to each step. `counts`: how many messages to wait for, from the other server's answers."""
    client = server.session(*setup)
    answers = []
    for index, step in enumerate(steps):
        with contextlib.suppress(OSError):
            client.socket.settimeout(PATIENCE)
            client.send(step)
        readies = readies_due(step)
        if counts is not None:
            answers.append(heard(client, readies, counts[index], PATIENCE))
        else:  # an error may skip a Query that was counted, and a step without Sync has no end: quiet ends both
            seen = heard(client, readies, None, PATIENCE if readies == 1 else 1.0) if readies else []
            answers.append(seen if seen and seen[-1] in ("EOF",) else seen + heard(client, 10**6, None, QUIET) if not readies
                           else seen)
        if answers[-1] and answers[-1][-1] == "EOF":
            break
    with contextlib.suppress(OSError):
        client.send(TERMINATE)
    answers.append(heard(client, 10**6, None, PATIENCE))
    client.close()
    return answers


def compare(pair, steps, setup=(TABLE,), same=lambda line: line):
    """Holds the conversation with both; `same` may blank what is allowed to differ in a line. The full lines of both, flat."""
    through, direct = pair
    expected = converse(direct, steps, setup)
    got = converse(through, steps, setup, [len(one) for one in expected])
    assert [[same(line) for line in one] for one in got] == [[same(line) for line in one] for one in expected]
    return [line for one in got for line in one], [line for one in expected for line in one]


def without_text(line):
    """An error of the protocol by its severity and SQLSTATE alone."""
    return line.split(" | M=")[0] if "C=08P01" in line else line


def marked(cases, known):
    """Pytest parameters of the cases; those in `known` must fail, for the reason there."""
    import pytest
    stray = set(known) - set(cases)
    assert not stray, f"no such case: {stray}"
    return [pytest.param(case, marks=pytest.mark.xfail(strict=True, reason=known[case])) if case in known else case
            for case in cases]


__all__ = ["PATIENCE", "QUIET", "SYNC", "TABLE", "Server", "compare", "converse", "frames", "heard", "marked", "message", "told",
           "without_text"]
