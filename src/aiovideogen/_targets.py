"""What is waited for (layer 4): a job's id, or the answer that started it, brought to one form."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self, cast

import anyio
import attrs

from ._accepted import Accepted, Job
from ._generated.types import JOBS
from ._ids import JobId
from ._operation import Operation, find
from .errors import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Target", "operation_of", "public_copy"]

OVERDUE_SECONDS = 10.0
"""A wait whose time ran out before it began still looks once, within this."""


@attrs.frozen
class Target:
    """What is waited for: one job, or several of a kind that were started together."""

    job: Job
    ids: tuple[JobId[Any], ...]
    params: Mapping[str, str]
    accepted_at: float | None = None
    several: bool = False
    then: tuple[tuple[JobId[Any], ...], str] | None = None
    """Jobs that run afterwards and are waited for as well, and their kind."""

    @classmethod
    def of(cls, thing: object, params: Mapping[str, str], caller: str = "wait_for") -> Self:
        """Return what `thing`, a job's id or an accepted start, asks to wait for.

        Raises TypeError for others, and for params that its path doesn't have, with the name of the `caller`.
        """
        kind = type(thing).__name__
        if isinstance(thing, Accepted):
            target = cls._of_accepted(cast("Accepted[Any]", thing), params)
        elif isinstance(thing, JobId) and kind in JOBS:
            target = cls(JOBS[kind], (cast("JobId[Any]", thing),), params)
        else:
            if kind == "str":
                text = one_line(str(cast("object", thing)))[:80]
                kind = f"plain text; name its kind first, as in ToolExecutionId({text!r})"
            raise TypeError(f"{caller}: expected a job's id or an accepted start, got {kind}")
        unknown = params.keys() - {field.key for field in target._path()} - {"projectId"}
        if unknown:
            raise TypeError(f"{caller}: unexpected keyword {', '.join(sorted(unknown))}")
        return target

    @classmethod
    def _of_accepted(cls, accepted: Accepted[Any], params: Mapping[str, str]) -> Self:
        held = getattr(accepted, accepted.__id__)
        several = isinstance(held, list)
        ids = tuple(cast("list[JobId[Any]]", held)) if several else (cast("JobId[Any]", held),)
        then = None
        if accepted.__then__ and getattr(accepted, accepted.__then__[0]):
            then = tuple(getattr(accepted, accepted.__then__[0])), accepted.__then__[1]
        known = {**accepted.job_params(), **params}
        return cls(JOBS[accepted.__kind__], ids, known, accepted.accepted_at, several, then)

    def afterwards(self) -> Target | None:
        """Return what runs after this and belongs to it."""
        if self.then is None:
            return None
        ids, kind = self.then
        return Target(JOBS[kind], ids, self.params, self.accepted_at, several=True)

    @property
    def named(self) -> str:
        return ", ".join(self.ids)

    @property
    def resume(self) -> str:
        """The call that takes up the wait again, as text."""
        if self.job.done == "public":
            return f"await vg.files.publish({self.ids[0]!r})"
        path = "".join(f", {f.name}={self.params[f.key]!r}" for f in self._path() if self._is_param(f.key))
        return "; ".join(f"await vg.wait_for({one!r}{path})" for one in self.ids)

    def age(self) -> float:
        """Return the seconds since acceptance, 0 when it isn't known."""
        return 0.0 if self.accepted_at is None else max(0.0, time.time() - self.accepted_at)

    def deadline(self, timeout: float | None) -> tuple[float, bool]:
        """Return the loop time at which a wait ends, and whether its time was over before it began.

        The timeout counts from acceptance.
        """
        if timeout is None:
            return float("inf"), False
        left = timeout - self.age()
        return anyio.current_time() + (left if left > 0 else OVERDUE_SECONDS), left <= 0

    def path_values(self, one: str | None) -> list[str]:
        """Return the values of the path that reads the job `one`, or the list it is in when None.

        Raises ValueError that names the keyword which is missing.
        """
        values: list[str] = []
        for field in self._path():
            if not self._is_param(field.key) and one is not None:
                values.append(one)
            elif field.key in self.params:
                values.append(self.params[field.key])
            else:
                raise ValueError(f"wait_for: a {self.job.kind} needs {field.name}= beside it")
        return values

    def check(self) -> None:
        """Raise ValueError, which names the keyword, where the path needs more than is known."""
        self.path_values(next(iter(self.ids), None))

    def operation(self) -> Operation:
        return operation_of(self.job.get or cast("str", self.job.list))

    def _path(self) -> Sequence[Any]:
        return self.operation().path_fields

    def _is_param(self, key: str) -> bool:
        """Say whether a value of the path is something other than the job's own id, which comes last."""
        return self.job.get is None or key != self._path()[-1].key


def public_copy(file_id: JobId[Any]) -> Target:
    """Return the target that waits for a file's public copy; the API's GET is what shows it."""
    return Target(Job("FileId", get="files.get_file", done="public"), (file_id,), {})


def operation_of(where: str) -> Operation:
    """Return the operation that the generated layer calls `group.method`."""
    group, name = where.split(".")
    return find(f"{_GENERATED}.api.{group}", name)


_GENERATED = f"{__package__}._generated"
