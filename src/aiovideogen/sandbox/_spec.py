"""openapi.yaml as data: routes, parameters and lazily compiled validators."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from ._http import ApiFault, Json, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SPEC = Path(__file__).parent.parent / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
_ID_REST = re.compile(r"[0-9A-Za-z_-]{1,80}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One path or query parameter, its schema resolved."""

    name: str
    required: bool
    schema: Json

    def read(self, text: str) -> object:
        """Return the value that `text` spells.

        Raises ApiFault (400) for a malformed id or a value out of its type or bounds.
        """
        if "x-prefixes" in self.schema:
            return check_id(text, self.schema["x-prefixes"], self.name)
        match self.schema.get("type"):
            case "integer":
                return self._integer(text)
            case "boolean":
                return self._choice(text, _BOOLEANS)
            case _:
                choices = self.schema.get("enum")
                return self._choice(text, {item: item for item in choices}) if choices else text

    def _integer(self, text: str) -> int:
        low, high = self.schema.get("minimum"), self.schema.get("maximum")
        value = int(text) if re.fullmatch(r"-?[0-9]{1,15}", text, re.ASCII) else None
        if value is None or not (low or value) <= value <= (high or value):
            raise invalid(f"Query parameter {self.name} must be an integer from {low} to {high}.")
        return value

    def _choice(self, text: str, choices: Mapping[str, object]) -> object:
        if text not in choices:
            raise invalid(f"Query parameter {self.name} must be one of {', '.join(choices)}.")
        return choices[text]


def check_id(text: str, prefixes: Sequence[str], name: str) -> str:
    """Return an id as it is; a malformed one or another kind's gives 400 `invalid_id`."""
    if not prefixes and text:
        return text
    for prefix in prefixes:
        if text.startswith(prefix) and _ID_REST.fullmatch(text, len(prefix)):
            return text
    raise invalid(f"{name} is not a valid id.", "invalid_id")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, as the router and the checks need it."""

    id: str
    method: str
    path: str
    success: int
    effect: str
    body: str | None
    body_required: bool
    path_parameters: tuple[Parameter, ...]
    query_parameters: tuple[Parameter, ...]

    @property
    def segments(self) -> list[str]:
        return self.path.split("/")[1:]

    def read_query(self, text: str) -> Json:
        """Check the query; unknown parameters are ignored, of repeated ones the last counts."""
        given = dict(parse_qsl(text, keep_blank_values=True))
        found: Json = {}
        for parameter in self.query_parameters:
            if parameter.name in given:
                found[parameter.name] = parameter.read(given[parameter.name])
            elif "default" in parameter.schema:
                found[parameter.name] = parameter.schema["default"]
        return found


class Spec:
    """The whole document: `operations` by id, `match` for the router, `problem` for bodies."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self.operations = {op.id: op for op in self._read_operations()}
        self._validators: dict[str, Any] = {}

    def schema(self, name: str) -> Json:
        """Return a component schema by its name."""
        return self._document["components"]["schemas"][name]

    def _resolve(self, node: Json) -> Json:
        while "$ref" in node:
            section, name = node["$ref"].split("/")[-2:]
            node = {**self._document["components"][section][name], **_without_ref(node)}
        return node

    def _read_operations(self) -> list[Operation]:
        return [
            self._read_operation(method, path, item[method])
            for path, item in self._document["paths"].items()
            for method in METHODS
            if method in item
        ]

    def _read_operation(self, method: str, path: str, node: Json) -> Operation:
        parameters = [self._resolve(item) for item in node.get("parameters", [])]
        body: Json = node.get("requestBody", {})
        reference: str = body["content"]["application/json"]["schema"]["$ref"] if body else ""
        return Operation(
            id=node["operationId"],
            method=method.upper(),
            path=path,
            success=next(int(status) for status in node["responses"] if status != "default"),
            effect=node.get("x-effect", "read" if method == "get" else "once"),
            body=reference.rpartition("/")[2] or None,
            body_required=body.get("required", False),
            path_parameters=self._parameters(parameters, "path"),
            query_parameters=self._parameters(parameters, "query"),
        )

    def _parameters(self, nodes: list[Json], place: str) -> tuple[Parameter, ...]:
        return tuple(
            Parameter(node["name"], node.get("required", False), self._resolve(node["schema"]))
            for node in nodes
            if node["in"] == place
        )

    def match(self, method: str, segments: Sequence[str]) -> tuple[Operation, dict[str, str]]:
        """Return the operation for a path and the raw values of its parameters.

        Literal paths win over templates. Raises ApiFault 404 for an unknown path, 405 for a known
        path with another method.
        """
        found = [(op, values) for op in self.operations.values() if (values := _fit(op.segments, segments)) is not None]
        for operation, values in sorted(found, key=lambda item: len(item[1])):
            if operation.method == method:
                return operation, values
        if not found:
            raise ApiFault(404, "not_found", "There is nothing at this path.")
        allowed = ", ".join(sorted({operation.method for operation, _ in found}))
        message = f"Use {allowed} for this path."
        raise ApiFault(405, "method_not_allowed", message, headers={"allow": allowed})

    def problem(self, schema: str, value: object) -> str | None:
        """Say what breaks the named schema, with its JSON path; None when nothing does."""
        from jsonschema import exceptions

        if schema not in self._validators:
            self._validators[schema] = self._compile(schema)
        typed_in_part: Any = exceptions
        error = typed_in_part.best_match(self._validators[schema].iter_errors(value))
        return f"{error.json_path}: {error.message[:300]}" if error else None

    def known(self, schema: str, value: object) -> Json:
        """Return a valid body without what the named schema does not know: that is ignored."""
        return cast("Json", self._pruned(self.schema(schema), value))

    def _pruned(self, node: Json, value: Any) -> object:
        node = self._resolve(node)
        if "discriminator" in node:
            mapping = node["discriminator"]["mapping"]
            node = self._resolve({"$ref": mapping[value[node["discriminator"]["propertyName"]]]})
        if value is None:
            return None
        for branch in node.get("anyOf", []):
            if branch.get("type") != "null":
                return self._pruned(branch, value)
        if "items" in node:
            return [self._pruned(node["items"], item) for item in value]
        if node.get("type") == "object":
            fields: Json = node.get("properties", {})
            return {name: self._pruned(fields[name], item) for name, item in value.items() if name in fields}
        return value

    def _compile(self, schema: str) -> Any:
        from jsonschema import Draft202012Validator

        schemas = {name: _by_discriminator(node) for name, node in self._document["components"]["schemas"].items()}
        root = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": schemas}}
        return Draft202012Validator(root)


