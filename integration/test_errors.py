"""What PostgreSQL says of a broken constraint, field by field: the same statement on SQLite through Crossfade and on PostgreSQL."""
import sqlite3

import psycopg2
import psycopg2.errors
import pytest

FIXTURE = """
CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE, a INTEGER, b VARCHAR(5), UNIQUE (a, b));
CREATE TABLE child (id SERIAL PRIMARY KEY, parent_id INTEGER REFERENCES parent(id), a INTEGER, b VARCHAR(5),
                    price NUMERIC(8,2) NOT NULL CHECK (price > 0), low INTEGER, high INTEGER, CHECK (low <= high),
                    at TIMESTAMP, note TEXT CONSTRAINT short_note CHECK (length(note) < 100), CONSTRAINT pair FOREIGN KEY (a, b) REFERENCES parent (a, b));
CREATE TABLE strict (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent(id) ON DELETE RESTRICT);
CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree(id));
CREATE TABLE kinds (id INTEGER PRIMARY KEY, small SMALLINT, name VARCHAR(3), fixed CHAR(3), n NUMERIC(4,1), ok BOOLEAN, raw BYTEA, day DATE, u UUID UNIQUE,
                    at TIMESTAMPTZ UNIQUE);
CREATE TABLE twice (a INTEGER, b TEXT);
INSERT INTO parent VALUES (1, 'one', 1, 'x'), (2, 'two', 2, 'y'), (3, NULL, NULL, NULL);
INSERT INTO child (parent_id, a, b, price, low, high) VALUES (1, 1, 'x', 1.50, 1, 2);
INSERT INTO strict VALUES (1, 2);
INSERT INTO tree VALUES (1, NULL), (2, 1);
INSERT INTO kinds VALUES (1, 1, 'abc', 'x', 1.5, true, '\\xff', '2024-02-29', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-01-01 00:00:00+00');
INSERT INTO twice VALUES (1, 'x'), (2, 'y'), (1, 'x');
"""

STATEMENTS = [line for line in r"""
INSERT INTO parent VALUES (1, 'other', 9, 'z')
INSERT INTO parent VALUES (9, 'one', 9, 'z')
INSERT INTO parent VALUES (9, 'nine', 1, 'x')
INSERT INTO parent VALUES (9, 'nine', 9, 'z'), (9, 'ten', 10, 'z')
INSERT INTO parent SELECT id + 1, NULL, NULL, NULL FROM parent WHERE id < 3 ORDER BY id
UPDATE parent SET id = 2 WHERE id = 3
UPDATE parent SET code = 'one' WHERE id = 3
UPDATE parent SET a = 1, b = 'x' WHERE id = 3
INSERT INTO parent VALUES (9, 'a very long value of more than sixty-four bytes, cut nowhere in the key of this message', 9, 'z'), (10, 'a very long value of more than sixty-four bytes, cut nowhere in the key of this message', 9, 'y')
INSERT INTO parent (id, code) VALUES (9, 'one') ON CONFLICT (id) DO NOTHING
INSERT INTO parent (id, code) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET code = 'two'
INSERT INTO child (id, parent_id, price) VALUES (51, 1, NULL)
INSERT INTO child (id, parent_id, price, at, note) VALUES (51, 1, NULL, '2024-02-29 12:00:00.5', 'a text that is longer than the sixty-four bytes that PostgreSQL shows of a value in a row')
INSERT INTO child (id, parent_id, price, note) VALUES (51, 1, NULL, 'ein Text mit Ümläuten, damit die Grenze ins Zeichen fällt: äöüäöüäöüäöü')
INSERT INTO child (id, parent_id, price) VALUES (51, 1, 0)
INSERT INTO child (id, parent_id, price) VALUES (51, 1, -1.005)
INSERT INTO child (id, parent_id, price, low, high) VALUES (51, 1, 1, 3, 2)
INSERT INTO child (id, parent_id, price, note) VALUES (51, 1, 1, '0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789')
INSERT INTO child (id, parent_id, price) VALUES (51, 1, 1), (52, 1, 2), (53, 1, 0)
UPDATE child SET price = 0
UPDATE child SET price = NULL
UPDATE child SET low = 5
INSERT INTO child (id, parent_id, price) VALUES (51, 77, 1)
INSERT INTO child (id, parent_id, price) VALUES (51, 1, 1), (52, 78, 1)
INSERT INTO child (id, a, b, price) VALUES (51, 1, 'y', 1)
UPDATE child SET parent_id = 79
DELETE FROM parent WHERE id = 1
DELETE FROM parent WHERE id = 2
DELETE FROM strict; DELETE FROM parent
UPDATE parent SET id = 10 WHERE id = 1
UPDATE parent SET a = 10 WHERE id = 1
UPDATE child SET a = 5
INSERT INTO tree VALUES (5, 6)
INSERT INTO tree VALUES (1, 6)
UPDATE tree SET up = 9 WHERE id = 1
DELETE FROM tree WHERE id = 1
INSERT INTO kinds (id, small) VALUES (2, 40000)
INSERT INTO kinds (id, name) VALUES (2, 'abcd')
INSERT INTO kinds (id, fixed) VALUES (2, 'abcd')
INSERT INTO kinds (id, n) VALUES (2, 12345.6)
INSERT INTO kinds (id, u) VALUES (2, 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11')
INSERT INTO kinds (id, at) VALUES (2, '2024-01-01 02:00:00+02')
INSERT INTO kinds (id, small, name, fixed, n, ok, raw, day, u) VALUES (NULL, 1, 'abc', 'x', 1.5, true, '\xff', '2024-02-29', NULL)
INSERT INTO kinds (id) VALUES (NULL)
CREATE UNIQUE INDEX twice_a ON twice (a)
CREATE UNIQUE INDEX twice_ab ON twice (a, b)
INSERT INTO kinds (id, day) VALUES (2, 'not a day')
INSERT INTO parent (id, code) VALUES (9, 'one') ON CONFLICT ON CONSTRAINT parent_pkey DO NOTHING
INSERT INTO parent (id, code) VALUES (9, 'one') ON CONFLICT ON CONSTRAINT parent_code_key DO NOTHING
INSERT INTO parent (id, code) VALUES (9, 'one') ON CONFLICT ON CONSTRAINT nowhere DO NOTHING
""".splitlines() if line]

