"""A PostgreSQL client that sends what it is told, byte by byte, and says what came back: message letters, SQLSTATEs, statuses."""
import socket
import struct


def message(kind, body=b""):
    return kind.encode() + struct.pack("!I", len(body) + 4) + body


def text(value):
    return value.encode() + b"\0"


def query(sql):
    return message("Q", text(sql))


def parse(name, sql, oids=()):
    return message("P", text(name) + text(sql) + struct.pack("!H", len(oids)) + b"".join(struct.pack("!I", oid) for oid in oids))


def bind(portal, statement, values=(), formats=(), results=()):
    body = text(portal) + text(statement) + struct.pack(f"!H{len(formats)}H", len(formats), *formats) + struct.pack("!H", len(values))
    for value in values:
        body += struct.pack("!i", -1) if value is None else struct.pack("!I", len(value)) + value
    return message("B", body + struct.pack(f"!H{len(results)}H", len(results), *results))


def describe(kind, name):
    return message("D", kind.encode() + text(name))


def execute(portal="", rows=0):
    return message("E", text(portal) + struct.pack("!I", rows))


def close(kind, name):
    return message("C", kind.encode() + text(name))


SYNC, FLUSH, TERMINATE = message("S"), message("H"), message("X")


def startup(user, database, version=(3, 0), **parameters):
    body = struct.pack("!HH", *version)
    for key, value in {"user": user, "database": database, **parameters}.items():
        body += text(key) + text(value)
    body += b"\0"
    return struct.pack("!I", len(body) + 4) + body


class RawClient:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=20)
        self.buffer = b""

    def send(self, *messages):
        self.socket.sendall(b"".join(messages))

    def _exactly(self, count):
        while len(self.buffer) < count:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def receive(self):
        kind, length = struct.unpack("!cI", self._exactly(5))
        return kind.decode(), self._exactly(length - 4)

    def until_ready(self, count=1):
        """A readable list of what came until the count-th ReadyForQuery or the end of the connection."""
        seen = []
        while count:
            try:
                kind, body = self.receive()
            except (EOFError, ConnectionResetError):
                return seen + ["EOF"]
            if kind == "S" or kind == "K":
                continue
            seen.append(readable(kind, body))
            count -= kind == "Z"
        return seen

    def until_end(self):
        return self.until_ready(10**6)

    def close(self):
        self.socket.close()


def fields(body):
    parts = body.rstrip(b"\0").split(b"\0")
    return {part[:1].decode(): part[1:].decode(errors="replace") for part in parts if part}


def readable(kind, body):
    if kind in "EN":
        error = fields(body)
        return f"{kind} {error['S']} {error['C']}"
    if kind == "Z":
        return f"Z {body.decode()}"
    if kind == "C":
        return f"C {body[:-1].decode()}"
    if kind == "R":
        return f"R {struct.unpack('!I', body[:4])[0]}"
    if kind == "t":
        count = struct.unpack("!H", body[:2])[0]
        return f"t {list(struct.unpack(f'!{count}I', body[2:]))}"
    if kind == "T":
        return f"T {row_description(body)}"
    if kind == "D":
        return f"D {data_row(body)}"
    if kind == "v":
        return f"v {struct.unpack('!I', body[:4])[0] & 0xffff}"
    return kind


def row_description(body):
    count, place, columns = struct.unpack("!H", body[:2])[0], 2, []
    for _ in range(count):
        end = body.index(b"\0", place)
        _, _, oid, size, modifier, form = struct.unpack("!IHIhih", body[end + 1:end + 19])
        columns.append((body[place:end].decode(), oid, size, modifier, form))
        place = end + 19
    return columns


def data_row(body):
    count, place, values = struct.unpack("!H", body[:2])[0], 2, []
    for _ in range(count):
        length = struct.unpack("!i", body[place:place + 4])[0]
        place += 4
        if length < 0:
            values.append(None)
        else:
            values.append(body[place:place + length])
            place += length
    return values
