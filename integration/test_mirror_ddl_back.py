"""Changes of the schema while PostgreSQL is the primary: made there, recorded in the client's own transaction, and carried to the file by a step back."""
import contextlib
import sqlite3
import threading

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from servers import wait_until
from test_mirror_ddl import HARMLESS, KINDS, LONG, MOMENTS, TABLES, block, bring, rows, say, schemas, session, wrong_triggers
from test_mirror_workloads import caught_up, serve_pair, stage

# Of each a client may say, and take back, alone or with others.
DDL = ["CREATE TABLE made (id integer PRIMARY KEY)", "ALTER TABLE hot ADD COLUMN more text", "ALTER TABLE hot RENAME TO cold", "ALTER TABLE hot RENAME COLUMN n TO m", "ALTER TABLE hot DROP COLUMN n",
       "DROP TABLE direct", "CREATE INDEX made ON hot (n)", "CREATE VIEW made AS SELECT * FROM hot", "CREATE SEQUENCE made", "DROP TABLE IF EXISTS direct CASCADE", "COMMENT ON TABLE hot IS 'x\\y'"]

ALEMBIC = [
    ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
     "CREATE TABLE users (id SERIAL NOT NULL, name VARCHAR(40) NOT NULL, PRIMARY KEY (id))", "CREATE INDEX ix_users_name ON users (name)",
     "INSERT INTO alembic_version (version_num) VALUES ('1975ea83b712') RETURNING alembic_version.version_num"],
    ["ALTER TABLE users ADD COLUMN active BOOLEAN", "UPDATE users SET active = true", "ALTER TABLE users ALTER COLUMN active SET NOT NULL",
     "ALTER TABLE users ADD CONSTRAINT uq_users_name UNIQUE (name)", "UPDATE alembic_version SET version_num='27c6a30d7c24' WHERE alembic_version.version_num = '1975ea83b712'"],
    ["ALTER TABLE users DROP CONSTRAINT uq_users_name", "ALTER TABLE users DROP COLUMN active",  # the downgrade
     "UPDATE alembic_version SET version_num='1975ea83b712' WHERE alembic_version.version_num = '27c6a30d7c24'"],
]
# Each a transaction, rows before, between and behind what changes the schema; last, what a client says of it afterwards.
BLOCKS = [
    ["ALTER TABLE cold ADD COLUMN late integer", "UPDATE cold SET late = n * 2", "ALTER TABLE cold ALTER COLUMN late SET NOT NULL",
     "CREATE TABLE kinds (name text PRIMARY KEY)", "INSERT INTO kinds SELECT DISTINCT token FROM transfer", "ALTER TABLE transfer ADD CONSTRAINT of_kind FOREIGN KEY (token) REFERENCES kinds (name)"],
    ["DELETE FROM ticket WHERE number = 8", "ALTER TABLE ticket ADD COLUMN code text", "UPDATE ticket SET code = 'c' || number",
     "ALTER TABLE ticket DROP CONSTRAINT ticket_pkey, ADD PRIMARY KEY (code)", "UPDATE ticket SET token = 'five' WHERE code = 'c7'"],
    ["DELETE FROM ticks WHERE what = 'a'", "ALTER TABLE ticks ALTER COLUMN what TYPE text USING what || '!'", "INSERT INTO ticks (what) VALUES ('z')"],
    ["DELETE FROM couples_once", "ALTER TABLE couples_once ALTER COLUMN id TYPE text USING 'k' || id", "INSERT INTO couples_once VALUES ('k9')"],
    ["DELETE FROM pairs", "DROP TABLE pairs", "CREATE TABLE pairs (id integer PRIMARY KEY)", "INSERT INTO pairs VALUES (1)", "ALTER TABLE pairs RENAME TO couples", "INSERT INTO couples VALUES (2)"],
    ["CREATE TABLE one_message (id integer PRIMARY KEY); INSERT INTO one_message VALUES (1); ALTER TABLE one_message ADD COLUMN n integer DEFAULT 4",
     "DROP TABLE one_message; CREATE TABLE one_message (id bigint PRIMARY KEY); INSERT INTO one_message VALUES (2)", "INSERT INTO one_message VALUES (3)"],
]


