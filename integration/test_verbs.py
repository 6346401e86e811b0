"""The verbs of the program, as a person and as a script uses them: answers, --json, exit codes."""
import json
import sqlite3
import subprocess

import psycopg2
import pytest

from servers import ROOT, crossfade_binary


def run(*arguments, check=None, **options):
    done = subprocess.run([str(crossfade_binary()), *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)
    if check is not None:
        assert done.returncode == check, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture
def copied(weather, pg_database, tmp_path):
    """The weather sample, planned and copied: the three arguments that every verb takes."""
    plan = tmp_path / "plan.toml"
    run("plan", weather, "-o", plan)
    pair = ("--sqlite", weather, "--postgres", pg_database, "--plan", plan)
    run("copy", *pair, "--no-backup", check=0)
    return pair


def test_plan_schema_copy_and_verify_take_the_sample_to_postgres(weather, pg_database, tmp_path):
    plan = tmp_path / "plan.toml"
    drafted = json.loads(run("plan", weather, "-o", plan, "--json").stdout)
    assert {table["name"]: table["rows"] for table in drafted["tables"]} == {"locations": 6, "weather_history": 5760}
    pair = ("--sqlite", weather, "--postgres", pg_database, "--plan", plan)
    assert "CREATE TABLE" in run("schema", *pair).stdout
    copied = json.loads(run("copy", *pair, "--no-backup", "--json", check=0).stdout)
    assert {table["table"]: (table["read"], table["written"]) for table in copied["tables"]} == {
        "locations": (6, 6), "weather_history": (5760, 5760)}
    verified = json.loads(run("verify", *pair, "--json", check=0).stdout)
    assert verified["equal"] and verified["differences"] == 0


def test_verify_names_a_planted_difference_and_exits_3(copied, pg_database):
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE weather_history SET temperature = temperature + 1 WHERE id = 17")
    report = json.loads(run("verify", *copied, "--json", check=3).stdout)
    table = next(table for table in report["tables"] if table["table"] == "weather_history")
    assert [(example["key"], example["column"]) for example in table["examples"]] == [("(17)", "temperature")]
    assert "temperature" in run("verify", *copied, check=3).stdout


def test_compare_shows_both_sides_and_exits_3_when_they_differ(copied, pg_database):
    statement = "SELECT id, name FROM locations ORDER BY id"
    same = json.loads(run("compare", *copied, "-c", statement, "--json", check=0).stdout)
    assert same["differences"]["equal"] and same["sqlite"]["rows"] == same["postgres"]["rows"] and len(same["sqlite"]["rows"]) == 6
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE locations SET latitude = 0 WHERE id = 2")
    assert run("compare", *copied, "-c", "SELECT id, latitude FROM locations ORDER BY id").returncode == 3
    assert run("compare", *copied, "-c", "DELETE FROM locations").returncode == 2


def test_a_script_and_a_log_are_compared_by_fingerprint(copied, pg_database, tmp_path):
    script, log = tmp_path / "reads.sql", tmp_path / "postgresql.log"
    script.write_text("""SELECT id, name FROM locations WHERE id = 1;
SELECT id, name FROM locations WHERE id = 2;
SELECT id, latitude FROM locations WHERE id = 2;
SELECT id, latitude FROM locations WHERE id = 3;
SELECT * FROM nothing; DELETE FROM locations; SELECT random();
""")
    log.write_text("app LOG:  execute s: SELECT id, latitude FROM locations WHERE id = $1\napp DETAIL:  parameters: $1 = '2'\n"
                   "app LOG:  statement: SELECT id, latitude\n\tFROM locations WHERE id = 3\n")
    clean = json.loads(run("compare", *copied, "-f", script, "--json", check=0).stdout)
    assert (clean["equal"], clean["different"], clean["not_compared"]) == (5, 0, 2)
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE locations SET latitude = 0 WHERE id = 2")
    found = json.loads(run("compare", *copied, "-f", script, "--json", check=3).stdout)
    assert (found["equal"], found["different"], found["not_compared"]) == (4, 1, 2)
    assert [(each["runs"], each["equal"], each["different"], each["not_compared"]) for each in found["fingerprints"]] == [
        (2, 2, 0, 0), (2, 1, 1, 0), (1, 1, 0, 0), (1, 0, 0, 1), (1, 0, 0, 1)]
    assert found["fingerprints"][1]["example_line"] == 3
    shown = run("compare", *copied, "--log", log, check=3).stdout
    assert "1 statement equal, 1 different, 0 not compared; 1 fingerprint" in shown and "line 1" in shown
    assert run("compare", *copied, "--log", script).returncode == 2, "no log of PostgreSQL's"
    assert run("compare", *copied, "-f", script, "-c", "SELECT 1").returncode == 2


def test_a_second_copy_into_a_target_with_other_rows_is_refused(weather, pg_database, tmp_path):
    plan = tmp_path / "plan.toml"
    run("plan", weather, "-o", plan)
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE locations (id bigint PRIMARY KEY)")
        cursor.execute("INSERT INTO locations VALUES (1)")
    done = run("copy", "--sqlite", weather, "--postgres", pg_database, "--plan", plan, "--no-backup", "--json", check=2)
    assert json.loads(done.stdout)["error"]["sqlstate"] == "55000"
    assert "target is not empty" in done.stderr


def test_status_and_switch_speak_to_the_console(weather, pg_database, tmp_path, crossfade):
    plan = tmp_path / "plan.toml"
    run("plan", weather, "-o", plan)
    proxy = crossfade(sqlite=weather, postgres=pg_database, plan=plan)
    at = ("--console", f"host=127.0.0.1 port={proxy.port} user=admin dbname=crossfade")
    assert json.loads(run("status", *at, "--json", check=0).stdout)["stage"][0]["stage"] == "sqlite"
    assert run("switch", "postgres", *at).returncode in (2, 4), "a step that leaves stages out"
    switched = json.loads(run("switch", "copy", *at, "--json", check=0).stdout)
    assert switched[0]["stage"] == "copy"
    assert "copy" in run("status", "--port", proxy.port, check=0).stdout
    assert run("switch", "nowhere", *at).returncode == 2


def test_a_wrong_configuration_is_named_with_file_line_and_the_key_that_was_meant(tmp_path):
    conf = tmp_path / "proxy.conf"
    conf.write_text("[listen]\nport = 6432\n\nprot = 1\n")
    for verb in ("serve", "check-config", "verify"):
        done = run(verb, "--config", conf, check=2)
        assert f'{conf}:4: unknown key "prot"; did you mean "port"?' in done.stderr


def test_check_config_shows_where_each_value_comes_from_and_masks_passwords(tmp_path):
    conf = tmp_path / "proxy.conf"
    conf.write_text('[postgres]\nconninfo = "host=h password=hunter2"\n')
    done = run("check-config", "--config", conf, "--port", 7000, "--json", check=0)
    rows = {row["setting"]: row for row in json.loads(done.stdout)}
    assert (rows["listen.port"]["value"], rows["listen.port"]["source"]) == ("7000", "flag")
    assert rows["postgres.conninfo"]["source"] == "file"
    assert "hunter2" not in done.stdout + done.stderr


def test_the_example_configuration_is_accepted(tmp_path):
    run("check-config", "--config", ROOT / "proxy.conf.example", check=0)


def test_passwd_makes_a_user_who_can_log_in_and_nobody_else_can(tmp_path, crossfade):
    users = tmp_path / "users"
    users.write_text(run("passwd", "app", input="secret\n", check=0).stdout)
    users.chmod(0o600)
    proxy = crossfade(sqlite=tmp_path / "app.db", settings={"listen": ['auth = "scram-sha-256"', f'users_file = "{users}"']})
    with proxy.connect("app", password="secret") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    for user, password in (("app", "wrong"), ("nobody", "secret")):
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            proxy.connect(user, password=password)


def test_trust_on_an_address_that_is_not_loopback_is_refused(tmp_path):
    done = run("serve", "--sqlite", tmp_path / "app.db", "--listen", "0.0.0.0", "--port", 0, check=2)
    assert "trust" in done.stderr


def test_sigterm_ends_the_proxy_with_exit_code_0_and_the_file_stays_readable(tmp_path, crossfade):
    proxy = crossfade(sqlite=tmp_path / "app.db")
    with proxy.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a integer)")
        cursor.execute("INSERT INTO t VALUES (1)")
    connection.close()
    proxy.stop()
    assert proxy.process.returncode == 0
    with sqlite3.connect(tmp_path / "app.db") as file:
        assert file.execute("SELECT a FROM t").fetchall() == [(1,)]
