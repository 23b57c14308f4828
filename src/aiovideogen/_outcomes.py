"""How one of many jobs ended (layer 5): its result, or the error in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import attrs

from ._accepted import Accepted

if TYPE_CHECKING:
    from ._ids import JobId

__all__ = ["Mapped", "Outcome"]

I_co = TypeVar("I_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)


@attrs.frozen
class Outcome(Generic[R_co]):
    """How the wait for one of many jobs ended: with a result, or with an error."""

    index: int
    """Its place among what was given, from 0."""

    target: JobId[R_co] | Accepted[R_co] | None
    """What was waited for: the id, or the answer that started the job; None where no job was started."""

    result: R_co | None
    """What the job became; None when there is an error."""

    error: Exception | None
    """What `wait_for`, or the start, raised; None when there is a result.

    A plain VideoGenError where other code cancelled the task that was to start the job.
    """

    @property
    def ok(self) -> bool:
        """Whether the job succeeded."""
        return self.error is None

    @property
    def id(self) -> Any:
        """The id of the job; None where none was started, or it isn't known."""
        return self.target.id if isinstance(self.target, Accepted) else self.target

    def unwrap(self) -> R_co:
        """Return the result, or raise the error: `[one.unwrap() for one in outcomes]` raises the first one."""
        if self.error is not None:
            raise self.error
        return cast("R_co", self.result)


@attrs.frozen
class Mapped(Outcome[R_co], Generic[I_co, R_co]):
    """How the job of one of many inputs ended."""

    input: I_co
    """What `start` was called with."""
