"""The walk over two schemas, from where an operation reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .kinds import Place
from .shapes import ANYTHING, LOWER, UPPER, Json, Shape, text, within

if TYPE_CHECKING:
    from .document import Document
    from .notes import Notes


class SchemaWalk:
    """Compares schemas of two documents; `notes` is told what differs."""

    def __init__(self, ours: Document, theirs: Document, notes: Notes) -> None:
        self.ours, self.theirs = ours, theirs
        self.notes, self.record = notes, notes.record
        self._seen: set[tuple[Place, int, int]] = set()
        self._open: set[tuple[int, int]] = set()

    def start(self, place: Place, ours: Json, theirs: Json) -> None:
        """Compare what one request or answer holds."""
        self._seen.clear()
        self._schema(place, ours, theirs)

    def _schema(self, place: Place, ours: Json, theirs: Json, *, variant: bool = False) -> None:
        a, b = self.ours.shape(ours), self.theirs.shape(theirs)
        self._use(place, a, b, variant=variant)
        inner = self._home(place, a, b)
        pair = id(a), id(b)
        if pair in self._open or (inner, *pair) in self._seen:
            return
        self._seen.add((inner, *pair))
        self._open.add(pair)
        if a.branches or b.branches:
            self._union(inner, ours, theirs)
        elif self._same_type(inner, a, b):
            self._values(inner, a, b)
            self._inside(inner, a, b)
        self._open.discard(pair)

    def _home(self, place: Place, a: Shape, b: Shape) -> Place:
        """Return where differences inside belong: to our named schema, or to the place if that refers to another."""
        if not (a.name and a.structured and b.structured):
            if a.name and not a.structured:
                self.notes.uses[a.name].add(place)
            return place
        home = Place("schema", a.name)
        if b.name and not {a.name, *a.aliases} & {b.name, *b.aliases}:
            if a.name in self.theirs.schemas:
                self.record(place, "schema-replaced", a.name, b.name)
                return place
            self.record(home, "schema-renamed", a.name, b.name)
        return home

    # -- one value ----------------------------------------------------------------------------------------------

    def _use(self, place: Place, a: Shape, b: Shape, *, variant: bool) -> None:
        """Compare what a place may say beside the schema that it refers to."""
        if (a.mark == "deprecated") != (b.mark == "deprecated"):
            self._leaf(place, a, "deprecated" if b.mark == "deprecated" else "undeprecated")
        if variant:
            return  # its null counts as the union's
        if a.nullable != b.nullable and (b.types or b.branches if a.nullable else a.types or a.branches):
            self._leaf(place, a, "null-allowed" if b.nullable else "null-refused")
        if a.default != b.default and self.notes.direction == "request":
            kind = "changed" if a.default and b.default else "added" if b.default else "removed"
            self._leaf(place, a, f"default-{kind}", a.default, b.default)

    def _same_type(self, place: Place, a: Shape, b: Shape) -> bool:
        if a.types == b.types:
            return True
        widened, narrowed = within(a.types, b.types), within(b.types, a.types)
        kind = "type-widened" if widened else "type-narrowed" if narrowed else "type-changed"
        self._leaf(place, a, kind, describe(self.ours, a, null=False), describe(self.theirs, b, null=False))
        return False

    def _values(self, place: Place, a: Shape, b: Shape) -> None:
        if a.values is None and b.values is not None:
            self._leaf(place, a, "values-listed", "", _list(b.values))
        elif a.values is not None and b.values is None:
            self._leaf(place, a, "values-free", _list(a.values), "")
        else:
            for value in sorted((a.values or frozenset()) - (b.values or frozenset())):
                self._leaf(place, a, "value-removed", value, "")
            for value in sorted((b.values or frozenset()) - (a.values or frozenset())):
                self._leaf(place, a, "value-added", "", value)
        if a.format != b.format:
            kind = "changed" if a.format and b.format else "added" if b.format else "removed"
            self._leaf(place, a, f"format-{kind}", a.format, b.format)
        for key in sorted({*a.bounds, *b.bounds}):
            if a.bounds.get(key) != b.bounds.get(key):
                self._bound(place, a, key, a.bounds.get(key), b.bounds.get(key))

    def _bound(self, place: Place, a: Shape, key: str, ours: Any, theirs: Any) -> None:
        if ours is None or theirs is None:
            narrowed = ours is None
        elif isinstance(ours, int | float) and isinstance(theirs, int | float) and key in {**LOWER, **UPPER}:
            narrowed = theirs > ours if key in LOWER else theirs < ours
        else:
            narrowed = True
        words = [f"no {key}" if bound is None else f"{key} {text(bound)}" for bound in (ours, theirs)]
        self._leaf(place, a, "bound-narrowed" if narrowed else "bound-widened", *words)

    def _leaf(self, place: Place, a: Shape, kind: str, ours: str = "", theirs: str = "") -> None:
        self.record(place, kind, ours, theirs, leaf="" if a.structured else a.name)

    # -- what is inside -----------------------------------------------------------------------------------------

    def _inside(self, place: Place, a: Shape, b: Shape) -> None:
        if a.items is not b.items:
            self._schema(place.within("[]"), a.items or ANYTHING, b.items or ANYTHING)
        if a.fields or b.fields:
            self._fields(place, a, b)
        if isinstance(a.extra, dict) or isinstance(b.extra, dict):
            kept = [extra if isinstance(extra, dict) else ANYTHING for extra in (a.extra, b.extra)]
            self._schema(place.within("{}"), kept[0], kept[1])
        elif (a.extra is True and b.extra is False) or (a.extra is False and b.extra is True):
            self.record(place, "extra-refused" if b.extra is False else "extra-allowed")

    def _fields(self, place: Place, a: Shape, b: Shape) -> None:
        ours, theirs = self._visible(self.ours, a), self._visible(self.theirs, b)
        gone = {name: self.ours.shape(ours[name]) for name in ours if name not in theirs}
        new = {name: self.theirs.shape(theirs[name]) for name in theirs if name not in ours}
        moved = self._moved(gone, new)
        for name, shape in gone.items():
            if shape.mark:
                self.notes.only_ours(place.within(name), shape.mark)
            else:
                kind = "field-moved" if name in moved else "field-removed"
                self.record(place.within(name), kind, describe(self.ours, shape), moved.get(name, ""))
        for name, shape in new.items():
            kind = "field-added-required" if name in b.required else "field-added"
            self.record(place.within(name), kind, "", describe(self.theirs, shape))
        for name in ours.keys() & theirs.keys():
            inner = place.within(name)
            if (name in a.required) != (name in b.required):
                self.record(inner, "field-required" if name in b.required else "field-optional")
            self._schema(inner, ours[name], theirs[name])

    def _moved(self, gone: dict[str, Shape], new: dict[str, Shape]) -> dict[str, str]:
        """Return the fields that are gone where exactly one new field is like it, with that field's name."""
        looks = {name: (describe(self.ours, one), one.bounds, one.default) for name, one in gone.items()}
        others = {name: (describe(self.theirs, one), one.bounds, one.default) for name, one in new.items()}
        to = {name: [other for other in others if others[other] == look] for name, look in looks.items()}
        alone = {name for name, look in looks.items() if list(looks.values()).count(look) == 1}
        return {name: found[0] for name, found in to.items() if len(found) == 1 and name in alone}

    def _visible(self, document: Document, shape: Shape) -> dict[str, Json]:
        """Return the fields that are there in this direction."""
        return {
            name: node for name, node in shape.fields.items() if document.shape(node).hidden_in != self.notes.direction
        }

    # -- unions -------------------------------------------------------------------------------------------------

    def _union(self, place: Place, ours: Json, theirs: Json) -> None:
        a, b = self.ours.shape(ours), self.theirs.shape(theirs)
        told_ours, told_theirs = told_by(self.ours, a), told_by(self.theirs, b)
        if a.branches and b.branches and told_ours != told_theirs:
            kind = "changed" if told_ours and told_theirs else "added" if told_theirs else "removed"
            self.record(place, f"tag-{kind}", told_ours, told_theirs)
        tag = told_ours if a.branches else told_theirs
        mine, other = variants(self.ours, ours, a, tag), variants(self.theirs, theirs, b, tag)
        for key, to in _paired(mine, other).items():
            inner = place.within(f"<{key}>") if a.branches and b.branches else place
            self._schema(inner, mine.pop(key).node, other.pop(to).node, variant=True)
        for key, variant in mine.items():
            mark = self.ours.shape(variant.node).mark
            if mark:
                self.notes.only_ours(place.within(f"<{key}>"), mark)
            else:
                self.record(place, "variant-removed", key)
        for key in other:
            self.record(place, "variant-added" if told_ours else "variant-added-untagged", "", key)


