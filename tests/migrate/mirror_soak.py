#!/usr/bin/env python3
"""The mirror under writers that bypass the proxy, killed at random and at every failpoint, walked to PostgreSQL and back.

mirror_soak.py TEST_MIGRATE [CONNINFO] --seconds N --seed N [--failpoints]

Starts `test_migrate [.drive]` on a scratch file, runs writers on the file and on PostgreSQL (each is refused while the other side is the
primary), kills the driver, starts it again and goes on. At the end both sides must be equal and every acknowledged row must be there once.
Exit code 0 when they are, 3 when not. The database that CONNINFO names (crossfade_soak on the
server of CROSSFADE_TEST_PG without it) is dropped and made anew.
"""
import argparse, os, random, re, signal, sqlite3, subprocess, sys, tempfile, threading, time

import psycopg2

SCHEMA = """
create table a(id integer primary key autoincrement, u text unique, v integer, n text not null default 'dn');
create unique index a_n on a(n) where n <> 'dn';
create table b(k text collate nocase primary key not null, v integer);
create table w(k1 text, k2 integer, v integer, u text unique, primary key(k1, k2)) without rowid;
create table p(id integer primary key, u text unique);
create table ch(id integer primary key, pid integer references p on delete cascade on update cascade,
                qid integer references p on delete set null on update cascade);
create table np(k text primary key not null, v integer);
create table e(id integer primary key, a text);
create unique index e_lower on e(lower(a));
create table au(id integer primary key, what text);
create table ack(id text primary key not null);
create trigger app1 after insert on a begin insert into au(what) values('ins' || new.id); update p set u = 't' || new.v where id = new.v; end;
create trigger app2 after delete on ch begin insert or replace into au(id, what) values(old.id % 50, 'del' || old.id); end;
create trigger app3 before update on w begin insert or replace into e(id, a) values(new.v, 'W' || new.v % 7); end;
insert into a(u, v) values('seed', 1); insert into b values('key1', 1); insert into w values('x1', 1, 1, 'seed'); insert into p values(1, 'seed');
insert into ch values(1, 1, 1); insert into np values('seed', 1); insert into e values(1, 'seed');
insert into ack values('seed');
"""
TABLES = {"a": "id,u,v,n", "b": "k,v", "w": "k1,k2,v,u", "p": "id,u", "ch": "id,pid,qid", "np": "k,v", "e": "id,a", "au": "id,what", "ack": "id"}
FAILPOINTS = {
    "forward": ["step-read", "step-applied", "step-committed", "step-pruned"],
    "backward": ["back-read", "back-flushed", "back-applied", "back-committed", "back-pruned"],
    "fill": ["fill-begun", "fill-table", "fill-done"],
    "beside": ["switch-guarded", "switch-epoch"],
    "switch": ["switch-fenced", "switch-guarded", "switch-stepped", "switch-primed", "switch-epoch", "switch-handed-over"],
}
# Which failpoints are met on the way from a stage by a command (none: by waiting), and where to go on.
WALKS = [
    ("fill", "sqlite", "switch copy", "shadow"),
    ("beside", "sqlite", "switch copy", "copy"),
    ("beside", "copy", "back", "sqlite"),
    ("beside", "copy", "switch shadow", "shadow"),
    ("beside", "shadow", "back", "copy"),
    ("forward", "shadow", "", "shadow"),
    ("backward", "postgres", "", "postgres"),
    ("switch", "shadow", "switch postgres", "postgres"),
    ("switch", "postgres", "back", "shadow"),
]


