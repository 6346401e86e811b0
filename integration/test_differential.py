"""Random statements and calls from fixed seeds mean the same on SQLite through Crossfade as on PostgreSQL, or are refused.

tests/generator makes and compares them; `scripts/soak generator` goes on with other seeds. What it found stands in integration/same/.
"""
import collections
import pathlib
import sqlite3
import sys

import differential
import pytest
from servers import Crossfade

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "generator"))
import blocks  # noqa: E402
import calls  # noqa: E402
import compare  # noqa: E402
import texts  # noqa: E402
from sides import Side  # noqa: E402


@pytest.fixture(scope="module")
def both(tmp_path_factory, postgres):
    proxy = Crossfade(folder=tmp_path_factory.mktemp("differential"), sqlite=tmp_path_factory.mktemp("differential-db") / "d.db").start()
    yield {"port": proxy.port, "user": "app", "database": "d"}, {"port": postgres.port, "user": "postgres", "database": postgres.create_database()}
    proxy.stop()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_statements_mean_the_same(both, seed):
    tally = compare.Tally()
    compare.run_seed(seed, *both, tally, statements=100)
    assert not tally.shown, "\n".join(tally.shown)
    assert tally.counts["same"] > 0.6 * sum(tally.counts.values()), tally.line()


def test_calls_of_every_function_of_pg_proc_mean_the_same(both):
    """Those whose argument types are known here; `scripts/soak calls` goes on with other values. 0A000 is for types that are not to be had."""
    tally = calls.Tally()
    calls.run_seed(1, *both, tally, each=2)
    wrong = [f"{kind} {signature}: {tally.example[kind, signature]}" for kind in ("crash", "wrong", "error", "unknown") for signature in tally.of[kind]]
    assert not wrong, "\n".join(wrong)
    assert len(tally.of["same"]) > 1_000 and tally.counts["same"] > 0.9 * sum(tally.counts.values()), tally.line()


@pytest.mark.parametrize("kind", texts.KINDS)
def test_texts_are_read_alike(both, kind):
    """Literals of every type, patterns, units, regular expressions; `scripts/soak texts` goes on with other seeds."""
    sides = [Side(at["port"], at["user"], at["database"], TimeZone="Europe/Berlin") for at in both]
    found = [(texts.verdict(*(texts.answer(side, text) for side in sides), either_error), text) for text, either_error in getattr(texts.Texts(1, 300), kind)()]
    for side in sides:
        side.close()
    assert [each for each in found if each[0] in ("wrong", "error")] == []
    assert sum(verdict == "same" for verdict, _ in found) > 0.9 * len(found)


def test_blocks_and_what_lives_in_them_go_as_there(both, capsys):
    """Savepoints, cursors, settings, sequences, temporary tables, DDL; `scripts/soak blocks` goes on with other seeds."""
    counts = collections.Counter()
    for seed in range(1, 21):
        blocks.run(seed, both, counts)
    assert counts["wrong"] == 0, capsys.readouterr().out
    assert counts["same"] > 0.9 * 20 * blocks.LENGTH, counts


def test_a_legacy_value_that_does_not_fit_its_column_is_named_and_never_altered(tmp_path, crossfade):
    file = tmp_path / "legacy.db"
    with sqlite3.connect(file) as made:
        made.executescript("CREATE TABLE m (id INTEGER PRIMARY KEY, n INTEGER, r REAL, b BOOLEAN);"
                           "INSERT INTO m VALUES (1, 2.5, 1.5, 1), (2, 'abc', 'x', 'true'), (3, 7, 2, 0);")
    before = made.execute("SELECT * FROM m ORDER BY id").fetchall()
    made.close()
    connection = differential.connect(crossfade(sqlite=file).url())
    for statement in ("SELECT n FROM m", "SELECT n + 1 FROM m WHERE id = 1", "SELECT abs(n) FROM m WHERE id = 2", "SELECT sum(n) FROM m",
                      "SELECT r * 2 FROM m", "SELECT b FROM m", "SELECT avg(n) FROM m", "UPDATE m SET n = n + 1 WHERE id < 3"):
        assert differential.run(connection, statement)["state"] == "22P02", statement
    assert differential.run(connection, "UPDATE m SET n = n + 1 WHERE id = 3 RETURNING n")["rows"] == [("8",)]
    connection.close()
    with sqlite3.connect(file) as made:
        assert made.execute("SELECT * FROM m ORDER BY id").fetchall() == [*before[:2], (3, 8, 2.0, 0)]
    made.close()
