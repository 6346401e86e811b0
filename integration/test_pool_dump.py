"""pg_dump and pg_restore through the pools: a database comes out and goes in whole, as it does without the proxy."""
import os
import pathlib
import subprocess

import pytest

from servers import PG_BIN
from test_pool import database_of, pooled

HERE = pathlib.Path(__file__).parent
DATA = """
CREATE TABLE dump_wide (id bigserial PRIMARY KEY, n numeric, t text, b bytea, j jsonb, a int[], w timestamptz, r int4range, u uuid);
INSERT INTO dump_wide (n, t, b, j, a, w, r, u) SELECT g * 1.5, repeat(chr(32 + g % 90), g % 500), decode(md5(g::text), 'hex'), jsonb_build_object('g', g),
  ARRAY[g, NULL, -g], '2024-02-29 12:00:00+00'::timestamptz + g * interval '1 second', int4range(g, g + 5), md5(g::text)::uuid FROM generate_series(1, 20000) g;
INSERT INTO dump_wide (t) VALUES (E'tab\\t, newline\\n, \\\\. backslash, \\' quote'), (NULL), ('');
SELECT lo_from_bytea(0, convert_to(repeat('large object ', 200000), 'UTF8'));
CREATE MATERIALIZED VIEW dump_view AS SELECT count(*) FROM dump_wide;
CREATE FUNCTION dump_function(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a + 1; END $$;
CREATE SEQUENCE dump_sequence START 42; SELECT nextval('dump_sequence');
"""


def tool(name, *arguments, **options):
    done = subprocess.run([str(PG_BIN / name), *map(str, arguments)], capture_output=True, env={**os.environ, "PGOPTIONS": ""}, timeout=300, **options)
    assert done.returncode == 0, f"{name}: {done.stderr.decode()[-1500:]}"
    return done.stdout


def at(port, database):
    return ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-d", database]


@pytest.fixture(scope="module")
def filled(postgres):
    name = postgres.create_database()
    for text in ((HERE / "suites" / "every_object.sql").read_text(), DATA):
        subprocess.run([str(PG_BIN / "psql"), "-q", *map(str, at(postgres.port, name))], input=text.encode(), capture_output=True, check=True)
    return name


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_dump_through_the_proxy_into_a_second_database_is_identical(crossfade, postgres, filled, mode):
    proxy = pooled(crossfade, postgres.conninfo(), f'mode = "{mode}"')
    direct = tool("pg_dump", *at(postgres.port, filled))
    assert len(direct) > 3_000_000
    through = tool("pg_dump", *at(proxy.port, filled))
    assert without_key(through) == without_key(direct)
    second = postgres.create_database()
    tool("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", *at(proxy.port, second), input=through)
    assert without_key(tool("pg_dump", *at(postgres.port, second))) == without_key(direct)


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_an_archive_of_several_jobs_is_restored_by_several_jobs(crossfade, postgres, filled, tmp_path, mode):
    """Each job has a connection of its own, and a snapshot that they share."""
    proxy = pooled(crossfade, postgres.conninfo(), f'mode = "{mode}"')
    tool("pg_dump", "-Fd", "-j", 3, "-f", tmp_path / "dump", *at(proxy.port, filled))
    second = postgres.create_database()
    tool("pg_restore", "-j", 3, "-e", *at(proxy.port, second), tmp_path / "dump")
    assert without_key(tool("pg_dump", *at(postgres.port, second))) == without_key(tool("pg_dump", *at(postgres.port, filled)))


def without_key(dump):
    r"""Newer pg_dumps protect psql by \restrict and a random key."""
    return b"\n".join(line for line in dump.split(b"\n") if not line.startswith((b"\\restrict", b"\\unrestrict")))
