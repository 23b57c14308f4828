"""The API key (layer 3): text, or an async callable that is asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import anyio
import anyio.lowlevel
import attrs

from .errors import AuthenticationError, ConfigurationError

__all__ = ["Key", "Keys", "KnownKey", "checked_key"]

Key = str | Callable[[], Awaitable[str]]


FRESH_SECONDS = 60.0
"""A key that is refused within this after it was asked for won't be better when asked for again."""


@attrs.frozen
class KnownKey:
    """A key, and when it was asked for on the loop's clock."""

    text: str = attrs.field(repr=False)
    since: float = 0.0


class Keys:
    """The key of one client: what was given, or what was answered last."""

    def __init__(self, key: Key) -> None:
        self.known = KnownKey(key) if isinstance(key, str) else None
        self._ask = None if isinstance(key, str) else key
        self._loop: object = None
        self._asking: anyio.Lock

    async def current(self) -> KnownKey:
        """Return the key, asking for it where none is known; callers at once ask once."""
        loop = anyio.lowlevel.current_token()
        if loop != self._loop:  # locks belong to one event loop
            self._loop, self._asking = loop, anyio.Lock(fast_acquire=True)
        async with self._asking:
            if self.known is None:
                ask = cast("Callable[[], Awaitable[str]]", self._ask)
                self.known = KnownKey(checked_key(await ask()), anyio.current_time())
            return self.known

    def refused(self, key: KnownKey, again: bool) -> bool:
        """Forget a key that the server refused, to a call `again`; say whether it may try with another."""
        if self._ask is None:
            return False
        if self.known is key:
            self.known = None
        return not again or anyio.current_time() - key.since > FRESH_SECONDS


def checked_key(key: object) -> str:
    """Return the key without the white space around it; refuse what can't stand in a header.

    Raises AuthenticationError when it is empty and ConfigurationError when it is none, never with the key in it.
    """
    if not isinstance(key, str):
        raise ConfigurationError(f"api_key: expected text, got {type(key).__name__}")
    key = key.strip()
    if not key:
        # The class and code of the server's answer to a request without a key, before one is sent.
        text = "no API key: set VIDEOGEN_API_KEY or pass api_key= (a key is made at app.videogen.io/api)"
        raise AuthenticationError(text, status=401, code="missing_api_key", documented=True)
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "api_key: has characters that no key has (spaces, line breaks or others); copy it again"
        )
    return key
