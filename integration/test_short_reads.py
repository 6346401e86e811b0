"""Prepared reads by key, which the proxy runs without leaving its io thread: the same answers as by the ordinary way, also when
the schema, the settings or the transaction change between two runs."""
import sqlite3

import pytest

from raw import SYNC, RawClient, bind, execute, parse, query, startup

READ = "SELECT name FROM items WHERE id = $1"


@pytest.fixture
def served(crossfade, tmp_path):
    path = tmp_path / "app.db"
    file = sqlite3.connect(path)
    file.executescript("PRAGMA journal_mode=WAL; CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, made TEXT);"
                       "INSERT INTO items VALUES (1, 'one', NULL), (2, 'two', NULL), (3, NULL, NULL)")
    file.commit()
    yield crossfade(sqlite=path), file
    file.close()


def prepared(server, text=READ):
    client = RawClient("127.0.0.1", server.port)
    client.send(startup("u", server.database))
    client.until_ready()
    client.send(parse("s", text) + SYNC)
    client.until_ready()
    return client


def run(client, *values, format=0):
    client.send(bind("", "s", values, (), (format,)) + execute() + SYNC)
    return client.until_ready()


def learned(server, text=READ, value=b"1"):
    client = prepared(server, text)
    answers = [run(client, value) for _ in range(4)]
    assert all(answer == answers[0] for answer in answers), answers
    return client


def simple(client, sql):
    client.send(query(sql))
    return client.until_ready()


def test_rows_nulls_absent_keys_and_binary_results(served):
    server, _ = served
    first = prepared(server)
    expected = [run(first, value, format=form) for form in (0, 1) for value in (b"1", b"2", b"3", b"4")]
    first = learned(server)
    assert [run(first, value, format=form) for form in (0, 1) for value in (b"1", b"2", b"3", b"4")] == expected
    assert len({str(answer) for answer in expected[:4]}) == 4


def test_what_another_process_commits_is_seen_at_once(served):
    server, file = served
    client = learned(server)
    before = run(client, b"1")
    file.execute("UPDATE items SET name = 'changed' WHERE id = 1")
    assert run(client, b"1") == before
    file.commit()
    assert "changed" in str(run(client, b"1"))


def test_a_table_that_another_process_drops_or_remakes(served):
    server, file = served
    client = learned(server)
    file.executescript("DROP TABLE items")
    assert "42P01" in str(run(client, b"1"))
    file.executescript("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO items VALUES (1, 'again')")
    assert "again" in str(run(client, b"1"))
    file.executescript("DROP TABLE items; CREATE TABLE items (id INTEGER PRIMARY KEY, name INTEGER)")
    assert "0A000" in str(run(client, b"1"))


def test_a_changed_setting_changes_the_text_of_the_next_run(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db")
    client = prepared(server, "SELECT 1")
    simple(client, "CREATE TABLE moments (id bigint PRIMARY KEY, at timestamptz)")
    simple(client, "INSERT INTO moments VALUES (1, '2024-01-01 12:00:00+00')")
    client = learned(server, "SELECT at FROM moments WHERE id = $1")
    assert "2024-01-01 12:00:00+00" in str(run(client, b"1"))
    simple(client, "SET TimeZone = 'Asia/Tokyo'")
    for _ in range(4):
        assert "2024-01-01 21:00:00+09" in str(run(client, b"1"))


def test_a_pinned_snapshot_and_ones_own_writes(served):
    server, file = served
    client = learned(server)
    old = run(client, b"1")[:-1]
    simple(client, "BEGIN ISOLATION LEVEL REPEATABLE READ")
    assert run(client, b"1")[:-1] == old
    file.execute("UPDATE items SET name = 'newer' WHERE id = 1")
    file.commit()
    assert run(client, b"1")[:-1] == old
    simple(client, "COMMIT")
    assert "newer" in str(run(client, b"1"))
    simple(client, "BEGIN")
    simple(client, "UPDATE items SET name = 'mine' WHERE id = 1")
    assert "mine" in str(run(client, b"1"))
    simple(client, "ROLLBACK")
    assert "newer" in str(run(client, b"1"))
    simple(client, "BEGIN")
    simple(client, "SELEC")
    assert "25P02" in str(run(client, b"1"))


def test_a_read_in_a_block_fixes_its_isolation_level(served):
    server, _ = served
    client = learned(server)
    simple(client, "BEGIN")
    run(client, b"1")
    assert "25001" in str(simple(client, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))


def test_bad_binds_and_stored_misfits_are_told_as_the_first_time(served):
    server, file = served
    client, fresh = learned(server), prepared(server)
    for values in ((b"x",), (), (b"1", b"2")):
        assert run(client, *values) == run(fresh, *values)
    file.execute("UPDATE items SET name = x'00ff' WHERE id = 2")
    file.commit()
    misfit = run(client, b"2")
    assert "22P02" in str(misfit) and misfit == run(prepared(server), b"2")
    assert "22P02" not in str(run(client, b"1"))


def test_many_in_one_send_and_two_in_one_transaction(served):
    server, _ = served
    client = learned(server)
    one = run(client, b"1")
    batch = bind("", "s", (b"1",), (), (0,)) + execute() + SYNC
    client.send(batch * 2000)
    assert client.until_ready(2000) == one * 2000
    pair = (bind("", "s", (b"1",), (), (0,)) + execute()) * 2 + SYNC
    client.send(pair)
    assert client.until_ready() == one[:-1] * 2 + one[-1:]
