"""One process a key: an exclusive lock on the guard's directory (protocol.md 3.6)."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from pausenet.errors import NodeError
from pausenet.node.store.disk import over_disk


class GuardLock:
    """Held while a process may sign with the keys that this guard watches.

    The system lets go of it when the process ends, however it ends.
    """

    def __init__(self, directory: Path) -> None:
        with over_disk(directory):
            self._fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._fd)
            raise NodeError(
                f"{directory}: another process signs with these keys; only one may run"
            ) from error
        except OSError as error:
            os.close(self._fd)
            raise NodeError(f"{directory}: cannot be locked: {error.strerror}") from error

    def release(self) -> None:
        """Let another process have the keys."""
        os.close(self._fd)
