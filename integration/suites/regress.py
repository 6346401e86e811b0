#!/usr/bin/python3
"""regress.py SOURCE [--only FILE,FILE] [--show same|refused|error|wrong|order|follows] [--write PAGE]

PostgreSQL's own regression scripts (SOURCE/src/test/regress of its source package), statement by statement, on Crossfade's SQLite side
and on a PostgreSQL 15. Per file and in all:
  same     columns, types, rows, command tag or SQLSTATE are PostgreSQL's
  refused  0A000 where PostgreSQL answers or says something else
  error    another SQLSTATE than PostgreSQL's: no silent difference
  follows  differs because an object that it names, or whose absence alone it shows, was refused, or the block had failed, earlier in the file
  order    the rows are PostgreSQL's, in another order (ties; ORDER BY is absent or not total)
  wrong    anything else: other rows, or an answer where PostgreSQL refuses
A statement that ends the proxy, gets no answer within ANSWER_SECONDS or is XX000 is always wrong, and says so; the run goes on behind it, with
the proxy started anew where it ended. `--write` makes the page of the counts and of what is wrong, each with its reason from regress.tsv; one
without a reason ends the run with 3.
OIDs of the types that a script makes are each server's own: they are compared by the types' names.
Not run: psql's own commands, EXPLAIN (another planner), statements with psql variables that only a query sets, and what PostgreSQL itself does
not answer in time."""
import argparse
import collections
import pathlib
import re
import sys
import time

import running
from raw import RawClient, message, query, row_description, data_row, fields, startup

ANSWER_SECONDS = 60
FIRST_OWN_OID = 16384
FAULTS = ("lost", "XX000")
KINDS = ("same", "refused", "error", "follows", "order", "wrong")
SKIPPED = re.compile(r"^\s*(explain|vacuum|analyze|cluster|reindex|checkpoint|load)\b", re.I)
OBJECT = re.compile(
    r"^\s*(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|unique|materialized|recursive|trusted|procedural|foreign|event|constraint|default)\s+)*"
    r"(?:text\s+search\s+\w+|access\s+method|operator\s+(?:class|family)|data\s+wrapper|\w+)\s+(?:concurrently\s+)?(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?((?:\"[^\"]+\"|[\w.]+|[-+*/<>=~!@#%^&|`?]+))", re.I)
TARGET = re.compile(r"^\s*(?:insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?|truncate(?:\s+table)?|copy|merge\s+into)\s+((?:\"[^\"]+\"|[\w.]+))", re.I)
INTO = re.compile(r"\binto\s+(?:temp\s+|temporary\s+|unlogged\s+)*(?:table\s+)?([\w.]+)", re.I)
VIEW = re.compile(r"^\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|recursive\s+|materialized\s+)*view\s+(?:if\s+not\s+exists\s+)?((?:\"[^\"]+\"|[\w.]+))", re.I)
TYPE = re.compile(r"^\s*create\s+(?:domain|type)\s+((?:\"[^\"]+\"|[\w.]+))", re.I)
TABLE = re.compile(r"^\s*(?:create\s+(?:(?:global|local|temp|temporary|unlogged)\s+)*|alter\s+)table\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?((?:\"[^\"]+\"|[\w.]+))", re.I)
WRITTEN = re.compile(r"\b(?:insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?|truncate(?:\s+table)?)\s+([\w.]+)", re.I)
BODY = re.compile(r"^\s*(?:create\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:function|procedure|rule|trigger)|do)\b", re.I)
# What lists such an object, and nothing else.
CATALOGS = tuple((re.compile(r"^\s*(?:create|alter|drop|comment\s+on|grant|revoke|reassign)\s+(?:or\s+replace\s+)?(?:trusted\s+|procedural\s+|default\s+)*(?:" + kind + r")\b", re.I), names.split())
                 for kind, names in (
    ("role|user|group", "pg_authid pg_roles pg_user pg_shadow pg_group pg_auth_members rolname"),
    ("publication", "pg_publication pg_publication_tables pg_publication_rel pg_publication_namespace"),
    ("subscription", "pg_subscription"), ("statistics", "pg_statistic_ext pg_statistic_ext_data pg_stats_ext pg_stats_ext_exprs"),
    ("foreign|server|user\\s+mapping", "pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_user_mapping pg_user_mappings"),
    ("text\\s+search", "pg_ts_config pg_ts_dict pg_ts_parser pg_ts_template pg_ts_config_map"),
    ("operator\\s+(?:class|family)", "pg_opclass pg_opfamily pg_amop pg_amproc"), ("operator", "pg_operator"), ("cast", "pg_cast"),
    ("conversion", "pg_conversion"), ("language", "pg_language"), ("access\\s+method", "pg_am"), ("collation", "pg_collation"),
    ("event\\s+trigger", "pg_event_trigger"), ("policy", "pg_policy pg_policies"), ("rule", "pg_rewrite pg_rules"),
    ("trigger|constraint\\s+trigger", "pg_trigger tgname"), ("function|procedure|aggregate|routine", "pg_proc pg_aggregate proname"),
    ("extension", "pg_extension"), ("tablespace", "pg_tablespace"), ("database", "pg_database"), ("privileges", "pg_default_acl"),
    ("materialized\\s+view", "pg_matviews")))