def told_by(document: Document, shape: Shape) -> str:
    """Return the field that tells a union's variants apart: the discriminator's, or one with a value for each."""
    if shape.tag and shape.branches:
        return shape.tag
    branches = [document.shape(node) for node in shape.branches]
    names = {name for branch in branches[:1] for name in branch.fields}
    for name in sorted(names):
        values = [_constant(document, branch, name) for branch in branches]
        if all(values) and len(set(values)) == len(values):
            return name
    return ""


class Variant(NamedTuple):
    name: str
    node: Json


def variants(document: Document, node: Json, shape: Shape, tag: str) -> dict[str, Variant]:
    """Return a union's variants, or the one that it is, by what the field `tag` says, else by name or description."""
    found: dict[str, Variant] = {}
    for branch in shape.branches or (node,):
        inner = document.shape(branch)
        by_name = [text(value) for value, name in shape.tags.items() if name == inner.name and shape.tag == tag]
        constant = _constant(document, inner, tag)
        for key in by_name or [constant or inner.name or describe(document, inner, null=False)]:
            found[key] = Variant(inner.name, branch)
    return found


def _paired(ours: dict[str, Variant], theirs: dict[str, Variant]) -> dict[str, str]:
    """Pair variants by key, and those that are left by their schemas' names."""
    paired = {key: key for key in ours if key in theirs}
    left = {variant.name: key for key, variant in theirs.items() if variant.name and key not in paired}
    for key, variant in ours.items():
        if key not in paired and variant.name in left:
            paired[key] = left.pop(variant.name)
    return paired


def describe(document: Document, shape: Shape, *, null: bool = True) -> str:
    """Say in a few words what a schema is."""
    null_too = " or null" if null and shape.nullable else ""
    if shape.structured and shape.name:
        words = shape.name
    elif shape.branches:
        words = "one of " + ", ".join(describe(document, document.shape(branch)) for branch in shape.branches)
    elif shape.values:
        words = _list(shape.values)
    elif shape.types == frozenset({"array"}):
        words = f"list of {describe(document, document.shape(shape.items or ANYTHING))}"
    elif isinstance(shape.extra, dict) and not shape.fields:
        words = f"map of {describe(document, document.shape(shape.extra))}"
    else:
        words = " or ".join(sorted(shape.types)) or "anything"
    return f"{words}{f' ({shape.format})' if shape.format else ''}{null_too}"


def _constant(document: Document, shape: Shape, name: str) -> str:
    """Return the one value that a field can have."""
    values = document.shape(shape.fields[name]).values if name in shape.fields else None
    return next(iter(values)) if values and len(values) == 1 else ""


def _list(values: frozenset[str], most: int = 6) -> str:
    shown = sorted(values)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more