FIELDS = ("sqlstate", "message_primary", "message_detail", "schema_name", "table_name", "column_name", "constraint_name")


def answer(connection, sql):
    """The error's fields; None when there is none. Nothing of the statement stays."""
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
        return None
    except psycopg2.Error as error:
        return {field: getattr(error.diag, field) for field in FIELDS}
    finally:
        connection.rollback()


@pytest.fixture
def both(crossfade, tmp_path, postgres):
    served = crossfade(sqlite=tmp_path / "errors.db")
    connections = [served.connect(), psycopg2.connect(postgres.conninfo(postgres.create_database()))]
    for connection in connections:
        connection.cursor().execute(FIXTURE)
        connection.commit()
    yield connections
    for connection in connections:
        connection.close()


def test_every_broken_constraint_is_told_as_postgresql_tells_it(both):
    ours, theirs = both
    different = []
    for sql in STATEMENTS:
        got, wanted = answer(ours, sql), answer(theirs, sql)
        if got != wanted:
            different.append(f"{sql}\n  ours   {got}\n  theirs {wanted}")
    assert not different, "\n".join(different)


def test_an_error_leaves_what_came_before_it_in_the_transaction_untouched(both):
    answers = []
    for connection in both:
        cursor = connection.cursor()
        cursor.execute("INSERT INTO parent VALUES (20, 'twenty', 20, 'q')")
        cursor.execute("SAVEPOINT s")
        with pytest.raises(psycopg2.errors.UniqueViolation) as failure:
            cursor.execute("INSERT INTO parent VALUES (21, 'x', 21, 'q'), (20, 'y', 22, 'q')")
        cursor.execute("ROLLBACK TO s")
        cursor.execute("SELECT id, code FROM parent WHERE id >= 20 ORDER BY id")
        answers.append((failure.value.diag.message_detail, cursor.fetchall()))
        connection.rollback()
    assert answers[0] == answers[1]


def test_a_detail_follows_the_settings_of_the_session(both):
    answers = []
    for connection in both:
        cursor = connection.cursor()
        cursor.execute("SET TimeZone = 'America/New_York'")
        cursor.execute("SAVEPOINT s")
        with pytest.raises(psycopg2.errors.UniqueViolation) as failure:
            cursor.execute("INSERT INTO kinds (id, at) VALUES (5, '2024-01-01 00:00:00+00')")
        answers.append(failure.value.diag.message_detail)
        connection.rollback()
    assert answers[0] == answers[1]
    assert "-05" in answers[0]


