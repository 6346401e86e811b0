"""No false alarm on what people ask: shadow reads of analysts' and ORMs' statements on chinook, whose rows lie in another order in PostgreSQL.
Each is equal, or undecided where the statement leaves open which rows come or in which order values are made of them."""
import pathlib
import shutil
import subprocess

import psycopg2
import pytest
from conftest import SHARED
from servers import crossfade_binary, wait_until
from test_mirror_compared import ask, journal
from test_same_statements import statements

STATEMENTS = statements((pathlib.Path(__file__).parent / "compared_chinook.sql").read_text())
UNDECIDED = 30  # at most; the others are compared
KEYS = {"track": "trackid", "album": "albumid", "artist": "artistid", "invoice": "invoiceid", "invoiceline": "invoicelineid", "customer": "customerid",
        "employee": "employeeid", "genre": "genreid", "mediatype": "mediatypeid", "playlist": "playlistid"}


def move_rows(conninfo):
    """Half of the rows are written again as they are, so that a scan meets them last."""
    connection = psycopg2.connect(conninfo)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SET session_replication_role = replica")
    for table, key in KEYS.items():
        cursor.execute(f"UPDATE {table} SET {key} = {key} WHERE {key} % 3 < 2")
    connection.close()


def test_what_people_ask_of_a_shop_is_equal_or_left_open(crossfade, tmp_path, pg_database):
    chinook = SHARED / "corpus" / "chinook.db"
    if not chinook.exists():
        pytest.skip("no ../shared/corpus/chinook.db")
    file, plan = tmp_path / "app.db", tmp_path / "plan.toml"
    shutil.copy(chinook, file)
    subprocess.run([crossfade_binary(), "plan", file, "-o", plan], check=False, stdout=subprocess.DEVNULL, timeout=120)
    proxy = crossfade(sqlite=file, postgres=pg_database, plan=plan, settings={"shadow": ["rate = 1", "queue = 100000"]})
    for stage in ("copy", "shadow"):
        proxy.console(f"SWITCH TO {stage}")
    move_rows(pg_database)
    ask(proxy, STATEMENTS)
    wait_until(lambda: journal(proxy)["samples compared"] + journal(proxy)["samples undecided"] >= len(STATEMENTS), 120, "all reads run again")
    assert proxy.console("SHOW MISMATCHES") == []
    counts = journal(proxy)
    assert counts["samples equal"] == counts["samples compared"] >= len(STATEMENTS) - UNDECIDED, counts
