"""The base of every id class (layer 0).

The API's ids are opaque: they are stored as they are and never parsed. What is known of a kind is only
the set of prefixes that its ids have carried, and that is used for one thing: to refuse, before anything
is sent, an id that is plainly of another kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from .errors import InvalidIdError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 512

__all__ = ["JobId", "ResourceId"]

R_co = TypeVar("R_co", covariant=True)

_kinds: dict[str, type[ResourceId]] = {}
"""Every known prefix, and the kind it belongs to."""


class ResourceId(str):
    """Name one thing of the API: text with a type, compared, hashed and stored as the text it is."""

    __slots__ = ()

    prefixes: ClassVar[tuple[str, ...]] = ()
    """The prefixes that ids of this kind carry, the current one first; empty where none is documented."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        _kinds.update(dict.fromkeys(cls.prefixes, cls))

    @classmethod
    def check(cls, text: object, where: str) -> str:
        """Return `text` when it may be sent as an id of this kind.

        Only what can't be one is refused: no text, empty text, or text that begins with another kind's
        prefix. Raises InvalidIdError, which names `where`, the parameter or field.
        """
        if not isinstance(text, str):
            raise InvalidIdError(f"{where}: expected {cls.__name__}, got {type(text).__name__}")
        if not text.strip(".") or not text.isprintable() or text.isspace() or len(text) > MAX_LENGTH:
            # "." and ".." would name another path, and no id has ever been near the bound.
            raise InvalidIdError(f"{where}: {_quoted(text)} can't be an id")
        other = kind_of(text)
        if other is not None and not issubclass(cls, other):
            raise InvalidIdError(f"{where}: {_quoted(text)} is of kind {other.__name__}, not {cls.__name__}")
        return text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Callable[[type], Any]) -> dict[str, Any]:
        """Describe the id to pydantic as text that becomes `cls`, without importing pydantic."""
        return {
            "type": "function-after",
            "function": {"type": "no-info", "function": cls},
            "schema": {"type": "str"},
            "serialization": {"type": "to-string"},
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)})"


class JobId(ResourceId, Generic[R_co]):
    """Name something that takes time: `VideoGen.wait_for` turns it into an `R_co`."""

    __slots__ = ()


def _quoted(text: str) -> str:
    return repr(one_line(text)[:80])


def kind_of(text: str) -> type[ResourceId] | None:
    """Return the kind whose prefix `text` carries, or None when it carries no known one."""
    for prefix, kind in _kinds.items():
        if text.startswith(prefix):
            return kind
    return None
