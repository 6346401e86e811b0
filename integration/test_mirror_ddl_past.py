"""Changes of the schema in PostgreSQL that go past the proxy, or that a function makes, while it is the primary: each is a red gate with its name, and
SWITCH BACK loses nothing of them in silence."""
import contextlib
import threading
import time

import psycopg2
import psycopg2.errors
import pytest

from servers import wait_until
from test_gates import light, readiness, refused
from test_mirror_ddl import block, bring, rows, say, session, wrong_triggers
from test_mirror_ddl_back import assert_equal_there, go_back, verified
from test_mirror_workloads import caught_up, serve_pair, stage


def past(proxy, *statements):
    """Said to PostgreSQL itself; the rows of the last."""
    with contextlib.closing(psycopg2.connect(proxy.pg)) as target:
        target.autocommit = True
        cursor = target.cursor()
        say(cursor, statements)
        return cursor.fetchall() if cursor.description else None


# What is said there; each red gate with the names in its reason; what takes it back.
PAST = {
    "a table with rows": (["CREATE TABLE apart (id integer PRIMARY KEY)", "INSERT INTO apart VALUES (1)"], {"postgres-only": ["apart"]}, ["DROP TABLE apart"]),
    "two tables, partitions count with theirs": (["CREATE TABLE parts (id integer PRIMARY KEY) PARTITION BY RANGE (id)", "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (1) TO (9)",
                                                  "CREATE UNLOGGED TABLE \"Odd \"\"name\" (n integer)"], {"postgres-only": ["parts", 'Odd "name']}, ["DROP TABLE parts, \"Odd \"\"name\""]),
    "a column": (["ALTER TABLE hot ADD COLUMN more text", "UPDATE hot SET more = 'x' WHERE id = 1"], {"postgres-only": ["hot.more"]}, ["ALTER TABLE hot DROP COLUMN more"]),
    "a renamed table": (["ALTER TABLE ticket RENAME TO tickets"], {"schema": ["table ticket"], "postgres-only": ["tickets"]}, ["ALTER TABLE tickets RENAME TO ticket"]),
    "a renamed column": (["ALTER TABLE direct RENAME COLUMN n TO m"], {"schema": ["column direct.n"], "postgres-only": ["direct.m"]}, ["ALTER TABLE direct RENAME COLUMN m TO n"]),
    "another type": (["ALTER TABLE hot ALTER COLUMN n TYPE numeric(30,2)"], {"schema": ["column hot.n is numeric(30,2)", "bigint"]}, ["ALTER TABLE hot ALTER COLUMN n TYPE bigint"]),
    "no key any more": (["ALTER TABLE transfer DROP CONSTRAINT transfer_pkey"], {"schema": ["transfer", "unique"]}, ["ALTER TABLE transfer ADD PRIMARY KEY (token)"]),
    "a key that takes NULL": (["ALTER TABLE transfer DROP CONSTRAINT transfer_pkey", "ALTER TABLE transfer ALTER token DROP NOT NULL", "CREATE UNIQUE INDEX tu ON transfer (token)"], {"schema": ["transfer"]},
                              ["ALTER TABLE transfer ALTER token SET NOT NULL"]),
    "a key that holds for some rows": (["DROP INDEX tu", "CREATE UNIQUE INDEX tu ON transfer (token) WHERE amount > 0"], {"schema": ["transfer"]}, ["DROP INDEX tu", "ALTER TABLE transfer ADD PRIMARY KEY (token)"]),
    "a key of fewer columns": (["ALTER TABLE couple DROP CONSTRAINT couple_pkey, ADD UNIQUE (a)"], {"schema": ["couple", "(a, b)"]}, ["ALTER TABLE couple DROP CONSTRAINT couple_a_key, ADD PRIMARY KEY (a, b)"]),
    "a key that can wait": (["ALTER TABLE couple DROP CONSTRAINT couple_pkey, ADD PRIMARY KEY (a, b) DEFERRABLE"], {"schema": ["couple", "deferrable"]}, ["ALTER TABLE couple DROP CONSTRAINT couple_pkey, ADD PRIMARY KEY (b, a) INCLUDE (n)"]),
    "another schema": (["ALTER TABLE ticket SET SCHEMA apart"], {"schema": ["table ticket"]}, ["ALTER TABLE apart.ticket SET SCHEMA public"]),
    "a dropped column": (["ALTER TABLE direct DROP COLUMN n"], {"schema": ["column direct.n"]}, ["ALTER TABLE direct ADD COLUMN n bigint", "UPDATE direct SET n = 0"]),
}
# What takes no row and no value with it.
NOTHING_TO_LOSE = ["CREATE INDEX by_n ON hot (n)", "CREATE VIEW seen AS SELECT id FROM hot", "CREATE MATERIALIZED VIEW kept AS SELECT id FROM hot", "CREATE SEQUENCE counter", "CREATE SCHEMA elsewhere",
                   "CREATE TABLE elsewhere.t (id integer)", "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "ALTER TABLE hot ADD COLUMN twice bigint GENERATED ALWAYS AS (id * 2) STORED",
                   "CREATE UNLOGGED TABLE gone (id integer)", "DROP TABLE gone", "ALTER TABLE hot ALTER id SET GENERATED ALWAYS"]


