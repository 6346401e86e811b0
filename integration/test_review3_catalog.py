"""What a review found in the catalog on SQLite: each test is headed by what went wrong. What PostgreSQL answers is asked of one."""
import time

import psycopg2
import psycopg2.errors
import pytest
from raw import RawClient, bind, execute, message, parse, query, startup
from servers import optimised_binary

SYNC = message("S")
TABLES = ["CREATE TABLE emp (id integer PRIMARY KEY, c char(3))", "CREATE TABLE dept (id integer PRIMARY KEY)", 'CREATE TABLE "Odd Name" (a integer)',
          "CREATE TABLE pair (a bigint, b smallint, c char(3), d char, e varchar(4), PRIMARY KEY (a, b))"]


def connect(proxy, autocommit=True):
    connection = proxy.connect()
    connection.autocommit = autocommit
    return connection


def ask(connection, sql):
    """Rows, a command tag, or the SQLSTATE and first line of the error."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else cursor.statusmessage
        except psycopg2.Error as error:
            return error.pgcode, str(error).split("\n")[0]


@pytest.fixture
def both(crossfade, tmp_path, pg_database):
    """The proxy and connections to it and to PostgreSQL, with the same tables."""
    proxy = crossfade(sqlite=tmp_path / "app.db")
    pair = connect(proxy), psycopg2.connect(pg_database)
    for connection in pair:
        connection.autocommit = True
        for sql in TABLES:
            ask(connection, sql)
    yield proxy, *pair
    for connection in pair:
        connection.close()


def same(both, *statements):
    _, ours, theirs = both
    for sql in statements:
        assert ask(ours, sql) == ask(theirs, sql), sql


def names(rows):
    assert isinstance(rows, list), rows
    return {name for name, *_ in rows}


CURSORS = ["SELECT relname FROM pg_class", "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid",
           "SELECT oid::regclass::text FROM pg_class", "SELECT s::text, 'emp'::regclass::text, (SELECT count(*) FROM pg_class) FROM generate_series(1, 20) s"]


@pytest.mark.parametrize("select", CURSORS)
@pytest.mark.parametrize("own", [False, True])
def test_a_cursor_over_the_catalog_outlives_changes_of_the_schema(both, select, own):
    """A later statement freed the rows that the cursor read."""
    proxy, connection, _ = both
    other = connection if own else connect(proxy)
    before = len(ask(connection, select))
    ask(connection, "BEGIN")
    ask(connection, f"DECLARE k CURSOR FOR {select}")
    assert len(ask(connection, "FETCH 1 FROM k")) == 1
    for i in range(3):
        assert ask(other, f"CREATE TABLE later{i} (id integer PRIMARY KEY)") == "CREATE TABLE"
        assert ask(connection, "SELECT count(*) FROM pg_class WHERE relname = 'emp'") == [(1,)]
        assert ask(connection, "SELECT 'emp'::regclass::text") == [("emp",)]
    rest = ask(connection, "FETCH ALL FROM k")
    assert len(rest) == before - 1 and not any(name.startswith("later") for name in names(rest))
    ask(connection, "ROLLBACK")


def test_a_suspended_portal_over_the_catalog_outlives_changes_of_the_schema(both):
    proxy, _, _ = both
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", "app"))
    client.until_ready()
    client.send(query("BEGIN"))
    client.until_ready()
    client.send(parse("s", "SELECT relname FROM pg_class WHERE relkind = 'r'"), bind("p", "s"), execute("p", 1), SYNC)
    client.until_ready()
    for sql in ("CREATE TABLE later (id integer primary key)", "SELECT 'later'::regclass", "SELECT count(*) FROM pg_class"):
        client.send(query(sql))
        assert not any(line.startswith("E") for line in client.until_ready()), sql
    client.send(execute("p", 0), SYNC)
    rows = [line for line in client.until_ready() if line.startswith("D")]
    assert any("emp" in row for row in rows) and not any("later" in row for row in rows)


def test_a_cursor_sees_the_catalog_as_it_was_when_it_was_declared(both):
    """It saw what was made before its first FETCH."""
    proxy, connection, _ = both
    other = connect(proxy)
    for select in ("SELECT relname FROM pg_class WHERE relname LIKE 'snap%'", "SELECT to_regclass('snap')::text FROM generate_series(1, 1)"):
        ask(connection, "BEGIN")
        ask(connection, f"DECLARE k CURSOR FOR {select}")
        ask(other, "CREATE TABLE snap (id integer PRIMARY KEY)")
        assert ask(connection, "FETCH ALL FROM k") in ([], [(None,)])
        assert ask(connection, "SELECT to_regclass('snap')::text") == [("snap",)]
        ask(connection, "ROLLBACK")
        ask(other, "DROP TABLE snap")


def memory(proxy):
    with open(f"/proc/{proxy.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def test_sessions_share_the_catalog(crossfade, tmp_path):
    """Each kept rows of its own for as long as it lived: 3 MB and more."""
    proxy = crossfade(sqlite=tmp_path / "app.db", binary=optimised_binary())
    connection = connect(proxy)
    for sql in TABLES:
        ask(connection, sql)
    asked = ["SELECT count(*) FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem", "SELECT count(*) FROM pg_attribute WHERE attrelid = 'emp'::regclass",
             "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = 'lower'"]
    clients = [connect(proxy) for _ in range(40)]
    for sql in asked:
        ask(connection, sql)
    for client in clients:
        ask(client, "SELECT 1")
    before = memory(proxy)
    for client in clients:
        for sql in asked:
            ask(client, sql)
    time.sleep(0.2)
    assert memory(proxy) - before < 40 * 500


def test_a_view_that_reads_no_table_gives_its_new_rows_when_it_was_replaced(both):
    """SQLite looks at the schema only where a statement reads a table: one that was prepared before went on with the old rows."""
    proxy, connection, postgres = both
    other = connect(proxy)
    for session, reader in ((connection, other), (postgres, postgres)):
        ask(session, "CREATE VIEW bare AS SELECT * FROM (VALUES (1), (2)) v(a)")
        ask(session, "CREATE VIEW over_bare AS SELECT a + 10 AS a FROM bare")
        for one in (session, reader):
            for _ in range(3):
                assert ask(one, "SELECT a FROM bare ORDER BY a") == [(1,), (2,)] and ask(one, "SELECT a FROM over_bare ORDER BY a") == [(11,), (12,)]
        ask(session, "CREATE OR REPLACE VIEW bare AS SELECT * FROM (VALUES (7), (8)) v(a)")
        for one in (session, reader):
            assert ask(one, "SELECT a FROM bare ORDER BY a") == [(7,), (8,)] and ask(one, "SELECT a FROM over_bare ORDER BY a") == [(17,), (18,)]
        ask(session, "DROP VIEW over_bare")
        ask(session, "DROP VIEW bare")
        ask(session, "CREATE VIEW bare AS SELECT 9 AS a")
        for one in (session, reader):
            assert ask(one, "SELECT a FROM bare ORDER BY a") == [(9,)]
        ask(session, "DROP VIEW bare")


def test_sessions_that_share_see_their_own(both):
    """What is a session's (its settings, its temporary tables, its block's changes) is not shared."""
    proxy, connection, _ = both
    other = connect(proxy)
    setting = "SELECT setting FROM pg_settings WHERE name = 'application_name'"
    assert ask(connection, setting) == [("",)]
    ask(connection, "SET application_name = 'mine'")
    assert ask(connection, setting) == [("mine",)] and ask(other, setting) == [("",)]
    ask(connection, "CREATE TEMP TABLE mine (id integer)")
    assert ask(connection, "SELECT to_regclass('mine')::text, to_regclass('pg_temp.mine')::text") == [("mine", "mine")]
    assert ask(other, "SELECT to_regclass('mine')") == [(None,)]
    ask(other, "BEGIN")
    ask(other, "CREATE TABLE block (id integer)")
    assert ask(other, "SELECT to_regclass('block')::text") == [("block",)] and ask(connection, "SELECT to_regclass('block')") == [(None,)]
    ask(other, "ROLLBACK")
    assert ask(other, "SELECT to_regclass('block')") == [(None,)]


def test_sizes_of_relations(both):
    """They were always 0."""
    for connection in both[1:]:
        ask(connection, "INSERT INTO pair SELECT g, 1, 'x', 'y', 'z' FROM generate_series(1, 3000) g")
    same(both, "SELECT pg_relation_size('pair') > 8192, pg_total_relation_size('pair') > pg_relation_size('pair'), pg_indexes_size('pair') > 0",
         "SELECT pg_relation_size('pair_pkey') > 8192, pg_table_size('pair') > 8192, pg_relation_size('pair', 'main') > 8192",
         "SELECT pg_size_pretty(pg_relation_size('pair')) ~ 'kB$'")


def test_names_of_types(both):
    """character(n) was bpchar without its length; bit and xml[] were \"bit\" and _xml."""
    same(both, "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'pair' ORDER BY ordinal_position",
         "SELECT format_type(1042, NULL), format_type(1042, -1), format_type(1042, 7), format_type(1014, NULL), format_type(1014, -1), format_type(1014, 7)",
         "SELECT format_type(1560, NULL), format_type(1560, -1), format_type(1560, 5), format_type(1561, 5), format_type(1562, 5), format_type(1562, NULL)",
         "SELECT format_type(143, -1), format_type(18, NULL), format_type(1002, NULL), format_type(99999, 1), format_type(0, 0), format_type(NULL, 1)",
         "SELECT 1042::regtype, 1014::regtype, 1560::regtype, 1561::regtype, 1562::regtype, 143::regtype, 142::regtype, 18::regtype, 600::regtype",
         "SELECT 1042::regtype::text, 143::regtype::text, 1560::regtype::text, 1700::regtype::text, 0::regtype::text, 99999::regtype::text",
         "SELECT castsource::regtype::text, casttarget::regtype::text FROM pg_cast WHERE castsource IN (142, 1560) ORDER BY 1, 2")


