"""Read and write every generated model (layer 0).

A generated model is attrs fields and a table: for each field its JSON key, its attribute and a codec. This
module is the only code that turns JSON into models and back, so that every rule stands here once:

* Reading is tolerant. What is absent reads as None (a list as empty), unknown fields are kept, a field that
  can't be read and isn't needed reads as None with its raw value kept, numbers in text and ISO times are
  understood. `to_dict` gives back what was read: absent stays absent, raw stays raw.
* Writing is strict. In requests a field goes on the wire only when the caller set it, None is null, and a value
  of the wrong type is refused with the path to it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self, TypeVar, cast, dataclass_transform

import attrs

from ._codecs import Codec, Unreadable, decode_object, named
from .errors import ResponseError, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["NOTHING", "UNSET", "Field", "Model", "OpenModel", "Union", "UnknownVariant", "Unset", "model"]

T = TypeVar("T")


class Unset(Enum):
    """The type of UNSET, the value of a request's field that the caller left out."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Left out of the request. `quality=UNSET` sends nothing, `quality=None` sends null."""


class Field:
    """One row of a model's table."""

    __slots__ = ("codec", "const", "key", "name", "nullable", "required")

    def __init__(
        self,
        key: str,
        name: str,
        codec: Codec,
        *,
        required: bool = False,
        nullable: bool = False,
        const: str | None = None,
    ) -> None:
        self.const = const
        self.key = key
        self.name = name
        self.codec = codec
        self.required = required
        self.nullable = nullable

    def read(self, value: Any, kept: dict[str, Any]) -> Any:
        """Read one value tolerantly; what it can't keep as a value it keeps raw in `kept`."""
        if value is None:
            if self.required and self.codec.is_id and not self.nullable:
                raise Unreadable("expected an id, got null").within("." + self.key)
            if self.codec.is_list:
                kept[self.name] = None
                return []
            return None
        try:
            return self.codec.decode(value)
        except Unreadable as error:
            if self.required and not self.nullable:
                raise error.within("." + self.key) from None
            kept[self.name] = value
            return [] if self.codec.is_list else None

    def write(self, value: Any, sending: bool) -> Any:
        """Write one value; on sending, null only where the API takes null."""
        if value is None:
            if sending and not self.nullable:
                raise Unreadable("null is not accepted here; leave it out instead").within("." + self.key)
            return None
        try:
            return self.codec.encode(value, sending)
        except Unreadable as error:
            raise error.within("." + self.key) from None


_ABSENT: Final = UNSET
"""An enum's member, which is itself again after a pickle or a copy."""
NOTHING: Final[Mapping[str, Any]] = {}
"""Shared, and never written to."""


