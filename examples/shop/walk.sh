#!/bin/bash
# Takes a SQLite file to PostgreSQL by the runbook and prints what is said on the way. examples/shop/walk.sh FILE CONNINFO FOLDER
# FILE: a database, or shop.sql, which is made into one first. CROSSFADE_BIN: the program.
set -uo pipefail
file=$1 conninfo=$2 folder=$3
crossfade=${CROSSFADE_BIN:-build/release/crossfade}
if [[ $file == *.sql ]]; then
  /usr/bin/python3 -c 'import pathlib, sqlite3, sys; sqlite3.connect(sys.argv[2], isolation_level=None).executescript(pathlib.Path(sys.argv[1]).read_text())' \
    "$file" "$folder/shop.db"
  file=$folder/shop.db
fi
name=$(basename "$file" .db)
pair=(--sqlite "$file" --postgres "$conninfo" --plan "$folder/$name.toml")

say() { # WORDS AS SHOWN -- COMMAND
  local shown=()
  while [ "$1" != -- ]; do shown+=("$1"); shift; done
  shift
  echo "\$ crossfade ${shown[*]}"
  "$crossfade" "$@" 2>&1 | sed -e "s#$folder/##g" -e "s#$file#$name.db#g"
  local code=${PIPESTATUS[0]}
  [ "$code" -eq 0 ] || echo "(exit $code)"
  echo
}

say backup "$name.db" -o "$name-backup.db" -- backup "$file" -o "$folder/$name-backup.db"
say analyze "$name.db" -- analyze "$file"
say plan "$name.db" -o "$name.toml" -- plan "$file" -o "$folder/$name.toml"
say schema PAIR --section post -- schema "${pair[@]}" --section post
say copy PAIR -- copy "${pair[@]}"
say verify PAIR -- verify "${pair[@]}"
