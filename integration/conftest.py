"""Real servers for the integration tests: a PostgreSQL 15 of our own, Crossfade processes, and a TCP gate between them."""
import pathlib
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from gate import Gate  # noqa: E402
from probing import Server  # noqa: E402
from servers import Crossfade, Postgres, crossfade_binary  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """One PostgreSQL 15 for the whole run; databases are made by the tests."""
    server = Postgres.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def probe_pair(tmp_path_factory, postgres):
    """Crossfade on a SQLite file and PostgreSQL 15 with an empty database: where the probes hold their conversations."""
    proxy = Crossfade(folder=tmp_path_factory.mktemp("probes"), sqlite=tmp_path_factory.mktemp("probes-db") / "app.db").start()
    yield Server(proxy.port, "app", "app"), Server(postgres.port, "postgres", postgres.create_database(), postgres.folder)
    assert proxy.process.poll() is None, f"crossfade ended with {proxy.process.returncode}:\n{proxy.log_tail()}"
    proxy.stop()


@pytest.fixture
def pg_database(postgres, request):
    """A new, empty database; yields its conninfo."""
    name = postgres.create_database()
    yield postgres.conninfo(name)


@pytest.fixture
def binary():
    return crossfade_binary()


@pytest.fixture
def crossfade(tmp_path):
    """Starts Crossfade processes; every one of them is stopped, and its log is shown when a test fails."""
    started = []

    def start(**options):
        process = Crossfade(folder=tmp_path, **options)
        started.append(process)
        process.start()
        return process

    yield start
    for process in started:
        process.stop()
        print(f"--- {process.log_path}\n{process.log_tail()}")
        sanitizer = [line for line in process.log_text().splitlines() if "ERROR: AddressSanitizer" in line
                     or "runtime error:" in line or "ThreadSanitizer" in line]
        assert not sanitizer, sanitizer


@pytest.fixture
def armed(tmp_path, pg_database):
    """armed(stage): a pair in that stage whose process a test can have killed, and the file into which it writes at which failpoint."""
    from test_mirror_ddl import bring
    from test_mirror_workloads import serve_pair
    point, made = tmp_path / "armed", []

    def serve(**options):
        made.append(Crossfade(tmp_path, environment={"CROSSFADE_FAILPOINT": f"@{point}"}, **options))
        return made[-1].start()

    point.write_text("\n")
    yield lambda stage: (bring(serve_pair(serve, tmp_path, pg_database), stage), point)
    point.write_text("\n")
    for proxy in made:
        proxy.stop()
        print(proxy.log_tail())


@pytest.fixture
def gate():
    gates = []

    def make(target_host, target_port):
        gates.append(Gate(target_host, target_port))
        return gates[-1]

    yield make
    for one in gates:
        one.close()


@pytest.fixture
def chinook(tmp_path):
    source = SHARED / "corpus" / "chinook.db"
    if not source.exists():
        pytest.skip("the corpus is not here")
    shutil.copy(source, tmp_path / "chinook.db")
    return tmp_path / "chinook.db"


@pytest.fixture
def weather(tmp_path):
    subprocess.run([sys.executable, ROOT / "examples/weather/make_db.py", tmp_path / "weather.db"], check=True,
                   stdout=subprocess.DEVNULL)
    return tmp_path / "weather.db"
