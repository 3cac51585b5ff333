"""The lock file beside a library. Only the process that holds this lock runs checkpoints of the library's WAL."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
from pathlib import Path

from store.library.side_files import identity, is_own, open_regular
from store.model.errors import LibraryError

# Matches the content of a lock file: the id of the process that holds the lock. recto does not change a file with any
# other content.
_WRITTEN_BY_RECTO = re.compile(rb"[0-9]{0,20}\n?")


class LockFile:
    """The lock of the library at `file`. A new object does not hold the lock until `take` is called.

    Raises OSError or LibraryError when the lock file cannot be opened.
    """

    def __init__(self, file: Path) -> None:
        self._library = file
        self._path = Path(f"{file}.lock")
        self._descriptor = self._open()
        self.is_held = False
        # Whether the last process that held the lock was killed, so that its process id is still in the file.
        self.was_left = False

    def take(self) -> bool:
        """Take the lock if no other process holds it. Returns whether this process holds the lock now.

        The kernel releases the lock when the process ends. If the lock file was deleted or replaced since it was
        opened, this process loses the lock, because another process may hold the lock on the new file. Raises OSError
        or LibraryError when the new file cannot be opened.
        """
        status = os.fstat(self._descriptor)
        if identity(self._path) != (status.st_dev, status.st_ino):
            self.is_held = False
            replaced, self._descriptor = self._descriptor, self._open()
            os.close(replaced)
        if not self.is_held:
            self.is_held = self._lock()
        return self.is_held

    def release(self) -> None:
        """Release the lock. `take` can take it again."""
        if self.is_held:
            self._clear()
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            self.is_held = False

    def close(self) -> None:
        """Release the lock and close the lock file. Afterwards, `take` must not be called."""
        self._clear()
        self.is_held = False
        os.close(self._descriptor)

    def _clear(self) -> None:
        """Remove the process id from the lock file, to show that this process ended normally."""
        if self.is_held and self._is_written_by_recto():
            # Ignore errors of a full or read-only disk, because closing must not fail.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)

    def _open(self) -> int:
        descriptor = open_regular(self._path, os.O_RDWR | os.O_CREAT)
        status = os.fstat(descriptor)
        if not is_own(status, os.stat(self._library)):  # noqa: PTH116
            os.close(descriptor)
            raise LibraryError(f"{self._path} belongs to another user; remove it, or name another library")
        return descriptor

    def _lock(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise
        self._write_process_id()
        return True

    def _write_process_id(self) -> None:
        """Write the process id into the lock file, so that the user can find out which process holds the lock.

        Writes nothing into a file that has several hard links or that recto did not write, so that no other file is
        damaged. Also writes nothing when the disk is full: the kernel holds the lock, and reading must work then.
        """
        if self._is_written_by_recto():
            self.was_left = os.fstat(self._descriptor).st_size > 0
            content = f"{os.getpid()}\n".encode()
            # Write before truncating. If the write fails, the id of a process that was killed stays in the file.
            with contextlib.suppress(OSError):
                os.pwrite(self._descriptor, content, 0)
                os.ftruncate(self._descriptor, len(content))

    def _is_written_by_recto(self) -> bool:
        """Whether the lock file has only one hard link, and is empty or contains a process id."""
        content = os.pread(self._descriptor, 64, 0)
        return os.fstat(self._descriptor).st_nlink == 1 and _WRITTEN_BY_RECTO.fullmatch(content) is not None


class NoLock:
    """Used instead of a `LockFile` for a library that cannot be written. This lock is never held."""

    is_held = False
    was_left = False

    def take(self) -> bool:
        return False

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass
