"""Changes of the schema while both sides live: made on both in one barrier while the file is the primary, or refused before anything changes."""
import contextlib
import decimal
import json
import signal
import socket
import sqlite3
import threading
import time

import psycopg2
import psycopg2.errors
import pytest

import mirror_load
from gate import Gate
from servers import wait_until
from test_mirror_workloads import caught_up, serve_pair, stage

HARMLESS = ["CREATE TABLE IF NOT EXISTS hot (id integer PRIMARY KEY, n integer NOT NULL)", "DROP TABLE IF EXISTS nobodys", "CREATE TEMP TABLE mine (id integer)", "TRUNCATE direct"]

# Each is a transaction of its own; rows come before and after.
KINDS = [
    "CREATE TABLE made (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'x', price numeric(10,2) CHECK (price >= 0), at timestamptz, ok boolean DEFAULT true, ref integer REFERENCES hot (id))",
    "INSERT INTO made (price, at, ref) VALUES (1.50, '2024-01-01 00:00:00+00', 1), (2, NULL, 2)",
    "ALTER TABLE hot ADD COLUMN more text", "UPDATE hot SET more = 'm' || id", "ALTER TABLE hot ADD COLUMN counted integer NOT NULL DEFAULT 7",
    "ALTER TABLE hot ADD COLUMN born timestamptz NOT NULL DEFAULT now()",  # each side's own now() would differ
    "ALTER TABLE hot RENAME COLUMN more TO less", "UPDATE hot SET less = less || '!'", "ALTER TABLE hot RENAME TO cold", "INSERT INTO cold (id, n, less) VALUES (99, 1, 'new')",
    "ALTER TABLE cold DROP COLUMN less", "DELETE FROM cold WHERE id = 4",
    "ALTER TABLE item ADD CONSTRAINT token_long CHECK (length(token) > 0)", "ALTER TABLE item DROP CONSTRAINT token_long", "ALTER TABLE item ADD COLUMN kind varchar(10)",
    "ALTER TABLE item ADD CONSTRAINT item_kind UNIQUE (kind)", "UPDATE item SET kind = 'k' || id WHERE id < 50", "ALTER TABLE item ADD COLUMN brief text UNIQUE", "ALTER TABLE item DROP COLUMN brief",
    "ALTER TABLE direct ALTER COLUMN n TYPE text USING 'n' || n", "ALTER TABLE direct ALTER COLUMN n DROP NOT NULL", "ALTER TABLE direct ALTER COLUMN n SET DEFAULT 'none'",
    "INSERT INTO direct (token) VALUES ('d-1')", "ALTER TABLE direct ALTER COLUMN n SET NOT NULL", "ALTER TABLE direct ALTER COLUMN n DROP DEFAULT",
    "CREATE INDEX made_name ON made (name)", "CREATE UNIQUE INDEX made_unique ON made (name, at)", "DROP INDEX made_name",
    "CREATE VIEW seen AS SELECT id, name FROM made WHERE ok", "CREATE VIEW unseen AS SELECT id FROM made", "DROP VIEW unseen", "COMMENT ON TABLE made IS 'made by a test'",
    "CREATE SEQUENCE counter START 5", "CREATE TABLE ticks (id bigint PRIMARY KEY DEFAULT nextval('counter'), what varchar(20) UNIQUE)", "INSERT INTO ticks (what) VALUES ('a'), ('b')",
    "CREATE TABLE ident (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, j jsonb, u uuid, d date, b bytea, r double precision)",
    "INSERT INTO ident (j, u, d, b, r) VALUES ('{\"a\": 1}', '00000000-0000-0000-0000-000000000001', '2024-02-29', '\\x0102', 1.5)",
    "CREATE TABLE pairs (a integer, b text, c integer, PRIMARY KEY (a, b, c))", "INSERT INTO pairs VALUES (1, 'x', 2), (2, 'y', 3)", "UPDATE pairs SET c = 9 WHERE a = 1",  # a longer key than any before
    "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)", "CREATE TABLE dom (id integer PRIMARY KEY, p positive)", "INSERT INTO dom VALUES (1, 5)",
    "CREATE TABLE couples_once (id integer PRIMARY KEY)", "INSERT INTO couples_once VALUES (1), (2)",
    "DROP TABLE ticket", "CREATE TABLE ticket (number integer PRIMARY KEY, token text)", "INSERT INTO ticket VALUES (7, 'anew'), (8, 'b'), (9, 'c')",
]
TABLES = ["account", "cold", "direct", "dom", "ident", "item", "made", "pairs", "ticket", "ticks", "transfer"]
# What rows of the same transaction are needed for; and a table that is filled by its own statement.
BLOCKS = [
    ["ALTER TABLE cold ADD COLUMN late integer", "UPDATE cold SET late = n * 2", "ALTER TABLE cold ALTER COLUMN late SET NOT NULL",
     "CREATE TABLE kinds (name text PRIMARY KEY)", "INSERT INTO kinds SELECT DISTINCT token FROM transfer", "ALTER TABLE transfer ADD CONSTRAINT of_kind FOREIGN KEY (token) REFERENCES kinds (name)"],
    ["CREATE TABLE copied AS SELECT id, n, random() AS chance FROM cold", "ALTER TABLE copied ADD PRIMARY KEY (id)", "INSERT INTO copied VALUES (1000, 1, 0.5)"],
    # Rows that went by a key which is another one afterwards.
    ["DELETE FROM ticket WHERE number = 8", "ALTER TABLE ticket ADD COLUMN code text", "UPDATE ticket SET code = 'c' || number", "ALTER TABLE ticket DROP CONSTRAINT ticket_pkey",
     "ALTER TABLE ticket ADD PRIMARY KEY (code)", "UPDATE ticket SET token = 'five' WHERE code = 'c7'"],
    ["DELETE FROM ticks WHERE what = 'a'", "ALTER TABLE ticks ALTER COLUMN what TYPE text USING what || '!'", "INSERT INTO ticks (what) VALUES ('z')"],
    ["DELETE FROM couples_once", "ALTER TABLE couples_once ALTER COLUMN id TYPE text USING 'k' || id", "INSERT INTO couples_once VALUES ('k9')"],
    ["DELETE FROM pairs", "DROP TABLE pairs", "CREATE TABLE pairs (id integer PRIMARY KEY)", "INSERT INTO pairs VALUES (1)", "ALTER TABLE pairs RENAME TO couples", "INSERT INTO couples VALUES (2)"],
]


def schemas(proxy):
    """Of both sides, without what is Crossfade's."""
    file, target = sqlite3.connect(proxy.sqlite), psycopg2.connect(proxy.pg)
    here = file.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'crossfade_%' AND name NOT LIKE 'sqlite_%' ORDER BY 1, 2").fetchall()
    cursor = target.cursor()
    cursor.execute("SELECT c.relname::text, c.relkind::text, a.attname::text, a.atttypid::int FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
                   "WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 3")
    there = cursor.fetchall()
    file.close()
    target.close()
    return here, there


def bring(proxy, at):
    for wanted in ("copy", "shadow", "canary", "postgres"):
        if stage(proxy) != at:
            proxy.console(f"SWITCH TO {wanted}")
    return proxy


def session(proxy, **options):
    client = proxy.connect(**options)
    client.autocommit = True
    return client.cursor()


def say(cursor, statements):
    for sql in statements:
        cursor.execute(sql)


def block(cursor, statements, end="COMMIT"):
    say(cursor, ["BEGIN", *statements, end])


def plain(value):
    """As both drivers' values compare: SQLite has no booleans, numerics, dates."""
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value.normalize()) if isinstance(value, decimal.Decimal) else value


def rows(proxy, tables):
    """Of both sides, read without Crossfade; instants as text up to the second."""
    file, target = sqlite3.connect(proxy.sqlite), psycopg2.connect(proxy.pg)
    here, there, cursor = {}, {}, target.cursor()
    for table in tables:
        names = [row[1] for row in file.execute(f"PRAGMA table_xinfo({table})")]
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s AND data_type NOT IN "
                       "('timestamp with time zone', 'date', 'uuid', 'jsonb', 'numeric')", (table,))
        chosen = [name for (name,) in cursor.fetchall()]
        assert set(chosen) <= set(names)
        columns = ", ".join(chosen)
        here[table] = sorted([tuple(map(plain, row)) for row in file.execute(f"SELECT {columns} FROM {table}")], key=repr)
        cursor.execute(f"SELECT {columns} FROM {table}")
        there[table] = sorted([tuple(map(plain, row)) for row in cursor.fetchall()], key=repr)
    file.close()
    target.close()
    return here, there


def assert_equal(proxy, tables):
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    here, there = rows(proxy, tables)
    assert here == there
    assert proxy.console("REPAIR") == []
    assert proxy.console("SHOW MISMATCHES") == []


