"""A schema as it matters on the wire: `Shape`, with the many ways of saying the same brought to one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, Any]

ANYTHING: Json = {}
NULL = frozenset({"null"})
IGNORED_FORMATS = {"", "unix-time", "password", "int32", "int64", "float", "double"}
"""Formats of our own, and those that make no difference to Python."""
UPPER = {"maximum": "<=", "exclusiveMaximum": "<", "maxLength": "", "maxItems": "", "maxProperties": ""}
LOWER = {"minimum": ">=", "exclusiveMinimum": ">", "minLength": "", "minItems": "", "minProperties": ""}
OTHER_BOUNDS = ("pattern", "multipleOf", "uniqueItems")
NOT_COMPARED = {
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "prefixItems",
    "dependentRequired",
    "dependentSchemas",
}
"""Keywords that are told about when they are met, since nothing else would say that they differ."""
TYPE_OF: dict[Any, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


@dataclass(frozen=True, slots=True)
class Shape:
    name: str = ""
    """Its name among the components; empty for one that stands inline."""
    aliases: frozenset[str] = frozenset()
    """Names of components that say no more than what it is, or that it may be null."""
    types: frozenset[str] = frozenset()
    """JSON types without null; empty where anything goes."""
    nullable: bool = False
    values: frozenset[str] | None = None
    """The values of an enum or a const, as JSON; None where they are not listed."""
    format: str = ""
    bounds: Mapping[str, Any] = field(default_factory=dict[str, Any])
    default: str = ""
    mark: str = ""
    """Why it may be missing elsewhere: `deprecated` or `unconfirmed`."""
    hidden_in: str = ""
    """`request` if it is read-only, `answer` if it is write-only."""
    items: Json | None = None
    fields: Mapping[str, Json] = field(default_factory=dict[str, Json])
    required: frozenset[str] = frozenset()
    extra: Json | bool | None = None
    """What other fields may be; None where nothing is said."""
    branches: tuple[Json, ...] = ()
    tag: str = ""
    """The field that a discriminator looks at."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """The discriminator's values, each with the name of a schema."""

    @property
    def structured(self) -> bool:
        """Whether it is an object or a union: what is worth a name of its own in both documents."""
        return bool(self.fields or self.branches) or "object" in self.types

    @property
    def only_null(self) -> bool:
        return self.types == NULL


def plain(node: Json) -> Shape:
    """Read what a schema says itself, apart from `$ref`, `allOf`, `anyOf` and `oneOf`."""
    listed = [node["const"]] if "const" in node else as_list(node["enum"]) if "enum" in node else None
    values = None if listed is None else frozenset(text(value) for value in listed if value is not None)
    types = _types(node, listed)
    nullable = "null" in types or node.get("nullable") is True or (listed is not None and None in listed)
    if types != NULL:
        types -= NULL
    discriminator = as_map(node.get("discriminator"))
    extra = node.get("additionalProperties")
    kind = str(node.get("format") or "")
    return Shape(
        types=types,
        nullable=nullable,
        values=values or None,
        format="" if kind in IGNORED_FORMATS else kind,
        bounds=_bounds(node),
        default="" if node.get("default") is None else text(node["default"]),
        mark=mark_of(node),
        hidden_in="request" if node.get("readOnly") is True else "answer" if node.get("writeOnly") is True else "",
        items=as_node(node["items"]) if "items" in node else None,
        fields={str(key): as_node(value) for key, value in as_map(node.get("properties")).items()},
        required=frozenset(str(key) for key in as_list(node.get("required"))),
        extra=extra if isinstance(extra, bool) or extra is None else as_map(extra) or True,
        tag=str(discriminator.get("propertyName") or ""),
        tags={str(key): str(to).rsplit("/", 1)[-1] for key, to in as_map(discriminator.get("mapping")).items()},
    )


