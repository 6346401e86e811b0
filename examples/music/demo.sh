#!/usr/bin/env bash
# The fade of the music application: a web application with four worker processes goes from a SQLite file to PostgreSQL, back, and over for good,
# under an HTTP load of which no request may fail. Then, on PostgreSQL and under the same load: Alembic, jsonb, full-text search.
# Starts a PostgreSQL of its own on a free port and leaves nothing behind. Needs what scripts/setup installs and a built binary.
#   examples/music/demo.sh [--seconds N]    N: how long the load runs at each stage (default 4)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=4
[ "${1:-}" = --seconds ] && seconds=$2
crossfade=${CROSSFADE_BIN:-$root/build/release/crossfade}
python=/usr/bin/python3
pg_bin=/usr/lib/postgresql/15/bin
work=$(mktemp -d /tmp/crossfade-music.XXXXXX)
chmod 755 "$work"
as_postgres=()
[ "$(id -u)" = 0 ] && as_postgres=(runuser -u postgres --)

say() { printf '\n== %s\n' "$*"; }
free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

finish() {
  touch "$work/stop"
  for process in "${load:-}" "${app:-}" "${proxy:-}"; do
    [ -n "$process" ] && [ "$process" != "${load:-}" ] && kill "$process" 2>/dev/null || true
    [ -n "$process" ] && wait "$process" 2>/dev/null || true
  done
  [ -d "$work/pg/data" ] && "${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

pg_port=$(free_port)
port=$(free_port)
http=$(free_port)
target="host=127.0.0.1 port=$pg_port user=postgres dbname=music"
export DATABASE_URL="postgresql://app@127.0.0.1:$port/music"  # the one line that the application changed

start_postgres() {
  mkdir "$work/pg"
  [ "$(id -u)" = 0 ] && chown postgres: "$work/pg"
  "${as_postgres[@]}" "$pg_bin/initdb" -D "$work/pg/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
  "${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w \
    -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg" start >/dev/null
  psql -qX "host=127.0.0.1 port=$pg_port user=postgres" -c 'CREATE DATABASE music TEMPLATE template0'
}

answers() { # WHAT COMMAND…: waits for a server
  for _ in $(seq 300); do
    "${@:2}" >/dev/null 2>&1 && return
    sleep 0.1
  done
  cat "$work"/*.log
  echo "$1 did not start" >&2
  exit 1
}

console() { psql -X -P pager=off "postgresql://admin@127.0.0.1:$port/crossfade" -c "$1"; }
now() { date +%s.%N; }
# switch NAME COMMAND: runs it and notes its window, in which the longest wait of a request is looked for. A gate may want more reads first.
switch() {
  local began
  for _ in $(seq 60); do
    began=$(now)
    if console "$2" 2>"$work/refused"; then
      echo "$1 $began $(now)" >>"$work/windows"
      return
    fi
    sleep 1
  done
  cat "$work/refused"
  exit 1
}

say "A SQLite file in production, its backup, and an empty PostgreSQL"
"$python" "$here/make_db.py" "$work/music.db"
"$crossfade" backup "$work/music.db" -o "$work/backup.db"
start_postgres
"$crossfade" plan "$work/music.db" -o "$work/plan.toml"
grep -B3 -A3 'name = "track"' "$work/plan.toml"

say "The application: four worker processes, each with a pool of psycopg2 connections; eight HTTP clients from now on"
cat >"$work/proxy.conf" <<CONF
[listen]
port = $port
[console]
admin_users = ["admin"]
[shadow]
rate = 0.5
# What production asks for (10,000 compared reads in an hour, 1,000 canary reads) would make a long demonstration.
[gates]
compared_reads = 200
compared_statements = 3
compared_time = "3s"
canary_reads = 100
CONF
"$crossfade" serve --config "$work/proxy.conf" --sqlite "$work/music.db" --postgres "$target" --plan "$work/plan.toml" >"$work/proxy.log" 2>&1 &
proxy=$!
answers crossfade psql -qX "$DATABASE_URL" -c 'SELECT 1'
"$python" "$here/app.py" "$http" >"$work/app.log" 2>&1 &
app=$!
answers "the application" "$python" -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$http/tracks/1')"
"$python" "$here/load.py" run "$http" --log "$work/load" --until "$work/stop" &
load=$!
sleep "$seconds"

say "Copy, then PostgreSQL follows and reads are compared"
switch "SWITCH TO copy" 'SWITCH TO copy'
switch "SWITCH TO shadow" 'SWITCH TO shadow'
sleep "$seconds"

say "Half of the connections read on PostgreSQL; writes stay on SQLite"
switch "SWITCH TO canary" 'SWITCH TO canary 50'
sleep "$seconds"
console 'SHOW STAGE'
console 'SHOW READINESS'

say "Over, back, and over again"
switch "SWITCH TO postgres" 'SWITCH TO postgres'
sleep "$seconds"
switch "SWITCH BACK" 'SWITCH BACK'
sleep "$seconds"
switch "SWITCH TO postgres again" 'SWITCH TO postgres'
sleep "$seconds"

say "The load rests for a moment: what was answered is looked for in both databases"
touch "$work/stop"
wait "$load"
load=
for _ in $(seq 100); do
  psql -XAtq "postgresql://admin@127.0.0.1:$port/crossfade" -c 'SHOW LAG' | cut -d'|' -f3 | grep -qx 0 && break
  sleep 0.1
done
console 'SHOW MISMATCHES'
"$python" "$here/load.py" check --log "$work/load" --sqlite "$work/music.db" --postgres "$target" --windows "$work/windows"

say "The load goes on, and there is no way back any more"
rm "$work/stop"
"$python" "$here/load.py" run "$http" --log "$work/load-after" --until "$work/stop" &
load=$!
sleep 1
console 'FINISH'

say "Alembic, through the proxy: create a table, add columns, take them out again, and in"
alembic=("$python" -m alembic -c "$here/migrations/alembic.ini")
"${alembic[@]}" upgrade head
psql -X "$DATABASE_URL" -c '\d ratings'
echo "-- one revision back, and forward again:"
"${alembic[@]}" downgrade -1
"${alembic[@]}" current
"${alembic[@]}" upgrade head
"${alembic[@]}" current

say "jsonb, and a full-text search that a trigger keeps"
psql -X "$DATABASE_URL" -v ON_ERROR_STOP=1 -f "$here/search.sql"
psql -X "$DATABASE_URL" <<'SQL'
SELECT count(*) AS jazz_live FROM tracks WHERE track @> '{"tags": ["jazz", "live"]}';
SELECT id, track ->> 'title' AS title, ts_rank(search, q) AS rank FROM tracks, to_tsquery('simple', 'night & train') AS q WHERE search @@ q ORDER BY rank DESC, id LIMIT 3;
EXPLAIN (COSTS off) SELECT id FROM tracks WHERE search @@ to_tsquery('simple', 'night & train');
SQL
sleep "$seconds"

say "No request failed meanwhile; the new tracks are found, too"
touch "$work/stop"
wait "$load"
load=
"$python" "$here/load.py" check --log "$work/load-after" --postgres "$target"
psql -X "$DATABASE_URL" -c "SELECT count(*) > 0 AS new_ones_are_found FROM tracks WHERE search @@ to_tsquery('simple', 'new')"
