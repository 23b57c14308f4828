"""What is waited for (layer 4): a job's id, or the answer that started it, brought to one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, cast

import anyio
import attrs

from ._accepted import Accepted, Job
from ._generated.types import JOBS
from ._ids import JobId
from ._operation import Operation, Request, find
from .errors import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Target", "operation_of", "public_copy", "request_of"]

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

    def age(self, now: float) -> float:
        """Return the seconds since acceptance, 0 when it isn't known; `now` is in Unix seconds."""
        return 0.0 if self.accepted_at is None else max(0.0, now - self.accepted_at)

    def deadline(self, timeout: float | None, now: float) -> tuple[float, bool]:
        """Return the loop time at which a wait ends, and whether its time was over before it began.

        The timeout counts from acceptance; `now` is in Unix seconds.
        """
        if timeout is None:
            return float("inf"), False
        left = timeout - self.age(now)
        return anyio.current_time() + (left if left > 0 else OVERDUE_SECONDS), left <= 0

    def where(self) -> dict[str, str]:
        """Return the values of the path beside the job's own id, by JSON key.

        Raises ValueError that names the keyword which is missing.
        """
        fields = [field for field in self._path() if self._is_param(field.key)]
        for field in fields:
            if field.key not in self.params:
                raise ValueError(f"wait_for: a {self.job.kind} needs {field.name}= beside it")
        return {field.key: self.params[field.key] for field in fields}

    def check(self) -> None:
        """Raise ValueError where the path needs more than is known, InvalidIdError for an id of another kind."""
        where = self.where()
        if self.job.get is not None:
            request_of(self.job.get, self.ids[0], where)

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


def request_of(get: str, one: str, where: Mapping[str, str]) -> Request:
    """Return the request by which `get` reads one job; `where` has the values of the path beside its own id."""
    operation = operation_of(get)
    return operation.request([where.get(field.key, one) for field in operation.path_fields])


def operation_of(where: str) -> Operation:
    """Return the operation that the generated layer calls `group.method`."""
    group, name = where.split(".")
    return find(f"{_GENERATED}.api.{group}", name)


_GENERATED = f"{__package__}._generated"
