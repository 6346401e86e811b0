"""JDBC's driver: every type by every getter in text and binary, batches, row-limited fetches, transactions: as on PostgreSQL 15."""
import difflib
import pathlib
import shutil
import subprocess

import psycopg2
import pytest

from type_edges import EDGES

JAR = pathlib.Path("/usr/share/java/postgresql.jar")
SOURCE = pathlib.Path(__file__).resolve().parent / "jdbc" / "Probe.java"
TYPES = [kind for kind in EDGES if kind not in ("char", "timetz", "json", "name")]
SETUP = """CREATE TABLE jdbc_parameters (id SERIAL PRIMARY KEY, b BOOLEAN, i2 SMALLINT, i4 INTEGER, i8 BIGINT, f4 REAL, f8 DOUBLE PRECISION, n NUMERIC, t TEXT, y BYTEA, d DATE, ti TIME,
                            ts TIMESTAMP, tz TIMESTAMPTZ, u UUID);
CREATE TABLE jdbc_rows (n INTEGER PRIMARY KEY, t TEXT)"""
# Held in test_probes_types.py: what SQLite's columns refuse.
REFUSED = {"-0", "-0.0", "NaN", "nan"}


def far(text):
    return "BC" in text or any(year in text for year in ("10000-", "294276", "294277", "5874897", "5874898"))


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    if shutil.which("javac") is None or not JAR.exists():
        pytest.skip("JDBC is not installed (scripts/setup installs it)")
    folder = tmp_path_factory.mktemp("jdbc")
    subprocess.run(["javac", "-nowarn", "-d", folder, SOURCE], check=True, timeout=120)
    lines = []
    for index, kind in enumerate(TYPES):
        lines += [f"c{index}\t{kind}\t{escaped(text)}" for text in EDGES[kind]
                  if "\r" not in text and not (text in REFUSED and kind in ("real", "double precision", "numeric(10,2)"))
                  and not (far(text) and kind[:4] in ("date", "time"))]
    (folder / "samples").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "none").write_text("")
    return folder


def said(program, server, options, samples):
    """Every outcome of the program on the server, one line each."""
    connection = psycopg2.connect(host=server.host, port=server.port, user=server.user, dbname=server.database)
    connection.autocommit = True
    cursor = connection.cursor()
    for table in ("jdbc_samples", "jdbc_parameters", "jdbc_rows"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in SETUP.split(";"):
        cursor.execute(statement)
    cursor.execute("CREATE TABLE jdbc_samples (" + ", ".join(f"c{index} {kind}" for index, kind in enumerate(TYPES)) + ")")
    connection.close()
    url = f"jdbc:postgresql://{server.host}:{server.port}/{server.database}?user={server.user}{options}"
    done = subprocess.run(["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", f"{program}:{JAR}", "Probe", url,
                           str(program / samples)], capture_output=True, text=True, timeout=240)
    return done.stdout.splitlines() + [line for line in done.stderr.splitlines() if "xception" in line]


@pytest.mark.parametrize("options, samples", [("&prepareThreshold=-1", "samples"), ("&preferQueryMode=simple", "samples"),
                                              ("", "none"), ("&autosave=always&reWriteBatchedInserts=true", "none")],
                         ids=["binary", "simple", "default", "autosave"])
def test_jdbc_sees_what_it_sees_on_postgresql(probe_pair, program, options, samples):
    through, direct = (said(program, server, options, samples) for server in probe_pair)
    assert [line for line in difflib.unified_diff(direct, through, "PostgreSQL", "Crossfade", n=0, lineterm="")] == []
    assert "valid: Boolean true" in through and any(line.startswith("fetch size 7:")
                                                    for line in through), "the program got to its end"
