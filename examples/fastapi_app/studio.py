"""Makes pictures: owns every job from its prompt to the file on disk, across restarts."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from aiovideogen import (
    Accepted,
    AuthenticationError,
    ConnectionFailedError,
    InsufficientCreditsError,
    InvalidRequestError,
    JobError,
    JobFailedError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    VideoGenError,
)
from aiovideogen.models import ExecutedTool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from anyio.abc import TaskGroup

    from aiovideogen import VideoGen

    from .store import Job, Store

logger = logging.getLogger(__name__)

MAX_OPEN = 20
"""How many pictures may be in the making at once: each of them is billed."""

AGAIN_SECONDS = 60.0

WORDS: tuple[tuple[type[VideoGenError], str], ...] = (
    (InsufficientCreditsError, "The account is out of credits. Buy some, then send the prompt again."),
    (AuthenticationError, "VideoGen doesn't accept this app's key. Whoever runs the app has to set another one."),
    (PermissionDeniedError, "The account's plan or rights don't allow this."),
    (RateLimitError, "Too many pictures were started within the hour. Send the prompt again later."),
    (InvalidRequestError, "VideoGen refused the prompt. Change it, then send it again."),
    (ConnectionFailedError, "VideoGen can't be reached. Send the prompt again later."),
)

UNKNOWN = (
    "It isn't known whether VideoGen took this prompt: it may be in the making, and billed. "
    "Look at the newest pictures there before you send it again."
)

SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp", b"GIF8": "image/gif"}

now_starting: ContextVar[str] = ContextVar("now_starting")
"""The job that the current task starts: `on_accepted` is told of what was accepted, not for whom."""


async def write_down(store: Store, accepted: Accepted[Any]) -> None:
    """Save what was accepted before anything waits for it. A cancelled start comes here too, if it was accepted."""
    await store.change(now_starting.get(), state="making", accepted=accepted.to_dict())


class Studio:
    """Starts jobs, waits for them in the tasks of a group that somebody else owns, and saves the pictures."""

    def __init__(self, vg: VideoGen, store: Store, tasks: TaskGroup, folder: Path) -> None:
        self._vg = vg
        self._store = store
        self._tasks = tasks
        self._folder = folder

    def path(self, job: Job) -> Path:
        """Return where a job's picture is. The name is the app's own: nothing that people send gets into paths."""
        return self._folder / job.id

    async def ask(self, prompt: str) -> Job | None:
        """Write a job down and begin to work on it; None while too many are open."""
        job = await self._store.add(prompt, most=MAX_OPEN)
        if job is not None:
            self._tasks.start_soon(self._guarded, self._make, job.id, prompt)
        return job

    async def resume(self) -> None:
        """Take up the jobs that hadn't ended when the app last stopped."""
        for id, saved in await self._store.open():
            if saved is None:
                await self._store.change(id, state="unknown", note=f"The app was stopped meanwhile. {UNKNOWN}")
            else:
                self._tasks.start_soon(self._guarded, self._take_up, id, saved)

    async def _guarded(self, work: Callable[..., Awaitable[None]], id: str, *more: Any) -> None:
        """Let one job's trouble, such as a full disk, leave the tasks of all others alone."""
        try:
            await work(id, *more)
        except Exception:
            logger.exception("job %s", id)
            with suppress(sqlite3.Error):
                await self._store.change(id, note="Something broke in this app. It tries again when it is restarted.")

    async def _make(self, id: str, prompt: str) -> None:
        now_starting.set(id)
        try:
            accepted = await self._vg.tools.generate_image(prompt=prompt)
        except OutcomeUnknownError as error:
            await self._store.change(id, state="unknown", note=f"{UNKNOWN} {await self._known_of(error)}".rstrip())
        except VideoGenError as error:
            await self._store.change(id, state="failed", note=in_words(error))
        else:
            await self._collect(id, accepted)

    async def _known_of(self, error: OutcomeUnknownError) -> str:
        """Say what a start whose answer was lost may have started; nothing where that can't be told."""
        try:
            found = await self._vg.reconcile(error)
        except VideoGenError:
            return ""
        if not found.complete:
            return ""
        return (
            f"It may be {', '.join(one.id for one in found.candidates) or 'none: so far nothing new is listed there'}."
        )

    async def _take_up(self, id: str, saved: Mapping[str, Any]) -> None:
        await self._collect(id, Accepted[ExecutedTool].from_dict(saved))

    async def _collect(self, id: str, accepted: Accepted[ExecutedTool]) -> None:
        """Wait until a job has ended and save its picture; what isn't the job's own end is tried again."""
        while True:
            try:
                await self._save(id, accepted)
            except (JobError, NotFoundError) as error:
                await self._store.change(id, state="failed", note=in_words(error))
            except (VideoGenError, OSError) as error:
                logger.warning("job %s: %s", id, error)
                await self._store.change(id, note="The picture can't be fetched just now; the app goes on trying.")
                await anyio.sleep(AGAIN_SECONDS)
                continue
            return

    async def _save(self, id: str, accepted: Accepted[ExecutedTool]) -> None:
        async def show(state: ExecutedTool) -> None:
            await self._store.change(id, progress=round(state.progress_percentage))

        # A picture of our own: the API's URLs expire, and whoever has one needs no key.
        image = await self._vg.wait_for(accepted, timeout=None, on_progress=show)
        path = await self._vg.files.download(image, self._folder / id)
        media_type = await anyio.to_thread.run_sync(media_type_of, path)
        await self._store.change(id, state="ready", progress=100, note="", media_type=media_type)


def in_words(error: VideoGenError) -> str:
    """Return what people should read about an error; the library's own texts hold no secrets."""
    if isinstance(error, JobFailedError) and error.error is not None and error.error.message:
        return f"The picture could not be made: {error.error.message}"
    return next((words for kind, words in WORDS if isinstance(error, kind)), error.message)


def media_type_of(path: Path) -> str:
    """Return a picture's media type by its first bytes: never one that a browser would run."""
    with path.open("rb") as file:
        first = file.read(4)
    return next((kind for begin, kind in SIGNATURES.items() if first.startswith(begin)), "application/octet-stream")
