"""`plan --into-existing`: into the tables that the application has made itself in PostgreSQL, here by Django's own migrations."""
import contextlib
import decimal
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap

import psycopg2
import pytest

from servers import crossfade_binary, wait_until
from verbs import Move, run

BOOKS = 1_500
# Both sides have the column; only PostgreSQL has what the triggers write to.
IN_FILE = "ALTER TABLE library_book ADD COLUMN title_length integer GENERATED ALWAYS AS (length(title)) VIRTUAL"
IN_POSTGRES = """
ALTER TABLE library_book ADD COLUMN title_length integer GENERATED ALWAYS AS (length(title)) STORED;
ALTER TABLE library_book ADD COLUMN seen_at timestamptz DEFAULT now();
ALTER TABLE library_author ADD COLUMN nickname text;
CREATE TABLE audit (what text);
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (TG_OP); NEW.title = upper(NEW.title); RETURN NEW; END $$;
CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON library_book FOR EACH ROW EXECUTE FUNCTION shout();
"""
MODELS = """
    import uuid
    from django.db import models

    class Author(models.Model):
        name = models.CharField(max_length=40, unique=True, db_column="displayName")
        favourite = models.ForeignKey("Book", null=True, on_delete=models.SET_NULL, related_name="+")  # and back: a cycle

    class Book(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        title = models.CharField(max_length=80, db_index=True)
        author = models.ForeignKey(Author, on_delete=models.CASCADE)
        price = models.DecimalField(max_digits=8, decimal_places=2)
        in_print = models.BooleanField()
        meta = models.JSONField()
        published = models.DateField(null=True)
        changed = models.DateTimeField()
        rating = models.FloatField(null=True)
        cover = models.BinaryField(null=True)
"""
PROJECT = """
    import datetime, decimal, sys, uuid
    import django
    from django.conf import settings
    engine, name, port = sys.argv[1:4]
    settings.configure(INSTALLED_APPS=["library"], DEFAULT_AUTO_FIELD="django.db.models.AutoField", USE_TZ=True, TIME_ZONE="UTC", DATABASES={"default": {
        "ENGINE": "django.db.backends." + engine, "NAME": name, "HOST": "127.0.0.1" if port else "", "PORT": port, "USER": "postgres"}})
    django.setup()
    from django.core.management import call_command
    if engine == "sqlite3":
        call_command("makemigrations", "library", verbosity=0)
    call_command("migrate", verbosity=0)
    if engine == "sqlite3":
        from library.models import Author, Book
        authors = [Author.objects.create(name=f"Author {n}") for n in range(3)]
        start = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc)
        books = Book.objects.bulk_create([Book(
            title=f"Book {n}", author=authors[n % 3], price=decimal.Decimal(n) / 100, in_print=n % 2 == 0, meta={"b": n, "a": ["x", None]},
            published=None if n % 7 == 0 else datetime.date(2020, 1, 1) + datetime.timedelta(days=n), changed=start + datetime.timedelta(seconds=n, microseconds=n % 5),
            rating=n / 3, cover=bytes([n % 256])) for n in range(int(sys.argv[4]))], 400)
        authors[0].favourite = books[1]
        authors[0].save()
"""