def test_constraints_without_a_name_are_named_as_postgresql_names_them(both):
    tables = ["CREATE TABLE n1 (a INTEGER CHECK (a > 0) CHECK (a < 9), b INTEGER, CHECK (b > 0), CHECK (a > b))",
              "CREATE TABLE n2 (a INTEGER CHECK (a > b), b INTEGER UNIQUE, c INTEGER, UNIQUE (a, c))",
              f"CREATE TABLE {'n' * 60} ({'c' * 60} INTEGER UNIQUE)"]
    tries = ["INSERT INTO n1 VALUES (0, 2)", "INSERT INTO n1 VALUES (9, 2)", "INSERT INTO n1 VALUES (1, 0)", "INSERT INTO n1 VALUES (NULL, -1)",
             "INSERT INTO n2 VALUES (1, 2, 3)", "INSERT INTO n2 VALUES (4, 2, 3), (5, 2, 4)", "INSERT INTO n2 VALUES (4, 2, 3), (4, 3, 3)",
             f"INSERT INTO {'n' * 60} VALUES (1), (1)"]
    for connection in both:
        for table in tables:
            connection.cursor().execute(table)
        connection.commit()
    ours, theirs = both
    assert [answer(ours, sql) for sql in tries] == [answer(theirs, sql) for sql in tries]


def test_prepared_values_and_volatile_ones(both):
    """A random value would not be the same in a second look: its detail may be missing, but never wrong."""
    for connection in both:
        cursor = connection.cursor()
        with pytest.raises(psycopg2.errors.CheckViolation) as failure:
            cursor.execute("INSERT INTO child (parent_id, price, note) VALUES (1, -1, gen_random_uuid()::text)")
        assert failure.value.diag.constraint_name == "child_price_check"
        connection.rollback()


def test_a_serial_key_is_the_one_that_the_row_would_have_got(both):
    for connection in both:
        connection.cursor().execute("CREATE TABLE counted (id SERIAL PRIMARY KEY, n INTEGER NOT NULL CHECK (n > 0), u INTEGER UNIQUE)")
        connection.cursor().execute("INSERT INTO counted (n, u) VALUES (1, 1), (2, 2)")
        connection.commit()
    ours, theirs = both
    failing = "INSERT INTO counted (n, u) VALUES (3, 3), (4, 4), (0, 5)"
    assert answer(ours, failing) == answer(theirs, failing)
    assert answer(ours, "INSERT INTO counted (n) VALUES (NULL)")["message_detail"] == "Failing row contains (3, null, null)."


def test_a_file_of_others_has_its_own_names_and_rows(crossfade, tmp_path):
    path = tmp_path / "legacy.db"
    with sqlite3.connect(path) as file:
        file.executescript("""
            CREATE TABLE Users (ID INTEGER PRIMARY KEY AUTOINCREMENT, Email TEXT UNIQUE, Age INTEGER CHECK (Age > 0), Born DATE);
            CREATE TABLE words (word TEXT);
            CREATE UNIQUE INDEX words_lower ON words (lower(word));
            INSERT INTO words VALUES ('abc');
            CREATE TABLE log (at TEXT, what TEXT NOT NULL);
            CREATE TRIGGER logged AFTER INSERT ON Users WHEN new.Age = 99 BEGIN INSERT INTO log VALUES ('now', NULL); END;
            INSERT INTO Users VALUES (7, 'a@b', 5, NULL);
        """)
    connection = crossfade(sqlite=path).connect()
    assert answer(connection, "INSERT INTO users (email, age) VALUES ('a@b', 1)") == {
        "sqlstate": "23505", "message_primary": 'duplicate key value violates unique constraint "users_email_key"',
        "message_detail": "Key (email)=(a@b) already exists.", "schema_name": "public", "table_name": "users", "column_name": None,
        "constraint_name": "users_email_key"}
    assert answer(connection, "INSERT INTO users (email, age) VALUES ('x', 0)")["message_detail"] == "Failing row contains (8, x, 0, null)."
    # An index over an expression shows it as the file spells it.
    error = answer(connection, "INSERT INTO words VALUES ('ABC')")
    assert (error["constraint_name"], error["message_detail"]) == ("words_lower", "Key (lower(word))=(abc) already exists.")
    # The row that failed is the trigger's, not the statement's: nothing is said of it.
    assert answer(connection, "INSERT INTO users (email, age) VALUES ('x', 99)")["message_detail"] is None


def test_a_stored_value_that_does_not_fit_names_its_table_column_and_rowid(crossfade, tmp_path):
    path = tmp_path / "misfit.db"
    with sqlite3.connect(path) as file:
        file.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (3, 1), (5, 'five'), (9, 2)")
    connection = crossfade(sqlite=path).connect()
    error = None
    cursor = connection.cursor()
    with pytest.raises(psycopg2.errors.InvalidTextRepresentation) as error:
        cursor.execute("SELECT id, n FROM t ORDER BY id")
    assert error.value.diag.table_name == "t" and error.value.diag.column_name == "n"
    assert "rowid 5" in error.value.diag.message_detail
