"""Everything one sandbox knows, and how ids, jobs and signatures are made."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import shutil
import string
import tempfile
import weakref
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from . import _catalogue
from ._http import ApiFault, not_found
from ._jobs import Job, JobScript
from ._media import MediaCache
from ._records import Assistant, Entity, File, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._records import Endpoint, Execution, Export, Import, Interchange, Message, Run

ID_CHARACTERS = string.digits + string.ascii_letters
REFRESH_MARGIN = 3600
T = TypeVar("T")


@dataclass(slots=True)
class Account:
    """What the account may do: its keys, its plan, and what it can still pay (None: anything)."""

    keys: set[str]
    plan: str
    credits: int | None

    def charge(self, cost: int) -> None:
        """Take credits from the balance; a negative cost gives them back.

        Raises ApiFault (429) when there are too few.
        """
        if self.credits is None:
            return
        if cost > self.credits:
            raise ApiFault(429, "insufficient_credits", "Out of credits.")
        self.credits -= cost


class Clock:
    """A clock that can be made to jump."""

    def __init__(self, read: Callable[[], float]) -> None:
        self._read = read
        self.offset: float = 0.0

    def __call__(self) -> float:
        return self._read() + self.offset


@dataclass(frozen=True, slots=True)
class Settings:
    """What a sandbox was told when it was made."""

    job_seconds: float | Mapping[str, float]
    clock: Clock
    seed: int | None
    url_seconds: float
    file_seconds: float
    upload_seconds: float


def make_random(seed: int | None, *parts: object) -> random.Random:
    """Return numbers of their own for each `parts`: repeatable when there is a seed."""
    if seed is None:
        return random.SystemRandom()
    return random.Random(":".join(map(str, (seed, *parts))) if parts else seed)


class State:
    """The records of one sandbox; a reset replaces the whole object.

    `generation` counts the objects before it, so that a seed gives none of their ids again.
    """

    def __init__(self, settings: Settings, account: Account, generation: int = 0) -> None:
        self.settings = settings
        self.account = account
        self._generation = generation
        self.random: random.Random = make_random(settings.seed, *[generation] if generation else [])
        self.secret: bytes = self.random.randbytes(32)
        self.media: MediaCache = MediaCache()
        self.scripts: deque[JobScript] = deque()
        self.number: int = 0
        # Something other than a start has happened, so that work may end sooner than foreseen.
        self.stirred = False
        self.executions: dict[str, Execution] = {}
        self.runs: dict[str, Run] = {}
        self.projects: dict[str, Project] = {}
        self.exports: dict[str, Export] = {}
        self.interchanges: dict[str, Interchange] = {}
        self.assistants: dict[str, Assistant] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.imports: dict[str, Import] = {}
        self.endpoints: dict[str, Endpoint] = {}
        self.entities: dict[str, Entity] = _built_in(self)
        self._folder: Path | None = None

    def successor(self) -> State:
        """Return a state without records, for the same account; scripts that wait stay."""
        state = State(self.settings, self.account, self._generation + 1)
        state.scripts = self.scripts
        return state

    def now(self) -> float:
        """Read the sandbox's clock."""
        return self.settings.clock()

    def next_number(self) -> int:
        """Count what is created, so that lists have an order that no clock can blur."""
        self.number += 1
        return self.number

    def new_id(self, prefix: str) -> str:
        """Make an id as the API's look: the prefix and 22 base-62 characters."""
        return prefix + "".join(self.random.choices(ID_CHARACTERS, k=22))

    def new_job(
        self,
        prefix: str,
        type_: str,
        *,
        after: Job | None = None,
        needs: Job | None = None,
        script: JobScript | None = None,
    ) -> Job:
        """Start a job; without a `script` it takes the next one that was asked for."""
        if script is None:
            script = self.scripts.popleft() if self.scripts else JobScript()
        seconds = self.job_seconds(type_) if script.seconds is None else script.seconds
        job_id = self.new_id(prefix)
        return Job(job_id, type_, self.now(), seconds, script, after=after, needs=needs)

    def job_seconds(self, type_: str) -> float:
        """Return how long a job of this type takes; a mapping may hold a `default`."""
        seconds = self.settings.job_seconds
        if isinstance(seconds, (int, float)):
            return seconds
        return seconds.get(type_, seconds.get("default", 2.0))

    def new_project(self, title: str, ratio: tuple[int, int]) -> Project:
        """Create a project with its assistant."""
        project_id = self.new_id("vg_proj_")
        project = Project(self.next_number(), project_id, title[:80], ratio, self.now())
        project.assistant = Assistant(self.new_id("vg_asst_"), project)
        self.projects[project.id] = project
        self.assistants[project.assistant.id] = project.assistant
        return project

    def new_file(self, name: str, type_: str | None, scope: str, job: Job | None = None) -> File:
        """Create a file record; one with a job comes into being when that succeeds."""
        now = self.now()
        file = File(self.new_id("vg_file_"), name, type_, scope, now, now, job=job)
        self.files[file.id] = file
        return file

    def folder(self) -> Path:
        """Return the folder for uploaded bytes, removed with this object."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="videogen-sandbox-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def sign(self, *parts: object) -> str:
        """Sign parts with this sandbox's own secret."""
        text = "\n".join(str(part) for part in parts).encode()
        digest = hmac.new(self.secret, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def verify(self, signature: str, *parts: object) -> bool:
        """Say whether a signature is this sandbox's own for these parts."""
        return hmac.compare_digest(signature.encode(), self.sign(*parts).encode())

    def resigned(self, signed: float, now: float) -> float:
        """Return when URLs are signed that a GET shows: anew within an hour of their expiry."""
        expires = signed + self.settings.url_seconds
        return now if expires - now < REFRESH_MARGIN else signed


def _built_in(state: State) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    for item in _catalogue.ENTITIES:
        entity_id = _catalogue.fixed_id("vg_enti_", item.name)
        entities[entity_id] = Entity(
            state.next_number(),
            entity_id,
            item.type,
            item.name,
            item.description,
            _catalogue.EPOCH,
            _catalogue.EPOCH,
            built_in=True,
            voice=item.voice,
        )
    return entities


def find(records: Mapping[str, T], record_id: str, what: str) -> T:
    """Return a record by its id.

    Raises ApiFault (404) when there is none.
    """
    record = records.get(record_id)
    if record is None:
        raise not_found(what)
    return record
