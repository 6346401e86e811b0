"""The program as a service: SIGHUP and RELOAD, NOTIFY_SOCKET, LISTEN_FDS."""
import signal
import socket
import subprocess
import sys

import psycopg2
import pytest

from certificates import Authority
from raw import startup
from servers import Crossfade, wait_until
from test_auth import PASSWORD, refused, users_file

LAUNCHER = """
import fcntl, os, socket, sys
tcp = socket.create_server(("127.0.0.1", int(sys.argv[1])))
unix = socket.socket(socket.AF_UNIX)
unix.bind(sys.argv[2])
unix.listen()
high = [fcntl.fcntl(one.fileno(), fcntl.F_DUPFD, 50) for one in (tcp, unix)]
for place, descriptor in enumerate(high):
    os.dup2(descriptor, 3 + place)
os.closerange(5, 100)
os.environ.update(LISTEN_FDS="2", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="a:b")
os.execv(sys.argv[3], sys.argv[3:])
"""


def reload_by_signal(server):
    count = server.log_text().count("eloaded")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: server.log_text().count("eloaded") > count, 20, "the reload")


def guarded(crossfade, tmp_path, binary):
    path = users_file(tmp_path, binary, ann=PASSWORD)
    return crossfade(sqlite=tmp_path / "app.db", settings={"listen": [f'users_file = "{path}"', 'auth = "scram-sha-256"']}), path


def change_config(server, old, new):
    path = server.folder / f"proxy-{server.port}.conf"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_sighup_takes_a_changed_users_file_and_leaves_those_who_are_in(crossfade, tmp_path, binary):
    server, path = guarded(crossfade, tmp_path, binary)
    inside = psycopg2.connect(server.url("ann"), password=PASSWORD)
    users_file(tmp_path, binary, bob=PASSWORD)
    reload_by_signal(server)
    psycopg2.connect(server.url("bob"), password=PASSWORD).close()
    assert refused(server, "ann", password=PASSWORD) == 'password authentication failed for user "ann"'
    cursor = inside.cursor()
    cursor.execute("SELECT 1")
    assert cursor.fetchone() == (1,)
    inside.close()
    path.write_text("nonsense\n")
    reload_by_signal(server)
    assert "not reloaded: nothing has changed" in server.log_text()
    psycopg2.connect(server.url("bob"), password=PASSWORD).close()


def test_reload_says_what_counts_now_and_what_needs_a_restart(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": ["max_connections = 50", 'write_timeout = "2min"']})
    assert server.console("RELOAD") == []
    change_config(server, "max_connections = 50", "max_connections = 2")
    change_config(server, 'write_timeout = "2min"', 'write_timeout = "3min"')
    assert server.console("RELOAD") == [{"setting": "listen.max_connections", "value": "2", "counts": "now"},
                                        {"setting": "listen.write_timeout", "value": "3min", "counts": "after a restart"}]
    shown = {row["name"]: row["setting"] for row in server.console("SHOW CONFIG")}
    assert (shown["listen.max_connections"], shown["listen.write_timeout"]) == ("2", "2min")
    kept = [server.connect() for _ in range(2)]
    assert refused(server, "ann") == "sorry, too many clients already"
    kept.pop().close()
    change_config(server, "max_connections = 2", "max_connectoins = 2")
    wait_until(lambda: reload_fails(server), 10, "a place for the console")


def reload_fails(server):
    try:
        server.console("RELOAD")
    except psycopg2.OperationalError:
        return False
    except psycopg2.Error as error:
        return "unknown key" in str(error)
    raise AssertionError("a wrong file was taken")


def test_a_changed_certificate_counts_for_the_next_client(crossfade, tmp_path):
    authority, other = Authority(tmp_path / "one"), Authority(tmp_path / "two")
    server = crossfade(sqlite=tmp_path / "app.db", settings={"listen": authority.settings()})

    def comes_in(trusted):
        psycopg2.connect(server.url(), sslmode="verify-ca", sslrootcert=str(trusted.certificate)).close()

    comes_in(authority)
    certificate, key = other.issue("localhost", "server")
    (tmp_path / "one" / "server.crt").write_bytes(certificate.read_bytes())
    reload_by_signal(server)  # the key does not fit yet: nothing changes
    comes_in(authority)
    (tmp_path / "one" / "server.key").write_bytes(key.read_bytes())
    reload_by_signal(server)
    comes_in(other)
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        comes_in(authority)


def test_the_service_manager_is_told(crossfade, tmp_path):
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    manager.settimeout(30)
    server = crossfade(sqlite=tmp_path / "app.db", environment={"NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert manager.recv(1000) == b"READY=1\n"
    server.process.send_signal(signal.SIGHUP)
    assert manager.recv(1000).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    assert manager.recv(1000) == b"READY=1\n"
    server.stop()
    assert manager.recv(1000) == b"STOPPING=1\n"
    manager.close()


def test_a_manager_that_is_not_there_is_no_trouble(crossfade, tmp_path):
    server = crossfade(sqlite=tmp_path / "app.db", environment={"NOTIFY_SOCKET": "@crossfade-nobody"})
    server.connect().close()


def launch(server, tmp_path):
    return subprocess.Popen([sys.executable, "-c", LAUNCHER, str(server.port), str(tmp_path / "socket"), *map(str, server.arguments())],
                            stdout=open(server.log_path, "ab"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)


def test_sockets_of_a_service_manager_are_served(crossfade, tmp_path):
    server = Crossfade(tmp_path, sqlite=tmp_path / "app.db", settings={"listen": ['addresses = ["192.0.2.1"]']})
    server.process = launch(server, tmp_path)
    try:
        server.wait_ready()
        server.connect().close()
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(tmp_path / "socket"))
        client.sendall(startup("u", "app"))
        assert client.recv(1) == b"R"
        client.close()
    finally:
        server.stop()
    assert (tmp_path / "socket").exists()  # it is the manager's