ON_TABLE = re.compile(r"\bon\s+(?:only\s+)?([\w.]+)", re.I)


def split(text):
    """Yields (kind, text, data): kind is sql, psql or data-carrying copy."""
    place, start, depth, n = 0, 0, 0, len(text)
    while place < n:
        c = text[place]
        if text.startswith("--", place):
            end = text.find("\n", place)
            place = n if end < 0 else end
        elif text.startswith("/*", place):
            level, place = 1, place + 2
            while place < n and level:
                if text.startswith("/*", place):
                    level, place = level + 1, place + 2
                elif text.startswith("*/", place):
                    level, place = level - 1, place + 2
                else:
                    place += 1
        elif c == "'":
            escapes = place and text[place - 1] in "eE" and not (place > 1 and (text[place - 2].isalnum() or text[place - 2] == "_"))
            place += 1
            while place < n:
                if escapes and text[place] == "\\":
                    place += 2
                elif text[place] == "'":
                    place += 1
                    if text[place:place + 1] != "'":
                        break
                    place += 1
                else:
                    place += 1
        elif c == '"':
            place = text.find('"', place + 1) + 1 or n
        elif c == "$" and (found := re.compile(r"\$(?:[A-Za-z_]\w*)?\$").match(text, place)) and not (place and (text[place - 1].isalnum() or text[place - 1] in "_$")):
            end = text.find(found.group(), found.end())
            place = n if end < 0 else end + len(found.group())
        elif c == "\\":
            end = text.find("\n", place)
            end = n if end < 0 else end
            before = text[start:place]
            yield "psql", before, text[place:end]
            place = start = end + 1
            depth = 0
        else:
            if c == "(":
                depth += 1
            elif c == ")":
                depth -= 1
            elif re.compile(r"begin\s+atomic\b", re.I).match(text, place) and (not place or not text[place - 1].isalnum()):
                end = re.compile(r"\bend\s*;", re.I).search(text, place)
                place = end.end() - 1 if end else n
                continue
            elif c == ";" and depth <= 0:
                statement = text[start:place].strip()
                place += 1
                depth = 0
                if re.search(r"^\s*copy\b.*\bfrom\s+stdin\b", without_comments(statement), re.I | re.S):
                    line = text.find("\n", place) + 1
                    end = re.compile(r"^\\\.$", re.M).search(text, line)
                    yield "copy", statement, text[line:end.start()] if end else ""
                    place = end.end() if end else n
                elif statement:
                    yield "sql", statement, None
                start = place
                continue
            place += 1


def without_comments(statement):
    return re.sub(r"/\*.*?\*/|--[^\n]*", " ", statement, flags=re.S).strip()


