"""Transaction pooling, what a client does besides one batch and its answer: those two go without coroutines, everything else hands over."""
import signal
import socket
import ssl
import struct
import tempfile
import threading
import time

import pytest

from certificates import Authority
from raw import SYNC, RawClient, bind, close, describe, execute, message, parse, query, startup
from servers import wait_until
from test_pool import connect, database_of, pool_row, pooled
from test_pool_transaction import raw

SELECT = parse("", "SELECT $1::text", [25]) + bind("", "", [b"x"]) + describe("P", "") + execute() + SYNC


@pytest.fixture
def proxy(crossfade, pg_database):
    with tempfile.TemporaryDirectory(prefix="cf-") as folder:  # a short path: pytest's are too long for a socket
        served = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 2", 'acquire_timeout = "20s"',
                        settings={"listen": [f'unix_directory = "{folder}"']})
        served.pg, served.unix = pg_database, folder
        yield served


def over(proxy, way):
    """A client by TCP, or by the Unix socket."""
    client = RawClient("127.0.0.1", proxy.port)
    if way == "unix":
        client.socket.close()
        client.socket = socket.socket(socket.AF_UNIX)
        client.socket.settimeout(20)
        client.socket.connect(f"{proxy.unix}/.s.PGSQL.{proxy.port}")
    client.send(startup("app", database_of(proxy.pg)))
    client.until_ready()
    return client


def clients_there(proxy):
    return len([row for row in proxy.console("SHOW CLIENTS") if row["user"] == "app"])


def idle(proxy):
    return int(pool_row(proxy)["sv_idle"])


def warm(proxy, client):
    for _ in range(3):
        client.send(query("SELECT 1"))
        client.until_ready()


@pytest.mark.parametrize("said", [query("SELECT 1"), SELECT, query("SELECT 1") + query("SELECT 2"), b""], ids=["simple", "extended", "two", "nothing"])
def test_an_end_of_the_stream_that_comes_with_the_last_bytes_is_heard(proxy, said):
    """The end has no edge of its own then; and a client that only shuts down its writing sends nothing that would be refused."""
    clients = [raw(proxy) for _ in range(8)]
    for client in clients:
        warm(proxy, client)
    for client in clients:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        client.send(said)
        client.socket.shutdown(socket.SHUT_WR)
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
    for client in clients:
        client.socket.settimeout(20)
        heard = b""
        while data := client.socket.recv(65536):
            heard += data
        assert heard.count(b"Z\0\0\0\5I") == (said.count(b"Q\0\0\0") or (1 if said else 0)), heard
    wait_until(lambda: clients_there(proxy) == 0, 20, "the clients' end")


class Encrypted:
    """A client of which each TLS record is ours to send."""

    def __init__(self, proxy, authority):
        self.socket = socket.create_connection(("127.0.0.1", proxy.port), timeout=20)
        self.socket.sendall(struct.pack("!II", 8, 80877103))
        assert self.socket.recv(1) == b"S"
        self.heard, self.said = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = ssl.create_default_context(cafile=str(authority.certificate)).wrap_bio(self.heard, self.said, server_hostname="localhost")
        self.till_done(self.tls.do_handshake)
        self.ask(startup("app", database_of(proxy.pg)))

    def till_done(self, step):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                if waiting := self.said.read():
                    self.socket.sendall(waiting)
                data = self.socket.recv(65536)
                self.heard.write(data) if data else self.heard.write_eof()

    def ask(self, said):
        self.tls.write(said)
        self.socket.sendall(self.said.read())
        answer = b""
        while b"Z\0\0\0\5I" not in answer:
            answer += self.till_done(lambda: self.tls.read(65536))
        return answer

    def until_end(self):
        answer = b""
        while True:
            try:
                data = self.till_done(lambda: self.tls.read(65536))
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return answer
            if not data:
                return answer
            answer += data


