#!/usr/bin/python3
"""psql_suite.py [--least PERCENT] [--only TEXT] [--write]: psql's \\d family with every modifier, its other commands that ask the server,
and tab completion, on one schema (every_object.sql) on Crossfade's SQLite side and on PostgreSQL: compared text by text.
Sizes, process numbers and ports are the servers' own and made alike first. --write writes the transcript to docs/psql.md.
Prints `NAME: N passed, M failed, K skipped`, then each command that differs."""
import argparse
import concurrent.futures
import contextlib
import difflib
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg2

import running

TABLES = ("authors", "books", "tags", "book_tags", "nodes", "scalars", "arrays", "nopk", '"Quoted Name"', "child", "grandchild", "numbers_10", "always", "big_serial",
          "two_serials", "moods", "domains", "networks", "ranges", "texts", "oids", "part", "child_t", "v_books", "v_counts", "mv_counts", "s1", "s2", "authors_id_seq",
          "books_id_seq", "authors_pkey", "books_title", "books_lower", "books_published", "books_pages", "scalars_c", "books_include",
            "other.settings", "mood", "address", "nosuch")
# NAME of the command → its modifiers; a pattern makes lists of databases, roles and system objects comparable.
LISTS = {"d": "S + S+", "da": "S +", "dA": "+", "dAc": "+", "dAf": "+", "dAo": "+", "dAp": "+", "db": "+", "dc": "S +", "dC": "+", "dd": "S",
  "ddp": "", "dD": "S + S+", "dE": "S +", "des": "+",
         "det": "+", "deu": "+", "dew": "+", "df": "S + a n p t w", "dF": "+", "dFd": "+", "dFp": "+", "dFt": "+", "di": "S + S+", "dl": "",
           "dL": "S +", "dm": "S +", "dn": "S + S+", "do": "S +",
         "dO": "S +", "dp": "", "dP": "+ i t n", "drds": "", "dRp": "+", "dRs": "+", "ds": "S + S+", "dt": "S + S+", "dT": "S + S+", "dv": "S + S+",
           "dx": "+", "dX": "", "dy": "+", "z": "", "lo_list": "",
         "dti": "", "dtvmsiE": "+", "dconfig": "+"}
PATTERNS = (r"\dt a*", r"\dt public.*", r"\dt app.public.b*", r"\dt *.authors", r"\dt *tags", r"\dt nosuch", r"\d b*", r"\d+ b*", r'\dt "Quoted*"',
  r"\di books*", r"\di+ authors*", r"\ds *seq", r"\dv v_*", r"\df lower",
            r"\df+ lower", r"\dfS abs", r"\df add2", r"\df *.upper", r"\da sum", r"\daS count", r"\dT mood", r"\dT+ mood", r"\dT int*",
              r"\dTS numeric", r"\dTS+ text", r"\dD posint", r"\dCS integer", r"\do =", r"\doS || text text",
            r"\du postgres", r"\du+ postgres", r"\dg postgres", r"\l app", r"\l+ app", r"\dn public", r"\dn+ public", r"\dnS pg_*", r"\dp authors", r"\z tags",
              r"\sf add2", r"\sf+ add2", r"\sf nosuch", r"\sv v_books", r"\sv+ v_books", r"\sv v_counts", r"\sv nosuch",
            r"\sv authors", r"\dd books*", r"\dx plpgsql", r"\db pg_default", r"\dL sql", r"\dO C", r"\dOS C*", r"\dconfig search_path",
              r"\dconfig *datestyle*", r"\dconfig server_version_num", r"\dS pg_class", r"\d pg_type", r"\d+ pg_index",
            r"\d information_schema.tables", r"\dtS pg_a*", r"\dvS pg_t*", r"\d pg_catalog.pg_attribute", r"\dt information_schema.*")
# The keys typed before TAB TAB.
COMPLETIONS = ("SELECT * FROM au", "SELECT * FROM ", "TABLE bo", "\\d ", "\\d bo", "\\dt ", "\\di b", "\\dv ", "\\ds ", "\\df low", "\\dT mo",
  "\\dn ", "\\du ", "\\l ", "\\c ", "\\sv v", "\\sf add", "\\dx ", "INSERT INTO ", "INSERT INTO authors (", "UPDATE au", "UPDATE authors SET ",
               "SELECT * FROM authors WHERE ", "DELETE FROM no", "DROP TABLE bo", "DROP INDEX books_l", "DROP VIEW ", "DROP SEQUENCE ", "DROP TYPE ",
                 "DROP SCHEMA ", "ALTER TABLE nu", "ALTER TABLE authors DROP COLUMN ", "ALTER TABLE authors DROP CONSTRAINT ",
                 "ALTER TABLE books RENAME COLUMN ", "ALTER INDEX ",
               "ALTER SEQUENCE ", "COMMENT ON TABLE ", "TRUNCATE ", "COPY ", "SET se", "SET work_m", "SHOW da", "SET TimeZone TO 'Europe/Ber",
                 "SET search_path TO ", "ANALYZE ", "VACUUM ", "GRANT SELECT ON ", "CREATE INDEX ON authors (", "LOCK TABLE ", "REINDEX TABLE ",
                 "EXECUTE ", "FETCH 1 FROM ", "SELECT low", "ALTER TYPE mo",
               "CREATE TABLE x (LIKE ", "SELECT * FROM pg_catalog.pg_cl", "\\copy boo", "\\dp ", "\\drds ", "\\db ", "\\dL ", "\\dO ")
