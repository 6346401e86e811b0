#!/usr/bin/python3
"""dump_suite.py FILE.db [--least PERCENT] [--log FILE]: pg_dump of a SQLite file that Crossfade serves, restored into PostgreSQL 15 and
compared with what plan and copy of the same file give: tables, columns, rows, constraints, indexes, sequences, views.
Then once more through a tap that asks both servers every statement of pg_dump's: where ours refuses, what comes after is seen too.
Prints `pg_dump sqlite: N passed, M failed, K skipped` and what differs; --log writes every statement with both answers."""
import argparse
import pathlib
import re
import shutil
import subprocess
import tempfile

import psycopg2

import running
import tap
from servers import Crossfade, Postgres

SHAPES = {
    "columns": """SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
                  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2""",
    "constraints": "SELECT conrelid::regclass::text, contype, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 4, 3",
    "constraints without names": "SELECT conrelid::regclass::text, contype, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 3",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "indexes without names": "SELECT tablename, regexp_replace(indexdef, 'INDEX .* ON', 'INDEX ON') FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "sequences": "SELECT sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
    "comments": "SELECT objoid::regclass::text, objsubid, description FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid >= 16384 ORDER BY 1, 2",
}
VARIANTS = {"plain": [], "schema only": ["-s"], "data only": ["-a"], "inserts": ["--inserts"], "column inserts": ["--column-inserts", "-a"],
  "custom": ["-Fc"], "clean": ["--clean", "--if-exists"],
            "no owner": ["-O", "-x"], "sections": ["--section=pre-data"], "serializable": ["--serializable-deferrable"], "two jobs": ["-Fd", "-j", "2"], "create": ["-C"]}


def dumped(port, database, folder, arguments=()):
    target = pathlib.Path(folder) / "dump.out"
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    done = subprocess.run(["pg_dump", "-h", "127.0.0.1", "-p", str(port), "-U", "app", *arguments, "-f", target, database], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stderr.strip(), target


def rows(connection, sql):
    cursor = connection.cursor()
    cursor.execute(sql)
    return cursor.fetchall()


def content(connection):
    found = {}
    for (name,) in rows(connection, "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"):
        found[name] = rows(connection, f"SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\")) FROM {name} t")
    return found


def restored(postgres, path):
    """A new database with the dump, and what its restore complained of."""
    name = postgres.create_database()
    done = subprocess.run(["psql", "-X", "-q", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "app", "-d", name, "-f", path], capture_output=True,
      text=True, timeout=300)
    complaints = [re.sub(r"^psql:[^:]*:\d+: ", "", row) for row in done.stderr.splitlines() if "ERROR" in row]
    return name, complaints


def compare(suite, prefix, mine, right, found):
    def judge(name, ours, theirs):
        found[name] = "passed" if ours == theirs else "failed"
        if ours != theirs:
            running.difference(suite, name, "; ".join(map(str, [row for row in ours if row not in theirs][:8])),
              "; ".join(map(str, [row for row in theirs if row not in ours][:8])), 900)

    for name, sql in SHAPES.items():
        judge(f"{prefix}: {name}", rows(mine, sql), rows(right, sql))
    ours, theirs = content(mine), content(right)
    for table, theirs_rows in theirs.items():
        judge(f"{prefix}: rows of {table}", ours.get(table, ["no table"]), theirs_rows)


def statement_checks(log, found):
    """One check a statement: the same columns, and the same number of rows where it asks for objects of the file and not for a whole catalog."""
    for number, (sql, ours, theirs) in enumerate(log, 1):
        short = re.sub(r"\b\d{4,}\b", "N", " ".join(sql.split()))
        name = f"statement {number}: {short[:110]}"
        of_file = re.search(r"\b\d{5,}\b|public\.", sql)
        same = not ours["error"] and ours["columns"] == theirs["columns"] and (not of_file or ours["rows"] == theirs["rows"])
        found[name] = "passed" if same else "failed"
        if not same:
            running.difference("pg_dump", name, ours["error"] or f"{ours['rows']} rows {differing(ours, theirs)}",
              theirs["error"] or f"{theirs['rows']} rows {differing(theirs, ours)}", 500)


def differing(answer, other):
    return [column for column in answer["columns"] or [] if column not in (other["columns"] or [])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("--log", type=pathlib.Path)
    options = parser.parse_args()
    if shutil.which("pg_dump") is None:
        print("pg_dump sqlite: 0 passed, 0 failed, 1 skipped (no pg_dump)")
        return 0
    found = {}
    postgres = Postgres.start()
    folder = tempfile.mkdtemp(prefix="crossfade-dump-")
    proxy = None
    try:
        connection = postgres.connect()
        connection.cursor().execute("CREATE ROLE app SUPERUSER LOGIN")
        connection.close()
        file, plan, source = (pathlib.Path(folder) / name for name in (options.file.name, "plan.toml", "source.db"))
        for path in (file, source):  # copy leaves its marks in what it reads
            shutil.copy(options.file, path)
        proxy = Crossfade(folder=folder, sqlite=file, plan=plan)
        copied = postgres.create_database()
        proxy.run("plan", file, "-o", plan, check=0)
        done = proxy.run("copy", "--plan", plan, "--sqlite", source, "--no-backup", "--postgres", f"postgresql://app@127.0.0.1:{postgres.port}/{copied}")
        if done.returncode != 0:
            raise SystemExit(f"copy: {done.stdout}{done.stderr}")
        proxy.start()
        for name, arguments in VARIANTS.items():
            code, said, _ = dumped(proxy.port, file.stem, folder, arguments)
            found[f"pg_dump {name}"] = "passed" if code == 0 else "failed"
            if code != 0:
                running.difference("pg_dump", f"pg_dump {name}", said, "done", 600)
        reference = psycopg2.connect(postgres.conninfo(copied))
        code, said, path = dumped(proxy.port, file.stem, folder)
        if code == 0:
            name, complaints = restored(postgres, path)
            found["restored without an error"] = "failed" if complaints else "passed"
            if complaints:
                running.difference("pg_dump", "restored without an error", "; ".join(complaints), "none", 2000)
            compare("pg_dump", "restored", psycopg2.connect(postgres.conninfo(name)), reference, found)
        between = tap.Tap({"host": "127.0.0.1", "port": proxy.port, "database": file.stem}, {"host": "127.0.0.1", "port": postgres.port, "database": copied})
        tapped, said, path = dumped(between.port, file.stem, folder)
        found["pg_dump through the tap"] = "passed" if tapped == 0 else "failed"
        if tapped != 0:
            running.difference("pg_dump", "pg_dump through the tap", said, "done", 600)
        statement_checks(between.log, found)
        if code != 0 and tapped == 0:
            name, complaints = restored(postgres, path)
            found["tap: restored without an error"] = "failed" if complaints else "passed"
            if complaints:
                running.difference("pg_dump", "tap: restored without an error", "; ".join(complaints), "none", 2000)
            compare("pg_dump", "tap", psycopg2.connect(postgres.conninfo(name)), reference, found)
        between.close()
        if options.log:
            options.log.write_text("".join(f"-- {number}\n{sql}\n-- ours:   {ours}\n-- theirs: {theirs}\n\n" for number,
              (sql, ours, theirs) in enumerate(between.log, 1)), encoding="utf-8")
            if path.exists():
                shutil.copy(path, f"{options.log}.dump")
        reference.close()
    finally:
        if proxy:
            proxy.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    counts = running.line("pg_dump sqlite", found)
    running.keep("pg_dump", found)
    return 0 if 100 * counts["passed"] >= options.least * (counts["passed"] + counts["failed"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
