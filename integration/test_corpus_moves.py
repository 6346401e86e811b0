"""The data problems that broke real migrations (../shared/corpus), each on its way by plan, schema, copy and verify: what was expected and what happened.
CROSSFADE_TABLE=FILE writes the table of them."""
import os
import re
import sqlite3
import subprocess

import pytest

from conftest import SHARED
from test_move import do, rows
from verbs import Move, run

CORPUS = SHARED / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is not here")


INTERNAL = "CREATE TABLE n81 (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); CREATE INDEX n81_a ON n81 (a); INSERT INTO n81 (a) VALUES ('x'); ANALYZE"


def blocks():
    """The statements of each problem."""
    out, current = {}, None
    if not CORPUS.exists():
        return out
    for line in (CORPUS / "nasty.sql").read_text().splitlines():
        begins = re.match(r"-- (N\d\d) ", line)
        if begins:
            current = out.setdefault(begins[1], [])
        elif line.startswith("-- ====") or line in ("COMMIT;", "ANALYZE;"):
            current = None
        elif current is not None:
            current.append(line)
    out["N81"] = [INTERNAL]  # there by ANALYZE and AUTOINCREMENT alone
    return {number: "\n".join(lines) for number, lines in out.items()}


BLOCKS = blocks()


class Case:
    """One problem's file, on its way. What happened is said in words as it goes."""

    def __init__(self, number, folder, conninfo):
        self.number, self.conninfo, self.said = number, conninfo, []
        path = folder / f"{number}.db"
        file = sqlite3.connect(path, isolation_level=None)
        file.executescript("PRAGMA foreign_keys=OFF;" + BLOCKS[number])
        file.close()
        self.move = Move(path, conninfo, folder)

    def plan(self, check=(0, 1)):
        return self.move.plan(check)

    def edit(self, column, **values):
        self.move.edit(column, **values)
        self.said.append("with " + column + " as " + " ".join(values.values()))
        return self

    def arrives(self, query=None, *expected, reported=()):
        """Copied and verified as equal; `query` gives the rows expected; each word of `reported` is in what copy lists as not translated."""
        copied = self.move.copy(check=(0, 1))
        listed = copied["untranslated"]
        assert self.move.verify()["equal"]
        for word in reported:
            assert any(word in line for line in listed), (word, listed)
        if query:
            assert rows(self.conninfo, query) == list(expected), query
        counts = {name: sum(table[name] for table in copied["tables"]) for name in ("read", "written", "cast", "nulled", "quarantined")}
        extra = ", ".join(f"{counts[name]} {name}" for name in ("cast", "nulled", "quarantined") if counts[name])
        self.said.append(f"{counts['written']} of {counts['read']} rows arrive, verified equal" + (f" ({extra})" if extra else "")
                         + (f"; reported: {'; '.join(listed)}" if listed else ""))
        return counts

    def refused(self, *words, verb="copy"):
        """Exit 2, and all words in what is said."""
        done = run(verb, *self.move.pair, "--no-backup", check=2) if verb == "copy" else run("plan", self.move.file, "-o", self.move.plan_file, check=2)
        for word in words:
            assert word in done.stderr, (word, done.stderr)
        self.said.append("refused: " + " ".join(done.stderr.removeprefix("crossfade: ").split("hint:")[0].split())[:300])


def word_of(table, column):
    return f"SELECT {column}::text FROM {table} ORDER BY id"


def n01(case):
    warnings = case.plan()["warnings"]
    assert any("qty" in line and "1 TEXT" in line for line in warnings)
    case.edit("qty", type="bigint", form="integer", misfit="refuse").refused('"qty"', "rowid 2", "TEXT x'746f746f'")
    case.edit("qty", misfit="null").arrives("SELECT id, qty FROM n01_text_in_integer ORDER BY id", (1, 10), (2, None), (3, None))
    assert rows(case.conninfo, "SELECT row_key, content FROM crossfade.quarantine") == [("rowid 2", "TEXT x'746f746f'")]


def n02(case):
    case.plan()
    case.arrives(word_of("n02_real_in_integer", "price"), ("5",), ("2.32",), ("12.3",))


def n03(case):
    case.plan()
    case.edit("updated_by", type="bigint", form="integer", misfit="refuse").refused("updated_by", "rowid 2", "TEXT x''")
    assert case.edit("updated_by", misfit="set-null-when-empty").arrives(word_of("n03_empty_string_in_integer", "updated_by"), ("7",), (None,), (None,))["nulled"] == 1


def n11(case):
    case.plan()
    case.arrives("SELECT addr_text, hash_wrapped FROM n11_uint64", ("18446744071601132592", -2108418896))


