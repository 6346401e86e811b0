"""What real clients sent, answered by SQLite as by PostgreSQL; and psql's own transcripts of both."""
import re
import subprocess

import pytest

import corpus_clients
from servers import PG_BIN

pytestmark = pytest.mark.skipif(not corpus_clients.CORPUS.exists(), reason="../shared/corpus is not there")

# The share of statements that are answered the same: never less than was reached.
REACHED = 0.98


@pytest.fixture(scope="module")
def pair(tmp_path_factory, postgres):
    from servers import Crossfade
    folder = tmp_path_factory.mktemp("corpus")
    proxy = Crossfade(folder=folder, sqlite=folder / "fixture.db").start()
    yield postgres, proxy
    proxy.stop()


@pytest.fixture(scope="module")
def compared(pair):
    return corpus_clients.compare(pair[0], pair[1].port, show=1000)


def test_clients_get_the_answers_of_postgresql(compared):
    counts, _ = compared
    same, differ = (sum(column) for column in zip(*counts.values()))
    assert same / (same + differ) >= REACHED


COMMANDS = [r"\d", r"\dt", r"\di", r"\dv", r"\dn", r"\du", r"\df", r"\dT", r"\d authors", r"\d nopk", r"\d v_books"]


def transcript(port, database, command):
    done = subprocess.run([PG_BIN / "psql", "-X", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", database, "-c", command],
                          capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_psql_shows_the_same(pair, compared, command):
    postgres, proxy = pair
    assert transcript(proxy.port, "fixture", command) == transcript(postgres.port, "fixture", command)
