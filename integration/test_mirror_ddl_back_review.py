"""Changes of the schema in PostgreSQL in the middle of what else a client says: what a review of them found, each seen to fail first."""
import psycopg2
import pytest

from raw import FLUSH, SYNC, RawClient, bind, execute, parse, query, startup
from servers import wait_until
from test_mirror_ddl import bring
from test_mirror_ddl_back import go_back
from test_mirror_workloads import serve_pair


@pytest.fixture
def pair(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    proxy.console("SWITCH TO postgres")
    return proxy


def login(proxy):
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", proxy.database))
    client.until_ready()
    return client


def said(client, *messages, answers=1):
    """Each answer's last words: errors, tags and the status."""
    client.send(*messages)
    return [one for one in client.until_ready(answers) if one[0] in "CEZ" or one == "EOF"]


def test_a_change_behind_another_statement_keeps_the_switch_waiting(pair, pg_database):
    """Its pass was given back with the answer to the statement before it: SWITCH BACK went by, and table and row were lost."""
    with psycopg2.connect(pg_database) as there, there.cursor() as cursor:
        cursor.execute("CREATE SCHEMA side; CREATE TABLE side.t (id integer)")
        cursor.execute("CREATE FUNCTION side.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$")
        cursor.execute("CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON side.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION side.slow()")
    client = login(pair)
    client.send(query("SELECT 1"), query("INSERT INTO side.t VALUES (1); CREATE TABLE made (id integer PRIMARY KEY); INSERT INTO made VALUES (7)"))
    assert client.receive()[0] == "T"
    go_back(pair, ["made"])
    assert client.until_ready(2)[-1] == "Z I"
    assert said(client, query("SELECT id FROM made WHERE id = 7")) == ["C SELECT 1", "Z I"]
    client.close()


def test_an_error_of_ours_leaves_neither_a_block_nor_a_name_behind(pair):
    """The name of the statement that failed stayed: every later change was 42P05, and a client without a block got 25P02 ever after."""
    client = login(pair)
    assert said(client, query("CREATE TABLE par (id integer PRIMARY KEY); CREATE TABLE chi (id integer PRIMARY KEY, p integer REFERENCES par "
                              "DEFERRABLE INITIALLY DEFERRED); INSERT INTO chi VALUES (1, 1)"))[-1] == "Z I"
    assert said(client, query("SELECT 1")) == ["C SELECT 1", "Z I"]
    assert said(client, query("CREATE TABLE v1 (id integer PRIMARY KEY, t text); CREATE VIEW vv AS SELECT t FROM v1"))[-1] == "Z I"
    assert said(client, query("CREATE TABLE after (id integer PRIMARY KEY)")) == ["C CREATE TABLE", "Z I"]
    assert said(client, query("BEGIN"), query("CREATE TABLE before (id integer)"), answers=2)[-1] == "Z E"
    assert said(client, query("ROLLBACK"), query("CREATE TABLE behind (id integer PRIMARY KEY)"), answers=2)[-2:] == ["C CREATE TABLE", "Z I"]
    go_back(pair, ["after", "behind"])
    assert said(client, query("SELECT * FROM after, behind")) == ["C SELECT 0", "Z I"]
    client.close()


def test_a_question_that_fails_is_asked_again(pair):
    """The session waited for its answer for ever."""
    client = login(pair)
    said(client, query("SET statement_timeout = 1"))
    for _ in range(5):
        said(client, query("SELECT pg_advisory_lock(5), pg_advisory_unlock(5)"))
    said(client, query("SET statement_timeout = 0"))
    assert said(client, query("SELECT 1")) == ["C SELECT 1", "Z I"]
    wait_until(lambda: {row["gate"]: row["state"] for row in pair.console("SHOW READINESS")}["sessions"] == "green", 10, "the green gate")
    client.close()


def test_a_portal_keeps_its_statement_and_copy_takes_no_change(pair):
    client = login(pair)
    assert said(client, parse("", "CREATE TABLE hidden (id integer PRIMARY KEY)"), bind("p", ""), parse("", "SELECT 1"), execute("p"), SYNC) == ["C CREATE TABLE", "Z I"]
    assert said(client, parse("", "SELECT 1"), bind("p", ""), parse("", "CREATE TABLE other (id integer PRIMARY KEY)"), execute("p"), SYNC) == ["C SELECT 1", "Z I"]
    assert said(client, query("INSERT INTO hidden VALUES (1)")) == ["C INSERT 0 1", "Z I"]
    client.send(parse("", "SELECT 1"), FLUSH)
    assert client.receive()[0] == "1"
    assert said(client, SYNC) == ["Z I"]
    client.send(query("COPY hidden FROM STDIN"))
    assert client.receive()[0] == "G"
    client.send(query("CREATE TABLE incopy (id integer PRIMARY KEY)"))
    assert any(one.startswith("E") and one.endswith("08P01") for one in client.until_end())
    client.close()
    client = login(pair)
    assert said(client, query("ALTER TABLE hidden ADD COLUMN n integer")) == ["C ALTER TABLE", "Z I"]
    go_back(pair, ["hidden"])
    assert said(client, query("SELECT id, n FROM hidden")) == ["C SELECT 1", "Z I"]
    client.close()


def test_what_cannot_be_read_or_would_be_read_otherwise_is_refused(pair):
    client = login(pair)
    said(client, query("SET client_encoding = LATIN1"))
    for before in (b"", b"SELECT 1; ", b"/*/ a /* nested */ comment */ ", b"-- a line\n"):
        text = before + b'CREATE TABLE "caf\xe9" (id integer PRIMARY KEY)\0'
        client.send(b"Q" + (4 + len(text)).to_bytes(4, "big") + text)
        assert "E ERROR 0A000" in client.until_ready(), before
    said(client, query("RESET client_encoding"))
    for text in ("SET TimeZone = 'America/New_York'; ALTER TABLE item ADD COLUMN ts timestamptz DEFAULT '2024-01-01 00:00'",
                 "EXPLAIN ANALYZE CREATE TABLE made AS SELECT 1 AS id", "EXPLAIN ANALYZE SELECT 1 AS id INTO made"):
        assert said(client, query(text)) == ["E ERROR 0A000", "Z I"], text
    assert said(client, query("EXPLAIN ANALYZE SELECT 1"))[-1] == "Z I"
    client.close()
