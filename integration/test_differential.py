"""Random statements from fixed seeds mean the same on SQLite through Crossfade as on PostgreSQL, or are refused.

The seeds are ones that agree: they guard what works. Others still find differences (docs/refused.md lists those that are understood);
`differential.py` takes any seed, and a seed moves in here when it is mended.
"""
import sqlite3

import differential
import pytest
from servers import Crossfade


@pytest.fixture(scope="module")
def both(tmp_path_factory, postgres):
    proxy = Crossfade(folder=tmp_path_factory.mktemp("differential"), sqlite=tmp_path_factory.mktemp("differential-db") / "d.db").start()
    connections = [differential.connect(proxy.url()), differential.connect(postgres.conninfo(postgres.create_database()))]
    yield connections
    for connection in connections:
        connection.close()
    proxy.stop()


@pytest.mark.parametrize("seed", [1, 3, 4, 5, 6, 7, 11])
def test_random_statements_mean_the_same(both, seed):
    tally = differential.Tally()
    differential.run_seed(seed, *both, tally)
    assert not tally.wrong, "\n".join(f"{statement}\n  ours:       {ours}\n  PostgreSQL: {theirs}" for _, statement, ours, theirs in tally.wrong)
    assert tally.same > tally.run * 0.6, f"{tally.refused} of {tally.run} refused"


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
