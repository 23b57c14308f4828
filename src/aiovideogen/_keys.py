"""The API key (layer 3): text, or an async callable that is asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
import anyio.lowlevel

from .errors import AuthenticationError, ConfigurationError

__all__ = ["Key", "Keys", "checked_key"]

Key = str | Callable[[], Awaitable[str]]


class Keys:
    """The key of one client: what was given, or what was answered last."""

    def __init__(self, key: Key) -> None:
        self.text = key if isinstance(key, str) else None
        self._ask = None if isinstance(key, str) else key
        self._loop: object = None
        self._asking: anyio.Lock

    async def current(self) -> str:
        """Return the key, asking for it where none is known; callers at once ask once."""
        loop = anyio.lowlevel.current_token()
        if loop != self._loop:  # locks belong to one event loop
            self._loop, self._asking = loop, anyio.Lock(fast_acquire=True)
        async with self._asking:
            if self.text is None and self._ask is not None:
                self.text = checked_key(await self._ask())
            return self.text or ""

    def refused(self, key: str) -> bool:
        """Forget a key that the server refused; say whether another can be asked for."""
        if self._ask is None:
            return False
        if self.text == key:
            self.text = None
        return True


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
