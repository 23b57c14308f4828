"""Whatever is sent, the answer is a documented one."""

from __future__ import annotations

import json
from math import ceil
from typing import Any

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from aiovideogen.sandbox import Sandbox

from .answers import DOCUMENT, OPERATIONS
from .conftest import Api, Clock

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
NAMES = sorted({name for schema in SCHEMAS.values() for name in schema.get("properties", {})})
VALUES = sorted({str(value) for schema in SCHEMAS.values() for value in schema.get("enum", [])})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from([*VALUES, "vg_file_x", "vg_enti_x", "vg_voic_x", "https://x.y/z.png", "\ud800"])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
WITH_BODY = sorted(name for name, (_, _, node) in OPERATIONS.items() if "requestBody" in node)


def resolve(node: Any) -> Any:
    while "$ref" in node:
        node = SCHEMAS[node["$ref"].rpartition("/")[2]]
    return node


@st.composite
def bodies(draw: st.DrawFn, node: Any) -> Any:
    """Draw what nearly fits a schema: most fields in their place, some values wild."""
    node = resolve(node)
    if draw(st.integers(0, 19)) == 0:
        return draw(ANYTHING)
    for word in ("anyOf", "oneOf"):
        if word in node:
            return draw(bodies(draw(st.sampled_from(node[word]))))
    if "const" in node or "enum" in node:
        return draw(st.sampled_from(node.get("enum") or [node["const"]]))
    if "properties" in node:
        fields: dict[str, Any] = node["properties"]
        optional = [name for name in fields if draw(st.booleans())]
        return {name: draw(bodies(fields[name])) for name in dict.fromkeys([*node.get("required", []), *optional])}
    if "items" in node:
        return [draw(bodies(node["items"])) for _ in range(draw(st.integers(0, 2)))]
    kind = node.get("type")
    if kind in ("integer", "number"):
        return draw(st.integers(ceil(node.get("minimum", -3)), node.get("maximum", 9)))
    return draw(st.booleans()) if kind == "boolean" else draw(SCALARS)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_body_breaks_the_server(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(WITH_BODY))
    schema = OPERATIONS[name][2]["requestBody"]["content"]["application/json"]["schema"]
    body = data.draw(bodies(schema))
    anyio.run(send, name, body)


async def send(name: str, body: Any) -> None:
    clock = Clock()
    api = Api(Sandbox(clock=clock, job_seconds=0, file_seconds=0, seed=1), clock)
    async with api.http:
        made = await api.post("/v1/assistants", message="x")
        entity = await api.post("/v1/entities", entityType="ACTOR", name="x")
        known = {"{projectId}": made["projectId"], "{assistantId}": made["assistantId"], **braced(entity)}
        known["{actionId}"] = (await api.get(f"/v1/assistants/{made['assistantId']}"))["messages"][1]["actions"][0][
            "actionId"
        ]
        method, path, _ = OPERATIONS[name]
        path = "/".join(known.get(part, part) for part in path.split("/"))
        headers = {**api.key, "content-type": "application/json"}
        response = await api.http.request(method, path, content=json.dumps(body), headers=headers)
        assert response.status_code in (200, 201, 202, 400, 403, 404, 409)
        # What was made shows everywhere, whatever odd values it was given.
        for listing in ("/v1/tools/executions", "/v1/workflows/runs", "/v1/projects", "/v1/files", "/v1/entities"):
            await api.get(listing)


def braced(body: Any) -> dict[str, str]:
    return {f"{{{key}}}": value for key, value in body.items() if key == "entityId"}
