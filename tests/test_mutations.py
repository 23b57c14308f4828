"""No server can break the generated layer: every answer model is fed its JSON, mutated in the ways of servers."""

from __future__ import annotations

import math
import random
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aiovideogen import Accepted, ResponseError, models

Json = Any

SPEC: Json = yaml.load(
    (Path(__file__).parent.parent / "openapi.yaml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)
SCHEMAS: dict[str, Json] = SPEC["components"]["schemas"]


def answer_models() -> list[str]:
    """Return the models that answers and webhooks are made of, however deep inside."""
    operations = [op for item in SPEC["paths"].values() for op in item.values()]
    todo: list[Json] = [[op["responses"] for op in operations], SPEC["components"]["responses"], SPEC["webhooks"]]
    found: set[str] = set()
    while todo:
        for name in refs(todo.pop()):
            if name in SCHEMAS and name not in found:
                found.add(name)
                todo.append(SCHEMAS[name])
    return sorted(name for name in found if "properties" in SCHEMAS[name])


def refs(node: Json) -> list[str]:
    if isinstance(node, list):
        return [name for item in cast("list[Json]", node) for name in refs(item)]
    if not isinstance(node, dict):
        return []
    here = cast("dict[str, Json]", node)
    return [*([here["$ref"].rsplit("/", 1)[1]] if "$ref" in here else []), *(n for v in here.values() for n in refs(v))]


def resolved(node: Json) -> Json:
    return SCHEMAS[node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node


def branches(node: Json) -> list[Json]:
    return node.get("anyOf") or node.get("oneOf") or []


TEXTS = ("vg_file_x", "text", "", "https://127.0.0.1/a?sig=s", "ä\u0000")
ODD: tuple[Json, ...] = ("NEW_IN_2027", {}, [], [[]], {"type": []}, 1e300, -1, True, "", 10**400)


def kinds_of(node: Json) -> list[str]:
    kinds = node.get("type", "null")
    return cast("list[str]", kinds) if isinstance(kinds, list) else [str(kinds)]


class Maker:
    """Makes JSON from schemas, by a source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def make(self, node: Json, depth: int = 0) -> Json:
        node = resolved(node)
        if branches(node):
            return self.make(self.chance.choice(branches(node)), depth)
        if "const" in node or "enum" in node:
            return node["const"] if "const" in node else self.chance.choice(node["enum"])
        return self._of_type(self.chance.choice(kinds_of(node)), node, depth)

    def _of_type(self, kind: str, node: Json, depth: int) -> Json:
        if kind == "object":
            return self._object(node, depth)
        if kind == "array":
            return [self.make(node["items"], depth + 1) for _ in range(self.chance.randint(0, 2 if depth < 4 else 0))]
        if kind == "integer":
            return self.chance.randint(0, 2_000_000_000)
        if kind == "number":
            return self.chance.choice([0, 1, 42, 99.5, 0.25])
        if kind == "boolean":
            return self.chance.random() < 0.5
        return (
            None
            if kind == "null"
            else self.chance.choice(["vg_file_x", "text", "", "https://127.0.0.1/a?sig=s", "ä\u0000"])
        )

    def _object(self, node: Json, depth: int) -> Json:
        properties = node.get("properties")
        if properties is None:
            return {"Any_key": "kept", "camelCase": "kept"}
        required = node.get("required", ())
        made = {
            k: self.make(v, depth + 1) for k, v in properties.items() if k in required or self.chance.random() < 0.7
        }
        # Ids are what an object can't do without, so they are never empty in what is made.
        return {k: v or "id" if k.endswith("Id") and k in required else v for k, v in made.items()}

    def mutate(self, data: Json) -> Json:
        """Change one place, anywhere inside, as servers do over time."""
        places = list(inside(data))
        if not places:
            return data
        holder, key = self.chance.choice(places)
        change = self.chance.choice(["drop", "null", "extra", "odd", "text", "float", "iso", "number"])
        value = holder[key]
        if change == "drop" and isinstance(holder, dict):
            del holder[key]
        elif change == "null":
            holder[key] = None
        elif change == "extra" and isinstance(holder, dict):
            holder["newIn2027"] = {"a": [1, None, {"b": "c"}]}
        elif change == "text" and isinstance(value, (int, float)) and not isinstance(value, bool):
            holder[key] = str(value)
        elif change == "float" and is_small(value):
            holder[key] = float(value)
        elif change == "iso" and is_small(value):
            holder[key] = datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")
        else:
            holder[key] = deepcopy(self.chance.choice(ODD))
        return data


def is_small(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**33


def inside(node: Json) -> Any:
    """Yield every place in a JSON value, as the container and the key or index."""
    pairs: Json = cast("Json", node).items() if isinstance(node, dict) else enumerate(node)
    for key, value in [*pairs]:
        yield node, key
        if isinstance(value, (dict, list)):
            yield from inside(value)


def read_back(node: Json, value: Json) -> Json:
    """Return `value` as reading normalises it: numbers in text and ISO times, where the schema has numbers."""
    node = resolved(node)
    for branch in branches(node):
        variant = resolved(branch)
        if "properties" in variant and isinstance(value, dict):
            tag = node.get("discriminator", {}).get("propertyName")
            const = variant["properties"].get(tag, {}).get("const") if tag else None
            if const is None or cast("Json", value).get(tag) == const:
                return read_back(variant, value)
        elif "type" not in variant or variant["type"] != "null":
            return read_back(variant, value)
    if "properties" in node and isinstance(value, dict):
        fields = cast("dict[str, Json]", value)
        return {k: read_back(node["properties"].get(k, {}), v) for k, v in fields.items()}
    if node.get("type") == "array" and isinstance(value, list):
        return [read_back(node["items"], item) for item in cast("list[Json]", value)]
    return number_of(node, value) if isinstance(value, str) else cast("Json", value)


def number_of(node: Json, text: str) -> Json:
    kinds = kinds_of(node)
    if "integer" not in kinds and "number" not in kinds:
        return text
    for number in (int, float) if "integer" in kinds else (float,):
        try:
            found = number(text)
            return found if isinstance(found, int) or math.isfinite(found) else text
        except (ValueError, OverflowError):
            pass
    try:
        return datetime.fromisoformat(text).timestamp() if node.get("format") == "unix-time" else text
    except ValueError:
        return text


@pytest.mark.parametrize("name", answer_models())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(seed=st.integers(0, 2**32), mutations=st.integers(0, 4))
@example(seed=0, mutations=0)
def test_no_server_json_breaks_a_model(name: str, seed: int, mutations: int) -> None:
    maker = Maker(random.Random(seed))
    data = maker.make(SCHEMAS[name])
    for _ in range(mutations):
        data = maker.mutate(data)
    given_data = deepcopy(data)
    model = getattr(models, name)
    read: Json = None
    refused: ResponseError | None = None
    try:
        read = model.from_dict(data)
    except ResponseError as error:
        refused = error
    if refused is None:
        check_read(name, read, data)
    else:
        assert mutations > 0
        assert refused.model == name
        assert refused.path.startswith((".", "["))
        assert f"{name}: {refused.path}: " in str(refused)
    assert data == given_data, "reading changes nothing in what is read"


def check_read(name: str, read: Json, data: Json) -> None:
    """What was read goes back out as it came, save for the numbers and times that reading understood."""
    assert repr(read).startswith(name)
    written = read.to_dict()
    written = written["answer"] if issubclass(getattr(models, name), Accepted) else written
    assert read_back(SCHEMAS[name], written) == read_back(SCHEMAS[name], data)
    assert getattr(models, name).from_dict(written) == read