def test_every_kind_of_change_is_on_both_sides_and_rows_follow_there_and_back(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    for sql in KINDS + HARMLESS:
        cursor.execute(sql)
        if sql.startswith(("ALTER", "CREATE TABLE made")):
            cursor.execute("SELECT * FROM account ORDER BY id LIMIT 3")
    cursor.execute("DROP TABLE mine")
    assert_equal(proxy, TABLES)
    for statements in BLOCKS:
        block(cursor, statements)
    assert_equal(proxy, [table for table in TABLES if table != "pairs"] + ["kinds", "copied", "couples", "couples_once"])
    with psycopg2.connect(proxy.pg) as target, target.cursor() as there:
        there.execute("SELECT obj_description('made'::regclass), (SELECT count(*) FROM seen), (SELECT count(*) FROM pg_indexes WHERE indexname IN ('made_name', 'made_unique'))")
        assert there.fetchall() == [("made by a test", 2, 1)]
        there.execute("SELECT collname FROM pg_attribute a JOIN pg_collation c ON c.oid = attcollation WHERE attrelid = 'made'::regclass AND attname = 'name'")
        assert there.fetchall() == [("bytewise",)], "texts sort as in the file"
    proxy.console("SWITCH TO postgres")
    for sql in ("INSERT INTO made (name, price) VALUES ('there', 3)", "INSERT INTO ticks (what) VALUES ('c')", "INSERT INTO ident (d) VALUES ('2025-01-01')",
                "UPDATE couples SET id = 3 WHERE id = 2", "INSERT INTO cold (n, late) VALUES (5, 10)"):
        wait_until(lambda: proxy.console("SHOW STAGE"), 5, "the console")
        cursor.execute(sql)
    cursor.execute("SELECT max(id) FROM ticks")
    assert cursor.fetchone() == (8,), "the sequence goes on"
    proxy.console("SWITCH BACK")
    say(cursor, ["ALTER TABLE couples ADD COLUMN after text NOT NULL DEFAULT 'the way back'", "ALTER TABLE couples ALTER COLUMN after TYPE varchar(20)", "ALTER TABLE ident ALTER COLUMN r TYPE text"])
    proxy.console("SWITCH TO postgres")  # with what was prepared before these
    say(cursor, ["UPDATE couples SET after = 'again'", "UPDATE ident SET r = 'r' || id"])
    proxy.console("SWITCH BACK")
    assert_equal(proxy, ["made", "ticks", "ident", "couples", "cold"])
    cursor.connection.close()
    proxy.stop()
    done = proxy.run("verify", "--sqlite", proxy.sqlite, "--postgres", proxy.pg, "--plan", proxy.plan)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_migration_as_alembic_makes_it(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    block(cursor, ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
                   "CREATE TABLE users (id SERIAL NOT NULL, name VARCHAR(40) NOT NULL, PRIMARY KEY (id))", "CREATE INDEX ix_users_name ON users (name)",
                   "INSERT INTO alembic_version (version_num) VALUES ('1975ea83b712') RETURNING alembic_version.version_num"])
    cursor.execute("INSERT INTO users (name) VALUES ('ann'), ('bob')")
    block(cursor, ["ALTER TABLE users ADD COLUMN active BOOLEAN", "UPDATE users SET active = true", "ALTER TABLE users ALTER COLUMN active SET NOT NULL",
                   "ALTER TABLE users ADD CONSTRAINT uq_users_name UNIQUE (name)", "UPDATE alembic_version SET version_num='27c6a30d7c24' WHERE alembic_version.version_num = '1975ea83b712'"])
    assert_equal(proxy, ["users", "alembic_version"])
    block(cursor, ["ALTER TABLE users DROP CONSTRAINT uq_users_name", "ALTER TABLE users DROP COLUMN active",  # the downgrade
                   "UPDATE alembic_version SET version_num='1975ea83b712' WHERE alembic_version.version_num = '27c6a30d7c24'"])
    assert_equal(proxy, ["users", "alembic_version"])


REFUSED = {
    "no key": (["CREATE TABLE keyless (n integer)"], "0A000", "no primary key"),
    "an enum's column": (["CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TABLE enu (id integer PRIMARY KEY, m mood)"], "0A000", "enu.m is of an enum"),
    "concurrently": (["CREATE INDEX CONCURRENTLY made ON hot (n)"], "0A000", "CREATE INDEX CONCURRENTLY is not supported"),
    "there already": (["CREATE TABLE only_there (id integer PRIMARY KEY, other text)"], "42P07", 'relation "only_there" already exists'),
    "there already, and not minded": (["CREATE TABLE IF NOT EXISTS only_there (id integer PRIMARY KEY)"], "0A000", "IF .NOT. EXISTS finds something else"),
    "a column that is there": (["ALTER TABLE item ADD COLUMN only_there text"], "42701", "already exists"),
    "generated": (["CREATE TABLE gen (id integer PRIMARY KEY, twice integer GENERATED ALWAYS AS (id * 2) STORED)"], "0A000", "gen.twice is generated"),
    "an object of PostgreSQL stands on it": (["ALTER TABLE account DROP COLUMN balance"], "2BP01", "other objects depend"),
}


@pytest.mark.parametrize("at", ["copy", "shadow", "canary"])
def test_what_cannot_be_on_both_sides_is_refused_and_nothing_changes(crossfade, tmp_path, pg_database, at):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), at)
    with psycopg2.connect(pg_database) as target, target.cursor() as there:
        there.execute("CREATE TABLE only_there (id integer PRIMARY KEY); ALTER TABLE item ADD COLUMN only_there text; CREATE VIEW of_account AS SELECT balance FROM account")
    before = schemas(proxy)
    for what, (statements, state, message) in REFUSED.items():
        for ways in (say, block):
            cursor = session(proxy)
            if ways is say and len(statements) > 1 and state == "0A000" and "TYPE" in statements[0]:
                continue
            with pytest.raises(psycopg2.Error, match=message) as refused:
                ways(cursor, ["UPDATE hot SET n = 0 WHERE id = 1", *statements])
            assert refused.value.pgcode == state, (what, refused.value)
            cursor.connection.close()
            assert schemas(proxy) == before, what
    cursor = session(proxy)
    cursor.execute("ALTER TABLE hot ADD COLUMN fine integer")  # and the mirror goes on
    cursor.execute("UPDATE hot SET fine = id")
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    here, there = rows(proxy, ["hot", "transfer", "ticket"])
    assert here == there


