"""Random tables, rows, queries and changes from a seed: the same ones for the same seed. A statement says how its answers compare."""
import dataclasses
import random
import re

import vocabulary
from vocabulary import KINDS, LOWER, MADE, OIDS, UNORDERED, VALUES


@dataclasses.dataclass
class Statement:
    text: str
    values: list = dataclasses.field(default_factory=list)  # of $1, $2 …: (text or None, OID)
    ordered: bool = False  # the order of the rows is said
    changes: bool = False
    fallback: str = ""  # what makes the same table without what may be refused

    @property
    def loose(self):
        """Which of several equal values stands for them (1.0, 1.00) is left open; so is the order in which floats are added."""
        return re.search(r"DISTINCT|GROUP BY|UNION|INTERSECT|EXCEPT|min\(|max\(|OVER|greatest|least|sum\(|avg\(|ORDER BY|corr\(|USING", self.text) is not None


@dataclasses.dataclass
class Rows:
    """What can be selected from: columns (as written, kind), and those that together tell the rows apart, if any."""
    columns: list
    key: list | None = None

    def __add__(self, other):
        return Rows(self.columns + other.columns, self.key + other.key if self.key is not None and other.key is not None else None)


@dataclasses.dataclass
class Table:
    name: str
    columns: list  # (name as written, kind)
    unique: list
    generated: set