@pytest.fixture(scope="module")
def project(postgres):
    """A file filled by Django, and a PostgreSQL database with the same migrations and no rows."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-django-"))
    (folder / "library" / "migrations").mkdir(parents=True)
    for name, text in (("library/__init__.py", ""), ("library/migrations/__init__.py", ""), ("library/models.py", MODELS), ("project.py", PROJECT)):
        (folder / name).write_text(textwrap.dedent(text))
    template = postgres.create_database()
    for arguments in (("sqlite3", "app.db", "", BOOKS), ("postgresql", template, postgres.port, 0)):
        done = subprocess.run([sys.executable, "project.py", *map(str, arguments)], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    with contextlib.closing(sqlite3.connect(folder / "app.db")) as file:
        file.execute(IN_FILE)
    connection = postgres.connect(template)
    connection.cursor().execute(IN_POSTGRES)
    connection.close()
    yield folder / "app.db", template
    shutil.rmtree(folder)


class Existing(Move):
    """A copy of the project's file, on its way into a database of its own."""

    def __init__(self, postgres, file, conninfo, folder):
        super().__init__(file, conninfo, folder)
        self.postgres = postgres

    def sql(self, statement, *parameters):
        with contextlib.closing(psycopg2.connect(self.conninfo)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def sqlite(self, *statements):
        with contextlib.closing(sqlite3.connect(self.file)) as file, file:
            return [file.execute(statement).fetchall() for statement in statements][-1]

    def into(self, *arguments, check=0, zone="UTC"):
        zoned = ("--zone", zone) if zone else ()
        return run("plan", self.file, "--into-existing", self.conninfo, "-o", self.plan_file, *zoned, *arguments, check=check)


@pytest.fixture
def existing(project, postgres, tmp_path):
    source, template = project
    name = postgres.create_database()
    connection = postgres.connect()
    connection.cursor().execute(f"DROP DATABASE {name}")
    connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection.close()
    shutil.copy(source, tmp_path / "app.db")
    return Existing(postgres, tmp_path / "app.db", postgres.conninfo(name), tmp_path)


@pytest.fixture
def bare(postgres, pg_database, tmp_path):
    """No Django: the file and PostgreSQL's tables as the test makes them."""

    def make(file, there):
        with contextlib.closing(sqlite3.connect(tmp_path / "app.db")) as connection:
            connection.executescript(file)
        out = Existing(postgres, tmp_path / "app.db", pg_database, tmp_path)
        out.sql(there)
        return out

    return make


def test_django_s_own_schema_is_filled_verified_and_used(existing):
    refused = existing.into(zone="", check=2).stderr
    for column in ("library_book.changed", "django_migrations.applied"):
        assert f"22023 {column} is timestamp with time zone, and its times are stored without a zone" in refused
    assert not existing.plan_file.exists()
    said = existing.into().stdout
    assert "library_book.title_length: PostgreSQL generates it" in said and "library_book.seen_at: only in PostgreSQL; it gets its default" in said
    plan = existing.plan_file.read_text()
    for line in ('schema = "existing"', 'name = "displayName"', 'type = "character varying(40)"', 'form = "uuid-hex"', 'zone = "UTC"', 'type = "numeric(8,2)"', 'type = "jsonb"'):
        assert f"\n{line}\n" in plan
    tables = existing.sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")

    # Killed in the middle, and gone on with.
    process = subprocess.Popen([str(crossfade_binary()), "copy", *map(str, existing.pair), "--no-backup", "--chunk-rows", "2", "--connections", "1"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: existing.sql("SELECT to_regclass('crossfade.chunks') IS NOT NULL")[0][0]
               and existing.sql("SELECT rows_read FROM crossfade.chunks WHERE table_name = 'library_book' AND rows_read > 20"), what="a few chunks")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < existing.sql("SELECT count(*) FROM library_book")[0][0] < BOOKS
    report = existing.copy("--connections", "2")
    assert {table["table"]: table["written"] for table in report["tables"]} == {"django_migrations": 1, "library_author": 3, "library_book": BOOKS}
    assert [table["resumed_at"] > 20 for table in report["tables"] if table["table"] == "library_book"] == [True]

    verified = existing.verify()
    assert verified["equal"] and verified["problems"] == []
    assert existing.sql("SELECT count(*) FROM audit") == [(0,)]  # no trigger has fired
    assert existing.sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == tables  # and nothing was made
    assert existing.sql("SELECT title, price, in_print, meta, changed::text, title_length FROM library_book WHERE title = 'Book 4'") == [
        ("Book 4", decimal.Decimal("0.04"), True, {"a": ["x", None], "b": 4}, "2024-02-29 12:00:04.000004+00", 6)]
    assert existing.sql('INSERT INTO library_author ("displayName") VALUES (\'new\') RETURNING id') == [(4,)]
    existing.sql("DELETE FROM library_author WHERE id = 4")
    assert existing.copy()["tables"][0]["written"] == 1  # a finished copy does nothing again
    existing.verify()


def test_verify_finds_what_was_changed_and_repair_mends_it(existing):
    existing.into()
    existing.copy()
    existing.sql("SET session_replication_role = replica; UPDATE library_book SET price = price + 0.01 WHERE title = 'Book 7'; "
                 "UPDATE library_author SET favourite_id = gen_random_uuid() WHERE id = 2; SELECT setval('library_author_id_seq', 1)")
    found = existing.verify(check=3)
    assert found["differences"] == 2
    assert any("favourite" in problem and "is not in library_book" in problem for problem in found["problems"]), found["problems"]
    assert any("library_author.id: its sequence has given 1" in problem for problem in found["problems"])
    existing.sql("DROP INDEX " + existing.sql("SELECT indexname FROM pg_indexes WHERE tablename = 'library_book' AND indexdef LIKE '%(author_id)'")[0][0])
    assert "library_book: no index on (author_id)" in existing.verify(check=3)["notes"]
    assert existing.verify("--repair")["rows"] == 2
    assert existing.verify()["equal"]


REFUSED = {
    "a table": ("DROP TABLE library_author CASCADE", "42P01 table \"library_author\" of the file is not in schema public"),
    "a column": ("ALTER TABLE library_book DROP COLUMN rating", "42703 column library_book.rating of the file is not in PostgreSQL"),
    "a column more": ("ALTER TABLE library_book ADD tenant integer NOT NULL", "23502 column library_book.tenant is not in the file, and is NOT NULL without a default"),
    "NOT NULL": ("ALTER TABLE library_book ALTER published SET NOT NULL", "23502 library_book.published takes no NULL in PostgreSQL; the file holds"),
    "rows": ("INSERT INTO library_author (\"displayName\") VALUES ('a'), ('b')", "55000 seeded rows in table \"library_author\": 2"),
    "an older version": ("DELETE FROM django_migrations", "55000 version mismatch in table \"django_migrations\": the file has library 0001_initial; PostgreSQL has none"),
    "a newer version": ("INSERT INTO django_migrations (app, name, applied) VALUES ('library', '0002_more', now())",
                        "55000 version mismatch in table \"django_migrations\": only the file has none; only PostgreSQL has library 0002_more"),
    "an enum": ("CREATE TYPE mood AS ENUM ('a'); ALTER TABLE library_book ALTER rating TYPE mood USING 'a'::mood",
                "0A000 library_book.rating is of type mood, which Crossfade cannot carry"),
    "another type": ("ALTER TABLE library_book ALTER meta TYPE integer USING 0", "42804 library_book.meta is integer; no stored form reads the file's values"),
    "a range": ("ALTER TABLE library_book ALTER cover TYPE int4range USING NULL::int4range", "0A000 library_book.cover is of type int4range"),
    "an exclusion": ("ALTER TABLE library_book ADD CONSTRAINT x EXCLUDE (rating WITH =) DEFERRABLE", "0A000 exclusion constraint x of library_book is deferrable"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_refused(existing, what):
    statement, wanted = REFUSED[what]
    existing.sql(statement)
    done = existing.into("--json", check=2)
    assert wanted in done.stderr
    error = json.loads(done.stdout)["error"]
    assert error["hint"]
    assert not existing.plan_file.exists()


def test_all_findings_are_told_together(existing):
    existing.sql("; ".join(statement for name, (statement, _) in REFUSED.items() if name in ("a column", "a column more", "rows", "an older version")))
    refused = existing.into(zone="", check=2).stderr
    for name in ("a column", "a column more", "rows", "an older version"):
        assert REFUSED[name][1] in refused
    assert "22023 library_book.changed" in refused and "findings:" in refused


def test_a_value_that_is_too_long_is_the_misfit_rules(existing):
    existing.sql("ALTER TABLE library_book DROP title_length, ALTER title TYPE varchar(7)")
    existing.sqlite("ALTER TABLE library_book DROP COLUMN title_length")
    said = existing.into(check=1).stdout
    assert f"library_book.title: {BOOKS - 100} of {BOOKS} values do not fit character varying(7)" in said
    refused = run("copy", *existing.pair, "--no-backup", check=2).stderr
    assert "value too long for type character varying(7)" in refused
    existing.edit("title", misfit="quarantine")
    report = existing.copy(check=1)
    assert {table["table"]: table["quarantined"] for table in report["tables"]}["library_book"] == BOOKS - 100
    existing.verify()


def test_a_row_that_breaks_a_foreign_key_is_named_and_the_mended_file_copied(existing):
    existing.sqlite("UPDATE library_book SET author_id = 99 WHERE title = 'Book 5'")
    existing.sql("CREATE TABLE loan (author integer REFERENCES library_author)")  # so that the tables cannot be truncated
    existing.into()
    refused = run("copy", *existing.pair, "--no-backup", check=2).stderr
    assert "23503 1 rows of table \"library_book\" break its foreign key \"library_book_author_id" in refused and "(author_id) = (99) is not in library_author" in refused
    existing.sqlite("UPDATE library_book SET author_id = 1 WHERE title = 'Book 5'")
    assert existing.copy()["started_again"]
    existing.verify()


def test_a_deferrable_unique_key_is_checked_after_the_copy(existing):
    existing.sql("ALTER TABLE library_book ADD CONSTRAINT one_title UNIQUE (title) DEFERRABLE INITIALLY DEFERRED")
    existing.sqlite("UPDATE library_book SET title = 'Book 6' WHERE title = 'Book 5'")
    existing.into()
    assert "23505 1 keys of table \"library_book\" break its constraint \"one_title\": (title) = (Book 6)" in run("copy", *existing.pair, "--no-backup", check=2).stderr


def test_without_the_right_to_switch_triggers_off_nothing_is_copied(existing):
    existing.into()
    role = "writer" + existing.conninfo.split("dbname=t")[1]
    existing.sql(f"CREATE ROLE {role} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON SCHEMA public TO {role}")
    existing.sql(f"GRANT CREATE ON DATABASE {existing.conninfo.split('dbname=')[1]} TO {role}")
    at = existing.conninfo.replace("user=postgres", f"user={role}")
    pair = ("--sqlite", existing.file, "--postgres", at, "--plan", existing.plan_file)
    refused = run("copy", *pair, "--no-backup", "--json", check=2)
    assert json.loads(refused.stdout)["error"]["sqlstate"] == "42501" and f"GRANT SET ON PARAMETER session_replication_role TO \"{role}\"" in refused.stderr
    assert existing.sqlite("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'crossfade%'") == [(0,)]
    existing.sql(f"GRANT SET ON PARAMETER session_replication_role TO {role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
    run("copy", *pair, "--no-backup", check=0)
    existing.verify()
    existing.sql(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_the_mirror_and_the_schema_verb_refuse_the_plan(bare, crossfade):
    existing = bare("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x')", "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(5))")
    existing.into()
    for arguments in ((), ("--apply",)):
        assert "tables that the application makes itself" in run("schema", *existing.pair, *arguments, check=2).stderr
    proxy = crossfade(sqlite=existing.file, postgres=existing.conninfo, plan=existing.plan_file)
    with pytest.raises(psycopg2.Error) as refused:
        proxy.console("SWITCH TO copy")
    assert refused.value.pgcode == "0A000" and "without --into-existing" in refused.value.diag.message_hint
    assert proxy.console("SHOW STAGE")[0]["stage"] == "sqlite"
    assert existing.sql("SELECT to_regnamespace('crossfade')") == [(None,)]
    assert existing.sqlite("SELECT count(*) FROM sqlite_schema WHERE name IN ('crossfade_journal', 'crossfade_plan')") == [(0,)]


def test_an_owner_s_edit_stays_and_names_are_found_in_any_case(bare):
    move = bare("""CREATE TABLE users (id INTEGER PRIMARY KEY, displayname TEXT, "At" DATETIME, level INTEGER, ok TEXT, state TEXT);
                   INSERT INTO users VALUES (1, 'Ada', '2024-07-01 12:00:00', 3, 'yes', 5), (2, 'Bob', '2024-01-01 12:00:00', 4, 'no', NULL);
                   CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('a1b2')""",
                """CREATE TABLE "Users" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "displayName" text, at timestamptz(0), level smallint, ok boolean, state text);
                   CREATE DOMAIN word AS varchar(9) CHECK (VALUE <> ''); ALTER TABLE "Users" ALTER "displayName" TYPE word;
                   CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('c3d4')""")
    assert "55000 version mismatch in table \"alembic_version\": the file has a1b2; PostgreSQL has c3d4" in move.into(check=2).stderr
    move.sql("UPDATE alembic_version SET version_num = 'a1b2'")
    move.into(zone="UTC")
    move.edit("At", zone="Europe/Berlin")
    assert "kept: Users.at" in move.into(zone="UTC").stdout
    plan = move.plan_file.read_text()
    assert 'zone = "Europe/Berlin"' in plan and 'form = "boolean-text(yes/no)"' in plan and 'name = "displayName"' in plan
    move.copy()
    assert move.sql('SELECT "displayName", at::text, level, ok FROM "Users" ORDER BY id') == [
        ("Ada", "2024-07-01 10:00:00+00", 3, True), ("Bob", "2024-01-01 11:00:00+00", 4, False)]
    move.verify()
    assert move.sql('INSERT INTO "Users" (level) VALUES (1) RETURNING id') == [(3,)]
    assert move.verify(check=3)["tables"][0]["only_postgres"] == 1


def test_a_trigger_that_fires_even_then_and_a_sequence_of_nobody_are_warned_of(bare):
    move = bare("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', NULL)",
                """CREATE SEQUENCE loose; CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('loose'), a text UNIQUE, b text);
                   CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
                   CREATE TRIGGER always BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ALWAYS TRIGGER always""")
    said = move.into(check=1).stdout
    assert "t: trigger always is ENABLE ALWAYS or REPLICA" in said and "t.id: its default is nextval() of a sequence that it does not own" in said
    move.copy()
    assert move.verify()["notes"] == []


def test_a_time_that_would_be_rounded_is_a_misfit(bare):
    move = bare("CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2024-07-01 12:00:00.250'), (2, '2024-07-01 12:00:00.000')",
                "CREATE TABLE t (id bigint PRIMARY KEY, at timestamp(0))")
    assert "t.at: 1 of 2 values do not fit timestamp(0) without time zone" in move.into(check=1).stdout
    assert "would round it" in run("copy", *move.pair, "--no-backup", check=2).stderr


# PostgreSQL's type | a text that it would cut | one that it would not
CUT = [("interval(0)", "00:00:01.5", "00:00:02"), ("interval day", "1 day 05:00:00", "2 days"), ("timetz(0)", "10:00:00.7+00", "10:00:00+00"),
       ("numeric(6,2)[]", "{1.239,2}", "{1.23,2}"), ("varchar(3)[]", '{"abc  "}', "{abc}"), ("time(0)[]", "{10:00:00.5}", "{10:00:00}")]


@pytest.mark.parametrize("type_,cut,whole", CUT, ids=[row[0] for row in CUT])
def test_a_modifier_cuts_nothing_unseen(bare, type_, cut, whole):
    move = bare(f"CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, '{cut}'), (2, '{whole}')", f"CREATE TABLE t (id bigint PRIMARY KEY, v {type_})")
    said = move.into(check=(1, 2))
    assert "t.v" in said.stdout + said.stderr
    if said.returncode == 1:
        assert "would round it" in run("copy", *move.pair, "--no-backup", check=2).stderr


def test_keys_of_others_tables_are_checked_and_inheritance_is_refused(bare):
    move = bare("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 1)",
                "CREATE TABLE t (id bigint PRIMARY KEY, v integer); CREATE TABLE extra (t bigint REFERENCES t); SET session_replication_role = replica; INSERT INTO extra VALUES (3)")
    move.into(check=(0, 1))
    assert '23503 1 rows of table "extra" break its foreign key "extra_t_fkey"' in run("copy", *move.pair, "--no-backup", check=2).stderr
    move.sql("CREATE TABLE child () INHERITS (t)")
    assert '0A000 table "t" of PostgreSQL inherits, or is inherited from' in move.into(check=2).stderr


def test_a_plan_of_the_other_kind_does_not_drop_the_application_s_tables(existing):
    existing.into()
    process = run("copy", *existing.pair, "--no-backup", check=0)
    assert process.returncode == 0
    drafted = existing.folder / "drafted.toml"
    run("plan", existing.file, "-o", drafted, check=(0, 1))
    refused = run("copy", "--sqlite", existing.file, "--postgres", existing.conninfo, "--plan", drafted, "--no-backup", check=2).stderr
    assert "a finished copy is in the target" in refused
    existing.sql("UPDATE crossfade.chunks SET done = false WHERE table_name = ''")
    refused = run("copy", "--sqlite", existing.file, "--postgres", existing.conninfo, "--plan", drafted, "--no-backup", check=2).stderr
    assert "an unfinished copy of another plan is in the target" in refused
    assert existing.sql("SELECT count(*) FROM library_book") == [(BOOKS,)]
    existing.sql("TRUNCATE library_book, library_author; DROP SCHEMA crossfade CASCADE")
    again = run("plan", existing.file, "--into-existing", existing.conninfo, "--zone", "UTC", "-o", drafted, check=0).stdout
    assert "changed: the tables in PostgreSQL are made by copy → by the application" in again