def both(one: Shape, other: Shape) -> Shape:
    """Join two shapes that hold at once (`allOf`, or words beside a `$ref`); the second wins where only one can."""
    types = one.types & other.types if one.types and other.types else one.types or other.types
    values = one.values if other.values is None else other.values if one.values is None else one.values & other.values
    return Shape(
        name=one.name if not (other.fields or other.required or other.branches) else "",
        aliases=one.aliases if not (other.fields or other.required or other.branches) else frozenset(),
        types=types or (frozenset({"nothing"}) if one.types else frozenset()),
        nullable=one.nullable or other.nullable,
        values=values,
        format=other.format or one.format,
        bounds={**one.bounds, **other.bounds},
        default=other.default or one.default,
        mark=other.mark or one.mark,
        hidden_in=other.hidden_in or one.hidden_in,
        items=one.items if other.items is None else other.items,
        fields={**one.fields, **other.fields},
        required=one.required | other.required,
        extra=one.extra if other.extra is None else other.extra,
        branches=one.branches + other.branches,
        tag=other.tag or one.tag,
        tags={**one.tags, **other.tags},
    )


def either(nodes: list[Json], shapes: list[Shape]) -> Shape:
    """Join the branches of a union: to one shape where they only spell out null, or the values or types of a scalar."""
    pairs = [(node, shape) for node, shape in zip(nodes, shapes, strict=True) if not shape.only_null]
    others = [shape for _, shape in pairs]
    nullable = len(others) < len(shapes) or any(shape.nullable for shape in others)
    if not others:
        return Shape(types=NULL, nullable=True)
    if len(others) == 1:
        return others[0] if others[0].nullable == nullable else replace(others[0], nullable=nullable)
    types = frozenset[str]().union(*(shape.types for shape in others))
    if all(_scalar(shape) for shape in others):
        if all(shape.values for shape in others):
            return Shape(
                types=types,
                nullable=nullable,
                values=frozenset[str]().union(*(shape.values or () for shape in others)),
            )
        if any(_free(shape) and shape.types == types for shape in others) or all(_free(shape) for shape in others):
            return Shape(types=types, nullable=nullable)
    return Shape(nullable=nullable, branches=tuple(node for node, _ in pairs))


def mark_of(node: Json) -> str:
    if node.get("x-unconfirmed") is True:
        return "unconfirmed"
    return "deprecated" if node.get("deprecated") is True else ""


def text(value: Any) -> str:
    """Write a value as JSON, in one way only."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def as_map(value: Any) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def as_node(value: Any) -> Json:
    """Return a schema as a mapping: true stands for anything, false for nothing."""
    if value is False:
        return {"type": "nothing"}
    return cast("Json", value) if isinstance(value, dict) else ANYTHING


def _types(node: Json, listed: list[Any] | None) -> frozenset[str]:
    kind = node.get("type")
    if kind is not None:
        return frozenset(str(one) for one in as_list(kind)) if isinstance(kind, list) else frozenset({str(kind)})
    if listed:
        return frozenset("null" if value is None else TYPE_OF.get(value.__class__, "string") for value in listed)
    if any(key in node for key in ("properties", "additionalProperties")):
        return frozenset({"object"})
    return frozenset({"array"}) if "items" in node else frozenset()


def _bounds(node: Json) -> Json:
    """Return the bounds that bound something, the flags of 3.0 (`exclusiveMinimum: true`) as numbers."""
    found = {key: node[key] for key in (*LOWER, *UPPER, *OTHER_BOUNDS) if key in node}
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(exclusive), bool) and found.pop(exclusive) and inclusive in found:
            found[exclusive] = found.pop(inclusive)
    empty = ("minLength", "minItems", "minProperties")
    return {key: value for key, value in found.items() if not (value is False or (key in empty and value == 0))}


def _scalar(shape: Shape) -> bool:
    return shape.types <= {"string", "integer", "number", "boolean"} and bool(shape.types) and not shape.branches


def _free(shape: Shape) -> bool:
    return shape.values is None and not shape.bounds and not shape.format


def within(inner: Iterable[str], outer: frozenset[str]) -> bool:
    """Tell whether everything of the inner types is of the outer ones; no type at all means any."""
    types = frozenset(inner)
    if not outer:
        return True
    return bool(types) and all(one in outer or (one == "integer" and "number" in outer) for one in types)
