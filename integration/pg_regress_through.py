#!/usr/bin/python3
"""pg_regress_through.py SOURCE [--modes session,fresh,transaction] [--schedule parallel_schedule] [--only test,test] [--keep FOLDER]

PostgreSQL's own regression suite, by its own pg_regress, direct and then through Crossfade in each mode of pooling. SOURCE: its source
package (scripts/postgres-source). Clients' users go upstream as they are (postgres.users = ["* user=$user"]).
Modes: session, transaction, and fresh: session pooling with server_reset = "", so that each session has a backend of its own.
Prints for each mode how many tests have the same outcome as direct (a test that fails direct, because psql is of another minor version
than SOURCE, must give the same output), and each test that differs with the first lines of its difference from what direct gave and its
reason. Exit 3 when one differs that is not among the known ones."""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from servers import PG_BIN, Crossfade, Postgres  # noqa: E402

PG_REGRESS = pathlib.Path("/usr/lib/postgresql/15/lib/pgxs/src/test/regress/pg_regress")
LIBRARIES = pathlib.Path("/usr/lib/postgresql/15/lib")
DATABASE_SETTINGS = ("lc_messages TO 'C'", "lc_monetary TO 'C'", "lc_numeric TO 'C'", "lc_time TO 'C'", "bytea_output TO 'hex'",
                     "timezone_abbreviations TO 'Default'")
LINE = re.compile(r"^(?:test|    )\s*(\S+)\s+\.\.\. (ok|FAILED|failed \(ignored\))", re.M)
POOLS = {"session": ['mode = "session"'], "fresh": ['mode = "session"', 'server_reset = ""'], "transaction": ['mode = "transaction"']}
TEMPORARY = ("PREPARE TRANSACTION is refused for another reason: the backend has served others, and its schema for temporary objects is there already, "
             "which no command takes away again")
DRAWN = "currval outside of the transaction that drew: another connection's backend answers, 55000"
# mode → test → why it differs.
KNOWN = {
    "session": {"temp": TEMPORARY},
    "fresh": {},
    "transaction": {
        "temp": TEMPORARY, "constraints": DRAWN, "sequence": DRAWN,
        "stats": "\\c opens a session with the proxy, and none of PostgreSQL: pg_stat_database.sessions does not count it",
        "triggers": "set_ttdummy() keeps its switch in a variable of a C library: nobody can ask for it, the next transaction may have another backend",
    },
}
# What two runs need not have alike: numbers of processes, objects and bytes.
NOISE = re.compile(r"pg_toast_\d+|pg_temp_\d+|\b\d{5,}\b|\b0x[0-9a-f]+\b")


class Site:
    """A fresh server, and the folder that the server and pg_regress share."""

    def __init__(self, source, folder):
        self.source, self.folder = source, folder
        self.server = Postgres.start(["max_prepared_transactions = 0", "ssl = off", "log_min_messages = fatal"])
        self.libraries = folder / "lib"
        self.libraries.mkdir()
        for name in ("autoinc.so", "refint.so"):
            shutil.copy(LIBRARIES / name, self.libraries)
        subprocess.run(["clang-19", "-shared", "-fPIC", "-O1", "-w", "-I/usr/include/postgresql/15/server", "-I" + str(source / "src/test/regress"),
                        str(source / "src/test/regress/regress.c"), "-o", str(self.libraries / "regress.so")], check=True)
        connection = self.server.connect()
        cursor = connection.cursor()
        cursor.execute("CREATE DATABASE regression TEMPLATE template0")
        for setting in DATABASE_SETTINGS:
            cursor.execute(f"ALTER DATABASE regression SET {setting}")
        connection.close()
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "postgres", str(folder)], check=True)

    def run(self, port, tests, schedule):
        """{test: outcome}, in the schedule's order."""
        inputs = self.source / "src/test/regress"
        command = [PG_REGRESS, "--use-existing", "--dbname=regression", "--host=127.0.0.1", f"--port={port}", "--user=postgres",
                   f"--inputdir={inputs}", f"--outputdir={self.folder}", f"--bindir={PG_BIN}", f"--dlpath={self.libraries}"]
        command += tests or [f"--schedule={inputs / schedule}"]
        environment = {**os.environ, "LANG": "C", "PGCONNECT_TIMEOUT": "60"}
        # As the server's own user: the server writes into pg_regress's folders.
        done = subprocess.run(list(map(str, [*self.server.as_user, *command])), capture_output=True, text=True, env=environment, cwd=self.folder)
        outcomes = dict(LINE.findall(done.stdout))
        if not outcomes:
            raise SystemExit(f"pg_regress: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return outcomes

    def stop(self):
        self.server.stop()


def run_at(source, folder, mode, tests, schedule):
    folder.mkdir()
    folder.chmod(0o777)
    site = Site(source, folder)
    try:
        if mode == "direct":
            return site.run(site.server.port, tests, schedule)
        proxy = Crossfade(folder, postgres=f"host=127.0.0.1 port={site.server.port} user=postgres",
                          settings={"pool": [*POOLS[mode], "max_connections = 60"], "postgres": ['users = ["* user=$user"]']}).start()
        try:
            return site.run(proxy.port, tests, schedule)
        finally:
            proxy.stop()
    finally:
        site.stop()


def difference(direct, through, test):
    """The lines that only one of the two has, without noise."""
    texts = []
    for folder in (direct, through):
        path = folder / "results" / f"{test}.out"
        texts.append([NOISE.sub("#", line) for line in path.read_text(errors="replace").splitlines()] if path.exists() else ["(none)"])
    return [line for line in difflib.unified_diff(*texts, lineterm="", n=1) if not line.startswith(("---", "+++"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--modes", default="session,fresh,transaction")
    parser.add_argument("--schedule", default="parallel_schedule")
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=pathlib.Path, help="where the results stay")
    parser.add_argument("--lines", type=int, default=12, help="of each difference")
    arguments = parser.parse_args()
    tests = [test for test in arguments.only.split(",") if test]
    place = arguments.keep or pathlib.Path(tempfile.mkdtemp(prefix="crossfade-regress-", dir="/var/tmp"))
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    source = arguments.source.resolve()
    direct = run_at(source, place / "direct", "direct", tests, arguments.schedule)
    print(f"direct: {sum(outcome == 'ok' for outcome in direct.values())} of {len(direct)} pass; "
          f"not: {', '.join(test for test, outcome in direct.items() if outcome != 'ok') or 'none'}", flush=True)
    code = 0
    for mode in arguments.modes.split(","):
        through = run_at(source, place / mode, mode, tests, arguments.schedule)
        other = [test for test in direct if through.get(test) != direct[test] or
                 (direct[test] != "ok" and difference(place / "direct", place / mode, test))]
        print(f"{mode}: {len(direct) - len(other)} of {len(direct)} have the outcome that they have direct, "
              f"{sum(outcome == 'ok' for outcome in through.values())} pass", flush=True)
        for test in other:
            print(f"  {test}: direct {direct[test]}, {mode} {through.get(test, 'not run')}: {KNOWN[mode].get(test, 'NOT KNOWN')}")
            for line in difference(place / "direct", place / mode, test)[:arguments.lines]:
                print(f"      {line[:160]}")
        if not set(other) <= KNOWN[mode].keys():
            code = 3
    if arguments.keep is None:
        shutil.rmtree(place, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
