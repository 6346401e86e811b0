#!/usr/bin/python3
"""django_suite.py [--least PERCENT]: a Django project with every field type, lookup, function and aggregate, its migrations there and
back and inspectdb, on Crossfade's SQLite side and on PostgreSQL directly. A check passes when both give the same.
Prints `NAME: N passed, M failed, K skipped`, then each that differs with both answers."""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile

import running

SKIPPED = {"expression_sha": "pgcrypto is not installed on either server"}


def run(side):
    with running.SIDES[side]() as at, tempfile.TemporaryDirectory() as folder:
        for name in ("django_checks.py", "django_shop"):
            source = running.HERE / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, f"{folder}/{name}")
        done = subprocess.run([sys.executable, "-c", "import sys; sys.argv = ['', 'makemigrations']; " + MAKE], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        done = subprocess.run([sys.executable, f"{folder}/django_checks.py", at["host"], str(at["port"]), at["user"], at["database"]],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)
        return json.loads(done.stdout)


MAKE = """
from django.conf import settings
settings.configure(INSTALLED_APPS=['django.contrib.contenttypes', 'django_shop'], DEFAULT_AUTO_FIELD='django.db.models.AutoField')
import django; django.setup()
from django.core.management import call_command
call_command('makemigrations', 'django_shop', verbosity=0)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=float, default=0)
    options = parser.parse_args()
    direct, ours = run("postgres"), run("sqlite")
    found = {name: "skipped" if name in SKIPPED else "passed" if ours[name] == direct[name] else "failed" for name in direct}
    wrong_there = sorted(name for name, (kind, _) in direct.items() if kind != "ok" and name not in SKIPPED)
    counts = running.line("django sqlite", found)
    for name in sorted(name for name, outcome in found.items() if outcome == "failed"):
        print(f"  {name}:\n    PostgreSQL {json.dumps(direct[name], ensure_ascii=False)[:700]}\n    SQLite     {json.dumps(ours[name], ensure_ascii=False)[:700]}")
    if wrong_there:
        print(f"  errors on PostgreSQL too: {', '.join(wrong_there)}")
    return 0 if 100 * counts["passed"] >= options.least * (counts["passed"] + counts["failed"]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