def test_what_is_rolled_back_is_on_neither_side(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    before = schemas(proxy)
    cursor = session(proxy)
    block(cursor, ["CREATE TABLE gone (id integer PRIMARY KEY)", "INSERT INTO gone VALUES (1)", "ALTER TABLE hot RENAME TO cold", "UPDATE cold SET n = 5"], "ROLLBACK")
    block(cursor, ["SAVEPOINT a", "ALTER TABLE hot DROP COLUMN n", "ROLLBACK TO a"])
    assert schemas(proxy) == before
    block(cursor, ["CREATE TABLE kept (id integer PRIMARY KEY)", "SAVEPOINT a", "ALTER TABLE kept ADD COLUMN lost integer", "CREATE TABLE lost (id integer PRIMARY KEY)", "ROLLBACK TO a",
                   "INSERT INTO kept VALUES (1)", "SAVEPOINT b", "ALTER TABLE kept ADD COLUMN found integer DEFAULT 3", "RELEASE b"])
    assert_equal(proxy, ["kept", "hot"])
    assert [name for _, name, _ in schemas(proxy)[0] if name in ("lost", "kept")] == ["kept"]
    cursor.execute("SELECT id, found FROM kept")
    assert cursor.fetchall() == [(1, 3)]


def test_prepared_statements_and_canary_reads_see_the_new_schema(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    proxy.console("SWITCH TO canary 100")
    reader, writer = session(proxy), session(proxy)
    reader.execute("PREPARE p AS SELECT n FROM hot WHERE id = $1")
    reader.execute("PREPARE w AS SELECT * FROM hot WHERE id = $1")
    for sql in ("EXECUTE p (1)", "EXECUTE w (1)", "SELECT * FROM hot WHERE id = 1"):
        reader.execute(sql)
    for n in range(4):
        writer.execute(f"ALTER TABLE hot ADD COLUMN c{n} integer DEFAULT {n}")
        reader.execute("EXECUTE p (1)")
        assert reader.fetchall() == [(0,)]
        reader.execute("SELECT * FROM hot WHERE id = 1")
        assert reader.fetchall() == [(1, 0, *range(n + 1))]
    for n in range(3):  # one text again and again, whose columns are others each time
        writer.execute(f"ALTER TABLE ticket ADD COLUMN c{n} integer DEFAULT {n}")
        for _ in range(3):
            reader.execute("SELECT * FROM ticket")
            assert reader.fetchall() == [(1, "seed", *range(n + 1))]
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="cached plan must not change result type"):
        reader.execute("EXECUTE w (1)")
    assert_equal(proxy, ["hot"])
    assert proxy.console("SHOW STAGE")[0]["canary"].startswith("100"), "nothing tripped it"


def test_shadow_reads_beside_changes_of_the_schema_report_no_difference(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database, settings={"shadow": ["rate = 1.0"]}), "shadow")
    cursor, ending, errors = session(proxy), threading.Event(), []
    say(cursor, ["CREATE TABLE made (id integer PRIMARY KEY, n integer)", "INSERT INTO made SELECT id, id FROM item"])

    def read():
        reader = session(proxy)
        while not ending.is_set():
            try:
                say(reader, ["SELECT * FROM made ORDER BY id", "SELECT count(*) FROM made", "SELECT id, n FROM made WHERE id = 3", "UPDATE made SET n = n WHERE id = 5"])
            except psycopg2.Error as error:
                errors.append(error.pgcode)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for n in range(6):
        cursor.execute(f"ALTER TABLE made ALTER COLUMN n TYPE {('text', 'integer')[n % 2]} USING n::{('text', 'integer')[n % 2]}")
        cursor.execute(f"ALTER TABLE made ADD COLUMN c{n} text DEFAULT 'c'")
        cursor.execute(f"UPDATE made SET c{n} = 'd' || id WHERE id < 20")
    ending.set()
    for thread in threads:
        thread.join(30)
    assert set(errors) <= {"0A000"}, "cached plan must not change result type"
    assert_equal(proxy, ["made"])
    counts = {row["what"]: int(row["value"]) for row in proxy.console("SHOW JOURNAL")}
    assert counts["samples compared"] == counts["samples equal"] > 0


