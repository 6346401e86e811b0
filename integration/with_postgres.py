#!/usr/bin/env python3
"""with_postgres.py COMMAND…: runs the command beside a PostgreSQL 15 of its own, named by CROSSFADE_TEST_PG."""
import os
import subprocess
import sys

from servers import Postgres


def main():
    server = Postgres.start()
    try:
        return subprocess.run(sys.argv[1:], env={**os.environ, "CROSSFADE_TEST_PG": server.conninfo()}).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
