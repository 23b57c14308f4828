"""How one value of the API's JSON is read and written (layer 0).

Reading is tolerant: numbers in text and ISO times are understood, enums are open. Writing is strict: on the way out
each value is checked, and the error names the path to it but never holds the value, which may be a secret.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, cast

from .errors import InvalidIdError

if TYPE_CHECKING:
    from ._ids import ResourceId

__all__ = [
    "ANY",
    "BOOLEAN",
    "INTEGER",
    "NUMBER",
    "OBJECT",
    "SECRET",
    "TEXT",
    "TIME",
    "Codec",
    "Unreadable",
    "WrongId",
    "decode_object",
    "id_of",
    "id_or_text",
    "kind",
    "list_of",
    "named",
    "plain_text",
    "ref",
    "register",
]


_HUGE = 1e300
"""A number beyond it, or none at all, can't be reckoned with."""


class Unreadable(ValueError):
    """A value that can't be read or written; each level on the way out puts its key in front of `path`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = ""

    def within(self, step: str) -> Self:
        self.path = step + self.path
        return self


class WrongId(Unreadable):
    """An id that can't be sent where it stands."""


def kind(value: object) -> str:
    """Name a value's JSON type, for messages: the value itself may be a secret."""
    if value is None:
        return "null"
    if type(value) in (int, float) and not -_HUGE < cast("float", value) < _HUGE:
        return "a number out of range"
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "a boolean",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)


class Codec:
    """How one kind of value is read (`decode`) and written (`encode`).

    `encode` is handed whether the value is being sent, which is when it is checked. A value whose type is `exact` is
    read as it is.
    """

    __slots__ = ("decode", "encode", "exact", "is_id", "is_list", "name", "secret")

    def __init__(
        self,
        decode: Callable[[Any], Any],
        encode: Callable[[Any, bool], Any],
        *,
        is_list: bool = False,
        is_id: bool = False,
        secret: bool = False,
        name: str | None = None,
        exact: type | None = None,
    ) -> None:
        self.exact: type | None = exact
        self.decode: Callable[[Any], Any] = decode
        self.encode: Callable[[Any, bool], Any] = encode
        self.is_list: bool = is_list
        self.is_id: bool = is_id
        self.secret: bool = secret
        self.name: str | None = name


def _decode_text(value: Any) -> str:
    if type(value) is str:
        return value
    raise Unreadable(f"expected text, got {kind(value)}")


def _decode_boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise Unreadable(f"expected a boolean, got {kind(value)}")


def _decode_number(value: Any) -> float:
    if type(value) is int or type(value) is float:
        if -_HUGE < value < _HUGE:
            return value
    elif type(value) is str:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if -_HUGE < number < _HUGE:
            return int(number) if number.is_integer() and "." not in value else number
    raise Unreadable(f"expected a number, got {kind(value)}")


def _decode_integer(value: Any) -> int:
    if type(value) is str and value.isdecimal() and len(value) < 300:
        return int(value)  # as a float it would lose digits
    number = _decode_number(value)
    if number == int(number):
        return int(number)
    raise Unreadable("expected a whole number, got a fraction")


def _decode_time(value: Any) -> float:
    """Read Unix seconds; May to July 2026 answers carried fractions, and ISO 8601 text."""
    try:
        return _decode_number(value)
    except Unreadable:
        if type(value) is not str:
            raise
    try:
        moment = datetime.fromisoformat(value)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        pass
    raise Unreadable("expected Unix seconds, got text")


def decode_object(value: Any) -> dict[str, Any]:
    if type(value) is dict:
        return cast("dict[str, Any]", value)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    raise Unreadable(f"expected an object, got {kind(cast('object', value))}")


def _checked(what: str, accepts: Callable[[Any], bool]) -> Callable[[Any, bool], Any]:
    """Write a plain value as it is, refusing on the way out what `accepts` doesn't take."""

    def encode(value: Any, sending: bool) -> Any:
        if sending and not accepts(value):
            raise Unreadable(f"expected {what}, got {kind(value)}")
        return value

    return encode


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_HUGE < value < _HUGE