SIZE = re.compile(r"\b\d+ (?:bytes|kB|MB|GB)")
NOW = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,}\+00")


def checks():
    found = {}
    for name, modifiers in LISTS.items():
        for modifier in ["", *modifiers.split()]:
            found[f"\\{name}{modifier}"] = f"\\{name}{modifier}\n"
    for command in PATTERNS:
        found[command] = command + "\n"
    for table in TABLES:
        found[f"\\d {table}"], found[f"\\d+ {table}"] = f"\\d {table}\n", f"\\d+ {table}\n"
    scripts = (running.HERE / "psql_scripts.txt").read_text(encoding="utf-8").split("== ")[1:]  # no script has the mark
    return {**found, **{f"script: {name}": text for name, _, text in (script.partition("\n") for script in scripts)}}


def command(at):
    return ["psql", "-X", "-h", at["host"], "-p", str(at["port"]), "-U", at["user"], at["database"]]


ENVIRONMENT = {**os.environ, "PAGER": "cat", "LC_ALL": "C.UTF-8", "PGTZ": "UTC", "TERM": "dumb", "COLUMNS": "200", "PGCONNECT_TIMEOUT": "10", "INPUTRC": "/dev/null"}


def said(at, text, folder):
    done = subprocess.run([*command(at), "-P", "pager=off", "-P", "footer=on"], input=text.encode(), capture_output=True, env=ENVIRONMENT, cwd=folder, timeout=60)
    return alike((done.stdout + done.stderr).decode(errors="backslashreplace"), at)


def alike(text, at):
    text = re.sub(r"\bport \"?%d\"?" % at["port"], 'port "N"', text)
    text = re.sub(r"with PID \d+|PID \d+", "PID N", text)
    text = re.sub(r'address "[^"]*" at |\bline \d+(?= of)', "", text)
    text = re.sub(r"^LOCATION: .*\n", "", text, flags=re.M)
    if not SIZE.search(text) and not NOW.search(text):
        return text
    text = NOW.sub("NOW", SIZE.sub("N bytes", text))  # and the widths that they gave
    return re.sub(r"-{3,}", "---", re.sub(r" {2,}", " ", text))


def prompted(at, folder):
    """`#` for a superuser, from the parameter is_superuser."""
    with Terminal(at, folder) as terminal:
        return "#" if "app=#" in terminal.greeting else ">"


