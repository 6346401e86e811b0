"""The HTTP listener: metrics, health and readiness, to a machine that asks properly and to one that does not."""
import http.client
import re
import socket
import sqlite3
import subprocess
import threading
import time

import psycopg2
import pytest

from servers import free_port, wait_until
from test_pool import connect, database_of, value


@pytest.fixture
def served(crossfade):
    """start(**options of Crossfade): with an HTTP listener, whose port is .http."""

    def start(**options):
        port = free_port()
        options.setdefault("settings", {}).setdefault("http", []).append(f'listen = "127.0.0.1:{port}"')
        proxy = crossfade(**options)
        proxy.http = port
        return proxy

    return start


def get(proxy, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=15)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    finally:
        connection.close()


def metrics(proxy):
    """{(name, labels as text): value}; the text is checked to be Prometheus' on the way."""
    status, text, headers = get(proxy, "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found, typed = {}, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
            continue
        if line.startswith("#"):
            continue
        match = re.fullmatch(r'([a-z_]+)(\{[^}]*\})? (\S+)', line)
        assert match and match[1] in typed, line
        assert match[1].endswith("_total") == (match[1] in typed and f"# TYPE {match[1]} counter" in text), line
        found[match[1], match[2] or ""] = float(match[3])
    return found


def total(found, name):
    return sum(number for (each, _), number in found.items() if each == name)


def test_metrics_of_the_file_count_clients_statements_errors_and_bytes(served, tmp_path):
    proxy = served(sqlite=tmp_path / "app.db")
    before = metrics(proxy)
    client = proxy.connect()
    client.autocommit = True
    cursor = client.cursor()
    for _ in range(10):
        cursor.execute("SELECT 1")
    for _ in range(3):
        with pytest.raises(psycopg2.Error):
            cursor.execute("SELECT * FROM nowhere")
    after = metrics(proxy)
    assert total(after, "crossfade_statements_total") - total(before, "crossfade_statements_total") >= 13
    assert after["crossfade_errors_total", '{sqlstate="42P01"}'] == 3
    assert after["crossfade_clients", '{side="sqlite",state="idle"}'] == 1
    assert total(after, "crossfade_received_bytes_total") > total(before, "crossfade_received_bytes_total") + 13 * len("SELECT 1")
    assert total(after, "crossfade_sent_bytes_total") > total(before, "crossfade_sent_bytes_total")
    assert total(after, "process_resident_memory_bytes") > 1e6 and total(after, "process_open_fds") > 5
    client.close()
    wait_until(lambda: total(metrics(proxy), "crossfade_clients") == 0, 10, "the client's end")
    assert total(metrics(proxy), "crossfade_statements_total") >= total(after, "crossfade_statements_total")  # those who went still count


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_metrics_of_the_pools_are_what_show_stats_says(served, pg_database, mode):
    proxy = served(postgres=pg_database, settings={"pool": [f'mode = "{mode}"']})
    client = connect(proxy, pg_database)
    for _ in range(20):
        value(client, "SELECT 1")
    with pytest.raises(psycopg2.Error):
        value(client, "SELECT 1/0")
    labels = '{user="app",database="' + database_of(pg_database) + '"}'
    found, stats = metrics(proxy), proxy.console("SHOW STATS")[0]
    for column, name in (("total_xact_count", "transactions"), ("total_query_count", "queries"), ("total_received", "received_bytes"), ("total_sent", "sent_bytes")):
        assert found[f"crossfade_pool_{name}_total", labels] == int(stats[column]), name
    assert found["crossfade_errors_total", '{sqlstate="22012"}'] == 1
    assert found["crossfade_pool_max_connections", labels] == 100
    states = {state: found["crossfade_pool_connections", labels[:-1] + f',state="{state}"}}'] for state in ("active", "idle")}
    assert states == ({"active": 1, "idle": 0} if mode == "session" else {"active": 0, "idle": 1})
    if mode == "transaction":
        value(client, "SELECT set_config('search_path', 'pg_catalog', false)")
        wait_until(lambda: total(metrics(proxy), "crossfade_clients_pinned") == 1, 10, "the pinned client")


def test_metrics_of_a_pair_have_its_stage_and_the_journals_length(served, binary, pg_database, tmp_path):
    file = sqlite3.connect(tmp_path / "app.db")
    file.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    file.close()
    subprocess.run([str(binary), "plan", "--sqlite", tmp_path / "app.db", "-o", tmp_path / "plan.toml"], check=True, capture_output=True)
    proxy = served(sqlite=tmp_path / "app.db", postgres=pg_database, plan=tmp_path / "plan.toml")
    found = metrics(proxy)
    assert found["crossfade_stage", '{stage="sqlite"}'] == 1 and ("crossfade_epoch", "") in found
    proxy.console("SWITCH TO copy")
    client = proxy.connect()
    client.autocommit = True
    client.cursor().execute("INSERT INTO t VALUES (2), (3)")
    wait_until(lambda: total(metrics(proxy), "crossfade_mirror_keys_total") >= 2, 30, "the keys")
    found = metrics(proxy)
    assert found["crossfade_stage", '{stage="copy"}'] == 1 and ("crossfade_journal_waiting", "") in found


def test_what_lives_is_healthy_and_what_can_answer_is_ready(served, tmp_path):
    proxy = served(sqlite=tmp_path / "app.db")
    assert get(proxy, "/healthz")[:2] == (200, "ok\n")
    assert get(proxy, "/readyz")[:2] == (200, "ready\n")


def test_without_postgresql_it_is_healthy_and_not_ready_and_says_why(served, gate, postgres, pg_database):
    way = gate("127.0.0.1", postgres.port)
    proxy = served(postgres=pg_database.replace(f"port={postgres.port}", f"port={way.port}"))
    assert get(proxy, "/readyz")[0] == 200
    way.refuse()
    wait_until(lambda: get(proxy, "/readyz")[0] == 503, 10, "the end of readiness")
    status, text, _ = get(proxy, "/readyz")
    assert status == 503 and text.startswith("not ready: postgres: 08001 "), text
    assert get(proxy, "/healthz")[0] == 200
    way.refuse(False)
    wait_until(lambda: get(proxy, "/readyz")[0] == 200, 10, "readiness")


def test_a_postgresql_that_hangs_is_not_waited_for_longer_than_seconds(served, gate, postgres, pg_database):
    way = gate("127.0.0.1", postgres.port)
    proxy = served(postgres=pg_database.replace(f"port={postgres.port}", f"port={way.port}"))
    way.delay = 30
    begin = time.monotonic()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(get(proxy, "/readyz")[0])) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert get(proxy, "/healthz")[0] == 200 and not answers, "it waits for none of them"
    for thread in threads:
        thread.join()
    assert answers == [503] * 5 and time.monotonic() - begin < 12


