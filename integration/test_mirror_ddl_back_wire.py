"""Changes of the schema while PostgreSQL is the primary, in the extended protocol as drivers speak it, answer by answer."""
import socket
import struct

from test_mirror_ddl import bring, schemas
from test_mirror_ddl_back import assert_equal_there, go_back
from test_mirror_workloads import serve_pair


class Wire:
    """The protocol by hand: what goes out in one write, and the answers up to ReadyForQuery as "C:tag", "E:code", "Z:status" or their letter."""

    def __init__(self, port):
        self.socket, self.left = socket.create_connection(("127.0.0.1", port), timeout=20), b""
        self.write(struct.pack("!ii", 0, 196608), b"user\0app\0database\0app\0\0")
        self.answers()

    def write(self, head, body):
        self.socket.sendall(struct.pack("!i", len(head) + len(body)) + head[4:] + body)

    def send(self, *messages):
        self.socket.sendall(b"".join(messages))

    @staticmethod
    def message(kind, body):
        return kind + struct.pack("!i", len(body) + 4) + body

    def parse(self, name, sql):
        return self.message(b"P", name.encode() + b"\0" + sql.encode() + b"\0\0\0")

    def bind(self, statement=""):
        return self.message(b"B", b"\0" + statement.encode() + b"\0" + b"\0\0" * 3)

    def describe(self):
        return self.message(b"D", b"P\0")

    def execute(self):
        return self.message(b"E", b"\0" + b"\0" * 4)

    def sync(self):
        return self.message(b"S", b"")

    def answers(self):
        out = []
        while not out or not out[-1].startswith(b"Z"):
            while len(self.left) < 5 or len(self.left) < 1 + struct.unpack("!i", self.left[1:5])[0]:
                more = self.socket.recv(65536)
                assert more, out
                self.left += more
            size = 1 + struct.unpack("!i", self.left[1:5])[0]
            kind, body, self.left = self.left[:1], self.left[5:size], self.left[size:]
            fields = dict((part[:1], part[1:]) for part in body.split(b"\0")) if kind == b"E" else {}
            out.append(kind + {b"C": b":" + body[:-1], b"Z": b":" + body, b"E": b":" + fields.get(b"C", b"")}.get(kind, b""))
        return [one for one in out if one[:1] not in (b"R", b"S", b"K", b"N")]

    def close(self):
        self.socket.close()


def test_prepared_changes_of_the_extended_protocol(crossfade, tmp_path, pg_database):
    """As psycopg 3, pgjdbc and asyncpg say them; one was prepared while the file was the primary."""
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    wire = Wire(proxy.port)
    wire.send(wire.parse("early", "CREATE TABLE early (id integer PRIMARY KEY)"), wire.sync())
    assert wire.answers()[-1] == b"Z:I"
    wire.send(wire.parse("", "SELECT 1"), wire.bind(), wire.execute(), wire.sync())
    wire.answers()
    proxy.console("SWITCH TO postgres")
    wire.send(wire.bind("early"), wire.execute(), wire.sync())
    assert wire.answers() == [b"2", b"C:CREATE TABLE", b"Z:I"]
    wire.send(wire.parse("", "CREATE TABLE made (id integer PRIMARY KEY)"), wire.bind(), wire.describe(), wire.execute(), wire.sync())
    assert wire.answers() == [b"1", b"2", b"n", b"C:CREATE TABLE", b"Z:I"]
    # pgjdbc: BEGIN and the statement in one batch; several changes in one, and a row.
    wire.send(wire.parse("", "BEGIN"), wire.bind(), wire.execute(), wire.parse("", "ALTER TABLE made ADD COLUMN n integer"), wire.bind(), wire.execute(), wire.sync())
    assert wire.answers() == [b"1", b"2", b"C:BEGIN", b"1", b"2", b"C:ALTER TABLE", b"Z:T"]
    wire.send(wire.parse("", "CREATE TABLE more (id integer PRIMARY KEY)"), wire.bind(), wire.execute(), wire.parse("", "INSERT INTO more VALUES (1)"), wire.bind(), wire.execute(),
              wire.parse("", "CREATE INDEX ON more (id)"), wire.bind(), wire.execute(), wire.parse("", "COMMIT"), wire.bind(), wire.execute(), wire.sync())
    assert wire.answers() == [b"1", b"2", b"C:CREATE TABLE", b"1", b"2", b"C:INSERT 0 1", b"1", b"2", b"C:CREATE INDEX", b"1", b"2", b"C:COMMIT", b"Z:I"]
    # An error of it, of what goes before it, and what cannot be carried: the rest of the batch is passed over, and all of it is undone.
    before = schemas(proxy)
    for sql, code in (("CREATE TABLE made (id integer PRIMARY KEY)", b"42P07"), ("CREATE TABLE keyless (n integer)", b"0A000"), ("CREATE TABLE only_there (id integer)", b"0A000")):
        wire.send(wire.parse("", "CREATE TABLE gone (id integer PRIMARY KEY)"), wire.bind(), wire.execute(), wire.parse("", sql), wire.bind(), wire.execute(), wire.parse("", "SELECT 1"), wire.sync())
        assert wire.answers() == [b"1", b"2", b"C:CREATE TABLE", b"1", b"2", b"E:" + code, b"Z:I"], sql
    wire.send(wire.parse("", "SELECT nobody"), wire.bind(), wire.execute(), wire.parse("", "CREATE TABLE gone (id integer PRIMARY KEY)"), wire.bind(), wire.execute(), wire.sync())
    assert wire.answers() == [b"E:42703", b"Z:I"]
    assert schemas(proxy)[1] == before[1]
    wire.send(wire.parse("", "SELECT 1"), wire.bind(), wire.execute(), wire.sync())
    assert wire.answers() == [b"1", b"2", b"D", b"C:SELECT 1", b"Z:I"]
    assert_equal_there(proxy, ["early", "made", "more"])
    wire.close()
    go_back(proxy, ["early", "made", "more"])
