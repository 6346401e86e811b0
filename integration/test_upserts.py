"""Upserts into the tables of a legacy file."""
import sqlite3

import psycopg2
import pytest


@pytest.fixture
def session(crossfade, tmp_path):
    with sqlite3.connect(tmp_path / "legacy.db") as made:
        made.executescript("CREATE TABLE pairs (a INTEGER NOT NULL, b TEXT NOT NULL, v TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;"
                           "INSERT INTO pairs VALUES (1, 'x', 'p'), (1, 'y', 'q');")
    connection = crossfade(sqlite=tmp_path / "legacy.db").connect()
    connection.autocommit = True
    yield connection.cursor()
    connection.close()


UPSERT = "INSERT INTO pairs VALUES {} ON CONFLICT (a, b) DO UPDATE SET v = excluded.v || '!' RETURNING a, b, v, xmax = 0"


@pytest.mark.parametrize("around", ["{}", "WITH changed AS ({}) SELECT * FROM changed"])
def test_rows_without_a_number_are_told_apart_by_their_values(session, around):
    """SQLite's hook gives numbers of no meaning there: two rows were one, 21000."""
    session.execute(around.format(UPSERT.format("(1, 'x', 'a'), (1, 'y', 'b'), (2, 'x', 'c')")))
    assert session.fetchall() == [(1, "x", "a!", False), (1, "y", "b!", False), (2, "x", "c", True)]
    for rows in ("(1, 'x', 'a'), (1, 'x', 'b')", "(3, 'x', 'a'), (3, 'x', 'b')"):
        with pytest.raises(psycopg2.errors.CardinalityViolation):
            session.execute(around.format(UPSERT.format(rows)))
    session.execute("SELECT count(*), max(v) FROM pairs")
    assert session.fetchall() == [(3, "c")]
