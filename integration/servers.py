"""Starts and stops the servers that the integration tests need. Nothing here outlives the test run."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

import psycopg2

ROOT = pathlib.Path(__file__).resolve().parent.parent
PG_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def crossfade_binary():
    """CROSSFADE_BIN, else the ASan build, else the release build."""
    named = os.environ.get("CROSSFADE_BIN")
    candidates = [pathlib.Path(named)] if named else [ROOT / "build" / preset / "crossfade" for preset in ("asan", "release", "dev")]
    for path in candidates:
        if path.exists():
            return path
    raise RuntimeError(f"no crossfade binary: {', '.join(map(str, candidates))}")


def optimised_binary():
    """For tests that measure memory or move much data: the release build when it is there. AddressSanitizer keeps what was freed."""
    release = ROOT / "build" / "release" / "crossfade"
    return release if release.exists() else crossfade_binary()


def wait_until(condition, seconds=30, what="the condition"):
    """Polls; the time is a bound for a wedged run, not a measurement."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come within {seconds} s")


class Postgres:
    """A PostgreSQL 15 in a temporary folder, run as `postgres` when we are root (it refuses to run as root)."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    @classmethod
    def start(cls, settings=()):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-pg-", dir="/tmp"))
        server = cls(folder, free_port())
        if server.as_user:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        server.run("initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(folder / "data" / "postgresql.conf", "a", encoding="utf-8") as conf:
            for line in ("listen_addresses = '127.0.0.1'", f"port = {server.port}", f"unix_socket_directories = '{folder}'",
                         "fsync = off", "max_connections = 200", *settings):
                conf.write(line + "\n")
        server.up()
        return server

    def run(self, program, *arguments):
        subprocess.run([*self.as_user, PG_BIN / program, *arguments], check=True, cwd="/tmp", stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    def up(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-t", "60", "start")

    def down(self, mode="fast"):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", mode, "-w", "stop")

    def stop(self):
        self.down("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database="postgres"):
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def connect(self, database="postgres"):
        connection = psycopg2.connect(self.conninfo(database))
        connection.autocommit = True
        return connection

    def create_database(self):
        name = f"t{uuid.uuid4().hex[:12]}"
        connection = self.connect()
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE template0")
        connection.close()
        return name


# What the defaults of production ask for before a switch takes an hour. Those who test a gate set it themselves.
EASY_GATES = {"compared_reads": "0", "compared_statements": "0", "compared_time": '"0s"', "canary_reads": "0", "backup_max_age": '"0s"', "free_disk": "1"}


class Crossfade:
    """One `crossfade serve` process. `sqlite`, `postgres`, `plan`: as the flags; `settings`: lines for proxy.conf by section;
    `binary`: crossfade_binary() unless given."""

    count = 0

    def __init__(self, folder, sqlite=None, postgres=None, plan=None, settings=None, environment=None, binary=None):
        Crossfade.count += 1
        self.folder, self.sqlite, self.postgres, self.plan = pathlib.Path(folder), sqlite, postgres, plan
        self.settings, self.environment = settings or {}, environment or {}
        self.binary = binary or crossfade_binary()
        self.port = free_port()
        self.process = None
        self.log_path = self.folder / f"crossfade-{Crossfade.count}.log"

    def config(self):
        sections = {"listen": [f"port = {self.port}"], "console": ['admin_users = ["admin"]']}
        for section, lines in self.settings.items():
            sections.setdefault(section, []).extend(lines)
        said = {line.split("=")[0].strip() for line in sections.setdefault("gates", [])}
        sections["gates"] += [f"{key} = {value}" for key, value in EASY_GATES.items() if key not in said]
        path = self.folder / f"proxy-{self.port}.conf"
        path.write_text("\n".join(f"[{section}]\n" + "\n".join(lines) for section, lines in sections.items()) + "\n")
        return path

    def arguments(self):
        arguments = [self.binary, "serve", "--config", self.config()]
        for flag, value in (("--sqlite", self.sqlite), ("--postgres", self.postgres), ("--plan", self.plan)):
            if value is not None:
                arguments += [flag, value]
        return arguments

    def start(self, wait=True):
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen(list(map(str, self.arguments())), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                        env={**os.environ, **self.environment})
        log.close()
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds=60):
        def ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"crossfade ended with {self.process.returncode}:\n{self.log_tail()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return True
            except OSError:
                return False

        wait_until(ready, seconds, "crossfade's port")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise RuntimeError("crossfade did not drain within 30 s of SIGTERM") from None

    def log_text(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_tail(self, lines=60):
        return "\n".join(self.log_text().splitlines()[-lines:])

    @property
    def database(self):
        return pathlib.Path(self.sqlite).stem if self.sqlite else "postgres"

    def url(self, user="app", database=None):
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database or self.database}"

    def connect(self, user="app", database=None, **options):
        return psycopg2.connect(self.url(user, database), **options)

    def console(self, command):
        """Rows of a console command as dictionaries."""
        connection = self.connect("admin", "crossfade")
        connection.autocommit = True
        try:
            cursor = connection.cursor()
            cursor.execute(command)
            if cursor.description is None:
                return []
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]
        finally:
            connection.close()

    def run(self, *arguments, check=None):
        """A verb of the same binary; returns the completed process."""
        done = subprocess.run([str(crossfade_binary()), *map(str, arguments)], capture_output=True, text=True, timeout=300)
        if check is not None and done.returncode != check:
            raise AssertionError(f"crossfade {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done