def n14(case):
    case.plan()
    case.arrives("SELECT last_updated_ts FROM n14_double_precision ORDER BY id", (1713444038.377258,), (0.1,), (1e308,), (5e-324,))


def n16(case):
    case.plan()
    case.arrives("SELECT room, zip FROM n16_string_affinity ORDER BY id", ("8", "02134"), ("Saal 1", "00501"))


def n17(case):
    case.plan()
    case.arrives("SELECT encode(b, 'hex') FROM n17_binary_decl ORDER BY id", ("ff",), ("00",), ("74657874",))


def n18(case):
    case.plan()
    case.refused("n18_guid", "id")
    assert case.edit("id", misfit="quarantine").arrives()["quarantined"] == 1


def n19(case):
    case.plan()
    case.arrives("SELECT is_disabled, is_paused FROM n19_bool_int ORDER BY id", (0, True), (1, False), (0, None))
    assert rows(case.conninfo, "INSERT INTO n19_bool_int DEFAULT VALUES RETURNING is_disabled, is_paused") == [(0, True)]


def n21(case):
    case.plan()
    case.edit("flag", type="boolean", form="boolean-text(true/false)", misfit="refuse").refused("flag", "rowid 2")
    case.edit("flag", misfit="null").arrives(word_of("n21_bool_words", "flag"), *[("true",)] + [(None,)] * 7)


def n22(case):
    case.plan()
    case.arrives("SELECT min(created_at)::text FROM n22_ms_epoch_datetime", ("2021-07-26 12:51:46.122+00",))


def n23(case):
    case.plan()
    case.edit("time", type="bigint", form="integer", misfit="refuse").refused('"time"', "rowid 2")


def n24(case):
    case.plan()
    case.edit("at", type="timestamp without time zone", form="timestamp-iso", misfit="refuse").refused('"at"', "rowid 2")


def n25(case):
    case.plan()
    case.edit("vol_date", type="timestamp without time zone", form="timestamp-iso", misfit="refuse").refused("vol_date", "rowid 1", "INTEGER 0")
    case.edit("vol_date", misfit="null").arrives("SELECT vol_date::text FROM n25_zero_datetime ORDER BY id", (None,), ("2014-07-28 10:00:00",))


def n26(case):
    case.plan()
    case.edit("created_at", type="timestamp without time zone", form="timestamp-iso", misfit="refuse").refused("created_at", "rowid 1")


def n27(case):
    case.plan()
    case.edit("d", type="timestamp without time zone", form="timestamp-iso", misfit="refuse").refused('"d"', "rowid 1")


def n29(case):
    case.plan()
    case.edit("create_at", type="timestamp without time zone", form="timestamp-iso", misfit="refuse").refused("create_at", "rowid 2")


def n30(case):
    case.plan()
    case.arrives("SELECT gps_time FROM n30_packed_datetime ORDER BY id", (180303235924,), (180303235930,))


def n32(case):
    case.plan()
    case.refused("content", "rowid 2", "x'610062'")
    assert case.edit("content", misfit="quarantine").arrives()["quarantined"] == 2


def n33(case):
    case.plan()
    case.refused('"s"', "rowid 2", "x'61ff62'")
    assert case.edit("s", misfit="quarantine").arrives()["quarantined"] == 4


def n34(case):
    case.plan()
    case.arrives("SELECT chat::text FROM n34_json_u0000 WHERE id = '2'", ('{"c":"early \\u0000 text"}',))


def n35(case):
    case.plan()
    case.arrives(word_of("n35_invalid_json", "metadata"), ('{"a":1}',), ("",), ('{"a":1',), ("{'a':1}",), ("null",), (None,), ("NaN",))


def n38(case):
    case.plan()
    case.arrives("SELECT length(b), length(t) FROM n38_large_values ORDER BY id", (4194304, None), (None, 2097152))


def n39(case):
    case.plan()
    case.refused("index row requires", "n39_url_idx")


def n40(case):
    case.plan()
    case.refused("n40_ciphers_collections", "065ae3f7")


def n43(case):
    assert any("2 rows hold NULL" in line for line in case.plan(1)["warnings"])
    case.arrives("SELECT count(*) FROM n43_null_pk WHERE code IS NULL", (2,), reported=["primary key: 2 rows hold NULL"])


def n44(case):
    assert any("2 rows hold NULL" in line for line in case.plan(1)["warnings"])
    case.arrives("SELECT count(*) FROM n44_null_composite_pk WHERE b IS NULL", (2,), reported=["primary key: 2 rows hold NULL"])


