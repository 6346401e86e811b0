"""SQL/JSON paths on SQLite beyond what integration/same/jsonpath.sql says: both formats of the protocol, and what is long or deep."""
import subprocess
import time

import psycopg
import pytest
from psycopg.pq import ExecStatus

JSONPATH, TEXT, BINARY = 4072, 0, 1
PARAMETERS = [(b"$ . a", TEXT), (b"strict $[*] ? (@ > 1)", TEXT), (b"\x01(exists($.a)).type()", BINARY), (b"\x01$.a", BINARY), (b"\x02$.a", BINARY), (b"", BINARY), (b"\x01$.", BINARY), (b"$ &&", TEXT), (None, TEXT)]


def answered(connection, text, value, sent, received):
    result = connection.pgconn.exec_params(text, [value], [JSONPATH], [sent], received)
    if result.status != ExecStatus.TUPLES_OK:
        return result.error_field(psycopg.pq.DiagnosticField.SQLSTATE)
    return [(result.ftype(i), result.fformat(i), result.get_value(0, i)) for i in range(result.nfields)]


def test_a_path_is_a_parameter_and_a_result_in_both_formats(crossfade, tmp_path, pg_database):
    server = crossfade(sqlite=tmp_path / "app.db")
    with psycopg.connect(server.url()) as ours, psycopg.connect(pg_database) as theirs:
        for connection in (ours, theirs):
            connection.autocommit = True
        for value, sent in PARAMETERS:
            for received in (TEXT, BINARY):
                for text in (b"SELECT $1", b"SELECT ARRAY[$1]::text", b"SELECT jsonb_path_query_first('{\"a\": 2}', $1, silent => true)", b"SELECT pg_typeof($1)::text"):
                    here, there = (answered(connection, text, value, sent, received) for connection in (ours, theirs))
                    assert here == there, (value, sent, received, text)


@pytest.mark.parametrize("walk", [
    "SELECT count(*) FROM jsonb_path_query((SELECT jsonb_agg(g) FROM generate_series(1, 3000) g), '$[*] ? (exists($[*] ? (@ > 5000 && exists($[*] ? (@ > 5000)))) || exists($[*] ? ($[*] < @ && @ < 0)))')",
    "SELECT jsonb_path_exists((SELECT jsonb_agg(g) FROM generate_series(1, 30000) g), '$[*] ? ($[*] == 0 && $[*] > @)', silent => true)",
    "SELECT repeat('a', 60) ~ '^(a*)*c'",  # a constant: computed before the statement runs; 14 s
    "SELECT x ~ '^(a*)*c' FROM (SELECT repeat('a', 60)) AS t(x)",
])
def test_a_long_walk_ends_at_the_statement_timeout(crossfade, tmp_path, walk):
    """One call of a function, where SQLite looks at nothing, took 18 s with a statement_timeout of 2 s."""
    server = crossfade(sqlite=tmp_path / "app.db")
    with psycopg.connect(server.url(), autocommit=True) as one:
        one.execute("SET statement_timeout = '500ms'")
        begun = time.monotonic()
        with pytest.raises(psycopg.errors.QueryCanceled):
            one.execute(walk)
        assert time.monotonic() - begun < 5
        one.execute("RESET statement_timeout")
        assert one.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("text", [
    "SELECT (repeat('(', 100000) || '1' || repeat(')', 100000))::jsonpath", "SELECT ('$' || repeat('.a', 100000))::jsonpath", "SELECT (repeat('-', 100000) || '$')::jsonpath",
    "SELECT ('1' || repeat(' + 1', 100000))::jsonpath", "SELECT repeat('$[', 100000)::jsonpath", "SELECT repeat('$ ? (', 100000)::jsonpath", "SELECT repeat('!(', 100000)::jsonpath",
    "SELECT jsonb_path_query_first((repeat('{\"a\":', 900) || '1' || repeat('}', 900))::jsonb, " + "'" + "$.**{last} ? (exists(" * 12 + "@ ? (@ == 1)" + "))" * 12 + "')",
])
def test_what_is_too_deep_for_the_stack_is_54001(crossfade, tmp_path, text):
    server = crossfade(sqlite=tmp_path / "app.db")
    with psycopg.connect(server.url(), autocommit=True) as one:
        with pytest.raises(psycopg.errors.StatementTooComplex):
            one.execute(text)
        assert one.execute("SELECT 1").fetchone() == (1,)


def test_a_column_of_paths_is_copied_and_verified(crossfade, binary, tmp_path, pg_database):
    file, plan = tmp_path / "app.db", tmp_path / "plan.toml"
    server = crossfade(sqlite=file)
    with psycopg.connect(server.url(), autocommit=True) as one:
        one.execute("CREATE TABLE t (id int PRIMARY KEY, p jsonpath, a jsonpath[])")
        one.execute("INSERT INTO t VALUES (1, '$ . a', '{$,strict $.b}'), (2, NULL, NULL), (3, 'strict $[*] ? (@ > 1)', '{}')")
    server.stop()
    pair = ["--sqlite", file, "--postgres", pg_database, "--plan", plan]

    def run(*command):
        return subprocess.run([binary, *map(str, command)], capture_output=True, text=True, timeout=60)
    assert run("plan", file, "-o", plan).returncode == 0
    assert run("copy", "--no-backup", *pair).returncode == 0
    done = run("verify", *pair)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(pg_database, autocommit=True) as there:
        assert there.execute("SELECT p::text, a::text, jsonb_path_query_array('[1, 2]', p, silent => true)::text FROM t ORDER BY id").fetchall() == [
            ('$."a"', '{$,"strict $.\\"b\\""}', "[]"), (None, None, None), ("strict $[*]?(@ > 1)", "{}", "[2]")]
        there.execute("UPDATE t SET p = '$.b' WHERE id = 1")
    done = run("verify", *pair)
    assert done.returncode == 3 and "t (1).p" in done.stdout + done.stderr