def _without_ref(node: Json) -> Json:
    return {key: value for key, value in node.items() if key != "$ref"}


def _fit(template: Sequence[str], segments: Sequence[str]) -> dict[str, str] | None:
    if len(template) != len(segments):
        return None
    values: dict[str, str] = {}
    for part, given in zip(template, segments, strict=True):
        if part.startswith("{"):
            values[part[1:-1]] = given
        elif part != given:
            return None
    return values


def _by_discriminator(node: Json) -> Json:
    # A plain oneOf reports "not valid under any of the given schemas": obeying the discriminator
    # names the field that is wrong.
    mapping: dict[str, str] | None = node.get("discriminator", {}).get("mapping")
    if mapping is None:
        return node
    name: str = node["discriminator"]["propertyName"]
    branches: list[Json] = [
        {"if": {"properties": {name: {"const": value}}, "required": [name]}, "then": {"$ref": ref}}
        for value, ref in mapping.items()
    ]
    known: Json = {name: {"enum": list(mapping)}}
    return {"type": "object", "required": [name], "properties": known, "allOf": branches}


@cache
def load_spec(path: Path = SPEC) -> Spec:
    """Read openapi.yaml once per process."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Spec(cast("Json", yaml.load(path.read_bytes(), Loader=loader)))


def parse_json(data: bytes) -> object:
    """Decode a JSON document, NaN and Infinity refused.

    Raises ValueError, also for nesting too deep to read.
    """
    try:
        return json.loads(data, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is out of range")
    return number


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