class Expressions:
    def __init__(self, seed, parameters=False):
        self.random = random.Random(seed)
        self.with_parameters, self.values = parameters, []
        self.names = 0
        self.calm = {kind: [m for m in made if not re.search(vocabulary.RISKY, m)] or made for kind, made in MADE.items()}

    def pick(self, values):
        return self.random.choice(values)

    def chance(self, share):
        return self.random.random() < share

    def fresh(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def value(self, kind):
        """The first of a kind's values are the common ones."""
        values = VALUES[kind]
        return values[int(self.random.random() ** 1.5 * len(values))]

    def literal(self, kind, plain=False):
        if self.chance(0.06):
            return f"NULL::{KINDS[kind]}"
        value = self.value(kind)
        quoted = "'" + value.replace("'", "''") + "'"
        if self.with_parameters and not plain and self.chance(0.5):
            typed = self.chance(0.4)
            self.values.append((None if self.chance(0.05) else value, OIDS[kind] if typed else 0))
            return f"${len(self.values)}" if typed or self.chance(0.4) else f"${len(self.values)}::{KINDS[kind]}"
        form = self.random.random()
        if form < 0.5 and kind in ("i4", "n", "np", "b") and value != "NaN" or kind == "i8" and abs(int(value)) > 2**31:
            return f"({value})" if value.startswith("-") else value
        if form < 0.5 and kind in ("t", "v", "c") or form > 0.93:
            return quoted
        return f"{quoted}::{KINDS[kind]}"

    def numbered(self, text):
        """The text with $1, $2 … for the parameters that it has kept, and their values."""
        kept = sorted({int(number) for number in re.findall(r"\$(\d+)", text)})
        return re.sub(r"\$(\d+)", lambda found: f"${kept.index(int(found.group(1))) + 1}", text), [self.values[number - 1] for number in kept]

    def fill(self, template, depth, scope):
        out, rest = "", template
        while rest:
            head, brace, rest = rest.partition("{")
            out += head
            if brace and rest.startswith("{"):
                inner, _, rest = rest[1:].partition("}}")
                out += "{" + inner + "}"
            elif brace:
                kind, _, rest = rest.partition("}")
                out += self.expression(kind, depth - 1, scope)
        return out.replace("@K", ", ".join(scope.key or ["1"]))

    def lower(self, kind):
        return self.pick(LOWER[kind]) if kind in LOWER and self.chance(0.3) else kind

    def any_kind(self):
        return self.pick(list(KINDS))

    def ordered_kind(self):
        return self.pick([kind for kind in KINDS if kind not in UNORDERED])

    def expression(self, kind, depth, scope):
        own = [name for name, its in scope.columns if its == kind]
        if depth <= 0 or self.chance(0.2):
            return self.pick(own) if own and self.chance(0.85) else self.literal(kind)
        if self.chance(0.2):
            return self.common(kind, depth, scope)
        return "(" + self.fill(self.pick(MADE[kind] if self.chance(0.1) else self.calm[kind]), depth, scope) + ")"

    def common(self, kind, depth, scope):
        """What every type has."""
        one = lambda of=kind: self.expression(of, depth - 1, scope)  # noqa: E731
        shapes = [lambda: f"CASE WHEN {one('b')} THEN {one()} ELSE {one(self.lower(kind))} END", lambda: f"CASE WHEN {one('b')} THEN {one()} WHEN {one('b')} THEN {one()} END", lambda: f"coalesce({one()}, {one(self.lower(kind))})", lambda: f"({one()})::{KINDS[kind]}",
                  lambda: f"(SELECT {one()})", lambda: f"CAST({one()} AS {KINDS[kind]})"]
        if kind not in UNORDERED:
            shapes += [lambda: f"nullif({one()}, {one()})", lambda: f"greatest({one()}, {one()})", lambda: f"least({one()}, {one(self.lower(kind))}, {one()})", lambda: f"CASE {one('i4')} WHEN {one('i2')} THEN {one()} ELSE {one()} END"]
        if depth > 1:
            shapes += [lambda: self.scalar_query(kind, depth - 1, scope)] * 2
            if kind == "b":
                shapes += [lambda: self.test_query(depth - 1, scope)] * 6
        return self.pick(shapes)()

    def scalar_query(self, kind, depth, scope):
        return self.literal(kind)

    def test_query(self, depth, scope):
        return self.literal("b")


class Generator(Expressions):
    """Statements over three tables, of which the second and third may refer to the first."""

    def __init__(self, seed):
        super().__init__(seed)
        self.tables = []
        self.common_tables = []  # those of WITH, where they can be seen

    # Tables and rows

    def column_name(self, kind):
        return self.fresh(kind) if self.chance(0.85) else f'"{self.fresh(self.pick(["Col ", "order", "Größe", "select"]))}"'

    def schema(self):
        for index in range(3):
            name = f"t{index}"
            kinds = [self.any_kind() for _ in range(self.random.randint(8, 16))] + ["i4", "t"]
            columns = [(self.column_name(kind), kind) for kind in kinds]
            unique, lines = [], [f"id {self.pick(['integer', 'bigint', 'integer'])} {self.pick(['PRIMARY KEY', 'PRIMARY KEY', 'NOT NULL UNIQUE', 'GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY'])}"]
            for column, kind in columns:
                default = f" DEFAULT {self.stored(kind)}" if self.chance(0.15) else ""
                lines.append(f"{column} {KINDS[kind]}{default}")
                if kind not in UNORDERED | {"j", "ai", "at"} and self.chance(0.08):
                    unique.append(column)
                    lines[-1] += " UNIQUE"
            if index:
                action = self.pick(["ON DELETE CASCADE", "ON DELETE SET NULL", "", "ON UPDATE CASCADE ON DELETE CASCADE", "ON DELETE SET DEFAULT", "DEFERRABLE INITIALLY DEFERRED"])
                lines.append(f"ref {self.pick(['integer', 'bigint'])} REFERENCES t0(id) {action}")
                columns.append(("ref", "i4"))
            plain = f"CREATE TABLE {name} ({', '.join(lines)})"
            generated = set()
            if self.chance(0.3):
                kind = self.pick(["i4", "t", "b", "n"])
                scope = Rows([c for c in columns if c[1] in ("i4", "t")])
                lines.append(f"gen {KINDS[kind]} GENERATED ALWAYS AS ({self.expression(kind, 1, scope)}) STORED")
            if self.chance(0.5):
                column = self.pick([c for c, kind in columns if kind == "i4"])
                lines.append(f"{self.pick(['', 'CONSTRAINT small '])}CHECK ({column} < {self.pick([100, 1000000])})")
            yield Statement(f"CREATE TABLE {name} ({', '.join(lines)})", changes=True, fallback=plain)
            self.tables.append(Table(name, [("id", "i4"), *columns], ["id", *unique], generated))
            if self.chance(0.6):
                column, kind = self.pick([c for c in columns if c[1] not in UNORDERED | {"ai", "at"}])
                yield Statement(f"CREATE INDEX ON {name} ({self.pick([column, f'{column} DESC', f'{column}, id'])}) {self.pick(['', '', f'WHERE {column} IS NOT NULL'])}", changes=True)
            if self.chance(0.3):
                column = self.pick([c for c, kind in columns if kind == "t"])
                yield Statement(f"CREATE INDEX ON {name} (lower({column}))", changes=True)

    def stored(self, kind):
        while (text := self.literal(kind, plain=True)) and any(f"'{bad}'" in text or text == bad for bad in vocabulary.NOT_STORED.get(kind, [])):
            pass
        return text

    def rows(self):
        for index, table in enumerate(self.tables):
            for number in range(1, self.pick([0, 3, 6, 9, 12])):
                values = [str(number)]
                for column, kind in table.columns[1:]:
                    values.append("DEFAULT" if self.chance(0.05) else str(self.pick([1, 2, 3, "NULL"])) if column == "ref" else "NULL" if self.chance(0.15) else self.stored(kind))
                yield Statement(f"INSERT INTO {table.name} ({', '.join(c for c, _ in table.columns)}) VALUES ({', '.join(values)})", changes=True)

    # FROM

    def base(self):
        if self.common_tables and self.chance(0.4):
            name, rows = self.pick(self.common_tables)
            alias = self.fresh("x")
            return f"{name} {alias}", Rows([(f"{alias}.{c}", kind) for c, kind in rows.columns], None if rows.key is None else [f"{alias}.{c}" for c in rows.key])
        table, alias = self.pick(self.tables), self.fresh("x")
        return f"{table.name} {self.pick(['', 'AS '])}{alias}", Rows([(f"{alias}.{c}", kind) for c, kind in table.columns], [f"{alias}.id"])

    def derived(self, text, rows, lateral=""):
        alias = self.fresh("s")
        if self.chance(0.2) and rows.key is None:
            names = [self.fresh("k") for _ in rows.columns]
            return f"{lateral}({text}) AS {alias} ({', '.join(names)})", Rows([(f"{alias}.{n}", kind) for n, (_, kind) in zip(names, rows.columns)])
        return f"{lateral}({text}) {alias}", Rows([(f"{alias}.{c}", kind) for c, kind in rows.columns], None if rows.key is None else [f"{alias}.{c}" for c in rows.key])

    def source(self, depth, outer, beside=None):
        """One item of FROM; `beside`: what LATERAL may see."""
        roll = self.random.random()
        if depth <= 0 or roll < 0.6:
            return self.base()
        if roll < 0.75:
            return self.derived(*self.query(depth - 1, outer))
        if roll < 0.83 and beside is not None:
            return self.derived(*self.query(depth - 1, beside), lateral="LATERAL ")
        if roll < 0.9:
            kinds = [self.any_kind() for _ in range(self.pick([1, 2]))]
            lines = [f"({', '.join(self.expression(kind, 1, Rows([])) for kind in kinds)})" for _ in range(self.pick([1, 2, 3]))]
            alias, names = self.fresh("v"), [self.fresh("k") for _ in kinds]
            return f"(VALUES {', '.join(lines)}) AS {alias} ({', '.join(names)})", Rows([(f"{alias}.{n}", kind) for n, kind in zip(names, kinds)])
        kind, call = self.pick(vocabulary.SERIES)
        alias = self.fresh("g")
        text = self.fill(call, 1, beside or Rows([]))
        if self.chance(0.3):
            return f"{text} WITH ORDINALITY AS {alias} (e, o)", Rows([(f"{alias}.e", kind), (f"{alias}.o", "i8")], [f"{alias}.o"])
        return f"{text} AS {alias} (e)", Rows([(f"{alias}.e", kind)])

    def tables_from(self, depth, outer):
        text, rows = self.source(depth, outer)
        for _ in range(self.pick([0, 0, 1, 1, 2]) if depth > 0 else self.pick([0, 0, 1])):
            how = self.pick([",", "CROSS JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
            lateral = how in (",", "CROSS JOIN", "JOIN", "LEFT JOIN")
            more, its = self.source(depth - 1, outer, Rows(outer.columns + rows.columns) if lateral else None)
            both = rows + its
            if how in (",", "CROSS JOIN"):
                text += f"{how if how == ',' else ' ' + how} {more}"
            elif self.chance(0.15) and text.count(" ") == 1 and more.count(" ") == 1 and text[0] == more[0] == "t":
                text += f" {how} {more} USING (id)"
            else:
                pairs = [(a, b) for a, kind in rows.columns for b, other in its.columns if kind == other and kind not in UNORDERED]
                equal = "{} = {}".format(*self.pick(pairs)) if pairs else "true"
                on = equal if how == "FULL JOIN" or self.chance(0.5) else self.expression("b", 2, Rows(outer.columns + both.columns)) if self.chance(0.5) else f"{equal} AND {self.expression('b', 1, both)}"
                text += f" {how} {more} ON {on}"
            rows = both
        return text, rows

    # Queries: (text, Rows whose columns are the output's names)

    def query(self, depth, outer=Rows([]), kinds=None):
        """Without ORDER BY, each column with a name, so that it can stand in FROM."""
        shape = self.random.random()
        if depth > 0 and shape < 0.12:
            kinds = kinds or [self.ordered_kind() for _ in range(self.pick([1, 2, 3]))]
            left, rows = self.query(depth - 1, outer, kinds)
            right, _ = self.query(depth - 1, outer, [self.lower(kind) for kind in kinds])
            return f"{left} {self.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL'])} {right}", Rows(rows.columns)
        text, rows = self.tables_from(depth, outer)
        scope = Rows(rows.columns + outer.columns, rows.key)
        where = f" WHERE {self.expression('b', depth + 1, scope)}" if self.chance(0.5) else ""
        wanted = kinds or [self.any_kind() for _ in range(self.pick([1, 2, 2, 3]))]
        if shape < 0.35:
            return self.grouped(text, where, scope, wanted, kinds is not None)
        if shape < 0.5:
            return self.windowed(text, where, scope, wanted, kinds is not None)
        items, names = [], []
        for kind in wanted:
            name = self.fresh("o")
            items.append(f"{self.expression(kind, depth + 1, scope)} AS {name}")
            names.append((name, kind))
        key = None
        if kinds is None and rows.key and self.chance(0.6):
            key = [self.fresh("o") for _ in rows.key]
            items += [f"{column} AS {name}" for column, name in zip(rows.key, key)]
            names += [(name, "i4") for name in key]
        distinct = ""
        if self.chance(0.12) and not UNORDERED & {kind for _, kind in names}:
            distinct = "DISTINCT "
        elif rows.key and self.chance(0.1):
            by = self.expression(self.ordered_kind(), 1, scope)
            if by not in ("NULL",) and any(column in by for column, _ in rows.columns):
                return f"(SELECT DISTINCT ON ({by}) {', '.join(items)} FROM {text}{where} ORDER BY {by}{self.direction()}, {', '.join(rows.key)})", Rows(names)
        return f"SELECT {distinct}{', '.join(items)} FROM {text}{where}", Rows(names, key)

    def grouped(self, text, where, scope, wanted, fixed):
        by_columns = [(c, kind) for c, kind in scope.columns if kind not in UNORDERED] or [("1", "i4")]
        keys = [self.pick(by_columns) if self.chance(0.7) else (self.expression(kind := self.ordered_kind(), 1, scope), kind) for _ in range(self.pick([0, 1, 1, 2]))]
        keys = [(e, kind) for e, kind in dict(keys).items() if any(c in e for c, _ in scope.columns)]
        inner = Rows(keys)
        items, names = [], []
        aggregates = vocabulary.AGGREGATES + (vocabulary.ORDERED_AGGREGATES if scope.key else [])
        for kind in wanted:
            fitting = [a for a in aggregates if a[0] == kind] if fixed else aggregates
            if not fitting or keys and self.chance(0.3):
                e = self.expression(kind, 1, inner)
            else:
                kind, aggregate = self.pick(fitting)
                e = self.fill(aggregate, 2, scope) + (f" FILTER (WHERE {self.expression('b', 1, scope)})" if self.chance(0.15) else "")
                if self.chance(0.2) and kind in ("i8", "n", "i4", "f"):
                    e = f"coalesce({e}, 0)" if not fixed else e
            name = self.fresh("o")
            items.append(f"{e} AS {name}")
            names.append((name, kind))
        group, key = "", None
        if keys:
            listed = [e for e, _ in keys]
            group = " GROUP BY " + (self.pick(["ROLLUP ({})", "CUBE ({})", "GROUPING SETS (({}), ())"]).format(", ".join(listed)) if self.chance(0.2) else ", ".join(listed))
            if not fixed and not self.chance(0.3):
                key = [self.fresh("o") for _ in listed]
                items += [f"{e} AS {name}" for e, name in zip(listed, key)]
                names += [(name, kind) for name, (_, kind) in zip(key, keys)]
                key = None if "(" in group and re.search("ROLLUP|CUBE|SETS", group) else key
        having = f" HAVING {self.pick(['count(*) > 1', self.expression('b', 1, inner), self.fill('max({i4}) IS NOT NULL', 1, scope)])}" if self.chance(0.2) and keys else ""
        return f"SELECT {', '.join(items)} FROM {text}{where}{group}{having}", Rows(names, key)

    def windowed(self, text, where, scope, wanted, fixed):
        items, names, named = [], [], ""
        windows = vocabulary.WINDOWS + (vocabulary.ROW_WINDOWS if scope.key else [])
        for kind in wanted:
            fitting = [w for w in windows if w[0] == kind] if fixed else windows
            name = self.fresh("o")
            if not fitting:
                items.append(f"{self.expression(kind, 1, scope)} AS {name}")
                names.append((name, kind))
                continue
            kind, call = self.pick(fitting)
            partition = f"PARTITION BY {self.expression(self.ordered_kind(), 1, scope)} " if self.chance(0.4) else ""
            by = self.pick(list(vocabulary.RANGES))
            first = self.expression(by, 1, scope)
            total = scope.key and not (self.chance(0.2) and (kind, call) in vocabulary.WINDOWS)
            if total:
                order = f"ORDER BY {first}{self.direction()}, {', '.join(scope.key)}{self.pick(vocabulary.FRAMES)}"
            else:
                order = f"ORDER BY {first}{self.direction()}" + self.pick(["", f" RANGE BETWEEN {vocabulary.RANGES[by]} PRECEDING AND {vocabulary.RANGES[by]} FOLLOWING", " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"])
            only = f" FILTER (WHERE {self.expression('b', 1, scope)})" if self.chance(0.15) and re.match(r"sum|count|avg|max|min|bool", call) else ""
            over = f"({partition}{order})"
            if self.chance(0.1) and not named and "BETWEEN" not in over and "PRECEDING" not in over:
                named, over = f" WINDOW w AS {over}", "w"
            items.append(f"{self.fill(call, 1, scope)}{only} OVER {over} AS {name}")
            names.append((name, kind))
        key = None
        if not fixed and scope.key and self.chance(0.6):
            key = [self.fresh("o") for _ in scope.key]
            items += [f"{column} AS {name}" for column, name in zip(scope.key, key)]
            names += [(name, "i4") for name in key]
        return f"SELECT {', '.join(items)} FROM {text}{where}{named}", Rows(names, key)

    def direction(self):
        return self.pick(["", " ASC", " DESC", " DESC NULLS LAST", " NULLS FIRST", ""])

    def scalar_query(self, kind, depth, scope):
        if kind in UNORDERED or self.chance(0.3):
            text, rows = self.base()
            inner = Rows(rows.columns + scope.columns)
            return f"(SELECT {self.expression(kind, depth, inner)} FROM {text} WHERE {rows.key[0] if rows.key else 'true'} = {self.pick(['1', '2', *(c for c, k in scope.columns if k == 'i4')])} ORDER BY 1 LIMIT 1)" if kind not in UNORDERED else self.literal(kind)
        text, rows = self.base()
        inner = Rows(rows.columns + scope.columns)
        aggregates = [a for k, a in vocabulary.AGGREGATES if k == kind]
        aggregate = self.pick(aggregates) if aggregates and self.chance(0.7) else "min({%s})" % kind if kind not in ("b", "u", "j", "y") else "count(*)" if False else None
        if aggregate is None:
            return f"(SELECT {self.expression(kind, depth, inner)} FROM {text} WHERE {self.expression('b', depth, inner)} ORDER BY 1 LIMIT 1)"
        return f"(SELECT {self.fill(aggregate, depth, inner)} FROM {text} WHERE {self.expression('b', depth, inner)})"

    def test_query(self, depth, scope):
        kind = self.lower(self.ordered_kind())
        shape = self.random.randrange(5)
        if shape == 0:
            return f"{self.pick(['', 'NOT '])}EXISTS ({self.query(depth - 1, scope)[0]})"
        inner = self.query(depth - 1, scope, [self.lower(kind)])[0]
        one = self.expression(kind, depth - 1, scope)
        if shape == 1:
            other = self.ordered_kind()
            return f"({one}, {self.expression(other, 1, scope)}) IN ({self.query(depth - 1, scope, [kind, other])[0]})"
        return f"{one} " + [f"IN ({inner})", f"NOT IN ({inner})", f"{self.pick(['=', '<>', '<', '>='])} {self.pick(['ANY', 'ALL', 'SOME'])} ({inner})"][shape - 2]

    def with_clause(self, depth):
        """WITH …; what it names can be read by what follows, until `common_tables` is emptied."""
        parts, recursive = [], ""
        for _ in range(self.pick([1, 1, 2])):
            name = self.fresh("w")
            if self.chance(0.15):
                recursive = "RECURSIVE "
                step = self.pick(["n + 1", "n * 2"])
                parts.append(f"{name}(n, x) AS (SELECT 1, {self.literal('t')}::text UNION ALL SELECT {step}, x || n FROM {name} WHERE n < {self.pick([3, 5])})")
                rows = Rows([("n", "i4"), ("x", "t")], ["n"])
            else:
                text, rows = self.query(depth)
                parts.append(f"{name} AS {self.pick(['', '', 'MATERIALIZED ', 'NOT MATERIALIZED '])}({text})")
            self.common_tables.append((name, rows))
        return f"WITH {recursive}{', '.join(parts)} "

    def select(self, parameters=False):
        self.with_parameters, self.values, self.common_tables = parameters, [], []
        depth = self.pick([0, 1, 1, 2])
        head = self.with_clause(depth - 1) if depth and self.chance(0.15) else ""
        if self.chance(0.06):
            items = ", ".join(self.expression(self.any_kind(), 3, Rows([])) for _ in range(self.pick([1, 2, 3])))
            return Statement(*self.numbered(f"SELECT {items}"))
        text, rows = self.query(depth)
        ordered = False
        if self.chance(0.6):
            if rows.key and self.chance(0.7) and not text.startswith("("):
                by, ordered = rows.key, True
            else:
                by = [name for name, kind in rows.columns if kind not in UNORDERED]
                ordered = len(by) == len(rows.columns)
                self.random.shuffle(by)
                by = by if self.chance(0.5) else [str(1 + [n for n, _ in rows.columns].index(name)) for name in by]
            if by:
                text += " ORDER BY " + ", ".join(f"{name}{self.direction()}" for name in by)
                if ordered and self.chance(0.3):
                    text += self.pick([" LIMIT 3", " LIMIT 2 OFFSET 1", " OFFSET 2", " FETCH FIRST 2 ROWS ONLY", " LIMIT NULL", " LIMIT 0"])
        if not head and rows.columns and self.chance(0.3):  # the names that PostgreSQL gives
            text = re.sub(r" AS o\d+(?=, | FROM)", "", text, count=1) if " ORDER BY" not in text else text
        return Statement(*self.numbered(head + text), ordered)
