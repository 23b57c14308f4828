"""What all webhook events have, whatever they report (layer 0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self

import attrs

from ._codecs import named
from ._model import Model, model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._ids import JobId

__all__ = ["Event", "Outcome", "UnknownEvent"]

Outcome = Literal["succeeded", "failed", "cancelled"]

# By the last word of an event's name. A file can be used once any rendition of it is ready.
_OUTCOMES: Final[Mapping[str, Outcome]] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
    "download_ready": "succeeded",
    "playback_ready": "succeeded",
}


@attrs.define(init=False, repr=False, eq=True, kw_only=True)
class Event(Model):
    """A webhook event: the payload's fields, and what its delivery said."""

    __event__: ClassVar[str] = ""
    """The event's name, of a class that stands for one."""
    __job__: ClassVar[str | None] = None
    """The attribute that names the job."""

    def __init__(self, *, id: str, timestamp: int, **values: Any) -> None:
        super().__init__(**({"event": self.__event__} if self.__event__ else {}), **values)
        self._received(id, timestamp)

    if TYPE_CHECKING:
        id: str
        """The message's `webhook-id`: the same each time that it is delivered."""
        timestamp: int
        """When this delivery was sent, in Unix seconds."""

    @classmethod
    def received(cls, payload: Any, id: str, timestamp: int) -> Self:
        """Read a delivery's payload; raises Unreadable."""
        self = cls.read(payload)
        self._received(id, timestamp)
        return self

    def _received(self, id: str, timestamp: int) -> None:
        self.id = id
        self.timestamp = timestamp

    @property
    def name(self) -> str:
        """The event's name as it came."""
        return self.__event__

    @property
    def job_id(self) -> JobId[Any] | None:
        """The id of the job that the event is about, of its own type; None where this isn't known."""
        return None if self.__job__ is None else getattr(self, self.__job__)

    @property
    def outcome(self) -> Outcome | None:
        """How the job ended; None where the event doesn't say that it has."""
        return _OUTCOMES.get(self.name.rpartition(".")[2])

    def snapshot(self) -> Model | None:
        """Return the job's state as a look at it would; None where the payload doesn't hold all of it.

        Raises ResponseError where what the payload holds can't be read as that.
        """
        return None

    def _ended(self, result: str) -> Any:
        """Return the model `result` with the payload's fields, and those that the end of a job implies."""
        data = {key: value for key, value in self.write(False).items() if key not in ("event", "occurredAt")}
        return named(result).from_dict({**data, "status": self.outcome, "progressPercentage": 100})

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes`, by attribute name."""
        copy = super().replace(**changes)
        copy._received(self.id, self.timestamp)
        return copy

    def _shown(self) -> Iterator[str]:
        yield f"id={self.id!r}"
        yield f"timestamp={self.timestamp!r}"
        yield from super()._shown()


@model
class UnknownEvent(Event):
    """An event that this version doesn't know, with its payload kept whole."""

    id: str
    """The message's `webhook-id`: the same each time that it is delivered."""
    timestamp: int
    """When this delivery was sent, in Unix seconds."""
    event: ClassVar[None] = None
    """None, as it is none of the known ones: `name` has it."""

    def __init__(self, *, id: str, timestamp: int, event: str, **more: Any) -> None:
        super().__init__(id=id, timestamp=timestamp)
        self._extra = {**more, "event": event}

    @property
    def name(self) -> str:
        """The event's name as it came."""
        return str(self._extra["event"])
