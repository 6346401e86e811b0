"""The music application: a web application with four worker processes, faded under an HTTP load of which no request may fail."""
import os
import pathlib
import re
import subprocess

from servers import ROOT, crossfade_binary


def test_the_music_application_is_faded_with_no_failed_request_and_migrates_and_searches_afterwards():
    environment = {**os.environ, "CROSSFADE_BIN": str(crossfade_binary())}
    done = subprocess.run([ROOT / "examples/music/demo.sh", "--seconds", "2"], capture_output=True, text=True, timeout=300, env=environment)
    print(done.stdout, done.stderr)
    assert done.returncode == 0
    loads = re.findall(r"(\d+) requests, (\d+) failed", done.stdout)
    assert len(loads) == 2 and all(int(requests) > 50 and failed == "0" for requests, failed in loads), loads
    assert "what was answered is in PostgreSQL and in SQLite" in done.stdout and "0002 (head)" in done.stdout
    assert "Bitmap Index Scan on tracks_searched" in done.stdout
    assert not list(pathlib.Path("/tmp").glob("crossfade-music.*/pg/data/postmaster.pid"))
