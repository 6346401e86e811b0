#!/usr/bin/python3
"""subscripts.py [--seconds N] [--seed S] [--statements K]

Random subscripts of jsonb and arrays, read, and assigned by UPDATE, INSERT and ON CONFLICT DO UPDATE, on Crossfade's SQLite side and on a
PostgreSQL 15: rows, columns, command tags, SQLSTATEs and what the table holds then must be the same. Of a statement with several parts that fail,
which is told first is each server's own. `--seconds 0`: the seed once, K statements. Exit 3: an answer is another one."""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration" / "suites"))
import running  # noqa: E402
from compare import differs, sqlite_side  # noqa: E402
from sides import Side  # noqa: E402

KINDS = ("same", "refused", "error", "wrong", "crash")
KEYS = ["a", "b", "", "0", "1", "-1", " 1", "+0", "01", "1 ", "x y", "ä", '"q', "\\", "k\n", "NULL", "99999999999", "1e0", "--1", "+-1"]
SCALARS = [None, True, False, 0, 1, -2, 10**20, 1.5, "x", "", 'ä"\\\n', "null"]
TABLE = "CREATE TABLE subscripted (id int PRIMARY KEY, d jsonb, a int[], s text[], n int, v varchar(3)[], j json)"
MOST = 20_000  # characters
FROM = " FROM (SELECT 5 AS n, '{1,2}'::int[] AS a, '{\"a\":1}'::jsonb AS d, '{p}'::text[] AS s) q"


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Subscripts:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        """Each choice with its weight before it; a callable is asked then."""
        chosen = self.random.choices(choices[1::2], choices[::2])[0]
        return chosen() if callable(chosen) else chosen

    def number(self, low, high):
        return str(self.random.randint(low, high))

    # ---- values

    def json(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < .35:
            return self.random.choice(SCALARS)
        if kind < .65:
            return {self.random.choice(KEYS): self.json(depth + 1) for _ in range(self.random.randint(0, 3))}
        return [self.json(depth + 1) for _ in range(self.random.randint(0, 4))]

    def json_literal(self):
        text = json.dumps(self.json(), ensure_ascii=self.random.random() < .5)
        return quoted(text.replace("1.5", "1.50") if self.random.random() < .3 else text)

    def array(self, element):
        lengths = [self.random.randint(1, 3) for _ in range(self.pick(15, 0, 45, 1, 28, 2, 12, 3))]
        if not lengths:
            return self.pick(5, "'{}'", 4, "NULL")

        def part(depth):
            inner = (lambda: part(depth + 1)) if depth + 1 < len(lengths) else element
            return "{" + ",".join(inner() for _ in range(lengths[depth])) + "}"
        lowers = [self.random.randint(-3, 4) for _ in lengths] if self.random.random() < .35 else []
        return quoted("".join(f"[{low}:{low + length - 1}]" for low, length in zip(lowers, lengths)) + ("=" if lowers else "") + part(0))

    def item(self):
        return self.pick(1, "NULL", 6, lambda: self.number(-9, 99))

    def word(self):
        return self.random.choice(["NULL", "a", '"b c"', '""', '"NULL"', "x", '"{"', '"\\""', "ä"])

    # ---- subscripts

    def key(self):
        return self.pick(42, lambda: quoted(self.random.choice(KEYS)), 38, lambda: self.number(-4, 5), 4, "n", 4, "s[1]", 2, "NULL",
                         2, lambda: self.random.choice(["'a'::varchar", "1::smallint", "'b'::name", "'a'::char(3)", "NULL::int", "NULL::text"]),
                         1, lambda: self.random.choice(["1.0", "true", "1::bigint", "id", "a", "d", "current_date", "'a'::\"char\"", "1:2", ":", "1:"]),
                         2, lambda: quoted(self.number(-3, 6)), 4, lambda: self.random.choice(["n+1", "n-2", "'a'||'b'", "length(s[1])", "'k'||n"]))

    def keys(self):
        return "".join(f"[{self.key()}]" for _ in range(self.random.choice([1, 1, 1, 2, 2, 2, 3, 3, 4, 5])))

    def place(self):
        return self.pick(86, lambda: self.number(-3, 6), 4, "n", 3, lambda: quoted(self.number(-1, 3)), 2, "NULL",
                         2, lambda: self.random.choice(["1.4", "2::bigint", "1::smallint", "a[1]", "array_length(a,1)"]),
                         3, lambda: self.random.choice(["2147483647", "-2147483648", "2000000000", "9999999999", "true", "'x'", "s[1]"]))

    def bounds(self):
        low = self.random.randint(-3, 5)
        return self.pick(60, f"{low}:{low + self.random.randint(-1, 3)}", 10, lambda: f"{self.place()}:{self.place()}", 8, lambda: ":" + self.place(),
                         8, lambda: self.place() + ":", 6, ":", 8, self.place)

    def places(self, slices):
        count = self.random.choice([1, 1, 1, 2, 2, 3]) if self.random.random() < .97 else self.random.randint(4, 7)
        return "".join(f"[{self.bounds() if slices else self.place()}]" for _ in range(count))

    def slices(self):
        return self.random.random() < .4

    # ---- statements

    def assignment(self):
        column, slices = self.pick(45, "d", 35, "a", 20, "s"), self.slices()
        if column == "d":
            return "d" + self.keys(), self.pick(3, self.json_literal, 2, lambda: self.random.choice(["NULL", "to_jsonb(n)", "d", "to_jsonb(a)", "d['a']", "d -> 0", "n", "s[1]", "'{bad'", "j"]))
        if column == "a":
            one = ["n", "a[1]", "1.6", "'7'", "id", "9999999999", "'x'", "s[1]", "a", "NULL::int"]
            some = ["a", "NULL", "5", "ARRAY[1,2,3,4]", "a[1:2]", "'{1,2,3,4,5,6,7,8}'"]
        else:
            one, some = ["'z'", "NULL", "n", "s[2]", "'q'::varchar", "d", "s", "''"], ["s", "NULL", "n", "ARRAY['p','q']", "v", "'{a,b,c,d,e,f,g}'"]
        element = self.item if column == "a" else self.word
        value = self.pick(9, lambda: self.array(element), 1, lambda: self.random.choice(some)) if slices else self.random.choice(one + [self.item()] if column == "a" else one)
        return column + self.places(slices), value

    def update(self):
        parts = [self.assignment() for _ in range(self.random.choice([1, 1, 1, 2, 2, 3]))]
        parts += self.pick(92, [], 5, [("n", self.number(0, 3))], 3, lambda: [self.random.choice([("a", "NULL"), ("d", "NULL")])])
        self.random.shuffle(parts)
        names, values = (", ".join(side) for side in zip(*parts))
        together = self.random.random() if len(parts) > 1 else 1
        text = f"({names}) = (SELECT {values}{self.pick(2, '', 1, ' WHERE false')})" if together < .1 else f"({names}) = ({values})" if together < .17 else ", ".join(map(" = ".join, parts))
        where = self.random.choice([" WHERE id = 1", " WHERE id = 2", " WHERE id = 3", ""])
        return f"UPDATE subscripted SET {text}{where} RETURNING id, d, a, array_dims(a), s", len(parts) == 1 and where != ""

    def insert(self):
        parts = [self.assignment() for _ in range(self.random.choice([1, 2, 2, 3]))]
        values = ", ".join([self.number(1, 6)] + [value for _, value in parts])
        source = self.pick(70, f"VALUES ({values})", 15, f"SELECT {values}", 8, f"SELECT {values}{FROM}", 7, f"SELECT DISTINCT {values}")
        column, value = self.assignment()
        value = {"d": "excluded.d", "n": "subscripted.n", "a": "excluded.a", "s": "subscripted.s"}.get(value, value)
        conflict = f" ON CONFLICT (id) DO UPDATE SET {column} = {value}" if self.random.random() < .75 else ""
        return f"INSERT INTO subscripted (id, {', '.join(name for name, _ in parts)}) {source}{conflict} RETURNING id, d, a, s", False

    def read(self):
        shown = [self.pick(50, lambda: "d" + self.keys(), 10, lambda: f"({self.json_literal()}::jsonb){self.keys()}", 5, lambda: f"(d{self.keys()}){self.keys()}",
                           5, lambda: f"d #> ARRAY[{quoted(self.random.choice(KEYS))}, {quoted(self.random.choice(KEYS))}]", 20, lambda: "a" + self.places(self.slices()),
                           10, lambda: "s" + self.places(self.slices())) for _ in range(self.random.randint(1, 4))]
        where = self.pick(1, "", 1, lambda: f" WHERE d{self.keys()} IS NOT NULL", 1, lambda: f" WHERE d{self.keys()} = {self.json_literal()}", 1, lambda: f" WHERE a{self.places(False)} > 3")
        order = self.pick(1, "id", 1, lambda: f"d{self.keys()}, id", 1, lambda: f"a{self.places(False)}, id")
        return f"SELECT {', '.join(shown)} FROM subscripted{where} ORDER BY {order}", False

    def statement(self):
        """A statement, and whether only one of its parts can fail."""
        return self.pick(50, self.update, 35, self.read, 15, self.insert)

    def rows(self):
        for each in range(1, 4):
            values = [self.pick(1, "NULL", 7, self.json_literal), self.array(self.item), self.array(self.word), self.number(-1, 4), "'{ab}'", self.json_literal()]
            yield f"INSERT INTO subscripted VALUES ({each}, {', '.join(values)})"


def verdict(ours, theirs, single):
    if "lost" in (ours["state"], theirs["state"]) or ours["state"] == "XX000":
        return "crash"
    failed = [each["state"] != "00000" for each in (ours, theirs)]
    if all(failed) and (ours["state"] == theirs["state"] or not single):
        return "same"
    if ours["state"] == "0A000":
        return "refused"
    if all(failed):
        return "error"
    return "same" if {**ours, "rows": sorted(map(repr, ours["rows"]))} == {**theirs, "rows": sorted(map(repr, theirs["rows"]))} else "wrong"


def run(seed, statements, sides, counts):
    texts = Subscripts(seed)
    both = lambda text: [side.simple(text) for side in sides]  # noqa: E731
    long = False
    for at in range(statements):
        if at % 15 == 0 or long:
            for text in ["DROP TABLE IF EXISTS subscripted", TABLE, *texts.rows()]:
                both(text)
        text, single = texts.statement()
        answers = both(text)
        found = verdict(*answers, single)
        held = both("SELECT * FROM subscripted ORDER BY id") if found == "same" and not text.startswith("SELECT") else answers
        if found == "same" and held is not answers and held[0] != held[1]:
            found, answers = "wrong", held
        long = len(str(held[0].get("rows"))) > MOST  # d['a'] = d doubles it
        counts[found] += 1
        if found in ("wrong", "error", "crash"):
            print(f"--- seed {seed} {found}: {text}\n{differs(*answers)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("CROSSFADE_SEED", "1")))
    parser.add_argument("--statements", type=int, default=2000)
    options = parser.parse_args()
    counts, seed, first = collections.Counter(), options.seed, True
    with sqlite_side() as ours, running.postgres_side() as theirs, contextlib.ExitStack() as stack:
        until = time.monotonic() + options.seconds
        sides = [stack.enter_context(contextlib.closing(Side(at["port"], at["user"], at["database"], at.get("revive"), TimeZone="Europe/Berlin", statement_timeout="5000"))) for at in (ours, theirs)]
        while first or time.monotonic() < until:
            first = False
            run(seed, options.statements, sides, counts)
            seed += 1
    print(f"subscripts: seeds {options.seed} to {seed - 1}, {sum(counts.values())} statements: " + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS))
    return 3 if counts["wrong"] or counts["error"] or counts["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