def file_operation(rnd):
    i, j = rnd.randint(1, 40), rnd.randint(1, 40)
    u = "u%d" % rnd.randint(1, 25)
    mixed = lambda text: "".join(rnd.choice((c.upper(), c)) for c in text)
    how = rnd.choice(["", "or ignore", "or replace", "or replace", "or abort", "or fail"])
    return rnd.choice([
        (f"insert {how} into a(u,v,n) values(?,?,?)", (u, j, rnd.choice([None, "dn", "n%d" % i]))),
        (f"insert {how} into a(id,u,v) values(?,?,?)", (i, u, j)),
        (f"update {how} a set u=? where id=?", (u, i)),
        (f"update {how} a set id=?,n=? where id=?", (j, "n%d" % i, i)),
        ("delete from a where id=?", (i,)),
        ("insert into a(id,u,v) values(?,?,?) on conflict(u) do update set v=excluded.v,id=excluded.id+100 on conflict do nothing", (i, u, j)),
        (f"insert {how} into b values(?,?)", (mixed("key%d" % i), j)),
        (f"update {how} b set k=? where k=?", (mixed("key%d" % j), "key%d" % i)),
        ("delete from b where k=?", ("KEY%d" % i,)),
        (f"insert {how} into w values(?,?,?,?)", ("x%d" % (i % 5), j, i, u)),
        (f"update {how} w set k2=k2+1,v=v+1 where k1=?", ("x%d" % (i % 5),)),
        (f"update {how} w set u=? where k2=?", (u, i)),
        ("delete from w where k2=?", (i,)),
        (f"insert {how} into p values(?,?)", (i, u)),
        (f"update {how} p set u=? where id=?", (u, i)),
        (f"update {how} p set id=? where id=?", (j, i)),
        ("delete from p where id=?", (i,)),
        ("update p set u=case id when ? then null when ? then (select u from p where id=?) else u end where id in (?,?)", (i, j, i, i, j)),
        (f"insert {how} into ch(pid,qid) values(?,?)", (i, j)),
        (f"insert {how} into ch values(?,?,?)", (rnd.randint(1, 99), i, j)),
        ("delete from ch where pid=?", (i,)),
        (f"insert {how} into np(rowid,k,v) values(?,?,?)", (i, u, j)),
        (f"update {how} np set k=? where v=?", (u, i)),
        (f"update {how} np set rowid=? where v=?", (j, i)),
        ("delete from np where v=?", (i,)),
        (f"insert {how} into e(id,a) values(?,?)", (i, mixed(u))),
        (f"update {how} e set a=? where id=?", (mixed(u), i)),
        ("delete from e where id=?", (i,)),
    ])


def target_operation(rnd):
    """No two spellings of one key: the file could not hold both."""
    i, j = rnd.randint(1, 40), rnd.randint(1, 40)
    u = "u%d" % rnd.randint(1, 25)
    return rnd.choice([
        ("insert into a(u,v,n) values(%s,%s,%s)", (u, j, rnd.choice(["dn", "n%d" % i]))),
        ("insert into a(id,u,v) values(%s,%s,%s) on conflict(id) do update set v=excluded.v", (i, u, j)),
        ("update a set u=%s where id=%s", (u, i)),
        ("update a set id=%s where id=%s", (j, i)),
        ("delete from a where id=%s", (i,)),
        ("insert into w values(%s,%s,%s,%s)", ("x%d" % (i % 5), j, i, u)),
        ("update w set u=%s where k2=%s", (u, i)),
        ("delete from w where k2=%s", (i,)),
        ("insert into p values(%s,%s)", (i, u)),
        ("update p set u=%s where id=%s", (u, i)),
        ("update p set id=%s where id=%s", (j, i)),
        ("delete from p where id=%s", (i,)),
        ("insert into ch values(%s,%s,%s) on conflict(id) do nothing", (rnd.randint(1, 99), i, j)),
        ("delete from ch where pid=%s", (i,)),
        ("insert into np(k,v) values(%s,%s) on conflict(k) do update set v=excluded.v", (u, j)),
        ("delete from np where v=%s", (i,)),
        ("truncate au", ()) if rnd.random() < 0.1 else ("insert into au values(%s,%s) on conflict(id) do nothing", (i, u)),
    ])


class Writers:
    def __init__(self, file, conninfo, seed):
        self.file, self.conninfo, self.seed, self.ending = file, conninfo, seed, False
        self.acknowledged, self.refused, self.operations, self.faults = set(), 0, 0, []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.write_file, args=(n,)) for n in range(3)]
        for thread in self.threads:
            thread.start()

    def start_target(self):
        """Once the tables there are guarded: what is written before is no part of the pair, and is thrown away."""
        for n in range(2):
            self.threads.append(threading.Thread(target=self.write_target, args=(n,)))
            self.threads[-1].start()

    def stop(self):
        self.ending = True
        for thread in self.threads:
            thread.join()

    def done(self, key, count):
        with self.lock:
            self.acknowledged.add(key)
            self.operations += count

    def write_file(self, number):
        rnd, n = random.Random(self.seed * 10 + number), 0
        connection = sqlite3.connect(self.file, isolation_level=None, timeout=30)
        connection.execute("pragma foreign_keys=on")
        connection.execute(f"pragma recursive_triggers={number % 2}")
        while not self.ending:
            n += 1
            key, count = f"file-{number}-{n}", rnd.choice([1, 1, 3, 10])
            try:
                connection.execute("begin immediate")
                connection.execute("insert into ack values(?)", (key,))
                for _ in range(count):
                    try:
                        connection.execute(*file_operation(rnd))
                    except sqlite3.IntegrityError as error:
                        if "handed over" in str(error):
                            raise
                connection.execute("commit")
                self.done(key, count)
            except sqlite3.Error as error:
                if connection.in_transaction:
                    connection.execute("rollback")
                if "handed over" in str(error):
                    self.refused += 1
                    time.sleep(0.02)
                elif "locked" not in str(error):
                    self.faults.append(f"file: {error}")
            if rnd.random() < 0.002:
                try:
                    connection.execute("vacuum")
                except sqlite3.Error:
                    pass
            time.sleep(rnd.random() * 0.01)

    def write_target(self, number):
        rnd, n = random.Random(self.seed * 10 + 100 + number), 0
        connection = psycopg2.connect(self.conninfo)
        cursor = connection.cursor()
        while not self.ending:
            n += 1
            key, count = f"target-{number}-{n}", rnd.choice([1, 1, 3])
            try:
                cursor.execute("insert into ack values(%s)", (key,))
                for _ in range(count):
                    cursor.execute("savepoint s")
                    try:
                        cursor.execute(*target_operation(rnd))
                    except (psycopg2.IntegrityError, psycopg2.errors.DeadlockDetected):
                        cursor.execute("rollback to s")
                connection.commit()
                self.done(key, count)
            except psycopg2.Error as error:
                connection.rollback()
                if error.pgcode in ("25006", "42P01"):
                    self.refused += 1
                    time.sleep(0.02)
                elif error.pgcode not in ("40P01", "40001", "55P03"):
                    self.faults.append(f"target: {error.pgcode} {error}")
            time.sleep(rnd.random() * 0.01)


class Driver:
    """The controller's process. `ask` gives the lines of the answer, or None when it was killed."""

    def __init__(self, program, file, conninfo, failpoint=None):
        environment = dict(os.environ, CROSSFADE_DRIVE_FILE=file, CROSSFADE_DRIVE_PG=conninfo)
        if failpoint:
            environment["CROSSFADE_FAILPOINT"] = failpoint
        self.process = subprocess.Popen([program, "[.drive]"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.log = []
        threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True).start()
        self.ready = None
        for line in self.process.stdout:
            if line.startswith("ready"):
                self.ready = line.split()[1]
                break
            if line.startswith("error"):
                self.log.append(line)

    def ask(self, command):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip())
            if re.match(r"(ok|error)\b", line):
                return lines
        return None

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def differences(file, conninfo):
    out = []
    here, there = sqlite3.connect(file), psycopg2.connect(conninfo)
    cursor = there.cursor()
    for table, columns in TABLES.items():
        left = set(here.execute(f"select {columns} from {table}").fetchall())
        cursor.execute(f"select {columns} from {table}")
        right = set(cursor.fetchall())
        if left != right:
            out.append((table, sorted(left - right, key=str)[:5], sorted(right - left, key=str)[:5]))
    return out