@pytest.mark.parametrize("end", ["close_notify", "close_notify and FIN"])
@pytest.mark.parametrize("said", [query("SELECT 'x'::text"), SELECT, query("SELECT 'x'::text") + SELECT], ids=["simple", "extended", "two"])
def test_a_close_notify_right_behind_the_last_batch_ends_a_client_that_has_its_answer(crossfade, pg_database, tmp_path, said, end):
    authority = Authority(tmp_path / "authority")
    proxy = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 2", 'acquire_timeout = "20s"', settings={"listen": authority.settings()})
    proxy.pg = pg_database
    for _ in range(3):  # more than there are connections
        clients = [Encrypted(proxy, authority) for _ in range(2)]
        for client in clients:
            for _ in range(3):
                client.ask(query("SELECT 1"))
            client.tls.write(said)
            with pytest.raises(ssl.SSLWantReadError):
                client.tls.unwrap()  # it lies behind the batch now
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
            client.socket.sendall(client.said.read())
            if end != "close_notify":
                client.socket.shutdown(socket.SHUT_WR)
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        for client in clients:
            answer = client.until_end()
            batches = said.count(b"S\0\0\0\4") + said.count(b"Q\0\0\0")
            assert answer.count(b"Z\0\0\0\5I") == batches and answer.count(b"D\0\0\0\x0b\0\1\0\0\0\1x") == batches, answer
            client.socket.close()
    wait_until(lambda: clients_there(proxy) == 0 and pool_row(proxy)["sv_active"] == "0", 20, "the clients' end")
    assert 1 <= idle(proxy) <= 2
    assert b"D\0\0\0\x0b\0\1\0\0\0\1x" in Encrypted(proxy, authority).ask(SELECT)


def test_a_client_that_is_gone_frees_its_connection(proxy, postgres):
    """While its answer is waited for: the transaction is rolled back by its end."""
    client = raw(proxy)
    warm(proxy, client)
    client.send(query("SELECT pg_sleep(60) /* gone */"))
    wait_until(lambda: pool_row(proxy)["sv_active"] == "1", 10, "the statement")
    client.close()
    wait_until(lambda: clients_there(proxy) == 0, 20, "the client's end")
    wait_until(lambda: pool_row(proxy)["sv_active"] == "0", 20, "the connection")
    other = raw(proxy)
    warm(proxy, other)


@pytest.mark.parametrize("way", ["unix", "reset"])
@pytest.mark.parametrize("block", [False, True], ids=["alone", "in a block"])
def test_a_client_that_dies_behind_its_batch_is_noticed(proxy, way, block):
    """The answer's write fails, and nothing comes of the socket any more."""
    for _ in range(5):
        clients = [over(proxy, way) for _ in range(2 if block else 6)]
        for client in clients:
            warm(proxy, client)
            if block:
                client.send(query("BEGIN"))
                client.until_ready()
        time.sleep(0.05)
        for client in clients:
            if way == "reset":
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.send(query("SELECT 1"))
            client.close()
        wait_until(lambda: clients_there(proxy) == 0, 20, "the clients' end")
        wait_until(lambda: pool_row(proxy)["sv_active"] == "0", 20, "the connections")


def test_the_same_text_parsed_twice_of_which_the_first_fails_stays_this_clients(proxy):
    client, other = raw(proxy), raw(proxy)
    text = parse("", "SELECT 7")
    client.send(parse("back", "ROLLBACK") + SYNC)
    client.until_ready()
    for sql in ("BEGIN", "SELECT nothing"):
        client.send(query(sql))
        client.until_ready()
    client.send(text + SYNC + bind("", "back") + execute() + SYNC + text + SYNC)
    client.until_ready(3)
    other.send(bind("", "") + execute() + SYNC)
    assert any("26000" in line for line in other.until_ready())
    client.send(bind("", "") + execute() + SYNC)
    assert any("b'7'" in line for line in client.until_ready())


def use(name, text=None, *before):
    """One batch: prepares it if there is a text, runs it."""
    return b"".join(before) + (parse(name, text) if text else b"") + bind("", name) + execute() + SYNC


def failing(*messages):
    return use("", "SELECT 1/0").removesuffix(SYNC) + b"".join(messages) + SYNC


