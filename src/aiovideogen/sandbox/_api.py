"""One API request on its way to its handler: key, limit, parameters, body, rules, price."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from . import _assistants, _entities, _files, _projects, _resources, _tools, _webhooks, _workflows
from ._calls import HANDLERS, Call
from ._http import Answer, ApiFault, invalid, json_answer
from ._rules import check
from ._spec import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._app import Sandbox
    from ._http import Json, Request
    from ._spec import Operation, Spec
    from ._state import Account

# Importing these modules fills the handler table.
_MODULES = (_assistants, _entities, _files, _projects, _resources, _tools, _webhooks, _workflows)
# What is started or written by the API's own work is billed: every 202 start, and text.
_NOT_STARTS = frozenset({"cancelToolExecution", "cancelWorkflowRun"})
# The API's edge turns away what announces itself so, and not with JSON.
_BLOCKED_AGENT = "python-urllib/"


async def respond(sandbox: Sandbox, spec: Spec, request: Request, operation: Operation, values: Json) -> Answer:
    """Answer a request for an operation, refusals included."""
    if request.headers.get("user-agent", "").lower().startswith(_BLOCKED_AGENT):
        return Answer(403, {"content-type": "text/plain"}, b"error code: 1010")
    headers: dict[str, str] = {}
    try:
        key = _authenticate(sandbox.state.account, request)
        headers = sandbox.limits.take(key, operation.id, sandbox.state.now())
        body = await _handled(sandbox, await _call(sandbox, spec, request, operation, values))
    except ApiFault as fault:
        return refusal(fault, headers)
    return json_answer(operation.success, body, headers)


def refusal(fault: ApiFault, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with an ApiError."""
    return json_answer(fault.status, fault.body, {**(headers or {}), **fault.headers})


def _authenticate(account: Account, request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiFault(401, "missing_api_key", "Send your API key as a bearer token.")
    if token.strip() not in account.keys:
        raise ApiFault(401, "invalid_api_key", "API key is invalid or has been revoked.")
    return token.strip()


async def _handled(sandbox: Sandbox, call: Call) -> object:
    cost, account = _cost(call), call.state.account
    account.charge(cost)
    try:
        body = await HANDLERS[call.operation.id](call)
    except ApiFault:
        account.charge(-cost)
        raise
    sandbox.billed += cost > 0
    call.state.stirred |= call.operation.effect != "read" and not cost
    return body


def _cost(call: Call) -> int:
    operation = call.operation
    starts = operation.success == 202 and operation.id not in _NOT_STARTS
    if not starts and operation.id != "generateText":
        return 0
    return max(1, int(call.body.get("numResults") or 1))


async def _call(sandbox: Sandbox, spec: Spec, request: Request, operation: Operation, values: Json) -> Call:
    path = {item.name: str(item.read(values[item.name])) for item in operation.path_parameters}
    query = operation.read_query(request.query)
    raw = await _body(spec, request, operation)
    body = spec.known(operation.body, raw) if operation.body else {}
    state = sandbox.state
    call = Call(state, request.base, state.now(), operation, path, query, body, raw)
    check(call)
    return call


async def _body(spec: Spec, request: Request, operation: Operation) -> Json:
    data = await request.body()
    if operation.body is None:
        return {}
    if not data and not operation.body_required:
        return {}
    value = _decoded(data, request.headers.get("content-type", ""))
    problem = spec.problem(operation.body, value)
    if problem or not isinstance(value, dict):
        raise invalid(f"The body is invalid at {problem or '$'}")
    return cast("Json", value)


def _decoded(data: bytes, content_type: str) -> object:
    mime = content_type.partition(";")[0].strip().lower()
    if data and mime != "application/json" and not mime.endswith("+json"):
        raise invalid("Send the body as application/json.")
    try:
        return parse_json(data)
    except ValueError as error:
        message = "The body is not valid JSON." if data else "A JSON body is needed."
        raise invalid(message) from error
