"""Changes of the schema while PostgreSQL is the primary: killed at every point, and cut off at COMMIT."""
import contextlib
import signal

import psycopg2
import pytest

from gate import Gate
from servers import wait_until
from test_mirror_ddl import block, bring, say, schemas, session
from test_mirror_ddl_back import assert_equal_there, go_back, waiting_changes
from test_mirror_workloads import caught_up, serve_pair


IN_BLOCK = ["UPDATE hot SET n = 3 WHERE id = 2", "CREATE TABLE made (id integer PRIMARY KEY)", "INSERT INTO made VALUES (1)", "ALTER TABLE hot RENAME TO cold", "ALTER TABLE cold ADD COLUMN more integer",
            "UPDATE cold SET more = id", "ALTER TABLE cold ALTER COLUMN more SET NOT NULL", "ALTER TABLE tk DROP CONSTRAINT tk_pkey, ADD PRIMARY KEY (token)", "INSERT INTO tk VALUES (2, 'two')"]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("point", ["schema-back-recorded", "schema-back-acknowledged", "schema-back-applied", "schema-back-committed", "schema-back-forgotten"])
def test_killed_at_each_point_nothing_acknowledged_is_lost(armed, point, seed):
    proxy, name = armed("postgres")
    cursor = session(proxy)
    alone = "; ".join(IN_BLOCK)
    say(cursor, ["CREATE TABLE tk (number integer PRIMARY KEY, token text NOT NULL)", "INSERT INTO tk VALUES (1, 'one'), (3, 'three')"])
    wait_until(lambda: caught_up(proxy) and waiting_changes(proxy) == 0, 20, "the mirror")
    say(cursor, ["UPDATE hot SET n = 1", "UPDATE tk SET number = 5 WHERE number = 1", "DELETE FROM tk WHERE number = 3"])
    if seed == 2:
        wait_until(lambda: caught_up(proxy), 20, "the mirror")
    name.write_text(point + "\n")
    acknowledged = False
    with contextlib.suppress(psycopg2.OperationalError):
        if seed == 3 and point != "schema-back-acknowledged":
            block(cursor, IN_BLOCK)
        else:
            cursor.execute(alone)
        acknowledged = True
        for n in range(50):
            cursor.execute(f"INSERT INTO made VALUES ({n + 10})")
    assert proxy.process.wait(20) == -signal.SIGKILL
    name.write_text("\n")
    if point == "schema-back-committed":  # the start that makes it good is killed, too
        name.write_text("schema-back-finished\n")
        proxy.start(wait=False)
        assert proxy.process.wait(20) == -signal.SIGKILL
        name.write_text("\n")
    proxy.start()
    made = ("made", "r") in [row[:2] for row in schemas(proxy)[1]]
    assert made or not acknowledged
    assert made == (point != "schema-back-recorded")
    cursor = session(proxy)
    cursor.execute("UPDATE cold SET n = 8 WHERE id = 2" if made else "UPDATE hot SET n = 8 WHERE id = 2")
    tables = ["made", "cold", "tk"] if made else ["hot", "tk"]
    assert_equal_there(proxy, tables)
    go_back(proxy, tables)


class CutAtCommit(Gate):
    """Cuts every connection when the COMMIT behind a record of a change goes by: it is not delivered, or its answer is not."""

    armed = None  # "undelivered" or "unanswered"

    def _pass(self, source, sink):
        noted = False
        try:
            while data := source.recv(65536):
                noted = noted or b"INTO crossfade.schema_back" in data
                if self.waits and b"COMMIT\0" in data and source is self.waits:
                    return self.cut()
                if self.armed and noted and b"COMMIT\0" in data:
                    how, self.armed = self.armed, None
                    if how == "undelivered":
                        return self.cut()
                    self.waits = sink
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(2)
        return None

    waits = None


@pytest.mark.parametrize("how", ["undelivered", "unanswered"])
@pytest.mark.parametrize("way", ["alone", "in a block"])
def test_a_connection_lost_at_commit_leaves_both_sides_with_it_or_none(crossfade, tmp_path, postgres, pg_database, how, way):
    gate = CutAtCommit("127.0.0.1", postgres.port)
    proxy = bring(serve_pair(crossfade, tmp_path, pg_database.replace(f"port={postgres.port}", f"port={gate.port}")), "postgres")
    proxy.pg = pg_database
    cursor = session(proxy)
    gate.armed = how
    with pytest.raises(psycopg2.OperationalError):
        if way == "alone":
            cursor.execute("CREATE TABLE made (id integer PRIMARY KEY); INSERT INTO made VALUES (1)")
        else:
            block(cursor, ["CREATE TABLE made (id integer PRIMARY KEY)", "INSERT INTO made VALUES (1)"])
    assert gate.armed is None
    cursor = session(proxy)
    cursor.execute("SELECT to_regclass('made') IS NOT NULL")
    made = cursor.fetchone() == (True,)
    assert made == (how == "unanswered")
    cursor.execute("UPDATE hot SET n = 4")
    assert_equal_there(proxy, ["made", "hot"] if made else ["hot"])
    go_back(proxy, ["made", "hot"] if made else ["hot"])
    gate.close()
