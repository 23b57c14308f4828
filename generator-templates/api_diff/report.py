"""What differs, as text for people and as JSON for programs. Both are the same for the same documents."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .compare import Result
    from .kinds import Change, Effect, OnlyOurs

GROUPS = ("document", "operation", "webhook", "schema")
WORDS: dict[Effect, str] = {"breaking": "BREAKING", "additive": "additive", "none": "-"}
SHOWN = 2
"""How many operations a heading names."""


def as_text(result: Result) -> str:
    lines: list[str] = []
    for changes in _groups(result.changes):
        lines += [
            *([""] if lines else ["callers   parsers"]),
            _heading(changes),
            *(_line(change) for change in changes),
        ]
    if result.only_ours:
        lines += [*([""] if lines else []), "only ours, known (no difference)"]
        lines += [f"{_known(one)}: {one.why}" for one in result.only_ours]
    if result.not_compared:
        lines += [*([""] if lines else []), f"not compared: {'; '.join(result.not_compared)}"]
    lines += [*([""] if lines else []), _summary(result)]
    return "".join(f"{_printable(line)}\n" for line in lines)


def as_json(result: Result) -> str:
    document = {
        "same": not result.changes,
        "summary": _counts(result),
        "differences": [_difference(change) for changes in _groups(result.changes) for change in changes],
        "only_ours": [{**asdict(one.place), "operation": one.operation, "why": one.why} for one in result.only_ours],
        "not_compared": result.not_compared,
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _groups(changes: list[Change]) -> list[list[Change]]:
    """Return the changes by subject, those that break most first."""
    found = [
        list(group) for _, group in groupby(changes, key=lambda change: (change.place.group, change.place.subject))
    ]
    for group in found:
        group.sort(key=_weight)
    return sorted(found, key=_group_weight)


def _weight(change: Change) -> tuple[int, int]:
    return change.rank, -(change.callers, change.parsers).count("breaking")


def _group_weight(changes: list[Change]) -> tuple[int, int, int, str]:
    place = changes[0].place
    breaking = sum(change.rank == 0 for change in changes)
    return changes[0].rank, -breaking, GROUPS.index(place.group), place.subject


def _heading(changes: list[Change]) -> str:
    place = changes[0].place
    requests = sorted({name for change in changes for name in change.requests})
    answers = sorted({name for change in changes for name in change.answers})
    if place.group == "schema":
        parts = [f"{word} {_names(names)}" for word, names in (("sent by", requests), ("read from", answers)) if names]
        return f"{place.group} {place.subject} ({'; '.join(parts) or 'no operation uses it'})"
    names = [name for name in dict.fromkeys((*requests, *answers)) if name and name != place.subject]
    return f"{place.group} {place.subject}{f' ({names[0]})' if names else ''}"


def _known(one: OnlyOurs) -> str:
    where = f"{one.place.subject} {one.place.path}".strip()
    return f"{where} ({one.operation})" if one.operation not in ("", where) else where


def _names(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _line(change: Change) -> str:
    path = f"{change.place.path}: " if change.place.path else ""
    return f"{WORDS[change.callers]:10}{WORDS[change.parsers]:10}{path}{change.text}"


def _summary(result: Result) -> str:
    counts = _counts(result)
    if not result.changes:
        return "Same."
    words = [
        f"{counts['differences']} difference{'' if counts['differences'] == 1 else 's'}",
        f"{counts['breaking_callers']} breaking for callers",
        f"{counts['breaking_parsers']} breaking for parsers",
        f"{counts['additive']} additive",
    ]
    words += [f"{counts['neither']} neither"] if counts["neither"] else []
    return f"{words[0]}: {', '.join(words[1:])}."


def _counts(result: Result) -> dict[str, int]:
    return {
        "differences": len(result.changes),
        "breaking_callers": _count(change.callers == "breaking" for change in result.changes),
        "breaking_parsers": _count(change.parsers == "breaking" for change in result.changes),
        "additive": _count(change.rank == 1 for change in result.changes),
        "neither": _count(change.rank == 2 for change in result.changes),
        "only_ours": len(result.only_ours),
    }


def _count(found: Iterable[bool]) -> int:
    return sum(found)


def _difference(change: Change) -> dict[str, Any]:
    return {
        **asdict(change.place),
        "kind": change.kind,
        "ours": change.ours,
        "theirs": change.theirs,
        "callers": change.callers,
        "parsers": change.parsers,
        "requests": list(change.requests),
        "answers": list(change.answers),
        "text": change.text,
    }


def _printable(line: str) -> str:
    """Keep a line one line, whatever a document calls its fields."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in line)
