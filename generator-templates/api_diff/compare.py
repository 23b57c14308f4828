"""The walk over two documents: operations and webhooks are paired, what they send and answer is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .kinds import Place
from .notes import Notes
from .schemas import SchemaWalk, describe

if TYPE_CHECKING:
    from .document import Document, Exchange, Parameter
    from .kinds import Change, Direction, OnlyOurs
    from .shapes import Json


@dataclass(frozen=True, slots=True)
class Result:
    changes: list[Change]
    only_ours: list[OnlyOurs]
    not_compared: list[str]


def compare(ours: Document, theirs: Document) -> Result:
    """Return what differs, in an order of its own: the same for the same documents."""
    return _Comparison(ours, theirs).result()


class _Comparison:
    def __init__(self, ours: Document, theirs: Document) -> None:
        self.ours, self.theirs = ours, theirs
        self.notes = Notes()
        self.record, self.only_ours = self.notes.record, self.notes.only_ours
        self.schemas = SchemaWalk(ours, theirs, self.notes)

    def result(self) -> Result:
        self._document()
        self._operations()
        not_compared = self._webhooks()
        self._orphans()
        unread = sorted(self.ours.not_compared | self.theirs.not_compared)
        not_compared += [f"the schema keywords {', '.join(unread)}"] if unread else []
        return Result(self.notes.changes(), sorted(self.notes.known), not_compared)

    # -- the document -------------------------------------------------------------------------------------------

    def _document(self) -> None:
        tables = (
            ("server", self.ours.servers(), self.theirs.servers()),
            ("security", self.ours.security(), self.theirs.security()),
        )
        for name, ours, theirs in tables:
            for one in ours.keys() - theirs.keys():
                self.record(Place("document", "the API"), f"{name}-removed", one)
            for one in theirs.keys() - ours.keys():
                self.record(Place("document", "the API"), f"{name}-added", "", one)

    def _operations(self) -> None:
        ours, theirs = self.ours.operations(), self.theirs.operations()
        for key, operation in ours.items():
            self.notes.reach = operation.id or operation.title
            place = Place("operation", operation.title)
            if key in theirs:
                self._exchange(place, operation, theirs[key])
            elif operation.mark:
                self.only_ours(place, operation.mark)
            else:
                self._met(place, "request", "operation-removed")
        for key in theirs.keys() - ours.keys():
            operation = theirs[key]
            self.notes.reach = operation.id or operation.title
            summary = self._summary(operation)
            self._met(Place("operation", operation.title), "request", "operation-added", "", summary)

    def _webhooks(self) -> list[str]:
        """Compare webhooks by name, else by operationId; return what could not be compared."""
        ours, theirs = self.ours.webhooks(), self.theirs.webhooks()
        if ours is None or theirs is None:
            return ["webhooks, which OpenAPI 3.0 does not have"] if ours or theirs else []
        by_id = {webhook.id: name for name, webhook in theirs.items() if webhook.id and name not in ours}
        paired: set[str] = set()
        for name, webhook in ours.items():
            self.notes.reach = name
            place = Place("webhook", name)
            other = name if name in theirs else by_id.get(webhook.id, "")
            paired.add(other)
            if other:
                self._webhook(place, webhook, theirs[other])
            elif webhook.mark:
                self.only_ours(place, webhook.mark)
            else:
                self._met(place, "answer", "webhook-removed")
        for name in theirs.keys() - paired:
            self.notes.reach = name
            self._met(Place("webhook", name), "answer", "webhook-added", "", self._bodies(theirs[name].body))
        return []

    def _orphans(self) -> None:
        """Compare by name what no operation reaches: it breaks nobody, but the generated layer has it too."""
        ours, theirs = self.ours.orphans(), self.theirs.orphans()
        self.notes.reach = ""
        for name in ours:
            place = Place("schema", name)
            if isinstance(self.theirs.schemas.get(name), dict):
                self.notes.direction = "neither"
                self.schemas.start(place, self.ours.schemas[name], self.theirs.schemas[name])
            else:
                self._met(place, "neither", "schema-removed")
        for name in theirs - self.ours.schemas.keys():
            self._met(Place("schema", name), "neither", "schema-added")

    def _met(self, place: Place, direction: Direction, kind: str, ours: str = "", theirs: str = "") -> None:
        self.notes.direction = direction
        self.record(place, kind, ours, theirs)

    # -- one operation or webhook -------------------------------------------------------------------------------

    def _exchange(self, place: Place, a: Exchange, b: Exchange) -> None:
        self.notes.direction = "request"
        if a.mark == "unconfirmed" and b.mark != "unconfirmed":
            self.record(place, "operation-confirmed")
        if b.id and a.id != b.id:
            self.record(place, "operation-renamed", a.id, b.id)
        if a.deprecated != b.deprecated:
            self.record(place, "deprecated" if b.deprecated else "undeprecated")
        self._parameters(place, a.parameters, b.parameters)
        self._body(place.within("request body"), "request", a, b)
        self._answers(place, a, b)

    def _webhook(self, place: Place, a: Exchange, b: Exchange) -> None:
        self.notes.direction = "answer"
        if a.title != b.title:
            self.record(place, "webhook-renamed", a.title, b.title)
        if a.deprecated != b.deprecated:
            self.record(place, "deprecated" if b.deprecated else "undeprecated")
        self._body(place.within("body"), "answer", a, b)

    def _parameters(
        self, place: Place, ours: dict[tuple[str, str], Parameter], theirs: dict[tuple[str, str], Parameter]
    ) -> None:
        for key, parameter in ours.items():
            inner = place.within(f"{parameter.place} {parameter.name}")
            if key in theirs:
                self._parameter(inner, parameter, theirs[key])
            elif parameter.mark:
                self.only_ours(inner, parameter.mark)
            else:
                self.record(inner, "parameter-removed")
        for key in theirs.keys() - ours.keys():
            other = theirs[key]
            kind = f"parameter-added{'-required' if other.required else ''}"
            said = describe(self.theirs, self.theirs.shape(other.node))
            self.record(place.within(f"{other.place} {other.name}"), kind, "", said)

    def _parameter(self, place: Place, a: Parameter, b: Parameter) -> None:
        self.notes.direction = "request"
        if a.name.lower() != b.name.lower():
            self.record(place, "parameter-renamed", a.name, b.name)
        if a.required != b.required:
            self.record(place, "parameter-required" if b.required else "parameter-optional")
        if (a.mark == "deprecated") != (b.mark == "deprecated"):
            self.record(place, "deprecated" if b.mark == "deprecated" else "undeprecated")
        if a.style != b.style:
            self.record(place, "parameter-style", a.style, b.style)
        self.schemas.start(place, a.node, b.node)

    def _body(self, place: Place, direction: Direction, a: Exchange, b: Exchange) -> None:
        self.notes.direction = direction
        if a.body is None and b.body is not None:
            required = b.body_required and direction == "request"
            self.record(place, f"body-added{'-required' if required else ''}", "", self._bodies(b.body))
        elif a.body is not None and b.body is None:
            self.record(place, "body-removed")
        elif a.body is not None and b.body is not None:
            if a.body_required != b.body_required and direction == "request":
                self.record(place, "body-required" if b.body_required else "body-optional")
            self._content(place, direction, a.body, b.body)

    def _content(self, place: Place, direction: Direction, ours: dict[str, Json], theirs: dict[str, Json]) -> None:
        self.notes.direction = direction
        if not ours or not theirs:
            if ours:
                self.record(place, "body-removed")
            elif theirs:
                self.record(place, "body-added", "", self._bodies(theirs))
            return
        for media in ours.keys() - theirs.keys():
            self.record(place, "media-removed", media)
        for media in theirs.keys() - ours.keys():
            self.record(place, "media-added", "", media)
        for media in ours.keys() & theirs.keys():
            inner = place if media.endswith("json") else Place(place.group, place.subject, f"{place.path} ({media})")
            self.schemas.start(inner, ours[media], theirs[media])

    def _answers(self, place: Place, a: Exchange, b: Exchange) -> None:
        self.notes.direction = "answer"
        ours = {status: body for status, body in a.answers.items() if status.startswith("2")}
        theirs = {status: body for status, body in b.answers.items() if status.startswith("2")}
        if len(ours) == len(theirs) == 1:
            (status, mine), (other, their) = *ours.items(), *theirs.items()
            inner = place.within(f"answer {status}")
            if status != other and a.mark != "unconfirmed":
                self.record(inner, "status-changed", status, other)
            self._content(inner, "answer", mine, their)
        else:
            self._statuses(place, ours, theirs)
        self._errors(place.within("error answer"), a, b)

    def _statuses(self, place: Place, ours: dict[str, dict[str, Json]], theirs: dict[str, dict[str, Json]]) -> None:
        for status in ours.keys() | theirs.keys():
            inner = place.within(f"answer {status}")
            if status in ours and status in theirs:
                self._content(inner, "answer", ours[status], theirs[status])
            else:
                self.notes.direction = "answer"
                self.record(inner, "status-removed" if status in ours else "status-added")

    def _errors(self, place: Place, a: Exchange, b: Exchange) -> None:
        """Compare what errors say; which statuses are listed makes no difference."""
        for status, theirs in b.answers.items():
            ours = a.answers.get(status) or a.answers.get("DEFAULT")
            if not status.startswith("2") and ours and theirs:
                self._content(place, "answer", ours, theirs)

    # -- words --------------------------------------------------------------------------------------------------

    def _summary(self, operation: Exchange) -> str:
        takes = f"takes {self._bodies(operation.body)}, " if operation.body else ""
        answers = [
            f"{status} {self._bodies(body)}".strip() for status, body in operation.answers.items() if status[0] == "2"
        ]
        return f"{takes}answers {' or '.join(answers) or 'nothing'}"

    def _bodies(self, body: dict[str, Json] | None) -> str:
        words = [describe(self.theirs, self.theirs.shape(node)) for node in (body or {}).values()]
        return " or ".join(dict.fromkeys(words))
