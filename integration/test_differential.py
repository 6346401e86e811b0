"""Random statements from fixed seeds mean the same on SQLite through Crossfade as on PostgreSQL, or are refused (differential.py)."""
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