class Session:
    """One connection; what a statement gave: [(kind, …)…] without notices, and the transaction's status."""

    def __init__(self, at):
        self.at, self.names = at, {}
        self.connect()

    def connect(self):
        """Anew; a proxy that has ended, or that answers nobody, is started again. Returns what was wrong with it, if anything."""
        server, found = self.at.get("server"), ""
        for attempt in range(3):
            try:
                if server and server.process.poll() is not None:
                    found = f"the proxy ended with {server.process.returncode}"
                    print(f"!!! {found}:\n{server.log_tail()}", flush=True)
                    server.start()
                self.client = RawClient(self.at["host"], self.at["port"])
                self.client.socket.settimeout(ANSWER_SECONDS)
                self.client.send(startup(self.at["user"], self.at["database"], client_encoding="UTF8", DateStyle="Postgres, MDY",
                                         TimeZone="PST8PDT", IntervalStyle="postgres_verbose"))
                if "EOF" in self.client.until_ready():
                    raise EOFError
                self.status = "I"
                return found
            except (EOFError, OSError):
                time.sleep(1)
                if server and server.process.poll() is None and attempt:
                    found = "the proxy answered nobody"
                    server.kill()
        raise RuntimeError(f"no session on {self.at['port']}")

    def run(self, sql, data=None):
        seen, end = [], time.monotonic() + ANSWER_SECONDS
        try:
            self.client.send(query(sql))
            while True:
                kind, body = self.client.receive()
                if time.monotonic() > end:
                    raise TimeoutError  # rows without an end
                if kind == "T":
                    seen.append(("columns", [(name, oid, size, modifier) for name, oid, size, modifier, _ in row_description(body)]))
                    seen.append(("rows", []))
                elif kind == "D":
                    seen[-1][1].append(tuple(data_row(body)))
                elif kind == "C":
                    seen.append(("tag", body[:-1].decode()))
                elif kind == "E":
                    error = fields(body)
                    seen.append(("error", error["C"], error["M"], error.get("D", "")))
                elif kind == "G":
                    self.client.send(*([message("d", data.encode()), message("c")] if data is not None else [message("f", b"no data\0")]))
                elif kind == "d":
                    seen.append(("data", body))
                elif kind == "Z":
                    self.status = body.decode()
                    return [self.with_names(part) for part in seen]
        except (EOFError, OSError) as failure:
            self.client.close()
            found = self.connect()
            waited = isinstance(failure, TimeoutError)
            return [("error", "lost", found or (f"no answer within {ANSWER_SECONDS} s" if waited else "the connection was closed"))]

    def again(self):
        self.client.close()
        self.connect()

    def with_names(self, part):
        """Own types by their names: their OIDs are each server's own."""
        if part[0] != "columns" or all(oid < FIRST_OWN_OID for _, oid, _, _ in part[1]) or self.status == "E":
            return part
        for oid in {oid for _, oid, _, _ in part[1] if oid >= FIRST_OWN_OID} - self.names.keys():
            self.names[oid] = oid
            for found in self.run(f"SELECT typname FROM pg_catalog.pg_type WHERE oid = {oid}"):
                if found[0] == "rows" and found[1]:
                    self.names[oid] = found[1][0][0].decode()
        return ("columns", [(name, self.names.get(oid, oid), size, modifier) for name, oid, size, modifier in part[1]])


def words(statement):
    return set(re.findall(r"[a-z_][a-z0-9_]*|[-+*/<>=~!@#%^&|`?]{2,}", statement.lower()))


def named(statement):
    """What this statement makes or changes, by name."""
    plain = without_comments(statement)
    found = set()
    for pattern in (OBJECT, TARGET):
        if at := pattern.match(plain):
            found.add(at.group(1).strip('"').lower().split(".")[-1])
    if at := re.match(r"\s*create\s+(?:or\s+replace\s+)?rule\s+\S+\s+as\s+on\s+\w+\s+to\s+([\w.]+)", plain, re.I):
        found.add(at.group(1).lower().split(".")[-1])
    elif re.match(r"\s*(create\s+(unique\s+)?index|create\s+(or\s+replace\s+)?(constraint\s+)?trigger|comment|create\s+policy|drop\s+trigger)", plain, re.I) and (at := ON_TABLE.search(plain)):
        found.add(at.group(1).lower().split(".")[-1])
    if re.match(r"\s*truncate\b", plain, re.I):
        found |= set(re.findall(r"\w+", plain.lower())) - {"truncate", "table", "only", "restart", "continue", "identity", "cascade", "restrict"}
    if BODY.match(plain) or re.match(r"\s*(?:with|explain)\b", plain, re.I):  # what its body would have written
        found |= {name.lower().split(".")[-1] for name in WRITTEN.findall(plain)}
    for new in re.findall(r"\brename\s+(?:(?:column|constraint)\s+)?(?:\S+\s+)?to\s+([\w.]+)", plain, re.I):
        found.add(new.lower())
    for child in re.findall(r"\b(?:attach|detach)\s+partition\s+([\w.]+)", plain, re.I):
        found.add(child.lower().split(".")[-1])
    for parents in re.findall(r"\binherits?\s*\(?([\w\s,.]+)\)?|\bpartition\s+of\s+([\w.]+)", plain, re.I):  # their rows are the parent's too
        found |= {name.strip().lower().split(".")[-1] for name in "".join(parents).split(",")}
    for kind, names in CATALOGS:
        if kind.match(plain):
            found.update(names)
    if re.match(r"\s*(select|with|prepare|declare|create\s+table)", plain, re.I):
        if at := INTO.search(plain):
            found.add(at.group(1).lower().split(".")[-1])
        if at := re.match(r"\s*(?:prepare|declare)\s+(\w+)", plain, re.I):
            found.add(at.group(1).lower())
    return found


