"""The table of what can differ: how it reads, and whom it breaks, by the direction in which it is met.

A caller sends; a parser reads. What a request may hold has grown: additive for callers; it has shrunk: breaking. For
what an answer may hold it is the other way round, with one exception: values of an enum and variants of a union with
a discriminator are open in the generated layer, so a new one is additive there, and marked as new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Effect = Literal["breaking", "additive", "none"]
Direction = Literal["request", "answer", "neither"]

BREAKS: Final = "breaking"
ADDS: Final = "additive"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Kind:
    text: str
    """How it reads, of `{ours}` and `{theirs}`."""
    request: Effect = NONE
    """What it means to callers, met in what is sent."""
    answer: Effect = NONE
    """What it means to parsers, met in what is read."""


GROWN: Final[tuple[Effect, Effect]] = ADDS, BREAKS
SHRUNK: Final[tuple[Effect, Effect]] = BREAKS, ADDS
OTHER: Final[tuple[Effect, Effect]] = BREAKS, BREAKS
OPEN: Final[tuple[Effect, Effect]] = ADDS, ADDS

KINDS: Final[dict[str, Kind]] = {
    # the document
    "server-removed": Kind("server {ours} is gone", *OTHER),
    "server-added": Kind("new server {theirs}", *OPEN),
    "security-removed": Kind("the way to sign in, {ours}, is gone", BREAKS),
    "security-added": Kind("new way to sign in: {theirs}", ADDS),
    # operations and webhooks
    "operation-removed": Kind("gone", BREAKS),
    "operation-added": Kind("new operation: {theirs}", ADDS),
    "operation-confirmed": Kind("described now, no longer unconfirmed", ADDS),
    "operation-renamed": Kind("operationId is {theirs}, was {ours}: the method is named after it", BREAKS),
    "deprecated": Kind("deprecated", *OPEN),
    "undeprecated": Kind("no longer deprecated", *OPEN),
    "webhook-removed": Kind("no longer sent", NONE, BREAKS),
    "webhook-added": Kind("new webhook: {theirs}", NONE, ADDS),
    "webhook-renamed": Kind("the event is called {theirs}, was {ours}", NONE, BREAKS),
    # what is sent beside the body
    "parameter-removed": Kind("gone", BREAKS),
    "parameter-added": Kind("new optional parameter: {theirs}", ADDS),
    "parameter-added-required": Kind("new required parameter: {theirs}", BREAKS),
    "parameter-required": Kind("required, was optional", BREAKS),
    "parameter-optional": Kind("optional, was required", ADDS),
    "parameter-renamed": Kind("called {theirs}, was {ours}: a name only", NONE),
    "parameter-style": Kind("written as {theirs}, was {ours}", BREAKS),
    # bodies
    "body-removed": Kind("gone", *OTHER),
    "body-added": Kind("new: {theirs}", *OPEN),
    "body-added-required": Kind("new and required: {theirs}", BREAKS),
    "body-required": Kind("required, was optional", BREAKS),
    "body-optional": Kind("optional, was required", ADDS),
    "media-removed": Kind("{ours} is gone", *OTHER),
    "media-added": Kind("new: {theirs}", *OPEN),
    "status-changed": Kind("status is {theirs}, was {ours}", NONE, BREAKS),
    "status-added": Kind("new status of success", NONE, BREAKS),
    "status-removed": Kind("gone", NONE, ADDS),
    # schemas
    "schema-removed": Kind("gone", NONE, NONE),
    "schema-added": Kind("new", NONE, NONE),
    "schema-renamed": Kind("called {theirs}, was {ours}: a name only", NONE, NONE),
    "schema-replaced": Kind("refers to {theirs}, not to {ours}", NONE, NONE),
    "field-removed": Kind("gone (was {ours})", *OTHER),
    "field-moved": Kind("gone (was {ours}), perhaps called {theirs} now", *OTHER),
    "field-added": Kind("new optional field: {theirs}", *OPEN),
    "field-added-required": Kind("new required field: {theirs}", *SHRUNK),
    "field-required": Kind("required, was optional", *SHRUNK),
    "field-optional": Kind("optional, was required", *GROWN),
    "null-allowed": Kind("may be null", *GROWN),
    "null-refused": Kind("no longer null", *SHRUNK),
    "type-widened": Kind("{theirs}, was {ours}", *GROWN),
    "type-narrowed": Kind("{theirs}, was {ours}", *SHRUNK),
    "type-changed": Kind("{theirs}, was {ours}", *OTHER),
    "value-added": Kind("new value {theirs}", *OPEN),
    "value-removed": Kind("value {ours} is gone", *SHRUNK),
    "values-listed": Kind("only {theirs}, was any", *SHRUNK),
    "values-free": Kind("any value, was {ours}", *OPEN),
    "format-added": Kind("format {theirs}, was free", *SHRUNK),
    "format-removed": Kind("no longer in the format {ours}", *GROWN),
    "format-changed": Kind("format {theirs}, was {ours}", *OTHER),
    "bound-narrowed": Kind("{theirs}, was {ours}", *SHRUNK),
    "bound-widened": Kind("{theirs}, was {ours}", *OPEN),
    "default-changed": Kind("{theirs} when omitted, was {ours}", BREAKS),
    "default-added": Kind("{theirs} when omitted", ADDS),
    "default-removed": Kind("no longer {ours} when omitted", ADDS),
    "extra-refused": Kind("other fields are refused", *SHRUNK),
    "extra-allowed": Kind("other fields are allowed", *OPEN),
    "variant-added": Kind("new variant {theirs}", *OPEN),
    "variant-added-untagged": Kind("new variant {theirs}, without a field that tells it", *GROWN),
    "variant-removed": Kind("variant {ours} is gone", *SHRUNK),
    "tag-changed": Kind("variants are told by {theirs}, was {ours}", *OTHER),
    "tag-added": Kind("variants are told by {theirs}", *OPEN),
    "tag-removed": Kind("variants are no longer told by {ours}", *GROWN),
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    group: str
    """`document`, `operation`, `webhook` or `schema`."""
    subject: str
    path: str = ""

    def within(self, step: str) -> Place:
        """Return the place of a field, of items (`[]`), of a map's values (`{}`)."""
        dot = "." if self.path and step[:1] not in "[{<" else ""
        return Place(self.group, self.subject, f"{self.path}{dot}{step}")


@dataclass(frozen=True, slots=True)
class Change:
    place: Place
    kind: str
    ours: str
    theirs: str
    callers: Effect
    parsers: Effect
    requests: tuple[str, ...]
    """The operations whose requests it is met in."""
    answers: tuple[str, ...]
    """The operations and webhooks whose answers it is met in."""

    @property
    def rank(self) -> int:
        """0 if it breaks somebody, 1 if it is additive, 2 if it is neither."""
        effects = (self.callers, self.parsers)
        return 0 if BREAKS in effects else 1 if ADDS in effects else 2

    @property
    def text(self) -> str:
        return KINDS[self.kind].text.format(ours=self.ours, theirs=self.theirs)


@dataclass(frozen=True, slots=True, order=True)
class OnlyOurs:
    """What is missing in the other document and known to be: `why` is `deprecated` or `unconfirmed`."""

    place: Place
    operation: str
    why: str
