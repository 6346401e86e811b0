"""What the suites share: a fresh database on either server, and the one line each of them prints."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import psycopg2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers import Crossfade, Postgres  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


@contextlib.contextmanager
def sqlite_side():
    """host, port, user and database of Crossfade on a new SQLite file; `server`: the process."""
    with tempfile.TemporaryDirectory(prefix="crossfade-suite-") as folder:
        proxy = Crossfade(folder=folder, sqlite=pathlib.Path(folder) / "app.db").start()
        try:
            yield {"host": "127.0.0.1", "port": proxy.port, "user": "app", "database": "app", "server": proxy}
            if proxy.process.poll() is not None:
                raise RuntimeError(f"crossfade ended with {proxy.process.returncode}:\n{proxy.log_tail()}")
        finally:
            proxy.stop()


@contextlib.contextmanager
def postgres_side():
    """The same of a PostgreSQL 15 of our own, whose superuser is `app`."""
    server = Postgres.start()
    try:
        connection = server.connect()
        connection.cursor().execute("CREATE ROLE app SUPERUSER LOGIN")
        connection.cursor().execute("CREATE DATABASE app OWNER app")
        connection.close()
        yield {"host": "127.0.0.1", "port": server.port, "user": "app", "database": "app"}
    finally:
        server.stop()


SIDES = {"sqlite": sqlite_side, "postgres": postgres_side}


def named(case):
    """Without the server's version, which SQLAlchemy's plugin writes into the class."""
    return re.sub(r"_postgresql\+\w+?_[\d_]+(?=::)", "", f"{case.get('classname')}::{case.get('name')}")


def outcomes(junit):
    """{test name: passed | failed | skipped} of a pytest run."""
    found = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        found[named(case)] = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
    return found


def first_errors(junit):
    """{test name: the last line of its failure}."""
    found = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        for child in case:
            if child.tag in ("failure", "error"):
                errors = re.findall(r"^E +(.*)$", child.text or "", re.M)
                found[named(case)] = (errors or [child.get("message") or ""])[0][:300]
    return found


def pytest(folder, junit, *arguments, environment=None):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", "-o", "junit_logging=no",
               f"--junitxml={junit}", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, **(environment or {})})


def line(name, found):
    counts = {kind: sum(1 for outcome in found.values() if outcome == kind) for kind in ("passed", "failed", "skipped")}
    print(f"{name}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return counts


# What differed, for differences.py: one JSON file a suite.
DIFFERENCES = pathlib.Path(os.environ.get("CROSSFADE_SUITES", HERE.parent.parent / "build" / "suites"))
kept = []


def difference(suite, name, ours, theirs, show=700):
    """Prints a check that differs with both answers and notes it for keep()."""
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (theirs, ours)]
    kept.append({"suite": suite, "name": name, "ours": texts[1], "theirs": texts[0]})
    print(f"  {name}:\n    PostgreSQL {texts[0][:show]}\n    SQLite     {texts[1][:show]}")


def keep(suite, found):
    """Writes the suite's counts and differences to build/suites/SUITE.json."""
    DIFFERENCES.mkdir(parents=True, exist_ok=True)
    counts = {kind: sum(1 for outcome in found.values() if outcome == kind) for kind in ("passed", "failed", "skipped")}
    own = [entry for entry in kept if entry["suite"] == suite]
    (DIFFERENCES / f"{suite}.json").write_text(json.dumps({"counts": counts, "differences": own}, ensure_ascii=False, indent=1))


def load(ours, theirs, path, found, suite):
    """The statements of a script on both; one that SQLite refuses, a failed check of `found`, is on neither."""
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
    cursors = []
    for at in (ours, theirs):
        connection = psycopg2.connect(host=at["host"], port=at["port"], user=at["user"], dbname=at["database"])
        connection.autocommit = True
        cursors.append(connection.cursor())
    for statement in filter(None, (part.strip() for part in re.split(r";\s*(?:\n|$)", text))):
        said = []
        for cursor in cursors:
            try:
                cursor.execute(statement)
            except psycopg2.Error as error:
                said.append(f"{error.pgcode} {str(error).splitlines()[0]}")
                break
        name = f"schema: {' '.join(statement.split())[:90]}"
        found[name] = "failed" if said else "passed"
        if said:
            difference(suite, name, said[0], "done")
    for cursor in cursors:
        cursor.connection.close()