def red(proxy):
    return {name for name, row in readiness(proxy).items() if row["state"] == "red"} & {"schema", "postgres-only"}


def test_each_change_that_went_past_the_proxy_is_named_and_stands_before_the_way_back(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    session(proxy).execute("CREATE TABLE couple (a integer, b integer, n integer, PRIMARY KEY (a, b))")
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    past(proxy, "CREATE SCHEMA apart", *NOTHING_TO_LOSE)
    assert red(proxy) == set()
    for what, (statements, gates, undone) in PAST.items():
        past(proxy, *statements)
        shown = readiness(proxy)
        assert red(proxy) == set(gates), (what, shown)
        detail = refused(proxy, "SWITCH BACK", min(gates))
        for gate, names in gates.items():
            assert all(name in shown[gate]["reason"] and name in detail for name in names), (what, shown[gate], detail)
            assert shown[gate]["value"] == str(len(names) if gate == "postgres-only" else 1), (what, shown[gate])
        if "schema" in gates:
            refused(proxy, "SWITCH BACK FORCE", "schema")
        assert stage(proxy) == "postgres"
        past(proxy, *undone)
        wait_until(lambda: red(proxy) == set() and caught_up(proxy), 20, f"the gates after {what}")
    go_back(proxy, ["account", "item", "ticket", "direct", "couple"])
    say(session(proxy), ["INSERT INTO hot (n) VALUES (1)", "UPDATE hot SET n = 2 WHERE id = 1", "INSERT INTO couple VALUES (1, 1, 1), (1, 2, 1)", "UPDATE couple SET n = 2"])
    wait_until(lambda: caught_up(proxy) and past(proxy, "SELECT max(id), (SELECT n FROM hot WHERE id = 1) FROM hot") == [(5, 2)], 20, "the mirror")  # past ALWAYS
    assert past(proxy, "SELECT * FROM couple ORDER BY b") == [(1, 1, 2), (1, 2, 2)]


def test_rows_that_a_policy_hides_from_the_mirror_are_not_gone(crossfade, tmp_path, pg_database):
    """The mirror's role owns the tables and is no superuser: FORCE ROW LEVEL SECURITY would have it see none of them."""
    past_as = psycopg2.connect(pg_database)
    past_as.autocommit = True
    role = "hidden" + past_as.info.dbname.replace("-", "_")
    say(past_as.cursor(), [f"CREATE ROLE {role} LOGIN", f"GRANT SET ON PARAMETER session_replication_role TO {role}", f"GRANT ALL ON SCHEMA public TO {role}", f"GRANT CREATE ON DATABASE {past_as.info.dbname} TO {role}"])
    proxy = bring(serve_pair(crossfade, tmp_path, f"{pg_database} user={role}"), "postgres")
    say(past_as.cursor(), ["CREATE POLICY none ON hot USING (n < 0)", "ALTER TABLE hot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY", "UPDATE hot SET n = 7 WHERE id = 1"])
    wait_until(lambda: "row-level security" in proxy.console("SHOW LAG")[0]["reason"], 20, "the mirror to say so")
    refused(proxy, "SWITCH BACK FORCE", "mirror")
    say(past_as.cursor(), ["ALTER TABLE hot NO FORCE ROW LEVEL SECURITY"])
    wait_until(lambda: light(proxy, "mirror") == "green" and caught_up(proxy), 20, "the mirror")
    go_back(proxy, ["account"])
    cursor = session(proxy)
    cursor.execute("SELECT n FROM hot WHERE id = 1")
    assert cursor.fetchall() == [(7,)]
    cursor.connection.close()
    proxy.stop()
    say(past_as.cursor(), [f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}"])
    past_as.close()


def test_what_a_function_makes_is_seen_too_and_finish_is_not_kept_up(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    past(proxy, "CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE made (id integer PRIMARY KEY); ALTER TABLE item DROP COLUMN token; ALTER TABLE hot ADD COLUMN more text; END $$")
    cursor = session(proxy)
    say(cursor, ["SELECT make()", "INSERT INTO made VALUES (1)"])
    detail = refused(proxy, "SWITCH BACK FORCE", "schema")
    assert "item.token" in detail
    assert set(readiness(proxy)["postgres-only"]["reason"].split(":")[0].replace(",", "").split()) >= {"made", "hot.more"}
    proxy.console("FINISH")
    assert stage(proxy) == "finished"
    cursor.execute("SELECT id, (SELECT count(more) FROM hot) FROM made")
    assert cursor.fetchall() == [(1, 0)]


def test_force_leaves_them_in_postgresql_and_is_recorded_with_their_names(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    past(proxy, "CREATE TABLE apart (id integer PRIMARY KEY)", "INSERT INTO apart VALUES (1)", "ALTER TABLE hot ADD COLUMN more text", "UPDATE hot SET more = 'x' WHERE id < 3")
    refused(proxy, "SWITCH BACK", "postgres-only")
    assert proxy.console("SHOW FORCED") == []
    proxy.console("SWITCH BACK FORCE")
    recorded = proxy.console("SHOW FORCED")
    assert len(recorded) == 1 and "apart, hot.more" in recorded[0]["gates"], recorded
    cursor = session(proxy)
    cursor.execute("UPDATE hot SET n = 5 WHERE id = 2")
    with pytest.raises(psycopg2.errors.UndefinedTable):
        cursor.execute("SELECT * FROM apart")
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    assert past(proxy, "SELECT id, n, more FROM hot WHERE id < 4 ORDER BY 1") == [(1, 0, "x"), (2, 5, "x"), (3, 0, None)]
    assert past(proxy, "SELECT id FROM apart") == [(1,)]
    proxy.console("SWITCH TO postgres")
    cursor.execute("SELECT more FROM hot, apart WHERE hot.id = 2")
    assert cursor.fetchall() == [("x",)]


SEARCH = ["ALTER TABLE item ADD COLUMN search tsvector", "CREATE FUNCTION found() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.search := to_tsvector('simple', NEW.token); RETURN NEW; END $$",
          "CREATE TRIGGER found BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION found()", "ALTER TABLE item ENABLE ALWAYS TRIGGER found", "UPDATE item SET token = token",
          "CREATE INDEX searched ON item USING gin (search)", "CREATE TABLE stats (id integer PRIMARY KEY)"]


def test_a_search_that_postgresql_alone_has_goes_there_and_back_by_name(crossfade, tmp_path, pg_database):
    """A tsvector kept by a trigger that the owner added: it fires for what the mirror writes, too, and no switch asks about it."""
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database, settings={"gates": ['postgres_only = ["item.search", "STATS", "not_there_yet"]']}), "postgres")
    past(proxy, *SEARCH)
    assert red(proxy) == set(), readiness(proxy)
    cursor = session(proxy)
    query = "SELECT token FROM item WHERE search @@ to_tsquery('simple', %s)"
    say(cursor, ["INSERT INTO item (token) VALUES ('there seen')"])
    cursor.execute(query, ("seen",))
    assert cursor.fetchall() == [("there seen",)]
    past(proxy, "ALTER TABLE item ADD COLUMN other text")
    assert readiness(proxy)["postgres-only"]["value"] == "1"
    past(proxy, "ALTER TABLE item DROP COLUMN other")
    go_back(proxy, ["hot"])
    assert proxy.console("SHOW FORCED") == []
    cursor = session(proxy)
    say(cursor, ["INSERT INTO item (token) VALUES ('here met')", "UPDATE item SET token = 'there met' WHERE token = 'there seen'"])
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    proxy.console("SWITCH TO postgres")
    cursor.execute(query + " ORDER BY 1", ("met",))
    assert cursor.fetchall() == [("here met",), ("there met",)]
    cursor.execute(query, ("seen",))
    assert cursor.fetchall() == []
    assert proxy.console("REPAIR") == []
    proxy.stop()
    pair = ("--sqlite", proxy.sqlite, "--postgres", proxy.pg, "--plan", proxy.plan)
    assert "problem: item.search is not in the plan" in proxy.run("verify", *pair, check=3).stdout
    assert "item  " in proxy.run("verify", "--config", proxy.config(), *pair, check=0).stdout


def test_what_comes_between_the_gates_and_the_guard_ends_the_switch(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    past(proxy, "CREATE TABLE known (id integer PRIMARY KEY)")
    writer, outcome = session(proxy), []

    def back():
        try:
            outcome.append(proxy.console("SWITCH BACK FORCE"))
        except psycopg2.Error as error:
            outcome.append(error)

    say(writer, ["BEGIN", "UPDATE hot SET n = 7 WHERE id = 1"])
    thread = threading.Thread(target=back)
    thread.start()
    wait_until(lambda: "forced" in proxy.log_text(), 20, "the gates to be passed")
    past(proxy, "CREATE TABLE apart (id integer PRIMARY KEY)", "INSERT INTO apart VALUES (1)", "ALTER TABLE item ADD COLUMN more text")
    writer.execute("COMMIT")
    thread.join(40)
    assert isinstance(outcome[0], psycopg2.errors.ObjectNotInPrerequisiteState), outcome
    assert "apart" in outcome[0].diag.message_detail and "item.more" in outcome[0].diag.message_detail and "known" not in outcome[0].diag.message_detail
    assert stage(proxy) == "postgres"
    say(writer, ["UPDATE hot SET n = 8 WHERE id = 1", "INSERT INTO apart VALUES (2)"])
    past(proxy, "DROP TABLE apart, known", "ALTER TABLE item DROP COLUMN more")
    go_back(proxy, ["hot"])


# What went past the proxy, and what is then said through it so that the file has it, too; the tables that are compared.
ADOPTED = {
    "a table": (["CREATE TABLE made (id integer PRIMARY KEY, name text COLLATE \"C\" NOT NULL)", "INSERT INTO made VALUES (1, 'one')"], "CREATE TABLE IF NOT EXISTS made (id integer PRIMARY KEY, name text NOT NULL)", ["made"]),
    "a column": (["ALTER TABLE hot ADD COLUMN more text", "UPDATE hot SET more = 'x' WHERE id = 1"], "ALTER TABLE hot ADD COLUMN IF NOT EXISTS more text", ["hot"]),
    "columns of one, one of them new": (["ALTER TABLE account ADD COLUMN a integer", "UPDATE account SET a = id"], "ALTER TABLE account ADD COLUMN IF NOT EXISTS a integer, ADD COLUMN IF NOT EXISTS b integer DEFAULT 3", ["account"]),
    "a dropped column": (["ALTER TABLE direct DROP COLUMN n"], "ALTER TABLE direct DROP COLUMN IF EXISTS n", ["direct"]),
    "another type": (["ALTER TABLE hot ALTER COLUMN n TYPE numeric(30,2) USING n + 0.25"], "ALTER TABLE hot ALTER COLUMN n TYPE numeric(30,2)", ["account"]),
    "a dropped table": (["DROP TABLE ticket"], "DROP TABLE IF EXISTS ticket", ["account"]),
}


def test_what_went_past_the_proxy_is_taken_over_when_it_is_said_again_with_if(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    cursor = session(proxy)
    for statements, _, _ in ADOPTED.values():
        past(proxy, *statements)
    assert red(proxy) == {"schema", "postgres-only"}
    for wrong in ("CREATE TABLE IF NOT EXISTS made (id integer PRIMARY KEY)", "CREATE TABLE IF NOT EXISTS made (id integer PRIMARY KEY, name text NOT NULL, more text)",
                  "ALTER TABLE hot ADD COLUMN IF NOT EXISTS more integer", "CREATE TABLE IF NOT EXISTS made (id bigint PRIMARY KEY, name text NOT NULL)"):
        with pytest.raises(psycopg2.errors.FeatureNotSupported):
            cursor.execute(wrong)
    cursor.execute("INSERT INTO made VALUES (2, 'two')")
    for statement in [said for _, said, _ in ADOPTED.values()]:
        cursor.execute(statement)
    wait_until(lambda: red(proxy) == set(), 20, "the gates")
    assert wrong_triggers(proxy) == []
    say(cursor, ["INSERT INTO made VALUES (3, 'three')", "UPDATE hot SET more = 'y' WHERE id = 2"])
    tables = sorted({table for _, _, names in ADOPTED.values() for table in names})
    assert_equal_there(proxy, tables)
    assert past(proxy, "SELECT count(more), min(n)::text FROM hot") == [(2, "0.25")]
    block(cursor, ["CREATE TABLE IF NOT EXISTS later (id integer PRIMARY KEY)", "INSERT INTO later VALUES (1)"])
    go_back(proxy, tables + ["later"])
    cursor.execute("SELECT id, name FROM made ORDER BY 1")
    assert cursor.fetchall() == [(1, "one"), (2, "two"), (3, "three")]
    cursor.execute("SELECT n::text, more FROM hot WHERE id = 1")
    assert cursor.fetchall() == [("0.25", "x")]
    cursor.connection.close()
    verified(proxy)


def test_tables_with_something_of_postgresql_s_own_are_changed_as_any_other(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database, settings={"gates": ['postgres_only = ["item.search", "hot.own", "apart"]']}), "postgres")
    past(proxy, *SEARCH[:-1], "ALTER TABLE hot ADD COLUMN own integer DEFAULT 7", "CREATE TABLE apart (id integer PRIMARY KEY)")
    cursor = session(proxy)
    say(cursor, ["ALTER TABLE item ADD COLUMN kind text DEFAULT 'k'", "UPDATE item SET kind = 'x' WHERE id < 5", "ALTER TABLE item ALTER COLUMN kind SET NOT NULL", "CREATE INDEX by_kind ON item (kind)",
                 "ALTER TABLE item RENAME COLUMN kind TO sort", "ALTER TABLE ticket RENAME TO slip", "INSERT INTO item (token, sort) VALUES ('a word', 'y')"])
    block(cursor, ["ALTER TABLE item ALTER COLUMN sort TYPE varchar(9)", "INSERT INTO apart VALUES (1)"])
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="cold.own in PostgreSQL alone"):
        cursor.execute("ALTER TABLE hot RENAME TO cold")
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="something else"):
        cursor.execute("DROP TABLE IF EXISTS apart")
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    assert proxy.console("REPAIR") == [] and red(proxy) == set()
    cursor.execute("DROP TABLE hot CASCADE")
    wait_until(lambda: caught_up(proxy) and red(proxy) == set(), 20, "the mirror")
    proxy.console("SWITCH BACK")
    cursor = session(proxy)
    say(cursor, ["INSERT INTO item (token, sort) VALUES ('another word', 'z')", "SELECT count(*) FROM item WHERE sort = 'x'"])
    assert cursor.fetchall() == [(4,)]
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    assert past(proxy, "SELECT token FROM item WHERE search @@ to_tsquery('simple', 'word') ORDER BY 1") == [("a word",), ("another word",)]


def test_what_is_taken_over_stands_or_falls_with_its_transaction(crossfade, tmp_path, pg_database):
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    past(proxy, "CREATE TABLE owner (id serial PRIMARY KEY, name varchar(20))", "INSERT INTO owner (name) SELECT 'o' || i FROM generate_series(1, 500) i",
         "CREATE TABLE thing (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, of integer NOT NULL REFERENCES owner, at timestamptz DEFAULT now(), price numeric(8,2))",
         "INSERT INTO thing (of, price) SELECT i, i * 1.5 FROM generate_series(1, 500) i", "ALTER TABLE account ADD COLUMN since date DEFAULT '2024-01-01'")
    said = ["CREATE TABLE IF NOT EXISTS owner (id serial PRIMARY KEY, name varchar(20))",
            "CREATE TABLE IF NOT EXISTS thing (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, of integer NOT NULL REFERENCES owner, at timestamptz DEFAULT now(), price numeric(8,2))",
            "ALTER TABLE account ADD COLUMN IF NOT EXISTS since date DEFAULT '2024-01-01'"]
    cursor, names = session(proxy), readiness(proxy)["postgres-only"]["reason"]
    block(cursor, [*said, "INSERT INTO owner (name) VALUES ('gone')"], "ROLLBACK")
    block(cursor, ["SAVEPOINT a", *said, "ROLLBACK TO a"])
    assert readiness(proxy)["postgres-only"]["reason"] == names and names.startswith("account.since, owner, thing")
    with pytest.raises(psycopg2.errors.DivisionByZero):
        cursor.execute("; ".join([*said, "SELECT 1 / 0"]))
    writer = session(proxy)
    writer.execute("INSERT INTO owner (name) VALUES ('before')")
    cursor.execute("; ".join([*said, "INSERT INTO thing (of, price) VALUES (500, 7)"]))
    say(writer, ["INSERT INTO owner (name) VALUES ('behind')", "DELETE FROM thing WHERE id = 3", "UPDATE account SET since = '2024-02-02' WHERE id = 2", "DELETE FROM owner WHERE id = 3"])
    wait_until(lambda: red(proxy) == set() and caught_up(proxy), 20, "the gates")
    assert wrong_triggers(proxy) == []
    go_back(proxy, ["owner", "thing", "account"])
    cursor = session(proxy)
    say(cursor, ["INSERT INTO owner (name) VALUES ('here') RETURNING id"])
    assert cursor.fetchone()[0] > 502, "the sequence goes on"
    cursor.execute("SELECT count(*), sum(price)::text, count(at), (SELECT count(since) FROM account) FROM thing")
    assert cursor.fetchall() == [(500, "187877.50", 500, 10)]
    cursor.connection.close()
    wait_until(lambda: caught_up(proxy), 20, "the mirror")
    verified(proxy)


EVERY_TYPE = ["smallint", "integer", "bigint", "real", "double precision", "numeric", "numeric(12,3)", "text", "varchar", "varchar(7)", "char(3)", "boolean", "date", "time", "time(3)", "timestamp", "timestamp(0)", "timestamptz",
              "timestamptz(3)", "interval", "uuid", "bytea", "json", "jsonb", "integer[]", "text[]", "positive", "short"]


def test_no_type_and_no_key_that_the_mirror_makes_itself_is_taken_for_a_difference(crossfade, tmp_path, pg_database):
    proxy = serve_pair(crossfade, tmp_path, pg_database)
    cursor = session(proxy)
    say(cursor, ["CREATE DOMAIN positive AS integer CHECK (VALUE > 0)", "CREATE DOMAIN short AS varchar(5)"])
    made, refused_types = [], []
    for place, kind in enumerate(EVERY_TYPE):
        for name, sql in ((f"c{place}", f"CREATE TABLE c{place} (id integer PRIMARY KEY, v {kind}, w {kind} NOT NULL)"), (f"k{place}", f"CREATE TABLE k{place} (id {kind}, n integer, PRIMARY KEY (n, id))")):
            try:
                cursor.execute(sql)
                made.append(name)
            except psycopg2.Error as error:
                assert error.pgcode in ("0A000", "42704"), (sql, error)
                refused_types.append(kind)
    assert len(made) > 40, refused_types
    bring(proxy, "postgres")
    assert red(proxy) == set(), readiness(proxy)
    for place, kind in enumerate(EVERY_TYPE):
        if kind not in (*refused_types, "positive", "short"):  # domains of stage sqlite are the file's
            cursor.execute(f"CREATE TABLE d{place} (id integer PRIMARY KEY, v {kind})")
    wait_until(lambda: readiness(proxy)["schema"]["value"] != "unknown", 30, "the mirror")
    assert red(proxy) == set(), readiness(proxy)
    proxy.console("SWITCH BACK")


def test_a_legacy_file_has_no_difference_either(crossfade, tmp_path, pg_database, chinook):
    plan = tmp_path / "chinook.toml"
    proxy = crossfade(sqlite=chinook, postgres=pg_database)
    proxy.stop()
    proxy.run("plan", chinook, "-o", plan)
    proxy = crossfade(sqlite=chinook, postgres=pg_database, plan=plan)
    bring(proxy, "postgres")
    assert red(proxy) == set(), readiness(proxy)
    proxy.console("SWITCH BACK")


def test_no_gate_is_red_for_a_change_that_is_on_its_way(crossfade, tmp_path, pg_database):
    """SHOW READINESS looks at both sides while changes are said, carried and forgotten."""
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database), "postgres")
    ended, wrong, looks = threading.Event(), [], []

    def watch():
        while not ended.is_set():
            shown = readiness(proxy)
            looks.append(1)
            wrong.extend(row for row in shown.values() if row["state"] == "red" and ("triggers" in row["reason"] or row["gate"] in ("schema", "postgres-only") and row["value"] != "unknown"))

    threads = [threading.Thread(target=watch) for _ in range(4)]
    for thread in threads:
        thread.start()
    cursor, end, said = session(proxy), time.monotonic() + 10, 0
    while time.monotonic() < end or said <= 5 or len(looks) <= 50:  # a slow machine takes longer
        said += 1
        say(cursor, [f"CREATE TABLE made{said} (id integer PRIMARY KEY)", f"ALTER TABLE hot ADD COLUMN c{said} integer", f"DROP TABLE made{said}", f"ALTER TABLE hot DROP COLUMN c{said}"])
    ended.set()
    for thread in threads:
        thread.join(30)
    assert wrong == [], (len(wrong), wrong[:2], len(looks), said)
    go_back(proxy, ["hot"])
