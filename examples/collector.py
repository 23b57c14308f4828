"""Start a picture for each line of a file, and collect them all, whatever happens to this program on the way.

    python examples/collector.py DATABASE PROMPTS

Kill it at any moment, also with `kill -9`, and run it again: nothing is started twice, and each job that was started is
collected once. A SQLite database says how far each prompt is:

    new        nothing was sent
    starting   written down before the request leaves
    accepted   written down, with the answer, before anything waits: the job can be collected by any process
    collected  its file is known
    failed     the job, or its start, failed; the reason stands beside it
    unknown    the program was killed before the answer came, or the answer was lost, or could not be written down: it
               may have been carried out

The API has no idempotency key, and shows neither prompt nor time of a job. So a start that is `unknown` isn't sent
again: what is listed as newer than the mark, the newest job noted before it was sent, and isn't one of ours, may be
what came of it. Each such candidate is reported once, in the table `unmatched`, for a person to decide: look at it
in the web app, then set the prompt's state to `new` or `collected`. Other programs' jobs may be among them.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import sqlite3
from contextlib import closing
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import anyio
import anyio.to_thread

from aiovideogen import (
    Accepted,
    ApiStatusError,
    AuthenticationError,
    ConnectionFailedError,
    InsufficientCreditsError,
    InvalidIdError,
    JobCancelledError,
    JobFailedError,
    RateLimitError,
    VideoGen,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiovideogen.models import ExecutedTool

T = TypeVar("T")

TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY, prompt TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'new',
    mark TEXT, id TEXT UNIQUE, accepted TEXT, file_id TEXT, error TEXT
);
CREATE TABLE IF NOT EXISTS unmatched (id TEXT PRIMARY KEY);
"""


NOT_SENT = (AuthenticationError, ConnectionFailedError, InsufficientCreditsError, RateLimitError)
"""Of a start: nothing came of it, and it may do better another time."""

REFUSED = (ApiStatusError, InvalidIdError, TypeError)
"""Of a start: nothing came of it, and the next would end like it."""


class Row(NamedTuple):
    """A prompt that is to be collected, and the answer to its start if an earlier run got one."""

    number: int
    prompt: str
    accepted: str | None


current: ContextVar[int] = ContextVar("current")
"""The prompt that is being started: `on_accepted` is called in the task of the start."""


class Notes:
    """The database. Each note is a transaction of its own, on disk before the program goes on."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def ask(self, sql: str, *values: Any) -> list[Any]:
        def run(db: sqlite3.Connection) -> list[Any]:
            return db.execute(sql, values).fetchall()

        return await self._in_thread(run)

    async def open(self, prompts: list[str]) -> None:
        def fill(db: sqlite3.Connection) -> None:
            db.executescript(TABLES)
            db.executemany("INSERT OR IGNORE INTO jobs (number, prompt) VALUES (?, ?)", enumerate(prompts))

        await self._in_thread(fill)

    async def accepted(self, accepted: Accepted[Any]) -> None:
        sql = "UPDATE jobs SET state = 'accepted', id = ?, accepted = ? WHERE number = ?"
        await self.ask(sql, accepted.id, json.dumps(accepted.to_dict()), current.get())

    async def unmatched(self, ids: list[str]) -> None:
        """Note candidates, and that their starts have been looked for, both or neither."""

        def note(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR IGNORE INTO unmatched VALUES (?)", [(one,) for one in ids])
            db.execute("UPDATE jobs SET state = 'unknown' WHERE state = 'starting'")

        await self._in_thread(note)

    async def _in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def run() -> T:
            with closing(sqlite3.connect(self._path, timeout=60)) as db, db:
                return work(db)

        return await anyio.to_thread.run_sync(run)


async def report_unmatched(vg: VideoGen, notes: Notes) -> None:
    """Report what the starts without an answer may have started. Nothing is being started meanwhile."""
    marks = {mark for (mark,) in await notes.ask("SELECT mark FROM jobs WHERE state IN ('starting', 'unknown')")}
    known = {one for (one,) in await notes.ask("SELECT id FROM jobs UNION SELECT id FROM unmatched")}
    if not marks:
        return
    found: list[str] = []
    async for execution in vg.tools.list_tool_executions(limit=200, self_only=True):  # newest first
        marks.discard(execution.tool_execution_id)
        if not marks:
            break
        if execution.tool_execution_id not in known:
            found.append(execution.tool_execution_id)
    await notes.unmatched(found)
    for one in found:
        print(f"unmatched: {one} may be what a start without an answer started", flush=True)


async def newest(vg: VideoGen) -> str:
    page = await vg.tools.list_tool_executions(limit=1, self_only=True)
    return page.tool_executions[0].tool_execution_id if page.tool_executions else ""


async def start(vg: VideoGen, notes: Notes, mark: str, row: Row) -> Accepted[ExecutedTool]:
    """Start a picture, unless an earlier run of this program has."""
    if row.accepted is not None:
        return Accepted[Any].from_dict(json.loads(row.accepted))
    current.set(row.number)
    await notes.ask("UPDATE jobs SET state = 'starting', mark = ? WHERE number = ?", mark, row.number)
    return await vg.tools.generate_image(prompt=row.prompt)


async def note_error(notes: Notes, row: Row, started: bool, error: Exception | None) -> None:
    """Note what is settled; the rest stays as it is: a job for the next run, a start to be looked for at the end."""
    settled = (JobFailedError, JobCancelledError) if started else (*NOT_SENT, *REFUSED)
    if isinstance(error, settled):
        state = "new" if isinstance(error, NOT_SENT) else "failed"
        await notes.ask("UPDATE jobs SET state = ?, error = ? WHERE number = ?", state, str(error), row.number)


async def collect(vg: VideoGen, notes: Notes) -> None:
    await report_unmatched(vg, notes)  # of a run that was killed
    left = await notes.ask("SELECT number, prompt, accepted FROM jobs WHERE state IN ('new', 'accepted')")
    rows = [Row(*row) for row in left]
    mark = await newest(vg)
    print(f"{len(rows)} to collect", flush=True)
    async with vg.map(partial(start, vg, notes, mark), rows) as outcomes:
        async for outcome in outcomes:
            if outcome.result is None:
                await note_error(notes, outcome.input, outcome.target is not None, outcome.error)
            else:
                sql = "UPDATE jobs SET state = 'collected', file_id = ? WHERE number = ?"
                await notes.ask(sql, outcome.result.results[0].file_id, outcome.input.number)
    await report_unmatched(vg, notes)  # of this one


async def main(database: Path, prompts: list[str]) -> None:
    notes = Notes(database)
    await notes.open(prompts)
    async with VideoGen(on_accepted=notes.accepted) as vg:
        await collect(vg, notes)
    for state, number in await notes.ask("SELECT state, count(*) FROM jobs GROUP BY state"):
        print(f"{state}: {number}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("prompts", type=Path, help="a text file, a prompt a line")
    args = parser.parse_args()
    with args.database.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would take each other's starts for lost ones
        anyio.run(main, args.database, args.prompts.read_text(encoding="utf-8").splitlines())
