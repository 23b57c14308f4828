"""The sandbox: an ASGI app, its state, and the knobs for tests."""

from __future__ import annotations

import time
import uuid
from collections import Counter, deque
from email.utils import formatdate
from typing import TYPE_CHECKING, Literal, cast

from . import (
    _assistants,
    _control,
    _entities,
    _files,
    _projects,
    _resources,
    _storage,
    _tools,
    _webhooks,
    _workflows,
)
from ._calls import HANDLERS, Call
from ._faults import Fault, Faults
from ._http import (
    Answer,
    ApiFault,
    ClientGone,
    ConnectionDropped,
    Request,
    invalid,
    json_answer,
)
from ._rules import check
from ._spec import load_spec, parse_json
from ._state import Settings, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._faults import Drop
    from ._http import Json, Receive, Scope, Send
    from ._jobs import JobScript
    from ._spec import Operation

DEFAULT_KEY = "sk_videogen_live_sandbox"
REQUEST_LOG = 10_000
# Importing these modules fills the handler table.
_MODULES = (
    _assistants,
    _entities,
    _files,
    _projects,
    _resources,
    _tools,
    _webhooks,
    _workflows,
)
# What is started or written by the API's own work is billed: every 202 start, and text.
_NOT_STARTS = frozenset({"cancelToolExecution", "cancelWorkflowRun"})


