"""pg_dump of a SQLite file that Crossfade serves, restored into PostgreSQL 15: every row is equal. And LOCK TABLE, which it says first."""
import shutil
import subprocess

import psycopg2
import pytest
from conftest import SHARED
from servers import Crossfade

CHINOOK = SHARED / "corpus" / "chinook.db"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"


def connect(url):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def rows(connection, sql):
    cursor = connection.cursor()
    cursor.execute(sql)
    return cursor.fetchall()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    if not CHINOOK.exists():
        pytest.skip("the corpus is not here")
    folder = tmp_path_factory.mktemp("dump")
    shutil.copy(CHINOOK, folder / "chinook.db")
    proxy = Crossfade(folder=folder, sqlite=folder / "chinook.db")
    proxy.run("plan", folder / "chinook.db", "-o", folder / "plan.toml", check=0)
    proxy.plan = folder / "plan.toml"
    proxy.start()
    yield proxy
    proxy.stop()


def dump(proxy, *arguments):
    done = subprocess.run(["pg_dump", "-h", "127.0.0.1", "-p", str(proxy.port), "-U", "app", *arguments, "chinook"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("arguments", [["-O", "-x"], ["-O", "-x", "--inserts"]], ids=["copy", "inserts"])
def test_a_dump_of_chinook_restores_into_postgresql_with_every_row_equal(served, postgres, arguments):
    script = dump(served, *arguments)
    name = postgres.create_database()
    done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", postgres.conninfo(name)], input=script, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and not done.stderr, done.stderr
    ours, theirs = connect(served.url()), connect(postgres.conninfo(name))
    tables = [table for (table,) in rows(ours, TABLES)]
    assert tables and tables == [table for (table,) in rows(theirs, TABLES)]
    for table in tables:
        mine, restored = (sorted(rows(each, f'SELECT * FROM "{table}"'), key=repr) for each in (ours, theirs))
        assert mine and mine == restored, table
    for kind in "pf":
        keys = f"SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = '{kind}' AND connamespace = 'public'::regnamespace ORDER BY 1, 2"
        assert rows(ours, keys) == rows(theirs, keys)
    # and goes on: the next key is behind the largest
    cursor = theirs.cursor()
    cursor.execute("INSERT INTO artist (name) VALUES ('New') RETURNING artistid > (SELECT max(artistid) FROM artist)")
    assert cursor.fetchone() == (True,)


def test_the_sequence_of_a_files_own_key_is_a_relation(served):
    connection = connect(served.url())
    (largest,) = rows(connection, "SELECT max(albumid) FROM album")[0]
    assert rows(connection, "SELECT last_value, is_called FROM public.album_albumid_seq") == [(largest, True)]
    assert rows(connection, f"SELECT setval('album_albumid_seq', {largest})") == [(largest,)]
    for sql in (f"SELECT setval('album_albumid_seq', {largest + 5})", "SELECT nextval('album_albumid_seq')"):
        with pytest.raises(psycopg2.Error) as refused:
            rows(connection, sql)
        assert refused.value.pgcode == "0A000"


def test_lock_table_keeps_writers_out_until_the_transaction_ends(served):
    holder, other = connect(served.url()), connect(served.url())
    cursor = holder.cursor()
    cursor.execute("BEGIN")
    cursor.execute("LOCK TABLE album IN SHARE MODE")
    waiting = other.cursor()
    waiting.execute("SET lock_timeout = '200ms'")
    for sql in ("UPDATE album SET title = title WHERE albumid = 1", "BEGIN; LOCK TABLE album; COMMIT"):
        with pytest.raises(psycopg2.Error) as late:
            waiting.execute(sql)
        assert late.value.pgcode == "55P03"
        waiting.execute("ROLLBACK")
    waiting.execute("BEGIN")
    with pytest.raises(psycopg2.Error) as busy:
        waiting.execute("LOCK TABLE album IN ROW EXCLUSIVE MODE NOWAIT")
    assert busy.value.pgcode == "55P03" and 'could not obtain lock on relation "album"' in str(busy.value)
    waiting.execute("ROLLBACK")
    waiting.execute("BEGIN")
    waiting.execute("LOCK TABLE album IN ACCESS SHARE MODE")  # readers need nothing
    waiting.execute("SELECT count(*) FROM album")
    waiting.execute("COMMIT")
    cursor.execute("COMMIT")
    waiting.execute("BEGIN")
    waiting.execute("LOCK TABLE album")
    waiting.execute("COMMIT")
