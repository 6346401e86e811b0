"""The probes' conversations through the relay: a session that runs on PostgreSQL hears PostgreSQL, in order and to the byte."""
import pytest

import test_probes_copy
import test_probes_extended
import test_probes_simple
import test_probes_verbs
from probing import Server, compare
from servers import Crossfade

CASES = {f"{part}: {name}": steps for part, module in (("extended", test_probes_extended), ("simple", test_probes_simple),
                                                       ("copy", test_probes_copy), ("verbs", test_probes_verbs))
         for name, steps in module.CASES.items()}

# Where transaction pooling differs, and why.
OTHERWISE = {"extended: PREPARE and Parse share their names": "Parse's statements have names of ours on the server, SQL's PREPARE has the client's"}


@pytest.fixture(scope="module", params=["session", "transaction"])
def pair(request, tmp_path_factory, postgres):
    """Crossfade on PostgreSQL alone, by both kinds of pool, and PostgreSQL; one database each, made from nothing."""
    behind = postgres.create_database()
    proxy = Crossfade(folder=tmp_path_factory.mktemp("relay"), postgres=postgres.conninfo(behind),
                      settings={"pool": [f'mode = "{request.param}"']}).start()
    yield Server(proxy.port, "postgres", behind), Server(postgres.port, "postgres", postgres.create_database())
    assert proxy.process.poll() is None, proxy.log_tail()
    proxy.stop()


@pytest.mark.parametrize("name", CASES)
def test_the_relay_changes_no_message(pair, name, request):
    if name in OTHERWISE and request.node.callspec.params["pair"] == "transaction":
        pytest.skip(OTHERWISE[name])
    compare(pair, CASES[name])