_SURROGATE = re.compile("[\ud800-\udfff]")


def _encode_text(value: Any, sending: bool) -> Any:
    if sending and not isinstance(value, str):
        raise Unreadable(f"expected text, got {kind(value)}")
    if sending and _SURROGATE.search(value):
        raise Unreadable("expected text, got half a surrogate pair")
    return value


TEXT = Codec(_decode_text, _encode_text, exact=str)
SECRET = Codec(_decode_text, TEXT.encode, secret=True, exact=str)
BOOLEAN = Codec(_decode_boolean, _checked("a boolean", lambda value: isinstance(value, bool)), exact=bool)
NUMBER = Codec(_decode_number, _checked("a number", _is_number))
INTEGER = Codec(
    _decode_integer, _checked("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool))
)
TIME = Codec(_decode_time, NUMBER.encode)
OBJECT = Codec(decode_object, _checked("an object", lambda value: isinstance(value, Mapping)))
ANY = Codec(lambda value: value, lambda value, _sending: value)


def plain_text(value: object) -> str:
    """Return a value as text; a member of a text enum is the text that it stands for."""
    return str.__str__(value) if isinstance(value, str) else str(value)


def id_of(name: str) -> Codec:
    """Read text as the id class `name`; on sending refuse another kind's id."""

    def decode(value: Any) -> Any:
        return named(name)(_decode_text(value))

    def encode(value: Any, sending: bool) -> Any:
        if sending:
            _check_id(name, value)
        return plain_text(value)

    return Codec(decode, encode, is_id=True)


def id_or_text(name: str) -> Codec:
    """Read text as it is, for a field that takes the id class `name` or some other name of the thing."""

    def encode(value: Any, sending: bool) -> Any:
        if sending:
            _check_id(name, value)
        return plain_text(value)

    return Codec(_decode_text, encode)


def _check_id(name: str, value: object) -> None:
    id_class = cast("type[ResourceId]", named(name))
    try:
        id_class.check(value, name)
    except InvalidIdError as error:
        raise WrongId(error.message.partition(": ")[2]) from None


def list_of(item: Codec) -> Codec:
    """Read a list of `item`; an error names the index."""
    item_decode = item  # looked up late: a reference replaces its own decode once it is resolved

    def decode(value: Any) -> list[Any]:
        if type(value) is not list:
            raise Unreadable(f"expected a list, got {kind(value)}")
        found: list[Any] = []
        try:
            for entry in cast("list[Any]", value):
                found.append(item_decode.decode(entry))  # noqa: PERF401 - the index is needed on failure
        except Unreadable as error:
            raise error.within(f"[{len(found)}]") from None
        return found

    def encode(value: Any, sending: bool) -> list[Any]:
        if sending and (isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Sequence, set, frozenset))):
            raise Unreadable(f"expected a list, got {kind(cast('object', value))}")
        written: list[Any] = []
        try:
            for entry in cast("Sequence[Any]", value):
                written.append(item.encode(entry, sending))  # noqa: PERF401 - as above
        except Unreadable as error:
            raise error.within(f"[{len(written)}]") from None
        return written

    return Codec(decode, encode, is_list=True)


def ref(name: str) -> Codec:
    """Read an object as the model or union `name`, which is imported when the first one is read."""

    def decode_first(value: Any) -> Any:
        codec.decode = named(name).read
        return codec.decode(value)

    def encode(value: Any, sending: bool) -> Any:
        if sending and not named(name).takes(value):
            raise Unreadable(f"expected {name}, got {kind(value)}")
        return value.write(sending) if hasattr(value, "write") else value

    codec = Codec(decode_first, encode, name=name)
    return codec


_home: list[str] = []


def register(package: str) -> None:
    """Tell where the classes that codecs name are found: called once, by the generated layer."""
    _home[:] = [package]


_types: dict[str, Any] = {}


def named(name: str) -> Any:
    """Return the generated class `name`, importing its module at the first use."""
    found = _types.get(name)
    if found is None:
        found = _types[name] = getattr(importlib.import_module(_home[0]), name)
    return found
