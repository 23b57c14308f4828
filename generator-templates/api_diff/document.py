"""An OpenAPI document that can be read: its schemas as shapes, its operations and webhooks as exchanges."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from .shapes import NOT_COMPARED, Json, Shape, as_list, as_map, as_node, both, either, mark_of, plain

if TYPE_CHECKING:
    from pathlib import Path

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
HEADERS_LEFT_OUT = ("accept", "authorization", "content-type")
DATA = frozenset({"const", "default", "enum", "example", "examples"})
"""Keys under which anything may stand that looks like a reference and is none."""
NAMED = frozenset({"properties", "patternProperties", "schemas", "$defs"})
"""Keys under which names are the document's own, `$ref` among them."""
STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


class UnreadableError(ValueError):
    """A file that is missing, or is no OpenAPI document of version 3."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    node: Json
    style: str
    mark: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One operation or webhook: what goes, what comes back."""

    title: str
    id: str
    mark: str
    deprecated: bool
    parameters: dict[tuple[str, str], Parameter]
    body: dict[str, Json] | None
    """Schemas by media type; None where there is no body."""
    body_required: bool
    answers: dict[str, dict[str, Json]]
    """By status, schemas by media type."""


@dataclass(slots=True)
class Document:
    root: Json
    source: str
    """The file that it comes from, for messages."""
    not_compared: set[str] = field(default_factory=set[str])
    _shapes: dict[int, tuple[Json, Shape]] = field(default_factory=dict[int, tuple[Json, Shape]])
    _names: dict[int, str] = field(default_factory=dict[int, str])

    def __post_init__(self) -> None:
        self._names.update((id(schema), name) for name, schema in self.schemas.items())

    @property
    def version(self) -> str:
        return str(self.root["openapi"])

    @property
    def schemas(self) -> Json:
        return as_map(as_map(self.root.get("components")).get("schemas"))

    # -- schemas ------------------------------------------------------------------------------------------------

    def shape(self, node: Json) -> Shape:
        """Return a schema's shape: the same object for the same node."""
        if id(node) not in self._shapes:
            self._shapes[id(node)] = node, self._shape(node)  # the node is kept, so that its id stays its own
        return self._shapes[id(node)][1]

    def _shape(self, node: Json) -> Shape:
        self.not_compared |= NOT_COMPARED & node.keys()
        parts = [self.shape(as_node(part)) for part in as_list(node.get("allOf"))]
        if "$ref" in node:
            parts.insert(0, self.shape(self.follow(node["$ref"])))
        for key in ("anyOf", "oneOf"):
            branches = [as_node(branch) for branch in as_list(node.get(key))]
            if branches:
                parts.append(either(branches, [self.shape(branch) for branch in branches]))
        own = plain(node)
        if own != Shape() or not parts:
            parts.append(own)
        shape = parts[0]
        for part in parts[1:]:
            shape = both(shape, part)
        name = self._names.get(id(node), "")
        if shape.name and name:
            return replace(shape, aliases=shape.aliases | {name})
        return replace(shape, name=name) if name else shape

    def orphans(self) -> set[str]:
        """Return the schemas of objects and unions that no operation reaches."""
        found: set[str] = set()
        todo: list[Any] = [self.root.get(key) for key in ("paths", "webhooks", "x-webhooks")]
        while todo:
            node = todo.pop()
            if isinstance(node, list):
                todo += as_list(node)
            values = as_map(node)
            todo += values.values()
            ref = values.get("$ref")
            if isinstance(ref, str) and ref not in found:
                found.add(ref)
                todo.append(self.follow(ref))
        names = {name for name, node in self.schemas.items() if isinstance(node, dict)}
        unread = {name for name in names if f"#/components/schemas/{name}" not in found}
        return {name for name in unread if self.shape(self.schemas[name]).structured}

    def check_references(self) -> None:
        """Follow every `$ref` once, so that a broken one is found wherever it stands."""
        todo: list[tuple[Any, str]] = [(self.root, "")]
        seen: set[int] = set()  # YAML's anchors can make a document contain itself
        while todo:
            node, under = todo.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            todo += [(value, under) for value in as_list(node)]
            values = as_map(node)
            todo += [(value, key) for key, value in values.items() if key not in DATA and not str(key).startswith("x-")]
            if "$ref" in values and under not in NAMED:
                self.follow(values["$ref"])

    def follow(self, ref: Any) -> Json:
        """Return what a `$ref` points to."""
        target: Any = self.root
        if not isinstance(ref, str) or not ref.startswith("#"):
            raise UnreadableError(f"{self.source}: $ref {ref!r} is outside the document: bundle it into one file first")
        for part in ref.removeprefix("#").split("/")[1:]:
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if key not in as_map(target):
                raise UnreadableError(f"{self.source}: $ref {ref!r} points to nothing")
            target = target[key]
        return as_node(target)

    def resolve(self, value: Any) -> Json:
        """Follow the `$ref`s of anything but a schema."""
        node = as_map(value)
        for _ in range(100):
            if "$ref" not in node:
                return node
            node = self.follow(node["$ref"])
        raise UnreadableError(f"{self.source}: $ref {node['$ref']!r} goes round in circles")

    # -- exchanges ----------------------------------------------------------------------------------------------

    def servers(self) -> dict[str, str]:
        urls = [urlsplit(str(as_map(server).get("url", ""))) for server in as_list(self.root.get("servers"))]
        return {f"{url.scheme}://{url.netloc}": "" for url in urls if url.netloc}

    def security(self) -> dict[str, str]:
        """Return the ways to sign in, however they are named."""
        schemes = as_map(as_map(self.root.get("components")).get("securitySchemes")).values()
        nodes = [self.resolve(scheme) for scheme in schemes]
        words = [[str(node[key]) for key in ("type", "scheme", "in", "name") if key in node] for node in nodes]
        return {" ".join(one): "" for one in words}

    def operations(self) -> dict[str, Exchange]:
        """Return the operations by method and path, whatever its placeholders are called."""
        servers = as_list(self.root.get("servers"))
        prefix = urlsplit(str(as_map(servers[0]).get("url", ""))).path.rstrip("/") if servers else ""
        found: dict[str, Exchange] = {}
        for path, value in as_map(self.root.get("paths")).items():
            item = self.resolve(value)
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    title = f"{method.upper()} {prefix}{path}"
                    found[re.sub(r"\{[^}]*\}", "{}", title)] = self._exchange(title, item, item[method])
        return found

    def webhooks(self) -> dict[str, Exchange] | None:
        """Return the webhooks by name; None if the document has no place for them."""
        key = "webhooks" if "webhooks" in self.root or not self.version.startswith("3.0") else "x-webhooks"
        if self.version.startswith("3.0") and key not in self.root:
            return None
        found: dict[str, Exchange] = {}
        for name, value in as_map(self.root.get(key)).items():
            item = self.resolve(value)
            method = next((method for method in METHODS if isinstance(item.get(method), dict)), None)
            if method:
                found[str(name)] = self._exchange(str(name), item, item[method])
        return found

    def _exchange(self, title: str, item: Json, node: Json) -> Exchange:
        body = self.resolve(node.get("requestBody"))
        answers = as_map(node.get("responses"))
        return Exchange(
            title=title,
            id=str(node.get("operationId") or ""),
            mark=mark_of(node),
            deprecated=node.get("deprecated") is True,
            parameters=self._parameters(title, [*as_list(item.get("parameters")), *as_list(node.get("parameters"))]),
            body=self._content(body) if body else None,
            body_required=body.get("required") is True,
            answers={str(key).upper(): self._content(self.resolve(answer)) for key, answer in answers.items()},
        )

    def _parameters(self, title: str, nodes: list[Any]) -> dict[tuple[str, str], Parameter]:
        """Return the parameters by place and name; those of the path by their position."""
        placeholders = re.findall(r"\{([^}]*)\}", title)
        found: dict[tuple[str, str], Parameter] = {}
        for value in nodes:
            node = self.resolve(value)
            name, place = str(node.get("name")), str(node.get("in"))
            if place == "header" and name.lower() in HEADERS_LEFT_OUT:
                continue
            key = str(placeholders.index(name)) if place == "path" and name in placeholders else name
            found[place, key.lower() if place == "header" else key] = self._parameter(node, name, place)
        return found

    def _parameter(self, node: Json, name: str, place: str) -> Parameter:
        style = str(node.get("style") or STYLES.get(place, ""))
        explode = node.get("explode", style == "form")
        content = next(iter(self._content(node).values()), None)
        schema = as_node(node["schema"]) if "schema" in node else content or as_node(True)
        return Parameter(
            name=name,
            place=place,
            required=node.get("required") is True or place == "path",
            node=schema,
            style=f"{style}{', exploded' if explode and self._repeats(schema) else ''}",
            mark=mark_of(node),
        )

    def _repeats(self, node: Json) -> bool:
        return bool(self.shape(node).types & {"array", "object"})

    @staticmethod
    def _content(node: Json) -> dict[str, Json]:
        content = as_map(node.get("content"))
        return {
            str(media).partition(";")[0].strip().lower(): as_node(as_map(value).get("schema", True))
            for media, value in content.items()
        }


def load(path: Path) -> Document:
    """Read a document, JSON or YAML; what can't be one is an `UnreadableError`."""
    try:
        root = as_map(_parsed(path.read_text(encoding="utf-8-sig")))
        if "swagger" in root:
            raise UnreadableError(f"Swagger {root['swagger']}, not OpenAPI 3: convert it first")
        if not re.match(r"3\.\d", str(root.get("openapi", ""))):
            raise UnreadableError("not an OpenAPI 3 document")
        if not any(isinstance(root.get(key), dict) for key in ("paths", "webhooks", "components")):
            raise UnreadableError("an OpenAPI document without paths")
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}") from None
    except yaml.YAMLError as error:
        raise UnreadableError(f"{path}: neither JSON nor YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise UnreadableError(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise UnreadableError(f"{path}: {error}") from None
    document = Document(root, str(path))
    document.check_references()
    return document


def _parsed(words: str) -> Any:
    if words.lstrip().startswith("{"):
        try:
            return json.loads(words)
        except ValueError:
            pass  # YAML may begin so as well
    return yaml.load(words, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