def told_apart_by(ours, theirs, tainted):
    """Do they differ only by what was refused: PostgreSQL's dependents of it, its rows in a catalog?"""
    if not tainted:
        return False
    their_error = next((part for part in theirs if part[0] == "error"), None)
    if their_error:
        return their_error[1] in ("2BP01", "0A000") and bool(words(their_error[2] + " " + their_error[3]) & tainted)
    if any(part[0] == "error" for part in ours) or [part[1] for part in ours if part[0] == "columns"] != [part[1] for part in theirs if part[0] == "columns"]:
        return False
    counted = [collections.Counter(row for part in answer if part[0] == "rows" for row in part[1]) for answer in (ours, theirs)]
    apart = (counted[0] - counted[1]) + (counted[1] - counted[0])
    return bool(apart) and all(any(value and words(value.decode(errors="replace")) & tainted for value in row) for row in apart)


def judge(ours, theirs, statement):
    ours, theirs = ([part[:3] for part in answer] for answer in (ours, theirs))  # a detail is not compared
    if ours == theirs:
        return "same"
    our_error = next((part for part in ours if part[0] == "error"), None)
    their_error = next((part for part in theirs if part[0] == "error"), None)
    if our_error and their_error and our_error[1] == their_error[1]:
        return "same"
    if their_error and their_error[1] == "lost":
        return "not run"
    if our_error:
        return "refused" if our_error[1] == "0A000" else "wrong" if our_error[1] in FAULTS else "error"
    if their_error:
        return "wrong"
    # A view, enum and the like has an OID of its own on each side.
    if [part for part in ours if part[0] not in ("rows", "data")] == [part for part in theirs if part[0] not in ("rows", "data")]:
        our_rows = [row for kind, *rest in ours if kind in ("rows",) for row in rest[0]] + [part for part in ours if part[0] == "data"]
        their_rows = [row for kind, *rest in theirs if kind in ("rows",) for row in rest[0]] + [part for part in theirs if part[0] == "data"]
        if collections.Counter(map(repr, our_rows)) == collections.Counter(map(repr, their_rows)):
            return "order" if re.search(r"\border\s+by\b", statement, re.I) else "same"
    return "wrong"


