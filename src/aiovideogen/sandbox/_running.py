"""What is under way, in whatever thread: requests that a restart drops, deliveries that wait."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from ._http import ConnectionDropped

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@dataclass(frozen=True, slots=True)
class Link:
    """A server that runs the sandbox: how to call into its thread, and how to close its connections."""

    thread: int
    schedule: Callable[[Callable[[], None]], object]
    close_connections: Callable[[], None]


class Waker:
    """Wakes one waiting task of the thread it was made in."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self._event = anyio.Event()

    def wake(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Wait until it is woken, or so long."""
        with anyio.move_on_after(seconds):
            await self._event.wait()
        self._event = anyio.Event()


class Running:
    """Event loops are not thread-safe: each thread drops and wakes what is its own."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.wakers: list[Waker] = []
        self._requests: dict[anyio.CancelScope, int] = {}

    @contextlib.contextmanager
    def request(self) -> Generator[None]:
        """Let a restart break off what is done inside.

        Raises ConnectionDropped then.
        """
        with anyio.CancelScope() as scope:
            self._requests[scope] = threading.get_ident()
            try:
                yield
            finally:
                del self._requests[scope]
        if scope.cancelled_caught:
            raise ConnectionDropped("the server restarted")

    def wake(self) -> None:
        """Let waiting deliveries look again at what is due."""
        self._everywhere(self._wake_here)

    def drop(self) -> None:
        """Break off all requests and close all connections."""
        self._everywhere(self._drop_here)

    def _everywhere(self, function: Callable[[], None]) -> None:
        function()
        for link in list(self.links):
            if link.thread != threading.get_ident():
                link.schedule(function)

    def _wake_here(self) -> None:
        for waker in list(self.wakers):
            if waker.thread == threading.get_ident():
                waker.wake()

    def _drop_here(self) -> None:
        self.end_requests()
        for link in list(self.links):
            if link.thread == threading.get_ident():
                link.close_connections()

    def end_requests(self) -> None:
        """Break off this thread's requests."""
        here = threading.get_ident()
        for scope in [scope for scope, thread in list(self._requests.items()) if thread == here]:
            scope.cancel()
