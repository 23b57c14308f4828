"""Make a dataclass of JSON that came from outside."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from ._http import Json

T = TypeVar("T")


def read(cls: type[T], fields: Any) -> T:
    """Return a `cls` with these fields.

    Raises ValueError for a field that is unknown, missing or of the wrong type.
    """
    if not isinstance(fields, dict):
        raise ValueError("a JSON object is needed")
    hints = get_type_hints(cls)
    for name, value in cast("Json", fields).items():
        if name not in hints or not _fits(value, hints[name]):
            raise ValueError(f"{name} is unknown or of the wrong type")
    try:
        return cls(**cast("Json", fields))
    except TypeError as error:
        raise ValueError(str(error).partition("__() ")[2]) from error


def _fits(value: Any, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, option) for option in arguments)
    if origin is Literal:
        return value in arguments
    if origin is list:
        return isinstance(value, list) and all(_fits(item, arguments[0]) for item in cast("list[Any]", value))
    if origin is dict:
        return isinstance(value, dict) and all(_fits(item, arguments[1]) for item in cast("Json", value).values())
    if hint is float:
        return _is(value, int) or _is(value, float)
    return hint is Any or _is(value, hint)


def _is(value: Any, kind: Any) -> bool:
    # A bool is an int to Python, and to nobody who writes JSON.
    return isinstance(value, NoneType if kind is None else kind) and (kind is bool or not isinstance(value, bool))
