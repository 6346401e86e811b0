"""A statement's answer on one server, in the simple or the extended protocol, and what of two answers must be equal."""
import collections
import decimal
import pathlib
import re
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))
from raw import SYNC, RawClient, bind, describe, execute, fields, parse, query, row_description, data_row, startup  # noqa: E402


class Side:
    """One connection to a server; made anew when it is lost."""

    def __init__(self, port, user, database, revive=None, **settings):
        self.at, self.settings, self.revive = (port, user, database), settings, revive
        self.connect()

    def connect(self):
        port, user, database = self.at
        if self.revive:
            self.revive()
        self.client = RawClient("127.0.0.1", port)
        self.client.send(startup(user, database, client_encoding="UTF8", **self.settings))
        self.client.until_ready()

    def close(self):
        self.client.close()

    def simple(self, text):
        return self.ask(query(text))

    def extended(self, text, values, binary=False):
        oids = [oid for _, oid in values]
        bound = [None if value is None else value.encode() for value, _ in values]
        return self.ask(parse("", text, oids), describe("S", ""), bind("", "", bound, results=(1,) if binary else ()), execute(), SYNC)

    def ask(self, *messages):
        """{state, message, parameters, columns, rows, tag, status}; status: ReadyForQuery's letter."""
        answer = {"state": "00000", "columns": [], "rows": []}
        try:
            self.client.send(*messages)
            while True:
                kind, body = self.client.receive()
                if kind == "T":
                    answer["columns"] = [(name, oid, modifier) for name, oid, _, modifier, _ in row_description(body)]
                elif kind == "D":
                    answer["rows"].append(tuple(data_row(body)))
                elif kind == "C":
                    answer["tag"] = body[:-1].decode()
                elif kind == "t":
                    answer["parameters"] = struct.unpack(f"!{len(body[2:]) // 4}I", body[2:])
                elif kind == "E":
                    error = fields(body)
                    return self.failed(error["C"], error["M"])
                elif kind == "Z":
                    return answer | {"status": body.decode()}
        except (EOFError, OSError) as failure:
            print(f"--- lost on port {self.at[0]}: {messages}", flush=True)
            self.connect()
            return {"state": "lost", "message": repr(failure)}

    def failed(self, state, message):
        while True:
            kind, body = self.client.receive()
            if kind == "Z":
                return {"state": state, "message": message, "status": body.decode()}

    def run(self, statement, binary=False, tables=()):
        """A change is undone, behind a look at the tables."""
        go = lambda: self.extended(statement.text, statement.values, binary) if statement.values or binary else self.simple(statement.text)  # noqa: E731
        if not statement.changes:
            return go()
        self.simple("BEGIN")
        answer = go()
        if answer["state"] == "00000":
            answer["after"] = [self.simple(f"SELECT * FROM {table} ORDER BY id").get("rows") for table in tables]
            answer["at the end"] = self.simple("SET CONSTRAINTS ALL IMMEDIATE")["state"]
        self.simple("ROLLBACK")
        return answer


def interval_text(value):
    """Of an interval as PostgreSQL writes it, what it is compared by: months of 30 days of 24 hours, in microseconds."""
    total = decimal.Decimal(0)
    for number, unit in re.findall(rb"([-+]?\d+) (year|mon|day)", value):
        total += int(number) * {b"year": 360, b"mon": 30, b"day": 1}[unit] * 86400
    for sign, hours, minutes, seconds in re.findall(rb"([-+]?)(\d+):(\d+):([\d.]+)", value):
        total += (-1 if sign == b"-" else 1) * (int(hours) * 3600 + int(minutes) * 60 + decimal.Decimal(seconds.decode()))
    return str(total.normalize() + 0).encode()


def plain(value, type=0):
    """The same text for values that are equal: 1.0 and 1.00, 'a' and 'a  ', -0 and 0, 1 month and 30 days; floats to 12 digits."""
    if value is None:
        return None
    if type == 1186:
        return interval_text(value)
    text = re.sub(rb"-?\d+(\.\d+)?(e[-+]?\d+)?", lambda number: number_text(number.group()), value)
    return text.rstrip(b" ")


def number_text(text):
    number = decimal.Decimal(text.decode())
    if len(text) > 15 and number:
        number = number.scaleb(-number.adjusted()).quantize(decimal.Decimal("1e-12")).scaleb(number.adjusted())
    return str(number.normalize() + 0).encode()


CANCELS = re.compile(r"\b(corr|covar_\w+|regr_\w+)\(")  # a sum of differences: where it is nought, the order of the rows decides what is left of it


def without_noise(text):
    """Numbers nearer to nought than a double's last place beside 1; of others the first nine digits: the differences have lost the rest."""
    if text is None or not re.fullmatch(rb"-?[\d.]+(E[-+]?\d+)?", text):
        return text
    number = decimal.Decimal(text.decode())
    return b"0" if abs(number) < decimal.Decimal("1e-15") else f"{number:.8e}".encode()


def multiset(rows):
    return collections.Counter(rows)


def same(statement, ours, theirs, binary=False):
    if ours["state"] != theirs["state"]:
        return False
    if ours["state"] != "00000":
        return True
    if any(ours.get(key) != theirs.get(key) for key in ("tag", "parameters", "after", "at the end")):
        return False
    # A Query's columns are described behind the planner, which may have made a constant with a length of an expression.
    said = slice(None) if "parameters" in ours else slice(2)
    if [column[said] for column in ours["columns"]] != [column[said] for column in theirs["columns"]]:
        return False
    if ours["rows"] == theirs["rows"] if statement.ordered else multiset(ours["rows"]) == multiset(theirs["rows"]):
        return True
    if not statement.loose or binary:
        return False
    types = [column[1] for column in ours["columns"]]
    mine, other = ([tuple(map(plain, row, types)) for row in answer["rows"]] for answer in (ours, theirs))
    if CANCELS.search(statement.text):
        mine, other = ([tuple(map(without_noise, row)) for row in rows] for rows in (mine, other))
    return mine == other if statement.ordered else multiset(mine) == multiset(other)


