"""A restore is killed at any moment. Afterwards the library is either the old one or the backup, and can be written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent

# Restores a backup over a library whose last change is only in its WAL. A child process is killed right before its
# first operation on files, another one before its second, and so on, until one is not killed. After each kill the
# library is opened. The program prints for each kill: whether the child was killed, the value in the library, whether
# the library can be written, the messages, and the files next to the library.
_PROGRAM = """
import json, os, shutil, signal, sqlite3, sys
from pathlib import Path
from store.library import backup, restoring
from store.library.library import Library

folder = Path(sys.argv[1])
EVENTS = {"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "open"}

def put(library, value):
    with library.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO setting VALUES ('test', ?)", (value,))

def in_child(job):
    child = os.fork()
    if not child:
        try:
            job()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])

def write_and_die():
    library = Library.open(folder / "first" / "library.db")
    put(library, "only in the WAL")
    os.kill(os.getpid(), signal.SIGKILL)

with Library.open(folder / "first" / "library.db") as library:
    put(library, "in the backup")
    saved = backup.make(library.reader(), library.file)
    saved.rename(folder / "saved.db")
    put(library, "in the database")
in_child(write_and_die)
assert (folder / "first" / "library.db-wal").stat().st_size

def restore_and_die(path, last):
    seen = 0
    def hook(event, arguments):
        nonlocal seen
        if event in EVENTS and str(folder) in str(arguments[0]):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    restoring.restore(path, folder / "saved.db")

def look(path):
    with Library.open(path) as library:
        (value,) = library.reader().execute("SELECT value FROM setting WHERE key = 'test'").fetchone()
        put(library, "written afterwards")
        said = library.message
    names = sorted(each.name for each in path.parent.iterdir())
    print(json.dumps([killed, value, said, names]), flush=True)

killed, last = True, 0
while killed:
    last += 1
    shutil.copytree(folder / "first", folder / str(last))
    path = folder / str(last) / "library.db"
    killed = in_child(lambda: restore_and_die(path, last))
    assert not in_child(lambda: look(path))
"""


def test_a_restore_that_is_killed_at_any_moment_leaves_a_whole_library(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) > 10
    values = [value for _, value, _, _ in rounds]
    assert set(values) == {"only in the WAL", "in the backup"}
    # If the library is the backup after a kill at one operation, it must be the backup after a kill at any later one.
    assert values == sorted(values, reverse=True)
    assert {value for _, value, said, _ in rounds if said} == set(values)
    for _, value, _, names in rounds:
        own = ["library.db", "library.db.backups", "library.db.lock"]
        assert names == (own if value == "only in the WAL" else [*own, "library.db.replaced-1"])
    assert rounds[-1][:3] == [False, "in the backup", None]
