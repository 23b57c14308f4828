"""The sandbox's own endpoints under /_sandbox: what Python may tell a sandbox, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from ._http import Answer, ApiFault, Json, invalid, json_answer
from ._jobs import JobScript
from ._read import read
from ._spec import parse_json
from .faults import ACTIONS, Action, FaultRule, WebhookRule

if TYPE_CHECKING:
    from ._app import Sandbox
    from ._http import Request

HELP = """\
Control, without a key; bodies and answers are JSON, and none of it is reached by faults or limits:

  GET    /_sandbox                  this text
  GET    /_sandbox/state            clock, account, counts of requests, billed starts, leaked keys
  GET    /_sandbox/requests         the last requests: method, operation, status (0: no answer)
  POST   /_sandbox/reset            forget everything
  POST   /_sandbox/restart          {"seconds": 5, "lose_state": true}: drop connections, refuse new ones
  POST   /_sandbox/clock            {"jump": 3600}: let the clock jump by seconds
  POST   /_sandbox/account          {"plan": "pro" | "no_add_on" | "free", "credits": 10 | null, "keys": ["…"]}
  GET    /_sandbox/limits           groups of requests, with the limit of each and what is used of it
  POST   /_sandbox/limits           {"limits": true | false | {"getFile": 100, "*": null}, "scale": 0.02,
                                     "window": 1.0, "reset": "epoch" | "seconds"}
  POST   /_sandbox/jobs             how the next jobs go, one or a list:
                                    {"status": "failed", "seconds": 3, "error": {"message": "…"},
                                     "attempts": 2, "null_url_seconds": 5}
  POST   /_sandbox/faults           one or a list, as below
  DELETE /_sandbox/faults           take them all back
  GET    /_sandbox/webhooks         messages that wait, and every try to deliver one
  POST   /_sandbox/webhooks/deliver deliver what is due now; a server does so by itself
  POST   /_sandbox/webhooks/faults  {"events": "*" | "…" | ["…"], "action": "drop" | "duplicate" | "delay" |
                                     "reorder", "seconds": 30} and when, as below
  DELETE /_sandbox/webhooks/faults  take them all back

A fault is {"operations": …, "action": {"type": …}} and when it fires. Operations: an operationId, storagePut,
storageGet, read, repeatable, once, storage, *, or a list. When: "nth": 3 or [1, 4], "times", "skip",
"probability", "seed". The types of action, with their fields:

  delay {"seconds": 5, "after": false}        wait before the call takes effect, or after it did
  refuse                                      refuse the connection
  drop {"when": "before" | "after"}           no answer; the call took no effect, or did
  reset {"after_bytes": 10} {"fraction": 0.5} break the body off
  drip {"bytes_per_second": 10}               send the body slowly
  chunked {"size": 1024}                      send it in chunks, without Content-Length
  status {"status": 503, "body": {…} | "<html>", "headers": {…}, "code": "…", "requirement": "…", "details": {…}}
  html {"status": 502}                        an error page, as a proxy gives
  truncate {"fraction": 0.5}                  cut JSON that looks complete
  invalid_json {"text": "…"}                  a body that is no JSON
  unknown_value {"field": "status", "value": "resting", "every": true}
  missing_field {"field": "…", "every": true}
  null_field {"field": "…", "every": true}
  expire_urls {"seconds": 0, "silent": false} signed URLs expire; a storage request is answered so itself
  clock_jump {"seconds": 3600}
  restart {"seconds": 5, "lose_state": false}

Short form: {"operation_id": "getMe", "status": 503, "times": 1, "skip": 0, "headers": {…}, "body": …,
"drop": "no" | "before" | "after"}; those of one operation come one after another.

A webhook endpoint's URL may be http:// on this machine; messages go to this machine only.
"""

Handler: TypeAlias = Callable[["Sandbox", Any], Awaitable[object]]
ROUTES: dict[tuple[str, str], Handler] = {}


def _at(method: str, path: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        ROUTES[method, path] = handler
        return handler

    return register


async def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer a request below /_sandbox; no key is needed."""
    path = "/".join(request.segments[1:])
    try:
        if (request.method, path) == ("GET", ""):
            return Answer(200, {"content-type": "text/plain; charset=utf-8"}, HELP.encode())
        if (request.method, path) not in ROUTES:
            raise ApiFault(404, "not_found", "There is nothing at this path: GET /_sandbox tells what is.")
        data = await request.body()
        shown = await ROUTES[request.method, path](sandbox, parse_json(data) if data else {})
    except ValueError as error:
        return json_answer(400, invalid(str(error)).body)
    except ApiFault as fault:
        return json_answer(fault.status, fault.body)
    return json_answer(200, {"ok": True} if shown is None else shown)


def _each(body: Any) -> list[Any]:
    return cast("list[Any]", body) if isinstance(body, list) else [body]


