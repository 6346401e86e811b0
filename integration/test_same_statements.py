"""Short scripts, a feature each, run on SQLite through Crossfade and on PostgreSQL 15: statement by statement the same columns, type
OIDs, rows, row counts and SQLSTATEs. Nothing here may be refused (0A000) unless PostgreSQL refuses it too."""
import pathlib

import differential
import pytest
from servers import Crossfade

SCRIPTS = {path.stem: path.read_text() for path in sorted((pathlib.Path(__file__).parent / "same").glob("*.sql"))}


@pytest.fixture(scope="module")
def both(tmp_path_factory, postgres):
    proxy = Crossfade(folder=tmp_path_factory.mktemp("same"), sqlite=tmp_path_factory.mktemp("same-db") / "d.db").start()
    yield proxy, postgres
    proxy.stop()


def statements(script):
    """Those that end with a semicolon at the end of a line; comments have lines of their own."""
    text = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return [statement.strip() for statement in text.split(";\n") if statement.strip()]


def plain(result, statement):
    """Rows without ORDER BY are a multiset; what an error says is told by its SQLSTATE. The OID of a type that a script has made is each
    server's own."""
    result = {key: value for key, value in result.items() if key != "message"}
    if "columns" in result:
        result["columns"] = [(name, code if code < 16384 else "made", size) for name, code, size in result["columns"]]
    if "rows" in result and "ORDER BY" not in statement.upper():
        result["rows"] = sorted(result["rows"], key=repr)
    return result


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_statement_of_the_script_means_the_same(both, name):
    proxy, postgres = both
    through, direct = differential.connect(proxy.url()), differential.connect(postgres.conninfo(postgres.create_database()))
    different = []
    for statement in statements(SCRIPTS[name]):
        ours, theirs = differential.run(through, statement), differential.run(direct, statement)
        if plain(ours, statement) != plain(theirs, statement):
            different.append(f"{statement}\n  ours:       {ours}\n  PostgreSQL: {theirs}")
    tables = [row[0] for row in differential.run(direct, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY oid DESC")["rows"]]
    for connection in (through, direct):
        for view in [row[0] for row in differential.run(direct, "SELECT viewname FROM pg_views WHERE schemaname = 'public'")["rows"]]:
            differential.run(connection, f'DROP VIEW IF EXISTS "{view}"')
    for table in tables:
        differential.run(through, f'DROP TABLE IF EXISTS "{table}"')
    through.close()
    direct.close()
    assert not different, "\n".join(different)


@pytest.mark.parametrize("statement", [
    "UPDATE own SET n = n + 1 RETURNING id, (SELECT sum(n) FROM own)",
    "UPDATE own SET n = n + 1 RETURNING id, (SELECT sum(n) FROM over_own)",
    "DELETE FROM own RETURNING id, (SELECT count(*) FROM own y WHERE y.id <= own.id)",
    "INSERT INTO own VALUES (5, 1) RETURNING (SELECT count(*) FROM own)",
    "INSERT INTO own VALUES (1, 0), (2, 0) ON CONFLICT (id) DO UPDATE SET n = (SELECT sum(y.n) FROM own y WHERE y.id <= excluded.id)",
    "WITH c AS (DELETE FROM own WHERE id = 1 RETURNING id) SELECT id, (SELECT count(*) FROM over_own) FROM c",
    "WITH c AS (INSERT INTO own VALUES (3, 3) RETURNING n) UPDATE own SET n = 0 FROM c WHERE own.n <= c.n",
    "WITH c AS (INSERT INTO own VALUES (3, 3) RETURNING n) DELETE FROM own USING c WHERE own.n <= c.n",
    "WITH c AS (DELETE FROM own WHERE id = 1 RETURNING id) SELECT count(*) FROM child",
    "WITH c AS (DELETE FROM own WHERE id = 1 RETURNING id), d AS (DELETE FROM child RETURNING id) SELECT count(*) FROM d",
    "WITH c AS (DELETE FROM own WHERE id = 1 RETURNING id) SELECT count(*) FROM grandchild",
    "WITH c AS (UPDATE own SET id = 9 WHERE id = 1 RETURNING id) SELECT own_id FROM child",
    "DELETE FROM own WHERE id = 1 RETURNING (SELECT count(*) FROM child)",
    "UPDATE own SET id = 9 WHERE id = 1 RETURNING (SELECT min(own_id) FROM child)",
    "WITH c AS (UPDATE own SET n = 9 RETURNING n) SELECT count(*) FROM by_generated",
])
def test_a_subquery_that_would_see_the_statement_s_own_changes_is_refused(both, statement):
    """PostgreSQL's sees the rows as they were: these gave others."""
    through = differential.connect(both[0].url())
    differential.run(through, "CREATE TABLE own (id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED UNIQUE)")
    differential.run(through, "CREATE VIEW over_own AS SELECT * FROM own")
    differential.run(through, "INSERT INTO own VALUES (1, 1), (2, 2)")
    differential.run(through, "CREATE TABLE child (id int PRIMARY KEY, own_id int REFERENCES own ON DELETE CASCADE ON UPDATE CASCADE)")
    differential.run(through, "CREATE TABLE by_generated (twice int REFERENCES own (twice) ON UPDATE CASCADE)")
    differential.run(through, "CREATE TABLE grandchild (child_id int REFERENCES child ON DELETE SET NULL)")
    assert differential.run(through, statement)["state"] == "0A000"
    assert differential.run(through, "SELECT id, n FROM own ORDER BY id")["rows"] == [("1", "1"), ("2", "2")]
    differential.run(through, "DROP VIEW over_own")
    for table in ("by_generated", "grandchild", "child", "own"):
        differential.run(through, f"DROP TABLE {table}")
    through.close()
