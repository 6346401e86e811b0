"""Cancel and statement_timeout during the COMMIT of a change of the schema, while the file is the primary: they end it soon, and neither side has anything of it."""
import contextlib
import threading
import time

import psycopg2
import psycopg2.errors
import pytest

from raw import SYNC, RawClient, bind, execute, parse, query, startup
from servers import wait_until
from test_mirror_ddl import assert_equal, bring, say, schemas, session
from test_mirror_workloads import serve_pair

SOON = 2.5  # seconds, on a machine that has other work; it was 6 and more


@contextlib.contextmanager
def held(proxy, table):
    """Somebody in PostgreSQL holds the table."""
    with contextlib.closing(psycopg2.connect(proxy.pg)) as blocker:
        blocker.cursor().execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        blocker.rollback()


def waits(proxy, what):
    """The mirror's connection waits for a lock there."""
    with contextlib.closing(psycopg2.connect(proxy.pg)) as target, target.cursor() as there:
        there.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE %s", (what,))
        return there.fetchone()[0] > 0


def ended(cursor, statements):
    """How long the last of them took, and its error."""
    say(cursor, statements[:-1])
    begun = time.monotonic()
    with pytest.raises(psycopg2.Error) as error:
        cursor.execute(statements[-1])
    return time.monotonic() - begun, error.value


CHANGE = "ALTER TABLE hot ADD COLUMN more integer"
WAYS = {"alone": [CHANGE], "in a block": ["BEGIN", "UPDATE hot SET n = 4711", CHANGE, "INSERT INTO item (token) VALUES ('lost')", "COMMIT"],
        "in one message": ["BEGIN", f"{CHANGE}; UPDATE hot SET more = 1; COMMIT"]}


def assert_nothing_of_it(proxy, cursor, before):
    assert cursor.connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_IDLE
    assert schemas(proxy) == before
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SELECT count(*) FROM hot WHERE n = 4711 UNION ALL SELECT count(*) FROM item WHERE token = 'lost'")
    assert cursor.fetchall() == [(0,), (0,)]
    cursor.execute(CHANGE)
    cursor.execute("UPDATE hot SET more = id")
    assert_equal(proxy, ["hot", "item"])


@pytest.mark.parametrize("at", ["copy", "shadow", "canary"])
@pytest.mark.parametrize("way", WAYS)
def test_a_timeout_ends_the_wait_for_a_lock_of_postgresql(crossfade, tmp_path, pg_database, at, way):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), at)
    before, cursor = schemas(proxy), session(proxy)
    with held(proxy, "hot"):
        took, error = ended(cursor, ["SET statement_timeout = '600ms'", *WAYS[way]])
        assert (error.pgcode, error.diag.message_primary) == ("57014", "canceling statement due to statement timeout")
        assert 0.5 < took < SOON, took
    assert_nothing_of_it(proxy, cursor, before)


@pytest.mark.parametrize("way", WAYS)
def test_a_cancel_ends_the_wait_for_a_lock_of_postgresql(crossfade, tmp_path, pg_database, way):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    before, cursor, asked = schemas(proxy), session(proxy), []

    def cancel():
        wait_until(lambda: waits(proxy, "ALTER TABLE hot%"), 20, "the change to wait in PostgreSQL")
        asked.append(time.monotonic())
        cursor.connection.cancel()

    with held(proxy, "hot"):
        thread = threading.Thread(target=cancel)
        thread.start()
        _, error = ended(cursor, WAYS[way])
        took = time.monotonic() - asked[0]
        thread.join(20)
        assert (error.pgcode, error.diag.message_primary) == ("57014", "canceling statement due to user request")
        assert took < SOON, took
    assert_nothing_of_it(proxy, cursor, before)


@pytest.mark.parametrize("how", ["timeout", "cancel"])
def test_both_end_the_wait_for_a_step_of_the_mirror(crossfade, tmp_path, pg_database, how):
    """A step stands in front of somebody's lock, and the COMMIT behind the step."""
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    before, cursor, other = schemas(proxy), session(proxy), session(proxy)
    with held(proxy, "account"):
        other.execute("UPDATE account SET balance = balance + 0 WHERE id = 1")
        wait_until(lambda: waits(proxy, "%account%"), 20, "the step to wait")
        if how == "timeout":
            cursor.execute("SET statement_timeout = '600ms'")
        else:
            threading.Timer(0.6, cursor.connection.cancel).start()
        took, error = ended(cursor, WAYS["in a block"])
        assert error.pgcode == "57014" and took < SOON, (took, error)
        other.execute("UPDATE account SET balance = balance + 0 WHERE id = 2")  # the right to write is free again
    assert_nothing_of_it(proxy, cursor, before)
    assert_equal(proxy, ["account"])


def test_a_timeout_ends_it_in_the_extended_protocol(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    before = schemas(proxy)
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", proxy.database))
    client.until_ready()
    with held(proxy, "hot"):
        for batch in ((parse("", CHANGE), bind("", ""), execute(), SYNC), (query("BEGIN"), query(CHANGE), parse("", "COMMIT"), bind("", ""), execute(), SYNC)):
            client.send(query("SET statement_timeout = '600ms'"))
            client.until_ready()
            begun = time.monotonic()
            client.send(*batch)
            answers = client.until_ready(sum(one[:1] == b"Q" for one in batch) + 1)
            assert "E ERROR 57014" in answers and answers[-1] == "Z I", answers
            assert time.monotonic() - begun < SOON
    client.close()
    assert_nothing_of_it(proxy, session(proxy), before)
