"""Hold an answer against openapi.yaml, independently of the sandbox's own reading of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

import aiovideogen.sandbox

if TYPE_CHECKING:
    import httpx

SPEC = Path(aiovideogen.sandbox.__file__).parent.parent / "openapi.yaml"
DOCUMENT: Any = yaml.load(SPEC.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
OPERATIONS: dict[str, tuple[str, str, Any]] = {
    node["operationId"]: (method.upper(), path, node)
    for path, item in DOCUMENT["paths"].items()
    for method, node in item.items()
    if isinstance(node, dict) and "operationId" in node
}
# Values that the document does not list and a client must live with.
NEW_VALUES = ("awaiting_approval", "resting", "VIDEO_TO_VIDEO")


@cache
def validator(schema: str) -> Draft202012Validator:
    root: Any = {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}
    return Draft202012Validator(root, format_checker=FormatChecker())


def operation_at(method: str, path: str) -> str | None:
    parts = path.split("/")
    found = [
        (template.count("{"), name)
        for name, (verb, template, _) in OPERATIONS.items()
        if verb == method and _fits(template.split("/"), parts)
    ]
    return min(found)[1] if found else None


def _fits(template: list[str], parts: list[str]) -> bool:
    same = len(template) == len(parts)
    return same and all(a == b or a.startswith("{") for a, b in zip(template, parts, strict=True))


def problems(schema: str, body: Any) -> list[str]:
    checker: Any = validator(schema)
    return [f"{e.json_path}: {e.message}" for e in checker.iter_errors(body) if e.instance not in NEW_VALUES]


async def check_answer(response: httpx.Response) -> None:
    """Assert that an answer of the API has a documented status and a body of its schema."""
    path = response.request.url.path
    if not path.startswith("/v1/"):
        return
    assert response.headers["x-request-id"]
    assert response.headers["date"]
    operation = operation_at(response.request.method, path)
    await response.aread()
    if operation is None or response.is_error:
        assert problems("ApiError", response.json()) == []
        return
    responses = OPERATIONS[operation][2]["responses"]
    content = responses[str(response.status_code)].get("content")
    if content is None:
        assert response.content == b""
        return
    schema: str = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert problems(schema, response.json()) == [], operation