TWO, THREE, NOPE = "SELECT 40+2", "SELECT 40+3", bind("", "nope")
DAY = "SELECT '1/2/2020'::date + 0"
CLOSES = close("S", "s2")
CONVERSATIONS = {
    # who says what; each client has the one connection in turn, or one of its own
    **{f"a skipped Parse of what another has, after {what}": [
        (0, use("q", TWO)), (1, query(what)), (1, failing(parse("z", TWO), bind("", "z"), execute())),
        (2, use("mine", TWO)), (3, use("mine", TWO)), (0, use("q")), (4, use("mine", TWO)), (1, use("z", TWO))]
       for what in ("DO $$begin perform 1; end$$", "SELECT own(1)", "PREPARE pq AS SELECT 1; DEALLOCATE pq", "DEALLOCATE ALL", "SELECT 1")},
    "a skipped Parse behind a Bind of a name that is not there": [
        (0, use("q", TWO)), (1, use("q1", TWO, NOPE)), (2, use("mine", TWO)), (3, use("mine", TWO)),
        (1, use("q2", TWO)), (0, use("q")), (0, use("q")), (1, use("q1"))],
    "a skipped preparation of one's own": [
        (0, use("q", TWO)), (1, query("DO $$begin perform 1; end$$")), (0, failing(bind("", "q"), execute())), (0, use("q")),
        (1, use("mine", TWO)), (0, use("q", THREE)), (0, use("q"))],
    "a skipped Parse of what nobody has": [(0, failing(parse("q", TWO))), (0, use("q")), (1, use("mine", TWO)), (0, use("q", TWO)), (0, use("q"))],
    "a Parse that fails": [(0, parse("q", "SELECT nothing") + SYNC), (0, use("q")), (1, parse("q", "SELECT nothing") + SYNC), (0, use("q", TWO)), (1, use("q", TWO))],
    "a skipped Parse, and the same said again before its answer": [
        (0, query("SELECT 1") + failing(parse("q", TWO)) + use("q", TWO) + use("q")), (1, use("q", TWO)), (0, use("q")), (1, use("q"))],
    "the same with another text": [
        (0, query("SELECT 1") + failing(parse("q", TWO)) + use("q", THREE) + use("q")), (1, use("q", TWO)), (2, use("q", THREE)), (0, use("q"))],
    "the same under another name": [
        (0, query("SELECT 1") + failing(parse("q", TWO)) + use("q2", TWO)), (0, use("q2")), (0, use("q")), (1, use("q", TWO)),
        (0, parse("a", THREE) + use("b", THREE)), (0, use("a")), (0, use("b")), (1, use("a", THREE))],
    "a skipped Close of the unnamed one, and a Query behind it": [(0, use("", TWO)), (0, NOPE + close("S", "") + SYNC + query("SELECT 1") + use("")), (0, use(""))],
    "a name taken": [(0, use("q", TWO)), (1, use("q", TWO)), (0, use("q", TWO)), (0, use("q", THREE)), (0, use("q")), (1, use("q"))],
    "a skipped Close and Parse": [
        (0, use("s2", TWO)), (0, failing(CLOSES, parse("s2", THREE))), (0, use("s2")), (0, use("s2", THREE, CLOSES)), (0, use("s2")), (1, use("x", TWO))],
    "the same with the same text": [(0, use("s2", TWO)), (0, failing(CLOSES, parse("s2", TWO))), (0, use("s2")), (1, use("x", TWO))],
    "Parse, a failing Bind, Close, Parse": [
        (0, parse("s2", TWO) + NOPE + CLOSES + parse("s2", THREE) + SYNC), (0, use("s2")),
        (0, parse("s3", TWO) + NOPE + close("S", "s3") + parse("s3", TWO) + SYNC), (0, use("s3")), (1, use("x", TWO)), (2, use("x", THREE))],
    "a skipped Parse of the unnamed one": [
        (0, use("", TWO)), (0, NOPE + parse("", THREE) + SYNC), (0, use("")), (0, NOPE + parse("", TWO) + SYNC), (0, use("")),
        (1, use("")), (0, use("", THREE)), (0, NOPE + close("S", "") + SYNC), (1, use("")), (0, use("")),
        (0, parse("", "SELECT nothing") + SYNC), (0, use("")), (1, use("")), (1, use("", TWO)), (1, use(""))],
    "DEALLOCATE, and an error behind it": [
        (0, use("s1", TWO)), (0, use("s2", THREE)), (0, use("s3", TWO)), (0, query("DEALLOCATE s2; SELECT 1/0; DEALLOCATE s3")),
        *[(0, use(name)) for name in ("s1", "s2", "s3")], (0, query("SELECT 1; DEALLOCATE s3; DEALLOCATE s3")), (0, use("s3")),
        (0, query("DEALLOCATE ALL; SELECT 1/0")), (0, use("s1")), (0, use("s1", TWO)), (0, query("SELECT 1/0; DEALLOCATE ALL")), (0, use("s1"))],
    "DEALLOCATE in a block that is rolled back": [(0, use("s1", TWO)), (0, query("BEGIN; DEALLOCATE s1")), (0, query("ROLLBACK")), (0, use("s1"))],
    "the unnamed one, behind what the proxy asks itself": [
        (0, use("", TWO)), (1, query("SET TimeZone = 'Asia/Tokyo'")), (0, use("s", "SELECT own(1)")), (0, use("")),
        (1, query("SET DateStyle = German")), (0, parse("t", "SELEKT") + SYNC), (0, use(""))],
    "the unnamed one, and batches that are sent before the answers of those before them": [
        (0, use("", TWO)), (1, use("", THREE)), (0, NOPE + parse("", "SELECT 7") + SYNC + use("")), (0, use("")),
        (0, NOPE + parse("", "SELECT 7") + parse("", "SELECT 8") + SYNC + NOPE + parse("", "SELECT 9") + SYNC), (0, use("")), (1, use("")),
        (0, parse("", "SELECT nothing") + parse("", "SELECT 7") + SYNC + NOPE + parse("", "SELECT 8") + SYNC), (0, describe("S", "") + SYNC), (0, use("")),
        (0, use("", TWO)), (0, use("s", "SELECT own(1)")), (0, NOPE + bind("", "") + SYNC + describe("S", "") + SYNC + use("")),
        (0, use("", TWO)), (1, use("", THREE)), (0, NOPE + close("S", "") + SYNC + use("") + query("SELECT 1") + use("")), (1, use("")),
        (0, use("", TWO) + use("") + query("SELECT 1/0") + use("") + use("", THREE) + use("") + parse("", "SELECT nothing") + SYNC + use(""))],
    "two DEALLOCATEs in one text": [
        (0, use("a", TWO)), (0, use("b", THREE)), (0, query("DEALLOCATE a; DEALLOCATE b")), (0, use("a")), (0, use("b")), (1, use("a", TWO)), (1, use("b", THREE)),
        (0, use("a", THREE)), (0, use("b", TWO)), (0, query("DEALLOCATE a; DEALLOCATE a")), (0, use("a")), (0, use("b")), (0, query("DEALLOCATE b; DEALLOCATE nope")), (0, use("b"))],
    **{f"a prepared DEALLOCATE {what}, and EXECUTE of it": [
        (0, use("a", TWO)), (0, parse("d", f"DEALLOCATE {what}") + SYNC), (0, query("EXECUTE d")), (0, use("a")), (0, use("a", TWO)), (0, use("d")), (0, use("a")), (1, use("a", THREE)),
        (0, use("d"))] for what in ("ALL", "a", "d")},
    "a DEALLOCATE that is prepared before what it takes away": [
        (0, parse("d", "DEALLOCATE a") + SYNC), (0, use("a", TWO)), (1, use("a", THREE)), (0, use("d")), (0, use("a")), (0, use("a", TWO)), (0, query("EXECUTE d")), (0, use("a")), (1, use("a"))],
    "a prepared EXECUTE": [
        (0, use("a", TWO)), (0, parse("e", "EXECUTE a") + SYNC), (0, use("e")), (0, query("EXECUTE e")), (0, query("DEALLOCATE a")), (0, use("e")), (0, query("EXECUTE e")),
        (0, use("a", THREE)), (0, use("e"))],
    "one text that the settings of two make two statements of": [
        (0, query("SET DateStyle = 'SQL, DMY'")), (1, use("a", DAY)), (0, use("b", DAY)), (0, use("b")), (1, use("a")), (1, use("b", DAY)), (0, use("b")),
        (1, query("SET DateStyle = 'SQL, DMY'") + use("c", DAY)), (1, use("c")), (2, use("c", DAY)), (1, use("c")), (0, use("c", DAY))],
    "bytes behind a text's end": [
        (0, use("s1", TWO)), (0, use("", TWO)),
        *[(0, message("Q", body)) for body in (b"SELECT 1\0 ", b"SELECT 1\0SELECT 2\0", b"SELECT 1", b"")], (0, use("")),
        (0, message("Q", b"DEALLOCATE s1\0\0")), (0, use("s1")), (0, query("BEGIN")), (0, message("Q", b"COMMIT\0\0")), (0, query("ROLLBACK")),
        *[(0, message(kind, body) + SYNC) for kind, body in (
            ("P", b"s4\0SELECT 1\0\0\0\0"), ("P", b"\0SELECT 1\0\0\0\0"), ("P", b"s5\0SELECT 1"), ("P", b"s1\0SELECT 1\0\0\0\0"),
            ("D", b"Ss1\0\0"), ("C", b"Ss1\0\0"), ("B", b"\0s1\0\0\0\0\0\0\0\0"), ("E", b"\0\0\0\0\0\0"))],
        (0, use("s1")), (0, use("s4")), (0, query("SELECT 1"))],
}