class File:
    def __init__(self, name, text, sides, data_folder, show, tainted=()):
        self.name, self.text, self.sides, self.data_folder, self.show = name, text, sides, data_folder, show
        self.counts, self.causes = collections.Counter(), collections.Counter()
        self.variables = {"abs_srcdir": str(data_folder.parent)}
        self.tainted, self.diverged, self.wrong = set(tainted), False, []
        self.views, self.types = {}, set()  # what each view reads, and the types of tables' columns
        self.block_differs = False  # something in the running block was refused, or followed from that

    def substituted(self, statement):
        """With psql's variables; None where one is unknown."""
        unknown = []

        def put(match):
            name = match.group(2)
            if name not in self.variables:
                unknown.append(name)
                return match.group()
            value = self.variables[name]
            return "'" + value.replace("'", "''") + "'" if match.group(1) == "'" else value

        out = re.sub(r"(?<![:\w]):(['\"]?)([A-Za-z_]\w*)\1", put, statement)
        return out, unknown

    def run(self):
        for kind, statement, data in split(self.text):
            plain = without_comments(statement)
            if kind == "psql":
                self.meta(plain, data)
                continue
            if not plain or SKIPPED.match(plain):
                self.counts["not run"] += bool(plain)
                continue
            if re.search(r"(?<![:\w]):['\"]?[A-Za-z_]", plain) and "'" in plain and any(f":'{name}'" in plain for name in self.variables):
                statement, _ = self.substituted(statement)
                plain = without_comments(statement)
            loaded = re.match(r"\s*copy\s+(.*?)\s+from\s+'([^']+)'(.*)", plain, re.I | re.S)
            if loaded:
                path = pathlib.Path(loaded.group(2))
                if not path.exists():
                    self.counts["not run"] += 1
                    continue
                statement, data = f"COPY {loaded.group(1)} FROM STDIN{loaded.group(3)}", path.read_text()
            self.ask(statement, data)

    def left_different(self):
        """Of what differs here, the relations that still do: files use each other's tables."""
        left = set()
        for name in self.tainted:
            ours, theirs = (side.run(f'SELECT * FROM "{name}"') for side in self.sides)
            gone = all(any(part[0] == "error" for part in answer) for answer in (ours, theirs))
            if not gone and judge(ours, theirs, "") != "same":
                left.add(name)
        return left

    def meta(self, before, command):
        if before:
            self.counts["not run"] += 1
            for name in named(before):
                self.tainted.add(name)
        if at := re.match(r"\\set\s+(\w+)\s*(.*)", command):
            parts = []
            for piece in re.findall(r"'[^']*'|:'?\w+'?|\S+", at.group(2)):
                parts.append(self.variables.get(piece[1:].strip("'"), "") if piece.startswith(":") else piece.strip("'"))
            self.variables[at.group(1)] = "".join(parts)
        elif re.match(r"\\c(onnect)?\b", command):
            for side in self.sides:
                side.again()

    def read_by(self, statement):
        """The words of a statement, and of the views that it names."""
        found, new = set(), words(without_comments(statement))
        while new:
            found |= new
            new = set().union(*(self.views.get(word, set()) for word in new)) - found
        plain = without_comments(statement)
        if at := TYPE.match(plain):
            self.types.add(at.group(1).strip('"').lower().split(".")[-1])
        if at := VIEW.match(plain):
            self.views[at.group(1).strip('"').lower().split(".")[-1]] = found
        elif at := TABLE.match(plain):
            table = at.group(1).strip('"').lower().split(".")[-1]
            self.views[table] = self.views.get(table, set()) | found & self.types
        return found

    def ask(self, statement, data):
        ours_side, theirs_side = self.sides
        ours, theirs = ours_side.run(statement, data), theirs_side.run(statement, data)
        verdict = judge(ours, theirs, statement)
        fault = next((part for part in ours if part[0] == "error" and part[1] in FAULTS), None)
        lost = [any(part[0] == "error" and part[1] == "lost" for part in answer) for answer in (ours, theirs)]
        if lost[0] != lost[1]:  # neither goes on with what the other has lost
            (theirs_side if lost[0] else ours_side).again()
        ends = re.match(r"\s*(?:commit|end)\b", without_comments(statement), re.I)
        follows = self.diverged or (ends and self.block_differs) or self.read_by(statement) & self.tainted or told_apart_by(ours, theirs, self.tainted)
        if verdict not in ("same", "refused", "not run") and follows and not fault:
            verdict = "follows"
            self.causes.update(f"follows {word}" for word in sorted(self.read_by(statement) & self.tainted)[:1])
        self.counts[verdict] += 1
        failed_here = any(part[0] == "error" for part in ours) and not any(part[0] == "error" for part in theirs)
        accepted_here = not any(part[0] == "error" for part in ours) and any(part[0] == "error" for part in theirs)
        tags = [[part for part in answer if part[0] == "tag"] for answer in (ours, theirs)]
        if failed_here or accepted_here or tags[0] != tags[1]:
            self.tainted |= named(statement)
        self.diverged = ours_side.status != theirs_side.status
        self.block_differs = "T" in (ours_side.status, theirs_side.status) and (self.block_differs or verdict not in ("same", "order"))
        if verdict == "refused" or verdict == "error":
            error = next(part for part in ours if part[0] == "error")
            self.causes[f"{verdict} {error[1]} " + re.sub(r'"[^"]*"', '"…"', error[2])] += 1
        if verdict == "wrong":
            self.wrong.append((f"({fault[1]} {fault[2]}) " if fault else "") + " ".join(without_comments(statement).split()))
        if verdict in self.show:
            print(f"--- {self.name} {verdict}: {statement.strip()[:600]}\n    theirs {str(theirs)[:500]}\n    ours   {str(ours)[:500]}", flush=True)