@_at("GET", "state")
async def _state(sandbox: Sandbox, _: Any) -> Json:
    return {
        "now": sandbox.now(),
        "plan": sandbox.plan,
        "credits": sandbox.credits,
        "billed": sandbox.billed,
        "counts": dict(sandbox.counts),
        "leaks": sandbox.leaks,
        "requests": len(sandbox.requests),
        "scripted": len(sandbox.state.scripts),
    }


@_at("GET", "requests")
async def _requests(sandbox: Sandbox, _: Any) -> Json:
    names = ("method", "operation", "status")
    return {"requests": [dict(zip(names, entry, strict=True)) for entry in sandbox.requests]}


@_at("POST", "reset")
async def _reset(sandbox: Sandbox, _: Any) -> None:
    sandbox.reset()


@dataclass(frozen=True, slots=True)
class _Restart:
    seconds: float = 0.0
    lose_state: bool = False


@_at("POST", "restart")
async def _restart(sandbox: Sandbox, body: Any) -> None:
    asked = read(_Restart, body)
    sandbox.restart(asked.seconds, lose_state=asked.lose_state)


@dataclass(frozen=True, slots=True)
class _Jump:
    jump: float


@_at("POST", "clock")
async def _clock(sandbox: Sandbox, body: Any) -> Json:
    sandbox.jump_clock(read(_Jump, body).jump)
    return {"now": sandbox.now()}


@dataclass(frozen=True, slots=True)
class _Account:
    plan: Literal["pro", "no_add_on", "free"] = "pro"
    credits: int | None = None
    keys: list[str] | None = None


@_at("POST", "account")
async def _account(sandbox: Sandbox, body: Any) -> None:
    asked = read(_Account, body)
    if "plan" in body:
        sandbox.plan = asked.plan
    if "credits" in body:
        sandbox.credits = asked.credits
    if asked.keys is not None:
        sandbox.keys.clear()
        sandbox.keys.update(asked.keys)


@dataclass(frozen=True, slots=True)
class _Limits:
    limits: bool | dict[str, int | None] = True
    scale: float = 1.0
    window: float = 3600.0
    reset: Literal["epoch", "seconds"] = "epoch"


@_at("GET", "limits")
async def _shown_limits(sandbox: Sandbox, _: Any) -> Json:
    return sandbox.limits.shown(sandbox.key, sandbox.now())


@_at("POST", "limits")
async def _set_limits(sandbox: Sandbox, body: Any) -> None:
    asked = read(_Limits, body)
    sandbox.set_rate_limits(asked.limits, scale=asked.scale, window=asked.window, reset=asked.reset)


@_at("POST", "jobs")
async def _jobs(sandbox: Sandbox, body: Any) -> None:
    sandbox.script_job(*[read(JobScript, item) for item in _each(body)])


@dataclass(frozen=True, slots=True)
class _ShortFault:
    operation_id: str
    times: int = 1
    skip: int = 0
    status: int = 503
    headers: dict[str, str] | None = None
    body: Json | str | None = None
    drop: Literal["no", "before", "after"] = "no"


@_at("POST", "faults")
async def _add_faults(sandbox: Sandbox, body: Any) -> None:
    for item in _each(body):
        if isinstance(item, dict) and "action" in item:
            sandbox.add_fault(_rule(cast("Json", item)))
        else:
            sandbox.fail_next(**asdict(read(_ShortFault, item)))


def _rule(fields: Json) -> FaultRule:
    return read(FaultRule, {**fields, "action": _action(fields["action"])})


def _action(fields: Any) -> Action:
    known = cast("Json", fields) if isinstance(fields, dict) else {}
    kind = str(known.get("type"))
    if kind not in ACTIONS:
        raise ValueError(f"action.type must be one of {', '.join(ACTIONS)}")
    return read(ACTIONS[kind], {name: value for name, value in known.items() if name != "type"})


@_at("DELETE", "faults")
async def _clear_faults(sandbox: Sandbox, _: Any) -> None:
    sandbox.clear_faults()


@_at("GET", "webhooks")
async def _webhooks(sandbox: Sandbox, _: Any) -> Json:
    waiting = [
        {"id": item.id, "event": item.event, "endpoint": item.endpoint, "attempt": item.attempt, "due": item.due}
        for item in sandbox.outbox.waiting
    ]
    return {"waiting": waiting, "deliveries": [asdict(item) for item in sandbox.deliveries]}


@_at("POST", "webhooks/deliver")
async def _deliver(sandbox: Sandbox, _: Any) -> Json:
    return {"deliveries": [asdict(item) for item in await sandbox.deliver_due()]}


@_at("POST", "webhooks/faults")
async def _add_webhook_faults(sandbox: Sandbox, body: Any) -> None:
    for item in _each(body):
        sandbox.add_webhook_fault(read(WebhookRule, item))


@_at("DELETE", "webhooks/faults")
async def _clear_webhook_faults(sandbox: Sandbox, _: Any) -> None:
    sandbox.clear_webhook_faults()
