#!/usr/bin/python3
"""node_suite.py [knex|sequelize|typeorm|drizzle|prisma …] [--least PERCENT]: Node's libraries, each with a program of checks in node/,
on Crossfade's SQLite side and on PostgreSQL directly. A check passes when both give the same: the result, or the error's class,
SQLSTATE, constraint and table. Checks that PostgreSQL itself does not answer in the same way twice are not there.
Prints `NAME: N passed, M failed, K skipped` for each library, then each check that differs with both answers.
Installs the packages of node/package-lock.json when they are not there; without npm or the network a library is skipped."""
import argparse
import json
import shutil
import subprocess
import tempfile

import running

FOLDER = running.HERE / "node"
LIBRARIES = ("knex", "sequelize", "typeorm", "drizzle", "prisma")
SHOWN_ONLY = {"said"}


def installed():
    """None, or why the packages cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no node or no npm"
    if subprocess.run(["npm", "ls", "--prefix", FOLDER, "--depth=0"], capture_output=True).returncode == 0:
        return None
    # Scripts of packages would fetch native engines; nothing here needs them.
    done = subprocess.run(["npm", "ci", "--prefix", FOLDER, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"npm: {(done.stderr.strip().splitlines() or ['failed'])[-1]}"


def run(library, side):
    """{check: result}, or a text saying why there is none."""
    with running.SIDES[side]() as at, tempfile.NamedTemporaryFile() as file:
        command = ["node", FOLDER / f"{library}.js", at["host"], str(at["port"]), at["user"], at["database"], file.name]
        try:
            done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=1500)
        except subprocess.TimeoutExpired:
            return f"{library} on {side}: no end within 1500 s"
        try:
            return json.loads(file.read())
        except json.JSONDecodeError:
            return f"{library} on {side}: exit {done.returncode}\n{done.stdout[-500:]}{done.stderr[-3000:]}"


def compared(result):
    return {name: value for name, value in result.items() if name not in SHOWN_ONLY}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="*", choices=(*LIBRARIES, []), default=[])
    parser.add_argument("--least", type=float, default=0)
    options = parser.parse_args()
    why, code = installed(), 0
    for library in options.libraries or LIBRARIES:
        if why:
            print(f"{library} sqlite: 0 passed, 0 failed, 1 skipped ({why})")
            continue
        direct = run(library, "postgres")
        ours = run(library, "sqlite") if isinstance(direct, dict) else direct
        if not isinstance(ours, dict):
            print(f"{library} sqlite: 0 passed, 1 failed, 0 skipped\n{ours}")
            code = 1
            continue
        found = {name: "passed" if name in ours and compared(ours[name]) == compared(direct[name]) else "failed" for name in direct}
        counts = running.line(f"{library} sqlite", found)
        for name in (name for name, outcome in found.items() if outcome == "failed"):
            running.difference(library, name, ours.get(name, "no answer"), direct[name])
        for name, result in direct.items():
            if "ok" not in result:
                print(f"  an error on PostgreSQL too: {name}: {result['said'][-200:]!r}")
        running.keep(library, found)
        if 100 * counts["passed"] < options.least * (counts["passed"] + counts["failed"]):
            code = 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