class Sandbox:
    """An ASGI app that answers as the VideoGen API does.

    `job_seconds` is how long jobs take, for all or per tool or workflow type (`default` for the
    rest; also EXPORT, TIMELINE_INTERCHANGE, ASSISTANT_MESSAGE, FILE_IMPORT and the remix action
    types). All that changes with time is computed from `clock()`, so a test may move it by hand.
    The same `seed` gives the same ids. `plan="free"` refuses what needs a paid plan.
    """

    def __init__(
        self,
        *,
        key: str = DEFAULT_KEY,
        job_seconds: float | Mapping[str, float] = 2.0,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
        url_seconds: float = 7 * 86400,
        file_seconds: float = 0.2,
        upload_seconds: float = 900,
        plan: Literal["pro", "free"] = "pro",
    ) -> None:
        self.key = key
        self._settings = Settings(key, job_seconds, clock, seed, url_seconds, file_seconds, upload_seconds, plan)
        self._spec = load_spec()
        self.reset()

    def reset(self) -> None:
        """Forget everything: records, counts, scripts and faults."""
        self.state = State(self._settings)
        self._faults = Faults()
        self.billed = 0
        self.leaks = 0
        self.counts: Counter[str] = Counter()
        self.requests: deque[tuple[str, str, int]] = deque(maxlen=REQUEST_LOG)

    def script_job(self, *outcomes: JobScript) -> None:
        """Say how the next started jobs shall go, in order.

        A workflow run takes one for itself, then one for each of its remix actions; its own export
        takes none. A remix takes one for each action.
        """
        self.state.scripts.extend(outcomes)

    def fail_next(
        self,
        operation_id: str,
        *,
        times: int = 1,
        skip: int = 0,
        status: int = 503,
        headers: Mapping[str, str] | None = None,
        body: Json | bytes | str | None = None,
        drop: Drop = "no",
    ) -> None:
        """Answer the next calls of an operation with a fault, before authentication.

        `skip` lets that many calls pass first. `drop="before"` closes the connection without an
        answer and without effect; `drop="after"` lets the call take effect and loses its answer.
        In process a drop raises ConnectionDropped out of the app. Storage requests go by the names
        `storagePut` and `storageGet`.

        Raises ValueError for an unknown operation.
        """
        if operation_id not in (*self._spec.operations, _storage.PUT, _storage.GET):
            raise ValueError(f"unknown operation: {operation_id}")
        self._faults.add(operation_id, Fault(times, skip, status, headers or {}, body, drop))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        if scope["type"] != "http":
            raise NotImplementedError("the sandbox serves HTTP only")
        request = Request(scope, receive)
        request_id = uuid.uuid4().hex
        try:
            answer = await self._answer(request)
            await request.drain()
        except ClientGone:
            return
        answer.headers.setdefault("date", formatdate(self.state.now(), usegmt=True))
        answer.headers.setdefault("x-request-id", f"req_{request_id}")
        await answer.deliver(request.receive, send, head=request.method == "HEAD")

    async def _answer(self, request: Request) -> Answer:
        match request.segments[:1]:
            case ["_sandbox"]:
                return await _control.respond(self, request)
            case ["_storage"]:
                self.leaks += "authorization" in request.headers
                name = _storage.operation_of(request.method)
                return await self._with_faults(request, name, None, {})
            case _:
                return await self._api(request)

    async def _api(self, request: Request) -> Answer:
        try:
            operation, values = self._spec.match(request.method, request.segments)
        except ApiFault as fault:
            self._log(request, request.raw_path, fault.status)
            return _refusal(fault)
        return await self._with_faults(request, operation.id, operation, values)

    async def _with_faults(
        self, request: Request, name: str, operation: Operation | None, values: dict[str, str]
    ) -> Answer:
        self.counts[name] += 1
        fault = self._faults.next(name)
        if fault and fault.drop != "after":
            await request.drain()
        if fault and fault.drop == "before":
            self._log(request, name, 0)
            raise ConnectionDropped("dropped before it took effect")
        if fault and fault.drop == "no":
            self._log(request, name, fault.status)
            return fault.answer()
        answer = await self._served(request, operation, values)
        self._log(request, name, 0 if fault else answer.status)
        if fault:
            raise ConnectionDropped("dropped after it took effect")
        return answer

    async def _served(self, request: Request, operation: Operation | None, values: dict[str, str]) -> Answer:
        if operation is None:
            return await _storage.respond(self.state, request)
        try:
            self._authenticate(request)
            call = await self._call(request, operation, values)
            body = await HANDLERS[operation.id](call)
        except ApiFault as fault:
            return _refusal(fault)
        if _is_billed(operation):
            self.billed += 1
        return json_answer(operation.success, body)

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ApiFault(401, "missing_api_key", "Send your API key as a bearer token.")
        if token.strip() != self.key:
            raise ApiFault(401, "invalid_api_key", "API key is invalid or has been revoked.")

    async def _call(self, request: Request, operation: Operation, values: dict[str, str]) -> Call:
        path = {item.name: str(item.read(values[item.name])) for item in operation.path_parameters}
        query = operation.read_query(request.query)
        raw = await self._body(request, operation)
        body = self._spec.known(operation.body, raw) if operation.body else {}
        call = Call(self.state, operation, path, query, body, raw, request.base, self.state.now())
        check(call)
        return call

    async def _body(self, request: Request, operation: Operation) -> Json:
        data = await request.body()
        if operation.body is None:
            return {}
        if not data and not operation.body_required:
            return {}
        value = _decoded(data, request.headers.get("content-type", ""))
        problem = self._spec.problem(operation.body, value)
        if problem or not isinstance(value, dict):
            raise invalid(f"The body is invalid at {problem or '$'}")
        return cast("Json", value)

    def _log(self, request: Request, name: str, status: int) -> None:
        self.requests.append((request.method, name, status))


def _decoded(data: bytes, content_type: str) -> object:
    mime = content_type.partition(";")[0].strip().lower()
    if data and mime != "application/json" and not mime.endswith("+json"):
        raise invalid("Send the body as application/json.")
    try:
        return parse_json(data)
    except ValueError as error:
        message = "The body is not valid JSON." if data else "A JSON body is needed."
        raise invalid(message) from error


def _refusal(fault: ApiFault) -> Answer:
    return json_answer(fault.status, fault.body, fault.headers)


def _is_billed(operation: Operation) -> bool:
    starts = operation.success == 202 and operation.id not in _NOT_STARTS
    return starts or operation.id == "generateText"