def n45(case):
    assert any("has no key" in line for line in case.plan(1)["warnings"])
    case.arrives("SELECT x, count(*) FROM n45_no_pk GROUP BY x ORDER BY x", ("one", 1), ("two", 2))


def n46(case):
    case.plan()
    case.arrives("INSERT INTO n46_autoincrement (name) VALUES ('next') RETURNING id", (901,))


def n48(case):
    case.plan()
    case.arrives("SELECT count(*) FROM n48_nocase_unique", (3,))
    with pytest.raises(Exception, match="duplicate key"):
        do(case.conninfo, "INSERT INTO n48_nocase_unique VALUES (9, 'bOB@example.ORG')")


def n49(case):
    case.plan()
    case.arrives("SELECT username FROM n49_case_variants ORDER BY id", ("Alice",), ("alice",))


def n50(case):
    case.plan(1)
    case.refused("n50_text_blob_same_key", '"k"', "BLOB x'616263'")


def n52(case):
    case.plan()
    case.arrives("SELECT count(*) FILTER (WHERE condeferred), count(*) FROM pg_constraint WHERE contype = 'f'", (1, 2))


def n55(case):
    case.plan()
    do(case.conninfo, 'CREATE TABLE n55_seeded_by_app (id bigint PRIMARY KEY, name text); INSERT INTO n55_seeded_by_app VALUES (1, \'Any\')')
    case.refused("target is not empty", "n55_seeded_by_app 1")


def n57(case):
    case.plan()
    case.arrives('SELECT cleantitle, tmdbid FROM n57_moviemetadata', ("poker", 603))


def n58(case):
    case.plan()
    case.arrives("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'", ("FOREIGN KEY (department_id) REFERENCES n58_departments(department_id) DEFERRABLE",))


def n59(case):
    case.refused("n59_linking_table", verb="plan")


def n60(case):
    case.refused("no name", verb="plan")


def n61(case):
    case.plan()
    case.arrives("SELECT xmin_, ctid_, tableoid_ FROM n61_system_columns", (2, "x", 3))


def n62(case):
    case.plan()
    case.arrives('INSERT INTO n62_backtick (id) VALUES (7) RETURNING "my col"', ("it is text",))


def n63(case):
    case.plan()
    case.arrives("SELECT string_agg(column_default, ' | ' ORDER BY ordinal_position) IS NOT NULL FROM information_schema.columns WHERE table_name = 'n63_default_current'", (True,))
    assert rows(case.conninfo, "INSERT INTO n63_default_current (id) VALUES (9) RETURNING d = (now() AT TIME ZONE 'UTC')::date, t BETWEEN (now() AT TIME ZONE 'UTC') - "
                               "interval '1 minute' AND now() AT TIME ZONE 'UTC'") == [(True, True)]


def n64(case):
    case.plan()
    case.arrives("SELECT count(*) FROM n64_default_strftime", (1,), reported=["localat: DEFAULT", "rnd: DEFAULT"])


def n66(case):
    case.plan()
    case.arrives("INSERT INTO n66_default_dquote (id) VALUES (7) RETURNING fieldname, n, b::text", ("", 4, "true"))


def n67(case):
    case.plan()
    case.arrives("SELECT gen, s FROM n67_generated", (42, "00041"), reported=["gen: GENERATED ALWAYS", "s: GENERATED ALWAYS"])


def n68(case):
    case.plan()
    case.arrives("SELECT k, v FROM n68_without_rowid", ("a", "1"))


def n71(case):
    case.plan()
    case.arrives(reported=["virtual table n71_rtree"])


def n73(case):
    case.plan(1)
    case.arrives("SELECT v FROM n73_triggered", (1,), reported=["trigger n73_touch", "trigger n73_guard"])


def n74(case):
    assert any("1 INTEGER, 1 TEXT, 1 BLOB" in line for line in case.plan(1)["warnings"])
    case.edit("v", type="bigint", form="integer", misfit="refuse").refused("rowid 2", "TEXT x'31'")


def n75(case):
    case.plan()
    case.arrives("SELECT version FROM __diesel_schema_migrations", ("20190912100000",))


def n76(case):
    case.plan()
    do(case.conninfo, "CREATE TABLE n76_playlist (updated_at bigint, created_at bigint, uid text, name text, id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL, "
                      "CONSTRAINT n76_playlist_pkey PRIMARY KEY (id))")
    case.arrives("SELECT id, name, uid, created_at, updated_at FROM n76_playlist", (1, "p", "uid-1", 100, 200))


def n77(case):
    case.plan()
    do(case.conninfo, "CREATE TABLE n77_table_shows (id bigint PRIMARY KEY, title text)")
    case.refused("target has other tables of these names", "alternativetitle is not there")