@attrs.define(init=False, repr=False, eq=True)
class Model:
    """An object of the API, as attrs fields.

    Equality compares the fields and whatever the server sent beyond them; `to_dict` gives back the JSON.
    """

    __fields__: ClassVar[tuple[Field, ...]] = ()
    __rows__: ClassVar[tuple[tuple[str, Callable[[Any, Any], None], type | None, bool, Codec, Field], ...]] = ()
    __request__: ClassVar[bool] = False

    _extra: Mapping[str, Any] = attrs.field(init=False)
    _kept: Mapping[str, Any] = attrs.field(init=False, eq=False)

    def __init__(self, **values: Any) -> None:
        kept: dict[str, Any] = {}
        missing: list[str] = []
        for field in self.__fields__:
            value = values.pop(field.name, UNSET)
            if value is UNSET:
                if field.required and field.const is None:
                    missing.append(field.name)
                value = self._default(field, kept) if field.const is None else field.const
            setattr(self, field.name, value)
        if missing:
            raise TypeError(f"{type(self).__name__}: missing {', '.join(missing)}")
        self._extra = self._more(values)
        self._kept = kept or NOTHING

    def _default(self, field: Field, kept: dict[str, Any]) -> Any:
        if self.__request__:
            return UNSET
        kept[field.name] = _ABSENT
        return [] if field.codec.is_list else None

    def _more(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take the keywords that are no field: an error here, overridden where the API leaves the object open."""
        if values:
            raise TypeError(f"{type(self).__name__}: no field {', '.join(sorted(values))}")
        return NOTHING

    @property
    def additional_properties(self) -> Mapping[str, Any]:
        """The fields beyond the documented ones, by their JSON key, as they came."""
        return dict(self._extra)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the JSON object `data`.

        Raises ResponseError, naming the model and the path, when something needed can't be read.
        """
        try:
            return cls.read(data)
        except Unreadable as error:
            text = f"{cls.__name__}: {error.path or 'the whole'}: {error.reason}"
            raise ResponseError(text, model=cls.__name__, path=error.path) from None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object: what was read, with the changes made since."""
        return self.write(False)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes`, by attribute name; unknown names raise TypeError."""
        unknown = changes.keys() - {field.name for field in self.__fields__}
        if unknown:
            raise TypeError(f"{type(self).__name__}: no field {', '.join(sorted(unknown))}")
        copy = type(self).__new__(type(self))
        for field in self.__fields__:
            setattr(copy, field.name, changes.get(field.name, getattr(self, field.name)))
        copy._extra = self._extra
        copy._kept = {name: value for name, value in self._kept.items() if name not in changes}
        return copy

    def __replace__(self, **changes: Any) -> Self:
        return self.replace(**changes)

    @classmethod
    def takes(cls, value: object) -> bool:
        """Say whether `value` may be sent where this model is asked for."""
        return isinstance(value, cls)

    @classmethod
    def read(cls, data: Any) -> Self:
        """Read a JSON value; raises Unreadable."""
        data = decode_object(data)
        self = cls.__new__(cls)
        kept: dict[str, Any] = {}
        present = 0
        for key, put, exact, null, codec, field in cls.__rows__:
            if key in data:
                present += 1
                value = data[key]
                if type(value) is not exact and not (null and value is None):
                    try:
                        value = codec.decode(value)
                    except Unreadable:
                        value = field.read(value, kept)
                put(self, value)
            elif field.required and codec.is_id and not field.nullable:
                raise Unreadable("missing").within("." + key)
            else:
                kept[field.name] = _ABSENT
                put(self, [] if codec.is_list else None)
        self._kept = kept or NOTHING
        self._extra = NOTHING if present == len(data) else _beyond(data, cls.__fields__)
        return self

    def write(self, sending: bool) -> dict[str, Any]:
        """Return the JSON object; when `sending`, checked, and Unreadable is raised for what can't be sent."""
        written: dict[str, Any] = {}
        for field in self.__fields__:
            value = getattr(self, field.name)
            if value is UNSET:
                continue
            if field.name in self._kept and (value is None or value == []):
                raw = self._kept[field.name]
                if raw is not _ABSENT:
                    written[field.key] = field.write(raw, True) if sending else raw
                continue
            written[field.key] = field.write(value, sending)
        written.update(self._extra)
        return written

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._shown())})"

    def _shown(self) -> Iterator[str]:
        """Yield `name=value` for what is set; secrets and the queries of URLs are left out."""
        for field in self.__fields__:
            value = getattr(self, field.name)
            if value is UNSET or (self._kept.get(field.name) is _ABSENT and not value):
                continue
            yield f"{field.name}={_SECRET_TEXT if field.codec.secret else shown(value)}"
        for key, value in self._extra.items():
            yield f"{key}={shown(value)}"


_SECRET_TEXT: Final = "'…'"


def shown(value: Any) -> str:
    """Return the repr of a value without the queries of URLs, which may be signatures."""
    if isinstance(value, str):
        return repr(without_secrets(value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {shown(v)}" for k, v in cast("dict[Any, Any]", value).items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, cast("Iterable[Any]", value))) + "]"
    return repr(value)


def _beyond(data: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    known = {field.key for field in fields}
    return {key: value for key, value in data.items() if key not in known}


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field,))
def model(cls: type[T]) -> type[T]:
    """Make a generated class an attrs class that this module constructs, reads and shows."""
    made = attrs.define(cls, init=False, repr=False, eq=True, kw_only=True)
    fields = cast("type[Model]", made).__fields__
    # Reading is the hot path: what it needs of each field is looked up once.
    cast("type[Model]", made).__rows__ = tuple(
        (
            field.key,
            getattr(made, field.name).__set__,
            field.codec.exact,
            field.nullable and not field.codec.is_list,
            field.codec,
            field,
        )
        for field in fields
    )
    return made


class OpenModel(Model):
    """A model of an object that the API leaves open: other keywords are kept and sent as they are."""

    __slots__ = ()

    def _more(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return dict(values) or NOTHING


# -- unions -----------------------------------------------------------------------------------------------------


class UnknownVariant(Model):
    """A variant of a union that this version doesn't know, kept whole in `additional_properties`."""

    __slots__ = ()


class Union:
    """Reads a union by its discriminator; `ref` treats it as it treats a model."""

    def __init__(self, discriminator: str, variants: Mapping[str, str], unknown: type[UnknownVariant]) -> None:
        self.discriminator = discriminator
        self.variants = variants
        self.unknown = unknown

    def takes(self, value: object) -> bool:
        """Say whether `value` is one of the variants."""
        return isinstance(value, UnknownVariant) or type(value).__name__ in self.variants.values()

    def read(self, data: Any) -> Any:
        """Read the variant that the discriminator names; raises Unreadable."""
        value = decode_object(data).get(self.discriminator)
        name = self.variants.get(value) if isinstance(value, str) else None
        return (self.unknown if name is None else named(name)).read(data)