def schedule(folder):
    names = []
    for line in (folder / "parallel_schedule").read_text().splitlines():
        if line.startswith("test:"):
            names += line[5:].split()
    return names


PAGE = """# PostgreSQL's regression scripts on SQLite

Written by `integration/suites/regress.py --write` (`scripts/soak regress`): the files of PostgreSQL 15's `parallel_schedule`, statement by statement
on the SQLite side and on a PostgreSQL 15. The kinds are explained at the head of that script; psql's own commands, EXPLAIN and VACUUM are not run.

"""


def reasons():
    """(file, pattern of a statement, reason) of regress.tsv."""
    for row in (running.HERE / "regress.tsv").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            file, pattern, reason = row.split("\t")
            yield file, re.compile(pattern, re.S | re.I), reason


def write(path, files, total, wanted):
    """The page; returns how many wrong statements have no reason. Written anew behind each file, so that a run that is ended leaves one."""
    known, named, unnamed = list(reasons()), collections.defaultdict(list), 0
    for file in files:
        for statement in file.wrong:
            reason = next((reason for where, pattern, reason in known if where in ("*", file.name) and pattern.search(statement)), None)
            unnamed += reason is None
            named[reason or "without a reason yet"].append((file.name, statement))
    asked = sum(total[kind] for kind in KINDS)
    lines = [PAGE + f"{len(files)} of {wanted} files were run.\n", "| file | " + " | ".join(KINDS) + " | not run |", "|---|" + "---:|" * (len(KINDS) + 1)]
    for file in files:
        lines.append(f"| {file.name} | " + " | ".join(str(file.counts[kind] or "") for kind in (*KINDS, "not run")) + " |")
    lines.append("| **all** | " + " | ".join(f"{total[kind]} ({100 * total[kind] / max(1, asked):.1f} %)" for kind in KINDS) + f" | {total['not run']} |")
    lines.append("\n## What is wrong, by reason\n")
    for reason, statements in sorted(named.items(), key=lambda item: -len(item[1])):
        lines.append(f"* **{reason}** ({len(statements)})")
        for name, statement in statements:
            lines.append(f"  * {name}: `{statement[:160].replace('`', chr(39))}`")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return unnamed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", default="")
    parser.add_argument("--causes", type=int, default=0)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.source / "src/test/regress"
    if not folder.exists():
        raise SystemExit(f"{folder} does not exist: unpack PostgreSQL 15's source there")
    wanted = options.only.split(",") if options.only else schedule(folder)
    total, causes, files, tainted, left = collections.Counter(), collections.Counter(), [], set(), 0
    with running.sqlite_side() as ours, running.postgres_side() as theirs:
        sides = (Session(ours), Session(theirs))
        for name in dict.fromkeys(["test_setup", *wanted]):
            path = folder / "sql" / f"{name}.sql"
            if not path.exists():
                continue
            for side in sides:
                side.again()
            file = File(name, path.read_text(errors="replace"), sides, folder / "data", options.show.split(","), tainted)
            file.run()
            for side in sides:
                side.run("ROLLBACK")
            tainted = file.left_different()
            files.append(file)
            total.update(file.counts)
            causes.update(file.causes)
            left = write(options.write, files, total, len(set(wanted))) if options.write else 0
            print(f"{name:24} " + "  ".join(f"{kind} {file.counts[kind]:4}" for kind in (*KINDS, "not run")), flush=True)
    asked = sum(total[kind] for kind in KINDS)
    print("regress: " + ", ".join(f"{total[kind]} {kind} ({100 * total[kind] / max(1, asked):.1f} %)" for kind in KINDS) + f", {total['not run']} not run")
    for text, count in causes.most_common(options.causes):
        print(f"{count:5} {text[:200]}")
    return 3 if left else 0


if __name__ == "__main__":
    sys.exit(main())
