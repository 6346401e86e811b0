#!/usr/bin/python3
"""psql_suite.py [--least PERCENT] [--only TEXT] [--write]: psql's \\d family with every modifier, its other commands that ask the server,
and tab completion, on one schema (every_object.sql) on Crossfade's SQLite side and on PostgreSQL: compared text by text.
Sizes, process numbers and ports are the servers' own and made alike first. --write writes the transcript to docs/psql.md.
Prints `NAME: N passed, M failed, K skipped`, then each command that differs."""
import argparse
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

import running

TABLES = ("authors", "books", "tags", "book_tags", "nodes", "scalars", "arrays", "nopk", '"Quoted Name"', "child", "grandchild", "numbers_10", "always", "big_serial",
          "two_serials", "moods", "domains", "networks", "ranges", "texts", "oids", "part", "child_t", "v_books", "v_counts", "mv_counts", "s1", "s2", "authors_id_seq",
          "books_id_seq", "authors_pkey", "books_title", "books_lower", "books_published", "books_pages", "scalars_c", "books_include", "other.settings", "mood", "address", "nosuch")
# NAME of the command → its modifiers; a pattern makes lists of databases, roles and system objects comparable.
LISTS = {"d": "S + S+", "da": "S +", "dA": "+", "dAc": "+", "dAf": "+", "dAo": "+", "dAp": "+", "db": "+", "dc": "S +", "dC": "+", "dd": "S", "ddp": "", "dD": "S + S+", "dE": "S +", "des": "+",
         "det": "+", "deu": "+", "dew": "+", "df": "S + a n p t w", "dF": "+", "dFd": "+", "dFp": "+", "dFt": "+", "di": "S + S+", "dl": "", "dL": "S +", "dm": "S +", "dn": "S + S+", "do": "S +",
         "dO": "S +", "dp": "", "dP": "+ i t n", "drds": "", "dRp": "+", "dRs": "+", "ds": "S + S+", "dt": "S + S+", "dT": "S + S+", "dv": "S + S+", "dx": "+", "dX": "", "dy": "+", "z": "", "lo_list": "",
         "dti": "", "dtvmsiE": "+", "dconfig": "+"}
PATTERNS = (r"\dt a*", r"\dt public.*", r"\dt app.public.b*", r"\dt *.authors", r"\dt *tags", r"\dt nosuch", r"\d b*", r"\d+ b*", r'\dt "Quoted*"', r"\di books*", r"\di+ authors*", r"\ds *seq", r"\dv v_*", r"\df lower",
            r"\df+ lower", r"\dfS abs", r"\df add2", r"\df *.upper", r"\da sum", r"\daS count", r"\dT mood", r"\dT+ mood", r"\dT int*", r"\dTS numeric", r"\dTS+ text", r"\dD posint", r"\dCS integer", r"\do =", r"\doS || text text",
            r"\du app", r"\du+ app", r"\dg app", r"\l app", r"\l+ app", r"\dn public", r"\dn+ public", r"\dnS pg_*", r"\dp authors", r"\z tags", r"\sf add2", r"\sf+ add2", r"\sf nosuch", r"\sv v_books", r"\sv+ v_books", r"\sv v_counts", r"\sv nosuch",
            r"\sv authors", r"\dd books*", r"\dx plpgsql", r"\db pg_default", r"\dL sql", r"\dO C", r"\dOS C*", r"\dconfig search_path", r"\dconfig *datestyle*", r"\dconfig server_version_num", r"\dS pg_class", r"\d pg_type", r"\d+ pg_index",
            r"\d information_schema.tables", r"\dtS pg_a*", r"\dvS pg_t*", r"\d pg_catalog.pg_attribute", r"\dt information_schema.*")