def test_a_second_client_and_a_program_that_bypasses_the_proxy_lose_nothing_beside_changes_of_the_schema(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    with mirror_load.Workload(proxy.url(), 3, "ddl", pause=0.001) as load, mirror_load.Bypass(proxy.sqlite) as bypass:
        for n in range(6):
            before = load.count()
            block(cursor, [f"CREATE TABLE t{n} (id integer PRIMARY KEY, n integer)", f"INSERT INTO t{n} SELECT id, balance FROM account", f"ALTER TABLE direct ADD COLUMN c{n} integer DEFAULT {n}"])
            cursor.execute(f"CREATE INDEX i{n} ON item (token, id)")
            wait_until(lambda: load.count() > before + 5, 30, "work beside it")
    wait_until(lambda: caught_up(proxy), 60, "the mirror")
    assert load.errors == [] and load.doubtful == [] and bypass.errors == []
    assert mirror_load.faults(proxy.sqlite, proxy.pg, [load]) == []
    here, there = rows(proxy, [f"t{n}" for n in range(6)] + ["direct"])
    assert here == there
    assert set(bypass.accepted[2:]) - {row[0] for row in here["direct"]} - {row[1] for row in here["direct"]} == set()


def test_a_switch_that_waits_for_the_right_to_write_gives_way_to_the_commit_that_has_it(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "copy")
    cursor, outcome = session(proxy), []

    def switch():
        try:
            outcome.append(proxy.console("SWITCH TO shadow"))
        except psycopg2.Error as error:
            outcome.append(error.pgcode)

    say(cursor, ["BEGIN", "CREATE TABLE made (id integer PRIMARY KEY)"])
    thread = threading.Thread(target=switch)
    thread.start()
    wait_until(lambda: "switch from=copy to=shadow" in proxy.log_text(), 20, "the switch")
    time.sleep(0.3)  # it waits; were it not to yet, it goes on behind the COMMIT
    cursor.execute("COMMIT")
    thread.join(30)
    assert len(outcome) == 1 and outcome[0] == "55P03" or outcome[0][0]["stage"] == "shadow", outcome
    bring(proxy, "shadow")
    assert_equal(proxy, ["made"])


LONG = "a" * 59  # with a prefix of ours it is longer than a name can be


def wrong_triggers(proxy):
    with psycopg2.connect(proxy.pg) as target, target.cursor() as there:
        there.execute("SELECT t.tgrelid::regclass::text, t.tgname::text, pg_get_functiondef(p.oid) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname LIKE 'crossfade_note%'")
        return [(table, name) for table, name, text in there.fetchall() if f"'{table}'" not in text]


def test_triggers_follow_the_names_of_tables_and_no_row_is_lost_on_the_way_back(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    say(cursor, [f"CREATE TABLE {name} (id serial PRIMARY KEY, a integer UNIQUE, b integer CHECK (b > 0))" for name in ("s1", "s2", "x1", "x2", "x3", LONG + "1", LONG + "2")])
    say(cursor, ["CREATE TABLE nw (id integer PRIMARY KEY, n integer)", "CREATE TABLE was (id integer PRIMARY KEY, n integer)"])
    block(cursor, ["INSERT INTO s1 VALUES (1, 1, 1)", "INSERT INTO s2 VALUES (2, 2, 2)", "ALTER TABLE s1 RENAME TO s3", "ALTER TABLE s2 RENAME TO s1", "ALTER TABLE s3 RENAME TO s2"])
    block(cursor, ["ALTER TABLE x1 RENAME TO x0", "ALTER TABLE x2 RENAME TO x1", "ALTER TABLE x3 RENAME TO x2", "ALTER TABLE x0 RENAME TO x3"])
    block(cursor, ["DROP TABLE was", "ALTER TABLE nw RENAME TO was"])
    block(cursor, [f"DROP TABLE {LONG}1", f"ALTER TABLE {LONG}2 RENAME COLUMN a TO c"])
    assert wrong_triggers(proxy) == []
    with psycopg2.connect(proxy.pg) as target, target.cursor() as there:
        there.execute("SELECT count(*) FROM pg_proc p WHERE pronamespace = 'crossfade'::regnamespace AND proname LIKE 'note\\_%' AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = p.oid)")
        assert there.fetchall() == [(0,)], "no function is left of a table that is gone"
    cursor.execute("INSERT INTO s1 (id, a) VALUES (10, 10)")
    assert_equal(proxy, ["s1", "s2", "x1", "x2", "x3", "was", LONG + "2"])
    proxy.console("SWITCH TO postgres")
    say(cursor, ["INSERT INTO s1 (id, a) VALUES (100, 100)", "UPDATE s1 SET a = -5 WHERE id = 10", "INSERT INTO s2 (id, a) VALUES (200, 200)", "DELETE FROM s2 WHERE id = 1", "INSERT INTO x1 (id) VALUES (1)",
                 "INSERT INTO was VALUES (1, 1)", f"INSERT INTO {LONG}2 (id) VALUES (3)"])
    proxy.console("SWITCH BACK")
    assert_equal(proxy, ["s1", "s2", "x1", "x2", "x3", "was", LONG + "2"])
    cursor.execute("SELECT id FROM s1 UNION ALL SELECT id FROM s2 ORDER BY 1")
    assert cursor.fetchall() == [(2,), (10,), (100,), (200,)]


def test_a_trigger_that_notes_under_another_table_s_name_is_a_red_gate(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    with psycopg2.connect(pg_database) as target, target.cursor() as there:
        there.execute("CREATE OR REPLACE TRIGGER crossfade_note AFTER INSERT OR UPDATE OR DELETE ON hot FOR EACH ROW EXECUTE FUNCTION crossfade.note_item(); ALTER TABLE hot DISABLE TRIGGER crossfade_note")
    assert next(row for row in proxy.console("SHOW READINESS") if row["gate"] == "way-back")["state"] == "red"
    session(proxy).execute("ALTER TABLE ticket ADD COLUMN extra integer")  # puts it right
    assert wrong_triggers(proxy) == []
    assert next(row for row in proxy.console("SHOW READINESS") if row["gate"] == "way-back")["state"] == "green"


# Statements that wait for rows of their transaction, and what comes behind them.
WAITING = {
    "taken back": (["ALTER TABLE hot ADD COLUMN l1 integer", "UPDATE hot SET l1 = id", "ALTER TABLE hot ALTER l1 SET NOT NULL", "ALTER TABLE hot ALTER l1 DROP NOT NULL"], None, "INSERT INTO hot (id, n) VALUES (901, 1)"),
    "its table made anew": (["UPDATE lv SET c = 1", "ALTER TABLE lv ALTER c SET NOT NULL", "DROP TABLE lv", "CREATE TABLE lv (id integer PRIMARY KEY, c integer)"], "DROP TABLE lv", "INSERT INTO lv VALUES (5, NULL)"),
    "its table renamed": (["UPDATE lv SET c = id", "CREATE UNIQUE INDEX lvu ON lv (c)", "ALTER TABLE lv RENAME TO lw", "ALTER TABLE other RENAME TO lv", "ALTER TABLE lw RENAME TO other"], "ALTER TABLE lv RENAME TO lw",
                          "INSERT INTO other VALUES (8, 7), (9, 7)"),
    "its column renamed": (["UPDATE lv SET c = 1", "ALTER TABLE lv ALTER c SET NOT NULL", "ALTER TABLE lv RENAME c TO d", "ALTER TABLE lv ADD COLUMN c integer"], "ALTER TABLE lv RENAME c TO d", "INSERT INTO lv VALUES (6, NULL)"),
    "its key another one": (["UPDATE lv SET c = id", "ALTER TABLE lv ALTER c SET NOT NULL", "ALTER TABLE lv DROP CONSTRAINT lv_pkey", "ALTER TABLE lv ADD PRIMARY KEY (c)"], "", "INSERT INTO lv VALUES (7, 7)"),
    "a column that the rows of before cannot have": (["DELETE FROM other", "ALTER TABLE other ADD COLUMN f integer NOT NULL"], "ALTER TABLE other ADD COLUMN f", "INSERT INTO other VALUES (3, 3)"),
    "others": (["UPDATE lv SET c = id", "ALTER TABLE lv ALTER c SET NOT NULL", "ALTER TABLE lv DROP COLUMN old", "ALTER TABLE lv ADD COLUMN e integer", "UPDATE lv SET e = 3", "ALTER TABLE lv ALTER e SET NOT NULL",
                "CREATE TABLE more (id integer PRIMARY KEY)", "ALTER TABLE other RENAME TO others"], None, "INSERT INTO more VALUES (1)"),
}


def test_what_comes_behind_a_statement_that_waits_for_rows_means_what_it_meant_or_is_refused(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    say(cursor, ["CREATE TABLE lv (id integer PRIMARY KEY, c integer, old text)", "CREATE TABLE other (id integer PRIMARY KEY, c integer)", "INSERT INTO lv VALUES (1, NULL), (2, 7), (3, 7)", "INSERT INTO other VALUES (1, 1)"])
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    for what, (statements, named, after) in WAITING.items():
        before = schemas(proxy)
        if named is not None:
            with pytest.raises(psycopg2.errors.FeatureNotSupported) as refused:
                block(cursor, statements)
            assert named in refused.value.diag.message_primary and "before" in refused.value.diag.message_hint, what
            assert schemas(proxy) == before, what
        else:
            block(cursor, statements)
        cursor.execute(after)
        wait_until(lambda: caught_up(proxy), 30, "the mirror")
    with psycopg2.connect(proxy.pg) as target, target.cursor() as there:
        there.execute("SELECT count(*) FROM crossfade.quarantine")
        assert there.fetchall() == [(0,)]
        there.execute("SELECT attrelid::regclass::text, attname::text FROM pg_attribute WHERE attnotnull AND attnum > 0 AND attname <> 'id' AND attrelid IN ('lv'::regclass, 'hot'::regclass) ORDER BY 2")
        assert there.fetchall() == [("lv", "c"), ("lv", "e"), ("hot", "n")]
    assert_equal(proxy, ["hot", "lv", "others", "more"])


MOMENTS = ["timestamptz DEFAULT 'now'", "timestamptz NOT NULL DEFAULT 'now'", "timestamp DEFAULT 'NOW'", "time DEFAULT 'now'", "date DEFAULT 'today'", "timestamptz DEFAULT 'now'::timestamptz"]


def test_a_default_that_is_a_word_for_a_moment_is_the_file_s_in_rows_that_are_there(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    say(cursor, [sql for n in range(len(MOMENTS)) for sql in (f"CREATE TABLE t{n} (id integer PRIMARY KEY)", f"INSERT INTO t{n} VALUES (1), (2)")])
    for n, moment in enumerate(MOMENTS):
        cursor.execute(f"ALTER TABLE t{n} ADD COLUMN m {moment}")
    wait_until(lambda: caught_up(proxy), 30, "the mirror")

    def moments():
        out = []
        for n in range(len(MOMENTS)):
            cursor.execute(f"SELECT m::text FROM t{n}")
            out.append(cursor.fetchall())
        return out

    here = moments()
    proxy.console("SWITCH TO postgres")
    assert moments() == here


class BetweenCommits(Gate):
    """Cuts every connection when the COMMIT of a change of the schema goes by: it is not delivered, or its answer is not."""

    armed = None  # "undelivered" or "unanswered"
    awaited = False

    def _pass(self, source, sink):
        noted = False
        try:
            while data := source.recv(65536):
                noted = noted or b"INTO crossfade.schema_change" in data
                if self.awaited and b"COMMIT\0" in data:  # the server's answer
                    self.awaited = False
                    return self.cut()
                if self.armed and noted and b"COMMIT\0" in data:
                    how, self.armed = self.armed, None
                    if how == "undelivered":
                        return self.cut()
                    self.awaited = True
                sink.sendall(data)
        except OSError:
            pass
        self.end(source, sink)
        return None

    @staticmethod
    def end(*ends):
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def through_gate(crossfade, tmp_path, postgres, pg_database):
    gate = BetweenCommits("127.0.0.1", postgres.port)
    yield bring(serve_pair(crossfade, tmp_path, pg_database.replace(f"port={postgres.port}", f"port={gate.port}")), "shadow"), gate
    gate.close()


def test_postgresql_gone_at_commit_refuses_the_change_on_both_sides(through_gate, pg_database):
    proxy, gate = through_gate
    proxy.pg = pg_database
    before = schemas(proxy)
    cursor = session(proxy)
    gate.refuse()
    with pytest.raises(psycopg2.Error, match="called off"):
        block(cursor, ["UPDATE hot SET n = 1", "CREATE TABLE made (id integer PRIMARY KEY)"])
    gate.refuse(False)
    assert schemas(proxy) == before
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
    block(session(proxy), ["CREATE TABLE made (id integer PRIMARY KEY)", "INSERT INTO made VALUES (1)"])
    assert_equal(proxy, ["made", "hot"])


@pytest.mark.parametrize("how", ["undelivered", "unanswered"])
def test_a_connection_cut_between_the_two_commits_is_made_good(through_gate, pg_database, how):
    proxy, gate = through_gate
    proxy.pg = pg_database
    cursor = session(proxy)
    gate.armed = how
    block(cursor, ["CREATE TABLE made (id integer PRIMARY KEY, n integer)", "INSERT INTO made VALUES (1, 1)", "ALTER TABLE hot RENAME TO cold", "UPDATE cold SET n = 3"])
    assert gate.armed is None
    say(cursor, ["INSERT INTO made VALUES (2, 2)", "UPDATE cold SET n = n + 1"])
    assert_equal(proxy, ["made", "cold"])
    cursor.execute("ALTER TABLE made ADD COLUMN more integer NOT NULL DEFAULT 1")
    assert_equal(proxy, ["made"])


def killed_at(proxy, name, point, statements):
    cursor = session(proxy)
    name.write_text(point + "\n")
    with pytest.raises(psycopg2.OperationalError):
        block(cursor, statements)
    assert proxy.process.wait(20) == -signal.SIGKILL
    name.write_text("\n")


@pytest.mark.parametrize("point", ["schema-prepared", "schema-written", "schema-done"])
def test_killed_at_each_point_of_a_change_both_sides_are_equal_afterwards(armed, point):
    proxy, name = armed("shadow")
    killed_at(proxy, name, point, ["CREATE TABLE made (id integer PRIMARY KEY)", "INSERT INTO made VALUES (1)", "ALTER TABLE hot ADD COLUMN more integer", "UPDATE hot SET more = id",
                                   "ALTER TABLE hot ALTER COLUMN more SET NOT NULL"])
    if point == "schema-written":  # the start that makes it good is killed, too
        name.write_text("schema-redone\n")
        proxy.start(wait=False)
        assert proxy.process.wait(20) == -signal.SIGKILL
        name.write_text("\n")
    proxy.start()
    made = point != "schema-prepared"
    assert (("table", "made") in [row[:2] for row in schemas(proxy)[0]]) == made
    session(proxy).execute("INSERT INTO hot (id, n, more) SELECT 50, 1, id FROM made" if made else "INSERT INTO hot (id, n) VALUES (50, 1)")
    assert_equal(proxy, ["hot", "made"] if made else ["hot"])


def test_what_postgresql_refuses_after_a_crash_stops_the_mirror_and_names_the_statement(armed, pg_database):
    proxy, name = armed("shadow")
    killed_at(proxy, name, "schema-written", ["CREATE TABLE made (id integer PRIMARY KEY)", "INSERT INTO made VALUES (1)"])
    with psycopg2.connect(pg_database) as target, target.cursor() as there:
        there.execute("CREATE TABLE made (other integer)")
    proxy.start()
    cursor = session(proxy)
    say(cursor, ["INSERT INTO made VALUES (2)", "UPDATE hot SET n = 9"])  # the file serves
    gate = next(row for row in proxy.console("SHOW READINESS") if row["gate"] == "mirror")
    assert gate["state"] == "red" and 'relation "made" already exists' in gate["reason"] and "CREATE TABLE made" in gate["reason"]
    for command in ("SWITCH TO postgres", "SWITCH TO postgres FORCE"):
        with pytest.raises(psycopg2.Error, match="not ready|mirror is stopped"):
            proxy.console(command)
    with pytest.raises(psycopg2.Error, match="called off"):
        cursor.execute("ALTER TABLE hot ADD COLUMN more integer")
    with psycopg2.connect(pg_database) as target, target.cursor() as there:
        there.execute("DROP TABLE made")
    proxy.stop()
    proxy.start()
    assert_equal(proxy, ["made", "hot"])


def test_back_in_stage_sqlite_the_plan_follows_too_and_the_tables_are_copied_anew(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "shadow")
    cursor = session(proxy)
    cursor.execute("CREATE TABLE made (id integer PRIMARY KEY, n integer)")
    for _ in range(2):
        proxy.console("SWITCH BACK")
    say(cursor, ["CREATE TABLE again (id integer PRIMARY KEY)", "INSERT INTO again VALUES (1)", "INSERT INTO made VALUES (1, 2)"])
    bring(proxy, "shadow")
    cursor.execute("ALTER TABLE made ADD COLUMN more integer NOT NULL DEFAULT 3")
    assert_equal(proxy, ["made", "again"])
    for _ in range(2):
        proxy.console("SWITCH BACK")
    say(cursor, ["ALTER TABLE made RENAME COLUMN n TO m", "ALTER TABLE hot RENAME TO cold", "DROP TABLE ticket", "SELECT m FROM made"])
    assert cursor.fetchall() == [(2,)]
    proxy.stop()
    proxy.start()
    cursor = session(proxy)
    cursor.execute("SELECT n FROM cold WHERE id = 1")
    assert cursor.fetchall() == [(0,)]


def test_a_change_that_the_given_plan_does_not_know_is_refused_in_stage_sqlite(crossfade, tmp_path, pg_database):
    proxy = serve_pair(crossfade, tmp_path, pg_database)
    cursor = session(proxy)
    for sql in ("ALTER TABLE hot RENAME COLUMN n TO m", "DROP TABLE ticket", "ALTER TABLE hot DROP COLUMN n"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported, match="what the plan names") as refused:
            cursor.execute(sql)
        assert "plan.toml" in refused.value.diag.message_hint
    cursor.execute("SELECT n FROM hot WHERE id = 1")
    assert cursor.fetchall() == [(0,)], "nobody is kept out by a plan that names what is gone"


@pytest.mark.parametrize("at", ["shadow", "postgres"])
def test_what_was_the_key_goes_when_the_key_is_a_domain(crossfade, tmp_path, pg_database, at):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), at)
    cursor = session(proxy)
    say(cursor, ["CREATE DOMAIN positive AS integer CHECK (VALUE > 0)", "ALTER TABLE transfer ADD COLUMN p positive", "UPDATE transfer SET p = 1", "ALTER TABLE transfer DROP CONSTRAINT transfer_pkey, ADD PRIMARY KEY (p)",
                 "ALTER TABLE transfer RENAME COLUMN token TO word", "INSERT INTO transfer VALUES ('x', 1, 2, 5, 9)", "UPDATE transfer SET p = 3 WHERE p = 1", "ALTER TABLE transfer DROP COLUMN word",
                 "UPDATE transfer SET amount = 7 WHERE p = 9"])
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    here, there = rows(proxy, ["transfer"])
    assert here == there and len(here["transfer"]) == 2
    proxy.stop()
    proxy.start()
    cursor = session(proxy)
    cursor.execute("DELETE FROM transfer WHERE p = 3")
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    here, there = rows(proxy, ["transfer"])
    assert here == there == {"transfer": [(1, 2, 7, 9)]}