def test_names_of_objects_are_read_as_postgresql_does(both):
    """A number out of range was another object, blanks were part of a name, and one of several functions was taken."""
    same(both, "SELECT '4294967296'::regclass", "SELECT '99999999999999999999'::regclass", "SELECT '4294967296'::regtype", "SELECT 99999999999::regclass",
         "SELECT 99999999999::regtype", "SELECT (-1)::regclass", "SELECT (-1)::bigint::regclass", "SELECT 5::smallint::regclass", "SELECT 1259::bigint::regclass",
         "SELECT ' pg_class '::regclass", "SELECT ' public . emp '::regclass", "SELECT ' emp . id '::regclass", "SELECT ' 12 '::regclass",
         "SELECT 'upper'::regproc", "SELECT 'pg_catalog.upper'::regproc", "SELECT 'now'::regproc", "SELECT to_regproc('upper')",
         "SELECT to_regclass('1259'), to_regclass('-'), to_regclass(' emp '), to_regnamespace('11'), to_regclass('99999999999999')",
         "SELECT to_regclass('')", "SELECT to_regclass('a..b')", "SELECT to_regclass('emp x')", "SELECT 'a.b.c'::regclass", "SELECT 'a.b.c.d'::regclass",
         "SELECT to_regclass('a.b.c.d')", "SELECT ' public '::regnamespace", "SELECT 'public.x'::regnamespace", "SELECT 'nosuch.emp'::regclass",
         "SELECT to_regclass('nosuch.emp')", "SELECT '-'::regclass, 0::regclass, 1259::regclass")


