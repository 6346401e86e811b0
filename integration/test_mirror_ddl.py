"""Changes of the schema while both sides live: refused by every way to say them, before anything is changed; temporary objects are nobody's business."""
import sqlite3

import psycopg2
import psycopg2.errors
import pytest

from servers import wait_until
from test_mirror_workloads import caught_up, serve_pair, stage

DDL = ["CREATE TABLE made (id integer PRIMARY KEY)", "CREATE TABLE made AS SELECT 1 AS n", "SELECT 1 AS n INTO made", "ALTER TABLE hot ADD COLUMN more text", "ALTER TABLE hot RENAME TO cold",
       "ALTER TABLE hot RENAME COLUMN n TO m", "ALTER TABLE hot DROP COLUMN n", "DROP TABLE direct", "CREATE INDEX made ON hot (n)", "CREATE UNIQUE INDEX CONCURRENTLY made ON hot (n)",
       "CREATE VIEW made AS SELECT * FROM hot", "CREATE SEQUENCE made", "DROP TABLE IF EXISTS direct CASCADE"]
HARMLESS = ["CREATE TABLE IF NOT EXISTS hot (id integer PRIMARY KEY, n integer NOT NULL)", "DROP TABLE IF EXISTS nobodys", "CREATE TEMP TABLE mine (id integer)", "TRUNCATE direct"]


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


@pytest.mark.parametrize("at", ["copy", "shadow", "canary", "postgres"])
def test_ddl_is_refused_before_anything_changes_while_both_sides_live(crossfade, tmp_path, pg_database, at):
    proxy = serve_pair(crossfade, tmp_path, pg_database)
    for wanted in ("copy", "shadow", "canary", "postgres"):
        if stage(proxy) != at:
            proxy.console(f"SWITCH TO {wanted}")
    before = schemas(proxy)
    client = proxy.connect()
    client.autocommit = True
    cursor = client.cursor()
    ways = {"alone": "{}", "behind a change, in one message": "UPDATE hot SET n = 4711 WHERE id = 1; {}", "behind a comment": "/* tool */ -- x\n{}"}
    for sql in DDL:
        for way, text in ways.items():
            with pytest.raises(psycopg2.errors.FeatureNotSupported, match=f'is not supported in stage "{at}"') as refused:
                cursor.execute(text.format(sql))
            assert "Change the schema in stage `sqlite` or after FINISH" in refused.value.diag.message_hint, (sql, way)
    cursor.execute("SELECT n FROM hot WHERE id = 1")
    assert cursor.fetchall() == [(0,)], "what came before it in the message is undone, too"
    cursor.execute("BEGIN")
    with pytest.raises(psycopg2.errors.FeatureNotSupported):
        cursor.execute(DDL[3])
    cursor.execute("ROLLBACK")
    for sql in HARMLESS + (["DROP TABLE mine"] if at != "postgres" else []):  # there nobody knows that it is a temporary one
        cursor.execute(sql)
    client.close()
    assert schemas(proxy) == before
    wait_until(lambda: caught_up(proxy), 30, "the mirror")
