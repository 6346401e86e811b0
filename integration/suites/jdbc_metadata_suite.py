#!/usr/bin/python3
"""jdbc_metadata_suite.py [--least PERCENT]: JDBC's DatabaseMetaData, ResultSetMetaData and ParameterMetaData on the schema of every_object.sql,
result set by result set, on Crossfade's SQLite side and on PostgreSQL. Object numbers are made alike.
Prints `NAME: N passed, M failed, K skipped`, then each result set that differs, by its rows."""
import argparse
import pathlib
import re
import shutil
import subprocess
import tempfile

import running

JAR = pathlib.Path("/usr/share/java/postgresql.jar")
TABLES = ("authors", "books", "tags", "book_tags", "nodes", "scalars", "arrays", "nopk", "Quoted Name", "child", "grandchild", "numbers_10", "always", "big_serial",
          "two_serials", "moods", "domains", "networks", "ranges", "shapes", "texts", "oids", "bits", "money_table", "v_books", "v_counts", "mv_counts", "select", "part", "child_t")


def said(at, folder):
    """{check: its text}"""
    url = f"jdbc:postgresql://{at['host']}:{at['port']}/{at['database']}?user={at['user']}"
    done = subprocess.run(["java", "-cp", f"{folder}:{JAR}", "-Duser.timezone=UTC", "Metadata", url, *TABLES], capture_output=True, text=True, timeout=550)
    if done.returncode != 0:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return {name: text.rstrip("\n") for name, _, text in (part.partition("\n") for part in done.stdout.split("== ")[1:])}


def without_numbers(text):
    """A routine's specific name ends in its number, which is the server's own for the user's."""
    return re.sub(r"\b(\w+)_\d{5,}\b", r"\1_N", text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=float, default=0)
    options = parser.parse_args()
    if shutil.which("javac") is None or not JAR.exists():
        print("jdbc metadata sqlite: 0 passed, 0 failed, 1 skipped (JDBC is not installed; scripts/setup installs it)")
        return 0
    found = {}
    with running.sqlite_side() as ours, running.postgres_side() as theirs, tempfile.TemporaryDirectory() as folder:
        running.load(ours, theirs, running.HERE / "every_object.sql", found, "jdbc")
        subprocess.run(["javac", "-nowarn", "-d", folder, running.HERE / "jdbc" / "Metadata.java"], check=True, timeout=200)
        answers, right = said(ours, folder), said(theirs, folder)
    for name, text in right.items():
        mine, text = without_numbers(answers.get(name, "no answer")), without_numbers(text)
        found[name] = "passed" if mine == text else "failed"
        if mine != text:
            rows, their_rows = mine.splitlines(), text.splitlines()
            only = [[row for row in one if row not in other] for one, other in ((rows, their_rows), (their_rows, rows))]
            ours_only, theirs_only = ("\n".join(part[:6]) + (f"\n… {len(part) - 6} more" if len(part) > 6 else "") if part else "the same rows in another order or number" for part in only)
            running.difference("jdbc", name, ours_only, theirs_only, 500)
    counts = running.line("jdbc metadata sqlite", found)
    running.keep("jdbc", found)
    return 0 if 100 * counts["passed"] >= options.least * (counts["passed"] + counts["failed"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