class Soak:
    def __init__(self, arguments):
        self.program, self.conninfo = arguments.program, arguments.conninfo
        self.rnd, self.seconds = random.Random(arguments.seed), arguments.seconds
        self.file = os.path.join(tempfile.mkdtemp(), "soak.db")
        name = re.search(r"dbname=(\S+)", self.conninfo).group(1)
        admin = psycopg2.connect(self.conninfo.replace("dbname=" + name, "dbname=postgres"))
        admin.autocommit = True
        admin.cursor().execute(f"drop database if exists {name} with (force)")
        admin.cursor().execute(f"create database {name}")
        connection = sqlite3.connect(self.file)
        connection.execute("pragma journal_mode=wal")
        connection.executescript(SCHEMA)
        connection.close()
        self.writers = Writers(self.file, self.conninfo, arguments.seed)
        self.kills = self.starts = self.walks = self.pairs = 0
        self.driver, self.last_error = None, ""

    def start(self, failpoint=None):
        for _ in range(50):
            self.starts += 1
            self.driver = Driver(self.program, self.file, self.conninfo, failpoint)
            if self.driver.ready:
                return
            self.driver.kill()
            if self.driver.process.returncode != -9:
                raise SystemExit("the controller does not start: " + "".join(self.driver.log))
            self.kills, failpoint = self.kills + 1, None
        raise SystemExit("the controller never gets ready")

    def stage(self):
        lines = self.driver.ask("show STAGE")
        found = re.search(r"stage=(\w+)", lines[0]) if lines else None
        if lines and not found:
            raise SystemExit(f"SHOW STAGE answered {lines}")
        return found.group(1) if found else None

    def ask(self, command):
        lines = self.driver.ask(command)
        if lines is None:
            self.driver.kill()
            self.kills += 1
        return lines

    def bring_to(self, wanted):
        """Walks there, starting again after every kill; only red gates and drains may refuse."""
        order = ["sqlite", "copy", "shadow", "postgres"]
        end = time.time() + 120
        while time.time() < end:
            if self.driver is None or self.driver.process.poll() is not None:
                self.start()
            now = self.stage()
            if now is None:
                continue
            if now == wanted:
                return
            step = order.index(wanted) - order.index(now)
            lines = self.ask("switch " + order[order.index(now) + 1] if step > 0 else "back")
            if lines and lines[-1].startswith("error"):
                time.sleep(0.2)
                self.last_error = lines[-1]
                if time.time() > end - 5:
                    raise SystemExit("no way to " + wanted + ": " + lines[-1])
            else:
                self.walks += 1
        raise SystemExit("no way to " + wanted + ": " + self.last_error)

    def settle(self):
        """Writers stopped: the other side follows, then both are compared."""
        self.writers.stop()
        self.driver.kill()
        self.start()
        for _ in range(600):
            lines = self.driver.ask("show LAG")
            if re.search(r"waiting=0 ", lines[0]):
                break
            time.sleep(0.05)
        return lines[0]

    def verdict(self):
        lag = self.settle()
        repaired = self.driver.ask("repair")
        stage = self.stage()
        self.driver.end()
        found = differences(self.file, self.conninfo)
        held = {row[0] for row in sqlite3.connect(self.file).execute("select id from ack")}
        lost = self.writers.acknowledged - held
        print(f"stage {stage}; {self.writers.operations} operations in {len(self.writers.acknowledged)} transactions, "
              f"{self.writers.refused} refused by a guard; {self.kills} kills, {self.starts} starts, {self.walks} walks")
        print("lag:", lag.strip())
        print("differences:", found or "none", "| lost:", sorted(lost)[:5] or "none", "| faults:", self.writers.faults[:3] or "none",
              "| verify:", "equal" if repaired == ["ok"] else repaired[:5])
        return 0 if not found and not lost and not self.writers.faults and repaired == ["ok"] else 3

    def random_kills(self):
        end = time.time() + self.seconds
        while time.time() < end:
            self.bring_to(self.rnd.choice(["shadow", "postgres"]))
            time.sleep(self.rnd.random())
            if self.rnd.random() < 0.7 and self.driver.process.poll() is None:
                self.driver.process.send_signal(signal.SIGKILL)
                self.driver.process.wait()
                self.kills += 1

    def failpoints(self):
        for points, start, command, goal in WALKS:
            if points == "forward":
                self.bring_to("shadow")
                self.writers.start_target()
            for point in FAILPOINTS[points]:
                self.bring_to(start)
                self.driver.kill()
                before = self.kills
                self.start(point)
                if command:
                    self.ask(command)
                for _ in range(100 if not command else 1):
                    if self.kills == before and self.driver.process.poll() is not None:
                        self.kills += 1
                    if self.kills > before:
                        break
                    time.sleep(0.05)
                print(f"  {point} at {start}{', ' + command if command else ''}: {'killed' if self.kills > before else 'not met'}", flush=True)
                self.driver.kill()
                self.bring_to(goal)

    def cancellings(self):
        """A switch killed before the new primary's epoch is cancelled at the next start; that is killed as well."""
        for start, command in [("shadow", "switch postgres"), ("postgres", "back")]:
            for point in ["cancel-primary", "cancel-done"]:
                self.bring_to(start)
                self.driver.kill()
                self.start("switch-guarded")
                self.ask(command)
                before = self.kills
                self.start(point)
                print(f"  {point} at {start}, {command}: {'killed' if self.kills > before else 'not met'}, stage {self.stage()}", flush=True)
        self.bring_to("shadow")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("conninfo", nargs="?", default=re.sub(r"dbname=\S+", "dbname=crossfade_soak", os.environ.get("CROSSFADE_TEST_PG", "")))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failpoints", action="store_true")
    soak = Soak(parser.parse_args())
    try:
        soak.bring_to("shadow")
        if parser.parse_args().failpoints:
            soak.failpoints()
            soak.cancellings()
        else:
            soak.writers.start_target()
            soak.random_kills()
        return soak.verdict()
    finally:
        soak.writers.ending = True
        if soak.driver:
            soak.driver.kill()


if __name__ == "__main__":
    sys.exit(main())