def test_methods_and_targets_that_are_not_there_are_told_so(served, tmp_path):
    proxy = served(sqlite=tmp_path / "app.db")
    assert get(proxy, "/")[0] == 404
    assert get(proxy, "/metrics", "POST")[0] == 405 and get(proxy, "/metrics", "DELETE")[2]["Allow"] == "GET, HEAD"
    status, text, headers = get(proxy, "/metrics", "HEAD")
    assert status == 200 and text == "" and int(headers["Content-Length"]) > 500
    assert get(proxy, "/healthz?probe=1")[0] == 200


def spoken(proxy, said, seconds=15):
    with socket.create_connection(("127.0.0.1", proxy.http), timeout=seconds) as client:
        try:
            client.sendall(said)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        heard = b""
        try:
            while data := client.recv(65536):
                heard += data
        except ConnectionResetError:
            pass
        return heard


@pytest.mark.parametrize("said, status", [
    (b"\0\0\0\x08\x04\xd2\x16\x2f", b"400"),                             # a PostgreSQL client that is lost
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),           # one that speaks TLS
    (b"GET\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/9.9\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nBad Header\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
    (b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"431"),
    (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", b"431"),
    (b"POST /healthz HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 100, b"413"),
    (b"", b""),
    (b"GET /healthz HT", b""),
])
def test_what_is_no_http_is_refused_and_harms_nobody(served, tmp_path, said, status):
    proxy = served(sqlite=tmp_path / "app.db")
    heard = spoken(proxy, said)
    assert heard[9:12] == status, heard[:200]
    assert get(proxy, "/healthz")[0] == 200


def test_requests_in_one_go_are_answered_in_turn_and_http_1_0_is_closed(served, tmp_path):
    proxy = served(sqlite=tmp_path / "app.db")
    assert spoken(proxy, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 3).count(b"HTTP/1.1 200") == 3
    with socket.create_connection(("127.0.0.1", proxy.http), timeout=15) as client:
        client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        heard = b""
        while data := client.recv(65536):
            heard += data
        assert b" 200 " in heard and heard.endswith(b"ok\n")


def silent_from(proxy, address, count):
    return [socket.create_connection(("127.0.0.1", proxy.http), timeout=30, source_address=(address, 0)) for _ in range(count)]


def test_many_silent_connections_are_bounded_and_end(served, tmp_path):
    """64 at a time, 32 of an address, and 503 for those beyond; one that says nothing, or says it byte by byte, goes after 2 s."""
    proxy = served(sqlite=tmp_path / "app.db")
    begin = time.monotonic()
    silent = silent_from(proxy, "127.0.0.1", 40)
    slow = silent[0]
    for client in silent[32:]:
        client.settimeout(5)
        assert client.recv(64).startswith(b"HTTP/1.1 503 "), "one too many of its address"
    silent += silent_from(proxy, "127.0.0.2", 32)  # another address still has places, the last ones
    for address in ("127.0.0.3", "127.0.0.1"):
        beyond, = silent_from(proxy, address, 1)
        beyond.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        heard = b""
        while data := beyond.recv(65536):
            heard += data
        assert heard.startswith(b"HTTP/1.1 503 ") and b"Connection: close" in heard and heard.endswith(b"too many connections\n"), heard
        beyond.close()
    assert time.monotonic() - begin < 2, "all in the time that the silent ones have"
    with pytest.raises(OSError):
        while time.monotonic() - begin < 30:  # a header that is never whole does not keep it
            slow.sendall(b"G")
            slow.settimeout(0.1)
            try:
                if slow.recv(1) == b"":
                    raise ConnectionResetError
            except socket.timeout:
                pass
    assert 1.5 < time.monotonic() - begin < 20
    wait_until(lambda: works(proxy), 20, "a free place")
    client = proxy.connect()  # those who want SQL have noticed nothing
    client.cursor().execute("SELECT 1")
    for each in silent:
        each.close()


def test_a_crowd_from_one_address_leaves_places_for_another(served, tmp_path):
    proxy = served(sqlite=tmp_path / "app.db")
    crowd = silent_from(proxy, "127.0.0.1", 300)
    other, = silent_from(proxy, "127.0.0.2", 1)
    other.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert b" 200 " in other.recv(100)
    for each in crowd + [other]:
        each.close()
    wait_until(lambda: works(proxy), 20, "a free place")


def works(proxy):
    try:
        return get(proxy, "/healthz")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def test_one_that_does_not_read_its_answer_is_dropped(served, tmp_path):
    proxy = served(sqlite=tmp_path / "app.db")
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lazy.connect(("127.0.0.1", proxy.http))
    lazy.setblocking(False)
    request = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    begin, gone = time.monotonic(), False
    while not gone and time.monotonic() - begin < 40:
        try:
            lazy.send(request)
        except BlockingIOError:
            time.sleep(0.2)
        except OSError:
            gone = True
    assert gone
    assert get(proxy, "/healthz")[0] == 200


def test_an_address_that_is_none_or_is_taken_ends_the_start(crossfade, binary, tmp_path):
    for listen, words in (("localhost:9187", "not a numeric address"), ("9187", "not a numeric address"), ("127.0.0.1:99999", "not a numeric address")):
        config = tmp_path / "proxy.conf"
        config.write_text(f'[listen]\nport = {free_port()}\n[http]\nlisten = "{listen}"\n')
        done = crossfade_fails(binary, config, tmp_path)
        assert done.returncode == 2 and words in done.stderr, done.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config.write_text(f'[listen]\nport = {free_port()}\n[http]\nlisten = "127.0.0.1:{taken.getsockname()[1]}"\n')
        done = crossfade_fails(binary, config, tmp_path)
        assert done.returncode == 2 and "could not listen" in done.stderr, done.stderr


def crossfade_fails(binary, config, tmp_path):
    return subprocess.run([str(binary), "serve", "--config", str(config), "--sqlite", str(tmp_path / "app.db")], capture_output=True, text=True, timeout=60)