@pytest.mark.parametrize("conversation", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_what_an_error_undoes_is_what_postgresql_undoes(crossfade, pg_database, postgres, conversation):
    proxy = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 1", 'acquire_timeout = "5s"')
    proxy.pg = pg_database
    database = connect(proxy, pg_database)
    database.cursor().execute("CREATE FUNCTION own(int) RETURNS int LANGUAGE plpgsql AS 'begin return $1; end'")
    database.close()
    through, direct = {}, {}
    for step, (who, said) in enumerate(conversation):
        if who not in through:
            through[who], direct[who] = raw(proxy), RawClient("127.0.0.1", postgres.port)
            direct[who].send(startup("postgres", database_of(pg_database)))
            direct[who].until_ready()
        answers = []
        for client in (direct[who], through[who]):
            client.send(said)
            answers.append(client.until_ready(len([kind for kind in kinds(said) if kind in "QS"])))
        assert answers[1] == answers[0], f"step {step}, client {who}: {said}"


# A Query that was passed over behind an error took the unnamed statement away, which PostgreSQL still had.
def test_a_skipped_query_ends_no_unnamed_statement(proxy, postgres, pg_database):
    through, direct = raw(proxy), RawClient("127.0.0.1", postgres.port)
    direct.send(startup("postgres", database_of(pg_database)))
    direct.until_ready()
    for said, readies in ((use("", TWO), 1), (NOPE + query("SELECT 1") + SYNC, 1), (use(""), 1), (NOPE + query("SELECT 1") + SYNC + use(""), 2),
                          (NOPE + close("S", "") + query("SELECT 1") + parse("", THREE) + query("SELECT 1/0") + SYNC + describe("S", "") + SYNC, 2), (use(""), 1),
                          (parse("s", THREE) + query("SELECT 1") + use(""), 2), (use("", TWO), 1), (query("SELECT 1/0") + use(""), 2)):
        answers = []
        for client in (direct, through):
            client.send(said)
            answers.append(client.until_ready(readies))
        assert answers[1] == answers[0], said


ROW, GONE = parse("", "INSERT INTO t VALUES (1)") + bind("", "") + execute(), parse("", "SELECT * FROM nowhere")
COPIES = parse("", "COPY t FROM STDIN") + bind("", "") + execute()
UNSYNCED = {
    # A Query that something is said for ran in a transaction of its own: what was sent before it stayed when it failed, and it ran when that had.
    "EXECUTE": ([ROW + query("EXECUTE s")], 1), "EXECUTE behind an error": ([GONE + query("EXECUTE s") + ROW + SYNC], 1),
    "EXECUTE behind an error and a row": ([ROW + GONE + query("EXECUTE adds") + SYNC], 1), "EXECUTE that fails": ([ROW + query("EXECUTE zero")], 1),
    "EXECUTE and an error": ([ROW + query("EXECUTE s; SELECT 1/0")], 1), "EXECUTE of what is not there any more": ([ROW + query("EXECUTE lost")], 1),
    "the same, and more behind it": ([ROW + query("EXECUTE lost") + ROW + query("EXECUTE s")], 2), "the same, and a Sync": ([ROW + query("EXECUTE lost") + SYNC + use("s")], 3),
    "the same in a block": ([query("BEGIN"), ROW + query("EXECUTE lost"), query("EXECUTE s"), query("COMMIT")], 1),
    "EXECUTE of what nobody has": ([ROW + query("EXECUTE nobodys")], 1), "DEALLOCATE": ([ROW + query("DEALLOCATE s") + bind("", "s") + SYNC], 2),
    "DEALLOCATE behind an error": ([GONE + query("DEALLOCATE s") + SYNC + use("s")], 2), "DEALLOCATE and an error": ([ROW + query("DEALLOCATE s; SELECT 1/0") + use("s")], 2),
    # It was prepared to be deallocated, which failed: 26000.
    "DEALLOCATE of what is not there any more": ([query("DEALLOCATE lost"), use("s")], 1), "the same behind a row": ([ROW + query("DEALLOCATE lost"), ROW + query("DEALLOCATE lost")], 1),
    "DEALLOCATE of what is not there any more, in a block": ([query("BEGIN"), ROW + SYNC, query("DEALLOCATE lost"), query("COMMIT")], 1),
    "DEALLOCATE of two": ([query("DEALLOCATE s; EXECUTE adds; DEALLOCATE lost"), parse("s", TWO) + use("s"), query("EXECUTE s")], 1),
    "EXECUTE and DEALLOCATE": ([query("EXECUTE s; DEALLOCATE s"), query("EXECUTE s")], 1), "the same behind a row, too": ([ROW + query("EXECUTE s; DEALLOCATE s"), query("EXECUTE s")], 1),
    "a DEALLOCATE that is passed over": ([GONE + query("DEALLOCATE s") + SYNC, use("s"), query("EXECUTE s")], (1, 1, 1)),
    "a DEALLOCATE that is not come to": ([query("SELECT 1/0; DEALLOCATE s"), use("s"), query("EXECUTE s; SELECT 1/0; DEALLOCATE s"), use("s")], 1),
    "two": ([ROW + query("EXECUTE s") + ROW + query("EXECUTE adds")], 2), "behind a Sync": ([ROW + SYNC + ROW + query("EXECUTE zero")], 2),
    "with its own Flush": ([ROW + message("H") + query("EXECUTE adds") + ROW + message("H") + query("EXECUTE zero")], 2),
    "in bits": ([ROW, query("EXECUTE zero")], (0, 1)), "in a block": ([query("BEGIN"), ROW + query("EXECUTE zero"), query("COMMIT")], 1),
    "at a block's end": ([query("BEGIN"), ROW + parse("", "COMMIT") + bind("", "") + execute() + query("EXECUTE zero")], 1),
    "what it leaves unnamed": ([parse("", TWO) + query("EXECUTE s") + use(""), parse("", TWO) + query("EXECUTE lost") + use("")], 2),
    "sequences": ([ROW + query("SELECT currval('counts')")], 1), "sequences behind an error": ([ROW + GONE + query("SELECT lastval()") + SYNC], 1),
    "while it takes COPY data": ([COPIES + query("EXECUTE s") + SYNC + use("s")], 2),
    "behind COPY data": ([COPIES + message("d", b"1\n") + message("c") + query("EXECUTE zero")], 1),
    "behind COPY data that fails": ([COPIES + message("d", b"x\n") + message("c") + query("EXECUTE s") + SYNC], 1),
    "a portal that is left": ([parse("", "SELECT generate_series(1, 3)") + bind("p", "") + execute("p", 1) + query("EXECUTE s") + execute("p", 1) + SYNC], 2),
}


@pytest.mark.parametrize("case", UNSYNCED)
def test_a_query_behind_messages_without_a_sync_is_of_their_transaction(crossfade, pg_database, postgres, case):
    proxy = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 1", 'acquire_timeout = "20s"')
    proxy.pg = pg_database
    said, readies = UNSYNCED[case]
    direct = RawClient("127.0.0.1", postgres.port)
    direct.send(startup("postgres", database_of(pg_database)))
    direct.until_ready()
    through, other = raw(proxy), raw(proxy)
    other.send(query("CREATE TABLE t(x int); CREATE SEQUENCE counts"))
    other.until_ready()
    seen = []
    for client in (direct, through):
        other.send(query("CREATE TABLE away(x int); TRUNCATE t"))
        other.until_ready()
        client.send(parse("s", "SELECT 42"), parse("adds", "INSERT INTO t VALUES (2)"), parse("zero", "SELECT 1/(SELECT 0)"), parse("lost", "SELECT * FROM away"), SYNC)
        assert client.until_ready() == ["1", "1", "1", "1", "Z I"]
        other.send(query("DROP TABLE away"), query("DEALLOCATE ALL"))  # nobody's statements are on the pool's connection now
        other.until_ready(2)
        client.socket.settimeout(10)
        answers = []
        for at, each in enumerate(said):
            client.send(each)
            answers.append(client.until_ready(readies[at] if isinstance(readies, tuple) else readies))
        other.send(query("SELECT count(*), coalesce(sum(x), 0) FROM t"))
        seen.append((answers, other.until_ready()))
        client.send(use("s"))  # and it lives
        client.until_ready()
        client.close()
    assert seen[1] == seen[0]


PASSED = bind("", "nope")
PIPELINED = {
    # Sent before the answers to the batch before have come: what a failed batch had passed over counted as done, or not.
    "DEALLOCATE behind a Close that is passed over": PASSED + close("S", "s") + SYNC + query("DEALLOCATE s") + use("s"),
    "the same by EXECUTE": PASSED + close("S", "s") + SYNC + query("EXECUTE s") + use("s"), "the same by Bind": PASSED + close("S", "s") + SYNC + use("s"),
    "the same by Describe": PASSED + close("S", "s") + SYNC + describe("S", "s") + SYNC, "the same by Parse": PASSED + close("S", "s") + SYNC + use("s", THREE) + use("s"),
    "the same by Close": PASSED + close("S", "s") + SYNC + close("S", "s") + SYNC + use("s"),
    "a Parse that is passed over": PASSED + parse("n", TWO) + SYNC + use("n"), "and another": PASSED + parse("n", TWO) + SYNC + PASSED + parse("n", THREE) + SYNC + use("n"),
    "and closed": PASSED + parse("n", TWO) + SYNC + PASSED + close("S", "n") + SYNC + use("n"), "and made": PASSED + parse("n", TWO) + SYNC + use("n", THREE) + use("n"),
    "and deallocated": PASSED + parse("n", TWO) + SYNC + query("SELECT 1/0; DEALLOCATE n") + use("n"),
    "and another name's EXECUTE": PASSED + parse("n", TWO) + SYNC + query("EXECUTE nobodys") + use("n"),
    "a Query that is passed over with the next": PASSED + query("BEGIN") + query("EXECUTE s; DEALLOCATE s") + SYNC + use("s"),
    "and no Sync between": PASSED + query("SELECT 1") + query("SELECT currval('counts')") + query("EXECUTE s") + SYNC + use("s"),
}


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
@pytest.mark.parametrize("case", PIPELINED)
def test_what_is_passed_over_leaves_names_to_the_next_batch_as_postgresql_does(crossfade, pg_database, postgres, case, known):
    """`known`: another client has prepared the same texts on the connection."""
    proxy = pooled(crossfade, pg_database, 'mode = "transaction"', "max_connections = 1", 'acquire_timeout = "20s"')
    proxy.pg = pg_database
    direct = RawClient("127.0.0.1", postgres.port)
    direct.send(startup("postgres", database_of(pg_database)))
    direct.until_ready()
    through, other = raw(proxy), raw(proxy)
    other.send(query("CREATE SEQUENCE counts"))
    other.until_ready()
    if known:
        other.send(parse("a", TWO), parse("b", THREE), parse("c", "SELECT 42"), SYNC)
        other.until_ready()
    seen = []
    for client in (direct, through):
        client.send(parse("s", "SELECT 42"), SYNC)
        client.until_ready()
        client.send(PIPELINED[case] + query("SELECT 'end'"))
        answers = []
        while "D [b'end']" not in answers:
            answers += client.until_ready()
        seen.append(answers)
        client.close()
    assert seen[1] == seen[0]


def kinds(messages):
    while messages:
        yield chr(messages[0])
        messages = messages[1 + struct.unpack("!I", messages[1:5])[0]:]


def test_clients_that_have_just_come_are_told_of_a_sigterm(proxy):
    """A wait that had ended and was not delivered yet swallowed the interruption: the drain ran to its end."""
    raw(proxy)
    proxy.process.send_signal(signal.SIGSTOP)
    clients = []
    for _ in range(20):
        client = RawClient("127.0.0.1", proxy.port)
        client.send(startup("app", database_of(proxy.pg)))
        clients.append(client)
    proxy.process.terminate()
    proxy.process.send_signal(signal.SIGCONT)
    for client in clients:
        assert client.until_end()[-1] == "EOF"
    assert proxy.process.wait(60) == 0
    assert "ended by force" not in proxy.log_tail(20)


def test_batches_in_pieces_and_several_at_once_are_answered_in_order(proxy):
    client = raw(proxy)
    warm(proxy, client)
    one = query("SELECT 'first'")
    for cut in (1, 4, 5, 9, len(one) - 1):
        client.send(one[:cut])
        time.sleep(0.02)
        client.send(one[cut:])
        assert client.until_ready()[-1] == "Z I"
    client.send(query("SELECT 1"), SELECT, query("SELECT nothing"), SELECT, SYNC, query("SELECT 2"))
    answers = client.until_ready(6)
    assert [line for line in answers if line.startswith("Z")] == ["Z I"] * 6
    assert sum(line.startswith("E") for line in answers) == 1 and sum(line.startswith("D") for line in answers) == 4, answers


def test_what_a_client_says_while_its_answer_is_waited_for_is_answered_after_it(proxy):
    client = raw(proxy)
    warm(proxy, client)
    for _ in range(3):
        client.send(query("SELECT pg_sleep(0.3)"))
        time.sleep(0.1)
        client.send(query("SELECT 'second'"))
        time.sleep(0.05)
        client.send(SELECT)
        assert [line for line in client.until_ready(3) if line.startswith("Z")] == ["Z I"] * 3
    wait_until(lambda: idle(proxy) >= 1 and pool_row(proxy)["sv_active"] == "0", 10, "the connection")


def test_a_client_that_reads_late_gets_all_of_it(proxy):
    """An answer that the socket does not take whole: the rest goes in order, and the connection serves others meanwhile."""
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", database_of(proxy.pg)))
    client.until_ready()
    warm(proxy, client)
    client.send(query("SELECT repeat('x', 1000) || g FROM generate_series(1, 30000) g"))
    time.sleep(0.5)
    other = raw(proxy)
    warm(proxy, other)
    client.socket.settimeout(60)
    rows = 0
    while True:
        kind, body = client.receive()
        if kind == "D":
            rows += 1
            assert body.endswith(str(rows).encode())
        if kind == "Z":
            break
    assert rows == 30000
    warm(proxy, client)


def test_blocks_copy_errors_and_settings_between_short_statements(proxy):
    client, other = raw(proxy), raw(proxy)
    for _ in range(5):
        warm(proxy, client)
        for sql, status in (("BEGIN", "Z T"), ("SELECT nothing", "Z E"), ("ROLLBACK", "Z I"), ("SET application_name = 'mine'", "Z I"), ("SELECT 1", "Z I")):
            client.send(query(sql))
            assert client.until_ready()[-1] == status
            other.send(query("SHOW application_name"))
            assert not any("mine" in line for line in other.until_ready())
        client.send(query("CREATE TABLE IF NOT EXISTS exchange_t (a text)"))
        client.until_ready()
        client.send(query("COPY exchange_t FROM STDIN"), message("d", b"x\n"), message("c"))
        assert client.until_ready()[-1] == "Z I"
        client.send(query("SHOW application_name"))
        assert any("mine" in line for line in client.until_ready())
    client.send(query("SELECT count(*) FROM exchange_t"))
    assert any("b'5'" in line for line in client.until_ready())
    client.send(query("DROP TABLE exchange_t"))
    client.until_ready()


def test_a_server_that_ends_while_a_client_waits_is_told_and_others_go_on(proxy):
    admin = connect(proxy, proxy.pg)
    client = raw(proxy)
    warm(proxy, client)
    client.send(query("SELECT pg_sleep(60) /* ends */"))
    wait_until(lambda: pool_row(proxy)["sv_active"] == "1", 10, "the statement")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%/* ends */' AND pid <> pg_backend_pid()")
    said = client.until_end()
    assert any("57P01" in line for line in said), said
    other = raw(proxy)
    warm(proxy, other)


def test_a_pooled_client_is_shown_with_its_application_name(proxy):
    named = [raw(proxy, application_name="reports")]
    assert [row["application_name"] for row in proxy.console("SHOW CLIENTS") if row["user"] == "app"] == ["reports"]
    named.append(raw(proxy, application_name="a\x1b\nb" + "c" * 100))
    assert sorted(row["application_name"] for row in proxy.console("SHOW CLIENTS") if row["user"] == "app") == ["a??b" + "c" * 59, "reports"]


def test_sigterm_while_many_clients_ask(proxy):
    """It ends cleanly (the fixture looks), and whoever is in the middle hears 57P01 or the end of the stream, never half an answer."""
    stop, faults = threading.Event(), []

    def ask(client):
        try:
            while not stop.is_set():
                client.send(query("SELECT 1"))
                seen = client.until_ready()
                if seen[-1] != "Z I":
                    return seen in (["EOF"], ["E FATAL 57P01", "EOF"]) or faults.append(seen)
        except (OSError, EOFError, ConnectionError, AssertionError, IndexError, ValueError):
            pass

    threads = [threading.Thread(target=ask, args=(raw(proxy),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    proxy.process.terminate()
    code = proxy.process.wait(60)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert code == 0 and faults == []


def test_a_client_that_was_silent_for_long_goes_on_where_it_was(proxy):
    """It has no coroutine then: whatever comes next has one made."""
    clients = [raw(proxy) for _ in range(6)]
    for client in clients:
        for sql, status in (("BEGIN", "Z T"), ("SELECT 1", "Z T"), ("COMMIT", "Z I")):
            client.send(query(sql))
            assert client.until_ready()[-1] == status
    time.sleep(2.2)
    short, block, pinned, torn, ended, told = clients
    short.send(SELECT)
    assert short.until_ready()[-1] == "Z I"
    block.send(query("BEGIN"), query("SELECT 1"))
    assert block.until_ready(2)[-1] == "Z T"
    block.send(query("COMMIT"))
    assert block.until_ready()[-1] == "Z I"
    pinned.send(query("LISTEN a"))
    assert pinned.until_ready()[-1] == "Z I"
    torn.send(SELECT[:7])
    time.sleep(0.05)
    torn.send(SELECT[7:] + message("X"))
    assert torn.until_end()[-2:] == ["Z I", "EOF"]
    ended.close()
    wait_until(lambda: clients_there(proxy) == 4, 10, "the ends of two")
    proxy.process.terminate()
    for client in (short, block, told):
        assert client.until_end()[-2:] == ["E FATAL 57P01", "EOF"]
    assert proxy.process.wait(60) == 0
