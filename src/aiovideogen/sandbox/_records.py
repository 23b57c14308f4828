"""What the sandbox remembers: one record per resource, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._http import Json
    from ._jobs import Job
    from ._media import Blob, Recipe


@dataclass(slots=True, eq=False)
class File:
    """A stored file: uploaded bytes, or the recipe of what a job makes."""

    id: str
    name: str
    type: str | None
    scope: str
    created: float
    updated: float
    job: Job | None = None
    recipe: Recipe | None = None
    tool: str | None = None
    guess: str | None = None
    uploaded: float | None = None
    content: Blob | None = None
    failed: bool = False
    transcript: Json | None = None
    archived: bool = False
    preview: float | None = None
    signed: float | None = None


@dataclass(slots=True, eq=False)
class Execution:
    """A tool's job and the files it makes."""

    number: int
    job: Job
    files: list[File]
    signed: float | None = None


@dataclass(slots=True, eq=False)
class Action:
    """One remix action on a project."""

    number: int
    project: Project
    type: str
    body: Json
    job: Job


@dataclass(slots=True, eq=False)
class Export:
    """One MP4 export of a project."""

    number: int
    project: Project
    job: Job
    file: File
    signed: float | None = None


@dataclass(slots=True, eq=False)
class Interchange:
    """One timeline export for an editing program."""

    project: Project
    format: str
    delivery: str
    job: Job
    file: File
    signed: float | None = None


@dataclass(slots=True, eq=False)
class Run:
    """A workflow run; with `export` set it ends when the export does."""

    number: int
    id: str
    type: str
    project: Project
    build: Job
    actions: list[Action]
    export: Export | None = None
    cause: Job | None = None


@dataclass(slots=True, eq=False)
class Project:
    """A project, the work done on it in order, and its assistant."""

    number: int
    id: str
    title: str
    ratio: tuple[int, int]
    created: float
    assistant: Assistant = field(init=False)
    builds: list[Job] = field(default_factory=list["Job"])
    actions: list[Action] = field(default_factory=list[Action])
    exports: list[Export] = field(default_factory=list[Export])


@dataclass(slots=True, eq=False)
class Message:
    """One message of a chat; the assistant's own have a job."""

    id: str
    role: str
    content: str
    created: float
    job: Job | None = None
    run: Run | None = None
    suggestions: list[Json] = field(default_factory=list["Json"])
    actions: list[Json] = field(default_factory=list["Json"])


@dataclass(slots=True, eq=False)
class Assistant:
    """A chat about one project."""

    id: str
    project: Project
    messages: list[Message] = field(default_factory=list[Message])
    decided: set[str] = field(default_factory=set[str])


@dataclass(slots=True, eq=False)
class Import:
    """A file being fetched from a URL."""

    job: Job
    file: File


@dataclass(slots=True, eq=False)
class Entity:
    """An actor, product, visual style or slideshow theme."""

    number: int
    id: str
    type: str
    name: str
    description: str
    created: float
    updated: float
    built_in: bool = False
    archived: bool = False
    voice: str | None = None
    references: list[Json] = field(default_factory=list["Json"])


@dataclass(slots=True, eq=False)
class Endpoint:
    """A registered webhook endpoint."""

    number: int
    id: str
    url: str
    events: list[str]
    description: str | None
    created: float
    secret: str
