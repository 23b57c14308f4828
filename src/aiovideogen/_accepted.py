"""Jobs, and the answers that start them (layer 0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, NamedTuple, Self, TypeVar, cast

import attrs

from ._codecs import named
from ._model import NOTHING, Model

__all__ = ["Accepted", "Job"]

R_co = TypeVar("R_co", covariant=True)


class Job(NamedTuple):
    """How a kind of job is looked at: which operations read, list and cancel it, as `group.method`."""

    kind: str
    """The name of its id class."""
    get: str | None = None
    list: str | None = None
    cancel: str | None = None
    event: str | None = None
    """The family of webhook events that report its end."""
    done: Literal["status", "sources", "public"] = "status"
    """What says that it is done: its status, that a rendition of a file is ready, or that its public copy is."""


_SAVED = frozenset({"type", "acceptedAt", "params", "answer"})
"""The keys of the saved form."""


def _is_saved(data: object) -> bool:
    return isinstance(data, Mapping) and cast("Mapping[str, Any]", data).keys() >= _SAVED


def _named(name: object) -> object:
    try:
        return named(str(name))
    except AttributeError:
        return None


@attrs.define(init=False, repr=False, eq=True)
class Accepted(Model, Generic[R_co]):
    """The answer to a start: what was accepted, and all that waiting for it needs.

    It has the answer's fields, `id`, and what the answer leaves out (an export's answer doesn't name its
    project). `to_dict` is its saved form: keep that, or the id, and the job can be collected in another process.
    """

    __kind__: ClassVar[str] = ""
    __id__: ClassVar[str] = ""
    __then__: ClassVar[tuple[str, str] | None] = None
    """The field with the ids of jobs that run afterwards, and their kind."""

    _params: Mapping[str, str] = attrs.field(init=False, eq=False)
    _accepted_at: float | None = attrs.field(init=False, eq=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.accepted(NOTHING, None)

    if TYPE_CHECKING:

        @property
        def id(self) -> Any:
            """The id of the job, of its own type in each class."""

    @property
    def accepted_at(self) -> float | None:
        """When the answer came, in Unix seconds by this machine's clock; None when this isn't known."""
        return self._accepted_at

    def accepted(self, params: Mapping[str, str], at: float | None) -> None:
        """Note what the answer leaves out: the path's values, by JSON key, and the time."""
        self._params = params
        self._accepted_at = at

    def job_params(self) -> dict[str, str]:
        """Return every id known of the job, by JSON key: the path's values and the answer's."""
        fields = {field.key: getattr(self, field.name) for field in self.__fields__ if field.codec.is_id}
        return {**self._params, **fields}

    def to_dict(self) -> dict[str, Any]:
        """Return the saved form, which `from_dict` reads back in any process."""
        return {
            "type": type(self).__name__,
            "acceptedAt": self._accepted_at,
            "params": dict(self._params),
            "answer": super().to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read the saved form, or the API's own answer when called on its class.

        `Accepted.from_dict` finds the class by the saved form. Raises ResponseError when it can't be read, and
        ValueError when it is of another kind.
        """
        if cls.__id__ and not _is_saved(data):
            return super().from_dict(data)
        kind = _named(data.get("type"))
        if not (isinstance(kind, type) and issubclass(kind, cls)):
            raise ValueError(f"{cls.__name__}: the saved form is of type {data.get('type')!r}")
        params, at = data.get("params"), data.get("acceptedAt")
        if not _is_saved(data) or not isinstance(params, dict) or not (at is None or isinstance(at, (int, float))):
            raise ValueError(f"{cls.__name__}: the saved form is damaged")
        self = kind.from_dict(data["answer"])
        self.accepted({str(key): str(value) for key, value in cast("dict[str, str]", params).items()}, at)
        return self

    @classmethod
    def read(cls, data: Any) -> Self:
        self = super().read(data)
        self.accepted(NOTHING, None)
        return self

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes`, by attribute name."""
        copy = super().replace(**changes)
        copy.accepted(self._params, self._accepted_at)
        return copy
