"""The sandbox's own endpoints under /_sandbox: scripts and counts over HTTP."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, cast

from ._http import ApiFault, Json, invalid, json_answer
from ._jobs import JobScript
from ._spec import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._app import Sandbox
    from ._http import Answer, Request

SCRIPT_FIELDS: dict[str, tuple[type, ...]] = {
    "status": (str,),
    "seconds": (int, float, NoneType),
    "error": (dict, NoneType),
    "attempts": (int,),
    "null_url_seconds": (int, float),
}
FAULT_FIELDS: dict[str, tuple[type, ...]] = {
    "operation_id": (str,),
    "times": (int,),
    "skip": (int,),
    "status": (int,),
    "headers": (dict, NoneType),
    "body": (dict, str, NoneType),
    "drop": (str,),
}


async def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a request below /_sandbox/; no key is needed."""
    try:
        match request.method, request.segments[1:]:
            case "GET", ["state"]:
                return json_answer(200, _state(sandbox))
            case "POST", ["reset"]:
                sandbox.reset()
            case "POST", ["jobs"]:
                sandbox.script_job(*_scripts(await _body(request)))
            case "POST", ["faults"]:
                _fail(sandbox, await _body(request))
            case _:
                raise ApiFault(404, "not_found", "There is nothing at this path.")
    except (TypeError, ValueError, AttributeError) as error:
        fault = invalid(str(error))
        return json_answer(400, fault.body)
    except ApiFault as fault:
        return json_answer(fault.status, fault.body)
    return json_answer(200, {"ok": True})


async def _body(request: Request) -> Any:
    return parse_json(await request.body())


def _scripts(body: Any) -> list[JobScript]:
    items = cast("list[Json]", body if isinstance(body, list) else [body])
    return [JobScript(**_typed(item, SCRIPT_FIELDS)) for item in items]


def _fail(sandbox: Sandbox, body: Any) -> None:
    fields = _typed(body, FAULT_FIELDS)
    sandbox.fail_next(fields.pop("operation_id", ""), **fields)


def _typed(fields: Any, types: Mapping[str, tuple[type, ...]]) -> Json:
    """Return a copy of fields that have a known name and the right type.

    Raises ValueError for any other.
    """
    for name, value in fields.items():
        if name not in types or not isinstance(value, types[name]) or isinstance(value, bool):
            raise ValueError(f"{name} is unknown or of the wrong type")
    return dict(fields)


def _state(sandbox: Sandbox) -> Json:
    return {
        "billed": sandbox.billed,
        "counts": dict(sandbox.counts),
        "leaks": sandbox.leaks,
        "requests": len(sandbox.requests),
        "scripted": len(sandbox.state.scripts),
    }