def assert_equal_there(proxy, tables):
    wait_until(lambda: caught_up(proxy) and waiting_changes(proxy) == 0, 30, "the mirror")
    here, there = rows(proxy, tables)
    assert here == there
    assert proxy.console("REPAIR") == []
    assert proxy.console("SHOW MISMATCHES") == []


def waiting_changes(proxy):
    with contextlib.closing(psycopg2.connect(proxy.pg)) as target, target.cursor() as there:
        there.execute("SELECT count(*) FROM crossfade.schema_back")
        return there.fetchone()[0]


def gate_of(proxy, name):
    return next(row for row in proxy.console("SHOW READINESS") if row["gate"] == name)


def go_back(proxy, tables):
    """The file has all of it, by its own eyes; and the application runs on there."""
    proxy.console("SWITCH BACK")
    assert stage(proxy) == "shadow"
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    here, there = rows(proxy, tables)
    assert here == there
    assert proxy.console("REPAIR") == []
    file = sqlite3.connect(proxy.sqlite)
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    file.close()


def verified(proxy):
    proxy.stop()
    done = proxy.run("verify", "--sqlite", proxy.sqlite, "--postgres", proxy.pg, "--plan", proxy.plan)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_migration_as_alembic_makes_it_and_the_way_back(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    cursor = session(proxy)
    block(cursor, ALEMBIC[0])
    cursor.execute("INSERT INTO users (name) VALUES ('ann'), ('bob')")
    block(cursor, ALEMBIC[1])
    cursor.execute("INSERT INTO users (name, active) VALUES ('eve', false)")
    assert_equal_there(proxy, ["users", "alembic_version"])
    go_back(proxy, ["users", "alembic_version"])
    cursor.execute("INSERT INTO users (name, active) VALUES ('joe', false) RETURNING id")
    assert cursor.fetchone() == (4,), "the sequence goes on"
    with pytest.raises(psycopg2.errors.UniqueViolation):
        cursor.execute("INSERT INTO users (name, active) VALUES ('ann', true)")
    block(cursor, ALEMBIC[2])  # in shadow it goes the other way
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    proxy.console("SWITCH TO postgres")
    block(cursor, ALEMBIC[1][:4])
    go_back(proxy, ["users", "alembic_version"])
    cursor.connection.close()
    verified(proxy)


def test_every_kind_of_change_is_on_both_sides_and_comes_back(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    cursor = session(proxy)
    for sql in KINDS + HARMLESS:
        cursor.execute(sql)
    cursor.execute("DROP TABLE mine")
    assert_equal_there(proxy, TABLES)
    for statements in BLOCKS:
        block(cursor, statements)
    tables = [table for table in TABLES if table != "pairs"] + ["kinds", "couples", "couples_once", "one_message"]
    assert_equal_there(proxy, tables)
    assert wrong_triggers(proxy) == []
    with psycopg2.connect(proxy.pg) as target, target.cursor() as there:
        there.execute("SELECT collname FROM pg_attribute a JOIN pg_collation c ON c.oid = attcollation WHERE attrelid = 'made'::regclass AND attname = 'name'")
        assert there.fetchall() == [("bytewise",)], "texts sort as in the file"
    say(cursor, ["INSERT INTO made (name, price) VALUES ('there', 3)", "UPDATE couples SET id = 3 WHERE id = 2", "INSERT INTO cold (n, late) VALUES (5, 10)"])
    cursor.connection.close()
    go_back(proxy, tables)
    cursor = session(proxy)
    cursor.execute("INSERT INTO ticks (what) VALUES ('c') RETURNING id")
    assert cursor.fetchone() == (8,), "the sequence goes on"
    cursor.execute("SELECT count(*) FROM seen")
    assert cursor.fetchone() == (3,)
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    cursor.connection.close()
    verified(proxy)


def test_names_that_move_between_tables_while_the_file_is_behind(crossfade, tmp_path, pg_database):
    """All of it in one backlog: the entries of rows go by names that other tables have by then."""
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    say(cursor, [f"CREATE TABLE {name} (id serial PRIMARY KEY, a integer UNIQUE)" for name in ("s1", "s2", LONG + "1")] + ["CREATE TABLE was (id integer PRIMARY KEY, n integer)"])
    say(cursor, ["INSERT INTO s1 VALUES (1, 1), (2, 2)", "INSERT INTO s2 VALUES (1, 11), (3, 13)", "INSERT INTO was VALUES (1, 1), (2, 2)", f"INSERT INTO {LONG}1 VALUES (1, 1)"])
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    proxy.console("SWITCH TO postgres")
    with held(proxy):  # the mirror cannot read: all that follows is one backlog
        say(cursor, ["UPDATE s1 SET a = 5 WHERE id = 1", "DELETE FROM s2 WHERE id = 1", "DELETE FROM was WHERE id = 1", f"UPDATE {LONG}1 SET a = 9"])
        block(cursor, ["ALTER TABLE s1 RENAME TO s3", "ALTER TABLE s2 RENAME TO s1", "INSERT INTO s1 (id, a) VALUES (77, 77)", "ALTER TABLE s3 RENAME TO s2"])
        say(cursor, ["INSERT INTO s2 (id, a) VALUES (88, 88)", "DROP TABLE was", "CREATE TABLE was (code text PRIMARY KEY)", "INSERT INTO was VALUES ('new')",
                     f"ALTER TABLE {LONG}1 RENAME COLUMN id TO code", f"INSERT INTO {LONG}1 (code, a) VALUES (3, 3)", "ALTER TABLE s2 ADD COLUMN b text DEFAULT 'b'", "UPDATE s2 SET b = 'c' WHERE id = 88"])
        assert gate_of(proxy, "way-back")["state"] == "red", "the file lacks changes"
    assert_equal_there(proxy, ["s1", "s2", "was", LONG + "1"])
    assert wrong_triggers(proxy) == []
    assert gate_of(proxy, "way-back")["state"] == "green"
    say(cursor, ["UPDATE s1 SET a = 78 WHERE id = 77", "DELETE FROM s2 WHERE id = 2", "INSERT INTO was VALUES ('newer')", "TRUNCATE was"])
    go_back(proxy, ["s1", "s2", "was", LONG + "1"])


@contextlib.contextmanager
def held(proxy):
    """No step back can read: somebody holds a table."""
    with contextlib.closing(psycopg2.connect(proxy.pg)) as blocker:
        blocker.cursor().execute("LOCK TABLE hot IN ACCESS EXCLUSIVE MODE")
        yield
        blocker.rollback()


def test_old_rows_that_a_constraint_does_not_let_be_do_not_stop_the_mirror(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    cursor = session(proxy)
    say(cursor, ["CREATE TABLE lv (id integer PRIMARY KEY, c integer, old text)", "INSERT INTO lv VALUES (1, NULL, 'a'), (2, 7, 'b'), (3, 7, 'c')"])
    assert_equal_there(proxy, ["lv"])
    with held(proxy):
        say(cursor, ["UPDATE lv SET c = id", "ALTER TABLE lv ALTER c SET NOT NULL", "CREATE UNIQUE INDEX lvu ON lv (c)", "ALTER TABLE lv ADD CHECK (c < 100)", "ALTER TABLE lv DROP COLUMN old",
                     "DELETE FROM lv WHERE id = 3", "ALTER TABLE lv ADD COLUMN more timestamptz NOT NULL DEFAULT now()"])
        say(cursor, [f"ALTER TABLE lv ADD COLUMN m{n} {moment}" for n, moment in enumerate(MOMENTS)])
    wait_until(lambda: caught_up(proxy) and waiting_changes(proxy) == 0, 30, "the mirror")
    assert proxy.console("REPAIR") == []
    with contextlib.closing(sqlite3.connect(proxy.sqlite)) as file:
        assert file.execute("SELECT id, c FROM lv ORDER BY 1").fetchall() == [(1, 1), (2, 2)]
    go_back(proxy, ["hot"])


REFUSED = {
    "no key": ("CREATE TABLE keyless (n integer)", "0A000", "no primary key"),
    "filled by itself": ("CREATE TABLE made AS SELECT 1 AS n", "0A000", "CREATE TABLE AS"),
    "into": ("SELECT 1 AS n INTO made", "0A000", "CREATE TABLE AS"),
    "concurrently": ("CREATE INDEX CONCURRENTLY made ON hot (n)", "0A000", "CONCURRENTLY is not supported"),
    "a block of code": ("DO $$ BEGIN CREATE TABLE made (id integer PRIMARY KEY); END $$", "0A000", "DO is not supported"),
    "there already": ("CREATE TABLE hot (id integer PRIMARY KEY)", "42P07", "already exists"),
    "there already, and not minded": ("CREATE TABLE IF NOT EXISTS only_there (id integer PRIMARY KEY)", "0A000", "IF .NOT. EXISTS finds something else"),
    "generated": ("CREATE TABLE gen (id integer PRIMARY KEY, twice integer GENERATED ALWAYS AS (id * 2) STORED)", "0A000", "gen.twice is generated"),
    "what PostgreSQL refuses": ("CREATE INDEX made ON hot USING gin (n)", "42704", "no default operator class"),
    "what only PostgreSQL has": ("CREATE TABLE made (id integer PRIMARY KEY, v tsvector)", "0A000", ""),
    "a function": ("CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "0A000", ""),
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON hot FOR EACH ROW EXECUTE FUNCTION crossfade.note_hot()", None, ""),
    "ours": ("DROP TABLE crossfade.journal", None, ""),
    "ours in the file": ("CREATE TABLE crossfade_mine (id integer PRIMARY KEY)", "42501", "crossfade_mine"),
    "elsewhere": ("CREATE TABLE elsewhere.t (id integer PRIMARY KEY)", None, ""),
    "what the file has only": ("DROP TABLE only_here", None, ""),
    "an object of PostgreSQL stands on it": ("ALTER TABLE account DROP COLUMN balance", "2BP01", "other objects depend"),
    "rows are in the way": ("ALTER TABLE hot ADD CHECK (n > 5)", "23514", ""),
    "no rows may lack it": ("ALTER TABLE hot ADD COLUMN f integer NOT NULL", "23502", ""),
}


def test_what_cannot_be_carried_is_refused_and_nothing_changes(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    with psycopg2.connect(pg_database) as target, target.cursor() as there:
        there.execute("CREATE TABLE only_there (id integer PRIMARY KEY, other text); CREATE VIEW of_account AS SELECT balance FROM account; CREATE SCHEMA elsewhere")
    before = schemas(proxy)
    for what, (sql, state, message) in REFUSED.items():
        for way in (lambda c, s: c.execute(s), lambda c, s: block(c, ["UPDATE hot SET n = 0 WHERE id = 1", s]), lambda c, s: c.execute("UPDATE hot SET n = 0 WHERE id = 1; " + s)):
            cursor = session(proxy)
            with pytest.raises(psycopg2.Error, match=message) as refused:
                way(cursor, sql)
            assert state in (None, refused.value.pgcode), (what, refused.value)
            cursor.execute("ROLLBACK")
            cursor.execute("SELECT 1")  # and it goes on
            cursor.connection.close()
            assert schemas(proxy) == before, what
    cursor = session(proxy)
    with pytest.raises(psycopg2.errors.UndefinedTable, match='relation "nobody" does not exist'):  # PostgreSQL's own
        cursor.execute("ALTER TABLE nobody ADD COLUMN n integer")
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="the file cannot follow"):  # there it goes by the table's new name
        block(cursor, ["ALTER TABLE ticket RENAME TO slip", "ALTER TABLE slip RENAME CONSTRAINT ticket_pkey TO slip_key"])
    cursor.execute("ROLLBACK")
    for level in ("REPEATABLE READ", "SERIALIZABLE"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported, match="READ COMMITTED"):
            block(cursor, [f"SET TRANSACTION ISOLATION LEVEL {level}", *HARMLESS[:2], "CREATE TABLE made (id integer PRIMARY KEY)"])
        cursor.execute("ROLLBACK")
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="in one message"):
        cursor.execute("BEGIN; CREATE TABLE made (id integer PRIMARY KEY); COMMIT")
    assert schemas(proxy) == before and waiting_changes(proxy) == 0
    for sql in HARMLESS + ["BEGIN; CREATE TABLE IF NOT EXISTS hot (id integer PRIMARY KEY); COMMIT", "CREATE TABLE IF NOT EXISTS hot (id integer); DROP TABLE IF EXISTS nobodys; SELECT 1"]:
        cursor.execute(sql)
    assert schemas(proxy) == before and waiting_changes(proxy) == 0
    cursor.execute("ALTER TABLE hot ADD COLUMN fine integer")
    cursor.execute("UPDATE hot SET fine = id")
    assert_equal_there(proxy, ["hot"])


def test_what_is_rolled_back_is_on_neither_side(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    before = schemas(proxy)
    cursor = session(proxy)
    block(cursor, ["CREATE TABLE gone (id integer PRIMARY KEY)", "INSERT INTO gone VALUES (1)", "ALTER TABLE hot RENAME TO cold", "UPDATE cold SET n = 5"], "ROLLBACK")
    block(cursor, ["SAVEPOINT a", "ALTER TABLE hot DROP COLUMN n", "ROLLBACK TO a"])
    with pytest.raises(psycopg2.errors.DivisionByZero):
        block(cursor, ["CREATE TABLE gone (id integer PRIMARY KEY)", "SELECT 1 / 0"])
    cursor.execute("COMMIT")
    with pytest.raises(psycopg2.errors.DivisionByZero):
        cursor.execute("CREATE TABLE gone (id integer PRIMARY KEY); SELECT 1 / 0")
    assert cursor.connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_IDLE
    cursor.execute("BEGIN")
    cursor.execute("CREATE TABLE gone (id integer PRIMARY KEY)")
    cursor.connection.close()  # the client goes
    wait_until(lambda: waiting_changes(proxy) == 0, 10, "the rollback")
    assert schemas(proxy) == before
    cursor = session(proxy)
    block(cursor, ["CREATE TABLE kept (id integer PRIMARY KEY)", "SAVEPOINT a", "ALTER TABLE kept ADD COLUMN lost integer", "CREATE TABLE lost (id integer PRIMARY KEY)", "ROLLBACK TO a",
                   "INSERT INTO kept VALUES (1)", "SAVEPOINT b", "ALTER TABLE kept ADD COLUMN found integer DEFAULT 3", "RELEASE b"])
    assert_equal_there(proxy, ["kept", "hot"])
    assert [name for _, name, _ in schemas(proxy)[0] if name in ("lost", "kept")] == ["kept"]


def test_each_is_taken_back_in_every_way_to_say_it(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    before = schemas(proxy)
    cursor = session(proxy)
    for sql in DDL:
        for text in ("{}", "UPDATE hot SET n = 4711 WHERE id = 1; {}", "/* tool */ -- x\n{} ; "):
            block(cursor, [text.format(sql)], "ROLLBACK")
    cursor.execute("SELECT n FROM hot WHERE id = 1")
    assert cursor.fetchall() == [(0,)]
    cursor.execute("SET standard_conforming_strings = off")
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="backslash"):
        cursor.execute(DDL[-1])
    assert schemas(proxy) == before and waiting_changes(proxy) == 0
    say(cursor, ["CREATE TEMP TABLE mine (id integer)", "ALTER TABLE mine ADD COLUMN n integer", "CREATE INDEX ON mine (n)", "CREATE TEMP TABLE hot (id integer)", "ALTER TABLE hot ADD COLUMN more integer", "DROP TABLE hot"])
    for sql in ("CREATE TABLE made (LIKE mine)", "DROP TABLE mine, direct"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported, match="temporary relation"):
            cursor.execute(sql)
    cursor.execute("DROP TABLE mine")
    assert schemas(proxy) == before and waiting_changes(proxy) == 0


def test_a_deferred_constraint_that_fails_at_commit_leaves_nothing(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    before = schemas(proxy)
    cursor = session(proxy)
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        block(cursor, ["CREATE TABLE kid (id integer PRIMARY KEY, of integer REFERENCES hot (id) DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO kid VALUES (1, 4711)"])
    assert schemas(proxy) == before and waiting_changes(proxy) == 0
    cursor.execute("CREATE TABLE kid (id integer PRIMARY KEY, of integer REFERENCES hot (id) DEFERRABLE INITIALLY DEFERRED)")
    assert_equal_there(proxy, ["kid"])
    before = schemas(proxy)
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        cursor.execute("INSERT INTO kid VALUES (1, 4711); CREATE TABLE other (id integer PRIMARY KEY)")
    assert cursor.connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_IDLE
    assert schemas(proxy) == before and waiting_changes(proxy) == 0


def test_two_clients_change_the_schema_one_after_the_other(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    first, second, done = session(proxy), session(proxy), []
    say(first, ["BEGIN", "CREATE TABLE made (id integer PRIMARY KEY)"])
    thread = threading.Thread(target=lambda: done.append(second.execute("ALTER TABLE hot ADD COLUMN more integer")))
    thread.start()
    first.execute("ALTER TABLE made ADD COLUMN n integer")
    assert not done
    first.execute("COMMIT")
    thread.join(20)
    assert done == [None]
    say(second, ["ALTER TABLE made ADD COLUMN of integer REFERENCES hot (id)", "INSERT INTO made VALUES (1, 2, 3)", "UPDATE hot SET more = 1"])
    assert_equal_there(proxy, ["made", "hot"])
    say(first, ["BEGIN", "CREATE TABLE waits (id integer PRIMARY KEY)"])
    with pytest.raises(psycopg2.errors.LockNotAvailable, match="another transaction is changing the schema"):
        second.execute("CREATE TABLE never (id integer PRIMARY KEY)")
    first.execute("COMMIT")


def test_changes_beside_writers_lose_nothing_and_shadow_reads_report_no_difference(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database, settings={"shadow": ["rate = 1.0"]}), "postgres")
    cursor = session(proxy)
    with mirror_load.Workload(proxy.url(), 3, "ddl", pause=0.001) as load:
        for n in range(6):
            before = load.count()
            block(cursor, [f"CREATE TABLE t{n} (id integer PRIMARY KEY, n integer)", f"INSERT INTO t{n} SELECT id, balance FROM account", f"ALTER TABLE direct ADD COLUMN c{n} integer DEFAULT {n}"])
            cursor.execute(f"CREATE INDEX i{n} ON item (token, id)")
            columns = [f"k{i}" for i in range(n + 4)]  # a longer key than any before: every writer writes the journal that it widens
            say(cursor, [f"CREATE TABLE long{n} ({' integer, '.join(columns)} integer, PRIMARY KEY ({', '.join(columns)}))", f"INSERT INTO long{n} VALUES ({', '.join('1' for _ in columns)})"])
            say(cursor, [f"ALTER TABLE direct ALTER COLUMN c{n} DROP DEFAULT", f"ALTER TABLE direct ALTER COLUMN c{n} TYPE text USING c{n} || 'x'", f"SELECT * FROM direct WHERE id = 1", f"ALTER TABLE item ADD COLUMN x{n} text"])
            wait_until(lambda: load.count() > before + 5, 30, "work beside it")
    assert load.errors == [] and load.doubtful == []
    tables = [f"{name}{n}" for n in range(6) for name in ("t", "long")] + ["direct"]
    assert_equal_there(proxy, tables)
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
    counts = {row["what"]: int(row["value"]) for row in proxy.console("SHOW JOURNAL")}
    assert counts["samples compared"] == counts["samples equal"]
    go_back(proxy, tables)
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []


def test_a_change_on_two_busy_tables_in_one_transaction_does_not_cross_the_mirror(crossfade, tmp_path, pg_database):
    """A step holds locks on all tables while it waits for one; who changes the schema would be the victim of the deadlock."""
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    cursor, writer = session(proxy), session(proxy)
    for n in range(3):
        cursor.execute("BEGIN")
        for table in ("transfer", "item", "account"):
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN y{n} integer")
            writer.execute("UPDATE hot SET n = n + 1 WHERE id = 1")
            writer.execute("SELECT pg_sleep(0.3)")
        cursor.execute("COMMIT")
    assert_equal_there(proxy, ["transfer", "item", "account", "hot"])