# What docs/refused.md and docs/types.md say: ours, PostgreSQL's, what the message must hold, why.
KNOWN = [
    ("22003", "00000", "NaN|cannot be held|-0", "NaN and -0 of double precision cannot be held by SQLite"),
    ("00000", "21000", "", "ON CONFLICT DO UPDATE of a row that the same statement inserted"),
]
EVALUATION = re.compile(r"22|21000|2201")


def without_null_flag(value):
    """An array's binary form without its word "has NULLs": PostgreSQL leaves it 1 in a slice of an array that has some elsewhere (docs/refused.md)."""
    is_array = value is not None and len(value) >= 12 and value[:3] == b"\0\0\0" and value[3] <= 6 and value[4:8] in (b"\0\0\0\0", b"\0\0\0\1")
    return value[:4] + bytes(4) + value[8:] if is_array else value


def same_but_null_flags(statement, ours, theirs):
    mine, other = ({**answer, "rows": [tuple(map(without_null_flag, row)) for row in answer["rows"]]} for answer in (ours, theirs))
    return same(statement, mine, other, binary=True)


# PostgreSQL 15 leaves a sort out where WHERE says that a column is a constant, although grouping sets make it NULL too: ORDER BY c and ORDER BY c DESC
# give one and the same order there. Likewise beside a CASE or a coalesce that its planner folds into another column that is grouped by.
SORT_LEFT_OUT = re.compile(r"(WHERE\b.*[^<>!]=|CASE WHEN (true|false|'(true|false)'::boolean|\$\d+::boolean)(?![a-z_0-9])|CASE [^;]*?WHEN NULL\b|coalesce\(['$0-9-]).*GROUP BY\b.*(CUBE|ROLLUP|GROUPING SETS)", re.S)


def same_but_a_sort(statement, ours, theirs):
    """Where that has happened: all but the order is the same."""
    if not SORT_LEFT_OUT.search(statement.text) or not ours.get("rows") or not theirs.get("rows"):
        return False
    mine, other = ({**answer, "rows": sorted(answer["rows"], key=repr)} for answer in (ours, theirs))
    return same(statement, mine, other)


def verdict(statement, ours, theirs, binary=False):
    """same, refused, known, error (one SQLSTATE for another, or an error that depends on what is computed first), wrong, crash."""
    if ours["state"] in ("lost", "XX000"):
        return "crash"
    if same(statement, ours, theirs, binary):
        return "same"
    if ours["state"] == "0A000":
        return "refused"
    if "57014" in (ours["state"], theirs["state"]):
        return "slow"
    for mine, other, message, _ in KNOWN:
        if (ours["state"], theirs["state"]) == (mine, other) and re.search(message, ours.get("message", "") + theirs.get("message", "")):
            return "known"
    if binary and ours["state"] == theirs["state"] and same_but_null_flags(statement, ours, theirs):
        return "known"
    if ours["state"] == theirs["state"] and same_but_a_sort(statement, ours, theirs):
        return "known"
    return "error" if ours["state"] != theirs["state"] else "wrong"


TOKEN = re.compile(r"\s+|'(?:[^']|'')*'(?:::[a-z]\w*(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?)?|\"[^\"]*\"|\$?\w+(?:\.\w+)?|::|[<>=!~@#?|&*^-]+|.", re.S)


def windows(tokens):
    """(OVER with ORDER BY, of them those ordered by a key)"""
    text = "".join(tokens)
    orders = re.findall(r"\bOVER\s*\([^;]*?ORDER BY[^;]*?(?=\bOVER\b|\bFROM\b|$)", text)
    return text.count("OVER"), sum(re.search(r"\w+\.(id|o\d*|n)\b", order) is not None for order in orders)


def minimised(text, still, rounds=3):
    """A shorter text for which `still` holds: pieces, and balanced groups, are left out as long as something goes. A window that is
    ordered by a key stays so."""
    tokens = TOKEN.findall(text)
    total = windows(tokens)[0] and windows(tokens)[0] == windows(tokens)[1]
    wrong = still
    still = lambda shorter: (not total or len(set(windows([shorter]))) == 1) and wrong(shorter)  # noqa: E731
    for _ in range(rounds):
        before = len(tokens)
        size = len(tokens) // 2
        while size >= 1:
            place = 0
            while place < len(tokens):
                shorter = tokens[:place] + tokens[place + size:]
                if "".join(shorter).strip() and still("".join(shorter)):
                    tokens = shorter
                else:
                    place += max(1, size // 2)
            size //= 2
        place = 0
        while place < len(tokens):  # ( x ) -> NULL, or x
            if tokens[place] == "(":
                level, end = 0, place
                for end in range(place, len(tokens)):
                    level += {"(": 1, ")": -1}.get(tokens[end], 0)
                    if not level:
                        break
                for instead in (["NULL"], [], tokens[place + 1:end]):
                    shorter = tokens[:place] + instead + tokens[end + 1:]
                    if len(shorter) < len(tokens) and still("".join(shorter)):
                        tokens = shorter
                        place -= 1
                        break
            place += 1
        if len(tokens) == before:
            break
    return "".join(tokens)
