"""`crossfade report`: the day after the cutover. And what SHOW HISTORY and SHOW TRANSLATIONS tell it."""
import json
import re
import sqlite3

import psycopg2
import pytest

from servers import wait_until
from test_gates import run, to_shadow


def report(proxy, *words, check):
    return proxy.run("report", "--console", proxy.url("admin", "crossfade"), *words, check=check)


@pytest.fixture
def switched(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    proxy.console("SWITCH TO postgres")
    return proxy


def test_the_history_has_every_stage_with_what_clients_waited(switched):
    switched.console("SWITCH BACK")
    rows = switched.console("SHOW HISTORY")
    assert [(row["from"], row["to"]) for row in rows] == [("sqlite", "copy"), ("copy", "shadow"), ("shadow", "postgres"), ("postgres", "shadow")]
    assert [row["held_ms"] is not None for row in rows] == [False, False, True, True], rows
    assert [int(row["epoch"]) for row in rows] == sorted({int(row["epoch"]) for row in rows})
    assert rows[-1]["at"] == switched.console("SHOW STAGE")[0]["since"]
    switched.stop()
    switched.start()
    assert switched.console("SHOW HISTORY") == rows


def test_a_report_since_the_cutover_leaves_out_what_was_before(switched):
    whole = json.loads(report(switched, "--json", check=0).stdout)
    assert (whole["stage"], whole["since"], whole["look_at"], whole["next"]) == ("postgres", None, [], "FINISH, or SWITCH BACK")
    assert len(whole["tables"]["history"]) == 3
    since = json.loads(report(switched, "--json", "--since", "cutover", check=0).stdout)
    assert [row["to"] for row in since["tables"]["history"]] == ["postgres"]
    assert since["since"] == since["tables"]["history"][0]["at"]
    later = json.loads(report(switched, "--json", "--since", "2999-01-01", check=0).stdout)
    assert later["tables"]["history"] == []
    text = report(switched, check=0).stdout
    assert "Stage postgres: PostgreSQL answers" in text and "Nothing is to be looked at." in text and text.endswith("Next: FINISH, or SWITCH BACK\n")


def test_a_page_for_a_file_of_that_name(switched, tmp_path):
    page = tmp_path / "cutover.html"
    report(switched, "--since", "cutover", "-o", page, check=0)
    html = page.read_text()
    assert html.startswith("<!doctype html>") and html.rstrip().endswith("</html>")
    assert html.count("<h2>") == 8 and 'class="tag green"' in html and "<script" not in html and "http" not in html


def test_what_is_to_be_looked_at_is_the_exit_code(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database, "compared_reads = 1000000")
    told = json.loads(report(proxy, "--json", check=1).stdout)
    assert any(re.fullmatch(r"\d+ red gates?", one) for one in told["look_at"]), told["look_at"]
    refused = report(proxy, "--since", "cutover", check=2)
    assert "there was no cutover yet" in refused.stderr
    assert "takes cutover, or a date and time" in report(proxy, "--since", "tuesday", check=2).stderr
    proxy.console("SWITCH TO postgres FORCE")
    told = json.loads(report(proxy, "--json", check=1).stdout)
    assert "1 forced switch" in told["look_at"]
    assert "compared" in told["tables"]["forced"][0]["gates"]


def test_what_postgres_does_not_take_is_to_be_rewritten(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    assert proxy.console("SHOW TRANSLATIONS") == []
    with psycopg2.connect(pg_database) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE ticket CASCADE")
    run(proxy, "UPDATE ticket SET token = token || '!' WHERE number = -1", "SELECT token FROM ticket WHERE number = -1")
    wait_until(lambda: {(row["kind"], "42P01" in row["why"]) for row in proxy.console("SHOW TRANSLATIONS")} == {("change", True), ("read", True)}, 30,
               "both statements")
    told = json.loads(report(proxy, "--json", check=1).stdout)
    assert "2 statements to rewrite" in told["look_at"]
    assert {row["statement"] for row in told["tables"]["translations"]} == {"update ticket set token = token || ? where number = - ?", "select token from ticket where number = - ?"}


def test_a_cutover_that_an_older_release_made_has_its_time_from_the_stage(switched):
    with sqlite3.connect(switched.sqlite) as file:
        file.execute("DROP TABLE crossfade_history")
    told = json.loads(report(switched, "--json", "--since", "cutover", check=0).stdout)
    assert told["since"] == switched.console("SHOW STAGE")[0]["since"]
    switched.console("SWITCH BACK")
    assert "no cutover yet" in report(switched, "--since", "cutover", check=2).stderr
    assert [row["to"] for row in switched.console("SHOW HISTORY")] == ["shadow"]
    switched.console("SWITCH TO postgres")
    switched.console("FINISH")
    switched.stop()
    with sqlite3.connect(switched.sqlite) as file:
        file.execute("DROP TABLE crossfade_history")
    switched.start()
    assert "not known when" in report(switched, "--since", "cutover", check=2).stderr
    report(switched, check=0)


def test_clean_takes_the_history_away(crossfade, tmp_path, pg_database):
    proxy = to_shadow(crossfade, tmp_path, pg_database)
    for _ in range(2):
        proxy.console("SWITCH BACK")
    assert [row["to"] for row in proxy.console("SHOW HISTORY")] == ["copy", "shadow", "copy", "sqlite"]
    proxy.stop()
    assert "removed table crossfade_history" in proxy.run("clean", proxy.sqlite, check=0).stdout
    with sqlite3.connect(proxy.sqlite) as file:
        assert file.execute("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'crossfade%'").fetchone() == (0,)
