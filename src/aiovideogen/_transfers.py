"""What uploads and downloads share (layer 4): what they tell of themselves, and several of them at once."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, Self, TypeVar, cast

import anyio

from ._progress import Meter, OnProgress, Progress
from ._telemetry import Telemetry, Transfer, tell

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["TRIES", "Transferring", "many"]

T = TypeVar("T")
R = TypeVar("R")

TRIES = 3
"""How often in a row a transfer may fail without getting on."""


class Transferring:
    """One upload or download on its way, for the length of a `with` block: whom it tells of itself, and what."""

    def __init__(
        self,
        direction: Literal["upload", "download"],
        *,
        file_id: str | None = None,
        name: str | None = None,
        on_progress: OnProgress | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.file_id = file_id
        self._direction: Literal["upload", "download"] = direction
        self._name = name
        self._on_progress = on_progress
        self._telemetry = telemetry
        self._bytes = 0
        self._started = time.time()
        self._began = anyio.current_time()
        self._meter = Meter(self._began)

    def came(self, count: int) -> None:
        """Count bytes that went over the network."""
        self._bytes += count
        self._meter.came(count, anyio.current_time())

    @property
    def rate(self) -> float:
        return self._meter.rate(anyio.current_time())

    async def tell(self, done: int, total: int | None) -> None:
        """Tell the caller where it stands."""
        if self._on_progress is not None:
            answer = self._on_progress(Progress(done, total, self.rate, self._name))
            if isinstance(answer, Awaitable):
                await cast("Awaitable[object]", answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        outcome = "done" if kind is None else "error" if issubclass(kind, Exception) else "abandoned"
        seconds = anyio.current_time() - self._began
        tell(
            self._telemetry,
            Transfer(self._direction, self.file_id, self._started, seconds, self._bytes, outcome),
        )


async def many(
    work: Callable[[T], Awaitable[R]], items: Iterable[T], concurrency: int, *, return_exceptions: bool
) -> list[R | Exception]:
    """Do the work for each item, so many at once, and return what came of each, in order.

    The first exception ends the rest and is raised, or each is returned in its place.
    """
    if concurrency < 1:
        raise ValueError(f"concurrency: expected 1 or more, got {concurrency}")
    done: dict[int, R | Exception] = {}
    problem: Exception | None = None
    waiting: Iterator[tuple[int, T]] = enumerate(items)

    async def one(item: T) -> R | Exception:
        try:
            return await work(item)
        except Exception as error:
            if return_exceptions:
                return error
            raise

    async def worker() -> None:
        nonlocal problem
        try:
            for number, item in waiting:
                done[number] = await one(item)
        except Exception as error:  # the task group would wrap it
            problem = problem or error
            tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        for _ in range(concurrency):
            tasks.start_soon(worker)
    if problem is not None:
        raise problem
    return [done[number] for number in sorted(done)]
