"""Files that are not whole yet (layer 4): `.part` beside the target, locked, with a note of what it is a part of.

Everything here blocks, and runs in threads. Bytes are only ever added to the end, so that the size of the `.part` says
how many are there, also after the process was killed. The note holds the strong ETag; it is written before the first
byte, and `.part` is emptied before the note changes, so that it never speaks of other bytes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, cast

from ._names import beside
from ._resume import Held, strong_etag
from .errors import FileTransferError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where a file that is open can't be renamed or removed by others
    fcntl = None

__all__ = ["IfExists", "Part"]

IfExists = Literal["replace", "skip", "fail"]
"""What to do where the target exists: put the new file in its place, leave it, or raise FileExistsError."""

NOTE_BYTES = 4096
HASH_BYTES = 1 << 20
SAFE_OPEN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""No link is followed, and a pipe in the place of a file holds nothing up."""


class Part:
    """The unfinished form of one target; `source` names where its bytes come from. Open it first: that locks it."""

    def __init__(self, target: Path, source: str) -> None:
        part, note = beside(target.name)
        self.target = target
        self.path = target.with_name(part)
        self._note = target.with_name(note)
        self._source = source
        self._file = -1

    def open(self) -> None:
        """Open and lock the file: no link is followed, and no one else writes it.

        Raises FileTransferError where another download has it, and OSError.
        """
        while True:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | SAFE_OPEN, 0o666)
            try:
                if self._is_ours(file):
                    self._file = file
                    return
            except BaseException:
                os.close(file)
                raise
            os.close(file)

    def _is_ours(self, file: int) -> bool:
        """Lock the open file, and say whether it still has its name: another download may have finished meanwhile."""
        if fcntl is None:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = f"download: {self.path} is being written by another download; wait for it"
            raise FileTransferError(text) from None
        try:
            return os.path.samestat(os.fstat(file), os.lstat(self.path))
        except FileNotFoundError:
            return False

    # -- what is there ------------------------------------------------------------------------------------------

    def held(self) -> Held:
        """Return what is there of the file already; nothing, unless its note says of which version and source."""
        size = os.fstat(self._file).st_size
        note = self._read_note() if size else {}
        etag, total = note.get("etag"), note.get("total")
        if note.get("source") != self._source or not isinstance(etag, str) or strong_etag({"etag": etag}) is None:
            return Held()
        held = Held(size, etag, total if isinstance(total, int) else None)
        return held if held.resumable else Held()

    def _read_note(self) -> dict[str, Any]:
        try:
            file = os.open(self._note, os.O_RDONLY | SAFE_OPEN)
        except OSError:
            return {}
        try:
            note = json.loads(os.read(file, NOTE_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        finally:
            os.close(file)
        return cast("dict[str, Any]", note) if isinstance(note, dict) else {}

    # -- writing ------------------------------------------------------------------------------------------------

    def begin(self, etag: str | None, total: int | None) -> None:
        """Forget what is there, and note which version comes now."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        if etag is None:
            self._note.unlink(missing_ok=True)
            return
        os.fsync(self._file)
        note = os.open(self._note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | SAFE_OPEN, 0o666)
        try:
            _write_all(note, json.dumps({"source": self._source, "etag": etag, "total": total}).encode())
            os.fsync(note)
        finally:
            os.close(note)

    def add(self, pieces: Sequence[bytes]) -> None:
        """Write bytes behind those that are there."""
        os.lseek(self._file, 0, os.SEEK_END)
        _write_all(self._file, pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def digest(self) -> Digest:
        """Return what reads the file back, step by step."""
        return Digest(self._file)

    # -- the end ------------------------------------------------------------------------------------------------

    def finish(self, if_exists: IfExists) -> None:
        """Put the file under its name, whole and on disk. Raises FileExistsError as `if_exists` says."""
        os.fsync(self._file)
        if fcntl is None:  # Windows doesn't rename what is open
            self.close()
        if if_exists == "replace":
            os.replace(self.path, self.target)
        elif not self._name_anew():
            if if_exists == "fail":
                raise FileExistsError(errno.EEXIST, "download: it appeared meanwhile", str(self.target))
            self.path.unlink()
        self._note.unlink(missing_ok=True)
        self.close()
        _flush_folder(self.target.parent)

    def _name_anew(self) -> bool:
        """Give the file its name unless that is taken, in one step where the file system can."""
        try:
            os.link(self.path, self.target)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(self.target):
                return False
            os.rename(self.path, self.target)
        else:
            self.path.unlink()
        return True

    def leave(self, keep: bool) -> bool:
        """Close the file; say whether it was kept: only what can be taken up again is, and only if it shall be."""
        if self._file < 0:  # finished: by now the name may be another download's
            return False
        try:
            keep = keep and self.held().resumable and self.path.exists()
            if not keep:
                self._note.unlink(missing_ok=True)
                self.path.unlink(missing_ok=True)
        finally:
            self.close()
        return keep

    def close(self) -> None:
        """Close the file, and with that unlock it."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


class Digest:
    """The SHA-256 of a file that is read back from its beginning, in steps so that a cancellation can come between."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        os.lseek(file, 0, os.SEEK_SET)

    def step(self, pieces: int = 16) -> bool:
        """Read on by 16 MiB; say whether that was not the end."""
        for _ in range(pieces):
            data = os.read(self._file, HASH_BYTES)
            if not data:
                return False
            self._digest.update(data)
        return True

    def hex(self) -> str:
        return self._digest.hexdigest()


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _flush_folder(folder: Path) -> None:
    """Bring the new name to disk; where a folder can't be opened for that, the system does it in its own time."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