# Every script is its own psql; the name is shown, the text goes to its standard input.
SCRIPTS = {
    "gdesc": "SELECT id, name, rating, born, made FROM authors \\gdesc\nSELECT 1, 'x', NULL, 1.5, true, now(), ARRAY[1], '1 day'::interval, count(*), sum(pages), avg(price) FROM books \\gdesc\nSELECT 1 AS a \\gdesc\nINSERT INTO nopk (a) VALUES (9) \\gdesc\nSELECT nothing \\gdesc\nSELECT $1::int + 1 \\gdesc\n",
    "gdesc of a typed table": "SELECT * FROM scalars \\gdesc\nSELECT * FROM arrays \\gdesc\n", "gset": "SELECT id, name FROM authors WHERE id = 1 \\gset x_\n\\echo :x_id :x_name\nSELECT :'x_name' || '!' AS said, :x_id + 1 AS next;\nSELECT 1 WHERE false \\gset\nSELECT id FROM authors \\gset\nSELECT NULL AS empty \\gset\n\\echo [:{?empty}]\n",
    "gexec": "SELECT 'SELECT count(*) AS \"' || t || '\" FROM ' || t FROM (VALUES ('authors'), ('books')) AS v (t) \\gexec\nSELECT format('SELECT %L AS v', n) FROM generate_series(1, 3) AS n \\gexec\n", "gx": "SELECT * FROM authors ORDER BY id \\gx\n", "if": "SELECT EXISTS (SELECT 1 FROM authors) AS there, count(*) > 100 AS many FROM authors \\gset\n\\if :there\n\\echo there\n\\if :many\n\\echo many\n\\else\n\\echo few\n\\endif\n\\elif true\n\\echo not\n\\endif\n",
    "crosstabview": "SELECT a.name, b.title, b.pages FROM authors a JOIN books b ON b.author_id = a.id ORDER BY 1, 2 \\crosstabview\nSELECT author_id, published IS NULL AS open, count(*), min(title) FROM books GROUP BY 1, 2 ORDER BY 1, 2 \\crosstabview 1 2 3\n", "copy to stdout": "\\copy authors (id, name, email, rating) TO stdout\n\\copy (SELECT id, title, price FROM books ORDER BY id) TO stdout WITH (FORMAT csv, HEADER, FORCE_QUOTE *)\n\\copy nosuch TO stdout\n",
    "copy from": "\\copy tags FROM stdin\n7\tseven\n8\teight\n\\.\n\\copy tags FROM stdin WITH (FORMAT csv, HEADER match)\nid,name\n9,\"n,ine\"\n\\.\nSELECT * FROM tags ORDER BY id;\n\\copy tags FROM stdin\n7\tagain\n\\.\n\\copy tags FROM stdin\nx\ty\n\\.\n\\copy tags (id) FROM stdin\n10\n\\.\nDELETE FROM tags WHERE id > 6;\n", "copy there and back": "\\copy scalars TO 'scalars.copy'\n\\copy scalars FROM 'scalars.copy'\n\\copy (SELECT * FROM books) TO 'books.bin' WITH BINARY\n\\copy authors FROM 'nosuch'\n", "COPY": "COPY authors (id, name) TO stdout;\nCOPY nopk (a, b) FROM stdin;\n5\tfive\n\\.\nCOPY (SELECT a, b FROM nopk ORDER BY a) TO stdout (DELIMITER '|', NULL 'null');\n",
    "errors": "SELECT 1/0;\n\\errverbose\n\\echo :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE\nSELECT nothing FROM authors;\n\\echo :SQLSTATE\nSELECT 1;\n\\echo :ERROR :SQLSTATE :ROW_COUNT\n", "verbosity": "\\set VERBOSITY sqlstate\nSELECT 1/0;\nINSERT INTO tags VALUES (1, 'dup');\n\\set VERBOSITY terse\nINSERT INTO tags VALUES (1, 'dup');\nSELEC;\nSELECT * FROM nosuch;\n", "errors with places": "SELECT * FROM nosuch;\nSELECT id, nothing FROM authors;\nSELECT id FRM authors;\nSELECT 'a' + 1;\nSELECT nosuch(1);\nINSERT INTO books (author_id, title) VALUES (99, 'x');\nINSERT INTO books (author_id, title, price) VALUES (1, 'x', -1);\nINSERT INTO authors (name) VALUES (NULL);\nINSERT INTO authors (name, email) VALUES ('x', 'ann@x.org');\nSELECT 'abc'::integer;\nSELECT count(*), name FROM authors;\nDELETE FROM tags WHERE id = 1;\n",
    "row counts and tags": "INSERT INTO tags VALUES (50, 'fifty');\n\\echo :ROW_COUNT\nUPDATE tags SET name = 'x50' WHERE id = 50;\nDELETE FROM tags WHERE id = 50;\nSELECT * FROM tags ORDER BY id;\n\\echo :ROW_COUNT\nBEGIN;\nSAVEPOINT a;\nROLLBACK TO a;\nRELEASE a;\nEND;\n", "autocommit off": "\\set AUTOCOMMIT off\nINSERT INTO tags VALUES (60, 'sixty');\nROLLBACK;\nSELECT count(*) FROM tags;\nCOMMIT;\n", "ON_ERROR_ROLLBACK": "\\set ON_ERROR_ROLLBACK on\nBEGIN;\nINSERT INTO tags VALUES (61, 'x');\nSELECT 1/0;\nSELECT count(*) FROM tags;\nROLLBACK;\n", "FETCH_COUNT": "\\set FETCH_COUNT 2\nSELECT id, name FROM authors ORDER BY id;\nSELECT * FROM generate_series(1, 5) AS n;\n", "combined": "SELECT 1 AS a\\; SELECT 2 AS b\\; SELECT 3 AS c;\n", "single transaction": "BEGIN;\nSELECT 1/0;\nSELECT 1;\nCOMMIT;\n", "variables": "\\set t authors\n\\set v 'it''s'\nSELECT count(*) FROM :\"t\";\nSELECT :'v' AS v;\n\\echo :DBNAME :USER :ENCODING :SERVER_VERSION_NUM\n",
    "formats": "\\pset format csv\nSELECT id, name, rating, born FROM authors ORDER BY id;\n\\pset format html\nSELECT id, name FROM authors ORDER BY id LIMIT 1;\n\\pset format unaligned\nSELECT * FROM arrays;\n\\pset format wrapped\n\\pset null '¤'\nSELECT * FROM nopk ORDER BY a;\n\\pset format asciidoc\nSELECT 1 AS x;\n", "g with options": "SELECT 1 AS a, 2 AS b \\g (format=unaligned tuples_only=on)\nSELECT 1 \\g out.txt\n\\! cat out.txt\n", "timing of settings": "SET DateStyle = 'German';\nSELECT date '2024-02-29', timestamp '2024-02-29 12:00';\nSET IntervalStyle = 'iso_8601';\nSELECT interval '1 day 2 hours';\nSHOW DateStyle;\nRESET ALL;\nSHOW IntervalStyle;\n", "prepared": "PREPARE p (int) AS SELECT name FROM authors WHERE id = $1;\nEXECUTE p(1);\nDEALLOCATE p;\nEXECUTE p(1);\n", "cursors": "BEGIN;\nDECLARE c CURSOR FOR SELECT id, name FROM authors ORDER BY id;\nFETCH 2 FROM c;\nMOVE 1 IN c;\nFETCH ALL FROM c;\nCLOSE c;\nCOMMIT;\n", "explain": "EXPLAIN (COSTS off) SELECT 1;\n", "encoding": "\\encoding\n\\encoding LATIN1\nSELECT name FROM authors WHERE id = 3;\n\\encoding UTF8\n", "conninfo": "\\conninfo\n", "notify": "LISTEN a;\nNOTIFY a, 'b';\nSELECT 1;\n", "lo": "\\lo_import every.txt\n\\lo_list\n",
    "temporary": "CREATE TEMP TABLE tt (id serial, x text);\n\\d tt\n\\dt tt\n\\dt\nDROP TABLE tt;\n", "connect": "\\c\n\\c app\nSELECT current_database(), current_user;\n\\c nosuch\n", "password": "SHOW password_encryption;\nALTER USER app PASSWORD 'md5abc';\n", "last value": "SELECT last_value, is_called FROM authors_id_seq;\nSELECT * FROM s1;\nSELECT nextval('s1'), currval('s1');\n", "show all": "SHOW ALL;\n", "views of settings": "SELECT name, setting, unit, category, short_desc, context, vartype FROM pg_settings WHERE name IN ('work_mem', 'search_path', 'TimeZone', 'DateStyle', 'statement_timeout') ORDER BY name;\n", "comments": "SELECT obj_description('authors'::regclass, 'pg_class'), col_description('authors'::regclass, 2);\n", "sizes": "SELECT pg_relation_size('authors') > 0 AS a, pg_table_size('authors') >= pg_relation_size('authors') AS b, pg_database_size('app') > 0 AS c, pg_size_pretty(123456::bigint) AS d;\n",
}
# The keys typed before TAB TAB.
COMPLETIONS = ("SELECT * FROM au", "SELECT * FROM ", "TABLE bo", "\\d ", "\\d bo", "\\dt ", "\\di b", "\\dv ", "\\ds ", "\\df low", "\\dT mo", "\\dn ", "\\du ", "\\l ", "\\c ", "\\sv v", "\\sf add", "\\dx ", "INSERT INTO ", "INSERT INTO authors (", "UPDATE au", "UPDATE authors SET ",
               "SELECT * FROM authors WHERE ", "DELETE FROM no", "DROP TABLE bo", "DROP INDEX books_l", "DROP VIEW ", "DROP SEQUENCE ", "DROP TYPE ", "DROP SCHEMA ", "ALTER TABLE nu", "ALTER TABLE authors DROP COLUMN ", "ALTER TABLE authors DROP CONSTRAINT ", "ALTER TABLE books RENAME COLUMN ", "ALTER INDEX ",
               "ALTER SEQUENCE ", "COMMENT ON TABLE ", "TRUNCATE ", "COPY ", "SET se", "SET work_m", "SHOW da", "SET TimeZone TO 'Europe/Ber", "SET search_path TO ", "ANALYZE ", "VACUUM ", "GRANT SELECT ON ", "CREATE INDEX ON authors (", "LOCK TABLE ", "REINDEX TABLE ", "EXECUTE ", "FETCH 1 FROM ", "SELECT low", "ALTER TYPE mo",
               "CREATE TABLE x (LIKE ", "SELECT * FROM pg_catalog.pg_cl", "\\copy boo", "\\dp ", "\\drds ", "\\db ", "\\dL ", "\\dO ")
SIZE = re.compile(r"\b\d+ (?:bytes|kB|MB|GB)")


def checks():
    found = {}
    for name, modifiers in LISTS.items():
        for modifier in ["", *modifiers.split()]:
            found[f"\\{name}{modifier}"] = f"\\{name}{modifier}\n"
    for command in PATTERNS:
        found[command] = command + "\n"
    for table in TABLES:
        found[f"\\d {table}"], found[f"\\d+ {table}"] = f"\\d {table}\n", f"\\d+ {table}\n"
    return {**found, **{f"script: {name}": text for name, text in SCRIPTS.items()}}


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
    if not SIZE.search(text):
        return text
    text = SIZE.sub("N bytes", text)  # and the widths that the sizes gave
    return re.sub(r"-{3,}", "---", re.sub(r" {2,}", " ", text))


def watched(at, folder):
    """The first two rounds of \\watch, without their times."""
    process = subprocess.Popen([*command(at), "-P", "pager=off"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT, cwd=folder)
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
        self.process, self.master = None, None
        self.at, self.folder = at, folder

    def __enter__(self):
        self.master, slave = pty.openpty()
        subprocess.run(["stty", "cols", "200", "rows", "200"], stdin=slave, check=False)
        self.process = subprocess.Popen(command(self.at), stdin=slave, stdout=slave, stderr=slave, env=ENVIRONMENT, cwd=self.folder, start_new_session=True)
        os.close(slave)
        self.quiet(8)
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
        shown = self.quiet()
        os.write(self.master, b"\x15\x0b")
        self.quiet(1, 0.2)
        os.write(self.master, b"\x03")
        self.quiet(1, 0.2)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x07|\r", "", shown)

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
    lines = ["# psql against the SQLite side", "", "Written by `integration/suites/psql_suite.py --write`: what psql 15 shows when Crossfade answers from SQLite, on the schema of",
             "`integration/suites/every_object.sql`. *same*: PostgreSQL 15 shows the same text; else the lines that differ (`-` PostgreSQL, `+` Crossfade).", "",
             "| command | text |", "|---|---|"]
    lines += [f"| `{name.replace('|', chr(92) + '|')}` | {'same' if ours == theirs else 'differs'} |" for name, (ours, theirs) in results.items()]
    for name, (ours, theirs) in results.items():
        lines += ["", f"## `{name}`", "", "```"]
        if ours == theirs:
            shown = ours.rstrip().splitlines()
            lines += [*(row.rstrip() for row in shown[:40]), *([f"… {len(shown) - 40} more lines"] if len(shown) > 40 else [])]
        else:
            rows = [row.rstrip() for row in difflib.unified_diff(theirs.splitlines(), ours.splitlines(), lineterm="", n=1)][2:]
            lines += [*rows[:30], *([f"… {len(rows) - 30} more lines"] if len(rows) > 30 else [])]
        lines += ["```"]
    return "\n".join(lines) + "\n"


def differing(theirs, ours):
    rows = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), lineterm="", n=0))[2:]
    return ("\n".join(row for row in rows if row.startswith(sign))[:1500] for sign in "-+")


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
    with running.sqlite_side() as ours, running.postgres_side() as theirs, tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "every.txt").write_text("x\n")
        running.load(ours, theirs, running.HERE / "every_object.sql", found, "psql")
        for name, text in {**checks(), **recorded()}.items():
            if options.only in name:
                results[name] = tuple(said(at, text, folder) for at in (ours, theirs))
        if options.only in "script: watch":
            results["script: watch"] = tuple(watched(at, folder) for at in (ours, theirs))
        if any(options.only in f"tab: {keys}" for keys in COMPLETIONS):
            with Terminal(ours, folder) as our_terminal, Terminal(theirs, folder) as their_terminal:
                for keys in COMPLETIONS:
                    results[f"tab: {keys}"] = tuple(terminal.completed(keys) for terminal in (our_terminal, their_terminal))
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