def watched(at, folder):
    """The first two rounds of \\watch, without their times."""
    process = subprocess.Popen([*command(at), "-P", "pager=off"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
      env=ENVIRONMENT, cwd=folder)
    process.stdin.write("SELECT count(*) FROM authors \\watch 0.3\n")
    process.stdin.flush()
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    try:
        out, _ = process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
    rounds = re.split(r"^(?=\w{3} \w{3} +\d+ [\d:]+ \d{4})", re.sub(r"\(every [^)]*\)", "(every)", out), flags=re.M)
    return "".join(re.sub(r"^ *\w{3} \w{3} +\d+ [\d:]+ \d{4} ", "TIME ", part, flags=re.M) for part in rounds[1:3]) or out


class Terminal:
    """A psql in a terminal of its own, for what TAB TAB shows."""

    def __init__(self, at, folder):
        self.process, self.master, self.greeting = None, None, ""
        self.at, self.folder = at, folder

    def __enter__(self):
        self.master, slave = pty.openpty()
        subprocess.run(["stty", "cols", "200", "rows", "200"], stdin=slave, check=False)
        self.process = subprocess.Popen(command(self.at), stdin=slave, stdout=slave, stderr=slave, env=ENVIRONMENT, cwd=self.folder, start_new_session=True)
        os.close(slave)
        self.greeting = self.quiet(8)
        return self

    def quiet(self, most=4, still=0.5):
        out, end = b"", time.monotonic() + most
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], still)
            if not ready:
                if out:
                    break
                continue
            with contextlib.suppress(OSError):
                out += os.read(self.master, 65536)
        return out.decode(errors="replace")

    def completed(self, keys):
        os.write(self.master, keys.encode() + b"\t\t")
        shown = self.quiet(3, 0.8)
        os.write(self.master, b"\x01\x0b\n")  # to the line's beginning, delete it, a new prompt
        self.quiet(1, 0.2)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x07|\r|app=[#>] ", "", shown)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def recorded():
    """The statements of tab completion that the corpus has."""
    path = running.HERE.parent.parent / ".." / "shared" / "corpus" / "clients" / "psql.sql"
    if not path.exists():
        return {}
    found = {}
    for entry in path.read_text(encoding="utf-8").split("\n\n"):
        head, _, statement = entry.partition("\n")
        if "tab-completion" in head and statement.strip():
            found[f"recorded: {' '.join(statement.split())[:150]} #{len(found)}"] = statement + "\n"
    return found


def transcript(results):
    lines = ["# psql against the SQLite side", "",
      "Written by `integration/suites/psql_suite.py --write`: what psql 15 shows when Crossfade answers from SQLite, on the schema of",
             "`integration/suites/every_object.sql`. *same*: PostgreSQL 15 shows the same text; else the lines that differ (`-` PostgreSQL, `+` Crossfade).", "",
             "| command | text |", "|---|---|"]
    lines += [f"| `{name.replace('|', chr(92) + '|')}` | {'same' if ours == theirs else 'differs'} |" for name, (ours, theirs) in results.items()]
    for name, (ours, theirs) in results.items():
        lines += ["", f"## `{name}`", "", "```"]
        if ours == theirs:
            shown = ours.rstrip().splitlines()
            lines += [*(row.rstrip()[:180] for row in shown[:24]), *([f"… {len(shown) - 24} more lines"] if len(shown) > 24 else [])]
        else:
            rows = [row.rstrip() for row in difflib.unified_diff(theirs.splitlines(), ours.splitlines(), lineterm="", n=1)][2:]
            lines += [*(row[:180] for row in rows[:14]), *([f"… {len(rows) - 14} more lines"] if len(rows) > 14 else [])]
        lines += ["```"]
    return "\n".join(lines) + "\n"


def differing(theirs, ours):
    rows = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), lineterm="", n=0))[2:]
    return ("\n".join(row for row in rows if row.startswith(sign))[:1500] for sign in "-+")


def as_owner_of_all(at):
    """The database is the first superuser's, who is then the only role: the owner that the SQLite side shows everywhere is the client."""
    connection = psycopg2.connect(host=at["host"], port=at["port"], user="postgres", dbname="postgres")
    connection.autocommit = True
    for statement in ("ALTER DATABASE app OWNER TO postgres", "DROP ROLE app"):
        connection.cursor().execute(statement)
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if shutil.which("psql") is None:
        print("psql sqlite: 0 passed, 0 failed, 1 skipped (no psql)")
        return 0
    found, results = {}, {}
    with contextlib.ExitStack() as stack:
        sides = ours, theirs = [stack.enter_context(side()) for side in (running.sqlite_side, running.postgres_side)]
        as_owner_of_all(theirs)
        for at in sides:
            at["user"] = "postgres"
        folders = [stack.enter_context(tempfile.TemporaryDirectory()) for _ in sides]
        both = stack.enter_context(concurrent.futures.ThreadPoolExecutor(2)).map
        for folder in folders:
            pathlib.Path(folder, "every.txt").write_text("x\n")
        running.load(ours, theirs, running.HERE / "every_object.sql", found, "psql")
        for name, text in {**checks(), **recorded()}.items():
            if options.only in name:
                results[name] = tuple(both(said, sides, [text, text], folders))
        if options.only in "prompt":
            results["prompt"] = tuple(both(prompted, sides, folders))
        if options.only in "script: watch":
            results["script: watch"] = tuple(both(watched, sides, folders))
        if any(options.only in f"tab: {keys}" for keys in COMPLETIONS):
            terminals = [stack.enter_context(Terminal(*place)) for place in zip(sides, folders)]
            for keys in COMPLETIONS:
                results[f"tab: {keys}"] = tuple(both(lambda terminal, typed: terminal.completed(typed), terminals, [keys, keys]))
    for name, (answer, right) in results.items():
        found[name] = "passed" if answer == right else "failed"
        if answer != right:
            theirs_only, ours_only = differing(right, answer)
            running.difference("psql", name, ours_only, theirs_only, 400)
    counts = running.line("psql sqlite", found)
    running.keep("psql", found)
    if options.write:
        (running.HERE.parent.parent / "docs" / "psql.md").write_text(transcript(results), encoding="utf-8")
    return 0 if 100 * counts["passed"] >= options.least * (counts["passed"] + counts["failed"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
