"""A pair is one process's: a second one is refused while the first lives, however it is started, and no longer."""
import subprocess

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from gate import Gate
from servers import crossfade_binary, wait_until
from test_mirror_workloads import serve_pair, stage


def start_of(proxy, **changed):
    """What a second proxy says when it is started on the same pair; 0 and "ready" would be wrong."""
    options = {"sqlite": proxy.sqlite, "postgres": proxy.postgres, "plan": proxy.plan, **changed}
    arguments = [crossfade_binary(), "serve", "--port", "0"]
    for flag, value in options.items():
        arguments += [f"--{flag}", value] if value else []
    second = subprocess.Popen(list(map(str, arguments)), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        return second.communicate(timeout=30)[1], second.returncode
    except subprocess.TimeoutExpired:
        second.kill()
        return second.communicate()[1], "it serves"


@pytest.fixture
def pair(crossfade, tmp_path, pg_database):
    return serve_pair(crossfade, tmp_path, pg_database)


@pytest.mark.parametrize("at", ["sqlite", "shadow", "postgres"])
def test_a_second_proxy_on_the_pair_is_refused_and_the_first_goes_on(pair, at):
    for command, wanted in (("SWITCH TO copy", "copy"), ("SWITCH TO shadow", "shadow"), ("SWITCH TO postgres", "postgres")):
        if stage(pair) == at:
            break
        pair.console(command)
    said, code = start_of(pair)
    assert code == 2 and f"another Crossfade serves" in said and str(pair.process.pid) in said, (code, said)
    assert stage(pair) == at
    with pair.connect() as client, client.cursor() as cursor:
        cursor.execute("INSERT INTO item (token) VALUES ('still here')")


def test_a_second_proxy_with_another_file_is_refused_by_postgresql(pair, tmp_path):
    other = mirror_load.make_file(tmp_path / "other.db")
    said, code = start_of(pair, sqlite=other)
    assert code == 2 and "another Crossfade serves this PostgreSQL database" in said and "Its connection is process" in said, (code, said)


def test_a_file_of_a_served_pair_is_not_served_alone(pair):
    said, code = start_of(pair, postgres=None, plan=None)
    assert code == 2 and "another Crossfade serves" in said, (code, said)


def test_a_symbolic_link_to_the_file_is_the_file(pair, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(pair.sqlite)
    said, code = start_of(pair, sqlite=link)
    assert code == 2 and "another Crossfade serves" in said, (code, said)


def test_two_proxies_may_serve_a_file_alone(crossfade, tmp_path):
    file = mirror_load.make_file(tmp_path / "app.db")
    first, second = crossfade(sqlite=file), crossfade(sqlite=file)
    for proxy in (first, second):
        with proxy.connect() as client, client.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM item")
            assert cursor.fetchone() == (200,)


def test_the_claim_of_a_killed_proxy_ends_with_it(pair, crossfade):
    pair.console("SWITCH TO copy")
    pair.console("SWITCH TO shadow")
    pair.kill()
    heir = crossfade(sqlite=pair.sqlite, postgres=pair.pg, plan=pair.plan)
    assert stage(heir) == "shadow"
    heir.console("SWITCH TO postgres")
    said, code = start_of(pair)
    assert code == 2 and str(heir.process.pid) in said


def test_a_claim_that_postgresql_has_lost_is_taken_again_and_a_switch_without_it_is_refused(pair, pg_database, tmp_path):
    """The connection that holds it is ended; somebody else may be quicker."""
    pair.console("SWITCH TO copy")
    pair.console("SWITCH TO shadow")
    connection = psycopg2.connect(pg_database)
    connection.autocommit = True
    cursor = connection.cursor()
    holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    cursor.execute(holder)
    (first,), = cursor.fetchall()
    cursor.execute("SELECT pg_terminate_backend(%s)", (first,))

    def held_again():
        cursor.execute(holder)
        return [pid for pid, in cursor.fetchall() if pid != first]

    wait_until(held_again, 20, "the claim, taken again")
    # Now another is quicker.
    cursor.execute("SELECT pg_terminate_backend(%s); SELECT pg_advisory_lock(1668444019, 1717658725)", (held_again()[0],))
    wait_until(lambda: pair.console("SHOW LAG")[0]["state"] == "stopped", 20, "the mirror's end")
    assert "another Crossfade" in pair.console("SHOW LAG")[0]["reason"]
    with pytest.raises(psycopg2.errors.ObjectInUse, match="another Crossfade"):
        pair.console("SWITCH TO postgres")
    assert stage(pair) == "shadow"
    connection.close()


def test_our_own_lost_connection_does_not_keep_the_claim_from_us(crossfade, tmp_path, postgres, pg_database):
    """PostgreSQL has not heard that the connection is gone: its lock was taken for another Crossfade's, and the mirror stood still until a restart."""
    gate = Gate("127.0.0.1", postgres.port)
    pair = serve_pair(crossfade, tmp_path, pg_database.replace(f"port={postgres.port}", f"port={gate.port}"))
    for command in ("SWITCH TO copy", "SWITCH TO shadow"):
        pair.console(command)
    target = psycopg2.connect(pg_database)
    target.autocommit = True
    cursor = target.cursor()

    def holder():
        cursor.execute("SELECT pid FROM pg_locks WHERE classid = 1668444019 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
        return cursor.fetchall()

    def taken_again():
        assert pair.console("SHOW LAG")[0]["state"] != "stopped", pair.console("SHOW LAG")
        return holder() not in ([], first)

    first = holder()
    gate.lose()
    wait_until(taken_again, 30, "the claim")
    with pair.connect() as client, client.cursor() as writer:
        writer.execute("UPDATE item SET token = 'after the cut ' || id")

    def arrived():
        cursor.execute("SELECT count(*) FROM item WHERE token LIKE 'after the cut %'")
        return cursor.fetchone() == (200,)

    wait_until(arrived, 30, "the rows")
    assert pair.console("SHOW LAG")[0]["state"] != "stopped" and stage(pair) == "shadow"
    target.close()
    gate.close()


def test_a_finished_pair_is_claimed_by_nobody(pair, crossfade):
    for command in ("SWITCH TO copy", "SWITCH TO shadow", "SWITCH TO postgres", "FINISH"):
        pair.console(command)
    second = crossfade(postgres=pair.pg)
    with second.connect(database=psycopg2.extensions.parse_dsn(pair.pg)["dbname"]) as client, client.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM item")
        assert cursor.fetchone() == (200,)
