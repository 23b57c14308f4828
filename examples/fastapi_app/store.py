"""What the app remembers, in SQLite: its jobs, and the secret of its webhook endpoint.

SQLite's calls block, so each runs in a thread, one at a time. Every change of a job gives it the next version: what is
newer than the version that somebody has seen is what they have to be told, however long they were away.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import anyio
import anyio.to_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

State = Literal["starting", "making", "ready", "failed", "unknown"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    prompt TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'starting',
    progress INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    media_type TEXT NOT NULL DEFAULT '',
    accepted TEXT
);
CREATE INDEX IF NOT EXISTS jobs_by_version ON jobs (version);
CREATE TABLE IF NOT EXISTS secrets (endpoint_id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL);
"""

COLUMNS = "id, number, version, prompt, state, progress, note, media_type"
NEXT = "(SELECT coalesce(max(version), 0) + 1 FROM jobs)"
OPEN = "state IN ('starting', 'making')"

ADD = f"""
INSERT INTO jobs (id, version, prompt)
SELECT :id, {NEXT}, :prompt WHERE (SELECT count(*) FROM jobs WHERE {OPEN}) < :most
RETURNING {COLUMNS}
"""
CHANGE = f"""
UPDATE jobs SET version = {NEXT}, state = coalesce(:state, state), progress = coalesce(:progress, progress),
    note = coalesce(:note, note), media_type = coalesce(:media_type, media_type),
    accepted = coalesce(:accepted, accepted)
WHERE id = :id
"""


@dataclass(frozen=True)
class Job:
    """A picture that somebody asked for, as the page shows it."""

    id: str
    number: int
    """Counts up in the order of asking."""
    version: int
    """Counts up with every change of any job."""
    prompt: str
    state: State
    progress: int
    """In percent."""
    note: str
    """What people have to know, in words."""
    media_type: str
    """Of the picture on disk; empty until it is there."""


class Store:
    """The database. Any number of tasks of one event loop may use it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._one_at_a_time = anyio.CapacityLimiter(1)
        self._changed = anyio.Event()
        self._over = False

    async def _run(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        run = partial(_run, self._database, statement, values)
        return await anyio.to_thread.run_sync(run, limiter=self._one_at_a_time)

    # -- jobs -------------------------------------------------------------------------------------------------------

    async def add(self, prompt: str, *, most: int) -> Job | None:
        """Write a new job down; None if `most` are open already."""
        rows = await self._run(ADD, {"id": secrets.token_hex(8), "prompt": prompt, "most": most})
        self._tell()
        return Job(*rows[0]) if rows else None

    async def change(
        self,
        id: str,
        *,
        state: State | None = None,
        progress: int | None = None,
        note: str | None = None,
        media_type: str | None = None,
        accepted: Mapping[str, Any] | None = None,
    ) -> None:
        """Change what is given. `accepted` is the saved form of the answer that started the job."""
        saved = None if accepted is None else json.dumps(accepted)
        values = {"state": state, "progress": progress, "note": note, "media_type": media_type, "accepted": saved}
        await self._run(CHANGE, {"id": id, **values})
        self._tell()

    async def get(self, id: str) -> Job | None:
        """Return a job; None if there is no such one."""
        rows = await self._run(f"SELECT {COLUMNS} FROM jobs WHERE id = :id", {"id": id})
        return Job(*rows[0]) if rows else None

    async def newest(self, most: int) -> list[Job]:
        """Return the newest jobs, newest first."""
        rows = await self._run(f"SELECT {COLUMNS} FROM jobs ORDER BY number DESC LIMIT :most", {"most": most})
        return [Job(*row) for row in rows]

    async def open(self) -> list[tuple[str, dict[str, Any] | None]]:
        """Return the ids of the jobs that haven't ended, each with the saved answer that started it, if one came."""
        rows = await self._run(f"SELECT id, accepted FROM jobs WHERE {OPEN} ORDER BY number", {})
        return [(id, None if saved is None else json.loads(saved)) for id, saved in rows]

    async def changes(self, after: int) -> list[Job]:
        """Wait for changes later than version `after`; return the changed jobs as they are now, none at the end."""
        statement = f"SELECT {COLUMNS} FROM jobs WHERE version > :after ORDER BY version"
        while not self._over:
            changed = self._changed  # taken before looking, so that no change slips through in between
            if rows := await self._run(statement, {"after": after}):
                return [Job(*row) for row in rows]
            await changed.wait()
        return []

    def end_changes(self) -> None:
        """Let everybody go who waits for changes."""
        self._over = True
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    # -- the webhook endpoint's secret --------------------------------------------------------------------------------

    async def secrets(self, url: str) -> list[str]:
        """Return the secrets of the endpoints at a URL."""
        rows = await self._run("SELECT secret FROM secrets WHERE url = :url", {"url": url})
        return [secret for (secret,) in rows]

    async def save_secret(self, endpoint_id: str, url: str, secret: str) -> None:
        """Keep the secret of a new endpoint; nothing shows it again."""
        values = {"endpoint_id": endpoint_id, "url": url, "secret": secret}
        await self._run("INSERT OR REPLACE INTO secrets VALUES (:endpoint_id, :url, :secret)", values)

    async def forget_other_secrets(self, endpoint_id: str) -> None:
        """Forget all secrets but this endpoint's."""
        await self._run("DELETE FROM secrets WHERE endpoint_id != :endpoint_id", {"endpoint_id": endpoint_id})


@asynccontextmanager
async def opened(path: Path) -> AsyncGenerator[Store]:
    """Open the database for the length of an `async with` block, and create it where there is none."""
    with closing(await anyio.to_thread.run_sync(_connect, path)) as database:
        yield Store(database)


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    path.chmod(0o600)  # it holds a secret
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)  # each statement is on disk at once
    database.executescript(SCHEMA)
    return database


def _run(database: sqlite3.Connection, statement: str, values: Mapping[str, Any]) -> list[Any]:
    return database.execute(statement, values).fetchall()
