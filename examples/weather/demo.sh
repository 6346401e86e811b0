#!/usr/bin/env bash
# The fade of the weather sample, from a SQLite file to PostgreSQL and back, with four workers at work all the time.
# Starts a PostgreSQL of its own on a free port and leaves nothing behind. Needs what scripts/setup installs and a built binary.
#   examples/weather/demo.sh [--seconds N]    N: how long the load runs at each stage (default 5)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=5
[ "${1:-}" = --seconds ] && seconds=$2
crossfade=${CROSSFADE_BIN:-$root/build/release/crossfade}
python=/usr/bin/python3
pg_bin=/usr/lib/postgresql/15/bin
work=$(mktemp -d /tmp/crossfade-demo.XXXXXX)
chmod 755 "$work"
as_postgres=()
[ "$(id -u)" = 0 ] && as_postgres=(runuser -u postgres --)

say() { printf '\n== %s\n' "$*"; }
free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

finish() {
  touch "$work/stop"
  [ -n "${load:-}" ] && wait "$load" 2>/dev/null || true
  [ -n "${proxy:-}" ] && kill "$proxy" 2>/dev/null && wait "$proxy" 2>/dev/null || true
  [ -d "$work/pg/data" ] && "${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

pg_port=$(free_port)
port=$(free_port)
target="host=127.0.0.1 port=$pg_port user=postgres dbname=weather"
pair=(--sqlite "$work/weather.db" --postgres "$target" --plan "$here/plan.toml")

start_postgres() {
  mkdir "$work/pg"
  [ "$(id -u)" = 0 ] && chown postgres: "$work/pg"
  "${as_postgres[@]}" "$pg_bin/initdb" -D "$work/pg/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
  "${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w \
    -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg" start >/dev/null
  psql -qX "host=127.0.0.1 port=$pg_port user=postgres" -c 'CREATE DATABASE weather TEMPLATE template0'
}

start_proxy() {
  cat >"$work/proxy.conf" <<CONF
[listen]
port = $port
[console]
admin_users = ["admin"]
[shadow]
rate = 1.0
# Before a switch: what production asks for (10,000 compared reads of 5 statements in an hour, a backup of today) would make a long demo.
[gates]
compared_reads = 100
compared_statements = 1
compared_time = "2s"
canary_reads = 20
backup_max_age = "1h"
CONF
  "$crossfade" serve --config "$work/proxy.conf" "${pair[@]}" >"$work/proxy.log" 2>&1 &
  proxy=$!
  for _ in $(seq 300); do
    psql -qX "postgresql://weather@127.0.0.1:$port/weather" -c 'SELECT 1' >/dev/null 2>&1 && return
    kill -0 "$proxy" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/proxy.log"
  echo "crossfade did not start" >&2
  exit 1
}

console() { psql -X -P pager=off "postgresql://admin@127.0.0.1:$port/crossfade" -c "$1"; }
now() { date +%s.%N; }
switch() {  # switch NAME COMMAND: runs it and notes its window, in which check.py looks for the longest client wait
  local began
  began=$(now)
  console "$2"
  echo "$1 $began $(now)" >>"$work/windows"
}

say "A SQLite file in production, and an empty PostgreSQL"
"$python" "$here/make_db.py" "$work/weather.db"
start_postgres

say "A backup: no gate lets a file go that has none"
"$crossfade" backup "$work/weather.db" -o "$work/backup.db"

say "Plan: what the data proves (the reviewed plan is examples/weather/plan.toml)"
"$crossfade" plan "$work/weather.db" -o "$work/drafted.toml"
diff -u "$work/drafted.toml" "$here/plan.toml" || true

say "Serve the file; the application changes one line: its DATABASE_URL"
start_proxy
sed "s/:6432/:$port/" "$here/.env.example" >"$work/.env"
DATABASE_URL=$(sed -n 's/^DATABASE_URL=//p' "$work/.env")
export DATABASE_URL
"$python" "$here/app.py" save Bergen 7.5 rain
"$python" "$here/app.py" recent Bergen --hours 1
console 'SHOW STAGE'

say "Four workers save, correct and read from now on"
"$python" "$here/app.py" load --workers 4 --log "$work/log" --until "$work/stop" &
load=$!
sleep "$seconds"

say "Copy while they write; then PostgreSQL follows and reads are compared"
switch "to copy" 'SWITCH TO copy'
switch "to shadow" 'SWITCH TO shadow'
sleep "$seconds"
console 'SHOW LAG'
console 'SHOW MISMATCHES'

say "A difference is planted in PostgreSQL behind Crossfade's back: one reading is 0.1 degrees off"
psql -qX "$target" -c "UPDATE weather_history SET temperature = 0 WHERE id = 4242" || echo "-- (its guard refuses that; a restored backup or a superuser gets round it:)"
psql -qX "$target" -c "SET session_replication_role = replica; UPDATE weather_history SET temperature = temperature + 0.1 WHERE id = 4242"
echo "-- a client reads that reading; its shadow finds the difference:"
for _ in $(seq 20); do psql -XAtq "$DATABASE_URL" -c 'SELECT id, temperature FROM weather_history WHERE id = 4242' >/dev/null; done
for _ in $(seq 50); do
  [ -n "$(psql -XAtq "postgresql://admin@127.0.0.1:$port/crossfade" -c 'SHOW MISMATCHES')" ] && break
  sleep 0.1
done
console 'SHOW MISMATCHES'
echo "-- compare finds it:"
"$crossfade" compare "${pair[@]}" -c 'SELECT id, temperature FROM weather_history WHERE id = 4242' && exit 1 || [ $? = 3 ]
echo "-- the switch refuses:"
console 'SWITCH TO postgres' && exit 1 || true
console 'SHOW READINESS'

say "Mended: the row is marked dirty and carried again"
console 'REPAIR'
"$crossfade" compare "${pair[@]}" -c 'SELECT id, temperature FROM weather_history WHERE id = 4242'
console 'SHOW READINESS'

say "Canary: half of the connections read on PostgreSQL, writes stay on SQLite"
switch "to canary" 'SWITCH TO canary 50'
sleep "$seconds"
console 'SHOW STAGE'

say "Switch over, live"
switch "to postgres" 'SWITCH TO postgres'
console 'SHOW STAGE'
sleep "$seconds"

say "And back, live: SQLite had followed all the time"
switch "back to SQLite" 'SWITCH BACK'
console 'SHOW STAGE'
sleep "$seconds"

say "And over again"
switch "to postgres again" 'SWITCH TO postgres'
sleep "$seconds"

say "The workers stop; what they were told is compared with both databases"
touch "$work/stop"
wait "$load"
load=
for _ in $(seq 100); do
  psql -XAtq "postgresql://admin@127.0.0.1:$port/crossfade" -c 'SHOW LAG' | cut -d'|' -f3 | grep -qx 0 && break
  sleep 0.1
done
console 'SHOW LAG'
console 'SHOW MISMATCHES'
console 'SHOW STAGE'
kill "$proxy" && wait "$proxy" || true
proxy=
"$crossfade" verify "${pair[@]}"
"$python" "$here/check.py" --log "$work/log" --sqlite "$work/weather.db" --postgres "$target" --windows "$work/windows"

say "FINISH: no way back any more; the file keeps its guard and a tombstone, PostgreSQL nothing of ours"
start_proxy
console 'FINISH'
console 'SHOW STAGE'
"$python" "$here/app.py" save Bergen 8.0 clear
psql -X "$target" -Atc "SELECT count(*) || ' objects of Crossfade in PostgreSQL' FROM pg_namespace WHERE nspname = 'crossfade'"
kill "$proxy" && wait "$proxy" || true
proxy=
echo "-- the file alone is not served:"
env -u DATABASE_URL "$crossfade" serve --sqlite "$work/weather.db" --port 0 && exit 1 || true
