"""Hold openapi.yaml against the facts in tests/data/api: what the provider and its official clients publish.

Both are brought to one flat form, a table of attributes for each place (an operation, a parameter, a schema, a field),
so that finding the differences is comparing two tables. Only structure counts: whether an enum is named or stands
inline, and whether an id is a schema of its own, makes no difference.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

Json = dict[str, Any]
Table = dict[str, Json]

PROJECT = Path(__file__).resolve().parent.parent
SPEC = PROJECT / "openapi.yaml"
DATA = Path(__file__).resolve().parent / "data" / "api"
METHODS = ("get", "post", "put", "patch", "delete")
FORMATS = ("uri", "date-time", "binary")
BOUNDS = {
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "exclusiveMin",
    "exclusiveMaximum": "exclusiveMax",
    "multipleOf": "multipleOf",
    "minLength": "minLength",
    "maxLength": "maxLength",
    "pattern": "pattern",
    "minItems": "minItems",
    "maxItems": "maxItems",
    "default": "default",
    "deprecated": "deprecated",
}
"""What bounds a value: how the spec spells it, and how the facts do."""


@cache
def spec() -> Json:
    """Return the project's spec; not to be changed: mutate a deep copy."""
    return load(SPEC)


@cache
def facts() -> Json:
    """Return what must be in the spec: the provider's document, and what only older clients show."""
    published, older = load(DATA / "facts.yaml"), load(DATA / "older.yaml")
    joined = {key: {**older[key], **published[key]} for key in ("operations", "parameters", "schemas")}
    return {**published, **joined}


@cache
def unconfirmed() -> Json:
    """Return the operations that only newer clients show."""
    return load(DATA / "newer.yaml")["operations"]


def load(path: Path) -> Json:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def differences(document: Json) -> list[str]:
    """Return a line for each difference between a spec and the facts."""
    wanted, found = facts_table(facts()), spec_table(document, set(facts()["schemas"]), set(unconfirmed()))
    lines: list[str] = []
    for place in sorted({*wanted, *found}):
        if place not in found:
            lines.append(f"{place}: missing")
        elif place not in wanted:
            lines.append(f"{place}: not in the facts")
        else:
            fact, ours = wanted[place], found[place]
            lines += [
                f"{place}: {key} is {ours.get(key)!r}, the facts say {fact.get(key)!r}"
                for key in sorted({*fact, *ours})
                if fact.get(key) != ours.get(key)
            ]
    return lines


# -- the facts ------------------------------------------------------------------------------------------------------


def facts_table(source: Json) -> Table:
    schemas: Json = source["schemas"]
    table: Table = {
        "the API": {
            "servers": source["servers"],
            "security": {name: (one["type"], one["scheme"]) for name, one in source["security"].items()},
            "tags": sorted(source["tags"]),
        }
    }
    for name, operation in source["operations"].items():
        answers = {str(status): answer for status, answer in operation["responses"].items()}
        table[name] = {
            "method": operation["method"],
            "path": operation["path"],
            "tags": [operation["tag"]],
            "body": operation.get("body"),
            "body required": operation.get("body_required"),
            "answers": answers | {"default": "ApiError"},
        }
        for key in (*operation.get("path_params", ()), *operation.get("query", ())):
            parameter: Json = source["parameters"][key]
            place = f"{name}?{parameter['name']}"
            _facts_shape(table, place, {k: v for k, v in parameter.items() if k != "required"}, schemas)
            table[place] |= {"in": parameter["in"], "required": parameter["required"]}
    for name, node in schemas.items():
        _facts_shape(table, name, node, schemas)
    for event, payload in source["webhooks"].items():
        table[f"webhook {event}"] = {"body": payload, "body required": True, "answers": {"200": None}}
    return table


def _facts_shape(table: Table, place: str, node: Json, schemas: Json) -> None:
    out = table.setdefault(place, {})
    if node.get("nullable"):
        out["nullable"] = True
    if "ref" in node:
        target = schemas[node["ref"]]
        if "fields" in target or "oneOf" in target:
            out["ref"] = node["ref"]
        else:
            _facts_shape(table, place, target, schemas)
        return
    for ours in (*BOUNDS.values(), "type"):
        if ours in node:
            out[ours] = node[ours]
    if "enum" in node:
        out["enum"] = sorted(node["enum"])
    if node.get("format") in FORMATS:
        out["format"] = node["format"]
    if "oneOf" in node:
        out["union"] = sorted(branch["ref"] for branch in node["oneOf"])
        out["discriminator"] = node["discriminator"]["property"], dict(node["discriminator"]["mapping"])
    if "items" in node:
        _facts_shape(table, f"{place}[]", node["items"], schemas)
    if isinstance(node.get("additionalProperties"), dict):
        _facts_shape(table, f"{place}{{}}", node["additionalProperties"], schemas)
    for name, field in node.get("fields", {}).items():
        _facts_shape(table, f"{place}.{name}", field, schemas)
        if name in node.get("required", ()):
            table[f"{place}.{name}"]["required"] = True


# -- the spec -------------------------------------------------------------------------------------------------------


def spec_table(document: Json, known: set[str], left_out: set[str]) -> Table:
    """Return the table of a spec; `known` schemas are compared under their names, others where they are used."""
    return _Spec(document, known, left_out).table