def test_arrays_of_objects_show_names(both):
    """They showed numbers."""
    same(both, "SELECT ARRAY['emp'::regclass, 'dept'::regclass]", "SELECT ARRAY['\"Odd Name\"'::regclass, 0, NULL, 4294967295]",
         "SELECT array_agg(c.oid::regclass ORDER BY c.relname) FROM pg_class c WHERE relname IN ('emp', 'dept')",
         "SELECT array_to_string(ARRAY['emp'::regclass, NULL, 'dept'], ',', '*')", "SELECT ARRAY['emp'::regclass]::text, ARRAY['emp'::regclass]::text[]",
         "SELECT ARRAY[1042::regtype, 143::regtype, 1560, 1184]", "SELECT ARRAY[1184::regtype]::text",
         "SELECT array_append(ARRAY['emp'::regclass], 'dept'), (ARRAY['emp'::regclass])[1], array_position(ARRAY['emp'::regclass], 'emp')",
         "SELECT 'emp'::regclass = ANY(ARRAY['emp'::regclass]), unnest(ARRAY['emp'::regclass, 'dept'])",
         "SELECT to_json('emp'::regclass), to_jsonb(ARRAY['emp'::regclass]), json_build_array('emp'::regclass), jsonb_build_object('t', 'emp'::regclass)",
         "SELECT format('%s', ARRAY['emp'::regclass]), concat(ARRAY['emp'::regclass]), concat_ws(',', 'emp'::regclass)",
         "SELECT ARRAY['emp'::regclass] UNION ALL SELECT ARRAY['dept'::regclass]")


def test_an_array_of_objects_in_binary_has_numbers(both):
    proxy, connection, _ = both
    client = RawClient("127.0.0.1", proxy.port)
    client.send(startup("app", "app"))
    client.until_ready()
    client.send(parse("", "SELECT ARRAY[1259::regclass]"), bind("", "", [], [], [1]), execute(), SYNC)
    row = next(line for line in client.until_ready() if line.startswith("D"))
    assert "\\x04\\xeb" in row, row