def n78(case):
    case.plan(1)
    do(case.conninfo, "CREATE TABLE n78_workflows_tags (workflowid varchar(36), tagid varchar(36), PRIMARY KEY (workflowid, tagid))")
    case.refused("duplicate key", "(w1, t1)")


def n79(case):
    case.plan()
    case.arrives("SELECT count(*) FROM n79_ordering WHERE a IS NULL", (2,))
    done = run("compare", *case.move.pair, "-c", "SELECT id FROM n79_ordering ORDER BY a, s", check=(0, 3))
    case.said.append(f"compare of an ORDER BY with NULLs: exit {done.returncode}, SQLite's side is asked for PostgreSQL's order")


def n80(case):
    case.plan()
    case.arrives("SELECT count(*) FROM n80_like", (5,))
    run("compare", *case.move.pair, "-c", "SELECT id FROM n80_like WHERE name LIKE 'welcome' ORDER BY id", check=0)


def n81(case):
    case.plan()
    case.arrives("SELECT count(*) FROM pg_class WHERE relname LIKE 'sqlite%'", (0,))
    assert rows(case.conninfo, "SELECT count(*) FROM n81") == [(1,)]


CASES = {name.upper(): function for name, function in list(globals().items()) if re.fullmatch(r"n\d\d", name)}


def note(number, said):
    if "CROSSFADE_TABLE" not in os.environ:
        return
    expected = {line.split("\t")[0]: line.split("\t") for line in (CORPUS / "nasty-expected.tsv").read_text().splitlines()[1:]}
    with open(os.environ["CROSSFADE_TABLE"], "a", encoding="utf-8") as out:
        out.write("| " + " | ".join(text.replace("|", "\\|") for text in (number, expected[number][3], expected[number][4], "; then ".join(said))) + " |\n")


@pytest.mark.parametrize("number", sorted(BLOCKS))
def test_a_known_problem_goes_as_expected(tmp_path, pg_database, number):
    case = Case(number, tmp_path, pg_database)
    CASES[number](case)
    note(number, case.said)


@pytest.fixture
def companions(tmp_path):
    if not BLOCKS or subprocess.run(["which", "sqlite3"], capture_output=True, check=False).returncode != 0:
        pytest.skip("the corpus or the sqlite3 shell is not here")
    subprocess.run(["sh", CORPUS / "nasty-companions.sh", tmp_path], check=True, capture_output=True)
    return tmp_path


def test_rows_that_are_only_in_the_wal_arrive(companions, pg_database):
    assert (companions / "nasty-wal.db-wal").stat().st_size > 0
    move = Move(companions / "nasty-wal.db", pg_database, companions)
    move.plan()
    move.copy()
    assert rows(pg_database, "SELECT count(*) FROM n90_wal") == [(4,)] and move.verify()["equal"]
    note("N90", ["4 of 4 rows arrive, the 3 of the WAL among them"])


def test_a_second_file_of_an_application_is_not_merged_in_silence(companions, pg_database):
    first, second = Move(companions / "nasty-main.db", pg_database, companions), Move(companions / "nasty-logs.db", pg_database, companions)
    first.plan()
    first.copy()
    second.plan()
    done = run("copy", *second.pair, "--no-backup", check=2)
    assert "a finished copy is in the target" in done.stderr
    assert first.verify()["equal"]
    note("N91", ["each file to a database of its own; the second into the same: refused, " + done.stderr.split("\n", maxsplit=1)[0].removeprefix("crossfade: ")])


def test_a_file_in_utf16_arrives(companions, pg_database):
    move = Move(companions / "nasty-utf16.db", pg_database, companions)
    move.plan()
    move.copy()
    assert rows(pg_database, "SELECT s FROM n92_utf16") == [("Größe ✅ 𝄞",)] and move.verify()["equal"]
    note("N92", ["the text arrives; verified equal"])


def test_a_file_that_breaks_its_own_constraints_is_refused(companions, pg_database):
    file = companions / "nasty-integrity.db"
    move = Move(file, pg_database, companions)
    backup = run("backup", file, "-o", companions / "b.db", check=2).stderr
    assert "quick_check" in backup and "NULL value in n93.token" in backup
    assert "NULL value in n93.token" in run("analyze", file, check=2).stdout
    move.plan()
    done = run("copy", *move.pair, "--no-backup", check=2)
    assert "token" in done.stderr
    note("N93", ["backup and analyze refuse (quick_check); copy without a backup: " + " ".join(done.stderr.split("hint:")[0].split())[:200]])