def operations(document: Json) -> dict[str, tuple[str, str, Json]]:
    """Return the operations of a spec as (METHOD, path, node), by operationId."""
    return {
        item[method].get("operationId", f"{method} {path}"): (method.upper(), path, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def resolve(document: Json, node: Json) -> Json:
    """Follow `$ref`s to the node itself."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def name_of(node: Json | None) -> str | None:
    """Return the name of the schema that a node refers to."""
    return cast("str", node["$ref"]).rsplit("/", 1)[1] if node and "$ref" in node else None


def content(document: Json, node: Json) -> Json | None:
    """Return the JSON schema of a request body or an answer."""
    return resolve(document, node).get("content", {}).get("application/json", {}).get("schema")


def not_null(node: Json) -> Json | None:
    """Return the X of `anyOf: [X, null]`, None for any other node."""
    branches: list[Json] = node.get("anyOf") or node.get("oneOf") or []
    others = [branch for branch in branches if branch.get("type") != "null"]
    return others[0] if len(branches) == 2 and len(others) == 1 else None


class _Spec:
    def __init__(self, document: Json, known: set[str], left_out: set[str]) -> None:
        self.document = document
        self.known = known
        self.schemas: Json = document["components"]["schemas"]
        schemes = {
            name: (one["type"], one["scheme"]) for name, one in document["components"]["securitySchemes"].items()
        }
        self.table: Table = {
            "the API": {
                "servers": [server["url"] for server in document["servers"]],
                "security": {name: schemes.get(name) for one in document["security"] for name in one},
                "tags": sorted(tag["name"] for tag in document["tags"]),
            }
        }
        for name, (method, path, operation) in operations(document).items():
            if name not in left_out:
                self._operation(name, method, path, operation)
        for name in self.schemas.keys() & known:
            self._shape(name, self.schemas[name])
        for event, item in document.get("webhooks", {}).items():
            self.table[f"webhook {event}"] = self._exchange(item["post"])

    def _operation(self, name: str, method: str, path: str, operation: Json) -> None:
        self.table[name] = {
            "method": method,
            "path": path,
            "tags": operation.get("tags"),
            **self._exchange(operation),
        }
        if "security" in operation:
            self.table[name]["security"] = operation["security"]
        for node in (*self.document["paths"][path].get("parameters", ()), *operation.get("parameters", ())):
            parameter = resolve(self.document, node)
            place = f"{name}?{parameter['name']}"
            self._shape(place, parameter["schema"])
            self.table[place] |= {"in": parameter["in"], "required": parameter.get("required", False)}

    def _exchange(self, operation: Json) -> Json:
        body = resolve(self.document, operation["requestBody"]) if "requestBody" in operation else None
        answers = {
            str(status): name_of(content(self.document, answer)) for status, answer in operation["responses"].items()
        }
        return {
            "body": None if body is None else name_of(content(self.document, body)),
            "body required": None if body is None else body.get("required", False),
            "answers": answers,
        }

    def _shape(self, place: str, node: Json) -> None:
        out = self.table.setdefault(place, {})
        wrapped = not_null(node)
        if wrapped is not None:
            out["nullable"] = True
            self._shape(place, wrapped)
            return
        name = name_of(node)
        if name is not None:
            target: Json = self.schemas.get(name, {"type": f"no schema {name}"})
            if name in self.known and ("properties" in target or "discriminator" in target):
                out["ref"] = name
            else:
                self._shape(place, {**target, **{key: value for key, value in node.items() if key != "$ref"}})
            return
        self._plain(out, node)
        if "items" in node:
            self._shape(f"{place}[]", node["items"])
        if isinstance(node.get("additionalProperties"), dict):
            self._shape(f"{place}{{}}", node["additionalProperties"])
        for key, field in node.get("properties", {}).items():
            self._shape(f"{place}.{key}", field)
        for key in node.get("required", ()):
            self.table.setdefault(f"{place}.{key}", {})["required"] = True

    def _plain(self, out: Json, node: Json) -> None:
        kinds: Any = node.get("type")
        several = cast("list[str]", kinds) if isinstance(kinds, list) else [kinds]
        values: list[Any] = node.get("enum", [node["const"]] if "const" in node else [])
        if "null" in several or None in values:
            out["nullable"] = True
        named = [kind for kind in several if kind not in ("null", None)]
        if named:
            out["type"] = named[0] if len(named) == 1 else named
        if values:
            out["enum"] = sorted(value for value in values if value is not None)
        for theirs, ours in BOUNDS.items():
            if theirs in node:
                out[ours] = node[theirs]
        if node.get("format") in FORMATS:
            out["format"] = node["format"]
        if "oneOf" in node or "anyOf" in node:
            branches: list[Json] = node.get("oneOf") or node["anyOf"]
            out["union"] = sorted(name_of(branch) or "" for branch in branches)
        if "discriminator" in node:
            mapping: dict[str, str] = node["discriminator"].get("mapping", {})
            targets = {value: target.rsplit("/", 1)[1] for value, target in mapping.items()}
            out["discriminator"] = node["discriminator"]["propertyName"], targets
